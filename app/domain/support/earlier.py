"""Households that were supported with the same before: not refused, but told, with the earlier record."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.domain.access import Actor, in_scope
from app.domain.support.flow import GRANTED, SUBJECT
from app.models.households import Household
from app.models.plans import WorkflowEvent
from app.models.support import Delivery, SupportInput, SupportMember, SupportModel
from app.text import fold


@dataclass(frozen=True, slots=True)
class Earlier:
    """A household of a model that another one, approved before (`approved_on`), supports with the same: its template, or
    `kinds`. `received_on`: when the household received that last, as standing deliveries say; None while it is only to.
    """

    household_id: uuid.UUID
    household_code: str
    model_id: uuid.UUID
    model_name: str
    year: int
    approved_on: date
    same_template: bool
    kinds: tuple[str, ...]
    received_on: date | None


def earlier_of(
    session: Session,
    actor: Actor,
    kinds: Mapping[uuid.UUID, Sequence[str]],
    *whose: sa.ColumnElement[bool],
) -> dict[uuid.UUID, list[Earlier]]:
    """What models in the actor's scope that were approved earlier give the households of each of these models, by what
    these give (`kinds`): one statement. A model not yet approved comes after all that are. `whose` narrows households.
    """
    found: dict[uuid.UUID, list[Earlier]] = {id_: [] for id_ in kinds}
    # Of one household and one earlier model: what the model gives, and when the household received it last.
    given: dict[tuple[Any, ...], dict[str, date | None]] = {}
    for *pair, kind, day in session.execute(_query(actor, kinds, *whose)) if kinds else ():
        of = given.setdefault(tuple(pair), {})
        days = [d for d in (of.get(fold(kind or "")), day) if d is not None]
        of[fold(kind or "")] = max(days, default=None)
    for (own_id, same, household_id, code, other_id, name, year, approved_on), before in given.items():
        both = tuple(kind for kind in kinds[own_id] if fold(kind) in before)
        if same or both:
            shared = before.values() if same else [before[fold(kind)] for kind in both]
            last = max((day for day in shared if day is not None), default=None)
            found[own_id].append(
                Earlier(household_id, code, other_id, name, year, approved_on, bool(same), both, last)
            )
    return found


def _query(
    actor: Actor, kinds: Mapping[uuid.UUID, Sequence[str]], *whose: sa.ColumnElement[bool]
) -> sa.Select[*tuple[Any, ...]]:
    own, other, theirs = aliased(SupportModel), aliased(SupportModel), aliased(SupportMember)
    mine, before = _approvals("mine"), _approvals("before")
    received = (
        sa.select(sa.func.max(Delivery.delivered_on))
        .where(
            Delivery.input_id == SupportInput.id, Delivery.household_id == Household.id,
            Delivery.withdrawn_at.is_(None),
        )
        .correlate(SupportInput, Household)
        .scalar_subquery()
    )  # fmt: skip
    return (
        sa.select(
            own.id, own.template == other.template, Household.id, Household.code, other.id, other.name, other.year,
            before.c.on, SupportInput.kind, received,
        )
        .join(SupportMember, SupportMember.model_id == own.id)
        .join(Household, Household.id == SupportMember.household_id)
        .join(theirs, theirs.household_id == SupportMember.household_id)
        .join(other, other.id == theirs.model_id)
        .join(before, before.c.model_id == other.id)
        .outerjoin(mine, sa.and_(mine.c.model_id == own.id, own.state.in_(GRANTED)))
        .outerjoin(SupportInput, SupportInput.model_id == other.id)
        .where(
            own.id.in_(kinds), other.id != own.id, other.state.in_(GRANTED), in_scope(actor, other.unit_id), *whose,
            sa.or_(
                mine.c.on.is_(None), before.c.on < mine.c.on,
                sa.and_(before.c.on == mine.c.on, before.c.at < mine.c.at),
            ),
        )
        .order_by(SupportMember.position, before.c.on, before.c.at, other.id, SupportInput.position)
    )  # fmt: skip


def _approvals(name: str) -> sa.Subquery:
    """The day (`on`) and the moment (`at`) at which each model was approved."""
    return (
        sa.select(
            WorkflowEvent.subject_id.label("model_id"), sa.func.max(WorkflowEvent.on).label("on"),
            sa.func.max(WorkflowEvent.at).label("at"),
        )
        .where(WorkflowEvent.subject_kind == SUBJECT, WorkflowEvent.move == "approve")
        .group_by(WorkflowEvent.subject_id)
        .subquery(name)
    )  # fmt: skip
