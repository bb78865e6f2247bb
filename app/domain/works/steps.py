"""The steps that a work runs: copied from a template when the work takes its procedure, each with its documents."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app import db
from app.clock import today, utcnow
from app.domain.access import Actor, in_scope, require
from app.errors import NotFound
from app.models.documents import Attachment, Document
from app.models.procedures import Procedure, ProcedureStep, WorkStep
from app.models.works import Work
from app.text import fold

MAIN, CLEARANCE = "main", "clearance"
OPEN, DONE, WAIVED = "open", "done", "waived"


@dataclass(frozen=True, slots=True)
class ProcedureRef:
    """The version of a template that steps were copied from, by name."""

    code: str
    number: int
    name: str
    name_en: str

    def named(self, lang: str) -> str:
        return self.name_en if lang == "en" and self.name_en else self.name


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of a work. `after` names by code the steps that come before it; `papers` are (document, its kind)."""

    id: uuid.UUID
    work_id: uuid.UUID
    procedure_id: int
    track: str
    position: int
    code: str
    name: str
    name_en: str
    gate: str
    after: Sequence[str]
    required_documents: Sequence[str]
    prepares: str
    approves: str
    days: int | None
    status: str
    due_on: date | None
    done_on: date | None
    reason: str
    version: int
    updated_at: datetime
    procedure: ProcedureRef
    papers: tuple[tuple[uuid.UUID, str], ...] = ()

    @property
    def settled(self) -> bool:
        """Done or waived: nothing waits for it any more."""
        return self.status != OPEN

    @property
    def lacks(self) -> tuple[str, ...]:
        """Kinds of documents that it requires and does not have."""
        there = {kind for _, kind in self.papers}
        return tuple(kind for kind in self.required_documents if kind not in there)

    def named(self, lang: str) -> str:
        return self.name_en if lang == "en" and self.name_en else self.name

    def days_late(self, on: date) -> int:
        """Days past its due day, 0 for what is settled or in time."""
        if self.settled or self.due_on is None:
            return 0
        return max(0, (on - self.due_on).days)


_COLUMNS: Final[tuple[Any, ...]] = (
    WorkStep.id, WorkStep.work_id, WorkStep.procedure_id, WorkStep.track, WorkStep.position, WorkStep.code,
    WorkStep.name, WorkStep.name_en, WorkStep.gate, WorkStep.after, WorkStep.required_documents,
    WorkStep.prepares, WorkStep.approves, WorkStep.days, WorkStep.status, WorkStep.due_on, WorkStep.done_on,
    WorkStep.reason, WorkStep.version, WorkStep.updated_at,
)  # fmt: skip
_PROCEDURE: Final = (Procedure.code, Procedure.number, Procedure.name, Procedure.name_en)


def steps_of(
    session: Session,
    work_ids: Collection[uuid.UUID],
    *,
    track: str | None = None,
    bars: Collection[str] | None = None,
) -> dict[uuid.UUID, list[StepView]]:
    """The steps of each of these works that runs some, the main track first, in order: one statement.

    `bars`: only those open steps of the main track that bar one of these stages.
    """
    if not work_ids:
        return {}
    attached = sa.and_(Attachment.subject_kind == "step", Attachment.subject_id == WorkStep.id)
    query = (
        sa.select(*_COLUMNS, *_PROCEDURE, Document.id, Document.kind)
        .join(Procedure, Procedure.id == WorkStep.procedure_id)
        .outerjoin(Attachment, attached)
        .outerjoin(Document, Document.id == Attachment.document_id)
        .where(WorkStep.work_id.in_(work_ids))
        .order_by(
            WorkStep.work_id, WorkStep.track.desc(), WorkStep.position, Document.date, Document.created_at,
            Document.id,
        )
    )  # fmt: skip
    if track is not None:
        query = query.where(WorkStep.track == track)
    if bars is not None:
        query = query.where(WorkStep.track == MAIN, WorkStep.status == OPEN, WorkStep.gate.in_(bars))
    found: dict[uuid.UUID, list[StepView]] = defaultdict(list)
    for _, rows in groupby(session.execute(query), key=lambda row: row[0]):
        first, *others = rows
        own, procedure = first[: len(_COLUMNS)], ProcedureRef(*first[len(_COLUMNS) : -2])
        papers = tuple((row[-2], row[-1]) for row in (first, *others) if row[-2] is not None)
        found[first[1]].append(StepView(*[*own, procedure, papers]))
    return dict(found)


def steps(actor: Actor, work_id: uuid.UUID) -> list[StepView]:
    """A work's steps in order. NotFound out of scope."""
    require(actor, "read")
    with db.transaction() as session:
        unit_of(session, actor, work_id)
        return steps_of(session, [work_id]).get(work_id, [])


