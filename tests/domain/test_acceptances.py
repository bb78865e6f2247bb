"""Acceptance of volume: rounds in order, together within the contract's value; the last one can be taken back."""

from __future__ import annotations

import uuid
from datetime import date
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.documents.attaching import documents_of
from app.domain.works import acceptances, contracts, payment_dossier_editing
from app.domain.works.acceptances import AcceptanceView, NewAcceptance
from app.domain.works.contracts import Amendment
from app.domain.works.payment_dossier_editing import NewDossier
from app.errors import IdTaken, Invalid, NotFound, Stale
from tests.domain.test_concurrency import at_once, outcomes
from tests.support.book import execute, fails, freeze, refused, state, whole
from tests.support.papers import document
from tests.support.world import MILLION, World, actor, contract, work

DAY = date(2023, 3, 1)


def ask(contract_id: uuid.UUID, value: int = 10 * MILLION, on: date = DAY, **more: Any) -> NewAcceptance:
    return NewAcceptance(uuid.uuid4(), contract_id, on, value, **more)


def accept(contract_id: uuid.UUID, value: int = 10 * MILLION, on: date = DAY) -> AcceptanceView:
    return acceptances.create(actor(), ask(contract_id, value, on))[0]


def test_rounds_are_numbered_in_turn_and_recorded_once(world: World) -> None:
    signed = contract(work().id)
    first = ask(signed.id, note="Nền, móng")
    made, created = acceptances.create(actor("officer"), first)
    assert (made.round, created, made.open) == (1, True, True)
    assert acceptances.create(actor("officer"), first) == (made, False)
    with fails(IdTaken):
        acceptances.create(actor(), NewAcceptance(first.id, signed.id, DAY, 1))
    second = accept(signed.id)
    assert [(a.round, a.last) for a in acceptances.acceptances(actor(), signed.id)] == [(1, False), (2, True)]
    assert second.round == 2
    assert contracts.get(actor(), signed.id).accepted == 20 * MILLION
    assert whole()


def test_what_is_accepted_stays_within_the_value_with_amendments(world: World) -> None:
    signed = contract(work().id, 100 * MILLION)
    accept(signed.id, 60 * MILLION)
    with refused("accepted_value", asked=40 * MILLION + 1, held=40 * MILLION):
        accept(signed.id, 40 * MILLION + 1)
    more = (Amendment(1, date(2023, 3, 5)),)
    contracts.update(actor(), signed.id, signed.version, {"amendments": more})
    accept(signed.id, 40 * MILLION + 1)
    with refused("accepted_value", asked=1, held=0):
        accept(signed.id, 1)


def test_an_amendment_never_lowers_a_contract_below_what_is_accepted(world: World) -> None:
    signed = contract(work().id, 100 * MILLION)
    accept(signed.id, 60 * MILLION)

    def amended(by: int) -> int:
        change = {"amendments": (Amendment(by, date(2023, 5, 1)),)}
        return contracts.update(actor(), signed.id, signed.version, change).value_with_amendments

    with refused("accepted_value", asked=60 * MILLION - 1, held=60 * MILLION):
        amended(-40 * MILLION - 1)
    assert amended(-40 * MILLION) == 60 * MILLION


