"""Tasks as people and clients see them on a day: how far each has come, whether it is off track, and why."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.ledger.figures import lines_on
from app.domain.works.register import days_late
from app.models.criteria import Target
from app.models.ledger import BudgetLine
from app.models.plans import TASK_KINDS, Plan, Task, TaskProgress
from app.models.programs import Project
from app.models.progress import Obstacle
from app.models.works import Work

KINDS: Final = TASK_KINDS
WHOLE: Final = Decimal(100)
OwnerKind = Literal["plan", "target"]
Owner = tuple[OwnerKind, uuid.UUID]
"""Whose tasks: a plan's or a target's."""
OWNERS: Final[dict[OwnerKind, tuple[Any, Any]]] = {
    "plan": (Plan, Task.plan_id),
    "target": (Target, Task.target_id),
}


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task as it is to stand; `id` of one that stands, or made by a client, or none for a new one.

    With `quantity` its progress is counted in `measure`, without in percent.
    """

    text: str
    id: uuid.UUID | None = None
    kind: str = "task"
    measure: str = ""
    quantity: Decimal | None = None
    due_on: date | None = None
    responsible: str = ""
    work_id: uuid.UUID | None = None
    budget_line_id: uuid.UUID | None = None

    def facts(self) -> tuple[object, ...]:
        """What tells it from another, for the hash of what creates its owner."""
        return tuple(plain(getattr(self, name)) for name in self.__slots__)


def plain(value: object) -> object:
    """A figure without needless zeros: 5 and 5.000 are the same."""
    return value.normalize() if isinstance(value, Decimal) else value


@dataclass(frozen=True, slots=True)
class OffTrack:
    """Why a task is off track.

    `overdue`: `figure` days past its due day and not done. `work_late`: its work is `figure` days past its planned
    finish. `work_held`: its work has `figure` obstacles that are not resolved. `money_at_risk`: `figure` đồng of its
    budget line will be left over at the present pace.
    """

    code: Literal["overdue", "work_late", "work_held", "money_at_risk"]
    figure: int


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task. `value` is what was reported last up to the day asked for, in `measure` or, without `quantity`, in percent."""

    id: uuid.UUID
    kind: str
    text: str
    measure: str
    quantity: Decimal | None
    due_on: date | None
    responsible: str
    work_id: uuid.UUID | None
    work_name: str | None
    budget_line_id: uuid.UUID | None
    line_name: str | None  # project · year
    value: Decimal | None
    reported_on: date | None
    note: str
    off_track: tuple[OffTrack, ...] = ()

    @property
    def goal(self) -> Decimal:
        """What `value` must come to."""
        return WHOLE if self.quantity is None else self.quantity

    @property
    def done(self) -> bool:
        return self.value is not None and self.value >= self.goal

    @property
    def percent(self) -> int:
        """How far it has come, in whole percent cut down, at most 100."""
        return min(100, int((self.value or 0) * 100 / self.goal))


@dataclass(frozen=True, slots=True)
class ProgressView:
    """How far a task had come on a day, as it was reported."""

    id: uuid.UUID
    task_id: uuid.UUID
    reported_on: date
    value: Decimal
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Linked:
    """What a task's work and line say on a day."""

    stage: str | None
    planned_finish: date | None
    finished_on: date | None
    obstacles: int
    line_year: int | None


def tasks_of(
    session: Session, kind: OwnerKind, ids: Collection[uuid.UUID], on: date
) -> dict[uuid.UUID, list[TaskView]]:
    """The tasks of each of these owners in their order, as of a day: at most three statements, whatever their number.

    The owners' scope was looked at by the caller.
    """
    found: dict[uuid.UUID, list[tuple[TaskView, _Linked]]] = {id_: [] for id_ in ids}
    if not found:
        return {}
    for owner, *columns in session.execute(_selection(kind, on).where(OWNERS[kind][1].in_(list(found)))):
        found[owner].append((TaskView(*columns[:-5]), _Linked(*columns[-5:])))
    together = [pair for pairs in found.values() for pair in pairs]
    lines = {task.budget_line_id: its.line_year for task, its in together if task.budget_line_id is not None}
    at_risk = {
        id_: money.at_risk
        for id_, money in lines_on(
            session, list(lines), {year for year in lines.values() if year}, on
        ).items()
    }
    return {
        owner: [replace(task, off_track=tuple(_off_track(task, its, at_risk, on))) for task, its in pairs]
        for owner, pairs in found.items()
    }


