"""Plan, pace and forecast: whole numbers and days in, whole numbers and days out."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.works.pace import Plan, forecast, lately, plan_of
from app.domain.works.progress import MilestoneView, Told

START, FINISH = date(2023, 3, 1), date(2023, 6, 9)  # a hundred days
DAYS = st.integers(0, 2000).map(lambda n: date(2022, 1, 1) + timedelta(n))


def told(*reports: tuple[date, int]) -> list[Told]:
    return [Told(uuid.uuid4(), day, percent, "") for day, percent in reports]


def test_without_milestones_the_plan_is_a_straight_line() -> None:
    plan = plan_of(START, FINISH, [])
    asked = [START - timedelta(1), START, START + timedelta(25), FINISH, FINISH + timedelta(9)]
    assert [plan.at(day) for day in asked] == [0, 0, 25, 100, 100]


@pytest.mark.parametrize(("start", "finish"), [(None, FINISH), (START, None), (None, None)])
def test_a_plan_without_both_its_days_is_none(start: date | None, finish: date | None) -> None:
    assert plan_of(start, finish, []).at(START) is None


def test_milestones_bend_the_plan_between_its_days() -> None:
    half = MilestoneView(START + timedelta(80), 20)
    plan = plan_of(START, FINISH, [half])
    assert plan.corners == ((START, 0), (half.planned_on, 20), (FINISH, 100))
    assert [plan.at(START + timedelta(n)) for n in (40, 90)] == [10, 60]
    alone = plan_of(None, None, [half])
    assert [alone.at(day) for day in (half.planned_on - timedelta(1), FINISH)] == [0, 20]
    whole = MilestoneView(half.planned_on, 100)
    assert plan_of(START, FINISH, [whole]).at(half.planned_on) == 100


def test_between_two_corners_the_plan_is_exact() -> None:
    assert plan_of(START, START + timedelta(3), []).at(START + timedelta(1)) == Fraction(100, 3)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    days = sorted(draw(st.sets(DAYS, min_size=1, max_size=6)))
    percents = sorted(draw(st.sets(st.integers(0, 100), min_size=len(days), max_size=len(days))))
    return Plan(tuple(zip(days, percents, strict=True)))


@given(plans(), DAYS, st.integers(0, 100))
def test_the_day_of_a_percent_is_the_plan_read_the_other_way(plan: Plan, day: date, percent: int) -> None:
    last, first = plan.last_day_within(percent), plan.first_day_of(percent)
    after = plan.at(last + timedelta(1))
    assert after is not None
    assert (plan.at(last) or 0) <= percent
    assert after > percent or last >= plan.corners[-1][0]
    at_first, before = plan.at(first), plan.at(first - timedelta(1))
    assert at_first is not None
    assert before is not None
    assert before < percent or first <= plan.corners[0][0]
    assert at_first >= percent or first == plan.corners[-1][0]
    at = plan.at(day)
    assert at is not None
    assert 0 <= at <= 100


def test_the_finish_is_where_the_pace_of_ninety_days_leads() -> None:
    on = date(2023, 9, 14)
    reports = told((date(2023, 3, 1), 2), (date(2023, 6, 30), 46), (date(2023, 9, 10), 62))
    assert [r.percent for r in lately(reports, on)] == [46, 62]
    # 16 % in 72 days; 38 % are left: 171 days from the last report
    assert forecast(reports, on) == date(2023, 9, 10) + timedelta(171)


@pytest.mark.parametrize(
    "reports",
    [
        [],
        [(date(2023, 9, 1), 50)],
        [(date(2023, 3, 1), 10), (date(2023, 9, 1), 50)],
        [(date(2023, 8, 1), 50), (date(2023, 9, 1), 50)],
        [(date(2023, 8, 1), 50), (date(2023, 9, 1), 40)],
        [(date(2023, 8, 1), 50), (date(2023, 9, 1), 100)],
        [(date(2023, 8, 1), 50), (date(2023, 12, 1), 90)],
    ],
)
def test_without_two_reports_or_a_gain_nothing_is_foretold(reports: list[tuple[date, int]]) -> None:
    assert forecast(told(*reports), date(2023, 9, 14)) is None


def test_a_finish_that_pace_puts_in_the_past_is_told_for_the_day_itself() -> None:
    reports = told((date(2023, 7, 1), 10), (date(2023, 7, 10), 95))
    assert forecast(reports, date(2023, 9, 14)) == date(2023, 9, 14)


@given(st.lists(st.integers(0, 100), min_size=2, max_size=8), st.integers(1, 30))
def test_a_forecast_never_lies_before_the_day_and_only_follows_a_gain(percents: list[int], step: int) -> None:
    days = [START + timedelta(step * i) for i in range(len(percents))]
    reports = told(*zip(days, percents, strict=True))
    on = days[-1]
    seen = lately(reports, on)
    found = forecast(reports, on)
    gains = len(seen) > 1 and seen[0].percent < seen[-1].percent < 100
    assert (found is not None) == gains
    assert found is None or found > on
