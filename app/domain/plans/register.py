"""Lists of plans under filters, with what was remarked on them; and what waits for one person."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain import tasks, workflow
from app.domain.access import Actor, in_scope, require, under
from app.domain.plans.actual import FundActual, money
from app.domain.plans.drafting import unit_meant
from app.domain.plans.flow import PLAN_FLOW, SUBJECT
from app.domain.plans.views import FundView, PlanView, funds_of, joined, one, owed, selection, sent_back
from app.domain.tasks import NewTask, TaskView
from app.domain.workflow import MoveView
from app.models.plans import Plan
from app.models.programs import Program
from app.models.territory import Unit
from app.text import fold


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What a list of plans is narrowed to; None leaves it open, so does none of `states` and `programs`.

    `mine`: waiting for a move of the actor's own unit.
    """

    unit: str | None = None
    kind: str | None = None
    program_code: str | None = None
    year: int | None = None
    state: str | None = None
    states: Collection[str] = ()
    programs: Collection[str] = ()
    mine: bool | None = None
    q: str | None = None
    updated_since: datetime | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """A plan with its tasks as they are today, its money beside the lines that it is of, and what happened to it."""

    plan: PlanView
    items: list[TaskView]
    funds: list[FundActual]
    events: list[MoveView]


def _conditions(session: Session, actor: Actor, wanted: PlanFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield in_scope(actor, Plan.unit_id)
    if wanted.unit is not None:
        yield under(unit_meant(session, actor, wanted.unit, wanted.year, as_of=wanted.as_of).id, Plan.unit_id)
    same = {"kind": Plan.kind, "program_code": Program.code, "year": Plan.year, "state": Plan.state}
    for name, column in same.items():
        if getattr(wanted, name) is not None:
            yield column == getattr(wanted, name)
    for column, allowed in ((Plan.state, wanted.states), (Program.code, wanted.programs)):
        if allowed:
            yield column.in_(allowed)
    if wanted.mine is not None:
        yield owed(actor) if wanted.mine else ~owed(actor)
    for word in fold(wanted.q or "").split():
        yield sa.or_(*(table.search.contains(word, autoescape=True) for table in (Plan, Unit)))
    if wanted.updated_since is not None:
        yield Plan.updated_at >= wanted.updated_since


def plans(
    actor: Actor,
    wanted: PlanFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    by_name: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[PlanView]:
    """Plans in the order in which they changed last (`after`: the last one seen), or for people those of the latest
    year first, by program, unit and title."""
    require(actor, "read")
    with db.transaction() as session:
        query = selection(actor).where(*_conditions(session, actor, wanted))
        if after is not None:
            query = query.where(db.past(Plan.updated_at, Plan.id, after))
        order = (
            (sa.func.coalesce(Plan.year, Program.period_to).desc(), Program.position, Unit.sort_key, Plan.id)
            if by_name
            else (Plan.updated_at, Plan.id)
        )
        rows = session.execute(query.order_by(*order).offset(offset).limit(limit))
        return [PlanView(*row) for row in rows]


def with_remarks(
    actor: Actor,
    wanted: PlanFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    limit: int = 50,
) -> list[tuple[PlanView, list[MoveView]]]:
    """`plans` in the order in which they changed last, each with the moves that came with words, in order."""
    found = plans(actor, wanted, after=after, limit=limit)
    with db.transaction() as session:
        said = workflow.history(session, PLAN_FLOW, [plan.id for plan in found], with_words=True)
    return [(plan, said[plan.id]) for plan in found]


def count(actor: Actor, wanted: PlanFilter) -> int:
    """How many plans there are under a filter."""
    require(actor, "read")
    with db.transaction() as session:
        query = sa.select(sa.func.count()).select_from(joined())
        return session.execute(query.where(*_conditions(session, actor, wanted))).scalar_one()


def get(actor: Actor, plan_id: uuid.UUID) -> PlanView:
    """One plan; NotFound outside the actor's scope."""
    require(actor, "read")
    with db.transaction() as session:
        return one(session, actor, plan_id)


def whole(actor: Actor, plan_id: uuid.UUID) -> Whole:
    """One plan with all that belongs to it, as it stands today."""
    require(actor, "read")
    with db.snapshot() as session:
        plan, day = one(session, actor, plan_id), today()
        return Whole(
            plan,
            tasks.tasks_of(session, SUBJECT, [plan_id], day)[plan_id],
            money(session, actor, plan, funds_of(session, plan_id), day),
            workflow.history(session, PLAN_FLOW, [plan_id])[plan_id],
        )


def text(actor: Actor, plan_id: uuid.UUID) -> tuple[PlanView, list[NewTask], list[FundView]]:
    """A plan as it is written: its head, its tasks, its money."""
    require(actor, "read")
    with db.snapshot() as session:
        plan = one(session, actor, plan_id)
        return plan, tasks.texts_of(session, (SUBJECT, plan_id)), funds_of(session, plan_id)


def years(actor: Actor) -> list[int]:
    """The years that plans in the actor's scope are for, the latest first."""
    require(actor, "read")
    query = (
        sa.select(Plan.year)
        .where(in_scope(actor, Plan.unit_id), Plan.year.is_not(None))
        .group_by(Plan.year)
        .order_by(Plan.year.desc())
    )
    with db.transaction() as session:
        return [year for year in session.execute(query).scalars() if year is not None]


def alike(
    actor: Actor, unit_code: str, kind: str, program_code: str | None, year: int | None
) -> list[PlanView]:
    """Plans of a unit, and of those that it took over, of one kind and program: first those of the same year, then those
    before it, the latest first."""
    require(actor, "read")
    with db.transaction() as session:
        unit = unit_meant(session, actor, unit_code, year)
        query = selection(actor).where(
            in_scope(actor, Plan.unit_id),
            under(unit.id, Plan.unit_id),
            Unit.level == unit.level,
            Plan.kind == kind,
        )
        if program_code is not None:
            query = query.where(Program.code == program_code)
        if year is not None:
            query = query.where(Plan.year <= year)
        rows = session.execute(query.order_by(Plan.year.desc(), Plan.created_at.desc()).limit(20))
        return [PlanView(*row) for row in rows]


def waiting_for(actor: Actor, limit: int) -> tuple[list[PlanView], int]:
    """`waiting` in a transaction of its own."""
    require(actor, "read")
    with db.transaction() as session:
        return waiting(session, actor, limit)


def waiting_rows(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    """What `waiting` finds, beside other kinds of things: see `workflow.first_waiting`."""
    rows = workflow.waiting_rows(SUBJECT, Plan, Plan.title, joined(), owed(actor), sent_back(actor))
    return rows.where(in_scope(actor, Plan.unit_id))


def waiting(session: Session, actor: Actor, limit: int) -> tuple[list[PlanView], int]:
    """(plans that wait for the actor: for a move of theirs first, then those returned to their own unit, the first due
    first; how many there are): one statement."""
    query = selection(actor).where(in_scope(actor, Plan.unit_id))
    rows, number = workflow.waiting(session, query, Plan, owed(actor), sent_back(actor), limit)
    return [PlanView(*row) for row in rows], number
