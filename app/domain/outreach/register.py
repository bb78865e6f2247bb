"""Lists of outreach events under filters, and how many people they reached together."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.db import big_sum
from app.domain import programs
from app.domain.access import Actor, in_scope, require, under
from app.domain.criteria.assessing import LEVELS
from app.domain.criteria.sets import set_for
from app.domain.criteria.views import CriterionView
from app.domain.outreach.views import OutreachView, hamlet, joined, one, selection, with_documents
from app.domain.programs import Names
from app.domain.territory import hamlets_of, resolve
from app.models.criteria import CriteriaSet, Criterion
from app.models.oversight import Outreach
from app.models.programs import Program
from app.models.territory import Unit
from app.models.works import Work
from app.text import fold

_MOST_WORKS = 500  # of a unit, to choose among


@dataclass(frozen=True, slots=True)
class OutreachFilter:
    """What a list of events is narrowed to; None leaves it open. `first` and `last` bound their day."""

    unit: str | None = None
    hamlet_code: str | None = None
    program_code: str | None = None
    work_id: uuid.UUID | None = None
    set_code: str | None = None
    criterion_number: int | None = None
    first: date | None = None
    last: date | None = None
    withdrawn: bool | None = None
    q: str | None = None
    updated_since: datetime | None = None
    year: int | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class OutreachTotal:
    """Events under a filter that were not withdrawn, and how many people they reached; `count` is of all rows."""

    count: int
    events: int
    people: int


def _conditions(session: Session, actor: Actor, wanted: OutreachFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield in_scope(actor, Outreach.unit_id)
    if wanted.unit is not None:
        unit = resolve(session, actor, wanted.unit, as_of=wanted.as_of, year=wanted.year)
        # Events of a hamlet are its commune's.
        yield sa.or_(under(unit.id, Outreach.unit_id), under(unit.id, Outreach.hamlet_id))
    same: dict[str, Any] = {
        "hamlet_code": hamlet.code, "program_code": Program.code, "work_id": Outreach.work_id,
        "set_code": CriteriaSet.code, "criterion_number": Criterion.number,
    }  # fmt: skip
    for name, column in same.items():
        if getattr(wanted, name) is not None:
            yield column == getattr(wanted, name)
    if wanted.first is not None:
        yield Outreach.held_on >= wanted.first
    if wanted.last is not None:
        yield Outreach.held_on <= wanted.last
    if wanted.year is not None:
        yield Outreach.held_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31))
    if wanted.withdrawn is not None:
        yield Outreach.withdrawn_at.is_not(None) if wanted.withdrawn else Outreach.withdrawn_at.is_(None)
    for word in fold(wanted.q or "").split():
        yield sa.or_(*(table.search.contains(word, autoescape=True) for table in (Outreach, Work)))
    if wanted.updated_since is not None:
        yield Outreach.updated_at >= wanted.updated_since


def events(
    actor: Actor,
    wanted: OutreachFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    by_day: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[OutreachView]:
    """Events in the order in which they changed last (`after`: the last one seen), with their documents; or for people,
    without, the latest day first."""
    require(actor, "read")
    with db.snapshot() as session:
        query = selection().where(*_conditions(session, actor, wanted))
        if after is not None:
            query = query.where(db.past(Outreach.updated_at, Outreach.id, after))
        order: tuple[Any, ...] = (Outreach.updated_at, Outreach.id)
        if by_day:
            order = (Outreach.held_on.desc(), Unit.sort_key, Outreach.id)
        rows = session.execute(query.order_by(*order).offset(offset).limit(limit))
        found = [OutreachView(*row) for row in rows]
        return found if by_day else with_documents(session, found)


def _together() -> sa.Select[int, int, int]:
    stands = Outreach.withdrawn_at.is_(None)
    return sa.select(
        sa.func.count(),
        big_sum(sa.case((stands, 1), else_=0)),
        big_sum(sa.case((stands, Outreach.people), else_=0)),
    ).select_from(joined())


def total(actor: Actor, wanted: OutreachFilter) -> OutreachTotal:
    """All events under a filter together."""
    require(actor, "read")
    with db.snapshot() as session:
        query = _together().where(*_conditions(session, actor, wanted))
        return OutreachTotal(*session.execute(query).one())


def counts(
    session: Session,
    actor: Actor,
    *,
    unit_id: int | None = None,
    work_id: uuid.UUID | None = None,
    first: date = date.min,
    last: date = date.max,
) -> tuple[int, int]:
    """(how many events there were from a day to another under a unit or about a work, people that they reached): one
    statement."""
    query = _together().where(in_scope(actor, Outreach.unit_id), Outreach.held_on.between(first, last))
    if unit_id is not None:
        query = query.where(under(unit_id, Outreach.unit_id))
    if work_id is not None:
        query = query.where(Outreach.work_id == work_id)
    _, number, people = session.execute(query).one()
    return number, people


def about_criterion(actor: Actor, unit_id: int, set_code: str, number: int) -> tuple[int, int]:
    """(how many events there were about a criterion under a unit, people that they reached): one statement."""
    require(actor, "read")
    with db.snapshot() as session:
        query = _together().where(
            in_scope(actor, Outreach.unit_id), under(unit_id, Outreach.unit_id), CriteriaSet.code == set_code,
            Criterion.number == number,
        )  # fmt: skip
        _, events_held, people = session.execute(query).one()
        return events_held, people


def get(actor: Actor, event_id: uuid.UUID) -> OutreachView:
    """One event with its documents; NotFound outside the actor's scope."""
    require(actor, "read")
    with db.snapshot() as session:
        return one(session, actor, event_id)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a list of events can be narrowed to: hamlets and works of a unit, names of programs."""

    hamlets: list[tuple[str, str]]
    works: list[tuple[uuid.UUID, str]]
    names: Names


def choices(actor: Actor, unit_code: str) -> Choices:
    """What the filters over a unit's events offer."""
    require(actor, "read")
    with db.snapshot() as session:
        unit = resolve(session, actor, unit_code)
        hamlets = hamlets_of(session, unit.id) if unit.level == "commune" else []
        return Choices(
            [(code, name) for _, code, name in hamlets],
            _works(session, actor, unit.id),
            programs.names(session),
        )


def _works(session: Session, actor: Actor, unit_id: int) -> list[tuple[uuid.UUID, str]]:
    query = (
        sa.select(Work.id, Work.name)
        .where(in_scope(actor, Work.owner_unit_id), under(unit_id, Work.owner_unit_id))
        .order_by(Work.code)
        .limit(_MOST_WORKS)
    )
    return [(id_, name) for id_, name in session.execute(query)]


@dataclass(frozen=True, slots=True)
class Offers:
    """What an event of a unit can be about: its hamlets and works, programs, criteria of the set in force."""

    unit_name: str
    hamlets: list[tuple[str, str]]
    works: list[tuple[uuid.UUID, str]]
    names: Names
    criteria: tuple[CriterionView, ...] = field(default=())


def offers(actor: Actor, unit_code: str, day: date) -> Offers:
    """What the form of an event offers."""
    require(actor, "read")
    with db.snapshot() as session:
        unit = resolve(session, actor, unit_code)
        level = LEVELS.get(unit.level)
        standard = None if level is None else set_for(session, unit, day, level=level)
        return Offers(
            unit.name,
            [(code, name) for _, code, name in hamlets_of(session, unit.id)],
            _works(session, actor, unit.id),
            programs.names(session),
            standard.criteria if standard is not None else (),
        )
