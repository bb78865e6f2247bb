"""The register of documents: the list, recording, one document, changing it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import documents
from app.domain.access import Actor, require
from app.domain.documents import DocumentFilter, DocumentView, NewDocument
from app.domain.documents.attaching import attached_to
from app.domain.documents.subjects import SubjectView
from app.domain.documents.uploads import UploadView
from app.errors import Fault, NotFound, Stale
from app.i18n import N_
from app.reports.documents import documents_table
from app.views.access import Reader, Typed
from app.views.documents.common import (
    FIELDS,
    SUBJECT_KINDS,
    SentFiles,
    attaching_to,
    href,
    kind_options,
    note,
    onward,
    receive,
)
from app.views.forms import Form
from app.views.ledger.common import new_id, pager, query_form, where, window
from app.views.templating import language, mark_illustrative, redirect_after_post, render, table_answer
from app.views.works.common import noted
from app.web.headers import FRAMING_CSP

router = APIRouter(include_in_schema=False)
_PAGE: Final = 50  # a row is a card of eight lines on a phone


@router.get("/documents")
def show_documents(request: Request, who: Reader) -> Response:
    """The register under filters, newest first; page, Excel and CSV."""
    actor, here = who.actor, where(request, who.actor)
    form = query_form(request)
    kinds = kind_options(request, actor)
    names = dict(kinds)
    wanted = DocumentFilter(
        unit=here.unit.exact_code,
        kind=form.get("kind") if form.get("kind") in names else None,
        q=form.get("q").strip()[:200] or None,
        date_from=form.day("from", required=False),
        date_to=form.day("to", required=False),
    )
    offset, limit = window(request, _PAGE)
    found = documents.documents(actor, wanted, newest_first=True, offset=offset, limit=limit)
    mark_illustrative(request, found)
    number = documents.count(actor, wanted)
    table = documents_table(
        found,
        language(request),
        show_unit=here.wide,
        filters=[
            (N_("Đơn vị"), here.unit.name),
            *([(N_("Loại"), names[wanted.kind])] if wanted.kind else []),
            *([(N_("Từ ngày"), wanted.date_from)] if wanted.date_from else []),
            *([(N_("Đến ngày"), wanted.date_to)] if wanted.date_to else []),
            *([(N_("Tìm"), wanted.q)] if wanted.q else []),
        ],
        name=f"van-ban-{here.unit.code}",
    )
    return table_answer(
        request, table, "documents/list.html", title=N_("Văn bản"), place="documents", at=here, form=form,
        kinds=kinds, pager=pager(request, number, _PAGE), number=number, may_edit=actor.may("document.edit"),
        unit_options=[(u.exact_code, u.name) for u in here.units],
        filtered=any(form.get(name) for name in ("q", "kind", "from", "to")),
    )  # fmt: skip


@router.get("/documents/new")
def new_document(request: Request, who: Reader) -> Response:
    """The form of a document; the address may fill it and say what it is attached to."""
    asked = query_form(request)
    to = attaching_to(who.actor, asked.get("subject"))
    form = Form(id=new_id())
    for name in ("subject", "next", "kind", "number", "date", "issuer", "summary"):
        form.values[name] = asked.get(name)[:1000]
    day = asked.day("date", required=False)
    if day is not None:
        form.values["date"] = Form(date=day).get("date")
    return _form_page(request, who.actor, form, to)


@router.post("/documents/new")
def make_document(request: Request, who: Reader, form: Typed, sent: SentFiles) -> Response:
    """Records the document with its files and goes back to where the form was opened."""
    actor = who.actor
    to = attaching_to(actor, form.get("subject"))
    id_, values = form.id("id"), _values(form)
    kept = receive(actor, sent, form, id_ or uuid.UUID(int=0))
    status = 422
    if form.ok and id_ is not None:
        new = NewDocument(id_, uploads=tuple(u.id for u in kept), **values)
        try:
            made, _ = documents.create(actor, new, subject=(to.kind, to.id) if to else None)
            onto = onward(form.get("next"), f"/documents/{made.id}")
            return redirect_after_post(request, onto, flash=N_("Đã ghi văn bản"))
        except Fault as fault:
            status = note(form, fault)
    return _form_page(request, actor, form, to, status=status, kept=kept)


def _values(form: Form) -> dict[str, Any]:
    """What the form says, under the names of NewDocument."""
    return {
        "number": form.text("number", required=False, longest=120) or "",
        "date": form.day("date"),
        "issuer": form.text("issuer", required=False, longest=200) or "",
        "kind": form.text("kind", longest=40),
        "summary": form.text("summary", required=False, longest=1000) or "",
        "personal": form.flag("personal"),
    }


def _form_page(
    request: Request,
    actor: Actor,
    form: Form,
    to: SubjectView | None,
    *,
    status: int = 200,
    kept: Sequence[UploadView] = (),
) -> Response:
    reader = Form({"date": form.get("date")})
    day = reader.day("date", required=False)
    alike = documents.alike(actor, None, form.get("number"), day, form.get("issuer")) if day else []
    return render(
        request, "documents/new.html", status=status, title=N_("Ghi văn bản"), place="documents", form=form,
        kinds=kind_options(request, actor), to=to, to_kind=SUBJECT_KINDS[to.kind] if to else None,
        back=onward(form.get("next"), href(to) if to else "/documents"), kept=kept, alike=alike,
    )  # fmt: skip


@router.get("/documents/{document_id:uuid}")
def show_document(request: Request, who: Reader, document_id: uuid.UUID) -> Response:
    """A document with its files, what they look like, and what it is attached to."""
    return document_page(request, who.actor, document_id, Form(files=""))


def document_page(
    request: Request,
    actor: Actor,
    document_id: uuid.UUID,
    form: Form,
    *,
    status: int = 200,
    kept: Sequence[UploadView] = (),
) -> Response:
    document = documents.get(actor, document_id)
    mark_illustrative(request, [document])
    response = render(
        request, "documents/show.html", status=status, title=document.title, place="documents", d=document,
        form=form, kept=kept, may_edit=actor.may("document.edit"),
        sees=not document.personal or actor.sees_people,
        about=[
            (SUBJECT_KINDS[s.kind], s, href(s), documents.may_attach(actor, s.kind))
            for s in attached_to(actor, document)
        ],
        alike=documents.alike(
            actor, f"{document.unit_code}@{document.unit_structure}", document.number, document.date,
            document.issuer, but=document.id,
        ),
    )  # fmt: skip
    response.headers["content-security-policy"] = FRAMING_CSP
    return response


@router.get("/documents/{document_id:uuid}/edit")
def edit_document(request: Request, who: Reader, document_id: uuid.UUID) -> Response:
    """The form of a document as it stands."""
    require(who.actor, "document.edit")
    document = documents.get(who.actor, document_id)
    form = Form(**{name: getattr(document, name) for name in (*FIELDS[:-1], "personal")})
    form.values["version"] = str(document.version)
    return _edit_page(request, who.actor, document, form)


def _edit_page(
    request: Request,
    actor: Actor,
    document: DocumentView,
    form: Form,
    *,
    status: int = 200,
    current: DocumentView | None = None,
) -> Response:
    return render(
        request, "documents/edit.html", status=status, title=N_("Sửa văn bản"), place="documents", form=form,
        d=document, current=current, kinds=kind_options(request, actor),
    )  # fmt: skip


@router.post("/documents/{document_id:uuid}/edit")
def change_document(request: Request, who: Reader, form: Typed, document_id: uuid.UUID) -> Response:
    """Saves; when somebody changed the document since, both versions are shown and nothing typed is lost."""
    actor = who.actor
    require(actor, "document.edit")
    document = documents.get(actor, document_id)
    version, values = form.whole("version"), _values(form)
    current, status = None, 422
    if form.ok and version is not None:
        try:
            documents.update(actor, document_id, version, values)
            return redirect_after_post(request, f"/documents/{document_id}", flash=N_("Đã sửa văn bản"))
        except Stale as fault:
            current, status = noted(form, fault, lambda: documents.get(actor, document_id)), 409
        except NotFound as fault:
            status = note(form, fault)
        except Fault as fault:
            status = note(form, fault)
    return _edit_page(request, actor, document, form, status=status, current=current)