def texts_of(session: Session, owner: Owner) -> list[NewTask]:
    """The tasks of an owner as they were written, in their order: one statement."""
    query = sa.select(*(getattr(Task, name) for name in NewTask.__slots__)).where(
        OWNERS[owner[0]][1] == owner[1], ~Task.removed
    )
    return [NewTask(*row) for row in session.execute(query.order_by(Task.position, Task.id))]


def _selection(kind: OwnerKind, on: date) -> sa.Select[*tuple[Any, ...]]:
    """The owner's id, the columns of TaskView, then those of _Linked."""
    latest = sa.orm.aliased(TaskProgress)
    last = (
        sa.select(latest.id)
        .where(latest.task_id == Task.id, latest.reported_on <= on)
        .order_by(latest.reported_on.desc(), latest.created_at.desc(), latest.id.desc())
        .limit(1)
        .correlate(Task)
        .scalar_subquery()
    )
    obstacles = (
        sa.select(sa.func.count())
        .where(
            Obstacle.work_id == Task.work_id,
            Obstacle.raised_on <= on,
            sa.or_(Obstacle.resolved_on.is_(None), Obstacle.resolved_on > on),
        )
        .correlate(Task)
        .scalar_subquery()
    )
    line_name = Project.code + sa.literal(" · ") + sa.cast(BudgetLine.year, sa.String)
    return (
        sa.select(
            OWNERS[kind][1], Task.id, Task.kind, Task.text, Task.measure, Task.quantity, Task.due_on,
            Task.responsible, Task.work_id, Work.name, Task.budget_line_id, line_name, TaskProgress.value,
            TaskProgress.reported_on, sa.func.coalesce(TaskProgress.note, ""), Work.stage, Work.planned_finish,
            Work.finished_on, obstacles, BudgetLine.year,
        )
        .select_from(Task)
        .outerjoin(TaskProgress, TaskProgress.id == last)
        .outerjoin(Work, Work.id == Task.work_id)
        .outerjoin(BudgetLine, BudgetLine.id == Task.budget_line_id)
        .outerjoin(Project, Project.id == BudgetLine.project_id)
        .where(~Task.removed)
        .order_by(Task.position, Task.id)
    )  # fmt: skip


def _off_track(task: TaskView, its: _Linked, at_risk: dict[uuid.UUID, int], on: date) -> Iterator[OffTrack]:
    if task.done:
        return
    if task.due_on is not None and task.due_on < on:
        yield OffTrack("overdue", (on - task.due_on).days)
    unfinished = its.finished_on is None or its.finished_on > on
    if its.stage is not None and unfinished and (late := days_late(its.stage, its.planned_finish, on)):
        yield OffTrack("work_late", late)
    if its.obstacles:
        yield OffTrack("work_held", its.obstacles)
    if task.budget_line_id is not None and at_risk.get(task.budget_line_id):
        yield OffTrack("money_at_risk", at_risk[task.budget_line_id])


def reports_of(session: Session, owner: Owner, on: date) -> dict[uuid.UUID, list[ProgressView]]:
    """What was reported of each task of an owner up to a day, the latest first: one statement."""
    query = (
        sa.select(
            TaskProgress.id, TaskProgress.task_id, TaskProgress.reported_on, TaskProgress.value,
            TaskProgress.note, TaskProgress.created_by, TaskProgress.created_at,
        )
        .join(Task, Task.id == TaskProgress.task_id)
        .where(OWNERS[owner[0]][1] == owner[1], TaskProgress.reported_on <= on)
        .order_by(TaskProgress.reported_on.desc(), TaskProgress.created_at.desc(), TaskProgress.id.desc())
    )  # fmt: skip
    found: dict[uuid.UUID, list[ProgressView]] = {}
    for row in session.execute(query):
        found.setdefault(row[1], []).append(ProgressView(*row))
    return found
