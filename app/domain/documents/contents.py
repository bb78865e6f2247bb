"""The files of a document: adding, taking out, opening one verified; views of personal ones are recorded."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.documents import uploads
from app.domain.documents.behind import keep_required, refuse_sides, touch
from app.domain.documents.files import FileView, Stored, take, verified
from app.domain.documents.views import DocumentView, files_of, one
from app.errors import Forbidden, Invalid, NotFound
from app.i18n import N_
from app.logs import request_id
from app.models.clearance import PersonalView
from app.models.documents import Document, DocumentFile

MOST_FILES: Final = 50  # of one document


def put_files(session: Session, actor: Actor, document_id: uuid.UUID, files: Sequence[Stored]) -> int:
    """Name contents as a document's files, each once; how many are new. Their names are made different."""
    standing = files_of(session, [document_id]).get(document_id, ())
    known, names = {f.sha256 for f in standing}, {f.name.lower() for f in standing}
    now, added = utcnow(), 0
    for file in files:
        if file.sha256 in known:
            continue
        known.add(file.sha256)
        name = _unlike(file.name, names)
        names.add(name.lower())
        session.execute(
            sa.insert(DocumentFile).values(
                document_id=document_id, name=name, size=file.size, sha256=file.sha256,
                media_type=file.media_type, taken_at=file.taken_at, lat=file.lat, lon=file.lon, created_at=now,
                created_by=actor.ref,
            )
        )  # fmt: skip
        added += 1
    if len(known) > MOST_FILES:
        raise Invalid.field("files", N_("Nhiều nhất {most:number} tệp một văn bản."), most=MOST_FILES)
    return added


def _unlike(name: str, taken: set[str]) -> str:
    stem, _, ending = name.rpartition(".")
    number, free = 1, name
    while free.lower() in taken:
        number += 1
        free = f"{stem} ({number}).{ending}"
    return free


def add_files(
    actor: Actor,
    document_id: uuid.UUID,
    sent: Sequence[tuple[str, IO[bytes]]] = (),
    upload_ids: Sequence[uuid.UUID] = (),
) -> DocumentView:
    """Add files to a document: `sent` as (name, content), or finished uploads of the actor's.

    A content that it has already is not added twice, but mended if it was damaged. What proves something is its
    side's alone (`refuse_side`).
    """
    require(actor, "document.edit")
    with db.transaction() as session:
        refuse_sides(session, actor, one(session, actor, document_id))  # before anything is stored
    files = [take(content, name) for name, content in sent]
    with db.transaction(write=True) as session:
        document = one(session, actor, document_id)
        refuse_sides(session, actor, document)
        added = put_files(
            session, actor, document_id, [*files, *uploads.take_up(session, actor, tuple(upload_ids))]
        )
        if added:
            _touch(session, document_id)
            audit.record(
                session, actor, "document.add_files", "document", document_id, document.unit_id, files=added
            )
        document = one(session, actor, document_id)
    uploads.discard(upload_ids)
    return document


def _touch(session: Session, document_id: uuid.UUID) -> None:
    session.execute(sa.update(Document).where(Document.id == document_id).values(updated_at=utcnow()))


def remove_file(actor: Actor, document_id: uuid.UUID, sha256: str) -> DocumentView:
    """Take a file out of a document; the record keeps its checksum, the disk its content.

    RuleBroken `directive_state` for the proof of a directive that was reported, `inspection_state` for the evidence of
    an inspection that was concluded: without its files it proves nothing; see `refuse_side` for the other side's.
    """
    require(actor, "document.edit")
    with db.transaction(write=True) as session:
        document = one(session, actor, document_id)
        refuse_sides(session, actor, document)
        for kind, id_ in document.attached_to:
            if kind in ("directive", "inspection", "finding"):
                touch(session, kind, id_)
                keep_required(session, kind, id_, document_id, document.kind)
        gone = session.execute(
            sa.delete(DocumentFile)
            .where(DocumentFile.document_id == document_id, DocumentFile.sha256 == sha256)
            .returning(DocumentFile.id)
        ).scalar_one_or_none()
        if gone is None:
            raise NotFound()
        _touch(session, document_id)
        audit.record(
            session, actor, "document.remove_file", "document", document_id, document.unit_id, sha256=sha256
        )
        return one(session, actor, document_id)


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that may be sent: its content was verified a moment ago."""

    path: Path
    file: FileView
    document: DocumentView = field(repr=False)


def open_file(actor: Actor, document_id: uuid.UUID, sha256: str) -> OpenFile:
    """A document's file, verified. Files that name persons open for who may see them, and each view is recorded.

    Raises NotFound, Forbidden, FileDamaged.
    """
    require(actor, "read")
    with db.transaction() as session:
        document = one(session, actor, document_id)
    found = next((f for f in document.files if f.sha256 == sha256), None)
    if found is None:
        raise NotFound()
    if document.personal and not actor.sees_people:
        raise Forbidden(
            N_("Tệp này có thông tin cá nhân, chỉ mở cho người được giao xử lý. Dòng văn bản vẫn xem được.")
        )
    path = verified(sha256, found.name)
    if document.personal:
        _record_view(actor, document)
    return OpenFile(path, found, document)


def _record_view(actor: Actor, document: DocumentView) -> None:
    """Every view of personal data is on record before it is shown."""
    with db.transaction(write=True) as session:
        session.execute(
            sa.insert(PersonalView).values(
                at=utcnow(), actor=actor.ref, unit_id=document.unit_id, subject_kind="document",
                subject_id=str(document.id), people=1, purpose="document.file", request_id=request_id.get(),
            )
        )  # fmt: skip
