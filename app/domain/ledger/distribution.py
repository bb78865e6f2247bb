"""Distributing (phân khai): from a line above to the lines of units and works, on one document."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app import db
from app.domain.access import Actor, in_scope, require
from app.domain.ledger.entries import Document, EntryView, NewEntry, hash_body
from app.domain.ledger.posting import MAX_BATCH, record_all
from app.errors import FieldError, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.base import MAX_AMOUNT
from app.models.ledger import BudgetLine
from app.models.territory import UnitScope


@dataclass(frozen=True, slots=True)
class Share:
    """What one line receives, in đồng."""

    budget_line_id: uuid.UUID
    amount: int


def distribute(
    actor: Actor,
    line_id: uuid.UUID,
    id_: uuid.UUID,
    document: Document,
    effective_date: date,
    to: Sequence[Share],
    *,
    propose: bool = False,
) -> tuple[list[EntryView], bool]:
    """Withdraw the sum from a line and allocate the shares, all or none; (entries, whether they are new).

    The first entry withdraws and bears the distribution's own id. Raises RuleBroken `distribute_key` for a line
    of another project, source, capital kind or year.
    """
    require(actor, "ledger.propose")
    _check(line_id, to)
    _check_keys(actor, line_id, to)
    total = sum(share.amount for share in to)
    if total > MAX_AMOUNT:
        raise Invalid.field("to", N_("Tổng phân khai không quá {most:money}."), most=MAX_AMOUNT)
    entries = [NewEntry(id_, line_id, "withdraw", total, effective_date, document)]
    for share in to:
        entry_id = uuid.uuid5(id_, str(share.budget_line_id))
        entries.append(
            NewEntry(entry_id, share.budget_line_id, "allocate", share.amount, effective_date, document)
        )
    body = hash_body(
        line_id, document.number, document.date, document.issuer, effective_date,
        [(str(s.budget_line_id), s.amount) for s in to],
    )  # fmt: skip
    return record_all(actor, entries, propose=propose, group_id=id_, body_hash=body)


def _check_keys(actor: Actor, line_id: uuid.UUID, to: Sequence[Share]) -> None:
    """Every line must be in scope, and receive only what the line above was given for."""
    key = ("project_id", "source", "capital_kind", "year", "origin_year")
    columns = (BudgetLine.id, BudgetLine.unit_id, *(getattr(BudgetLine, name) for name in key))
    with db.transaction() as session:
        ids = [line_id, *(share.budget_line_id for share in to)]
        rows = session.execute(
            sa.select(*columns).where(BudgetLine.id.in_(ids), in_scope(actor, BudgetLine.unit_id))
        )
        found = {row.id: row for row in rows}
        above = found.get(line_id)
        if above is None:
            raise NotFound()
        scope = sa.select(UnitScope.unit_id).where(UnitScope.ancestor_id == above.unit_id)
        below = set(session.execute(scope).scalars())
    for i, share in enumerate(to):
        row = found.get(share.budget_line_id)
        if row is None:
            raise NotFound(field=f"to.{i}.budget_line_id")
        if row[2:] != above[2:] or row.unit_id not in below:
            raise RuleBroken(
                "distribute_key",
                N_(
                    "Chỉ phân khai cho dòng vốn cùng dự án, nguồn, loại vốn và năm, của đơn vị này hoặc cấp dưới."
                ),
                field=f"to.{i}.budget_line_id",
            )


def _check(line_id: uuid.UUID, to: Sequence[Share]) -> None:
    faults = []
    if not 0 < len(to) < MAX_BATCH:
        faults.append(FieldError("to", N_("Ghi từ 1 đến {most:number} dòng nhận."), {"most": MAX_BATCH - 1}))
    if len({share.budget_line_id for share in to}) < len(to):
        faults.append(FieldError("to", N_("Một dòng nhận ghi hai lần.")))
    for i, share in enumerate(to):
        if not 0 < share.amount <= MAX_AMOUNT:
            message = N_("Số tiền phải là số đồng nguyên, lớn hơn 0 và không quá {most:money}.")
            faults.append(FieldError(f"to.{i}.amount", message, {"most": MAX_AMOUNT}))
        if share.budget_line_id == line_id:
            faults.append(FieldError(f"to.{i}.budget_line_id", N_("Không phân khai cho chính dòng này.")))
    if faults:
        raise Invalid(*faults)
