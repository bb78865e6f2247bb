"""Plans of Sông Trà to test with, and people who move them."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Final

from app.domain import plans
from app.domain.access import Actor
from app.domain.plans import NewFund, NewPlan, PlanView
from app.domain.tasks import NewTask
from app.domain.workflow import Order
from tests.support import book
from tests.support.world import actor

DISTRICT: Final = "512@legacy"
TABLES: Final = ("plans", "plan_versions", "plan_funds", "tasks", "workflow_events", "audit_rows")
SENT, CHECKED, SIGNED = date(2023, 3, 10), date(2023, 3, 20), date(2023, 3, 31)
MILLION: Final = 1_000_000


def new_plan(**values: Any) -> NewPlan:
    """A plan of Sông Trà for 2023 of the programme of poverty reduction, unless `values` say otherwise."""
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "kind": "year", "unit_code": "20770@legacy", "program_code": "GNBV", "year": 2023,
    }  # fmt: skip
    return NewPlan(**(defaults | values))


def plan(who: Actor | None = None, **values: Any) -> PlanView:
    return plans.create(who or actor("officer"), new_plan(**values))[0]


def hamlet_plan(**values: Any) -> PlanView:
    """The plan of Trà Huỳnh to become a model hamlet in 2025."""
    defaults: dict[str, Any] = {
        "kind": "model_hamlet", "unit_code": "20770.02@legacy", "program_code": None, "year": 2025,
    }  # fmt: skip
    return plan(**(defaults | values))


def fund(amount: int = 100 * MILLION, **values: Any) -> NewFund:
    defaults: dict[str, Any] = {"project_code": "GNBV.2", "source": "central", "capital_kind": "recurrent"}
    return NewFund(amount, **(defaults | values))


def sent(made: PlanView | None = None) -> PlanView:
    return plans.move(actor("officer"), (made or plan()).id, "submit", Order(on=SENT))


def returned(made: PlanView | None = None, remark: str = "Bổ sung nguồn vốn") -> PlanView:
    order = Order(remark, on=CHECKED)
    return plans.move(actor("reviewer", DISTRICT), sent(made).id, "return", order)


def approved(made: PlanView | None = None) -> PlanView:
    id_ = sent(made).id
    plans.move(actor("reviewer", DISTRICT), id_, "appraise", Order(on=CHECKED))
    return plans.move(actor("leader", DISTRICT), id_, "approve", Order(on=SIGNED))


def whole_plan(**values: Any) -> PlanView:
    """A plan with two tasks and money."""
    items = (
        NewTask("Hỗ trợ bò giống", measure="con", quantity=Decimal(20)),
        NewTask("Vận động", kind="solution"),
    )
    return plan(**({"items": items, "funds": (fund(),)} | values))


fails = partial(book.fails, of=TABLES)
