"""Who gets what from support models, who the same twice, who never anything; what came of them, each with its count."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain import households, support, territory
from app.domain.support import ModelView, NewBudget
from app.domain.support.outcomes import Outcome, outcomes
from app.domain.support.received import Received, of_household, received
from app.domain.territory import UnitView
from app.domain.workflow import Order
from app.errors import NotFound
from tests.support.book import execute
from tests.support.folk import household, of_years
from tests.support.supporting import (
    DISTRICT,
    GIVEN,
    SIGNED,
    funded,
    given,
    people_of,
    running,
    visited,
    whole_model,
)
from tests.support.world import MILLION, World, actor

COW = 20 * MILLION


def unit(code: str = "20770@legacy") -> UnitView:
    return territory.find(actor("officer", "VN@legacy"), code)


def shown(year: int = 2023, code: str = "20770@legacy") -> Received:
    return received(actor("officer", code), unit(code), year)


def came_of(year: int = 2024, by: str = "model", code: str = "20770@legacy") -> tuple[list[Outcome], Outcome]:
    return outcomes(actor("officer", code), unit(code), year, by)  # type: ignore[arg-type]  # plain text in tests


def cattle() -> ModelView:
    """Three households: one left poverty in 2024, one is near-poor now, one has no status yet."""
    folk = [
        household(code="TS-1", statuses=of_years(y2023="poor", y2024="escaped")),
        household(code="TS-2", statuses=of_years(y2023="poor", y2024="near_poor")),
        household(code="TH-1", hamlet_code="20770.02", statuses=of_years(y2023="near_poor")),
    ]
    made = running(whole_model(folk))
    for to, quantity in ((0, 2), (1, 2), (2, 1)):
        support.deliver(actor("officer"), made.id, given(made, quantity, to))
    return made


def test_what_each_household_received_is_worth_what_was_approved(world: World) -> None:
    made = cattle()
    found = shown()
    assert [(g.code, g.model_id, g.program_code, g.deliveries, g.value) for g in found.gifts] == [
        ("TH-1", made.id, "GNBV", 1, COW), ("TS-1", made.id, "GNBV", 1, 2 * COW), ("TS-2", made.id, "GNBV", 1, 2 * COW),
    ]  # fmt: skip
    assert (found.count, found.households, found.value) == (3, 3, 5 * COW)
    assert sum(g.value for g in found.gifts) == found.value
    assert shown(2022).gifts == []
    one = people_of(made)[0]
    assert [(g.year, g.value) for g in of_household(actor("officer"), one)] == [(2023, 2 * COW)]
    with pytest.raises(NotFound):
        of_household(actor("officer", "00001@legacy"), one)


def test_what_was_withdrawn_was_not_received(world: World) -> None:
    made = cattle()
    second, _ = support.deliver(actor("officer"), made.id, given(made, 1, 0))
    assert shown().value == 6 * COW
    support.withdraw(actor("officer"), made.id, second.id, "Ghi nhầm hộ")
    assert shown().value == 5 * COW


def test_the_same_again_is_told_with_the_earlier_record(world: World) -> None:
    first = cattle()
    folk = people_of(first)
    assert shown().twice == []
    known = households.get(actor("officer"), folk[0], purpose="page")
    running(
        whole_model(
            [known], name="Nuôi bò đợt hai", budget=(NewBudget(funded(source="district").id, 180 * MILLION),)
        )
    )
    assert [(e.household_code, e.model_id, e.same_template, e.received_on) for e in shown().twice] == [
        ("TS-1", first.id, True, GIVEN)
    ]


def test_what_was_approved_first_is_the_earlier_and_says_whether_it_was_received(world: World) -> None:
    """Neither the year nor the moment of entry decides; a hamlet's figures go by where a household lives."""
    known = household(code="TH-1", hamlet_code="20770.02", statuses=of_years(y2023="poor", y2024="poor"))

    def of(source: str, **values: Any) -> ModelView:
        money = NewBudget(funded(source=source, year=values.get("year", 2023)).id, 180 * MILLION)
        return whole_model([known], budget=(money,), **values)

    written_first, approved_first = (
        of("district"),
        of("commune", name="Nuôi bò khác", template=None, year=2024),
    )
    approved_first = running(approved_first)
    officer, on = actor("officer"), date(2023, 6, 1)
    support.move(officer, written_first.id, "submit", Order(on=on))
    (warned,) = support.whole(officer, written_first.id).warnings
    for who, name in ((actor("reviewer", DISTRICT), "appraise"), (actor("leader", DISTRICT), "approve")):
        support.move(who, written_first.id, name, Order(on=on))
    assert support.whole(officer, written_first.id).warnings == [warned]
    assert support.whole(officer, approved_first.id).warnings == []
    assert (warned.model_id, warned.approved_on, warned.same_template, warned.kinds, warned.received_on) == (
        approved_first.id, SIGNED, False, ("Bò cái giống sinh sản",), None,
    )  # fmt: skip
    gift, _ = support.deliver(officer, approved_first.id, given(approved_first))
    assert [e.received_on for e in shown().twice] == [GIVEN]
    # The models are of Trà Sơn, the household lives in Trà Huỳnh.
    for code, codes in (("20770.02@legacy", ["TH-1"]), ("20770.01@legacy", [])):
        assert [e.household_code for e in received(officer, unit(code), 2023).twice] == codes
    support.withdraw(officer, approved_first.id, gift.id, "Ghi nhầm")
    assert [e.received_on for e in shown().twice] == [None]


