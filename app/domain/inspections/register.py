"""Lists of inspections under filters, one with all that belongs to it, and what waits for one person."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain.access import Actor, in_scope, require, under
from app.domain.inspections import views
from app.domain.inspections.views import (
    CONCLUDED,
    HELD,
    PLANNED,
    STATES,
    InspectionView,
    day_of,
    head,
    inspecting,
    joined,
    one,
    selection,
    with_parts,
)
from app.domain.territory import resolve
from app.errors import NotFound
from app.models.oversight import Finding, Inspection, UnitReport
from app.models.steering import Directive
from app.models.territory import Unit
from app.text import fold

SOON: Final = timedelta(days=7)  # by which those who inspect are told that one comes


@dataclass(frozen=True, slots=True)
class InspectionFilter:
    """What a list of inspections is narrowed to; None leaves it open. `year` is that of the yearly plan; `held_by`: held by
    a day."""

    unit: str | None = None
    year: int | None = None
    state: str | None = None
    q: str | None = None
    updated_since: datetime | None = None
    as_of: date | None = None
    held_by: date | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Inspections of a plan by how far they have come; `overdue`: planned for a day that has passed. Those that were
    `cancelled` are not among `all`."""

    planned: int
    held: int
    concluded: int
    cancelled: int
    overdue: int

    @property
    def all(self) -> int:
        return self.planned + self.held + self.concluded


