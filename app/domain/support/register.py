"""Lists of models under filters, each with its parts; what waits for one person; templates to begin with."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain import workflow
from app.domain.access import Actor, in_scope, require, under
from app.domain.ledger.pockets import Pockets
from app.domain.support.earlier import Earlier, earlier_of
from app.domain.support.flow import SUBJECT, SUPPORT_FLOW
from app.domain.support.mix import Mix, mix_of, own_money
from app.domain.support.people import Supported, note, supported
from app.domain.support.readiness import Handed, Missing, missing_of
from app.domain.support.views import (
    BudgetView,
    Hamlet,
    InputView,
    MemberView,
    ModelView,
    budgets_of,
    inputs_of,
    joined,
    members_of,
    one,
    owed,
    selection,
    sent_back,
)
from app.domain.territory import resolve
from app.domain.workflow import MoveView
from app.models.programs import Program, Project
from app.models.support import ModelTemplate, SupportMember, SupportModel
from app.models.territory import Unit
from app.text import fold


@dataclass(frozen=True, slots=True)
class ModelFilter:
    """What a list of models is narrowed to; None leaves it open. A project stands for all below it; `mine`: waiting for
    a move of the actor's own unit."""

    unit: str | None = None
    year: int | None = None
    state: str | None = None
    project_code: str | None = None
    program_code: str | None = None
    household_id: uuid.UUID | None = None
    mine: bool | None = None
    q: str | None = None
    updated_since: datetime | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """A model with all that it is made of, as it stands; `events` in a list are those that came with words."""

    model: ModelView
    members: list[MemberView]
    inputs: list[InputView]
    budget: list[BudgetView]
    events: list[MoveView]
    missing: tuple[Missing, ...]
    warnings: list[Earlier]

    @property
    def total(self) -> int:
        """What its inputs come to, in đồng."""
        return sum(given.amount for given in self.inputs)


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A common model to begin a proposal with; `inputs` are kinds with their measures."""

    code: str
    name: str
    name_en: str
    livestock: bool
    content: str
    inputs: list[dict[str, str]]

    def named(self, lang: str) -> str:
        return self.name_en if lang == "en" else self.name


def _conditions(session: Session, actor: Actor, wanted: ModelFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield in_scope(actor, SupportModel.unit_id)
    if wanted.unit is not None:
        unit = resolve(session, actor, wanted.unit, as_of=wanted.as_of, year=wanted.year)
        place = SupportModel.hamlet_id if unit.level == "hamlet" else SupportModel.unit_id
        yield under(unit.id, place)
    if wanted.project_code is not None:
        above = sa.func.substr(Project.code, 1, len(wanted.project_code) + 1)
        yield sa.or_(Project.code == wanted.project_code, above == f"{wanted.project_code}.")
    if wanted.household_id is not None:
        yield SupportModel.id.in_(_of_household(wanted.household_id))
    same = {"program_code": Program.code, "year": SupportModel.year, "state": SupportModel.state}
    for name, column in same.items():
        if getattr(wanted, name) is not None:
            yield column == getattr(wanted, name)
    if wanted.mine is not None:
        yield owed(actor) if wanted.mine else ~owed(actor)
    for word in fold(wanted.q or "").split():
        yield sa.or_(
            *(table.search.contains(word, autoescape=True) for table in (SupportModel, Unit, Project)),
            sa.func.coalesce(Hamlet.search, "").contains(word, autoescape=True),
        )
    if wanted.updated_since is not None:
        yield SupportModel.updated_at >= wanted.updated_since


def _of_household(household_id: uuid.UUID) -> sa.Select[uuid.UUID]:
    return sa.select(SupportMember.model_id).where(SupportMember.household_id == household_id)


def models(
    actor: Actor,
    wanted: ModelFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    by_name: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[ModelView]:
    """Models in the order in which they changed last (`after`: the last one seen), or for people those of the latest
    year first, by project, hamlet and name."""
    require(actor, "read")
    with db.transaction() as session:
        return _models(session, actor, wanted, after, by_name, offset, limit)


def _models(
    session: Session,
    actor: Actor,
    wanted: ModelFilter,
    after: tuple[datetime, uuid.UUID] | None,
    by_name: bool,
    offset: int,
    limit: int,
) -> list[ModelView]:
    query = selection(actor).where(*_conditions(session, actor, wanted))
    if after is not None:
        query = query.where(db.past(SupportModel.updated_at, SupportModel.id, after))
    order = (
        (SupportModel.year.desc(), Program.position, Project.position, Unit.sort_key, SupportModel.search, SupportModel.id)
        if by_name
        else (SupportModel.updated_at, SupportModel.id)
    )  # fmt: skip
    rows = session.execute(query.order_by(*order).offset(offset).limit(limit))
    return [ModelView(*row) for row in rows]


def with_parts(
    actor: Actor, wanted: ModelFilter, *, after: tuple[datetime, uuid.UUID] | None = None, limit: int = 50
) -> list[Whole]:
    """`models` in the order in which they changed last, each with its parts: few statements, whatever their number."""
    require(actor, "read")
    with db.snapshot() as session:
        found = _models(session, actor, wanted, after, by_name=False, offset=0, limit=limit)
        return _wholes(session, actor, found, with_words=True)


def _wholes(
    session: Session, actor: Actor, found: Sequence[ModelView], *, with_words: bool = False
) -> list[Whole]:
    ids = [model.id for model in found]
    members, inputs, budgets = members_of(session, ids), inputs_of(session, ids), budgets_of(session, ids)
    events = workflow.history(session, SUPPORT_FLOW, ids, with_words=with_words)
    missing = missing_of(session, found)
    earlier = earlier_of(session, actor, {id_: [i.kind for i in inputs[id_]] for id_ in ids})
    return [
        Whole(
            model, members[model.id], inputs[model.id], budgets[model.id], events[model.id], missing[model.id],
            earlier[model.id],
        )
        for model in found
    ]  # fmt: skip


def with_money(
    actor: Actor, wanted: ModelFilter, *, offset: int = 0, limit: int = 50
) -> list[tuple[ModelView, Pockets | None]]:
    """`models` for people, each with the money of the lines that serve it alone, None where there is none."""
    require(actor, "read")
    with db.snapshot() as session:
        found = _models(session, actor, wanted, None, by_name=True, offset=offset, limit=limit)
        money = own_money(session, actor, [model.id for model in found])
        return [(model, money.get(model.id)) for model in found]


def count(actor: Actor, wanted: ModelFilter) -> int:
    """How many models there are under a filter."""
    require(actor, "read")
    with db.transaction() as session:
        query = sa.select(sa.func.count()).select_from(joined())
        return session.execute(query.where(*_conditions(session, actor, wanted))).scalar_one()


def get(actor: Actor, model_id: uuid.UUID) -> ModelView:
    """One model; NotFound outside the actor's scope."""
    require(actor, "read")
    with db.transaction() as session:
        return one(session, actor, model_id)


