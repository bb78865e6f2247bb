"""What a model is made of, written whole: its households, what it gives, the lines that it draws on.

Each list is checked against what it stands on: a household counts as poor, near-poor or newly escaped in the model's
year, a line is general or the model's own, and what models draw on a line stays within its plan.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app.domain.access import Actor, in_scope, under
from app.domain.ledger.line_keys import related
from app.domain.tasks.editing import figure_fault
from app.domain.tasks.views import plain
from app.errors import FieldError, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.base import MAX_AMOUNT
from app.models.households import Household, HouseholdStatus
from app.models.ledger import Balance, BudgetLine
from app.models.programs import Project
from app.models.support import SupportBudget, SupportInput, SupportMember, SupportModel

ADMITTED: Final = ("poor", "near_poor", "escaped")
LEFT: Final = "left"
MOST: Final = 500  # rows of one list


@dataclass(frozen=True, slots=True)
class NewMember:
    """A household that is to take part; `income_before` in đồng a year, as it says itself."""

    household_id: uuid.UUID
    income_before: int | None = None

    def facts(self) -> tuple[object, ...]:
        """What tells it from another, for the hash of what creates its model."""
        return (self.household_id, self.income_before)


@dataclass(frozen=True, slots=True)
class NewInput:
    """What a model is to give: `quantity` in its measure, `unit_price` in đồng."""

    kind: str
    measure: str
    quantity: Decimal
    unit_price: int

    def facts(self) -> tuple[object, ...]:
        return (self.kind, self.measure, plain(self.quantity), self.unit_price)


@dataclass(frozen=True, slots=True)
class NewBudget:
    """What a model is to draw on a line, in đồng."""

    budget_line_id: uuid.UUID
    amount: int

    def facts(self) -> tuple[object, ...]:
        return (self.budget_line_id, self.amount)


def faults_of_members(members: Sequence[NewMember]) -> Iterator[FieldError]:
    """What is wrong with a list of households by itself, each named by its place in it."""
    yield from _too_many("members", members)
    seen: set[uuid.UUID] = set()
    for number, member in enumerate(members):
        if member.household_id in seen:
            yield FieldError(f"members.{number}.household_id", N_("Trùng với một dòng ở trên"))
        seen.add(member.household_id)
        if member.income_before is not None:
            yield from money_faults(f"members.{number}.income_before", member.income_before, least=0)


def faults_of_inputs(inputs: Sequence[NewInput]) -> Iterator[FieldError]:
    yield from _too_many("inputs", inputs)
    for number, given in enumerate(inputs):
        at = f"inputs.{number}"
        for name, longest in (("kind", 200), ("measure", 60)):
            text = getattr(given, name)
            if not text.strip():
                yield FieldError(f"{at}.{name}", N_("Chưa điền"))
            elif len(text) > longest:
                message = N_("Dài quá {longest:number} ký tự")
                yield FieldError(f"{at}.{name}", message, {"longest": longest})
        if fault := figure_fault(given.quantity, positive=True):
            yield FieldError(f"{at}.quantity", fault)
        yield from money_faults(f"{at}.unit_price", given.unit_price)


def faults_of_budget(budget: Sequence[NewBudget]) -> Iterator[FieldError]:
    yield from _too_many("budget", budget)
    seen: set[uuid.UUID] = set()
    for number, drawn in enumerate(budget):
        if drawn.budget_line_id in seen:
            yield FieldError(f"budget.{number}.budget_line_id", N_("Trùng với một dòng ở trên"))
        seen.add(drawn.budget_line_id)
        yield from money_faults(f"budget.{number}.amount", drawn.amount)


def _too_many(name: str, rows: Sequence[object]) -> Iterator[FieldError]:
    if len(rows) > MOST:
        yield FieldError(name, N_("Không quá {most:number} dòng"), {"most": MOST})


def money_faults(field: str, amount: int, *, least: int = 1) -> Iterator[FieldError]:
    """What is wrong with an amount of đồng."""
    if least <= amount <= MAX_AMOUNT:
        return
    message = (
        N_("Số tiền phải là số đồng nguyên, lớn hơn 0 và không quá {most:money}.")
        if least
        else N_("Số tiền phải là số đồng nguyên, từ 0 đến {most:money}.")
    )
    yield FieldError(field, message, {"most": MAX_AMOUNT})


# --- households ----------------------------------------------------------------------------------------


def hold_households(session: Session, ids: Collection[uuid.UUID]) -> None:
    """Keep households from being merged meanwhile. Comes before the model's own lock, as whoever merges has it."""
    if ids:
        query = sa.select(Household.id).where(Household.id.in_(ids)).order_by(Household.id)
        session.execute(query.with_for_update(read=True))


