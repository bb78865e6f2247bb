"""/api/v1/uploads: files on their way, sent in pieces that can go on after a break."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Header
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import acts, closed, creates, shows
from app.api.security import api_router
from app.domain.access import Actor
from app.domain.documents import uploads
from app.domain.documents.uploads import UploadView
from app.errors import Invalid
from app.i18n import N_
from app.web.answers import answer, created
from app.web.schema import Body, ClientId, Text, Whole

router = api_router("documents")
OCTETS: Final = "application/octet-stream"


@closed
class Upload(TypedDict):
    """Tệp đang gửi; `offset` là số byte đã nhận · bytes received so far."""

    id: UUID
    name: str
    size: Annotated[int, Field(description="byte")]
    offset: Annotated[int, Field(description="byte")]


def _upload(v: UploadView) -> Upload:
    return {"id": v.id, "name": v.name, "size": v.size, "offset": v.offset}


class NewUpload(Body):
    """`size` là số byte của cả tệp · bytes of the whole file."""

    id: ClientId
    name: Annotated[str, Text(200)]
    size: Annotated[Whole, Field(ge=1, le=1 << 50, description="byte", examples=[1_048_576])]


@router.post(
    "/uploads",
    **creates(Upload, examples.NEW_UPLOAD, examples.UPLOAD),
    summary="Bắt đầu gửi tệp · begin an upload",
)
def begin_upload(actor: Actor, body: NewUpload) -> Response:
    """Announce a file, then send it in pieces of at most 512 KiB; the same again goes on where it stands."""
    made, new = uploads.begin(actor, body.id, body.name, body.size)
    return created(_upload(made), new=new, location=f"/api/v1/uploads/{made.id}")


@router.get(
    "/uploads/{id}", **shows(Upload, examples.UPLOAD), summary="Đã nhận đến đâu · how far an upload has come"
)
def get_upload(actor: Actor, id: ClientId) -> Response:
    """Only the client that began it sees it; 404 once it was taken up, given up or kept for two days."""
    return answer(_upload(uploads.get(actor, id)))


async def _piece(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != OCTETS:
        raise Invalid.field("body", N_("Gửi phần tệp với Content-Type: application/octet-stream."))
    return await request.body()


@router.patch(
    "/uploads/{id}",
    **acts(Upload, examples.UPLOAD),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                OCTETS: {"schema": {"type": "string", "format": "binary"}, "example": "(byte · bytes)"}
            },
        }
    },
    summary="Gửi một phần · send a piece",
)
def send_piece(
    actor: Actor,
    id: ClientId,
    piece: Annotated[bytes, Depends(_piece)],
    upload_offset: Annotated[
        int, Header(ge=0, description="Phần này bắt đầu ở byte nào · where this piece begins")
    ],
) -> Response:
    """409 `upload-offset` tells in `offset` where to go on when the piece does not begin where the last one ended. A
    file of a kind that is not taken is refused, and the upload with it.
    """
    return answer(_upload(uploads.append(actor, id, upload_offset, piece)))


@router.delete("/uploads/{id}", **acts(Upload, examples.UPLOAD), summary="Thôi gửi · give an upload up")
def drop_upload(actor: Actor, id: ClientId) -> Response:
    """What has arrived is thrown away."""
    dropped = uploads.get(actor, id)
    uploads.drop(actor, id)
    return answer(_upload(dropped))
