"""Adding a set of criteria, and what its indicators must reach in the nation, a region or a province.

Both are added and never changed: assessments were made by them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.criteria import sets
from app.domain.criteria.views import JUDGMENT, PERCENTS, SetView
from app.domain.ledger.entries import hash_body
from app.domain.territory import resolve
from app.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from app.i18n import N_
from app.models.criteria import (
    INDICATOR_KINDS,
    SET_LEVELS,
    CriteriaSet,
    Criterion,
    Indicator,
    Region,
    Threshold,
)

MOST_CRITERIA: Final = 60
MOST_INDICATORS: Final = 40
LARGEST: Final = Decimal(1_000_000_000)
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,39}")


@dataclass(frozen=True, slots=True)
class NewIndicator:
    """An indicator; `threshold` is that of the place whose set it is, null where it is left to regions or provinces."""

    code: str
    name: str
    kind: str
    unit: str = ""
    threshold: Decimal | None = None
    evidence_required: bool = False
    source: str = ""  # of its threshold, or where it has none of its wording; "" is the set's
    certainty: str = "confirm"


@dataclass(frozen=True, slots=True)
class NewCriterion:
    number: int
    name: str
    indicators: tuple[NewIndicator, ...]
    name_en: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class NewSet:
    """A set whole. With `region` or `unit_code` (a province) it is that place's own, else the nation's."""

    code: str
    name: str
    level: str
    valid_from: date
    valid_to: date | None
    source: str
    criteria: tuple[NewCriterion, ...]
    name_en: str = ""
    region: str | None = None
    unit_code: str | None = None
    certainty: str = "confirm"

    def body_hash(self) -> str:
        return hash_body(*(getattr(self, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class NewThreshold:
    """What an indicator must reach in a region, a province or the nation from a day on; null: none is known."""

    indicator_code: str
    value: Decimal | None
    valid_from: date
    source: str
    certainty: str = "confirm"
    region: str | None = None
    unit_code: str | None = None
    valid_to: date | None = None


def create(actor: Actor, new: NewSet, *, illustrative: bool = False) -> tuple[SetView, bool]:
    """Add a set; (the set, whether it is new). The same again changes nothing; its code for another is Conflict.

    The nation's and a region's by the administrator of the whole, a province's by its own.
    """
    require(actor, "threshold.edit")
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just added it: look again


def _create(actor: Actor, new: NewSet, illustrative: bool) -> tuple[SetView, bool]:
    with db.transaction(write=True) as session:
        unit_id = _place(session, actor, new.region, new.unit_code)
        _check(new)
        stored = session.execute(
            sa.select(CriteriaSet.body_hash).where(CriteriaSet.code == new.code)
        ).scalar_one_or_none()
        if stored is not None and stored != new.body_hash():
            raise Conflict(N_("Bộ tiêu chí {code} đã có, với nội dung khác."), code=new.code)
        if stored is None:
            store(session, new, by=actor.ref, unit_id=unit_id, illustrative=illustrative)
            audit.record(
                session, actor, "criteria_set.create", "criteria_set", new.code, unit_id or actor.unit_id,
                criteria=len(new.criteria), valid_from=new.valid_from,
            )  # fmt: skip
    return sets.get(actor, new.code, unit=new.unit_code, on=new.valid_from), stored is None


def _place(session: Session, actor: Actor, region: str | None, unit_code: str | None) -> int | None:
    """The province for which a rule is made, None for a region or the nation. Refuses who has no say there."""
    if unit_code is None:
        if actor.level != "nation":
            raise Forbidden(
                N_("Quy định chung cả nước hoặc của vùng: chỉ quản trị viên cấp toàn quốc được sửa.")
            )
        known = sa.select(Region.code).where(Region.code == region)
        if region is not None and session.execute(known).scalar_one_or_none() is None:
            raise NotFound(N_("Không có vùng {code}."), field="region", code=region)
        return None
    if region is not None:
        raise Invalid.field("region", N_("Chọn vùng hoặc tỉnh, không chọn cả hai."))
    unit = resolve(session, actor, unit_code, field="unit_code")
    if unit.level != "province":
        raise Invalid.field("unit_code", N_("Ngưỡng riêng và bộ tiêu chí riêng là của cấp tỉnh."))
    return unit.id


def store(session: Session, new: NewSet, *, by: str, unit_id: int | None, illustrative: bool = False) -> None:
    """Insert a set that was checked, with the thresholds that it brings."""
    made = {"created_at": utcnow(), "created_by": by}
    fields = ("code", "name", "name_en", "level", "region", "valid_from", "valid_to", "source", "certainty")
    head = {name: getattr(new, name) for name in fields} | made
    set_id: int = session.execute(
        sa.insert(CriteriaSet)
        .values(**head, unit_id=unit_id, illustrative=illustrative, body_hash=new.body_hash())
        .returning(CriteriaSet.id)
    ).scalar_one()
    for criterion in new.criteria:
        values = {name: getattr(criterion, name) for name in ("number", "name", "name_en", "group")}
        criterion_id: int = session.execute(
            sa.insert(Criterion).values(**values, set_id=set_id).returning(Criterion.id)
        ).scalar_one()
        for position, one in enumerate(criterion.indicators, start=1):
            indicator_id: int = session.execute(
                sa.insert(Indicator)
                .values(
                    criterion_id=criterion_id, code=one.code, position=position, name=one.name, kind=one.kind,
                    unit=one.unit, evidence_required=one.evidence_required, source=one.source or new.source,
                    certainty=one.certainty,
                )
                .returning(Indicator.id)
            ).scalar_one()  # fmt: skip
            if one.kind != JUDGMENT:
                session.execute(
                    sa.insert(Threshold).values(
                        **made, indicator_id=indicator_id, region=new.region, unit_id=unit_id, value=one.threshold,
                        source=one.source or new.source, certainty=one.certainty, valid_from=new.valid_from,
                        valid_to=None,
                    )
                )  # fmt: skip


def add_threshold(actor: Actor, set_code: str, new: NewThreshold) -> SetView:
    """Say what an indicator must reach in a place from a day on; assessments made before keep what they were held
    against. The same again changes nothing.
    """
    require(actor, "threshold.edit")
    with db.transaction(write=True) as session:
        unit_id = _place(session, actor, new.region, new.unit_code)
        kind, indicator_id = _indicator(session, set_code, new.indicator_code)
        _check_threshold(new, kind)
        same = (
            Threshold.indicator_id == indicator_id, Threshold.region == new.region, Threshold.unit_id == unit_id,
        )  # fmt: skip
        fields = ("value", "source", "certainty", "valid_from", "valid_to")
        values: dict[str, Any] = {name: getattr(new, name) for name in fields}
        columns = [getattr(Threshold, name) for name in fields]
        latest = session.execute(
            sa.select(*columns).where(*same).order_by(Threshold.id.desc()).limit(1)
        ).one_or_none()
        if latest is None or dict(zip(fields, latest, strict=True)) != values:
            session.execute(
                sa.insert(Threshold).values(
                    **values, indicator_id=indicator_id, region=new.region, unit_id=unit_id, created_at=utcnow(),
                    created_by=actor.ref,
                )
            )  # fmt: skip
            audit.record(
                session, actor, "threshold.add", "criteria_set", set_code, unit_id or actor.unit_id,
                indicator=new.indicator_code, value=str(new.value), valid_from=new.valid_from, region=new.region,
            )  # fmt: skip
    return sets.get(actor, set_code, unit=new.unit_code, on=new.valid_from)


def _indicator(session: Session, set_code: str, code: str) -> tuple[str, int]:
    row = session.execute(
        sa.select(Indicator.kind, Indicator.id)
        .join(Criterion, Criterion.id == Indicator.criterion_id)
        .join(CriteriaSet, CriteriaSet.id == Criterion.set_id)
        .where(CriteriaSet.code == set_code, Indicator.code == code)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound(N_("Bộ tiêu chí này không có chỉ tiêu {code}."), field="indicator_code", code=code)
    return row[0], row[1]


def _check_threshold(new: NewThreshold, kind: str) -> None:
    faults = []
    if kind == JUDGMENT:
        faults.append(FieldError("value", N_("Chỉ tiêu này xét đạt hay không đạt, không có ngưỡng.")))
    elif new.value is not None:
        faults += figure_faults("value", kind, new.value)
    if not new.source.strip():
        faults.append(FieldError("source", N_("Ghi văn bản quy định ngưỡng này.")))
    if new.valid_to is not None and new.valid_to < new.valid_from:
        faults.append(FieldError("valid_to", N_("Ngày hết hiệu lực không trước ngày bắt đầu.")))
    if faults:
        raise Invalid(*faults)


def figure_faults(field: str, kind: str, value: Decimal) -> Iterator[FieldError]:
    """What is wrong with a value of an indicator: its bounds, and at most three decimal places."""
    if value != round(value, 3):
        yield FieldError(field, N_("Nhiều nhất ba chữ số thập phân."))
    if kind in PERCENTS and not 0 <= value <= 100:
        yield FieldError(field, N_("Tỷ lệ từ 0 đến 100 %."))
    elif not 0 <= value <= LARGEST:
        yield FieldError(field, N_("Giá trị từ 0 đến {most:number}."), {"most": int(LARGEST)})


def _check(new: NewSet) -> None:
    faults = []
    if not _CODE.fullmatch(new.code):
        faults.append(FieldError("code", N_("Mã gồm chữ hoa không dấu, số, gạch ngang và dấu chấm.")))
    if new.level not in SET_LEVELS:
        faults.append(FieldError("level", N_("Không có cấp này.")))
    if new.valid_to is not None and new.valid_to < new.valid_from:
        faults.append(FieldError("valid_to", N_("Ngày hết hiệu lực không trước ngày bắt đầu.")))
    if not new.source.strip():
        faults.append(FieldError("source", N_("Ghi văn bản ban hành bộ tiêu chí.")))
    if not 1 <= len(new.criteria) <= MOST_CRITERIA:
        message = N_("Bộ tiêu chí có từ 1 đến {most:number} tiêu chí.")
        faults.append(FieldError("criteria", message, {"most": MOST_CRITERIA}))
    numbers = Counter(criterion.number for criterion in new.criteria)
    codes = Counter(one.code for criterion in new.criteria for one in criterion.indicators)
    for i, criterion in enumerate(new.criteria):
        faults += [
            FieldError(f"criteria.{i}.{e.field}", e.message, e.facts)
            for e in _faults(criterion, numbers, codes)
        ]
    if faults:
        raise Invalid(*faults)


def _faults(criterion: NewCriterion, numbers: Counter[int], codes: Counter[str]) -> Iterator[FieldError]:
    """What is wrong with a criterion by itself and beside the others."""
    if not 1 <= criterion.number <= 999:
        yield FieldError("number", N_("Số thứ tự từ 1 đến 999."))
    elif numbers[criterion.number] > 1:
        yield FieldError("number", N_("Số thứ tự này đã có."))
    if not criterion.name.strip():
        yield FieldError("name", N_("Chưa điền"))
    if not 1 <= len(criterion.indicators) <= MOST_INDICATORS:
        message = N_("Tiêu chí có từ 1 đến {most:number} chỉ tiêu.")
        yield FieldError("indicators", message, {"most": MOST_INDICATORS})
    for i, one in enumerate(criterion.indicators):
        at = f"indicators.{i}"
        if not one.code.startswith(f"{criterion.number}."):
            message = N_("Mã chỉ tiêu bắt đầu bằng số của tiêu chí và dấu chấm, ví dụ {example}.")
            yield FieldError(f"{at}.code", message, {"example": f"{criterion.number}.1"})
        elif codes[one.code] > 1:
            yield FieldError(f"{at}.code", N_("Mã chỉ tiêu này đã có."))
        if not one.name.strip():
            yield FieldError(f"{at}.name", N_("Chưa điền"))
        if one.kind not in INDICATOR_KINDS:
            yield FieldError(f"{at}.kind", N_("Không có loại chỉ tiêu này."))
        elif one.threshold is not None and one.kind == JUDGMENT:
            yield FieldError(f"{at}.threshold", N_("Chỉ tiêu xét đạt hay không đạt thì không có ngưỡng."))
        elif one.threshold is not None:
            yield from figure_faults(f"{at}.threshold", one.kind, one.threshold)
