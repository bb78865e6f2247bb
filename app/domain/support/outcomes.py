"""What came of support models: cost for each household that left poverty, survival of animals, change of income.

Reckoned from what was recorded and from nothing else; beside each figure stands how many records it comes from.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import db
from app.db import big_sum
from app.domain.access import Actor, in_scope, require, under
from app.domain.support.flow import GRANTED
from app.domain.support.received import value_of
from app.domain.support.views import HEADS
from app.domain.territory import UnitView
from app.models.households import Household, HouseholdStatus
from app.models.support import Delivery, SupportInput, SupportMember, SupportModel, Visit
from app.models.territory import Unit

By = Literal["model", "hamlet", "year", "commune"]
WAYS: Final[tuple[By, ...]] = ("model", "hamlet", "year", "commune")
POOR: Final = frozenset({"poor", "near_poor"})


@dataclass(frozen=True, slots=True)
class _Fact:
    """One household of one model: what it received (đồng) by the end of the year asked for, its status when it was admitted
    and in that year, its last visit that counted animals and how many (thousandths) it had received by then."""

    year: int
    model_id: uuid.UUID
    model_name: str
    model_year: int
    commune_id: int
    commune: str
    hamlet_id: int | None
    hamlet: str | None
    household_id: uuid.UUID
    value: int
    before: str | None
    now: str | None
    income_before: int | None
    income_after: int | None
    alive: int | None
    dead: int | None
    sold: int | None
    born: int | None
    heads: int
    illustrative: bool

    @property
    def counted(self) -> bool:
        """Whether it is known what became of a household that was poor or near-poor: its status of the model's own year is
        the one it was admitted by and tells nothing."""
        return self.model_year < self.year and self.before in POOR and self.now is not None

    @property
    def left(self) -> bool:
        return self.counted and self.now not in POOR

    @property
    def change(self) -> int | None:
        """đồng a year more than before, where both were reported."""
        if self.income_before is None or self.income_after is None:
            return None
        return self.income_after - self.income_before


@dataclass(frozen=True, slots=True)
class Outcome:
    """Models together. `value` in đồng: what was delivered by the end of the year asked for. `counted`: households that were
    poor or near-poor in a model of an earlier year and have a status in the year asked for, `left` of them that are no
    more, `counted_value` what was delivered to those counted. `visited`: households whose animals were counted, offspring
    (`born`) among those alive and sold; `heads`: animals that these had received by then. `incomes`: households with an
    income before and after, `income_change` their sum in đồng a year.
    """

    label: str
    key: str
    models: int
    households: int
    value: int
    counted: int
    left: int
    counted_value: int
    visited: int
    alive: int
    dead: int
    sold: int
    born: int
    heads: Decimal
    incomes: int
    income_change: int
    illustrative: bool

    @property
    def cost_per_left(self) -> int | None:
        """đồng delivered to the households counted, for each of them that left poverty; None while none did."""
        return _share(self.counted_value, self.left)

    @property
    def tracked(self) -> int:
        """Animals counted of those delivered: offspring is left out."""
        return self.alive + self.dead + self.sold - self.born

    @property
    def unknown(self) -> Decimal:
        """Animals delivered that the last visit found neither alive, dead nor sold."""
        return self.heads - self.tracked

    @property
    def survival(self) -> Decimal | None:
        """Animals found alive or sold, of those delivered to the households visited, as a ratio with four places: what is
        not accounted for lowers it. None while none was counted."""
        if not self.heads:
            return None
        return (Decimal(self.tracked - self.dead) / self.heads).quantize(Decimal("0.0001"), ROUND_HALF_UP)

    @property
    def mean_change(self) -> int | None:
        """đồng a year that a household's income changed by on average; None while nobody reported both."""
        return _share(self.income_change, self.incomes)


def _share(whole: int, parts: int) -> int | None:
    return int((Decimal(whole) / parts).quantize(Decimal(1), ROUND_HALF_UP)) if parts else None


_KEYS: Final[dict[By, Callable[[_Fact], tuple[str, str]]]] = {
    "model": lambda fact: (fact.model_name, str(fact.model_id)),
    "hamlet": lambda fact: (fact.hamlet or "–", str(fact.hamlet_id or "")),
    "year": lambda fact: (str(fact.model_year), str(fact.model_year)),
    "commune": lambda fact: (fact.commune, str(fact.commune_id)),
}


def outcomes(actor: Actor, unit: UnitView, year: int, by: By = "model") -> tuple[list[Outcome], Outcome]:
    """(models of a unit, which was looked up for the actor, compared one way; all together), with statuses of `year`."""
    require(actor, "read")
    with db.snapshot() as session:
        facts = _facts(session, actor, unit, year)
    groups: dict[tuple[str, str], list[_Fact]] = {}
    for fact in facts:
        groups.setdefault(_KEYS[by](fact), []).append(fact)
    return [_together(label, key, of) for (label, key), of in sorted(groups.items())], _together(
        "", "", facts
    )


