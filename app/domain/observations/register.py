"""Lists of observations under filters, what waits for an answer, and how many there are."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.db import big_sum
from app.domain.access import Actor, in_scope, require, under
from app.domain.observations.flow import ANSWERED, OPEN
from app.domain.observations.views import (
    ObservationView,
    joined,
    one,
    overdue,
    selection,
    with_documents,
)
from app.domain.territory import resolve
from app.models.oversight import Observation
from app.models.support import SupportModel
from app.models.territory import Unit
from app.models.works import Work
from app.text import fold

_MOST: Final = 500  # works and models of a unit, to choose among


@dataclass(frozen=True, slots=True)
class ObservationFilter:
    """What a list of observations is narrowed to; None leaves it open. `first` and `last` bound the day.

    `late`: an answer is owed and overdue on `as_of` (default: today). `mine`: the actor wrote it.
    """

    unit: str | None = None
    state: str | None = None
    work_id: uuid.UUID | None = None
    model_id: uuid.UUID | None = None
    late: bool | None = None
    mine: bool | None = None
    first: date | None = None
    last: date | None = None
    q: str | None = None
    updated_since: datetime | None = None
    year: int | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class ObservationsTotal:
    """Observations under a filter: all, those that are owed an answer, of them the late ones."""

    count: int
    open: int
    late: int


def _conditions(
    session: Session, actor: Actor, wanted: ObservationFilter
) -> Iterator[sa.ColumnElement[bool]]:
    yield in_scope(actor, Observation.unit_id)
    if wanted.unit is not None:
        unit = resolve(session, actor, wanted.unit, as_of=wanted.as_of, year=wanted.year)
        yield under(unit.id, Observation.unit_id)
    same = {
        "state": Observation.state, "work_id": Observation.work_id, "model_id": Observation.model_id,
    }  # fmt: skip
    for name, column in same.items():
        if getattr(wanted, name) is not None:
            yield column == getattr(wanted, name)
    for asked, condition in (
        (wanted.late, overdue(wanted.as_of or today())),
        (wanted.mine, Observation.created_by == actor.ref),
    ):
        if asked is not None:
            yield condition if asked else ~condition
    if wanted.first is not None:
        yield Observation.observed_on >= wanted.first
    if wanted.last is not None:
        yield Observation.observed_on <= wanted.last
    if wanted.year is not None:
        yield Observation.observed_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31))
    for word in fold(wanted.q or "").split():
        yield sa.or_(
            *(table.search.contains(word, autoescape=True) for table in (Observation, Work, SupportModel))
        )
    if wanted.updated_since is not None:
        yield Observation.updated_at >= wanted.updated_since


def _pressing() -> tuple[Any, ...]:
    """Owed answers first, the first due of them; then the latest observed."""
    owed = sa.case((Observation.state == OPEN, 0), else_=1)
    due = sa.case((Observation.state == OPEN, Observation.answer_due_on), else_=sa.null())
    return owed, sa.func.coalesce(due, date.max), Observation.observed_on.desc(), Observation.id


def observations(
    actor: Actor,
    wanted: ObservationFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    pressing_first: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[ObservationView]:
    """Observations in the order in which they changed last (`after`: the last one seen), with their documents; or for
    people, without, those first whose answer is owed, the first due of them first."""
    require(actor, "read")
    with db.snapshot() as session:
        query = selection().where(*_conditions(session, actor, wanted))
        if after is not None:
            query = query.where(db.past(Observation.updated_at, Observation.id, after))
        order = _pressing() if pressing_first else (Observation.updated_at, Observation.id)
        rows = session.execute(query.order_by(*order).offset(offset).limit(limit))
        found = [ObservationView(*row) for row in rows]
        return found if pressing_first else with_documents(session, found)


def _together(on: date) -> sa.Select[int, int, int]:
    return sa.select(
        sa.func.count(),
        big_sum(sa.case((Observation.state == OPEN, 1), else_=0)),
        big_sum(sa.case((overdue(on), 1), else_=0)),
    ).select_from(joined())


def total(actor: Actor, wanted: ObservationFilter) -> ObservationsTotal:
    """All observations under a filter together."""
    require(actor, "read")
    with db.snapshot() as session:
        query = _together(wanted.as_of or today()).where(*_conditions(session, actor, wanted))
        return ObservationsTotal(*session.execute(query).one())


def counts(
    session: Session,
    actor: Actor,
    *,
    on: date,
    unit_id: int | None = None,
    work_id: uuid.UUID | None = None,
    model_id: uuid.UUID | None = None,
) -> ObservationsTotal:
    """How many there are under a unit, of a work or of a model: one statement."""
    query = _together(on).where(in_scope(actor, Observation.unit_id))
    if unit_id is not None:
        query = query.where(under(unit_id, Observation.unit_id))
    if work_id is not None:
        query = query.where(Observation.work_id == work_id)
    if model_id is not None:
        query = query.where(Observation.model_id == model_id)
    return ObservationsTotal(*session.execute(query).one())


def get(actor: Actor, observation_id: uuid.UUID) -> ObservationView:
    """One observation with its documents; NotFound outside the actor's scope."""
    require(actor, "read")
    with db.snapshot() as session:
        return one(session, actor, observation_id)


def waiting(session: Session, actor: Actor, limit: int) -> tuple[list[ObservationView], int]:
    """(observations to which the actor's own unit owes an answer, none of them the actor's, and answered ones of theirs
    that wait to be closed or asked again; the first due first; how many there are): at most one statement."""
    waits = []
    if actor.may("observation.answer"):
        waits.append(sa.and_(Observation.state == OPEN, Observation.created_by != actor.ref))
    if actor.may("observation.edit"):
        waits.append(sa.and_(Observation.state == ANSWERED, Observation.created_by == actor.ref))
    if not waits:
        return [], 0
    query = (
        selection()
        .add_columns(sa.func.count().over())
        .where(
            in_scope(actor, Observation.unit_id), Unit.level == actor.level, sa.or_(*waits)
        )
        .order_by(*_pressing())
        .limit(limit)
    )  # fmt: skip
    rows = session.execute(query).all()
    return [ObservationView(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


def subject_offers(actor: Actor) -> tuple[list[tuple[uuid.UUID, str]], list[tuple[uuid.UUID, str]]]:
    """(works, support models) of the actor's own unit that an observation can be about, by name."""
    require(actor, "read")
    with db.snapshot() as session:
        works = sa.select(Work.id, Work.name).where(in_scope(actor, Work.owner_unit_id)).order_by(Work.code)
        models = (
            sa.select(SupportModel.id, SupportModel.name)
            .where(in_scope(actor, SupportModel.unit_id))
            .order_by(SupportModel.year.desc(), SupportModel.id)
        )
        first, second = (
            [(id_, name) for id_, name in session.execute(query.limit(_MOST))] for query in (works, models)
        )
        return first, second
