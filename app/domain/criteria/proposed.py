"""A set of criteria or a threshold as it is proposed, and what is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from app.domain.criteria.views import JUDGMENT, PERCENTS
from app.domain.ledger.entries import hash_body
from app.errors import FieldError, Invalid
from app.i18n import N_
from app.models.criteria import INDICATOR_KINDS, SET_LEVELS

MOST_CRITERIA: Final = 60
MOST_INDICATORS: Final = 40  # of one criterion
LARGEST: Final = Decimal(1_000_000_000)
CERTAINTIES: Final = ("sure", "confirm")
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,39}")
_INDICATOR_CODE: Final = re.compile(r"[0-9]{1,3}(\.[0-9A-Za-z]{1,3}){1,2}")  # at most 11 characters
_LONGEST: Final = {"name": 300, "name_en": 300, "group": 200, "source": 500, "unit": 60}
_LONGEST_INDICATOR: Final = _LONGEST | {"name": 600}


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
        """Tells one set from another; a threshold of 80 and one of 80,0 are the same."""
        heads = (getattr(self, name) for name in self.__slots__ if name != "criteria")
        criteria = (
            (c.number, c.name, c.name_en, c.group, *(_told(one) for one in c.indicators)) for c in self.criteria
        )  # fmt: skip
        return hash_body(*heads, *criteria)


def _told(one: NewIndicator) -> tuple[object, ...]:
    threshold = None if one.threshold is None else f"{one.threshold.normalize():f}"
    return one.code, one.name, one.kind, one.unit, threshold, one.evidence_required, one.source, one.certainty


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


def check_set(new: NewSet) -> None:
    """Raise Invalid with every fault, each by its field: `criteria.0.indicators.2.threshold`."""
    faults = list(head_faults(new))
    if not 1 <= len(new.criteria) <= MOST_CRITERIA:
        message = N_("Bộ tiêu chí có từ 1 đến {most:number} tiêu chí.")
        faults.append(FieldError("criteria", message, {"most": MOST_CRITERIA}))
    faults += criteria_faults(new.criteria)
    if faults:
        raise Invalid(*faults)


def check_threshold(new: NewThreshold, kind: str) -> None:
    """Raise Invalid with every fault of a threshold of an indicator of this kind."""
    faults = [
        *_texts(new, {"source": 500}),
        *_certainty(new.certainty),
        *_dates(new.valid_from, new.valid_to),
    ]
    if kind == JUDGMENT:
        faults.append(FieldError("value", N_("Chỉ tiêu này xét đạt hay không đạt, không có ngưỡng.")))
    elif new.value is not None:
        faults += figure_faults("value", kind, new.value)
    if not new.source.strip():
        faults.append(FieldError("source", N_("Ghi văn bản quy định ngưỡng này.")))
    if faults:
        raise Invalid(*faults)


def figure_faults(field: str, kind: str, value: Decimal) -> Iterator[FieldError]:
    """What is wrong with a value of an indicator: its bounds, and at most three decimal places."""
    if value != round(value, 3):
        yield FieldError(field, N_("Nhiều nhất ba chữ số thập phân."))
    elif kind in PERCENTS and not 0 <= value <= 100:
        yield FieldError(field, N_("Tỷ lệ từ 0 đến 100 %."))
    elif not 0 <= value <= LARGEST:
        yield FieldError(field, N_("Giá trị từ 0 đến {most:number}."), {"most": int(LARGEST)})


def head_faults(new: NewSet) -> Iterator[FieldError]:
    """What is wrong with a set before its criteria."""
    if not _CODE.fullmatch(new.code):
        yield FieldError("code", N_("Mã gồm chữ hoa không dấu, số, gạch ngang và dấu chấm."))
    if not new.name.strip():
        yield FieldError("name", N_("Chưa điền"))
    if new.level not in SET_LEVELS:
        yield FieldError("level", N_("Không có cấp này."))
    if not new.source.strip():
        yield FieldError("source", N_("Ghi văn bản ban hành bộ tiêu chí."))
    yield from _texts(new, {name: _LONGEST[name] for name in ("name", "name_en", "source")})
    yield from _certainty(new.certainty)
    yield from _dates(new.valid_from, new.valid_to)


def criteria_faults(criteria: tuple[NewCriterion, ...]) -> Iterator[FieldError]:
    """What is wrong with criteria, each by itself and beside the others."""
    numbers = Counter(criterion.number for criterion in criteria)
    codes = Counter(one.code for criterion in criteria for one in criterion.indicators)
    for i, criterion in enumerate(criteria):
        for fault in _criterion(criterion, numbers):
            yield FieldError(f"criteria.{i}.{fault.field}", fault.message, fault.facts)
        for j, one in enumerate(criterion.indicators):
            for fault in _indicator(criterion.number, one, codes):
                yield FieldError(f"criteria.{i}.indicators.{j}.{fault.field}", fault.message, fault.facts)


def _criterion(criterion: NewCriterion, numbers: Counter[int]) -> Iterator[FieldError]:
    if not 1 <= criterion.number <= 999:
        yield FieldError("number", N_("Số thứ tự từ 1 đến 999."))
    elif numbers[criterion.number] > 1:
        yield FieldError("number", N_("Số thứ tự này đã có."))
    if not criterion.name.strip():
        yield FieldError("name", N_("Chưa điền"))
    yield from _texts(criterion, {name: _LONGEST[name] for name in ("name", "name_en", "group")})
    if not 1 <= len(criterion.indicators) <= MOST_INDICATORS:
        message = N_("Tiêu chí có từ 1 đến {most:number} chỉ tiêu.")
        yield FieldError("indicators", message, {"most": MOST_INDICATORS})


def _indicator(number: int, one: NewIndicator, codes: Counter[str]) -> Iterator[FieldError]:
    if not _INDICATOR_CODE.fullmatch(one.code) or not one.code.startswith(f"{number}."):
        message = N_("Mã chỉ tiêu bắt đầu bằng số của tiêu chí và dấu chấm, ví dụ {example}.")
        yield FieldError("code", message, {"example": f"{number}.1"})
    elif codes[one.code] > 1:
        yield FieldError("code", N_("Mã chỉ tiêu này đã có."))
    if not one.name.strip():
        yield FieldError("name", N_("Chưa điền"))
    yield from _texts(one, {name: _LONGEST_INDICATOR[name] for name in ("name", "unit", "source")})
    yield from _certainty(one.certainty)
    if one.kind not in INDICATOR_KINDS:
        yield FieldError("kind", N_("Không có loại chỉ tiêu này."))
    elif one.threshold is not None and one.kind == JUDGMENT:
        yield FieldError("threshold", N_("Chỉ tiêu xét đạt hay không đạt thì không có ngưỡng."))
    elif one.threshold is not None:
        yield from figure_faults("threshold", one.kind, one.threshold)


def _texts(thing: object, longest: dict[str, int]) -> Iterator[FieldError]:
    for name, most in longest.items():
        if len(getattr(thing, name)) > most:
            yield FieldError(name, N_("Dài quá {longest:number} ký tự"), {"longest": most})


def _certainty(certainty: str) -> Iterator[FieldError]:
    if certainty not in CERTAINTIES:
        yield FieldError("certainty", N_("Độ chắc chắn là “đã xác nhận” hoặc “chờ xác nhận”."))


def _dates(valid_from: date, valid_to: date | None) -> Iterator[FieldError]:
    if valid_to is not None and valid_to < valid_from:
        yield FieldError("valid_to", N_("Ngày hết hiệu lực không trước ngày bắt đầu."))
