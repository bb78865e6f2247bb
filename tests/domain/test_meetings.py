"""Meetings of boards: by rule and called, agendas from the books, minutes once, conclusions as directives, calendars."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import db
from app.clock import today
from app.domain import directives, meetings, obstacles, works
from app.domain.access import Actor
from app.domain.directives import DirectiveFilter, NewDirective
from app.domain.meetings import AgendaView, Conclusion, MeetingFilter, Minutes, NewMeeting, Tick, feeds
from app.errors import Forbidden, IdTaken, Invalid, NotFound, RuleBroken, Stale
from tests.support.assessing import aim
from tests.support.book import execute, fails, freeze, state
from tests.support.meeting import BEGUN, DAY, MINUTES, TABLES, board, called, held, member
from tests.support.planning import plan
from tests.support.world import MILLION, World, actor, line, post, work

OFFICER, LEADER = "officer", "leader"
YEAR = date(2023, 1, 1)


def gone_wrong(kind: type[Exception], field: str | None = None, **facts: Any) -> Any:
    """A refusal that leaves nothing behind."""
    return fails(kind, field, of=TABLES, **facts)  # type: ignore[arg-type]


def months(committee_id: uuid.UUID) -> list[tuple[date | None, date, str]]:
    wanted = MeetingFilter(committee_id=committee_id)
    found = meetings.meetings(actor("reviewer", "512@legacy"), wanted, by_day=True, limit=100)
    return [(m.month, m.date, m.state) for m in reversed(found)]


def test_regular_meetings_are_generated_once(world: World) -> None:
    its = board(meeting_day=5, from_on=date(2023, 2, 6), to_on=date(2023, 11, 5))
    made, new = meetings.plan_ahead(actor(OFFICER), its, YEAR)
    # The board stood from after February's day until November's.
    assert [m.date for m in made] == [date(2023, n, 5) for n in range(3, 12)]
    assert (new, {m.month for m in made}) == (9, {date(2023, n, 1) for n in range(3, 12)})
    assert made[0].title == "Họp thường kỳ tháng 3/2023 của Ban chỉ đạo các chương trình MTQG"
    moved = meetings.update(actor(OFFICER), made[3].id, made[3].version, {"date": date(2023, 7, 2)})
    meetings.cancel(actor(LEADER), made[4].id, "Mưa lũ")
    before = state("meetings", "audit_rows")
    again, new = meetings.plan_ahead(actor(LEADER), its, YEAR)
    assert ([m.id for m in again], new, state("meetings", "audit_rows")) == ([m.id for m in made], 0, before)
    assert (moved.month, moved.date) == (date(2023, 6, 1), date(2023, 7, 2))
    assert [(m, s) for m, _, s in months(its)][4] == (date(2023, 7, 1), "cancelled")
    # A second row of one month is barred by the database itself.
    with pytest.raises(sa.exc.IntegrityError):
        execute("UPDATE meetings SET month = '2023-03-01' WHERE month = '2023-04-01'")
    with gone_wrong(RuleBroken, rule="no_meeting_day"):
        meetings.plan_ahead(actor(OFFICER), board(meeting_day=None), YEAR)


def test_the_year_to_come_and_every_board(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, date(2023, 9, 14))
    its, theirs = board(meeting_day=10), board("20773@legacy", meeting_day=20)
    board("20776@legacy", to_on=date(2023, 9, 1))
    made, _ = meetings.plan_ahead(actor(OFFICER), its)
    assert (made[0].date, made[-1].date, len(made)) == (date(2023, 10, 10), date(2024, 9, 10), 12)
    late, _ = meetings.plan_ahead(actor(OFFICER), board(meeting_day=28), date(2023, 8, 31))
    assert (late[0].date, late[-1].date, len(late)) == (date(2023, 9, 28), date(2024, 8, 28), 12)
    assert meetings.plan_all(actor("administrator", "VN@legacy")) == 12
    assert meetings.plan_all(actor("administrator", "VN@legacy")) == 0
    assert months(theirs)[0] == (date(2023, 9, 1), date(2023, 9, 20), "planned")


def test_a_meeting_is_called_moved_and_called_off(world: World) -> None:
    its = board(to_on=date(2024, 12, 31))
    new = NewMeeting(
        uuid.uuid4(), its, DAY, time(8, 0), "Hội trường UBND xã", agenda=(AgendaView("Vốn 2023"),)
    )
    made, fresh = meetings.create(actor(OFFICER), new)
    assert (made.title, made.month, made.state, fresh) == (
        "Họp của Ban chỉ đạo các chương trình MTQG", None, "planned", True
    )  # fmt: skip
    assert meetings.create(actor(LEADER), new) == (made, False)
    with gone_wrong(IdTaken):
        meetings.create(actor(OFFICER), replace(new, place="Nơi khác"))
    for day in (BEGUN - timedelta(days=1), date(2025, 1, 1)):
        with gone_wrong(Invalid, "date"):
            meetings.create(actor(OFFICER), replace(new, id=uuid.uuid4(), date=day))
    with gone_wrong(NotFound, "committee_id"):
        meetings.create(actor(OFFICER), replace(new, id=uuid.uuid4(), committee_id=board("20773@legacy")))
    with gone_wrong(RuleBroken, rule="own_meeting", asked="create", held="own"):
        meetings.create(actor("client:write", "512@legacy"), replace(new, id=uuid.uuid4()))
    moved = meetings.update(actor(OFFICER), made.id, 1, {"date": date(2023, 9, 1), "place": "Nhà văn hóa"})
    assert (moved.date, moved.place, moved.version) == (date(2023, 9, 1), "Nhà văn hóa", 2)
    with gone_wrong(Stale):
        meetings.update(actor(OFFICER), made.id, 1, {"place": "x"})
    with gone_wrong(RuleBroken, rule="meeting_state", asked="minutes", held="planned"):
        meetings.update(actor(OFFICER), made.id, 2, {"minutes": "x"})
    with gone_wrong(Invalid, "reason"):
        meetings.cancel(actor(OFFICER), made.id, " ")
    off = meetings.cancel(actor(OFFICER), made.id, "Bão số 5")
    assert (off.state, off.cancelled_reason) == ("cancelled", "Bão số 5")
    assert meetings.cancel(actor(OFFICER), made.id, "Bão số 5") == off
    acts: tuple[Callable[[], object], ...] = (
        lambda: meetings.cancel(actor(OFFICER), made.id, "Lý do khác"),
        lambda: meetings.update(actor(OFFICER), made.id, off.version, {"date": DAY}),
        lambda: meetings.record_minutes(actor(OFFICER), made.id, MINUTES),
        lambda: meetings.fill(actor(OFFICER), made.id),
    )
    for act in acts:
        with gone_wrong(RuleBroken, rule="meeting_state", held="cancelled"):
            act()


def busy() -> tuple[works.WorkView, uuid.UUID]:
    """A late work with an obstacle and money at risk; (the work, its line)."""
    late = work(name="Đường Trà Huỳnh", planned_finish=date(2023, 8, 10))
    money = line(project_code="DTTS.4.1", capital_kind="investment", work_id=late.id)
    post(money.id, "allocate", 100 * MILLION, "2023-01-05")
    new = obstacles.NewObstacle(uuid.uuid4(), "work", late.id, "Ba hộ chưa nhận tiền", "land", raised_on=DAY)
    obstacles.create(actor(OFFICER), new)
    return late, money.id


def test_the_agenda_is_filled_from_the_books_and_keeps_what_was_typed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze(monkeypatch, date(2023, 9, 14))
    late, money = busy()
    target = aim(6, due_on=date(2023, 9, 10))
    order = NewDirective(
        uuid.uuid4(), "Nộp hồ sơ quyết toán", "document", date(2023, 8, 20), "unit", unit_code="20770@legacy",
        document_number="15/CV", source_on=date(2023, 8, 1),
    )  # fmt: skip
    directives.create(actor(LEADER), order)
    made = called(agenda=(AgendaView("Khai mạc"), AgendaView("Bàn riêng", "work", late.id)))
    found = {offer.kind: offer for offer in meetings.offered(actor(OFFICER), made.id)}
    assert found.keys() == {"directive", "work", "line", "target", "obstacle"}
    assert found["work"].item() == AgendaView(
        "Công trình Đường Trà Huỳnh chậm 15 ngày, khối lượng 0 %", "work", late.id
    )
    assert found["directive"].item().text == "Nhiệm vụ quá hạn 20/08/2023: Nộp hồ sơ quyết toán (Xã Sông Trà)"
    assert (
        found["line"].item().text.startswith("Vốn DTTS.4.1, Đường Trà Huỳnh: còn 100.000.000 đ, nguy cơ mất")
    )
    assert found["target"].id == target.id
    picked = meetings.fill(actor(OFFICER), made.id, [("line", money)])
    assert picked.version == made.version + 1
    with gone_wrong(NotFound, "subjects"):
        meetings.fill(actor(OFFICER), made.id, [("line", uuid.uuid4())])
    filled = meetings.fill(actor(OFFICER), made.id)
    agenda = meetings.whole(actor(), made.id).agenda
    assert [item.text for item in agenda[:2]] == ["Khai mạc", "Bàn riêng"]
    assert [item.subject_kind for item in agenda[1:]] == ["work", "line", "directive", "target", "obstacle"]
    assert meetings.fill(actor(OFFICER), made.id) == filled
    ordered = [AgendaView("Việc khác"), *reversed(agenda[3:])]
    meetings.update(actor(OFFICER), made.id, filled.version, {"agenda": ordered})
    assert meetings.whole(actor(), made.id).agenda == ordered
    for item, kind, field in (
        (AgendaView(" "), Invalid, "agenda.0.text"),
        (AgendaView("x", "household", late.id), Invalid, "agenda.0.subject"),
        (AgendaView("x", "work", uuid.uuid4()), NotFound, "agenda.0.subject"),
    ):
        with gone_wrong(kind, field):
            meetings.update(actor(OFFICER), made.id, filled.version + 1, {"agenda": [item]})
    with gone_wrong(RuleBroken, rule="own_meeting", asked="fill"):
        meetings.fill(actor("client:write", "512@legacy"), made.id)


def test_a_board_of_one_program_is_offered_what_is_of_it(world: World) -> None:
    busy()
    with db.transaction() as session:
        rural = session.execute(sa.text("SELECT id FROM programs WHERE code = 'NTM'")).scalar_one()
    made = called(board(programs=(rural,)))
    assert {offer.kind for offer in meetings.offered(actor(OFFICER), made.id)} == {"obstacle"}
    late = work(name="Đường Trà Sơn", project_code="NTM.2", planned_finish=date(2023, 8, 20))
    waits = plan(year=2023, program_code="NTM")
    for number in range(41):  # of another program, before them
        work(name=f"Nhà văn hóa {number}", planned_finish=date(2023, 8, 1))
        plan(year=2024 + number, program_code="DTTS")
    found = [(offer.kind, offer.id) for offer in meetings.offered(actor(OFFICER), made.id)]
    assert found[:1] + found[-1:] == [("work", late.id), ("plan", waits.id)]
    assert len(found) == 3


def test_minutes_are_recorded_once_with_who_came(world: World) -> None:
    its = board()
    head = member(its, "Nguyễn Văn Trưởng", "head")
    clerk = member(its, "Trần Thị Ký", "secretary")
    left = member(its, "Lê Đã Nghỉ", to_on=date(2023, 8, 1))
    other = member(board(kind="management"), "Người Ban Khác")
    made = called(its)
    assert [(s.person, s.presence) for s in meetings.whole(actor(), made.id).seats] == [
        ("Nguyễn Văn Trưởng", None), ("Trần Thị Ký", None)
    ]  # fmt: skip
    ticks = (Tick(head, "present"), Tick(clerk, "excused", "Hồ Thị Thay"))
    asked = replace(MINUTES, attendance=ticks)
    wrong: list[tuple[Minutes, type[Exception], str]] = [
        (replace(asked, text=" "), Invalid, "minutes"),
        (replace(asked, held_on=today() + timedelta(days=1)), Invalid, "held_on"),
        (replace(asked, held_on=date(2021, 1, 1)), Invalid, "held_on"),
        (replace(asked, attendance=(Tick(left, "present"),)), Invalid, "attendance.0.member_id"),
        (replace(asked, attendance=(Tick(other, "present"),)), NotFound, "attendance.0.member_id"),
        (replace(asked, attendance=(ticks[0], ticks[0])), Invalid, "attendance.1.member_id"),
        (replace(asked, attendance=(Tick(head, "present", "Ai đó"),)), Invalid, "attendance.0.stood_in"),
    ]
    for minutes, kind, field in wrong:
        with gone_wrong(kind, field):
            meetings.record_minutes(actor(OFFICER), made.id, minutes)
    done = meetings.record_minutes(actor(OFFICER), made.id, asked)
    assert (done.state, done.minutes, done.chair, done.secretary, done.present) == (
        "held", MINUTES.text, "Nguyễn Văn Trưởng", "Trần Thị Ký", 1
    )  # fmt: skip
    before = state(*TABLES)
    assert meetings.record_minutes(actor(LEADER), made.id, asked) == done
    assert meetings.record_minutes(actor(LEADER), made.id, MINUTES) == done
    assert state(*TABLES) == before
    for minutes in (
        replace(asked, text="Biên bản khác"), replace(asked, number="09/BB-BCĐ"), replace(asked, attendance=ticks[:1]),
        replace(asked, held_on=date(2023, 8, 24)), replace(asked, chair="Người khác"),
    ):  # fmt: skip
        with gone_wrong(RuleBroken, rule="minutes_recorded", held="08/BB-BCĐ", on=DAY):
            meetings.record_minutes(actor(OFFICER), made.id, minutes)
    with gone_wrong(RuleBroken, rule="meeting_state", asked="date", held="held"):
        meetings.update(actor(OFFICER), made.id, done.version, {"date": DAY - timedelta(days=1)})
    better = meetings.update(
        actor(LEADER), made.id, done.version, {"minutes": "Đã sửa", "attendance": [Tick(head, "absent")]}
    )
    assert (better.minutes, better.present, better.version) == ("Đã sửa", 0, done.version + 1)
    audited = state("audit_rows")["audit_rows"]
    assert any("meeting.update" in row and MINUTES.text in str(row) for row in audited)
    with gone_wrong(Stale):
        meetings.update(actor(LEADER), made.id, done.version, {"minutes": "Muộn"})
    with gone_wrong(RuleBroken, rule="meeting_state", asked="cancel"):
        meetings.cancel(actor(LEADER), made.id, "x")


def test_conclusions_are_directives_all_or_none(world: World) -> None:
    its = board()
    clerk = member(its, "Trần Thị Ký", "secretary")
    planned, done = called(its), held(its)
    due = date(2023, 9, 30)
    asked = [
        Conclusion(uuid.uuid4(), "Hoàn thành mặt bằng", due, "person", clerk),
        Conclusion(uuid.uuid4(), "Báo cáo giải ngân", due, "unit", unit_code="20770.01@legacy"),
        Conclusion(uuid.uuid4(), "Rà soát tiêu chí 6", due, "board", its, priority="urgent"),
    ]
    with gone_wrong(RuleBroken, rule="meeting_state", asked="conclude", held="planned"):
        meetings.conclude(actor(OFFICER), planned.id, asked)
    for bad, kind, field in (
        (replace(asked[1], due_on=DAY - timedelta(days=1)), Invalid, "conclusions.1.due_on"),
        (replace(asked[1], text=""), Invalid, "conclusions.1.text"),
        (replace(asked[1], unit_code="20773@legacy"), NotFound, "conclusions.1.assignee.unit_code"),
        (
            replace(asked[1], assignee_kind="agency", assignee_id=uuid.uuid4()),
            NotFound,
            "conclusions.1.assignee.id",
        ),
    ):
        with gone_wrong(kind, field):
            meetings.conclude(actor(OFFICER), done.id, [asked[0], bad, asked[2]])
    with gone_wrong(Invalid, "conclusions"):
        meetings.conclude(actor(OFFICER), done.id, [])
    given = meetings.conclude(actor(OFFICER), done.id, asked)
    assert [(d.text, d.source_id, d.source_on, d.assignee_name) for d in given] == [
        ("Hoàn thành mặt bằng", done.id, DAY, "Trần Thị Ký"),
        ("Báo cáo giải ngân", done.id, DAY, "Thôn Trà Sơn"),
        ("Rà soát tiêu chí 6", done.id, DAY, "Ban chỉ đạo các chương trình MTQG"),
    ]
    before = state(*TABLES)
    assert meetings.conclude(actor(OFFICER), done.id, asked) == given
    assert state(*TABLES) == before
    whole = meetings.whole(actor(), done.id)
    assert (set(whole.conclusions), whole.meeting.concluded) == ({c.id for c in asked}, 3)
    assert whole.meeting.version > done.version, "they are part of the meeting"
    changed = MeetingFilter(updated_since=done.updated_at + timedelta(microseconds=1))
    assert [m.id for m in meetings.meetings(actor(), changed)] == [done.id]
    found = directives.directives(actor(), DirectiveFilter(source=("meeting", done.id)))
    assert {d.id for d in found} == {c.id for c in asked}
    with gone_wrong(RuleBroken, rule="own_meeting", asked="conclude"):
        meetings.conclude(actor("reviewer", "512@legacy"), done.id, asked)
    with gone_wrong(Forbidden):
        meetings.conclude(actor("accountant"), done.id, asked)


def missed(on: date, unit: str = "20770@legacy", who: Actor | None = None) -> list[tuple[str, list[int]]]:
    """(the unit, months of the boards that missed theirs) by a day, as the dashboard and the year's view say alike."""
    reader = who or actor()
    with db.snapshot() as session:
        unit_id = actor("officer", unit).unit_id
        found, number = meetings.without(session, reader, unit_id, on)
        years = [b for of in (on.year, on.year - 1) for b in meetings.year(session, reader, unit_id, of, on)]
    assert number == sum(len(w.months) for w in found)
    seen = {
        (b.committee_id, m.month)
        for b in years
        for m in b.months
        if m.state == "missed" and (on - m.month).days < 365
    }
    assert {(w.committee_id, m) for w in found for m in w.months} == seen
    return [(w.unit_name, [m.month for m in w.months]) for w in found]


