"""/api/v1/deadline-extensions: until when lines may pay out, where a document allows longer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import after, by_moment, closed, lists, paged
from app.api.security import api_router
from app.api.shapes import CapitalKind, Document, Structure, UnitQuery, document, one_of
from app.domain.access import Actor
from app.domain.ledger import deadlines

router = api_router("ledger")
_ORDER = by_moment("deadline-extensions")


@closed
class DeadlineExtension(TypedDict):
    """Gia hạn giải ngân cho đơn vị và cấp dưới; dự án hoặc nguồn trống nghĩa là mọi thứ · null means any."""

    id: UUID
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    project_code: str | None
    source: str | None
    capital_kind: Annotated[str, one_of(CapitalKind)]
    year: int
    last_day: date
    document: Document
    created_by: str
    created_at: datetime


def extension(v: deadlines.ExtensionView) -> DeadlineExtension:
    return {
        "id": v.id, "unit_code": v.unit_code, "unit_structure": v.unit_structure, "project_code": v.project_code,
        "source": v.source, "capital_kind": v.capital_kind, "year": v.year, "last_day": v.last_day,
        "document": document(v.document), "created_by": v.created_by, "created_at": v.created_at,
    }  # fmt: skip


@router.get(
    "/deadline-extensions",
    **lists(DeadlineExtension, examples.EXTENSION),
    summary="Gia hạn giải ngân · extended deadlines",
)
def list_deadline_extensions(actor: Actor, query: Annotated[UnitQuery, Query()]) -> Response:
    """Extensions that bear on the caller's subtree, granted in it or above it, in the order of granting. People grant
    them: `/ledger/deadlines`.
    """
    wanted = query.model_dump(exclude={"limit", "cursor"})
    found = deadlines.extensions(
        actor, **wanted, oldest_first=True, after=after(_ORDER, query), limit=query.limit + 1
    )
    return paged(found, query, extension, lambda last: _ORDER.encode(last.created_at, last.id))
