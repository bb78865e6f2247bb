"""Many writers at one work's clearance: the plan, an entry and what a household is due are never passed."""

from __future__ import annotations

import uuid
from functools import partial

from app.domain.works import clearance, clearance_editing, clearance_payments, clearance_table, steps
from app.domain.works.clearance_editing import NewHousehold
from tests.domain.test_clearance_table import row, rows
from tests.domain.test_concurrency import at_once, outcomes
from tests.support.book import whole
from tests.support.land import compensation, found, household, planned
from tests.support.world import MILLION, World, actor, post, work


def test_exactly_as_many_households_come_in_as_the_plan_holds(world: World) -> None:
    its, who = work(), actor("officer")
    planned(its.id, 70 * MILLION)
    asks = [
        NewHousehold(uuid.uuid4(), its.id, f"H{i}", "Hồ Văn Minh", compensation_due=10 * MILLION)
        for i in range(12)
    ]
    results = at_once([partial(clearance_editing.create, who, ask) for ask in asks])
    assert outcomes(results) == {"tuple": 7, "compensation_plan": 5}
    assert clearance.get(who, its.id).figures.due == 70 * MILLION


def test_tables_households_and_a_lower_plan_at_once_never_pass_it(world: World) -> None:
    its, who = work(), actor("officer")
    household(its.id, code="H00")
    now = planned(its.id, 50 * MILLION)
    tables = [
        partial(clearance_table.apply, who, its.id, rows(row(f"T{i}", compensation_due="20.000.000")))
        for i in range(3)
    ]
    asks = [
        NewHousehold(uuid.uuid4(), its.id, f"H{i}", "Hồ A", compensation_due=15 * MILLION) for i in range(3)
    ]
    results = at_once(
        [
            *tables,
            *(partial(clearance_editing.create, who, ask) for ask in asks),
            partial(clearance.update, who, its.id, now.version, {"plan_amount": 45 * MILLION}),
        ]
    )
    assert set(outcomes(results)) <= {"Preview", "tuple", "compensation_plan", "ClearanceView"}
    figures = clearance.get(who, its.id).figures
    assert figures.plan_amount is not None
    assert figures.due <= figures.plan_amount
    assert figures.due == sum(h.compensation_due for h in found(its.id))


def test_one_household_sent_many_times_is_one_and_clearance_begins_once(world: World) -> None:
    its, who = work(), actor("officer")
    ask = NewHousehold(uuid.uuid4(), its.id, "H01", "Hồ Văn Minh", compensation_due=MILLION)
    results = at_once(
        [partial(clearance_editing.create, who, ask) for _ in range(6)]
        + [partial(clearance.begin, who, its.id)] * 2
    )
    assert sum(isinstance(r, tuple) and r[1] for r in results) == 1
    assert outcomes(results) == {"tuple": 6, "ClearanceView": 2}
    assert clearance.get(who, its.id).figures.due == MILLION
    assert len(steps.steps(who, its.id)) == 7


def test_a_code_goes_to_one_of_many(world: World) -> None:
    its, who = work(), actor("officer")
    asks = [NewHousehold(uuid.uuid4(), its.id, "H01", "Hồ Văn Minh") for _ in range(6)]
    results = at_once([partial(clearance_editing.create, who, ask) for ask in asks])
    assert outcomes(results) == {"tuple": 1, "Conflict": 5}


def test_shares_of_one_entry_never_pass_it(world: World) -> None:
    its, who = work(), actor("officer")
    made = [household(its.id) for _ in range(6)]
    entry = compensation(its.id, 35 * MILLION)
    results = at_once(
        [partial(clearance_payments.pay, who, its.id, h.id, entry.id, 10 * MILLION) for h in made]
    )
    assert outcomes(results) == {"tuple": 3, "entry_share": 3}
    assert clearance.get(who, its.id).figures.paid == 30 * MILLION
    assert whole()


def test_a_household_is_paid_what_it_is_due_by_many_entries_and_a_change_at_once(world: World) -> None:
    its, who = work(), actor("officer")
    made = household(its.id)
    entries = [
        compensation(its.id, 4 * MILLION, source=source) for source in ("central", "provincial", "district")
    ]
    tasks = [
        partial(clearance_payments.pay, who, its.id, made.id, entry.id, 4 * MILLION) for entry in entries
    ]
    lower = partial(clearance_editing.update, who, its.id, made.id, 1, {"compensation_due": 8 * MILLION})
    results = at_once([*tasks, lower])
    assert outcomes(results) == {"tuple": 2, "compensation_due": 1, "HouseholdView": 1}
    [now] = found(its.id)
    assert (now.paid, now.compensation_due) == (8 * MILLION, 8 * MILLION)


def test_a_reversal_and_a_payment_at_once_leave_nobody_paid_by_what_is_gone(world: World) -> None:
    its, who = work(), actor("officer")
    made = household(its.id)
    entry = compensation(its.id)
    back = partial(post, entry.budget_line_id, "reversal", None, None, reverses_id=entry.id)
    results = at_once([partial(clearance_payments.pay, who, its.id, made.id, entry.id, MILLION), back])
    assert set(outcomes(results)) <= {"tuple", "entry_reversed", "EntryView"}
    assert found(its.id)[0].paid == 0
    assert whole()


def test_two_taps_hand_over_once(world: World) -> None:
    its, who = work(), actor("officer")
    made = household(its.id)
    results = at_once([partial(clearance_editing.hand_over, who, its.id, made.id) for _ in range(2)])
    assert outcomes(results) == {"HouseholdView": 2}
    assert found(its.id)[0].version == 2
