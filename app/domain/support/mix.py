"""Pooled funding (lồng ghép): which lines a model draws on, of which programs, and how far their money has gone.

Each đồng stands on one line. A line that serves the model alone is its money; of a general line that several share the
figures are the line's, never split.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain.access import Actor, in_scope, require
from app.domain.ledger.pockets import FIELDS, Pockets
from app.domain.support.views import ModelView, inputs_of, one, over_drawn
from app.models.ledger import Balance, BudgetLine
from app.models.programs import FundingSource, Program, Project
from app.models.support import SupportBudget
from app.models.territory import Unit


@dataclass(frozen=True, slots=True)
class MixLine:
    """A line that a model draws `amount` đồng on, none where it serves the model without being drawn on, as next year's
    does. `over_drawn`: by how much its plan is short of what all models draw on it. `shared`: it serves others too;
    `pockets` are the whole line's, None for one out of the reader's scope."""

    budget_line_id: uuid.UUID
    unit_name: str
    program_code: str
    program_name: str
    project_code: str
    project_name: str
    source: str
    source_name: str
    source_name_en: str
    capital_kind: str
    year: int
    origin_year: int
    amount: int
    over_drawn: int
    shared: bool
    pockets: Pockets | None

    def named(self, lang: str) -> str:
        """The source in a reader's language."""
        return self.source_name_en if lang == "en" else self.source_name


@dataclass(frozen=True, slots=True)
class MixSum:
    """What a model draws from a source of a program, in đồng."""

    program_code: str
    program_name: str
    source: str
    source_name: str
    source_name_en: str
    amount: int

    def named(self, lang: str) -> str:
        return self.source_name_en if lang == "en" else self.source_name


@dataclass(frozen=True, slots=True)
class Mix:
    """A model's money, in đồng: `total` is what it costs, `household_share` what its households bring in."""

    model: ModelView
    lines: tuple[MixLine, ...]
    total: int

    @property
    def household_share(self) -> int:
        return self.model.household_share

    @property
    def drawn(self) -> int:
        """All that is drawn on lines."""
        return sum(line.amount for line in self.lines)

    @property
    def by_source(self) -> list[MixSum]:
        """What is drawn by program and source."""
        sums: dict[tuple[str, str], MixSum] = {}
        for line in self.lines:
            key = (line.program_code, line.source)
            before = sums[key].amount if key in sums else 0
            sums[key] = MixSum(
                line.program_code, line.program_name, line.source, line.source_name, line.source_name_en,
                before + line.amount,
            )  # fmt: skip
        return list(sums.values())

    @property
    def own(self) -> Pockets | None:
        """The money of the lines that serve the model alone; None where there is none such."""
        own = [
            (line.year, line.pockets) for line in self.lines if not line.shared and line.pockets is not None
        ]
        return _together(own) if own else None


def _together(of_years: Sequence[tuple[int, Pockets]]) -> Pockets:
    """Lines of several years as one: what was carried between two of them is no new money, and has not gone."""
    first = min(year for year, _ in of_years)
    again = sum(pockets.carried_in for year, pockets in of_years if year > first)
    return sum((pockets for _, pockets in of_years), Pockets(carried_in=-again, carried_out=-again))


def mix(actor: Actor, model_id: uuid.UUID) -> Mix:
    """What a model draws on which lines, as they stand now; NotFound outside the actor's scope."""
    require(actor, "read")
    with db.snapshot() as session:
        model = one(session, actor, model_id)
        return mix_of(session, actor, model, sum(i.amount for i in inputs_of(session, [model_id])[model_id]))


def mix_of(session: Session, actor: Actor, model: ModelView, total: int) -> Mix:
    """`mix` in a transaction: one statement."""
    mine = sa.case((in_scope(actor, BudgetLine.unit_id), sa.true()), else_=sa.false())
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            BudgetLine.id, Unit.name, Program.code, Program.short_name, Project.code, Project.name,
            BudgetLine.source, FundingSource.name, FundingSource.name_en, BudgetLine.capital_kind, BudgetLine.year,
            BudgetLine.origin_year, sa.func.coalesce(SupportBudget.amount, 0), over_drawn(),
            BudgetLine.support_model_id.is_(None), mine,
            *(getattr(Balance, f) for f in FIELDS),
        )
        .select_from(BudgetLine)
        .outerjoin(
            SupportBudget,
            sa.and_(SupportBudget.budget_line_id == BudgetLine.id, SupportBudget.model_id == model.id),
        )
        .join(Balance, Balance.budget_line_id == BudgetLine.id)
        .join(Unit, Unit.id == BudgetLine.unit_id)
        .join(Project, Project.id == BudgetLine.project_id)
        .join(Program, Program.id == Project.program_id)
        .join(FundingSource, FundingSource.code == BudgetLine.source)
        .where(sa.or_(SupportBudget.model_id == model.id, BudgetLine.support_model_id == model.id))
        .order_by(Program.position, Project.position, FundingSource.position, BudgetLine.year, BudgetLine.id)
    )  # fmt: skip
    lines = []
    for row in session.execute(query):
        values = list(row)
        *key, shared, visible = values[: -len(FIELDS)]
        pockets = Pockets(*values[-len(FIELDS) :]) if visible else None
        lines.append(MixLine(*[*key, bool(shared), pockets]))
    return Mix(model, tuple(lines), total)


def own_money(session: Session, actor: Actor, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Pockets]:
    """The money of the lines that serve each of these models alone, as far as the actor sees them: one statement."""
    if not ids:
        return {}
    sums = (db.big_sum(getattr(Balance, f)) for f in FIELDS)
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(BudgetLine.support_model_id, BudgetLine.year, *sums)
        .join(Balance, Balance.budget_line_id == BudgetLine.id)
        .where(BudgetLine.support_model_id.in_(ids), in_scope(actor, BudgetLine.unit_id))
        .group_by(BudgetLine.support_model_id, BudgetLine.year)
    )
    of_years: dict[uuid.UUID, list[tuple[int, Pockets]]] = {}
    for id_, year, *money in session.execute(query):
        of_years.setdefault(id_, []).append((year, Pockets(*money)))
    return {id_: _together(found) for id_, found in of_years.items()}
