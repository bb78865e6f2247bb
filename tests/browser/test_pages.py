"""The pages as people see them: axe finds nothing, nothing scrolls sideways, no other host is asked."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

import pytest

from app.domain import directives, meetings
from app.domain.directives import NewDirective
from app.domain.ledger.posting import record
from tests.support import world as w
from tests.support.browser import DESKTOP, PHONE, Scheme, Visits, accessibility_faults, scrolls_sideways
from tests.support.databases import Database, Databases
from tests.support.meeting import MINUTES, board, member
from tests.support.world import MILLION, PASSWORD

PAGES = (
    "/", "/dashboard?year=2023", "/programs?year=2023", "/programs/GNBV.1", "/reports", "/reports/disbursement?year=2023",
    "/units/20770@legacy", "/units/search?q=tra", "/account", "/more", "/admin", "/admin/parameters", "/admin/units",
    "/criteria/sets", "/criteria/sets/NTM-XA-2021-2025", "/criteria/sets/NTM-XA-2021-2025/indicators/2.1",
    "/criteria/sets/NTM-XA-2021-2025/changes?from=NTM-XA-2021-2025&all=1",
    "/meetings?year=2023", "/meetings/new", f"/meetings/{uuid.UUID(int=8)}", f"/meetings/{uuid.UUID(int=9)}/agenda",
    f"/meetings/{uuid.UUID(int=9)}/minutes", f"/meetings/{uuid.UUID(int=9)}/edit", "/calendar",
    "/directives", "/directives/new", f"/directives/{uuid.UUID(int=7)}", "/inbox",
)  # fmt: skip
ADMIN_PAGES = (
    "/admin/users", "/admin/users/new", "/admin/clients", "/admin/sessions", "/admin/audit", "/admin/parameters/1",
    "/programs/GNBV", "/programs/new", "/criteria/sets/new", "/criteria/sets/NTM-XA-2021-2025/indicators/2.1",
)  # fmt: skip
VIEWS = (
    (PHONE, "light", "vi-VN"),
    (PHONE, "dark", "en-GB"),
    (DESKTOP, "light", "en-GB"),
    (DESKTOP, "dark", "vi-VN"),
)


def kept() -> None:
    """The small world with some money, a slip that waits and a work that is late."""
    w.populate()
    work = w.work(planned_finish=date(2023, 8, 1))
    for more in (
        {},
        {"project_code": "NTM.2", "source": "provincial"},
        {"project_code": "DTTS.4.1", "work_id": work.id},
    ):
        line = w.line(**more)
        w.post(line.id, "allocate", 600 * MILLION, "2023-01-10")
    first = w.line(source="commune")
    w.post(first.id, "allocate", 90 * MILLION, "2023-01-10")
    w.post(first.id, "pay", 40 * MILLION, "2023-03-01")
    new = NewDirective(
        uuid.UUID(int=7), "Họp hằng tháng", "document", date(2023, 12, 31), "unit", unit_code="20770@legacy",
        document_number="26/BC-ĐKT", source_on=date(2023, 9, 14), quote="Ban chỉ đạo họp hằng tháng",
    )  # fmt: skip
    directives.create(w.actor("reviewer", "512@legacy"), new)
    directives.report(w.actor("officer"), new.id, "Đã họp đủ")
    its = board()
    member(its, "Nguyễn Văn Trưởng", "head")
    for number in (8, 9):
        called = meetings.NewMeeting(uuid.UUID(int=number), its, date(2023, 8, 25))
        meetings.create(w.actor("officer"), called)
    meetings.record_minutes(w.actor("officer"), uuid.UUID(int=8), MINUTES)
    record(w.actor("officer"), w.entry(first.id, "pay", 5 * MILLION, "2023-04-01", id=uuid.uuid4()))


@pytest.fixture
def served(databases: Databases) -> Iterator[Database]:
    with databases.fresh("sqlite", kept) as fresh:
        yield fresh


@pytest.mark.parametrize(("width", "scheme", "locale"), VIEWS)
def test_every_page_is_sound(open_page: Visits, width: int, scheme: Scheme, locale: str) -> None:
    found = {}
    readers: list[tuple[str, tuple[str, ...]]] = [("leader", PAGES)]
    if (width == PHONE) == (
        scheme == "light"
    ):  # administration in two of the four views: it is built of the same parts
        readers.append(("quantri", ADMIN_PAGES))
    for username, paths in readers:
        page = open_page("/login", width=width, scheme=scheme, locale=locale)
        door = accessibility_faults(page)
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(f"{open_page.base}/")
        for path in paths:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            faults = [*accessibility_faults(page), *(["scrolls sideways"] if scrolls_sideways(page) else [])]
            if faults or door:
                found[path] = [*door, *faults]
    assert found == {}


def test_logging_in_works_without_scripts(open_page: Visits) -> None:
    page = open_page("/dashboard?year=2023", javascript=False)
    page.fill("[name=username]", "leader")
    page.fill("[name=password]", "Sai-mat-khau-1")
    page.click("button[type=submit]")
    assert page.input_value("[name=username]") == "leader"
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    assert page.url.endswith("/dashboard?year=2023")
    page.click("details.choose summary")
    page.fill("[name=as_of]", "01/02/2023")
    page.click("details.choose button[type=submit]")
    assert "01/02/2023" in page.inner_text(".head .sub")


def test_a_wrong_password_is_told_in_place(open_page: Visits) -> None:
    page = open_page("/login")
    page.fill("[name=username]", "leader")
    page.fill("[name=password]", "Sai-mat-khau-1")
    page.click("button[type=submit]")
    page.wait_for_selector("[role=alert]")
    assert page.input_value("[name=username]") == "leader"


def test_a_unit_is_picked_as_one_types(open_page: Visits) -> None:
    page = open_page("/login")
    page.fill("[name=username]", "huyen")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(f"{open_page.base}/")
    page.goto("/dashboard?year=2023")
    page.click("details.choose summary")
    page.fill("[name=unit_find]", "song tra")
    page.wait_for_selector("input[name=unit][value='20770@legacy']:checked")
    page.click("details.choose button[type=submit]")
    page.wait_for_selector("h1:has-text('Xã Sông Trà')")
