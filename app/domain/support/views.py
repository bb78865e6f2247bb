"""Support models as people and clients see them: where each stands, for whom, what it gives, from which money.

A member is its household's id and code here; names are given by `people` alone, which records who was shown them.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import db
from app.domain.access import Actor, in_scope
from app.domain.sides import is_above
from app.domain.support.flow import APPROVED, OPEN, RETURNED, SUPPORT_FLOW
from app.domain.workflow import Thing, owed_by
from app.errors import NotFound
from app.models.households import Household
from app.models.ledger import Balance
from app.models.programs import Program, Project
from app.models.support import Delivery, SupportBudget, SupportInput, SupportMember, SupportModel, Visit
from app.models.territory import Unit

HEADS: Final = "con"  # the measure of what is counted alive, dead and sold
Hamlet = aliased(Unit)


@dataclass(frozen=True, slots=True)
class ModelView:
    """A support model. `mine`: it waits for a move of the reader's own unit; `household_share` in đồng."""

    id: uuid.UUID
    unit_id: int
    unit_code: str
    unit_structure: str
    unit_name: str
    level: str
    hamlet_id: int | None
    hamlet_code: str | None
    hamlet_name: str | None
    program_code: str
    project_code: str
    project_name: str
    template: str | None
    name: str
    content: str
    livestock: bool
    year: int
    group_name: str
    head_id: uuid.UUID | None
    responsible: str
    starts_on: date | None
    ends_on: date | None
    household_share: int
    state: str
    due_on: date | None
    evaluation: str
    illustrative: bool
    created_by: str
    version: int
    updated_at: datetime
    mine: bool

    @property
    def open(self) -> bool:
        """Whether its text may be changed."""
        return self.state in OPEN

    @property
    def exact_unit(self) -> str:
        return f"{self.unit_code}@{self.unit_structure}"

    @property
    def thing(self) -> Thing:
        return Thing(self.id, "", self.state, self.level)

    def kept_by(self, actor: Actor) -> bool:
        """Whether the reader is of those who run it, not above them."""
        return not is_above(actor, self.level)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A household of a model; incomes in đồng a year."""

    household_id: uuid.UUID
    code: str
    income_before: int | None
    income_after: int | None


@dataclass(frozen=True, slots=True)
class InputView:
    """What a model gives; `unit_price` in đồng, `delivered` to all households so far."""

    id: uuid.UUID
    kind: str
    measure: str
    quantity: Decimal
    unit_price: int
    delivered: Decimal

    @property
    def amount(self) -> int:
        return amount_of(self.quantity, self.unit_price)

    @property
    def rest(self) -> Decimal:
        """What may still be delivered."""
        return self.quantity - self.delivered

    @property
    def heads(self) -> bool:
        """Whether it is animals, counted at visits."""
        return self.measure.strip().lower() == HEADS


@dataclass(frozen=True, slots=True)
class BudgetView:
    """What a model draws on a budget line, in đồng; `over_drawn`: by how much its plan is short of what all models draw
    on it."""

    budget_line_id: uuid.UUID
    amount: int
    over_drawn: int = 0


def amount_of(quantity: Decimal, unit_price: int) -> int:
    """The worth of so much, in whole đồng."""
    return int((quantity * unit_price).quantize(Decimal(1), ROUND_HALF_UP))


def owed(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition that a model in the actor's scope waits for a move of theirs."""
    return owed_by(actor, SUPPORT_FLOW, SupportModel.state, Unit.level)


