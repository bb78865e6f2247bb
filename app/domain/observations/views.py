"""Observations as people and clients see them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import today
from app.domain.access import Actor, in_scope
from app.domain.documents.attaching import attached
from app.domain.documents.views import DocumentView
from app.domain.observations.flow import ANSWERED, OPEN, SUBJECT
from app.domain.workflow import Thing
from app.errors import NotFound
from app.models.oversight import Observation
from app.models.support import SupportModel
from app.models.territory import Unit
from app.models.works import Work

SUBJECTS: Final = ("work", "support_model")


@dataclass(frozen=True, slots=True)
class ObservationView:
    """What a board observed of a work, of a support model, or of its unit in general; `board` and `observer` in words.

    `answer` is the last one, empty once it was opened again. `lat`, `lon`: where it was written, degrees of WGS 84.
    """

    id: uuid.UUID
    unit_id: int
    unit_code: str
    unit_structure: str
    unit_level: str
    unit_name: str
    work_id: uuid.UUID | None
    work_name: str | None
    model_id: uuid.UUID | None
    model_name: str | None
    board: str
    observer: str
    observed_on: date
    text: str
    answer_due_on: date | None
    answer: str
    answered_on: date | None
    answered_by: str
    state: str
    obstacle_id: uuid.UUID | None
    lat: float | None
    lon: float | None
    illustrative: bool
    created_by: str
    version: int
    updated_at: datetime
    documents: tuple[DocumentView, ...] = ()

    @property
    def exact_unit(self) -> str:
        return f"{self.unit_code}@{self.unit_structure}"

    @property
    def subject(self) -> tuple[str, uuid.UUID] | None:
        """(kind, id) of what it is about; None for the unit in general."""
        if self.work_id is not None:
            return "work", self.work_id
        return ("support_model", self.model_id) if self.model_id is not None else None

    @property
    def about(self) -> str:
        """What it is about, by name: a work, a model, else the unit."""
        return self.work_name or self.model_name or self.unit_name

    @property
    def thing(self) -> Thing:
        return Thing(self.id, "", self.state, self.unit_level)

    def days_late(self, on: date | None = None) -> int:
        """By how many days its answer is overdue on a day (default: today), or came too late; 0 where it is not."""
        if self.answer_due_on is None or self.state not in (OPEN, ANSWERED):
            return 0
        reached = self.answered_on if self.state == ANSWERED else on or today()
        return 0 if reached is None else max((reached - self.answer_due_on).days, 0)

    @property
    def late(self) -> bool:
        """Whether an answer is owed and overdue today."""
        return self.state == OPEN and self.days_late() > 0


def joined() -> Any:
    """Observations beside what names them and what they are about."""
    return (
        sa.join(Observation, Unit, Unit.id == Observation.unit_id)
        .outerjoin(Work, Work.id == Observation.work_id)
        .outerjoin(SupportModel, SupportModel.id == Observation.model_id)
    )


def selection() -> sa.Select[*tuple[Any, ...]]:
    """The columns of ObservationView in their order, the reader's conditions not among them."""
    return sa.select(
        Observation.id, Observation.unit_id, Unit.code, Unit.structure, Unit.level, Unit.name, Observation.work_id,
        Work.name, Observation.model_id, SupportModel.name, Observation.board, Observation.observer,
        Observation.observed_on, Observation.text, Observation.answer_due_on, Observation.answer,
        Observation.answered_on, Observation.answered_by, Observation.state, Observation.obstacle_id,
        Observation.lat, Observation.lon, Observation.illustrative, Observation.created_by, Observation.version,
        Observation.updated_at,
    ).select_from(joined())  # fmt: skip


def overdue(on: date) -> sa.ColumnElement[bool]:
    """The condition that an answer is owed and was due before a day."""
    return sa.and_(Observation.state == OPEN, sa.func.coalesce(Observation.answer_due_on < on, sa.false()))


def one(session: Session, actor: Actor, observation_id: uuid.UUID, *, lock: bool = False) -> ObservationView:
    """An observation with its documents; `lock` lets one writer at a time at it. NotFound out of scope."""
    mine = sa.and_(Observation.id == observation_id, in_scope(actor, Observation.unit_id))
    if lock:
        session.execute(sa.select(Observation.id).where(mine).with_for_update())
    row = session.execute(selection().where(mine)).one_or_none()
    if row is None:
        raise NotFound()
    return with_documents(session, [ObservationView(*row)])[0]


def with_documents(session: Session, found: Sequence[ObservationView]) -> list[ObservationView]:
    """Observations with what is attached to them: at most four statements, however many."""
    papers = attached(session, SUBJECT, [row.id for row in found])
    return [replace(row, documents=tuple(papers[row.id])) for row in found]
