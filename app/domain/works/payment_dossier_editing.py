"""Preparing a payment dossier and changing it: within what is accepted and may be advanced."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.documents.attaching import set_attached
from app.domain.ledger.entries import hash_body
from app.domain.works.acceptances import round_of
from app.domain.works.contract_views import ContractView, locked, one
from app.domain.works.payment_dossiers import (
    ADVANCE,
    KINDS,
    PAYMENT,
    SUBJECT,
    DossierView,
    contract_of,
    dossier_of,
    of_contracts,
)
from app.domain.works.stages import refuse_closed
from app.errors import IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.base import MAX_AMOUNT
from app.models.works import ContractBalance, PaymentDossier

EDITABLE: Final = ("amount", "recovered", "acceptance_id", "note")


@dataclass(frozen=True, slots=True)
class NewDossier:
    """A dossier as it is prepared, in đồng: `amount` asked from what is available, `recovered` of the advance with it.

    A payment stands on an acceptance of volume; an advance stands on none and recovers nothing.
    """

    id: uuid.UUID
    contract_id: uuid.UUID
    kind: str
    amount: int
    recovered: int = 0
    acceptance_id: uuid.UUID | None = None
    note: str = ""

    def body_hash(self) -> str:
        return hash_body(*(getattr(self, name) for name in self.__slots__))


def create(
    actor: Actor, new: NewDossier, *, work_id: uuid.UUID | None = None, illustrative: bool = False
) -> tuple[DossierView, bool]:
    """Prepare a dossier as the contract's next; (the dossier, whether it is new).

    Raises RuleBroken `dossier_value` past the accepted volume that no dossier asks yet, `advance_limit` past the
    ceiling of advances, `contract_advanced` where more would be recovered than was advanced.
    """
    require(actor, "contract.edit")
    if new.kind not in KINDS:
        raise Invalid.field("kind", N_("Loại hồ sơ là advance (tạm ứng) hoặc payment (thanh toán)."))
    try:
        return _create(actor, new, work_id, illustrative)
    except IntegrityError:
        return _create(actor, new, work_id, illustrative)  # somebody has just made it: look again


def _create(
    actor: Actor, new: NewDossier, work_id: uuid.UUID | None, illustrative: bool
) -> tuple[DossierView, bool]:
    with db.transaction(write=True) as session:
        contract, unit_id = locked(session, actor, new.contract_id, work_id)
        body = new.body_hash()
        stored = session.execute(
            sa.select(PaymentDossier.body_hash).where(PaymentDossier.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return dossier_of(session, contract.id, new.id), False
        refuse_closed(session, contract.work_id)
        others = of_contracts(session, [contract.id]).get(contract.id, [])
        values = {name: getattr(new, name) for name in EDITABLE}
        _check(session, contract, new.kind, values)
        _ask(session, contract, new.kind, values, others, 0)
        now = utcnow()
        session.execute(
            sa.insert(PaymentDossier).values(
                **values, id=new.id, contract_id=contract.id, round=others[-1].round + 1 if others else 1,
                kind=new.kind, returned_reason="", illustrative=illustrative, body_hash=body, created_at=now,
                created_by=actor.ref, updated_at=now, version=1,
            )
        )  # fmt: skip
        audit.record(
            session, actor, "payment_dossier.create", SUBJECT, new.id, unit_id, contract_id=contract.id,
            kind=new.kind, amount=new.amount, recovered=new.recovered,
        )  # fmt: skip
        return dossier_of(session, contract.id, new.id), True


def _check(session: Session, contract: ContractView, kind: str, values: dict[str, Any]) -> None:
    """Raises Invalid for values that no dossier of this kind has, NotFound for an acceptance of another contract."""
    amount, recovered = values["amount"], values["recovered"]
    message = N_("Số tiền phải là số đồng nguyên, từ 0 đến {most:money}.")
    for name in ("amount", "recovered"):
        if not 0 <= values[name] <= MAX_AMOUNT:
            raise Invalid.field(name, message, most=MAX_AMOUNT)
    if not amount + recovered or (kind == ADVANCE and not amount):
        raise Invalid.field("amount", N_("Ghi số tiền đề nghị."))
    if kind == ADVANCE:
        if recovered:
            raise Invalid.field("recovered", N_("Hồ sơ tạm ứng không thu hồi tạm ứng."))
        if values["acceptance_id"] is not None:
            raise Invalid.field("acceptance_id", N_("Hồ sơ tạm ứng không theo đợt nghiệm thu nào."))
        return
    if values["acceptance_id"] is None:
        raise Invalid.field("acceptance_id", N_("Hồ sơ thanh toán phải theo một đợt nghiệm thu khối lượng."))
    try:
        round_of(session, contract.id, values["acceptance_id"])
    except NotFound:
        message = N_("Hợp đồng này không có đợt nghiệm thu đó.")
        raise NotFound(message, field="acceptance_id") from None


def _ask(
    session: Session,
    contract: ContractView,
    kind: str,
    values: dict[str, Any],
    others: list[DossierView],
    before: int,
) -> None:
    """Count what a dossier asks (`before`: what it asked until now), under the work's lock."""
    asked = values["amount"] + values["recovered"]
    if kind == ADVANCE:
        _ask_advance(contract, asked, others)
        return
    room = contract.accepted - contract.asked + before
    if asked > room:
        raise RuleBroken(
            "dossier_value",
            N_("Hồ sơ đề nghị {asked:money} nhưng khối lượng đã nghiệm thu chỉ còn {held:money} chưa lập hồ sơ."),
            asked=asked, held=room,
        )  # fmt: skip
    back = contract.net_advances - sum(d.recovered for d in others)
    if values["recovered"] > back:
        raise RuleBroken(
            "contract_advanced",
            N_("Thu hồi {asked:money} nhưng tạm ứng chỉ còn {held:money} chưa lập hồ sơ thu hồi."),
            asked=values["recovered"], held=max(0, back),
        )  # fmt: skip
    session.execute(
        sa.update(ContractBalance)
        .where(ContractBalance.contract_id == contract.id)
        .values(asked=contract.asked + asked - before)
    )


