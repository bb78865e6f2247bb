"""The arithmetic of the ledger, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ledger.figures import rate
from app.domain.ledger.pockets import (
    EMPTY,
    FIELDS,
    KINDS,
    ON_CONTRACT,
    PAYING_OUT,
    POCKETS,
    Pockets,
    carried_effect,
    effect,
    leaves,
    total,
)
from app.models.base import MAX_AMOUNT
from app.models.ledger import KINDS as STORED_KINDS
from app.models.ledger import POCKET_COLUMNS

amounts = st.integers(1, MAX_AMOUNT)
moves = st.sampled_from([(kind, pocket) for kind, (pockets, *_) in KINDS.items() for pocket in pockets])


@given(moves, amounts)
def test_every_kind_keeps_the_plan_explained(move: tuple[str, str | None], amount: int) -> None:
    change = effect(*move, amount)
    assert change.plan == change.available + change.disbursed + change.carried_out + change.lapsed


@given(moves, amounts)
def test_a_reversal_undoes_its_original_to_the_last_dong(move: tuple[str, str | None], amount: int) -> None:
    assert effect(*move, amount) + effect(*move, -amount) == EMPTY


@given(st.sampled_from(["available", "advanced"]), amounts)
def test_what_is_carried_leaves_one_line_and_enters_the_other(pocket: str, amount: int) -> None:
    out, into = effect("carry_over", pocket, amount), carried_effect(pocket, amount)
    together = out + into
    assert [getattr(together, p) for p in POCKETS] == [0, 0, 0, 0]
    assert (together.carried_out, together.carried_in) == (amount, amount)
    assert into.plan == into.available + into.disbursed


@given(moves, amounts)
def test_only_allocating_withdrawing_and_carrying_in_change_the_plan(
    move: tuple[str, str | None], amount: int
) -> None:
    expected = {"allocate": amount, "withdraw": -amount}.get(move[0], 0)
    assert effect(*move, amount).plan == expected


@given(moves, amounts)
def test_what_pays_out_raises_disbursement_by_its_amount(move: tuple[str, str | None], amount: int) -> None:
    kind, pocket = move
    expected = amount if kind in PAYING_OUT else -amount if kind == "refund" else 0
    if kind == "carry_over" and pocket == "advanced":
        expected = -amount
    assert effect(kind, pocket, amount).disbursed == expected


def test_the_table_says_which_pocket_each_kind_leaves_and_enters() -> None:
    table = {kind: (frozenset(left), entered) for kind, (left, entered, _) in KINDS.items()}
    assert table == {
        "allocate": (frozenset({None}), "available"),
        "withdraw": (frozenset({"available"}), None),
        "carry_over": (frozenset({"available", "advanced"}), None),
        "lapse": (frozenset({"available"}), None),
        "advance": (frozenset({"available"}), "advanced"),
        "recover": (frozenset({"advanced"}), "paid"),
        "pay": (frozenset({"available"}), "paid"),
        "refund": (frozenset({"paid", "advanced"}), "available"),
        "settle": (frozenset({"paid"}), "settled"),
    }
    assert frozenset({"advance", "recover", "pay", "refund"}) == ON_CONTRACT


def test_an_entry_leaves_its_default_pocket_or_one_that_its_kind_allows() -> None:
    assert (leaves("refund", None), leaves("refund", "advanced")) == ("paid", "advanced")
    assert (leaves("carry_over", None), leaves("allocate", None)) == ("available", None)
    for kind, pocket in (
        ("pay", "advanced"),
        ("refund", "settled"),
        ("allocate", "available"),
        ("spend", None),
    ):
        with pytest.raises(KeyError):
            leaves(kind, pocket)


def test_the_database_keeps_the_same_kinds_and_columns() -> None:
    assert set(STORED_KINDS) == set(KINDS)
    assert POCKET_COLUMNS == FIELDS


@given(st.lists(st.builds(Pockets, *[st.integers(-MAX_AMOUNT, MAX_AMOUNT)] * 8)))
def test_a_total_is_the_sum_of_each_field(parts: list[Pockets]) -> None:
    assert total(parts) == Pockets(*(sum(getattr(p, f) for p in parts) for f in FIELDS))


@given(st.builds(Pockets, *[st.integers(-2, 2)] * 8))
def test_the_first_pocket_below_zero_is_named_and_net_allocation_never_is(money: Pockets) -> None:
    below = [f for f in FIELDS if getattr(money, f) < 0 and f != "allocated"]
    assert money.first_negative() == (below[0] if below else None)


@given(st.integers(1, MAX_AMOUNT), st.data())
def test_a_rate_has_four_places_rounded_half_up(plan: int, data: st.DataObject) -> None:
    disbursed = data.draw(st.integers(0, plan))
    found = rate(disbursed, plan)
    assert found is not None
    places = round(found * 10_000)
    assert found == places / 10_000
    assert places * 2 * plan <= disbursed * 20_000 + plan < (places + 1) * 2 * plan


def test_rates_by_hand() -> None:
    assert [rate(1, 3), rate(2, 3), rate(1, 20_000), rate(1, 20_001), rate(5, 5), rate(0, 5), rate(0, 0)] == [
        0.3333, 0.6667, 0.0001, 0.0, 1.0, 0.0, None,
    ]  # fmt: skip