def _together(label: str, key: str, facts: Iterable[_Fact]) -> Outcome:
    of = list(facts)
    # A household of two models counts once: as it was before the first of them.
    people: dict[uuid.UUID, _Fact] = {}
    for fact in of:
        people.setdefault(fact.household_id, fact)
    visited = [fact for fact in of if fact.alive is not None]
    changes = [fact.change for fact in of if fact.change is not None]
    return Outcome(
        label=label, key=key, models=len({fact.model_id for fact in of}), households=len(people),
        value=sum(fact.value for fact in of), counted=sum(fact.counted for fact in people.values()),
        left=sum(fact.left for fact in people.values()),
        counted_value=sum(fact.value for fact in of if people[fact.household_id].counted), visited=len(visited),
        alive=sum(fact.alive or 0 for fact in visited), dead=sum(fact.dead or 0 for fact in visited),
        sold=sum(fact.sold or 0 for fact in visited), born=sum(fact.born or 0 for fact in visited),
        heads=Decimal(sum(fact.heads for fact in visited)) / 1000, incomes=len(changes), income_change=sum(changes),
        illustrative=any(fact.illustrative for fact in of),
    )  # fmt: skip


def _facts(session: Session, actor: Actor, unit: UnitView, year: int) -> list[_Fact]:
    """Every household of every approved model of a unit that was admitted by the year asked for: one statement."""
    hamlet, before, now = aliased(Unit), aliased(HouseholdStatus), aliased(HouseholdStatus)
    visit, last, later = aliased(Visit), aliased(Visit), aliased(Visit)
    end = date(year, 12, 31)
    # Of one day the latest holds; one on which nothing was counted says nothing of the animals.
    superseded = sa.exists().where(
        later.model_id == last.model_id, later.household_id == last.household_id, later.visited_on == last.visited_on,
        sa.tuple_(later.created_at, later.id) > sa.tuple_(last.created_at, last.id),
    )  # fmt: skip
    same = sa.and_(visit.model_id == SupportMember.model_id, visit.household_id == SupportMember.household_id)
    latest = (
        sa.select(last.id)
        .where(
            last.model_id == SupportMember.model_id, last.household_id == SupportMember.household_id,
            last.visited_on <= end, last.alive + last.dead + last.sold > 0, ~superseded,
        )
        .order_by(last.visited_on.desc())
        .limit(1)
        .correlate(SupportMember)
        .scalar_subquery()
    )  # fmt: skip
    animals = sa.func.lower(sa.func.trim(SupportInput.measure)) == HEADS
    value = _delivered(value_of(), Delivery.delivered_on <= end)
    thousandths = sa.type_coerce(Delivery.quantity, sa.BigInteger)
    heads = _delivered(thousandths, animals, Delivery.delivered_on <= visit.visited_on).correlate(
        SupportMember, visit
    )
    counted = sa.case((SupportModel.livestock, 1))
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            SupportModel.id, SupportModel.name, SupportModel.year, Unit.id, Unit.name, hamlet.id, hamlet.name,
            Household.id, value.correlate(SupportMember).scalar_subquery(),
            before.status, now.status, SupportMember.income_before, SupportMember.income_after,
            visit.alive * counted, visit.dead * counted, visit.sold * counted, visit.born * counted, heads.scalar_subquery(),
            SupportModel.illustrative,
        )
        .select_from(SupportMember)
        .join(SupportModel, SupportModel.id == SupportMember.model_id)
        .join(Household, Household.id == SupportMember.household_id)
        .join(Unit, Unit.id == SupportModel.unit_id)
        .outerjoin(hamlet, hamlet.id == Household.hamlet_id)
        .outerjoin(before, sa.and_(before.household_id == Household.id, before.year == SupportModel.year))
        .outerjoin(now, sa.and_(now.household_id == Household.id, now.year == year))
        .outerjoin(visit, sa.and_(same, visit.id == latest))
        .where(
            SupportModel.state.in_(GRANTED), SupportModel.year <= year, in_scope(actor, SupportModel.unit_id),
            Household.hamlet_id == unit.id if unit.level == "hamlet" else under(unit.id, SupportModel.unit_id),
        )
        .order_by(SupportModel.year, SupportModel.name, SupportModel.id, SupportMember.position)
    )  # fmt: skip
    return [_Fact(year, *row) for row in session.execute(query)]


def _delivered(what: sa.ColumnElement[int], *where: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    """The sum of `what` of a member's deliveries, those withdrawn left out."""
    return (
        sa.select(big_sum(what))
        .select_from(Delivery)
        .join(SupportInput, SupportInput.id == Delivery.input_id)
        .where(
            Delivery.model_id == SupportMember.model_id,
            Delivery.household_id == SupportMember.household_id,
            Delivery.withdrawn_at.is_(None),
            *where,
        )
    )
