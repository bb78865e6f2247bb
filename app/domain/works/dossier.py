"""The dossier of a work: every document attached to it, in the order of its procedure, and what is missing."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain import audit, personal
from app.domain.access import Actor, require
from app.domain.documents import files
from app.domain.works import readiness, steps
from app.domain.works.readiness import Missing
from app.domain.works.register import WorkView, one
from app.domain.works.steps import StepView
from app.errors import Fault
from app.i18n import N_, Message
from app.models.clearance import ClearanceHousehold
from app.models.documents import Attachment, Document, DocumentFile, DocumentKind
from app.models.ledger import BudgetLine, LedgerEntry
from app.models.procedures import WorkStep
from app.models.progress import Obstacle, ProgressReport
from app.models.works import Acceptance, Contract, PaymentDossier, Settlement

# What follows the steps, in the order in which a work runs; each with the words of its section.
_AFTER_STEPS: Final = {
    "contract": N_("Hợp đồng"),
    "clearance_household": N_("Giải phóng mặt bằng: từng hộ"),
    "acceptance": N_("Nghiệm thu khối lượng"),
    "payment_dossier": N_("Hồ sơ thanh toán"),
    "entry": N_("Chứng từ kế toán"),
    "line": N_("Dòng vốn"),
    "progress": N_("Tiến độ, ảnh hiện trường"),
    "obstacle": N_("Vướng mắc"),
    "settlement": N_("Quyết toán"),
    "work": N_("Văn bản khác của công trình"),
}


@dataclass(frozen=True, slots=True)
class DossierFile:
    """`size` in bytes; `withheld` and `damaged` say why the dossier cannot bring it."""

    name: str
    size: int
    sha256: str
    media_type: str
    withheld: bool = False
    damaged: bool = False

    @property
    def brought(self) -> bool:
        return not (self.withheld or self.damaged)


@dataclass(frozen=True, slots=True)
class DossierDocument:
    id: uuid.UUID
    number: str
    date: date
    issuer: str
    kind: str
    kind_name: str
    kind_name_en: str
    summary: str
    personal: bool
    files: tuple[DossierFile, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A step with its documents, or what follows the steps. `lacks`: (name, English name) of kinds not there."""

    title: str | Message
    title_en: str | None
    step: StepView | None
    documents: tuple[DossierDocument, ...]
    lacks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    work: WorkView
    sections: tuple[Section, ...]
    missing: tuple[Missing, ...]

    @property
    def documents(self) -> list[DossierDocument]:
        return [document for section in self.sections for document in section.documents]

    @property
    def files(self) -> list[DossierFile]:
        return [file for document in self.documents for file in document.files]


def dossier(actor: Actor, work_id: uuid.UUID) -> Dossier:
    """Everything of a work; NotFound out of scope. Each document stands once, where it comes first."""
    require(actor, "read")
    with db.snapshot() as session:
        work = one(session, actor, work_id)
        of_work = steps.steps_of(session, [work_id]).get(work_id, [])
        found = _documents(session, actor, work_id)
        kinds = {
            k: (n, e)
            for k, n, e in session.execute(
                sa.select(DocumentKind.code, DocumentKind.name, DocumentKind.name_en)
            )
        }
        missing = readiness.missing_of(session, [work]).get(work_id, ())
    return Dossier(work, tuple(_sections(of_work, found, kinds)), missing)


def to_download(actor: Actor, work_id: uuid.UUID) -> tuple[Dossier, dict[str, Path]]:
    """The dossier and where each of its files stands, every one checked against its checksum.

    What is damaged on disk is named in the dossier and left out. Taking it out is recorded, and so is that it
    shows persons.
    """
    whole = dossier(actor, work_id)
    paths: dict[str, Path] = {}
    for file in whole.files:
        if not file.withheld and file.sha256 not in paths:
            try:
                paths[file.sha256] = files.verified(file.sha256)
            except Fault:
                continue  # told by name in the index
    shown = sum(d.personal and any(not f.withheld for f in d.files) for d in whole.documents)
    with db.transaction(write=True) as session:
        unit_id = whole.work.owner_unit_id
        audit.record(session, actor, "work.dossier", "work", work_id, unit_id, files=len(paths))
        if shown:
            personal.record_views(session, actor, unit_id, "work", work_id, shown, N_("Tải hồ sơ công trình"))
    return _without(whole, paths.keys()), paths


def _without(whole: Dossier, there: Iterable[str]) -> Dossier:
    """The same dossier, files that are not there marked as damaged."""
    known = set(there)

    def checked(document: DossierDocument) -> DossierDocument:
        marked = tuple(replace(f, damaged=not f.withheld and f.sha256 not in known) for f in document.files)
        return replace(document, files=marked)

    sections = tuple(replace(s, documents=tuple(map(checked, s.documents))) for s in whole.sections)
    return replace(whole, sections=sections)


