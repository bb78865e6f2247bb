"""Pages of meetings: who may, the months that stand out, agenda, minutes, conclusions; the calendar without logging in."""

from __future__ import annotations

import html
import re
import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

import icalendar
import pytest

from app.clock import today
from app.domain import directives, meetings
from app.domain.access import PERMISSIONS
from app.domain.directives import DirectiveFilter, NewDirective
from app.models.identity import ROLES
from app.settings import settings
from app.views import meetings as pages
from tests.support.book import execute
from tests.support.databases import both_engines
from tests.support.doors import check_doors
from tests.support.meeting import DAY, board, called, held, member
from tests.support.pages import Visitor, hidden, links, words
from tests.support.statements import counted
from tests.support.world import World, actor, line, work

EVERYBODY = frozenset(ROLES)
KEEPERS, GIVERS = PERMISSIONS["meeting.edit"], PERMISSIONS["directive.give"]
TABLE: dict[str, frozenset[str]] = {
    "GET /meetings": EVERYBODY,
    "POST /meetings/plan": KEEPERS,
    "GET /meetings/new": KEEPERS,
    "POST /meetings/new": KEEPERS,
    "GET /meetings/{meeting_id}": EVERYBODY,
    "GET /meetings/{meeting_id}/edit": KEEPERS,
    "POST /meetings/{meeting_id}/edit": KEEPERS,
    "GET /meetings/{meeting_id}/agenda": KEEPERS,
    "POST /meetings/{meeting_id}/agenda": KEEPERS,
    "GET /meetings/{meeting_id}/minutes": KEEPERS,
    "POST /meetings/{meeting_id}/minutes": KEEPERS,
    "POST /meetings/{meeting_id}/cancel": KEEPERS,
    "POST /meetings/{meeting_id}/conclusions": GIVERS,
    "GET /calendar": EVERYBODY,
    "POST /calendar": EVERYBODY,
    "POST /calendar/{feed_id}/revoke": EVERYBODY,
}
MOST = 12  # statements of a page


@both_engines
def test_every_page_by_every_role(world: World) -> None:
    made = called()
    routers = [r for r in pages.routers if r is not pages.calendar.router]
    own = {name: roles for name, roles in TABLE.items() if "calendar" not in name}
    check_doors(
        routers, own, {"meeting_id": made.id}, elsewhere=lambda allowed: 404 if "accountant" in allowed else 403
    )  # fmt: skip
    assert Visitor.stranger().get("/meetings").headers["location"].startswith("/login?next=")
    for role in ROLES:
        assert Visitor.logged_in(role).get("/calendar").status_code == 200
    assert Visitor.stranger().get("/calendar").status_code == 303
    assert Visitor.logged_in("officer").send_form(f"/calendar/{uuid.uuid4()}/revoke").status_code == 404


def test_the_year_of_a_board_and_its_button(world: World) -> None:
    its = board(meeting_day=25, from_on=date(2023, 6, 1))
    line()  # the book's year is 2023
    officer = Visitor.logged_in("officer")
    page = officer.page("/meetings")
    assert "Tháng không họp Ban chỉ đạo các chương trình MTQG : tháng 6, 7, 8, 9, 10, 11, 12/2023" in words(
        page
    )
    assert (hidden(page, "committee_id"), hidden(page, "year")) == (str(its), "2023")
    for flash in (
        "Đã lập 7 cuộc họp thường kỳ năm 2023.",
        "Lịch họp năm 2023 đã lập từ trước, không có gì thêm.",
    ):
        sent = officer.send_form("/meetings/plan", committee_id=str(its), year="2023")
        assert (sent.status_code, sent.headers["location"]) == (303, "/meetings?year=2023")
        assert flash in words(officer.page("/meetings?year=2023"))
    (august,) = meetings.meetings(
        actor(), meetings.MeetingFilter(first=date(2023, 8, 1), last=date(2023, 8, 31))
    )
    meetings.record_minutes(actor("officer"), august.id, meetings.Minutes("Đã họp"))
    page = officer.page("/meetings?year=2023")
    assert "tháng 6, 7, 9, 10, 11, 12/2023" in words(page)
    assert 'aria-label="Tháng 8/2023: đã họp 25/08/2023"' in page
    assert 'aria-label="Tháng 9/2023: không họp, đã định ngày 25/09/2023"' in page
    assert "Tháng 5/2023: không phải họp" in page
    assert "Months without a meeting" in words(Visitor.logged_in("officer", "en").page("/meetings?year=2023"))
    (september,) = meetings.meetings(
        actor(), meetings.MeetingFilter(first=date(2023, 9, 1), last=date(2023, 9, 30))
    )
    late = meetings.Minutes("Đã họp", held_on=date(2023, 10, 3))
    meetings.record_minutes(actor("officer"), september.id, late)
    assert 'aria-label="Tháng 9/2023: họp muộn, ngày 03/10/2023"' in officer.page("/meetings?year=2023")
    none = board(meeting_day=None)
    refused = officer.send_form("/meetings/plan", committee_id=str(none), year="2023")
    assert refused.status_code == 303
    assert "Ban chưa có ngày họp thường kỳ" in words(officer.page("/meetings"))
    above = Visitor.logged_in("huyen").page("/meetings?year=2023")
    assert "Ban chỉ đạo các chương trình MTQG, Xã Sông Trà : tháng 6" in words(above)
    assert "/meetings/plan" not in above
    csv = officer.get("/meetings?year=2023&state=held&format=csv").text
    assert ("2023-08-25" in csv, "2023-09-25" in csv) == (True, False)


