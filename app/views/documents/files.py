"""A document's files: sending one, adding, taking out."""

from __future__ import annotations

import uuid

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import documents
from app.domain.access import require
from app.domain.documents.files import preview
from app.errors import Fault, RuleBroken
from app.i18n import N_, Message
from app.views.access import Reader, Typed
from app.views.documents.common import SentFiles, note, receive
from app.views.documents.register import document_page
from app.views.templating import redirect_after_post
from app.web.files import bytes_answer, file_answer, seen

router = APIRouter(include_in_schema=False)


@router.get("/documents/{document_id:uuid}/files/{sha256}")
def show_file(
    request: Request, who: Reader, document_id: uuid.UUID, sha256: str, inline: str = "", size: str = ""
) -> Response:
    """The file, saved or (`inline=1`) shown; a photo also small and upright (`size=preview`)."""
    found = documents.open_file(who.actor, document_id, sha256)
    file = found.file
    small = size == "preview" and file.is_image
    tag = f"{sha256}-preview" if small else sha256
    if (known := seen(request, tag)) is not None:
        return known
    if small:
        try:
            content, media_type = preview(found.path, file.media_type)
        except (OSError, SyntaxError, ValueError):  # an image that nothing was made of: sent as it is
            return file_answer(found.path, file.name, file.media_type, sha256, inline=True)
        return bytes_answer(content, file.name, media_type, tag)
    return file_answer(found.path, file.name, file.media_type, sha256, inline=inline == "1")


@router.post("/documents/{document_id:uuid}/files")
def add_files(
    request: Request, who: Reader, form: Typed, sent: SentFiles, document_id: uuid.UUID
) -> Response:
    """Adds files; those that arrived well stay with a form that comes back."""
    actor = who.actor
    require(actor, "document.edit")
    documents.get(actor, document_id)
    form.values.setdefault("files", "")
    kept = receive(actor, sent, form, document_id)
    status = 422
    if not kept and form.ok:
        form.fail("files", N_("Chọn ít nhất một tệp."))
    if form.ok:
        try:
            documents.add_files(actor, document_id, upload_ids=[u.id for u in kept])
            return redirect_after_post(request, f"/documents/{document_id}", flash=N_("Đã thêm tệp"))
        except Fault as fault:
            status = note(form, fault)
    return document_page(request, actor, document_id, form, status=status, kept=kept)


@router.post("/documents/{document_id:uuid}/files/{sha256}/remove")
def remove_file(request: Request, who: Reader, _form: Typed, document_id: uuid.UUID, sha256: str) -> Response:
    """Takes a file out of the document; that it proves what was reported is said there."""
    page = f"/documents/{document_id}"
    try:
        documents.remove_file(who.actor, document_id, sha256)
    except RuleBroken as fault:
        return redirect_after_post(request, page, flash=Message(fault.message, fault.facts), kind="late")
    return redirect_after_post(request, page, flash=N_("Đã gỡ tệp khỏi văn bản"))
