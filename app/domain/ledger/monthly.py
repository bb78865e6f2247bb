"""The money of a year's lines at the ends of its months, for the chart of cumulative disbursement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.db import big_sum
from app.domain.access import Actor, under
from app.domain.ledger.pockets import FIELDS, Pockets
from app.domain.territory import UnitView
from app.models.ledger import BudgetLine, DailyBalance


@lru_cache(maxsize=16)
def _monthly(count: int) -> sa.Select[*tuple[Any, ...]]:
    """The sums of a year's lines at the ends of `count` days; built once, since building costs more than running."""
    asked = (
        sa.select(sa.literal(i).label("number"), sa.bindparam(f"day_{i}", type_=sa.Date).label("day"))
        for i in range(count)
    )
    days = sa.union_all(*asked).subquery("days")
    latest = aliased(DailyBalance)
    last = (
        sa.select(sa.func.max(latest.day))
        .where(latest.budget_line_id == BudgetLine.id, latest.day <= days.c.day)
        .correlate(BudgetLine, days)
        .scalar_subquery()
    )
    return (
        sa.select(days.c.number, *(big_sum(getattr(DailyBalance, f)) for f in FIELDS))
        .select_from(days)
        .join(BudgetLine, sa.true())
        .join(DailyBalance, sa.and_(DailyBalance.budget_line_id == BudgetLine.id, DailyBalance.day == last))
        .where(
            BudgetLine.year == sa.bindparam("budget_year"),
            under(sa.bindparam("unit"), BudgetLine.unit_id),
            under(sa.bindparam("scope"), BudgetLine.unit_id),
        )
        .group_by(days.c.number)
    )


def monthly(
    session: Session, actor: Actor, unit: UnitView, year: int, days: Sequence[date]
) -> list[tuple[date, Pockets]]:
    """The money of a year's lines at the end of each of some days, for the chart."""
    if not days:
        return []
    values: dict[str, Any] = {f"day_{i}": day for i, day in enumerate(days)}
    values |= {"budget_year": year, "unit": unit.id, "scope": actor.unit_id}
    found: dict[int, Pockets] = {}
    for row in session.execute(_monthly(len(days)), values):
        number, *sums = row
        found[number] = Pockets(*sums)
    return [(day, found.get(i, Pockets())) for i, day in enumerate(days)]
