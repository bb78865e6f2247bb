"""Attaching documents to works, steps, contracts, entries and whatever else they prove."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import utcnow
from app.db import insert_ignoring
from app.domain import audit
from app.domain.access import Actor, in_scope, require
from app.domain.documents import subjects
from app.domain.documents.behind import keep_required, refuse_side, touch
from app.domain.documents.rights import require_attach
from app.domain.documents.subjects import SubjectView
from app.domain.documents.views import DocumentView, document_views, one
from app.errors import NotFound
from app.i18n import N_
from app.models.documents import Attachment, Document

Subject = tuple[str, uuid.UUID]


def attached(session: Session, kind: str, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[DocumentView]]:
    """Documents attached to each of these things of one kind, by date; four statements, whatever their number."""
    found: dict[uuid.UUID, list[DocumentView]] = {id_: [] for id_ in ids}
    if not found:
        return found
    links = session.execute(
        sa.select(Attachment.subject_id, Attachment.document_id).where(
            Attachment.subject_kind == kind, Attachment.subject_id.in_(list(found))
        )
    ).all()
    if not links:
        return found
    documents = document_views(session, [Document.id.in_({document for _, document in links})])
    of = {(subject, document) for subject, document in links}
    for document in documents:
        for subject_id in {subject for subject, id_ in of if id_ == document.id}:
            found[subject_id].append(document)
    return found


def set_attached(
    session: Session,
    actor: Actor,
    kind: str,
    subject_id: uuid.UUID,
    unit_id: int,
    document_ids: Sequence[uuid.UUID],
    field: str = "documents",
) -> None:
    """Attach exactly these documents to a thing, in the caller's transaction, which has looked at its rights.

    NotFound names `field` when a document is not in the actor's scope, unless a unit above attached it; the audit row
    stands at `unit_id`.
    """
    wanted = list(dict.fromkeys(document_ids))
    standing = set(
        session.execute(
            sa.select(Attachment.document_id).where(
                Attachment.subject_kind == kind, Attachment.subject_id == subject_id
            )
        ).scalars()
    )
    gone, new = standing - set(wanted), [d for d in wanted if d not in standing]
    _in_scope(session, actor, new, field)
    if gone:
        session.execute(
            sa.delete(Attachment).where(
                Attachment.subject_kind == kind, Attachment.subject_id == subject_id,
                Attachment.document_id.in_(gone),
            )
        )  # fmt: skip
    _link(session, actor, kind, subject_id, new)
    _tell(session, actor, kind, subject_id, unit_id, new, sorted(gone))


def add(
    session: Session,
    actor: Actor,
    kind: str,
    subject_id: uuid.UUID,
    document_ids: Sequence[uuid.UUID],
    field: str = "documents",
    *,
    unit_id: int | None = None,
) -> None:
    """Attach these documents beside those that are, in the caller's transaction; see `set_attached`."""
    wanted = list(dict.fromkeys(document_ids))
    _in_scope(session, actor, wanted, field)
    _link(session, actor, kind, subject_id, wanted)
    _tell(session, actor, kind, subject_id, actor.unit_id if unit_id is None else unit_id, wanted, [])


def _in_scope(session: Session, actor: Actor, ids: Sequence[uuid.UUID], field: str) -> None:
    if not ids:
        return
    query = sa.select(Document.id).where(Document.id.in_(ids), in_scope(actor, Document.unit_id))
    if len(session.execute(query).all()) < len(ids):
        raise NotFound(N_("Có văn bản không tồn tại hoặc ngoài phạm vi của bạn."), field=field)


