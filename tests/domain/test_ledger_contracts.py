"""What binds a work and its contracts over all years, lines and sources."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain import works
from app.domain.ledger import posting, proposals
from app.domain.ledger.lines import LineView
from app.domain.works import WorkView, contracts
from app.domain.works.contracts import Amendment
from app.errors import Invalid, NotFound
from tests.support.book import execute, fails, refused, state, whole
from tests.support.world import MILLION, World, actor, contract, entry, line, post, work

M = MILLION
DTTS: dict[str, Any] = {"project_code": "DTTS.4.1", "capital_kind": "investment"}


def work_line(of: WorkView, money: int = 900 * M, **key: Any) -> LineView:
    made = line(work_id=of.id, **(DTTS | key))
    post(made.id, "allocate", money, f"{made.year}-01-05")
    return made


def test_what_pays_on_a_works_line_names_its_contract_or_says_why_there_is_none(world: World) -> None:
    of = work()
    made, signed = work_line(of), contract(of.id)
    for kind in ("advance", "recover", "pay", "refund"):
        for reason in ("", "  "):
            with fails(Invalid, "contract_id"):
                post(made.id, kind, 1, "2023-03-01", no_contract_reason=reason)
    post(made.id, "advance", 10 * M, "2023-03-01", no_contract_reason="Bồi thường")
    post(made.id, "recover", 10 * M, "2023-03-01", no_contract_reason="Bồi thường")
    post(made.id, "advance", 10 * M, "2023-03-01", contract_id=signed.id)
    for kind in ("settle", "withdraw", "lapse"):
        post(made.id, kind, 1, "2023-03-02")
    view = contracts.get(actor(), signed.id)
    assert (view.advanced, view.paid, view.net_advances) == (10 * M, 0, 10 * M)
    assert works.get(actor(), of.id).disbursed == 20 * M


def test_a_contract_of_another_work_is_no_contract_of_this_one(world: World) -> None:
    mine, other = work(), work()
    made, theirs = work_line(mine), contract(other.id)
    for wanted in (theirs.id, uuid.uuid4()):
        with fails(NotFound, "contract_id"):
            post(made.id, "advance", 1, "2023-03-01", contract_id=wanted)
    general = line()
    with fails(NotFound, "contract_id"):
        post(general.id, "allocate", 1, "2023-03-01", contract_id=theirs.id)


def test_recovering_an_advance_frees_no_room_for_another(world: World) -> None:
    of = work()
    made, signed = work_line(of), contract(of.id, 100 * M)
    on: dict[str, Any] = {"contract_id": signed.id}
    assert signed.advance_ceiling == 30 * M
    post(made.id, "advance", 20 * M, "2023-03-01", **on)
    with refused("advance_limit", asked=11 * M, held=10 * M):
        post(made.id, "advance", 11 * M, "2023-03-02", **on)
    post(made.id, "advance", 10 * M, "2023-03-02", **on)
    post(made.id, "recover", 30 * M, "2023-04-01", **on)
    with refused("advance_limit", asked=1, held=0):
        post(made.id, "advance", 1, "2023-05-01", **on)
    post(made.id, "refund", 30 * M, "2023-05-01", **on)  # of what is paid: no advance comes back
    with refused("advance_limit", asked=1, held=0):
        post(made.id, "advance", 1, "2023-05-02", **on)
    post(made.id, "pay", 100 * M, "2023-06-01", **on)
    assert whole()


def test_a_refunded_or_reversed_advance_frees_its_room(world: World) -> None:
    of = work()
    made, signed = work_line(of), contract(of.id, 100 * M)
    on: dict[str, Any] = {"contract_id": signed.id}
    first = post(made.id, "advance", 30 * M, "2023-03-01", **on)
    back = post(made.id, "refund", 12 * M, "2023-04-01", from_pocket="advanced", **on)
    with refused("advance_limit", asked=13 * M, held=12 * M):
        post(made.id, "advance", 13 * M, "2023-05-01", **on)
    again = post(made.id, "advance", 12 * M, "2023-05-01", **on)
    with refused("advance_limit", asked=12 * M, held=0):
        post(made.id, "reversal", None, None, reverses_id=back.id)
    post(made.id, "reversal", None, None, reverses_id=again.id)
    post(made.id, "reversal", None, None, reverses_id=back.id)
    post(made.id, "reversal", None, None, reverses_id=first.id)
    view = contracts.get(actor(), signed.id)
    assert (view.advanced, view.paid, view.net_advances, view.disbursed) == (0, 0, 0, 0)
    assert whole()


def test_a_contracts_value_with_amendments_holds_over_all_years_and_sources(world: World) -> None:
    of = work()
    signed = contract(of.id, 100 * M)
    stands = [work_line(of), work_line(of, source="provincial"), work_line(of, year=2024)]
    on: dict[str, Any] = {"contract_id": signed.id}
    for made, amount in zip(stands, (40 * M, 30 * M, 25 * M), strict=True):
        post(made.id, "pay", amount, f"{made.year}-03-01", **on)
    for made in stands:
        with refused("contract_value", asked=6 * M, held=5 * M):
            post(made.id, "pay", 6 * M, f"{made.year}-03-02", **on)
    more = (Amendment(20 * M, date(2023, 6, 1)),)
    view = contracts.update(actor(), signed.id, signed.version, {"amendments": more})
    assert (view.value, view.value_with_amendments, view.advance_ceiling) == (100 * M, 120 * M, 36 * M)
    post(stands[1].id, "pay", 25 * M, "2023-06-02", **on)
    with refused("contract_value", asked=1, held=0):
        post(stands[2].id, "advance", 1, "2024-06-02", **on)
    assert contracts.get(actor(), signed.id).disbursed == 120 * M
    assert whole()


def test_an_amendment_never_takes_back_what_is_disbursed_or_advanced(world: World) -> None:
    of = work()
    made, signed = work_line(of), contract(of.id, 100 * M)
    post(made.id, "advance", 30 * M, "2023-03-01", contract_id=signed.id)
    post(made.id, "pay", 50 * M, "2023-04-01", contract_id=signed.id)

    def amended(by: int) -> contracts.ContractView:
        change = {"amendments": (Amendment(by, date(2023, 5, 1)),)}
        return contracts.update(actor(), signed.id, signed.version, change)

    with refused("contract_value", asked=80 * M - 1, held=80 * M):
        amended(-20 * M - 1)
    with refused("advance_limit", asked=30 * M - 1, held=30 * M):
        amended(-1)
    assert amended(1).value_with_amendments == 100 * M + 1


def test_money_is_refunded_and_recovered_on_the_contract_that_received_it(world: World) -> None:
    of = work()
    made, one, two = work_line(of), contract(of.id, 100 * M), contract(of.id, 100 * M)
    post(made.id, "advance", 20 * M, "2023-03-01", contract_id=one.id)
    post(made.id, "pay", 5 * M, "2023-03-01", contract_id=one.id)
    with refused("contract_advanced", asked=20 * M, held=0):
        post(made.id, "recover", 20 * M, "2023-04-01", contract_id=two.id)
    with refused("contract_paid", asked=5 * M, held=0):
        post(made.id, "refund", 5 * M, "2023-04-01", contract_id=two.id)


def test_a_work_never_disburses_more_than_its_approved_total(world: World) -> None:
    of = work(total_investment=100 * M)
    one, two = work_line(of), work_line(of, year=2024)
    none: dict[str, Any] = {"no_contract_reason": "Chi phí quản lý"}
    post(one.id, "pay", 70 * M, "2023-03-01", **none)
    with refused("work_total", asked=31 * M, held=30 * M):
        post(two.id, "advance", 31 * M, "2024-03-01", **none)
    last = post(two.id, "advance", 30 * M, "2024-03-01", **none)
    given = post(one.id, "refund", 10 * M, "2023-04-01", **none)
    post(one.id, "pay", 10 * M, "2023-05-01", **none)
    with refused("work_total", asked=10 * M, held=0):
        post(one.id, "reversal", None, None, reverses_id=given.id)
    with refused("work_total", asked=100 * M - 1, held=100 * M):
        works.update(actor(), of.id, of.version, {"total_investment": 100 * M - 1})
    post(two.id, "reversal", None, None, reverses_id=last.id)
    assert works.get(actor(), of.id).disbursed == 70 * M
    assert whole()


def test_carrying_an_advance_over_leaves_the_contract_and_the_work_as_they_are(world: World) -> None:
    of = work(total_investment=50 * M)
    made, signed = work_line(of), contract(of.id, 50 * M, advance_limit=10_000, advance_permit="12/QĐ-UBND")
    new = line(work_id=of.id, year=2024, origin_year=2023, **DTTS)
    on: dict[str, Any] = {"contract_id": signed.id}
    post(made.id, "advance", 50 * M, "2023-03-01", **on)
    before = state("contract_balances", "work_balances")
    carried = post(
        made.id, "carry_over", 50 * M, "2024-01-31", from_pocket="advanced", to_budget_line_id=new.id
    )
    assert state("contract_balances", "work_balances") == before
    post(made.id, "reversal", None, None, reverses_id=carried.id)
    assert state("contract_balances", "work_balances") == before
    post(made.id, "carry_over", 50 * M, "2024-01-31", from_pocket="advanced", to_budget_line_id=new.id)
    post(new.id, "recover", 50 * M, "2024-06-01", **on)
    view = contracts.get(actor(), signed.id)
    assert (view.advanced, view.paid, view.net_advances) == (0, 50 * M, 50 * M)
    assert whole()


def test_a_proposal_is_held_to_the_contract_again_when_it_is_posted(world: World) -> None:
    of = work()
    made, signed = work_line(of), contract(of.id, 100 * M)
    asked, _ = posting.record(
        actor("officer"), entry(made.id, "pay", 80 * M, "2023-03-01", contract_id=signed.id)
    )
    post(made.id, "pay", 30 * M, "2023-03-01", contract_id=signed.id)
    with refused("contract_value", asked=80 * M, held=70 * M):
        proposals.post(actor("leader"), asked.id)


def test_the_database_refuses_what_would_break_a_contract_or_a_work(world: World) -> None:
    of = work(total_investment=100 * M)
    signed = contract(of.id, 50 * M)
    for statement in (
        "UPDATE contract_balances SET paid = value + 1", "UPDATE contract_balances SET advanced = -1",
        "UPDATE contract_balances SET net_advances = advance_ceiling + 1",
        "UPDATE work_balances SET disbursed = total_investment + 1", "UPDATE work_balances SET disbursed = -1",
        "UPDATE work_balances SET contracted = total_investment + 1",
    ):  # fmt: skip
        with pytest.raises(sa.exc.IntegrityError):
            execute(statement)
    assert contracts.get(actor(), signed.id) == signed
