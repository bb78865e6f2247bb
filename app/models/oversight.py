"""Oversight: inspections with their findings, outreach, and what people themselves observe of works and models."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, ClientMade, Editable, Folded, Id, Moment

INSPECTION_STATES = ("planned", "held", "concluded", "cancelled")
FINDING_SUBJECTS = ("work", "line", "criterion", "support_model", "directive", "plan")
CHECK_RESULTS = ("met", "not_met", "not_applicable", "checked")  # checked: looked at, without a verdict


class Inspection(ClientMade, Editable, Base):
    """An inspection (kiểm tra) of a unit by one above: planned for a year, held by a team set up by decision, concluded."""

    __tablename__ = "inspections"
    __table_args__ = (
        sa.CheckConstraint("state IN ('planned', 'held', 'concluded', 'cancelled')", name="state"),
        sa.CheckConstraint("state IN ('planned', 'cancelled') OR held_on IS NOT NULL", name="held_on"),
        sa.Index("ix_inspections_updated_at_id", "updated_at", "id"),
    )

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)  # inspected
    by_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)  # inspecting
    year: Mapped[int]  # of the yearly plan
    planned_on: Mapped[date | None]
    held_on: Mapped[date | None]  # the visit
    title: Mapped[str] = mapped_column(sa.String(300))
    team_name: Mapped[str] = mapped_column(sa.String(200), default="")
    decision_number: Mapped[str] = mapped_column(sa.String(120), default="")
    decision_date: Mapped[date | None]
    decision_issuer: Mapped[str] = mapped_column(sa.String(200), default="")
    checked: Mapped[str] = mapped_column(sa.String(4000), default="")  # documents, sites
    summary: Mapped[str] = mapped_column(sa.String(8000), default="")
    conclusion: Mapped[str] = mapped_column(sa.String(8000), default="")
    conclusion_number: Mapped[str] = mapped_column(sa.String(120), default="")
    concluded_on: Mapped[date | None]
    cancelled_reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    state: Mapped[str] = mapped_column(sa.String(12), default="planned")
    illustrative: Mapped[bool] = mapped_column(default=False)
    search: Mapped[Folded]


class InspectionPerson(Base):
    """Who took part: of the team, or of the inspected unit."""

    __tablename__ = "inspection_people"
    __table_args__ = (
        sa.CheckConstraint("side IN ('team', 'unit')", name="side"),
        sa.CheckConstraint("role IN ('lead', 'deputy', 'secretary', 'member')", name="role"),
    )

    id: Mapped[Id]
    inspection_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("inspections.id"), index=True)
    position: Mapped[int]
    side: Mapped[str] = mapped_column(sa.String(4))
    person: Mapped[str] = mapped_column(sa.String(120))
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    role: Mapped[str] = mapped_column(sa.String(12), default="member")
    user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))


class CheckItem(Base):
    """A line of an inspection's checklist, from what the system knows of the unit or typed; and what was found."""

    __tablename__ = "check_items"
    __table_args__ = (
        sa.CheckConstraint("result IN ('met', 'not_met', 'not_applicable', 'checked')", name="result"),
    )

    id: Mapped[Id]
    inspection_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("inspections.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.String(1000))
    subject_kind: Mapped[str] = mapped_column(sa.String(24), default="")
    subject_id: Mapped[str] = mapped_column(sa.String(40), default="")  # a UUID, or a criterion's number
    result: Mapped[str | None] = mapped_column(sa.String(16))
    note: Mapped[str] = mapped_column(sa.String(1000), default="")


class Finding(ClientMade, Base):
    """What an inspection found, good or wanting, of what; evidence is documents of the finding. Withdrawn, not deleted."""

    __tablename__ = "findings"

    inspection_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("inspections.id"), index=True)
    text: Mapped[str] = mapped_column(sa.String(4000))
    wanting: Mapped[bool]  # a shortcoming (tồn tại, hạn chế), not a result
    subject_kind: Mapped[str] = mapped_column(sa.String(24), default="")
    subject_id: Mapped[str] = mapped_column(sa.String(40), default="")
    withdrawn_at: Mapped[Moment | None]
    illustrative: Mapped[bool] = mapped_column(default=False)


class UnitReport(ClientMade, Base):
    """The inspected unit's report: figures as of a day and its own words, frozen when it is sent. Append-only."""

    __tablename__ = "unit_reports"

    inspection_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("inspections.id"), index=True)
    as_of: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class Outreach(ClientMade, Editable, Base):
    """An event at which people were told or won over (tuyên truyền, vận động); photos are its documents."""

    __tablename__ = "outreach_events"
    __table_args__ = (
        sa.CheckConstraint("people >= 0", name="people"),
        sa.Index("ix_outreach_events_updated_at_id", "updated_at", "id"),
    )

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    hamlet_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    topic: Mapped[str] = mapped_column(sa.String(300))
    content: Mapped[str] = mapped_column(sa.String(4000), default="")
    organiser: Mapped[str] = mapped_column(sa.String(200), default="")
    people: Mapped[int]  # reached
    program_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programs.id"))
    work_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("works.id"), index=True)
    criterion_id: Mapped[int | None] = mapped_column(sa.ForeignKey("criteria.id"), index=True)
    withdrawn_at: Mapped[Moment | None]
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
    search: Mapped[Folded]


class Observation(ClientMade, Editable, Base):
    """What a community supervision board (ban giám sát đầu tư của cộng đồng) observed of a work or a support model.

    It asks for an answer by a day; whoever owns the work answers, and it can be raised as an obstacle.
    """

    __tablename__ = "observations"
    __table_args__ = (
        sa.CheckConstraint("work_id IS NULL OR model_id IS NULL", name="one_subject"),
        sa.CheckConstraint("state IN ('open', 'answered', 'closed')", name="state"),
        sa.Index("ix_observations_updated_at_id", "updated_at", "id"),
    )

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    work_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("works.id"), index=True)
    model_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("support_models.id"), index=True)
    board: Mapped[str] = mapped_column(sa.String(200))
    observer: Mapped[str] = mapped_column(sa.String(120), default="")
    observed_on: Mapped[date]
    text: Mapped[str] = mapped_column(sa.String(4000))
    answer_due_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(sa.String(4000), default="")
    answered_on: Mapped[date | None]
    answered_by: Mapped[str] = mapped_column(sa.String(80), default="")
    state: Mapped[str] = mapped_column(sa.String(12), default="open")
    obstacle_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("obstacles.id"))
    lat: Mapped[float | None]  # WGS 84, degrees: where it was written
    lon: Mapped[float | None]
    illustrative: Mapped[bool] = mapped_column(default=False)
    search: Mapped[Folded]
