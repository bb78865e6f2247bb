"""Procedures as data: templates in versions, and the steps that each work runs."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Editable, Folded, Id, Moment, Sourced

STEP_STATES = ("open", "done", "waived")


class Procedure(Sourced, Base):
    """One version of a template (thủ tục); a newer one leaves running works as they are."""

    __tablename__ = "procedures"
    __table_args__ = (sa.UniqueConstraint("code", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16))  # ordinary | special | clearance
    number: Mapped[int]  # 1, 2, …: the version
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[Moment]
    created_by: Mapped[str] = mapped_column(sa.String(80))


class StepFields:
    """What a template says of a step, and a work's step keeps of it."""

    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200))
    gate: Mapped[str] = mapped_column(sa.String(16), default="")  # the stage that it bars; "" bars none
    after: Mapped[list[Any]] = mapped_column(sa.JSON)  # codes of the steps that come before
    required_documents: Mapped[list[Any]] = mapped_column(sa.JSON)  # codes of document kinds
    prepares: Mapped[str] = mapped_column(sa.String(200), default="")
    approves: Mapped[str] = mapped_column(sa.String(200), default="")
    days: Mapped[int | None]  # usual duration; null: no rule says


class ProcedureStep(StepFields, Base):
    """A step of a template."""

    __tablename__ = "procedure_steps"
    __table_args__ = (sa.UniqueConstraint("procedure_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    procedure_id: Mapped[int] = mapped_column(sa.ForeignKey("procedures.id"), index=True)
    source: Mapped[str] = mapped_column(sa.Text)
    certainty: Mapped[str] = mapped_column(sa.String(8), default="sure")  # sure | confirm


class WorkStep(StepFields, Editable, Base):
    """A step that a work runs: copied from its template when the work took the procedure."""

    __tablename__ = "work_steps"
    __table_args__ = (
        sa.UniqueConstraint("work_id", "track", "code"),
        sa.CheckConstraint("status IN ('open', 'done', 'waived')", name="status"),
        sa.CheckConstraint("(status = 'done') = (done_on IS NOT NULL)", name="done_on"),
    )

    id: Mapped[Id]
    work_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("works.id"), index=True)
    procedure_id: Mapped[int] = mapped_column(sa.ForeignKey("procedures.id"))
    track: Mapped[str] = mapped_column(sa.String(16), default="main")  # main | clearance
    status: Mapped[str] = mapped_column(sa.String(8), default="open")
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(sa.String(1000), default="")  # why it was waived, or opened again
    search: Mapped[Folded]


class StageOverride(Base):
    """A stage entered while something was missing: who let it, why, and what was missing. Append-only."""

    __tablename__ = "stage_overrides"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("works.id"), index=True)
    stage: Mapped[str] = mapped_column(sa.String(16))
    reason: Mapped[str] = mapped_column(sa.Text)
    missing: Mapped[list[Any]] = mapped_column(sa.JSON)
    at: Mapped[Moment]
    by: Mapped[str] = mapped_column(sa.String(80))
