"""Reporting progress from the field, on a phone: percent, photos, a note, the place; mending a report."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import works
from app.domain.access import Actor, require
from app.domain.documents.uploads import UploadView
from app.domain.works import WorkView, progress, progress_editing
from app.domain.works.places import say_degree
from app.domain.works.progress import ReportView
from app.domain.works.progress_editing import NewReport
from app.errors import Conflict, Fault, NotFound, Stale
from app.i18n import N_
from app.views.access import Reader, Typed
from app.views.documents.common import Sent, SentFiles, receive
from app.views.forms import Form
from app.views.ledger.common import id_of, new_id, take
from app.views.templating import mark_illustrative, redirect_after_post, render
from app.views.works.common import noted
from app.views.works.place_fields import degree

router = APIRouter(include_in_schema=False)
FIELDS: Final = ("physical_percent", "note", "reported_on", "accepted_value", "lat", "lon", "files")


@router.get("/works/{work_id:uuid}/progress/new")
def new_report(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """The form, of today."""
    require(who.actor, "progress.report")
    work = works.head(who.actor, work_id)
    return _form_page(request, who.actor, work, Form(id=new_id(), reported_on=today(), files=""))


@router.post("/works/{work_id:uuid}/progress/new")
def make_report(request: Request, who: Reader, form: Typed, sent: SentFiles, work_id: uuid.UUID) -> Response:
    """Records the report with its photos; those that arrived well stay with a form that comes back."""
    actor = who.actor
    require(actor, "progress.report")
    work = works.head(actor, work_id)
    id_, values = form.id("id"), _values(form)
    # Of a report that stands, sent again because its answer was lost, the files were taken up already.
    again = id_ is not None and _stands(actor, work_id, id_)
    kept = receive(actor, Sent(sent.files) if again else sent, form, id_ or uuid.UUID(int=0))
    status, twin = 422, None
    if form.ok and id_ is not None:
        uploads = tuple(dict.fromkeys((*sent.uploads, *(u.id for u in kept))))
        new = NewReport(id_, work_id, uploads=uploads, **values)
        try:
            progress_editing.create(actor, new)
            return redirect_after_post(
                request, f"/works/{work_id}/progress", flash=N_("Đã ghi báo cáo tiến độ")
            )
        except Fault as fault:
            status, twin = _note(form, fault), _twin(fault)
    return _form_page(request, actor, work, form, status=status, kept=kept, twin=twin)


def _stands(actor: Actor, work_id: uuid.UUID, report_id: uuid.UUID) -> bool:
    try:
        progress.get(actor, work_id, report_id)
    except NotFound:
        return False
    return True


def _note(form: Form, fault: Fault) -> int:
    status = take(form, fault, {"uploads": "files"}, FIELDS)
    return 422 if status == 404 else status


def _twin(fault: Fault) -> uuid.UUID | None:
    """The report that has the day already, as the refusal names it."""
    return id_of(str(fault.facts.get("report_id"))) if isinstance(fault, Conflict) else None


def _values(form: Form) -> dict[str, Any]:
    """What the form says, under the names of NewReport."""
    return {
        "physical_percent": form.whole("physical_percent", most=100),
        "note": form.text("note", required=False) or "",
        "reported_on": form.day("reported_on"),
        "accepted_value": form.amount("accepted_value", required=False, positive=False),
        "lat": degree(form, "lat"),
        "lon": degree(form, "lon"),
    }


def _form_page(
    request: Request,
    actor: Actor,
    work: WorkView,
    form: Form,
    *,
    status: int = 200,
    kept: Sequence[UploadView] = (),
    twin: uuid.UUID | None = None,
    report: ReportView | None = None,
    current: ReportView | None = None,
) -> Response:
    """The form, beside what was reported last (of another day than this report's)."""
    mark_illustrative(request, [work])
    lately = progress.reports(actor, work.id, newest_first=True, limit=2)
    return render(
        request, "works/progress_form.html", status=status, place="works", work=work, form=form, kept=kept,
        title=N_("Sửa báo cáo tiến độ") if report else N_("Báo cáo tiến độ"), twin=twin, report=report,
        current=current, may_attach=actor.may("document.edit"),
        before=next((r for r in lately if report is None or r.id != report.id), None),
    )  # fmt: skip


@router.get("/works/{work_id:uuid}/progress/{report_id:uuid}/edit")
def edit_report(request: Request, who: Reader, work_id: uuid.UUID, report_id: uuid.UUID) -> Response:
    """The form of a report as it stands, with its photos."""
    require(who.actor, "progress.report")
    work, report = works.head(who.actor, work_id), progress.get(who.actor, work_id, report_id)
    form = Form(**{name: getattr(report, name) for name in FIELDS[:4]}, version=report.version, files="")
    form.values |= {"lat": say_degree(report.lat), "lon": say_degree(report.lon)}
    return _form_page(request, who.actor, work, form, report=report)


@router.post("/works/{work_id:uuid}/progress/{report_id:uuid}/edit")
def change_report(
    request: Request, who: Reader, form: Typed, sent: SentFiles, work_id: uuid.UUID, report_id: uuid.UUID
) -> Response:
    """Saves; when somebody changed the report since, both versions are shown and nothing typed is lost."""
    actor = who.actor
    require(actor, "progress.report")
    work, report = works.head(actor, work_id), progress.get(actor, work_id, report_id)
    version, values = form.whole("version"), _values(form)
    kept = receive(actor, sent, form, report_id)
    status, twin, current = 422, None, None
    if form.ok and version is not None:
        changes = values | ({"uploads": tuple(u.id for u in kept)} if kept else {})
        try:
            progress_editing.update(actor, work_id, report_id, version, changes)
            return redirect_after_post(
                request, f"/works/{work_id}/progress", flash=N_("Đã sửa báo cáo tiến độ")
            )
        except Stale as fault:
            current, status = noted(form, fault, lambda: progress.get(actor, work_id, report_id)), 409
        except Fault as fault:
            status, twin = _note(form, fault), _twin(fault)
    return _form_page(
        request, actor, work, form, status=status, kept=kept, twin=twin, report=report, current=current
    )
