"""A person's inbox: what they were told, read or not."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import utcnow
from app.domain.access import Actor, require
from app.errors import NotFound
from app.models.steering import Notice


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Something that a person was told; see `News`."""

    id: int
    kind: str
    subject_kind: str
    subject_id: uuid.UUID
    facts: dict[str, Any]
    at: datetime
    read_at: datetime | None


COLUMNS = (
    Notice.id, Notice.kind, Notice.subject_kind, Notice.subject_id, Notice.facts, Notice.at, Notice.read_at,
)  # fmt: skip


def inbox(
    actor: Actor, *, unread: bool = False, offset: int = 0, limit: int = 50
) -> tuple[list[NoticeView], int, int]:
    """(what the actor was told, the latest first, or what of it is unread; how many there are; how many are unread)."""
    require(actor, "read")
    own = Notice.user_id == actor.user_id
    fresh = Notice.read_at.is_(None)
    with db.transaction() as session:
        query = sa.select(*COLUMNS).where(own, *([fresh] if unread else []))
        rows = session.execute(query.order_by(Notice.id.desc()).offset(offset).limit(limit))
        found = [NoticeView(*row) for row in rows]
        number = sa.func.coalesce(sa.func.sum(sa.case((fresh, 1), else_=0)), 0)
        together, left = session.execute(sa.select(sa.func.count(), number).where(own)).one()
    return found, left if unread else together, left


def mark_read(actor: Actor, notice_id: int | None = None) -> NoticeView | None:
    """The actor has read a notice of theirs, or all of them; again changes nothing. NotFound for somebody else's."""
    require(actor, "read")
    own = [Notice.user_id == actor.user_id, *([] if notice_id is None else [Notice.id == notice_id])]
    with db.transaction(write=True) as session:
        _read(session, *own)
        if notice_id is None:
            return None
        row = session.execute(sa.select(*COLUMNS).where(*own)).one_or_none()
        if row is None:
            raise NotFound()
        return NoticeView(*row)


def read_about(session: Session, actor: Actor, subject_kind: str, subject_id: uuid.UUID) -> None:
    """Whoever acts on a thing has read what they were told of it."""
    if actor.user_id is not None:
        _read(
            session, Notice.user_id == actor.user_id, Notice.subject_kind == subject_kind,
            Notice.subject_id == subject_id,
        )  # fmt: skip


def _read(session: Session, *which: sa.ColumnElement[bool]) -> None:
    session.execute(sa.update(Notice).where(*which, Notice.read_at.is_(None)).values(read_at=utcnow()))
