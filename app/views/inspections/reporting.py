"""The inspected unit's own report: its figures as of a day with its words, looked at, then sent for good."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import inspections
from app.domain.access import Actor, require
from app.domain.inspections import WORDS, InspectionView, NewReport
from app.errors import Fault, IdTaken
from app.i18n import N_
from app.money import MILLION
from app.reports.inspections import WORDS as WORD_NAMES
from app.reports.inspections import href, late_items, money_table, stated
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.inspections.common import crumbs, tabs
from app.views.ledger.common import new_id
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import refused

router = APIRouter(include_in_schema=False)
LONGEST: Final = 8000


@router.get("/inspections/{inspection_id:uuid}/reports")
def show_reports(request: Request, who: Reader, inspection_id: uuid.UUID) -> Response:
    """Every report that was sent, each as it was then."""
    found = inspections.get(who.actor, inspection_id)
    mark_illustrative(request, [found])
    return render(
        request, "inspections/reports.html", title=found.title, place="inspections", i=found, this=href(found),
        crumbs=crumbs(found, request)[:1], tabs=tabs(found, request),
        reports=inspections.reports(who.actor, inspection_id),
        may_report=not found.inspecting and found.state != "cancelled" and who.actor.may("inspection.answer"),
    )  # fmt: skip


@router.get("/inspections/{inspection_id:uuid}/reports/new")
def new_report(request: Request, who: Reader, inspection_id: uuid.UUID) -> Response:
    """The form; beside it the figures as of the day that the address asks for."""
    require(who.actor, "inspection.answer")
    found = inspections.get(who.actor, inspection_id)
    return _page(request, who.actor, Form(id=new_id(), as_of=min(found.day or today(), today())), found)


@router.post("/inspections/{inspection_id:uuid}/reports/new")
def send_report(request: Request, who: Reader, form: Typed, inspection_id: uuid.UUID) -> Response:
    """Shows the figures anew, or sends them frozen with the unit's words."""
    actor = who.actor
    require(actor, "inspection.answer")
    found = inspections.get(actor, inspection_id)
    id_, day = form.id("id"), form.day("as_of")
    words = {name: form.text(name, required=False, longest=LONGEST) or "" for name in WORDS}
    status = 200 if form.flag("look") and form.ok else 422
    if form.ok and id_ is not None and day is not None and not form.flag("look"):
        try:
            sent, _ = inspections.send(actor, inspection_id, NewReport(id_, day, **words))
            onto = f"{href(found)}/reports/{sent.id}"
            return redirect_after_post(
                request, onto, flash=N_("Đã gửi báo cáo. Số liệu được giữ như lúc gửi.")
            )
        except IdTaken as fault:  # sent before with other words: this one is another version
            form.values["id"] = new_id()
            form.take(fault)
            status = fault.status
        except Fault as fault:
            status = refused(form, fault, ("as_of", *WORDS))
    return _page(request, actor, form, found, status=status)


def _page(
    request: Request, actor: Actor, form: Form, found: InspectionView, *, status: int = 200
) -> Response:
    day = form.day("as_of") if form.get("as_of") else None
    try:
        content = inspections.preview(actor, found.id, day)
    except Fault as fault:
        status = refused(form, fault, ("as_of",))
        content = inspections.preview(actor, found.id)
    return render(
        request, "inspections/report_form.html", status=status, title=N_("Báo cáo của đơn vị"), place="inspections",
        form=form, i=found, this=href(found), crumbs=crumbs(found, request), words=WORD_NAMES,
        **_figures(request, content),
    )  # fmt: skip


def _figures(request: Request, content: Mapping[str, Any]) -> dict[str, Any]:
    """What `inspections/figures.html` shows."""
    request.state.demo = getattr(request.state, "demo", False) or content["illustrative"]
    return {
        "content": content, "table": money_table(content, "von"), "stated": stated(content),
        "late": late_items(content, language(request)), "unit": MILLION.code,
    }  # fmt: skip


@router.get("/inspections/{inspection_id:uuid}/reports/{report_id:uuid}")
def show_report(request: Request, who: Reader, inspection_id: uuid.UUID, report_id: uuid.UUID) -> Response:
    """One report exactly as it was sent, however the books moved since."""
    found, sent = (
        inspections.get(who.actor, inspection_id),
        inspections.report(who.actor, inspection_id, report_id),
    )
    mark_illustrative(request, [found])
    return render(
        request, "inspections/report.html", title=N_("Báo cáo của đơn vị"), place="inspections", i=found,
        this=href(found), crumbs=crumbs(found, request), report=sent, words=WORD_NAMES,
        **_figures(request, sent.content),
    )  # fmt: skip