def _conditions(session: Session, actor: Actor, wanted: InspectionFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield in_scope(actor, Inspection.unit_id)
    if wanted.unit is not None:
        unit = resolve(session, actor, wanted.unit, as_of=wanted.as_of, year=wanted.year)
        yield under(unit.id, Inspection.unit_id)
    for name in ("year", "state"):
        if getattr(wanted, name) is not None:
            yield getattr(Inspection, name) == getattr(wanted, name)
    if wanted.held_by is not None:
        yield sa.and_(Inspection.held_on <= wanted.held_by, Inspection.state.in_((HELD, CONCLUDED)))
    for word in fold(wanted.q or "").split():
        yield sa.or_(*(table.search.contains(word, autoescape=True) for table in (Inspection, Unit)))
    if wanted.updated_since is not None:
        yield Inspection.updated_at >= wanted.updated_since


def inspections(
    actor: Actor,
    wanted: InspectionFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    by_day: bool = False,
    evidence: bool = True,
    offset: int = 0,
    limit: int = 50,
) -> list[InspectionView]:
    """Inspections with all that belongs to them in the order in which they changed last (`after`: the last one seen),
    or for people those of the latest day first, those without a day before them. `evidence`: see `whole`;
    what lines and findings are about is not named."""
    require(actor, "read")
    with db.snapshot() as session:
        query = selection(actor).where(*_conditions(session, actor, wanted))
        if after is not None:
            query = query.where(db.past(Inspection.updated_at, Inspection.id, after))
        latest = (Inspection.year.desc(), sa.func.coalesce(day_of(), date.max).desc(), Unit.sort_key)
        order = (*latest, Inspection.id) if by_day else (Inspection.updated_at, Inspection.id)
        rows = session.execute(query.order_by(*order).offset(offset).limit(limit)).all()
        return with_parts(session, actor, [head(row) for row in rows], evidence=evidence, names=False)


def counts(actor: Actor, wanted: InspectionFilter) -> Counts:
    """All inspections under a filter, by state."""
    require(actor, "read")
    with db.transaction() as session:
        query = _together(*_conditions(session, actor, wanted))
        return Counts(*session.execute(query).one())


def years(actor: Actor) -> list[int]:
    """The years that inspections in the actor's scope were planned for, the latest first."""
    require(actor, "read")
    query = (
        sa.select(Inspection.year)
        .where(in_scope(actor, Inspection.unit_id))
        .group_by(Inspection.year)
        .order_by(Inspection.year.desc())
    )
    with db.transaction() as session:
        return list(session.execute(query).scalars())


def get(actor: Actor, inspection_id: uuid.UUID) -> InspectionView:
    """One inspection without its parts; NotFound outside the actor's scope."""
    require(actor, "read")
    with db.transaction() as session:
        return one(session, actor, inspection_id)


def whole(actor: Actor, inspection_id: uuid.UUID, *, evidence: bool = True) -> InspectionView:
    """One inspection with its people, checklist and findings; `evidence`: with the documents that these stand on."""
    require(actor, "read")
    with db.snapshot() as session:
        return views.whole(session, actor, inspection_id, evidence=evidence)


def with_findings(actor: Actor, inspection_id: uuid.UUID) -> InspectionView:
    """One inspection with its findings and the documents that these stand on, without its people and its checklist."""
    require(actor, "read")
    with db.snapshot() as session:
        return views.with_findings(session, actor, inspection_id)


def of_finding(actor: Actor, finding_id: uuid.UUID) -> uuid.UUID:
    """The inspection that a finding belongs to; NotFound outside the actor's scope."""
    require(actor, "read")
    query = (
        sa.select(Finding.inspection_id)
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .where(Finding.id == finding_id, in_scope(actor, Inspection.unit_id))
    )
    with db.transaction() as session:
        found = session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def demands(actor: Actor, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The directives that each of these inspections in the actor's scope led to, in the order in which they were given:
    one statement."""
    require(actor, "read")
    found: dict[uuid.UUID, list[uuid.UUID]] = {id_: [] for id_ in ids}
    query = (
        sa.select(Directive.inspection_id, Directive.id)
        .join(Inspection, Inspection.id == Directive.inspection_id)
        .where(Directive.inspection_id.in_(ids), in_scope(actor, Inspection.unit_id))
        .order_by(Directive.created_at, Directive.id)
    )
    with db.transaction() as session:
        for inspection_id, directive_id in session.execute(query) if ids else ():
            if inspection_id is not None:
                found[inspection_id].append(directive_id)
    return found


def waiting(session: Session, actor: Actor, limit: int) -> tuple[list[InspectionView], int]:
    """(inspections that wait for the actor's unit, the nearest day first; how many there are): one statement.

    Those who inspect owe a planned one whose day has come or comes within a week, and the conclusion of one that was
    held; the inspected unit owes its report to one that is planned or held, until it has sent one.
    """
    owed: list[sa.ColumnElement[bool]] = [sa.false()]
    if actor.may("inspection.edit"):
        come = sa.and_(Inspection.state == PLANNED, Inspection.planned_on <= today() + SOON)
        owed.append(sa.and_(Inspection.by_unit_id == actor.unit_id, sa.or_(come, Inspection.state == HELD)))
    if actor.may("inspection.answer"):
        sent = sa.exists().where(UnitReport.inspection_id == Inspection.id)
        own = sa.and_(Unit.level == actor.level, ~inspecting(actor))
        owed.append(sa.and_(own, Inspection.state.in_((PLANNED, HELD)), ~sent))
    query = (
        selection(actor)
        .add_columns(sa.func.count().over())
        .where(in_scope(actor, Inspection.unit_id), sa.or_(*owed))
        .order_by(sa.func.coalesce(day_of(), date.max), Inspection.id)
        .limit(limit)
    )
    rows = session.execute(query).all()
    return [head(row[:-1]) for row in rows], rows[0][-1] if rows else 0


def counting(actor: Actor, unit_id: int, year: int) -> sa.Select[*tuple[Any, ...]]:
    """One row: the fields of Counts of the inspections of a unit and those below it in a year."""
    mine = (in_scope(actor, Inspection.unit_id), under(unit_id, Inspection.unit_id))
    return _together(*mine, Inspection.year == year)


def _together(*conditions: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    late = sa.and_(Inspection.state == PLANNED, Inspection.planned_on < today())
    cases = [*(Inspection.state == state for state in STATES), late]
    sums = (sa.func.coalesce(sa.func.sum(sa.case((case, 1), else_=0)), 0) for case in cases)
    named = (total.label(name) for total, name in zip(sums, Counts.__slots__, strict=True))
    return sa.select(*named).select_from(joined()).where(*conditions)
