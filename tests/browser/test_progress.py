"""Progress from the field, in Chromium: the form of a phone with a photo, the place of the device, the S-curve."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Geolocation, expect

from app.domain.works import WorkView, progress, progress_editing
from app.domain.works.progress_editing import NewReport
from tests.support.browser import DESKTOP, PHONE, Visits, check_page
from tests.support.databases import Database, Databases
from tests.support.papers import photo
from tests.support.world import actor, populate, work

SONG_TRA: Geolocation = {"latitude": 15.528712, "longitude": 108.02634, "accuracy": 12.4}
SECONDS = 60  # within which somebody at the site has reported


@pytest.fixture
def served(databases: Databases) -> Iterator[Database]:
    """The small world behind the server."""
    with databases.fresh("sqlite", populate) as fresh:
        yield fresh


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "hiện trường.jpg"
    path.write_bytes(photo())
    return path


@pytest.fixture
def its(served: Database) -> WorkView:
    """A work that was reported on once."""
    made = work(planned_start=date(2023, 3, 1), planned_finish=date(2023, 11, 30))
    progress_editing.create(actor(), NewReport(uuid.uuid4(), made.id, date(2023, 4, 30), 40))
    return made


def test_a_report_with_a_photo_and_its_place_is_made_within_a_minute(
    open_page: Visits, its: WorkView, picture: Path
) -> None:
    page = open_page.as_user("officer")
    begun = time.monotonic()
    page.goto(f"/works/{its.id}")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(SONG_TRA)
    page.locator(".head").get_by_role("link", name="Báo cáo tiến độ").click()
    expect(page.get_by_text("Lần trước, 30/04/2023: 40 %")).to_be_visible()
    page.get_by_label("Khối lượng đã làm").fill("62")
    page.set_input_files("[name=files]", picture)
    page.get_by_role("button", name="Lấy vị trí của máy này").click()
    expect(page.locator("[data-place-said]")).to_have_text("đã lấy vị trí, sai số khoảng 13 m")
    expect(page.locator("[data-upload-list] li.done")).to_have_count(1, timeout=20_000)
    page.get_by_role("button", name="Ghi báo cáo").click()
    expect(page.locator(".flash")).to_contain_text("Đã ghi báo cáo tiến độ")
    assert time.monotonic() - begun < SECONDS
    (made, _) = progress.reports(actor(), its.id, newest_first=True)
    assert (made.physical_percent, made.lat, made.lon) == (62, 15.528712, 108.02634)
    assert [f.name for _, f in made.photos] == ["hiện trường.jpg"]
    expect(page.locator(".lead")).to_contain_text("Khối lượng 62 %, kế hoạch 100 %: chậm 38 điểm")
    expect(page.locator(".thumb img")).to_have_js_property("complete", True)
    check_page(page)


def test_what_is_typed_stays_on_the_device_until_it_is_sent(open_page: Visits, its: WorkView) -> None:
    page = open_page.as_user("officer")
    page.goto(f"/works/{its.id}/progress/new")
    check_page(page)
    page.get_by_label("Khối lượng đã làm").fill("39")
    page.get_by_label("Ghi chú").fill("Đang xây tường")
    expect(page.locator("[data-draft-note]")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Khối lượng đã làm")).to_have_value("39")
    page.get_by_label("Ghi chú").fill("")
    page.get_by_role("button", name="Ghi báo cáo").click()
    expect(page.locator(".faults")).to_contain_text("thấp hơn báo cáo ngày 30/04/2023 là 40 %")
    check_page(page)
    expect(page.get_by_label("Khối lượng đã làm")).to_have_value("39")
    page.get_by_label("Ghi chú").fill("Đo lại")
    page.get_by_role("button", name="Ghi báo cáo").click()
    expect(page.locator(".flash")).to_be_visible()


def test_a_place_that_is_refused_leaves_the_form_as_it_is(open_page: Visits, its: WorkView) -> None:
    page = open_page.as_user("officer")
    page.goto(f"/works/{its.id}/progress/new")
    page.get_by_role("button", name="Lấy vị trí của máy này").click()
    expect(page.locator("[data-place-said]")).to_contain_text("chưa lấy được vị trí")
    expect(page.get_by_role("button", name="Lấy vị trí của máy này")).to_be_enabled()
    expect(page.locator("[name=lat]")).to_have_value("")


def test_without_script_the_photo_goes_with_the_form(open_page: Visits, its: WorkView, picture: Path) -> None:
    page = open_page.as_user("officer", javascript=False)
    page.goto(f"/works/{its.id}/progress/new")
    expect(page.get_by_role("button", name="Lấy vị trí của máy này")).to_be_hidden()
    page.get_by_label("Khối lượng đã làm").fill("45")
    page.set_input_files("[name=files]", picture)
    page.locator("summary", has_text="Thêm giá trị nghiệm thu").click()
    page.get_by_label("Vĩ độ").fill("15,5287")
    page.get_by_label("Kinh độ").fill("108,0263")
    page.get_by_role("button", name="Ghi báo cáo").click()
    expect(page.locator(".flash")).to_contain_text("Đã ghi báo cáo tiến độ")
    newest = progress.reports(actor(), its.id, newest_first=True)[0]
    assert (newest.physical_percent, newest.lat, len(newest.photos)) == (45, 15.5287, 1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_pages_hold_at_every_width(open_page: Visits, its: WorkView, width: int, scheme: str) -> None:
    page = open_page.as_user("officer", width=width)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in ("", "/progress", "/progress/milestones", "/progress/new"):
        page.goto(f"/works/{its.id}{path}")
        check_page(page)
    page.goto(f"/works/{its.id}/progress")
    page.locator("summary", has_text="Bảng số liệu").click()
    expect(page.locator("details[open] table")).to_contain_text("40,0 %")
    check_page(page)