def whole(actor: Actor, model_id: uuid.UUID) -> Whole:
    """One model with all that it is made of and all that happened to it."""
    require(actor, "read")
    with db.snapshot() as session:
        return _wholes(session, actor, [one(session, actor, model_id)])[0]


def sheet(actor: Actor, model_id: uuid.UUID) -> tuple[Whole, Mix, list[Supported]]:
    """All that the page of a model shows: `whole`, the lines that it draws on, its households by name. Whoever is shown
    them is put on record."""
    require(actor, "read")
    with db.snapshot() as session:
        model = one(session, actor, model_id)
        folk, inputs = supported(session, actor, model), inputs_of(session, [model_id])[model_id]
        made, unproved = sum(s.deliveries for s in folk), sum(s.unproved for s in folk)
        handed = Handed(made, unproved, len(folk), sum(not s.deliveries for s in folk))
        lines = mix_of(session, actor, model, sum(given.amount for given in inputs))
        found = Whole(
            model,
            [MemberView(p.household_id, p.code, p.income_before, p.income_after) for p in (s.person for s in folk)],
            inputs,
            [BudgetView(line.budget_line_id, line.amount, line.over_drawn) for line in lines.lines if line.amount],
            workflow.history(session, SUPPORT_FLOW, [model_id])[model_id],
            missing_of(session, [model], {model_id: handed})[model_id],
            earlier_of(session, actor, {model_id: [given.kind for given in inputs]})[model_id],
        )  # fmt: skip
    note(actor, model, len(folk))
    return found, lines, folk


def years(actor: Actor) -> list[int]:
    """The years of models in the actor's scope, the latest first."""
    require(actor, "read")
    query = (
        sa.select(SupportModel.year)
        .where(in_scope(actor, SupportModel.unit_id))
        .group_by(SupportModel.year)
        .order_by(SupportModel.year.desc())
    )
    with db.transaction() as session:
        return list(session.execute(query).scalars())


def waiting_for(actor: Actor, limit: int) -> tuple[list[ModelView], int]:
    """`waiting` in a transaction of its own."""
    require(actor, "read")
    with db.transaction() as session:
        return waiting(session, actor, limit)


def waiting_rows(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    """What `waiting` finds, beside other kinds of things: see `workflow.first_waiting`."""
    rows = workflow.waiting_rows(
        SUBJECT, SupportModel, SupportModel.name, joined(), owed(actor), sent_back(actor)
    )
    return rows.where(in_scope(actor, SupportModel.unit_id))


def waiting(session: Session, actor: Actor, limit: int) -> tuple[list[ModelView], int]:
    """(models that wait for the actor: for a move of theirs above first, then those given back to their own unit, the
    first due first; how many there are): one statement."""
    query = selection(actor).where(in_scope(actor, SupportModel.unit_id))
    rows, number = workflow.waiting(session, query, SupportModel, owed(actor), sent_back(actor), limit)
    return [ModelView(*row) for row in rows], number


def templates(actor: Actor) -> list[TemplateView]:
    """Common models in the catalogue's order."""
    require(actor, "read")
    T = ModelTemplate
    query = sa.select(T.code, T.name, T.name_en, T.livestock, T.content, T.inputs).order_by(
        T.position, T.code
    )
    with db.transaction() as session:
        return [TemplateView(*row) for row in session.execute(query)]
