"""The main job on a phone: a line gets its money, an advance is paid, recovered and paid on; with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from app.domain.ledger.verify import verify
from tests.support.browser import Visits, accessibility_faults, scrolls_sideways
from tests.support.databases import Database, Databases
from tests.support.world import populate


@pytest.fixture
def served(databases: Databases) -> Iterator[Database]:
    """The small world behind the server."""
    with databases.fresh("sqlite", populate) as fresh:
        yield fresh


def make_line(page: Page) -> str:
    """A new line for GNBV.2 in 2023; its address."""
    page.goto("/ledger/lines/new")
    page.fill("[name=year]", "2023")
    page.select_option("[name=project_code]", "GNBV.2")
    page.select_option("[name=source]", "central")
    page.check("[name=capital_kind][value=recurrent]")
    page.click("main .press button")
    expect(page.locator(".flash")).to_contain_text("Đã lập dòng vốn")
    return page.url


def fill(page: Page, line: str, kind: str, amount: str, day: str) -> None:
    page.goto(f"{line}".replace("/ledger/lines/", "/ledger/record?line="))
    page.check(f"[name=kind][value={kind}]")
    page.fill("[name=amount]", amount)
    page.fill("[name=number]", f"{kind}/2023")
    page.fill("[name=effective_date]", day)
    page.fill("[name=issuer]", "Kho bạc Nhà nước")


def record(maker: Page, checker: Page, line: str, kind: str, amount: str, day: str) -> None:
    """One person records, another posts with one tap."""
    fill(maker, line, kind, amount, day)
    maker.click("main .press button")
    expect(maker.locator(".flash")).to_contain_text("chờ người khác duyệt")
    checker.goto("/ledger/proposals")
    checker.get_by_role("button", name="Duyệt", exact=True).click()
    expect(checker.locator(".flash")).to_contain_text("Đã duyệt, đã ghi sổ")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
def test_from_allocation_to_payment(open_page: Visits, javascript: bool) -> None:
    accountant = open_page.as_user("accountant", javascript=javascript)
    leader = open_page.as_user("leader", javascript=javascript)
    line = make_line(accountant)
    record(accountant, leader, line, "allocate", "1.000.000.000", "05/01/2023")
    record(accountant, leader, line, "advance", "300 triệu", "01/03/2023")
    record(accountant, leader, line, "recover", "300.000.000", "01/05/2023")
    record(accountant, leader, line, "pay", "200.000.000", "01/06/2023")

    accountant.goto(line)
    expect(accountant.locator(".big-n").first).to_contain_text("500 triệu đồng còn lại trong 1 tỷ đồng")
    expect(accountant.locator("#bang tbody tr")).to_have_count(4)

    fill(accountant, line, "pay", "500.000.001", "02/06/2023")
    accountant.fill("[name=memo]", "Bò sinh sản đợt 2")
    accountant.click("main .press button")
    refusal = "Ghi 500.000.001 đ nhưng ngày 02/06/2023 chỉ còn 500.000.000 đ (thiếu 1 đ)."
    expect(accountant.locator(".faults")).to_contain_text(refusal)
    expect(accountant.locator("#e-amount")).to_contain_text(refusal)
    expect(accountant.locator("[name=amount]")).to_have_value("500.000.001")
    expect(accountant.locator("[name=memo]")).to_have_value("Bò sinh sản đợt 2")
    expect(accountant.locator("#w-amount")).to_have_text("Năm trăm triệu không trăm linh một đồng")
    assert verify() is None


def test_the_check_answers_before_anything_is_sent(open_page: Visits) -> None:
    accountant = open_page.as_user("accountant", javascript=True)
    leader = open_page.as_user("leader", javascript=True)
    line = make_line(accountant)
    record(accountant, leader, line, "allocate", "420.000.000", "05/01/2023")
    fill(accountant, line, "pay", "1", "01/06/2023")
    checked: list[str] = []
    accountant.on("request", lambda request: checked.append(request.url))
    accountant.fill("[name=amount]", "500.000.000")
    expect(accountant.locator("#outcome .err")).to_contain_text("chỉ còn 420.000.000 đ (thiếu 80.000.000 đ)")
    accountant.fill("[name=amount]", "120 triệu")
    expect(accountant.locator("#outcome")).to_contain_text("còn lại 300.000.000 đ; trước đó 420.000.000 đ")
    expect(accountant.locator("#outcome .money .paid")).to_have_count(1)
    expect(accountant.locator("#w-amount")).to_have_text("Một trăm hai mươi triệu đồng")
    assert any("/ledger/check?" in url for url in checked)
    assert not any("csrf" in url for url in checked)  # addresses are kept in logs


def test_what_was_typed_is_still_there_after_the_page_was_left(open_page: Visits) -> None:
    officer = open_page.as_user("officer", javascript=True)
    line = make_line(officer)
    fill(officer, line, "allocate", "75.000.000", "05/01/2023")
    expect(officer.locator("[data-draft-note]")).to_be_visible()
    officer.goto("/ledger")
    officer.goto(line.replace("/ledger/lines/", "/ledger/record?line="))
    expect(officer.locator("[name=amount]")).to_have_value("75.000.000")
    expect(officer.locator("[name=number]")).to_have_value("allocate/2023")


def test_what_an_officer_proposes_an_accountant_posts(open_page: Visits) -> None:
    officer = open_page.as_user("officer", javascript=True)
    line = make_line(officer)
    fill(officer, line, "allocate", "10.000.000", "05/01/2023")
    expect(officer.locator("main .press button")).to_have_text("Ghi, chờ duyệt")
    officer.click("main .press button")
    expect(officer.locator("main .tag").first).to_have_text("Chờ duyệt")
    entry = officer.url
    accountant = open_page.as_user("accountant", javascript=True)
    accountant.goto(entry)
    expect(accountant.locator("main")).to_contain_text("Nếu duyệt: còn 10.000.000 đ")
    accountant.get_by_role("button", name="Duyệt, ghi sổ").click()
    expect(accountant.locator(".flash")).to_contain_text("Đã duyệt, đã ghi sổ")
    officer.goto(line)
    expect(officer.locator(".big-n").first).to_contain_text("10 triệu đồng")


def test_the_pages_are_clean(open_page: Visits) -> None:
    """axe finds nothing, nothing is wider than the phone, nothing asks another host (the fixture sees to that)."""
    accountant = open_page.as_user("accountant", javascript=True)
    leader = open_page.as_user("leader", javascript=True)
    line = make_line(accountant)
    record(accountant, leader, line, "allocate", "420.000.000", "05/01/2023")
    fill(accountant, line, "pay", "1.000.000", "01/06/2023")
    accountant.click("main .press button")
    expect(accountant.locator(".flash")).to_be_visible()
    entry = accountant.url
    pages = (
        "/ledger?year=2023", line, line.replace("/ledger/lines/", "/ledger/record?line="), entry, f"{entry}/reverse",
        "/ledger/record", "/ledger/entries?year=2023", "/ledger/proposals", "/ledger/batch?year=2023",
        "/ledger/open-year", "/ledger/periods", "/ledger/deadlines", "/works", "/works/new", "/search?q=tra",
        f"{line}/edit", f"{line}/distribute",
    )  # fmt: skip
    for path in pages:
        accountant.goto(path)
        assert accessibility_faults(accountant) == [], path
        assert not scrolls_sideways(accountant), path


def test_slash_opens_the_search_which_finds_while_one_types(open_page: Visits) -> None:
    officer = open_page.as_user("officer", javascript=True)
    line = make_line(officer)
    officer.goto("/search")
    officer.fill("#f-search", "giam ngheo 2023")
    expect(officer.locator("#found a.what").first).to_have_attribute("href", line[line.index("/ledger") :])
