"""/api/v1/disbursements: what was disbursed, entry by entry, signed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, cast
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import closed, lists
from app.api.security import api_router, quick
from app.api.shapes import CapitalKind, Document, Dong, QueryCode, Structure, UnitQuery, document, one_of
from app.domain.access import Actor
from app.domain.ledger import disbursements
from app.web.answers import answer
from app.web.cursor import Order
from app.web.schema import ClientId, IsoDate

router = api_router("ledger")
_ORDER = Order("disbursements", (datetime, UUID, int))
Kind = Literal["advance", "pay", "refund", "carry_over", "reversal"]


@closed
class Disbursement(TypedDict):
    """Một lần giải ngân. `id` là của bút toán; tạm ứng chuyển nguồn có hai dòng, trừ ở dòng vốn cũ, cộng ở dòng vốn
    mới · `id` is the entry's; a carried advance stands twice, minus on the old line and plus on the new.
    """

    id: UUID
    budget_line_id: UUID
    kind: Annotated[str, one_of(Kind)]
    amount: Annotated[int, Field(description="đồng, có dấu · signed")]
    effective_date: date
    document: Document
    memo: str
    contract_id: UUID | None
    reverses_id: UUID | None
    recorded_at: datetime
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    program_code: str
    project_code: str
    source: str
    capital_kind: Annotated[str, one_of(CapitalKind)]
    year: int
    work_id: UUID | None


@closed
class Disbursements(TypedDict):
    """Một trang; `total` là tổng của cả bộ lọc, khi hỏi `with_total` · the sum of all pages, when asked for."""

    items: list[Disbursement]
    next: str | None
    total: Dong | None


def disbursement(v: disbursements.Disbursement) -> Disbursement:
    return {
        "id": v.id, "budget_line_id": v.budget_line_id, "kind": v.kind, "amount": v.amount,
        "effective_date": v.effective_date, "document": document(v.document), "memo": v.memo,
        "contract_id": v.contract_id, "reverses_id": v.reverses_id, "recorded_at": v.recorded_at,
        "unit_code": v.unit_code, "unit_structure": v.unit_structure, "program_code": v.program_code,
        "project_code": v.project_code, "source": v.source, "capital_kind": v.capital_kind, "year": v.year,
        "work_id": v.work_id,
    }  # fmt: skip


class DisbursementQuery(UnitQuery):
    budget_line_id: ClientId | None = None
    kind: Kind | None = None
    contract_id: ClientId | None = None
    work_id: ClientId | None = None
    program_code: QueryCode | None = None
    project_code: QueryCode | None = None
    source: QueryCode | None = None
    capital_kind: CapitalKind | None = None
    effective_from: IsoDate | None = None
    effective_to: IsoDate | None = None
    with_total: Annotated[bool, Field(description="Kèm tổng của cả bộ lọc · with the sum of all pages")] = (
        False
    )


@router.get(
    "/disbursements",
    **lists(Disbursement, examples.DISBURSEMENT, page=Disbursements, total=200_000_000),
    summary="Giải ngân · disbursements",
)
@quick
def list_disbursements(actor: Actor, query: Annotated[DisbursementQuery, Query()]) -> Response:
    """Advances and payments are positive, refunds negative, a reversal opposite to its original; a carried advance is
    minus on the old line and plus on the new. The sums are `disbursed` of the lines. In the order of recording.
    """
    wanted = disbursements.DisbursementFilter(**query.model_dump(exclude={"limit", "cursor", "with_total"}))
    seen = cast("disbursements.Key | None", _ORDER.decode(query.cursor))
    found = disbursements.disbursements(actor, wanted, after=seen, limit=query.limit + 1)
    shown = found[: query.limit]
    given: Disbursements = {
        "items": [disbursement(d) for d in shown],
        "next": _ORDER.encode(*shown[-1].key) if len(found) > query.limit else None,
        "total": disbursements.disbursed(actor, wanted) if query.with_total else None,
    }
    return answer(given)
