"""Households in Chromium: recorded, reviewed on a phone, a table from preview to register; with and without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page, expect

from app.domain import households
from app.domain.households import MemberView
from tests.support.browser import DESKTOP, PHONE, Scheme, Visits, check_page
from tests.support.databases import Database, Databases
from tests.support.folk import found, household, of_years
from tests.support.world import actor, populate

TABLE = (
    "Chủ hộ;Thôn;Năm sinh;Năm;Diện\r\nLê Thị Hoa;Trà Sơn;1990;2023;hộ nghèo\r\nHồ Văn Tư;Trà Sai;1980;;\r\n"
)


@pytest.fixture
def served(databases: Databases) -> Iterator[Database]:
    """The small world behind the server."""
    with databases.fresh("sqlite", populate) as fresh:
        yield fresh


def sound(page: Page, javascript: bool) -> None:
    if javascript:  # which looking at the page needs too
        check_page(page)


@pytest.mark.parametrize(("width", "javascript"), [(PHONE, True), (DESKTOP, True), (PHONE, False)])
def test_a_household_is_recorded_reviewed_and_joined_by_a_table(
    open_page: Visits, width: int, javascript: bool
) -> None:
    page = open_page.as_user("officer", width=width, javascript=javascript)
    page.goto("/households")
    page.get_by_role("link", name="Thêm hộ").click()
    page.get_by_label("Chủ hộ").fill("Hồ Văn Minh")
    page.get_by_label("Năm sinh").fill("80")
    page.get_by_label("Thôn").select_option(label="Thôn Trà Sơn")
    page.get_by_label("Thành viên").fill("Hồ Thị Lan (1985, vợ)\nHồ Văn Tí (2010, con)")
    page.get_by_label("Diện", exact=False).select_option(label="hộ nghèo")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator(".faults")).to_contain_text("Năm sinh")
    sound(page, javascript)
    expect(page.get_by_label("Thành viên")).to_have_value("Hồ Thị Lan (1985, vợ)\nHồ Văn Tí (2010, con)")
    page.get_by_label("Năm sinh").fill("1980")
    page.locator("[name=year]").fill("2023")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator(".flash")).to_contain_text("Đã ghi hộ 01.001")
    sound(page, javascript)

    page.goto("/households/review?hamlet=20770.01&year=2024")
    expect(page.get_by_role("radio", name="hộ nghèo", exact=True)).to_be_checked()
    page.get_by_text("hộ mới thoát nghèo").click()
    sound(page, javascript)
    page.get_by_role("button", name="Ghi cả thôn").click()
    expect(page.locator(".flash")).to_contain_text("Đã ghi diện năm 2024: 1 hộ")

    page.goto("/households/import")
    sound(page, javascript)
    page.get_by_label("Tệp Excel").set_input_files(
        FilePayload(name="ho.csv", mimeType="text/csv", buffer=TABLE.encode())
    )
    page.get_by_role("button", name="Xem trước").click()
    expect(page.locator("section.missing")).to_contain_text("Dòng 3, cột Thôn: Không có thôn Trà Sai")
    sound(page, javascript)
    page.get_by_role("button", name="Ghi 1 hộ").click()
    expect(page.locator(".faults")).to_contain_text("Còn dòng lỗi")
    page.locator("[name=how][value=good]").check()
    page.get_by_role("button", name="Ghi 1 hộ").click()
    expect(page.locator(".flash")).to_contain_text("Đã thêm 1 hộ")
    [first, hoa] = found()
    assert [(s.year, s.status) for s in first.statuses] == [(2023, "poor"), (2024, "escaped")]
    assert hoa.head_name == "Lê Thị Hoa"


@pytest.mark.parametrize(
    ("width", "scheme", "lang"), [(PHONE, "light", "vi"), (PHONE, "dark", "en"), (DESKTOP, "dark", "vi"), (DESKTOP, "light", "en")]
)  # fmt: skip
def test_every_page_is_sound(open_page: Visits, width: int, scheme: Scheme, lang: str) -> None:
    wife = (MemberView("Hồ Thị Lan", 1985, "vợ"),)
    one = household(statuses=of_years(y2022="poor", y2023="escaped"), members=wife)
    household(statuses=of_years(y2023="near_poor"))
    gone = household(head_name="Lê Văn Tư", statuses=of_years(y2022="poor"))
    households.merge(actor("officer"), gone.id, one.id)
    page = open_page.as_user("officer", width=width, scheme=scheme)
    page.goto(f"/language/{lang}")
    for path in (
        "/households", "/households/duplicates", "/households/flow?year=2023", "/households/retention",
        "/households/new", f"/households/{one.id}", f"/households/{one.id}/edit", f"/households/{one.id}/own-data",
        f"/households/{gone.id}", "/households/review?hamlet=20770.01&year=2024", "/households/import",
    ):  # fmt: skip
        page.goto(path)
        check_page(page)
