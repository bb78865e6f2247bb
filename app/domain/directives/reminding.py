"""Reminders before a directive is due, and escalation after: told once each, however often it is run."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain.access import Actor
from app.domain.directives.news import doers, facts, givers
from app.domain.directives.views import ENDED, REPORTED, SUBJECT, DirectiveView, selection, view
from app.domain.notices import News, people_of, tell
from app.models.steering import Directive
from app.settings import settings

LEADERS: Final = ("leader",)
_AT_ONCE: Final = 500  # a statement takes only so many values
_TO_DOERS, _TO_LEADERS, _TO_GIVERS = "doers", "leaders", "givers"


def remind(system: Actor, on: date | None = None) -> int:
    """Tell people what is due soon or late as of a day; how many notices are new.

    Before it is due those who have to do it are reminded at each of `remind_days`, missed runs made up for by the
    nearest alone. After it, the leaders of their unit are told, later those who gave it; of a report that waits to be
    accepted those who gave it alone. More time makes all of it new.
    """
    day, last, new = on or today(), uuid.UUID(int=0), 0
    while True:
        with db.snapshot() as session:
            found = _standing(session, system, day, last)
            notices = _notices(session, found, day)
        if not found:
            return new
        last = found[-1].id
        with db.transaction(write=True) as session:
            new += tell(session, notices)


def _standing(session: Session, system: Actor, day: date, last: uuid.UUID) -> list[DirectiveView]:
    """The next that are due soon or late, after the one that was `last`."""
    soon = day + timedelta(days=max(settings().reminded_before))
    query = selection(system).where(
        Directive.state.not_in(ENDED), Directive.due_on <= soon, Directive.id > last
    )
    return [view(row) for row in session.execute(query.order_by(Directive.id).limit(_AT_ONCE))]


def _notices(session: Session, found: list[DirectiveView], day: date) -> list[tuple[News, set[uuid.UUID]]]:
    """What people are to be told of these on a day."""
    asked = [(d, *step) for d in found for step in _steps(d, day)]
    leaders = people_of(session, {d.unit_id for d, *_, to in asked if to == _TO_LEADERS}, LEADERS)
    told = {
        _TO_DOERS: doers(session, [d for d, *_, to in asked if to != _TO_GIVERS]),
        _TO_GIVERS: givers(session, [d for d, *_, to in asked if to == _TO_GIVERS]),
    }
    notices = []
    for directive, kind, once, to in asked:
        users = told[_TO_GIVERS if to == _TO_GIVERS else _TO_DOERS][directive.id]
        if to == _TO_LEADERS:
            users = users | leaders[directive.unit_id]
        news = News(
            f"{once}:{directive.id}:{directive.due_on}", kind, SUBJECT, directive.id, facts(directive)
        )
        notices.append((news, users))
    return notices


def _steps(directive: DirectiveView, day: date) -> Iterator[tuple[str, str, str]]:
    """(kind of notice, what makes it the same, who is told) of a directive on a day."""
    late = (day - directive.due_on).days
    if directive.state == REPORTED:
        if late > 0:
            yield "directive_waiting", "waiting", _TO_GIVERS
        return
    if late <= 0:
        nearest = next((n for n in settings().reminded_before if -late <= n), None)
        if nearest is not None:
            yield "directive_due", f"due-{nearest}", _TO_DOERS
        return
    if late >= settings().escalate_unit_days:
        yield "directive_late", "late", _TO_LEADERS
    if late >= settings().escalate_giver_days:
        yield "directive_escalated", "escalated", _TO_GIVERS
