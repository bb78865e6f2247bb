"""Lists of directives as of a day: under filters, of one source, what waits for somebody, how many there are."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain.access import Actor, in_scope, require, under
from app.domain.directives import parties
from app.domain.directives.views import (
    ENDED,
    OPEN,
    REPORTED,
    RETURNED,
    DirectiveView,
    EventView,
    due_on,
    events_of,
    giver,
    mine,
    one,
    overdue_on,
    selection,
    stands_on,
    state_on,
    view,
)
from app.domain.doing import does, to_me
from app.domain.territory import resolve
from app.models.steering import Directive, DirectiveEvent
from app.models.territory import Unit
from app.text import fold


@dataclass(frozen=True, slots=True)
class DirectiveFilter:
    """What a list of directives is narrowed to; None leaves it open. State and due date are those of `as_of`.

    `assignee` is (kind, id), of a unit (`unit`, its code); `source` (kind, id) of an inspection, a meeting or a
    stored document. `standing`: neither accepted nor withdrawn. `level`: of the units that have to do it.
    """

    unit: str | None = None
    level: str | None = None
    year: int | None = None  # by which a bare code is read, where there is no `as_of`
    as_of: date | None = None
    state: str | None = None
    overdue: bool | None = None
    standing: bool | None = None
    assignee: tuple[str, str] | None = None
    source: tuple[str, uuid.UUID] | None = None
    due_from: date | None = None
    due_to: date | None = None
    q: str | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class DirectivesTotal:
    """How many directives: `standing` were neither accepted nor withdrawn, of them some `overdue`, `reported`, `returned`."""

    count: int
    standing: int
    overdue: int
    reported: int
    returned: int


def _conditions(session: Session, actor: Actor, wanted: DirectiveFilter) -> Iterator[sa.ColumnElement[bool]]:
    day = wanted.as_of
    yield mine(actor)
    if day is not None:
        yield Directive.given_on <= day
    if wanted.unit is not None:
        yield under(resolve(session, actor, wanted.unit, as_of=day, year=wanted.year).id, Directive.unit_id)
    if wanted.level is not None:
        at_level = sa.select(Unit.id).where(Unit.level == wanted.level).correlate(None)
        yield Directive.unit_id.in_(at_level)
    if wanted.state is not None:
        yield state_on(day) == wanted.state
    for asked, condition in (
        (wanted.overdue, overdue_on(day)),
        (wanted.standing, stands_on(day)),
    ):
        if asked is not None:
            yield condition if asked else sa.not_(condition)
    if wanted.assignee is not None:
        yield parties.of_assignee(session, actor, *wanted.assignee, day)
    if wanted.source is not None:
        yield parties.of_source(*wanted.source)
    if wanted.due_from is not None:
        yield due_on(day) >= wanted.due_from
    if wanted.due_to is not None:
        yield due_on(day) <= wanted.due_to
    for word in fold(wanted.q or "").split():
        yield Directive.search.contains(word, autoescape=True)
    if wanted.updated_since is not None:
        yield Directive.updated_at >= wanted.updated_since


def directives(
    actor: Actor,
    wanted: DirectiveFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    late_first: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[DirectiveView]:
    """Directives in the order in which they changed last (`after`: the last one seen), or for people the late first,
    then by when they are due, those accepted or withdrawn last."""
    require(actor, "read")
    day = wanted.as_of
    with db.transaction() as session:
        query = selection(actor, day).where(*_conditions(session, actor, wanted))
        if after is not None:
            query = query.where(db.past(Directive.updated_at, Directive.id, after))
        order = _pressing(day) if late_first else (Directive.updated_at, Directive.id)
        rows = session.execute(query.order_by(*order).offset(offset).limit(limit))
        return [view(row, day) for row in rows]


def _pressing(day: date | None = None) -> tuple[Any, ...]:
    group = sa.case((state_on(day).in_(ENDED), 2), (overdue_on(day), 0), else_=1)
    return group, due_on(day), Directive.created_at, Directive.id


def _together(day: date | None) -> tuple[Any, ...]:
    """The columns of DirectivesTotal."""

    def number(condition: sa.ColumnElement[bool]) -> Any:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

    state = state_on(day)
    return (
        sa.func.count(), number(stands_on(day)), number(overdue_on(day)), number(state == REPORTED),
        number(state == RETURNED),
    )  # fmt: skip


def total(actor: Actor, wanted: DirectiveFilter) -> DirectivesTotal:
    """All directives under a filter together."""
    require(actor, "read")
    with db.transaction() as session:
        conditions = list(_conditions(session, actor, wanted))
        query: sa.Select[*tuple[Any, ...]] = sa.select(*_together(wanted.as_of)).select_from(Directive)
        return DirectivesTotal(*session.execute(query.where(*conditions)).one())


def counts(session: Session, actor: Actor, unit_id: int, on: date | None = None) -> tuple[int, int, int, int]:
    """(how many under a unit stood on a day, of them overdue, reported and waiting to be accepted,
    returned): one statement."""
    row = session.execute(counting(actor, unit_id, on)).one()
    return row[1], row[2], row[3], row[4]


def counting(actor: Actor, unit_id: int, on: date | None = None) -> sa.Select[*tuple[Any, ...]]:
    """One row: the fields of DirectivesTotal of what was given under a unit by a day."""
    conditions = [mine(actor), under(unit_id, Directive.unit_id)]
    if on is not None:
        conditions.append(Directive.given_on <= on)
    return sa.select(*_together(on)).select_from(Directive).where(*conditions)


def waiting(session: Session, actor: Actor, limit: int) -> tuple[list[DirectiveView], int]:
    """(what waits for this actor, the late first: to be done by their unit, or by them where it was given to a person,
    and reports of others that their unit has to accept; how many there are): one statement."""
    owed = sa.or_(_to_do(actor), _to_accept(actor))
    query = (
        selection(actor)
        .add_columns(sa.func.count().over())
        .where(mine(actor), owed)
        .order_by(*_pressing())
        .limit(limit)
    )
    rows = session.execute(query).all()
    return [view(row[:-1]) for row in rows], rows[0][-1] if rows else 0


def first_waiting(
    session: Session, actor: Actor, limit: int, *, soon: date
) -> tuple[list[DirectiveView], dict[str, int]]:
    """(of what waits for this actor those due first, at most `limit` of each: reports to accept (`reported`), what is
    `overdue`, what was `returned`, what is due by a day (`soon`), the rest (`later`); how many of each): one
    statement."""
    accept, do = _to_accept(actor), _to_do(actor)
    group = sa.case(
        (accept, REPORTED), (overdue_on(None), "overdue"), (Directive.state == RETURNED, RETURNED),
        (Directive.due_on <= soon, "soon"), else_="later",
    )  # fmt: skip
    every = (
        selection(actor)
        .add_columns(group.label("its_group"), Directive.due_on.label("due_first"), Directive.created_at)
        .where(mine(actor), sa.or_(accept, do))
        .subquery()
    )
    order = (every.c.due_first, every.c.created_at, every.c.id)
    rows = session.execute(db.first_of_each(every, (every.c.its_group,), order, limit)).all()
    return [view(row[:-4]) for row in rows], {row[-4]: row[-1] for row in rows}


def _to_do(actor: Actor) -> sa.ColumnElement[bool]:
    if not actor.may("directive.report"):
        return sa.false()
    of_nobody_else: sa.ColumnElement[bool] = sa.true()
    if actor.role != "leader":
        of_nobody_else = sa.or_(Directive.user_id.is_(None), to_me(actor))
    return sa.and_(Directive.state.in_((OPEN, RETURNED)), does(actor), of_nobody_else)


def _to_accept(actor: Actor) -> sa.ColumnElement[bool]:
    """Given by the actor's own unit, or by one that it took over; whoever reported does not accept, nor to whom it was given."""
    if not actor.may("directive.accept"):
        return sa.false()
    taken_over = sa.and_(in_scope(actor, Directive.giver_unit_id), giver.structure != actor.structure)
    ours = sa.or_(Directive.giver_unit_id == actor.unit_id, taken_over)
    reporter = (
        sa.select(DirectiveEvent.by)
        .where(DirectiveEvent.directive_id == Directive.id, DirectiveEvent.what == REPORTED)
        .order_by(DirectiveEvent.id.desc())
        .limit(1)
        .correlate(Directive)
        .scalar_subquery()
    )
    not_to_me = sa.or_(Directive.user_id.is_(None), Directive.user_id != actor.user_id)
    return sa.and_(Directive.state == REPORTED, ours, reporter != actor.ref, not_to_me)


def get(actor: Actor, directive_id: uuid.UUID, *, as_of: date | None = None) -> DirectiveView:
    """One directive; NotFound outside the actor's scope."""
    require(actor, "read")
    with db.transaction() as session:
        return one(session, actor, directive_id, as_of=as_of)


def history(actor: Actor, directive_id: uuid.UUID) -> list[EventView]:
    """What happened to a directive, in order."""
    require(actor, "read")
    with db.transaction() as session:
        one(session, actor, directive_id)
        return events_of(session, [directive_id])[directive_id]


def of_source(
    session: Session, actor: Actor, kind: str, source_id: uuid.UUID, *, as_of: date | None = None
) -> list[DirectiveView]:
    """What an inspection, a meeting or a document demanded, in the order in which it was recorded: one statement."""
    query = selection(actor, as_of).where(mine(actor), parties.of_source(kind, source_id))
    rows = session.execute(query.order_by(Directive.created_at, Directive.id))
    return [view(row, as_of) for row in rows]
