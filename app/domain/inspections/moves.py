"""What happens to an inspection: it is held on a day, what was found is written down, it is concluded; or cancelled."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.inspections.about import checked
from app.domain.inspections.planning import faults_of_day, store
from app.domain.inspections.views import (
    CANCELLED,
    CONCLUDED,
    FINDING,
    HELD,
    PLANNED,
    SUBJECT,
    FindingView,
    InspectionView,
    findings_of,
    one,
    refuse_side,
    refuse_state,
    whole,
)
from app.domain.ledger.entries import hash_body
from app.errors import FieldError, IdTaken, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.oversight import Finding
from app.models.steering import Directive

LONGEST_FINDING: Final = 4000
LONGEST_CONCLUSION: Final = 8000
LONGEST_REASON: Final = 1000


@dataclass(frozen=True, slots=True)
class NewFinding:
    """What was found; `wanting`: a shortcoming. It may be about a work, a line, a model, a plan, a directive (their
    ids) or a criterion (its number)."""

    id: uuid.UUID
    text: str
    wanting: bool
    subject_kind: str = ""
    subject_id: str = ""

    def body_hash(self, inspection_id: uuid.UUID) -> str:
        return hash_body(inspection_id, *(getattr(self, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What an inspection was concluded with; `number` of the notice, `on` its day (default: today)."""

    text: str
    number: str = ""
    on: date | None = None


def hold(actor: Actor, inspection_id: uuid.UUID, on: date) -> InspectionView:
    """Put on record that the visit was on a day. The same again changes nothing; another day is a correction
    (`update`). RuleBroken `inspection_state` once it was held."""
    require(actor, "inspection.edit")
    with db.transaction(write=True) as session:
        standing = one(session, actor, inspection_id, lock=True)
        refuse_side(standing, "hold")
        if standing.held_on == on and standing.state != CANCELLED:
            return whole(session, actor, inspection_id)
        refuse_state(standing, "hold", standing.state == PLANNED)
        faults = list(faults_of_day("on", on, standing.decision_date))
        if faults:
            raise Invalid(*faults)
        store(session, standing, state=HELD, held_on=on)
        audit.record(session, actor, "inspection.hold", SUBJECT, inspection_id, standing.unit_id, held_on=on)
        return whole(session, actor, inspection_id)


def conclude(actor: Actor, inspection_id: uuid.UUID, said: Conclusion) -> InspectionView:
    """Conclude one that was held. The same again changes nothing; other words are a correction (`update`)."""
    require(actor, "inspection.edit")
    with db.transaction(write=True) as session:
        standing = one(session, actor, inspection_id, lock=True)
        refuse_side(standing, "conclude")
        held = (standing.conclusion, standing.conclusion_number)
        if standing.state == CONCLUDED and held == (said.text, said.number) and said.on in (
            None, standing.concluded_on
        ):  # fmt: skip
            return whole(session, actor, inspection_id)
        refuse_state(standing, "conclude", standing.state == HELD)
        on = said.on or today()
        _check_conclusion(said, on, standing.held_on)
        store(
            session, standing, state=CONCLUDED, conclusion=said.text, conclusion_number=said.number,
            concluded_on=on,
        )  # fmt: skip
        audit.record(
            session, actor, "inspection.conclude", SUBJECT, inspection_id, standing.unit_id, concluded_on=on,
            number=said.number,
        )  # fmt: skip
        return whole(session, actor, inspection_id)


def cancel(actor: Actor, inspection_id: uuid.UUID, reason: str) -> InspectionView:
    """Call off one that is planned, or was held and not concluded; it stays on record with the reason. The same again
    changes nothing. RuleBroken `inspection_demanded` while something that it demanded stands."""
    require(actor, "inspection.edit")
    reason = reason.strip()
    if not reason:
        raise Invalid.field("reason", N_("Ghi lý do."))
    if len(reason) > LONGEST_REASON:
        raise Invalid.field("reason", N_("Dài quá {longest:number} ký tự"), longest=LONGEST_REASON)
    with db.transaction(write=True) as session:
        standing = one(session, actor, inspection_id, lock=True)
        refuse_side(standing, "cancel")
        if standing.state == CANCELLED and standing.cancelled_reason == reason:
            return whole(session, actor, inspection_id)
        refuse_state(standing, "cancel", standing.state in (PLANNED, HELD))
        demanded = sa.and_(Directive.inspection_id == inspection_id, Directive.state != "withdrawn")
        number = session.execute(sa.select(sa.func.count()).where(demanded)).scalar_one()
        if number:
            message = N_("Đã giao {number:number} nhiệm vụ từ cuộc kiểm tra này: không hủy được.")
            raise RuleBroken("inspection_demanded", message, number=number)
        store(session, standing, state=CANCELLED, cancelled_reason=reason)
        audit.record(
            session, actor, "inspection.cancel", SUBJECT, inspection_id, standing.unit_id, reason=reason,
            state=standing.state,
        )  # fmt: skip
        return whole(session, actor, inspection_id)