def test_the_dashboard_says_so(world: World) -> None:
    board(meeting_day=5, from_on=date(2023, 7, 1))
    line()
    officer = Visitor.logged_in("officer")
    said = words(officer.page("/dashboard?year=2023&as_of=2023-09-14"))
    assert "Tháng không họp Ban chỉ đạo các chương trình MTQG : tháng 7, 8, 9/2023" in said
    with counted() as statements:
        officer.page("/dashboard?year=2023&as_of=2023-09-14")
    assert len(statements) <= MOST
    for month in (7, 8, 9):
        held(
            meetings.overview(actor(), actor().unit_id, 2023, today())[1][0].committee_id,
            date(2023, month, 5),
        )
    assert "Tháng không họp" not in officer.page("/dashboard?year=2023&as_of=2023-09-14")


def test_called_moved_and_called_off(world: World) -> None:
    its = board()
    officer = Visitor.logged_in("officer")
    page = officer.page("/meetings/new")
    form = {
        "id": hidden(page, "id"), "committee_id": str(its), "date": "25/08/2023", "starts_at": "8h30",
        "place": "Hội trường", "title": "",
    }  # fmt: skip
    bad = officer.send_form("/meetings/new", **(form | {"starts_at": "sáng", "date": "01/01/2021"}))
    assert (bad.status_code, 'href="#f-starts_at"' in bad.text, "Hội trường" in bad.text) == (422, True, True)
    early = officer.send_form("/meetings/new", **(form | {"date": "01/01/2021"}))
    assert (early.status_code, 'href="#f-date"' in early.text) == (422, True)
    for _ in range(2):
        done = officer.send_form("/meetings/new", **form)
        assert (done.status_code, done.headers["location"]) == (303, f"/meetings/{form['id']}")
    path = done.headers["location"]
    page = officer.page(path)
    assert "8:30 25/08/2023 · Hội trường" in words(page)
    assert "chưa ghi biên bản" in words(page)
    edit = officer.page(f"{path}/edit")
    moved = {
        "version": hidden(edit, "version"),
        "date": "28/08/2023",
        "starts_at": "14",
        "place": "",
        "title": "Họp lại",
    }
    assert officer.send_form(f"{path}/edit", **moved).status_code == 303
    stale = officer.send_form(f"{path}/edit", **(moved | {"title": "Tên khác"}))
    assert (stale.status_code, "Tên khác" in stale.text, "14:00 28/08/2023" in words(stale.text)) == (
        409,
        True,
        True,
    )
    assert officer.send_form(f"{path}/cancel", reason="").status_code == 422
    assert officer.send_form(f"{path}/cancel", reason="Bão số 5").status_code == 303
    page = officer.page(path)
    assert "Lý do hủy: Bão số 5" in words(page)
    assert f"{path}/minutes" not in links(page)
    again = officer.send_form(f"{path}/cancel", reason="Khác")
    assert (again.status_code, "Cuộc họp đã hủy" in again.text) == (409, True)


