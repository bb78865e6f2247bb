"""Acceptance of volume under a contract: recording a round, one round with its papers, changing and taking it back."""

from __future__ import annotations

import uuid
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import works
from app.domain.access import Actor, require
from app.domain.documents.attaching import documents_of
from app.domain.works import acceptances, contracts
from app.domain.works.acceptances import SUBJECT, AcceptanceView, NewAcceptance
from app.domain.works.contracts import ContractView
from app.errors import Fault, Stale
from app.i18n import N_, Message
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import new_id
from app.views.templating import mark_illustrative, redirect_after_post, render
from app.views.works.common import gone_back, noted, refused

router = APIRouter(include_in_schema=False)
FIELDS: Final = ("accepted_on", "value", "note")


def _values(form: Form) -> dict[str, Any]:
    """What the form says under the names of NewAcceptance."""
    return {
        "accepted_on": form.day("accepted_on"),
        "value": form.amount("value"),
        "note": form.text("note", required=False, longest=1000) or "",
    }


@router.get("/contracts/{contract_id:uuid}/acceptances/new")
def new(request: Request, who: Reader, contract_id: uuid.UUID) -> Response:
    """The form of a contract's next round."""
    require(who.actor, "contract.edit")
    return _form(request, who.actor, contracts.get(who.actor, contract_id), Form(id=new_id()))


@router.post("/contracts/{contract_id:uuid}/acceptances/new")
def make(request: Request, who: Reader, form: Typed, contract_id: uuid.UUID) -> Response:
    """Records the round and opens it: its minutes are attached there."""
    require(who.actor, "contract.edit")
    contract = contracts.get(who.actor, contract_id)
    id_, values = form.id("id"), _values(form)
    status = 422
    if form.ok and id_ is not None:
        try:
            made, _ = acceptances.create(who.actor, NewAcceptance(id_, contract_id, **values))
            said = N_("Đã ghi đợt nghiệm thu. Tiếp theo: đính kèm biên bản nghiệm thu.")
            return redirect_after_post(request, f"/acceptances/{made.id}", flash=said)
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _form(request, who.actor, contract, form, status=status)


def _form(
    request: Request,
    actor: Actor,
    contract: ContractView,
    form: Form,
    *,
    status: int = 200,
    acceptance: AcceptanceView | None = None,
    current: AcceptanceView | None = None,
) -> Response:
    work = works.head(actor, contract.work_id)
    mark_illustrative(request, [work, contract])
    own = acceptance.value if acceptance else 0
    return render(
        request, "works/acceptance_form.html", status=status, place="works", c=contract, form=form, a=acceptance,
        title=N_("Sửa đợt nghiệm thu") if acceptance else N_("Ghi nghiệm thu khối lượng"), current=current,
        room=contract.room + own,
    )  # fmt: skip


@router.get("/acceptances/{acceptance_id:uuid}")
def show(request: Request, who: Reader, acceptance_id: uuid.UUID) -> Response:
    """A round: its value, the dossiers that stand on it, its papers."""
    actor = who.actor
    contract, found = acceptances.get(actor, acceptance_id)
    work = works.head(actor, contract.work_id)
    mark_illustrative(request, [work, contract, found])
    return render(
        request, "works/acceptance.html", place="works", c=contract, a=found, work=work,
        title=Message(N_("Nghiệm thu đợt {n:number}"), {"n": found.round}),
        documents=documents_of(actor, SUBJECT, acceptance_id), may_attach=actor.may("document.edit"),
        may_edit=actor.may("contract.edit"),
    )  # fmt: skip


@router.get("/acceptances/{acceptance_id:uuid}/edit")
def edit(request: Request, who: Reader, acceptance_id: uuid.UUID) -> Response:
    """The form of a round as it stands."""
    require(who.actor, "contract.edit")
    contract, found = acceptances.get(who.actor, acceptance_id)
    form = Form(**{name: getattr(found, name) for name in FIELDS}, version=found.version)
    return _form(request, who.actor, contract, form, acceptance=found)


@router.post("/acceptances/{acceptance_id:uuid}/edit")
def change(request: Request, who: Reader, form: Typed, acceptance_id: uuid.UUID) -> Response:
    """Saves; only the last round, and only until a payment dossier stands on it."""
    require(who.actor, "contract.edit")
    contract, found = acceptances.get(who.actor, acceptance_id)
    version, values = form.whole("version"), _values(form)
    status, current = 422, None
    if form.ok and version is not None:
        try:
            acceptances.update(who.actor, acceptance_id, version, values)
            return redirect_after_post(request, f"/acceptances/{acceptance_id}", flash=N_("Đã ghi."))
        except Stale as fault:
            current, status = noted(form, fault, lambda: acceptances.get(who.actor, acceptance_id)[1]), 409
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _form(request, who.actor, contract, form, status=status, acceptance=found, current=current)


@router.post("/acceptances/{acceptance_id:uuid}/delete")
def delete(request: Request, who: Reader, acceptance_id: uuid.UUID) -> Response:
    """Takes the last round back."""
    require(who.actor, "contract.edit")

    def taken_back() -> str:
        return f"/contracts/{acceptances.delete(who.actor, acceptance_id).id}"

    said = N_("Đã xóa đợt nghiệm thu; văn bản của đợt vẫn còn trong sổ văn bản")
    return gone_back(request, taken_back, f"/acceptances/{acceptance_id}", said)
