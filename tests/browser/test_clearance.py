"""Site clearance in Chromium: begin, plan, a household, a table from preview to the book; with and without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page, expect

from app.domain.works import clearance
from tests.support.browser import DESKTOP, PHONE, Visits, check_page
from tests.support.databases import Database, Databases
from tests.support.land import found
from tests.support.world import MILLION, actor, populate, work

TABLE = "Mã hộ;Chủ hộ;Bồi thường phải trả (đồng)\r\nH01;Hồ Văn Minh;12 triệu\r\nH02;Lê Thị Hoa;x\r\n"


@pytest.fixture
def served(databases: Databases) -> Iterator[Database]:
    """The small world behind the server."""
    with databases.fresh("sqlite", populate) as fresh:
        yield fresh


def sound(page: Page, javascript: bool) -> None:
    if javascript:  # which looking at the page needs too
        check_page(page)


@pytest.mark.parametrize(("width", "javascript"), [(PHONE, True), (DESKTOP, True), (PHONE, False)])
def test_land_is_cleared_from_the_first_button_to_the_last(
    open_page: Visits, width: int, javascript: bool
) -> None:
    its = work(procedure="special")
    page = open_page.as_user("officer", width=width, javascript=javascript)
    place = f"/works/{its.id}/clearance"
    page.goto(place)
    page.get_by_role("button", name="Bắt đầu giải phóng mặt bằng").click()
    expect(page.locator(".steps li")).to_have_count(7)
    page.get_by_text("Ghi phương án bồi thường").click()
    page.get_by_label("Tổng phương án được duyệt").fill("20 triệu")
    page.get_by_role("button", name="Ghi phương án", exact=True).click()
    expect(page.locator(".flash")).to_contain_text("Đã ghi phương án bồi thường")
    sound(page, javascript)

    page.get_by_role("link", name="Thêm hộ").click()
    page.get_by_label("Mã hộ").fill("H01")
    page.get_by_label("Chủ hộ").fill("Hồ Văn Minh")
    page.get_by_label("Diện tích (m²)").fill("1.250,5")
    page.get_by_label("Bồi thường phải trả").fill("25 triệu")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator(".faults")).to_contain_text("vượt phương án 20.000.000 đ")
    sound(page, javascript)
    expect(page.get_by_label("Diện tích (m²)")).to_have_value("1.250,5")
    page.get_by_label("Bồi thường phải trả").fill("10 triệu")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator(".flash")).to_contain_text("Đã ghi hộ H01")

    page.get_by_role("link", name="Nhập từ bảng").click()
    sound(page, javascript)
    file: FilePayload = {"name": "ho.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    page.set_input_files("[type=file]", files=[file])
    page.get_by_role("button", name="Xem trước").click()
    expect(page.locator(".missing")).to_contain_text("Dòng 3, cột Bồi thường phải trả (đồng)")
    page.get_by_role("button", name="Ghi 1 hộ").click()
    expect(page.locator(".faults")).to_contain_text("Còn dòng lỗi")
    sound(page, javascript)
    page.get_by_label("Chỉ ghi các dòng đúng").check()
    page.get_by_role("button", name="Ghi 1 hộ").click()
    expect(page.locator(".flash")).to_contain_text("sửa 1 hộ; bỏ qua 1 dòng lỗi")
    assert [(h.code, h.area_dm2, h.compensation_due) for h in found(its.id)] == [
        ("H01", 125_050, 12 * MILLION)
    ]

    page.get_by_role("button", name="Bàn giao hôm nay").click()
    expect(page.locator(".missing")).to_contain_text("Đã bàn giao khi chưa được chi trả đủ")
    sound(page, javascript)
    assert clearance.get(actor(), its.id).figures.handed_over == 1
