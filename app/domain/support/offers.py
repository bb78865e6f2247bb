"""What the form of a model offers: who takes part or could, and the lines that it draws on or could.

Who could take part counts as poor, near-poor or newly escaped in the year: without a search the households of the
model's hamlet, or of all its unit where it names none; a search looks in all the unit.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain.access import Actor, in_scope, require, under
from app.domain.households.views import matching
from app.domain.support.parts import ADMITTED, MOST, fits, reached
from app.domain.support.people import Person, note, people_of, shown
from app.domain.support.views import (
    BudgetView,
    Hamlet,
    InputView,
    MemberView,
    ModelView,
    budgets_of,
    inputs_of,
    one,
)
from app.models.households import Household, HouseholdStatus
from app.models.ledger import BudgetLine
from app.models.programs import FundingSource, Program, Project
from app.models.support import SupportBudget, SupportMember, SupportModel
from app.models.territory import Unit, UnitScope
from app.models.works import Work

OFFERED: Final = 200  # households beside those that take part
LINES: Final = 500  # lines beside those that are drawn on


@dataclass(frozen=True, slots=True)
class Text:
    """A model as it is written: its head, its households, what it gives, what it draws on."""

    model: ModelView
    members: list[MemberView]
    inputs: list[InputView]
    budget: list[BudgetView]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form holds: the year in which households must count as poor (the model's own unless given), words of a
    household's code or name, with or without marks; `households` and `lines` that are chosen and must be shown."""

    year: int | None = None
    q: str = ""
    households: Collection[uuid.UUID] = field(default=())
    lines: Collection[uuid.UUID] = field(default=())


@dataclass(frozen=True, slots=True)
class LineChoice:
    """A budget line by what tells it from others."""

    id: uuid.UUID
    unit_id: int
    unit_name: str
    project_code: str
    source: str
    year: int
    note: str
    work_name: str | None
    model_name: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """`chosen`: who takes part or is ticked; `others`: who else could, and whether there are `more` than these; `lines`
    of `year` first, then the latest."""

    year: int
    chosen: list[Person]
    others: list[Person]
    more: bool
    lines: list[LineChoice]

    @property
    def people(self) -> list[Person]:
        return [*self.chosen, *self.others]


def text(actor: Actor, model_id: uuid.UUID) -> tuple[Text, Offer]:
    """A model as it is written, and what its form offers; whoever is shown names is put on record."""
    require(actor, "read")
    with db.snapshot() as session:
        model = one(session, actor, model_id)
        offered, places = _offer(session, actor, model, Asked())
        members = [
            MemberView(p.household_id, p.code, p.income_before, p.income_after)
            for p in sorted(offered.chosen, key=lambda p: places[p.household_id])
        ]
        inputs, budget = inputs_of(session, [model_id])[model_id], budgets_of(session, [model_id])[model_id]
    note(actor, model, len(offered.people))
    return Text(model, members, inputs, budget), offered


def offer(actor: Actor, model_id: uuid.UUID, asked: Asked | None = None) -> Offer:
    """What a model's form offers beside what is chosen in it; whoever is shown names is put on record."""
    require(actor, "read")
    with db.snapshot() as session:
        model = one(session, actor, model_id)
        offered, _ = _offer(session, actor, model, asked or Asked())
    note(actor, model, len(offered.people))
    return offered


def _offer(
    session: Session, actor: Actor, model: ModelView, asked: Asked
) -> tuple[Offer, dict[uuid.UUID, int]]:
    """(what is offered, the place of each household that takes part): two statements."""
    year = asked.year or model.year
    chosen: list[Person] = []
    others: list[Person] = []
    places: dict[uuid.UUID, int] = {}
    for *row, position, is_chosen in session.execute(_people(actor, model, year, asked)):
        person = shown(actor, row)
        (chosen if is_chosen else others).append(person)
        if position is not None:
            places[person.household_id] = position
    found = Offer(
        year,
        chosen,
        others[:OFFERED],
        len(others) > OFFERED,
        _lines(session, actor, model, year, asked.lines),
    )
    return found, places  # fmt: skip


def _people(actor: Actor, model: ModelView, year: int, asked: Asked) -> sa.Select[*tuple[Any, ...]]:
    """Who takes part or is ticked, however many, then one more than are offered of those who could."""
    member = sa.and_(SupportMember.household_id == Household.id, SupportMember.model_id == model.id)
    chosen = sa.or_(SupportMember.position.is_not(None), Household.id.in_(asked.households))
    could = [HouseholdStatus.status.in_(ADMITTED), Household.left_on.is_(None), *matching(actor, asked.q)]
    if model.hamlet_id is not None and not asked.q.strip():
        could.append(Household.hamlet_id == model.hamlet_id)
    return (
        people_of(year)
        .add_columns(
            SupportMember.income_before, SupportMember.income_after, SupportMember.position,
            sa.case((chosen, sa.true()), else_=sa.false()),
        )
        .outerjoin(SupportMember, member)
        .where(
            in_scope(actor, Household.unit_id), under(model.unit_id, Household.unit_id),
            sa.or_(chosen, sa.and_(*could)),
        )
        .order_by(sa.case((chosen, 0), else_=1), Hamlet.sort_key, Household.sort_key, Household.id)
        .limit(MOST + len(asked.households) + OFFERED + 1)
    )  # fmt: skip


def _lines(
    session: Session, actor: Actor, model: ModelView, year: int, chosen: Collection[uuid.UUID]
) -> list[LineChoice]:
    """Lines that the model draws on or its form names, and those that it may draw on, of whatever year: one statement."""
    drawn = sa.select(SupportBudget.budget_line_id).where(SupportBudget.model_id == model.id)
    mine = reached(actor, model.id)
    kept = sa.or_(BudgetLine.id.in_(drawn), sa.and_(mine, BudgetLine.id.in_(chosen)))
    above = sa.select(UnitScope.ancestor_id).where(UnitScope.unit_id == model.unit_id)
    near = sa.or_(under(model.unit_id, BudgetLine.unit_id), BudgetLine.unit_id.in_(above))
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            BudgetLine.id, BudgetLine.unit_id, Unit.name, Project.code, BudgetLine.source, BudgetLine.year,
            BudgetLine.note, Work.name, SupportModel.name,
        )
        .join(Unit, Unit.id == BudgetLine.unit_id)
        .join(Project, Project.id == BudgetLine.project_id)
        .join(Program, Program.id == Project.program_id)
        .join(FundingSource, FundingSource.code == BudgetLine.source)
        .outerjoin(Work, Work.id == BudgetLine.work_id)
        .outerjoin(SupportModel, SupportModel.id == BudgetLine.support_model_id)
        .where(sa.or_(kept, sa.and_(mine, near, fits(model.id))))
        .order_by(
            sa.case((kept, 0), (BudgetLine.year == year, 1), else_=2), BudgetLine.year.desc(), Program.position,
            Project.position, FundingSource.position, Unit.sort_key, BudgetLine.id,
        )
        .limit(LINES + MOST + len(chosen))
    )  # fmt: skip
    found = [LineChoice(*row) for row in session.execute(query)]
    return sorted(found, key=lambda line: (line.year != year, -line.year))
