"""The budget lines of which most money may be lost."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.clock import today
from app.domain.access import Actor, in_scope, under
from app.domain.ledger.deadlines import last_day, usual_last_days
from app.domain.ledger.figures import at_risk
from app.models.ledger import Balance, BudgetLine
from app.models.programs import Project
from app.models.territory import Unit
from app.models.works import Work


@dataclass(frozen=True, slots=True)
class RiskyLine:
    """A line whose money may be lost: `at_risk` in đồng, `last_day` with its extensions."""

    id: uuid.UUID
    name: str
    project_code: str
    unit_name: str
    source: str
    capital_kind: str
    year: int
    available: int
    at_risk: int
    last_day: date | None


def risky(
    session: Session, actor: Actor, unit_id: int, year: int, limit: int
) -> tuple[list[RiskyLine], int, int]:
    """(the lines of a budget year under a unit with most at risk today, how many there are, their sum in đồng)."""
    day = today()
    usual = {kind: last for (kind, _), last in usual_last_days(session, {year}).items()}
    risk = at_risk(Balance, day, usual).label("at_risk")
    unit = aliased(Unit)
    lines = (
        sa.select(
            BudgetLine.id, sa.func.coalesce(Work.name, Project.name).label("name"), Project.code, unit.name,
            BudgetLine.source, BudgetLine.capital_kind, BudgetLine.year, Balance.available, risk,
            BudgetLine.unit_id, BudgetLine.project_id,
        )
        .join(Balance, Balance.budget_line_id == BudgetLine.id)
        .join(Project, Project.id == BudgetLine.project_id)
        .join(unit, unit.id == BudgetLine.unit_id)
        .outerjoin(Work, Work.id == BudgetLine.work_id)
        .where(
            BudgetLine.year == year, Balance.available > 0, in_scope(actor, BudgetLine.unit_id),
            *([under(unit_id, BudgetLine.unit_id)] if unit_id != actor.unit_id else []),
        )
        .subquery()
    )  # fmt: skip
    together = sa.cast(sa.func.sum(lines.c.at_risk).over(), sa.BigInteger)
    query = (
        sa.select(*lines.c, sa.func.count().over(), together)
        .where(lines.c.at_risk > 0)
        .order_by(lines.c.at_risk.desc(), lines.c.id)
        .limit(limit)
    )
    rows = session.execute(query).all()
    found = [
        RiskyLine(
            *row[:9],
            last_day(
                session, unit_id=row[9], project_id=row[10], source=row[4], capital_kind=row[5], year=row[6]
            ),
        )
        for row in rows
    ]
    return found, (rows[0][-2] if rows else 0), (rows[0][-1] if rows else 0)
