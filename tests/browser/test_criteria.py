"""Criteria in Chromium: assessed indicator by indicator on a phone, with scripts and without; every page sound."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from app.domain.tasks import NewTask
from tests.support.assessing import aim, assess, meet
from tests.support.browser import DESKTOP, PHONE, Scheme, Visits, check_page
from tests.support.databases import Database, Databases
from tests.support.world import populate, work

SIX = "/criteria/6?unit=20770@legacy"


@pytest.fixture
def served(databases: Databases) -> Iterator[Database]:
    """The small world behind the server."""
    with databases.fresh("sqlite", populate) as fresh:
        yield fresh


@pytest.mark.parametrize("javascript", [True, False])
def test_a_criterion_is_assessed_on_a_phone_one_indicator_after_another(
    served: Database, open_page: Visits, javascript: bool
) -> None:
    page = open_page.as_user("officer", javascript=javascript)
    page.goto(SIX)
    first = page.locator("#i-6-1")
    first.locator("summary", has_text="Ghi đánh giá").click()
    first.get_by_text("Đạt", exact=True).click()
    first.get_by_role("button", name="Ghi", exact=True).click()
    page.wait_for_url("**#i-6-2")
    expect(page.locator("#notices")).to_contain_text("Đã ghi 6.1: đạt")
    third = page.locator("#i-6-3")
    third.locator("summary", has_text="Ghi đánh giá").click()
    third.get_by_label("Giá trị (%)").fill("120")
    third.get_by_label("Ghi chú").fill("Theo báo cáo thôn")
    third.get_by_role("button", name="Ghi", exact=True).click()
    expect(third.get_by_role("alert")).to_contain_text("Tỷ lệ từ 0 đến 100 %.")
    expect(third.get_by_label("Ghi chú")).to_have_value("Theo báo cáo thôn")
    third.get_by_label("Giá trị (%)").fill("100")
    third.get_by_role("button", name="Ghi", exact=True).click()
    page.wait_for_url("**#i-6-1")
    expect(page.locator("main")).to_contain_text("2/3 chỉ tiêu đạt")


@pytest.mark.parametrize(
    ("width", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")]
)
def test_every_page_is_sound(served: Database, open_page: Visits, width: int, scheme: Scheme) -> None:
    meet(1, 5, 7, on=date(2023, 3, 1))
    made = assess("5.1", date(2023, 8, 1), value=Decimal(10))
    target = aim(
        6, tasks=(NewTask("Xây nhà văn hóa", work_id=work().id, due_on=date(2023, 6, 1)), NewTask("Xong"))
    )
    officer = open_page.as_user("officer", width=width, scheme=scheme)
    for path in (
        "/criteria?as_of=2023-09-14", "/criteria", SIX, "/criteria/5?unit=20770@legacy&as_of=2023-09-14", "/assessments",
        f"/assessments/{made.id}", "/targets", "/targets/new", f"/targets/{target.id}", f"/targets/{target.id}/edit",
        "/criteria?unit=20770.01@legacy", "/dashboard?year=2023&as_of=2023-09-14",
    ):  # fmt: skip
        officer.goto(path)
        officer.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true })")
        check_page(officer)
    district = open_page.as_user("huyen", width=width, scheme=scheme)
    for path in ("/criteria?unit=512@legacy&as_of=2023-09-14", f"/assessments/{made.id}", "/targets"):
        district.goto(path)
        check_page(district)
