"""Payment dossiers of a contract: preparing one, what it still lacks, sending it, and on to the book that pays it."""

from __future__ import annotations

import uuid
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import works
from app.domain.access import Actor, require
from app.domain.documents.attaching import documents_of
from app.domain.works import (
    acceptances,
    contracts,
    payment_dossier_editing,
    payment_dossier_moves,
    payment_dossiers,
)
from app.domain.works.contracts import ContractView
from app.domain.works.payment_dossier_editing import NewDossier
from app.domain.works.payment_dossiers import PAYMENT, SUBJECT, DossierView
from app.errors import Fault, RuleBroken, Stale
from app.i18n import N_, Message, format_date, translate
from app.money import format_dong
from app.reports.contracts import DOSSIER_KINDS, state_tag
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import id_of, named, new_id, take
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import gone_back, noted, refused

router = APIRouter(include_in_schema=False)
FIELDS: Final = ("kind", "amount", "recovered", "acceptance_id", "note")


def _values(form: Form, kind: str | None) -> dict[str, Any]:
    """What the form says under the names of NewDossier; only a payment recovers and stands on an acceptance."""
    pays = kind == PAYMENT
    return {
        "amount": form.amount("amount", required=not pays, positive=not pays) or 0,
        "recovered": (form.amount("recovered", required=False, positive=False) or 0) if pays else 0,
        "acceptance_id": form.id("acceptance_id") if pays else None,
        "note": form.text("note", required=False, longest=1000) or "",
    }


@router.get("/contracts/{contract_id:uuid}/payment-dossiers/new")
def new(request: Request, who: Reader, contract_id: uuid.UUID) -> Response:
    """The form of a contract's next dossier, filled in with the first round that no dossier stands on."""
    require(who.actor, "contract.edit")
    contract = contracts.get(who.actor, contract_id)
    rounds = acceptances.acceptances(who.actor, contract_id)
    asked = id_of(request.query_params.get("acceptance"))
    free = [a for a in rounds if a.id == asked] or [a for a in rounds if not a.dossiers]
    form = Form(id=new_id(), kind=PAYMENT if rounds else payment_dossiers.ADVANCE)
    if free:
        form.values |= Form(acceptance_id=free[0].id, amount=free[0].value).values
    return _form(request, who.actor, contract, form)


@router.post("/contracts/{contract_id:uuid}/payment-dossiers/new")
def make(request: Request, who: Reader, form: Typed, contract_id: uuid.UUID) -> Response:
    """Prepares the dossier and opens it: its papers are attached there."""
    require(who.actor, "contract.edit")
    contract = contracts.get(who.actor, contract_id)
    id_, kind = form.id("id"), form.choice("kind", payment_dossiers.KINDS)
    values = _values(form, kind)
    status = 422
    if form.ok and id_ is not None and kind is not None:
        try:
            made, _ = payment_dossier_editing.create(who.actor, NewDossier(id_, contract_id, kind, **values))
            return redirect_after_post(request, f"/payment-dossiers/{made.id}", flash=N_("Đã lập hồ sơ"))
        except Fault as fault:
            status = _refused(form, fault)
    return _form(request, who.actor, contract, form, status=status)


def _refused(form: Form, fault: Fault) -> int:
    """What a fault says beside its field; the answer's status."""
    back = isinstance(fault, RuleBroken) and fault.rule == "contract_advanced"
    status = take(form, fault, {"amount": "recovered"} if back else {}, FIELDS)
    return 422 if status == 404 else status


