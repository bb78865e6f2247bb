"""A work's contracts: the list with what is amiss first, signing, changing, amending, one contract with its entries."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import works
from app.domain.access import Actor, require
from app.domain.documents.attaching import documents_of
from app.domain.identity import people
from app.domain.ledger import views
from app.domain.ledger.views import EntryFilter
from app.domain.works import WorkView, acceptances, contracts, payment_dossiers
from app.domain.works.contracts import Amendment, ContractView, NewContract
from app.errors import Fault, Stale
from app.i18n import N_
from app.reports.contracts import acceptances_table, dossiers_table, guarantee_tag, packages_table, warnings
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
from app.views.templating import language, mark_illustrative, redirect_after_post, render, table_answer
from app.views.works.common import noted

router = APIRouter(include_in_schema=False)
CONTRACT_FIELDS: Final = (
    "code", "contractor", "package", "selection", "value", "signed_on", "starts_on", "ends_on", "advance_limit",
    "advance_permit", "guarantee", "guarantee_amount", "guarantee_until",
)  # fmt: skip


@router.get("/works/{work_id:uuid}/contracts")
def show_contracts(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """A work's contracts; page, Excel and CSV."""
    actor, lang = who.actor, language(request)
    work = works.head(actor, work_id)
    signed = contracts.contracts(actor, work_id=work_id)
    dossiers = payment_dossiers.of_work(actor, work_id)
    mark_illustrative(request, [work, *signed])
    amiss = [(c, w) for c in signed for w in warnings(c, dossiers.get(c.id, []), today(), lang)]
    return table_answer(
        request, packages_table(work, signed, today()), "works/contracts.html", title=N_("Hợp đồng"),
        place="works", work=work, contracts=signed, amiss=sorted(amiss, key=lambda found: found[1].kind != "late"),
        value=sum(c.value_with_amendments for c in signed), accepted=sum(c.accepted for c in signed),
        disbursed=sum(c.disbursed for c in signed), may_edit=actor.may("contract.edit"),
    )  # fmt: skip


