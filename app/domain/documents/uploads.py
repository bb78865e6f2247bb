"""Files on their way: sent in pieces that can go on after a break, then taken up by a document.

What has arrived is what the row says: a piece is flushed to disk before the row counts it. Only who began an
upload sees it. What nobody takes up is dropped after a while.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import utcnow
from app.domain.access import Actor, require
from app.domain.documents import files
from app.domain.documents.files import Stored, too_large
from app.domain.documents.naming import shown_name
from app.domain.documents.sniffing import begins_well, refuse, sniff
from app.errors import Conflict, IdTaken, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.documents import Upload
from app.settings import settings

PIECE_BYTES: Final = 512 * 1024
KEPT: Final = timedelta(days=2)
MOST: Final = 100  # uploads that one actor may have on the way


class OffsetDiffers(Conflict):
    """The piece does not begin where what arrived ends; `offset` in bytes says where that is."""

    code = "upload_offset"
    title = N_("Phần tệp gửi lên không nối tiếp phần đã nhận")


@dataclass(frozen=True, slots=True)
class UploadView:
    """A file on its way; `offset` is how many of its `size` bytes have arrived."""

    id: uuid.UUID
    name: str
    size: int
    offset: int

    @property
    def complete(self) -> bool:
        return self.offset == self.size


def _path(upload_id: uuid.UUID) -> Path:
    return settings().data_dir / "uploads" / f"{upload_id}.part"


def _mine(session: Session, actor: Actor, upload_id: uuid.UUID, *, lock: bool = False) -> UploadView:
    query = sa.select(Upload.id, Upload.name, Upload.size, Upload.received).where(
        Upload.id == upload_id, Upload.owner == actor.ref
    )
    row = session.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(N_("Không có tệp gửi dở này, hoặc đã quá hạn giữ. Gửi lại tệp từ đầu."))
    return UploadView(*row)


def begin(
    actor: Actor, upload_id: uuid.UUID, name: str, size: int, *, field: str = "size"
) -> tuple[UploadView, bool]:
    """Announce a file of `size` bytes; (the upload, whether it is new). The same again goes on where it stands."""
    require(actor, "file.send")
    shown = shown_name(name)
    if size < 1:
        raise Invalid.field(field, N_("Tệp {file} rỗng."), file=shown)
    if size > settings().max_file_bytes:
        raise too_large(shown, size, field)
    try:
        return _begin(actor, upload_id, shown, size)
    except IntegrityError:
        return _begin(actor, upload_id, shown, size)  # begun twice at once


def _begin(actor: Actor, upload_id: uuid.UUID, name: str, size: int) -> tuple[UploadView, bool]:
    with db.transaction(write=True) as session:
        now = utcnow()
        late = sa.delete(Upload).where(Upload.updated_at < now - KEPT).returning(Upload.id)
        dropped = list(session.execute(late).scalars())
        standing = session.execute(
            sa.select(Upload.owner, Upload.name, Upload.size, Upload.received).where(Upload.id == upload_id)
        ).one_or_none()
        if standing is not None and (standing.owner, standing.name, standing.size) != (actor.ref, name, size):
            raise IdTaken()
        if standing is None:
            held = session.execute(
                sa.select(sa.func.count()).select_from(Upload).where(Upload.owner == actor.ref)
            ).scalar_one()
            if held >= MOST:
                raise RuleBroken(
                    "uploads",
                    N_("Đang có {held:number} tệp gửi lên chưa dùng. Ghi chúng vào văn bản hoặc hủy bớt."),
                    held=held,
                )
            session.execute(
                sa.insert(Upload).values(
                    id=upload_id, owner=actor.ref, name=name, size=size, received=0, created_at=now,
                    updated_at=now,
                )
            )  # fmt: skip
    discard(dropped)
    return UploadView(upload_id, name, size, standing.received if standing else 0), standing is None


def get(actor: Actor, upload_id: uuid.UUID) -> UploadView:
    """One's own upload. NotFound for anybody else's, and once it was taken up or dropped."""
    require(actor, "file.send")
    with db.transaction() as session:
        return _mine(session, actor, upload_id)


def mine(actor: Actor, upload_ids: Iterable[uuid.UUID]) -> list[UploadView]:
    """Those of these uploads that are one's own and complete: what a form that came back still holds."""
    require(actor, "file.send")
    with db.transaction() as session:
        query = sa.select(Upload.id, Upload.name, Upload.size, Upload.received).where(
            Upload.id.in_(list(upload_ids)), Upload.owner == actor.ref, Upload.received == Upload.size
        )
        return [UploadView(*row) for row in session.execute(query.order_by(Upload.created_at, Upload.id))]


def append(actor: Actor, upload_id: uuid.UUID, offset: int, piece: bytes) -> UploadView:
    """Add the next piece. Raises OffsetDiffers when it does not begin where what arrived ends.

    A file of a kind that is not taken is refused at its first piece where that shows, at its last in any case,
    and the upload is dropped with it.
    """
    require(actor, "file.send")
    try:
        reached = _append(actor, upload_id, offset, piece)
    except Invalid:
        _drop(actor, upload_id)
        raise
    if isinstance(reached, OffsetDiffers):
        raise reached
    return reached


