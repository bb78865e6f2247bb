"""Outreach events as people and clients see them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.domain.access import Actor, in_scope
from app.domain.documents.attaching import attached
from app.domain.documents.views import DocumentView
from app.errors import NotFound
from app.models.criteria import CriteriaSet, Criterion
from app.models.oversight import Outreach
from app.models.programs import Program
from app.models.territory import Unit
from app.models.works import Work

SUBJECT: Final = "outreach"
hamlet = aliased(Unit)


@dataclass(frozen=True, slots=True)
class OutreachView:
    """An event; `people`: how many it reached. Once withdrawn it counts for nothing."""

    id: uuid.UUID
    unit_id: int
    unit_code: str
    unit_structure: str
    unit_level: str
    unit_name: str
    hamlet_code: str | None
    hamlet_name: str | None
    held_on: date
    place: str
    topic: str
    content: str
    organiser: str
    people: int
    program_code: str | None
    work_id: uuid.UUID | None
    work_name: str | None
    set_code: str | None
    criterion_number: int | None
    criterion_name: str | None
    criterion_name_en: str | None
    withdrawn_at: datetime | None
    withdrawn_reason: str
    illustrative: bool
    created_by: str
    version: int
    updated_at: datetime
    documents: tuple[DocumentView, ...] = ()

    @property
    def exact_unit(self) -> str:
        return f"{self.unit_code}@{self.unit_structure}"

    def criterion(self, lang: str) -> str:
        """The criterion by its number and name; empty where it is about none."""
        if self.criterion_number is None:
            return ""
        english = lang == "en" and self.criterion_name_en
        return f"{self.criterion_number}. {english or self.criterion_name}"


def joined() -> Any:
    """Events beside what names them and what they are about."""
    return (
        sa.join(Outreach, Unit, Unit.id == Outreach.unit_id)
        .outerjoin(hamlet, hamlet.id == Outreach.hamlet_id)
        .outerjoin(Program, Program.id == Outreach.program_id)
        .outerjoin(Work, Work.id == Outreach.work_id)
        .outerjoin(Criterion, Criterion.id == Outreach.criterion_id)
        .outerjoin(CriteriaSet, CriteriaSet.id == Criterion.set_id)
    )


def selection() -> sa.Select[*tuple[Any, ...]]:
    """The columns of OutreachView in their order, the reader's conditions not among them."""
    return sa.select(
        Outreach.id, Outreach.unit_id, Unit.code, Unit.structure, Unit.level, Unit.name, hamlet.code, hamlet.name,
        Outreach.held_on, Outreach.place, Outreach.topic, Outreach.content, Outreach.organiser, Outreach.people,
        Program.code, Outreach.work_id, Work.name, CriteriaSet.code, Criterion.number, Criterion.name,
        Criterion.name_en, Outreach.withdrawn_at, Outreach.withdrawn_reason, Outreach.illustrative,
        Outreach.created_by, Outreach.version, Outreach.updated_at,
    ).select_from(joined())  # fmt: skip


def one(session: Session, actor: Actor, event_id: uuid.UUID, *, lock: bool = False) -> OutreachView:
    """An event with its documents; `lock` lets one writer at a time at it. NotFound out of scope."""
    mine = sa.and_(Outreach.id == event_id, in_scope(actor, Outreach.unit_id))
    if lock:
        session.execute(sa.select(Outreach.id).where(mine).with_for_update())
    row = session.execute(selection().where(mine)).one_or_none()
    if row is None:
        raise NotFound()
    return with_documents(session, [OutreachView(*row)])[0]


def with_documents(session: Session, found: Sequence[OutreachView]) -> list[OutreachView]:
    """Events with what is attached to them: at most four statements, however many."""
    papers = attached(session, SUBJECT, [event.id for event in found])
    return [replace(event, documents=tuple(papers[event.id])) for event in found]
