"""Site clearance (giải phóng mặt bằng): the plan of compensation, who is affected, who was paid."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, ClientMade, Dong, Editable, Folded, Moment

COMPENSATION_FORMS = ("money", "gift")


class SiteClearance(Editable, Base):
    """A work's compensation plan. `plan_amount` in đồng bounds what households are due; null: not approved."""

    __tablename__ = "site_clearances"
    __table_args__ = (
        sa.CheckConstraint("due_total >= 0", name="due_total"),
        sa.CheckConstraint("plan_amount IS NULL OR due_total <= plan_amount", name="plan_amount"),
    )

    work_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("works.id"), primary_key=True)
    plan_amount: Mapped[Dong | None]
    due_total: Mapped[Dong] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(sa.String(1000), default="")


class ClearanceHousehold(ClientMade, Editable, Base):
    """A household affected by a work (hộ bị ảnh hưởng). Its name is personal data."""

    __tablename__ = "clearance_households"
    __table_args__ = (
        sa.UniqueConstraint("work_id", "code"),
        sa.CheckConstraint("compensation_due >= 0", name="compensation_due"),
        sa.CheckConstraint("area_dm2 >= 0", name="area_dm2"),
        sa.CheckConstraint("form IN ('money', 'gift')", name="form"),
    )

    work_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("site_clearances.work_id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(40))
    head_name: Mapped[str] = mapped_column(sa.String(120))
    hamlet_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    parcels: Mapped[str] = mapped_column(sa.String(300), default="")  # map sheet and parcel numbers
    area_dm2: Mapped[int] = mapped_column(sa.BigInteger, default=0)  # hundredths of a square metre
    assets: Mapped[str] = mapped_column(sa.String(1000), default="")
    form: Mapped[str] = mapped_column(sa.String(8), default="money")  # money | gift (hiến đất)
    compensation_due: Mapped[Dong] = mapped_column(default=0)
    handed_over_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
    search: Mapped[Folded]  # what everybody may search, a line end, then the name, for those who see names
    sort_key: Mapped[Folded]  # of the code


class ClearancePayment(Base):
    """The share of a ledger entry that paid a household; an entry that is reversed pays nobody."""

    __tablename__ = "clearance_payments"
    __table_args__ = (sa.CheckConstraint("amount > 0", name="amount"),)

    household_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("clearance_households.id"), primary_key=True
    )
    entry_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("ledger_entries.id"), primary_key=True, index=True
    )
    amount: Mapped[Dong]
    created_at: Mapped[Moment]
    created_by: Mapped[str] = mapped_column(sa.String(80))


class PersonalView(Base):
    """Who saw or took out whose personal data, when and why. Append-only."""

    __tablename__ = "personal_views"
    __table_args__ = (sa.Index("ix_personal_views_unit_id_id", "unit_id", "id"),)

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[Moment]
    actor: Mapped[str] = mapped_column(sa.String(80))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[str] = mapped_column(sa.String(80))
    people: Mapped[int]  # how many persons were shown
    masked: Mapped[bool] = mapped_column(default=False)  # by the first letters of their names alone
    purpose: Mapped[str] = mapped_column(sa.String(200))
    request_id: Mapped[str] = mapped_column(sa.String(64), default="")
