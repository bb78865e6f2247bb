"""What paid a household: shares of the book's payments, never above the entry nor above what is due."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from app.domain.works import clearance, clearance_editing, clearance_payments
from app.domain.works.clearance_households import HouseholdView
from app.errors import Conflict, Invalid, NotFound
from tests.support.book import fails, refused, whole
from tests.support.land import compensation, found, household
from tests.support.world import MILLION, World, actor, contract, line, post, work


def paid(of: HouseholdView) -> int:
    return next(h.paid for h in found(of.work_id) if h.id == of.id)


def test_one_payment_is_shared_among_households_to_the_last_dong(world: World) -> None:
    its = work()
    first, second = household(its.id), household(its.id)
    entry = compensation(its.id, 15 * MILLION)
    view, new = clearance_payments.pay(actor("officer"), its.id, first.id, entry.id, 10 * MILLION)
    assert (new, view.paid, view.unpaid) == (True, 10 * MILLION, 0)
    assert clearance_payments.pay(actor("officer"), its.id, first.id, entry.id, 10 * MILLION) == (view, False)
    [rest] = clearance_payments.entries(actor(), its.id)
    assert (rest.id, rest.amount, rest.rest) == (entry.id, 15 * MILLION, 5 * MILLION)
    with refused("entry_share", asked=5 * MILLION + 1, held=5 * MILLION):
        clearance_payments.pay(actor(), its.id, second.id, entry.id, 5 * MILLION + 1)
    clearance_payments.pay(actor(), its.id, second.id, entry.id, 5 * MILLION)
    assert clearance_payments.entries(actor(), its.id) == []
    assert clearance.get(actor(), its.id).figures.paid == 15 * MILLION
    assert whole()


def test_a_household_is_never_paid_more_than_it_is_due(world: World) -> None:
    its = work()
    made = household(its.id)
    entry = compensation(its.id, 20 * MILLION)
    with refused("compensation_due", asked=10 * MILLION + 1, held=10 * MILLION):
        clearance_payments.pay(actor(), its.id, made.id, entry.id, 10 * MILLION + 1)
    clearance_payments.pay(actor(), its.id, made.id, entry.id, 6 * MILLION)
    more = compensation(its.id, 20 * MILLION, source="provincial")
    with refused("compensation_due", asked=5 * MILLION, held=4 * MILLION):
        clearance_payments.pay(actor(), its.id, made.id, more.id, 5 * MILLION)
    gift = household(its.id, form="gift", compensation_due=0)
    with refused("compensation_due", asked=1, held=0):
        clearance_payments.pay(actor(), its.id, gift.id, more.id, 1)


def test_what_is_due_never_falls_below_what_was_paid(world: World) -> None:
    its = work()
    made = household(its.id)
    entry = compensation(its.id)
    clearance_payments.pay(actor(), its.id, made.id, entry.id, 6 * MILLION)
    now = found(its.id)[0]
    with refused("compensation_due", asked=6 * MILLION - 1, held=6 * MILLION):
        clearance_editing.update(actor(), its.id, made.id, now.version, {"compensation_due": 6 * MILLION - 1})
    with refused("compensation_due", asked=0, held=6 * MILLION):
        change = {"form": "gift", "compensation_due": 0}
        clearance_editing.update(actor(), its.id, made.id, now.version, change)
    clearance_editing.update(actor(), its.id, made.id, now.version, {"compensation_due": 6 * MILLION})


def test_an_entry_pays_a_household_one_amount(world: World) -> None:
    its = work()
    made = household(its.id)
    entry = compensation(its.id)
    clearance_payments.pay(actor(), its.id, made.id, entry.id, MILLION)
    with fails(Conflict):
        clearance_payments.pay(actor(), its.id, made.id, entry.id, 2 * MILLION)
    clearance_payments.unpay(actor(), its.id, made.id, entry.id)
    with fails(NotFound):
        clearance_payments.unpay(actor(), its.id, made.id, entry.id)
    clearance_payments.pay(actor(), its.id, made.id, entry.id, 2 * MILLION)
    assert paid(made) == 2 * MILLION


def test_a_reversed_entry_pays_nobody(world: World) -> None:
    its = work()
    made = household(its.id)
    entry = compensation(its.id)
    clearance_payments.pay(actor(), its.id, made.id, entry.id, 10 * MILLION)
    post(entry.budget_line_id, "reversal", None, None, reverses_id=entry.id)
    now = found(its.id)[0]
    assert (now.paid, now.unpaid, [p.reversed for p in now.payments]) == (0, 10 * MILLION, [True])
    assert clearance.get(actor(), its.id).figures.paid == 0
    assert clearance_payments.entries(actor(), its.id) == []
    other = household(its.id)
    with refused("entry_reversed", number=entry.document.number):
        clearance_payments.pay(actor(), its.id, other.id, entry.id, 1)
    again = compensation(its.id, 10 * MILLION, source="provincial")
    clearance_payments.pay(actor(), its.id, made.id, again.id, 10 * MILLION)
    assert paid(made) == 10 * MILLION


def test_only_payments_of_the_work_without_a_contract_reach_households(world: World) -> None:
    its, other = work(), work()
    made = household(its.id)
    elsewhere = compensation(other.id)
    with fails(NotFound, "entry_id"):
        clearance_payments.pay(actor(), its.id, made.id, elsewhere.id, MILLION)
    with fails(NotFound, "entry_id"):
        clearance_payments.pay(actor(), its.id, made.id, uuid.uuid4(), MILLION)
    on = line(project_code="DTTS.4.1", capital_kind="investment", work_id=its.id)
    given = post(on.id, "allocate", 100 * MILLION, "2023-01-05")
    signed = contract(its.id)
    bound = post(on.id, "pay", 10 * MILLION, date(2023, 3, 1), contract_id=signed.id)
    for entry in (given, bound):
        with fails(Invalid, "entry_id"):
            clearance_payments.pay(actor(), its.id, made.id, entry.id, MILLION)
    assert clearance_payments.entries(actor(), its.id) == []


@pytest.mark.parametrize("amount", [0, -1, 10**15])
def test_a_share_is_a_positive_amount(world: World, amount: int) -> None:
    its = work()
    made = household(its.id)
    entry = compensation(its.id)
    with fails(Invalid, "amount"):
        clearance_payments.pay(actor(), its.id, made.id, entry.id, amount)


def test_households_that_were_paid_have_changed_for_who_follows_changes(world: World) -> None:
    its = work()
    made = household(its.id)
    paying = compensation(its.id)
    after, _ = clearance_payments.pay(actor("officer"), its.id, made.id, paying.id, MILLION)
    assert after.updated_at > made.updated_at
    assert after.version == made.version, "what one edits did not change"
