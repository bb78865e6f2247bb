"""A set of criteria as it is read: heads, criteria, indicators, and what each must reach in a place on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

COMMUNE: Final = "commune"
HAMLET: Final = "hamlet"
JUDGMENT: Final = "judgment"
AT_MOST: Final = "percent_max"
PERCENTS: Final = frozenset({"percent", "percent_max"})


@dataclass(frozen=True, slots=True)
class ThresholdView:
    """What an indicator must reach; a null `value`: none is known. `place`: whose rule it is, null of the nation."""

    value: Decimal | None
    source: str
    certainty: str
    region: str | None
    unit_code: str | None
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
    unit_name: str | None
    valid_from: date
    valid_to: date | None
    source: str
    certainty: str
    illustrative: bool
    created_at: datetime

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
    def indicators(self) -> list[tuple[CriterionView, IndicatorView]]:
        return [(criterion, one) for criterion in self.criteria for one in criterion.indicators]
