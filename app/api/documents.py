"""/api/v1/documents and /api/v1/uploads: official documents, their files, what they are attached to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import File, Path, Query, UploadFile
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import (
    Change,
    acts,
    after,
    by_moment,
    changes,
    closed,
    creates,
    current_as,
    lists,
    paged,
    shows,
    slice_after,
)
from app.api.security import api_router, quick
from app.api.shapes import Code, KindAndId, QueryCode, QueryText, Structure, UnitCode, UnitQuery, one_of
from app.domain import documents
from app.domain.access import Actor
from app.domain.documents import DocumentFilter, DocumentKindView, DocumentView
from app.domain.documents.sniffing import ENDINGS
from app.web.answers import Version, answer, created, etag
from app.web.cursor import Order
from app.web.files import file_answer
from app.web.schema import Body, ClientId, IsoDate, ListQuery, Text, YesNo

router = api_router("documents")
_ORDER = by_moment("documents")
_KINDS = Order("document-kinds", (str,))
SubjectKind = Literal[
    "work", "step", "contract", "acceptance", "payment_dossier", "settlement", "progress", "clearance_household",
    "obstacle", "line", "entry", "plan", "assessment", "target", "support_model", "delivery", "visit",
]  # fmt: skip
SubjectQuery = Annotated[tuple[str, UUID], KindAndId(SubjectKind)]
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="Mã kiểm của nội dung · of the content")]
Number = Annotated[str, Text(120, least=0)]
Issuer = Annotated[str, Text(200, least=0)]
Summary = Annotated[str, Text(1000, least=0, lines=True)]
_BINARY: Final = {"type": "string", "format": "binary"}


@closed
class DocumentKind(TypedDict):
    """Loại văn bản · a kind of document."""

    code: str
    name: str
    name_en: str


@closed
class DocumentFile(TypedDict):
    """Tệp của văn bản; ảnh có thể có lúc và nơi chụp · a photo may say when and where it was taken."""

    name: str
    size: Annotated[int, Field(description="byte")]
    sha256: str
    media_type: str
    taken_at: datetime | None
    lat: float | None
    lon: float | None


@closed
class AttachedTo(TypedDict):
    """Nội dung mà văn bản được đính kèm vào · what a document is attached to."""

    kind: Annotated[str, one_of(SubjectKind)]
    id: UUID


@closed
class OfficialDocument(TypedDict):
    """Văn bản; `personal`: tệp có thông tin cá nhân, giấy tờ của hộ và mô hình hỗ trợ mặc định là vậy · its files name
    persons, as those of households and support models do by default."""

    id: UUID
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    number: str
    date: date
    issuer: str
    kind: str
    summary: str
    personal: bool
    files: list[DocumentFile]
    attached_to: list[AttachedTo]
    updated_at: datetime
    illustrative: bool


def document(v: DocumentView) -> OfficialDocument:
    return {
        "id": v.id, "unit_code": v.unit_code, "unit_structure": v.unit_structure, "number": v.number,
        "date": v.date, "issuer": v.issuer, "kind": v.kind, "summary": v.summary, "personal": v.personal,
        "files": [
            {
                "name": f.name, "size": f.size, "sha256": f.sha256, "media_type": f.media_type,
                "taken_at": f.taken_at, "lat": f.lat, "lon": f.lon,
            }
            for f in v.files
        ],
        "attached_to": [{"kind": kind, "id": id_} for kind, id_ in v.attached_to],
        "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


class DocumentQuery(UnitQuery):
    kind: Annotated[QueryCode | None, Field(description="Mã loại văn bản · code of a kind")] = None
    q: Annotated[
        QueryText | None,
        Field(description="Số, nơi ban hành, trích yếu, không cần dấu · number, issuer, summary"),
    ] = None
    subject: Annotated[
        SubjectQuery | None,
        Field(description="Đính kèm vào nội dung này · attached to this, kind:id"),
    ] = None
    number: Annotated[QueryText | None, Field(description="Đúng số này · exactly this number")] = None
    date_from: IsoDate | None = None
    date_to: IsoDate | None = None


class AttachTo(Body):
    kind: SubjectKind
    id: ClientId


class NewDocument(Body):
    """Đơn vị mặc định: của nội dung đính kèm, nếu không thì của phần mềm · by default that of what it is attached to."""

    id: ClientId
    number: Number
    date: IsoDate
    issuer: Issuer
    kind: Code
    summary: Summary = ""
    unit_code: UnitCode | None = None
    personal: YesNo = False
    uploads: Annotated[
        tuple[ClientId, ...],
        Field(max_length=documents.MOST_FILES, description="Các tệp đã gửi xong · finished uploads"),
    ] = ()
    attach_to: AttachTo | None = None


class DocumentChange(Change):
    number: Number = ""
    date: IsoDate = date.min
    issuer: Issuer = ""
    kind: Code = ""
    summary: Summary = ""
    personal: YesNo = False


class Taken(Body):
    uploads: Annotated[tuple[ClientId, ...], Field(min_length=1, max_length=documents.MOST_FILES)]


@router.get(
    "/document-kinds",
    **lists(DocumentKind, examples.DOCUMENT_KIND),
    summary="Các loại văn bản · kinds of documents",
)
@quick
def list_document_kinds(actor: Actor, query: Annotated[ListQuery, Query()]) -> Response:
    """Kinds in the catalogue's order; steps of procedures ask for them by code."""
    rows = documents.kinds(actor, updated_since=query.updated_since)
    found = slice_after(rows, lambda k: k.code, _KINDS, query)
    return paged(found, query, _kind, lambda last: _KINDS.encode(last.code))