def get(actor: Actor, work_id: uuid.UUID, step_id: uuid.UUID) -> StepView:
    """One step of a work."""
    require(actor, "read")
    with db.transaction() as session:
        unit_of(session, actor, work_id)
        return one(session, work_id, step_id)


def one(session: Session, work_id: uuid.UUID, step_id: uuid.UUID) -> StepView:
    """A step in the transaction of whoever asks; NotFound when it is none of the work."""
    found = next((s for s in steps_of(session, [work_id]).get(work_id, ()) if s.id == step_id), None)
    if found is None:
        raise NotFound()
    return found


def unit_of(session: Session, actor: Actor, work_id: uuid.UUID, *, lock: bool = False) -> int:
    """The unit that owns a work; NotFound out of the actor's scope. `lock` lets one writer at a time at its steps."""
    query = sa.select(Work.owner_unit_id).where(Work.id == work_id, in_scope(actor, Work.owner_unit_id))
    if lock:
        query = query.with_for_update(key_share=True)  # rows that only refer to the work need not wait
    unit_id = session.execute(query).scalar_one_or_none()
    if unit_id is None:
        raise NotFound()
    return unit_id


def in_force(session: Session, code: str, on: date) -> int | None:
    """The newest version of a template that is valid on a day."""
    return session.execute(
        sa.select(Procedure.id)
        .where(
            Procedure.code == code, Procedure.valid_from <= on,
            sa.or_(Procedure.valid_to.is_(None), Procedure.valid_to >= on),
        )
        .order_by(Procedure.number.desc())
        .limit(1)
    ).scalar_one_or_none()  # fmt: skip


def start(session: Session, work_id: uuid.UUID, code: str) -> None:
    """Give a work the steps of a template as it is in force today, on its track, all of them open.

    Versions that come later leave them as they are. A template that is not loaded gives none.
    """
    procedure_id = in_force(session, code, today())
    if procedure_id is None:
        return
    template = session.execute(
        sa.select(ProcedureStep)
        .where(ProcedureStep.procedure_id == procedure_id)
        .order_by(ProcedureStep.position)
    ).scalars()
    now, day = utcnow(), today()
    rows = [
        {
            "id": uuid7(), "work_id": work_id, "procedure_id": procedure_id,
            "track": CLEARANCE if code == CLEARANCE else MAIN, "position": s.position, "code": s.code,
            "name": s.name, "name_en": s.name_en, "gate": s.gate, "after": s.after,
            "required_documents": s.required_documents, "prepares": s.prepares, "approves": s.approves,
            "days": s.days, "status": OPEN, "due_on": None if s.after else due_after(day, s.days),
            "done_on": None, "reason": "", "search": fold(f"{s.name} {s.name_en}"), "version": 1,
            "updated_at": now,
        }
        for s in template
    ]  # fmt: skip
    if rows:
        session.execute(sa.insert(WorkStep), rows)


def due_after(day: date, days: int | None) -> date | None:
    """When a step is due that may begin on a day; no rule says, no day."""
    return None if days is None else date.fromordinal(day.toordinal() + days)


def start_missing(session: Session) -> None:
    """Give their steps to works that have a procedure and none yet: those registered before steps were kept."""
    works = session.execute(
        sa.select(Work.id, Work.procedure).where(
            Work.procedure.is_not(None),
            ~sa.exists().where(WorkStep.work_id == Work.id, WorkStep.track == MAIN),
        )
    ).all()
    for work_id, code in works:
        start(session, work_id, code or "")


def by_code(of_work: Sequence[StepView], track: str) -> dict[str, StepView]:
    return {step.code: step for step in of_work if step.track == track}


def before(step: StepView, of_work: Sequence[StepView]) -> list[StepView]:
    """The steps that come right before one; in place of a waived one those that it would have waited for."""
    known = by_code(of_work, step.track)
    found: dict[str, StepView] = {}
    for earlier in (known[code] for code in step.after if code in known):
        nearest = before(earlier, of_work) if earlier.status == WAIVED else [earlier]
        found.update((s.code, s) for s in nearest)
    return list(found.values())


def behind(step: StepView, of_work: Sequence[StepView]) -> list[StepView]:
    """The steps that wait for one; in place of a waived one those that would have waited for it."""
    found: dict[str, StepView] = {}
    for later in (s for s in of_work if s.track == step.track and step.code in s.after):
        nearest = behind(later, of_work) if later.status == WAIVED else [later]
        found.update((s.code, s) for s in nearest)
    return list(found.values())


def may_begin(step: StepView, of_work: Sequence[StepView]) -> bool:
    """Whether all that comes before an open step is settled."""
    return not step.settled and all(s.settled for s in before(step, of_work))