def replace_members(session: Session, model_id: uuid.UUID, members: Sequence[NewMember]) -> None:
    """Let these households, in this order, be a model's; `check_members` comes before."""
    session.execute(sa.delete(SupportMember).where(SupportMember.model_id == model_id))
    rows = [
        {
            "model_id": model_id, "household_id": member.household_id, "position": position,
            "income_before": member.income_before,
        }
        for position, member in enumerate(members)
    ]  # fmt: skip
    if rows:
        session.execute(sa.insert(SupportMember), rows)


def check_members(
    session: Session, actor: Actor, unit_id: int, year: int, household_ids: Sequence[uuid.UUID]
) -> None:
    """Refuse who may not take part: NotFound out of the actor's scope or the model's unit, RuleBroken `member_status`
    for households that do not count as poor, near-poor or newly escaped in the year, or have left."""
    if not household_ids:
        return
    status = sa.and_(HouseholdStatus.household_id == Household.id, HouseholdStatus.year == year)
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(Household.id, Household.code, HouseholdStatus.status, Household.left_on)
        .outerjoin(HouseholdStatus, status)
        .where(
            Household.id.in_(household_ids), in_scope(actor, Household.unit_id), under(unit_id, Household.unit_id)
        )
    )  # fmt: skip
    found = {row.id: row for row in session.execute(query)}
    for number, id_ in enumerate(household_ids):
        if id_ not in found:
            message = N_("Không có hộ này trong đơn vị của mô hình.")
            raise NotFound(message, field=f"members.{number}.household_id")
    rows = [found[id_] for id_ in household_ids]
    barred = [row for row in rows if row.left_on is not None or row.status not in ADMITTED]
    if barred:
        raise _not_admitted(barred, year, len(rows))


def _not_admitted(barred: Sequence[Any], year: int, asked: int) -> RuleBroken:
    """Who is not admitted, by the codes of the register: no name is told here."""
    fault = RuleBroken(
        "member_status",
        N_("Năm {year} không thuộc diện nghèo, cận nghèo, mới thoát nghèo hoặc đã rời xã: {who}."),
        year=str(year), who=", ".join(row.code for row in barred), asked=asked, held=asked - len(barred),
    )  # fmt: skip
    fault.listed["members"] = [
        {"household_id": str(row.id), "code": row.code, "status": LEFT if row.left_on else row.status}
        for row in barred
    ]
    return fault


# --- inputs --------------------------------------------------------------------------------------------


def replace_inputs(session: Session, model_id: uuid.UUID, inputs: Sequence[NewInput]) -> None:
    """Let a model give these, in this order; nothing was delivered while its text is open."""
    session.execute(sa.delete(SupportInput).where(SupportInput.model_id == model_id))
    rows = [
        {
            "id": uuid7(), "model_id": model_id, "position": position, "kind": given.kind, "measure": given.measure,
            "quantity": given.quantity, "unit_price": given.unit_price, "delivered": Decimal(0),
        }
        for position, given in enumerate(inputs)
    ]  # fmt: skip
    if rows:
        session.execute(sa.insert(SupportInput), rows)


# --- money ---------------------------------------------------------------------------------------------


def fits(model_id: uuid.UUID) -> sa.ColumnElement[bool]:
    """The condition that a line may serve a model: it is general, or the model's own."""
    general = sa.and_(BudgetLine.work_id.is_(None), BudgetLine.support_model_id.is_(None))
    return sa.or_(BudgetLine.support_model_id == model_id, general)


