"""Lists of targets and one of them, each with its tasks and their money on a day."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain.access import Actor, in_scope, require, under
from app.domain.ledger.figures import lines_on
from app.domain.ledger.pockets import Pockets, total
from app.domain.targets.views import DROPPED, SUBJECT, TargetView, selection, state_on
from app.domain.tasks import TaskView, tasks_of
from app.domain.territory import UnitView, resolve
from app.errors import NotFound
from app.models.criteria import CriteriaSet, Criterion, Target
from app.models.ledger import BudgetLine
from app.models.territory import Unit


@dataclass(frozen=True, slots=True)
class TargetFilter:
    """What a list of targets is narrowed to; None leaves it open. `year` is that in which they are due."""

    unit: str | UnitView | None = None  # named, or looked up for the actor
    set_code: str | None = None
    criterion: int | None = None
    recognition: str | None = None
    state: str | None = None
    year: int | None = None
    as_of: date | None = None
    updated_since: datetime | None = None


def _conditions(
    session: Session, actor: Actor, wanted: TargetFilter, day: date
) -> Iterator[sa.ColumnElement[bool]]:
    yield in_scope(actor, Target.unit_id)
    if wanted.unit is not None:
        unit = wanted.unit
        if not isinstance(unit, UnitView):
            unit = resolve(session, actor, unit, as_of=wanted.as_of, year=wanted.year)
        yield under(unit.id, Target.unit_id)
    same = {
        "set_code": CriteriaSet.code, "criterion": Criterion.number,
        "recognition": Target.recognition, "state": state_on(day),
    }  # fmt: skip
    for name, column in same.items():
        if getattr(wanted, name) is not None:
            yield column == getattr(wanted, name)
    if wanted.year is not None:
        yield Target.due_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31))
    if wanted.updated_since is not None:
        yield Target.updated_at >= wanted.updated_since


def targets(
    actor: Actor,
    wanted: TargetFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    by_due: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[TargetView]:
    """Targets as of a day (default: today), in the order in which they changed last (`after`: the last one seen), or
    for people by the day on which they are due."""
    require(actor, "read")
    day = wanted.as_of or today()
    with db.snapshot() as session:
        query = selection(day).where(*_conditions(session, actor, wanted, day))
        if after is not None:
            query = query.where(db.past(Target.updated_at, Target.id, after))
        order: tuple[Any, ...] = (Target.updated_at, Target.id)
        if by_due:
            order = (Target.due_on, Unit.sort_key, Criterion.number, Target.id)
        return whole(session, session.execute(query.order_by(*order).offset(offset).limit(limit)).all(), day)


def whole(session: Session, rows: Sequence[sa.Row[Any]], day: date) -> list[TargetView]:
    """Rows of `selection` with their tasks and the money tied to them: at most six statements, however many."""
    found = [TargetView(*[*row, day]) for row in rows]
    tasks = tasks_of(session, SUBJECT, [target.id for target in found], day)
    tied = _tied(session, [task for of_one in tasks.values() for task in of_one])
    money = lines_on(session, [line.id for line in tied], {line.year for line in tied}, day)

    def of(target: TargetView) -> Pockets:
        """Each line once, be it tied by a task, by its work, or by several."""
        own = {task.budget_line_id for task in tasks[target.id]}
        works = {task.work_id for task in tasks[target.id]} - {None}
        return total(
            money[line.id].pockets
            for line in tied
            if line.id in money and (line.id in own or line.work_id in works)
        )

    return [replace(target, tasks=tuple(tasks[target.id]), money=of(target)) for target in found]


@dataclass(frozen=True, slots=True)
class _Line:
    id: uuid.UUID
    work_id: uuid.UUID | None
    year: int


def _tied(session: Session, tasks: Sequence[TaskView]) -> list[_Line]:
    """The lines to which tasks are tied, and those of their works: one statement, none where nothing is tied."""
    lines = {task.budget_line_id for task in tasks} - {None}
    works = {task.work_id for task in tasks} - {None}
    if not lines and not works:
        return []
    query = sa.select(BudgetLine.id, BudgetLine.work_id, BudgetLine.year).where(
        sa.or_(BudgetLine.id.in_(lines), BudgetLine.work_id.in_(works))
    )
    return [_Line(*row) for row in session.execute(query)]


def heads(actor: Actor, unit_id: int, day: date) -> list[TargetView]:
    """The targets of a unit and of those below it that were not dropped by a day, by the day on which they are due,
    without their tasks: one statement."""
    require(actor, "read")
    query = (
        selection(day)
        .where(in_scope(actor, Target.unit_id), under(unit_id, Target.unit_id), state_on(day) != DROPPED)
        .order_by(Target.due_on, Unit.sort_key, Criterion.number, Target.id)
    )
    with db.transaction() as session:
        return [TargetView(*[*row, day]) for row in session.execute(query)]


def number_of(actor: Actor, wanted: TargetFilter) -> int:
    """How many targets a filter leaves."""
    require(actor, "read")
    day = wanted.as_of or today()
    with db.transaction() as session:
        query = selection(day).where(*_conditions(session, actor, wanted, day))
        return session.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()


def get(actor: Actor, target_id: uuid.UUID, *, as_of: date | None = None) -> TargetView:
    """One target as of a day (default: today); NotFound outside the actor's scope."""
    require(actor, "read")
    with db.snapshot() as session:
        return one(session, actor, target_id, as_of)


def one(session: Session, actor: Actor, target_id: uuid.UUID, as_of: date | None = None) -> TargetView:
    """`get` in the transaction of whoever asks."""
    day = as_of or today()
    query = selection(day).where(Target.id == target_id, in_scope(actor, Target.unit_id))
    found = whole(session, session.execute(query).all(), day)
    if not found:
        raise NotFound()
    return found[0]