def _append(actor: Actor, upload_id: uuid.UUID, offset: int, piece: bytes) -> UploadView | OffsetDiffers:
    with db.transaction(write=True) as session:
        upload = _mine(session, actor, upload_id, lock=True)
        path = _path(upload_id)
        arrived = min(upload.offset, path.stat().st_size if path.exists() else 0)
        if offset != arrived:
            if arrived != upload.offset:  # the disk lost what the row counts: go on from what is there
                _count(session, upload_id, arrived)
            message = N_("Máy chủ đã nhận {offset:number} byte; gửi tiếp từ đó.")
            return OffsetDiffers(message, offset=arrived)
        if arrived + len(piece) > upload.size:
            message = N_("Tệp {file} dài hơn {size:number} byte đã báo trước.")
            raise Invalid.field("body", message, file=upload.name, size=upload.size)
        if arrived == 0 and len(piece) >= 12 and not begins_well(piece):
            raise refuse(upload.name)
        _write(path, arrived, piece)
        after = arrived + len(piece)
        if after == upload.size:
            sniff(path, upload.name)
        _count(session, upload_id, after)
        return UploadView(upload_id, upload.name, upload.size, after)


def _count(session: Session, upload_id: uuid.UUID, received: int) -> None:
    session.execute(
        sa.update(Upload).where(Upload.id == upload_id).values(received=received, updated_at=utcnow())
    )


def _write(path: Path, offset: int, piece: bytes) -> None:
    """Write a piece at its place, over whatever a write that was never counted left there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if path.exists() else "xb") as file:
        file.truncate(offset)
        file.seek(offset)
        file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def whole(actor: Actor, name: str, source: IO[bytes], form: uuid.UUID) -> UploadView:
    """A file that a form brought in one piece, as a finished upload: a form that comes back refused still has it.

    The same file of the same form is the same upload, so that a form sent twice records once. Raises Invalid as
    `files.take` does, naming `files` and leaving nothing behind.
    """
    require(actor, "file.send")
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    if size > settings().max_file_bytes:
        raise too_large(shown_name(name), size)
    digest = hashlib.sha256()
    while piece := source.read(PIECE_BYTES):
        digest.update(piece)
    source.seek(0)
    upload, _ = begin(actor, uuid.uuid5(form, f"{digest.hexdigest()} {name}"), name, size, field="files")
    if upload.complete:
        return upload
    path = _path(upload.id)
    try:
        for offset in range(0, size, PIECE_BYTES):
            _write(path, offset, source.read(PIECE_BYTES))
        sniff(path, upload.name)
    except BaseException:
        _drop(actor, upload.id)
        raise
    with db.transaction(write=True) as session:
        _count(session, upload.id, size)
    return UploadView(upload.id, upload.name, size, size)


def drop(actor: Actor, upload_id: uuid.UUID) -> None:
    """Give an upload up. NotFound as `get`."""
    require(actor, "file.send")
    with db.transaction() as session:
        _mine(session, actor, upload_id)
    _drop(actor, upload_id)


def _drop(actor: Actor, upload_id: uuid.UUID) -> None:
    with db.transaction(write=True) as session:
        session.execute(sa.delete(Upload).where(Upload.id == upload_id, Upload.owner == actor.ref))
    discard([upload_id])


def take_up(session: Session, actor: Actor, upload_ids: Sequence[uuid.UUID]) -> list[Stored]:
    """Store finished uploads of the actor's, in the transaction that names their contents; then `discard` them.

    Raises NotFound for what is not there, Invalid for what has not arrived whole; both name `uploads`.
    """
    taken = []
    for upload_id in dict.fromkeys(upload_ids):
        try:
            upload = _mine(session, actor, upload_id, lock=True)
        except NotFound as fault:
            raise NotFound(fault.message, field="uploads") from None
        path = _path(upload_id)
        if not upload.complete or not path.exists() or path.stat().st_size != upload.size:
            message = N_("Tệp {file} chưa gửi xong. Gửi tiếp cho xong rồi ghi.")
            raise Invalid.field("uploads", message, file=upload.name)
        with path.open("rb") as content:
            taken.append(files.take(content, upload.name, field="uploads"))
        session.execute(sa.delete(Upload).where(Upload.id == upload_id))
    return taken


def forget(actor: Actor, upload_ids: Sequence[uuid.UUID]) -> None:
    """Uploads that were taken up once, sent again with the same form: nobody needs them."""
    require(actor, "file.send")
    for upload_id in upload_ids:
        _drop(actor, upload_id)


def discard(upload_ids: Iterable[uuid.UUID]) -> None:
    """Delete what uploads left on disk, once their rows are gone for good."""
    for upload_id in upload_ids:
        _path(upload_id).unlink(missing_ok=True)
