"""A unit's criteria on a day: met, met but at risk, lost, a target, not met; and how they came to that."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain.access import Actor, require
from app.domain.criteria.assessing import LEVELS, refuse_level
from app.domain.criteria.assessments import AssessmentView, standing
from app.domain.criteria.sets import set_for
from app.domain.criteria.spells import Spell, spells_of
from app.domain.criteria.views import AT_MOST, CriterionView, IndicatorView, SetHead, SetView, reaches
from app.domain.territory import UnitView, by_id, resolve
from app.errors import Invalid
from app.i18n import N_
from app.models.criteria import Target

State = Literal["met", "lost", "targeted", "unmet"]
# Why something that is met may slip.
NOT_REVIEWED: Final = "not_reviewed"  # not assessed in the year asked for
FALLING: Final = "falling"  # its value is worse than the time before
DISPUTED: Final = "disputed"  # the agency in charge does not agree
THRESHOLD: Final = "threshold"  # the threshold in force now asks for more
RISKS: Final = (DISPUTED, THRESHOLD, FALLING, NOT_REVIEWED)


@dataclass(frozen=True, slots=True)
class IndicatorState:
    """What stands of an indicator on a day: its latest assessment, the one before, and what puts it at risk."""

    indicator: IndicatorView
    assessment: AssessmentView | None
    before: AssessmentView | None
    risks: tuple[str, ...]

    @property
    def met(self) -> bool:
        return self.assessment is not None and self.assessment.met


@dataclass(frozen=True, slots=True)
class Due:
    """A target of a criterion: by when."""

    target_id: uuid.UUID
    due_on: date
    responsible: str


@dataclass(frozen=True, slots=True)
class CriterionState:
    """A criterion on a day; `since` when it came to that state, null where it never was assessed."""

    criterion: CriterionView
    state: State
    since: date | None
    due: Due | None
    indicators: tuple[IndicatorState, ...]
    illustrative: bool

    @property
    def risks(self) -> tuple[str, ...]:
        """What puts a met criterion at risk, the gravest first."""
        found = {risk for one in self.indicators for risk in one.risks}
        return tuple(risk for risk in RISKS if risk in found) if self.state == "met" else ()

    @property
    def met_indicators(self) -> int:
        return sum(one.met for one in self.indicators)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A unit by one set of criteria on a day; `path`: how many were met after each day on which that changed."""

    unit: UnitView
    as_of: date
    head: SetHead
    criteria: tuple[CriterionState, ...]
    path: tuple[tuple[date, int], ...]

    @property
    def total(self) -> int:
        return len(self.criteria)

    @property
    def met(self) -> int:
        return sum(one.state == "met" for one in self.criteria)

    def of(self, state: State) -> list[CriterionState]:
        return [one for one in self.criteria if one.state == state]

    @property
    def at_risk(self) -> list[CriterionState]:
        return [one for one in self.criteria if one.risks]

    @property
    def goals(self) -> list[CriterionState]:
        """What is to be reached by the end of the year of the day asked for, what is overdue among it."""
        last = date(self.as_of.year, 12, 31)
        return [one for one in self.criteria if one.state != "met" and one.due and one.due.due_on <= last]

    @property
    def illustrative(self) -> bool:
        return self.head.illustrative or any(one.illustrative for one in self.criteria)


def scorecard(
    actor: Actor,
    *,
    unit: str | UnitView | None = None,
    as_of: date | None = None,
    set_code: str | None = None,
) -> Scorecard | None:
    """The scorecard of a commune or hamlet (named, or looked up for the actor; default: their own unit) on a day
    (default: today); None where no set of criteria holds. A day ahead, or a unit of another level, is Invalid.
    """
    require(actor, "read")
    day = day_of(as_of)
    with db.snapshot() as session:
        return of_unit(session, unit_of(session, actor, unit, as_of), day, set_code)


def unit_of(session: Session, actor: Actor, unit: str | UnitView | None, as_of: date | None) -> UnitView:
    """The unit asked for: named, looked up before, or the actor's own."""
    if isinstance(unit, UnitView):
        return unit
    return resolve(session, actor, unit, as_of=as_of) if unit else by_id(session, actor.unit_id)


