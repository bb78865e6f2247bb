"""A payment dossier on its way: sent when nothing is missing, returned with a reason, paid by an entry of the book."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.works.acceptances import round_of
from app.domain.works.contract_views import ContractView
from app.domain.works.payment_dossier_editing import at_hand, refuse_state, store
from app.domain.works.payment_dossiers import (
    PAID,
    RETURNED,
    SUBJECT,
    SUBMITTED,
    DossierView,
    dossier_of,
    of_contracts,
    vouchers,
)
from app.errors import Conflict, Invalid, NotFound, RuleBroken
from app.i18n import N_


def submit(
    actor: Actor,
    dossier_id: uuid.UUID,
    submitted_on: date | None = None,
    *,
    contract_id: uuid.UUID | None = None,
    work_id: uuid.UUID | None = None,
) -> DossierView:
    """Mark a dossier as sent on a day (by default today); one that is sent already stays as it is.

    RuleBroken `dossier_missing` names the documents that it lacks.
    """
    require(actor, "contract.edit")
    on = submitted_on or today()
    with db.transaction(write=True) as session:
        contract, standing, unit_id = at_hand(session, actor, dossier_id, contract_id, work_id)
        if standing.state == SUBMITTED and submitted_on in (None, standing.submitted_on):
            return standing
        refuse_state(standing, standing.open)
        _check_day(session, contract, standing, on)
        if standing.missing:
            raise _lacks(standing)
        store(session, dossier_id, standing.version, state=SUBMITTED, submitted_on=on)
        audit.record(
            session, actor, "payment_dossier.submit", SUBJECT, dossier_id, unit_id, contract_id=contract.id,
            submitted_on=on,
        )  # fmt: skip
        return dossier_of(session, contract.id, dossier_id)


def _check_day(session: Session, contract: ContractView, dossier: DossierView, on: date) -> None:
    if on > today():
        message = N_("Ngày gửi không được sau hôm nay {today:date}.")
        raise Invalid.field("submitted_on", message, today=today())
    first = contract.signed_on
    if dossier.acceptance_id is not None:
        first = round_of(session, contract.id, dossier.acceptance_id).accepted_on
    if on < first:
        message = N_("Hồ sơ không gửi trước ngày {first:date} của hợp đồng hoặc đợt nghiệm thu.")
        raise Invalid.field("submitted_on", message, first=first)


def _lacks(dossier: DossierView) -> RuleBroken:
    fault = RuleBroken(
        "dossier_missing",
        N_("Chưa gửi được hồ sơ, còn thiếu: {names}."),
        names="; ".join(m.name for m in dossier.missing),
    )
    fault.listed = {"missing": [{"kind": m.kind, "name": m.name} for m in dossier.missing]}
    return fault


def send_back(
    actor: Actor,
    dossier_id: uuid.UUID,
    reason: str,
    *,
    contract_id: uuid.UUID | None = None,
    work_id: uuid.UUID | None = None,
) -> DossierView:
    """Mark a sent dossier as returned, with the reason that was given; it can be mended and sent again.

    One whose entry was reversed comes back, too, and is rid of that entry.
    """
    require(actor, "contract.edit")
    reason = reason.strip()
    if not reason:
        raise Invalid.field("reason", N_("Ghi lý do hồ sơ bị trả lại."))
    with db.transaction(write=True) as session:
        contract, standing, unit_id = at_hand(session, actor, dossier_id, contract_id, work_id)
        if standing.state == RETURNED and standing.returned_reason == reason:
            return standing
        refuse_state(standing, standing.payable)
        store(session, dossier_id, standing.version, state=RETURNED, returned_reason=reason, entry_id=None)
        audit.record(
            session, actor, "payment_dossier.return", SUBJECT, dossier_id, unit_id, contract_id=contract.id
        )
        return dossier_of(session, contract.id, dossier_id)


def pay(
    actor: Actor,
    dossier_id: uuid.UUID,
    entry_id: uuid.UUID,
    *,
    contract_id: uuid.UUID | None = None,
    work_id: uuid.UUID | None = None,
) -> DossierView:
    """Tie a sent dossier to the posted entry that paid it; what was recorded with it under one number counts, too.

    RuleBroken `dossier_entry` when the entry moves another amount or kind than asked, `entry_reversed` for one that
    does not stand; Conflict when it pays another dossier. One whose entry was reversed can be paid again.
    """
    require(actor, "contract.edit")
    with db.transaction(write=True) as session:
        contract, standing, unit_id = at_hand(session, actor, dossier_id, contract_id, work_id)
        if standing.state == PAID and standing.entry_id == entry_id:
            return standing
        refuse_state(standing, standing.payable)
        entry_id = _paying(session, contract, standing, entry_id)
        store(session, dossier_id, standing.version, state=PAID, entry_id=entry_id)
        audit.record(
            session, actor, "payment_dossier.paid", SUBJECT, dossier_id, unit_id, contract_id=contract.id,
            entry_id=entry_id,
        )  # fmt: skip
        return dossier_of(session, contract.id, dossier_id)


def _paying(session: Session, contract: ContractView, dossier: DossierView, entry_id: uuid.UUID) -> uuid.UUID:
    """The entry that pays a dossier, looked at with what was recorded together with it."""
    voucher = next((v for v in vouchers(session, contract.id) if entry_id in v.ids), None)
    if voucher is None:
        message = N_("Hợp đồng này không có bút toán đã ghi sổ đó.")
        raise NotFound(message, field="entry_id")
    if voucher.reversed:
        message = N_("Chứng từ {number} đã bị đảo, không chi trả cho ai.")
        raise RuleBroken("entry_reversed", message, number=voucher.document_number)
    if not voucher.pays(dossier):
        raise RuleBroken(
            "dossier_entry",
            N_("Hồ sơ đề nghị {asked:money} nhưng chứng từ ghi {held:money}, hoặc khác loại."),
            asked=dossier.asked, held=voucher.amount,
        )  # fmt: skip
    others = of_contracts(session, [contract.id])[contract.id]
    twin = next((d for d in others if d.id != dossier.id and d.entry_id in voucher.ids), None)
    if twin is not None:
        raise Conflict(N_("Chứng từ này đã chi trả hồ sơ số {number}."), number=twin.round)
    return entry_id
