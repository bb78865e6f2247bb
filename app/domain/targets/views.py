"""A target as it stands on a day: reached or not, how far its tasks have come, what is off track and why."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from app.domain.criteria.spells import on_day
from app.domain.ledger.pockets import EMPTY, Pockets
from app.domain.plans.flow import MODEL_HAMLET, RECOGNISED
from app.domain.plans.flow import SUBJECT as PLAN
from app.domain.tasks import OffTrack, TaskView
from app.models.criteria import RECOGNITIONS, CriteriaSet, Criterion, CriterionSpell, Target
from app.models.plans import Plan, WorkflowEvent
from app.models.territory import Unit

SUBJECT: Final = "target"
OPEN, OVERDUE, REACHED, DROPPED = "open", "overdue", "reached", "dropped"
STATES: Final = (OPEN, OVERDUE, REACHED, DROPPED)
HAMLETS: Final = "model_hamlet"  # the recognition that a hamlet's plan leads to

__all__ = ["RECOGNITIONS", "STATES", "Lag", "TargetView", "selection", "state_on"]


@dataclass(frozen=True, slots=True)
class Lag:
    """Why a target is off track: `overdue` (`figure` days past its due day), `lost` (what it is about had been met),
    `no_tasks`, `nobody` (no responsible member)."""

    code: Literal["overdue", "lost", "no_tasks", "nobody"]
    figure: int = 0


@dataclass(frozen=True, slots=True)
class TargetView:
    """A target on a day. `criterion_number` or `recognition`; `money`: of the lines tied to its tasks and their works."""

    id: uuid.UUID
    unit_id: int
    unit_code: str
    unit_structure: str
    unit_level: str
    unit_name: str
    set_code: str
    criterion_number: int | None
    criterion_name: str | None
    criterion_name_en: str | None
    recognition: str | None
    due_on: date
    responsible: str
    basis: str
    note: str
    recognised_on: date | None
    recognised_by: str
    dropped_on: date | None
    dropped_reason: str
    illustrative: bool
    created_by: str
    version: int
    updated_at: datetime
    reached_on: date | None
    lost: bool
    state: str
    as_of: date
    tasks: tuple[TaskView, ...] = ()
    money: Pockets = EMPTY

    @property
    def done(self) -> int:
        """Tasks that are done."""
        return sum(task.done for task in self.tasks)

    @property
    def lags(self) -> tuple[Lag, ...]:
        """Why the target itself is off track; its tasks say of themselves why they are."""
        return tuple(self._lags()) if self.state in (OPEN, OVERDUE) else ()

    def _lags(self) -> Iterator[Lag]:
        if self.state == OVERDUE:
            yield Lag("overdue", (self.as_of - self.due_on).days)
        if self.lost:
            yield Lag("lost")
        if not self.tasks:
            yield Lag("no_tasks")
        if not self.responsible:
            yield Lag("nobody")

    @property
    def late_tasks(self) -> list[tuple[TaskView, tuple[OffTrack, ...]]]:
        return [(task, task.off_track) for task in self.tasks if task.off_track]

    @property
    def off_track(self) -> bool:
        """Whether something about it, or about a task, calls for somebody; a reached or dropped one calls for none."""
        return self.state in (OPEN, OVERDUE) and bool(self.lags or self.late_tasks)

    def named(self, lang: str) -> str | None:
        """The criterion's name; None for a recognition, which has words of its own."""
        return self.criterion_name_en if lang == "en" and self.criterion_name_en else self.criterion_name


def _spell(day: date, column: Any, condition: Any) -> sa.ScalarSelect[Any]:
    """A column of the spell that holds for the target's criterion on a day, where it is so."""
    return (
        sa.select(column)
        .where(
            CriterionSpell.unit_id == Target.unit_id, CriterionSpell.criterion_id == Target.criterion_id, on_day(day),
            condition,
        )
        .correlate(Target)
        .scalar_subquery()
    )  # fmt: skip


def reached_on(day: date) -> sa.ColumnElement[Any]:
    """Since when what is aimed at stands on a day: the criterion met, the hamlet's plan recognised, the commune
    recognised by a decision; null while it does not."""
    recognised = (
        sa.select(sa.func.min(WorkflowEvent.on))
        .join(Plan, Plan.id == WorkflowEvent.subject_id)
        .where(
            WorkflowEvent.subject_kind == PLAN, WorkflowEvent.to_state == RECOGNISED, WorkflowEvent.on <= day,
            Plan.unit_id == Target.unit_id, Plan.kind == MODEL_HAMLET,
        )
        .correlate(Target)
        .scalar_subquery()
    )  # fmt: skip
    return sa.case(
        (Target.criterion_id.is_not(None), _spell(day, CriterionSpell.since, CriterionSpell.met)),
        (Target.recognition == HAMLETS, recognised),
        (Target.recognised_on <= day, Target.recognised_on),
        else_=sa.null(),
    )


def state_on(day: date) -> sa.ColumnElement[str]:
    """The state of a target on a day."""
    return sa.case(
        (Target.dropped_on <= day, DROPPED),
        (reached_on(day).is_not(None), REACHED),
        (Target.due_on < day, OVERDUE),
        else_=OPEN,
    )


def selection(day: date) -> sa.Select[*tuple[Any, ...]]:
    """The columns of TargetView in their order up to `state`."""
    lost = _spell(day, CriterionSpell.since, CriterionSpell.lost).is_not(None)
    return (
        sa.select(
            Target.id, Target.unit_id, Unit.code, Unit.structure, Unit.level, Unit.name, CriteriaSet.code,
            Criterion.number, Criterion.name, Criterion.name_en, Target.recognition, Target.due_on,
            Target.responsible, Target.basis, Target.note, Target.recognised_on, Target.recognised_by,
            Target.dropped_on, Target.dropped_reason, Target.illustrative, Target.created_by, Target.version,
            Target.updated_at, reached_on(day), lost, state_on(day),
        )
        .join(Unit, Unit.id == Target.unit_id)
        .join(CriteriaSet, CriteriaSet.id == Target.set_id)
        .outerjoin(Criterion, Criterion.id == Target.criterion_id)
    )  # fmt: skip
