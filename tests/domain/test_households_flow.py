"""The flow between statuses adds up: those of last year = those of this year + left + not reviewed - joined."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain import households
from app.domain.households import STATUSES, NewStatus
from app.domain.households.flow import Moves
from app.errors import NotFound
from tests.support.book import fails
from tests.support.folk import household, of_years
from tests.support.world import World, actor

YEAR = 2023
HAMLETS = ("20770.01", "20770.02", None)
BOOK = st.lists(
    st.tuples(
        st.sampled_from(HAMLETS),
        st.sampled_from((None, *STATUSES)),
        st.sampled_from((None, *STATUSES)),
        st.sampled_from((None, 2021, 2022, 2023, 2024)),
    ),
    max_size=12,
)


def adds_up(moves: Moves) -> bool:
    return moves.last == moves.this + moves.left + moves.waiting - moves.joined


def of(**values: Any) -> None:
    household(**values)


def test_a_flow_names_every_move(world: World) -> None:
    of(statuses=of_years(y2022="poor", y2023="escaped"))
    of(statuses=of_years(y2022="poor", y2023="poor"))
    of(statuses=of_years(y2023="poor"))
    of(statuses=of_years(y2022="near_poor"), left_on=date(2023, 3, 1), left_reason="x")
    of(statuses=of_years(y2022="near_poor"), hamlet_code="20770.02")
    of(statuses=of_years(y2022="poor"), left_on=date(2024, 3, 1), left_reason="x")
    of(statuses=of_years(y2021="poor"))
    found = households.flow(actor("supervisor"), "20770@legacy", YEAR)
    assert [(p.code, p.name, dict(p.moves.cells)) for p in found.places] == [
        ("20770.02", "Thôn Trà Huỳnh", {("near_poor", "waiting"): 1}),
        (
            "20770.01", "Thôn Trà Sơn",
            {
                ("poor", "escaped"): 1, ("poor", "poor"): 1, ("joined", "poor"): 1, ("near_poor", "left"): 1,
                ("poor", "waiting"): 1,
            },
        ),
    ]  # fmt: skip
    total = found.total
    assert (total.last, total.this, total.joined, total.left, total.waiting) == (5, 3, 1, 1, 2)
    assert all(adds_up(m) for m in (total, *(p.moves for p in found.places)))


def test_units_above_see_communes_and_merged_households_count_once(world: World) -> None:
    kept, other = household(), household(statuses=of_years(y2022="poor", y2023="near_poor"))
    households.merge(actor("officer"), other.id, kept.id)
    there = actor("officer", "20773@legacy")
    household(there, unit_code="20773@legacy", hamlet_code=None, statuses=of_years(y2023="other"))
    for who, unit in ((actor("reviewer", "512@legacy"), "512"), (actor("reviewer", "48@2025"), "48@2025")):
        found = households.flow(who, unit, YEAR)
        assert [(p.code, dict(p.moves.cells)) for p in found.places] == [
            ("20773", {("joined", "other"): 1}), ("20770", {("poor", "poor"): 1}),
        ]  # fmt: skip
    hamlet = households.flow(actor("officer"), "20770.01@legacy", YEAR)
    assert [p.code for p in hamlet.places] == ["20770.01"]
    with fails(NotFound):
        households.flow(there, "20770@legacy", YEAR)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(book=BOOK)
def test_whatever_the_book_holds_it_adds_up_by_hamlet(world: World, book: list[Any]) -> None:
    counted = Counter(
        (p.code, kind)
        for p in households.flow(actor(), "20770@legacy", YEAR).places
        for kind in ("last", "this")
        for _ in range(getattr(p.moves, kind))
    )
    for hamlet, before, now, left in book:
        pairs = ((YEAR - 1, before), (YEAR, now))
        statuses = tuple(NewStatus(year, status) for year, status in pairs if status)
        gone: dict[str, Any] = {"left_on": date(left, 6, 1), "left_reason": "x"} if left else {}
        household(hamlet_code=hamlet, statuses=statuses, **gone)
        counted.update([(hamlet, "last")] * bool(before) + [(hamlet, "this")] * bool(now))
    found = households.flow(actor(), "20770@legacy", YEAR)
    for place in found.places:
        assert adds_up(place.moves)
        assert (place.moves.last, place.moves.this) == (
            counted[place.code, "last"], counted[place.code, "this"]
        )  # fmt: skip
    assert adds_up(found.total)
    assert found.total.last == sum(p.moves.last for p in found.places)


@pytest.mark.parametrize("left", [2022, 2023])
def test_who_left_by_the_end_of_the_year_left(world: World, left: int) -> None:
    of(statuses=of_years(y2022="poor"), left_on=date(left, 12, 31), left_reason="x")
    assert households.flow(actor(), "20770@legacy", YEAR).total.left == 1
