"""Who stands on the side of whoever has to do what was given: one rule for rights, for lists and for what people are told."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from app.clock import today
from app.domain.access import Actor
from app.models.steering import CommitteeMember, Directive
from app.models.territory import Unit

Condition = sa.ColumnElement[bool]


def answers(level: Any, structure: Any, own: Any) -> Condition:
    """The condition that a unit of this level and structure, in whose scope another (`own`, a Unit) lies, answers for
    it: itself, or the unit that took it over; for a hamlet, which keeps no accounts, its commune; for a district that
    was dissolved its province."""
    same = level == sa.case((own.level == "hamlet", "commune"), else_=own.level)
    dissolved = sa.and_(own.level == "district", level == "province", structure != own.structure)
    return sa.or_(same, dissolved)


def in_term(day: date) -> Condition:
    """The condition that a member sits on their board on a day."""
    return sa.and_(
        CommitteeMember.from_on <= day, sa.or_(CommitteeMember.to_on.is_(None), CommitteeMember.to_on >= day)
    )


def to_me(actor: Actor) -> Condition:
    """The condition that a directive was given to the actor: their account, them as a member of a board, or a board on
    which they sit."""
    if actor.user_id is None:
        return sa.false()
    seats = sa.select(CommitteeMember.id).where(CommitteeMember.user_id == actor.user_id, in_term(today()))
    boards = seats.with_only_columns(CommitteeMember.committee_id)
    return sa.or_(
        Directive.user_id == actor.user_id, Directive.member_id.in_(seats.correlate(None)),
        Directive.committee_id.in_(boards.correlate(None)),
    )  # fmt: skip


def does(actor: Actor) -> Condition:
    """The condition that an actor, in whose scope a directive's Unit lies, stands on the side of who has to do it.

    Somebody who supervises speaks for no unit: they do what was given to them alone.
    """
    if actor.role == "supervisor":
        return to_me(actor)
    ours = answers(sa.literal(actor.level), sa.literal(actor.structure), Unit)
    return sa.or_(ours, to_me(actor))
