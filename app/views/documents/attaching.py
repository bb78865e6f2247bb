"""Attaching a document that is in the register already, and taking it off; all documents of a work."""

from __future__ import annotations

import uuid

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import documents, works
from app.domain.documents import DocumentFilter
from app.domain.documents.attaching import documents_of_work
from app.errors import Fault, Forbidden, NotFound
from app.i18n import N_, Message
from app.reports.documents import of_work_table
from app.views.access import Reader, Typed
from app.views.documents.common import SUBJECT_KINDS, attaching_to, href, onward, subject_of
from app.views.ledger.common import query_form
from app.views.templating import language, mark_illustrative, redirect_after_post, render, table_answer

router = APIRouter(include_in_schema=False)
SHOWN = 30


@router.get("/documents/attach")
def choose(request: Request, who: Reader) -> Response:
    """Documents of the register, each with a button that attaches it to `subject`."""
    actor = who.actor
    form = query_form(request)
    to = attaching_to(actor, form.get("subject"))
    if to is None:
        raise NotFound()
    found = documents.documents(
        actor, DocumentFilter(q=form.get("q").strip()[:100]), newest_first=True, limit=SHOWN + 1
    )
    mark_illustrative(request, found)
    return render(
        request, "documents/attach.html", title=N_("Đính kèm văn bản đã có"), place="documents", form=form,
        to=to, back=onward(form.get("next"), href(to)), kinds=SUBJECT_KINDS, found=found[:SHOWN],
        more=len(found) > SHOWN,
    )  # fmt: skip


@router.post("/documents/{document_id:uuid}/attach")
def attach(request: Request, who: Reader, form: Typed, document_id: uuid.UUID) -> Response:
    """Attaches it and goes back."""
    to = attaching_to(who.actor, form.get("subject"))
    if to is None:
        raise NotFound()
    documents.attach(who.actor, document_id, to.kind, to.id)
    return redirect_after_post(request, onward(form.get("next"), href(to)), flash=N_("Đã đính kèm văn bản"))


@router.post("/documents/{document_id:uuid}/detach")
def detach(request: Request, who: Reader, form: Typed, document_id: uuid.UUID) -> Response:
    """Takes it off and goes back; a refusal is said there."""
    key = subject_of(form.get("subject"))
    documents.require_attach(who.actor, key[0] if key is not None else None)
    if key is None:
        raise NotFound()
    back = onward(form.get("next"), f"/documents/{document_id}")
    try:
        documents.detach(who.actor, document_id, *key)
    except (NotFound, Forbidden):
        raise
    except Fault as fault:
        said = Message(fault.message, fault.facts)
        return redirect_after_post(request, back, flash=said, kind="late")
    return redirect_after_post(request, back, flash=N_("Đã gỡ đính kèm; văn bản vẫn còn trong sổ"))


@router.get("/works/{work_id:uuid}/documents")
def show_of_work(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """Every document of a work, with what in it each is attached to."""
    actor = who.actor
    work = works.head(actor, work_id)
    found = documents_of_work(actor, work_id)
    mark_illustrative(request, [work, *(x.document for x in found)])
    table = of_work_table(found, work, SUBJECT_KINDS, language(request), href)
    return table_answer(
        request, table, "documents/of_work.html", title=work.name, place="works", work=work,
        may_edit=actor.may("document.edit"), found=found,
    )  # fmt: skip
