"""What households of a model receive and what visits find: bounded by what was approved and received."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest

from app.clock import today
from app.domain import support
from app.domain.documents import attaching, uploads
from app.domain.workflow import Order
from app.errors import Fault, Forbidden, IdTaken, Invalid, NotFound, RuleBroken
from tests.support.book import execute
from tests.support.folk import household
from tests.support.papers import document, image
from tests.support.supporting import GIVEN, SEEN, STARTED, approved, fails, given, input_of, running, visited
from tests.support.world import World, actor


def delivered(made: Any) -> Decimal:
    return support.whole(actor("officer"), made.id).inputs[0].delivered


def test_a_delivery_is_recorded_once_and_counts(world: World) -> None:
    made, officer = running(), actor("officer")
    ask = given(made, "2")
    first, fresh = support.deliver(officer, made.id, ask)
    assert (fresh, first.quantity, first.kind, first.signed) == (
        True,
        Decimal(2),
        "Bò cái giống sinh sản",
        True,
    )
    assert support.deliver(officer, made.id, replace(ask, quantity=Decimal("2.0"))) == (first, False)
    with fails(IdTaken):
        support.deliver(officer, made.id, replace(ask, quantity=Decimal(3)))
    assert delivered(made) == 2
    assert [d.id for d in support.deliveries(officer, made.id)] == [first.id]
    with fails(NotFound):
        support.deliveries(actor("officer", "00001@legacy"), made.id)
    with fails(Forbidden):
        support.deliver(actor("reviewer", "512@legacy"), made.id, given(made))


def test_no_more_is_delivered_than_was_approved(world: World) -> None:
    made, officer = running(), actor("officer")
    support.deliver(officer, made.id, given(made, 8))
    with fails(RuleBroken, rule="delivered_too_much", asked=3, held=2):
        support.deliver(officer, made.id, given(made, 3, to=1))
    with fails(RuleBroken, rule="delivered_too_much", asked="1.5", held=1):
        # All or none: the first of the two would have fitted.
        support.deliver_all(officer, made.id, [given(made, 1), given(made, "1.5", to=1)])
    both, fresh = support.deliver_all(officer, made.id, [given(made, 1), given(made, 1, to=1)])
    assert (len(both), fresh, delivered(made)) == (2, True, Decimal(10))


@pytest.mark.parametrize(
    ("values", "kind", "field"),
    [
        ({"quantity": Decimal(0)}, Invalid, "deliveries.0.quantity"),
        ({"delivered_on": STARTED - timedelta(days=1)}, Invalid, "deliveries.0.delivered_on"),
        ({"delivered_on": today() + timedelta(days=1)}, Invalid, "deliveries.0.delivered_on"),
        ({"household_id": uuid.uuid4()}, NotFound, "deliveries.0.household_id"),
        ({"input_id": uuid.uuid4()}, NotFound, "deliveries.0.input_id"),
        ({"note": "x" * 1001}, Invalid, "deliveries.0.note"),
    ],
)
def test_what_cannot_be_delivered_is_named(
    world: World, values: dict[str, Any], kind: type[Fault], field: str
) -> None:
    made = running()
    with fails(kind, field=field):
        support.deliver_all(actor("officer"), made.id, [given(made, **values)])


def test_only_what_runs_delivers(world: World) -> None:
    made = approved()
    with fails(RuleBroken, rule="support_state", asked="deliver", held="approved"):
        support.deliver(actor("officer"), made.id, given(made))
    with fails(Invalid, field="deliveries"):
        support.deliver_all(actor("officer"), made.id, [])
    with fails(NotFound):  # a member of nothing here
        support.deliver(actor("officer", "00001@legacy"), made.id, given(made))


def test_what_was_evaluated_early_goes_on_being_handed_over_until_it_is_closed(world: World) -> None:
    made, officer = running(), actor("officer")
    gift = given(made, 1)
    support.deliver(officer, made.id, gift)
    support.evaluate(officer, made.id, "Đàn bò khỏe", {}, Order(on=SEEN))
    late, _ = support.deliver(officer, made.id, given(made, 2, to=1))
    assert support.withdraw(officer, made.id, late.id, "Ghi nhầm hộ").withdrawn_at is not None
    support.move(officer, made.id, "close", Order())
    with fails(RuleBroken, rule="support_state", asked="deliver", held="closed"):
        support.deliver(officer, made.id, given(made))
    with fails(RuleBroken, rule="support_state", asked="withdraw", held="closed"):
        support.withdraw(officer, made.id, gift.id, "Ghi nhầm")


def test_a_delivery_is_withdrawn_with_a_reason_and_stays(world: World) -> None:
    made, officer = running(), actor("officer")
    ask = given(made, 4)
    support.deliver(officer, made.id, ask)
    with fails(Invalid, field="reason"):
        support.withdraw(officer, made.id, ask.id, " ")
    gone = support.withdraw(officer, made.id, ask.id, "Ghi nhầm hộ")
    assert (gone.withdrawn_reason, gone.withdrawn_at is not None, delivered(made)) == (
        "Ghi nhầm hộ",
        True,
        Decimal(0),
    )
    assert support.withdraw(officer, made.id, ask.id, "Lần nữa") == gone
    assert delivered(made) == 0
    assert [d.id for d in support.deliveries(officer, made.id)] == [ask.id]
    with fails(NotFound):
        support.withdraw(officer, made.id, uuid.uuid4(), "x")
    other = running()
    with fails(NotFound):  # of another model
        support.withdraw(officer, other.id, ask.id, "x")


def photographed() -> tuple[uuid.UUID, ...]:
    """A photo that has arrived."""
    return (uploads.whole(actor("officer"), "anh.jpg", io.BytesIO(image()), uuid.uuid4()).id,)


def test_photos_show_every_household_of_a_press_and_prove_what_was_not_signed_for(world: World) -> None:
    made, officer = running(), actor("officer")
    shown = photographed()
    several = [given(made, 1, to=to, signed=False, uploads=shown) for to in (0, 1)]
    both, _ = support.deliver_all(officer, made.id, several)
    assert {d.documents[0].id for d in both} == {both[0].documents[0].id}, "one set for all"
    (paper,) = attaching.documents_of(officer, "delivery", several[1].id)
    assert (paper.personal, len(paper.files)) == (True, 1), "it shows people"
    assert support.deliver_all(officer, made.id, several) == (both, False)
    lacks = {m.rule: m.facts for m in support.whole(officer, made.id).missing}
    assert "proof" not in lacks
    assert lacks["delivered"] == {"without": 1, "households": 3}, "the third received nothing"
    # A picture that is taken off later proves nothing any more.
    attaching.detach(officer, paper.id, "delivery", several[1].id)
    lacks = {m.rule: m.facts for m in support.whole(officer, made.id).missing}
    assert lacks["proof"] == {"unproved": 1, "made": 2}
    whole, _, folk = support.sheet(officer, made.id)
    assert ({m.rule: m.facts for m in whole.missing}, [s.unproved for s in folk]) == (lacks, [0, 1, 0])
    last = given(made, 1, to=2)
    for _ in (1, 2):
        support.deliver(officer, made.id, replace(last, id=uuid.uuid4()))
    assert [m.rule for m in support.whole(officer, made.id).missing if not m.lacks] == ["proof"]
    for gift in support.deliveries(officer, made.id, household_id=last.household_id):
        support.withdraw(officer, made.id, gift.id, "Ghi nhầm")
    assert {m.rule: m.facts for m in support.whole(officer, made.id).missing} == lacks, (
        "a household that gave back"
    )


def test_what_nothing_proves_is_refused(world: World) -> None:
    made, officer = running(), actor("officer")
    with fails(Invalid, field="signed"):
        support.deliver(officer, made.id, given(made, signed=False))
    empty = document(officer, None, kind="photo", number="")  # a picture without a file is none
    with fails(Invalid, field="deliveries.1.signed"):
        several = [given(made, 1), given(made, 1, to=1, signed=False, documents=(empty.id,))]
        support.deliver_all(officer, made.id, several)
    scan = document(officer, kind="support_acceptance")
    assert support.deliver(officer, made.id, given(made, signed=False, documents=(scan.id,)))[1]


def test_what_was_sent_without_a_day_is_the_same_after_midnight(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, officer = running(), actor("officer")
    gift, found = given(made, delivered_on=None), visited(made, visited_on=None, alive=1)
    first, seen = support.deliver(officer, made.id, gift)[0], support.visit(officer, made.id, found)[0]
    assert first.delivered_on == seen.visited_on == today()
    for name in ("deliveries", "visits"):
        module = import_module(f"app.domain.support.{name}")
        monkeypatch.setattr(module, "today", lambda: first.delivered_on + timedelta(days=1))
    assert support.deliver(officer, made.id, gift) == (first, False)
    assert support.visit(officer, made.id, found) == (seen, False)


def test_pages_show_the_latest_first_and_go_on(world: World) -> None:
    made, officer = running(), actor("officer")
    days = [GIVEN + timedelta(days=n) for n in (1, 3, 2)]
    for day in days:
        support.deliver(officer, made.id, given(made, delivered_on=day))
        support.visit(officer, made.id, visited(made, visited_on=day))
    latest = sorted(days, reverse=True)
    pages = [support.delivered(officer, made.id, offset=n, limit=2) for n in (0, 2)]
    assert [[d.delivered_on for d in found] for _, found, _ in pages] == [latest[:2], latest[2:]]
    assert [number for *_, number in pages] == [3, 3]
    seen = [support.visited(officer, made.id, offset=n, limit=2) for n in (0, 2)]
    assert [([v.visited_on for v in found], n) for found, n in seen] == [(latest[:2], 3), (latest[2:], 3)]
    with fails(NotFound):
        support.visited(actor("officer", "00001@legacy"), made.id)


def test_a_visit_counts_no_more_than_was_received(world: World) -> None:
    made, officer = running(), actor("officer")
    ask = given(made, 3)
    support.deliver(officer, made.id, ask)
    found = visited(made, alive=2, dead=1, sick=1, income=5_000_000, note="Một con chết do rét")
    seen, fresh = support.visit(officer, made.id, found)
    assert (fresh, seen.alive, seen.dead, seen.sick, seen.income) == (True, 2, 1, 1, 5_000_000)
    ((masked,), _) = support.visited(actor("reviewer", "512@legacy"), made.id)
    assert (seen.note, masked.note, masked.lat) == ("Một con chết do rét", "", None), "it may tell of persons"
    assert support.visit(officer, made.id, found) == (seen, False)
    with fails(IdTaken):
        support.visit(officer, made.id, replace(found, alive=1))
    with fails(RuleBroken, rule="visit_counts", asked=4, held=3, on=SEEN):
        support.visit(officer, made.id, visited(made, alive=2, dead=1, sold=1))
    with fails(RuleBroken, rule="visit_counts", asked=1, held=0):  # before anything came
        support.visit(officer, made.id, visited(made, alive=1, visited_on=GIVEN - timedelta(days=1)))
    with fails(RuleBroken, rule="visit_counts", asked=1, held=0):  # another household's
        support.visit(officer, made.id, visited(made, to=1, alive=1))
    with fails(RuleBroken, rule="visit_counts", asked=3, held=0):
        support.withdraw(officer, made.id, ask.id, "Ghi nhầm")
    _, people = support.members(officer, made.id)
    assert people[0].last is not None
    assert (people[0].last.alive, people[0].received[input_of(made)]) == (2, Decimal(3))
    assert people[1].last is None
    assert [v.id for v in support.visits(officer, made.id)] == [seen.id]


@pytest.mark.parametrize(
    ("values", "kind", "field"),
    [
        ({"visited_on": today() + timedelta(days=1)}, Invalid, "visited_on"),
        ({"visited_on": STARTED - timedelta(days=1)}, Invalid, "visited_on"),
        ({"alive": -1}, Invalid, "alive"),
        ({"alive": 1, "sick": 2}, Invalid, "sick"),
        ({"alive": 1, "born": 2}, Invalid, "born"),
        ({"income": -1}, Invalid, "income"),
        ({"yield_amount": Decimal(5)}, Invalid, "yield_measure"),
        ({"yield_amount": Decimal(-5), "yield_measure": "kg"}, Invalid, "yield_amount"),
        ({"note": "x" * 2001}, Invalid, "note"),
        ({"lat": 91.0, "lon": 108.0}, Invalid, "lat"),
        ({"household_id": uuid.uuid4()}, NotFound, "household_id"),
    ],
)
def test_what_no_visit_finds_is_named(
    world: World, values: dict[str, Any], kind: type[Fault], field: str
) -> None:
    made = running()
    with fails(kind, field=field):
        support.visit(actor("officer"), made.id, visited(made, **values))


def test_only_livestock_is_counted_and_only_under_way(world: World) -> None:
    from tests.support.supporting import whole_model

    trees = running(whole_model(livestock=False))
    with fails(Invalid, field="alive"):
        support.visit(actor("officer"), trees.id, visited(trees, alive=1))
    found = visited(trees, yield_amount=Decimal("12.5"), yield_measure="tấn")
    assert support.visit(actor("officer"), trees.id, found)[0].yield_amount == Decimal("12.5")
    early = approved()
    with fails(RuleBroken, rule="support_state", asked="visit", held="approved"):
        support.visit(actor("officer"), early.id, visited(early))


def test_what_the_day_before_says_gives_way_to_the_latest(world: World) -> None:
    made, officer = running(), actor("officer")
    support.deliver(officer, made.id, given(made, 2))
    support.visit(officer, made.id, visited(made, alive=1, dead=1, visited_on=date(2023, 8, 1)))
    support.visit(officer, made.id, visited(made, alive=2))
    _, people = support.members(officer, made.id)
    assert people[0].last is not None
    assert people[0].last.dead == 1, "the later day holds, whenever it was recorded"


def test_offspring_is_counted_beside_what_was_received(world: World) -> None:
    made, officer = running(), actor("officer")
    support.deliver(officer, made.id, given(made, 2))
    seen, _ = support.visit(officer, made.id, visited(made, alive=3, dead=1, sold=1, born=3))
    assert (seen.alive, seen.born) == (3, 3)
    _, people = support.members(officer, made.id)
    assert people[0].last is not None
    assert people[0].last.born == 3
    with fails(RuleBroken, rule="visit_counts", asked=3, held=2):
        support.visit(officer, made.id, visited(made, alive=4, dead=1, born=2))


def test_a_visit_that_gave_way_bounds_no_withdrawal(world: World) -> None:
    made, officer = running(), actor("officer")
    first, second = given(made, 1), given(made, 1)
    for gift in (first, second):
        support.deliver(officer, made.id, gift)
    support.visit(officer, made.id, visited(made, alive=2))
    with fails(RuleBroken, rule="visit_counts", asked=2, held=1):
        support.withdraw(officer, made.id, second.id, "Ghi nhầm")
    support.visit(officer, made.id, visited(made, alive=1))  # the same day again: this is what holds
    assert support.withdraw(officer, made.id, second.id, "Ghi nhầm").withdrawn_at is not None
    with fails(RuleBroken, rule="visit_counts", asked=1, held=0):
        support.withdraw(officer, made.id, first.id, "Ghi nhầm")


def test_a_merged_household_takes_its_deliveries_along(world: World) -> None:
    from app.domain import households

    made, officer = running(), actor("officer")
    support.deliver(officer, made.id, given(made, 2))
    kept = household()
    households.merge(officer, support.whole(officer, made.id).members[0].household_id, kept.id)
    assert support.deliveries(officer, made.id)[0].household_id == kept.id
    support.deliver(officer, made.id, given(made, 1))
    assert execute("UPDATE support_inputs SET delivered = delivered") >= 1
