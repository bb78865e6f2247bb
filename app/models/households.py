"""Households (hộ) with their members and yearly statuses. Names are personal data; numbers of papers are encrypted."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, ClientMade, Editable, Folded, Id, Moment

STATUSES = ("poor", "near_poor", "escaped", "other")


class Household(ClientMade, Editable, Base):
    """A household of a commune. `identity_number` and `phone` are kept encrypted: see `app.domain.sealed`."""

    __tablename__ = "households"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "code"),
        sa.Index("ix_households_updated_at_id", "updated_at", "id"),
    )

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))  # the commune
    hamlet_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(40))
    head_name: Mapped[str] = mapped_column(sa.String(120))
    birth_year: Mapped[int | None]
    ethnicity: Mapped[str] = mapped_column(sa.String(60), default="")
    identity_number: Mapped[str | None] = mapped_column(sa.Text)  # sealed
    phone: Mapped[str | None] = mapped_column(sa.Text)  # sealed
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    joined_on: Mapped[date | None]  # came to the commune, or was split off; null: was there before the book
    left_on: Mapped[date | None]  # moved away, dissolved or merged into another
    left_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("households.id"))
    illustrative: Mapped[bool] = mapped_column(default=False)
    search: Mapped[Folded]  # what everybody may search, a line end, then the names, for those who see names
    name_key: Mapped[Folded] = mapped_column(index=True)  # the head's name without marks: finds duplicates
    sort_key: Mapped[Folded]  # of the code


class HouseholdMember(Base):
    """A person of a household besides its head."""

    __tablename__ = "household_members"

    id: Mapped[Id]
    household_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("households.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(120))
    birth_year: Mapped[int | None]
    relation: Mapped[str] = mapped_column(sa.String(60), default="")  # to the head


class HouseholdStatus(Editable, Base):
    """What a household counts as in a year (the review of the autumn before), by decision of the commune's chair."""

    __tablename__ = "household_statuses"
    __table_args__ = (
        sa.CheckConstraint("status IN ('poor', 'near_poor', 'escaped', 'other')", name="status"),
        sa.Index("ix_household_statuses_year_status", "year", "status"),
    )

    household_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("households.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(sa.String(12))
    decision_number: Mapped[str] = mapped_column(sa.String(120), default="")
    decision_date: Mapped[date | None]
    decision_issuer: Mapped[str] = mapped_column(sa.String(200), default="")
    created_at: Mapped[Moment]
    created_by: Mapped[str] = mapped_column(sa.String(80))


class HouseholdEvent(Base):
    """What happened to a household that its row does not tell: merged, moved, a status changed. Append-only."""

    __tablename__ = "household_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("households.id"), index=True)
    what: Mapped[str] = mapped_column(sa.String(16))  # merged | took_over | left | returned | status
    other_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("households.id"))
    year: Mapped[int | None]
    from_status: Mapped[str] = mapped_column(sa.String(12), default="")
    to_status: Mapped[str] = mapped_column(sa.String(12), default="")
    reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    at: Mapped[Moment]
    by: Mapped[str] = mapped_column(sa.String(80))
