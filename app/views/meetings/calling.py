"""Calling a meeting between the regular ones; moving one, saying otherwise where and when it is."""

from __future__ import annotations

import uuid
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import boards, meetings, territory
from app.domain.access import Actor, require
from app.domain.boards import CommitteeFilter
from app.domain.meetings import MeetingView, NewMeeting
from app.domain.sides import is_above
from app.errors import Fault, Stale
from app.i18n import N_
from app.reports.meetings import clock, href, when
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import new_id, query_form
from app.views.meetings.common import crumbs, hour, words
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import noted, refused

router = APIRouter(include_in_schema=False)
FIELDS: Final = ("committee_id", "date", "starts_at", "place", "title", "chair", "secretary")
_BOARDS: Final = 100


@router.get("/meetings/new")
def new_meeting(request: Request, who: Reader) -> Response:
    """The form of a meeting of one of the unit's own boards."""
    require(who.actor, "meeting.edit")
    asked = query_form(request)
    return _new_page(
        request, who.actor, Form(id=new_id(), committee_id=asked.get("committee_id"), date=today())
    )


@router.post("/meetings/new")
def call_meeting(request: Request, who: Reader, form: Typed) -> Response:
    """Calls the meeting and opens it."""
    require(who.actor, "meeting.edit")
    id_, board_id, day, starts_at = form.id("id"), form.id("committee_id"), form.day("date"), hour(form)
    said = words(form, "place", "title")
    status = 422
    if form.ok and id_ is not None and board_id is not None and day is not None:
        try:
            made, _ = meetings.create(
                who.actor, NewMeeting(id_, board_id, day, starts_at, said["place"], said["title"])
            )
            return redirect_after_post(request, href(made), flash=N_("Đã triệu tập cuộc họp"))
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _new_page(request, who.actor, form, status=status)


def _new_page(request: Request, actor: Actor, form: Form, *, status: int = 200) -> Response:
    options = _boards(actor)
    if len(options) == 1:
        form.values["committee_id"] = form.get("committee_id") or options[0][0]
    return render(
        request, "meetings/form.html", status=status, title=N_("Triệu tập cuộc họp"), place="meetings", form=form,
        crumbs=crumbs(request), m=None, current=None, action="/meetings/new", boards=options, back="/meetings",
    )  # fmt: skip


def _boards(actor: Actor) -> list[tuple[str, str]]:
    """The boards whose meetings the actor's unit keeps, those that stand."""
    unit = territory.own_unit(actor)
    found = boards.committees(
        actor, CommitteeFilter(unit=unit.exact_code, on=today()), by_unit=True, limit=_BOARDS
    ) or boards.committees(actor, CommitteeFilter(unit=unit.exact_code), by_unit=True, limit=_BOARDS)
    return [(str(b.id), b.name) for b in found if not is_above(actor, b.unit_level)]


@router.get("/meetings/{meeting_id:uuid}/edit")
def edit_meeting(request: Request, who: Reader, meeting_id: uuid.UUID) -> Response:
    """The form of a meeting as it stands."""
    require(who.actor, "meeting.edit")
    standing = meetings.get(who.actor, meeting_id)
    names = ("date", "place", "title", "chair", "secretary")
    form = Form(
        version=standing.version,
        starts_at=clock(standing.starts_at),
        **{n: getattr(standing, n) for n in names},
    )
    return _edit_page(request, form, standing)


@router.post("/meetings/{meeting_id:uuid}/edit")
def change_meeting(request: Request, who: Reader, form: Typed, meeting_id: uuid.UUID) -> Response:
    """Saves; when somebody changed the meeting since, both versions are shown and nothing typed is lost."""
    require(who.actor, "meeting.edit")
    standing = meetings.get(who.actor, meeting_id)
    version, values = form.whole("version"), _values(form, standing)
    current, status = None, 422
    if form.ok and version is not None:
        try:
            meetings.update(who.actor, meeting_id, version, values)
            return redirect_after_post(request, href(standing), flash=N_("Đã sửa cuộc họp"))
        except Stale as fault:
            current, status = noted(form, fault, lambda: meetings.get(who.actor, meeting_id)), 409
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _edit_page(request, form, standing, status=status, current=current)


def _values(form: Form, standing: MeetingView) -> dict[str, Any]:
    """What the form says; the day of a meeting that was held is that of its minutes."""
    said: dict[str, Any] = words(form, "place", "chair", "secretary")
    said |= {"title": form.text("title", longest=300), "starts_at": hour(form)}
    return said | ({"date": form.day("date")} if standing.state == "planned" else {})


def _edit_page(
    request: Request,
    form: Form,
    standing: MeetingView,
    *,
    status: int = 200,
    current: MeetingView | None = None,
) -> Response:
    mark_illustrative(request, [standing])
    return render(
        request, "meetings/form.html", status=status, title=N_("Sửa cuộc họp"), place="meetings", form=form,
        crumbs=crumbs(request, standing, itself=True), m=standing, current=current, boards=(),
        action=f"{href(standing)}/edit", back=href(standing),
        when=when(current, language(request)) if current else None,
    )  # fmt: skip
