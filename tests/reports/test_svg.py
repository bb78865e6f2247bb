"""Pictures: whole coordinates that say what the figures say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.svg import SCALE, Bar, line_chart, nice_step, scale

MONEY = st.integers(0, 10**15)


def test_pockets_stand_side_by_side_from_the_firmest() -> None:
    assert Bar(680, 3310, 730, 3630).segments() == [
        ("settled", 0, 81),
        ("paid", 81, 397),
        ("advanced", 478, 87),
    ]


def test_an_empty_pocket_takes_no_room() -> None:
    assert Bar(0, 500, 0, 500).segments() == [("paid", 0, 500)]


@given(MONEY, MONEY, MONEY, MONEY)
def test_pockets_touch_and_end_where_the_rate_stands(
    settled: int, paid: int, advanced: int, available: int
) -> None:
    bar = Bar(settled, paid, advanced, available)
    at = 0
    for _, x, width in bar.segments():
        assert x == at
        at = x + width
    assert at == scale(bar.disbursed, bar.plan)
    assert at <= SCALE


@pytest.mark.parametrize(
    ("gone", "now"),
    [
        (None, None),
        (Decimal("0.704"), 704),
        (Decimal("-1"), 0),
        (Decimal("1.2"), 1000),
        (Decimal("0.0005"), 1),
    ],
)
def test_the_tick_stands_where_the_year_stands(gone: Decimal | None, now: int | None) -> None:
    assert Bar(available=1, year_gone=gone).now == now


def test_what_may_be_lost_is_never_more_than_what_is_left() -> None:
    assert Bar(paid=50, available=50, at_risk=80).risk_width == 500


def test_without_a_plan_nothing_is_drawn() -> None:
    bar = Bar(at_risk=5)
    assert (bar.segments(), bar.risk_width, bar.rate) == ([], 0, None)


def test_the_line_ends_at_the_last_figure_and_the_plan_at_the_years_end() -> None:
    chart = line_chart([(date(2023, 7, 2), 3 * 10**9), (date(2023, 12, 31), 6 * 10**9)], 6 * 10**9, 2023)
    assert chart.last == (chart.right, chart.plan_y)
    assert chart.real.startswith(f"{chart.left},{chart.bottom} ")
    middle = int(chart.real.split()[1].split(",")[0])
    assert abs(middle - (chart.left + chart.right) // 2) <= 1


def test_the_axis_counts_in_a_unit_that_fits() -> None:
    labels = [
        label for _, label in line_chart([(date(2023, 9, 1), 4_720_000_000)], 8_350_000_000, 2023).y_ticks
    ]
    assert labels == ["0", "3", "6", "9"]
    small = line_chart([(date(2023, 9, 1), 4_000_000)], 9_000_000, 2023)
    assert (small.unit.code, small.y_ticks[-1][1]) == ("million", "9")


def test_a_year_without_money_has_axes_and_no_line() -> None:
    chart = line_chart([], 0, 2023)
    assert (chart.real, chart.last, len(chart.x_ticks)) == ("", None, 12)


@given(st.integers(1, 10**18))
def test_steps_reach_the_highest_figure_without_waste(highest: int) -> None:
    step = nice_step(highest, 4)
    assert step * 4 >= highest
    assert step == 1 or step * 4 < highest * 3
