"""Sending files in pieces, for `upload.js`: small JSON answers to a page of our own session."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from starlette.requests import Request
from starlette.responses import Response

from app import logs
from app.domain.documents import uploads
from app.domain.documents.uploads import UploadView
from app.errors import Fault, Invalid
from app.i18n import N_
from app.views.access import Reader
from app.views.templating import language
from app.web.answers import answer, created
from app.web.problems import members
from app.web.schema import Body, ClientId, Text, Whole

router = APIRouter(include_in_schema=False)


class NewUpload(Body):
    id: ClientId
    name: Annotated[str, Text(500)]
    size: Whole


def _shape(v: UploadView) -> dict[str, object]:
    return {"id": v.id, "name": v.name, "size": v.size, "offset": v.offset}


def _told(request: Request, act: Callable[[], Response]) -> Response:
    """Refusals as JSON in the page's language, for the script to tell."""
    try:
        return act()
    except Fault as fault:
        return answer(members(fault, language(request), logs.request_id.get()), fault.status)


@router.post("/uploads")
def begin(request: Request, who: Reader, body: NewUpload) -> Response:
    """Announces a file."""

    def act() -> Response:
        made, new = uploads.begin(who.actor, body.id, body.name, body.size)
        return created(_shape(made), new=new)

    return _told(request, act)


@router.get("/uploads/{upload_id:uuid}")
def show(request: Request, who: Reader, upload_id: uuid.UUID) -> Response:
    """How far it has come."""
    return _told(request, lambda: answer(_shape(uploads.get(who.actor, upload_id))))


async def _piece(request: Request, _who: Reader) -> bytes:
    if request.headers.get("content-type", "") != "application/octet-stream":
        raise Invalid.field("body", N_("Gửi phần tệp với Content-Type: application/octet-stream."))
    return await request.body()


@router.patch("/uploads/{upload_id:uuid}")
def append(
    request: Request,
    who: Reader,
    upload_id: uuid.UUID,
    piece: Annotated[bytes, Depends(_piece)],
    upload_offset: Annotated[int, Header(ge=0)],
) -> Response:
    """Takes the next piece; 409 with the true `offset` when it does not begin where the last one ended."""
    return _told(request, lambda: answer(_shape(uploads.append(who.actor, upload_id, upload_offset, piece))))


@router.delete("/uploads/{upload_id:uuid}")
def drop(request: Request, who: Reader, upload_id: uuid.UUID) -> Response:
    """Gives it up."""

    def act() -> Response:
        uploads.drop(who.actor, upload_id)
        return Response(status_code=204)

    return _told(request, act)
