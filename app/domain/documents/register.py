"""The register of documents: recording one with its files, finding, changing, opening a file."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, in_scope, require, under
from app.domain.documents import subjects, uploads
from app.domain.documents.behind import keep_required, refuse_side, refuse_sides, touch
from app.domain.documents.contents import MOST_FILES, put_files
from app.domain.documents.files import Stored
from app.domain.documents.rights import require_attach
from app.domain.documents.views import DocumentView, attachments_of, document_views, one
from app.domain.ledger.entries import hash_body
from app.domain.territory import resolve
from app.errors import FieldError, Forbidden, IdTaken, Invalid, NotFound, Stale
from app.i18n import N_
from app.models.documents import Attachment, Document, DocumentKind
from app.text import fold

EDITABLE: Final = ("number", "date", "issuer", "kind", "summary", "personal")


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document as it is recorded. Its unit: `unit_code`, else that of what it is attached to, else the actor's.

    `personal`: its files name persons. `uploads` are finished uploads of the same actor, taken up as files.
    """

    id: uuid.UUID
    number: str
    date: date
    issuer: str
    kind: str
    summary: str = ""
    unit_code: str | None = None
    personal: bool = False
    uploads: tuple[uuid.UUID, ...] = ()

    def body_hash(self, files: Sequence[Stored], subject: tuple[str, uuid.UUID] | None) -> str:
        parts = [getattr(self, name) for name in self.__slots__]
        return hash_body(*parts, *(f.sha256 for f in files), *(subject or ()))


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What a list of documents is narrowed to; None leaves it open. `subject` is (kind, id); dates of the document."""

    unit: str | None = None
    kind: str | None = None
    q: str | None = None
    subject: tuple[str, uuid.UUID] | None = None
    number: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    updated_since: datetime | None = None
    year: int | None = None
    as_of: date | None = None


def _conditions(session: Session, actor: Actor, wanted: DocumentFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield in_scope(actor, Document.unit_id)
    if wanted.unit is not None:
        unit = resolve(session, actor, wanted.unit, as_of=wanted.as_of, year=wanted.year)
        yield under(unit.id, Document.unit_id)
    if wanted.kind is not None:
        yield Document.kind == wanted.kind
    if wanted.number is not None:
        yield Document.number == wanted.number
    for word in fold(wanted.q or "").split():
        yield Document.search.contains(word, autoescape=True)
    if wanted.subject is not None:
        kind, id_ = wanted.subject
        subjects.subject(session, actor, kind, id_)
        yield Document.id.in_(
            sa.select(Attachment.document_id).where(
                Attachment.subject_kind == kind, Attachment.subject_id == id_
            )
        )
    if wanted.date_from is not None:
        yield Document.date >= wanted.date_from
    if wanted.date_to is not None:
        yield Document.date <= wanted.date_to
    if wanted.updated_since is not None:
        yield Document.updated_at >= wanted.updated_since


def documents(
    actor: Actor,
    wanted: DocumentFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    newest_first: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[DocumentView]:
    """Documents in the order in which they changed last (`after`: the last one seen), or by date for people."""
    require(actor, "read")
    with db.transaction() as session:
        conditions = list(_conditions(session, actor, wanted))
        if after is not None:
            conditions.append(db.past(Document.updated_at, Document.id, after))
        order = (
            (Document.date.desc(), Document.created_at.desc(), Document.id)
            if newest_first
            else (Document.updated_at, Document.id)
        )
        return document_views(session, conditions, order=order, offset=offset, limit=limit)


def count(actor: Actor, wanted: DocumentFilter) -> int:
    """How many documents a filter leaves."""
    require(actor, "read")
    with db.transaction() as session:
        query = sa.select(sa.func.count()).select_from(Document).where(*_conditions(session, actor, wanted))
        return session.execute(query).scalar_one()


def get(actor: Actor, document_id: uuid.UUID) -> DocumentView:
    """One document; NotFound outside the actor's scope."""
    require(actor, "read")
    with db.transaction() as session:
        return one(session, actor, document_id)


def alike(
    actor: Actor, unit_code: str | None, number: str, on: date, issuer: str, *, but: uuid.UUID | None = None
) -> list[DocumentView]:
    """Documents of the same number, date and issuer in a unit (by default the actor's): perhaps the same paper."""
    require(actor, "read")
    if not number.strip():
        return []
    with db.transaction() as session:
        unit_id = resolve(session, actor, unit_code).id if unit_code else actor.unit_id
        conditions = [
            Document.unit_id == unit_id, Document.number == number.strip(), Document.date == on,
            Document.issuer == issuer.strip(), Document.id != but,
        ]  # fmt: skip
        return document_views(session, conditions, limit=5)


def create(
    actor: Actor,
    new: NewDocument,
    files: Sequence[Stored] = (),
    subject: tuple[str, uuid.UUID] | None = None,
    *,
    illustrative: bool = False,
) -> tuple[DocumentView, bool]:
    """Record a document with its files, attached to `subject`; (the document, whether it is new).

    The same body again gives back the same row; another body under its id raises IdTaken. A document without
    files is fine: its paper may be on its way.
    """
    require_attach(actor, subject[0] if subject is not None else None)
    _check({name: getattr(new, name) for name in EDITABLE})
    if len(files) + len(new.uploads) > MOST_FILES:
        raise Invalid.field("files", N_("Nhiều nhất {most:number} tệp một văn bản."), most=MOST_FILES)
    try:
        made, is_new = _create(actor, new, files, subject, illustrative)
    except IntegrityError:
        made, is_new = _create(actor, new, files, subject, illustrative)  # somebody has just made it
    if is_new:
        uploads.discard(new.uploads)
    else:
        uploads.forget(actor, new.uploads)
    return made, is_new