def _link(session: Session, actor: Actor, kind: str, subject_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> None:
    now = utcnow()
    insert_ignoring(
        session,
        Attachment.__table__,  # type: ignore[arg-type]  # a mapped class's table is a Table
        [
            {
                "document_id": id_, "subject_kind": kind, "subject_id": subject_id, "created_at": now,
                "created_by": actor.ref,
            }
            for id_ in ids
        ],
    )  # fmt: skip
    if kind in subjects.OF_PERSONS:
        _close(session, actor, ids)


def _close(session: Session, actor: Actor, ids: Sequence[uuid.UUID]) -> None:
    """What comes to prove something of persons is for those who may see them, though it was recorded open."""
    closed = sa.update(Document).where(Document.id.in_(ids), sa.not_(Document.personal))
    changed = closed.values(personal=True, version=Document.version + 1).returning(
        Document.id, Document.unit_id
    )
    for id_, unit_id in session.execute(changed).all() if ids else ():
        audit.record(session, actor, "document.update", "document", id_, unit_id, personal=True)


def _tell(
    session: Session,
    actor: Actor,
    kind: str,
    subject_id: uuid.UUID,
    unit_id: int,
    new: Sequence[uuid.UUID],
    gone: Sequence[uuid.UUID],
) -> None:
    changed = [*new, *gone]
    if not changed:
        return
    # Followers of changes see the document again: what it is attached to is a part of it.
    session.execute(sa.update(Document).where(Document.id.in_(changed)).values(updated_at=utcnow()))
    for verb, ids in (("attach", new), ("detach", gone)):
        for id_ in ids:
            audit.record(
                session, actor, f"document.{verb}", "document", id_, unit_id, about=f"{kind}:{subject_id}"
            )


def attach(actor: Actor, document_id: uuid.UUID, kind: str, subject_id: uuid.UUID) -> DocumentView:
    """Attach a document to a thing; again changes nothing."""
    require_attach(actor, kind)
    with db.transaction(write=True) as session:
        document = one(session, actor, document_id)
        about = subjects.subject(session, actor, kind, subject_id, field="id")
        if (kind, subject_id) not in document.attached_to:
            refuse_side(session, actor, kind, subject_id)
            touch(session, kind, subject_id)
            add(session, actor, kind, subject_id, [document_id], unit_id=about.unit_id)
        return one(session, actor, document_id)


def detach(actor: Actor, document_id: uuid.UUID, kind: str, subject_id: uuid.UUID) -> DocumentView:
    """Take a document off a thing. A done step keeps what it requires (RuleBroken `step_documents`), an indicator that
    is met its evidence (`evidence_missing`), an assessment that was verified all of it (`assessment_state`), a directive
    that was reported its proof (`directive_state`), an inspection that was concluded its evidence
    (`inspection_state`)."""
    require_attach(actor, kind)
    with db.transaction(write=True) as session:
        document = one(session, actor, document_id)
        if (kind, subject_id) not in document.attached_to:
            raise NotFound()
        refuse_side(session, actor, kind, subject_id)
        touch(session, kind, subject_id)
        keep_required(session, kind, subject_id, document_id, document.kind)
        session.execute(
            sa.delete(Attachment).where(
                Attachment.document_id == document_id, Attachment.subject_kind == kind,
                Attachment.subject_id == subject_id,
            )
        )  # fmt: skip
        _tell(session, actor, kind, subject_id, document.unit_id, [], [document_id])
        return one(session, actor, document_id)


def documents_of(actor: Actor, kind: str, subject_id: uuid.UUID) -> list[DocumentView]:
    """Documents attached to one thing in the actor's scope, by date."""
    require(actor, "read")
    with db.transaction() as session:
        subjects.subject(session, actor, kind, subject_id)
        return attached(session, kind, [subject_id])[subject_id]


def named_subject(actor: Actor, kind: str, subject_id: uuid.UUID) -> SubjectView:
    """What a document is to be attached to, by name; NotFound out of scope."""
    require(actor, "read")
    with db.transaction() as session:
        return subjects.subject(session, actor, kind, subject_id)


def attached_to(actor: Actor, document: DocumentView) -> list[SubjectView]:
    """What a document is attached to, by name, as far as the actor may see it."""
    require(actor, "read")
    with db.transaction() as session:
        found = subjects.subjects(session, actor, document.attached_to)
    return [found[key] for key in document.attached_to if key in found]


@dataclass(frozen=True, slots=True)
class OfWork:
    """A document of a work, with what in the work it is attached to."""

    document: DocumentView
    about: list[SubjectView]


def of_work(
    session: Session, actor: Actor, work_id: uuid.UUID
) -> list[tuple[DocumentView, Sequence[Subject]]]:
    """Documents of a work, its steps, contracts, entries …, by date, each with what in the work has it."""
    keys = set(subjects.of_work(session, work_id))
    linked: dict[uuid.UUID, list[Subject]] = {}
    query = sa.select(Attachment.document_id, Attachment.subject_kind, Attachment.subject_id).where(
        Attachment.subject_id.in_({id_ for _, id_ in keys})
    )
    for document_id, kind, subject_id in session.execute(query):
        if (kind, subject_id) in keys:
            linked.setdefault(document_id, []).append((kind, subject_id))
    if not linked:
        return []
    found = document_views(session, [Document.id.in_(list(linked)), in_scope(actor, Document.unit_id)])
    return [(document, linked[document.id]) for document in found]


def documents_of_work(actor: Actor, work_id: uuid.UUID) -> list[OfWork]:
    """Every document of a work, with the names of what in it has it."""
    require(actor, "read")
    with db.transaction() as session:
        subjects.subject(session, actor, "work", work_id)
        found = of_work(session, actor, work_id)
        names = subjects.subjects(session, actor, {key for _, keys in found for key in keys})
    return [OfWork(document, [names[key] for key in keys if key in names]) for document, keys in found]
