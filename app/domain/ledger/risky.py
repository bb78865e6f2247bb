"""The budget lines of which most money may be lost."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.clock import today
from app.domain.access import Actor, in_scope, under
from app.domain.ledger.deadlines import USUAL, days_of, extended_to, usual_last_days
from app.domain.ledger.figures import LastDays, at_risk_of_years
from app.domain.programs import within
from app.models.ledger import Balance, BudgetLine
from app.models.programs import FundingSource, Project
from app.models.territory import Unit
from app.models.works import Work

_LOOKED_AT: Final = 200  # lines with most at risk, of which the soonest lost are found


@dataclass(frozen=True, slots=True)
class RiskyLine:
    """A line whose money may be lost: `at_risk` in đồng, `last_day` with its extensions."""

    id: uuid.UUID
    name: str
    project_code: str
    unit_name: str
    source: str
    source_name: str
    source_name_en: str
    capital_kind: str
    year: int
    available: int
    at_risk: int
    illustrative: bool
    last_day: date | None

    def lost_a_day(self, on: date) -> float:
        """đồng at risk for each day that is left; nothing once it is over."""
        if self.last_day is None or self.last_day < on:
            return 0
        return self.at_risk / max(1, (self.last_day - on).days)


@dataclass(frozen=True, slots=True)
class Lost:
    """Money at risk in the actor's scope: the lines lost soonest, how many there are, their sum in đồng. `year`: the
    latest that has lines, None in an empty book."""

    year: int | None
    lines: list[RiskyLine]
    number: int
    amount: int


def risky(
    session: Session, actor: Actor, unit_id: int, year: int, limit: int, *, programs: Collection[str] = ()
) -> tuple[list[RiskyLine], int, int]:
    """(the lines of a budget year under a unit with most at risk today, how many there are, their sum in đồng): two
    statements. `programs`: of these alone, where there are some."""
    usual = usual_last_days(session, {year})
    its = [BudgetLine.year == year]
    if unit_id != actor.unit_id:
        its.append(under(unit_id, BudgetLine.unit_id))
    if programs:
        its.append(sa.or_(*(within(code) for code in programs)))
    return _found(session, actor, usual, its, limit)


def soonest_lost(session: Session, actor: Actor, limit: int) -> Lost:
    """The lines that lose most for each day that is left, then those whose day has passed: of the latest year that has
    lines, and of the others what may still be paid out. Two statements."""
    day = today()
    latest = sa.select(sa.func.max(BudgetLine.year)).where(in_scope(actor, BudgetLine.unit_id))
    rows = session.execute(USUAL.add_columns(latest.scalar_subquery())).all()
    year = rows[0][-1] if rows else None
    if year is None:
        return Lost(None, [], 0, 0)
    usual = days_of((row[:-1] for row in rows), {year, day.year - 2, day.year - 1, day.year})
    open_ = [BudgetLine.year == year, extended_to() >= day]
    open_ += [
        sa.and_(BudgetLine.year == of, BudgetLine.capital_kind == kind)
        for (kind, of), last in usual.items()
        if last >= day
    ]
    found, number, amount = _found(session, actor, usual, [sa.or_(*open_)], _LOOKED_AT)
    found.sort(key=lambda line: (-line.lost_a_day(day), -line.at_risk))
    return Lost(year, found[:limit], number, amount)


def _found(
    session: Session, actor: Actor, usual: LastDays, its: Sequence[sa.ColumnElement[bool]], limit: int
) -> tuple[list[RiskyLine], int, int]:
    risk = at_risk_of_years(Balance, usual, today()).label("at_risk")
    unit = aliased(Unit)
    lines = (
        sa.select(
            BudgetLine.id, sa.func.coalesce(Work.name, Project.name).label("name"), Project.code, unit.name,
            BudgetLine.source, FundingSource.name, FundingSource.name_en, BudgetLine.capital_kind, BudgetLine.year,
            Balance.available, risk, BudgetLine.illustrative, extended_to().label("extended"),
        )
        .join(Balance, Balance.budget_line_id == BudgetLine.id)
        .join(Project, Project.id == BudgetLine.project_id)
        .join(FundingSource, FundingSource.code == BudgetLine.source)
        .join(unit, unit.id == BudgetLine.unit_id)
        .outerjoin(Work, Work.id == BudgetLine.work_id)
        .where(Balance.available > 0, in_scope(actor, BudgetLine.unit_id), *its)
        .subquery()
    )  # fmt: skip
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            *lines.c, sa.func.count().over(), sa.cast(sa.func.sum(lines.c.at_risk).over(), sa.BigInteger)
        )
        .where(lines.c.at_risk > 0)
        .order_by(lines.c.at_risk.desc(), lines.c.id)
        .limit(limit)
    )
    rows = session.execute(query).all()
    found = []
    for *line, extended, _, _ in rows:
        known = (usual.get((line[7], line[8])), extended)
        last = max((day for day in known if day is not None), default=None)
        found.append(RiskyLine(*[*line, last]))
    return found, (rows[0][-2] if rows else 0), (rows[0][-1] if rows else 0)