def _create(
    actor: Actor,
    new: NewDocument,
    files: Sequence[Stored],
    subject: tuple[str, uuid.UUID] | None,
    illustrative: bool,
) -> tuple[DocumentView, bool]:
    with db.transaction(write=True) as session:
        return put(session, actor, new, files, subject, illustrative=illustrative)


def put(
    session: Session,
    actor: Actor,
    new: NewDocument,
    files: Sequence[Stored] = (),
    subject: tuple[str, uuid.UUID] | None = None,
    *,
    illustrative: bool = False,
) -> tuple[DocumentView, bool]:
    """`create` in the transaction of whoever has looked at the rights and discards the uploads afterwards."""
    body = new.body_hash(files, subject)
    stored = session.execute(sa.select(Document.body_hash).where(Document.id == new.id)).scalar_one_or_none()
    if stored is not None:
        if stored != body:
            raise IdTaken()
        return one(session, actor, new.id), False
    about = subjects.subject(session, actor, *subject) if subject is not None else None
    unit_id = about.unit_id if about is not None else actor.unit_id
    if new.unit_code is not None:
        unit_id = resolve(session, actor, new.unit_code, field="unit_code").id
    _known_kind(session, new.kind)
    if about is not None:
        refuse_side(session, actor, about.kind, about.id)
        touch(session, about.kind, about.id)
    now = utcnow()
    session.execute(
        sa.insert(Document).values(
            {name: getattr(new, name) for name in EDITABLE}
            | {
                "personal": new.personal or (about is not None and about.of_persons),
                "id": new.id, "body_hash": body, "created_at": now, "created_by": actor.ref, "version": 1,
                "updated_at": now, "unit_id": unit_id, "illustrative": illustrative, "search": _search(new),
            }
        )
    )  # fmt: skip
    put_files(session, actor, new.id, [*files, *uploads.take_up(session, actor, new.uploads)])
    if about is not None:
        session.execute(
            sa.insert(Attachment).values(
                document_id=new.id, subject_kind=about.kind, subject_id=about.id, created_at=now,
                created_by=actor.ref,
            )
        )  # fmt: skip
    facts = {"about": f"{about.kind}:{about.id}"} if about is not None else {}
    audit.record(
        session, actor, "document.create", "document", new.id, unit_id, number=new.number, kind=new.kind,
        files=len(files) + len(new.uploads), **facts,
    )  # fmt: skip
    return one(session, actor, new.id), True


def _search(document: Any) -> str:
    return fold(f"{document.number} {document.issuer} {document.summary}")


def _known_kind(session: Session, code: str) -> None:
    if session.execute(sa.select(DocumentKind.code).where(DocumentKind.code == code)).first() is None:
        raise NotFound(N_("Không có loại văn bản {code}."), field="kind", code=code)


def _check(values: dict[str, Any]) -> None:
    faults = []
    day = values["date"]
    if day > today():
        message = N_("Ngày văn bản không được sau hôm nay {today:date}.")
        faults.append(FieldError("date", message, {"today": today()}))
    elif day.year < 1945:
        faults.append(FieldError("date", N_("Ngày văn bản không trước năm 1945.")))
    if values["kind"] != "photo" and not values["number"].strip() and not values["summary"].strip():
        faults.append(FieldError("number", N_("Ghi số văn bản, hoặc trích yếu nếu văn bản không có số.")))
    if faults:
        raise Invalid(*faults)


def update(actor: Actor, document_id: uuid.UUID, version: int, changes: dict[str, Any]) -> DocumentView:
    """Change what is said of a document, under the names of NewDocument. Raises Stale when somebody did since.

    A done step keeps the kinds of documents that it requires (RuleBroken `step_documents`). That a document names
    persons is taken back by those alone who may see them (Forbidden). What proves something is its side's alone
    (`refuse_side`).
    """
    require(actor, "document.edit")
    with db.transaction(write=True) as session:
        document = one(session, actor, document_id)
        if document.version != version:
            raise Stale(document)
        values = {name: changes[name] for name in EDITABLE if name in changes}
        if not values:
            return document
        refuse_sides(session, actor, document)
        if document.personal and not values.get("personal", True) and not actor.sees_people:
            raise Forbidden(
                N_("Văn bản này có thông tin cá nhân: chỉ người được xem thông tin đó bỏ được dấu này.")
            )
        _check({name: getattr(document, name) for name in EDITABLE} | values)
        if values.get("kind", document.kind) != document.kind:
            _known_kind(session, values["kind"])
            for kind, id_ in sorted(attachments_of(session, [document_id]).get(document_id, ())):
                if kind == "step":
                    touch(session, kind, id_)
                    keep_required(session, kind, id_, document_id, document.kind)
        wording = replace(document, **values)
        changed = session.execute(
            sa.update(Document)
            .where(Document.id == document_id, Document.version == version)
            .values(**values, search=_search(wording), version=version + 1, updated_at=utcnow())
            .returning(Document.id)
        ).scalar_one_or_none()
        if changed is None:
            raise Stale(one(session, actor, document_id))
        # A summary may name persons; the record of changes never does.
        facts = {name: value for name, value in values.items() if name != "summary"}
        audit.record(session, actor, "document.update", "document", document_id, document.unit_id, **facts)
        return one(session, actor, document_id)
