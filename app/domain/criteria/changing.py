"""What changes for a unit when one set of criteria takes the place of another: in words, thresholds, and standing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain.access import Actor, require
from app.domain.criteria.assessments import AssessmentView, standing
from app.domain.criteria.sets import head_in, place_of, whole
from app.domain.criteria.views import CriterionView, IndicatorView, SetHead, SetView, reaches
from app.domain.territory import UnitView, by_id, resolve

Change = Literal["added", "dropped", "reworded", "kind", "threshold", "evidence"]
CHANGES: Final[tuple[Change, ...]] = ("added", "dropped", "reworded", "kind", "threshold", "evidence")
# Of an indicator: what its latest assessment comes to under the new set; `anew`: it says nothing there.
Carried = Literal["met", "unmet", "anew", "gone"]
# Of a criterion: from met or not to met, not, to be assessed anew, or out of the set.
Outlook = Literal["lost", "anew", "gained", "kept", "unmet", "dropped"]
OUTLOOKS: Final[tuple[Outlook, ...]] = ("lost", "anew", "gained", "kept", "unmet", "dropped")


@dataclass(frozen=True, slots=True)
class IndicatorChange:
    """An indicator of either set by its code; `assessment`: the latest by the old set, as of the day."""

    code: str
    old: IndicatorView | None
    new: IndicatorView | None
    changes: tuple[Change, ...]
    assessment: AssessmentView | None
    carried: Carried


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """A criterion of either set by its number; `was_met` by the old set."""

    number: int
    old: CriterionView | None
    new: CriterionView | None
    indicators: tuple[IndicatorChange, ...]
    was_met: bool
    outlook: Outlook

    @property
    def named(self) -> CriterionView:
        """The criterion whose name is shown: the new set's where it is there."""
        found = self.new or self.old
        assert found is not None  # noqa: S101 - it stands in one of the two
        return found


@dataclass(frozen=True, slots=True)
class SetChanges:
    """From `old` to `new` in a unit; thresholds as they are there on the day, of a set to come on its first day."""

    unit: UnitView
    as_of: date
    old: SetHead
    new: SetHead
    criteria: tuple[CriterionChange, ...]

    @property
    def met(self) -> int:
        """How many criteria of the old set are met."""
        return sum(criterion.was_met for criterion in self.criteria)

    @property
    def met_after(self) -> int:
        """How many of the new set would be, by what is known."""
        return len(self.of("kept")) + len(self.of("gained"))

    @property
    def illustrative(self) -> bool:
        """Whether a set or an assessment is invented."""
        found = (one.assessment for criterion in self.criteria for one in criterion.indicators)
        return self.old.illustrative or self.new.illustrative or any(a.illustrative for a in found if a)

    @property
    def assessed(self) -> bool:
        """Whether anything was assessed by the old set."""
        return any(one.assessment is not None for criterion in self.criteria for one in criterion.indicators)

    def of(self, outlook: Outlook) -> list[CriterionChange]:
        return [criterion for criterion in self.criteria if criterion.outlook == outlook]

    def changed(self, change: Change) -> int:
        """How many indicators changed in this way."""
        return sum(change in one.changes for criterion in self.criteria for one in criterion.indicators)


def changes(
    actor: Actor, new_code: str, old_code: str, *, unit: str | None = None, on: date | None = None
) -> SetChanges:
    """What changes for a unit (default: the actor's own) when the set `new_code` takes the place of `old_code`, by
    what stands on a day (default: today). NotFound for a set that does not hold there.
    """
    require(actor, "read")
    day = on or today()
    with db.snapshot() as session:
        at = resolve(session, actor, unit, as_of=on) if unit else by_id(session, actor.unit_id)
        return _changes(session, at, new_code, old_code, day)


def _changes(session: Session, unit: UnitView, new_code: str, old_code: str, day: date) -> SetChanges:
    place = place_of(unit.id)
    heads = [head_in(session, old_code, place), head_in(session, new_code, place)]
    old, new = whole(session, heads, place, day)
    latest = {id_: held for id_, (held, _) in standing(session, unit.id, old.head.id, day).items()}
    return SetChanges(unit, day, old.head, new.head, tuple(_criteria(old, new, latest)))


def _criteria(old: SetView, new: SetView, latest: Mapping[int, AssessmentView]) -> Iterator[CriterionChange]:
    """By number; the indicators in the new set's order, those that it drops behind them."""
    before = {criterion.number: criterion for criterion in old.criteria}
    after = {criterion.number: criterion for criterion in new.criteria}
    old_ones = {one.code: one for _, one in old.indicators}
    new_codes = {one.code for _, one in new.indicators}
    for number in sorted(before | after):
        was, becomes = before.get(number), after.get(number)
        pairs = [(old_ones.get(one.code), one) for one in (becomes.indicators if becomes else ())]
        gone = [(one, None) for one in (was.indicators if was else ()) if one.code not in new_codes]
        indicators = tuple(_indicator(*pair, latest) for pair in (*pairs, *gone))
        was_met = was is not None and all(one.id in latest and latest[one.id].met for one in was.indicators)
        yield CriterionChange(number, was, becomes, indicators, was_met, _outlook(was_met, indicators))


def _indicator(
    old: IndicatorView | None, new: IndicatorView | None, latest: Mapping[int, AssessmentView]
) -> IndicatorChange:
    found = latest.get(old.id) if old else None
    changed = tuple(change for change in CHANGES if change in set(_differences(old, new)))
    code = new.code if new else old.code if old else ""
    return IndicatorChange(code, old, new, changed, found, _carried(old, new, changed, found))


def _differences(old: IndicatorView | None, new: IndicatorView | None) -> Iterator[Change]:
    if new is None:
        yield "dropped"
    elif old is None:
        yield "added"
    else:
        if old.name.split() != new.name.split():
            yield "reworded"
        if (old.kind, old.unit) != (new.kind, new.unit):
            yield "kind"
        if old.must_reach != new.must_reach:
            yield "threshold"
        if old.evidence_required != new.evidence_required:
            yield "evidence"


def _carried(
    old: IndicatorView | None,
    new: IndicatorView | None,
    changed: tuple[Change, ...],
    found: AssessmentView | None,
) -> Carried:
    """A value is held against the new threshold; a judgment carries over where the words are the same."""
    if new is None:
        return "gone"
    if old is None or found is None:
        return "anew"
    asked = new.must_reach
    if asked is not None and found.value is not None and old.unit == new.unit:
        met = reaches(new.kind, found.value, asked)
    elif asked is None and found.threshold is None and not {"reworded", "kind"} & set(changed):
        met = found.met
    else:
        return "anew"
    if met and new.evidence_required and not found.documents:
        return "anew"
    return "met" if met else "unmet"


def _outlook(was_met: bool, indicators: tuple[IndicatorChange, ...]) -> Outlook:
    carried = {one.carried for one in indicators if one.new is not None}
    if not carried:
        return "dropped"
    if carried == {"met"}:
        return "kept" if was_met else "gained"
    if "unmet" in carried:
        return "lost" if was_met else "unmet"
    return "anew"
