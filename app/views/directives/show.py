"""One directive: what is to be done, what happened, its proof, and what may be done with it now."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import directives
from app.domain.access import Actor, require
from app.domain.directives import DirectiveView, Proof
from app.domain.documents import may_attach
from app.domain.documents.attaching import documents_of
from app.domain.documents.uploads import UploadView
from app.domain.identity import people
from app.errors import Fault
from app.i18n import N_
from app.reports.directives import (
    ASSIGNEES,
    PRIORITIES,
    SOURCES,
    href,
    source_href,
    source_of,
    state_tag,
    timeline,
)
from app.reports.obstacles import shortened
from app.views.access import Reader, Typed
from app.views.documents.common import Sent, SentFiles, receive
from app.views.forms import Form
from app.views.ledger.common import new_id, take
from app.views.templating import language, mark_illustrative, redirect_after_post, render

router = APIRouter(include_in_schema=False)
LONGEST: Final = 4000
MOVES: Final = ("progress", "report", "accept", "return", "extend", "withdraw")
FIELDS: Final = ("text", "percent", "on", "due_on", "reason", "files")
Sending = tuple[str, Form, Sequence[UploadView]]  # a move's name, what was typed, the files that have arrived


@router.get("/directives/{directive_id:uuid}")
def show_directive(request: Request, who: Reader, directive_id: uuid.UUID) -> Response:
    """The directive, its history, its proof, a form for each move that is open to the reader."""
    return _page(request, who.actor, directive_id)


def _page(
    request: Request,
    actor: Actor,
    directive_id: uuid.UUID,
    *,
    sent: Sending | None = None,
    status: int = 200,
) -> Response:
    lang, d = language(request), directives.get(actor, directive_id)
    mark_illustrative(request, [d])
    events = directives.history(actor, directive_id)
    names = people.names_of(e.by for e in events)
    papers = documents_of(actor, "directive", d.id)
    forms = {move: Form(id=new_id(), on=today(), files="") for move in MOVES}
    may, kept = (
        _may(actor, d, [e.by for e in events if e.what == "reported"]),
        dict[str, Sequence[UploadView]](),
    )
    if sent is not None:  # what was typed is shown also where the move is not open any more
        forms[sent[0]], may[sent[0]], kept[sent[0]] = sent[1], True, sent[2]
    for move, form in forms.items():
        form.prefix = f"{move}-"
    return render(
        request, "directives/show.html", status=status, title=shortened(d.text), place="directives", d=d,
        this=href(d), tag=state_tag(d), timeline=timeline(d, events, names, lang), forms=forms, may=may,
        whole=shortened(d.text) != d.text, source=source_of(d, lang), source_href=source_href(d),
        source_kind=SOURCES[d.source_kind], assignee_kind=ASSIGNEES[d.assignee_kind],
        priority=PRIORITIES[d.priority], documents=papers, may_attach=d.does and may_attach(actor, "directive"), kept=kept,
    )  # fmt: skip


def _may(actor: Actor, d: DirectiveView, reporters: Sequence[str]) -> dict[str, bool]:
    """What the reader is offered: by right, by side and by where it stands."""
    does = d.does and actor.may("directive.report") and d.state in ("open", "returned")
    gives = d.gives and actor.may("directive.accept")
    own = bool(reporters) and directives.own_report(actor, d, reporters[-1])
    return {
        "change": directives.may_change(actor, d),
        "progress": does,
        "report": does,
        "accept": gives and d.state == "reported" and not own,
        "return": gives and d.state == "reported",
        "extend": gives and d.stands,
        "withdraw": d.gives and actor.may("directive.give") and d.stands and directives.governs(actor, d),
    }


def _moved(
    request: Request,
    actor: Actor,
    directive_id: uuid.UUID,
    sent: Sending,
    move: Callable[[], DirectiveView],
    said: str,
    *,
    unproved: bool = False,
) -> Response:
    """Makes a move and shows the directive again; what is refused is said in its form, and nothing typed is lost."""
    form = sent[1]
    status = 422
    if form.ok:
        try:
            made = move()
            if sent[0] in _LEADS_TO and made.state != _LEADS_TO[sent[0]]:
                # The very same was said before: nothing was recorded.
                form.fail("text", N_("Giống hệt lần trước: ghi rõ lần này khác gì."))
                return _page(request, actor, directive_id, sent=sent, status=422)
            bare = unproved and not documents_of(actor, "directive", made.id)
            return redirect_after_post(
                request, href(made), flash=_UNPROVED if bare else said, kind="risk" if bare else "done"
            )
        except Fault as fault:
            directives.get(actor, directive_id)  # one that is not there has no page
            status = take(form, fault, {"uploads": "files", "documents": "files"}, FIELDS)
    return _page(request, actor, directive_id, sent=sent, status=422 if status == 404 else status)


_LEADS_TO: Final = {"report": "reported", "return": "returned"}
_UNPROVED: Final = N_(
    "Đã báo cáo, chưa có minh chứng. Đính kèm văn bản, ảnh ở dưới để bên giao dễ chấp nhận."
)


def _received(actor: Actor, form: Form, sent: Sent) -> tuple[list[UploadView], Proof]:
    """The files that a form brought, and what they prove."""
    kept = receive(actor, sent, form, form.id("id") or uuid.UUID(int=0)) if sent.files or sent.uploads else []
    return kept, Proof(uploads=tuple(dict.fromkeys((*sent.uploads, *(u.id for u in kept)))))


@router.post("/directives/{directive_id:uuid}/progress")
def progress(
    request: Request, who: Reader, form: Typed, sent: SentFiles, directive_id: uuid.UUID
) -> Response:
    """How far it has come."""
    actor = who.actor
    require(actor, "directive.report")
    text, on = form.text("text", longest=LONGEST) or "", form.day("on")
    percent = form.whole("percent", required=False, most=100)
    kept, proof = _received(actor, form, sent)
    return _moved(
        request, actor, directive_id, ("progress", form, kept),
        lambda: directives.progress(actor, directive_id, text, percent, on=on, proof=proof), N_("Đã ghi tiến độ"),
    )  # fmt: skip


@router.post("/directives/{directive_id:uuid}/report")
def report(request: Request, who: Reader, form: Typed, sent: SentFiles, directive_id: uuid.UUID) -> Response:
    """Reports it as done; warns where there is no proof."""
    actor = who.actor
    require(actor, "directive.report")
    text, on = form.text("text", longest=LONGEST) or "", form.day("on")
    kept, proof = _received(actor, form, sent)
    return _moved(
        request, actor, directive_id, ("report", form, kept),
        lambda: directives.report(actor, directive_id, text, on=on, proof=proof), N_("Đã gửi báo cáo"),
        unproved=True,
    )  # fmt: skip


@router.post("/directives/{directive_id:uuid}/accept")
def accept(request: Request, who: Reader, form: Typed, directive_id: uuid.UUID) -> Response:
    """Accepts what was reported."""
    require(who.actor, "directive.accept")
    text, on = form.text("text", required=False, longest=LONGEST) or "", form.day("on")
    return _moved(
        request, who.actor, directive_id, ("accept", form, ()),
        lambda: directives.accept(who.actor, directive_id, text, on=on), N_("Đã chấp nhận hoàn thành"),
    )  # fmt: skip


@router.post("/directives/{directive_id:uuid}/return")
def send_back(request: Request, who: Reader, form: Typed, directive_id: uuid.UUID) -> Response:
    """Returns a report with what is missing."""
    require(who.actor, "directive.accept")
    text, on = form.text("text", longest=LONGEST) or "", form.day("on")
    return _moved(
        request, who.actor, directive_id, ("return", form, ()),
        lambda: directives.send_back(who.actor, directive_id, text, on=on), N_("Đã trả lại báo cáo"),
    )  # fmt: skip


@router.post("/directives/{directive_id:uuid}/extend")
def extend(request: Request, who: Reader, form: Typed, directive_id: uuid.UUID) -> Response:
    """Gives more time, with the reason."""
    require(who.actor, "directive.accept")
    due_on, reason, on = form.day("due_on"), form.text("reason", longest=LONGEST) or "", form.day("on")
    return _moved(
        request, who.actor, directive_id, ("extend", form, ()),
        lambda: directives.extend(who.actor, directive_id, due_on or today(), reason, on=on), N_("Đã gia hạn"),
    )  # fmt: skip


@router.post("/directives/{directive_id:uuid}/withdraw")
def withdraw(request: Request, who: Reader, form: Typed, directive_id: uuid.UUID) -> Response:
    """Takes it back, with the reason."""
    require(who.actor, "directive.give")
    reason, on = form.text("reason", longest=LONGEST) or "", form.day("on")
    return _moved(
        request, who.actor, directive_id, ("withdraw", form, ()),
        lambda: directives.take_back(who.actor, directive_id, reason, on=on), N_("Đã thu hồi nhiệm vụ"),
    )  # fmt: skip
