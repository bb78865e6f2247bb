"""The S-curve: whole coordinates that say what the figures say, and words that never cover one another."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.curve import Curve, s_curve

START, FINISH = date(2023, 3, 1), date(2023, 6, 9)  # a hundred days
PLAN = [(START, 0), (FINISH, 100)]
MILLION = 1_000_000


def drawn(line: str) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in (point.split(",") for point in line.split())]


def test_a_line_ends_where_its_figures_say() -> None:
    curve = s_curve(PLAN, [(START, 0), (START + timedelta(50), 50)], [], None, START + timedelta(50))
    assert curve is not None
    assert drawn(curve.plan) == [(curve.left, curve.bottom), (curve.right, curve.top)]
    x, y = drawn(curve.real)[-1]
    assert abs(x - (curve.left + curve.right) // 2) <= 1
    assert abs(y - (curve.top + curve.bottom) // 2) <= 1
    assert curve.dots == drawn(curve.real)
    assert (curve.spent, curve.square, curve.today) == ("", None, x)


def test_money_goes_in_steps_to_the_day() -> None:
    spent = [(START + timedelta(20), 30 * MILLION), (START + timedelta(40), 60 * MILLION)]
    curve = s_curve(PLAN, [], spent, 120 * MILLION, START + timedelta(80))
    assert curve is not None
    points = drawn(curve.spent)
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))
    assert points[0][1] == curve.bottom
    assert points[-1] == (curve.today, (curve.top + curve.bottom) // 2)
    assert "tiền 50,0 %" in [label.text for label in curve.labels]


def test_more_money_than_the_whole_stays_in_the_picture() -> None:
    curve = s_curve(PLAN, [], [(FINISH, 5 * MILLION)], 4 * MILLION, FINISH)
    assert curve is not None
    assert drawn(curve.spent)[-1] == (curve.right, curve.top)
    assert "tiền 125,0 %" in [label.text for label in curve.labels]


@pytest.mark.parametrize(("spent", "of_money"), [([], 5), ([(START, 5)], None)])
def test_where_nothing_is_known_nothing_is_drawn(spent: list[tuple[date, int]], of_money: int | None) -> None:
    assert s_curve([], [], spent, of_money, START) is None


def test_a_day_far_beside_what_is_known_is_not_drawn() -> None:
    assert drawn_on(FINISH + timedelta(25)).today is not None
    for on in (FINISH + timedelta(26), START - timedelta(26), FINISH + timedelta(1000)):
        curve = drawn_on(on)
        assert curve.today is None
        assert "hôm nay" not in [label.text for label in curve.labels]
        assert drawn(curve.plan)[-1][0] == curve.right


def drawn_on(on: date, lang: str = "vi") -> Curve:
    curve = s_curve(PLAN, [(START, 0)], [], None, on, lang)
    assert curve is not None
    return curve


def test_words_are_said_in_the_readers_language() -> None:
    found = {lang: [label.text for label in drawn_on(START, lang).labels] for lang in ("vi", "en")}
    assert found == {"vi": ["hôm nay", "kế hoạch", "khối lượng 0 %"], "en": ["today", "plan", "physical 0%"]}


@pytest.mark.parametrize("wrong", [date.min, date(202, 3, 1), date(2500, 1, 1), date.max])
def test_a_year_typed_wrong_is_still_drawn(wrong: date) -> None:
    days = sorted([wrong, FINISH])
    curve = s_curve([(days[0], 0), (days[1], 100)], [], [], None, START)
    assert curve is not None
    assert 1 <= len(curve.x_ticks) <= 6


DAYS = st.integers(0, 3000).map(lambda n: START + timedelta(n))
PERCENTS = st.lists(st.tuples(DAYS, st.integers(0, 100)), max_size=6).map(sorted)


@given(PERCENTS, PERCENTS, st.lists(st.tuples(DAYS, st.integers(0, 10**15)), max_size=6).map(sorted), DAYS)
def test_all_stays_within_the_picture_and_no_words_meet(
    plan: list[tuple[date, int]], real: list[tuple[date, int]], spent: list[tuple[date, int]], on: date
) -> None:
    curve = s_curve(plan, real, spent, 10**14, on)
    if curve is None:
        assert not plan
        assert not real
        assert not spent
        return
    for line in (curve.plan, curve.real, curve.spent):
        for x, y in drawn(line):
            assert curve.left <= x <= curve.right
            assert curve.top <= y <= curve.bottom
    assert 1 <= len(curve.x_ticks) <= 6
    for label in curve.labels:
        assert 0 < label.y < curve.bottom
    for one, other in combinations(curve.labels, 2):
        assert not one.meets(other), (one, other)
