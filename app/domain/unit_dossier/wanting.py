"""What is not there on a day, counted: rows of the statement that `held` makes. Each row has a name and a number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from app.domain.access import Actor, in_scope, under
from app.domain.boards import COMMITTEE_KINDS
from app.domain.plans.flow import APPROVED, RECOGNISED
from app.domain.plans.flow import SUBJECT as PLAN
from app.domain.territory import UnitView
from app.domain.workflow import state_on
from app.domain.works.on_day import known_on, unready_on
from app.models.oversight import Inspection
from app.models.plans import Plan
from app.models.steering import Committee, Meeting
from app.models.territory import Unit
from app.models.works import Work

WIDE: Final = ("nation", "province", "district")
Count = sa.Select[*tuple[Any, ...]]


def counts(actor: Actor, unit: UnitView, day: date) -> Iterator[tuple[str, Count]]:
    """(name, a statement of one number): `unready` works, meetings without `minutes`, inspections without a `conclusion`, the unit's own
    boards of each kind; of a wide unit the communes without a board of a kind, and without an approved plan of the year.
    """
    yield (
        "unready",
        _number(Work).where(
            in_scope(actor, Work.owner_unit_id),
            under(unit.id, Work.owner_unit_id),
            known_on(day),
            unready_on(day),
        ),
    )
    yield "minutes", _number(Meeting).where(
        in_scope(actor, Meeting.unit_id), under(unit.id, Meeting.unit_id), Meeting.state == "planned",
        Meeting.date >= date(day.year, 1, 1), Meeting.date < day,
    )  # fmt: skip
    yield "conclusion", _number(Inspection).where(
        in_scope(actor, Inspection.unit_id), under(unit.id, Inspection.unit_id), Inspection.held_on <= day,
        sa.or_(Inspection.concluded_on.is_(None), Inspection.concluded_on > day), Inspection.state != "cancelled",
    )  # fmt: skip
    for kind in COMMITTEE_KINDS:
        yield (
            kind,
            _number(Committee).where(*in_force(day), Committee.kind == kind, Committee.unit_id == unit.id),
        )
    if unit.level not in WIDE:
        return
    communes = _number(Unit).where(
        Unit.level == "commune",
        Unit.structure == unit.structure,
        in_scope(actor, Unit.id),
        under(unit.id, Unit.id),
    )
    for kind in COMMITTEE_KINDS:
        board = sa.exists().where(*in_force(day), Committee.kind == kind, Committee.unit_id == Unit.id)
        yield f"{kind}_below", communes.where(~board)
    planned = sa.exists().where(Plan.unit_id == Unit.id, *approved(day))
    yield "plans_below", communes.where(~planned)


def _number(of: Any) -> Count:
    return sa.select(sa.func.count()).select_from(of)


def in_force(day: date) -> tuple[sa.ColumnElement[bool], ...]:
    """Of a board, that it stood on a day."""
    return Committee.from_on <= day, sa.or_(Committee.to_on.is_(None), Committee.to_on >= day)


def approved(day: date) -> tuple[sa.ColumnElement[bool], ...]:
    """Of a plan of the day's year, that it was approved by the day."""
    return Plan.year == day.year, state_on(PLAN, Plan.id, day).in_((APPROVED, RECOGNISED))