def _kind(v: DocumentKindView) -> DocumentKind:
    return {"code": v.code, "name": v.name, "name_en": v.name_en}


@router.get(
    "/documents", **lists(OfficialDocument, examples.DOCUMENT_WHOLE), summary="Các văn bản · documents"
)
@quick
def list_documents(actor: Actor, query: Annotated[DocumentQuery, Query()]) -> Response:
    """Documents in the order in which they changed last, also by being attached or given a file."""
    wanted = DocumentFilter(**query.model_dump(exclude={"limit", "cursor"}))
    found = documents.documents(actor, wanted, after=after(_ORDER, query), limit=query.limit + 1)
    return paged(found, query, document, lambda last: _ORDER.encode(last.updated_at, last.id))


@router.get(
    "/documents/{id}",
    **shows(OfficialDocument, examples.DOCUMENT_WHOLE, etag=True),
    summary="Một văn bản · one document",
)
@quick
def get_document(actor: Actor, id: ClientId) -> Response:
    """A document with its files and what it is attached to."""
    found = documents.get(actor, id)
    return answer(document(found), etag=etag(found.version))


@router.post(
    "/documents",
    **creates(OfficialDocument, examples.NEW_DOCUMENT, examples.DOCUMENT_WHOLE, etag=True),
    summary="Ghi văn bản · record a document",
)
def create_document(actor: Actor, body: NewDocument) -> Response:
    """A document without files is fine: they can follow by `/documents/{id}/files`. `uploads` names finished
    uploads of the same client, which become its files.
    """
    new = documents.NewDocument(
        **{name: getattr(body, name) for name in type(body).model_fields if name != "attach_to"}
    )
    about = (body.attach_to.kind, body.attach_to.id) if body.attach_to is not None else None
    made, is_new = documents.create(actor, new, subject=about)
    location = f"/api/v1/documents/{made.id}"
    return created(document(made), new=is_new, etag=etag(made.version), location=location)


