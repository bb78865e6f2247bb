"""Telling people something in their inbox, once each, in the transaction in which it happened."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.clock import utcnow
from app.db import insert_ignoring
from app.domain.doing import answers
from app.models.identity import User
from app.models.steering import Notice
from app.models.territory import Unit, UnitScope


@dataclass(frozen=True, slots=True)
class News:
    """Something that people are told. `once` is what makes it the same; `facts` fill the words of its `kind`."""

    once: str
    kind: str
    subject_kind: str
    subject_id: uuid.UUID
    facts: dict[str, Any] = field(default_factory=dict)


def tell(session: Session, told: Iterable[tuple[News, Collection[uuid.UUID]]]) -> int:
    """Put news into the inboxes of accounts, leaving those alone that were told before; how many notices are new."""
    now = utcnow()
    rows = {
        (user_id, news.once): {
            "user_id": user_id, "once": news.once, "kind": news.kind, "subject_kind": news.subject_kind,
            "subject_id": news.subject_id, "facts": news.facts, "at": now,
        }
        for news, users in told
        for user_id in users
    }  # fmt: skip
    if not rows:
        return 0
    known = session.execute(
        sa.select(Notice.user_id, Notice.once).where(
            Notice.user_id.in_({user for user, _ in rows}), Notice.once.in_({once for _, once in rows})
        )
    )
    for user_id, once in known:
        rows.pop((user_id, once), None)
    table: sa.Table = Notice.__table__  # type: ignore[assignment]  # a mapped class's table is a Table
    insert_ignoring(session, table, list(rows.values()))
    return len(rows)


def people_of(
    session: Session, unit_ids: Collection[int], roles: Collection[str]
) -> dict[int, set[uuid.UUID]]:
    """Accounts of these roles at the units that answer for each of these, see `answers`: one statement."""
    found: dict[int, set[uuid.UUID]] = {id_: set() for id_ in unit_ids}
    if not found:
        return found
    own, at = aliased(Unit), aliased(Unit)
    query = (
        sa.select(own.id, User.id)
        .join(UnitScope, UnitScope.unit_id == own.id)
        .join(at, at.id == UnitScope.ancestor_id)
        .join(User, User.unit_id == at.id)
        .where(
            own.id.in_(found),
            answers(at.level, at.structure, own),
            User.role.in_(roles),
            sa.not_(User.disabled),
        )
    )
    for unit_id, user_id in session.execute(query):
        found[unit_id].add(user_id)
    return found
