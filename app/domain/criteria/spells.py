"""From findings on indicators to the state of a criterion: met when all its indicators are, lost when it had been.

Pure reckoning, and its result kept in `criterion_spells` so that thousands of units are counted in one statement.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models.criteria import Assessment, Criterion, CriterionSpell, Indicator


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether an indicator was met, as found on a day."""

    indicator_id: int
    on: date
    met: bool


@dataclass(frozen=True, slots=True)
class Spell:
    """A criterion from `since` until before `until`; `lost`: not met, and it had been."""

    since: date
    until: date | None
    met: bool
    lost: bool


def spells(indicators: Collection[int], findings: Iterable[Finding]) -> list[Spell]:
    """The criterion's spells, in order. `findings` in the order in which they count: by day, then as recorded.

    What is found on a day holds from that day on. An indicator that nobody has assessed yet is not met.
    """
    standing: dict[int, bool] = {}
    found: list[Spell] = []
    had = False
    for day, of_day in itertools.groupby(findings, key=lambda finding: finding.on):
        standing |= {finding.indicator_id: finding.met for finding in of_day}
        met = all(standing.get(one, False) for one in indicators)
        lost = had and not met
        had = had or met
        if found and (found[-1].met, found[-1].lost) == (met, lost):
            continue
        if found:
            found[-1] = Spell(found[-1].since, day, found[-1].met, found[-1].lost)
        found.append(Spell(day, None, met, lost))
    return found


def restate(session: Session, unit_id: int, criterion_id: int) -> None:
    """Work a unit's spells of a criterion out anew; whoever changes its assessments holds the unit's lock."""
    indicators = set(
        session.execute(sa.select(Indicator.id).where(Indicator.criterion_id == criterion_id)).scalars()
    )
    query = (
        sa.select(Assessment.indicator_id, Assessment.assessed_on, Assessment.met, Assessment.illustrative)
        .where(
            Assessment.unit_id == unit_id, Assessment.indicator_id.in_(indicators),
            Assessment.withdrawn_at.is_(None),
        )
        .order_by(Assessment.assessed_on, Assessment.created_at, Assessment.id)
    )  # fmt: skip
    rows = session.execute(query).all()
    found = spells(indicators, (Finding(*row[:3]) for row in rows))
    session.execute(
        sa.delete(CriterionSpell).where(
            CriterionSpell.unit_id == unit_id, CriterionSpell.criterion_id == criterion_id
        )
    )
    if found:
        session.execute(
            sa.insert(CriterionSpell),
            [
                {
                    "unit_id": unit_id, "criterion_id": criterion_id, "since": spell.since, "until": spell.until,
                    "met": spell.met, "lost": spell.lost, "illustrative": any(row.illustrative for row in rows),
                }
                for spell in found
            ],
        )  # fmt: skip


def on_day(day: date) -> sa.ColumnElement[bool]:
    """The condition that a spell holds on a day."""
    return sa.and_(
        CriterionSpell.since <= day, sa.or_(CriterionSpell.until.is_(None), CriterionSpell.until > day)
    )


def spells_of(session: Session, unit_id: int, set_id: int) -> dict[int, list[Spell]]:
    """A unit's spells of every criterion of a set, by criterion's id, in order: one statement."""
    query = (
        sa.select(
            CriterionSpell.criterion_id, CriterionSpell.since, CriterionSpell.until, CriterionSpell.met,
            CriterionSpell.lost,
        )
        .join(Criterion, Criterion.id == CriterionSpell.criterion_id)
        .where(CriterionSpell.unit_id == unit_id, Criterion.set_id == set_id)
        .order_by(CriterionSpell.since)
    )  # fmt: skip
    found: dict[int, list[Spell]] = {}
    for criterion_id, since, until, met, lost in session.execute(query):
        found.setdefault(criterion_id, []).append(Spell(since, until, met, lost))
    return found
