"""Boards that meet every month by rule: which months had their meeting, and which had none."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain.access import Actor, in_scope, require, under
from app.domain.meetings.views import CANCELLED, HELD, PLANNED
from app.models.steering import COMMITTEE_KINDS, Committee, Meeting
from app.models.territory import Unit

MISSED, NONE = "missed", "none"  # beside "held" and "planned"
STEERING: Final = COMMITTEE_KINDS[0]
WINDOW: Final = 12  # months that are looked back on, the current one among them
BOARDS: Final = 100  # of a year's view
NAMED: Final = 6000  # months of boards: a province's communes


@dataclass(frozen=True, slots=True)
class Without:
    """A board, and the months (their first days) in which it should have met and did not."""

    committee_id: uuid.UUID
    committee_name: str
    unit_name: str
    illustrative: bool
    months: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a board: held, planned, missed, or none (nothing was due). `on` and `meeting_id` of its meeting."""

    month: date
    state: str
    on: date | None = None
    meeting_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class BoardYear:
    """The twelve months of a board that meets by rule; `between`: meetings called beside the regular ones."""

    committee_id: uuid.UUID
    committee_name: str
    unit_name: str
    unit_level: str
    illustrative: bool
    months: tuple[Month, ...]
    between: int


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return month_of(month + timedelta(days=31))


def months_from(first: date, number: int) -> list[date]:
    """So many months from that of a day on."""
    found = [month_of(first)]
    while len(found) < number:
        found.append(next_month(found[-1]))
    return found


def _back(on: date) -> list[date]:
    """The months that are looked back on from a day."""
    year, month = divmod(on.year * 12 + on.month - WINDOW, 12)
    return months_from(date(year, month + 1, 1), WINDOW)


def _of_day(moment: Any) -> sa.ColumnElement[int]:
    return sa.extract("day", moment)


def _rows(months: Iterable[date], on: date) -> Any:
    """Months as rows: the first day, the next month's, whether it is the one of `on`."""
    return sa.union_all(
        *(
            sa.select(
                sa.literal(month, sa.Date).label("month"),
                sa.literal(next_month(month), sa.Date).label("next"),
                sa.literal(int(month == month_of(on)), sa.Integer).label("current"),
            )
            for month in months
        )
    ).cte("months")


def without(
    session: Session, actor: Actor, unit_id: int, on: date, *, limit: int = NAMED
) -> tuple[list[Without], int]:
    """(boards under a unit that missed their monthly meeting in the twelve months up to a day, each with the months, by
    unit; how many such months there are in all): one statement. `limit` bounds the months that are named.

    A month that is over was missed when no meeting of it was held by the day, also when it was moved on and not yet
    held; the month of the day itself once its day has passed with none held and none still to come. A regular meeting
    that is held in a later month counts for its own and for the one in which the board met.
    """
    months = _rows(_back(on), on)
    counts = sa.or_(
        Meeting.month == months.c.month,
        sa.and_(Meeting.date >= months.c.month, Meeting.date < months.c.next),
    )
    met = sa.or_(
        sa.and_(Meeting.state == HELD, Meeting.date <= on),
        sa.and_(months.c.current == 1, Meeting.state != CANCELLED, Meeting.date > on),
    )
    its = sa.select(Meeting.id).where(Meeting.committee_id == Committee.id, counts, met)
    query = (
        sa.select(
            Committee.id, Committee.name, Unit.name, Committee.illustrative, months.c.month,
            sa.func.count().over(),
        )
        .select_from(sa.join(Committee, Unit, Unit.id == Committee.unit_id).join(months, sa.true()))
        .where(
            in_scope(actor, Committee.unit_id),
            under(unit_id, Committee.unit_id),
            Committee.meeting_day.is_not(None),
            sa.or_(months.c.current == 0, Committee.meeting_day < on.day),
            *(
                sa.or_(
                    start.is_(None),
                    start <= months.c.month,
                    sa.and_(start < months.c.next, _of_day(start) <= Committee.meeting_day),
                )
                for start in (Committee.from_on, Committee.meeting_from_on)
            ),
            *(
                sa.or_(
                    end.is_(None),
                    end >= months.c.next,
                    sa.and_(end >= months.c.month, _of_day(end) >= Committee.meeting_day),
                )
                for end in (Committee.to_on, Committee.meeting_to_on, Unit.valid_to)
            ),
            ~its.correlate(Committee, months).exists(),
        )
        .order_by(Unit.sort_key, Committee.kind.desc(), Committee.id, months.c.month)
        .limit(limit)
    )  # fmt: skip
    rows = session.execute(query).all()
    found: dict[uuid.UUID, Without] = {}
    for id_, name, unit_name, illustrative, month, _ in rows:
        earlier = found[id_].months if id_ in found else ()
        found[id_] = Without(id_, name, unit_name, illustrative, (*earlier, month))
    return list(found.values()), rows[0][-1] if rows else 0


