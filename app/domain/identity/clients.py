"""API clients: other systems, their tokens, and the end of both."""

from __future__ import annotations

import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from uuid_utils.compat import uuid7

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, in_scope, require
from app.domain.identity.common import (
    SYSTEM,
    token_hash,
)
from app.domain.territory import resolve, today_or_legacy
from app.errors import Invalid, NotFound, Unauthenticated
from app.i18n import N_
from app.models.identity import AccessToken, ApiClient
from app.models.territory import Unit
from app.settings import settings
from app.text import nfc


@dataclass(frozen=True, slots=True)
class ClientView:
    id: uuid.UUID
    client_id: str
    name: str
    unit_code: str
    unit_name: str
    scope: str
    personal_data: bool
    created_at: datetime
    created_by: str
    ended_at: datetime | None


_CLIENT = sa.select(
    ApiClient.id, ApiClient.client_id, ApiClient.name, Unit.code, Unit.name, ApiClient.scope,
    ApiClient.personal_data, ApiClient.created_at, ApiClient.created_by, ApiClient.ended_at,
).join(Unit, Unit.id == ApiClient.unit_id)  # fmt: skip


def clients(actor: Actor) -> list[ClientView]:
    require(actor, "client.manage")
    with db.transaction() as session:
        rows = session.execute(
            _CLIENT.where(in_scope(actor, ApiClient.unit_id)).order_by(ApiClient.created_at)
        )
        return [ClientView(*list(row)) for row in rows]


def create_client(
    actor: Actor, name: str, unit_code: str, scope: str, *, personal_data: bool = False
) -> tuple[ClientView, str]:
    """Admit another system; (the client, its secret, told once)."""
    require(actor, "client.manage")
    if scope not in ("read", "write"):
        raise Invalid.field("scope", N_("Phạm vi là read hoặc write."))
    if not name.strip():
        raise Invalid.field("name", N_("Ghi tên hệ thống."))
    with db.transaction(write=True) as session:
        if actor.ref == SYSTEM:
            unit = today_or_legacy(session, unit_code)
        else:
            unit = resolve(session, actor, unit_code, field="unit_code")
        secret = secrets.token_urlsafe(32)
        made = ApiClient(
            id=uuid7(), client_id=f"mtqg-{secrets.token_hex(8)}", name=nfc(name.strip()), unit_id=unit.id,
            scope=scope, personal_data=personal_data, secret_hash=token_hash(secret), created_by=actor.ref,
            created_at=utcnow(),
        )  # fmt: skip
        session.add(made)
        session.flush()
        audit.record(
            session, actor, "client.create", "client", made.client_id, unit.id, name=name, scope=scope
        )
        return ClientView(*list(session.execute(_CLIENT.where(ApiClient.id == made.id)).one())), secret


def end_client(actor: Actor, id_: uuid.UUID) -> None:
    """Take a system's access away; its tokens die with it."""
    require(actor, "client.manage")
    with db.transaction(write=True) as session:
        found = session.execute(
            sa.select(ApiClient).where(ApiClient.id == id_, in_scope(actor, ApiClient.unit_id))
        ).scalar_one_or_none()
        if found is None:
            raise NotFound()
        found.ended_at = found.ended_at or utcnow()
        session.flush()
        session.execute(sa.delete(AccessToken).where(AccessToken.client_id == id_))
        audit.record(session, actor, "client.end", "client", found.client_id, found.unit_id)


def issue_token(client_id: str, secret: str) -> tuple[str, str, int]:
    """(bearer token, scope, seconds it holds) for a client's credentials; raises Unauthenticated."""
    now = utcnow()
    with db.transaction(write=True) as session:
        found = session.execute(
            sa.select(ApiClient).where(ApiClient.client_id == client_id, ApiClient.ended_at.is_(None))
        ).scalar_one_or_none()
        right = hmac.compare_digest(found.secret_hash if found else "", token_hash(secret))
        if found is None or not right:
            raise Unauthenticated(N_("Sai client_id hoặc client_secret."))
        session.execute(sa.delete(AccessToken).where(AccessToken.expires_at < now))
        token = secrets.token_urlsafe(32)
        seconds = settings().token_seconds
        session.add(
            AccessToken(
                token_hash=token_hash(token), client_id=found.id, created_at=now,
                expires_at=now + timedelta(seconds=seconds),
            )
        )  # fmt: skip
        session.flush()
        return token, found.scope, seconds


_TOKEN_OWNER = (
    sa.select(
        ApiClient.client_id, ApiClient.name, ApiClient.scope, ApiClient.personal_data, Unit.id, Unit.code,
        Unit.name, Unit.structure, Unit.level,
    )
    .select_from(AccessToken)
    .join(ApiClient, ApiClient.id == AccessToken.client_id)
    .join(Unit, Unit.id == ApiClient.unit_id)
    .where(
        AccessToken.token_hash == sa.bindparam("hash"), AccessToken.expires_at > sa.bindparam("now"),
        ApiClient.ended_at.is_(None),
    )
)  # fmt: skip


def authenticate_token(token: str) -> Actor:
    """The client behind a bearer token; raises Unauthenticated."""
    with db.reading() as connection:
        row = connection.execute(_TOKEN_OWNER, {"hash": token_hash(token), "now": utcnow()}).one_or_none()
    if row is None:
        raise Unauthenticated(N_("Token không đúng hoặc đã hết hạn. Xin token mới ở /oauth/token."))
    client_id, name, scope, personal_data, unit_id, code, unit_name, structure, level = row
    return Actor(
        f"client:{client_id}", name, f"client:{scope}", unit_id, code, unit_name, structure, level,
        personal_data=personal_data,
    )  # fmt: skip