def test_the_agenda_is_picked_ordered_and_typed(world: World) -> None:
    late = work(name="Đường Trà Huỳnh", planned_finish=date(2023, 8, 10))
    path = f"/meetings/{called().id}/agenda"
    officer = Visitor.logged_in("officer")
    page = officer.page(path)
    offer = f"offer:work:{late.id}"
    assert "Công trình Đường Trà Huỳnh chậm 15 ngày, khối lượng 0 %" in words(page)
    assert "Work Đường Trà Huỳnh is 15 days late" in words(Visitor.logged_in("officer", "en").page(path))
    typed = {
        "version": hidden(page, "version"),
        "rows": "2",
        "a0_text": "Khai mạc",
        "a1_text": "Bàn giải ngân",
    }
    grown = officer.send_form(path, **typed, **{offer: "1"}, more="1")
    assert grown.status_code == 200
    assert hidden(grown.text, "a2_subject") == f"work:{late.id}"
    assert ("Bàn giải ngân" in grown.text, offer in grown.text) == (True, False)
    assert meetings.whole(actor(), uuid.UUID(path.split("/")[2])).agenda == []
    sent = typed | {
        "rows": "4", "a0_place": "2", "a1_place": "3", "a2_place": "1", "a2_text": "Đường Trà Huỳnh chậm",
        "a2_subject": f"work:{late.id}", "a3_text": " ",
    }  # fmt: skip
    wrong = officer.send_form(path, **(sent | {"a0_text": "x" * 1001}))
    assert (wrong.status_code, 'href="#f-a0_text"' in wrong.text, "Đường Trà Huỳnh chậm" in wrong.text) == (
        422,
        True,
        True,
    )
    assert officer.send_form(path, **sent).status_code == 303
    agenda = meetings.whole(actor(), uuid.UUID(path.split("/")[2])).agenda
    assert [(i.text, i.subject_id) for i in agenda] == [
        ("Đường Trà Huỳnh chậm", late.id), ("Khai mạc", None), ("Bàn giải ngân", None)
    ]  # fmt: skip
    stale = officer.send_form(path, **(sent | {"a1_text": "Muộn rồi"}))
    assert (stale.status_code, "Muộn rồi" in stale.text, "Bản hiện tại" in words(stale.text)) == (
        409,
        True,
        True,
    )
    assert f"/works/{late.id}" in links(officer.page(path.removesuffix("/agenda")))


def test_minutes_once_then_conclusions_in_one_step(world: World) -> None:
    its = board()
    head, clerk = member(its, "Nguyễn Văn Trưởng", "head"), member(its, "Trần Thị Ký", "secretary")
    path = f"/meetings/{called(its).id}"
    officer = Visitor.logged_in("officer")
    page = officer.page(f"{path}/minutes")
    assert 'value="Nguyễn Văn Trưởng"' in page
    form = {
        "version": hidden(page, "version"), "held_on": "25/08/2023", "minutes_number": "08/BB-BCĐ", "chair": "",
        "secretary": "", "minutes": "Đã nghe báo cáo.\nThống nhất.", f"presence-{head}": "present",
        f"presence-{clerk}": "excused", f"stood_in-{clerk}": "Hồ Thị Thay",
    }  # fmt: skip
    future = officer.send_form(f"{path}/minutes", **(form | {"held_on": "01/01/2199"}))
    assert (future.status_code, 'href="#f-held_on"' in future.text, "Thống nhất." in future.text) == (
        422,
        True,
        True,
    )
    both = officer.send_form(f"{path}/minutes", **(form | {f"stood_in-{head}": "Ai đó"}))
    assert (both.status_code, f'href="#f-stood_in-{head}"' in both.text) == (422, True)
    for _ in range(2):  # the same again is the same answer
        assert officer.send_form(f"{path}/minutes", **form).headers["location"] == path
    other = officer.send_form(f"{path}/minutes", **(form | {"minutes": "Biên bản khác"}))
    assert other.status_code == 409
    assert "Cuộc họp ngày 25/08/2023 đã có biên bản" in words(other.text)
    assert "Biên bản khác" in other.text
    right = officer.page(f"{path}/minutes")
    mended = form | {"version": hidden(right, "version"), "right": "1", "minutes": "Đã nghe báo cáo, đã sửa."}
    assert officer.send_form(f"{path}/minutes", **mended).status_code == 303
    page = officer.page(path)
    said = words(page)
    assert "Đã nghe báo cáo, đã sửa." in said
    assert "Trần Thị Ký Vắng có lý do Thư ký · Hồ Thị Thay dự thay" in said
    assert {f"{path}/minutes.docx", f"{path}/minutes.pdf"} <= set(links(page))
    rows = {"rows": "3", **{f"k{i}_id": hidden(page, f"k{i}_id") for i in range(3)}}
    assert f'value="person:{clerk}"' in page
    rows |= {
        "k0_text": "Hoàn thành mặt bằng", "k0_assignee": f"person:{clerk}", "k0_due_on": "30/09/2023",
        "k2_text": "Báo cáo giải ngân", "k2_assignee": "unit:20770@legacy", "k2_due_on": "24/08/2023", "k2_priority": "1",
    }  # fmt: skip
    empty = officer.send_form(f"{path}/conclusions", rows="3", k0_id=rows["k0_id"])
    assert (empty.status_code, 'href="#f-k0_text"' in empty.text) == (422, True)
    bad = officer.send_form(f"{path}/conclusions", **rows)
    assert (bad.status_code, 'href="#f-k2_due_on"' in bad.text, "Hoàn thành mặt bằng" in bad.text) == (
        422,
        True,
        True,
    )
    assert directives.directives(actor(), DirectiveFilter()) == []
    more = officer.send_form(f"{path}/conclusions", **rows, more="1")
    assert (more.status_code, "k5_text" in more.text, "Báo cáo giải ngân" in more.text) == (200, True, True)
    for _ in range(2):
        sent = officer.send_form(f"{path}/conclusions", **(rows | {"k2_due_on": "30/09/2023"}))
        assert (sent.status_code, sent.headers["location"]) == (303, path)
    given = directives.directives(actor(), DirectiveFilter())
    assert {(d.text, d.assignee_name, d.priority) for d in given} == {
        ("Hoàn thành mặt bằng", "Trần Thị Ký", "normal"), ("Báo cáo giải ngân", "Xã Sông Trà", "urgent")
    }  # fmt: skip
    assert {f"/directives/{d.id}" for d in given} <= set(links(officer.page(path)))
    accountant = Visitor.logged_in("accountant").page(path)
    assert ("k0_text" in accountant, f"{path}/edit" in links(accountant)) == (False, True)
    assert f"{path}/edit" not in links(Visitor.logged_in("huyen").page(path))


