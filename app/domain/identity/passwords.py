"""Passwords: changed by their owner, or set by a link that works once."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.identity.common import (
    as_actor,
    end_sessions,
    hash_checked,
    locked_user,
    right_password,
    token_hash,
)
from app.domain.identity.login import LoggedIn
from app.errors import Invalid, NotFound
from app.i18n import N_
from app.models.identity import LoginSession, PasswordLink, User

LINK_HOURS: Final = 72


def change_password(logged_in: LoggedIn, old: str, new: str) -> None:
    """Set one's own password; every other session of the person ends."""
    actor = logged_in.actor
    with db.transaction(write=True) as session:
        user = session.get_one(User, actor.user_id)
        if not right_password(user, old):
            raise Invalid.field("old", N_("Mật khẩu hiện tại không đúng."))
        user.password_hash = hash_checked(new, user.username, "new")
        session.flush()
        end_sessions(session, LoginSession.user_id == user.id, LoginSession.id != logged_in.session_id)
        audit.record(session, actor, "password.change", "user", user.id, user.unit_id)


def make_password_link(actor: Actor, user_id: uuid.UUID) -> str:
    """A secret by which a person sets a password, once and within three days; earlier ones die."""
    require(actor, "user.manage")
    with db.transaction(write=True) as session:
        user = locked_user(session, actor, user_id)
        return new_link(session, actor, user)


def new_link(session: Session, actor: Actor, user: User) -> str:
    now = utcnow()
    session.execute(
        sa.update(PasswordLink)
        .where(PasswordLink.user_id == user.id, PasswordLink.used_at.is_(None))
        .values(used_at=now)
    )
    token = secrets.token_urlsafe(32)
    session.add(
        PasswordLink(
            id=uuid7(), token_hash=token_hash(token), user_id=user.id, created_by=actor.ref, created_at=now,
            expires_at=now + timedelta(hours=LINK_HOURS),
        )
    )  # fmt: skip
    session.flush()
    audit.record(session, actor, "password.link", "user", user.id, user.unit_id)
    return token


def link_owner(token: str) -> str:
    """Whose password an unused link sets; NotFound when it is spent, expired or wrong."""
    with db.transaction() as session:
        return _link(session, token)[1].username


def _link(session: Session, token: str) -> tuple[PasswordLink, User]:
    row = session.execute(
        sa.select(PasswordLink, User)
        .join(User, User.id == PasswordLink.user_id)
        .where(
            PasswordLink.token_hash == token_hash(token), PasswordLink.used_at.is_(None),
            PasswordLink.expires_at > utcnow(), User.disabled.is_(False),
        )
        .with_for_update(of=PasswordLink)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound(N_("Liên kết đã dùng hoặc hết hạn. Nhờ quản trị viên gửi liên kết mới."))
    return row[0], row[1]


def set_password_by_link(token: str, password: str) -> None:
    """Set a password by a link, which is then spent; every session of the person ends."""
    with db.transaction(write=True) as session:
        link, user = _link(session, token)
        user.password_hash = hash_checked(password, user.username, "new")
        user.failed_attempts, user.locked_until = 0, None
        link.used_at = utcnow()
        session.flush()
        end_sessions(session, LoginSession.user_id == user.id)
        audit.record(session, as_actor(session, user), "password.set", "user", user.id, user.unit_id)