def _ask_advance(contract: ContractView, asked: int, others: list[DossierView]) -> None:
    """RuleBroken `advance_limit` past the ceiling, as the ledger counts it: a refunded advance frees its room.

    No constraint of the database holds this: the ledger's own holds what is advanced in the end.
    """
    advances = [d for d in others if d.kind == ADVANCE]
    paid = sum(d.amount for d in advances if d.settled)
    waiting = sum(d.amount for d in advances if not d.settled)
    room = contract.advance_ceiling - min(paid, contract.net_advances) - waiting
    if asked > room:
        raise RuleBroken(
            "advance_limit",
            N_("Tạm ứng {asked:money} nhưng theo mức trần của hợp đồng chỉ còn được {held:money}."),
            asked=asked, held=max(0, room),
        )  # fmt: skip


def at_hand(
    session: Session,
    actor: Actor,
    dossier_id: uuid.UUID,
    contract_id: uuid.UUID | None,
    work_id: uuid.UUID | None,
) -> tuple[ContractView, DossierView, int]:
    """(the contract, the dossier as it stands under the work's lock, the unit)."""
    of = contract_of(session, dossier_id, contract_id)
    contract, unit_id = locked(session, actor, of, work_id)
    return contract, dossier_of(session, of, dossier_id), unit_id


def refuse_state(dossier: DossierView, allowed: bool) -> None:
    """RuleBroken `dossier_state` for what may not be done to a dossier as it stands."""
    if not allowed:
        message = N_("Hồ sơ đang ở bước khác: đã gửi, đã trả lại hoặc đã thanh toán.")
        raise RuleBroken("dossier_state", message, held=dossier.state)


def update(
    actor: Actor,
    dossier_id: uuid.UUID,
    version: int,
    changes: dict[str, Any],
    *,
    contract_id: uuid.UUID | None = None,
    work_id: uuid.UUID | None = None,
) -> DossierView:
    """Change what a dossier asks, its acceptance or its note, by the rules of preparing it.

    RuleBroken `dossier_state` once it is sent; Stale when somebody changed it since.
    """
    require(actor, "contract.edit")
    with db.transaction(write=True) as session:
        contract, standing, unit_id = at_hand(session, actor, dossier_id, contract_id, work_id)
        if standing.version != version:
            raise Stale(standing)
        if not changes:
            return standing
        refuse_state(standing, standing.open)
        whole = {name: getattr(standing, name) for name in EDITABLE} | changes
        others = [d for d in of_contracts(session, [contract.id])[contract.id] if d.id != dossier_id]
        _check(session, contract, standing.kind, whole)
        _ask(session, contract, standing.kind, whole, others, standing.asked)
        store(session, dossier_id, version, **changes)
        facts = {name: value for name, value in changes.items() if name != "note"}
        audit.record(
            session, actor, "payment_dossier.update", SUBJECT, dossier_id, unit_id, contract_id=contract.id,
            fields=sorted(changes), **facts,
        )  # fmt: skip
        return dossier_of(session, contract.id, dossier_id)


def store(session: Session, dossier_id: uuid.UUID, version: int, **values: Any) -> None:
    """Change columns of a dossier that stood at `version`."""
    session.execute(
        sa.update(PaymentDossier)
        .where(PaymentDossier.id == dossier_id)
        .values(**values, version=version + 1, updated_at=utcnow())
    )


def delete(
    actor: Actor,
    dossier_id: uuid.UUID,
    *,
    contract_id: uuid.UUID | None = None,
    work_id: uuid.UUID | None = None,
) -> ContractView:
    """Drop a dossier that is not sent; its documents stay in the register. The contract as it stands then."""
    require(actor, "contract.edit")
    with db.transaction(write=True) as session:
        contract, standing, unit_id = at_hand(session, actor, dossier_id, contract_id, work_id)
        refuse_state(standing, standing.open)
        if standing.kind == PAYMENT:
            session.execute(
                sa.update(ContractBalance)
                .where(ContractBalance.contract_id == contract.id)
                .values(asked=contract.asked - standing.asked)
            )
        set_attached(session, actor, SUBJECT, dossier_id, unit_id, [])
        session.execute(sa.delete(PaymentDossier).where(PaymentDossier.id == dossier_id))
        audit.record(
            session, actor, "payment_dossier.delete", SUBJECT, dossier_id, unit_id, contract_id=contract.id,
            round=standing.round, kind=standing.kind, amount=standing.amount, recovered=standing.recovered,
        )  # fmt: skip
        return one(session, actor, contract.id)
