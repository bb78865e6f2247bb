"""Giving a directive, and mending its words until it is accepted."""

from __future__ import annotations

import uuid
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import directives
from app.domain.access import Actor, require
from app.domain.directives import DIRECTIVE_SOURCES, PRIORITIES, DirectiveView, NewDirective, Source
from app.errors import Fault, NotFound, Stale
from app.i18n import N_
from app.reports.directives import PRIORITIES as PRIORITY_NAMES
from app.reports.directives import SOURCES, href
from app.views.access import Reader, Typed
from app.views.directives.common import Option, options, pick
from app.views.documents.common import onward
from app.views.forms import Form
from app.views.ledger.common import id_of, named, new_id, query_form, take
from app.views.templating import (
    fragment,
    language,
    mark_illustrative,
    redirect_after_post,
    render,
)
from app.views.works.common import noted, refused

router = APIRouter(include_in_schema=False)
NAMES: Final = {
    "source.document_number": "document_number", "source.on": "source_on", "source.id": "document_number",
    "assignee.id": "assignee", "assignee.unit_code": "assignee", "assignee.kind": "assignee",
}  # fmt: skip
FIELDS: Final = ("text", "quote", "due_on", "priority", "document_number", "source_on", "assignee")
Given = tuple[str, uuid.UUID, Source]  # an inspection, a meeting, a stored document


def _source(actor: Actor, text: str) -> Given | None:
    """What `source=` of an address or a form names, `meeting:<id>`; NotFound where it leads nowhere."""
    if not text:
        return None
    kind, _, id_ = text.partition(":")
    key = id_of(id_)
    if kind not in DIRECTIVE_SOURCES or key is None:
        raise NotFound()
    return kind, key, directives.source(actor, kind, key)


@router.get("/directives/new")
def new_directive(request: Request, who: Reader) -> Response:
    """The form; from an inspection, a meeting or a document where the address names one."""
    require(who.actor, "directive.give")
    asked = query_form(request)
    source = _source(who.actor, asked.get("source"))
    form = Form(
        id=new_id(), source=asked.get("source"), next=asked.get("next"), priority="normal",
        assignee=asked.get("assignee"),
    )  # fmt: skip
    found = options(request, directives.candidates(who.actor, limit=6))
    return _form_page(request, form, source, found)


@router.get("/directives/assignees")
def search_assignees(request: Request, who: Reader, name: str = "assignee") -> Response:
    """Who can be given a directive, by words: options for a form's field."""
    require(who.actor, "directive.give")
    asked = request.query_params.get(f"{name}_find", "").strip()[:100]
    found = options(request, directives.candidates(who.actor, asked, limit=12 if asked else 6))
    return fragment(request, "parts/form.html", "finder_options", name=name, options=found, asked=asked)


@router.post("/directives/new")
def give(request: Request, who: Reader, form: Typed) -> Response:
    """Gives the directive and opens it."""
    actor = who.actor
    require(actor, "directive.give")
    source = _source(actor, form.get("source"))
    id_, values = form.id("id"), _words(form)
    number = form.text("document_number", longest=120) if source is None else None
    said_on = form.day("source_on") if source is None else None
    due_on = form.day("due_on")
    status, found = 422, list[Option]()
    try:
        assignee, found = pick(request, actor, form, "assignee")
        if form.ok and id_ is not None and due_on is not None and assignee is not None:
            kind, whom = assignee
            new = NewDirective(
                id_, values["text"], source[0] if source else "document", due_on, kind,
                id_of(whom) if kind != "unit" else None, whom if kind == "unit" else None,
                source[1] if source else None, number or "", said_on, values["quote"], values["priority"],
            )  # fmt: skip
            made, _ = directives.create(actor, new)
            return redirect_after_post(
                request, onward(form.get("next"), href(made)), flash=N_("Đã giao nhiệm vụ")
            )
    except Fault as fault:
        status = take(form, fault, NAMES, FIELDS)
    return _form_page(request, form, source, found, status=422 if status == 404 else status)


def _words(form: Form) -> dict[str, Any]:
    return {
        "text": form.text("text", longest=2000),
        "quote": form.text("quote", required=False, longest=2000) or "",
        "priority": form.choice("priority", PRIORITIES),
    }


def _form_page(
    request: Request, form: Form, source: Given | None, found: list[Option], *, status: int = 200
) -> Response:
    return render(
        request, "directives/form.html", status=status, title=N_("Giao nhiệm vụ"), place="directives", form=form,
        action="/directives/new", d=None, current=None, source=source, options=found,
        source_kind=SOURCES[source[0]] if source else None, priorities=named(request, PRIORITY_NAMES),
        back=onward(form.get("next"), "/directives"),
    )  # fmt: skip


@router.get("/directives/{directive_id:uuid}/edit")
def edit_directive(request: Request, who: Reader, directive_id: uuid.UUID) -> Response:
    """The form of its words as they stand."""
    require(who.actor, "directive.give")
    standing = directives.get(who.actor, directive_id)
    form = Form(
        version=standing.version, text=standing.text, quote=standing.quote, priority=standing.priority
    )
    return _edit_page(request, form, standing)


@router.post("/directives/{directive_id:uuid}/edit")
def change_directive(request: Request, who: Reader, form: Typed, directive_id: uuid.UUID) -> Response:
    """Saves; when somebody changed it since, both versions are shown and nothing typed is lost."""
    actor = who.actor
    require(actor, "directive.give")
    standing = directives.get(actor, directive_id)
    version, values = form.whole("version"), _words(form)
    current, status = None, 422
    if form.ok and version is not None:
        try:
            directives.update(actor, directive_id, version, values)
            return redirect_after_post(request, href(standing), flash=N_("Đã sửa nhiệm vụ"))
        except Stale as fault:
            current, status = noted(form, fault, lambda: directives.get(actor, directive_id)), 409
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _edit_page(request, form, standing, current, status=status)


def _edit_page(
    request: Request,
    form: Form,
    standing: DirectiveView,
    current: DirectiveView | None = None,
    *,
    status: int = 200,
) -> Response:
    mark_illustrative(request, [standing])
    return render(
        request, "directives/form.html", status=status, title=N_("Sửa nhiệm vụ"), place="directives", form=form,
        action=f"{href(standing)}/edit", d=standing, current=current, source=None, options=[], source_kind=None,
        priorities=named(request, PRIORITY_NAMES), back=href(standing), lang=language(request),
        priority_names=PRIORITY_NAMES,
    )  # fmt: skip
