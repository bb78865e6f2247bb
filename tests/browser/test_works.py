"""A work's procedure in Chromium: the timeline, a step refused and done, groundbreaking barred and overridden."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.domain.works import WorkView, editing, step_editing, steps
from tests.support.browser import DESKTOP, PHONE, Scheme, Visits, check_page
from tests.support.databases import Database, Databases
from tests.support.papers import photo
from tests.support.procedure import done, step
from tests.support.world import actor, populate, work

LAST_DUE = date(2023, 3, 1)


@pytest.fixture
def served(databases: Databases) -> Iterator[Database]:
    """The small world behind the server."""
    with databases.fresh("sqlite", populate) as fresh:
        yield fresh


@pytest.fixture
def its(served: Database) -> WorkView:
    """A work of the special mechanism: one step done, one waived, one late."""
    made = work(procedure="special")
    done(made.id, "list", date(2023, 2, 10))
    second, third = (s for s in steps.steps(actor(), made.id) if s.position in (2, 3))
    waived = {"status": "waived", "reason": "Không áp dụng cho công trình này"}
    step_editing.update(actor(), made.id, second.id, second.version, waived)
    step_editing.update(actor(), made.id, third.id, third.version, {"due_on": LAST_DUE})
    return made


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_timeline_tells_every_state_in_words(
    open_page: Visits, its: WorkView, width: int, scheme: Scheme
) -> None:
    page = open_page.as_user("officer", width=width, scheme=scheme)
    page.goto(f"/works/{its.id}")
    check_page(page)
    page.goto(f"/works/{its.id}/steps")
    check_page(page)
    shown = page.locator(".steps li")
    expect(shown).to_have_count(len(steps.steps(actor(), its.id)))
    for n, state in enumerate(("xong", "không áp dụng", "chậm")):
        expect(shown.nth(n).get_by_role("img", name=state, exact=True)).to_be_visible()
    expect(shown.nth(0)).to_contain_text("10/02/2023")
    shown.nth(2).get_by_role("link").first.click()
    page.wait_for_url("**/steps/*")
    check_page(page)


@pytest.mark.parametrize("tab", ["steps", "clearance", "settlement"])
def test_the_tab_one_is_on_is_in_sight_on_a_phone(open_page: Visits, its: WorkView, tab: str) -> None:
    page = open_page.as_user("officer", width=PHONE)
    page.goto(f"/works/{its.id}/{tab}")
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_step_is_refused_without_its_paper_and_done_with_it(
    open_page: Visits, its: WorkView, tmp_path: Path, javascript: bool
) -> None:
    scan = tmp_path / "biên bản.jpg"
    scan.write_bytes(photo())
    page = open_page.as_user("officer", javascript=javascript)
    late = next(s for s in steps.steps(actor(), its.id) if s.position == 3)
    place = f"/works/{its.id}/steps/{late.id}"
    page.goto(place)
    page.get_by_text("Đã xong", exact=True).click()
    page.get_by_label("Ngày xong").fill("15/03/2023")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator(".faults")).to_contain_text("còn thiếu văn bản")
    expect(page.get_by_label("Ngày xong")).to_have_value("15/03/2023")

    page.goto(place)
    page.locator(".lacks a").first.click()
    page.get_by_label("Số, ký hiệu").fill("7/BB-UBND")
    page.get_by_label("Ngày văn bản").fill("14/03/2023")
    page.get_by_label("Nơi ban hành").fill("UBND xã Sông Trà")
    page.set_input_files("input[type=file]", str(scan))
    page.get_by_role("button", name="Ghi văn bản").click()
    page.wait_for_url(f"**{place}")
    expect(page.get_by_role("link", name="7/BB-UBND")).to_be_visible()
    expect(page.locator(".flash")).to_be_visible()

    page.get_by_text("Đã xong", exact=True).click()
    page.get_by_label("Ngày xong").fill("31/02/2023")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator(".faults")).to_contain_text("Không phải ngày")
    expect(page.locator(".flash")).to_have_count(0)
    page.get_by_label("Ngày xong").fill("15/03/2023")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator(".flash")).to_contain_text("Đã ghi bước thủ tục")
    assert step(its.id, late.code).done_on == date(2023, 3, 15)


@pytest.mark.parametrize("javascript", [True, False])
def test_groundbreaking_is_barred_by_name_and_a_leader_gives_a_reason(
    open_page: Visits, its: WorkView, javascript: bool
) -> None:
    page = open_page.as_user("officer", javascript=javascript)
    page.goto(f"/works/{its.id}/stage")
    page.get_by_text("Thi công", exact=True).click()
    page.get_by_role("button", name="Chuyển giai đoạn").click()
    expect(page.locator(".faults")).to_contain_text("Còn thiếu")
    leader = open_page.as_user("leader", width=DESKTOP, javascript=javascript)
    leader.goto(f"/works/{its.id}/stage")
    if javascript:
        check_page(leader)
    leader.get_by_text("Thi công", exact=True).click()
    leader.get_by_role("button", name="Chuyển giai đoạn").click()
    expect(leader.locator(".faults")).to_contain_text("Ghi lý do nếu vẫn chuyển khi còn thiếu")
    leader.get_by_label("Lý do vẫn chuyển").fill("Làm kè trước mùa mưa")
    leader.get_by_role("button", name="Chuyển giai đoạn").click()
    leader.wait_for_url(f"**/works/{its.id}")
    expect(leader.get_by_text("Làm kè trước mùa mưa")).to_be_visible()
    if javascript:
        check_page(leader)


@pytest.mark.parametrize("javascript", [True, False])
def test_who_saves_over_somebody_elses_change_sees_it_and_keeps_what_was_typed(
    open_page: Visits, its: WorkView, javascript: bool
) -> None:
    page = open_page.as_user("officer", javascript=javascript)
    page.goto(f"/works/{its.id}/edit")
    editing.update(actor(), its.id, its.version, {"name": "Tên người khác vừa sửa"})
    page.get_by_label("Tên", exact=False).first.fill("Tên tôi gõ")
    page.get_by_role("button", name="Lưu").click()
    newer = page.get_by_role("region", name="Bản hiện tại")
    expect(newer).to_contain_text("Tên người khác vừa sửa")
    expect(page.get_by_label("Tên", exact=False).first).to_have_value("Tên tôi gõ")
    page.get_by_role("button", name="Lưu").click()
    page.wait_for_url(f"**/works/{its.id}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tên tôi gõ")
