"""Logging in and out: sessions behind a cookie, wrong passwords counted."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, in_scope, require
from app.domain.identity.common import (
    as_actor,
    end_sessions,
    hasher,
    right_password,
    token_hash,
)
from app.errors import NotFound, TooMany, Unauthenticated
from app.i18n import N_
from app.models.identity import LoginSession, User
from app.models.steering import Notice
from app.models.territory import Unit
from app.settings import settings

SEEN_EVERY: Final = timedelta(minutes=5)  # how often a session's last use is written down


@dataclass(frozen=True, slots=True)
class SessionView:
    """A log-in that still holds."""

    id: uuid.UUID
    username: str
    full_name: str
    created_at: datetime
    seen_at: datetime
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Who a session cookie belongs to."""

    actor: Actor
    session_id: uuid.UUID
    csrf: str
    unread: int = 0  # of what they were told in their inbox


def log_in(username: str, password: str, *, address: str = "", agent: str = "") -> str:
    """Start a session; its secret, for the cookie. Raises Unauthenticated, or TooMany while locked out."""
    now = utcnow()
    mine = sa.select(User).where(User.username == username.strip().lower())
    with db.transaction() as session:
        tried = session.execute(mine).scalar_one_or_none()
    right = right_password(tried, password)  # slow by design: nobody waits for it to write
    with db.transaction(write=True) as session:
        user = session.execute(mine.with_for_update()).scalar_one_or_none()
        right = right and user is not None and tried is not None and user.password_hash == tried.password_hash
        if user is not None and user.locked_until is not None and user.locked_until > now:
            wait = int((user.locked_until - now).total_seconds()) + 1
            raise TooMany(
                N_("Tài khoản tạm khóa vì sai mật khẩu nhiều lần. Thử lại sau {minutes:number} phút."),
                retry_after=wait, minutes=-(-wait // 60),
            )  # fmt: skip
        if user is not None and right and not user.disabled:
            return _start_session(session, user, password, now, address, agent)
        refused = _count_failure(session, user, now)
    raise refused  # after the commit: the failed attempt stays counted


def _count_failure(session: Session, user: User | None, now: datetime) -> Exception:
    if user is not None:
        user.failed_attempts += 1
        if user.failed_attempts >= settings().login_attempts:
            user.failed_attempts = 0
            user.locked_until = now + timedelta(minutes=settings().lockout_minutes)
            audit.record(session, as_actor(session, user), "login.locked", "user", user.id, user.unit_id)
        session.flush()
    return Unauthenticated(N_("Sai tên đăng nhập hoặc mật khẩu."))


def _start_session(
    session: Session, user: User, password: str, now: datetime, address: str, agent: str
) -> str:
    user.failed_attempts, user.locked_until = 0, None
    if user.password_hash and hasher.check_needs_rehash(user.password_hash):
        user.password_hash = hasher.hash(password)
    token = secrets.token_urlsafe(32)
    made = LoginSession(
        id=uuid7(), token_hash=token_hash(token), csrf=secrets.token_urlsafe(32), user_id=user.id,
        created_at=now, seen_at=now, expires_at=now + timedelta(days=settings().session_days),
        address=address[:64], agent=agent[:200],
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.record(session, as_actor(session, user), "login", "session", made.id, user.unit_id)
    return token


def _idle(now: datetime) -> datetime:
    """A session that was last used before this has ended by itself."""
    return now - timedelta(minutes=settings().session_idle_minutes)


def authenticate_session(token: str) -> LoggedIn | None:
    """Who a cookie's secret belongs to, while the session holds."""
    now = utcnow()
    unread = (
        sa.select(sa.func.count())
        .where(Notice.user_id == User.id, Notice.read_at.is_(None))
        .correlate(User)
        .scalar_subquery()
    )
    query = (
        sa.select(
            LoginSession.id, LoginSession.csrf, LoginSession.seen_at, User.username, User.full_name, User.role,
            User.id, unread, Unit.id, Unit.code, Unit.name, Unit.structure, Unit.level,
        )
        .join(User, User.id == LoginSession.user_id)
        .join(Unit, Unit.id == User.unit_id)
        .where(
            LoginSession.token_hash == token_hash(token), LoginSession.ended_at.is_(None),
            LoginSession.expires_at > now, LoginSession.seen_at > _idle(now), User.disabled.is_(False),
        )
    )  # fmt: skip
    with db.transaction() as session:
        row = session.execute(query).one_or_none()
    if row is None:
        return None
    session_id, csrf, seen_at, username, name, role, user_id, told, *unit = row
    if now - seen_at > SEEN_EVERY:
        with db.transaction(write=True) as session:
            session.execute(sa.update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now))
    unit_id, code, unit_name, structure, level = unit
    actor = Actor(username, name, role, unit_id, code, unit_name, structure, level, user_id)
    return LoggedIn(actor, session_id, csrf, told)


def log_out(logged_in: LoggedIn) -> None:
    with db.transaction(write=True) as session:
        end_sessions(session, LoginSession.id == logged_in.session_id)
        actor = logged_in.actor
        audit.record(session, actor, "logout", "session", logged_in.session_id, actor.unit_id)


def sessions(actor: Actor, *, own: bool = True) -> list[SessionView]:
    """The actor's own sessions, or with `own` false those of everybody in the subtree."""
    now = utcnow()
    mine = [User.id == actor.user_id]
    if not own:
        require(actor, "user.manage")
        mine = [in_scope(actor, User.unit_id)]
    query = (
        sa.select(
            LoginSession.id, User.username, User.full_name, LoginSession.created_at, LoginSession.seen_at,
            LoginSession.address, LoginSession.agent,
        )
        .join(User, User.id == LoginSession.user_id)
        .where(
            LoginSession.ended_at.is_(None), LoginSession.expires_at > now, LoginSession.seen_at > _idle(now),
            User.disabled.is_(False), *mine,
        )
        .order_by(LoginSession.seen_at.desc())
        .limit(500)
    )  # fmt: skip
    with db.transaction() as session:
        return [SessionView(*row) for row in session.execute(query)]


def end_session(actor: Actor, session_id: uuid.UUID) -> None:
    """End one's own session, or as administrator anyone's in the subtree."""
    with db.transaction(write=True) as session:
        row = session.execute(
            sa.select(User.id, User.unit_id)
            .join(LoginSession, LoginSession.user_id == User.id)
            .where(LoginSession.id == session_id, in_scope(actor, User.unit_id))
        ).one_or_none()
        if row is None or not (row.id == actor.user_id or actor.may("user.manage")):
            raise NotFound()
        end_sessions(session, LoginSession.id == session_id)
        audit.record(session, actor, "session.end", "session", session_id, row.unit_id)
