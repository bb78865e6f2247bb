"""Many writers at once, in threads and in processes: no pocket broken, no deadlock, nothing lost or twice."""

from __future__ import annotations

import itertools
import multiprocessing
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from app import db
from app.domain import works
from app.domain.ledger import figures, line_keys, lines, posting, proposals
from app.domain.ledger.pockets import Pockets
from app.domain.works import acceptances, contracts
from app.domain.works.contracts import Amendment
from app.errors import Fault, IdTaken, RuleBroken
from app.models.ledger import ChainLink, LedgerEntry
from tests.support.book import pockets, whole
from tests.support.world import MILLION, World, actor, contract, entry, line, post, work


def at_once(tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all in threads that start together; each one's result, or the fault that it met. Others are raised."""
    ready = threading.Barrier(len(tasks))
    results: list[Any] = [None] * len(tasks)

    def run(number: int) -> None:
        ready.wait()
        try:
            results[number] = tasks[number]()
        except BaseException as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, Fault):
            raise result
    return results


def outcomes(results: Sequence[Any]) -> Counter[str]:
    return Counter(r.rule if isinstance(r, RuleBroken) else type(r).__name__ for r in results)


def moments_grow() -> bool:
    with db.snapshot() as session:
        rows = session.execute(
            sa.select(ChainLink.unit_id, LedgerEntry.recorded_at)
            .join(LedgerEntry, LedgerEntry.id == ChainLink.entry_id)
            .order_by(ChainLink.unit_id, ChainLink.number)
        ).all()
    return all(a[1] < b[1] for a, b in itertools.pairwise(rows) if a[0] == b[0])


def test_exactly_as_many_payments_succeed_as_there_is_money_for(world: World) -> None:
    made = line()
    post(made.id, "allocate", 70, "2023-01-05")
    who = actor()
    results = at_once(
        [lambda: posting.record(who, entry(made.id, "pay", 10, "2023-03-01")) for _ in range(12)]
    )
    assert outcomes(results) == {"tuple": 7, "insufficient": 5}
    assert pockets(made.id) == Pockets(paid=70, allocated=70)
    assert moments_grow()
    assert whole()


def test_one_id_sent_many_times_at_once_is_recorded_once(world: World) -> None:
    made, other = line(), line(project_code="GNBV.3.1")
    who = actor()
    ask = entry(made.id, "allocate", 10, "2023-03-01")
    results = at_once([lambda: posting.record(who, ask) for _ in range(8)])
    assert sorted(created for _, created in results) == [False] * 7 + [True]
    assert len({view for view, _ in results}) == 1
    rival = uuid.uuid4()
    bodies = [entry(x.id, "allocate", 10, "2023-03-01", id=rival) for x in (made, other) * 3]
    results = at_once([partial(posting.record, who, body) for body in bodies])
    assert sum(isinstance(r, IdTaken) for r in results) == 3
    assert sum(isinstance(r, tuple) and r[1] for r in results) == 1
    assert pockets(made.id).allocated + pockets(other.id).allocated == 20
    assert whole()


def test_one_entry_is_reversed_by_one_of_many(world: World) -> None:
    made = line()
    post(made.id, "allocate", 100, "2023-03-01")
    given = post(made.id, "allocate", 10, "2023-03-01")
    who = actor()
    back = [entry(made.id, "reversal", None, None, reverses_id=given.id) for _ in range(6)]
    results = at_once([partial(posting.record, who, body) for body in back])
    assert outcomes(results) == {"tuple": 1, "reversed_already": 5}
    assert whole()


def test_carry_overs_and_batches_that_cross_never_lock_each_other_out(world: World) -> None:
    above = actor(unit="VN@2025")
    units = ("20770@legacy", "20773@legacy", "20776@legacy")
    old = [line(above, unit_code=unit, year=2025) for unit in units]
    new = line(above, unit_code="20770@2025", year=2026, origin_year=2025)
    for made in old:
        post(made.id, "allocate", 100, "2025-01-05", above)

    def carry(made: lines.LineView) -> Callable[[], Any]:
        ask = entry(made.id, "carry_over", 10, "2025-12-31", to_budget_line_id=new.id)
        return lambda: posting.record(above, ask)

    def batch(order: Sequence[lines.LineView]) -> Callable[[], Any]:
        asks = [entry(made.id, "pay", 1, "2025-12-30") for made in order]
        return lambda: posting.record_all(above, asks)

    tasks = [carry(made) for made in old * 2]
    tasks += [batch(order) for order in (old, old[::-1], [old[1], old[0], old[2]])]
    assert outcomes(at_once(tasks)) == {"tuple": 9}
    assert pockets(new.id) == Pockets(60, carried_in=60)
    assert [pockets(made.id) for made in old] == [Pockets(77, paid=3, allocated=100, carried_out=20)] * 3
    assert moments_grow()
    assert whole()


