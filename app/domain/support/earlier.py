"""Households that were supported with the same before: not refused, but told, with the earlier record."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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


def earlier_of(
    session: Session, actor: Actor, kinds: Mapping[uuid.UUID, Sequence[str]]
) -> dict[uuid.UUID, list[Earlier]]:
    """What earlier models in the actor's scope gave the households of each of these models, by what these give (`kinds`):
    one statement."""
    found: dict[uuid.UUID, list[Earlier]] = {id_: [] for id_ in kinds}
    own, other, theirs = aliased(SupportModel), aliased(SupportModel), aliased(SupportMember)
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            own.id, own.template == other.template, Household.id, Household.code, other.id, other.name, other.year,
            SupportInput.kind,
        )
        .join(SupportMember, SupportMember.model_id == own.id)
        .join(Household, Household.id == SupportMember.household_id)
        .join(theirs, theirs.household_id == SupportMember.household_id)
        .join(other, other.id == theirs.model_id)
        .outerjoin(SupportInput, SupportInput.model_id == other.id)
        .where(
            own.id.in_(kinds), other.id != own.id, other.state.in_(GRANTED), in_scope(actor, other.unit_id),
            sa.or_(other.year < own.year, sa.and_(other.year == own.year, other.created_at < own.created_at)),
        )
        .order_by(SupportMember.position, other.year, other.created_at, other.id, SupportInput.position)
    )  # fmt: skip
    given: dict[tuple[Any, ...], set[str]] = {}
    for *pair, kind in session.execute(query) if kinds else ():
        given.setdefault(tuple(pair), set()).add(fold(kind or ""))
    for (own_id, same, household_id, code, other_id, name, year), before in given.items():
        both = tuple(kind for kind in kinds[own_id] if fold(kind) in before)
        if same or both:
            found[own_id].append(Earlier(household_id, code, other_id, name, year, bool(same), both))
    return found
