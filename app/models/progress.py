"""Progress from the field, and what stands in the way."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, ClientMade, Dong, Editable, Folded, Moment

OBSTACLE_SUBJECTS = ("work", "line", "step", "support_model")
OBSTACLE_STATES = ("open", "escalated", "resolved")


class ProgressReport(ClientMade, Editable, Base):
    """A report from the site: physical percent and, if known, the value of accepted volume so far (đồng)."""

    __tablename__ = "progress_reports"
    __table_args__ = (
        sa.UniqueConstraint("work_id", "reported_on"),
        sa.CheckConstraint("physical_percent BETWEEN 0 AND 100", name="physical_percent"),
        sa.CheckConstraint("accepted_value >= 0", name="accepted_value"),
    )

    work_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("works.id"), index=True)
    reported_on: Mapped[date]
    physical_percent: Mapped[int]
    accepted_value: Mapped[Dong | None]
    note: Mapped[str] = mapped_column(sa.String(2000), default="")
    lat: Mapped[float | None]  # WGS 84, degrees: where it was written
    lon: Mapped[float | None]
    illustrative: Mapped[bool] = mapped_column(default=False)


class Milestone(Base):
    """What a work is planned to have reached by a day, in percent of its volume."""

    __tablename__ = "work_milestones"
    __table_args__ = (sa.CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),)

    work_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("works.id"), primary_key=True)
    planned_on: Mapped[date] = mapped_column(primary_key=True)
    percent: Mapped[int]


class Obstacle(ClientMade, Editable, Base):
    """Something in the way (vướng mắc) of a work, a line, a step or a support model; resolved here or by the unit above."""

    __tablename__ = "obstacles"
    __table_args__ = (
        sa.CheckConstraint("subject_kind IN ('work', 'line', 'step', 'support_model')", name="subject_kind"),
        sa.CheckConstraint("state IN ('open', 'escalated', 'resolved')", name="state"),
        sa.CheckConstraint("(state = 'resolved') = (resolved_on IS NOT NULL)", name="resolved_on"),
        sa.Index("ix_obstacles_updated_at_id", "updated_at", "id"),
    )

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    subject_kind: Mapped[str] = mapped_column(sa.String(24))
    subject_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, index=True)
    work_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("works.id"), index=True)
    line_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("budget_lines.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40), default="other")
    text: Mapped[str] = mapped_column(sa.String(2000))
    resolver: Mapped[str] = mapped_column(sa.String(200), default="")  # who can resolve it
    state: Mapped[str] = mapped_column(sa.String(16), default="open")
    raised_on: Mapped[date]
    escalated_to: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    escalated_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    resolved_on: Mapped[date | None]
    illustrative: Mapped[bool] = mapped_column(default=False)
    search: Mapped[Folded]


class ObstacleEvent(Base):
    """What happened to an obstacle: raised, escalated, answered, resolved, opened again. Append-only."""

    __tablename__ = "obstacle_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    obstacle_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("obstacles.id"), index=True)
    what: Mapped[str] = mapped_column(sa.String(16))
    text: Mapped[str] = mapped_column(sa.String(2000), default="")
    on: Mapped[date]
    at: Mapped[Moment]
    by: Mapped[str] = mapped_column(sa.String(80))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))  # of whom it came from
    to_unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))  # of an escalation: to whom
