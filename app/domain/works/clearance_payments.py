"""Who was paid by what: shares of the book's payments of compensation, each tied to a household.

The book holds the money; here stands only whom it reached. An entry that is reversed pays nobody, which is looked
up and stored nowhere: a reversal needs no word to this place.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import db
from app.clock import utcnow
from app.db import big_sum
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.works.clearance import locked, unit_of
from app.domain.works.clearance_editing import answer
from app.domain.works.clearance_households import SUBJECT, HouseholdView, one
from app.errors import Conflict, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.base import MAX_AMOUNT
from app.models.clearance import ClearanceHousehold, ClearancePayment
from app.models.ledger import BudgetLine, LedgerEntry

_Reversal = aliased(LedgerEntry)
SHOWN = 200  # entries to choose from


@dataclass(frozen=True, slots=True)
class CompensationEntry:
    """A payment in the book without a contract; `rest` in đồng is tied to no household yet."""

    id: uuid.UUID
    document_number: str
    paid_on: date
    amount: int
    reason: str
    rest: int


def _shared() -> sa.ScalarSelect[int]:
    return (
        sa.select(big_sum(ClearancePayment.amount))
        .where(ClearancePayment.entry_id == LedgerEntry.id)
        .correlate(LedgerEntry)
        .scalar_subquery()
    )


def _entries(work_id: uuid.UUID) -> sa.Select[*tuple[Any, ...]]:
    """What was paid on a work's lines, whatever the kind and contract, with what of it is shared out."""
    return (
        sa.select(
            LedgerEntry.id, LedgerEntry.document_number, LedgerEntry.effective_date, LedgerEntry.amount,
            LedgerEntry.no_contract_reason, _shared().label("shared"), LedgerEntry.kind, LedgerEntry.contract_id,
            _Reversal.id.label("reversed_by"),
        )
        .join(BudgetLine, BudgetLine.id == LedgerEntry.budget_line_id)
        .outerjoin(_Reversal, _Reversal.reverses_id == LedgerEntry.id)
        .where(BudgetLine.work_id == work_id)
    )  # fmt: skip


def entries(actor: Actor, work_id: uuid.UUID) -> list[CompensationEntry]:
    """Payments of a work without a contract that are not shared out whole, newest first."""
    require(actor, "read")
    with db.transaction() as session:
        unit_of(session, actor, work_id)
        query = (
            _entries(work_id)
            .where(
                LedgerEntry.kind == "pay", LedgerEntry.contract_id.is_(None), _Reversal.id.is_(None),
                LedgerEntry.amount > _shared(),
            )
            .order_by(LedgerEntry.effective_date.desc(), LedgerEntry.id)
            .limit(SHOWN)
        )  # fmt: skip
        return [CompensationEntry(*[*row[:5], row.amount - row.shared]) for row in session.execute(query)]


def pay(
    actor: Actor, work_id: uuid.UUID, household_id: uuid.UUID, entry_id: uuid.UUID, amount: int
) -> tuple[HouseholdView, bool]:
    """Tie `amount` đồng of an entry to a household; (the household, whether it is new).

    RuleBroken `entry_share` past what is left of the entry, `compensation_due` past what the household is due,
    `entry_reversed`; Conflict when this entry pays it another amount already.
    """
    require(actor, "clearance.edit")
    if not 0 < amount <= MAX_AMOUNT:
        message = N_("Số tiền phải là số đồng nguyên, lớn hơn 0 và không quá {most:money}.")
        raise Invalid.field("amount", message, most=MAX_AMOUNT)
    with db.transaction(write=True) as session:
        unit_id = unit_of(session, actor, work_id)
        locked(session, work_id)
        household = one(session, work_id, household_id)
        held = next((p.amount for p in household.payments if p.entry_id == entry_id), None)
        if held == amount:
            return answer(session, actor, work_id, household_id), False
        if held is not None:
            message = N_("Chứng từ này đã chi trả {held:money} cho hộ. Gỡ ra rồi ghi lại số khác.")
            raise Conflict(message, held=held)
        _refuse_share(session, work_id, entry_id, amount)
        if amount > household.unpaid:
            raise RuleBroken(
                "compensation_due",
                N_("Hộ này chỉ còn phải trả {held:money}, không phải {asked:money}."),
                asked=amount, held=household.unpaid,
            )  # fmt: skip
        now = utcnow()
        session.execute(
            sa.insert(ClearancePayment).values(
                household_id=household_id,
                entry_id=entry_id,
                amount=amount,
                created_at=now,
                created_by=actor.ref,
            )
        )
        _touch(session, household_id)
        audit.record(
            session, actor, "clearance.pay", SUBJECT, household_id, unit_id, work_id=work_id, entry_id=entry_id,
            amount=amount,
        )  # fmt: skip
        return answer(session, actor, work_id, household_id), True


def _refuse_share(session: Session, work_id: uuid.UUID, entry_id: uuid.UUID, amount: int) -> None:
    entry = session.execute(_entries(work_id).where(LedgerEntry.id == entry_id)).one_or_none()
    if entry is None:
        message = N_("Không có bút toán này trên các dòng vốn của công trình.")
        raise NotFound(message, field="entry_id")
    if entry.kind != "pay" or entry.contract_id is not None:
        message = N_("Chỉ gắn được chứng từ thanh toán không theo hợp đồng.")
        raise Invalid.field("entry_id", message)
    if entry.reversed_by is not None:
        message = N_("Chứng từ {number} đã bị đảo, không chi trả cho ai.")
        raise RuleBroken("entry_reversed", message, number=entry.document_number)
    rest = entry.amount - entry.shared
    if amount > rest:
        raise RuleBroken(
            "entry_share",
            N_("Chứng từ này chỉ còn {held:money} chưa chia cho hộ nào, không đủ {asked:money}."),
            asked=amount, held=rest,
        )  # fmt: skip


def _touch(session: Session, household_id: uuid.UUID) -> None:
    """It changed for who follows changes; its version covers only what can be edited."""
    session.execute(
        sa.update(ClearanceHousehold).where(ClearanceHousehold.id == household_id).values(updated_at=utcnow())
    )


def unpay(actor: Actor, work_id: uuid.UUID, household_id: uuid.UUID, entry_id: uuid.UUID) -> HouseholdView:
    """Untie an entry from a household; the entry itself stays in the book. NotFound when it was not tied."""
    require(actor, "clearance.edit")
    with db.transaction(write=True) as session:
        unit_id = unit_of(session, actor, work_id)
        locked(session, work_id)
        one(session, work_id, household_id)
        gone = session.execute(
            sa.delete(ClearancePayment)
            .where(ClearancePayment.household_id == household_id, ClearancePayment.entry_id == entry_id)
            .returning(ClearancePayment.amount)
        ).scalar_one_or_none()
        if gone is None:
            raise NotFound()
        _touch(session, household_id)
        audit.record(
            session, actor, "clearance.unpay", SUBJECT, household_id, unit_id, work_id=work_id,
            entry_id=entry_id, amount=gone,
        )  # fmt: skip
        return answer(session, actor, work_id, household_id)
