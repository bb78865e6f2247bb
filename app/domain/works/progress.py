"""Progress of a work from the site: its reports with their photos, what was planned by which day, who is behind."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain.access import Actor, require
from app.domain.documents import DocumentView, FileView
from app.domain.documents.attaching import attached
from app.domain.works.steps import OPEN, unit_of
from app.errors import NotFound
from app.models.documents import Attachment, Document, DocumentFile
from app.models.procedures import WorkStep
from app.models.progress import Milestone, ProgressReport
from app.models.works import Work

SUBJECT: Final = "progress"  # what documents are attached to
LAST_PHOTOS: Final = 4
UNFINISHED: Final = ("preparation", "construction", "suspended")


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report: percent of the volume, accepted volume so far in đồng, place in degrees of WGS 84."""

    id: uuid.UUID
    work_id: uuid.UUID
    reported_on: date
    physical_percent: int
    accepted_value: int | None
    note: str
    lat: float | None
    lon: float | None
    illustrative: bool
    created_at: datetime
    created_by: str
    version: int
    updated_at: datetime
    documents: tuple[DocumentView, ...] = ()

    @property
    def photos(self) -> list[tuple[DocumentView, FileView]]:
        """Each picture with the document that holds it."""
        return [(d, f) for d in self.documents for f in d.files if f.is_image]


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """What is planned to be reached by a day, in percent of the volume."""

    planned_on: date
    percent: int


@dataclass(frozen=True, slots=True)
class Told:
    """What one report says, without what belongs to it."""

    id: uuid.UUID
    on: date
    percent: int
    note: str


_COLUMNS: Final[tuple[Any, ...]] = (
    ProgressReport.id, ProgressReport.work_id, ProgressReport.reported_on, ProgressReport.physical_percent,
    ProgressReport.accepted_value, ProgressReport.note, ProgressReport.lat, ProgressReport.lon,
    ProgressReport.illustrative, ProgressReport.created_at, ProgressReport.created_by, ProgressReport.version,
    ProgressReport.updated_at,
)  # fmt: skip


def _whole(session: Session, query: sa.Select[Any]) -> list[ReportView]:
    """Reports with their documents: five statements, whatever their number."""
    rows = [ReportView(*list(row)) for row in session.execute(query)]
    papers = attached(session, SUBJECT, [row.id for row in rows])
    return [replace(row, documents=tuple(papers[row.id])) for row in rows]


