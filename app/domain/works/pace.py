"""How a work goes against its plan: planned, physical and money percent, what holds it, when it will be finished.

All of it is arithmetic of whole numbers, fractions and days; nothing is a float.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain.access import Actor, require
from app.domain.works import progress
from app.domain.works.progress import UNFINISHED, MilestoneView, Story, Told
from app.domain.works.register import WorkView
from app.domain.works.steps import MAIN, StepView, may_begin, steps_of
from app.models.ledger import BudgetLine, DailyBalance
from app.money import rate

PACE_DAYS: Final = 90
"""The forecast goes by the reports of so many days."""
WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned by when: corners (day, percent) that rise in both, evenly between two of them."""

    corners: tuple[tuple[date, int], ...]

    def at(self, day: date) -> Fraction | None:
        """Percent planned by a day; nothing before the first corner, what the last says after it."""
        if not self.corners:
            return None
        if day < self.corners[0][0]:
            return Fraction(0)
        for (begin, low), (end, high) in pairwise(self.corners):
            if day < end:
                return low + Fraction((high - low) * (day - begin).days, (end - begin).days)
        return Fraction(self.corners[-1][1])

    def last_day_within(self, percent: int) -> date:
        """The last day by which no more than this is planned; that of the last corner when it never is."""
        first, least = self.corners[0]
        if percent < least:
            return first - timedelta(1)
        for (begin, low), (end, high) in pairwise(self.corners):
            if percent < high:
                return begin + timedelta((percent - low) * (end - begin).days // (high - low))
        return self.corners[-1][0]

    def first_day_of(self, percent: int) -> date:
        """The first day by which so much is planned; that of the last corner when it never is."""
        for (begin, low), (end, high) in pairwise(self.corners):
            if percent <= low:
                return begin
            if percent <= high:
                return begin + timedelta(-((low - percent) * (end - begin).days // (high - low)))
        return self.corners[-1][0]


def plan_of(start: date | None, finish: date | None, milestones: Sequence[MilestoneView]) -> Plan:
    """A work's plan: through its milestones from its planned start to its planned finish, else straight between them.

    Without milestones and one of the two days there is none.
    """
    corners = [(m.planned_on, m.percent) for m in milestones]
    if not corners:
        return Plan(((start, 0), (finish, WHOLE)) if start is not None and finish is not None else ())
    if start is not None and start < corners[0][0] and corners[0][1] > 0:
        corners.insert(0, (start, 0))
    if finish is not None and finish > corners[-1][0] and corners[-1][1] < WHOLE:
        corners.append((finish, WHOLE))
    return Plan(tuple(corners))


def lately(reports: Sequence[Told], on: date) -> list[Told]:
    """The reports of the last 90 days, by which pace goes."""
    return [r for r in reports if on - timedelta(PACE_DAYS) <= r.on <= on]


def forecast(reports: Sequence[Told], on: date) -> date | None:
    """When the volume is whole if it goes on as in the last 90 days, never before `on`.

    None when fewer than two reports tell of these days, when they show no gain, or when it is whole already.
    """
    seen = lately(reports, on)
    if len(seen) < 2:
        return None
    gained, left = seen[-1].percent - seen[0].percent, WHOLE - seen[-1].percent
    if gained <= 0 or left <= 0:
        return None
    days = -(-left * (seen[-1].on - seen[0].on).days // gained)
    return max(on, seen[-1].on + timedelta(days))


@dataclass(frozen=True, slots=True)
class Pace:
    """A work on a day. Percents are whole; `disbursed` of `of_money` in đồng; a positive slippage is late.

    `held_by` is the step that holds it; `reached_on` the day from which on its volume is whole.
    """

    on: date
    planned_percent: int | None
    physical_percent: int
    disbursed: int
    of_money: int | None
    slippage_points: int | None
    slippage_days: int | None
    held_by: StepView | None
    forecast_on: date | None
    reached_on: date | None
    reports_lately: int

    @property
    def money_percent(self) -> Decimal | None:
        """Disbursed as a ratio, four places, of the approved total or else of what is contracted."""
        return None if self.of_money is None else rate(self.disbursed, self.of_money)

    @property
    def late(self) -> bool:
        return (self.slippage_points or 0) > 0 or (self.slippage_days or 0) > 0


@dataclass(frozen=True, slots=True)
class Course:
    """A work's way: its plan, what each report said, what was disbursed by the end of each day (đồng), its pace."""

    plan: Plan
    milestones: tuple[MilestoneView, ...]
    reports: tuple[Told, ...]
    money: tuple[tuple[date, int], ...]
    pace: Pace


def course(actor: Actor, work: WorkView, on: date) -> Course:
    """The way of a work, which was just looked up for the actor: three statements."""
    require(actor, "read")
    with db.transaction() as session:
        story = progress.story(session, work.id)
        money = money_over_time(session, work.id)
        main = steps_of(session, [work.id], track=MAIN).get(work.id, [])
    return course_of(work, story, money, main, on)


def course_of(
    work: WorkView, story: Story, money: Sequence[tuple[date, int]], main: Sequence[StepView], on: date
) -> Course:
    """A work's way out of what is known of it."""
    plan = plan_of(work.planned_start, work.planned_finish, story.milestones)
    pace = pace_of(work, plan, story.reports, money, main, on)
    return Course(plan, tuple(story.milestones), tuple(story.reports), tuple(money), pace)


def money_over_time(session: Session, work_id: uuid.UUID) -> list[tuple[date, int]]:
    """(day, đồng disbursed on a work by its end) for each day that changed it, over all its lines: one statement."""
    held = DailyBalance.advanced + DailyBalance.paid + DailyBalance.settled
    query = (
        sa.select(DailyBalance.day, DailyBalance.budget_line_id, held)
        .join(BudgetLine, BudgetLine.id == DailyBalance.budget_line_id)
        .where(BudgetLine.work_id == work_id)
        .order_by(DailyBalance.day)
    )
    of_lines: dict[uuid.UUID, int] = {}
    found: dict[date, int] = {}
    for day, line_id, disbursed in session.execute(query):
        of_lines[line_id] = disbursed
        found[day] = sum(of_lines.values())
    changes = zip(found.items(), [0, *found.values()], strict=False)
    return [(day, amount) for (day, amount), before in changes if amount != before]


def disbursed_by(money: Sequence[tuple[date, int]], on: date) -> int:
    """What was disbursed by the end of a day."""
    return next((amount for day, amount in reversed(money) if day <= on), 0)


def physical_by(reports: Sequence[Told], on: date) -> int:
    """What the last report by a day said, 0 before the first."""
    return next((r.percent for r in reversed(reports) if r.on <= on), 0)


def pace_of(
    work: WorkView,
    plan: Plan,
    reports: Sequence[Told],
    money: Sequence[tuple[date, int]],
    main: Sequence[StepView],
    on: date,
) -> Pace:
    """A work's pace on a day. What stands of the work itself stands today; an earlier day goes by the reports."""
    told_by_then = [r for r in reports if r.on <= on]
    looks_back = len(told_by_then) < len(reports)
    physical = physical_by(reports, on) if looks_back else work.physical_percent
    planned = _half_up(plan.at(on))
    reached = _reached(work, told_by_then) if physical >= WHOLE else None
    points = None if planned is None else planned - physical
    overdue = work.planned_finish is not None and work.planned_finish < on
    unfinished = work.stage in UNFINISHED
    return Pace(
        on=on, planned_percent=planned, physical_percent=physical, disbursed=disbursed_by(money, on),
        of_money=work.total_investment or work.contracted or None, slippage_points=points,
        slippage_days=_days(plan, physical, planned, on, reached),
        held_by=held_by(main, on, slipping=overdue or (points or 0) > 0) if unfinished else None,
        forecast_on=forecast(told_by_then, on) if unfinished and physical < WHOLE else None, reached_on=reached,
        reports_lately=len(lately(told_by_then, on)),
    )  # fmt: skip


def _half_up(exact: Fraction | None) -> int | None:
    return None if exact is None else int(exact + Fraction(1, 2))


def _reached(work: WorkView, reports: Sequence[Told]) -> date | None:
    """Since when the volume is whole: the first of the last reports that say so, else the day on record."""
    since = None
    for report in reversed(reports):
        if report.percent < WHOLE:
            break
        since = report.on
    return since or work.finished_on


def _days(plan: Plan, physical: int, planned: int | None, on: date, reached: date | None) -> int | None:
    """Days behind the plan, negative for days ahead of it; what is whole is measured when it became so."""
    if planned is None:
        return None
    if physical >= WHOLE:
        due = plan.first_day_of(WHOLE)
        return (reached - due).days if reached is not None else min(0, (on - due).days)
    if physical < planned:
        return (on - plan.last_day_within(physical)).days
    return min(0, (on - plan.first_day_of(physical)).days) if physical > planned else 0


def held_by(main: Sequence[StepView], on: date, *, slipping: bool) -> StepView | None:
    """The step that holds a work: the first overdue one that may begin; of one that slips else the first open one."""
    free = [step for step in main if may_begin(step, main)]
    late = next((step for step in free if step.days_late(on)), None)
    return late or (free[0] if slipping and free else None)
