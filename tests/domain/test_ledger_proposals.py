"""Maker and checker: a proposal stands outside every balance until somebody else posts it."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from app.domain import territory
from app.domain.ledger import posting, proposals, views
from app.domain.ledger.distribution import Share, distribute
from app.domain.ledger.entries import EntryView
from app.domain.ledger.pockets import Pockets
from app.errors import Conflict, Forbidden, Invalid, NotFound
from tests.support.book import fails, pockets, refused, state, whole
from tests.support.world import DECISION, World, actor, entry, line, post

OFFICER, LEADER, KEEPER = "officer", "leader", "accountant"
MONEY = ("balances", "daily_balances", "ledger_entries", "chain_links", "contract_balances", "work_balances")


def propose(
    line_id: uuid.UUID, kind: str, amount: int, day: str = "2023-03-01", role: str = OFFICER
) -> EntryView:
    view, created = posting.record(actor(role), entry(line_id, kind, amount, day))
    assert (view.status, view.recorded_at, view.posted_by, created) == ("proposed", None, None, True)
    return view


def test_a_persons_entry_waits_outside_the_balances_for_another_person(world: World) -> None:
    made = line()
    before = state(*MONEY)
    for role in (OFFICER, KEEPER, LEADER):
        propose(made.id, "allocate", 100, role=role)
    assert state(*MONEY) == before
    assert {w.entry.recorded_by for w in proposals.waiting(actor())} == {OFFICER, KEEPER, LEADER}
    assert whole()


def test_posting_keeps_the_id_and_names_both_people(world: World) -> None:
    made = line()
    asked = propose(made.id, "allocate", 100)
    done = proposals.post(actor(KEEPER), asked.id)
    assert (done.id, done.status, done.recorded_by, done.posted_by) == (asked.id, "posted", OFFICER, KEEPER)
    assert done.recorded_at is not None
    assert pockets(made.id) == Pockets(100, allocated=100)
    before = state()
    assert proposals.post(actor(LEADER), asked.id) == done
    assert state() == before
    assert whole()


def test_nobody_posts_their_own(world: World) -> None:
    asked = propose(line().id, "allocate", 100, role=KEEPER)
    with refused("own_proposal"):
        proposals.post(actor(KEEPER), asked.id)
    assert proposals.post(actor(LEADER), asked.id).posted_by == LEADER


def test_a_proposal_passes_every_rule_when_it_is_made_and_again_when_it_is_posted(world: World) -> None:
    made = line()
    with refused("insufficient", asked=1, held=0):
        propose(made.id, "pay", 1)
    post(made.id, "allocate", 100, "2023-01-05")
    first, second = propose(made.id, "pay", 80), propose(made.id, "pay", 30)
    proposals.post(actor(KEEPER), first.id)
    with refused("insufficient", asked=30, held=20, on=date(2023, 3, 1)):
        proposals.post(actor(KEEPER), second.id)
    assert views.get(actor(), second.id).status == "proposed"


def test_rejecting_needs_a_reason_and_cancelling_its_maker(world: World) -> None:
    made = line()
    one, two = propose(made.id, "allocate", 1), propose(made.id, "allocate", 2)
    with fails(Invalid, "reason"):
        proposals.reject(actor(KEEPER), one.id, " ")
    with fails(Forbidden):
        proposals.reject(actor(OFFICER), one.id, "sai")
    with fails(Forbidden):
        proposals.cancel(actor(KEEPER), one.id)
    gone = proposals.reject(actor(KEEPER), one.id, "Sai nguồn")
    assert (gone.status, gone.reason, gone.recorded_at) == ("rejected", "Sai nguồn", None)
    assert proposals.cancel(actor(OFFICER), two.id).status == "cancelled"
    for done in (one.id, two.id):
        for decide in (proposals.post, proposals.cancel):
            with fails(Conflict):
                decide(actor(KEEPER), done)
        with fails(Conflict):
            proposals.reject(actor(KEEPER), done, "lại")
    again = posting.record(actor(OFFICER), entry(made.id, "allocate", 1, "2023-03-01", id=one.id))
    assert (again[0].status, again[1]) == ("rejected", False)
    assert pockets(made.id) == Pockets()


@pytest.mark.parametrize("decide", [proposals.post, proposals.cancel])
def test_what_is_not_there_or_out_of_scope_cannot_be_decided(world: World, decide: object) -> None:
    theirs = line(actor(unit="00001@legacy"), unit_code="00001@legacy")
    view, _ = posting.record(actor(OFFICER, "00001@legacy"), entry(theirs.id, "allocate", 1, "2023-03-01"))
    for wanted in (view.id, uuid.uuid4()):
        with fails(NotFound):
            decide(actor(LEADER), wanted)  # type: ignore[operator]
    done = post(line().id, "allocate", 1, "2023-03-01")
    with fails(Conflict):
        decide(actor(LEADER), done.id)  # type: ignore[operator]


def test_a_client_posts_at_once_unless_the_unit_requires_a_checker(world: World) -> None:
    made = line()
    assert posting.record(actor(), entry(made.id, "allocate", 1, "2023-03-01"))[0].status == "posted"
    unit = world.unit("20770@legacy")
    territory.set_requires_checker(actor(LEADER), unit.exact_code, True, unit.version)
    view, _ = posting.record(actor(), entry(made.id, "allocate", 1, "2023-03-01"))
    assert view.status == "proposed"
    with refused("own_proposal"):
        proposals.post(actor(), view.id)
    assert proposals.post(actor(KEEPER), view.id).status == "posted"
    assert (
        posting.record(actor(), entry(made.id, "pay", 1, "2023-03-01"), propose=True)[0].status == "proposed"
    )


def test_the_receiving_unit_may_require_a_checker_too(world: World) -> None:
    above = actor(unit="VN@2025")
    old, new = line(above, year=2025), line(above, unit_code="20770@2025", year=2026, origin_year=2025)
    post(old.id, "allocate", 100, "2025-01-05", above)
    unit = world.unit("20770@2025")
    territory.set_requires_checker(actor(LEADER, "VN@2025"), unit.exact_code, True, unit.version)
    view, _ = posting.record(above, entry(old.id, "carry_over", 1, "2025-12-31", to_budget_line_id=new.id))
    assert view.status == "proposed"


def test_a_group_is_decided_whole_and_only_by_who_sees_all_of_it(world: World) -> None:
    above = actor(OFFICER, "512@legacy")
    source, mine = line(above, unit_code="512@legacy"), line()
    post(source.id, "allocate", 100, "2023-01-05", actor(unit="512@legacy"))
    asked, _ = distribute(above, source.id, uuid.uuid4(), DECISION, date(2023, 3, 1), [Share(mine.id, 60)])
    assert [v.status for v in asked] == ["proposed", "proposed"]
    for decide in (proposals.post, proposals.cancel):
        with fails(Forbidden):
            decide(actor(LEADER), asked[1].id)
    with fails(Forbidden):
        proposals.reject(actor(LEADER), asked[1].id, "không")
    proposals.post(actor(LEADER, "512@legacy"), asked[1].id)
    assert (pockets(source.id).available, pockets(mine.id).available) == (40, 60)
    assert whole()


def test_a_group_of_which_one_breaks_a_rule_is_not_posted_at_all(world: World) -> None:
    made = line()
    post(made.id, "allocate", 100, "2023-01-05")
    pair = [entry(made.id, "pay", 60, "2023-03-01"), entry(made.id, "lapse", 40, "2023-03-02")]
    posting.record_all(actor(OFFICER), pair)
    post(made.id, "withdraw", 1, "2023-02-01")
    with refused("insufficient", asked=40, held=39):
        proposals.post(actor(LEADER), pair[0].id)
    proposals.reject(actor(LEADER), pair[0].id, "Thiếu tiền")
    assert {views.get(actor(), e.id).status for e in pair} == {"rejected"}


def test_a_proposed_reversal_and_carry_over_are_posted_as_they_were_asked(world: World) -> None:
    made, new = line(), line(year=2024, origin_year=2023)
    given = post(made.id, "allocate", 100, "2023-01-05")
    post(made.id, "advance", 40, "2023-02-05")
    ask = entry(made.id, "carry_over", 40, "2023-12-31", to_budget_line_id=new.id, from_pocket="advanced")
    posting.record(actor(OFFICER), ask)
    proposals.post(actor(LEADER), ask.id)
    assert pockets(new.id) == Pockets(advanced=40, carried_in=40)
    back = entry(made.id, "reversal", None, None, reverses_id=ask.id)
    posting.record(actor(OFFICER), back)
    done = proposals.post(actor(LEADER), back.id)
    assert (done.kind, done.amount, done.effective_date) == ("reversal", 40, date(2023, 12, 31))
    assert pockets(new.id) == Pockets()
    assert posting.record(actor(OFFICER), back) == (done, False)
    assert given.amount == pockets(made.id).plan
    assert whole()
