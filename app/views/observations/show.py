"""One observation: what was seen, what it was answered, and what may be done with it now."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import observations
from app.domain.access import Actor, require
from app.domain.identity import people
from app.domain.observations import NewHindrance, ObservationView
from app.domain.obstacles import KINDS
from app.errors import Fault
from app.i18n import N_
from app.reports.labels import OBSTACLE_KINDS
from app.reports.observations import href, state_tag, subject_href, timeline
from app.reports.obstacles import shortened
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import named, new_id, take
from app.views.templating import language, mark_illustrative, redirect_after_post, render

router = APIRouter(include_in_schema=False)
LONGEST: Final = 4000
MOVES: Final = ("answer", "close", "reopen", "raise")
FIELDS: Final = ("text", "on", "answer_due_on", "kind", "resolver")
NAMES: Final = {"remark": "text", "due_on": "answer_due_on"}


@router.get("/observations/{observation_id:uuid}")
def show_observation(request: Request, who: Reader, observation_id: uuid.UUID) -> Response:
    """The observation, its photos, its history, a form for each move that is open to the reader."""
    return _page(request, who.actor, observation_id)


def _page(
    request: Request,
    actor: Actor,
    observation_id: uuid.UUID,
    *,
    sent: tuple[str, Form] | None = None,
    status: int = 200,
) -> Response:
    lang, o = language(request), observations.get(actor, observation_id)
    mark_illustrative(request, [o])
    moves = observations.history(actor, observation_id)
    names = people.names_of([o.created_by, *(m.by for m in moves)])
    forms = {move: Form(id=new_id(), on=today()) for move in MOVES}
    forms["raise"].values |= {"text": shortened(o.text, 2000), "kind": "other"}
    may = observations.may(actor, o)
    if sent is not None:  # what was typed is shown also where the move is not open any more
        forms[sent[0]], may[sent[0]] = sent[1], True
    for move, form in forms.items():
        form.prefix = f"{move}-"
    return render(
        request, "observations/show.html", status=status, title=shortened(o.text), place="observations", o=o,
        this=href(o), about_href=subject_href(o), tag=state_tag(o), timeline=timeline(o, moves, names, lang),
        forms=forms, may=may, whole=shortened(o.text) != o.text, kinds=named(request, OBSTACLE_KINDS),
        may_attach=actor.may("document.edit"),
    )  # fmt: skip


def _moved(
    request: Request,
    actor: Actor,
    observation_id: uuid.UUID,
    sent: tuple[str, Form],
    flash: str,
    move: Callable[[], ObservationView],
) -> Response:
    """Makes a move and shows the observation again; what is refused is said in its form, and nothing typed is lost."""
    form, status = sent[1], 422
    if form.ok:
        try:
            return redirect_after_post(request, href(move()), flash=flash)
        except Fault as fault:
            observations.get(actor, observation_id)  # one that is not there has no page
            status = take(form, fault, NAMES, FIELDS)
            status = 422 if status == 404 else status
    return _page(request, actor, observation_id, sent=sent, status=status)


@router.post("/observations/{observation_id:uuid}/answer")
def answer(request: Request, who: Reader, form: Typed, observation_id: uuid.UUID) -> Response:
    """The answer of the unit that keeps what was observed."""
    require(who.actor, "observation.answer")
    text, on = form.text("text", longest=LONGEST) or "", form.day("on")
    return _moved(
        request, who.actor, observation_id, ("answer", form), N_("Đã ghi trả lời"),
        lambda: observations.answer(who.actor, observation_id, text, on=on),
    )  # fmt: skip


@router.post("/observations/{observation_id:uuid}/close")
def close(request: Request, who: Reader, form: Typed, observation_id: uuid.UUID) -> Response:
    """Closes it with words."""
    require(who.actor, "observation.edit")
    text, on = form.text("text", longest=LONGEST) or "", form.day("on")
    return _moved(
        request, who.actor, observation_id, ("close", form), N_("Đã khép lại ý kiến"),
        lambda: observations.close(who.actor, observation_id, text, on=on),
    )  # fmt: skip


@router.post("/observations/{observation_id:uuid}/reopen")
def reopen(request: Request, who: Reader, form: Typed, observation_id: uuid.UUID) -> Response:
    """Asks for an answer again."""
    require(who.actor, "observation.edit")
    text = form.text("text", longest=LONGEST) or ""
    due_on = form.day("answer_due_on", required=False)
    return _moved(
        request, who.actor, observation_id, ("reopen", form), N_("Đã mở lại ý kiến"),
        lambda: observations.reopen(who.actor, observation_id, text, due_on=due_on),
    )  # fmt: skip


@router.post("/observations/{observation_id:uuid}/raise")
def raise_obstacle(request: Request, who: Reader, form: Typed, observation_id: uuid.UUID) -> Response:
    """Makes it an obstacle of the same work or model."""
    require(who.actor, "obstacle.raise")
    id_, kind = form.id("id") or uuid.UUID(int=0), form.choice("kind", KINDS) or "other"
    text = form.text("text", longest=2000) or ""
    resolver = form.text("resolver", required=False, longest=200) or ""
    return _moved(
        request, who.actor, observation_id, ("raise", form), N_("Đã nêu thành vướng mắc"),
        lambda: observations.raise_obstacle(
            who.actor, observation_id, NewHindrance(id_, kind, resolver, text)
        ),
    )  # fmt: skip