def _form(
    request: Request,
    actor: Actor,
    contract: ContractView,
    form: Form,
    *,
    status: int = 200,
    dossier: DossierView | None = None,
    current: DossierView | None = None,
) -> Response:
    work = works.head(actor, contract.work_id)
    mark_illustrative(request, [work, contract])
    lang = language(request)
    rounds = [
        (str(a.id), translate(lang, N_("Đợt {n}, {on:date}, {value:money}"), n=a.round, on=a.accepted_on, value=a.value))
        for a in acceptances.acceptances(actor, contract.id)
    ]  # fmt: skip
    own = dossier.asked if dossier is not None and dossier.kind == PAYMENT else 0
    return render(
        request, "works/payment_dossier_form.html", status=status, place="works", c=contract, form=form,
        d=dossier, current=current, kinds=named(request, DOSSIER_KINDS), rounds=rounds,
        title=N_("Sửa hồ sơ thanh toán") if dossier else N_("Lập hồ sơ thanh toán"),
        room=contract.accepted - contract.asked + own,
        advance_room=max(0, contract.advance_ceiling - contract.net_advances),
    )  # fmt: skip


@router.get("/payment-dossiers/{dossier_id:uuid}")
def show(request: Request, who: Reader, dossier_id: uuid.UUID) -> Response:
    """A dossier: what it lacks, what it asks, where it stands, its papers."""
    return _show(request, who.actor, dossier_id, Form())


def _show(
    request: Request, actor: Actor, dossier_id: uuid.UUID, form: Form, *, status: int = 200
) -> Response:
    contract, found = payment_dossiers.get(actor, dossier_id)
    work = works.head(actor, contract.work_id)
    mark_illustrative(request, [work, contract, found])
    lang = language(request)
    may_edit = actor.may("contract.edit")
    fitting = payment_dossiers.fitting(actor, dossier_id) if may_edit and found.payable else []
    options = [
        (
            str(v.entry_id),
            f"{v.document_number} · {format_date(v.on, lang)} · {format_dong(v.amount, lang)} đ",
        )
        for v in fitting
    ]
    if not form.refused and not form.get("submitted_on"):
        form.values["submitted_on"] = format_date(today())
    return render(
        request, "works/payment_dossier.html", status=status, place="works", c=contract, d=found, work=work,
        title=Message(N_("Hồ sơ thanh toán số {n:number}"), {"n": found.round}), state=state_tag(found), form=form,
        kind=DOSSIER_KINDS[found.kind], vouchers=options, record=_record(contract, found), lang=lang,
        missing=[_missing(contract, found, m.kind, m.said(lang)) for m in found.missing],
        documents=documents_of(actor, SUBJECT, dossier_id), may_attach=actor.may("document.edit"),
        may_edit=may_edit, may_record=actor.may("ledger.propose"),
        rounds=documents_of(actor, "acceptance", found.acceptance_id) if found.acceptance_id else [],
    )  # fmt: skip


def _record(contract: ContractView, dossier: DossierView) -> str:
    """The form of the ledger, filled in with what the dossier asks."""
    both = dossier.entry_kind == "recover_pay"
    asked: dict[str, object] = {
        "work": contract.work_id, "kind": dossier.entry_kind, "contract": contract.id,
        "amount": dossier.recovered if both else dossier.asked,
    }  # fmt: skip
    return f"/ledger/record?{urlencode(asked | ({'amount_pay': dossier.amount} if both else {}))}"


def _missing(contract: ContractView, dossier: DossierView, kind: str, name: str) -> dict[str, str]:
    """A document that is missing, with the form that adds it where it belongs."""
    place = payment_dossiers.NEEDED[dossier.kind][kind]
    ids = {"acceptance": dossier.acceptance_id, "contract": contract.id}
    subject = f"{place or SUBJECT}:{ids.get(place, dossier.id)}"
    asked = {"subject": subject, "kind": kind, "next": f"/payment-dossiers/{dossier.id}"}
    return {"name": name, "href": f"/documents/new?{urlencode(asked)}"}


@router.get("/payment-dossiers/{dossier_id:uuid}/edit")
def edit(request: Request, who: Reader, dossier_id: uuid.UUID) -> Response:
    """The form of a dossier as it stands."""
    require(who.actor, "contract.edit")
    contract, found = payment_dossiers.get(who.actor, dossier_id)
    form = Form(**{name: getattr(found, name) for name in FIELDS}, version=found.version)
    return _form(request, who.actor, contract, form, dossier=found)