def test_no_page_of_meetings_says_more_the_more_there_is(world: World) -> None:
    its = board()
    made = held(its)
    officer = Visitor.logged_in("officer")
    paths = (
        "/meetings?year=2023",
        f"/meetings/{made.id}",
        f"/meetings/{made.id}/minutes",
        "/meetings/new",
        "/calendar",
    )

    def said(path: str) -> int:
        officer.page(path)
        with counted() as statements:
            officer.page(path)
        return len(statements)

    few = {path: said(path) for path in paths}
    meetings.plan_ahead(actor("officer"), its, date(2023, 1, 1))
    meetings.plan_ahead(actor("officer"), board(kind="management"), date(2023, 1, 1))
    for name in ("A", "B", "C"):
        member(its, name)
    asked = [
        meetings.Conclusion(uuid.uuid4(), str(i), date(2023, 9, 30), "unit", unit_code="20770@legacy")
        for i in range(4)
    ]
    meetings.conclude(actor("officer"), made.id, asked)
    more = {path: said(path) for path in paths}
    assert {path: n for path, n in more.items() if n > MOST} == {}
    assert {path: (few[path], n) for path, n in more.items() if n > few[path] + (path == paths[1])} == {}


def feed(visitor: Visitor, name: str = "Điện thoại") -> str:
    """The path of a new calendar address, as the page tells it once."""
    made = visitor.send_form("/calendar", name=name)
    assert made.status_code == 201
    (address,) = re.findall(r'value="(http[^"]+\.ics)"', html.unescape(made.text))
    base = settings().public_url.rstrip("/")
    assert address.startswith(f"{base}/calendar/")
    assert address not in visitor.page("/calendar")
    return str(address.removeprefix(base))


