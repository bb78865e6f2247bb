"""What the files of this package share: secrets, actors, and rows that several of them touch."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from typing import Final

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy.orm import Session

from app import db
from app.clock import utcnow
from app.domain.access import Actor, in_scope
from app.domain.territory import UnitView, by_id, today_or_legacy
from app.errors import Invalid, NotFound
from app.i18n import N_
from app.models.identity import LoginSession, User
from app.text import nfc

MIN_PASSWORD: Final = 8
MAX_PASSWORD: Final = 200
hasher = PasswordHasher()  # argon2id with the library's current parameters (RFC 9106, low memory)
_NOBODY: Final = hasher.hash(secrets.token_urlsafe())  # an unknown name costs as much as a wrong password
SYSTEM: Final = "system"


def token_hash(token: str) -> str:
    """Tokens are long and random: a plain hash keeps them, and finds them by an index."""
    return hashlib.sha256(token.encode()).hexdigest()


def right_password(user: User | None, password: str) -> bool:
    stored = user.password_hash if user is not None and not user.disabled else None
    try:
        hasher.verify(stored or _NOBODY, nfc(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return stored is not None


def hash_checked(password: str, username: str, field: str) -> str:
    password = nfc(password)
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise Invalid.field(
            field, N_("Mật khẩu dài từ {least} đến {most} ký tự."), least=MIN_PASSWORD, most=MAX_PASSWORD
        )
    if username in password.lower() or len(set(password)) < 4:
        raise Invalid.field(
            field, N_("Mật khẩu quá dễ đoán: không chứa tên đăng nhập, không lặp một vài ký tự.")
        )
    return hasher.hash(password)


def as_actor(session: Session, user: User) -> Actor:
    unit = by_id(session, user.unit_id)
    return make_actor(user.username, user.full_name, user.role, unit, user.id)


def make_actor(ref: str, name: str, role: str, unit: UnitView, user_id: uuid.UUID | None = None) -> Actor:
    return Actor(ref, name, role, unit.id, unit.code, unit.name, unit.structure, unit.level, user_id)


def system_actor() -> Actor:
    """Whoever runs commands on the machine itself: the nation's administrator, named as such in the audit."""
    with db.transaction() as session:
        return make_actor(SYSTEM, N_("Dòng lệnh"), "administrator", today_or_legacy(session, "VN"))


def end_sessions(session: Session, *which: sa.ColumnElement[bool]) -> None:
    session.execute(
        sa.update(LoginSession).where(LoginSession.ended_at.is_(None), *which).values(ended_at=utcnow())
    )


def locked_user(session: Session, actor: Actor, user_id: uuid.UUID) -> User:
    found = session.execute(
        sa.select(User).where(User.id == user_id, in_scope(actor, User.unit_id)).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found
