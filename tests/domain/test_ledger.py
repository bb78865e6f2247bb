"""What the ledger promises, on both engines."""

from __future__ import annotations

import pytest

from app.domain.ledger import lines
from app.errors import RuleBroken
from tests.support.world import MILLION, World, actor, line, post


def test_the_issue_of_money_from_allocation_to_payment(world: World) -> None:
    made = line()
    post(made.id, "allocate", 1_000 * MILLION, "2023-01-05")
    post(made.id, "advance", 300 * MILLION, "2023-03-01")
    post(made.id, "recover", 300 * MILLION, "2023-05-01")
    post(made.id, "pay", 200 * MILLION, "2023-06-01")
    now = lines.get(actor(), made.id)
    assert (now.available, now.paid, now.disbursed) == (500 * MILLION, 500 * MILLION, 500 * MILLION)
    with pytest.raises(RuleBroken) as refused:
        post(made.id, "pay", 500 * MILLION + 1, "2023-06-02")
    assert refused.value.rule == "insufficient"
    assert (refused.value.facts["asked"], refused.value.facts["held"]) == (500 * MILLION + 1, 500 * MILLION)
    assert lines.get(actor(), made.id) == now
