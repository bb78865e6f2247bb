"""Support models (dự án, mô hình hỗ trợ): proposal, members, inputs, budget, deliveries, visits, what came of them."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, ClientMade, Dong, Editable, Folded, Id, Moment, Thousandths

SUPPORT_STATES = (
    "draft", "submitted", "appraised", "approved", "returned", "running", "evaluated", "closed",
)  # fmt: skip


class ModelTemplate(Base):
    """A common model (nuôi bò, nuôi dê, trồng keo, dược liệu) to begin a proposal with; data, each editable."""

    __tablename__ = "model_templates"

    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200))
    livestock: Mapped[bool] = mapped_column(default=False)  # counted alive, dead, sold, sick
    content: Mapped[str] = mapped_column(sa.String(4000), default="")
    inputs: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON)  # kind, measure: no price is invented
    position: Mapped[int]


class SupportModel(ClientMade, Editable, Base):
    """A model for a group of households: Project 2 (livelihoods) or Project 3 (production) and whatever is pooled in.

    `state` is moved by the workflow alone; `due_on` is when the next move is due. `year`: the one by whose statuses
    members are admitted. `household_share` in đồng is what the households bring in.
    """

    __tablename__ = "support_models"
    __table_args__ = (
        sa.CheckConstraint("household_share >= 0", name="household_share"),
        sa.Index("ix_support_models_updated_at_id", "updated_at", "id"),
    )

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    hamlet_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"), index=True)
    template: Mapped[str | None] = mapped_column(sa.ForeignKey("model_templates.code"))
    name: Mapped[str] = mapped_column(sa.String(300))
    content: Mapped[str] = mapped_column(sa.String(4000), default="")
    livestock: Mapped[bool] = mapped_column(default=False)
    year: Mapped[int]
    group_name: Mapped[str] = mapped_column(sa.String(200), default="")  # tổ, nhóm cộng đồng
    head_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("households.id"))  # of the group
    responsible: Mapped[str] = mapped_column(sa.String(200), default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    household_share: Mapped[Dong] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(sa.String(16), default="draft")
    due_on: Mapped[date | None]
    evaluation: Mapped[str] = mapped_column(sa.String(4000), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
    search: Mapped[Folded]


class SupportMember(Base):
    """A household of a model; incomes in đồng a year before it and at its end, as reported."""

    __tablename__ = "support_members"
    __table_args__ = (
        sa.CheckConstraint("income_before >= 0", name="income_before"),
        sa.CheckConstraint("income_after >= 0", name="income_after"),
    )

    model_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("support_models.id"), primary_key=True)
    household_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("households.id"), primary_key=True, index=True
    )
    position: Mapped[int]
    income_before: Mapped[Dong | None]
    income_after: Mapped[Dong | None]


class SupportInput(Base):
    """What a model gives: kind, quantity in its measure, unit price in đồng."""

    __tablename__ = "support_inputs"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("unit_price > 0", name="unit_price"),
        sa.CheckConstraint("delivered >= 0 AND delivered <= quantity", name="delivered"),
    )

    id: Mapped[Id]
    model_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("support_models.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(200))
    measure: Mapped[str] = mapped_column(sa.String(60))
    quantity: Mapped[Thousandths]
    unit_price: Mapped[Dong]
    delivered: Mapped[Thousandths]  # to all households so far: bounds deliveries, whoever writes


class SupportBudget(Base):
    """What a model draws on a budget line, in đồng: pooled lines of other programs among them."""

    __tablename__ = "support_budgets"
    __table_args__ = (sa.CheckConstraint("amount > 0", name="amount"),)

    model_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("support_models.id"), primary_key=True)
    budget_line_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("budget_lines.id"), primary_key=True, index=True
    )
    amount: Mapped[Dong]


class Delivery(ClientMade, Base):
    """What a household received on a day, signed for or photographed (documents of the delivery). Withdrawn, not deleted."""

    __tablename__ = "support_deliveries"
    __table_args__ = (sa.CheckConstraint("quantity > 0", name="quantity"),)

    model_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("support_models.id"), index=True)
    household_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("households.id"), index=True)
    input_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("support_inputs.id"))
    delivered_on: Mapped[date]
    quantity: Mapped[Thousandths]
    signed: Mapped[bool] = mapped_column(default=False)  # by the household, on paper
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    withdrawn_at: Mapped[Moment | None]
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)


class Visit(ClientMade, Base):
    """What was found at a household on a day: livestock alive, dead, sold, sick, born; yield; income in đồng since the last."""

    __tablename__ = "support_visits"
    __table_args__ = (
        sa.CheckConstraint(
            "alive >= 0 AND dead >= 0 AND sold >= 0 AND sick >= 0 AND born >= 0", name="counts"
        ),
        sa.CheckConstraint("income >= 0", name="income"),
        sa.Index("ix_support_visits_model_id_household_id", "model_id", "household_id"),
    )

    model_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("support_models.id"))
    household_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("households.id"), index=True)
    visited_on: Mapped[date]
    alive: Mapped[int] = mapped_column(default=0)  # at the visit, the sick among them
    dead: Mapped[int] = mapped_column(default=0)  # so far
    sold: Mapped[int] = mapped_column(default=0)  # so far
    sick: Mapped[int] = mapped_column(default=0)  # at the visit
    born: Mapped[int] = mapped_column(
        default=0
    )  # offspring among the alive and the sold; the dead are of those delivered
    yield_amount: Mapped[Thousandths | None]
    yield_measure: Mapped[str] = mapped_column(sa.String(60), default="")
    income: Mapped[Dong | None]  # from the model so far
    note: Mapped[str] = mapped_column(sa.String(2000), default="")
    lat: Mapped[float | None]  # WGS 84, degrees: where it was written
    lon: Mapped[float | None]
    illustrative: Mapped[bool] = mapped_column(default=False)
