"""The monthly rule of a board: what becomes of planned meetings when it or the board's term changes, and which months it
is held to."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from app import db
from app.domain import boards, meetings
from app.domain.boards import CommitteeView, Renewal
from app.domain.ledger.entries import Document
from app.domain.meetings import AgendaView, MeetingFilter, MeetingView
from app.errors import Invalid
from tests.support.book import execute, fails, freeze
from tests.support.meeting import MINUTES, TABLES, called
from tests.support.steering import board
from tests.support.world import World, actor

TODAY = date(2023, 9, 14)
ANEW = Document("30/QĐ-UBND", date(2023, 10, 10), "UBND xã Sông Trà")
ENDED, NO_RULE = "Ban đã kết thúc.", "Ban không còn họp thường kỳ hằng tháng."


def planned(of: CommitteeView, first: date | None = None) -> list[MeetingView]:
    return meetings.plan_ahead(actor("officer"), of.id, first)[0]


def standing(of: CommitteeView | uuid.UUID) -> list[tuple[date, str, str]]:
    """(day, state, why it was called off) of a board's meetings."""
    wanted = MeetingFilter(committee_id=of if isinstance(of, uuid.UUID) else of.id)
    found = meetings.meetings(actor("officer"), wanted, by_day=True, limit=100)
    return [(m.date, m.state, m.cancelled_reason) for m in reversed(found)]


def update(of: CommitteeView, **changes: object) -> CommitteeView:
    version = boards.get(actor("officer"), of.id).version
    return boards.update(actor("officer"), of.id, version, changes)


def missed(on: date) -> list[int]:
    """The months that boards of the commune missed by a day, alike in the list and in the year's view."""
    with db.snapshot() as session:
        unit_id = actor("officer").unit_id
        found, _ = meetings.without(session, actor(), unit_id, on)
        years = [b for of in (on.year, on.year - 1) for b in meetings.year(session, actor(), unit_id, of, on)]
    named = {(w.committee_id, m) for w in found for m in w.months}
    seen = {(b.committee_id, m.month) for b in years for m in b.months if m.state == "missed"}
    assert named == {(id_, m) for id_, m in seen if (on - m).days < 365}
    return sorted(m.month for _, m in named)


def test_a_board_that_ends_or_is_set_up_anew_leaves_no_meeting_after_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze(monkeypatch, TODAY)
    old = board(meeting_day=15)
    planned(old)
    called(old.id, date(2023, 11, 2), agenda=(AgendaView("Vốn"),))
    new, _ = boards.renew(actor("officer"), old.id, Renewal(uuid.uuid4(), ANEW))
    assert (standing(old)[0], standing(old)[1]) == (
        (date(2023, 9, 15), "planned", ""), (date(2023, 10, 15), "cancelled", ENDED)
    )  # fmt: skip
    assert {(state, why) for _, state, why in standing(old)[1:]} == {("cancelled", ENDED)}
    planned(new)
    days = [d for b in (old, new) for d, state, _ in standing(b) if state == "planned"]
    assert days == [date(2023, n, 15) for n in range(9, 13)] + [date(2024, n, 15) for n in range(1, 9)]
    update(new, to_on=date(2023, 12, 31))
    assert [d for d, state, _ in standing(new) if state == "planned"] == days[1:4]
    update(new, to_on=None)
    assert [d for d, state, _ in standing(new) if state == "planned"] == days[1:], "not dissolved after all"
    meetings.cancel(actor("leader"), planned(new)[1].id, "Bão")
    update(new, to_on=date(2023, 10, 31))
    update(new, to_on=None)
    assert (date(2023, 11, 15), "cancelled", "Bão") in standing(new)


def test_minutes_are_of_a_day_on_which_the_board_stood(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, TODAY)
    its = board(meeting_day=15)
    first = planned(its, date(2023, 6, 1))[0]
    execute("UPDATE committees SET to_on = '2023-06-01'")
    with fails(Invalid, "held_on", of=TABLES):
        meetings.record_minutes(actor("officer"), first.id, MINUTES)


