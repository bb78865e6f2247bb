"""Personal data: names masked for those who need not see them, and the record of who saw whose, when and why.

Basis: Nghị định 13/2023/NĐ-CP; from 2026 on Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from app import db
from app.clock import day_begins, utcnow
from app.db import Executor
from app.domain.access import Actor, in_scope, require
from app.logs import request_id
from app.models.clearance import PersonalView
from app.models.territory import Unit
from app.text import nfc

MASK: Final = "***"
PAGE: Final = 100

_rows = PersonalView.__table__
_INSERT = sa.insert(_rows)  # type: ignore[arg-type]  # a mapped class's table is a Table


def mask_name(name: str) -> str:
    """A name as those see it who need not know it: `Nguyễn Văn An` is `N*** V*** A***`."""
    return " ".join(word[0] + MASK for word in nfc(name).split())


def shown_name(actor: Actor, name: str) -> str:
    """A name as a reader may see it. Who is shown one unmasked is put on record: see `record_views`."""
    return name if actor.sees_people else mask_name(name)


def record_views(
    session: Executor,
    actor: Actor,
    unit_id: int,
    subject_kind: str,
    subject_id: object,
    people: int,
    purpose: str,
) -> None:
    """Put on record that an actor was shown `people` persons of a subject, in the caller's write transaction.

    `purpose` is page, export, api, or words of its own. Nothing is recorded where nobody was shown, or masked.
    """
    if people > 0 and actor.sees_people:
        session.execute(
            _INSERT,
            {
                "at": utcnow(), "actor": actor.ref, "unit_id": unit_id, "subject_kind": subject_kind,
                "subject_id": str(subject_id), "people": people, "purpose": purpose[:200],
                "request_id": request_id.get(),
            },
        )  # fmt: skip


def note_views(
    actor: Actor, unit_id: int, subject_kind: str, subject_id: object, people: int, purpose: str
) -> None:
    """`record_views` in a short transaction of its own, for readers: called before anything is shown."""
    require(actor, "read")
    if people > 0 and actor.sees_people:
        with db.transaction(write=True) as session:
            record_views(session, actor, unit_id, subject_kind, subject_id, people, purpose)


@dataclass(frozen=True, slots=True)
class ViewOfPeople:
    """One showing of personal data: `people` is how many persons."""

    id: int
    at: datetime
    actor: str
    unit_name: str
    subject_kind: str
    subject_id: str
    people: int
    purpose: str
    request_id: str


@dataclass(frozen=True, slots=True)
class ViewFilter:
    """What the record is narrowed to; None leaves it open. Days are Vietnam's."""

    who: str | None = None
    subject_kind: str | None = None
    purpose: str | None = None
    date_from: date | None = None
    date_to: date | None = None


def _conditions(actor: Actor, wanted: ViewFilter) -> list[sa.ColumnElement[bool]]:
    found = [in_scope(actor, PersonalView.unit_id)]
    if wanted.who is not None:
        found.append(PersonalView.actor == wanted.who)
    if wanted.subject_kind is not None:
        found.append(PersonalView.subject_kind == wanted.subject_kind)
    if wanted.purpose is not None:
        found.append(PersonalView.purpose == wanted.purpose)
    if wanted.date_from is not None:
        found.append(PersonalView.at >= day_begins(wanted.date_from))
    if wanted.date_to is not None:
        found.append(PersonalView.at < day_begins(wanted.date_to + timedelta(days=1)))
    return found


def history(
    actor: Actor, wanted: ViewFilter, *, before_id: int | None = None, limit: int | None = PAGE
) -> Sequence[ViewOfPeople]:
    """Who saw personal data of the actor's subtree, newest first; `before_id` pages on."""
    require(actor, "audit.read")
    query = (
        sa.select(
            PersonalView.id, PersonalView.at, PersonalView.actor, Unit.name, PersonalView.subject_kind,
            PersonalView.subject_id, PersonalView.people, PersonalView.purpose, PersonalView.request_id,
        )
        .join(Unit, Unit.id == PersonalView.unit_id)
        .where(*_conditions(actor, wanted))
        .order_by(PersonalView.id.desc())
        .limit(limit)
    )  # fmt: skip
    if before_id is not None:
        query = query.where(PersonalView.id < before_id)
    with db.transaction() as session:
        return [ViewOfPeople(*row) for row in session.execute(query)]
