"""Acceptance of volume under a contract (nghiệm thu khối lượng): rounds in order, together within its value."""

from __future__ import annotations

import uuid
from collections.abc import Collection
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
from app.domain.documents.attaching import set_attached
from app.domain.ledger.entries import hash_body
from app.domain.works.contract_views import ContractView, locked, one
from app.domain.works.stages import refuse_closed
from app.errors import IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.base import MAX_AMOUNT
from app.models.works import Acceptance, Contract, ContractBalance, PaymentDossier

SUBJECT: Final = "acceptance"
EDITABLE: Final = ("accepted_on", "value", "note")


@dataclass(frozen=True, slots=True)
class NewAcceptance:
    """A round as it is recorded; `value` in đồng. Its number follows from those that stand."""

    id: uuid.UUID
    contract_id: uuid.UUID
    accepted_on: date
    value: int
    note: str = ""

    def body_hash(self) -> str:
        return hash_body(*(getattr(self, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class AcceptanceView:
    """A round; `dossiers` are the rounds of the payment dossiers that stand on it, `last`: none comes after it."""

    id: uuid.UUID
    contract_id: uuid.UUID
    round: int
    accepted_on: date
    value: int
    note: str
    illustrative: bool
    version: int
    updated_at: datetime
    dossiers: tuple[int, ...] = ()
    last: bool = True

    @property
    def open(self) -> bool:
        """Whether it may still be changed or taken back."""
        return self.last and not self.dossiers


def of_contracts(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[AcceptanceView]]:
    """The rounds of each of these contracts that has some, in order; two statements."""
    rows = session.execute(
        sa.select(
            Acceptance.id, Acceptance.contract_id, Acceptance.round, Acceptance.accepted_on, Acceptance.value,
            Acceptance.note, Acceptance.illustrative, Acceptance.version, Acceptance.updated_at,
        )
        .where(Acceptance.contract_id.in_(ids))
        .order_by(Acceptance.contract_id, Acceptance.round)
    ).all()  # fmt: skip
    named: dict[uuid.UUID | None, list[int]] = {}
    dossiers = (
        sa.select(PaymentDossier.acceptance_id, PaymentDossier.round)
        .where(PaymentDossier.contract_id.in_(ids), PaymentDossier.acceptance_id.is_not(None))
        .order_by(PaymentDossier.round)
    )
    for acceptance_id, number in session.execute(dossiers) if rows else ():
        named.setdefault(acceptance_id, []).append(number)
    last = {row.contract_id: row.round for row in rows}
    found: dict[uuid.UUID, list[AcceptanceView]] = {}
    for row in rows:
        view = AcceptanceView(*[*row, tuple(named.get(row.id, ())), row.round == last[row.contract_id]])
        found.setdefault(row.contract_id, []).append(view)
    return found


def acceptances(
    actor: Actor, contract_id: uuid.UUID, *, work_id: uuid.UUID | None = None
) -> list[AcceptanceView]:
    """The rounds of a contract in order. NotFound out of scope, or where it is none of the work that is named."""
    require(actor, "read")
    with db.transaction() as session:
        one(session, actor, contract_id, work_id=work_id)
        return of_contracts(session, [contract_id]).get(contract_id, [])


def get(
    actor: Actor,
    acceptance_id: uuid.UUID,
    *,
    contract_id: uuid.UUID | None = None,
    work_id: uuid.UUID | None = None,
) -> tuple[ContractView, AcceptanceView]:
    """(the contract, the round). NotFound out of scope, or where it is none of what is named."""
    require(actor, "read")
    with db.transaction() as session:
        of = contract_of(session, acceptance_id, contract_id)
        contract = one(session, actor, of, work_id=work_id)
        return contract, round_of(session, contract.id, acceptance_id)


def contract_of(session: Session, acceptance_id: uuid.UUID, named: uuid.UUID | None = None) -> uuid.UUID:
    """The contract of a round, whoever may see it: scope is asked of the contract. NotFound for another than named."""
    found = session.execute(
        sa.select(Acceptance.contract_id).where(Acceptance.id == acceptance_id)
    ).scalar_one_or_none()
    if found is None or named not in (None, found):
        raise NotFound()
    return found


def round_of(session: Session, contract_id: uuid.UUID, acceptance_id: uuid.UUID) -> AcceptanceView:
    """One round of a contract; NotFound when it is none of its."""
    rounds = of_contracts(session, [contract_id]).get(contract_id, [])
    found = next((a for a in rounds if a.id == acceptance_id), None)
    if found is None:
        raise NotFound()
    return found


def create(
    actor: Actor, new: NewAcceptance, *, work_id: uuid.UUID | None = None, illustrative: bool = False
) -> tuple[AcceptanceView, bool]:
    """Accept volume under a contract as its next round; (the round, whether it is new).

    Raises RuleBroken `accepted_value` when more would be accepted than the contract's value with amendments.
    """
    require(actor, "contract.edit")
    try:
        return _create(actor, new, work_id, illustrative)
    except IntegrityError:
        return _create(actor, new, work_id, illustrative)  # somebody has just made it: look again


def _create(
    actor: Actor, new: NewAcceptance, work_id: uuid.UUID | None, illustrative: bool
) -> tuple[AcceptanceView, bool]:
    with db.transaction(write=True) as session:
        contract, unit_id = locked(session, actor, new.contract_id, work_id)
        body = new.body_hash()
        stored = session.execute(
            sa.select(Acceptance.body_hash).where(Acceptance.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return round_of(session, contract.id, new.id), False
        refuse_closed(session, contract.work_id)
        rounds = of_contracts(session, [contract.id]).get(contract.id, [])
        _check({name: getattr(new, name) for name in EDITABLE}, contract, rounds)
        _accept(session, contract, new.value)
        now = utcnow()
        session.execute(
            sa.insert(Acceptance).values(
                id=new.id, contract_id=contract.id, round=rounds[-1].round + 1 if rounds else 1,
                accepted_on=new.accepted_on, value=new.value, note=new.note, illustrative=illustrative,
                body_hash=body, created_at=now, created_by=actor.ref, updated_at=now, version=1,
            )
        )  # fmt: skip
        audit.record(
            session, actor, "acceptance.create", SUBJECT, new.id, unit_id, contract_id=contract.id,
            value=new.value, accepted_on=new.accepted_on,
        )  # fmt: skip
        return round_of(session, contract.id, new.id), True


def _check(values: dict[str, Any], contract: ContractView, before: list[AcceptanceView]) -> None:
    """Raises Invalid; `before` are the rounds that come before this one."""
    if not 0 < values["value"] <= MAX_AMOUNT:
        message = N_("Số tiền phải là số đồng nguyên, lớn hơn 0 và không quá {most:money}.")
        raise Invalid.field("value", message, most=MAX_AMOUNT)
    on: date = values["accepted_on"]
    if on > today():
        message = N_("Ngày nghiệm thu không được sau hôm nay {today:date}.")
        raise Invalid.field("accepted_on", message, today=today())
    if on < contract.signed_on:
        message = N_("Không nghiệm thu trước ngày ký hợp đồng {signed:date}.")
        raise Invalid.field("accepted_on", message, signed=contract.signed_on)
    if before and on < before[-1].accepted_on:
        message = N_("Không nghiệm thu trước đợt {round} ngày {on:date}.")
        raise Invalid.field("accepted_on", message, round=before[-1].round, on=before[-1].accepted_on)


def _accept(session: Session, contract: ContractView, more: int) -> None:
    """Count volume (or less of it) as accepted, under the work's lock; the database holds the bounds, too.

    Less is never accepted than dossiers ask to be paid: RuleBroken `dossier_value`.
    """
    if more > contract.room:
        raise RuleBroken(
            "accepted_value",
            N_("Nghiệm thu {asked:money} nhưng hợp đồng chỉ còn {held:money} chưa nghiệm thu."),
            asked=more, held=contract.room,
        )  # fmt: skip
    accepted = contract.accepted + more
    if accepted < contract.asked:
        raise RuleBroken(
            "dossier_value",
            N_("Khối lượng nghiệm thu còn {asked:money} sẽ thấp hơn phần đã lập hồ sơ thanh toán {held:money}."),
            asked=accepted, held=contract.asked,
        )  # fmt: skip
    session.execute(
        sa.update(ContractBalance).where(ContractBalance.contract_id == contract.id).values(accepted=accepted)
    )
    # It changed for who follows changes; its version covers only what can be edited.
    session.execute(sa.update(Contract).where(Contract.id == contract.id).values(updated_at=utcnow()))


def update(
    actor: Actor,
    acceptance_id: uuid.UUID,
    version: int,
    changes: dict[str, Any],
    *,
    contract_id: uuid.UUID | None = None,
    work_id: uuid.UUID | None = None,
) -> AcceptanceView:
    """Change `accepted_on`, `value` or `note` of the last round. Raises Stale when somebody changed it since.

    RuleBroken `acceptance_order` for a round that others follow, `acceptance_used` once a dossier stands on it.
    """
    require(actor, "contract.edit")
    with db.transaction(write=True) as session:
        contract, standing, unit_id = _standing(session, actor, acceptance_id, contract_id, work_id)
        if standing.version != version:
            raise Stale(standing)
        if not changes:
            return standing
        _refuse_settled(standing)
        whole = {name: getattr(standing, name) for name in EDITABLE} | changes
        rounds = of_contracts(session, [contract.id])[contract.id]
        _check(whole, contract, rounds[:-1])
        _accept(session, contract, whole["value"] - standing.value)
        session.execute(
            sa.update(Acceptance)
            .where(Acceptance.id == acceptance_id)
            .values(**changes, version=version + 1, updated_at=utcnow())
        )
        facts = {name: value for name, value in changes.items() if name != "note"}
        audit.record(
            session, actor, "acceptance.update", SUBJECT, acceptance_id, unit_id, contract_id=contract.id,
            fields=sorted(changes), **facts,
        )  # fmt: skip
        return round_of(session, contract.id, acceptance_id)


def _standing(
    session: Session,
    actor: Actor,
    acceptance_id: uuid.UUID,
    contract_id: uuid.UUID | None,
    work_id: uuid.UUID | None,
) -> tuple[ContractView, AcceptanceView, int]:
    """(the contract, the round as it stands under the work's lock, the unit)."""
    of = contract_of(session, acceptance_id, contract_id)
    contract, unit_id = locked(session, actor, of, work_id)
    refuse_closed(session, contract.work_id)
    return contract, round_of(session, of, acceptance_id), unit_id


def _refuse_settled(standing: AcceptanceView) -> None:
    if standing.dossiers:
        message = N_("Hồ sơ thanh toán số {number} đã lập theo đợt nghiệm thu này.")
        raise RuleBroken("acceptance_used", message, number=standing.dossiers[0])
    if not standing.last:
        message = N_("Chỉ sửa hay xóa được đợt nghiệm thu cuối cùng.")
        raise RuleBroken("acceptance_order", message, asked=standing.round)


def delete(
    actor: Actor,
    acceptance_id: uuid.UUID,
    *,
    contract_id: uuid.UUID | None = None,
    work_id: uuid.UUID | None = None,
) -> ContractView:
    """Take the last round back, under the rules of a change; its documents stay in the register. The contract."""
    require(actor, "contract.edit")
    with db.transaction(write=True) as session:
        contract, standing, unit_id = _standing(session, actor, acceptance_id, contract_id, work_id)
        _refuse_settled(standing)
        _accept(session, contract, -standing.value)
        set_attached(session, actor, SUBJECT, acceptance_id, unit_id, [])
        session.execute(sa.delete(Acceptance).where(Acceptance.id == acceptance_id))
        audit.record(
            session, actor, "acceptance.delete", SUBJECT, acceptance_id, unit_id, contract_id=contract.id,
            round=standing.round, value=standing.value, accepted_on=standing.accepted_on,
        )  # fmt: skip
        return one(session, actor, contract.id)
