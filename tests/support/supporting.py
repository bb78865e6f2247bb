"""Support models of Sông Trà to test with: its households, its lines, and people who move them."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Final

from app.domain import support
from app.domain.access import Actor
from app.domain.households import HouseholdView
from app.domain.ledger.lines import LineView
from app.domain.support import ModelView, NewBudget, NewDelivery, NewInput, NewMember, NewModel, NewVisit
from app.domain.workflow import Order
from tests.support import book
from tests.support.folk import household
from tests.support.world import DECISION, MILLION, actor, line, post

DISTRICT: Final = "512@legacy"
TABLES: Final = (
    "support_models", "support_members", "support_inputs", "support_budgets", "support_deliveries",
    "support_visits", "workflow_events", "attachments", "documents", "audit_rows",
)  # fmt: skip
SENT, CHECKED, SIGNED, STARTED = (
    date(2023, 3, 10), date(2023, 3, 20), date(2023, 3, 31), date(2023, 4, 3),
)  # fmt: skip
GIVEN: Final = date(2023, 4, 20)
SEEN: Final = date(2023, 7, 5)


def funded(amount: int = 500 * MILLION, **key: Any) -> LineView:
    """A line of Sông Trà with so much to spend."""
    made = line(**key)
    post(made.id, "allocate", amount, "2023-01-10", document=DECISION)
    return made


def cows(quantity: int | str = 10, price: int = 20 * MILLION) -> NewInput:
    return NewInput("Bò cái giống sinh sản", "con", Decimal(quantity), price)


def new_model(**values: Any) -> NewModel:
    """A cattle model of Trà Sơn in 2023 under GNBV.2, unless `values` say otherwise."""
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "name": "Nuôi bò sinh sản thôn Trà Sơn", "project_code": "GNBV.2",
        "unit_code": "20770@legacy", "year": 2023, "template": "cattle", "hamlet_code": "20770.01",
        "group_name": "Tổ nuôi bò Trà Sơn",
    }  # fmt: skip
    return NewModel(**(defaults | values))


def model(who: Actor | None = None, **values: Any) -> ModelView:
    return support.create(who or actor("officer"), new_model(**values))[0]


def whole_model(folk: list[HouseholdView] | None = None, **values: Any) -> ModelView:
    """A model that can be sent: ten cows for three households, 180 million of a line of its own, 20 million of theirs."""
    folk = folk or [household() for _ in range(3)]
    defaults: dict[str, Any] = {
        "members": tuple(NewMember(h.id, 10 * MILLION) for h in folk), "head_id": folk[0].id,
        "inputs": (cows(),), "household_share": 20 * MILLION,
    }  # fmt: skip
    made = model(**(defaults | values))
    if "budget" in values:
        return made
    own = NewBudget(funded(support_model_id=made.id, year=made.year).id, 180 * MILLION)
    return support.update(actor("officer"), made.id, made.version, {"budget": (own,)})


def sent(made: ModelView | None = None) -> ModelView:
    return support.move(actor("officer"), (made or whole_model()).id, "submit", Order(on=SENT))


def appraised(made: ModelView | None = None) -> ModelView:
    return support.move(actor("reviewer", DISTRICT), sent(made).id, "appraise", Order(on=CHECKED))


def approved(made: ModelView | None = None) -> ModelView:
    return support.move(actor("leader", DISTRICT), appraised(made).id, "approve", Order(on=SIGNED))


def running(made: ModelView | None = None) -> ModelView:
    return support.move(actor("officer"), approved(made).id, "start", Order(on=STARTED))


def people_of(made: ModelView) -> list[uuid.UUID]:
    return [m.household_id for m in support.whole(actor("officer"), made.id).members]


def input_of(made: ModelView) -> uuid.UUID:
    return support.whole(actor("officer"), made.id).inputs[0].id


def given(made: ModelView, quantity: int | str = 1, to: int = 0, **values: Any) -> NewDelivery:
    """What the household `to` of a model receives of its first input."""
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "household_id": people_of(made)[to], "input_id": input_of(made),
        "quantity": Decimal(quantity), "delivered_on": GIVEN, "signed": True,
    }  # fmt: skip
    return NewDelivery(**(defaults | values))


def visited(made: ModelView, to: int = 0, **values: Any) -> NewVisit:
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(),
        "household_id": people_of(made)[to],
        "visited_on": SEEN,
    }
    return NewVisit(**(defaults | values))


fails = partial(book.fails, of=TABLES)
