"""Documents as people and clients see them: rows with their files and what they are attached to."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.access import Actor, in_scope
from app.domain.documents.files import FileView
from app.errors import NotFound
from app.models.documents import Attachment, Document, DocumentFile, DocumentKind
from app.models.territory import Unit


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with its files and what it is attached to, as (kind, id)."""

    id: uuid.UUID
    number: str
    date: date
    issuer: str
    kind: str
    kind_name: str
    kind_name_en: str
    summary: str
    personal: bool
    unit_id: int
    unit_code: str
    unit_structure: str
    unit_name: str
    illustrative: bool
    version: int
    updated_at: datetime
    created_at: datetime
    created_by: str
    files: tuple[FileView, ...] = ()
    attached_to: tuple[tuple[str, uuid.UUID], ...] = ()

    @property
    def title(self) -> str:
        """What names it in a list: its number, else its summary, else its kind."""
        return self.number or self.summary or self.kind_name


_COLUMNS: Final[tuple[Any, ...]] = (
    Document.id, Document.number, Document.date, Document.issuer, Document.kind, DocumentKind.name,
    DocumentKind.name_en, Document.summary, Document.personal, Document.unit_id, Unit.code, Unit.structure,
    Unit.name, Document.illustrative, Document.version, Document.updated_at, Document.created_at,
    Document.created_by,
)  # fmt: skip


def document_views(
    session: Session,
    conditions: Sequence[sa.ColumnElement[bool]],
    *,
    order: Sequence[Any] = (Document.date, Document.created_at, Document.id),
    offset: int = 0,
    limit: int | None = None,
) -> list[DocumentView]:
    """Documents under conditions, whole: three statements, whatever their number."""
    query = (
        sa.select(*_COLUMNS)
        .select_from(Document)
        .join(DocumentKind, DocumentKind.code == Document.kind)
        .join(Unit, Unit.id == Document.unit_id)
        .where(*conditions)
        .order_by(*order)
        .offset(offset)
        .limit(limit)
    )
    rows = [DocumentView(*list(row)) for row in session.execute(query)]
    if not rows:
        return []
    ids = [row.id for row in rows]
    files, attachments = files_of(session, ids), attachments_of(session, ids)
    return [
        replace(row, files=files.get(row.id, ()), attached_to=attachments.get(row.id, ())) for row in rows
    ]


def files_of(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[FileView, ...]]:
    """Each document's files, in the order in which they were added."""
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            DocumentFile.document_id, DocumentFile.name, DocumentFile.size, DocumentFile.sha256,
            DocumentFile.media_type, DocumentFile.taken_at, DocumentFile.lat, DocumentFile.lon,
        )
        .where(DocumentFile.document_id.in_(ids))
        .order_by(DocumentFile.document_id, DocumentFile.id)
    )  # fmt: skip
    found: dict[uuid.UUID, tuple[FileView, ...]] = {}
    for row in session.execute(query):
        found[row[0]] = (*found.get(row[0], ()), FileView(*list(row)[1:]))
    return found


def attachments_of(
    session: Session, ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, tuple[tuple[str, uuid.UUID], ...]]:
    """What each document is attached to, in the order in which it was."""
    query = (
        sa.select(Attachment.document_id, Attachment.subject_kind, Attachment.subject_id)
        .where(Attachment.document_id.in_(ids))
        .order_by(Attachment.created_at, Attachment.subject_kind, Attachment.subject_id)
    )
    found: dict[uuid.UUID, tuple[tuple[str, uuid.UUID], ...]] = {}
    for document_id, kind, subject_id in session.execute(query):
        found[document_id] = (*found.get(document_id, ()), (kind, subject_id))
    return found


def one(session: Session, actor: Actor, document_id: uuid.UUID, *, field: str | None = None) -> DocumentView:
    """A document in the transaction of whoever asks."""
    found = document_views(session, [Document.id == document_id, in_scope(actor, Document.unit_id)])
    if not found:
        raise NotFound(field=field)
    return found[0]
