"""Boards in Chromium: appointed, assigned and handed over on a phone, with scripts and without; every page sound."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from app.domain import agencies
from app.domain.agencies import NewAgency
from tests.support.browser import DESKTOP, PHONE, Scheme, Visits, check_page
from tests.support.databases import Database, Databases
from tests.support.steering import assigned, board, member
from tests.support.world import actor, populate, work


@pytest.fixture
def served(databases: Databases) -> Iterator[Database]:
    """The small world behind the server."""
    with databases.fresh("sqlite", populate) as fresh:
        yield fresh


@pytest.mark.parametrize("javascript", [True, False])
def test_a_member_is_appointed_assigned_and_leaves_on_a_phone(
    served: Database, open_page: Visits, javascript: bool
) -> None:
    made = board()
    page = open_page.as_user("officer", javascript=javascript)
    page.goto(f"/committees/{made.id}")
    page.get_by_role("link", name="Thêm thành viên").first.click()
    page.get_by_label("Họ và tên").fill("Phan Thị Lan")
    page.get_by_label("Từ ngày").fill("01/01/2023")
    page.get_by_role("button", name="Thêm, rồi thêm người khác").click()
    expect(page.get_by_role("alert")).to_contain_text("Không trước ngày 10/01/2023 thành lập ban.")
    expect(page.get_by_label("Họ và tên")).to_have_value("Phan Thị Lan")
    page.get_by_label("Từ ngày").fill("10/01/2023")
    page.get_by_role("button", name="Thêm, rồi thêm người khác").click()
    expect(page.locator("#notices")).to_contain_text("Đã thêm thành viên")
    page.get_by_label("Họ và tên").fill("Hồ Văn Tám")
    page.get_by_text("Thành viên ban", exact=True).click()
    page.get_by_role("button", name="Thêm, rồi phân công").click()
    page.get_by_text("Thôn Trà Sơn").click()
    page.get_by_role("button", name="Ghi phân công").click()
    gaps = page.get_by_role("region", name="Chưa ai phụ trách")
    expect(gaps).to_contain_text("Thôn Trà Huỳnh")
    expect(gaps).not_to_contain_text("Thôn Trà Sơn")
    page.get_by_role("link", name="Thôi tham gia Hồ Văn Tám").click()
    page.get_by_label("Thôn Trà Sơn").select_option(label="Phan Thị Lan, trưởng ban")
    page.get_by_role("button", name="Ghi thôi tham gia, bàn giao").click()
    expect(page.locator("#notices")).to_contain_text("Đã ghi thôi tham gia, bàn giao")
    if javascript:  # axe looks at a page by script
        check_page(page)


@pytest.mark.parametrize(
    ("width", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")]
)
def test_every_page_is_sound(served: Database, open_page: Visits, width: int, scheme: Scheme) -> None:
    made = board()
    head, work_id = member(made, role="head", username="leader"), str(work().id)
    given = assigned(head, "work", work_id)
    front = agencies.create(actor("officer"), NewAgency(uuid.uuid4(), "20770@legacy", "Mặt trận xã"))[0]
    officer, this = open_page.as_user("officer", width=width, scheme=scheme), f"/committees/{made.id}"
    for path in (
        "/committees", "/committees/new", this, f"{this}/edit", f"{this}/renew", f"{this}/gaps", f"{this}/members/new",
        *(f"{this}/members/{head.id}/{page}" for page in ("edit", "assign", "leave")),
        f"{this}/assignments/{given.id}/end", "/agencies", f"/agencies/{front.id}/edit",
        f"/agencies/{front.id}/charges/new",
    ):  # fmt: skip
        officer.goto(path)
        officer.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true })")
        check_page(officer)
