"""Site clearance: the plan bounds what households are due; what is due is never below what was paid."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.clock import today
from app.domain import audit, works
from app.domain.works import clearance, clearance_editing, clearance_households, clearance_payments, steps
from app.domain.works.clearance import ClearanceSummary
from app.domain.works.clearance_editing import NewHousehold
from app.domain.works.clearance_households import HouseholdFilter
from app.errors import Conflict, IdTaken, Invalid, NotFound, Stale
from app.models.base import MAX_AMOUNT
from tests.support.book import execute, fails, refused
from tests.support.land import compensation, found, household, planned
from tests.support.world import MILLION, World, actor, work

SEVEN = ["notice", "inventory", "plan", "publication", "approval", "payment", "handover"]


def test_clearance_begins_once_with_its_seven_steps(world: World) -> None:
    its = work(procedure="special")
    before = clearance.get(actor(), its.id)
    assert (before.begun, before.version, before.figures) == (False, 1, ClearanceSummary(0, 0, 0, None, 0, 0))
    for _ in range(2):
        assert clearance.begin(actor("officer"), its.id).begun
    of_track = [s for s in steps.steps(actor(), its.id) if s.track == steps.CLEARANCE]
    assert [s.code for s in of_track] == SEVEN
    told = [row.action for row in audit.history(actor("inspector"), subject_kind="site_clearance")]
    assert told == ["clearance.begin"]


@pytest.mark.parametrize("first", ["household", "plan"])
def test_the_first_household_or_plan_begins_it(world: World, first: str) -> None:
    its = work()
    if first == "household":
        household(its.id)
    else:
        planned(its.id, MILLION)
    assert clearance.get(actor(), its.id).begun
    assert len(steps.steps(actor(), its.id)) == len(SEVEN)


def test_what_is_refused_does_not_begin_it(world: World) -> None:
    its = work()
    with fails(NotFound, "hamlet_code"):
        household(its.id, hamlet_code="20770.99")
    with fails(Stale):
        clearance.update(actor(), its.id, 2, {"plan_amount": MILLION})
    assert not clearance.get(actor(), its.id).begun


def test_figures_are_the_sums_of_the_households(world: World) -> None:
    its = work()
    planned(its.id, 40 * MILLION)
    first = household(its.id, area_dm2=10_025, handed_over_on=date(2023, 6, 1))
    household(its.id, area_dm2=5_000, compensation_due=20 * MILLION)
    household(its.id, area_dm2=75, form="gift", compensation_due=0, handed_over_on=date(2023, 6, 2))
    paid = compensation(its.id, 4 * MILLION)
    clearance_payments.pay(actor(), its.id, first.id, paid.id, 4 * MILLION)
    figures = clearance.get(actor("reviewer", "512@legacy"), its.id).figures
    assert figures == ClearanceSummary(3, 2, 15_100, 40 * MILLION, 30 * MILLION, 4 * MILLION)
    assert (figures.unpaid, figures.waiting) == (26 * MILLION, 1)


def test_households_are_never_due_more_together_than_the_plan(world: World) -> None:
    its = work()
    planned(its.id, 30 * MILLION)
    first = household(its.id, compensation_due=20 * MILLION)
    with refused("compensation_plan", asked=30 * MILLION + 1, held=30 * MILLION):
        household(its.id, compensation_due=10 * MILLION + 1)
    second = household(its.id)
    with refused("compensation_plan", asked=30 * MILLION + 1, held=30 * MILLION):
        clearance_editing.update(actor(), its.id, second.id, 1, {"compensation_due": 10 * MILLION + 1})
    with refused("compensation_plan", asked=30 * MILLION - 1, held=30 * MILLION):
        planned(its.id, 30 * MILLION - 1)
    clearance_editing.update(actor(), its.id, first.id, 1, {"compensation_due": 15 * MILLION})
    planned(its.id, 25 * MILLION)
    assert clearance.get(actor(), its.id).figures.due == 25 * MILLION
    planned(its.id, None)
    household(its.id, compensation_due=900 * MILLION)


def test_the_database_holds_the_plan_whatever_the_code_believes(world: World) -> None:
    its = work()
    household(its.id)
    planned(its.id, 10 * MILLION)
    with pytest.raises(Exception, match=r"(?i)check|plan_amount"):
        execute("UPDATE site_clearances SET due_total = due_total + 1")


@pytest.mark.parametrize("amount", [-1, MAX_AMOUNT + 1])
def test_a_plan_is_an_amount(world: World, amount: int) -> None:
    its = work()
    with fails(Invalid, "plan_amount"):
        planned(its.id, amount)


def test_a_plan_that_somebody_changed_meanwhile_is_not_overwritten(world: World) -> None:
    its = work()
    now = planned(its.id, 5 * MILLION)
    with fails(Stale):
        clearance.update(actor(), its.id, now.version - 1, {"plan_amount": 6 * MILLION})
    same = clearance.update(actor(), its.id, now.version, {"plan_amount": 5 * MILLION, "note": ""})
    assert same == now, "what changes nothing makes no new version"


def test_sent_twice_a_household_is_recorded_once(world: World) -> None:
    its = work()
    ask = NewHousehold(
        uuid.uuid4(), its.id, "H01", "Hồ Văn Minh", hamlet_code="20770.02", parcels="Tờ 9, thửa 12"
    )
    made, new = clearance_editing.create(actor("officer"), ask)
    assert (new, made.hamlet_name, made.version) == (True, "Thôn Trà Huỳnh", 1)
    assert clearance_editing.create(actor("officer"), ask) == (made, False)
    with fails(IdTaken):
        clearance_editing.create(actor("officer"), replace(ask, note="khác"))
    with fails(Conflict):
        household(its.id, code="H01")
    household(work().id, code="H01")
    assert [h.code for h in found(its.id)] == ["H01"]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"form": "gift", "compensation_due": 1}, "compensation_due"),
    ({"form": "loan"}, "form"),
    ({"compensation_due": -1}, "compensation_due"),
    ({"compensation_due": MAX_AMOUNT + 1}, "compensation_due"),
    ({"area_dm2": -1}, "area_m2"),
    ({"head_name": " "}, "head_name"),
    ({"head_name": "H*** V*** M***"}, "head_name"),
    ({"code": ""}, "code"),
    ({"handed_over_on": today() + timedelta(days=1)}, "handed_over_on"),
]


@pytest.mark.parametrize(("values", "field"), BAD)
def test_what_no_household_has_is_refused_new_or_changed(
    world: World, values: dict[str, Any], field: str
) -> None:
    its = work()
    with fails(Invalid, field):
        household(its.id, **values)
    made = household(its.id)
    with fails(Invalid, field):
        clearance_editing.update(actor("officer"), its.id, made.id, made.version, values)


def test_a_household_is_changed_by_who_read_it_last(world: World) -> None:
    its, another = work(), work()
    made = household(its.id, code="H01")
    other = household(its.id, code="H02")
    changed = clearance_editing.update(
        actor("officer"), its.id, made.id, 1, {"hamlet_code": "20770.01", "area_dm2": 100, "form": "money"}
    )
    assert (changed.hamlet_name, changed.area_dm2, changed.version) == ("Thôn Trà Sơn", 100, 2)
    with fails(Stale):
        clearance_editing.update(actor("officer"), its.id, made.id, 1, {"note": "x"})
    with fails(Conflict):
        clearance_editing.update(actor("officer"), its.id, other.id, 1, {"code": "H01"})
    with fails(NotFound):
        clearance_editing.update(actor("officer"), another.id, made.id, 2, {"note": "x"})
    cleared = clearance_editing.update(actor("officer"), its.id, made.id, 2, {"hamlet_code": None})
    assert (cleared.hamlet_code, cleared.hamlet_name) == (None, None)


def test_handing_over_keeps_the_first_day(world: World) -> None:
    its = work()
    made = household(its.id)
    assert clearance_editing.hand_over(actor("officer"), its.id, made.id).handed_over_on == today()
    early = household(its.id, handed_over_on=date(2023, 5, 1))
    assert clearance_editing.hand_over(actor("officer"), its.id, early.id).handed_over_on == date(2023, 5, 1)
    assert early.at_risk, "it has handed over, nothing was paid"


def test_works_lack_the_land_until_every_household_has_handed_over(world: World) -> None:
    its = work(procedure="special")
    made = household(its.id)
    land = [m for m in works.get(actor(), its.id).missing if m.rule == "clearance"]
    assert [m.said("vi") for m in land] == ["Bàn giao mặt bằng: còn 1 trong 1 hộ, 10.000.000 đ chưa chi trả"]
    clearance_editing.hand_over(actor(), its.id, made.id)
    assert [m for m in works.get(actor(), its.id).missing if m.rule == "clearance"] == []


def test_states_narrow_the_households(world: World) -> None:
    its = work()
    household(its.id, code="H01", hamlet_code="20770.01")
    household(its.id, code="H02", handed_over_on=date(2023, 6, 1))
    household(its.id, code="H03", form="gift", compensation_due=0, handed_over_on=date(2023, 6, 1))
    paid = household(its.id, code="H10")
    clearance_payments.pay(actor(), its.id, paid.id, compensation(its.id).id, 10 * MILLION)
    expected = {
        "waiting": ["H01", "H10"], "handed_over": ["H02", "H03"], "unpaid": ["H01", "H02"], "at_risk": ["H02"],
        "gift": ["H03"],
    }  # fmt: skip
    assert {state: [h.code for h in found(its.id, state=state)] for state in expected} == expected
    assert [h.code for h in found(its.id)] == ["H01", "H02", "H03", "H10"]
    assert [h.code for h in found(its.id, hamlet_code="20770.01")] == ["H01"]
    assert [h.code for h in found(its.id, handed_over=False, form="money")] == ["H01", "H10"]
    together = clearance_households.page(
        actor(), its.id, HouseholdFilter(state="unpaid"), purpose="page", offset=0, limit=1
    ).together
    assert (together.count, together.due, together.paid) == (2, 20 * MILLION, 0)


def test_another_unit_finds_nothing_of_it(world: World) -> None:
    its = work()
    made = household(its.id)
    stranger = actor("client:write", "00001@legacy")
    for call in (
        lambda: clearance.get(stranger, its.id),
        lambda: clearance.begin(stranger, its.id),
        lambda: clearance.update(stranger, its.id, 1, {}),
        lambda: household(its.id, stranger),
        lambda: found(its.id, stranger),
        lambda: clearance_households.page(
            stranger, its.id, HouseholdFilter(), purpose="page", offset=0, limit=1
        ),
        lambda: clearance_households.hamlets(stranger, its.id),
        lambda: clearance_households.get(stranger, its.id, made.id, purpose="page"),
        lambda: clearance_editing.update(stranger, its.id, made.id, 1, {}),
        lambda: clearance_editing.hand_over(stranger, its.id, made.id),
        lambda: clearance_payments.entries(stranger, its.id),
        lambda: clearance_payments.pay(stranger, its.id, made.id, uuid.uuid4(), 1),
        lambda: clearance_payments.unpay(stranger, its.id, made.id, uuid.uuid4()),
    ):
        with fails(NotFound):
            call()
