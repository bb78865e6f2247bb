"""Settlement of a work: proposed, decided within the approved total; nothing is disbursed past it afterwards."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain import works
from app.domain.ledger import posting, proposals
from app.domain.ledger.lines import LineView
from app.domain.works import (
    WorkView,
    acceptances,
    contracts,
    payment_dossier_editing,
    progress_editing,
    settlement,
)
from app.domain.works.progress_editing import NewReport
from app.domain.works.settlement import Decision, NewSettlement
from app.errors import Conflict, Forbidden, IdTaken, Invalid, NotFound, RuleBroken, Stale
from tests.domain.test_concurrency import at_once, outcomes
from tests.support.book import execute, fails, freeze, refused, whole
from tests.support.world import MILLION, World, actor, contract, entry, line, post, work

M = MILLION
DTTS: dict[str, Any] = {"project_code": "DTTS.4.1", "capital_kind": "investment"}
NONE: dict[str, Any] = {"no_contract_reason": "Chi phí quản lý"}
DECIDED = Decision(400 * M, date(2023, 7, 25), "46/QĐ-UBND", "UBND xã Sông Trà")


def ask(of: WorkView, value: int = 402 * M, **more: Any) -> NewSettlement:
    return replace(NewSettlement(uuid.uuid4(), of.id, date(2023, 6, 28), value), **more)


def paid(of: WorkView, amount: int) -> LineView:
    made = line(work_id=of.id, **DTTS)
    post(made.id, "allocate", 900 * M, "2023-01-05")
    post(made.id, "pay", amount, "2023-03-01", **NONE)
    return made


def test_a_settlement_is_proposed_once_and_changed_until_it_is_decided(world: World) -> None:
    of = work()
    paid(of, 395 * M)
    new = ask(of)
    made, created = settlement.propose(actor("officer"), new)
    assert (created, made.value, made.disbursed, made.to_pay, made.to_recover) == (
        True, 402 * M, 395 * M, 7 * M, 0,
    )  # fmt: skip
    assert settlement.propose(actor("officer"), new) == (made, False)
    with fails(IdTaken):
        settlement.propose(actor(), replace(new, proposed_value=1))
    with fails(Conflict):
        settlement.propose(actor(), ask(of))
    changed = settlement.update(actor("officer"), of.id, 1, {"proposed_value": 401 * M, "note": "soát lại"})
    assert (changed.proposed_value, changed.version) == (401 * M, 2)
    with fails(Stale):
        settlement.update(actor(), of.id, 1, {"proposed_value": 1})
    with refused("settlement_state", held="proposed"):
        settlement.update(actor(), of.id, 2, {"settled_value": 1})
    assert whole()


def test_a_decision_is_written_down_once_and_mended_by_who_may_decide(world: World) -> None:
    of = work()
    with fails(NotFound):
        settlement.decide(actor("leader"), of.id, DECIDED)
    settlement.propose(actor("officer"), ask(of))
    decided = settlement.decide(actor("leader"), of.id, DECIDED)
    assert (decided.decided, decided.value, works.get(actor(), of.id).settled_value) == (
        True,
        400 * M,
        400 * M,
    )
    assert settlement.decide(actor("leader"), of.id, DECIDED) == decided
    with fails(Conflict):
        settlement.decide(actor("leader"), of.id, replace(DECIDED, settled_value=1))
    with refused("settlement_state", held="decided"):
        settlement.update(actor(), of.id, 2, {"proposed_value": 1})
    with fails(Forbidden):
        settlement.update(actor("officer"), of.id, 2, {"settled_value": 1})
    mended = settlement.update(actor("leader"), of.id, 2, {"settled_value": 399 * M})
    assert (mended.settled_value, works.get(actor(), of.id).settled_value) == (399 * M, 399 * M)
    assert whole()


def test_nothing_is_settled_past_the_approved_total(world: World) -> None:
    of = work(total_investment=420 * M)
    with refused("settlement_total", asked=420 * M + 1, held=420 * M):
        settlement.propose(actor(), ask(of, 420 * M + 1))
    settlement.propose(actor(), ask(of, 400 * M))
    with refused("settlement_total", asked=420 * M + 1, held=420 * M):
        settlement.update(actor(), of.id, 1, {"proposed_value": 420 * M + 1})
    with refused("settlement_total", asked=420 * M + 1, held=420 * M):
        settlement.decide(actor(), of.id, replace(DECIDED, settled_value=420 * M + 1))
    settlement.decide(actor(), of.id, replace(DECIDED, settled_value=420 * M))
    now = works.get(actor(), of.id)
    with refused("work_total", asked=420 * M - 1, held=420 * M):
        works.update(actor(), of.id, now.version, {"total_investment": 420 * M - 1})
    unbound = work(total_investment=None)
    settlement.propose(actor(), ask(unbound, 900 * M))


def test_from_the_decision_on_nothing_is_disbursed_past_it(world: World) -> None:
    of = work()
    made = paid(of, 395 * M)
    signed = contract(of.id)
    settlement.propose(actor(), ask(of))
    settlement.decide(actor(), of.id, DECIDED)
    for kind, on in (("pay", NONE), ("advance", {"contract_id": signed.id})):
        with refused("work_settled", asked=5 * M + 1, held=5 * M):
            post(made.id, kind, 5 * M + 1, "2023-08-01", **on)
    post(made.id, "pay", 5 * M, "2023-08-01", **NONE)
    back = post(made.id, "refund", 2 * M, "2023-08-02", **NONE)
    post(made.id, "pay", 2 * M, "2023-08-03", **NONE)
    with refused("work_settled", asked=2 * M, held=0):
        post(made.id, "reversal", None, None, reverses_id=back.id)
    post(made.id, "settle", 400 * M, "2023-08-04")
    assert whole()


def test_a_value_below_what_is_disbursed_tells_what_is_to_be_recovered(world: World) -> None:
    of = work()
    made = paid(of, 410 * M)
    settlement.propose(actor(), ask(of))
    decided = settlement.decide(actor(), of.id, DECIDED)
    assert (decided.to_pay, decided.to_recover) == (0, 10 * M)
    assert "overpaid" in {m.rule for m in settled_missing(of)}
    with refused("work_settled", asked=1, held=0):
        post(made.id, "pay", 1, "2023-08-01", **NONE)
    post(made.id, "refund", 10 * M, "2023-08-02", **NONE)
    assert settlement.get(actor(), of.id).to_recover == 0
    assert settled_missing(of) == ()


def settled_missing(of: WorkView) -> tuple[Any, ...]:
    """What bars the settled stage of a work that has come to hand over."""
    execute("UPDATE works SET stage = 'handed_over', procedure = NULL")
    return works.get(actor(), of.id).missing


def test_a_proposal_of_the_book_is_held_to_the_settlement_again_when_it_is_posted(world: World) -> None:
    of = work()
    made = paid(of, 395 * M)
    waiting, _ = posting.record(actor("officer"), entry(made.id, "pay", 10 * M, "2023-08-01", **NONE))
    settlement.propose(actor(), ask(of))
    settlement.decide(actor(), of.id, DECIDED)
    with refused("work_settled", asked=10 * M, held=5 * M):
        proposals.post(actor("leader"), waiting.id)


def test_a_decision_and_payments_at_once_never_leave_more_paid_than_was_let(world: World) -> None:
    of = work()
    made = paid(of, 380 * M)
    settlement.propose(actor(), ask(of))
    who = actor()
    asks = [entry(made.id, "pay", 10 * M, "2023-08-01", **NONE) for _ in range(6)]
    tasks = [partial(posting.record, who, a) for a in asks]
    results = at_once([*tasks[:3], lambda: settlement.decide(who, of.id, DECIDED), *tasks[3:]])
    told = outcomes(results)
    assert told["SettlementView"] == 1
    now = works.get(actor(), of.id)
    # Those that came before the decision were free; none came past it afterwards.
    assert told["tuple"] + told["work_settled"] == 6
    with pytest.raises(RuleBroken):
        post(made.id, "pay", max(400 * M - now.disbursed, 0) + 1, "2023-08-02", **NONE)
    assert whole()


def test_days_are_in_order_and_a_decision_is_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    of = work()
    freeze(monkeypatch, date(2023, 7, 31))
    with fails(Invalid, "submitted_on"):
        settlement.propose(actor(), ask(of, submitted_on=date(2023, 8, 1)))
    for value in (0, -1):
        with fails(Invalid, "proposed_value"):
            settlement.propose(actor(), ask(of, value))
    settlement.propose(actor(), ask(of))
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"decided_on": date(2023, 8, 1)}, "decided_on"),
        ({"decided_on": date(2023, 6, 27)}, "decided_on"),
        ({"settled_value": 0}, "settled_value"),
        ({"decision_number": " "}, "decision_number"),
        ({"decision_issuer": ""}, "decision_issuer"),
    ]
    for values, field in wrong:
        with fails(Invalid, field):
            settlement.decide(actor(), of.id, replace(DECIDED, **values))


def test_a_closed_works_settlement_stays(world: World) -> None:
    of = work()
    settlement.propose(actor(), ask(of))
    decided = settlement.decide(actor(), of.id, DECIDED)
    execute("UPDATE works SET stage = 'settled'")
    with refused("settlement_state", held="settled"):
        settlement.update(actor(), of.id, decided.version, {"settled_value": 1})


def test_the_account_of_a_work_names_each_contracts_difference(world: World) -> None:
    of = work()
    assert settlement.account(actor(), of.id).settlement is None
    with fails(NotFound):
        settlement.get(actor(), of.id)
    signed = contract(of.id, 100 * M)
    made = paid(of, 15 * M)
    post(made.id, "pay", 60 * M, "2023-03-02", contract_id=signed.id)
    found = settlement.account(actor(), of.id)
    assert [(c.accepted, c.paid, c.difference) for c in found.contracts] == [(0, 60 * M, -60 * M)]
    assert found.work.disbursed == 75 * M


def test_another_units_settlement_is_not_there(world: World) -> None:
    of = work()
    settlement.propose(actor(), ask(of))
    stranger = actor(unit="00001@legacy")
    for call in (
        lambda: settlement.propose(stranger, ask(of)),
        lambda: settlement.update(stranger, of.id, 1, {"note": "x"}),
        lambda: settlement.decide(stranger, of.id, DECIDED),
        lambda: settlement.get(stranger, of.id),
        lambda: settlement.account(stranger, of.id),
    ):
        with fails(NotFound):
            call()


def test_the_database_itself_refuses_a_settlement_past_the_total(world: World) -> None:
    work(total_investment=100 * M)
    for value in (100 * M + 1, 0):
        with pytest.raises(sa.exc.IntegrityError):
            execute("UPDATE work_balances SET settled_value = :value", value=value)


def test_verify_finds_a_settled_value_that_nobody_decided(world: World) -> None:
    work(total_investment=100 * M)
    execute("UPDATE work_balances SET settled_value = 1")
    with pytest.raises(AssertionError, match="quyết toán"):
        whole()


@pytest.mark.parametrize("stage", ["settled", "cancelled"])
def test_below_a_closed_work_nothing_is_written_any_more(world: World, stage: str) -> None:
    of = work()
    signed = contract(of.id)
    new = NewReport(uuid.uuid4(), of.id, date(2023, 4, 1), 30)
    report, _ = progress_editing.create(actor(), new)
    execute("UPDATE works SET stage = :stage", stage=stage)
    accepted = acceptances.NewAcceptance(uuid.uuid4(), signed.id, date(2023, 5, 1), M)
    dossier = payment_dossier_editing.NewDossier(uuid.uuid4(), signed.id, "advance", M)
    for write in (
        partial(contract, of.id),
        partial(contracts.update, actor(), signed.id, signed.version, {"contractor": "Đơn vị khác"}),
        partial(acceptances.create, actor(), accepted),
        partial(payment_dossier_editing.create, actor(), dossier),
        partial(
            progress_editing.create, actor(), replace(new, id=uuid.uuid4(), reported_on=date(2023, 5, 1))
        ),
        partial(progress_editing.update, actor(), of.id, report.id, report.version, {"note": "x"}),
    ):
        with refused("work_closed", held=stage):
            write()
    assert progress_editing.create(actor(), new) == (report, False)  # sent again, it stands already