def test_months_without_a_meeting_stand_out(world: World) -> None:
    its = board(meeting_day=25, from_on=date(2023, 3, 26))
    made, _ = meetings.plan_ahead(actor(OFFICER), its, YEAR)
    by_month = {m.month.month: m for m in made if m.month}
    meetings.record_minutes(actor(OFFICER), by_month[4].id, MINUTES)
    held(its, date(2023, 5, 30))  # one that was called counts for its month
    meetings.cancel(actor(OFFICER), by_month[6].id, "Mưa lũ")
    late = replace(MINUTES, held_on=date(2023, 8, 3))
    meetings.record_minutes(actor(OFFICER), by_month[7].id, late)  # July's, held in August
    # The board stood from after March's day; nothing was due before, and nothing is missed on the day itself.
    assert missed(date(2023, 4, 25)) == []
    assert missed(date(2023, 6, 25)) == []
    assert missed(date(2023, 6, 26)) == [("Xã Sông Trà", [6])]
    assert missed(date(2023, 7, 31)) == [("Xã Sông Trà", [6])]  # July's stood ahead, on 3 August
    assert missed(date(2023, 8, 2)) == [("Xã Sông Trà", [6, 7])]
    assert missed(date(2023, 8, 20)) == [("Xã Sông Trà", [6])]
    assert missed(date(2023, 9, 14)) == [("Xã Sông Trà", [6])]  # they met in August: July's
    moved = by_month[9]
    meetings.update(actor(OFFICER), moved.id, moved.version, {"date": date(2023, 9, 29)})
    assert missed(date(2023, 9, 27)) == [("Xã Sông Trà", [6])]
    assert missed(date(2023, 10, 1)) == [("Xã Sông Trà", [6, 9])]
    assert missed(date(2024, 6, 1)) == [("Xã Sông Trà", [9, 10, 11, 12, 1, 2, 3, 4, 5])]
    board("20773@legacy", meeting_day=10, from_on=date(2023, 9, 1))
    assert missed(date(2023, 9, 14), "512@legacy", actor("leader", "512@legacy")) == [
        ("Xã Phước Trà", [9]), ("Xã Sông Trà", [6])
    ]  # fmt: skip
    assert missed(date(2023, 9, 14), "20773@legacy", actor("leader", "20770@legacy")) == []
    # Units of three tiers ended on 2025-06-30: nothing is due of them since.
    assert missed(date(2026, 5, 1)) == [("Xã Sông Trà", [6])]


