"""Numbers of households that left: how long the rule lets them be kept, whose are past it, and erasing those.

The rule is a parameter (`household.retention`, whole years after a household left) that whoever keeps the catalogue
sets once it is decided. Basis: Nghị định 13/2023/NĐ-CP; from 2026 on Luật 91/2025/QH15.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain import audit, personal
from app.domain.access import Actor, in_scope, require, under
from app.domain.households.recording import add_event, store
from app.domain.households.views import (
    BY_CODE,
    ERASED,
    SUBJECT,
    SUBJECTS,
    HouseholdView,
    as_seen,
    selection,
    with_parts,
)
from app.domain.programs import ParameterView, parameter_on
from app.domain.territory import UnitView, resolve
from app.errors import RuleBroken
from app.i18n import N_
from app.models.households import Household

RETENTION: Final = "household.retention"
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Retention:
    """The rule in force (its value may be unknown), and whose numbers were kept past it.

    `kept` is how many households that left still have numbers; `until`: who left before that day is past the rule.
    """

    unit: UnitView
    rule: ParameterView | None
    until: date | None
    due: tuple[HouseholdView, ...]
    kept: int


def _until(rule: ParameterView | None) -> date | None:
    """The day before which a household must have left for the rule to let its numbers go."""
    if rule is None or rule.value is None:
        return None
    day = today()
    year = day.year - int(rule.value)
    return date(max(year, 1), day.month, min(day.day, 28) if day.month == 2 else day.day)


def _kept(actor: Actor, unit: UnitView) -> list[sa.ColumnElement[bool]]:
    return [
        in_scope(actor, Household.unit_id),
        under(unit.id, Household.unit_id),
        Household.left_on.is_not(None),
        sa.or_(Household.identity_number.is_not(None), Household.phone.is_not(None)),
    ]


def retention(actor: Actor, unit_code: str, *, purpose: str) -> Retention:
    """Whose numbers may be erased under a unit, at most MOST; whoever is shown names is put on record."""
    require(actor, "household.edit")
    with db.transaction() as session:
        unit = resolve(session, actor, unit_code)
        rule = parameter_on(session, RETENTION, today())
        until = _until(rule)
        kept = _kept(actor, unit)
        count = session.execute(sa.select(sa.func.count()).select_from(Household).where(*kept)).scalar_one()
        due = _due(session, [*kept, Household.left_on < until]) if until is not None else []
    people = sum(h.people for h in due)
    personal.note_views(actor, unit.id, SUBJECTS, unit.exact_code, people, purpose)
    return Retention(unit, rule, until, tuple(as_seen(actor, h) for h in due), count)


def _due(session: Session, conditions: list[Any]) -> list[HouseholdView]:
    rows = session.execute(selection().where(*conditions).order_by(*BY_CODE).limit(MOST)).all()
    return with_parts(session, rows)


def erase(actor: Actor, unit_code: str, household_ids: Collection[uuid.UUID]) -> int:
    """Erase the numbers of those of these households that are past the rule; how many. They are gone for good.

    RuleBroken `no_retention_rule` while nobody has set how long they are kept.
    """
    require(actor, "household.edit")
    with db.transaction(write=True) as session:
        unit = resolve(session, actor, unit_code)
        until = _until(parameter_on(session, RETENTION, today()))
        if until is None:
            raise RuleBroken(
                "no_retention_rule",
                N_("Chưa có thời hạn lưu số giấy tờ, điện thoại của hộ đã rời xã nên chưa xóa được."),
            )
        past = [*_kept(actor, unit), Household.left_on < until, Household.id.in_(household_ids)]
        session.execute(sa.select(Household.id).where(*past).order_by(Household.id).with_for_update())
        due = _due(session, past)
        for household in due:
            store(session, household, identity_number=None, phone=None)
            add_event(session, actor, household.id, ERASED, reason="")
            audit.record(session, actor, "household.erase", SUBJECT, household.id, household.unit_id)
        return len(due)
