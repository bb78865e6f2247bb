"""Households of a work, and payments of compensation in the book, as their officer would record them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import sqlalchemy as sa

from app import db
from app.domain.access import Actor
from app.domain.ledger.entries import EntryView
from app.domain.works import clearance, clearance_editing, clearance_households
from app.domain.works.clearance import ClearanceView
from app.domain.works.clearance_editing import NewHousehold
from app.domain.works.clearance_households import HouseholdFilter, HouseholdView
from app.models.clearance import PersonalView
from tests.support.world import MILLION, actor, line, post

NAME = "Hồ Văn Minh"
MASKED = "H*** V*** M***"


def household(work_id: uuid.UUID, who: Actor | None = None, **values: Any) -> HouseholdView:
    """A household that is due 10 million đồng, unless `values` say otherwise."""
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "code": f"H{uuid.uuid4().hex[:6]}", "head_name": NAME, "area_dm2": 12_050,
        "compensation_due": 10 * MILLION,
    }  # fmt: skip
    new = NewHousehold(work_id=work_id, **(defaults | values))
    return clearance_editing.create(who or actor("officer"), new)[0]


def planned(work_id: uuid.UUID, amount: int | None) -> ClearanceView:
    """The work's clearance with this plan."""
    found = clearance.get(actor(), work_id)
    return clearance.update(actor(), work_id, found.version, {"plan_amount": amount})


def found(work_id: uuid.UUID, who: Actor | None = None, **wanted: Any) -> list[HouseholdView]:
    """A work's households by code, as an officer sees them."""
    return clearance_households.households(
        who or actor("officer"),
        work_id,
        HouseholdFilter(**wanted),
        purpose="page",
        by_code=True,
        limit=10_000,
    )


def compensation(work_id: uuid.UUID, amount: int = 10 * MILLION, **values: Any) -> EntryView:
    """A payment without a contract on a new line of the work."""
    key: dict[str, Any] = {"work_id": work_id, "project_code": "DTTS.4.1", "capital_kind": "investment"}
    made = line(**key, source=values.pop("source", "central"))
    post(made.id, "allocate", 100 * amount, "2023-01-05")
    more: dict[str, Any] = {"no_contract_reason": "Bồi thường, giải phóng mặt bằng"} | values
    return post(made.id, "pay", amount, date(2023, 3, 1), **more)


def views(*, masked: bool | None = None) -> list[tuple[str, str, str, int, str]]:
    """(who, kind, id, how many persons, why) of every view on record, or of those that showed masks, oldest first."""
    V = PersonalView
    query = sa.select(V.actor, V.subject_kind, V.subject_id, V.people, V.purpose).order_by(V.id)
    if masked is not None:
        query = query.where(V.masked == masked)
    with db.snapshot() as session:
        rows = session.execute(query)
        return [tuple(row) for row in rows]  # type: ignore[misc]  # five columns
