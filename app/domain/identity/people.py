"""People of a unit: listed, added, changed, disabled."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, in_scope, require
from app.domain.identity.common import (
    SYSTEM,
    end_sessions,
    hash_checked,
    locked_user,
)
from app.domain.identity.passwords import new_link
from app.domain.territory import resolve, today_or_legacy
from app.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Stale
from app.i18n import N_
from app.models.identity import ROLES, LoginSession, User
from app.models.territory import Unit
from app.text import fold, nfc, sort_key

_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
_EMAIL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
EMAIL_LONGEST: Final = 254


@dataclass(frozen=True, slots=True)
class UserView:
    id: uuid.UUID
    username: str
    full_name: str
    title: str
    role: str
    unit_id: int
    unit_code: str
    unit_name: str
    disabled: bool
    locked_until: datetime | None
    has_password: bool
    version: int
    unit_structure: str
    email: str

    @property
    def exact_unit(self) -> str:
        return f"{self.unit_code}@{self.unit_structure}"


def _users() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        User.id, User.username, User.full_name, User.title, User.role, Unit.id, Unit.code, Unit.name,
        User.disabled, User.locked_until, User.password_hash.is_not(None), User.version,
        Unit.structure, User.email,
    ).join(Unit, Unit.id == User.unit_id)  # fmt: skip


def users(actor: Actor, *, q: str = "", limit: int = 500) -> list[UserView]:
    """People in the actor's subtree by name; `q` is searched without diacritics."""
    require(actor, "read")
    matches = [User.search.contains(word, autoescape=True) for word in fold(q).split()]
    query = _users().where(in_scope(actor, User.unit_id), *matches).order_by(User.sort_key, User.username)
    with db.transaction() as session:
        return [UserView(*row) for row in session.execute(query.limit(limit))]


def names_of(refs: Iterable[str]) -> dict[str, str]:
    """Full names behind the usernames that the books keep."""
    with db.transaction() as session:
        rows = session.execute(sa.select(User.username, User.full_name).where(User.username.in_(set(refs))))
        return dict(rows.all())


def user(actor: Actor, user_id: uuid.UUID) -> UserView:
    require(actor, "read")
    with db.transaction() as session:
        row = session.execute(_users().where(User.id == user_id, in_scope(actor, User.unit_id))).one_or_none()
        if row is None:
            raise NotFound()
        return UserView(*row)


def by_username(actor: Actor, username: str) -> UserView:
    require(actor, "read")
    name = username.strip().lower()
    with db.transaction() as session:
        row = session.execute(
            _users().where(User.username == name, in_scope(actor, User.unit_id))
        ).one_or_none()
        if row is None:
            raise NotFound(N_("Không có người dùng {username}."), username=name)
        return UserView(*row)


@dataclass(frozen=True, slots=True)
class NewUser:
    username: str
    full_name: str
    role: str
    unit_code: str
    title: str = ""
    id: uuid.UUID | None = None


def create_user(actor: Actor, new: NewUser, password: str | None = None) -> tuple[UserView, str | None]:
    """Add a person; without a password, also the secret of a link that sets the first one."""
    require(actor, "user.manage")
    username = new.username.strip().lower()
    faults = []
    if not _USERNAME.fullmatch(username):
        faults.append(
            FieldError("username", N_("Tên đăng nhập: 2 đến 64 chữ thường không dấu, số, dấu . _ -"))
        )
    if new.role not in ROLES:
        faults.append(FieldError("role", N_("Không có vai trò này.")))
    if not new.full_name.strip():
        faults.append(FieldError("full_name", N_("Ghi họ và tên.")))
    if faults:
        raise Invalid(*faults)
    try:
        return _create_user(actor, new, username, password)
    except IntegrityError:
        raise Conflict(N_("Tên đăng nhập này đã có người dùng.")) from None