def test_what_was_given_back_after_approval_comes_after_what_was_approved_since(world: World) -> None:
    known = household(code="TH-1", statuses=of_years(y2023="poor"))
    first, second = (
        whole_model([known], budget=(NewBudget(funded(source=source).id, 180 * MILLION),))
        for source in ("district", "commune")
    )
    approve = (
        (actor("officer"), "submit"),
        (actor("reviewer", DISTRICT), "appraise"),
        (actor("leader", DISTRICT), "approve"),
    )
    for made, on in ((first, date(2023, 5, 1)), (second, date(2023, 6, 1))):
        for who, name in approve:
            support.move(who, made.id, name, Order(on=on))
        if made is first:
            assert support.whole(actor("officer"), first.id).warnings == []
            support.move(actor("leader", DISTRICT), first.id, "return", Order("Chưa bắt đầu", on=on))
    assert [e.model_id for e in support.whole(actor("officer"), first.id).warnings] == [second.id]


def test_who_may_be_supported_and_never_was_is_listed(world: World) -> None:
    cattle()
    waits = household(code="TS-9", statuses=of_years(y2023="poor"))
    household(code="TS-8", statuses=of_years(y2023="other"))
    gone = household(
        code="TS-7", statuses=of_years(y2023="poor"), left_on=date(2023, 5, 1), left_reason="Chuyển đi"
    )
    assert [(w.household_id, w.status) for w in shown().waiting] == [(waits.id, "poor")]
    assert gone.id not in {w.household_id for w in shown().waiting}
    assert shown(2022).waiting == []


def test_leaving_poverty_is_counted_only_of_those_whose_status_is_known(world: World) -> None:
    cattle()
    _, total = came_of()
    assert (total.households, total.counted, total.left, total.value) == (3, 2, 1, 5 * COW)
    # What went to the household without a status yet is on neither side.
    assert (total.counted_value, total.cost_per_left) == (4 * COW, 4 * COW)
    # In the model's own year nothing is known: that status is the one which admitted them.
    _, before = came_of(2023)
    assert (before.households, before.counted, before.left, before.counted_value) == (3, 0, 0, 0)
    assert before.cost_per_left is None


def test_animals_survive_as_the_last_visits_say(world: World) -> None:
    made = cattle()
    for to, counts in ((0, {"alive": 2}), (0, {"alive": 1, "dead": 1}), (1, {"alive": 1, "sold": 1})):
        on = date(2023, 7, 5) if counts == {"alive": 2} else date(2023, 8, 5)
        support.visit(actor("officer"), made.id, visited(made, to, visited_on=on, **counts))
    _, total = came_of()
    assert (total.visited, total.alive, total.dead, total.sold) == (2, 2, 1, 1)
    assert total.survival == Decimal("0.75")
    # Offspring is counted beside: of the four animals delivered three did not die.
    support.visit(
        actor("officer"), made.id, visited(made, 0, visited_on=date(2023, 9, 5), alive=3, dead=1, born=2)
    )
    _, total = came_of()
    assert (total.alive, total.born, total.tracked, total.survival) == (4, 2, 4, Decimal("0.75"))


