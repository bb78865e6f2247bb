"""Lists of meetings, one of them, and the months of boards that meet by rule."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain.access import Actor, in_scope, require, under
from app.domain.meetings.views import (
    MeetingView,
    Whole,
    agendas,
    conclusions,
    joined,
    one,
    selection,
    whole_of,
)
from app.domain.territory import resolve
from app.models.steering import Committee, Meeting
from app.models.territory import Unit
from app.text import fold


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """What a list of meetings is narrowed to; None leaves it open. `first` and `last` bound their day."""

    unit: str | None = None
    committee_id: uuid.UUID | None = None
    state: str | None = None
    first: date | None = None
    last: date | None = None
    q: str | None = None
    updated_since: datetime | None = None
    year: int | None = None
    as_of: date | None = None


def _conditions(session: Session, actor: Actor, wanted: MeetingFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield in_scope(actor, Meeting.unit_id)
    if wanted.unit is not None:
        unit = resolve(session, actor, wanted.unit, as_of=wanted.as_of, year=wanted.year)
        yield under(unit.id, Meeting.unit_id)
    if wanted.committee_id is not None:
        yield Meeting.committee_id == wanted.committee_id
    if wanted.state is not None:
        yield Meeting.state == wanted.state
    if wanted.first is not None:
        yield Meeting.date >= wanted.first
    if wanted.last is not None:
        yield Meeting.date <= wanted.last
    if wanted.year is not None:
        yield Meeting.date.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31))
    for word in fold(wanted.q or "").split():
        yield sa.or_(*(table.search.contains(word, autoescape=True) for table in (Meeting, Committee)))
    if wanted.updated_since is not None:
        yield Meeting.updated_at >= wanted.updated_since


def meetings(
    actor: Actor,
    wanted: MeetingFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    by_day: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[MeetingView]:
    """Meetings in the order in which they changed last (`after`: the last one seen), or for people the latest day first."""
    require(actor, "read")
    with db.transaction() as session:
        return _found(session, actor, wanted, after=after, by_day=by_day, offset=offset, limit=limit)


def _found(
    session: Session,
    actor: Actor,
    wanted: MeetingFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None,
    by_day: bool,
    offset: int,
    limit: int,
) -> list[MeetingView]:
    query = selection().where(*_conditions(session, actor, wanted))
    if after is not None:
        query = query.where(db.past(Meeting.updated_at, Meeting.id, after))
    order = (Meeting.date.desc(), Unit.sort_key, Meeting.id) if by_day else (Meeting.updated_at, Meeting.id)
    rows = session.execute(query.order_by(*order).offset(offset).limit(limit))
    return [MeetingView(*row) for row in rows]


def wholes(
    actor: Actor, wanted: MeetingFilter, *, after: tuple[datetime, uuid.UUID] | None = None, limit: int = 50
) -> list[Whole]:
    """`meetings` in the order in which they changed last, with agendas and conclusions; who came is of one alone."""
    require(actor, "read")
    with db.snapshot() as session:
        return _with_lists(
            session, _found(session, actor, wanted, after=after, by_day=False, offset=0, limit=limit)
        )


def with_lists(found: Sequence[MeetingView]) -> list[Whole]:
    """Meetings that were looked up for an actor, with agendas and conclusions."""
    with db.snapshot() as session:
        return _with_lists(session, found)


def _with_lists(session: Session, found: Sequence[MeetingView]) -> list[Whole]:
    ids = [meeting.id for meeting in found]
    items, given = agendas(session, ids), conclusions(session, ids)
    return [Whole(meeting, items[meeting.id], [], given[meeting.id]) for meeting in found]


def count(actor: Actor, wanted: MeetingFilter) -> int:
    """How many meetings there are under a filter."""
    require(actor, "read")
    with db.transaction() as session:
        query = sa.select(sa.func.count()).select_from(joined())
        return session.execute(query.where(*_conditions(session, actor, wanted))).scalar_one()


def get(actor: Actor, meeting_id: uuid.UUID) -> MeetingView:
    """One meeting; NotFound outside the actor's scope."""
    require(actor, "read")
    with db.transaction() as session:
        return one(session, actor, meeting_id)


def whole(actor: Actor, meeting_id: uuid.UUID) -> Whole:
    """One meeting with its agenda, who came, what was concluded."""
    require(actor, "read")
    with db.snapshot() as session:
        return whole_of(session, one(session, actor, meeting_id))


def ahead(session: Session, actor: Actor, limit: int, *, on: date, until: date) -> list[MeetingView]:
    """Meetings of the actor's own unit that are planned: those of a day up to another, and for who keeps them those
    before it that have no minutes yet; the oldest first. One statement."""
    query = selection().where(
        in_scope(actor, Meeting.unit_id),
        Unit.level == actor.level,
        Meeting.state == "planned",
        Meeting.date <= until,
        *([] if actor.may("meeting.edit") else [Meeting.date >= on]),
    )
    rows = session.execute(query.order_by(Meeting.date, Meeting.id).limit(limit))
    return [MeetingView(*row) for row in rows]


def waiting(session: Session, actor: Actor, limit: int, *, on: date) -> tuple[list[MeetingView], int]:
    """(meetings of the actor's own unit that should have been held by a day and have no minutes, the oldest first; how
    many there are): one statement. None for who keeps no meetings."""
    if not actor.may("meeting.edit"):
        return [], 0
    query = (
        selection()
        .add_columns(sa.func.count().over())
        .where(
            in_scope(actor, Meeting.unit_id),
            Unit.level == actor.level,
            Meeting.state == "planned",
            Meeting.date < on,
        )
        .order_by(Meeting.date, Meeting.id)
        .limit(limit)
    )
    rows = session.execute(query).all()
    return [MeetingView(*row[:-1]) for row in rows], rows[0][-1] if rows else 0
