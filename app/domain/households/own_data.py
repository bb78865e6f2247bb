"""Everything that is kept about a household, on one page to give to it when it asks.

The right to see one's own data: Nghị định 13/2023/NĐ-CP, Điều 9; from 2026 on Luật 91/2025/QH15.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain import personal
from app.domain.access import Actor, require
from app.domain.households.register import Numbers, opened_numbers
from app.domain.households.views import SUBJECT, EventView, HouseholdView, events_of, one
from app.models.clearance import PersonalView
from app.models.support import Delivery, SupportInput, SupportMember, SupportModel, Visit
from app.models.territory import Unit


@dataclass(frozen=True, slots=True)
class Membership:
    """A support model that a household is of; incomes in đồng a year, as it reported them."""

    model: str
    year: int
    income_before: int | None
    income_after: int | None


@dataclass(frozen=True, slots=True)
class Received:
    """What a household received on a day; a withdrawn record says so."""

    model: str
    kind: str
    quantity: Decimal
    measure: str
    on: date
    note: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Visited:
    """What was found at a household on a day; income in đồng."""

    model: str
    on: date
    alive: int
    dead: int
    sold: int
    sick: int
    born: int
    yield_amount: Decimal | None
    yield_measure: str
    income: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Who was shown this household's own data, and why."""

    at: datetime
    actor: str
    unit_name: str
    purpose: str


@dataclass(frozen=True, slots=True)
class OwnData:
    """All of it. Lists that name many households at once say nothing of one: they are not among `shown`."""

    household: HouseholdView
    numbers: Numbers
    events: Sequence[EventView]
    memberships: Sequence[Membership]
    received: Sequence[Received]
    visits: Sequence[Visited]
    shown: Sequence[Shown]


def own_data(actor: Actor, household_id: uuid.UUID) -> OwnData:
    """Everything about a household, put on record as its own request; Forbidden for who does not see persons."""
    require(actor, "person.read")
    with db.transaction() as session:
        found = one(session, actor, household_id)
        data = OwnData(
            found,
            opened_numbers(session, household_id),
            events_of(session, household_id),
            _memberships(session, household_id),
            _received(session, household_id),
            _visits(session, household_id),
            _shown(session, household_id),
        )
    personal.note_views(actor, found.unit_id, SUBJECT, household_id, found.people, "subject_request")
    return data


def _memberships(session: Session, household_id: uuid.UUID) -> list[Membership]:
    query = (
        sa.select(
            SupportModel.name, SupportModel.year, SupportMember.income_before, SupportMember.income_after
        )
        .join(SupportMember, SupportMember.model_id == SupportModel.id)
        .where(SupportMember.household_id == household_id)
        .order_by(SupportModel.year, SupportModel.id)
    )
    return [Membership(*row) for row in session.execute(query)]


def _received(session: Session, household_id: uuid.UUID) -> list[Received]:
    D = Delivery
    query = (
        sa.select(
            SupportModel.name, SupportInput.kind, D.quantity, SupportInput.measure, D.delivered_on, D.note,
            D.withdrawn_at.is_not(None),
        )
        .join(SupportModel, SupportModel.id == D.model_id)
        .join(SupportInput, SupportInput.id == D.input_id)
        .where(D.household_id == household_id)
        .order_by(D.delivered_on, D.id)
    )  # fmt: skip
    return [Received(*row) for row in session.execute(query)]


def _visits(session: Session, household_id: uuid.UUID) -> list[Visited]:
    V = Visit
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            SupportModel.name, V.visited_on, V.alive, V.dead, V.sold, V.sick, V.born, V.yield_amount,
            V.yield_measure, V.income, V.note,
        )
        .join(SupportModel, SupportModel.id == V.model_id)
        .where(V.household_id == household_id)
        .order_by(V.visited_on, V.id)
    )  # fmt: skip
    return [Visited(*row) for row in session.execute(query)]


def _shown(session: Session, household_id: uuid.UUID) -> list[Shown]:
    P = PersonalView
    query = (
        sa.select(P.at, P.actor, Unit.name, P.purpose)
        .join(Unit, Unit.id == P.unit_id)
        .where(P.subject_kind == SUBJECT, P.subject_id == str(household_id))
        .order_by(P.id)
    )
    return [Shown(*row) for row in session.execute(query)]