@router.get("/works/{work_id:uuid}/contracts/new")
def new_contract(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """The form of a contract."""
    require(who.actor, "contract.edit")
    return _contract_form(request, works.head(who.actor, work_id), Form(id=new_id()))


@router.post("/works/{work_id:uuid}/contracts/new")
def make_contract(request: Request, who: Reader, form: Typed, work_id: uuid.UUID) -> Response:
    """Signs the contract within the work's approved total."""
    require(who.actor, "contract.edit")
    work = works.head(who.actor, work_id)
    id_, value, values = form.id("id"), form.amount("value"), _values(form)
    status = 422
    if form.ok and id_ and value:
        try:
            made, _ = contracts.create(who.actor, NewContract(id=id_, work_id=work_id, value=value, **values))
            return redirect_after_post(request, f"/contracts/{made.id}", flash=N_("Đã ghi hợp đồng"))
        except Fault as fault:
            status = take(form, fault, {"amount": "value"}, CONTRACT_FIELDS)
    return _contract_form(request, work, form, status=status)


def _values(form: Form) -> dict[str, Any]:
    """What the form says under the names of NewContract, but its value."""
    values: dict[str, Any] = {
        "code": form.text("code", longest=120),
        "contractor": form.text("contractor", longest=200),
        "signed_on": form.day("signed_on"),
        "advance_limit": _share(form),
        "guarantee_amount": form.amount("guarantee_amount", required=False),
    }
    for name, longest in (("package", 300), ("selection", 200), ("advance_permit", 300), ("guarantee", 200)):
        values[name] = form.text(name, required=False, longest=longest) or ""
    for name in ("starts_on", "ends_on", "guarantee_until"):
        values[name] = form.day(name, required=False)
    return values


def _share(form: Form) -> int | None:
    """The advance limit that was typed in percent, as ten-thousandths."""
    typed = form.get("advance_limit").strip().removesuffix("%").strip().replace(",", ".")
    if not typed:
        return None
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", typed) or Decimal(typed) > 100:
        form.fail("advance_limit", N_("Mức tạm ứng từ 0 đến 100 %, nhiều nhất hai chữ số lẻ"))
        return None
    return int(Decimal(typed).scaleb(2))


def _contract_form(
    request: Request,
    work: WorkView,
    form: Form,
    *,
    status: int = 200,
    contract: ContractView | None = None,
    current: ContractView | None = None,
) -> Response:
    mark_illustrative(request, [work, *([contract] if contract else [])])
    return render(
        request, "works/contract_form.html", status=status, place="works", work=work, form=form, c=contract,
        title=N_("Sửa hợp đồng") if contract else N_("Ghi hợp đồng"), current=current,
    )  # fmt: skip


@router.get("/contracts/{contract_id:uuid}/edit")
def edit_contract(request: Request, who: Reader, contract_id: uuid.UUID) -> Response:
    """The form of a contract as it stands; its value is changed by amendments."""
    require(who.actor, "contract.edit")
    contract = contracts.get(who.actor, contract_id)
    stored = {
        name: getattr(contract, name) for name in CONTRACT_FIELDS if name not in ("value", "advance_limit")
    }
    form = Form(**stored, version=contract.version)
    form.values["advance_limit"] = f"{Decimal(contract.advance_limit).scaleb(-2).normalize():f}"
    return _contract_form(request, works.head(who.actor, contract.work_id), form, contract=contract)


@router.post("/contracts/{contract_id:uuid}/edit")
def change_contract(request: Request, who: Reader, form: Typed, contract_id: uuid.UUID) -> Response:
    """Saves; when somebody changed the contract since, both versions are shown and nothing typed is lost."""
    require(who.actor, "contract.edit")
    contract = contracts.get(who.actor, contract_id)
    version, values = form.whole("version"), _values(form)
    if values["advance_limit"] is None and "advance_limit" not in form.errors:
        del values["advance_limit"]  # left empty: it stays
    status, current = 422, None
    if form.ok and version is not None:
        try:
            contracts.update(who.actor, contract_id, version, values)
            return redirect_after_post(request, f"/contracts/{contract_id}", flash=N_("Đã sửa hợp đồng"))
        except Stale as fault:
            current, status = noted(form, fault, lambda: contracts.get(who.actor, contract_id)), 409
        except Fault as fault:
            status = take(form, fault, {"amount": "advance_limit"}, CONTRACT_FIELDS)
    work = works.head(who.actor, contract.work_id)
    return _contract_form(request, work, form, status=status, contract=contract, current=current)


@router.get("/contracts/{contract_id:uuid}")
def show_contract(request: Request, who: Reader, contract_id: uuid.UUID) -> Response:
    """A contract: value with amendments, what was accepted, asked and disbursed, the room for advances, its entries."""
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
    work = works.head(actor, contract.work_id)
    mark_illustrative(request, [work, contract, *(x.entry for x in found)])
    number, _ = views.count(actor, wanted)
    table = entries_table(
        found,
        sources=source_names(request, actor),
        people=people.names_of(x.entry.recorded_by for x in found),
        filters=[(N_("Hợp đồng"), contract.code), (N_("Công trình"), contract.work_name)],
        name=f"hop-dong-{contract.work_code}",
    )
    rounds = acceptances.acceptances(actor, contract.id)
    dossiers = payment_dossiers.dossiers(actor, contract.id)
    return table_answer(
        request, table, "works/contract.html", status=status, title=contract.code, place="works", c=contract,
        form=form, number=number, pager=pager(request, number), stale=stale, work=work,
        rounds=acceptances_table(contract, rounds), dossiers=dossiers_table(dossiers),
        amiss=list(warnings(contract, dossiers, today(), language(request))),
        guarantee=guarantee_tag(contract, today()),
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