def test_lists_and_scope(world: World) -> None:
    its, theirs = board(), board("20773@legacy")
    mine, done = called(its, date(2023, 9, 5), title="Họp bàn đường Trà Huỳnh"), held(its)
    other = called(theirs, who=actor(OFFICER, "20773@legacy"))
    district = actor(LEADER, "512@legacy")
    questions: list[tuple[MeetingFilter, list[uuid.UUID]]] = [
        (MeetingFilter(), [mine.id, done.id, other.id]),
        (MeetingFilter(unit="20770"), [mine.id, done.id]),
        (MeetingFilter(committee_id=theirs), [other.id]),
        (MeetingFilter(state="held"), [done.id]),
        (MeetingFilter(first=date(2023, 9, 1)), [mine.id]),
        (MeetingFilter(last=date(2023, 8, 31)), [done.id, other.id]),
        (MeetingFilter(q="duong tra huynh"), [mine.id]),
        (MeetingFilter(year=2022), []),
    ]
    for wanted, expected in questions:
        found = [m.id for m in meetings.meetings(district, wanted)]
        assert sorted(found, key=str) == sorted(expected, key=str), wanted
        assert meetings.count(district, wanted) == len(expected)
    assert meetings.meetings(district, MeetingFilter(), by_day=True)[0].id == mine.id
    with pytest.raises(NotFound):
        meetings.get(actor(OFFICER), other.id)
    with db.snapshot() as session:
        assert [m.id for m in meetings.waiting(session, actor(OFFICER), 5, on=today())[0]] == [mine.id]
        assert meetings.waiting(session, district, 5, on=today()) == ([], 0)
        assert meetings.waiting(session, actor("reviewer"), 5, on=today()) == ([], 0)


