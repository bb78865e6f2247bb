"""Secret addresses by which a person's calendar reads their unit's meetings and due dates, without logging in.

An address is told once and kept as a hash. It shows what its owner may see, ends when they revoke it, and rests while
their account is disabled.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from uuid_utils.compat import uuid7

from app import db
from app.clock import today, utcnow
from app.domain import audit, directives
from app.domain.access import Actor, in_scope, require
from app.domain.directives import DirectiveFilter, DirectiveView
from app.domain.identity.common import as_actor, token_hash
from app.domain.meetings.views import MeetingView, selection
from app.errors import Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.identity import User
from app.models.steering import CalendarFeed, Meeting
from app.models.territory import Unit
from app.text import nfc

MOST: Final = 5  # addresses of one person at a time
NAME_LONGEST: Final = 120
BACK: Final = timedelta(days=180)  # how long past meetings stay in the calendar
AHEAD: Final = timedelta(days=400)
SHOWN: Final = 2000  # of each kind
USED_EVERY: Final = timedelta(hours=1)  # how often the last use is written down


@dataclass(frozen=True, slots=True)
class FeedView:
    """An address that a person made; it holds until it is revoked."""

    id: uuid.UUID
    name: str
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """What an address shows: the meetings of boards in its owner's scope, and what their own unit has to do by when."""

    unit_name: str
    meetings: list[MeetingView]
    directives: list[DirectiveView]


class Gone(NotFound):
    """An address that was revoked, or whose owner may not come in any more."""

    status = 410
    code = "gone"


_FEED: Final = (
    CalendarFeed.id, CalendarFeed.name, CalendarFeed.created_at, CalendarFeed.used_at, CalendarFeed.revoked_at,
)  # fmt: skip


def mine(actor: Actor) -> list[FeedView]:
    """The actor's own addresses that hold, the latest first."""
    require(actor, "read")
    query = (
        sa.select(*_FEED)
        .where(CalendarFeed.user_id == actor.user_id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.created_at.desc(), CalendarFeed.id)
    )
    with db.transaction() as session:
        return [FeedView(*row) for row in session.execute(query)]


def make(actor: Actor, name: str = "") -> tuple[FeedView, str]:
    """A new address of the actor's own; (the address, its secret, told once). RuleBroken `feeds` past the fifth."""
    require(actor, "read")
    if actor.user_id is None:
        raise NotFound()
    if len(name) > NAME_LONGEST:
        raise Invalid.field("name", N_("Dài quá {longest:number} ký tự"), longest=NAME_LONGEST)
    token = secrets.token_urlsafe(32)
    with db.transaction(write=True) as session:
        held = session.execute(
            sa.select(sa.func.count())
            .select_from(CalendarFeed)
            .where(CalendarFeed.user_id == actor.user_id, CalendarFeed.revoked_at.is_(None))
        ).scalar_one()
        if held >= MOST:
            message = N_("Đã có {held:number} địa chỉ lịch. Thu hồi một địa chỉ không dùng nữa trước.")
            raise RuleBroken("feeds", message, asked=held + 1, held=held)
        made = FeedView(uuid7(), nfc(name.strip()), utcnow(), None, None)
        session.execute(
            sa.insert(CalendarFeed).values(
                id=made.id, token_hash=token_hash(token), user_id=actor.user_id, name=made.name,
                created_at=made.created_at,
            )
        )  # fmt: skip
        audit.record(session, actor, "calendar.create", "calendar", made.id, actor.unit_id)
    return made, token


def revoke(actor: Actor, feed_id: uuid.UUID) -> None:
    """End an address of the actor's own; again changes nothing. NotFound for another's."""
    require(actor, "read")
    own = sa.and_(CalendarFeed.id == feed_id, CalendarFeed.user_id == actor.user_id)
    with db.transaction(write=True) as session:
        found = session.execute(sa.select(CalendarFeed).where(own).with_for_update()).scalar_one_or_none()
        if found is None:
            raise NotFound()
        if found.revoked_at is None:
            found.revoked_at = utcnow()
            session.flush()
            audit.record(session, actor, "calendar.revoke", "calendar", feed_id, actor.unit_id)


def read(token: str) -> Calendar:
    """What the calendar behind a secret shows. NotFound for an unknown one, Gone for one that ended or rests."""
    now = utcnow()
    query = (
        sa.select(CalendarFeed.id, CalendarFeed.used_at, CalendarFeed.revoked_at, User)
        .join(User, User.id == CalendarFeed.user_id)
        .where(CalendarFeed.token_hash == token_hash(token))
    )
    with db.transaction() as session:
        row = session.execute(query).one_or_none()
        if row is None:
            raise NotFound(N_("Không có địa chỉ lịch này."))
        feed_id, used_at, revoked_at, user = row
        if revoked_at is not None or user.disabled:
            raise Gone(N_("Địa chỉ lịch này không còn dùng. Vào Sổ MTQG, mục Lịch, để lấy địa chỉ mới."))
        actor = as_actor(session, user)
    if used_at is None or now - used_at > USED_EVERY:
        with db.transaction(write=True) as session:
            session.execute(sa.update(CalendarFeed).where(CalendarFeed.id == feed_id).values(used_at=now))
    return Calendar(actor.unit_name, _meetings(actor), _directives(actor))


def _meetings(actor: Actor) -> list[MeetingView]:
    day = today()
    query = (
        selection()
        .where(in_scope(actor, Meeting.unit_id), Meeting.date.between(day - BACK, day + AHEAD))
        .order_by(_level_gap(actor), Meeting.date, Meeting.id)
        .limit(SHOWN)
    )
    with db.transaction() as session:
        return sorted(
            (MeetingView(*row) for row in session.execute(query)), key=lambda m: (m.date, str(m.id))
        )


def _level_gap(actor: Actor) -> sa.ColumnElement[int]:
    """Zero for boards of the actor's own unit, which come first where there are too many."""
    return sa.case((Unit.level == actor.level, 0), else_=1)


def _directives(actor: Actor) -> list[DirectiveView]:
    own = DirectiveFilter(unit=f"{actor.unit_code}@{actor.structure}", level=actor.level, standing=True)
    found = directives.directives(actor, own, late_first=True, limit=SHOWN)
    return sorted(found, key=lambda d: (d.due_on, str(d.id)))
