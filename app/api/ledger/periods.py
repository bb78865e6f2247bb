"""/api/v1/closed-periods: months and years in which a unit's book takes no more entries."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import after, by_moment, closed, lists, paged
from app.api.security import api_router
from app.api.shapes import Structure, UnitQuery, one_of
from app.domain.access import Actor
from app.domain.ledger import periods

router = api_router("ledger")
_ORDER = by_moment("closed-periods")


@closed
class ClosedPeriod(TypedDict):
    """Kỳ đã khóa sổ; còn khóa khi `opened_at` trống · closed as long as `opened_at` is null."""

    id: UUID
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    year: int
    month: Annotated[int, Field(description="0: cả năm · the whole year")]
    closed_by: str
    closed_at: datetime
    opened_by: str | None
    opened_at: datetime | None
    reason: str


def period(v: periods.PeriodView) -> ClosedPeriod:
    return {
        "id": v.id, "unit_code": v.unit_code, "unit_structure": v.unit_structure, "year": v.year,
        "month": v.month, "closed_by": v.closed_by, "closed_at": v.closed_at, "opened_by": v.opened_by,
        "opened_at": v.opened_at, "reason": v.reason,
    }  # fmt: skip


@router.get(
    "/closed-periods", **lists(ClosedPeriod, examples.PERIOD), summary="Kỳ đã khóa sổ · closed periods"
)
def list_closed_periods(actor: Actor, query: Annotated[UnitQuery, Query()]) -> Response:
    """Closed months and years, and those opened again, in the order of their last change. People close and open
    them: `/ledger/periods`.
    """
    wanted = query.model_dump(exclude={"limit", "cursor"})
    found = periods.periods(
        actor, **wanted, oldest_first=True, after=after(_ORDER, query), limit=query.limit + 1
    )
    return paged(found, query, period, lambda last: _ORDER.encode(last.changed_at, last.id))