def parsed(content: bytes) -> Any:
    """A calendar that keeps to RFC 5545 as far as it can be seen: no component with errors, what is required is there, lines
    end as they must and none is too long."""
    assert content.endswith(b"\r\n")
    assert all(len(row) <= 75 for row in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    calendar: Any
    (calendar,) = icalendar.Calendar.from_ical(content, multiple=True)
    assert (str(calendar["version"]), bool(str(calendar["prodid"]))) == ("2.0", True)
    uids = []
    for component in calendar.walk():
        assert component.errors == []
        if component.name in ("VEVENT", "VTODO"):
            uids.append(str(component["uid"]))
            assert {"DTSTAMP", "SUMMARY", "SEQUENCE"} <= set(component)
            assert component.name == "VTODO" or "DTSTART" in component
            assert component["dtstamp"].dt.utcoffset() == timedelta(0)
    assert len(uids) == len(set(uids))
    return calendar


def of(calendar: Any, uid: str) -> Any:
    (found,) = (c for c in calendar.walk() if str(c.get("uid", "")) == uid)
    return found


def test_the_calendar_is_read_without_logging_in_until_it_is_revoked(
    world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    officer, soon = Visitor.logged_in("officer"), today() + timedelta(days=10)
    its = board()
    at_eight = called(
        its, soon, starts_at=time(8, 0), place="Hội trường, tầng 2", title="Họp; bàn\\giải ngân, " + "ộ" * 80
    )
    whole_day, off = called(its, soon), called(its, soon)
    meetings.cancel(actor("officer"), off.id, "Mưa lũ")
    theirs = called(board("20773@legacy"), soon, who=actor("officer", "20773@legacy"))
    order = NewDirective(
        uuid.uuid4(), "Nộp báo cáo\nđúng hạn", "document", soon, "unit", unit_code="20770@legacy", document_number="1",
        source_on=DAY, priority="urgent",
    )  # fmt: skip
    directives.create(actor("leader"), order)
    path = feed(officer)
    phone = Visitor.stranger()
    answer = phone.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    calendar = parsed(answer.content)
    event = of(calendar, f"meeting-{at_eight.id}@so-mtqg")
    starts = event["dtstart"].dt
    assert starts == datetime(soon.year, soon.month, soon.day, 1, 0, tzinfo=starts.tzinfo)
    assert starts.utcoffset() == timedelta(0)
    assert (str(event["summary"]), str(event["location"])) == (at_eight.title, "Hội trường, tầng 2")
    assert (event["sequence"], str(event["status"])) == (1, "CONFIRMED")
    assert of(calendar, f"meeting-{whole_day.id}@so-mtqg")["dtstart"].dt == soon
    cancelled = of(calendar, f"meeting-{off.id}@so-mtqg")
    assert (str(cancelled["status"]), cancelled["sequence"]) == ("CANCELLED", 2)
    assert str(theirs.id) not in answer.text
    task = of(calendar, f"directive-{order.id}@so-mtqg")
    assert (task.name, str(task["summary"]), task["due"].dt, task["priority"]) == (
        "VTODO",
        order.text,
        soon,
        1,
    )
    assert of(calendar, f"directive-{order.id}-due@so-mtqg")["dtend"].dt == soon + timedelta(days=1)
    assert phone.get(path).content == answer.content
    assert phone.get(path, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    meetings.update(actor("officer"), at_eight.id, 1, {"starts_at": time(14, 0)})
    assert of(parsed(phone.get(path).content), f"meeting-{at_eight.id}@so-mtqg")["sequence"] == 2
    # Whatever the address, nothing of the secret goes to the log.
    secret = path.split("/")[-1].removesuffix(".ics")
    phone.get(f"/calendar/{secret}/x")
    phone.post(path)
    phone.request("PROPFIND", path)
    assert secret not in caplog.text + capsys.readouterr().err
    page = officer.page("/calendar")
    assert "Điện thoại" in page
    (revoke,) = re.findall(r'action="(/calendar/[0-9a-f-]{36}/revoke)"', page)
    assert Visitor.logged_in("leader").send_form(revoke).status_code == 404
    assert officer.send_form(revoke).status_code == 303
    gone = phone.get(path)
    assert gone.status_code == 410
    assert "không còn dùng" in gone.text
    assert "no longer in use" in gone.text
    unknown = phone.get("/calendar/khong-co.ics")
    assert (unknown.status_code, "Không có địa chỉ lịch này." in unknown.text) == (404, True)
    other = feed(officer)
    execute("UPDATE users SET disabled = true WHERE username = 'officer'")
    assert phone.get(other).status_code == 410
    tried = [Visitor.stranger().get(f"/calendar/{n}.ics").status_code for n in range(2)]
    assert tried == [404, 404]
    statuses = {phone.get(f"/calendar/{n}.ics").status_code for n in range(settings().login_per_minute + 1)}
    assert 429 in statuses


def test_what_a_form_of_addresses_refuses(world: World) -> None:
    officer = Visitor.logged_in("officer")
    assert officer.send_form("/calendar", name="x" * 121).status_code == 422
    for _ in range(5):
        feed(officer, "")
    full = officer.send_form("/calendar", name="nữa")
    assert (full.status_code, "Đã có 5 địa chỉ lịch" in full.text) == (422, True)
    assert Visitor.stranger().post("/calendar", data={"name": "x"}).status_code in (303, 403)
