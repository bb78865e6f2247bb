"""Assessing an indicator of a unit on a day, putting it right, withdrawing it, and the word of the agency in charge."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.criteria.assessments import SUBJECT, AssessmentView, one
from app.domain.criteria.proposed import figure_faults
from app.domain.criteria.sets import set_for
from app.domain.criteria.spells import restate
from app.domain.criteria.views import AT_MOST, COMMUNE, HAMLET, CriterionView, IndicatorView, reaches
from app.domain.documents.attaching import set_attached
from app.domain.ledger.entries import hash_body
from app.domain.sides import is_above
from app.domain.territory import UnitView, by_id, resolve
from app.errors import FieldError, IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.criteria import Assessment
from app.models.territory import Unit

# Whose criteria these are, by the level of the unit assessed.
LEVELS: Final = {"commune": COMMUNE, "hamlet": HAMLET}
EDITABLE: Final = ("assessed_on", "value", "met", "note", "assessor", "verifier")
AGREED: Final = "agreed"
DISPUTED: Final = "disputed"


@dataclass(frozen=True, slots=True)
class NewAssessment:
    """What is found of an indicator: `value` of a figure with a threshold, else `met`.

    `set_code` names another set than the one in force for the unit on that day; `documents` are the evidence.
    """

    id: uuid.UUID
    unit_code: str
    indicator_code: str
    date: date
    value: Decimal | None = None
    met: bool | None = None
    note: str = ""
    documents: tuple[uuid.UUID, ...] = ()
    set_code: str | None = None
    assessor: str = ""
    verifier: str = ""

    def body_hash(self) -> str:
        return hash_body(*(getattr(self, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Rule:
    """An indicator as it holds for a unit on a day, and the criterion that it belongs to."""

    unit: UnitView
    criterion: CriterionView
    indicator: IndicatorView


def create(actor: Actor, new: NewAssessment, *, illustrative: bool = False) -> tuple[AssessmentView, bool]:
    """Record an assessment; (the assessment, whether it is new). The criterion's state follows at once.

    The same body again gives back the same row; another body under its id raises IdTaken. RuleBroken
    `evidence_missing` where the set requires a document behind what is met and there is none.
    """
    require(actor, "assessment.edit")
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just made it: look again


def _create(actor: Actor, new: NewAssessment, illustrative: bool) -> tuple[AssessmentView, bool]:
    with db.transaction(write=True) as session:
        body = new.body_hash()
        stored = session.execute(
            sa.select(Assessment.body_hash).where(Assessment.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return one(session, actor, new.id), False
        unit = resolve(session, actor, new.unit_code, as_of=new.date, field="unit_code")
        rule = _rule(session, unit, new.date, new.indicator_code, new.set_code)
        met = _met(rule.indicator, new.value, new.met)
        _check_evidence(rule.indicator.code, rule.indicator.evidence_required, met, new.documents)
        _lock(session, unit.id)
        now = utcnow()
        session.execute(
            sa.insert(Assessment).values(
                id=new.id, unit_id=unit.id, indicator_id=rule.indicator.id, assessed_on=new.date, value=new.value,
                threshold=rule.indicator.must_reach, met=met, note=new.note, assessor=new.assessor or actor.name,
                verifier=new.verifier, illustrative=illustrative, body_hash=body, created_at=now,
                created_by=actor.ref, updated_at=now, version=1,
            )
        )  # fmt: skip
        set_attached(session, actor, SUBJECT, new.id, unit.id, new.documents)
        restate(session, unit.id, rule.criterion.id)
        audit.record(
            session, actor, "assessment.create", SUBJECT, new.id, unit.id, indicator=new.indicator_code,
            date=new.date, met=met, value=_plain(new.value),
        )  # fmt: skip
        return one(session, actor, new.id), True


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _lock(session: Session, unit_id: int) -> None:
    """One writer at a time at a unit's assessments; rows that only refer to the unit go on."""
    session.execute(sa.select(Unit.id).where(Unit.id == unit_id).with_for_update(key_share=True))