def sent_back(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition that a model was given back to the actor's own unit: returned, or approved and not yet begun."""
    states = [
        state
        for state, action in ((RETURNED, "support.submit"), (APPROVED, "support.run"))
        if actor.may(action)
    ]
    return sa.and_(SupportModel.state.in_(states), Unit.level == actor.level)


def joined() -> Any:
    return (
        sa.join(SupportModel, Unit, Unit.id == SupportModel.unit_id)
        .join(Project, Project.id == SupportModel.project_id)
        .join(Program, Program.id == Project.program_id)
        .outerjoin(Hamlet, Hamlet.id == SupportModel.hamlet_id)
    )


def selection(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    """The columns of ModelView in their order, the reader's conditions not among them."""
    M = SupportModel
    return sa.select(
        M.id, M.unit_id, Unit.code, Unit.structure, Unit.name, Unit.level, M.hamlet_id, Hamlet.code, Hamlet.name,
        Program.code, Project.code, Project.name, M.template, M.name, M.content, M.livestock, M.year, M.group_name,
        M.head_id, M.responsible, M.starts_on, M.ends_on, M.household_share, M.state, M.due_on, M.evaluation,
        M.illustrative, M.created_by, M.version, M.updated_at, sa.case((owed(actor), sa.true()), else_=sa.false()),
    ).select_from(joined())  # fmt: skip


def one(session: Session, actor: Actor, model_id: uuid.UUID, *, lock: bool = False) -> ModelView:
    """A model in the transaction of whoever asks; `lock` lets one writer at a time at it. NotFound out of scope."""
    mine = sa.and_(SupportModel.id == model_id, in_scope(actor, SupportModel.unit_id))
    if lock:
        session.execute(sa.select(SupportModel.id).where(mine).with_for_update())
    row = session.execute(selection(actor).where(mine)).one_or_none()
    if row is None:
        raise NotFound()
    return ModelView(*row)


def recorded(
    query: sa.Select[Any],
    table: type[Delivery | Visit],
    changed: Any,
    household_id: uuid.UUID | None,
    updated_since: datetime | None,
    after: tuple[datetime, uuid.UUID] | None,
) -> sa.Select[Any]:
    """What was recorded in the field, narrowed, in the order in which it `changed` last (`after`: the last one seen)."""
    if household_id is not None:
        query = query.where(table.household_id == household_id)
    if updated_since is not None:
        query = query.where(changed >= updated_since)
    if after is not None:
        query = query.where(db.past(changed, table.id, after))
    return query.order_by(changed, table.id)


def latest(
    query: sa.Select[Any], table: type[Delivery | Visit], day: Any, model_id: uuid.UUID
) -> sa.Select[Any]:
    """What was recorded of a model, by day, the latest first; of one day what was recorded last."""
    query = query.where(table.model_id == model_id)
    return query.order_by(day.desc(), table.created_at.desc(), table.id.desc())


def number_of(session: Session, table: type[Delivery | Visit], model_id: uuid.UUID) -> int:
    """How many rows were recorded of a model."""
    query = sa.select(sa.func.count()).select_from(table).where(table.model_id == model_id)
    return session.execute(query).scalar_one()


def members_of(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[MemberView]]:
    """The households of each of these models, in their order: one statement."""
    found: dict[uuid.UUID, list[MemberView]] = {id_: [] for id_ in ids}
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            SupportMember.model_id, SupportMember.household_id, Household.code, SupportMember.income_before,
            SupportMember.income_after,
        )
        .join(Household, Household.id == SupportMember.household_id)
        .where(SupportMember.model_id.in_(ids))
        .order_by(SupportMember.position)
    )  # fmt: skip
    for model_id, *member in session.execute(query) if ids else ():
        found[model_id].append(MemberView(*member))
    return found


def inputs_of(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[InputView]]:
    """What each of these models gives, in its order: one statement."""
    found: dict[uuid.UUID, list[InputView]] = {id_: [] for id_ in ids}
    G = SupportInput
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(G.model_id, G.id, G.kind, G.measure, G.quantity, G.unit_price, G.delivered)
        .where(G.model_id.in_(ids))
        .order_by(G.position)
    )
    for model_id, *given in session.execute(query) if ids else ():
        found[model_id].append(InputView(*given))
    return found


def budgets_of(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[BudgetView]]:
    """What each of these models draws on, the largest first: one statement."""
    found: dict[uuid.UUID, list[BudgetView]] = {id_: [] for id_ in ids}
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(SupportBudget.model_id, SupportBudget.budget_line_id, SupportBudget.amount, over_drawn())
        .join(Balance, Balance.budget_line_id == SupportBudget.budget_line_id)
        .where(SupportBudget.model_id.in_(ids))
        .order_by(SupportBudget.amount.desc(), SupportBudget.budget_line_id)
    )
    for model_id, *drawn in session.execute(query) if ids else ():
        found[model_id].append(BudgetView(*drawn))
    return found


def over_drawn() -> sa.ColumnElement[int]:
    """By how much the plan of a line, whose balance is selected, is short of what all models draw on it."""
    every = aliased(SupportBudget)
    together = (
        sa.select(db.big_sum(every.amount))
        .where(every.budget_line_id == Balance.budget_line_id)
        .correlate(Balance)
        .scalar_subquery()
    )
    short = together - Balance.allocated - Balance.carried_in
    return sa.case((short > 0, short), else_=0)


def exact(value: Decimal) -> int | str:
    """A figure among the facts of a refusal: whole where it is whole."""
    return int(value) if value == int(value) else f"{value.normalize():f}"
