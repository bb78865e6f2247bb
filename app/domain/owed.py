"""What waits for one person in works, criteria, plans and directives, in one statement: settlements to decide,
assessments to verify, tasks and steps due, late works, what their unit gave and is overdue."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import today
from app.domain.access import Actor, in_scope
from app.domain.directives.views import OPEN as GIVEN
from app.domain.directives.views import RETURNED
from app.domain.plans.flow import APPROVED, RECOGNISED
from app.domain.sides import directly_below, is_above
from app.domain.tasks.views import WHOLE
from app.domain.territory import LEVELS
from app.domain.works.register import UNFINISHED
from app.domain.works.stages import CLOSED, STOPPED
from app.domain.works.steps import OPEN
from app.models.criteria import Assessment, Target
from app.models.plans import Plan, Task, TaskProgress
from app.models.procedures import WorkStep
from app.models.steering import Directive
from app.models.territory import Unit
from app.models.works import Settlement, Work

SETTLEMENT, ASSESSMENTS, PLAN_TASK, TARGET_TASK, STEP, GAVE, LATE_WORK = KINDS = (
    "settlement", "assessments", "plan_task", "target_task", "step", "gave", "works",
)  # fmt: skip
Part = sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing, or of `assessments` all of them together: `on` is when it is, or since when it waits; `within` the work,
    plan or target that it belongs to, `beside` what stands with it (of a late work its stage), `amount` in đồng (of a late
    work percent), `number` of this kind in all."""

    kind: str
    id: uuid.UUID
    within: uuid.UUID | None
    name: str
    on: date
    beside: str
    unit_name: str
    amount: int
    illustrative: bool
    number: int


def owed(session: Session, actor: Actor, limit: int, *, soon: date) -> list[Owed]:
    """At most `limit` of each kind, the first due first; tasks and steps that are due by a day (`soon`). One statement."""
    parts = [
        sa.select(part.add_columns(sa.func.count().over()).order_by(part.selected_columns.c4, part.selected_columns.c1).limit(limit).subquery())
        for part in _parts(actor, soon)
    ]  # fmt: skip
    if actor.may("assessment.verify") and "commune" in directly_below(actor):
        parts.append(_to_verify(actor))
    return [Owed(*row) for row in session.execute(sa.union_all(*parts))]


def _parts(actor: Actor, soon: date) -> Iterator[Part]:
    yield (
        _row(LATE_WORK, Work.id, None, Work.name, Work.planned_finish, Work.stage, Work.physical_percent, Work.illustrative)
        .join(Unit, Unit.id == Work.owner_unit_id)
        .where(in_scope(actor, Work.owner_unit_id), Work.stage.in_(UNFINISHED), Work.planned_finish < today())
    )  # fmt: skip
    if actor.may("settlement.decide"):
        yield (
            _row(SETTLEMENT, Settlement.id, Work.id, Work.name, Settlement.submitted_on, "", Settlement.proposed_value, Settlement.illustrative)
            .join(Work, Work.id == Settlement.work_id)
            .join(Unit, Unit.id == Work.owner_unit_id)
            .where(Settlement.decided_on.is_(None), *_own(actor, Work.owner_unit_id))
        )  # fmt: skip
    if actor.may("task.report"):
        approved = (Plan.state.in_((APPROVED, RECOGNISED)), *_own(actor, Plan.unit_id), *_due(soon))
        yield (
            _row(PLAN_TASK, Task.id, Plan.id, Task.text, Task.due_on, Plan.title, 0, Plan.illustrative)
            .join(Plan, Plan.id == Task.plan_id)
            .join(Unit, Unit.id == Plan.unit_id)
            .where(*approved)
        )
        kept = (Target.dropped_on.is_(None), *_own(actor, Target.unit_id), *_due(soon))
        yield (
            _row(TARGET_TASK, Task.id, Target.id, Task.text, Task.due_on, "", 0, Target.illustrative)
            .join(Target, Target.id == Task.target_id)
            .join(Unit, Unit.id == Target.unit_id)
            .where(*kept)
        )
    if actor.may("step.edit"):
        yield (
            _row(STEP, WorkStep.id, Work.id, WorkStep.name, WorkStep.due_on, Work.name, 0, Work.illustrative)
            .join(Work, Work.id == WorkStep.work_id)
            .join(Unit, Unit.id == Work.owner_unit_id)
            .where(
                WorkStep.status == OPEN, WorkStep.due_on <= soon, Work.stage.not_in((*CLOSED, *STOPPED)),
                *_own(actor, Work.owner_unit_id),
            )
        )  # fmt: skip
    if actor.role == "leader":
        yield (
            _row(GAVE, Directive.id, None, Directive.text, Directive.due_on, Directive.assignee_name, 0, Directive.illustrative)
            .join(Unit, Unit.id == Directive.unit_id)
            .where(
                in_scope(actor, Directive.unit_id), Directive.giver_unit_id == actor.unit_id,
                Directive.unit_id != actor.unit_id, Directive.state.in_((GIVEN, RETURNED)), Directive.due_on < today(),
            )
        )  # fmt: skip


