"""Settlement of a finished work (quyết toán dự án hoàn thành): proposed, then decided; what is still to be paid or recovered.

Forms and duties: Nghị định 99/2021/NĐ-CP, Thông tư 96/2021/TT-BTC. From the decision on nothing is disbursed past
the settled value (`work_settled`, which the ledger holds under the same lock).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.ledger.entries import hash_body
from app.domain.works.contract_views import ContractView, of_work, work_unit
from app.domain.works.register import WorkView
from app.domain.works.register import one as work_of
from app.errors import Conflict, FieldError, IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.base import MAX_AMOUNT
from app.models.works import Settlement, Work, WorkBalance

SUBJECT: Final = "settlement"
PROPOSED: Final = ("submitted_on", "proposed_value", "note")
DECIDED: Final = ("settled_value", "decided_on", "decision_number", "decision_issuer")


@dataclass(frozen=True, slots=True)
class NewSettlement:
    """A settlement as it is proposed, in đồng."""

    id: uuid.UUID
    work_id: uuid.UUID
    submitted_on: date
    proposed_value: int
    note: str = ""

    def body_hash(self) -> str:
        return hash_body(*(getattr(self, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision that approves a settlement: its value in đồng, its document."""

    settled_value: int
    decided_on: date
    decision_number: str
    decision_issuer: str

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in DECIDED}


@dataclass(frozen=True, slots=True)
class SettlementView:
    """A work's settlement beside its money over all years, in đồng."""

    id: uuid.UUID
    submitted_on: date
    proposed_value: int
    settled_value: int | None
    decided_on: date | None
    decision_number: str
    decision_issuer: str
    note: str
    illustrative: bool
    version: int
    updated_at: datetime
    work_id: uuid.UUID
    disbursed: int
    advanced: int

    @property
    def decided(self) -> bool:
        return self.settled_value is not None

    @property
    def value(self) -> int:
        """What was settled, or is proposed as long as nothing is decided."""
        return self.proposed_value if self.settled_value is None else self.settled_value

    @property
    def to_pay(self) -> int:
        return max(0, self.value - self.disbursed)

    @property
    def to_recover(self) -> int:
        return max(0, self.disbursed - self.value)


@dataclass(frozen=True, slots=True)
class Account:
    """What a work's settlement is made of; `settlement` null until one is proposed."""

    work: WorkView
    settlement: SettlementView | None
    contracts: tuple[ContractView, ...]


def account(actor: Actor, work_id: uuid.UUID) -> Account:
    """A work with its settlement and its contracts. NotFound out of scope."""
    require(actor, "read")
    with db.transaction() as session:
        work = work_of(session, actor, work_id)
        return Account(work, _view(session, work), tuple(of_work(session, actor, work_id)))


def get(actor: Actor, work_id: uuid.UUID) -> SettlementView:
    """A work's settlement; NotFound out of scope, and where none is proposed."""
    require(actor, "read")
    with db.transaction() as session:
        return _one(session, actor, work_id)


def _view(session: Session, work: WorkView) -> SettlementView | None:
    row = session.execute(
        sa.select(
            Settlement.id, Settlement.submitted_on, Settlement.proposed_value, Settlement.settled_value,
            Settlement.decided_on, Settlement.decision_number, Settlement.decision_issuer, Settlement.note,
            Settlement.illustrative, Settlement.version, Settlement.updated_at,
        ).where(Settlement.work_id == work.id)
    ).one_or_none()  # fmt: skip
    return None if row is None else SettlementView(*[*row, work.id, work.disbursed, work.advanced])


def _one(session: Session, actor: Actor, work_id: uuid.UUID) -> SettlementView:
    found = _view(session, work_of(session, actor, work_id))
    if found is None:
        raise NotFound(N_("Công trình này chưa trình quyết toán."))
    return found


def propose(actor: Actor, new: NewSettlement, *, illustrative: bool = False) -> tuple[SettlementView, bool]:
    """Propose a work's settlement; (the settlement, whether it is new). Conflict when one is proposed already.

    RuleBroken `settlement_total` past the approved total investment.
    """
    require(actor, "settlement.propose")
    _check({name: getattr(new, name) for name in PROPOSED})
    try:
        return _propose(actor, new, illustrative)
    except IntegrityError:
        return _propose(actor, new, illustrative)  # somebody has just made it: look again


def _propose(actor: Actor, new: NewSettlement, illustrative: bool) -> tuple[SettlementView, bool]:
    with db.transaction(write=True) as session:
        unit_id = work_unit(session, actor, new.work_id, lock=True)
        body = new.body_hash()
        stored = session.execute(
            sa.select(Settlement.id, Settlement.body_hash).where(
                sa.or_(Settlement.id == new.id, Settlement.work_id == new.work_id)
            )
        ).all()
        if any(row.id == new.id for row in stored):
            if (new.id, body) not in [(row.id, row.body_hash) for row in stored]:
                raise IdTaken()
            return _one(session, actor, new.work_id), False
        if stored:
            raise Conflict(N_("Công trình này đã trình quyết toán rồi. Sửa hồ sơ đang có."))
        _within_total(session, new.work_id, new.proposed_value, "proposed_value")
        now = utcnow()
        session.execute(
            sa.insert(Settlement).values(
                id=new.id, work_id=new.work_id, submitted_on=new.submitted_on,
                proposed_value=new.proposed_value, note=new.note, decision_number="", decision_issuer="",
                illustrative=illustrative, body_hash=body, created_at=now, created_by=actor.ref,
                updated_at=now, version=1,
            )
        )  # fmt: skip
        audit.record(
            session, actor, "settlement.propose", SUBJECT, new.id, unit_id, work_id=new.work_id,
            proposed_value=new.proposed_value, submitted_on=new.submitted_on,
        )  # fmt: skip
        return _one(session, actor, new.work_id), True


