"""One outreach event with its photos, and taking back what was recorded wrong."""

from __future__ import annotations

import uuid

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import outreach, programs
from app.domain.access import Actor, require
from app.domain.identity import people
from app.errors import Fault
from app.i18n import N_
from app.reports.outreach import href, where_of
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import refused

router = APIRouter(include_in_schema=False)


@router.get("/outreach/{event_id:uuid}")
def show_event(request: Request, who: Reader, event_id: uuid.UUID) -> Response:
    """The event: when, where, about what, how many came, its photos."""
    return _page(request, who.actor, event_id, Form())


def _page(request: Request, actor: Actor, event_id: uuid.UUID, form: Form, *, status: int = 200) -> Response:
    event = outreach.get(actor, event_id)
    mark_illustrative(request, [event])
    names = programs.all_names(actor).programs
    return render(
        request, "outreach/show.html", status=status, title=event.topic, place="outreach", event=event,
        this=href(event), where=where_of(event), criterion=event.criterion(language(request)), form=form,
        program=names.get(event.program_code or "", event.program_code), may_attach=actor.may("document.edit"),
        may=outreach.may_change(actor, event), writer=people.names_of([event.created_by]).get(event.created_by, event.created_by),
    )  # fmt: skip


@router.post("/outreach/{event_id:uuid}/withdraw")
def withdraw(request: Request, who: Reader, form: Typed, event_id: uuid.UUID) -> Response:
    """Takes the event back, with the reason."""
    require(who.actor, "outreach.edit")
    reason, status = form.text("reason", longest=1000), 422
    if reason is not None:
        try:
            gone = outreach.withdraw(who.actor, event_id, reason)
            return redirect_after_post(request, href(gone), flash=N_("Đã rút buổi tuyên truyền"))
        except Fault as fault:
            if fault.status == 404:
                raise
            status = refused(form, fault, ("reason",))
    return _page(request, who.actor, event_id, form, status=status)
