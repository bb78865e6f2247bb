"""Who is told of a directive: those who have to do it, and those who gave it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.directives.views import SUBJECT, DirectiveView
from app.domain.notices import News, people_of, read_about, tell
from app.models.identity import User

DOERS: Final = ("leader", "officer")
GIVERS: Final = ("leader", "reviewer")
# What happened, by whether those who have to do it are told (else those who gave it).
_TO_DOERS: Final = {
    "given": True,
    "progress": False,
    "reported": False,
    "accepted": True,
    "returned": True,
    "extended": True,
    "reworded": True,
    "withdrawn": True,
}
_QUOTED: Final = 300  # characters of what was written


def facts(directive: DirectiveView, **more: Any) -> dict[str, Any]:
    """What the words of a notice are filled with: the day as ISO text."""
    return {
        "text": directive.text[:_QUOTED], "unit": directive.unit_name, "giver": directive.giver_name,
        "assignee": directive.assignee_name, "due_on": directive.due_on.isoformat(), **more,
    }  # fmt: skip


def doers(session: Session, found: Iterable[DirectiveView]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Accounts that have to do each of these: the person's, else the leaders and officers of the unit."""
    directives = list(found)
    of_units = people_of(session, {d.unit_id for d in directives if d.user_id is None}, DOERS)
    return {d.id: {d.user_id} if d.user_id else of_units[d.unit_id] for d in directives}


def givers(session: Session, found: Iterable[DirectiveView]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Accounts of those that gave each of these: who did it, and the leaders and reviewers of their unit."""
    directives = list(found)
    of_units = people_of(session, {d.giver_unit_id for d in directives}, GIVERS)
    names = {d.created_by for d in directives}
    query = sa.select(User.username, User.id).where(User.username.in_(names), sa.not_(User.disabled))
    by_name = dict(session.execute(query).all())
    return {
        d.id: of_units[d.giver_unit_id] | ({by_name[d.created_by]} if d.created_by in by_name else set())
        for d in directives
    }


def happened(
    session: Session, actor: Actor, directive: DirectiveView, event_id: int, what: str, words: str = ""
) -> None:
    """Tell the other side what an actor has done; the actor has read all about it."""
    side = doers if _TO_DOERS[what] else givers
    users = {user for user in side(session, [directive])[directive.id] if user != actor.user_id}
    filled = facts(directive, by=actor.name, words=words[:_QUOTED])
    news = News(f"event:{event_id}", f"directive_{what}", SUBJECT, directive.id, filled)
    tell(session, [(news, users)])
    read_about(session, actor, SUBJECT, directive.id)