def person(role: str = "officer", unit: str = "20770@legacy") -> Actor:
    """Somebody on record, as they log in."""
    made = replace(actor(role, unit), ref=role)
    with db.transaction() as session:
        id_ = session.execute(
            sa.text("SELECT id FROM users WHERE username = :name"), {"name": role}
        ).scalar_one()
    return replace(made, user_id=id_ if isinstance(id_, uuid.UUID) else uuid.UUID(id_))


def test_a_calendar_s_address_shows_what_its_owner_may_see_until_it_is_revoked(world: World) -> None:
    officer = person()
    soon = today() + timedelta(days=10)
    its = board(from_on=BEGUN)
    mine = called(its, soon)
    called(board("20773@legacy"), soon, who=actor(OFFICER, "20773@legacy"))
    order = NewDirective(
        uuid.uuid4(), "Nộp báo cáo", "document", soon, "unit", unit_code="20770@legacy", document_number="1",
        source_on=date(2023, 8, 1),
    )  # fmt: skip
    directives.create(actor(LEADER), order)
    made, token = feeds.make(officer, "Điện thoại")
    assert token not in str(state("calendar_feeds", "audit_rows"))
    hamlet = replace(order, id=uuid.uuid4(), unit_code="20770.01@legacy")
    directives.create(actor(LEADER), hamlet)  # of a unit below: theirs to do
    found = feeds.read(token)
    assert ([m.id for m in found.meetings], [d.id for d in found.directives]) == ([mine.id], [order.id])
    (listed,) = feeds.mine(officer)
    assert (listed.id, listed.name, listed.used_at is not None) == (made.id, "Điện thoại", True)
    assert feeds.mine(person("leader")) == []
    with gone_wrong(NotFound):
        feeds.revoke(person("leader"), made.id)
    with gone_wrong(NotFound):
        feeds.read("khong-co")
    _, second = feeds.make(officer)
    feeds.revoke(officer, made.id)
    feeds.revoke(officer, made.id)
    with gone_wrong(feeds.Gone):
        feeds.read(token)
    assert len(feeds.mine(officer)) == 1
    for _ in range(feeds.MOST - 1):
        feeds.make(officer)
    with gone_wrong(RuleBroken, rule="feeds", held=feeds.MOST):
        feeds.make(officer)
    execute("UPDATE users SET disabled = true WHERE username = 'officer'")
    with gone_wrong(feeds.Gone):
        feeds.read(second)
    with gone_wrong(NotFound):
        feeds.make(actor("client:write"))
