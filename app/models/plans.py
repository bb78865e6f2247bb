"""Plans (kế hoạch) of programs and of model hamlets, the tasks of plans and of targets, and what was done on them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, ClientMade, Dong, Editable, Folded, Id, Moment, Thousandths

PLAN_KINDS = ("period", "year", "model_hamlet")
TASK_KINDS = ("target", "task", "solution")


class Plan(ClientMade, Editable, Base):
    """A plan of a unit: for a program's period, for a year of a program, or for a hamlet to become a model.

    `state` is moved by the workflow alone; `due_on` is when the next move is due.
    """

    __tablename__ = "plans"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('period', 'year', 'model_hamlet')", name="kind"),
        sa.Index("ix_plans_updated_at_id", "updated_at", "id"),
    )

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    program_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programs.id"), index=True)
    year: Mapped[int | None]  # of a plan for a period: none
    title: Mapped[str] = mapped_column(sa.String(300))
    responsible: Mapped[str] = mapped_column(sa.String(200), default="")
    state: Mapped[str] = mapped_column(sa.String(16), default="draft")
    due_on: Mapped[date | None]
    from_plan_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("plans.id")
    )  # whose text it began with
    illustrative: Mapped[bool] = mapped_column(default=False)
    search: Mapped[Folded]


class PlanVersion(Base):
    """A plan as it was sent, whole and for good: number 1, 2, … in the order of sending. Append-only."""

    __tablename__ = "plan_versions"

    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plans.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    at: Mapped[Moment]
    by: Mapped[str] = mapped_column(sa.String(80))


class PlanFund(Base):
    """Money that a plan counts on, in đồng: of a project from a source, or of one budget line."""

    __tablename__ = "plan_funds"
    __table_args__ = (sa.CheckConstraint("amount > 0", name="amount"),)

    id: Mapped[Id]
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plans.id"), index=True)
    position: Mapped[int]
    project_id: Mapped[int | None] = mapped_column(sa.ForeignKey("projects.id"))
    source: Mapped[str] = mapped_column(sa.ForeignKey("funding_sources.code"))
    capital_kind: Mapped[str] = mapped_column(sa.String(12))
    amount: Mapped[Dong]
    budget_line_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("budget_lines.id"))
    note: Mapped[str] = mapped_column(sa.String(500), default="")


class Task(Base):
    """Something to do or to reach (nhiệm vụ, chỉ tiêu, giải pháp): of a plan, or on the way to a target.

    With a `quantity` in `measure` its progress is counted in that; without, in percent. A task that is taken out
    stays on record, as what was reported of it does.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        sa.CheckConstraint("(plan_id IS NULL) = (target_id IS NOT NULL)", name="one_owner"),
        sa.CheckConstraint("kind IN ('target', 'task', 'solution')", name="kind"),
        sa.CheckConstraint("quantity IS NULL OR quantity > 0", name="quantity"),
    )

    id: Mapped[Id]
    plan_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("plans.id"), index=True)
    target_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("targets.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(8), default="task")
    text: Mapped[str] = mapped_column(sa.String(1000))
    measure: Mapped[str] = mapped_column(sa.String(60), default="")
    quantity: Mapped[Thousandths | None]
    due_on: Mapped[date | None]
    responsible: Mapped[str] = mapped_column(sa.String(200), default="")
    work_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("works.id"), index=True)
    budget_line_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("budget_lines.id"), index=True)
    removed: Mapped[bool] = mapped_column(default=False)


class TaskProgress(ClientMade, Base):
    """How far a task had come on a day; the latest stands. Append-only."""

    __tablename__ = "task_progress"
    __table_args__ = (
        sa.CheckConstraint("value >= 0", name="value"),
        sa.Index("ix_task_progress_task_id_reported_on", "task_id", "reported_on"),
    )

    task_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("tasks.id"))
    reported_on: Mapped[date]
    value: Mapped[Thousandths]  # in the task's measure, or percent
    note: Mapped[str] = mapped_column(sa.String(2000), default="")


class WorkflowEvent(Base):
    """A move of something that is appraised (a plan …): who, when, on which document, with which remark. Append-only."""

    __tablename__ = "workflow_events"
    __table_args__ = (sa.Index("ix_workflow_events_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(sa.String(24))
    subject_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid)
    version: Mapped[int | None]  # of the text that was moved
    move: Mapped[str] = mapped_column(sa.String(16))
    from_state: Mapped[str] = mapped_column(sa.String(16))
    to_state: Mapped[str] = mapped_column(sa.String(16))
    remark: Mapped[str] = mapped_column(sa.String(4000), default="")
    document_number: Mapped[str] = mapped_column(sa.String(120), default="")
    document_date: Mapped[date | None]
    document_issuer: Mapped[str] = mapped_column(sa.String(200), default="")
    document_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("documents.id"))
    on: Mapped[date]
    due_on: Mapped[date | None]  # when the next move is due
    at: Mapped[Moment]
    by: Mapped[str] = mapped_column(sa.String(80))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))  # of whom it came from