def day_of(as_of: date | None) -> date:
    """The day asked for, today where none is; Invalid for one ahead."""
    if as_of is not None and as_of > today():
        raise Invalid.field("as_of", N_("Ngày tính đến không được sau hôm nay."))
    return as_of or today()


def of_unit(session: Session, unit: UnitView, day: date, set_code: str | None = None) -> Scorecard | None:
    """`scorecard` in the transaction of whoever asks: seven statements."""
    refuse_level(unit, "unit")
    found = set_for(session, unit, day, level=LEVELS[unit.level], code=set_code)
    if found is None:
        return None
    spells = spells_of(session, unit.id, found.head.id)
    held = standing(session, unit.id, found.head.id, day)
    due = _due(session, unit.id, found, day)
    states = tuple(
        _state(criterion, spells.get(criterion.id, []), held, due.get(criterion.id), day)
        for criterion in found.criteria
    )
    return Scorecard(unit, day, found.head, states, tuple(_path(spells, day)))


def _state(
    criterion: CriterionView,
    spells: list[Spell],
    held: dict[int, tuple[AssessmentView, AssessmentView | None]],
    due: Due | None,
    day: date,
) -> CriterionState:
    spell = next((s for s in reversed(spells) if s.since <= day), None)
    indicators = tuple(
        _indicator(indicator, *held.get(indicator.id, (None, None)), day=day)
        for indicator in criterion.indicators
    )
    return CriterionState(
        criterion, state_of(spell, due is not None), spell.since if spell else None, due, indicators,
        any(one.assessment is not None and one.assessment.illustrative for one in indicators),
    )  # fmt: skip


def state_of(spell: Spell | None, targeted: bool) -> State:
    """The state of a criterion by the spell that holds: what was lost is said before what is aimed at."""
    if spell is not None and spell.met:
        return "met"
    if spell is not None and spell.lost:
        return "lost"
    return "targeted" if targeted else "unmet"


def _indicator(
    indicator: IndicatorView, latest: AssessmentView | None, before: AssessmentView | None, *, day: date
) -> IndicatorState:
    risks = tuple(_risks(indicator, latest, before, day)) if latest is not None and latest.met else ()
    return IndicatorState(indicator, latest, before, risks)


def _risks(
    indicator: IndicatorView, latest: AssessmentView, before: AssessmentView | None, day: date
) -> Iterator[str]:
    if latest.verdict == DISPUTED and latest.verified_on and latest.verified_on <= day:
        yield DISPUTED
    asked = indicator.must_reach
    if asked is not None and latest.value is not None and not reaches(indicator.kind, latest.value, asked):
        yield THRESHOLD
    if latest.value is not None and before is not None and before.value is not None:
        worse = latest.value > before.value if indicator.kind == AT_MOST else latest.value < before.value
        if worse:
            yield FALLING
    if latest.assessed_on.year < day.year:
        yield NOT_REVIEWED


def _due(session: Session, unit_id: int, found: SetView, day: date) -> dict[int, Due]:
    """The next target of each criterion on a day, or the last one that was due: one statement."""
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(Target.criterion_id, Target.id, Target.due_on, Target.responsible)
        .where(
            Target.unit_id == unit_id, Target.criterion_id.in_([c.id for c in found.criteria]), standing_on(day)
        )
        .order_by(Target.due_on, Target.id)
    )  # fmt: skip
    nearest: dict[int, Due] = {}
    for criterion_id, target_id, due_on, responsible in session.execute(query):
        if criterion_id not in nearest or nearest[criterion_id].due_on < day:
            nearest[criterion_id] = Due(target_id, due_on, responsible)
    return nearest


def standing_on(day: date) -> sa.ColumnElement[bool]:
    """The condition that a target was not dropped by a day."""
    return sa.or_(Target.dropped_on.is_(None), Target.dropped_on > day)


def _path(spells: dict[int, list[Spell]], day: date) -> Iterator[tuple[date, int]]:
    """After each day, up to one, on which some criterion changed: how many were met."""
    every = [spell for of_one in spells.values() for spell in of_one]
    for changed in sorted({spell.since for spell in every if spell.since <= day}):
        yield (
            changed,
            sum(s.met and s.since <= changed and (s.until is None or s.until > changed) for s in every),
        )
