"""A work's contracts: signing, amending, one contract with its entries."""

from __future__ import annotations

import uuid
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import works
from app.domain.access import Actor, require
from app.domain.documents.attaching import documents_of
from app.domain.identity import people
from app.domain.ledger import views
from app.domain.ledger.views import EntryFilter
from app.domain.works import WorkView, contracts
from app.domain.works.contracts import Amendment, ContractView, NewContract
from app.errors import Fault, Stale
from app.i18n import N_
from app.reports.entries import entries_table
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import (
    new_id,
    pager,
    source_names,
    take,
    window,
)
from app.views.templating import mark_illustrative, redirect_after_post, render, table_answer
from app.views.works.common import noted

router = APIRouter(include_in_schema=False)
CONTRACT_FIELDS: Final = ("code", "contractor", "value", "signed_on", "advance_limit", "advance_permit")


@router.get("/works/{work_id:uuid}/contracts/new")
def new_contract(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """The form of a contract."""
    require(who.actor, "contract.edit")
    return _contract_form(request, works.get(who.actor, work_id), Form(id=new_id()))


@router.post("/works/{work_id:uuid}/contracts/new")
def make_contract(request: Request, who: Reader, form: Typed, work_id: uuid.UUID) -> Response:
    """Signs the contract within the work's approved total."""
    require(who.actor, "contract.edit")
    work = works.get(who.actor, work_id)
    id_, code, contractor = (
        form.id("id"),
        form.text("code", longest=120),
        form.text("contractor", longest=200),
    )
    value, signed_on = form.amount("value"), form.day("signed_on")
    limit = form.whole("advance_limit", required=False, most=100)
    permit = form.text("advance_permit", required=False, longest=300) or ""
    status = 422
    if form.ok and id_ and code and contractor and value and signed_on:
        share = None if limit is None else limit * 100
        new = NewContract(id_, work_id, code, contractor, value, signed_on, share, permit)
        try:
            made, _ = contracts.create(who.actor, new)
            return redirect_after_post(request, f"/contracts/{made.id}", flash=N_("Đã ghi hợp đồng"))
        except Fault as fault:
            status = take(form, fault, {"amount": "value"}, CONTRACT_FIELDS)
    return _contract_form(request, work, form, status=status)


def _contract_form(request: Request, work: WorkView, form: Form, *, status: int = 200) -> Response:
    return render(
        request, "works/contract_form.html", status=status, title=N_("Ghi hợp đồng"), place="works", work=work,
        form=form,
    )  # fmt: skip


@router.get("/contracts/{contract_id:uuid}")
def show_contract(request: Request, who: Reader, contract_id: uuid.UUID) -> Response:
    """A contract: value with amendments, what was disbursed, the room for advances, its entries."""
    contract = contracts.get(who.actor, contract_id)
    return _contract(request, who.actor, contract, Form(version=contract.version))


def _contract(
    request: Request,
    actor: Actor,
    contract: ContractView,
    form: Form,
    *,
    status: int = 200,
    stale: bool = False,
) -> Response:
    wanted = EntryFilter(contract_id=contract.id)
    offset, limit = window(request)
    found = views.entries(actor, wanted, newest_first=True, offset=offset, limit=limit)
    mark_illustrative(request, [works.get(actor, contract.work_id), *(x.entry for x in found)])
    number, _ = views.count(actor, wanted)
    table = entries_table(
        found,
        sources=source_names(request, actor),
        people=people.names_of(x.entry.recorded_by for x in found),
        filters=[(N_("Hợp đồng"), contract.code), (N_("Công trình"), contract.work_name)],
        name=f"hop-dong-{contract.work_code}",
    )
    return table_answer(
        request, table, "works/contract.html", status=status, title=contract.code, place="works", c=contract,
        form=form, number=number, pager=pager(request, number), stale=stale,
        documents=documents_of(actor, "contract", contract.id), may_attach=actor.may("document.edit"),
        may_edit=actor.may("contract.edit"), room=max(0, contract.advance_ceiling - contract.net_advances),
    )  # fmt: skip


@router.post("/contracts/{contract_id:uuid}/amend")
def amend(request: Request, who: Reader, form: Typed, contract_id: uuid.UUID) -> Response:
    """Adds an amendment; those signed before stay as they are."""
    actor = who.actor
    require(actor, "contract.edit")
    contract = contracts.get(actor, contract_id)
    version, signed_on = form.whole("version"), form.day("signed_on")
    direction, value = form.choice("direction", ("up", "down")), form.amount("value")
    status, stale = 422, False
    if form.ok and version is not None and signed_on and value:
        added = Amendment(value if direction == "up" else -value, signed_on)
        try:
            contracts.update(actor, contract_id, version, {"amendments": (*contract.amendments, added)})
            return redirect_after_post(request, f"/contracts/{contract_id}", flash=N_("Đã ghi phụ lục"))
        except Stale as fault:
            contract, status, stale = (
                noted(form, fault, lambda: contracts.get(actor, contract_id)),
                409,
                True,
            )
        except Fault as fault:
            number = len(contract.amendments)
            names = {f"amendments.{number}.{name}": name for name in ("value", "signed_on")}
            status = take(form, fault, names | {"amount": "value"}, ("value", "signed_on"))
    return _contract(request, actor, contract, form, status=status, stale=stale)