def test_days_are_in_order(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    signed = contract(work().id)  # on 2023-02-01
    freeze(monkeypatch, date(2023, 4, 1))
    for on in (date(2023, 1, 31), date(2023, 4, 2)):
        with fails(Invalid, "accepted_on"):
            accept(signed.id, on=on)
    accept(signed.id, on=date(2023, 3, 10))
    with fails(Invalid, "accepted_on"):
        accept(signed.id, on=date(2023, 3, 9))
    accept(signed.id, on=date(2023, 3, 10))
    for value in (0, -1, 10**15):
        with fails(Invalid, "value"):
            accept(signed.id, value)


def test_a_contract_is_not_signed_after_what_was_accepted_under_it(world: World) -> None:
    signed = contract(work().id)
    accept(signed.id)
    with fails(Invalid, "signed_on"):
        contracts.update(actor(), signed.id, 1, {"signed_on": date(2023, 3, 2)})
    moved = contracts.update(actor(), signed.id, 1, {"signed_on": date(2023, 3, 1)})
    assert moved.signed_on == date(2023, 3, 1)


def test_only_the_last_round_is_changed_or_taken_back(world: World) -> None:
    signed = contract(work().id, 100 * MILLION)
    first, last = accept(signed.id, 60 * MILLION), accept(signed.id, 30 * MILLION)
    for change in (
        lambda: acceptances.update(actor(), first.id, 1, {"value": 1}),
        lambda: acceptances.delete(actor(), first.id),
    ):
        with refused("acceptance_order"):
            change()
    with fails(Invalid, "accepted_on"):
        acceptances.update(actor(), last.id, 1, {"accepted_on": date(2023, 2, 28)})
    with refused("accepted_value", asked=10 * MILLION + 1, held=10 * MILLION):
        acceptances.update(actor(), last.id, 1, {"value": 40 * MILLION + 1})
    changed = acceptances.update(actor(), last.id, 1, {"value": 40 * MILLION, "note": "đủ"})
    assert (changed.value, changed.note, changed.version) == (40 * MILLION, "đủ", 2)
    with fails(Stale):
        acceptances.update(actor(), last.id, 1, {"value": 1})
    assert acceptances.update(actor(), last.id, 2, {}) == changed
    assert acceptances.delete(actor(), last.id).accepted == 60 * MILLION
    with fails(NotFound):
        acceptances.get(actor(), last.id)
    assert accept(signed.id).round == 2
    assert whole()


def test_a_round_that_a_dossier_stands_on_stays_as_it_is(world: World) -> None:
    signed = contract(work().id)
    made = accept(signed.id)
    ask_ = NewDossier(uuid.uuid4(), signed.id, "payment", MILLION, acceptance_id=made.id)
    dossier, _ = payment_dossier_editing.create(actor(), ask_)
    for change in (
        lambda: acceptances.update(actor(), made.id, 1, {"note": "x"}),
        lambda: acceptances.delete(actor(), made.id),
    ):
        with refused("acceptance_used", number=1):
            change()
    assert acceptances.get(actor(), made.id)[1].dossiers == (1,)
    payment_dossier_editing.delete(actor(), dossier.id)
    acceptances.delete(actor(), made.id)


def test_its_papers_stay_in_the_register_when_a_round_is_taken_back(world: World) -> None:
    signed = contract(work().id)
    made = accept(signed.id)
    paper = document(subject=("acceptance", made.id), kind="volume_acceptance")
    assert [d.id for d in documents_of(actor(), "acceptance", made.id)] == [paper.id]
    acceptances.delete(actor(), made.id)
    assert state("attachments")["attachments"] == []
    assert len(state("documents")["documents"]) == 1


def test_another_units_rounds_are_not_there(world: World) -> None:
    signed, other = contract(work().id), contract(work().id)
    made = accept(signed.id)
    stranger = actor(unit="00001@legacy")
    for call in (
        lambda: acceptances.create(stranger, ask(signed.id)),
        lambda: acceptances.update(stranger, made.id, 1, {"value": 1}),
        lambda: acceptances.delete(stranger, made.id),
        lambda: acceptances.get(stranger, made.id),
        lambda: acceptances.acceptances(stranger, signed.id),
        lambda: acceptances.get(actor(), made.id, contract_id=other.id),
        lambda: acceptances.get(actor(), made.id, work_id=other.work_id),
        lambda: acceptances.delete(actor(), made.id, contract_id=other.id),
        lambda: acceptances.create(actor(), ask(signed.id), work_id=other.work_id),
    ):
        with fails(NotFound):
            call()


def test_two_writers_at_once_accept_no_more_than_the_value(world: World) -> None:
    signed = contract(work().id, 50 * MILLION)
    asks = [ask(signed.id) for _ in range(8)]
    results = at_once([partial(acceptances.create, actor(), a) for a in asks])
    assert outcomes(results) == {"tuple": 5, "accepted_value": 3}
    rounds = acceptances.acceptances(actor(), signed.id)
    assert [a.round for a in rounds] == [1, 2, 3, 4, 5]
    assert contracts.get(actor(), signed.id).accepted == 50 * MILLION
    assert whole()


def test_the_database_itself_refuses_what_would_break_a_contract(world: World) -> None:
    signed = contract(work().id)
    accept(signed.id)
    for statement in (
        "UPDATE contract_balances SET accepted = value + 1",
        "UPDATE contract_balances SET asked = accepted + 1",
        "UPDATE contract_balances SET asked = -1",
        "UPDATE acceptances SET value = 0",
    ):
        with pytest.raises(sa.exc.IntegrityError):
            execute(statement)


def test_verify_finds_a_sum_that_is_not_that_of_the_rounds(world: World) -> None:
    signed = contract(work().id)
    accept(signed.id)
    execute("UPDATE contract_balances SET accepted = accepted - 1")
    with pytest.raises(AssertionError, match="nghiệm thu"):
        whole()