def test_animals_not_accounted_for_lower_survival_and_a_visit_without_counts_wipes_nothing(
    world: World,
) -> None:
    made, officer = cattle(), actor("officer")
    support.visit(officer, made.id, visited(made, 0, visited_on=date(2023, 7, 5), alive=1))
    support.visit(officer, made.id, visited(made, 1, visited_on=date(2023, 7, 5), alive=2))
    support.visit(officer, made.id, visited(made, 0, visited_on=date(2023, 8, 5), income=MILLION))
    _, total = came_of()
    assert (total.visited, total.heads, total.tracked, total.unknown) == (2, Decimal(4), 3, Decimal(1))
    assert total.survival == Decimal("0.75")
    # What came after the visit was not there to be counted.
    support.deliver(officer, made.id, given(made, 2, 0, delivered_on=date(2023, 9, 1)))
    assert came_of()[1].heads == 4
    # Nothing counted again on the same day: what was counted there was wrong.
    support.visit(officer, made.id, visited(made, 0, visited_on=date(2023, 7, 5)))
    _, total = came_of()
    assert (total.visited, total.survival) == (1, Decimal(1))


def test_a_past_year_does_not_change_with_what_is_recorded_of_later_ones(world: World) -> None:
    made, officer = cattle(), actor("officer")
    support.visit(officer, made.id, visited(made, 0, visited_on=date(2023, 12, 31), alive=2))
    before = came_of(2023)
    support.deliver(officer, made.id, given(made, 1, 0, delivered_on=date(2024, 1, 1)))
    support.visit(officer, made.id, visited(made, 0, visited_on=date(2024, 1, 1), alive=1, dead=2))
    assert came_of(2023) == before
    _, total = came_of(2024)
    assert (total.value, total.alive, total.dead) == (6 * COW, 1, 2)


def test_income_changes_where_both_were_reported(world: World) -> None:
    made = cattle()
    folk = people_of(made)
    incomes = {folk[0]: 25 * MILLION, folk[1]: 12 * MILLION}
    support.evaluate(actor("officer"), made.id, "Đàn bò phát triển", incomes, Order(on=date(2023, 12, 20)))
    _, total = came_of()
    assert (total.incomes, total.income_change, total.mean_change) == (2, 17 * MILLION, 8_500_000)


def test_models_are_compared_four_ways_and_each_adds_up(world: World) -> None:
    cattle()
    for by, labels in (
        ("model", ["Nuôi bò sinh sản thôn Trà Sơn"]), ("hamlet", ["Thôn Trà Huỳnh", "Thôn Trà Sơn"]), ("year", ["2023"]),
        ("commune", ["Xã Sông Trà"]),
    ):  # fmt: skip
        rows, total = came_of(by=by)
        assert [row.label for row in rows] == labels
        for figure in ("households", "value", "counted", "left", "visited", "incomes"):
            assert sum(getattr(row, figure) for row in rows) == getattr(total, figure), (by, figure)
    wide, total = came_of(by="commune", code="512@legacy")
    assert [(row.label, row.left) for row in wide] == [("Xã Sông Trà", 1)]
    assert total.households == 3
    nothing, none = came_of(code="20773@legacy")
    assert (nothing, none.households, none.survival, none.mean_change) == ([], 0, None, None)


def test_a_year_knows_nothing_of_later_models_and_hamlets_of_one_name_stay_apart(world: World) -> None:
    cattle()
    assert came_of(2022)[1].models == 0
    execute("UPDATE units SET name = 'Thôn Một' WHERE code IN ('20770.01', '20770.02')")
    rows, total = came_of(2023, "hamlet")
    assert [(row.label, row.households) for row in rows] == [("Thôn Một", 2), ("Thôn Một", 1)]
    assert total.households == 3