def reports(
    actor: Actor,
    work_id: uuid.UUID,
    *,
    updated_since: datetime | None = None,
    after: tuple[datetime, uuid.UUID] | None = None,
    newest_first: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[ReportView]:
    """A work's reports in the order in which they changed last (`after`: the last one seen), or by day for people."""
    require(actor, "read")
    with db.transaction() as session:
        unit_of(session, actor, work_id)
        query = sa.select(*_COLUMNS).where(ProgressReport.work_id == work_id)
        if updated_since is not None:
            query = query.where(ProgressReport.updated_at >= updated_since)
        if after is not None:
            query = query.where(db.past(ProgressReport.updated_at, ProgressReport.id, after))
        order: tuple[Any, ...] = (ProgressReport.updated_at, ProgressReport.id)
        if newest_first:
            order = (ProgressReport.reported_on.desc(),)
        return _whole(session, query.order_by(*order).offset(offset).limit(limit))


def count(actor: Actor, work_id: uuid.UUID) -> int:
    """How many reports a work has."""
    require(actor, "read")
    with db.transaction() as session:
        unit_of(session, actor, work_id)
        query = sa.select(sa.func.count()).where(ProgressReport.work_id == work_id)
        return session.execute(query).scalar_one()


def get(actor: Actor, work_id: uuid.UUID, report_id: uuid.UUID) -> ReportView:
    """One report of a work."""
    require(actor, "read")
    with db.transaction() as session:
        unit_of(session, actor, work_id)
        return one(session, work_id, report_id)


def one(session: Session, work_id: uuid.UUID, report_id: uuid.UUID) -> ReportView:
    """A report in the transaction of whoever asks; NotFound when it is none of the work."""
    query = sa.select(*_COLUMNS).where(ProgressReport.id == report_id, ProgressReport.work_id == work_id)
    found = _whole(session, query)
    if not found:
        raise NotFound()
    return found[0]


def told(session: Session, work_id: uuid.UUID) -> list[Told]:
    """What every report of a work says, by day."""
    query = (
        sa.select(
            ProgressReport.id, ProgressReport.reported_on, ProgressReport.physical_percent, ProgressReport.note
        )
        .where(ProgressReport.work_id == work_id)
        .order_by(ProgressReport.reported_on)
    )  # fmt: skip
    return [Told(*row) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of a report: where its file stands, and what the report said."""

    document_id: uuid.UUID
    sha256: str
    name: str
    on: date
    percent: int


@dataclass(frozen=True, slots=True)
class Story:
    """What was planned, what was reported, both by day; the last pictures, the newest first."""

    milestones: list[MilestoneView]
    reports: list[Told]
    photos: list[Photo]


def story(session: Session, work_id: uuid.UUID) -> Story:
    """A work's story so far: one statement."""
    no_id, no_text = sa.cast(sa.null(), sa.Uuid), sa.literal("")
    pictures = (
        sa.select(
            sa.literal("photo").label("what"), ProgressReport.reported_on, ProgressReport.physical_percent,
            Document.id, DocumentFile.name, DocumentFile.sha256,
        )
        .join(Attachment, sa.and_(Attachment.subject_kind == SUBJECT, Attachment.subject_id == ProgressReport.id))
        .join(Document, Document.id == Attachment.document_id)
        .join(DocumentFile, DocumentFile.document_id == Document.id)
        .where(
            ProgressReport.work_id == work_id, DocumentFile.media_type.startswith("image/"),
            Document.personal.is_(False),
        )
        .order_by(ProgressReport.reported_on.desc(), DocumentFile.id)
        .limit(LAST_PHOTOS)
        .subquery("pictures")
    )  # fmt: skip
    query = sa.union_all(
        sa.select(
            sa.literal("report"), ProgressReport.reported_on, ProgressReport.physical_percent, ProgressReport.id,
            ProgressReport.note, no_text,
        ).where(ProgressReport.work_id == work_id),
        sa.select(
            sa.literal("milestone"), Milestone.planned_on, Milestone.percent, no_id, no_text, no_text
        ).where(Milestone.work_id == work_id),
        sa.select(*pictures.c),
    )  # fmt: skip
    found = Story([], [], [])
    for what, on, percent, id_, text, sha256 in sorted(session.execute(query), key=lambda row: row[1]):
        if what == "report":
            found.reports.append(Told(id_, on, percent, text))
        elif what == "milestone":
            found.milestones.append(MilestoneView(on, percent))
        else:
            found.photos.insert(0, Photo(id_, sha256, text, on, percent))
    return found


def milestones(actor: Actor, work_id: uuid.UUID) -> list[MilestoneView]:
    """A work's milestones by day; both day and percent rise."""
    require(actor, "read")
    with db.transaction() as session:
        unit_of(session, actor, work_id)
        return milestones_of(session, work_id)


def milestones_of(session: Session, work_id: uuid.UUID) -> list[MilestoneView]:
    """Milestones in the transaction of whoever asks."""
    query = (
        sa.select(Milestone.planned_on, Milestone.percent)
        .where(Milestone.work_id == work_id)
        .order_by(Milestone.planned_on)
    )
    return [MilestoneView(*row) for row in session.execute(query)]


def behind(on: Any) -> sa.ColumnElement[bool]:
    """The condition that a work is behind on a day (a date, or a bind parameter for one).

    It is not finished, and: past its planned finish; or a step of it, of site clearance too, is open past its due
    day; or it has not reached what a milestone by that day asks. Milestones rise, so any one that asks for more
    than was reached tells it.
    """
    overdue = sa.exists().where(WorkStep.work_id == Work.id, WorkStep.status == OPEN, WorkStep.due_on < on)
    missed = sa.exists().where(
        Milestone.work_id == Work.id, Milestone.planned_on <= on, Milestone.percent > Work.physical_percent
    )
    return sa.and_(Work.stage.in_(UNFINISHED), sa.or_(Work.planned_finish < on, overdue, missed))
