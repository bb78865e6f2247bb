"""Payment dossiers: within what is accepted and may be advanced, sent whole, paid by an entry of the same amount."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from app.domain.ledger import posting, proposals
from app.domain.ledger.lines import LineView
from app.domain.works import (
    acceptances,
    contracts,
    payment_dossier_editing,
    payment_dossier_moves,
    payment_dossiers,
)
from app.domain.works.acceptances import AcceptanceView, NewAcceptance
from app.domain.works.contracts import ContractView
from app.domain.works.payment_dossier_editing import NewDossier
from app.domain.works.payment_dossiers import DossierView
from app.errors import Conflict, IdTaken, Invalid, NotFound, RuleBroken, Stale
from tests.domain.test_concurrency import at_once, outcomes
from tests.support.book import fails, freeze, refused, whole
from tests.support.papers import document
from tests.support.world import MILLION, VOUCHER, World, actor, contract, entry, line, post, work

M = MILLION
DTTS: dict[str, Any] = {"project_code": "DTTS.4.1", "capital_kind": "investment"}
DAY = date(2023, 3, 1)


def funded(signed: ContractView, **key: Any) -> LineView:
    made = line(work_id=signed.work_id, **(DTTS | key))
    post(made.id, "allocate", 900 * M, "2023-01-05")
    return made


def accept(signed: ContractView, value: int) -> AcceptanceView:
    return acceptances.create(actor(), NewAcceptance(uuid.uuid4(), signed.id, DAY, value))[0]


def ask(signed: ContractView, amount: int, on: AcceptanceView | None = None, **more: Any) -> NewDossier:
    kind = "advance" if on is None else "payment"
    new = NewDossier(uuid.uuid4(), signed.id, kind, amount, acceptance_id=on.id if on else None)
    return replace(new, **more)


def prepare(signed: ContractView, amount: int, on: AcceptanceView | None = None, **more: Any) -> DossierView:
    return payment_dossier_editing.create(actor(), ask(signed, amount, on, **more))[0]


def papers(made: DossierView, *kinds: str) -> None:
    for kind in kinds or ("payment_request", "invoice", "volume_acceptance"):
        document(subject=("payment_dossier", made.id), kind=kind, content=None, id=uuid.uuid4(), number=kind)


def sent(made: DossierView) -> DossierView:
    papers(made)
    return payment_dossier_moves.submit(actor(), made.id, date(2023, 3, 5))


def test_dossiers_are_numbered_in_turn_and_prepared_once(world: World) -> None:
    signed = contract(work().id)
    on = accept(signed, 100 * M)
    new = ask(signed, 60 * M, on)
    made, created = payment_dossier_editing.create(actor("officer"), new)
    assert (made.round, made.state, created) == (1, "prepared", True)
    assert payment_dossier_editing.create(actor("officer"), new) == (made, False)
    with fails(IdTaken):
        payment_dossier_editing.create(actor(), replace(new, amount=1))
    assert prepare(signed, 40 * M, on).round == 2
    assert contracts.get(actor(), signed.id).asked == 100 * M
    assert whole()


def test_payments_are_asked_within_the_accepted_volume(world: World) -> None:
    signed = contract(work().id)
    on = accept(signed, 100 * M)
    first = prepare(signed, 60 * M, on)
    with refused("dossier_value", asked=40 * M + 1, held=40 * M):
        prepare(signed, 40 * M + 1, on)
    with refused("dossier_value", asked=100 * M + 1, held=100 * M):
        payment_dossier_editing.update(actor(), first.id, 1, {"amount": 100 * M + 1})
    changed = payment_dossier_editing.update(actor(), first.id, 1, {"amount": 100 * M, "note": "cả đợt"})
    assert (changed.amount, changed.version) == (100 * M, 2)
    with refused("dossier_value", asked=1, held=0):
        prepare(signed, 1, on)
    assert payment_dossier_editing.delete(actor(), first.id).asked == 0
    prepare(signed, 100 * M, on)
    assert whole()


def test_what_a_dossier_asks_bounds_the_acceptances(world: World) -> None:
    signed = contract(work().id)
    on = accept(signed, 100 * M)
    last = accept(signed, 50 * M)
    prepare(signed, 120 * M, on)
    with refused("dossier_value", asked=100 * M, held=120 * M):
        acceptances.delete(actor(), last.id)
    with refused("dossier_value", asked=119 * M, held=120 * M):
        acceptances.update(actor(), last.id, 1, {"value": 19 * M})
    acceptances.update(actor(), last.id, 1, {"value": 20 * M})


def test_advances_are_asked_within_their_ceiling(world: World) -> None:
    signed = contract(work().id, 100 * M)  # 30 %
    prepare(signed, 20 * M)
    with refused("advance_limit", asked=10 * M + 1, held=10 * M):
        prepare(signed, 10 * M + 1)
    second = prepare(signed, 5 * M)
    with refused("advance_limit", asked=11 * M, held=10 * M):
        payment_dossier_editing.update(actor(), second.id, 1, {"amount": 11 * M})
    payment_dossier_editing.update(actor(), second.id, 1, {"amount": 10 * M})


def test_an_advance_that_came_back_may_be_asked_again(world: World) -> None:
    signed = contract(work().id, 100 * M)
    made = funded(signed)
    dossier = prepare(signed, 30 * M)
    papers(dossier, "payment_request", "performance_guarantee")
    payment_dossier_moves.submit(actor(), dossier.id, date(2023, 3, 1))
    paid = post(made.id, "advance", 30 * M, "2023-03-02", contract_id=signed.id)
    payment_dossier_moves.pay(actor(), dossier.id, paid.id)
    with refused("advance_limit", asked=1, held=0):
        prepare(signed, 1)
    post(made.id, "refund", 12 * M, "2023-03-03", from_pocket="advanced", contract_id=signed.id)
    with refused("advance_limit", asked=12 * M + 1, held=12 * M):
        prepare(signed, 12 * M + 1)
    prepare(signed, 12 * M)


def test_no_more_is_recovered_than_was_advanced(world: World) -> None:
    signed = contract(work().id, 100 * M)
    made, on = funded(signed), accept(signed, 60 * M)
    with refused("contract_advanced", asked=1, held=0):
        prepare(signed, 0, on, recovered=1)
    post(made.id, "advance", 20 * M, "2023-03-02", contract_id=signed.id)
    prepare(signed, 10 * M, on, recovered=15 * M)
    with refused("contract_advanced", asked=6 * M, held=5 * M):
        prepare(signed, 0, on, recovered=6 * M)
    assert prepare(signed, 0, on, recovered=5 * M).entry_kind == "recover"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "other"}, "kind"),
        ({"amount": 0}, "amount"),
        ({"amount": -1}, "amount"),
        ({"recovered": -1}, "recovered"),
        ({"acceptance_id": None}, "acceptance_id"),
        ({"kind": "advance"}, "acceptance_id"),
        ({"kind": "advance", "acceptance_id": None, "recovered": 1}, "recovered"),
        ({"kind": "advance", "acceptance_id": None, "amount": 0, "recovered": 1}, "amount"),
    ],
)
def test_what_is_no_dossier_is_named(world: World, values: dict[str, Any], field: str) -> None:
    signed = contract(work().id)
    on = accept(signed, 100 * M)
    wrong = replace(ask(signed, 10 * M, on), **values)
    with fails(Invalid, field):
        payment_dossier_editing.create(actor(), wrong)


def test_an_acceptance_of_another_contract_is_none_of_this_one(world: World) -> None:
    signed, other = contract(work().id), contract(work().id)
    accept(signed, 10 * M)
    theirs = accept(other, 10 * M)
    with fails(NotFound, "acceptance_id"):
        prepare(signed, M, theirs)


def test_what_it_lacks_is_named_and_keeps_it_from_being_sent(world: World) -> None:
    signed = contract(work().id)
    on = accept(signed, 100 * M)
    made = prepare(signed, 60 * M, on)
    assert [m.kind for m in made.missing] == ["payment_request", "invoice", "volume_acceptance"]
    papers(made, "payment_request")
    document(subject=("acceptance", on.id), kind="volume_acceptance", content=None, id=uuid.uuid4())
    with refused("dossier_missing", names="Hóa đơn"):
        payment_dossier_moves.submit(actor(), made.id)
    with pytest.raises(RuleBroken) as caught:
        payment_dossier_moves.submit(actor(), made.id)
    assert caught.value.listed == {"missing": [{"kind": "invoice", "name": "Hóa đơn"}]}
    papers(made, "invoice")
    done = payment_dossier_moves.submit(actor(), made.id, date(2023, 3, 2))
    assert (done.state, done.submitted_on, done.missing) == ("submitted", date(2023, 3, 2), ())
    assert payment_dossier_moves.submit(actor(), made.id) == done


def test_an_advance_needs_the_guarantee_of_its_contract(world: World) -> None:
    signed = contract(work().id)
    made = prepare(signed, 10 * M)
    papers(made, "payment_request")
    with refused("dossier_missing", names="Bảo lãnh thực hiện hợp đồng"):
        payment_dossier_moves.submit(actor(), made.id)
    document(subject=("contract", signed.id), kind="performance_guarantee", content=None)
    assert payment_dossier_moves.submit(actor(), made.id).state == "submitted"


def test_days_of_sending_are_in_order(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    signed = contract(work().id)
    made = prepare(signed, M, accept(signed, 10 * M))
    papers(made)
    freeze(monkeypatch, date(2023, 3, 10))
    for on in (date(2023, 2, 28), date(2023, 3, 11)):
        with fails(Invalid, "submitted_on"):
            payment_dossier_moves.submit(actor(), made.id, on)
    assert payment_dossier_moves.submit(actor(), made.id).submitted_on == date(2023, 3, 10)


def test_what_is_sent_is_returned_with_a_reason_mended_and_sent_again(world: World) -> None:
    signed = contract(work().id)
    made = prepare(signed, M, accept(signed, 10 * M))
    with refused("dossier_state", held="prepared"):
        payment_dossier_moves.send_back(actor(), made.id, "x")
    sent(made)
    for call in (
        lambda: payment_dossier_editing.update(actor(), made.id, 2, {"amount": 2}),
        lambda: payment_dossier_editing.delete(actor(), made.id),
    ):
        with refused("dossier_state", held="submitted"):
            call()
    with fails(Invalid, "reason"):
        payment_dossier_moves.send_back(actor(), made.id, "  ")
    back = payment_dossier_moves.send_back(actor(), made.id, "Thiếu chữ ký")
    assert (back.state, back.returned_reason) == ("returned", "Thiếu chữ ký")
    assert payment_dossier_moves.send_back(actor(), made.id, "Thiếu chữ ký") == back
    with fails(Stale):
        payment_dossier_editing.update(actor(), made.id, 1, {"amount": 2})
    payment_dossier_editing.update(actor(), made.id, back.version, {"amount": 2 * M})
    assert payment_dossier_moves.submit(actor(), made.id).state == "submitted"


def test_it_is_paid_by_a_posted_entry_of_the_same_contract_and_amount(world: World) -> None:
    signed = contract(work().id)
    other = contract(signed.work_id, MILLION)
    own, on = funded(signed), accept(signed, 100 * M)
    made = sent(prepare(signed, 60 * M, on))
    wrong = post(own.id, "pay", 59 * M, "2023-03-06", contract_id=signed.id)
    elsewhere = post(own.id, "pay", MILLION, "2023-03-06", contract_id=other.id)
    with refused("dossier_entry", asked=60 * M, held=59 * M):
        payment_dossier_moves.pay(actor(), made.id, wrong.id)
    for entry_id in (elsewhere.id, uuid.uuid4()):
        with fails(NotFound, "entry_id"):
            payment_dossier_moves.pay(actor(), made.id, entry_id)
    advance = post(own.id, "advance", 60 * M, "2023-03-06", contract_id=signed.id)
    with refused("dossier_entry", asked=60 * M, held=60 * M):
        payment_dossier_moves.pay(actor(), made.id, advance.id)
    waiting, _ = posting.record(
        actor("officer"), entry(own.id, "pay", 60 * M, "2023-03-07", contract_id=signed.id)
    )
    assert payment_dossiers.fitting(actor(), made.id) == []
    with fails(NotFound, "entry_id"):
        payment_dossier_moves.pay(actor(), made.id, waiting.id)
    proposals.post(actor("leader"), waiting.id)
    assert [v.entry_id for v in payment_dossiers.fitting(actor(), made.id)] == [waiting.id]
    paid = payment_dossier_moves.pay(actor(), made.id, waiting.id)
    assert (paid.state, paid.entry_id, paid.settled) == ("paid", waiting.id, True)
    assert payment_dossier_moves.pay(actor(), made.id, waiting.id) == paid
    assert whole()


def test_one_that_is_not_sent_is_not_paid(world: World) -> None:
    signed = contract(work().id)
    made = prepare(signed, M, accept(signed, 10 * M))
    paid = post(funded(signed).id, "pay", M, "2023-03-06", contract_id=signed.id)
    with refused("dossier_state", held="prepared"):
        payment_dossier_moves.pay(actor(), made.id, paid.id)


def test_one_voucher_that_recovers_and_pays_from_two_lines_pays_one_dossier(world: World) -> None:
    signed = contract(work().id)
    one, two = funded(signed), funded(signed, source="provincial")
    post(one.id, "advance", 20 * M, "2023-03-02", contract_id=signed.id)
    made = sent(prepare(signed, 50 * M, accept(signed, 100 * M), recovered=20 * M))
    assert made.entry_kind == "recover_pay"
    on: dict[str, Any] = {"contract_id": signed.id, "document": VOUCHER}
    parts = [
        entry(one.id, "recover", 20 * M, "2023-03-06", **on),
        entry(one.id, "pay", 40 * M, "2023-03-06", **on),
        entry(two.id, "pay", 10 * M, "2023-03-06", **on),
    ]
    posting.record_all(actor(), parts)
    assert payment_dossier_moves.pay(actor(), made.id, parts[1].id).state == "paid"
    post(two.id, "reversal", None, None, reverses_id=parts[2].id)
    now = payment_dossiers.get(actor(), made.id)[1]
    assert (now.reversed, now.settled, now.payable) == (True, False, True)


def test_an_entry_pays_one_dossier_and_none_once_it_is_reversed(world: World) -> None:
    signed = contract(work().id)
    own, on = funded(signed), accept(signed, 100 * M)
    first, second = sent(prepare(signed, 10 * M, on)), sent(prepare(signed, 10 * M, on))
    paid = post(own.id, "pay", 10 * M, "2023-03-06", contract_id=signed.id)
    payment_dossier_moves.pay(actor(), first.id, paid.id)
    with fails(Conflict):
        payment_dossier_moves.pay(actor(), second.id, paid.id)
    post(own.id, "reversal", None, None, reverses_id=paid.id)
    now = payment_dossiers.get(actor(), first.id)[1]
    assert (now.reversed, now.settled, now.payable) == (True, False, True)
    with refused("entry_reversed", number=VOUCHER.number):
        payment_dossier_moves.pay(actor(), second.id, paid.id)
    again = post(own.id, "pay", 10 * M, "2023-03-07", contract_id=signed.id)
    assert payment_dossier_moves.pay(actor(), first.id, again.id).settled


def test_one_whose_entry_was_reversed_is_returned_to_be_mended(world: World) -> None:
    signed = contract(work().id)
    own, made = funded(signed), sent(prepare(signed, 10 * M, accept(signed, 100 * M)))
    paid = post(own.id, "pay", 10 * M, "2023-03-06", contract_id=signed.id)
    payment_dossier_moves.pay(actor(), made.id, paid.id)
    with refused("dossier_state", held="paid"):
        payment_dossier_moves.send_back(actor(), made.id, "sai số tiền")
    post(own.id, "reversal", None, None, reverses_id=paid.id)
    back = payment_dossier_moves.send_back(actor(), made.id, "sai số tiền")
    assert (back.state, back.entry_id, back.reversed) == ("returned", None, False)
    mended = payment_dossier_editing.update(actor(), made.id, back.version, {"amount": 9 * M})
    payment_dossier_moves.submit(actor(), mended.id, date(2023, 3, 7))
    again = post(own.id, "pay", 9 * M, "2023-03-08", contract_id=signed.id)
    assert payment_dossier_moves.pay(actor(), made.id, again.id).settled
    assert whole()


def test_another_units_dossiers_are_not_there(world: World) -> None:
    signed, other = contract(work().id), contract(work().id)
    on = accept(signed, 100 * M)
    made = prepare(signed, M, on)
    stranger = actor(unit="00001@legacy")
    for call in (
        lambda: payment_dossier_editing.create(stranger, ask(signed, M, on)),
        lambda: payment_dossier_editing.update(stranger, made.id, 1, {"amount": 2}),
        lambda: payment_dossier_editing.delete(stranger, made.id),
        lambda: payment_dossier_moves.submit(stranger, made.id),
        lambda: payment_dossier_moves.send_back(stranger, made.id, "x"),
        lambda: payment_dossier_moves.pay(stranger, made.id, made.id),
        lambda: payment_dossiers.get(stranger, made.id),
        lambda: payment_dossiers.dossiers(stranger, signed.id),
        lambda: payment_dossiers.of_work(stranger, signed.work_id),
        lambda: payment_dossiers.fitting(stranger, made.id),
        lambda: payment_dossiers.get(actor(), made.id, contract_id=other.id),
        lambda: payment_dossier_editing.delete(actor(), made.id, work_id=other.work_id),
        lambda: payment_dossier_moves.submit(actor(), made.id, contract_id=other.id),
    ):
        with fails(NotFound):
            call()


def test_two_writers_at_once_ask_no_more_than_is_accepted_or_may_be_advanced(world: World) -> None:
    signed = contract(work().id, 100 * M)
    on = accept(signed, 50 * M)
    asks = [ask(signed, 10 * M, on) for _ in range(7)] + [ask(signed, 10 * M) for _ in range(5)]
    results = at_once([partial(payment_dossier_editing.create, actor(), a) for a in asks])
    assert outcomes(results) == {"tuple": 5 + 3, "dossier_value": 2, "advance_limit": 2}
    found = payment_dossiers.dossiers(actor(), signed.id)
    assert [d.round for d in found] == list(range(1, 9))
    assert contracts.get(actor(), signed.id).asked == 50 * M
    assert whole()


def test_recovery_is_due_when_the_accepted_volume_reaches_the_rules_share(world: World) -> None:
    signed = contract(work().id, 100 * M)
    assert signed.recovery_threshold == 80 * M
    post(funded(signed).id, "advance", 20 * M, "2023-03-02", contract_id=signed.id)
    accept(signed, 80 * M - 1)
    assert contracts.get(actor(), signed.id).recovery_due == 0
    accept(signed, 1)
    assert contracts.get(actor(), signed.id).recovery_due == 20 * M
    unknown = contract(work().id, signed_on=date(2019, 1, 1), advance_limit=3_000)
    assert (unknown.recovered_at, unknown.recovery_threshold, unknown.recovery_due) == (None, None, 0)
