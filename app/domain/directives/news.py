"""Who is told of a directive: those who have to do it, and those who gave it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.clock import today
from app.domain.access import Actor
from app.domain.directives.views import SUBJECT, DirectiveView
from app.domain.doing import answers, in_term
from app.domain.notices import News, people_of, read_about, tell
from app.models.identity import User
from app.models.steering import CommitteeMember, Directive
from app.models.territory import Unit, UnitScope

DOERS: Final = ("leader", "officer")
GIVERS: Final = ("leader", "reviewer")
_QUOTED: Final = 300  # characters of what was written


def facts(directive: DirectiveView, **more: Any) -> dict[str, Any]:
    """What the words of a notice are filled with: the day as ISO text."""
    return {
        "text": directive.text[:_QUOTED], "unit": directive.unit_name, "giver": directive.giver_name,
        "assignee": directive.assignee_name, "due_on": directive.due_on.isoformat(), **more,
    }  # fmt: skip


def doers(session: Session, found: Iterable[DirectiveView]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Accounts that have to do each of these: the person's, else the leaders and officers of the unit; with a board's
    members, and with somebody whose account stands above the unit, these as well."""
    directives = list(found)
    persons = _persons(session, [d.id for d in directives])
    whole = [
        d for d in directives
        if d.assignee_kind != "person" or d.id not in persons or not all(persons[d.id].values())
    ]  # fmt: skip
    of_units = people_of(session, {d.unit_id for d in whole}, DOERS)
    told = {d.id: set(persons.get(d.id, ())) for d in directives}
    for d in whole:
        told[d.id] |= of_units[d.unit_id]
    return told


def _persons(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, bool]]:
    """Of each directive that was given to a person or a board, the accounts that still can do it, with whether they
    answer for its unit: those disabled, moved elsewhere or off the board are not among them. One statement."""
    own, at = aliased(Unit), aliased(Unit)
    member = sa.or_(
        CommitteeMember.id == Directive.member_id, CommitteeMember.committee_id == Directive.committee_id
    )
    query = (
        sa.select(Directive.id, User.id, sa.case((answers(at.level, at.structure, own), 1), else_=0))
        .join(own, own.id == Directive.unit_id)
        .outerjoin(CommitteeMember, member)
        .join(User, sa.or_(User.id == Directive.user_id, User.id == CommitteeMember.user_id))
        .join(at, at.id == User.unit_id)
        .where(
            Directive.id.in_(ids), sa.or_(CommitteeMember.id.is_(None), in_term(today())), sa.not_(User.disabled),
            _sees(Directive.unit_id),
        )
    )  # fmt: skip
    found: dict[uuid.UUID, dict[uuid.UUID, bool]] = {}
    for directive_id, user_id, ours in session.execute(query):
        found.setdefault(directive_id, {})[user_id] = bool(ours)
    return found


def _sees(unit_id: Any) -> sa.ColumnElement[bool]:
    """The condition that a unit lies in the scope of a User, by where their account stands today."""
    below = sa.select(UnitScope.unit_id).where(
        UnitScope.ancestor_id == User.unit_id, UnitScope.unit_id == unit_id
    )
    return below.correlate(User, Directive).exists()


def givers(session: Session, found: Iterable[DirectiveView]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Accounts of those that gave each of these: who did it, unless they were moved elsewhere since, and the leaders and
    reviewers of their unit."""
    directives = list(found)
    of_units = people_of(session, {d.giver_unit_id for d in directives}, GIVERS)
    query = (
        sa.select(Directive.id, User.id)
        .join(User, User.username == Directive.created_by)
        .where(
            Directive.id.in_([d.id for d in directives]),
            sa.not_(User.disabled),
            _sees(Directive.giver_unit_id),
        )
    )
    by = dict(session.execute(query).all())
    return {d.id: of_units[d.giver_unit_id] | ({by[d.id]} if d.id in by else set()) for d in directives}


# Who is told of what, where it is not those who have to do it.
_TOLD: Final = {"progress": (givers,), "reported": (givers,), "withdrawn": (doers, givers)}


def happened(
    session: Session, actor: Actor, directive: DirectiveView, event_id: int, what: str, words: str = ""
) -> None:
    """Tell the other side what an actor has done, both where nobody owes it any more; the actor has read all about it."""
    sides = _TOLD.get(what, (doers,))
    users = set[uuid.UUID]().union(*(side(session, [directive])[directive.id] for side in sides)) - {
        actor.user_id
    }
    filled = facts(directive, by=actor.name, words=words[:_QUOTED])
    news = News(f"event:{event_id}", f"directive_{what}", SUBJECT, directive.id, filled)
    tell(session, [(news, users)])
    read_about(session, actor, SUBJECT, directive.id)
