"""The inspected unit's own report: figures as of a day beside its own words, looked at first, then frozen for good."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit, territory
from app.domain.access import Actor, require
from app.domain.inspections.figures import Content, content
from app.domain.inspections.register import get
from app.domain.inspections.views import CANCELLED, SUBJECT, InspectionView, one, refuse_state
from app.domain.ledger.entries import hash_body
from app.domain.sides import is_above
from app.errors import FieldError, IdTaken, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.oversight import UnitReport

WORDS: Final = ("results", "difficulties", "proposals")
LONGEST: Final = 8000


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as it is sent: `results`, `difficulties` and `proposals` are the unit's own words."""

    id: uuid.UUID
    as_of: date
    results: str = ""
    difficulties: str = ""
    proposals: str = ""

    def words(self) -> dict[str, str]:
        return {name: getattr(self, name).strip() for name in WORDS}

    def body_hash(self, inspection_id: uuid.UUID) -> str:
        return hash_body(inspection_id, *(getattr(self, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as it was sent, the `number`th of its inspection; `content` holds figures, words and what
    the inspection was called as they were."""

    id: uuid.UUID
    inspection_id: uuid.UUID
    number: int
    as_of: date
    content: Content
    created_at: datetime
    created_by: str


def preview(actor: Actor, inspection_id: uuid.UUID, as_of: date | None = None) -> Content:
    """The figures that a report of today would quote as of a day (default: today); `illustrative` ones are marked.

    They are those that the unit's own pages show to every reader of it.
    """
    require(actor, "read")
    return _content(actor, get(actor, inspection_id), as_of or today())


def _content(actor: Actor, standing: InspectionView, day: date) -> Content:
    if day > today():
        raise Invalid.field("as_of", N_("Ngày tính đến không được sau hôm nay."))
    return content(actor, territory.find(actor, standing.exact_unit), day)


def refuse_above(actor: Actor, standing: InspectionView) -> None:
    """RuleBroken `inspection_side` for a unit above: the report is the inspected unit's own."""
    if is_above(actor, standing.unit_level):
        message = N_("Báo cáo do đơn vị được kiểm tra lập, cấp trên không lập thay.")
        raise RuleBroken("inspection_side", message, asked="report", held=standing.unit_code)


def send(actor: Actor, inspection_id: uuid.UUID, new: NewReport) -> tuple[ReportView, bool]:
    """Freeze the figures of now as of a day with the unit's words; (the report, whether it is new).

    Nobody changes it afterwards; another id is another version. The same body again gives back what was frozen, however
    the books moved; another body under its id raises IdTaken.
    """
    require(actor, "inspection.answer")
    standing = get(actor, inspection_id)
    refuse_above(actor, standing)
    again = _again(inspection_id, new)
    if again is not None:
        return again, False
    refuse_state(standing, "report", standing.state != CANCELLED)
    _check(new)
    frozen = _content(actor, standing, new.as_of) | {"words": new.words(), "inspection": _head(standing)}
    try:
        return _insert(actor, standing, new, frozen), True
    except IntegrityError:
        again = _again(inspection_id, new)  # somebody has just sent it
        if again is None:
            raise
        return again, False


def _head(standing: InspectionView) -> dict[str, str]:
    """What a report says of its inspection and its receivers: those who inspect may write it anew later."""
    return {"title": standing.title, "by_name": standing.by_name, "team_name": standing.team_name}


def _again(inspection_id: uuid.UUID, new: NewReport) -> ReportView | None:
    with db.transaction() as session:
        query = sa.select(UnitReport.body_hash).where(UnitReport.id == new.id)
        stored = session.execute(query).scalar_one_or_none()
        if stored is None:
            return None
        if stored != new.body_hash(inspection_id):
            raise IdTaken()
        return _one(session, inspection_id, new.id)


def _insert(actor: Actor, standing: InspectionView, new: NewReport, frozen: Content) -> ReportView:
    with db.transaction(write=True) as session:
        one(session, actor, standing.id, lock=True)
        session.execute(
            sa.insert(UnitReport).values(
                id=new.id, inspection_id=standing.id, as_of=new.as_of, content=frozen,
                body_hash=new.body_hash(standing.id), created_at=utcnow(), created_by=actor.ref,
            )
        )  # fmt: skip
        audit.record(
            session, actor, "inspection.report", SUBJECT, standing.id, standing.unit_id, report=new.id,
            as_of=new.as_of,
        )  # fmt: skip
        return _one(session, standing.id, new.id)


def _check(new: NewReport) -> None:
    faults = [
        FieldError(name, N_("Dài quá {longest:number} ký tự"), {"longest": LONGEST})
        for name, text in new.words().items()
        if len(text) > LONGEST
    ]
    if not any(new.words().values()):
        faults.append(FieldError("results", N_("Ghi lời của đơn vị bên cạnh số liệu.")))
    if faults:
        raise Invalid(*faults)


def reports(actor: Actor, inspection_id: uuid.UUID) -> list[ReportView]:
    """The reports sent for an inspection, the first one first."""
    require(actor, "read")
    with db.transaction() as session:
        one(session, actor, inspection_id)
        return _reports(session, [inspection_id])


def reports_of(actor: Actor, inspection_ids: Collection[uuid.UUID], until: date) -> list[ReportView]:
    """Reports with figures of a day or before, of inspections that the actor has just been given: one statement."""
    require(actor, "read")
    with db.transaction() as session:
        return [found for found in _reports(session, inspection_ids) if found.as_of <= until]


def report(actor: Actor, inspection_id: uuid.UUID, report_id: uuid.UUID) -> ReportView:
    """One report, exactly as it was frozen."""
    require(actor, "read")
    with db.transaction() as session:
        one(session, actor, inspection_id)
        return _one(session, inspection_id, report_id)


def _one(session: Session, inspection_id: uuid.UUID, report_id: uuid.UUID) -> ReportView:
    for found in _reports(session, [inspection_id]):
        if found.id == report_id:
            return found
    raise NotFound()


def _reports(session: Session, inspection_ids: Collection[uuid.UUID]) -> list[ReportView]:
    R = UnitReport
    number = sa.func.row_number().over(partition_by=R.inspection_id, order_by=(R.created_at, R.id))
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(R.id, R.inspection_id, number, R.as_of, R.content, R.created_at, R.created_by)
        .where(R.inspection_id.in_(inspection_ids))
        .order_by(R.created_at, R.id)
    )
    return [ReportView(*row) for row in session.execute(query)]
