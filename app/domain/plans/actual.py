"""A plan against what came of it, as of any day: its money on the lines, and how far its tasks are."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain import tasks
from app.domain.access import Actor, require
from app.domain.ledger import figures
from app.domain.ledger.deadlines import usual_last_days
from app.domain.ledger.pockets import EMPTY, Pockets, total
from app.domain.plans.flow import SUBJECT
from app.domain.plans.views import FundView, PlanView, funds_of, one
from app.domain.tasks import ProgressView, TaskView


@dataclass(frozen=True, slots=True)
class FundActual:
    """A row of a plan's money beside what the lines that it is of had on a day; `pockets` None where it is of no line."""

    fund: FundView
    pockets: Pockets | None
    at_risk: int

    @property
    def plan(self) -> int | None:
        return None if self.pockets is None else self.pockets.plan

    @property
    def disbursed(self) -> int | None:
        return None if self.pockets is None else self.pockets.disbursed


@dataclass(frozen=True, slots=True)
class Actual:
    """A plan as of a day."""

    plan: PlanView
    on: date
    funds: list[FundActual]
    items: list[TaskView]
    reports: dict[uuid.UUID, list[ProgressView]]  # of each task by then, the latest first

    @property
    def amount(self) -> int:
        """đồng that the plan counts on."""
        return sum(row.fund.amount for row in self.funds)

    @property
    def pockets(self) -> Pockets:
        return total(row.pockets for row in self.funds if row.pockets is not None)

    @property
    def at_risk(self) -> int:
        return sum(row.at_risk for row in self.funds)

    @property
    def done(self) -> int:
        return sum(task.done for task in self.items)


def actual(actor: Actor, plan_id: uuid.UUID, *, on: date | None = None) -> Actual:
    """A plan against what came of it by the end of a day, by default today."""
    require(actor, "read")
    day = on or today()
    with db.snapshot() as session:
        plan = one(session, actor, plan_id)
        return Actual(
            plan,
            day,
            money(session, actor, plan, funds_of(session, plan_id), day),
            tasks.tasks_of(session, SUBJECT, [plan_id], day)[plan_id],
            tasks.reports_of(session, (SUBJECT, plan_id), day),
        )


def money(
    session: Session, actor: Actor, plan: PlanView, funds: Sequence[FundView], day: date
) -> list[FundActual]:
    """Each row of money beside its line; else beside the lines of its project, source and capital kind in the plan's
    years that stand in no other row. A row of a project stands for all below it that have no row of their own."""
    if not funds:
        return []
    named = [fund.budget_line_id for fund in funds if fund.budget_line_id is not None]
    years = list(plan.years)
    usual = usual_last_days(session, set(years))
    lines = figures.lines_on(session, named, years, day, usual)
    of_projects: dict[int, list[figures.Row]] = {}
    if any(fund.budget_line_id is None and fund.project_code for fund in funds):
        for row in figures.by_project(session, actor, plan.keeper_id, years, day, usual, but=named):
            place = _place(row, funds)
            if place is not None:
                of_projects.setdefault(place, []).append(row)
    found = []
    for number, fund in enumerate(funds):
        if fund.budget_line_id is not None:
            its = lines.get(fund.budget_line_id)
            found.append(FundActual(fund, its.pockets if its else EMPTY, its.at_risk if its else 0))
        elif fund.project_code is None:
            found.append(FundActual(fund, None, 0))
        else:
            found.append(_together(fund, of_projects.get(number, ())))
    return found


def _place(row: figures.Row, funds: Sequence[FundView]) -> int | None:
    """The row of money that lines count in: of their own project, else of the nearest above it."""
    best: tuple[int, int] | None = None
    for number, fund in enumerate(funds):
        code = fund.project_code
        if code is None or fund.budget_line_id is not None:
            continue
        same = (fund.source, fund.capital_kind) == (row.source, row.capital_kind)
        if same and (row.project_code == code or row.project_code.startswith(f"{code}.")):
            best = max(best or (0, 0), (len(code), number))
    return None if best is None else best[1]


def _together(fund: FundView, rows: Iterable[figures.Row]) -> FundActual:
    found = list(rows)
    return FundActual(fund, total(row.pockets for row in found), sum(row.at_risk for row in found))
