"""Plans to measure on: sixty of a commune, each with tasks, money and its way to approval, by the domain itself."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

from app.domain import plans
from app.domain.access import Actor
from app.domain.plans import NewFund, NewPlan
from app.domain.tasks import NewTask
from app.domain.workflow import Order
from bench.data import MILLION, YEAR

PLANS: Final = 60
TASKS: Final = 12


def fill(writer: Actor, above: Actor) -> uuid.UUID:
    """Plans of which each third was sent, returned and sent again, or approved; the one made last."""
    last = uuid.uuid4()
    for i in range(PLANS):
        last = uuid.uuid4()
        items = tuple(NewTask(f"Việc đo tốc độ {n}", due_on=date(YEAR, 6, 30)) for n in range(TASKS))
        funds = (
            NewFund(100 * MILLION, "GNBV.2", "central", "recurrent"),
            NewFund(10 * MILLION, "GNBV.1", "district", "recurrent"),
        )
        new = NewPlan(
            last,
            "year",
            "20770@legacy",
            "GNBV",
            YEAR - i % 3,
            f"Kế hoạch đo tốc độ {i}",
            items=items,
            funds=funds,
        )
        plans.create(writer, new, illustrative=True)
        for who, move in (
            (writer, "submit"),
            (above, "return"),
            (writer, "submit"),
            (above, "appraise"),
            (above, "approve"),
        )[: i % 3 * 2 + 1]:
            plans.move(who, last, move, Order("Đo tốc độ"))
    return last