def without_rule(actor: Actor, unit_id: int, on: date) -> sa.Select[int]:
    """One row: how many steering committees under a unit stand on a day and have no monthly day then. The rule is theirs:
    a management board meets when it has to."""
    C = Committee
    return (
        sa.select(sa.func.count().label("without_rule"))
        .select_from(sa.join(C, Unit, Unit.id == C.unit_id))
        .where(
            in_scope(actor, C.unit_id), under(unit_id, C.unit_id), C.kind == STEERING, C.from_on <= on,
            *(sa.or_(end.is_(None), end >= on) for end in (C.to_on, Unit.valid_to)),
            sa.or_(C.meeting_day.is_(None), C.meeting_from_on > on, C.meeting_to_on < on),
        )
    )  # fmt: skip


def months_without(session: Session, actor: Actor, unit_id: int, on: date) -> list[Without]:
    """`without` without the number, for who shows the names alone: one statement."""
    return without(session, actor, unit_id, on)[0]


def overview(actor: Actor, unit_id: int, of: int, on: date) -> tuple[list[Without], list[BoardYear]]:
    """(boards under a unit that missed months of a year as of a day, the months of every board that meets by rule):
    three statements, at most a hundred boards."""
    require(actor, "read")
    with db.snapshot() as session:
        missed = months_without(session, actor, unit_id, min(on, date(of, 12, 31)))
        boards = year(session, actor, unit_id, of, on)
    its = [replace(w, months=tuple(m for m in w.months if m.year == of)) for w in missed]
    return [w for w in its if w.months], boards


def year(session: Session, actor: Actor, unit_id: int, of: int, on: date) -> list[BoardYear]:
    """The months of a year of the boards under a unit that meet by rule, as of a day: two statements, at most a hundred
    boards."""
    first, last = date(of, 1, 1), date(of, 12, 31)
    boards = (
        sa.select(
            Committee.id, Committee.name, Unit.name, Unit.level, Committee.illustrative, Committee.meeting_day,
            Committee.from_on, Committee.meeting_from_on, Committee.to_on, Committee.meeting_to_on, Unit.valid_to,
        )
        .join(Unit, Unit.id == Committee.unit_id)
        .where(
            in_scope(actor, Committee.unit_id), under(unit_id, Committee.unit_id),
            Committee.meeting_day.is_not(None),
            *(sa.or_(start.is_(None), start <= last) for start in (Committee.from_on, Committee.meeting_from_on)),
            *(
                sa.or_(end.is_(None), end >= first)
                for end in (Committee.to_on, Committee.meeting_to_on, Unit.valid_to)
            ),
        )
        .order_by(Unit.sort_key, Committee.kind.desc(), Committee.id)
        .limit(BOARDS)
    )  # fmt: skip
    found = session.execute(boards).all()
    told = _told(session, [board[0] for board in found], first, last)
    return [_board_year(board, told.get(board[0], []), of, on) for board in found]


@dataclass(frozen=True, slots=True)
class _Told:
    id: uuid.UUID
    month: date | None
    on: date
    state: str

    def counts_for(self, month: date) -> bool:
        return month in (self.month, month_of(self.on))


def _told(session: Session, ids: list[uuid.UUID], first: date, last: date) -> dict[uuid.UUID, list[_Told]]:
    query = (
        sa.select(Meeting.committee_id, Meeting.id, Meeting.month, Meeting.date, Meeting.state)
        .where(
            Meeting.committee_id.in_(ids),
            sa.or_(Meeting.month.between(first, last), Meeting.date.between(first, last)),
        )
        .order_by(Meeting.date, Meeting.id)
    )
    found: dict[uuid.UUID, list[_Told]] = {}
    for committee_id, id_, month, on, state in session.execute(query) if ids else ():
        found.setdefault(committee_id, []).append(_Told(id_, month, on, state))
    return found


def _board_year(board: Sequence[Any], told: list[_Told], of: int, on: date) -> BoardYear:
    id_, name, unit_name, level, illustrative, day, *bounds = board
    starts, ends = _known(bounds[:2]), _known(bounds[2:])
    months = []
    for month in months_from(date(of, 1, 1), 12):
        its_day = month.replace(day=day)
        due = max(starts) <= its_day and all(its_day <= end for end in ends)
        months.append(_month(month, its_day, [t for t in told if t.counts_for(month)], on, due=due))
    between = sum(t.month is None and t.state != CANCELLED for t in told)
    return BoardYear(id_, name, unit_name, level, illustrative, tuple(months), between)


def _known(days: Iterable[date | None]) -> list[date]:
    return [day for day in days if day is not None]


def _month(month: date, its_day: date, told: list[_Told], on: date, *, due: bool) -> Month:
    """How a month stands on a day, by the same rule as `without`; its own meeting is shown before one of another."""
    told = sorted(told, key=lambda t: t.month not in (None, month))
    held = [t for t in told if t.state == HELD and t.on <= on]
    if held:
        return Month(month, HELD, held[0].on, held[0].id)
    ahead = [t for t in told if t.state != CANCELLED and t.on > on]
    missed = due and its_day < on and not (ahead and month == month_of(on))
    regular = next((t for t in told if t.month == month), None)
    shown = ahead[0] if ahead else regular
    if missed:
        return Month(month, MISSED, shown.on if shown else None, shown.id if shown else None)
    if ahead:
        return Month(month, PLANNED, ahead[0].on, ahead[0].id)
    return Month(month, NONE, None, regular.id if regular else None)