def _create_user(
    actor: Actor, new: NewUser, username: str, password: str | None
) -> tuple[UserView, str | None]:
    with db.transaction(write=True) as session:
        if actor.ref == SYSTEM:
            unit = today_or_legacy(session, new.unit_code)
        else:
            unit = resolve(session, actor, new.unit_code, field="unit_code")
        if session.execute(sa.select(User.id).where(User.username == username)).first() is not None:
            raise Conflict(N_("Tên đăng nhập này đã có người dùng."))
        name = nfc(new.full_name.strip())
        made = User(
            id=new.id or uuid7(), username=username, full_name=name, title=nfc(new.title.strip()), role=new.role,
            unit_id=unit.id, search=f"{fold(name)} {username}", sort_key=_name_key(name), created_at=utcnow(),
            updated_at=utcnow(), disabled=False, failed_attempts=0, version=1,
            password_hash=hash_checked(password, username, "password") if password is not None else None,
        )  # fmt: skip
        session.add(made)
        session.flush()
        audit.record(
            session, actor, "user.create", "user", made.id, unit.id, username=username, role=new.role
        )
        link = None if password is not None else new_link(session, actor, made)
        row = session.execute(_users().where(User.id == made.id)).one()
        return UserView(*row), link


def _name_key(name: str) -> str:
    """Vietnamese names sort by the given name, which stands last."""
    family, _, given = name.rpartition(" ")
    return sort_key(f"{given} {family}")


def _checked_email(text: str) -> str:
    """An address as it is kept; empty for none. Invalid names `email`."""
    email = text.strip()
    if email and (len(email) > EMAIL_LONGEST or not _EMAIL.fullmatch(email)):
        raise Invalid.field("email", N_("Không phải địa chỉ thư điện tử. Ví dụ: ten@quangnam.gov.vn"))
    return email


def set_email(actor: Actor, email: str) -> None:
    """Where the actor's own reminders go by e-mail; empty for nowhere. The record of changes does not name it."""
    require(actor, "read")
    if actor.user_id is None:
        raise Forbidden()
    with db.transaction(write=True) as session:
        found = locked_user(session, actor, actor.user_id)
        found.email = _checked_email(email)
        found.version += 1
        found.updated_at = utcnow()
        audit.record(session, actor, "user.update", "user", found.id, found.unit_id, fields=["email"])


def update_user(actor: Actor, user_id: uuid.UUID, version: int, changes: dict[str, Any]) -> UserView:
    """Change full_name, title, role, unit_code, email or disabled. Nobody takes away their own administration."""
    require(actor, "user.manage")
    with db.transaction(write=True) as session:
        found = locked_user(session, actor, user_id)
        if found.version != version:
            raise Stale(UserView(*session.execute(_users().where(User.id == user_id)).one()))
        if found.id == actor.user_id and (
            changes.get("disabled") or changes.get("role", found.role) != found.role
        ):
            raise Forbidden(N_("Không tự khóa hoặc đổi vai trò của chính mình."))
        if changes.get("role", found.role) not in ROLES:
            raise Invalid.field("role", N_("Không có vai trò này."))
        if not changes.get("full_name", found.full_name).strip():
            raise Invalid.field("full_name", N_("Ghi họ và tên."))
        if "unit_code" in changes:
            found.unit_id = resolve(session, actor, changes["unit_code"], field="unit_code").id
        if "email" in changes:
            found.email = _checked_email(changes["email"])
        for field in ("title", "role", "disabled"):
            if field in changes:
                setattr(found, field, changes[field])
        if "full_name" in changes:
            found.full_name = nfc(changes["full_name"].strip())
            found.search = f"{fold(found.full_name)} {found.username}"
            found.sort_key = _name_key(found.full_name)
        found.version += 1
        found.updated_at = utcnow()
        session.flush()
        if found.disabled:
            end_sessions(session, LoginSession.user_id == found.id)
        facts = {name: value for name, value in changes.items() if name != "email"}
        if "email" in changes:
            facts["fields"] = ["email"]
        audit.record(session, actor, "user.update", "user", user_id, found.unit_id, **facts)
        return UserView(*session.execute(_users().where(User.id == user_id)).one())