def test_the_first_entries_of_many_units_at_once(world: World) -> None:
    above = actor(unit="VN@2025")
    made = [
        line(above, unit_code=unit, project_code=project)
        for unit in ("20770@legacy", "20773@legacy", "20776@legacy", "512@legacy")
        for project in ("GNBV.2", "NTM.2")
    ]

    def batch(number: int) -> Callable[[], Any]:
        asks = [entry(x.id, "allocate", 1, "2023-03-01") for x in made[number:] + made[:number]]
        return lambda: posting.record_all(above, asks)

    assert outcomes(at_once([batch(i) for i in range(8)])) == {"tuple": 8}
    assert {pockets(x.id).allocated for x in made} == {8}
    assert whole()


def test_a_contract_holds_across_two_lines_at_once_and_while_it_is_amended(world: World) -> None:
    of = work()
    signed = contract(of.id, 50 * MILLION)
    key: dict[str, Any] = {"project_code": "DTTS.4.1", "capital_kind": "investment", "work_id": of.id}
    made = [line(**key), line(source="provincial", **key)]
    for x in made:
        post(x.id, "allocate", 100 * MILLION, "2023-01-05")
    who = actor()

    def pay(number: int) -> Callable[[], Any]:
        ask = entry(made[number % 2].id, "pay", 10 * MILLION, "2023-03-01", contract_id=signed.id)
        return lambda: posting.record(who, ask)

    assert outcomes(at_once([pay(i) for i in range(8)])) == {"tuple": 5, "contract_value": 3}

    def amend() -> Any:
        view = contracts.get(who, signed.id)
        more = (*view.amendments, Amendment(10 * MILLION, date(2023, 4, 1)))
        return contracts.update(who, signed.id, view.version, {"amendments": more, "code": uuid.uuid4().hex})

    def approve() -> Any:
        view = works.get(who, of.id)
        return works.update(
            who, of.id, view.version, {"total_investment": 900 * MILLION, "code": uuid.uuid4().hex}
        )

    def sign() -> Any:
        return contract(of.id, 1 * MILLION)

    results = at_once([amend, approve, sign, *(pay(i) for i in range(4)), amend, approve, sign])
    assert not {"OperationalError", "NoneType"} & outcomes(results).keys()
    view = contracts.get(who, signed.id)
    assert view.disbursed <= view.value_with_amendments
    assert whole()


def test_payments_of_three_years_at_once_stop_at_the_value_with_amendments(world: World) -> None:
    of = work()
    more = (Amendment(10 * MILLION, date(2023, 6, 1)),)
    signed = contract(of.id, 50 * MILLION, amendments=more)
    key: dict[str, Any] = {"project_code": "DTTS.4.1", "capital_kind": "investment", "work_id": of.id}
    made = [line(year=year, **key) for year in (2023, 2024, 2025)]
    for x in made:
        post(x.id, "allocate", 100 * MILLION, f"{x.year}-01-05")
        post(x.id, "pay", 19 * MILLION, f"{x.year}-08-01", contract_id=signed.id)
    who = actor()
    asks = [
        entry(x.id, "pay", MILLION, f"{x.year}-08-02", contract_id=signed.id) for x in made for _ in range(2)
    ]
    assert outcomes(at_once([partial(posting.record, who, ask) for ask in asks])) == {
        "tuple": 3, "contract_value": 3,
    }  # fmt: skip
    with pytest.raises(RuleBroken) as caught:
        post(made[0].id, "pay", 1, "2023-08-03", contract_id=signed.id)
    assert (caught.value.rule, caught.value.facts["held"]) == ("contract_value", 0)
    assert contracts.get(who, signed.id).disbursed == 60 * MILLION
    assert whole()


