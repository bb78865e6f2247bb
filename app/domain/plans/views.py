"""Plans as people and clients see them: where each stands, and the money that it counts on."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.access import Actor, in_scope
from app.domain.plans.flow import MODEL_HAMLET, OPEN, PLAN_FLOW, RETURNED, SUBJECT
from app.domain.sides import is_above
from app.domain.workflow import Thing, owed_by
from app.errors import NotFound
from app.models.ledger import BudgetLine
from app.models.plans import PLAN_KINDS, Plan, PlanFund, PlanVersion, WorkflowEvent
from app.models.programs import FundingSource, Program, Project
from app.models.territory import Unit

KINDS: Final = PLAN_KINDS
PERIOD: Final = "period"


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan. `level` and `keeper_id` are those of the unit that keeps it: of a hamlet's plan its commune.

    `version_number`: how often it was sent; `approved_version`: the version in force. `mine`: it waits for a move of
    the reader's own unit.
    """

    id: uuid.UUID
    unit_id: int
    unit_code: str
    unit_structure: str
    unit_name: str
    level: str
    keeper_id: int
    kind: str
    program_code: str
    program_name: str
    period_from: int
    period_to: int
    year: int | None
    title: str
    responsible: str
    state: str
    due_on: date | None
    from_plan_id: uuid.UUID | None
    illustrative: bool
    created_by: str
    version: int
    updated_at: datetime
    version_number: int
    approved_version: int | None
    mine: bool

    @property
    def open(self) -> bool:
        """Whether its text may be changed."""
        return self.state in OPEN

    @property
    def exact_unit(self) -> str:
        return f"{self.unit_code}@{self.unit_structure}"

    @property
    def years(self) -> range:
        """The budget years that it is about."""
        first = self.period_from if self.year is None else self.year
        return range(first, (self.period_to if self.year is None else self.year) + 1)

    @property
    def thing(self) -> Thing:
        return Thing(self.id, self.kind, self.state, self.level)

    def kept_by(self, actor: Actor) -> bool:
        """Whether the reader is of those who write it, not above them."""
        return not is_above(actor, self.level)


@dataclass(frozen=True, slots=True)
class FundView:
    """Money that a plan counts on, in đồng: of a project from a source, or of one budget line."""

    project_code: str | None
    project_name: str | None
    source: str
    source_name: str
    source_name_en: str
    capital_kind: str
    amount: int
    budget_line_id: uuid.UUID | None
    line_name: str | None  # project · year
    note: str

    def named(self, lang: str) -> str:
        """The source in a reader's language."""
        return self.source_name_en if lang == "en" else self.source_name


def kept_level() -> sa.ColumnElement[str]:
    """The level of the unit that keeps a plan: a hamlet has no office of its own."""
    return sa.case((Unit.level == "hamlet", "commune"), else_=Unit.level)


def owed(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition that a plan in the actor's scope waits for a move of theirs."""
    return owed_by(actor, PLAN_FLOW, Plan.state, kept_level())


def sent_back(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition that a plan in the actor's scope was returned to their own unit, and that they may send it again."""
    if not actor.may("plan.submit"):
        return sa.false()
    return sa.and_(Plan.state == RETURNED, kept_level() == actor.level)


def joined() -> Any:
    return sa.join(Plan, Unit, Unit.id == Plan.unit_id).join(Program, Program.id == Plan.program_id)


def selection(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    """The columns of PlanView in their order, the reader's conditions not among them."""
    sent = sa.select(sa.func.count()).where(PlanVersion.plan_id == Plan.id).correlate(Plan).scalar_subquery()
    approved = (
        sa.select(sa.func.max(WorkflowEvent.version))
        .where(
            WorkflowEvent.subject_kind == SUBJECT,
            WorkflowEvent.subject_id == Plan.id,
            WorkflowEvent.move == "approve",
        )
        .correlate(Plan)
        .scalar_subquery()
    )
    keeper = sa.case((Unit.level == "hamlet", Unit.parent_id), else_=Unit.id)
    return sa.select(
        Plan.id, Plan.unit_id, Unit.code, Unit.structure, Unit.name, kept_level(), keeper, Plan.kind, Program.code,
        Program.short_name, Program.period_from, Program.period_to, Plan.year, Plan.title, Plan.responsible,
        Plan.state, Plan.due_on, Plan.from_plan_id, Plan.illustrative, Plan.created_by, Plan.version,
        Plan.updated_at, sent, approved, sa.case((owed(actor), sa.true()), else_=sa.false()),
    ).select_from(joined())  # fmt: skip


def one(session: Session, actor: Actor, plan_id: uuid.UUID, *, lock: bool = False) -> PlanView:
    """A plan in the transaction of whoever asks; `lock` lets one writer at a time at it. NotFound out of scope."""
    mine = sa.and_(Plan.id == plan_id, in_scope(actor, Plan.unit_id))
    if lock:
        session.execute(sa.select(Plan.id).where(mine).with_for_update())
    row = session.execute(selection(actor).where(mine)).one_or_none()
    if row is None:
        raise NotFound()
    return PlanView(*row)


def funds_of(session: Session, plan_id: uuid.UUID) -> list[FundView]:
    """What a plan counts on, in its order: one statement."""
    of_line = Project.code + sa.literal(" · ") + sa.cast(BudgetLine.year, sa.String)
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Project.code, Project.name, PlanFund.source, FundingSource.name, FundingSource.name_en,
            PlanFund.capital_kind, PlanFund.amount, PlanFund.budget_line_id,
            sa.case((BudgetLine.id.is_not(None), of_line)), PlanFund.note,
        )
        .select_from(PlanFund)
        .join(FundingSource, FundingSource.code == PlanFund.source)
        .outerjoin(Project, Project.id == PlanFund.project_id)
        .outerjoin(BudgetLine, BudgetLine.id == PlanFund.budget_line_id)
        .where(PlanFund.plan_id == plan_id)
        .order_by(PlanFund.position)
    )  # fmt: skip
    return [FundView(*row) for row in session.execute(query)]


__all__ = [
    "KINDS", "MODEL_HAMLET", "PERIOD", "FundView", "PlanView", "funds_of", "joined", "kept_level", "one", "owed",
    "selection", "sent_back",
]  # fmt: skip
