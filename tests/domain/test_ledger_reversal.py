"""A mistake is corrected by a reversal: once, never of a reversal, never before its original."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from app.domain.ledger import lines, posting, views
from app.domain.ledger.pockets import Pockets
from app.errors import Invalid, NotFound
from tests.support.book import days, fails, pockets, refused, whole
from tests.support.world import World, actor, entry, line, post

KINDS = (
    ("allocate", None), ("withdraw", None), ("lapse", None), ("advance", None), ("recover", None), ("pay", None),
    ("refund", "paid"), ("refund", "advanced"), ("settle", None),
)  # fmt: skip


def test_a_reversal_takes_back_what_its_original_did_whatever_its_kind(world: World) -> None:
    made, next_year = line(), line(year=2024, origin_year=2023)
    for first, amount in (("allocate", 900), ("advance", 200), ("pay", 300)):
        post(made.id, first, amount, "2023-03-01")
    before = pockets(made.id)
    for kind, pocket in KINDS:
        original = post(made.id, kind, 50, "2023-04-01", from_pocket=pocket)
        back = post(made.id, "reversal", None, None, reverses_id=original.id)
        assert (back.amount, back.effective_date, back.reverses_id) == (50, date(2023, 4, 1), original.id)
        assert pockets(made.id) == before, kind
        assert views.get(actor(), original.id).reversed_by_id == back.id
    for pocket in ("available", "advanced"):
        carried = post(
            made.id, "carry_over", 50, "2023-12-31", from_pocket=pocket, to_budget_line_id=next_year.id
        )
        assert pockets(next_year.id) != Pockets()
        post(made.id, "reversal", None, None, reverses_id=carried.id)
        assert (pockets(made.id), pockets(next_year.id)) == (before, Pockets())
    assert whole()


def test_a_reversal_bears_its_originals_day_or_a_later_one_but_none_before(world: World) -> None:
    made = line()
    first, second = (post(made.id, "allocate", 100, "2023-03-01") for _ in range(2))
    with fails(Invalid, "effective_date"):
        post(made.id, "reversal", None, "2023-02-28", reverses_id=first.id)
    post(made.id, "reversal", None, "2023-06-01", reverses_id=first.id)
    post(made.id, "reversal", None, None, reverses_id=second.id)
    assert days(made.id) == {
        date(2023, 3, 1): Pockets(100, allocated=100),
        date(2023, 6, 1): Pockets(),
    }


def test_an_entry_is_reversed_once_and_a_reversal_never(world: World) -> None:
    made = line()
    original = post(made.id, "allocate", 100, "2023-03-01")
    back = post(made.id, "reversal", None, None, reverses_id=original.id)
    with refused("reversed_already", reversed_by=str(back.id)):
        post(made.id, "reversal", None, None, reverses_id=original.id)
    with refused("reversal_of_reversal"):
        post(made.id, "reversal", None, None, reverses_id=back.id)


def test_two_reversals_of_one_entry_in_one_batch_are_refused_together(world: World) -> None:
    made = line()
    original = post(made.id, "allocate", 100, "2023-03-01")
    post(made.id, "allocate", 100, "2023-03-01")
    twice = [entry(made.id, "reversal", None, None, reverses_id=original.id) for _ in range(2)]
    with refused("reversed_already"):
        posting.record_all(actor(), twice)


def test_a_reversal_takes_everything_from_its_original(world: World) -> None:
    made, other = line(), line(project_code="GNBV.3.1")
    original = post(made.id, "allocate", 100, "2023-03-01")
    ask: dict[str, Any] = {"reverses_id": original.id}
    with fails(Invalid, "amount"):
        post(made.id, "reversal", 99, None, **ask)
    with fails(Invalid, "budget_line_id"):
        post(other.id, "reversal", None, None, **ask)
    with fails(Invalid, "from_pocket"):
        post(made.id, "reversal", None, None, from_pocket="paid", **ask)
    with fails(Invalid, "contract_id"):
        post(made.id, "reversal", None, None, contract_id=uuid.uuid4(), **ask)
    post(made.id, "reversal", 100, "2023-03-01", **ask)


def test_what_is_to_be_reversed_must_stand_in_the_book_and_in_ones_scope(world: World) -> None:
    theirs = line(actor(unit="00001@legacy"), unit_code="00001@legacy")
    given = post(theirs.id, "allocate", 100, "2023-03-01", actor(unit="00001@legacy"))
    for wanted in (given.id, uuid.uuid4()):
        with fails(NotFound, "reverses_id"):
            post(theirs.id, "reversal", None, None, reverses_id=wanted)


def test_a_carry_over_is_not_reversed_once_its_money_is_spent(world: World) -> None:
    old, new = line(), line(year=2024, origin_year=2023)
    post(old.id, "allocate", 100, "2023-01-05")
    carried = post(old.id, "carry_over", 100, "2023-12-31", to_budget_line_id=new.id)
    post(new.id, "pay", 40, "2024-03-01")
    with refused("insufficient", asked=100, held=60, on=date(2024, 3, 1), pocket="available"):
        post(old.id, "reversal", None, None, reverses_id=carried.id)
    assert lines.get(actor(), old.id).carried_out == 100


def test_an_allocation_is_not_reversed_once_its_money_is_withdrawn(world: World) -> None:
    made = line()
    given = post(made.id, "allocate", 100, "2023-01-05")
    taken = post(made.id, "withdraw", 60, "2023-02-05")
    with refused("insufficient", asked=100, held=40, on=date(2023, 2, 5)):
        post(made.id, "reversal", None, None, reverses_id=given.id)
    post(made.id, "reversal", None, None, reverses_id=taken.id)
    post(made.id, "reversal", None, None, reverses_id=given.id)
    assert pockets(made.id) == Pockets()
