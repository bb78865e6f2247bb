"""Reporting progress from the site and mending a report; the milestones of a work's plan, set as a whole."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.documents import NewDocument, register, uploads
from app.domain.documents.attaching import set_attached
from app.domain.documents.files import Stored
from app.domain.ledger.entries import hash_body
from app.domain.works.places import place_faults
from app.domain.works.progress import SUBJECT, MilestoneView, ReportView, Told, milestones_of, one, told
from app.domain.works.stages import refuse_closed
from app.domain.works.steps import unit_of
from app.errors import Conflict, FieldError, IdTaken, Invalid, Stale
from app.i18n import N_
from app.models.base import MAX_AMOUNT
from app.models.progress import Milestone, ProgressReport
from app.models.works import Work

EDITABLE: Final = ("reported_on", "physical_percent", "accepted_value", "note", "lat", "lon")
MOST_MILESTONES: Final = 60
_FIRST_YEAR: Final = 1945  # as for every document, which its photos are


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as it is written; accepted volume so far in đồng, place in degrees of WGS 84.

    `documents` stand in the register already; `uploads` are finished uploads of the same actor, which become its
    photos.
    """

    id: uuid.UUID
    work_id: uuid.UUID
    reported_on: date
    physical_percent: int
    accepted_value: int | None = None
    note: str = ""
    lat: float | None = None
    lon: float | None = None
    documents: tuple[uuid.UUID, ...] = ()
    uploads: tuple[uuid.UUID, ...] = ()

    def body_hash(self, photos: Sequence[Stored] = ()) -> str:
        return hash_body(*(getattr(self, name) for name in self.__slots__), *(p.sha256 for p in photos))

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in EDITABLE}


def create(
    actor: Actor, new: NewReport, photos: Sequence[Stored] = (), *, illustrative: bool = False
) -> tuple[ReportView, bool]:
    """Report progress; (the report, whether it is new). The newest report tells what the work has reached.

    One report a day: a second raises Conflict, which names the first. A fall needs a note (Invalid on `note`).
    """
    require(actor, "progress.report")
    if new.documents or new.uploads or photos:
        require(actor, "document.edit")
    _check(new.values())
    try:
        made, is_new = _create(actor, new, photos, illustrative)
    except IntegrityError:
        made, is_new = _create(actor, new, photos, illustrative)  # somebody has just made it: look again
    if is_new:
        uploads.discard(new.uploads)
    elif new.uploads:
        uploads.forget(actor, new.uploads)
    return made, is_new


