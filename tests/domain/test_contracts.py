"""Contracts: within the approved total; the ceiling of advances by law or by permit; amendments stay."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.domain import works
from app.domain.ledger.entries import hash_body
from app.domain.works import acceptances, contracts
from app.domain.works.acceptances import NewAcceptance
from app.domain.works.contracts import Amendment, NewContract
from app.errors import Conflict, IdTaken, Invalid, NotFound, Stale
from tests.support.book import fails, freeze, refused, whole
from tests.support.world import MILLION, World, actor, contract, work

SIGNED = date(2023, 2, 1)


def asked(work_id: uuid.UUID, **values: Any) -> NewContract:
    return replace(NewContract(uuid.uuid4(), work_id, "HĐ-01", "Tổ thợ", 60 * MILLION, SIGNED), **values)


def test_sent_twice_a_contract_is_signed_once(world: World) -> None:
    of = work()
    ask = asked(of.id)
    made, created = contracts.create(actor(), ask)
    assert (created, made.advance_limit, made.advance_ceiling) == (True, 3_000, 18 * MILLION)
    assert contracts.create(actor(), ask) == (made, False)
    with fails(IdTaken):
        contracts.create(actor(), replace(ask, value=61 * MILLION))
    with fails(Conflict):
        contracts.create(actor(), asked(of.id))
    assert works.get(actor(), of.id).contracted == 60 * MILLION
    assert contracts.contracts(actor(), work_id=of.id) == [made]


def test_contracts_never_exceed_the_approved_total(world: World) -> None:
    of = work(total_investment=100 * MILLION)
    first = contract(of.id, 60 * MILLION)
    with refused("work_total", asked=40 * MILLION + 1, held=40 * MILLION):
        contract(of.id, 40 * MILLION + 1)
    contract(of.id, 30 * MILLION)
    with refused("work_total", asked=10 * MILLION + 1, held=10 * MILLION):
        change = {"amendments": (Amendment(10 * MILLION + 1, date(2023, 5, 1)),)}
        contracts.update(actor(), first.id, 1, change)
    less = contracts.update(
        actor(), first.id, 1, {"amendments": (Amendment(-20 * MILLION, date(2023, 5, 1)),)}
    )
    assert less.value_with_amendments == 40 * MILLION
    contract(of.id, 30 * MILLION)
    assert works.get(actor(), of.id).contracted == 100 * MILLION
    unbound = work(total_investment=None)
    contract(unbound.id, 900 * MILLION)
    with refused("work_total", held=900 * MILLION):
        works.update(actor(), unbound.id, 1, {"total_investment": 1})
    assert whole()


def test_a_higher_advance_needs_the_document_that_permits_it(world: World) -> None:
    of = work()
    with fails(Invalid, "advance_permit"):
        contracts.create(actor(), asked(of.id, advance_limit=3_001))
    with fails(Invalid, "advance_limit"):
        contracts.create(actor(), asked(of.id, advance_limit=10_001, advance_permit="12/QĐ"))
    lower, _ = contracts.create(actor(), asked(of.id, code="HĐ-02", advance_limit=1_000))
    higher, _ = contracts.create(
        actor(), asked(of.id, code="HĐ-03", advance_limit=5_000, advance_permit="12/QĐ-UBND")
    )
    assert (lower.advance_ceiling, higher.advance_ceiling) == (6 * MILLION, 30 * MILLION)
    with fails(Invalid, "advance_permit"):
        contracts.update(actor(), lower.id, 1, {"advance_limit": 4_000})
    with fails(Invalid, "advance_permit"):
        contracts.update(actor(), higher.id, 1, {"advance_permit": ""})
    for limit in (-1, 10_001):
        with fails(Invalid, "advance_limit"):
            contracts.update(actor(), lower.id, 1, {"advance_limit": limit, "advance_permit": "12/QĐ"})
    raised = contracts.update(actor(), lower.id, 1, {"advance_limit": 4_000, "advance_permit": "13/QĐ-UBND"})
    assert raised.advance_ceiling == 24 * MILLION


def test_without_a_parameter_for_the_day_of_signing_the_limit_is_written(world: World) -> None:
    of = work()
    with fails(Invalid, "advance_limit"):
        contracts.create(actor(), asked(of.id, signed_on=date(2019, 1, 1)))
    made, _ = contracts.create(actor(), asked(of.id, signed_on=date(2019, 1, 1), advance_limit=2_000))
    assert made.advance_limit == 2_000


def test_what_was_signed_stays_and_more_is_added_behind(world: World) -> None:
    of = work()
    made = contract(of.id, 60 * MILLION, amendments=(Amendment(5 * MILLION, date(2023, 3, 1)),))
    assert made.value_with_amendments == 65 * MILLION
    one, two = Amendment(5 * MILLION, date(2023, 3, 1)), Amendment(-1, date(2023, 4, 1))
    for wrong in ((), (two,), (two, one), (replace(one, value=6),)):
        with fails(Invalid, "amendments"):
            contracts.update(actor(), made.id, 1, {"amendments": wrong})
    for bad, field in ((Amendment(0, SIGNED), "value"), (Amendment(1, date(2023, 1, 1)), "signed_on")):
        with fails(Invalid, f"amendments.1.{field}"):
            contracts.update(actor(), made.id, 1, {"amendments": (one, bad)})
    assert contracts.update(actor(), made.id, 1, {"amendments": (one, two)}).amendments == (one, two)
    with fails(Stale):
        contracts.update(actor(), made.id, 1, {"amendments": (one, two)})
    with refused("contract_value", asked=0):
        all_of_it = Amendment(-65 * MILLION + 1, date(2023, 5, 1))
        contracts.update(actor(), made.id, 2, {"amendments": (one, two, all_of_it)})


def test_what_is_wrong_with_a_contract_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    of, theirs = work(), work(actor(unit="00001@legacy"), owner_unit_code="00001@legacy")
    made, other = contract(of.id, 1), contract(of.id, 1)
    for work_id in (theirs.id, uuid.uuid4()):
        with fails(NotFound, "work_id"):
            contracts.create(actor(), asked(work_id))
    with fails(NotFound):
        contracts.get(actor(unit="00001@legacy"), made.id)
    with fails(Invalid, "value"):
        contracts.create(actor(), asked(of.id, value=0))
    freeze(monkeypatch, date(2023, 1, 31))
    with fails(Invalid, "signed_on"):
        contracts.create(actor(), asked(of.id))
    with fails(Invalid, "signed_on"):
        contracts.update(actor(), made.id, 1, {"signed_on": SIGNED})
    with fails(Conflict):
        contracts.update(actor(), made.id, 1, {"code": other.code, "signed_on": date(2023, 1, 30)})


FULL: dict[str, Any] = {
    "package": "Gói thầu số 01", "selection": "Chào hàng cạnh tranh", "starts_on": date(2023, 2, 15),
    "ends_on": date(2023, 12, 31), "guarantee": "07/BL", "guarantee_amount": 5 * MILLION,
    "guarantee_until": date(2024, 1, 31),
}  # fmt: skip


def test_a_contract_says_its_package_how_it_was_chosen_its_dates_and_guarantee(world: World) -> None:
    of = work()
    new = asked(of.id, **FULL)
    made, _ = contracts.create(actor(), new)
    assert {name: getattr(made, name) for name in FULL} == FULL
    assert contracts.create(actor(), new) == (made, False)
    for name in FULL:
        other: dict[str, Any] = {name: "" if isinstance(FULL[name], str) else None}
        with fails(IdTaken):
            contracts.create(actor(), replace(new, **other))
    changed = contracts.update(actor(), made.id, 1, {"guarantee_until": None, "package": ""})
    assert (changed.guarantee_until, changed.package, changed.selection) == (None, "", FULL["selection"])
    assert contracts.contracts(actor(), q="goi thau so 01") == []


def test_what_was_sent_before_there_were_packages_hashes_as_it_did(world: World) -> None:
    new = asked(uuid.uuid4())
    first = (
        "id",
        "work_id",
        "code",
        "contractor",
        "value",
        "signed_on",
        "advance_limit",
        "advance_permit",
        "amendments",
    )
    assert new.body_hash() == hash_body(*(getattr(new, name) for name in first))
    assert len({replace(new, **{name: value}).body_hash() for name, value in FULL.items()}) == len(FULL)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends_on": date(2023, 2, 14)}, "ends_on"),
        ({"starts_on": SIGNED - timedelta(days=1)}, "starts_on"),
        ({"guarantee_until": SIGNED - timedelta(days=1)}, "guarantee_until"),
        ({"guarantee_amount": 0}, "guarantee_amount"),
        ({"guarantee_amount": 10**15}, "guarantee_amount"),
    ],
)
def test_dates_and_guarantee_are_in_order(world: World, wrong: dict[str, Any], field: str) -> None:
    of = work()
    with fails(Invalid, field):
        contracts.create(actor(), asked(of.id, **(FULL | wrong)))
    made, _ = contracts.create(actor(), asked(of.id, **FULL))
    with fails(Invalid, field):
        contracts.update(actor(), made.id, 1, wrong)
    late = {"signed_on": date(2024, 2, 1), "starts_on": None, "ends_on": None}
    with fails(Invalid, "guarantee_until"):
        contracts.update(actor(), made.id, 1, late)


def test_a_guarantee_that_runs_out_is_said_while_the_contract_is_unfinished(world: World) -> None:
    of = work()
    made, _ = contracts.create(actor(), asked(of.id, **FULL))  # until 2024-01-31
    told = {
        on: made.guarantee_state(on)
        for on in (date(2024, 1, 1), date(2024, 1, 31), date(2023, 12, 31), date(2024, 2, 1))
    }
    assert list(told.values()) == ["soon", "soon", "", "expired"]
    new = NewAcceptance(uuid.uuid4(), made.id, SIGNED, made.value)
    acceptances.create(actor(), new)
    assert contracts.get(actor(), made.id).guarantee_state(date(2024, 2, 1)) == ""
    bare, _ = contracts.create(actor(), asked(of.id, code="HĐ-02"))
    assert bare.guarantee_state(date(2024, 2, 1)) == ""
