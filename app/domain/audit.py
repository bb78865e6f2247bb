"""The record of every change: written in the transaction that makes it, never changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app import db
from app.clock import utcnow
from app.db import Executor
from app.domain.access import Actor, in_scope, require
from app.logs import request_id
from app.models.identity import AuditRow

PAGE = 100


_rows = AuditRow.__table__
_INSERT = sa.insert(_rows)  # type: ignore[arg-type]  # a mapped class's table is a Table


def record(
    session: Executor,
    actor: Actor,
    action: str,
    subject_kind: str,
    subject: object,
    unit_id: int | None,
    **facts: Any,
) -> None:
    """Add one row, under the request's id in the logs: `facts` say what changed, as they are kept (no passwords, no personal data)."""
    session.execute(_INSERT, row(actor, action, subject_kind, subject, unit_id, **facts))


def record_all(session: Executor, rows: Sequence[dict[str, Any]]) -> None:
    """Add many rows, made by `row`, in one statement."""
    if rows:
        session.execute(_INSERT, rows)


def row(
    actor: Actor, action: str, subject_kind: str, subject: object, unit_id: int | None, **facts: Any
) -> dict[str, Any]:
    """A row as it is kept; see `record`."""
    return {
        "at": utcnow(), "actor": actor.ref, "unit_id": unit_id, "action": action, "subject_kind": subject_kind,
        "subject_id": str(subject), "facts": {name: _plain(value) for name, value in facts.items()},
        "request_id": request_id.get(),
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


@dataclass(frozen=True, slots=True)
class AuditView:
    id: int
    at: datetime
    actor: str
    action: str
    subject_kind: str
    subject_id: str
    facts: dict[str, Any]
    request_id: str


def history(
    actor: Actor,
    *,
    subject_kind: str | None = None,
    subject_id: str | None = None,
    who: str | None = None,
    before_id: int | None = None,
    limit: int = PAGE,
) -> list[AuditView]:
    """Rows of the actor's subtree, newest first; `before_id` pages on."""
    require(actor, "audit.read")
    query = (
        sa.select(
            AuditRow.id, AuditRow.at, AuditRow.actor, AuditRow.action, AuditRow.subject_kind,
            AuditRow.subject_id, AuditRow.facts, AuditRow.request_id,
        )
        .where(in_scope(actor, AuditRow.unit_id))
        .order_by(AuditRow.id.desc())
        .limit(limit)
    )  # fmt: skip
    if subject_kind:
        query = query.where(AuditRow.subject_kind == subject_kind)
    if subject_id:
        query = query.where(AuditRow.subject_id == subject_id)
    if who:
        query = query.where(AuditRow.actor == who)
    if before_id:
        query = query.where(AuditRow.id < before_id)
    with db.transaction() as session:
        return [AuditView(*row) for row in session.execute(query)]
