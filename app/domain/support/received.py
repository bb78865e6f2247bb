"""Who gets what: what households received from models over years and programs, who the same twice, who never anything.

Households go by their codes here; their names stand on their own pages, whose views are put on record.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import db
from app.db import big_sum
from app.domain.access import Actor, in_scope, require, under
from app.domain.support.earlier import Earlier, earlier_of
from app.domain.support.flow import GRANTED
from app.domain.support.views import inputs_of
from app.domain.territory import UnitView
from app.errors import NotFound
from app.models.households import Household, HouseholdStatus
from app.models.programs import Program, Project
from app.models.support import Delivery, SupportInput, SupportMember, SupportModel
from app.models.territory import Unit

ELIGIBLE: Final = ("poor", "near_poor", "escaped")
Hamlet = aliased(Unit)


@dataclass(frozen=True, slots=True)
class Gift:
    """What a household received from a model in a year; `value` in đồng, at the prices approved."""

    household_id: uuid.UUID
    code: str
    hamlet: str | None
    unit_name: str
    year: int
    program_code: str
    project_code: str
    model_id: uuid.UUID
    model_name: str
    deliveries: int
    value: int
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A household that counts as poor, near-poor or newly escaped in the year asked for and never received anything."""

    household_id: uuid.UUID
    code: str
    hamlet: str | None
    unit_name: str
    status: str
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Received:
    """A unit's households: gifts of a year (or of all), how many there are, the same given twice, and who waits."""

    gifts: list[Gift]
    count: int
    value: int
    households: int
    twice: list[Earlier]
    waiting: list[Waiting]


def value_of() -> sa.ColumnElement[int]:
    """What a delivery is worth in whole đồng, half up: its quantity at the price that was approved."""
    thousandths = sa.type_coerce(Delivery.quantity, sa.BigInteger) * SupportInput.unit_price
    # Integer division cuts towards zero on both engines.
    return sa.cast(thousandths + 500, sa.BigInteger).op("/")(1000)


def _gifts(*where: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    """The columns of Gift in their order, what was withdrawn left out."""
    year = sa.cast(sa.extract("year", Delivery.delivered_on), sa.Integer)
    illustrative = sa.func.max(sa.case((Delivery.illustrative, 1), else_=0))
    keys = (
        Household.id, Household.code, Hamlet.name, Unit.name, year, Program.code, Project.code, SupportModel.id,
        SupportModel.name,
    )  # fmt: skip
    return (
        sa.select(*keys, sa.func.count(), big_sum(value_of()).label("value"), illustrative)
        .select_from(Delivery)
        .join(SupportInput, SupportInput.id == Delivery.input_id)
        .join(SupportModel, SupportModel.id == Delivery.model_id)
        .join(Project, Project.id == SupportModel.project_id)
        .join(Program, Program.id == Project.program_id)
        .join(Household, Household.id == Delivery.household_id)
        .join(Unit, Unit.id == Household.unit_id)
        .outerjoin(Hamlet, Hamlet.id == Household.hamlet_id)
        .where(Delivery.withdrawn_at.is_(None), *where)
        .group_by(*keys)
    )  # fmt: skip


def _seen(rows: Sequence[sa.Row[Any]]) -> list[Gift]:
    return [Gift(*[*list(row)[:-1], bool(row[-1])]) for row in rows]


def received(actor: Actor, unit: UnitView, year: int, *, offset: int = 0, limit: int = 100) -> Received:
    """What the households of a unit, which was looked up for the actor, received in a year; by code."""
    require(actor, "read")
    mine = (in_scope(actor, Household.unit_id), _of(unit))
    with db.snapshot() as session:
        of_year = sa.extract("year", Delivery.delivered_on) == year
        query = _gifts(*mine, of_year)
        every = query.subquery()
        count, value, households = session.execute(
            sa.select(sa.func.count(), big_sum(every.c.value), sa.func.count(every.c.id.distinct()))
        ).one()
        order = (Unit.name, Household.code, SupportModel.name)
        gifts = _seen(session.execute(query.order_by(*order).offset(offset).limit(limit)).all())
        return Received(
            gifts, count, int(value), households, _twice(session, actor, mine), _waiting(session, mine, year)
        )


def _of(unit: UnitView) -> sa.ColumnElement[bool]:
    return Household.hamlet_id == unit.id if unit.level == "hamlet" else under(unit.id, Household.unit_id)


def of_household(actor: Actor, household_id: uuid.UUID) -> list[Gift]:
    """What one household received over the years, the latest first; NotFound out of scope."""
    require(actor, "read")
    mine = (Household.id == household_id, in_scope(actor, Household.unit_id))
    with db.transaction() as session:
        if session.execute(sa.select(Household.id).where(*mine)).one_or_none() is None:
            raise NotFound()
        return sorted(_seen(session.execute(_gifts(*mine)).all()), key=lambda g: (-g.year, g.model_name))


def _twice(session: Session, actor: Actor, mine: Sequence[sa.ColumnElement[bool]]) -> list[Earlier]:
    """Households of a unit that models support with the same more than once, each with the earlier record."""
    models = (
        sa.select(SupportModel.id)
        .join(SupportMember, SupportMember.model_id == SupportModel.id)
        .join(Household, Household.id == SupportMember.household_id)
        .where(SupportModel.state.in_(GRANTED), in_scope(actor, SupportModel.unit_id), *mine)
        .distinct()
    )
    given = inputs_of(session, list(session.execute(models).scalars()))
    kinds = {id_: [i.kind for i in inputs] for id_, inputs in given.items()}
    found = earlier_of(session, actor, kinds, *mine)
    return sorted((e for of_one in found.values() for e in of_one), key=lambda e: (e.household_code, e.year))


def _waiting(session: Session, mine: Sequence[sa.ColumnElement[bool]], year: int) -> list[Waiting]:
    """Households that may be supported in a year and never were: by code."""
    gifts = sa.select(Delivery.id).where(
        Delivery.household_id == Household.id, Delivery.withdrawn_at.is_(None)
    )
    query = (
        sa.select(
            Household.id, Household.code, Hamlet.name, Unit.name, HouseholdStatus.status, Household.illustrative
        )
        .join(HouseholdStatus, HouseholdStatus.household_id == Household.id)
        .join(Unit, Unit.id == Household.unit_id)
        .outerjoin(Hamlet, Hamlet.id == Household.hamlet_id)
        .where(
            *mine, HouseholdStatus.year == year, HouseholdStatus.status.in_(ELIGIBLE), Household.left_on.is_(None),
            ~gifts.exists(),
        )
        .order_by(Unit.name, Household.sort_key)
    )  # fmt: skip
    return [Waiting(*row) for row in session.execute(query)]
