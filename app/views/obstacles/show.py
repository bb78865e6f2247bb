"""One obstacle: what it holds back, what happened to it, and what may be done with it now."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import obstacles
from app.domain.access import Actor, require
from app.domain.documents.attaching import documents_of
from app.domain.identity import people
from app.domain.obstacles import ObstacleView
from app.errors import Fault
from app.i18n import N_
from app.reports.labels import OBSTACLE_KINDS
from app.reports.obstacles import about, href, shortened, state_tag, subject_href, timeline
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import refused

router = APIRouter(include_in_schema=False)
LONGEST: Final = 2000
# The day of each move, under its name in the domain; opening again has none.
_DAYS: Final = {"answer": "answered_on", "escalate": "escalated_on", "resolve": "resolved_on", "reopen": ""}


@router.get("/obstacles/{obstacle_id:uuid}")
def show_obstacle(request: Request, who: Reader, obstacle_id: uuid.UUID) -> Response:
    """The obstacle, its history, its documents, a form for each move that is open to the reader."""
    return _page(request, who.actor, obstacle_id)


def _page(
    request: Request,
    actor: Actor,
    obstacle_id: uuid.UUID,
    *,
    sent: tuple[str, Form] | None = None,
    status: int = 200,
) -> Response:
    lang, o = language(request), obstacles.get(actor, obstacle_id)
    mark_illustrative(request, [o])
    events = obstacles.history(actor, obstacle_id)
    names = people.names_of(e.by for e in events)
    units = obstacles.units_above(actor, o)
    forms = {move: Form({}, **{day: today()} if day else {}) for move, day in _DAYS.items()}
    if units:
        forms["escalate"].values["to"] = units[0].exact_code
    may = _may(actor, o, bool(units))
    if sent is not None:  # what was typed is shown also where the move is not open any more
        forms[sent[0]], may[sent[0]] = sent[1], True
    for move, form in forms.items():
        form.prefix = f"{move}-"
    return render(
        request, "obstacles/show.html", status=status, title=shortened(o.text), place="obstacles", o=o,
        this=href(o), about=about(o, lang), about_href=subject_href(o), tag=state_tag(o),
        kind=OBSTACLE_KINDS[o.kind], timeline=timeline(o, events, names, lang), forms=forms,
        units=[(u.exact_code, u.name) for u in units], whole=shortened(o.text) != o.text,
        may=may, may_attach=actor.may("document.edit"),
        documents=documents_of(actor, "obstacle", o.id),
    )  # fmt: skip


def _may(actor: Actor, o: ObstacleView, above: bool) -> dict[str, bool]:
    """What the reader is offered: by right and by where the obstacle stands."""
    resolved, resolves = o.state == "resolved", actor.may("obstacle.resolve")
    return {
        "change": not resolved and obstacles.may_change(actor, o),
        "answer": o.waits and o.answerable and actor.may("obstacle.answer"),
        "escalate": not resolved and not o.waits and above and resolves,
        "resolve": not resolved and resolves,
        "reopen": resolved and resolves,
    }


def _moved(
    request: Request,
    actor: Actor,
    obstacle_id: uuid.UUID,
    sent: tuple[str, Form],
    flash: str,
    move: Callable[[], ObstacleView],
) -> Response:
    """Makes a move and shows the obstacle again; what is refused is said in its form, and nothing typed is lost."""
    name, form = sent
    status = 422
    if form.ok:
        try:
            return redirect_after_post(request, href(move()), flash=flash)
        except Fault as fault:
            obstacles.get(actor, obstacle_id)  # one that is not there has no page
            status = refused(form, fault, ("text", "to", "reason", _DAYS[name]))
    return _page(request, actor, obstacle_id, sent=sent, status=status)


def _typed(form: Form, move: str) -> tuple[str, date | None]:
    """(the words, the day) of a move."""
    return form.text("text", longest=LONGEST) or "", form.day(_DAYS[move])


@router.post("/obstacles/{obstacle_id:uuid}/escalate")
def escalate(request: Request, who: Reader, form: Typed, obstacle_id: uuid.UUID) -> Response:
    """Sends it to a unit above, which is asked for an answer."""
    require(who.actor, "obstacle.resolve")
    (text, on), to = _typed(form, "escalate"), form.text("to", longest=40)
    return _moved(
        request, who.actor, obstacle_id, ("escalate", form), N_("Đã chuyển cấp trên"),
        lambda: obstacles.escalate(who.actor, obstacle_id, text, to=to, on=on),
    )  # fmt: skip


@router.post("/obstacles/{obstacle_id:uuid}/answer")
def answer(request: Request, who: Reader, form: Typed, obstacle_id: uuid.UUID) -> Response:
    """The answer of the unit above."""
    require(who.actor, "obstacle.answer")
    text, on = _typed(form, "answer")
    return _moved(
        request, who.actor, obstacle_id, ("answer", form), N_("Đã ghi trả lời"),
        lambda: obstacles.answer(who.actor, obstacle_id, text, on=on),
    )  # fmt: skip


@router.post("/obstacles/{obstacle_id:uuid}/resolve")
def resolve(request: Request, who: Reader, form: Typed, obstacle_id: uuid.UUID) -> Response:
    """Closes it with what resolved it."""
    require(who.actor, "obstacle.resolve")
    text, on = _typed(form, "resolve")
    return _moved(
        request, who.actor, obstacle_id, ("resolve", form), N_("Đã ghi là giải quyết xong"),
        lambda: obstacles.resolve(who.actor, obstacle_id, text, on=on),
    )  # fmt: skip


@router.post("/obstacles/{obstacle_id:uuid}/reopen")
def reopen(request: Request, who: Reader, form: Typed, obstacle_id: uuid.UUID) -> Response:
    """Opens it again with a reason."""
    require(who.actor, "obstacle.resolve")
    reason = form.text("reason", longest=LONGEST) or ""
    return _moved(
        request, who.actor, obstacle_id, ("reopen", form), N_("Đã mở lại vướng mắc"),
        lambda: obstacles.reopen(who.actor, obstacle_id, reason),
    )  # fmt: skip
