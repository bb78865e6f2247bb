"""What waits for one person today: to check, to mend, to pay out in time, to push on."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import db
from app.clock import today, utcnow
from app.domain.access import Actor, in_scope, require
from app.domain.ledger.deadlines import last_day, usual_last_days
from app.domain.ledger.figures import at_risk
from app.domain.ledger.lines import years_under
from app.domain.ledger.views import EntryFilter, ListedEntry, entries
from app.domain.obstacles import ObstacleView
from app.domain.obstacles import most_pressing as pressing_obstacles
from app.domain.plans import PlanView
from app.domain.plans import waiting as waiting_plans
from app.domain.territory import by_id
from app.domain.works import WorkView, most_pressing
from app.models.ledger import Balance, BudgetLine
from app.models.programs import Project
from app.models.territory import Unit
from app.models.works import Work

SHOWN: Final = 5
REJECTED_FOR: Final = timedelta(days=30)  # how long a returned proposal stays on its maker's page
POSTED_FOR: Final = timedelta(days=7)
MOST: Final = 200


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


@dataclass(frozen=True, slots=True)
class Today:
    """`to_check` by others, oldest first; of one's own: what was returned, what waits, what went through."""

    to_check: list[ListedEntry]
    returned: list[ListedEntry]
    waiting: list[ListedEntry]
    went_through: list[ListedEntry]
    year: int | None
    risky: list[RiskyLine]
    risky_number: int
    risky_sum: int
    late_works: list[WorkView]
    late_number: int
    obstacles: list[ObstacleView]  # first those that wait for this person's answer
    obstacles_number: int
    to_answer: int
    plans: list[
        PlanView
    ]  # first those that wait for a move of this person's, then those returned to their unit
    plans_number: int


def work_of(actor: Actor) -> Today:
    """Everything for the first page after logging in."""
    require(actor, "read")
    to_check = []
    if actor.may("ledger.post"):
        proposed = entries(actor, EntryFilter(status="proposed"), limit=MOST)
        to_check = [p for p in proposed if p.entry.recorded_by != actor.ref]
    with db.snapshot() as session:
        years = years_under(session, actor, actor.unit_id)
        risky, number, amount = _risky(session, actor, years[0]) if years else ([], 0, 0)
        late, late_number = most_pressing(
            session, actor, by_id(session, actor.unit_id), SHOWN, on=today(), late_only=True
        )
        obstacles, obstacles_number, owed = pressing_obstacles(
            session, actor, SHOWN, mine_first=actor.may("obstacle.answer")
        )
        plans, plans_number = waiting_plans(session, actor, SHOWN)
    return Today(
        to_check, _own(actor, "rejected", REJECTED_FOR), _own(actor, "proposed"),
        [e for e in _own(actor, "posted", POSTED_FOR) if e.entry.posted_by != actor.ref],
        years[0] if years else None, risky, number, amount, late, late_number,
        obstacles, obstacles_number, owed if actor.may("obstacle.answer") else 0,
        plans, plans_number,
    )  # fmt: skip


def _own(actor: Actor, status: str, within: timedelta | None = None) -> list[ListedEntry]:
    """One's own entries of a status, the latest decided first."""
    if not actor.may("ledger.propose"):
        return []
    since: datetime | None = utcnow() - within if within else None
    wanted = EntryFilter(status=status, recorded_by=actor.ref, updated_since=since)
    return sorted(entries(actor, wanted, limit=MOST), key=lambda e: e.changed_at, reverse=True)


def _risky(session: Session, actor: Actor, year: int) -> tuple[list[RiskyLine], int, int]:
    """(the lines with most at risk, how many there are, their sum)."""
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
        .where(BudgetLine.year == year, Balance.available > 0, in_scope(actor, BudgetLine.unit_id))
        .subquery()
    )  # fmt: skip
    together = sa.cast(sa.func.sum(lines.c.at_risk).over(), sa.BigInteger)
    query = (
        sa.select(*lines.c, sa.func.count().over(), together)
        .where(lines.c.at_risk > 0)
        .order_by(lines.c.at_risk.desc(), lines.c.id)
        .limit(SHOWN)
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
