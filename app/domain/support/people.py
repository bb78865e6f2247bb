"""The households of a model by name, for pages; whoever is shown names is put on record.

Also who could take part: households of the model's hamlet, or of all its unit, that count as poor, near-poor or newly
escaped in its year.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain import personal
from app.domain.access import Actor, in_scope, require, under
from app.domain.support.flow import SUBJECT
from app.domain.support.parts import ADMITTED
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
from app.models.support import Delivery, SupportMember, Visit

CANDIDATES: Final = 500


@dataclass(frozen=True, slots=True)
class Person:
    """A household by the name of its head, as the reader may see it; `status` in the model's year."""

    household_id: uuid.UUID
    code: str
    name: str
    hamlet_name: str | None
    status: str | None
    left_on: date | None
    income_before: int | None = None
    income_after: int | None = None


@dataclass(frozen=True, slots=True)
class LastVisit:
    """What the latest visit to a household found; money in đồng."""

    visited_on: date
    alive: int
    dead: int
    sold: int
    sick: int
    yield_amount: Decimal | None
    yield_measure: str
    income: int | None


@dataclass(frozen=True, slots=True)
class Supported:
    """A household of a model with what it received of each input in how many deliveries, and what its last visit found."""

    person: Person
    received: Mapping[uuid.UUID, Decimal]
    deliveries: int
    unsigned: int
    last: LastVisit | None


@dataclass(frozen=True, slots=True)
class Text:
    """A model as it is written: its head, its households, what it gives, what it draws on."""

    model: ModelView
    members: list[MemberView]
    inputs: list[InputView]
    budget: list[BudgetView]

    @property
    def total(self) -> int:
        """What its inputs come to, in đồng."""
        return sum(given.amount for given in self.inputs)


def _people(year: int) -> sa.Select[*tuple[Any, ...]]:
    """The columns of Person but incomes."""
    status = sa.and_(HouseholdStatus.household_id == Household.id, HouseholdStatus.year == year)
    return (
        sa.select(
            Household.id, Household.code, Household.head_name, Hamlet.name, HouseholdStatus.status, Household.left_on
        )
        .select_from(Household)
        .outerjoin(HouseholdStatus, status)
        .outerjoin(Hamlet, Hamlet.id == Household.hamlet_id)
    )  # fmt: skip


def members(actor: Actor, model_id: uuid.UUID) -> tuple[ModelView, list[Supported]]:
    """A model and its households by name, with what each received and its last visit: for a page."""
    require(actor, "read")
    with db.snapshot() as session:
        model = one(session, actor, model_id)
        found = supported(session, actor, model)
    note(actor, model, len(found))
    return model, found


def at_hand(actor: Actor, model_id: uuid.UUID) -> tuple[ModelView, list[InputView], list[Supported]]:
    """`members` with what the model gives: for the page that hands over."""
    require(actor, "read")
    with db.snapshot() as session:
        model = one(session, actor, model_id)
        inputs, found = inputs_of(session, [model_id])[model_id], supported(session, actor, model)
    note(actor, model, len(found))
    return model, inputs, found


def note(actor: Actor, model: ModelView, people: int) -> None:
    """Put on record that an actor is shown households of a model by name, before they are."""
    personal.note_views(actor, model.unit_id, SUBJECT, model.id, people, "page")


def supported(session: Session, actor: Actor, model: ModelView) -> list[Supported]:
    """`members` in a transaction, nothing put on record yet: three statements."""
    query = (
        _people(model.year)
        .add_columns(SupportMember.income_before, SupportMember.income_after)
        .join(SupportMember, SupportMember.household_id == Household.id)
        .where(SupportMember.model_id == model.id)
        .order_by(SupportMember.position)
    )
    found = [_shown(actor, row) for row in session.execute(query)]
    received, signed = _received(session, model.id)
    last = _last_visits(session, model.id)
    return [
        Supported(
            p, received.get(p.household_id, {}), len(signs := signed.get(p.household_id, [])), signs.count(False),
            last.get(p.household_id),
        )
        for p in found
    ]  # fmt: skip


