"""Personal data: names masked for those who need not see them, and the record of who saw whose, when and why.

Basis: Nghị định 13/2023/NĐ-CP; from 2026 on Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from app import db
from app.clock import utcnow
from app.db import Executor
from app.domain.access import Actor, require
from app.logs import request_id
from app.models.clearance import PersonalView
from app.text import nfc

MASK: Final = "***"

_rows = PersonalView.__table__
_INSERT = sa.insert(_rows)  # type: ignore[arg-type]  # a mapped class's table is a Table


def mask_name(name: str) -> str:
    """A name as those see it who need not know it: `Nguyễn Văn An` is `N*** V*** A***`."""
    return " ".join(word[0] + MASK for word in nfc(name).split())


def shown_name(actor: Actor, name: str) -> str:
    """A name as a reader may see it. Who is shown one is put on record: see `record_views`."""
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

    `purpose` is one of `personal_history.PURPOSES`. Who is shown masked names alone is on record with that, except
    another system, which reads again and again what it may not see.
    """
    if people > 0 and _is_recorded(actor):
        session.execute(
            _INSERT,
            {
                "at": utcnow(), "actor": actor.ref, "unit_id": unit_id, "subject_kind": subject_kind,
                "subject_id": str(subject_id), "people": people, "purpose": purpose[:200],
                "masked": not actor.sees_people, "request_id": request_id.get(),
            },
        )  # fmt: skip


def _is_recorded(actor: Actor) -> bool:
    return actor.sees_people or not actor.is_client


def note_views(
    actor: Actor, unit_id: int, subject_kind: str, subject_id: object, people: int, purpose: str
) -> None:
    """`record_views` in a short transaction of its own, for readers: called before anything is shown."""
    require(actor, "read")
    if people > 0 and _is_recorded(actor):
        with db.transaction(write=True) as session:
            record_views(session, actor, unit_id, subject_kind, subject_id, people, purpose)
