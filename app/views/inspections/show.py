"""One inspection: earlier demands, what comes next, what was found and concluded; its documents."""

from __future__ import annotations

import uuid

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import inspections
from app.domain.access import Actor, require
from app.domain.documents import may_attach
from app.domain.documents.attaching import documents_of
from app.domain.inspections import RESULTS, InspectionView
from app.errors import Fault
from app.i18n import N_
from app.reports.inspections import (
    ROLES,
    about_href,
    about_name,
    demand_items,
    href,
    lacks,
    result_tag,
    state_tag,
)
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.inspections.common import crumbs, tabs
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import refused

router = APIRouter(include_in_schema=False)


@router.get("/inspections/{inspection_id:uuid}")
def show_inspection(request: Request, who: Reader, inspection_id: uuid.UUID) -> Response:
    """The inspection whole, the earlier demands first."""
    return _page(request, who.actor, inspection_id)


def _page(
    request: Request,
    actor: Actor,
    inspection_id: uuid.UUID,
    *,
    held: Form | None = None,
    cancelled: Form | None = None,
    status: int = 200,
) -> Response:
    lang, found = language(request), inspections.whole(actor, inspection_id, evidence=False)
    _, day, earlier = inspections.earlier_of(actor, inspection_id)
    given = inspections.given(actor, inspection_id)
    reports = inspections.reports(actor, inspection_id)
    mark_illustrative(request, [found, *found.findings, *earlier, *given])
    return render(
        request, "inspections/show.html", status=status, title=found.title, place="inspections", i=found,
        this=href(found), crumbs=crumbs(found, request)[:1], tabs=tabs(found, request), tag=state_tag(found),
        earlier=demand_items(earlier), day=day, demands=demand_items(given), reports=reports,
        lacks=lacks(found, lang) if found.inspecting else [], may=_may(actor, found), roles=ROLES,
        checks=[(result_tag(result), found.checks(result)) for result in (*RESULTS, None)],
        about=[(f, about_name(f.about, lang), about_href(f, found)) for f in found.findings],
        held=held or Form(on=min(found.planned_on or today(), today())), cancelled=cancelled or Form(),
    )  # fmt: skip


def _may(actor: Actor, found: InspectionView) -> dict[str, bool]:
    """What the reader is offered: by right, by side and by where the inspection stands."""
    edits = found.inspecting and actor.may("inspection.edit")
    return {
        "edit": edits and found.state != "cancelled",
        "hold": edits and found.state == "planned",
        "cancel": edits and found.state in ("planned", "held"),
        "find": edits and found.state in ("held", "concluded"),
        "conclude": edits and found.state == "held",
        "demand": found.inspecting and actor.may("directive.give") and found.state in ("held", "concluded"),
        "report": not found.inspecting and actor.may("inspection.answer") and found.state != "cancelled",
    }


@router.post("/inspections/{inspection_id:uuid}/hold")
def hold(request: Request, who: Reader, form: Typed, inspection_id: uuid.UUID) -> Response:
    """Puts the visit on record."""
    actor = who.actor
    require(actor, "inspection.edit")
    on, status = form.day("on"), 422
    if on is not None:
        try:
            found = inspections.hold(actor, inspection_id, on)
            return redirect_after_post(request, href(found), flash=N_("Đã ghi ngày kiểm tra"))
        except Fault as fault:
            inspections.get(actor, inspection_id)  # one that is not there has no page
            status = refused(form, fault, ("on",))
    return _page(request, actor, inspection_id, held=form, status=status)


@router.post("/inspections/{inspection_id:uuid}/cancel")
def cancel(request: Request, who: Reader, form: Typed, inspection_id: uuid.UUID) -> Response:
    """Calls it off."""
    actor = who.actor
    require(actor, "inspection.edit")
    reason, status = form.text("reason", longest=1000), 422
    if reason is not None:
        try:
            found = inspections.cancel(actor, inspection_id, reason)
            return redirect_after_post(request, href(found), flash=N_("Đã hủy cuộc kiểm tra"))
        except Fault as fault:
            inspections.get(actor, inspection_id)
            status = refused(form, fault, ("reason",))
    return _page(request, actor, inspection_id, cancelled=form, status=status)


@router.get("/inspections/{inspection_id:uuid}/documents")
def show_documents(request: Request, who: Reader, inspection_id: uuid.UUID) -> Response:
    """The documents of an inspection: decision, minutes, notice of the conclusion."""
    found = inspections.get(who.actor, inspection_id)
    mark_illustrative(request, [found])
    return render(
        request, "inspections/documents.html", title=found.title, place="inspections", i=found, this=href(found),
        crumbs=crumbs(found, request)[:1], tabs=tabs(found, request),
        documents=documents_of(who.actor, "inspection", found.id),
        may_attach=found.inspecting and may_attach(who.actor, "inspection"),
    )  # fmt: skip
