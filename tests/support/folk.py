"""Households in the register of a commune, as its officer would record them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from app.domain import households
from app.domain.access import Actor
from app.domain.households import HouseholdFilter, HouseholdView, NewHousehold, NewStatus
from app.domain.ledger.entries import Document
from tests.support.world import actor

NAME = "Hồ Văn Minh"
MASKED = "H*** V*** M***"
KEY = "x4cUMPjoMYMCHYJgOgh9DvJ3BnTVKNvUVUiKxPB5vTc="
OTHER_KEY = "RjGFEvl4bSkYLPYFc2YJpvoArHOEIIKlC6MhzjVGMhk="
DECISION = Document("120/QĐ-UBND", date(2022, 12, 20), "UBND xã Sông Trà")


def household(who: Actor | None = None, **values: Any) -> HouseholdView:
    """A household of Trà Sơn, poor in 2023, unless `values` say otherwise."""
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "unit_code": "20770@legacy", "head_name": NAME, "hamlet_code": "20770.01",
        "birth_year": 1980, "statuses": (NewStatus(2023, "poor", DECISION),),
    }  # fmt: skip
    return households.create(who or actor("officer"), NewHousehold(**(defaults | values)))[0]


def of_years(**statuses: str) -> tuple[NewStatus, ...]:
    """`of_years(y2022="poor", y2023="escaped")`."""
    return tuple(NewStatus(int(year[1:]), status) for year, status in statuses.items())


def found(who: Actor | None = None, **wanted: Any) -> list[HouseholdView]:
    """Households by code, as an officer sees them."""
    return households.households(
        who or actor("officer"), HouseholdFilter(**wanted), purpose="page", by_code=True, limit=10_000
    )