def _shown(actor: Actor, row: Sequence[Any]) -> Person:
    id_, code, name, *rest = row
    return Person(id_, code, personal.shown_name(actor, name), *rest)


def _received(
    session: Session, model_id: uuid.UUID
) -> tuple[dict[uuid.UUID, dict[uuid.UUID, Decimal]], dict[uuid.UUID, list[bool]]]:
    """(what each household received of each input, whether each of its deliveries is signed for)."""
    received: dict[uuid.UUID, dict[uuid.UUID, Decimal]] = {}
    signs: dict[uuid.UUID, list[bool]] = {}
    query = sa.select(Delivery.household_id, Delivery.input_id, Delivery.quantity, Delivery.signed).where(
        Delivery.model_id == model_id, Delivery.withdrawn_at.is_(None)
    )
    for household_id, input_id, quantity, signed in session.execute(query):
        of = received.setdefault(household_id, {})
        of[input_id] = of.get(input_id, Decimal(0)) + quantity
        signs.setdefault(household_id, []).append(signed)
    return received, signs


def _last_visits(session: Session, model_id: uuid.UUID) -> dict[uuid.UUID, LastVisit]:
    """The latest visit to each household; of two on a day the one that was recorded later."""
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Visit.household_id, Visit.visited_on, Visit.alive, Visit.dead, Visit.sold, Visit.sick,
            Visit.yield_amount, Visit.yield_measure, Visit.income,
        )
        .where(Visit.model_id == model_id)
        .order_by(Visit.visited_on, Visit.created_at, Visit.id)
    )  # fmt: skip
    return {household_id: LastVisit(*found) for household_id, *found in session.execute(query)}


def text(actor: Actor, model_id: uuid.UUID) -> tuple[Text, list[Person]]:
    """A model as it is written, and who takes part or could: for the page that changes it."""
    require(actor, "read")
    with db.snapshot() as session:
        model = one(session, actor, model_id)
        found = _candidates(session, actor, model)
        written = Text(
            model,
            [
                MemberView(p.household_id, p.code, p.income_before, p.income_after)
                for _, p in sorted(((at, p) for at, p in found if at is not None), key=lambda pair: pair[0])
            ],
            inputs_of(session, [model_id])[model_id],
            budgets_of(session, [model_id])[model_id],
        )
    note(actor, model, len(found))
    return written, [person for _, person in found]


def candidates(actor: Actor, model_id: uuid.UUID) -> list[Person]:
    """Who takes part, then who could, by hamlet and code."""
    require(actor, "read")
    with db.snapshot() as session:
        model = one(session, actor, model_id)
        found = _candidates(session, actor, model)
    note(actor, model, len(found))
    return [person for _, person in found]


def _candidates(session: Session, actor: Actor, model: ModelView) -> list[tuple[int | None, Person]]:
    """(place in the model, household): one statement. Members come first, so that a long list never cuts one off."""
    member = sa.and_(SupportMember.household_id == Household.id, SupportMember.model_id == model.id)
    place = (
        Household.hamlet_id == model.hamlet_id
        if model.hamlet_id is not None
        else under(model.unit_id, Household.unit_id)
    )
    admitted = sa.and_(place, HouseholdStatus.status.in_(ADMITTED), Household.left_on.is_(None))
    query = (
        _people(model.year)
        .add_columns(SupportMember.income_before, SupportMember.income_after, SupportMember.position)
        .outerjoin(SupportMember, member)
        .where(
            in_scope(actor, Household.unit_id), under(model.unit_id, Household.unit_id),
            sa.or_(admitted, SupportMember.position.is_not(None)),
        )
        .order_by(
            sa.case((SupportMember.position.is_not(None), 0), else_=1), Hamlet.sort_key, Household.sort_key,
            Household.id,
        )
        .limit(CANDIDATES)
    )  # fmt: skip
    return [(position, _shown(actor, row)) for *row, position in session.execute(query)]