def _check(values: dict[str, Any]) -> None:
    """Raises Invalid for values that no settlement has by themselves; of a decision, only where it is given."""
    faults = []
    for name in ("proposed_value", "settled_value"):
        value = values.get(name)
        if value is not None and not 0 < value <= MAX_AMOUNT:
            message = N_("Số tiền phải là số đồng nguyên, lớn hơn 0 và không quá {most:money}.")
            faults.append(FieldError(name, message, {"most": MAX_AMOUNT}))
    for name in ("submitted_on", "decided_on"):
        day = values.get(name)
        if day is not None and day > today():
            message = N_("Ngày thực tế không được sau hôm nay {today:date}.")
            faults.append(FieldError(name, message, {"today": today()}))
    submitted, decided = values.get("submitted_on"), values.get("decided_on")
    if submitted is not None and decided is not None and decided < submitted:
        message = N_("Không phê duyệt trước ngày trình quyết toán {submitted:date}.")
        faults.append(FieldError("decided_on", message, {"submitted": submitted}))
    for name in ("decision_number", "decision_issuer"):
        if decided is not None and not values[name].strip():
            faults.append(FieldError(name, N_("Chưa điền")))
    if faults:
        raise Invalid(*faults)


def _within_total(session: Session, work_id: uuid.UUID, value: int, field: str) -> None:
    """RuleBroken `settlement_total`: nothing is settled past the approved total investment."""
    total = session.execute(
        sa.select(WorkBalance.total_investment).where(WorkBalance.work_id == work_id).with_for_update()
    ).scalar_one()
    if total is not None and value > total:
        raise RuleBroken(
            "settlement_total",
            N_("Quyết toán {asked:money} vượt tổng mức đầu tư được duyệt {held:money}."),
            asked=value, held=total, field=field,
        )  # fmt: skip


def update(actor: Actor, work_id: uuid.UUID, version: int, changes: dict[str, Any]) -> SettlementView:
    """Change what is proposed until it is decided, or a decision that was written down wrong.

    The first needs `settlement.propose`, the second `settlement.decide`. RuleBroken `settlement_state` for the
    other at the wrong time and once the work is closed; Stale when somebody changed it since.
    """
    require(actor, "settlement.propose")
    if changes.keys() & set(DECIDED):
        require(actor, "settlement.decide")
    with db.transaction(write=True) as session:
        unit_id = work_unit(session, actor, work_id, lock=True)
        standing = _one(session, actor, work_id)
        if standing.version != version:
            raise Stale(standing)
        if not changes:
            return standing
        _refuse_state(session, work_id, standing, changes)
        _store(session, standing, changes)
        facts = {name: value for name, value in changes.items() if name != "note"}
        audit.record(
            session, actor, "settlement.update", SUBJECT, standing.id, unit_id, work_id=work_id,
            fields=sorted(changes), **facts,
        )  # fmt: skip
        return _one(session, actor, work_id)


def _refuse_state(
    session: Session, work_id: uuid.UUID, standing: SettlementView, changes: dict[str, Any]
) -> None:
    stage = session.execute(sa.select(Work.stage).where(Work.id == work_id)).scalar_one()
    if stage == "settled":
        raise RuleBroken(
            "settlement_state", N_("Công trình đã đóng, quyết toán không sửa được nữa."), held=stage
        )
    if standing.decided and changes.keys() & set(PROPOSED[:2]):
        message = N_("Quyết toán đã được phê duyệt, không sửa số trình nữa.")
        raise RuleBroken("settlement_state", message, held="decided")
    if not standing.decided and changes.keys() & set(DECIDED):
        message = N_("Quyết toán chưa được phê duyệt: hãy ghi quyết định.")
        raise RuleBroken("settlement_state", message, held="proposed")


def _store(session: Session, standing: SettlementView, changes: dict[str, Any]) -> None:
    whole = {name: getattr(standing, name) for name in (*PROPOSED, *DECIDED)} | changes
    _check(whole)
    for name in ("proposed_value", "settled_value"):
        if changes.get(name) is not None:
            _within_total(session, standing.work_id, changes[name], name)
    session.execute(
        sa.update(Settlement)
        .where(Settlement.id == standing.id)
        .values(**changes, version=standing.version + 1, updated_at=utcnow())
    )
    if "settled_value" in changes:
        session.execute(
            sa.update(WorkBalance)
            .where(WorkBalance.work_id == standing.work_id)
            .values(settled_value=changes["settled_value"])
        )
        # It changed for who follows changes; its version covers only what can be edited.
        session.execute(sa.update(Work).where(Work.id == standing.work_id).values(updated_at=utcnow()))


def decide(actor: Actor, work_id: uuid.UUID, decision: Decision) -> SettlementView:
    """Write the decision down; the same again changes nothing, another is a Conflict: `update` mends it.

    RuleBroken `settlement_total` past the approved total investment. A value below what is disbursed is no fault:
    the difference is to be recovered.
    """
    require(actor, "settlement.decide")
    with db.transaction(write=True) as session:
        unit_id = work_unit(session, actor, work_id, lock=True)
        standing = _one(session, actor, work_id)
        values = decision.values()
        if standing.decided:
            if {name: getattr(standing, name) for name in DECIDED} == values:
                return standing
            message = N_(
                "Quyết toán đã được phê duyệt {settled:money} ngày {on:date}. Sửa quyết định đã ghi."
            )
            raise Conflict(message, settled=standing.settled_value, on=standing.decided_on)
        _store(session, standing, values)
        audit.record(
            session, actor, "settlement.decide", SUBJECT, standing.id, unit_id, work_id=work_id, **values
        )
        return _one(session, actor, work_id)
