"""What an entry would do, before it is sent: the same rules as posting, tried and taken back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from app import db
from app.clock import today
from app.domain.access import Actor, require
from app.domain.ledger.entries import Document, NewEntry
from app.domain.ledger.pockets import Pockets
from app.domain.ledger.posting import posts_at_once, try_out
from app.domain.ledger.proposals import held_back
from app.errors import Fault
from app.models.ledger import BudgetLine
from app.models.territory import Unit


@dataclass(frozen=True, slots=True)
class Trial:
    """The lines' money before and after, and why it would be refused, if it would."""

    before: dict[uuid.UUID, Pockets]
    after: dict[uuid.UUID, Pockets]
    fault: Fault | None


def trial(actor: Actor, entries: Sequence[NewEntry]) -> Trial:
    """Try entries in their order and leave nothing behind.

    What a form has not been told yet (document, day) is filled in, so that only what was typed can be refused.
    """
    require(actor, "ledger.propose")
    before: dict[uuid.UUID, Pockets] = {}
    after: dict[uuid.UUID, Pockets] = {}
    try:
        with db.transaction(write=True) as session:
            try_out(session, actor, [_filled(entry) for entry in entries], before, after)
            session.rollback()
    except Fault as fault:
        return Trial(before, before, fault)
    return Trial(before, after, None)


def _filled(entry: NewEntry) -> NewEntry:
    day = entry.effective_date or today()
    document = Document(entry.document.number or "-", entry.document.date, entry.document.issuer or "-")
    return replace(entry, document=document, effective_date=day)


def waits(actor: Actor, line_ids: Iterable[uuid.UUID]) -> bool:
    """Whether what this actor records on these lines waits for a checker."""
    if not posts_at_once(actor, requires_checker=False):
        return True
    with db.transaction() as session:
        strict = session.execute(
            sa.select(BudgetLine.id)
            .join(Unit, Unit.id == BudgetLine.unit_id)
            .where(BudgetLine.id.in_(list(line_ids)), Unit.requires_checker)
            .limit(1)
        ).first()
    return strict is not None


def waiting_on(actor: Actor, line_id: uuid.UUID) -> dict[str, int]:
    """What waits on a line, in đồng by kind."""
    require(actor, "read")
    with db.transaction() as session:
        return held_back(session, line_id)