def _create(
    actor: Actor, new: NewReport, photos: Sequence[Stored], illustrative: bool
) -> tuple[ReportView, bool]:
    with db.transaction(write=True) as session:
        unit_id = unit_of(session, actor, new.work_id, lock=True)
        body = new.body_hash(photos)
        stored = session.execute(
            sa.select(ProgressReport.body_hash).where(ProgressReport.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return one(session, new.work_id, new.id), False
        refuse_closed(session, new.work_id)
        before = told(session, new.work_id)
        after = _with(before, Told(new.id, new.reported_on, new.physical_percent, new.note))
        _refuse_falls(after, new.id, known=frozenset())
        now = utcnow()
        session.execute(
            sa.insert(ProgressReport).values(
                **new.values(), id=new.id, work_id=new.work_id, body_hash=body, created_at=now,
                created_by=actor.ref, updated_at=now, version=1, illustrative=illustrative,
            )
        )  # fmt: skip
        if new.documents:
            set_attached(session, actor, SUBJECT, new.id, unit_id, new.documents)
        pictures = uuid.uuid5(new.id, "photos")
        _add_photos(
            session, actor, pictures, new.id, new.reported_on, new.uploads, photos, illustrative=illustrative
        )
        _follow(session, new.work_id, before, after)
        audit.record(
            session, actor, "progress.report", "progress_report", new.id, unit_id, work_id=new.work_id,
            reported_on=new.reported_on, physical_percent=new.physical_percent,
            accepted_value=new.accepted_value, photos=len(new.uploads) + len(photos),
        )  # fmt: skip
        return one(session, new.work_id, new.id), True


def _add_photos(
    session: Session,
    actor: Actor,
    document_id: uuid.UUID,
    report_id: uuid.UUID,
    day: date,
    upload_ids: tuple[uuid.UUID, ...],
    photos: Sequence[Stored] = (),
    *,
    illustrative: bool = False,
) -> None:
    """Put pictures into the register as one document of the report."""
    if upload_ids or photos:
        new = NewDocument(document_id, "", day, "", "photo", uploads=upload_ids)
        register.put(session, actor, new, photos, (SUBJECT, report_id), illustrative=illustrative)


def update(
    actor: Actor, work_id: uuid.UUID, report_id: uuid.UUID, version: int, changes: dict[str, Any]
) -> ReportView:
    """Change a report by the names of NewReport; `documents` is the whole list, `uploads` come as more photos.

    Refusals are those of `create`. Raises Stale when somebody changed it since.
    """
    require(actor, "progress.report")
    if changes.keys() & {"documents", "uploads"}:
        require(actor, "document.edit")
    changed = _update(actor, work_id, report_id, version, changes)
    uploads.discard(changes.get("uploads", ()))
    return changed


def _update(
    actor: Actor, work_id: uuid.UUID, report_id: uuid.UUID, version: int, changes: dict[str, Any]
) -> ReportView:
    with db.transaction(write=True) as session:
        unit_id = unit_of(session, actor, work_id, lock=True)
        standing = one(session, work_id, report_id)
        if standing.version != version:
            raise Stale(standing)
        if not changes:
            return standing
        refuse_closed(session, work_id)
        values = {name: changes[name] for name in EDITABLE if name in changes}
        whole = {name: getattr(standing, name) for name in EDITABLE} | values
        _check(whole)
        before = told(session, work_id)
        others = [t for t in before if t.id != report_id]
        after = _with(others, Told(report_id, whole["reported_on"], whole["physical_percent"], whole["note"]))
        _refuse_falls(after, report_id, known=_falls(before, report_id).keys())
        session.execute(
            sa.update(ProgressReport)
            .where(ProgressReport.id == report_id)
            .values(**values, version=version + 1, updated_at=utcnow())
        )
        if "documents" in changes:
            set_attached(session, actor, SUBJECT, report_id, unit_id, changes["documents"])
        more: tuple[uuid.UUID, ...] = tuple(changes.get("uploads", ()))
        _add_photos(session, actor, uuid7(), report_id, whole["reported_on"], more)
        _follow(session, work_id, before, after)
        facts = {name: values[name] for name in EDITABLE[:3] if name in values}
        audit.record(
            session, actor, "progress.change", "progress_report", report_id, unit_id, work_id=work_id,
            fields=sorted(changes), **facts,
        )  # fmt: skip
        return one(session, work_id, report_id)


def _check(values: Mapping[str, Any]) -> None:
    """Raises Invalid for values that no report has, naming each."""
    faults = []
    day = values["reported_on"]
    if day > today():
        message = N_("Ngày báo cáo không được sau hôm nay {today:date}.")
        faults.append(FieldError("reported_on", message, {"today": today()}))
    elif day.year < _FIRST_YEAR:
        faults.append(
            FieldError("reported_on", N_("Ngày báo cáo không trước năm {year}."), {"year": _FIRST_YEAR})
        )
    if not 0 <= values["physical_percent"] <= 100:
        faults.append(FieldError("physical_percent", N_("Khối lượng từ 0 đến 100 %.")))
    value = values["accepted_value"]
    if value is not None and not 0 <= value <= MAX_AMOUNT:
        message = N_("Số tiền phải là số đồng nguyên, từ 0 đến {most:money}.")
        faults.append(FieldError("accepted_value", message, {"most": MAX_AMOUNT}))
    faults += place_faults(values)
    if faults:
        raise Invalid(*faults)


def _with(others: Sequence[Told], report: Told) -> list[Told]:
    """Reports by day with one among them. Raises Conflict, naming the other, when its day has one."""
    twin = next((t for t in others if t.on == report.on), None)
    if twin is not None:
        message = N_(
            "Ngày {on:date} đã có báo cáo khối lượng {held:number} %. Sửa báo cáo đó, không ghi thêm."
        )
        raise Conflict(message, on=twin.on, held=twin.percent, report_id=str(twin.id))
    return sorted([*others, report], key=lambda t: t.on)


def _falls(reports: Sequence[Told], report_id: uuid.UUID) -> dict[tuple[uuid.UUID, uuid.UUID], Told]:
    """Where the percent falls from a report to the next, one of them this one, and nobody says why.

    By the pair's ids: the other report of the pair.
    """
    found = {}
    for first, second in pairwise(reports):
        if report_id in (first.id, second.id) and second.percent < first.percent and not second.note.strip():
            if second.id == report_id:
                found[first.id, second.id] = first
            elif not first.note.strip():
                found[first.id, second.id] = second
    return found


def _refuse_falls(
    reports: Sequence[Told], report_id: uuid.UUID, *, known: Iterable[tuple[uuid.UUID, uuid.UUID]]
) -> None:
    """Raises Invalid on `note` for a fall that was not there before."""
    standing = set(known)
    own = next(t for t in reports if t.id == report_id)
    for pair, other in _falls(reports, report_id).items():
        if pair in standing:
            continue
        message = (
            N_(
                "Khối lượng {asked:number} % thấp hơn báo cáo ngày {on:date} là {held:number} %: ghi rõ vì sao."
            )
            if other.on < own.on
            else N_(
                "Khối lượng {asked:number} % cao hơn báo cáo sau đó, ngày {on:date}, là {held:number} %: ghi rõ vì sao."
            )
        )
        raise Invalid.field("note", message, asked=own.percent, on=other.on, held=other.percent)


def _follow(session: Session, work_id: uuid.UUID, before: Sequence[Told], after: Sequence[Told]) -> None:
    """The newest report says what the work has reached, once it is another one or says something else.

    What a work has reached can also be edited there, so its version grows with it.
    """
    was = (before[-1].id, before[-1].percent) if before else None
    if (after[-1].id, after[-1].percent) == was:
        return
    session.execute(
        sa.update(Work)
        .where(Work.id == work_id, Work.physical_percent != after[-1].percent)
        .values(physical_percent=after[-1].percent, version=Work.version + 1, updated_at=utcnow())
    )


def set_milestones(actor: Actor, work_id: uuid.UUID, wanted: Sequence[MilestoneView]) -> list[MilestoneView]:
    """Set the whole list of a work's milestones; the same again changes nothing. Days and percents both rise."""
    require(actor, "work.edit")
    _check_milestones(wanted)
    with db.transaction(write=True) as session:
        unit_id = unit_of(session, actor, work_id, lock=True)
        standing = milestones_of(session, work_id)
        if list(wanted) == standing:
            return standing
        session.execute(sa.delete(Milestone).where(Milestone.work_id == work_id))
        if wanted:
            session.execute(
                sa.insert(Milestone),
                [{"work_id": work_id, "planned_on": m.planned_on, "percent": m.percent} for m in wanted],
            )
        audit.record(
            session, actor, "work.milestones", "work", work_id, unit_id,
            milestones=[[m.planned_on.isoformat(), m.percent] for m in wanted],
        )  # fmt: skip
        return milestones_of(session, work_id)


def _check_milestones(wanted: Sequence[MilestoneView]) -> None:
    faults = []
    if len(wanted) > MOST_MILESTONES:
        message = N_("Nhiều nhất {most:number} mốc một công trình.")
        raise Invalid.field("milestones", message, most=MOST_MILESTONES)
    for i, mark in enumerate(wanted):
        if not 0 <= mark.percent <= 100:
            faults.append(FieldError(f"milestones.{i}.percent", N_("Khối lượng từ 0 đến 100 %.")))
        if mark.planned_on.year < _FIRST_YEAR:
            message = N_("Ngày của mốc không trước năm {year}.")
            faults.append(FieldError(f"milestones.{i}.planned_on", message, {"year": _FIRST_YEAR}))
    for i, (first, second) in enumerate(pairwise(wanted), 1):
        if second.planned_on <= first.planned_on:
            message = N_("Phải sau ngày {before:date} của mốc trước.")
            faults.append(FieldError(f"milestones.{i}.planned_on", message, {"before": first.planned_on}))
        if second.percent <= first.percent:
            message = N_("Phải cao hơn {before:number} % của mốc trước.")
            faults.append(FieldError(f"milestones.{i}.percent", message, {"before": first.percent}))
    if faults:
        raise Invalid(*faults)