def test_a_work_is_changed_while_its_contract_is_accepted_amended_and_paid(world: World) -> None:
    of = work()
    signed = contract(of.id, 100 * MILLION)
    made = line(project_code="DTTS.4.1", capital_kind="investment", work_id=of.id)
    post(made.id, "allocate", 100 * MILLION, "2023-01-05")
    who = actor()

    def pay() -> Any:
        ask = entry(made.id, "pay", MILLION, "2023-03-01", contract_id=signed.id)
        return posting.record(who, ask)

    def approve() -> Any:
        view = works.get(who, of.id)
        return works.update(
            who, of.id, view.version, {"total_investment": 900 * MILLION, "scale": uuid.uuid4().hex}
        )

    def amend() -> Any:
        view = contracts.get(who, signed.id)
        return contracts.update(who, signed.id, view.version, {"package": uuid.uuid4().hex})

    def accept() -> Any:
        new = acceptances.NewAcceptance(uuid.uuid4(), signed.id, date(2023, 3, 1), MILLION)
        return acceptances.create(who, new)

    told = outcomes(at_once([pay, approve, amend, accept] * 4))
    assert told["tuple"] == 8
    assert told.keys() <= {"tuple", "WorkView", "ContractView", "Stale"}
    view = contracts.get(who, signed.id)
    assert (view.paid, view.accepted) == (4 * MILLION, 4 * MILLION)
    assert whole()


def test_a_proposal_is_posted_once_by_many_checkers(world: World) -> None:
    made = line()
    view, _ = posting.record(actor("officer"), entry(made.id, "allocate", 10, "2023-03-01"))
    checkers = [actor(role) for role in ("leader", "accountant")] * 3
    results = at_once([partial(proposals.post, checker, view.id) for checker in checkers])
    assert len(set(results)) == 1
    assert pockets(made.id).allocated == 10
    assert whole()


def test_a_key_that_changes_while_the_first_entry_comes_is_never_torn(world: World) -> None:
    above = actor(unit="512@legacy")
    for year in range(2010, 2014):
        made = line(above, year=year)
        move = partial(line_keys.update, above, made.id, made.version, {"unit_code": "20773@legacy"})
        give = [partial(posting.record, above, entry(made.id, "allocate", 1, "2022-03-01")) for _ in range(2)]
        results = at_once([give[0], move, give[1]])
        assert outcomes(results)["tuple"] == 2
        assert whole()


def test_a_question_with_its_moment_is_answered_alike_while_others_post(world: World) -> None:
    made = line()
    who = actor()
    post(made.id, "allocate", 1_000, "2023-01-05")
    stop = threading.Event()
    answers: list[tuple[figures.Figures, figures.Figures]] = []

    def write() -> None:
        while not stop.is_set():
            post(made.id, "pay", 1, "2023-03-01", who)

    def ask() -> None:
        try:
            for _ in range(5):
                now = figures.disbursement(who, "20770@legacy", 2023)
                again = figures.disbursement(who, "20770@legacy", 2023, known_at=now.known_at)
                answers.append((now, again))
        finally:
            stop.set()

    at_once([write, write, ask])
    assert len(answers) == 5
    for now, again in answers:
        assert now == again
        assert figures.disbursement(who, "20770@legacy", 2023, known_at=now.known_at) == now
    assert whole()


def _pay_in_another_process(
    url: str, line_id: uuid.UUID, times: int, queue: multiprocessing.Queue[int]
) -> None:
    db.configure(url)
    who, done = actor(), 0
    for _ in range(times):
        try:
            posting.record(who, entry(line_id, "pay", 1, "2023-03-01"))
            done += 1
        except RuleBroken:
            pass
    db.dispose()
    queue.put(done)


def test_two_processes_share_one_book(world: World) -> None:
    made = line()
    post(made.id, "allocate", 30, "2023-01-05")
    spawn = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[int] = spawn.Queue()
    others = [
        spawn.Process(target=_pay_in_another_process, args=(world.url, made.id, 20, queue)) for _ in range(2)
    ]
    for process in others:
        process.start()
    done = [queue.get() for _ in others]
    for process in others:
        process.join()
    assert sum(done) == 30
    assert pockets(made.id) == Pockets(paid=30, allocated=30)
    assert moments_grow()
    assert whole()
