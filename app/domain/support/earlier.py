"""Households that were supported with the same before: not refused, but told, with the earlier record."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.domain.access import Actor, in_scope
from app.domain.support.flow import GRANTED
from app.models.households import Household
from app.models.support import SupportInput, SupportMember, SupportModel
from app.text import fold


@dataclass(frozen=True, slots=True)
class Earlier:
    """A household of a model that another one, approved before, supported with the same: its template, or `kinds`."""

    household_id: uuid.UUID
    household_code: str
    model_id: uuid.UUID
    model_name: str
    year: int
    same_template: bool
    kinds: tuple[str, ...]


def earlier_of(session: Session, actor: Actor, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Earlier]]:
    """What earlier models in the actor's scope gave the households of each of these: two statements."""
    found: dict[uuid.UUID, list[Earlier]] = {id_: [] for id_ in ids}
    own, other, theirs = aliased(SupportModel), aliased(SupportModel), aliased(SupportMember)
    query = (
        sa.select(
            own.id, own.template, Household.id, Household.code, other.id.label("other_id"), other.name, other.year,
            other.template.label("other_template"),
        )
        .join(SupportMember, SupportMember.model_id == own.id)
        .join(Household, Household.id == SupportMember.household_id)
        .join(theirs, theirs.household_id == SupportMember.household_id)
        .join(other, other.id == theirs.model_id)
        .where(
            own.id.in_(ids), other.id != own.id, other.state.in_(GRANTED), in_scope(actor, other.unit_id),
            sa.or_(other.year < own.year, sa.and_(other.year == own.year, other.created_at < own.created_at)),
        )
        .order_by(SupportMember.position, other.year, other.created_at, other.id)
    )  # fmt: skip
    rows = session.execute(query).all() if ids else []
    kinds = _kinds(session, {row[0] for row in rows} | {row.other_id for row in rows})
    for own_id, template, household_id, code, other_id, name, year, other_template in rows:
        its, before = kinds.get(own_id, {}), kinds.get(other_id, {})
        both = tuple(kind for key, kind in its.items() if key in before)
        same = template is not None and template == other_template
        if same or both:
            found[own_id].append(Earlier(household_id, code, other_id, name, year, same, both))
    return found


def _kinds(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, str]]:
    """What each model gives: its kinds by their names without marks."""
    found: dict[uuid.UUID, dict[str, str]] = {}
    query = (
        sa.select(SupportInput.model_id, SupportInput.kind)
        .where(SupportInput.model_id.in_(ids))
        .order_by(SupportInput.position)
    )
    for model_id, kind in session.execute(query) if ids else ():
        found.setdefault(model_id, {}).setdefault(fold(kind), kind)
    return found
