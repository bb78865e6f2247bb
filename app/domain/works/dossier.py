"""The dossier of a work: every document attached to it, in the order of its procedure, and what is missing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from app import db
from app.domain import audit, personal
from app.domain.access import Actor, require
from app.domain.documents import DocumentView, FileView, files
from app.domain.documents.attaching import of_work
from app.domain.documents.subjects import Key
from app.domain.works import steps
from app.domain.works.register import WorkView, one
from app.domain.works.step_editing import kind_names
from app.domain.works.steps import CLEARANCE, MAIN, WAIVED, StepView
from app.errors import Fault
from app.i18n import N_

# What follows the steps, in the order in which a work runs; each with the words of its section.
AFTER_STEPS: Final = {
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
class Section:
    """A step with its documents, or a kind of things that follow the steps. `lacks` are kinds that are not there."""

    step: StepView | None
    kind: str
    documents: tuple[DocumentView, ...]
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """`withheld`: documents whose files name persons and are not this reader's to see; `damaged`: contents lost."""

    work: WorkView
    sections: tuple[Section, ...]
    kinds: Mapping[str, tuple[str, str]]
    withheld: frozenset[uuid.UUID]
    damaged: frozenset[str] = frozenset()

    @property
    def documents(self) -> list[DocumentView]:
        """Each document once, where it comes first."""
        return list({d.id: d for section in self.sections for d in section.documents}.values())

    @property
    def files(self) -> list[tuple[DocumentView, FileView]]:
        return [(document, file) for document in self.documents for file in document.files]

    def brings(self, document: DocumentView, file: FileView) -> bool:
        """Whether the file comes with the dossier."""
        return document.id not in self.withheld and file.sha256 not in self.damaged


def dossier(actor: Actor, work_id: uuid.UUID) -> Dossier:
    """Everything of a work. NotFound out of scope."""
    require(actor, "read")
    with db.snapshot() as session:
        work = one(session, actor, work_id)
        found = of_work(session, actor, work_id)
        of_steps = steps.steps_of(session, [work_id]).get(work_id, [])
        kinds = kind_names(session)
    withheld = frozenset(d.id for d, _ in found if d.personal and not actor.sees_people)
    return Dossier(work, tuple(_sections(of_steps, found)), kinds, withheld)


def to_download(actor: Actor, work_id: uuid.UUID) -> tuple[Dossier, dict[str, Path]]:
    """The dossier, and where each content of it stands, every one checked against its checksum a moment ago.

    What is damaged on disk is named in the dossier and left out. Taking it out is recorded, and so is that it
    shows persons.
    """
    require(actor, "read")
    whole = dossier(actor, work_id)
    paths: dict[str, Path] = {}
    damaged = set()
    for document, file in whole.files:
        if document.id not in whole.withheld and file.sha256 not in paths:
            try:
                paths[file.sha256] = files.verified(file.sha256, file.name)
            except Fault:
                damaged.add(file.sha256)  # told by name in the index
    shown = sum(d.personal and bool(d.files) and d.id not in whole.withheld for d in whole.documents)
    unit_id = whole.work.owner_unit_id
    with db.transaction(write=True) as session:
        audit.record(session, actor, "work.dossier", "work", work_id, unit_id, files=len(paths))
        personal.record_views(session, actor, unit_id, "work", work_id, shown, "export")
    return replace(whole, damaged=frozenset(damaged)), paths


def _sections(
    of_steps: Sequence[StepView], found: Sequence[tuple[DocumentView, Sequence[Key]]]
) -> Iterator[Section]:
    def attached(*wanted: Key) -> tuple[DocumentView, ...]:
        return tuple(document for document, keys in found if set(wanted) & set(keys))

    for step in _in_order(of_steps):
        lacks = () if step.status == WAIVED else step.lacks
        yield Section(step, "step", attached(("step", step.id)), lacks)
    for kind in AFTER_STEPS:
        rest = tuple(document for document, keys in found if any(k == kind for k, _ in keys))
        if rest:
            yield Section(None, kind, rest)


def _in_order(of_steps: Sequence[StepView]) -> Iterator[StepView]:
    """The procedure's steps; those of site clearance stand behind the step that they belong to."""
    inner = [s for s in of_steps if s.track == CLEARANCE]
    for step in (s for s in of_steps if s.track == MAIN):
        yield step
        if step.code == CLEARANCE:
            yield from inner
            inner = []
    yield from inner