@router.post("/payment-dossiers/{dossier_id:uuid}/edit")
def change(request: Request, who: Reader, form: Typed, dossier_id: uuid.UUID) -> Response:
    """Saves what a dossier asks, as long as it is not sent."""
    require(who.actor, "contract.edit")
    contract, found = payment_dossiers.get(who.actor, dossier_id)
    version, values = form.whole("version"), _values(form, found.kind)
    status, current = 422, None
    if form.ok and version is not None:
        try:
            payment_dossier_editing.update(who.actor, dossier_id, version, values)
            return redirect_after_post(request, f"/payment-dossiers/{dossier_id}", flash=N_("Đã ghi."))
        except Stale as fault:
            current, status = noted(form, fault, lambda: payment_dossiers.get(who.actor, dossier_id)[1]), 409
        except Fault as fault:
            status = _refused(form, fault)
    return _form(request, who.actor, contract, form, status=status, dossier=found, current=current)


@router.post("/payment-dossiers/{dossier_id:uuid}/delete")
def delete(request: Request, who: Reader, dossier_id: uuid.UUID) -> Response:
    """Drops a dossier that is not sent."""
    require(who.actor, "contract.edit")

    def dropped() -> str:
        return f"/contracts/{payment_dossier_editing.delete(who.actor, dossier_id).id}"

    said = N_("Đã bỏ hồ sơ; văn bản của hồ sơ vẫn còn trong sổ văn bản")
    return gone_back(request, dropped, f"/payment-dossiers/{dossier_id}", said)


@router.post("/payment-dossiers/{dossier_id:uuid}/submit")
def submit(request: Request, who: Reader, form: Typed, dossier_id: uuid.UUID) -> Response:
    """Marks the dossier as sent."""
    require(who.actor, "contract.edit")
    on = form.day("submitted_on")
    if form.ok and on is not None:
        try:
            payment_dossier_moves.submit(who.actor, dossier_id, on)
            said = N_("Đã ghi ngày gửi hồ sơ")
            return redirect_after_post(request, f"/payment-dossiers/{dossier_id}", flash=said)
        except Fault as fault:
            return _show(request, who.actor, dossier_id, form, status=refused(form, fault, ("submitted_on",)))
    return _show(request, who.actor, dossier_id, form, status=422)


@router.post("/payment-dossiers/{dossier_id:uuid}/return")
def send_back(request: Request, who: Reader, form: Typed, dossier_id: uuid.UUID) -> Response:
    """Marks the dossier as returned, with the reason that was given."""
    require(who.actor, "contract.edit")
    reason = form.text("reason", longest=1000)
    if form.ok and reason is not None:
        try:
            payment_dossier_moves.send_back(who.actor, dossier_id, reason)
            said = N_("Đã ghi hồ sơ bị trả lại")
            return redirect_after_post(request, f"/payment-dossiers/{dossier_id}", flash=said)
        except Fault as fault:
            return _show(request, who.actor, dossier_id, form, status=refused(form, fault, ("reason",)))
    return _show(request, who.actor, dossier_id, form, status=422)


@router.post("/payment-dossiers/{dossier_id:uuid}/paid")
def paid(request: Request, who: Reader, form: Typed, dossier_id: uuid.UUID) -> Response:
    """Ties the dossier to the voucher that paid it."""
    require(who.actor, "contract.edit")
    entry_id = form.id("entry_id")
    if form.ok and entry_id is not None:
        try:
            payment_dossier_moves.pay(who.actor, dossier_id, entry_id)
            said = N_("Đã gắn chứng từ chi trả với hồ sơ")
            return redirect_after_post(request, f"/payment-dossiers/{dossier_id}", flash=said)
        except Fault as fault:
            return _show(request, who.actor, dossier_id, form, status=refused(form, fault, ("entry_id",)))
    return _show(request, who.actor, dossier_id, form, status=422)
