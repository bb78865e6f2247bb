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
from app.domain.support.views import Hamlet, ModelView, one
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
    """A household of a model with what it received of each input, and what its last visit found."""

    person: Person
    received: Mapping[uuid.UUID, Decimal]
    unsigned: int
    last: LastVisit | None


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
        query = (
            _people(model.year)
            .add_columns(SupportMember.income_before, SupportMember.income_after)
            .join(SupportMember, SupportMember.household_id == Household.id)
            .where(SupportMember.model_id == model_id)
            .order_by(SupportMember.position)
        )
        found = [_shown(actor, row) for row in session.execute(query)]
        received, unsigned = _received(session, model_id)
        last = _last_visits(session, model_id)
    personal.note_views(actor, model.unit_id, SUBJECT, model_id, len(found), "page")
    return model, [
        Supported(p, received.get(p.household_id, {}), unsigned.get(p.household_id, 0), last.get(p.household_id))
        for p in found
    ]  # fmt: skip


def _shown(actor: Actor, row: Sequence[Any]) -> Person:
    id_, code, name, *rest = row
    return Person(id_, code, personal.shown_name(actor, name), *rest)


def _received(
    session: Session, model_id: uuid.UUID
) -> tuple[dict[uuid.UUID, dict[uuid.UUID, Decimal]], dict[uuid.UUID, int]]:
    """(what each household received of each input, how many of its deliveries are not signed for)."""
    received: dict[uuid.UUID, dict[uuid.UUID, Decimal]] = {}
    unsigned: dict[uuid.UUID, int] = {}
    query = sa.select(Delivery.household_id, Delivery.input_id, Delivery.quantity, Delivery.signed).where(
        Delivery.model_id == model_id, Delivery.withdrawn_at.is_(None)
    )
    for household_id, input_id, quantity, signed in session.execute(query):
        of = received.setdefault(household_id, {})
        of[input_id] = of.get(input_id, Decimal(0)) + quantity
        unsigned[household_id] = unsigned.get(household_id, 0) + (not signed)
    return received, unsigned


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


def candidates(actor: Actor, model_id: uuid.UUID) -> list[Person]:
    """Who takes part or could, by hamlet and code: for the page that chooses them."""
    require(actor, "read")
    with db.snapshot() as session:
        model = one(session, actor, model_id)
        in_model = sa.select(SupportMember.household_id).where(SupportMember.model_id == model_id)
        place = (
            Household.hamlet_id == model.hamlet_id
            if model.hamlet_id is not None
            else under(model.unit_id, Household.unit_id)
        )
        admitted = sa.and_(place, HouseholdStatus.status.in_(ADMITTED), Household.left_on.is_(None))
        query = (
            _people(model.year)
            .where(
                in_scope(actor, Household.unit_id), under(model.unit_id, Household.unit_id),
                sa.or_(admitted, Household.id.in_(in_model)),
            )
            .order_by(Hamlet.sort_key, Household.sort_key, Household.id)
            .limit(CANDIDATES)
        )  # fmt: skip
        found = [_shown(actor, row) for row in session.execute(query)]
    personal.note_views(actor, model.unit_id, SUBJECT, model_id, len(found), "page")
    return found
