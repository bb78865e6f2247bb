"""One meeting: its agenda, who came, its minutes; calling it off; giving what it concluded as directives."""

from __future__ import annotations

import uuid
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import meetings
from app.domain.access import Actor, require
from app.domain.documents.attaching import documents_of
from app.domain.meetings import Conclusion, Sheet
from app.errors import Fault
from app.i18n import N_, Message, translate
from app.reports.boards import ROLES
from app.reports.directives import ASSIGNEES
from app.reports.meetings import (
    PRESENCES,
    conclusion_items,
    href,
    overdue,
    state_tag,
    subject_href,
    when,
)
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import id_of, new_id, take, whole
from app.views.meetings.common import crumbs
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import refused

router = APIRouter(include_in_schema=False)
ROWS: Final = "rows"
FIELDS: Final = ("text", "assignee", "due_on", "priority")
_EMPTY: Final = 3
_MORE: Final = 3
_MOST: Final = 30


def key(row: int, name: str) -> str:
    """A conclusion's field in the form."""
    return f"k{row}_{name}"


@router.get("/meetings/{meeting_id:uuid}")
def show_meeting(request: Request, who: Reader, meeting_id: uuid.UUID) -> Response:
    """The meeting with its documents, and what the reader may do with it now."""
    return _page(request, who.actor, meetings.sheet(who.actor, meeting_id))


def _page(
    request: Request,
    actor: Actor,
    found: Sheet,
    *,
    cancel: Form | None = None,
    conclude: Form | None = None,
    status: int = 200,
) -> Response:
    lang, m = language(request), found.meeting
    mark_illustrative(request, [m, *found.conclusions])
    keeps = meetings.may_keep(actor, m)
    forms = {"cancel": cancel or Form({}), "conclude": conclude or _empty()}
    forms["cancel"].prefix = "cancel-"
    came = [seat for seat in found.seats if seat.presence is not None]
    return render(
        request, "meetings/show.html", status=status, title=m.title, place="meetings", m=m, this=href(m),
        crumbs=crumbs(request, m), tag=state_tag(m), when=when(m, lang), late=overdue(m),
        agenda=[(item.text, subject_href(item.subject_kind, item.subject_id)) for item in found.agenda],
        seats=came or found.seats, ticked=bool(came), roles=ROLES, presences=PRESENCES,
        conclusions=conclusion_items(found.conclusions, lang), assignees=_options(found, lang), forms=forms, key=key,
        rows=rows_of(forms["conclude"]),
        may={
            "keep": keeps and m.state != "cancelled", "cancel": (keeps and m.state == "planned") or cancel is not None,
            "conclude": meetings.may_conclude(actor, m) or conclude is not None, "minutes": keeps and m.state == "planned",
            "attach": actor.may("document.edit"),
        },
        documents=documents_of(actor, "meeting", m.id),
    )  # fmt: skip


def _empty() -> Form:
    return Form(**{ROWS: _EMPTY, **{key(row, "id"): new_id() for row in range(_EMPTY)}})


def rows_of(form: Form) -> int:
    return min(whole(form.get(ROWS)) or _EMPTY, _MOST)


def _options(found: Sheet, lang: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Who can be given something, in groups: boards, members, agencies, units."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in found.assignees:
        named = f"{one.name} ({one.title})" if one.title else one.name
        groups.setdefault(translate(lang, ASSIGNEES[one.kind]), []).append((one.key, named))
    return list(groups.items())


@router.post("/meetings/{meeting_id:uuid}/cancel")
def cancel_meeting(request: Request, who: Reader, form: Typed, meeting_id: uuid.UUID) -> Response:
    """Calls it off, with a reason."""
    require(who.actor, "meeting.edit")
    reason, status = form.text("reason", longest=1000), 422
    if reason is not None:
        try:
            off = meetings.cancel(who.actor, meeting_id, reason)
            return redirect_after_post(request, href(off), flash=N_("Đã hủy cuộc họp"))
        except Fault as fault:
            meetings.get(who.actor, meeting_id)  # one that is not there has no page
            status = refused(form, fault, ("reason",))
    return _page(request, who.actor, meetings.sheet(who.actor, meeting_id), cancel=form, status=status)


@router.post("/meetings/{meeting_id:uuid}/conclusions")
def give_conclusions(request: Request, who: Reader, form: Typed, meeting_id: uuid.UUID) -> Response:
    """Gives every row as a directive, all or none; a button that asks for rows only grows the form."""
    require(who.actor, "directive.give")
    meetings.get(who.actor, meeting_id)
    if form.flag("more"):
        form.values[ROWS] = str(min(rows_of(form) + _MORE, _MOST))
        return _refused(request, who.actor, meeting_id, form, 200)
    wanted, places = _read(form)
    status = 422
    if form.ok:
        try:
            given = meetings.conclude(who.actor, meeting_id, wanted)
            flash = Message(N_("Đã giao {n:number} nhiệm vụ"), {"n": len(given)})
            return redirect_after_post(request, f"/meetings/{meeting_id}", flash=flash)
        except Fault as fault:
            status = _note(form, fault, places)
    return _refused(request, who.actor, meeting_id, form, status)


def _refused(request: Request, actor: Actor, meeting_id: uuid.UUID, form: Form, status: int) -> Response:
    for row in range(rows_of(form)):
        form.values.setdefault(key(row, "id"), new_id())
    return _page(request, actor, meetings.sheet(actor, meeting_id), conclude=form, status=status)


def _note(form: Form, fault: Fault, places: list[int]) -> int:
    """What is wrong beside the field of its row."""
    names: dict[str, str] = {}
    for i, row in enumerate(places):
        names |= {f"conclusions.{i}.{name}": key(row, name) for name in FIELDS}
        names |= {
            f"conclusions.{i}.assignee.{name}": key(row, "assignee") for name in ("id", "unit_code", "kind")
        }
        names[f"conclusions.{i}.id"] = key(row, "text")
    status = take(form, fault, names, tuple(names.values()))
    return 422 if status == 404 else status


def _read(form: Form) -> tuple[list[Conclusion], list[int]]:
    """(what the rows say, the row in which each stands); a row that says nothing is left out."""
    found, places = [], []
    for row in range(rows_of(form)):
        if not any(form.get(key(row, name)).strip() for name in ("text", "assignee", "due_on")):
            continue
        text, day = form.text(key(row, "text"), longest=2000), form.day(key(row, "due_on"))
        kind, _, to = (form.text(key(row, "assignee"), longest=60) or "").partition(":")
        id_ = form.id(key(row, "id"))
        priority = "urgent" if form.flag(key(row, "priority")) else "normal"
        if id_ is not None and text and day is not None and kind:
            its = None if kind == "unit" else id_of(to)
            found.append(Conclusion(id_, text, day, kind, its, to if kind == "unit" else None, priority))
            places.append(row)
    if not found and form.ok:
        form.fail(key(0, "text"), N_("Ghi ít nhất một kết luận."))
    return found, places
