"""Entries as movements between pockets: a line's statement with running figures, and what one entry moved."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app import db
from app.domain.access import Actor, in_scope, require
from app.domain.ledger.pockets import FIELDS, KINDS, Pockets, carried_effect, effect
from app.errors import NotFound
from app.models.ledger import Balance, BudgetLine, LedgerEntry, Proposal


@dataclass(frozen=True, slots=True)
class Movement:
    """From which pocket to which; None is the outside world, and of a carry_over the other line."""

    base_kind: str
    sign: int
    left: str | None
    entered: str | None

    def change(self, amount: int, *, carried_in: bool = False) -> Pockets:
        """What it does to a line: its own, or the one that money is carried to."""
        pocket = self.left if self.sign > 0 else self.entered
        if carried_in:
            return carried_effect(pocket or "available", self.sign * amount)
        return effect(self.base_kind, pocket, self.sign * amount)


def _movement(base_kind: str, sign: int, from_pocket: str | None) -> Movement:
    """A reversal goes the other way."""
    ends = (from_pocket, KINDS[base_kind][1])
    left, entered = ends if sign > 0 else ends[::-1]
    return Movement(base_kind, sign, left, entered)


def movements(actor: Actor, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Movement]:
    """What each of these entries or proposals moves; those out of scope are left out."""
    require(actor, "read")
    found: dict[uuid.UUID, Movement] = {}
    with db.transaction() as session:
        for table in (Proposal, LedgerEntry):
            query = (
                sa.select(table.id, table.base_kind, table.sign, table.from_pocket)
                .join(BudgetLine, BudgetLine.id == table.budget_line_id)
                .where(table.id.in_(list(ids)), in_scope(actor, BudgetLine.unit_id))
            )
            for id_, base_kind, sign, from_pocket in session.execute(query):
                found[id_] = _movement(base_kind, sign, from_pocket)
    return found


@dataclass(frozen=True, slots=True)
class StatementRow:
    """An entry on a line with the line's money after it, in the order of vouchers' dates; `amount` is signed."""

    id: uuid.UUID
    kind: str
    base_kind: str
    effective_date: date
    recorded_at: datetime
    document_number: str
    memo: str
    change: Pockets
    amount: int
    after: Pockets


def statement(
    actor: Actor, line_id: uuid.UUID, *, offset: int = 0, limit: int = 50
) -> tuple[list[StatementRow], int]:
    """A line's posted entries, latest voucher first, each with the money after it; and how many there are."""
    require(actor, "read")
    e = LedgerEntry
    on_line = sa.or_(e.budget_line_id == line_id, e.to_budget_line_id == line_id)
    with db.transaction() as session:
        balance = session.execute(
            sa.select(*(getattr(Balance, f) for f in FIELDS))
            .join(BudgetLine, BudgetLine.id == Balance.budget_line_id)
            .where(BudgetLine.id == line_id, in_scope(actor, BudgetLine.unit_id))
        ).one_or_none()
        if balance is None:
            raise NotFound()
        number = session.execute(sa.select(sa.func.count(e.id)).where(on_line)).scalar_one()
        query: sa.Select[*tuple[Any, ...]] = (
            sa.select(
                e.id, e.kind, e.base_kind, e.sign, e.from_pocket, e.amount, e.effective_date, e.recorded_at,
                e.document_number, e.memo, (e.budget_line_id != line_id).label("carried_in"),
            )
            .where(on_line)
            .order_by(e.effective_date.desc(), e.recorded_at.desc(), e.id.desc())
            .limit(offset + limit)
        )  # fmt: skip
        after = Pockets(*balance)
        rows = []
        for row in session.execute(query):
            change = _movement(row.base_kind, row.sign, row.from_pocket).change(
                row.amount, carried_in=bool(row.carried_in)
            )
            rows.append(
                StatementRow(
                    row.id, row.kind, row.base_kind, row.effective_date, row.recorded_at, row.document_number,
                    row.memo, change, row.sign * row.amount, after,
                )
            )  # fmt: skip
            after = Pockets(*(getattr(after, f) - getattr(change, f) for f in FIELDS))
        return rows[offset:], number