def _row(
    kind: str,
    id_: Any,
    within: Any,
    name: Any,
    on: Any,
    beside: Any,
    amount: Any,
    invented: Any,
    unit: Any = Unit.name,
) -> Part:
    """The columns of Owed but for `number`, of one type in every part of the statement."""
    typed = (
        (kind, sa.String), (id_, sa.Uuid), (within, sa.Uuid), (name, sa.String), (on, sa.Date), (beside, sa.String),
        (unit, sa.String), (amount, sa.BigInteger), (invented, sa.Boolean),
    )  # fmt: skip
    return sa.select(*(
        sa.type_coerce(value, type_).label(f"c{at}")
        if isinstance(value, sa.ColumnElement | sa.orm.InstrumentedAttribute)
        else sa.cast(sa.literal(value, type_), type_).label(f"c{at}")
        for at, (value, type_) in enumerate(typed)
    ))  # fmt: skip


def _own(actor: Actor, unit_id: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """The condition that something is kept by the actor's own unit, as what is a hamlet's is by its commune."""
    return in_scope(actor, unit_id), Unit.level.in_([level for level in LEVELS if not is_above(actor, level)])


def _due(soon: date) -> tuple[sa.ColumnElement[bool], ...]:
    """Of a task, that it is due by a day and was not reported as done."""
    last = (
        sa.select(TaskProgress.value)
        .where(TaskProgress.task_id == Task.id)
        .order_by(TaskProgress.reported_on.desc(), TaskProgress.created_at.desc(), TaskProgress.id.desc())
        .limit(1)
        .correlate(Task)
        .scalar_subquery()
    )
    goal = sa.func.coalesce(Task.quantity, sa.literal(WHOLE, Task.quantity.type))
    return ~Task.removed, Task.due_on <= soon, sa.or_(last.is_(None), last < goal)


def _to_verify(actor: Actor) -> Part:
    """Assessments without a word of the unit above, all in one row; none that the actor recorded."""
    waiting = (
        in_scope(actor, Assessment.unit_id), Unit.level.in_((*directly_below(actor), "hamlet")), Assessment.verdict == "",
        Assessment.withdrawn_at.is_(None), Assessment.created_by != actor.ref,
    )  # fmt: skip
    first, invented = (
        sa.func.min(Assessment.assessed_on),
        sa.func.max(sa.case((Assessment.illustrative, 1), else_=0)) == 1,
    )
    all_of_them = _row(ASSESSMENTS, uuid.UUID(int=0), None, "", first, "", 0, invented, unit="")
    return (
        all_of_them.add_columns(sa.func.count())
        .join_from(Assessment, Unit, Unit.id == Assessment.unit_id)
        .where(*waiting)
        .having(sa.func.count() > 0)
    )
