"""The demonstration's plans: drafted by the commune, sent, returned or appraised by the district, approved there.

That Trà Sơn is to qualify in 2024 and Trà Huỳnh in 2025, and whom their plans go to, are facts; every plan's text, every
document and every amount is invented.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from app.domain import plans, tasks
from app.domain.access import Actor
from app.domain.demo_base import day, id_of, rows
from app.domain.ledger.entries import Document
from app.domain.plans import NewFund, NewPlan
from app.domain.tasks import NewProgress, NewTask
from app.domain.workflow import Order

_BY: Final = {"submit": 0, "appraise": 1, "return": 1, "approve": 2}


def load_plans(officer: Actor, reviewer: Actor, leader: Actor) -> None:
    """Draft what the files have and take each as far as it stands there; what has happened already is left alone."""
    for row in rows("plans"):
        plan_id = id_of("plan", row["key"])
        new = NewPlan(
            plan_id, row["kind"], row["unit"], row["program"], int(row["year"]) if row["year"] else None,
            row["title"], row["responsible"], day(row["due_on"]), items=tuple(_items(row["key"], sent=1)),
            funds=tuple(_funds(row["key"])),
        )  # fmt: skip
        plans.create(officer, new, illustrative=True)
        _move((officer, reviewer, leader), plan_id, row["key"])
        _report(officer, plan_id, row["key"])


def _of(name: str, plan: str) -> Iterator[dict[str, str]]:
    return (row for row in rows(name) if row["plan"] == plan)


def _task_id(row: dict[str, str]) -> uuid.UUID:
    return id_of("plan-task", f"{row['plan']}/{row['key']}")


def _items(plan: str, sent: int) -> Iterator[NewTask]:
    """The tasks that a plan had when it was sent so often."""
    for row in _of("plan-tasks", plan):
        if int(row["since"] or 1) > sent:
            continue
        yield NewTask(
            row["text"], _task_id(row), row["kind"], row["measure"],
            Decimal(row["quantity"]) if row["quantity"] else None, day(row["due_on"]), row["responsible"],
            id_of("work", row["work"]) if row["work"] else None,
            id_of("line", row["line"]) if row["line"] else None,
        )  # fmt: skip


def _funds(plan: str) -> Iterator[NewFund]:
    for row in _of("plan-funds", plan):
        yield NewFund(
            int(row["amount"]), row["project"] or None, row["source"] or None, row["capital_kind"] or None,
            id_of("line", row["line"]) if row["line"] else None, row["note"],
        )  # fmt: skip


def _move(people: tuple[Actor, Actor, Actor], plan_id: uuid.UUID, plan: str) -> None:
    happened = len(plans.history(people[0], plan_id))
    for row in list(_of("plan-moves", plan))[happened:]:
        on = date.fromisoformat(row["on"])
        document = Document(row["number"], on, row["issuer"]) if row["number"] else None
        order = Order(row["remark"], document, on, day(row["due_on"]))
        standing = plans.get(people[0], plan_id)
        if standing.state == "returned":
            items = tuple(_items(plan, standing.version_number + 1))
            plans.update(people[0], plan_id, standing.version, {"items": items})
        plans.move(people[_BY[row["move"]]], plan_id, row["move"], order)


def _report(officer: Actor, plan_id: uuid.UUID, plan: str) -> None:
    for row in _of("plan-tasks", plan):
        if row["reported_on"]:
            on, id_ = date.fromisoformat(row["reported_on"]), _task_id(row)
            new = NewProgress(uuid.uuid5(id_, row["reported_on"]), Decimal(row["value"]), on, row["note"])
            tasks.report(officer, ("plan", plan_id), id_, new)
