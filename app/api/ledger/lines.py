"""/api/v1/budget-lines: lines with their money, and distributing from one to others."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.ledger.entries import Entries, recorded
from app.api.operations import (
    Change,
    after,
    by_moment,
    changes,
    closed,
    creates,
    current_as,
    lists,
    paged,
    shows,
)
from app.api.security import api_router, quick
from app.api.shapes import (
    CapitalKind,
    Code,
    DocumentBody,
    Dong,
    QueryCode,
    QueryYear,
    Structure,
    UnitCode,
    UnitQuery,
    one_of,
)
from app.domain.access import Actor
from app.domain.ledger import distribution, line_keys, lines
from app.domain.ledger.posting import MAX_BATCH
from app.web.answers import Version, answer, created, etag
from app.web.schema import Amount, Body, ClientId, IsoDate, Text, Year

router = api_router("ledger")
_ORDER = by_moment("budget-lines")
Note = Annotated[str, Text(300, least=0)]


@closed
class BudgetLine(TypedDict):
    """Dòng vốn. `plan` = allocated + carried_in = available + advanced + paid + settled + carried_out + lapsed."""

    id: UUID
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    unit_name: str
    program_code: str
    project_code: str
    source: str
    capital_kind: Annotated[str, one_of(CapitalKind)]
    year: int
    origin_year: int
    work_id: UUID | None
    support_model_id: UUID | None
    note: str
    plan: Dong
    allocated: Dong
    carried_in: Dong
    carried_out: Dong
    lapsed: Dong
    available: Dong
    advanced: Dong
    paid: Dong
    settled: Dong
    disbursed: Dong
    updated_at: datetime
    illustrative: bool


def line(v: lines.LineView) -> BudgetLine:
    return {
        "id": v.id, "unit_code": v.unit_code, "unit_structure": v.unit_structure, "unit_name": v.unit_name,
        "program_code": v.program_code, "project_code": v.project_code, "source": v.source,
        "capital_kind": v.capital_kind, "year": v.year, "origin_year": v.origin_year, "work_id": v.work_id,
        "support_model_id": v.support_model_id, "note": v.note, "plan": v.allocated + v.carried_in,
        "allocated": v.allocated, "carried_in": v.carried_in, "carried_out": v.carried_out, "lapsed": v.lapsed,
        "available": v.available, "advanced": v.advanced, "paid": v.paid, "settled": v.settled,
        "disbursed": v.advanced + v.paid + v.settled, "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


class LineQuery(UnitQuery):
    origin_year: QueryYear | None = None
    program_code: QueryCode | None = None
    project_code: Annotated[QueryCode | None, Field(description="Cả các tiểu dự án · with its parts")] = None
    source: QueryCode | None = None
    capital_kind: CapitalKind | None = None
    work_id: ClientId | None = None
    support_model_id: ClientId | None = None


class NewLine(Body):
    """Khóa của dòng vốn; `origin_year` mặc định là `year` · the line's key."""

    id: ClientId
    unit_code: UnitCode
    project_code: Code
    source: Code
    capital_kind: CapitalKind
    year: Year
    origin_year: Year | None = None
    work_id: ClientId | None = None
    support_model_id: ClientId | None = None
    note: Note = ""


class LineChange(Change):
    """`note` lúc nào cũng sửa được, khóa chỉ trước bút toán đầu tiên · the key only before the first entry."""

    note: Note = ""
    unit_code: UnitCode = ""
    project_code: Code = ""
    source: Code = ""
    capital_kind: CapitalKind = "investment"
    year: Year = 0
    origin_year: Year = 0
    work_id: ClientId | None = None
    support_model_id: ClientId | None = None


class Share(Body):
    budget_line_id: ClientId
    amount: Amount


class Distribution(Body):
    id: ClientId
    document: DocumentBody
    effective_date: IsoDate
    to: Annotated[list[Share], Field(min_length=1, max_length=MAX_BATCH - 1)]


@router.get("/budget-lines", **lists(BudgetLine, examples.LINE), summary="Các dòng vốn · budget lines")
@quick
def list_budget_lines(actor: Actor, query: Annotated[LineQuery, Query()]) -> Response:
    """Lines in the order in which they changed last. Money moves without changing a line: follow it by
    `ledger-entries`. `project_code` takes in what stands below a project.
    """
    wanted = lines.LineFilter(**query.model_dump(exclude={"limit", "cursor"}))
    found = lines.lines(actor, wanted, after=after(_ORDER, query), limit=query.limit + 1)
    return paged(found, query, line, lambda last: _ORDER.encode(last.updated_at, last.id))


@router.get(
    "/budget-lines/{id}",
    **shows(BudgetLine, examples.LINE, etag=True),
    summary="Một dòng vốn · one budget line",
)
@quick
def get_budget_line(actor: Actor, id: ClientId) -> Response:
    """A line with its money now. The ETag covers what can be edited, not the money."""
    found = lines.get(actor, id)
    return answer(line(found), etag=etag(found.version))


@router.post(
    "/budget-lines",
    **creates(BudgetLine, examples.NEW_LINE, examples.LINE, etag=True),
    summary="Lập dòng vốn · make a budget line",
)
def create_budget_line(actor: Actor, body: NewLine) -> Response:
    """A line stands on a leaf of the project tree and serves at most one work or one support model.

    The same key twice is refused (`line_exists`, with `line_id`).
    """
    made, new = line_keys.create(actor, line_keys.NewLine(**dict(body)))
    return created(line(made), new=new, etag=etag(made.version), location=f"/api/v1/budget-lines/{made.id}")


@router.patch(
    "/budget-lines/{id}",
    **changes(BudgetLine, examples.LINE_CHANGE, examples.LINE),
    summary="Sửa dòng vốn · change a budget line",
)
def change_budget_line(actor: Actor, id: ClientId, body: LineChange, version: Version) -> Response:
    """The note at any time; the key only before the first entry (`line_frozen`)."""
    with current_as(line):
        changed = line_keys.update(actor, id, version, body.sent())
    return answer(line(changed), etag=etag(changed.version))


@router.post(
    "/budget-lines/{id}/distribute",
    **creates(Entries, examples.DISTRIBUTION, examples.ENTRIES),
    summary="Phân khai · distribute",
)
def distribute_budget_line(actor: Actor, id: ClientId, body: Distribution) -> Response:
    """Withdraws the sum here and allocates each share below, in one transaction, on one document.

    The first entry withdraws and bears the distribution's own id; each line that receives must have the same
    project, source, capital kind and year, in this unit or below it (`distribute_key`).
    """
    shares = [distribution.Share(share.budget_line_id, share.amount) for share in body.to]
    return recorded(
        *distribution.distribute(actor, id, body.id, body.document.entered(), body.effective_date, shares)
    )