def test_another_monthly_day_moves_what_nobody_has_touched(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze(monkeypatch, TODAY)
    its = board(meeting_day=15)
    september, october, november, *rest = planned(its)
    moved = meetings.update(actor("officer"), october.id, 1, {"date": date(2023, 10, 17)})
    meetings.update(actor("officer"), november.id, 1, {"agenda": [AgendaView("Tổng kết")]})
    update(its, meeting_day=10)
    as_was = [(september.date, "planned", ""), (moved.date, "planned", ""), (november.date, "planned", "")]
    assert standing(its)[:3] == as_was, "this month's new day has passed; the others were touched"
    assert standing(its)[3:] == [(m.date.replace(day=10), "planned", "") for m in rest]
    update(its, meeting_day=None)
    assert standing(its)[0] == as_was[0]
    assert standing(its)[1:3] == as_was[1:]
    assert standing(its)[3:] == [(m.date.replace(day=10), "cancelled", NO_RULE) for m in rest]
    update(its, name="Ban chỉ đạo xã")
    update(its, meeting_day=20)
    assert standing(its)[3:] == [(m.date.replace(day=20), "planned", "") for m in rest]


def test_months_are_judged_from_the_day_the_rule_holds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, TODAY)
    its = board(meeting_day=None)
    assert missed(TODAY) == []
    set_now = update(its, meeting_day=10)
    assert (set_now.meeting_day, set_now.meeting_from_on) == (10, TODAY)
    assert missed(TODAY) == []
    assert [m.date.month for m in planned(its, date(2023, 1, 1))] == [10, 11, 12]
    assert missed(date(2023, 12, 20)) == [10, 11, 12]
    freeze(monkeypatch, date(2023, 12, 20))
    cleared = update(its, meeting_day=None)
    assert (cleared.meeting_day, boards.get(actor(), its.id).meeting_day) == (None, None)
    assert missed(date(2024, 3, 1)) == [10, 11, 12], "giving the rule up hides nothing"
    assert update(its, meeting_day=5).meeting_from_on == TODAY, "taken up again at once, it goes on"
    assert missed(date(2024, 1, 6)) == [1, 10, 11, 12]
    freeze(monkeypatch, date(2024, 2, 1))
    update(its, meeting_day=None)
    freeze(monkeypatch, date(2024, 5, 10))
    assert update(its, meeting_day=5).meeting_from_on == date(2024, 5, 10)
    assert missed(date(2024, 7, 1)) == [6]


def test_a_board_set_up_with_the_rule_is_held_to_it_from_its_first_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze(monkeypatch, TODAY)
    old = board(meeting_day=15, from_on=date(2023, 6, 20))
    assert missed(TODAY) == [7, 8]
    later = replace(ANEW, date=date(2023, 9, 1))
    new, _ = boards.renew(actor("officer"), old.id, Renewal(uuid.uuid4(), later))
    assert (new.meeting_day, new.meeting_from_on) == (15, None)
    assert missed(date(2023, 9, 20)) == [7, 8, 9]


def test_a_meeting_held_late_counts_for_its_month_and_for_that_of_its_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze(monkeypatch, date(2024, 2, 20))
    its = board(meeting_day=15, from_on=date(2023, 11, 20))
    december, january = planned(its, date(2023, 12, 1))[:2]
    acts: tuple[Callable[[], object], ...] = (
        lambda: meetings.record_minutes(
            actor("officer"), december.id, replace(MINUTES, held_on=date(2023, 11, 30))
        ),
        lambda: meetings.update(actor("officer"), december.id, 1, {"date": date(2023, 11, 30)}),
    )
    for act in acts:
        with pytest.raises(Invalid) as refused:
            act()
        assert refused.value.errors[0].facts == {"first": date(2023, 12, 1)}
    assert missed(date(2024, 2, 1)) == [1, 12]
    late = replace(MINUTES, held_on=date(2024, 1, 20))
    meetings.record_minutes(actor("officer"), december.id, late)
    assert missed(date(2024, 2, 1)) == []
    with db.snapshot() as session:
        unit_id = actor().unit_id
        marks = [
            meetings.year(session, actor(), unit_id, of, date(2024, 2, 1))[0].months[n]
            for of, n in ((2023, 11), (2024, 0))
        ]
    assert [(m.state, m.on, m.meeting_id) for m in marks] == [("held", late.held_on, december.id)] * 2
    own = replace(MINUTES, held_on=date(2024, 1, 25))
    meetings.record_minutes(actor("officer"), january.id, own)
    with db.snapshot() as session:
        assert meetings.year(session, actor(), unit_id, 2024, date(2024, 2, 1))[0].months[0].on == own.held_on