def _check_conclusion(said: Conclusion, on: date, held_on: date | None) -> None:
    faults = list(faults_of_day("on", on, held_on))
    if not said.text.strip():
        faults.append(FieldError("text", N_("Ghi kết luận.")))
    for name, longest in (("text", LONGEST_CONCLUSION), ("number", 120)):
        if len(getattr(said, name)) > longest:
            faults.append(FieldError(name, N_("Dài quá {longest:number} ký tự"), {"longest": longest}))
    if faults:
        raise Invalid(*faults)


def find(
    actor: Actor, inspection_id: uuid.UUID, new: NewFinding, *, illustrative: bool = False
) -> tuple[FindingView, bool]:
    """Write down what was found at one that was held; (the finding, whether it is new).

    The same body again gives back the same row; another body under its id raises IdTaken.
    """
    require(actor, "inspection.edit")
    if not new.text.strip():
        raise Invalid.field("text", N_("Ghi điều đã thấy."))
    if len(new.text) > LONGEST_FINDING:
        raise Invalid.field("text", N_("Dài quá {longest:number} ký tự"), longest=LONGEST_FINDING)
    try:
        return _find(actor, inspection_id, new, illustrative)
    except IntegrityError:
        return _find(actor, inspection_id, new, illustrative)  # somebody has just made it: look again


def _find(
    actor: Actor, inspection_id: uuid.UUID, new: NewFinding, illustrative: bool
) -> tuple[FindingView, bool]:
    with db.transaction(write=True) as session:
        standing = one(session, actor, inspection_id, lock=True)
        refuse_side(standing, "find")
        body = new.body_hash(inspection_id)
        stored = session.execute(
            sa.select(Finding.body_hash).where(Finding.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return _finding(session, actor, inspection_id, new.id), False
        refuse_state(standing, "find", standing.state in (HELD, CONCLUDED))
        kind, id_ = checked(session, actor, standing.unit_id, new.subject_kind, new.subject_id, "subject")
        now = utcnow()
        session.execute(
            sa.insert(Finding).values(
                id=new.id, inspection_id=inspection_id, text=new.text, wanting=new.wanting, subject_kind=kind,
                subject_id=id_, illustrative=illustrative, body_hash=body, created_at=now, created_by=actor.ref,
            )
        )  # fmt: skip
        store(session, standing)
        audit.record(
            session, actor, "inspection.find", FINDING, new.id, standing.unit_id, inspection=inspection_id,
            wanting=new.wanting, about=f"{kind}:{id_}" if kind else "", state=standing.state,
        )  # fmt: skip
        return _finding(session, actor, inspection_id, new.id), True


def _finding(session: Session, actor: Actor, inspection_id: uuid.UUID, finding_id: uuid.UUID) -> FindingView:
    for found in whole(session, actor, inspection_id).findings:
        if found.id == finding_id:
            return found
    raise NotFound(N_("Phát hiện này đã được rút."))


def withdraw(actor: Actor, inspection_id: uuid.UUID, finding_id: uuid.UUID) -> InspectionView:
    """Take back what was written down wrong; it stays on record. Again changes nothing."""
    require(actor, "inspection.edit")
    with db.transaction(write=True) as session:
        standing = one(session, actor, inspection_id, lock=True)
        refuse_side(standing, "withdraw")
        known = sa.and_(Finding.id == finding_id, Finding.inspection_id == inspection_id)
        if session.execute(sa.select(Finding.id).where(known)).one_or_none() is None:
            raise NotFound()
        stands = findings_of(session, [inspection_id]).get(inspection_id, ())
        finding = next((f for f in stands if f.id == finding_id), None)
        if finding is not None:
            refuse_state(standing, "withdraw", standing.state != CANCELLED)
            session.execute(sa.update(Finding).where(known).values(withdrawn_at=utcnow()))
            store(session, standing)
            audit.record(
                session, actor, "inspection.withdraw", FINDING, finding_id, standing.unit_id,
                inspection=inspection_id, state=standing.state, **_before(standing, finding),
            )  # fmt: skip
        return whole(session, actor, inspection_id)


def _before(standing: InspectionView, finding: FindingView) -> dict[str, object]:
    """Of a concluded inspection what the finding said that is shown no more."""
    if standing.state != CONCLUDED:
        return {}
    told = ("text", "wanting", "subject_kind", "subject_id")
    return {"version": standing.version, "before": {name: getattr(finding, name) for name in told}}