def _rule(session: Session, unit: UnitView, day: date, code: str, set_code: str | None) -> Rule:
    if day > today():
        message = N_("Ngày đánh giá không được sau hôm nay {today:date}.")
        raise Invalid(FieldError("date", message, {"today": today()}))
    refuse_level(unit, "unit_code")
    found = set_for(session, unit, day, level=LEVELS[unit.level], code=set_code)
    if found is None:
        message = (
            N_("Chưa có bộ tiêu chí nào cho đơn vị này vào ngày {day:date}.")
            if set_code is None
            else N_("Không có bộ tiêu chí {code} cho đơn vị này.")
        )
        raise NotFound(message, field="set_code", day=day, code=set_code)
    if day < found.head.valid_from:
        message = N_("Bộ tiêu chí này áp dụng từ ngày {day:date}.")
        raise Invalid(FieldError("date", message, {"day": found.head.valid_from}))
    for criterion, indicator in found.indicators:
        if indicator.code == code:
            return Rule(unit, criterion, indicator)
    raise NotFound(N_("Bộ tiêu chí này không có chỉ tiêu {code}."), field="indicator_code", code=code)


def refuse_level(unit: UnitView, field: str) -> None:
    """Criteria are those of a commune or a hamlet; Invalid names `field` for a unit of another level."""
    if unit.level not in LEVELS:
        raise Invalid.field(field, N_("Tiêu chí là của xã hoặc thôn."))


def _met(indicator: IndicatorView, value: Decimal | None, said: bool | None) -> bool:
    """Whether it is met: by its value against the threshold, or as judged; Invalid for a value outside its domain."""
    if not indicator.is_figure:
        if value is not None:
            raise Invalid.field("value", N_("Chỉ tiêu này xét đạt hay không đạt, không có giá trị."))
        return _judged(said)
    if value is not None:
        faults = list(figure_faults("value", indicator.kind, value))
        if faults:
            raise Invalid(*faults)
    if indicator.must_reach is None:
        return _judged(said)
    if value is None:
        raise Invalid.field("value", N_("Chỉ tiêu này có ngưỡng: ghi giá trị, đạt hay không tự tính."))
    met = reaches(indicator.kind, value, indicator.must_reach)
    if said is not None and said != met:
        message = (
            N_("Theo ngưỡng {sign} {threshold:number}, giá trị này là đạt.")
            if met
            else N_("Theo ngưỡng {sign} {threshold:number}, giá trị này là chưa đạt.")
        )
        sign = "≤" if indicator.kind == AT_MOST else "≥"
        raise Invalid.field("met", message, sign=sign, threshold=str(indicator.must_reach))
    return met


def _judged(said: bool | None) -> bool:
    if said is None:
        raise Invalid.field("met", N_("Chọn đạt hay chưa đạt."))
    return said


def _check_evidence(code: str, required: bool, met: bool, documents: Sequence[uuid.UUID]) -> None:
    if met and required and not documents:
        message = N_("Chỉ tiêu {code} chỉ được ghi đạt khi có văn bản minh chứng kèm theo.")
        raise RuleBroken("evidence_missing", message, code=code, asked=1, held=0)


def update(actor: Actor, assessment_id: uuid.UUID, version: int, changes: dict[str, Any]) -> AssessmentView:
    """Put right `assessed_on`, `value`, `met`, `note`, `assessor`, `verifier` or `documents`. Raises Stale when somebody
    changed it since; RuleBroken `assessment_state` once it was verified or withdrawn: then a new one says otherwise.
    """
    require(actor, "assessment.edit")
    with db.transaction(write=True) as session:
        standing = _locked(session, actor, assessment_id)
        if standing.version != version:
            raise Stale(standing)
        values: dict[str, Any] = {name: changes[name] for name in EDITABLE if name in changes}
        if not values and "documents" not in changes:
            return standing
        _refuse_state(standing, "update", standing.changeable)
        unit = by_id(session, standing.unit_id)
        if values.keys() & {"assessed_on", "value", "met"}:
            values |= _found_anew(session, unit, standing, values)
        met = values.get("met", standing.met)
        papers = changes.get("documents", standing.documents)
        _check_evidence(standing.indicator_code, standing.evidence_required, met, papers)
        _store(session, standing, **values)
        if "documents" in changes:
            set_attached(session, actor, SUBJECT, assessment_id, unit.id, papers)
        restate(session, unit.id, standing.criterion_id)
        audit.record(
            session, actor, "assessment.update", SUBJECT, assessment_id, unit.id,
            fields=sorted(changes.keys() & {*EDITABLE, "documents"}), met=met,
            value=_plain(values.get("value", standing.value)),
        )  # fmt: skip
        return one(session, actor, assessment_id)