@router.patch(
    "/documents/{id}",
    **changes(OfficialDocument, examples.DOCUMENT_CHANGE, examples.DOCUMENT_WHOLE | examples.DOCUMENT_CHANGE),
    summary="Sửa văn bản · change a document",
)
def change_document(actor: Actor, id: ClientId, body: DocumentChange, version: Version) -> Response:
    """A done step keeps the kinds of documents that it requires (`step_documents`)."""
    with current_as(document):
        changed = documents.update(actor, id, version, body.sent())
    return answer(document(changed), etag=etag(changed.version))


_SENT: Final[dict[str, Any]] = {"example": "(nội dung tệp · bytes)", "schema": _BINARY}


@router.get(
    "/documents/{id}/files/{sha256}",
    response_class=Response,
    responses={
        200: {"description": "Nội dung tệp · the file's bytes", "content": dict.fromkeys(ENDINGS, _SENT)},
        409: {},
    },
    summary="Tải một tệp · download a file",
)
def get_file(actor: Actor, id: ClientId, sha256: Sha256) -> Response:
    """The bytes, whose checksum was verified a moment ago; 409 `file-damaged` when the disk has spoiled them. Files of
    `personal` documents only for clients admitted to personal data, each view being recorded.
    """
    found = documents.open_file(actor, id, sha256)
    return file_answer(found.path, found.file.name, found.file.media_type, sha256)


@router.post(
    "/documents/{id}/files",
    **acts(OfficialDocument, examples.DOCUMENT_WHOLE),
    openapi_extra={
        "requestBody": {
            "content": {"multipart/form-data": {"example": {"files": ["(nội dung tệp · bytes)"]}}}
        }
    },
    summary="Thêm tệp · add files",
)
def add_files(
    actor: Actor,
    id: ClientId,
    files: Annotated[list[UploadFile], File(description="Một hoặc nhiều tệp · one or more files")],
) -> Response:
    """Files are taken by their content: JPEG, PNG, WebP, PDF, DOCX, XLSX, ODT, ODS. A content that the document has
    already is not added again; if it was damaged on disk it is mended.
    """
    sent = [(file.filename or "", file.file) for file in files]
    return answer(document(documents.add_files(actor, id, sent)))


@router.post(
    "/documents/{id}/uploads",
    **acts(OfficialDocument, examples.DOCUMENT_WHOLE, {"uploads": [examples.UPLOAD["id"]]}),
    summary="Thêm tệp đã gửi từng phần · add finished uploads",
)
def add_uploads(actor: Actor, id: ClientId, body: Taken) -> Response:
    """Finished uploads of the same client become files of the document."""
    return answer(document(documents.add_files(actor, id, upload_ids=body.uploads)))


@router.delete(
    "/documents/{id}/files/{sha256}",
    **acts(OfficialDocument, examples.DOCUMENT_WHOLE),
    summary="Gỡ một tệp · take a file out",
)
def remove_file(actor: Actor, id: ClientId, sha256: Sha256) -> Response:
    """The file leaves the document; the record of changes keeps its checksum."""
    return answer(document(documents.remove_file(actor, id, sha256)))


@router.post(
    "/documents/{id}/attachments",
    **acts(OfficialDocument, examples.DOCUMENT_WHOLE, examples.ATTACHMENT),
    summary="Đính kèm · attach a document",
)
def attach(actor: Actor, id: ClientId, body: AttachTo) -> Response:
    """Attach a document to a work, a step, an entry …; sent again it changes nothing."""
    return answer(document(documents.attach(actor, id, body.kind, body.id)))


@router.delete(
    "/documents/{id}/attachments/{kind}/{subject_id}",
    **acts(OfficialDocument, examples.DOCUMENT_WHOLE),
    summary="Gỡ đính kèm · detach a document",
)
def detach(actor: Actor, id: ClientId, kind: SubjectKind, subject_id: ClientId) -> Response:
    """Take a document off; a done step keeps what it requires (`step_documents`), a verified assessment its evidence
    (`assessment_state`), a met indicator its last where one is required (`evidence_missing`).
    """
    return answer(document(documents.detach(actor, id, kind, subject_id)))
