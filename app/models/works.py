"""Investment works and their contracts, with the balance rows that hold their limits."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, ClientMade, Dong, Editable, Folded, Moment

STAGES = ("preparation", "construction", "completed", "handed_over", "settled", "suspended", "cancelled")
PROCEDURES = ("ordinary", "special")


class Work(ClientMade, Editable, Base):
    """A work (công trình). `approved` figures stand in its balance row, which enforces them."""

    __tablename__ = "works"
    __table_args__ = (
        sa.UniqueConstraint("owner_unit_id", "code"),
        sa.CheckConstraint("stage IN (" + ", ".join(f"'{s}'" for s in STAGES) + ")", name="stage"),
        sa.CheckConstraint("physical_percent BETWEEN 0 AND 100", name="physical_percent"),
    )

    code: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(300))
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"), index=True)
    owner_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    stage: Mapped[str] = mapped_column(sa.String(16), default="preparation")
    procedure: Mapped[str | None] = mapped_column(sa.String(16))
    location: Mapped[str] = mapped_column(sa.String(300), default="")
    lat: Mapped[float | None]  # WGS 84, degrees
    lon: Mapped[float | None]
    path: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))  # [[lon, lat], …] of a line
    scale: Mapped[str] = mapped_column(sa.String(300), default="")
    responsible: Mapped[str] = mapped_column(sa.String(120), default="")
    decision_number: Mapped[str] = mapped_column(sa.String(120), default="")
    decision_date: Mapped[date | None]
    planned_start: Mapped[date | None]
    planned_finish: Mapped[date | None]
    started_on: Mapped[date | None]
    finished_on: Mapped[date | None]
    stage_on: Mapped[date | None]  # when the stage was last changed; none since it was registered
    physical_percent: Mapped[int] = mapped_column(default=0)
    illustrative: Mapped[bool] = mapped_column(default=False)
    search: Mapped[Folded]
    sort_key: Mapped[Folded]


class WorkHamlet(Base):
    """A hamlet that a work serves."""

    __tablename__ = "work_hamlets"

    work_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("works.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), primary_key=True, index=True)


class WorkBalance(Base):
    """What binds a work over all years: contracts and disbursement within the approved total investment."""

    __tablename__ = "work_balances"
    __table_args__ = (
        sa.CheckConstraint("total_investment >= 0", name="total_investment"),
        sa.CheckConstraint("contracted >= 0 AND contracted <= total_investment", name="contracted"),
        sa.CheckConstraint("disbursed >= 0 AND disbursed <= total_investment", name="disbursed"),
        # Not against what is disbursed: a settlement below it is what tells the difference to recover.
        sa.CheckConstraint("settled_value > 0 AND settled_value <= total_investment", name="settled_value"),
    )

    work_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("works.id"), primary_key=True)
    total_investment: Mapped[Dong | None]  # null: not approved yet, so it bounds nothing
    contracted: Mapped[Dong] = mapped_column(default=0)
    disbursed: Mapped[Dong] = mapped_column(default=0)
    settled_value: Mapped[Dong | None]  # approved settlement; from then on nothing is disbursed past it


class Contract(ClientMade, Editable, Base):
    """A contract of a work. `advance_limit` in ten-thousandths of its value."""

    __tablename__ = "contracts"
    __table_args__ = (
        sa.UniqueConstraint("work_id", "code"),
        sa.CheckConstraint("value > 0", name="value"),
        sa.CheckConstraint("advance_limit BETWEEN 0 AND 10000", name="advance_limit"),
    )

    work_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("works.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(120))
    contractor: Mapped[str] = mapped_column(sa.String(200))
    value: Mapped[Dong]
    advance_limit: Mapped[int]
    advance_permit: Mapped[str] = mapped_column(sa.String(300), default="")
    signed_on: Mapped[date]
    package: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")  # gói thầu
    selection: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")  # form of selection
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    guarantee: Mapped[str] = mapped_column(
        sa.String(200), default="", server_default=""
    )  # its paper's number
    guarantee_amount: Mapped[Dong | None]
    guarantee_until: Mapped[date | None]
    illustrative: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    search: Mapped[Folded]


class ContractAmendment(Base):
    """An amendment; `value` is the signed difference in đồng."""

    __tablename__ = "contract_amendments"

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contracts.id"), index=True)
    value: Mapped[Dong]
    signed_on: Mapped[date]
    created_at: Mapped[Moment]


class ContractBalance(Base):
    """What binds a contract over all years; two writers cannot break it."""

    __tablename__ = "contract_balances"
    __table_args__ = (
        sa.CheckConstraint("advanced >= 0", name="advanced"),
        sa.CheckConstraint("paid >= 0", name="paid"),
        sa.CheckConstraint("advanced + paid <= value", name="value"),
        sa.CheckConstraint("net_advances >= 0 AND net_advances <= advance_ceiling", name="advance_ceiling"),
        sa.CheckConstraint("accepted >= 0 AND accepted <= value", name="accepted"),
        sa.CheckConstraint("asked >= 0 AND asked <= accepted", name="asked"),
    )

    contract_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contracts.id"), primary_key=True)
    value: Mapped[Dong]  # with amendments
    advance_ceiling: Mapped[Dong]
    net_advances: Mapped[Dong] = mapped_column(default=0)  # advances less refunds of advances
    advanced: Mapped[Dong] = mapped_column(default=0)  # not recovered yet
    paid: Mapped[Dong] = mapped_column(default=0)  # paid or settled
    accepted: Mapped[Dong] = mapped_column(default=0, server_default="0")  # volume accepted so far
    asked: Mapped[Dong] = mapped_column(default=0, server_default="0")  # of it, by dossiers of payment


class Acceptance(ClientMade, Editable, Base):
    """An acceptance of volume (nghiệm thu khối lượng) under a contract; `value` of this round, in đồng."""

    __tablename__ = "acceptances"
    __table_args__ = (
        sa.UniqueConstraint("contract_id", "round"),
        sa.CheckConstraint("value > 0", name="value"),
    )

    contract_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contracts.id"), index=True)
    round: Mapped[int]
    accepted_on: Mapped[date]
    value: Mapped[Dong]
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)


class PaymentDossier(ClientMade, Editable, Base):
    """A payment dossier (hồ sơ thanh toán): asked under a contract, sent, returned or paid by an entry."""

    __tablename__ = "payment_dossiers"
    __table_args__ = (
        sa.UniqueConstraint("contract_id", "round"),
        sa.UniqueConstraint("entry_id"),
        sa.CheckConstraint("amount >= 0 AND recovered >= 0 AND amount + recovered > 0", name="amount"),
        sa.CheckConstraint("kind IN ('advance', 'payment')", name="kind"),
        sa.CheckConstraint("state IN ('prepared', 'submitted', 'returned', 'paid')", name="state"),
    )

    contract_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contracts.id"), index=True)
    round: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(8))
    amount: Mapped[Dong]  # asked from what is available
    recovered: Mapped[Dong] = mapped_column(default=0)  # advance recovered with it
    acceptance_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("acceptances.id"))
    state: Mapped[str] = mapped_column(sa.String(16), default="prepared")
    submitted_on: Mapped[date | None]
    returned_reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    entry_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("ledger_entries.id"))
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)


class Settlement(ClientMade, Editable, Base):
    """The settlement of a finished work (quyết toán dự án hoàn thành): asked, then decided; đồng."""

    __tablename__ = "work_settlements"
    __table_args__ = (
        sa.CheckConstraint("proposed_value > 0", name="proposed_value"),
        sa.CheckConstraint("settled_value > 0", name="settled_value"),
        sa.CheckConstraint("(settled_value IS NULL) = (decided_on IS NULL)", name="decided_on"),
    )

    work_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("works.id"), unique=True)
    submitted_on: Mapped[date]
    proposed_value: Mapped[Dong]
    settled_value: Mapped[Dong | None]
    decided_on: Mapped[date | None]
    decision_number: Mapped[str] = mapped_column(sa.String(120), default="")
    decision_issuer: Mapped[str] = mapped_column(sa.String(200), default="")
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
