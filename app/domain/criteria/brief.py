"""A unit's criteria in one statement, for pages that are about something else: a commune's states, a wider unit's counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain.access import Actor, require
from app.domain.criteria.assessing import LEVELS
from app.domain.criteria.matrix import BY_COMMUNE, places_of
from app.domain.criteria.scorecard import State, standing_on, state_of
from app.domain.criteria.sets import HEAD, holds_in, in_force_by_level, place_of
from app.domain.criteria.spells import Spell, on_day
from app.domain.criteria.views import COMMUNE, SetHead
from app.domain.territory import UnitView
from app.models.criteria import CriteriaSet, Criterion, CriterionSpell, Target
from app.models.territory import Unit


@dataclass(frozen=True, slots=True)
class BriefCriterion:
    """A criterion and its state; `due_on`: by when it is to be met, where it is a target."""

    number: int
    name: str
    name_en: str
    state: State
    due_on: date | None
    illustrative: bool

    def named(self, lang: str) -> str:
        return self.name_en if lang == "en" and self.name_en else self.name


@dataclass(frozen=True, slots=True)
class Brief:
    """The criteria of a commune or hamlet on a day."""

    head: SetHead
    criteria: list[BriefCriterion]

    @property
    def met(self) -> int:
        return sum(one.state == "met" for one in self.criteria)

    @property
    def total(self) -> int:
        return len(self.criteria)

    @property
    def illustrative(self) -> bool:
        return self.head.illustrative or any(one.illustrative for one in self.criteria)


@dataclass(frozen=True, slots=True)
class BriefCounts:
    """Communes together: `full` meet all `total` criteria, `met` counts the criteria met by all of them."""

    head: SetHead
    communes: int
    total: int
    full: int
    met: int
    lost: int
    illustrative: bool

    @property
    def mean(self) -> Decimal:
        """Criteria that a commune meets on average, with one decimal place."""
        return (Decimal(self.met) / max(self.communes, 1)).quantize(Decimal("0.1"))


def brief(session: Session, actor: Actor, unit: UnitView, day: date) -> Brief | BriefCounts | None:
    """The criteria of a unit on a day by the set in force; None where no set holds. One statement."""
    return _of_one(session, unit, day) if unit.level in LEVELS else _of_many(session, actor, unit, day)


def not_met(actor: Actor, unit: UnitView) -> list[BriefCriterion]:
    """The criteria that a commune or hamlet, which was looked up for the actor, does not meet today."""
    require(actor, "read")
    with db.transaction() as session:
        found = _of_one(session, unit, today())
    return [one for one in found.criteria if one.state != "met"] if found else []


def _sets(unit: UnitView, day: date, level: str) -> tuple[sa.ColumnElement[bool], ...]:
    """The sets of which one is in force for a unit on a day."""
    return (
        CriteriaSet.level == level, CriteriaSet.valid_from <= day, *holds_in(CriteriaSet, place_of(unit.id)),
    )  # fmt: skip


def _of_one(session: Session, unit: UnitView, day: date) -> Brief | None:
    level = LEVELS[unit.level]
    due = (
        # as the scorecard has it: the next one, else the last that was due
        sa.select(
            sa.func.coalesce(
                sa.func.min(sa.case((Target.due_on >= day, Target.due_on))), sa.func.max(Target.due_on)
            )
        )
        .where(Target.unit_id == unit.id, Target.criterion_id == Criterion.id, standing_on(day))
        .correlate(Criterion)
        .scalar_subquery()
    )
    held = sa.and_(
        CriterionSpell.criterion_id == Criterion.id, CriterionSpell.unit_id == unit.id, on_day(day)
    )
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            *HEAD, Criterion.number, Criterion.name, Criterion.name_en, CriterionSpell.since, CriterionSpell.met,
            CriterionSpell.lost, sa.func.coalesce(CriterionSpell.illustrative, sa.false()), due,
        )
        .select_from(CriteriaSet)
        .outerjoin(Unit, Unit.id == CriteriaSet.unit_id)
        .join(Criterion, Criterion.set_id == CriteriaSet.id)
        .outerjoin(CriterionSpell, held)
        .where(*_sets(unit, day, level))
        .order_by(CriteriaSet.id, Criterion.number)
    )  # fmt: skip
    found: dict[SetHead, list[BriefCriterion]] = {}
    for row in session.execute(query):
        number, name, name_en, since, met, lost, illustrative, due_on = row[len(HEAD) :]
        spell = Spell(since, None, met, lost) if since is not None else None
        one = BriefCriterion(
            number, name, name_en, state_of(spell, due_on is not None), due_on, bool(illustrative)
        )
        found.setdefault(SetHead(*row[: len(HEAD)]), []).append(one)
    head = in_force_by_level(found, day).get(level)
    return Brief(head, found[head]) if head is not None else None


def _each(communes: sa.CTE, day: date) -> sa.Subquery:
    """By set and commune, how many criteria it meets, has lost, and of how many that is invented."""
    flags = (CriterionSpell.met, CriterionSpell.lost, CriterionSpell.illustrative)
    sums = (sa.func.sum(sa.case((flag, 1), else_=0)).label(flag.key) for flag in flags)
    return (
        sa.select(Criterion.set_id, communes.c.unit_id, *sums)
        .join(CriterionSpell, CriterionSpell.unit_id == communes.c.unit_id)
        .join(Criterion, Criterion.id == CriterionSpell.criterion_id)
        .where(on_day(day))
        .group_by(Criterion.set_id, communes.c.unit_id)
        .subquery()
    )


def _of_many(session: Session, actor: Actor, unit: UnitView, day: date) -> BriefCounts | None:
    communes = places_of(actor, unit, BY_COMMUNE)
    each = _each(communes, day)
    size = (
        sa.select(sa.func.count())
        .select_from(Criterion)
        .where(Criterion.set_id == CriteriaSet.id)
        .correlate(CriteriaSet)
        .scalar_subquery()
    )

    def together(value: Any) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(value), 0)

    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            *HEAD, sa.select(sa.func.count()).select_from(communes).scalar_subquery(), size,
            together(sa.case((each.c.met == size, 1), else_=0)), together(each.c.met), together(each.c.lost),
            together(each.c.illustrative),
        )
        .select_from(CriteriaSet)
        .outerjoin(Unit, Unit.id == CriteriaSet.unit_id)
        .outerjoin(each, each.c.set_id == CriteriaSet.id)
        .where(*_sets(unit, day, COMMUNE))
        .group_by(CriteriaSet.id, Unit.id)
    )  # fmt: skip
    found = {
        SetHead(*row[: len(HEAD)]): [int(figure) for figure in row[len(HEAD) :]]
        for row in session.execute(query)
    }
    head = in_force_by_level(found, day).get(COMMUNE)
    if head is None:
        return None
    communes_number, total, full, met, lost, illustrative = found[head]
    return BriefCounts(head, communes_number, total, full, met, lost, bool(illustrative) or head.illustrative)
