"""Works and their contracts: the list, one work with its money and contracts, making and changing them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final, TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import contracts, territory, works
from app.domain.access import Actor, require
from app.domain.contracts import Amendment, ContractView, NewContract
from app.domain.identity import people
from app.domain.ledger import lines as book
from app.domain.ledger import views
from app.domain.ledger.lines import LineFilter
from app.domain.ledger.views import EntryFilter
from app.domain.works import NewWork, WorkFilter, WorkView
from app.errors import Fault, Stale
from app.i18n import N_, Message
from app.reports.entries import entries_table
from app.reports.labels import PROCEDURES, STAGES
from app.reports.works import contracts_table, money_table, stage_tag, work_bar, works_table
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import (
    named,
    new_id,
    pager,
    project_options,
    query_form,
    source_names,
    take,
    where,
    window,
)
from app.views.templating import mark_illustrative, redirect_after_post, render, table_answer

router = APIRouter(include_in_schema=False)
Row = TypeVar("Row", WorkView, ContractView)
WORK_FIELDS: Final = (
    "code", "name", "project_code", "owner_unit_code", "total_investment", "procedure", "stage", "location",
    "lat", "lon", "scale", "responsible", "decision_number", "decision_date", "planned_start",
    "planned_finish", "started_on", "finished_on", "physical_percent", "hamlets",
)  # fmt: skip
CONTRACT_FIELDS: Final = ("code", "contractor", "value", "signed_on", "advance_limit", "advance_permit")


@router.get("/works")
def show_works(request: Request, who: Reader) -> Response:
    """The register under filters, the late ones first by name; page, Excel and CSV."""
    actor, here = who.actor, where(request, who.actor)
    asked = {k: v.strip() for k, v in request.query_params.items() if v.strip()}
    wanted = WorkFilter(
        unit=here.unit.exact_code,
        stage=asked["stage"] if asked.get("stage") in STAGES else None,
        project_code=asked.get("project"),
        year=here.year if "year" in asked else None,
        q=asked.get("q"),
    )
    offset, limit = window(request)
    found = works.works(actor, wanted, by_code=True, offset=offset, limit=limit)
    mark_illustrative(request, found)
    together = works.total(actor, wanted)
    table = works_table(
        found,
        together,
        show_unit=here.wide,
        filters=[
            (N_("Đơn vị"), here.unit.name),
            *([(N_("Năm có vốn"), str(wanted.year))] if wanted.year else []),
            *([(N_("Giai đoạn"), STAGES[wanted.stage])] if wanted.stage else []),
            *([(N_("Dự án"), wanted.project_code)] if wanted.project_code else []),
            *([(N_("Tìm"), wanted.q)] if wanted.q else []),
        ],
        name=f"cong-trinh-{here.unit.code}",
    )
    return table_answer(
        request, table, "works/list.html", title=N_("Công trình"), place="works", at=here,
        form=query_form(request), together=together, late=[w for w in found if w.late],
        pager=pager(request, together.count), projects=project_options(actor, leaves=False),
        stages=named(request, STAGES), may_edit=actor.may("work.edit"),
        year_options=[(str(y), str(y)) for y in here.years],
        unit_options=[(u.exact_code, u.name) for u in here.units],
        filtered=bool(asked.keys() - {"money", "page", "unit"}),
    )  # fmt: skip


@router.get("/works/{work_id:uuid}")
def show_work(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """A work: facts, money by year and source, contracts."""
    actor = who.actor
    work = works.get(actor, work_id)
    mark_illustrative(request, [work])
    lines = book.lines(actor, LineFilter(work_id=work_id), by_project=True, limit=500)
    signed = contracts.contracts(actor, work_id=work_id)
    table = money_table(work, lines, source_names(request, actor))
    return table_answer(
        request, table, "works/show.html", title=work.name, place="works", work=work, bar=work_bar(work),
        lines=lines, contracts=signed, contracts_table=contracts_table(work, signed), stage=stage_tag(work),
        hamlets=[name for _, name in works.hamlets(actor, work_id)], may=actor.may,
    )  # fmt: skip


@router.get("/works/new")
def new_work(request: Request, who: Reader) -> Response:
    """The form of a new work."""
    require(who.actor, "work.edit")
    owner = territory.own_unit(who.actor)
    form = Form(id=new_id(), owner_unit_code=owner.exact_code, stage="preparation", physical_percent="0")
    return _work_form(request, who.actor, form)


@router.post("/works/new")
def make_work(request: Request, who: Reader, form: Typed) -> Response:
    """Registers the work and opens it."""
    require(who.actor, "work.edit")
    values = _work_values(form)
    owner = _owner(form, who.actor)
    id_ = form.id("id")
    status = 422
    if form.ok and id_ is not None and owner is not None:
        try:
            made, _ = works.create(who.actor, NewWork(id_, owner_unit_code=owner, **values))
            return redirect_after_post(
                request,
                f"/works/{made.id}",
                flash=N_("Đã ghi công trình. Tiếp theo: lập dòng vốn và hợp đồng."),
            )
        except Fault as fault:
            status = _refused(form, fault, WORK_FIELDS)
    return _work_form(request, who.actor, form, status=status)


def _refused(form: Form, fault: Fault, known: tuple[str, ...]) -> int:
    status = take(form, fault, {}, known)
    return 422 if status == 404 else status


def _owner(form: Form, actor: Actor) -> str | None:
    typed = form.get("owner_unit_code_find")
    if typed and not form.get("owner_unit_code"):
        found = territory.units(actor, q=typed, limit=2)
        if len(found) == 1:
            form.values["owner_unit_code"] = found[0].exact_code
    return form.text("owner_unit_code")


def _work_values(form: Form) -> dict[str, Any]:
    """What the form says under the names of NewWork, but its id and owner."""
    values: dict[str, Any] = {
        "code": form.text("code", longest=40),
        "name": form.text("name", longest=300),
        "project_code": form.text("project_code"),
        "total_investment": form.amount("total_investment", required=False),
        "procedure": form.choice("procedure", PROCEDURES, required=False),
        "stage": form.choice("stage", STAGES),
        "physical_percent": form.whole("physical_percent", most=100),
        "hamlets": tuple(sorted(n.removeprefix("hamlet_") for n in form.values if n.startswith("hamlet_"))),
    }
    for name, longest in (("location", 300), ("scale", 300), ("responsible", 120), ("decision_number", 120)):
        values[name] = form.text(name, required=False, longest=longest) or ""
    for name in ("decision_date", "planned_start", "planned_finish", "started_on", "finished_on"):
        values[name] = form.day(name, required=False)
    return values


def _work_form(
    request: Request,
    actor: Actor,
    form: Form,
    *,
    status: int = 200,
    work: WorkView | None = None,
    current: WorkView | None = None,
) -> Response:
    own = territory.own_unit(actor)
    owner, found = None, []
    code = f"{work.owner_unit_code}@{work.owner_structure}" if work else form.get("owner_unit_code")
    if code:
        try:
            owner = territory.find(actor, code)
        except Fault:
            form.values["owner_unit_code"] = ""
    if form.get("owner_unit_code_find"):
        found = territory.units(actor, q=form.get("owner_unit_code_find"), limit=12)
    hamlets = territory.children(actor, owner) if owner is not None and owner.level == "commune" else []
    return render(
        request, "works/form.html", status=status, place="works", form=form, work=work, current=current,
        title=N_("Sửa công trình") if work else N_("Ghi công trình mới"), owner=owner,
        own_only=own.level in ("commune", "hamlet"), stages=named(request, STAGES),
        found=[(u.exact_code, u.name, u.parent_name or "") for u in found],
        projects=project_options(actor, leaves=True), procedures=named(request, PROCEDURES),
        hamlets=[(h.code, h.name) for h in hamlets],
    )  # fmt: skip


@router.get("/works/{work_id:uuid}/edit")
def edit_work(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """The form of a work as it stands."""
    require(who.actor, "work.edit")
    work = works.get(who.actor, work_id)
    form = Form(**{name: getattr(work, name) for name in WORK_FIELDS if hasattr(work, name)})
    form.values |= {"version": str(work.version), "physical_percent": str(work.physical_percent)}
    form.values |= {f"hamlet_{code}": "1" for code, _ in works.hamlets(who.actor, work_id)}
    return _work_form(request, who.actor, form, work=work)


@router.post("/works/{work_id:uuid}/edit")
def change_work(request: Request, who: Reader, form: Typed, work_id: uuid.UUID) -> Response:
    """Saves; when somebody changed the work since, both versions are shown and nothing typed is lost."""
    actor = who.actor
    require(actor, "work.edit")
    work = works.get(actor, work_id)
    version, values = form.whole("version"), _work_values(form)
    current, status = None, 422
    if form.ok and version is not None:
        try:
            works.update(actor, work_id, version, values)
            return redirect_after_post(request, f"/works/{work_id}", flash=N_("Đã sửa công trình"))
        except Stale as fault:
            current, status = _noted(form, fault, lambda: works.get(actor, work_id)), 409
        except Fault as fault:
            status = _refused(form, fault, WORK_FIELDS)
    return _work_form(request, actor, form, status=status, work=work, current=current)


def _noted(form: Form, fault: Stale, look: Callable[[], Row]) -> Row:
    """The row as it stands now; what was typed stays, and sent again replaces it knowingly."""
    current = look()
    form.general.append(Message(fault.message))
    form.values["version"] = str(current.version)
    return current


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
                _noted(form, fault, lambda: contracts.get(actor, contract_id)),
                409,
                True,
            )
        except Fault as fault:
            number = len(contract.amendments)
            names = {f"amendments.{number}.{name}": name for name in ("value", "signed_on")}
            status = take(form, fault, names | {"amount": "value"}, ("value", "signed_on"))
    return _contract(request, actor, contract, form, status=status, stale=stale)