def _found_anew(
    session: Session, unit: UnitView, standing: AssessmentView, values: dict[str, Any]
) -> dict[str, Any]:
    """What follows once the day, the value or the judgment is put right: `met`, by the threshold of that day."""
    found = {name: getattr(standing, name) for name in ("assessed_on", "value")} | values
    rule = _rule(session, unit, found["assessed_on"], standing.indicator_code, standing.set_code)
    said = values.get("met", standing.met if rule.indicator.must_reach is None else None)
    met = _met(rule.indicator, found["value"], said)
    return {"met": met, "threshold": rule.indicator.must_reach}


def withdraw(actor: Actor, assessment_id: uuid.UUID, reason: str) -> AssessmentView:
    """Take back an assessment that should not have been made; it stays on record and counts no more."""
    require(actor, "assessment.edit")
    with db.transaction(write=True) as session:
        standing = _locked(session, actor, assessment_id)
        if not standing.stands and standing.withdrawn_reason == reason:
            return standing
        _refuse_state(standing, "withdraw", standing.stands)
        if not reason.strip():
            raise Invalid.field("reason", N_("Ghi lý do rút."))
        _store(session, standing, withdrawn_at=utcnow(), withdrawn_reason=reason)
        restate(session, standing.unit_id, standing.criterion_id)
        audit.record(session, actor, "assessment.withdraw", SUBJECT, assessment_id, standing.unit_id)
        return one(session, actor, assessment_id)


def verify(
    actor: Actor,
    assessment_id: uuid.UUID,
    agreed: bool,
    note: str = "",
    *,
    on: date | None = None,
    seen: int | None = None,
) -> AssessmentView:
    """The word of the agency in charge: it agrees, or disputes with a reason; the state of the criterion stays as the
    unit assessed it, marked as disputed. A later word stands instead.

    `seen` is the version that was read: Stale when somebody changed it since. RuleBroken `own_assessment` for whoever does not stand above the unit assessed, or recorded it.
    """
    require(actor, "assessment.verify")
    on = on or today()
    with db.transaction(write=True) as session:
        standing = _locked(session, actor, assessment_id)
        verdict = AGREED if agreed else DISPUTED
        if (standing.verdict, standing.verdict_note, standing.verified_on) == (verdict, note, on):
            return standing
        _refuse_state(standing, "verify", standing.stands)
        if seen is not None and seen != standing.version:
            raise Stale(standing)
        if not may_verify(actor, standing):
            message = N_("Cấp trên thẩm tra; nơi đánh giá không tự thẩm tra.")
            raise RuleBroken("own_assessment", message, asked=actor.unit_code, held=standing.unit_code)
        if not agreed and not note.strip():
            raise Invalid.field("note", N_("Ghi vì sao không đồng ý."))
        if not standing.assessed_on <= on <= today():
            message = N_("Ngày thẩm tra từ ngày đánh giá {first:date} đến hôm nay.")
            raise Invalid(FieldError("on", message, {"first": standing.assessed_on}))
        _store(
            session, standing, verdict=verdict, verdict_note=note, verified_on=on, verified_by=actor.ref,
            verifier=standing.verifier or actor.unit_name,
        )  # fmt: skip
        audit.record(
            session, actor, "assessment.verify", SUBJECT, assessment_id, standing.unit_id, verdict=verdict,
            verified_on=on,
        )  # fmt: skip
        return one(session, actor, assessment_id)


def may_verify(actor: Actor, standing: AssessmentView) -> bool:
    """Whether an actor is another than who recorded the assessment, and stands above the unit assessed."""
    return is_above(actor, "commune") and standing.created_by != actor.ref


def _locked(session: Session, actor: Actor, assessment_id: uuid.UUID) -> AssessmentView:
    """An assessment as it stands once its unit is locked."""
    _lock(session, one(session, actor, assessment_id).unit_id)
    return one(session, actor, assessment_id)


def _store(session: Session, standing: AssessmentView, **values: Any) -> None:
    session.execute(
        sa.update(Assessment)
        .where(Assessment.id == standing.id)
        .values(**values, version=standing.version + 1, updated_at=utcnow())
    )


def _refuse_state(standing: AssessmentView, asked: str, allowed: bool) -> None:
    if allowed:
        return
    held = "withdrawn" if not standing.stands else standing.verdict
    message = (
        N_("Đánh giá này đã rút.")
        if not standing.stands
        else N_("Đánh giá này đã được thẩm tra: ghi đánh giá mới thay vì sửa.")
    )
    raise RuleBroken("assessment_state", message, asked=asked, held=held)
