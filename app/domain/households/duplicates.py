"""Households that may stand twice in the book: the same name without marks, birth year and hamlet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import db
from app.domain import personal
from app.domain.access import Actor, in_scope, require, under
from app.domain.households.views import (
    BY_CODE,
    SUBJECTS,
    HouseholdView,
    as_seen,
    selection,
    with_parts,
)
from app.domain.territory import UnitView, resolve
from app.models.households import Household
from app.text import fold

Pair = tuple[HouseholdView, HouseholdView]
PAIRS: Final = 50
_other = aliased(Household)


def _stands(table: Any) -> sa.ColumnElement[bool]:
    return sa.and_(table.left_on.is_(None), table.merged_into_id.is_(None))


def _same(one: Any, other: Any) -> sa.ColumnElement[bool]:
    """The condition that two rows name the same household; where no birth year is known of either, that is the same."""
    return sa.and_(
        one.unit_id == other.unit_id,
        one.name_key == other.name_key,
        one.birth_year.is_not_distinct_from(other.birth_year),
        one.hamlet_id.is_not_distinct_from(other.hamlet_id),
    )


def _place(table: Any) -> sa.Tuple:
    """Where a row stands by its code, so that each pair is found once and the same way round."""
    return sa.tuple_(table.sort_key, table.id)


def _pairs(actor: Actor, unit: UnitView) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(Household.id, _other.id)
        .join(_other, sa.and_(_same(Household, _other), _place(Household) < _place(_other)))
        .where(
            in_scope(actor, Household.unit_id),
            under(unit.id, Household.unit_id),
            _stands(Household),
            _stands(_other),
        )
    )


def count_pairs(session: Session, actor: Actor, unit: UnitView) -> int:
    """How many pairs under a unit look like one household."""
    found = _pairs(actor, unit).limit(PAIRS).subquery()
    return session.execute(sa.select(sa.func.count()).select_from(found)).scalar_one()


def duplicates(actor: Actor, unit_code: str, *, purpose: str) -> list[Pair]:
    """Pairs under a unit that look like one household, at most PAIRS; whoever is shown names is put on record."""
    require(actor, "read")
    with db.transaction() as session:
        unit = resolve(session, actor, unit_code)
        query = _pairs(actor, unit).order_by(Household.sort_key, Household.id, _other.id).limit(PAIRS)
        pairs = [(a, b) for a, b in session.execute(query)]
        found = {h.id: h for h in _by_id(session, [id_ for pair in pairs for id_ in pair])}
    people = sum(h.people for h in found.values())
    personal.note_views(actor, unit.id, SUBJECTS, unit.exact_code, people, purpose)
    seen = {id_: as_seen(actor, h) for id_, h in found.items()}
    return [(seen[a], seen[b]) for a, b in pairs]


def _by_id(session: Session, ids: Sequence[Any]) -> list[HouseholdView]:
    return with_parts(session, session.execute(selection().where(Household.id.in_(ids))).all())


def alike(session: Session, actor: Actor, household: HouseholdView) -> list[HouseholdView]:
    """Households that look like one that stands, names unmasked; none for one that left or was merged."""
    if household.left_on is not None or household.merged_into_id is not None:
        return []
    itself = aliased(Household)
    query = (
        selection()
        .join(itself, sa.and_(itself.id == household.id, _same(Household, itself)))
        .where(
            in_scope(actor, Household.unit_id),
            Household.name_key == fold(household.head_name),
            Household.id != household.id,
            _stands(Household),
        )
        .order_by(*BY_CODE)
        .limit(PAIRS)
    )
    return with_parts(session, session.execute(query).all())
