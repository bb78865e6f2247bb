"""Any sequence of entries, past dates, reversals and carry-overs: the book and a model of it always agree.

The model knows nothing of the domain's code: it keeps a list of movements and adds them up day by day.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.domain.ledger import posting
from app.errors import RuleBroken
from tests.support.book import days, pockets, state, whole
from tests.support.databases import Databases
from tests.support.world import actor, entry, line, populate

FIELDS = ("available", "advanced", "paid", "settled", "allocated", "carried_in", "carried_out", "lapsed")
# kind and pocket: what one đồng does to the line itself
MOVES: dict[tuple[str, str | None], dict[str, int]] = {
    ("allocate", None): {"available": 1, "allocated": 1},
    ("withdraw", None): {"available": -1, "allocated": -1},
    ("lapse", None): {"available": -1, "lapsed": 1},
    ("advance", None): {"available": -1, "advanced": 1},
    ("recover", None): {"advanced": -1, "paid": 1},
    ("pay", None): {"available": -1, "paid": 1},
    ("refund", "paid"): {"paid": -1, "available": 1},
    ("refund", "advanced"): {"advanced": -1, "available": 1},
    ("settle", None): {"paid": -1, "settled": 1},
    ("carry_over", "available"): {"available": -1, "carried_out": 1},
    ("carry_over", "advanced"): {"advanced": -1, "carried_out": 1},
}
FIRST = date(2023, 3, 1)
DAYS = 12
LINES = ("first", "second", "next")  # `next` continues `first`


@dataclass
class Posted:
    id: uuid.UUID
    line: str
    kind: str
    pocket: str | None
    amount: int
    day: date
    to: str | None
    reversed: bool = False


@dataclass
class Model:
    moves: list[tuple[str, date, dict[str, int]]] = field(default_factory=list)

    def after(
        self, more: list[tuple[str, date, dict[str, int]]], line_name: str
    ) -> dict[date, dict[str, int]]:
        mine = sorted((m for m in self.moves + more if m[0] == line_name), key=lambda m: m[1])
        held, by_day = dict.fromkeys(FIELDS, 0), {}
        for _, day, change in mine:
            held = {f: held[f] + change.get(f, 0) for f in FIELDS}
            by_day[day] = held
        return by_day

    def first_bad_day(self, more: list[tuple[str, date, dict[str, int]]]) -> date | None:
        """The first day on which a line would break, of the first line that would."""
        for line_name in dict.fromkeys(m[0] for m in more):
            for day, held in sorted(self.after(more, line_name).items()):
                if any(held[f] < 0 for f in FIELDS if f != "allocated"):
                    return day
        return None


def movement(kind: str, pocket: str | None, amount: int, day: date, line_name: str, to: str | None) -> Any:
    own = {f: n * amount for f, n in MOVES[kind, pocket].items()}
    found = [(line_name, day, own)]
    if to is not None and pocket is not None:
        found.append((to, day, {pocket: amount, "carried_in": amount}))
    return found


class Book(RuleBasedStateMachine):
    """One fresh book for each example; `databases` and `engine` are set by the test."""

    databases: Databases
    engine: str

    def __init__(self) -> None:
        super().__init__()
        self.fresh = self.databases.fresh(self.engine, populate)
        self.fresh.__enter__()
        self.model = Model()
        self.posted: list[Posted] = []

    def teardown(self) -> None:
        try:
            assert whole()
        finally:
            self.fresh.__exit__(None, None, None)

    @initialize()
    def lines(self) -> None:
        self.who = actor()
        key: dict[str, Any] = {"capital_kind": "investment"}
        self.ids = {
            "first": line(**key).id,
            "second": line(source="provincial", **key).id,
            "next": line(year=2024, origin_year=2023, **key).id,
        }

    @rule(
        name=st.sampled_from(LINES), move=st.sampled_from([m for m in MOVES if m[0] != "carry_over"]),
        amount=st.integers(1, 60), offset=st.integers(0, DAYS),
    )  # fmt: skip
    def move(self, name: str, move: tuple[str, str | None], amount: int, offset: int) -> None:
        self.attempt(name, *move, amount, FIRST + timedelta(offset), None)

    @rule(name=st.sampled_from(LINES), amount=st.integers(20, 200), offset=st.integers(0, DAYS))
    def give(self, name: str, amount: int, offset: int) -> None:
        self.attempt(name, "allocate", None, amount, FIRST + timedelta(offset), None)

    @rule(
        pocket=st.sampled_from(["available", "advanced"]),
        amount=st.integers(1, 40),
        offset=st.integers(0, DAYS),
    )
    def carry(self, pocket: str, amount: int, offset: int) -> None:
        self.attempt("first", "carry_over", pocket, amount, FIRST + timedelta(offset), "next")

    @precondition(lambda self: bool(self.posted))
    @rule(data=st.data(), later=st.integers(0, 3))
    def reverse(self, data: st.DataObject, later: int) -> None:
        original = data.draw(st.sampled_from(self.posted))
        day = original.day + timedelta(later)
        more = [
            (name, day, {f: -n for f, n in change.items()})
            for name, _, change in movement(
                original.kind, original.pocket, original.amount, day, original.line, original.to
            )
        ]
        ask = entry(
            self.ids[original.line], "reversal", None, day if later else None, reverses_id=original.id
        )
        expected = "reversed_already" if original.reversed else None
        if self.record(ask, more, expected):
            original.reversed = True

    def attempt(
        self, name: str, kind: str, pocket: str | None, amount: int, day: date, to: str | None
    ) -> None:
        ask = entry(
            self.ids[name], kind, amount, day, from_pocket=pocket,
            to_budget_line_id=self.ids[to] if to else None,
        )  # fmt: skip
        if self.record(ask, movement(kind, pocket, amount, day, name, to), None):
            self.posted.append(Posted(ask.id, name, kind, pocket, amount, day, to))

    def record(self, ask: Any, more: Any, expected: str | None) -> bool:
        """Send it; the model says beforehand whether, and for which day, it must be refused."""
        bad = self.model.first_bad_day(more)
        if expected is None and bad is None:
            posting.record(self.who, ask)
            self.model.moves += more
            return True
        before = state()
        with pytest.raises(RuleBroken) as caught:
            posting.record(self.who, ask)
        assert caught.value.rule == (expected or "insufficient")
        if expected is None:
            assert caught.value.facts["on"] == bad
        assert state() == before
        return False

    @invariant()
    def agrees(self) -> None:
        for name, line_id in getattr(self, "ids", {}).items():
            expected = self.model.after([], name)
            found = {d: {f: getattr(p, f) for f in FIELDS} for d, p in days(line_id).items()}
            assert found == expected
            last = expected[max(expected)] if expected else dict.fromkeys(FIELDS, 0)
            now = pockets(line_id)
            assert {f: getattr(now, f) for f in FIELDS} == last
            assert now.plan == now.available + now.disbursed + now.carried_out + now.lapsed


SIZES = {"sqlite": (20, 25), "postgresql": (6, 25)}


@pytest.fixture
def machine(databases: Databases, engine_name: str) -> type[Book]:
    return type("Book", (Book,), {"databases": databases, "engine": engine_name})


def test_the_book_agrees_with_a_model_of_it(machine: type[Book]) -> None:
    examples, steps = SIZES[machine.engine]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, derandomize=True, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
