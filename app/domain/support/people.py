"""The households of a model by name, for pages; whoever is shown names is put on record."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain import personal
from app.domain.access import Actor, require
from app.domain.support.flow import SUBJECT
from app.domain.support.proof import proved
from app.domain.support.views import (
    Hamlet,
    InputView,
    ModelView,
    inputs_of,
    one,
)
from app.models.households import Household, HouseholdStatus
from app.models.support import Delivery, SupportMember, Visit


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
    born: int


@dataclass(frozen=True, slots=True)
class Supported:
    """A household of a model with what it received of each input in how many deliveries, and what its last visit found."""

    person: Person
    received: Mapping[uuid.UUID, Decimal]
    deliveries: int
    unproved: int  # of them, neither signed for nor photographed
    last: LastVisit | None


def people_of(year: int) -> sa.Select[*tuple[Any, ...]]:
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
        people_of(model.year)
        .add_columns(SupportMember.income_before, SupportMember.income_after)
        .join(SupportMember, SupportMember.household_id == Household.id)
        .where(SupportMember.model_id == model.id)
        .order_by(SupportMember.position)
    )
    found = [shown(actor, row) for row in session.execute(query)]
    received, proofs = _received(session, model.id)
    last = _last_visits(session, model.id)
    return [
        Supported(
            p, received.get(p.household_id, {}), len(of := proofs.get(p.household_id, [])), of.count(False),
            last.get(p.household_id),
        )
        for p in found
    ]  # fmt: skip


def shown(actor: Actor, row: Sequence[Any]) -> Person:
    id_, code, name, *rest = row
    return Person(id_, code, personal.shown_name(actor, name), *rest)


def _received(
    session: Session, model_id: uuid.UUID
) -> tuple[dict[uuid.UUID, dict[uuid.UUID, Decimal]], dict[uuid.UUID, list[bool]]]:
    """(what each household received of each input, whether each of its deliveries is proved)."""
    received: dict[uuid.UUID, dict[uuid.UUID, Decimal]] = {}
    proofs: dict[uuid.UUID, list[bool]] = {}
    query = sa.select(Delivery.household_id, Delivery.input_id, Delivery.quantity, proved()).where(
        Delivery.model_id == model_id, Delivery.withdrawn_at.is_(None)
    )
    for household_id, input_id, quantity, proof in session.execute(query):
        of = received.setdefault(household_id, {})
        of[input_id] = of.get(input_id, Decimal(0)) + quantity
        proofs.setdefault(household_id, []).append(proof)
    return received, proofs


def _last_visits(session: Session, model_id: uuid.UUID) -> dict[uuid.UUID, LastVisit]:
    """The latest visit to each household; of two on a day the one that was recorded later."""
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Visit.household_id, Visit.visited_on, Visit.alive, Visit.dead, Visit.sold, Visit.sick,
            Visit.yield_amount, Visit.yield_measure, Visit.income, Visit.born,
        )
        .where(Visit.model_id == model_id)
        .order_by(Visit.visited_on, Visit.created_at, Visit.id)
    )  # fmt: skip
    return {household_id: LastVisit(*found) for household_id, *found in session.execute(query)}