def _sections(
    of_work: list[StepView],
    found: Mapping[tuple[str, uuid.UUID], list[DossierDocument]],
    kinds: Mapping[str, tuple[str, str]],
) -> Iterator[Section]:
    seen: set[uuid.UUID] = set()

    def fresh(documents: Iterable[DossierDocument]) -> tuple[DossierDocument, ...]:
        new = [d for d in documents if d.id not in seen]
        seen.update(d.id for d in new)
        return tuple(dict.fromkeys(new))

    for step in _in_order(of_work):
        documents = found.get(("step", step.id), [])
        there = {d.kind for d in documents}
        lacks = (
            ()
            if step.status == "waived"
            else tuple(kinds[k] for k in step.required_documents if k not in there)
        )
        yield Section(step.name, step.name_en, step, fresh(documents), lacks)
    for kind, title in _AFTER_STEPS.items():
        rest = fresh(d for (k, _), many in found.items() if k == kind for d in many)
        if rest:
            yield Section(Message(title), None, None, rest)


def _in_order(of_work: list[StepView]) -> Iterator[StepView]:
    """The procedure's steps; those of site clearance stand after the step that they belong to."""
    inner = [s for s in of_work if s.track == "clearance"]
    for step in (s for s in of_work if s.track == "main"):
        yield step
        if step.code == "clearance":
            yield from inner
            inner = []
    yield from inner


def _subjects(work_id: uuid.UUID) -> sa.CompoundSelect[Any]:
    """(kind, id) of everything of a work that documents may be attached to."""

    def rows(kind: str, id_: Any, *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
        return sa.select(sa.literal(kind).label("kind"), id_.label("id")).where(*where)

    contracts = sa.select(Contract.id).where(Contract.work_id == work_id)
    lines = sa.select(BudgetLine.id).where(BudgetLine.work_id == work_id)
    return sa.union_all(
        sa.select(sa.literal("work").label("kind"), sa.literal(work_id, sa.Uuid).label("id")),
        rows("step", WorkStep.id, WorkStep.work_id == work_id),
        rows("contract", Contract.id, Contract.work_id == work_id),
        rows("clearance_household", ClearanceHousehold.id, ClearanceHousehold.work_id == work_id),
        rows("acceptance", Acceptance.id, Acceptance.contract_id.in_(contracts)),
        rows("payment_dossier", PaymentDossier.id, PaymentDossier.contract_id.in_(contracts)),
        rows("line", BudgetLine.id, BudgetLine.work_id == work_id),
        rows("entry", LedgerEntry.id, LedgerEntry.budget_line_id.in_(lines)),
        rows("progress", ProgressReport.id, ProgressReport.work_id == work_id),
        rows("obstacle", Obstacle.id, Obstacle.work_id == work_id),
        rows("settlement", Settlement.id, Settlement.work_id == work_id),
    )


def _documents(
    session: Session, actor: Actor, work_id: uuid.UUID
) -> dict[tuple[str, uuid.UUID], list[DossierDocument]]:
    """Documents by what they are attached to, each list by date."""
    subjects = _subjects(work_id).subquery()
    attached = session.execute(
        sa.select(
            Attachment.subject_kind, Attachment.subject_id, Document, DocumentKind.name, DocumentKind.name_en
        )
        .join(
            subjects,
            sa.and_(subjects.c.kind == Attachment.subject_kind, subjects.c.id == Attachment.subject_id),
        )
        .join(Document, Document.id == Attachment.document_id)
        .join(DocumentKind, DocumentKind.code == Document.kind)
        .order_by(Document.date, Document.number, Document.id)
    ).all()
    own: dict[uuid.UUID, list[DossierFile]] = defaultdict(list)
    ids = {document.id for _, _, document, _, _ in attached}
    withheld = {
        document.id for _, _, document, _, _ in attached if document.personal and not actor.sees_people
    }
    query = (
        sa.select(
            DocumentFile.document_id,
            DocumentFile.name,
            DocumentFile.size,
            DocumentFile.sha256,
            DocumentFile.media_type,
        )
        .where(DocumentFile.document_id.in_(ids))
        .order_by(DocumentFile.id)
    )
    for document_id, name, size, sha256, media_type in session.execute(query):
        own[document_id].append(DossierFile(name, size, sha256, media_type, withheld=document_id in withheld))
    result: dict[tuple[str, uuid.UUID], list[DossierDocument]] = defaultdict(list)
    for kind, subject_id, d, name, name_en in attached:
        result[kind, subject_id].append(
            DossierDocument(
                d.id,
                d.number,
                d.date,
                d.issuer,
                d.kind,
                name,
                name_en,
                d.summary,
                d.personal,
                tuple(own[d.id]),
            )
        )
    return result
