"""What each kind of entry does, and that no pocket ever goes below zero, on any day."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest

from app.clock import today
from app.domain.ledger import lines, posting
from app.domain.ledger.entries import Document
from app.domain.ledger.pockets import KINDS, Pockets
from app.errors import Invalid, NotFound
from app.models.base import MAX_AMOUNT
from tests.support.book import days, fails, freeze, pockets, refused, state, whole
from tests.support.world import VOUCHER, World, actor, entry, line, post

# (kind, amount, day, from_pocket): one line's year; after each, the pockets and the sums that explain them.
YEAR = (
    ("allocate", 1_000, "2023-01-05", None, Pockets(available=1_000, allocated=1_000)),
    ("withdraw", 100, "2023-02-01", None, Pockets(available=900, allocated=900)),
    ("advance", 300, "2023-03-01", None, Pockets(600, 300, allocated=900)),
    ("recover", 200, "2023-04-01", None, Pockets(600, 100, 200, allocated=900)),
    ("refund", 50, "2023-05-01", "advanced", Pockets(650, 50, 200, allocated=900)),
    ("pay", 250, "2023-06-01", None, Pockets(400, 50, 450, allocated=900)),
    ("refund", 30, "2023-07-01", None, Pockets(430, 50, 420, allocated=900)),
    ("settle", 400, "2023-12-31", None, Pockets(430, 50, 20, 400, allocated=900)),
    ("lapse", 130, "2024-01-31", None, Pockets(300, 50, 20, 400, allocated=900, lapsed=130)),
)  # fmt: skip


def test_each_kind_moves_money_between_its_two_pockets(world: World) -> None:
    made = line()
    for kind, amount, day, pocket, expected in YEAR:
        post(made.id, kind, amount, day, from_pocket=pocket)
        assert pockets(made.id) == expected, kind
        assert days(made.id)[date.fromisoformat(day)] == expected
    end = pockets(made.id)
    assert end.plan == 900 == end.available + end.disbursed + end.carried_out + end.lapsed
    assert end.disbursed == end.advanced + end.paid + end.settled == 470
    assert whole()


def test_carry_over_takes_from_one_year_and_gives_to_the_next(world: World) -> None:
    old, new = line(), line(year=2024, origin_year=2023)
    post(old.id, "allocate", 1_000, "2023-01-05")
    post(old.id, "advance", 400, "2023-03-01")
    post(old.id, "carry_over", 500, "2023-12-31", to_budget_line_id=new.id)
    post(old.id, "carry_over", 300, "2023-12-31", to_budget_line_id=new.id, from_pocket="advanced")
    assert pockets(old.id) == Pockets(100, 100, allocated=1_000, carried_out=800)
    assert pockets(new.id) == Pockets(500, 300, carried_in=800)
    assert (pockets(old.id).plan, pockets(new.id).plan) == (1_000, 800)
    assert (pockets(old.id).disbursed, pockets(new.id).disbursed) == (100, 300)
    assert whole()


LEAVING = (
    ("withdraw", None, "available"), ("lapse", None, "available"), ("advance", None, "available"),
    ("pay", None, "available"), ("recover", None, "advanced"), ("refund", "advanced", "advanced"),
    ("refund", None, "paid"), ("settle", None, "paid"),
)  # fmt: skip


def test_a_pocket_gives_all_it_holds_and_not_one_dong_more(world: World) -> None:
    for source, (kind, from_pocket, pocket) in enumerate(LEAVING):
        made = line(year=2010 + source)
        for first, amount in (("allocate", 600), ("advance", 200), ("pay", 300)):
            post(made.id, first, amount, date(made.year, 3, 1))
        held = getattr(pockets(made.id), pocket)
        on = date(made.year, 4, 1)
        with refused("insufficient", asked=held + 1, held=held, short=1, on=on, pocket=pocket):
            post(made.id, kind, held + 1, on, from_pocket=from_pocket)
        post(made.id, kind, held, on, from_pocket=from_pocket)
        assert getattr(pockets(made.id), pocket) == 0


def test_carrying_over_more_than_is_held_is_refused_for_each_pocket(world: World) -> None:
    old, new = line(), line(year=2024, origin_year=2023)
    post(old.id, "allocate", 600, "2023-01-05")
    post(old.id, "advance", 200, "2023-01-05")
    for pocket, held in (("available", 400), ("advanced", 200)):
        with refused("insufficient", asked=held + 1, held=held, on=date(2023, 12, 31), pocket=pocket):
            post(old.id, "carry_over", held + 1, "2023-12-31", from_pocket=pocket, to_budget_line_id=new.id)


def test_an_entry_in_the_past_is_refused_for_the_first_later_day_that_it_would_break(world: World) -> None:
    made = line()
    post(made.id, "allocate", 1_000, "2023-01-05")
    post(made.id, "pay", 700, "2023-03-01")
    post(made.id, "pay", 200, "2023-05-01")
    post(made.id, "allocate", 5_000, "2023-06-01")
    with refused("insufficient", asked=301, held=300, short=1, on=date(2023, 3, 1)):
        post(made.id, "withdraw", 301, "2023-02-01")
    with refused("insufficient", asked=101, held=100, short=1, on=date(2023, 5, 1)):
        post(made.id, "withdraw", 101, "2023-02-01")
    with refused("insufficient", asked=1, held=0, on=date(2023, 1, 4)):
        post(made.id, "pay", 1, "2023-01-04")
    post(made.id, "withdraw", 100, "2023-02-01")
    assert days(made.id) == {
        date(2023, 1, 5): Pockets(1_000, allocated=1_000),
        date(2023, 2, 1): Pockets(900, allocated=900),
        date(2023, 3, 1): Pockets(200, paid=700, allocated=900),
        date(2023, 5, 1): Pockets(0, paid=900, allocated=900),
        date(2023, 6, 1): Pockets(5_000, paid=900, allocated=5_900),
    }
    assert whole()


def test_what_is_given_later_does_not_cover_what_was_paid_before(world: World) -> None:
    made = line()
    post(made.id, "allocate", 1_000, "2023-06-01")
    with refused("insufficient", asked=1, held=0, on=date(2023, 5, 31), pocket="available"):
        post(made.id, "advance", 1, "2023-05-31")


def test_within_one_day_only_the_order_of_recording_and_the_end_count(world: World) -> None:
    made = line()
    post(made.id, "allocate", 100, "2023-06-01")
    post(made.id, "pay", 100, "2023-06-01")
    post(made.id, "settle", 100, "2023-06-01")
    assert days(made.id) == {date(2023, 6, 1): Pockets(settled=100, allocated=100)}


def test_a_reversal_in_the_past_is_refused_for_the_day_that_it_would_break(world: World) -> None:
    made = line()
    given = post(made.id, "allocate", 1_000, "2023-01-05")
    post(made.id, "allocate", 500, "2023-02-01")
    post(made.id, "pay", 1_200, "2023-03-01")
    with refused("insufficient", asked=1_000, held=300, short=700, on=date(2023, 3, 1)):
        post(made.id, "reversal", None, None, reverses_id=given.id)
    post(made.id, "allocate", 700, "2023-02-15")
    back = post(made.id, "reversal", None, None, reverses_id=given.id)
    assert (back.amount, back.effective_date) == (1_000, date(2023, 1, 5))
    assert days(made.id)[date(2023, 1, 5)] == Pockets()
    assert pockets(made.id) == Pockets(0, paid=1_200, allocated=1_200)
    assert whole()


def test_a_voucher_bears_no_day_after_today_in_vietnam(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = line()
    with fails(Invalid, "effective_date"):
        post(made.id, "allocate", 1, today() + timedelta(days=1))
    post(made.id, "allocate", 1, today())
    freeze(monkeypatch, date(2023, 5, 1))
    with fails(Invalid, "effective_date"):
        post(made.id, "allocate", 1, "2023-05-02")
    post(made.id, "allocate", 1, "2023-05-01")


def test_today_is_today_in_vietnam_when_it_is_still_yesterday_in_greenwich() -> None:
    from datetime import UTC, datetime

    from app.clock import local

    assert local(datetime(2023, 4, 30, 17, 0, tzinfo=UTC)).date() == date(2023, 5, 1)


@pytest.mark.parametrize("amount", [0, -1, MAX_AMOUNT + 1, None])
def test_an_amount_is_a_whole_positive_number_of_dong(amount: int | None) -> None:
    with pytest.raises(Invalid) as caught:
        entry(uuid.uuid4(), "allocate", amount, "2023-01-05").normal()
    assert [e.field for e in caught.value.errors] == ["amount"]


def test_a_line_never_holds_more_than_a_client_can_count(world: World) -> None:
    made = line()
    for _ in range(9):
        post(made.id, "allocate", MAX_AMOUNT, "2023-01-05")
    with refused("too_much", asked=MAX_AMOUNT, on=date(2023, 1, 5)):
        post(made.id, "allocate", MAX_AMOUNT, "2023-01-05")
    with refused("too_much", asked=MAX_AMOUNT, on=date(2023, 1, 5)):
        post(made.id, "allocate", MAX_AMOUNT, "2023-01-02")
    post(made.id, "withdraw", MAX_AMOUNT, "2023-01-06")
    with refused("too_much", asked=MAX_AMOUNT, on=date(2023, 1, 5)):
        post(made.id, "allocate", MAX_AMOUNT, "2023-01-02")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "spend"}, "kind"),
        ({"kind": "advance", "from_pocket": "paid"}, "from_pocket"),
        ({"kind": "carry_over"}, "to_budget_line_id"),
        ({"kind": "pay", "reverses_id": uuid.UUID(int=1)}, "reverses_id"),
        ({"kind": "reversal"}, "reverses_id"),
        ({"kind": "pay", "to_budget_line_id": uuid.UUID(int=1)}, "to_budget_line_id"),
        ({"document": Document("", date(2023, 1, 1), "x")}, "document.number"),
        ({"document": Document(" ", date(2023, 1, 1), "x")}, "document.number"),
        ({"document": Document("x", date(2023, 1, 1), "")}, "document.issuer"),
        ({"day": None}, "effective_date"),
    ],
)
def test_what_is_wrong_with_a_body_is_named_by_field(wrong: dict[str, object], field: str) -> None:
    values: dict[str, object] = {"kind": "pay", "amount": 1, "day": "2023-01-01", "document": VOUCHER} | wrong
    with pytest.raises(Invalid) as caught:
        entry(uuid.uuid4(), **values).normal()  # type: ignore[arg-type]  # wrong on purpose
    assert [e.field for e in caught.value.errors] == [field]


def test_nobody_writes_on_a_line_out_of_scope_nor_learns_that_it_is_there(world: World) -> None:
    theirs = line(actor(unit="00001@legacy"), unit_code="00001@legacy")
    for line_id in (theirs.id, uuid.uuid4()):
        with fails(NotFound, "budget_line_id"):
            post(line_id, "allocate", 1, "2023-01-05")


def test_every_entry_says_who_made_it_and_who_posted_it_and_when(world: World) -> None:
    made = line()
    view = post(made.id, "allocate", 10, "2023-01-05", memo="Giao đợt 1")
    assert (view.recorded_by, view.posted_by, view.status) == ("client-write", "client-write", "posted")
    assert view.recorded_at is not None
    assert (view.document, view.memo) == (VOUCHER, "Giao đợt 1")
    assert (
        posting.record(actor(), entry(made.id, "allocate", 10, "2023-01-05", id=view.id, memo="Giao đợt 1"))[
            0
        ]
        == view
    )


def test_every_kind_of_the_table_can_be_posted() -> None:
    assert {kind for kind, *_ in YEAR} | {"carry_over"} == set(KINDS)


def test_a_look_at_a_line_changes_nothing(world: World) -> None:
    made = line()
    before = state()
    assert lines.get(actor(), made.id) == made
    assert state() == before


def test_a_voucher_is_of_its_lines_time_and_a_document_not_of_the_future(world: World) -> None:
    made = line()
    with pytest.raises(Invalid) as early:
        post(made.id, "allocate", 100, "2021-12-31")
    assert [fault.field for fault in early.value.errors] == ["effective_date"]
    post(made.id, "allocate", 100, "2022-12-31")
    later = Document("1/QĐ", today() + timedelta(days=1), "UBND huyện")
    with pytest.raises(Invalid) as ahead:
        post(made.id, "allocate", 100, "2023-01-05", document=later)
    assert [fault.field for fault in ahead.value.errors] == ["document.date"]
    assert pockets(made.id).available == 100
