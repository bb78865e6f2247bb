"""A set of criteria as it is read: heads, criteria, indicators, and what each must reach in a place on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from app.i18n import N_

COMMUNE: Final = "commune"
HAMLET: Final = "hamlet"
LEVELS: Final[Mapping[str, str]] = {
    "commune": N_("Xã nông thôn mới"),
    "advanced_commune": N_("Xã nông thôn mới nâng cao"),
    "hamlet": N_("Thôn nông thôn mới kiểu mẫu"),
}
KINDS: Final[Mapping[str, str]] = {
    "judgment": N_("Đạt hay không đạt"),
    "percent": N_("Tỷ lệ, ít nhất"),
    "percent_max": N_("Tỷ lệ, nhiều nhất"),
    "amount": N_("Giá trị, ít nhất"),
}
JUDGMENT: Final = "judgment"
AT_MOST: Final = "percent_max"
PERCENTS: Final = frozenset({"percent", "percent_max"})


@dataclass(frozen=True, slots=True)
class ThresholdView:
    """What an indicator must reach; a null `value`: none is known.

    `region` or `unit_…` (a province) say whose rule it is; with neither it is the nation's.
    """

    value: Decimal | None
    source: str
    certainty: str
    region: str | None
    unit_code: str | None
    unit_structure: str | None
    unit_name: str | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator; `threshold` where a value is asked of it."""

    id: int
    code: str
    name: str
    kind: str
    unit: str
    evidence_required: bool
    source: str
    certainty: str
    threshold: ThresholdView | None = None

    @property
    def is_figure(self) -> bool:
        """Whether a value is given, not only met or not."""
        return self.kind != JUDGMENT

    @property
    def comparator(self) -> str | None:
        """How a value is held against the threshold."""
        if not self.is_figure:
            return None
        return "<=" if self.kind == AT_MOST else ">="

    @property
    def must_reach(self) -> Decimal | None:
        """The threshold's value, where one is known."""
        return self.threshold.value if self.threshold else None

    @property
    def unknown(self) -> bool:
        """Whether a value is given and nobody has said here what it must reach."""
        return self.is_figure and self.must_reach is None

    @property
    def ruled_by(self) -> str:
        """Where what it must reach stands, else where its wording does."""
        return self.threshold.source if self.threshold else self.source

    @property
    def certain(self) -> bool:
        """Whether its wording, and the threshold if one is asked for, are confirmed."""
        return self.certainty == "sure" and (self.threshold is None or self.threshold.certainty == "sure")


def reaches(kind: str, value: Decimal, threshold: Decimal) -> bool:
    """Whether a value meets a threshold: at most for `percent_max`, else at least."""
    return value <= threshold if kind == AT_MOST else value >= threshold


@dataclass(frozen=True, slots=True)
class CriterionView:
    id: int
    number: int
    name: str
    name_en: str
    group: str
    indicators: tuple[IndicatorView, ...]

    def named(self, lang: str) -> str:
        return self.name_en if lang == "en" and self.name_en else self.name


@dataclass(frozen=True, slots=True)
class SetHead:
    """A set without its criteria. `unit_…`: the province whose set it is; with neither it is the nation's."""

    id: int
    code: str
    name: str
    name_en: str
    level: str
    region: str | None
    unit_code: str | None
    unit_structure: str | None
    unit_name: str | None
    valid_from: date
    valid_to: date | None
    source: str
    certainty: str
    illustrative: bool
    created_at: datetime
    changed_at: datetime  # when it was added, or a threshold of it was

    @property
    def nearness(self) -> int:
        """The province's own stands before its region's, and that before the nation's."""
        return 0 if self.unit_code is not None else 1 if self.region is not None else 2

    def named(self, lang: str) -> str:
        return self.name_en if lang == "en" and self.name_en else self.name

    def over_on(self, day: date) -> bool:
        """Whether its time was over on a day; it goes on being used until another set is loaded."""
        return self.valid_to is not None and self.valid_to < day


@dataclass(frozen=True, slots=True)
class SetView:
    """A set with its criteria, and thresholds as they are for a place on a day."""

    head: SetHead
    criteria: tuple[CriterionView, ...]

    @property
    def figures(self) -> list[IndicatorView]:
        """The indicators of which a value is given."""
        return [one for _, one in self.indicators if one.is_figure]

    @property
    def unknown(self) -> list[IndicatorView]:
        """The figures for which no threshold is known here."""
        return [one for one in self.figures if one.unknown]

    @property
    def unconfirmed(self) -> list[IndicatorView]:
        """The others whose wording or threshold is still to be confirmed."""
        return [one for _, one in self.indicators if not one.certain and not one.unknown]

    @property
    def indicators(self) -> list[tuple[CriterionView, IndicatorView]]:
        return [(criterion, one) for criterion in self.criteria for one in criterion.indicators]