def reached(actor: Actor, model_id: uuid.UUID) -> sa.ColumnElement[bool]:
    """The condition that a model may be given a line by an actor: it is in scope, or a unit above opened it for the
    model."""
    return sa.or_(in_scope(actor, BudgetLine.unit_id), BudgetLine.support_model_id == model_id)


def replace_budget(
    session: Session, actor: Actor, model_id: uuid.UUID, unit_id: int, budget: Sequence[NewBudget]
) -> None:
    """Let a model draw so much on these lines.

    NotFound names a line out of the actor's scope that is neither the model's own nor was drawn on before, Invalid one
    that serves something
    else; RuleBroken `line_drawn`.
    """
    drawn = sa.select(SupportBudget.budget_line_id).where(SupportBudget.model_id == model_id)
    ids = [row.budget_line_id for row in budget]
    query = sa.select(BudgetLine.id, fits(model_id).label("fits"), BudgetLine.unit_id).where(
        BudgetLine.id.in_(ids), sa.or_(reached(actor, model_id), BudgetLine.id.in_(drawn))
    )  # fmt: skip
    found = {row.id: row for row in session.execute(query)} if ids else {}
    for number, id_ in enumerate(ids):
        at = f"budget.{number}.budget_line_id"
        if id_ not in found:
            raise NotFound(N_("Không có dòng vốn này trong phạm vi của bạn."), field=at)
        if not found[id_].fits:
            message = N_("Dòng vốn này dành riêng cho công trình hoặc mô hình khác.")
            raise Invalid.field(at, message)
        if not related(session, unit_id, found[id_].unit_id):
            raise Invalid.field(at, N_("Dòng vốn thuộc đơn vị khác với mô hình."))
    session.execute(sa.delete(SupportBudget).where(SupportBudget.model_id == model_id))
    rows = [
        {"model_id": model_id, "budget_line_id": row.budget_line_id, "amount": row.amount} for row in budget
    ]
    if rows:
        session.execute(sa.insert(SupportBudget), rows)
    refuse_overdrawn(session, ids)


def refuse_overdrawn(session: Session, line_ids: Collection[uuid.UUID]) -> None:
    """RuleBroken `line_drawn` where models draw together more on one of these lines than its plan; the lines' locks let
    one model at a time draw on them."""
    if not line_ids:
        return
    own = sa.select(BudgetLine.id).where(BudgetLine.id.in_(line_ids)).order_by(BudgetLine.id)
    session.execute(own.with_for_update(key_share=True))
    plan = Balance.allocated + Balance.carried_in
    together = sa.cast(sa.func.sum(SupportBudget.amount), sa.BigInteger)
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(BudgetLine.id, Project.code, BudgetLine.year, plan, together)
        .join(Balance, Balance.budget_line_id == BudgetLine.id)
        .join(Project, Project.id == BudgetLine.project_id)
        .join(SupportBudget, SupportBudget.budget_line_id == BudgetLine.id)
        .where(BudgetLine.id.in_(line_ids))
        .group_by(BudgetLine.id, Project.code, BudgetLine.year, plan)
        .having(together > plan)
        .order_by(BudgetLine.id)
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return
    line_id, project, year, held, asked = row
    models = session.execute(
        sa.select(SupportModel.name, SupportBudget.amount)
        .join(SupportModel, SupportModel.id == SupportBudget.model_id)
        .where(SupportBudget.budget_line_id == line_id)
        .order_by(SupportModel.name)
    )
    fault = RuleBroken(
        "line_drawn",
        N_(
            "Dòng vốn {project} năm {year} có kế hoạch {held:money}, các mô hình lấy tất cả {asked:money} (vượt {over:money})."
        ),
        project=project, year=str(year), asked=asked, held=held, over=asked - held, line_id=str(line_id),
    )  # fmt: skip
    fault.listed["models"] = [{"name": name, "amount": amount} for name, amount in models]
    raise fault
