"""The register of works: the list, one work, making and changing them."""

from __future__ import annotations

import uuid
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import territory, works
from app.domain.access import Actor, require
from app.domain.works import NewWork, WorkView, questions
from app.domain.works.stages import StageBarred
from app.errors import Fault, Stale
from app.i18n import N_
from app.reports.labels import PROCEDURES, STAGES
from app.reports.works import works_table
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import (
    named,
    new_id,
    pager,
    project_options,
    where,
    window,
)
from app.views.templating import language, mark_illustrative, redirect_after_post, render, table_answer
from app.views.works.common import noted, refused
from app.views.works.filters import choices, said_of, wanted_of
from app.views.works.place_fields import place_texts, place_values

router = APIRouter(include_in_schema=False)
WORK_FIELDS: Final = (
    "code", "name", "project_code", "owner_unit_code", "total_investment", "procedure", "stage", "location",
    "lat", "lon", "path", "scale", "responsible", "decision_number", "decision_date", "planned_start",
    "planned_finish", "started_on", "finished_on", "physical_percent", "hamlets", "override_reason",
)  # fmt: skip


@router.get("/works")
def show_works(request: Request, who: Reader) -> Response:
    """The register under filters, the late ones first by name; page, Excel and CSV."""
    actor, here = who.actor, where(request, who.actor)
    wanted = wanted_of(request, here)
    offset, limit = window(request)
    found = works.works(actor, wanted, by_code=True, offset=offset, limit=limit)
    mark_illustrative(request, found)
    together = works.total(actor, wanted)
    question = wanted.question
    table = works_table(
        found,
        together,
        show_unit=here.wide,
        filters=said_of(actor, wanted, here),
        name=f"cong-trinh-{here.unit.code}",
        lang=language(request),
        whole=request.query_params.get("format") in ("xlsx", "csv"),
        why=questions.reasons(actor, found, question, today(), language(request)) if question else None,
    )
    return table_answer(
        request, table, "works/list.html", title=N_("Công trình"), place="works", at=here,
        together=together, late=[w for w in found if w.late], pager=pager(request, together.count),
        may_edit=actor.may("work.edit"), question=question,
        answers=questions.answers(actor, here.unit.id, today()), **choices(request, actor, here),
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
    values = _work_values(form, new=True)
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
        except StageBarred as fault:
            form.fail("stage", fault.message, **fault.facts)
            status = fault.status
        except Fault as fault:
            status = refused(form, fault, WORK_FIELDS)
    return _work_form(request, who.actor, form, status=status)


def _owner(form: Form, actor: Actor) -> str | None:
    typed = form.get("owner_unit_code_find")
    if typed and not form.get("owner_unit_code"):
        found = territory.units(actor, q=typed, limit=2)
        if len(found) == 1:
            form.values["owner_unit_code"] = found[0].exact_code
    return form.text("owner_unit_code")


def _work_values(form: Form, *, new: bool) -> dict[str, Any]:
    """What the form says under the names of NewWork, but its id and owner. The stage of one that stands has a page."""
    values: dict[str, Any] = {
        "code": form.text("code", longest=40),
        "name": form.text("name", longest=300),
        "project_code": form.text("project_code"),
        "total_investment": form.amount("total_investment", required=False),
        "procedure": form.choice("procedure", PROCEDURES, required=False),
        "physical_percent": form.whole("physical_percent", most=100),
        "hamlets": tuple(sorted(n.removeprefix("hamlet_") for n in form.values if n.startswith("hamlet_"))),
    }
    if new:
        values["stage"] = form.choice("stage", STAGES)
        values["override_reason"] = form.text("override_reason", required=False, longest=1000) or ""
    for name, longest in (("location", 300), ("scale", 300), ("responsible", 120), ("decision_number", 120)):
        values[name] = form.text(name, required=False, longest=longest) or ""
    for name in ("decision_date", "planned_start", "planned_finish", "started_on", "finished_on"):
        values[name] = form.day(name, required=False)
    return values | place_values(form)


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
    form.values |= place_texts(work)
    form.values |= {f"hamlet_{code}": "1" for code, _ in works.hamlets(who.actor, work_id)}
    return _work_form(request, who.actor, form, work=work)


@router.post("/works/{work_id:uuid}/edit")
def change_work(request: Request, who: Reader, form: Typed, work_id: uuid.UUID) -> Response:
    """Saves; when somebody changed the work since, both versions are shown and nothing typed is lost."""
    actor = who.actor
    require(actor, "work.edit")
    work = works.get(actor, work_id)
    version, values = form.whole("version"), _work_values(form, new=False)
    current, status = None, 422
    if form.ok and version is not None:
        try:
            works.update(actor, work_id, version, values)
            return redirect_after_post(request, f"/works/{work_id}", flash=N_("Đã sửa công trình"))
        except Stale as fault:
            current, status = noted(form, fault, lambda: works.get(actor, work_id)), 409
        except Fault as fault:
            status = refused(form, fault, WORK_FIELDS)
    return _work_form(request, actor, form, status=status, work=work, current=current)
