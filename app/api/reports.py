"""/api/v1/reports: figures as of a day, as known at a moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import closed, shows
from app.api.security import api_router
from app.api.shapes import CapitalKind, Dong, QueryCode, QueryYear, Structure, one_of
from app.domain.access import Actor
from app.domain.ledger import figures
from app.domain.ledger.pockets import Pockets
from app.web.answers import answer
from app.web.schema import Body, IsoDate, Moment

router = api_router("reports")


@closed
class Money(TypedDict):
    """`plan` gồm cả `carried_in`; `rate` = disbursed / plan, 4 chữ số, null khi plan là 0 · null where plan is 0."""

    plan: Dong
    carried_in: Dong
    carried_out: Dong
    lapsed: Dong
    disbursed: Dong
    advanced: Dong
    paid: Dong
    settled: Dong
    available: Dong
    rate: Annotated[float | None, Field(description="1 = 100 %")]


@closed
class DisbursementRow(Money):
    """Tiền của một dự án, một nguồn, một loại vốn · one project, source and capital kind."""

    program_code: str
    project_code: str
    source: str
    capital_kind: Annotated[str, one_of(CapitalKind)]


@closed
class DisbursementReport(TypedDict):
    """Hỏi lại với `as_of` và `known_at` này luôn được đúng những số này · asked again, the same figures for ever."""

    unit: str
    unit_structure: Annotated[str, one_of(Structure)]
    unit_name: str
    year: int
    as_of: date
    known_at: datetime | None
    rows: list[DisbursementRow]
    total: Money


def _money(p: Pockets) -> Money:
    return {
        "plan": p.plan, "carried_in": p.carried_in, "carried_out": p.carried_out, "lapsed": p.lapsed,
        "disbursed": p.disbursed, "advanced": p.advanced, "paid": p.paid, "settled": p.settled,
        "available": p.available, "rate": figures.rate(p.disbursed, p.plan),
    }  # fmt: skip


def _row(r: figures.Row) -> DisbursementRow:
    return {
        "program_code": r.program_code, "project_code": r.project_code, "source": r.source,
        "capital_kind": r.capital_kind, **_money(r.pockets),
    }  # fmt: skip


class ReportQuery(Body):
    unit: Annotated[
        QueryCode, Field(description="Đơn vị và cấp dưới · the unit's subtree", examples=["20770"])
    ]
    year: Annotated[QueryYear, Field(description="Năm ngân sách · budget year")]
    as_of: Annotated[
        IsoDate | None, Field(description="Chứng từ đến ngày này; mặc định hôm nay · vouchers up to a day")
    ] = None
    known_at: Annotated[
        Moment | None, Field(description="Đã ghi sổ đến lúc này; mặc định bây giờ · as recorded by then")
    ] = None


@router.get(
    "/reports/disbursement",
    **shows(DisbursementReport, examples.REPORT),
    summary="Báo cáo giải ngân · the disbursement report",
)
def report_disbursement(actor: Actor, query: Annotated[ReportQuery, Query()]) -> Response:
    """Money by project, source and capital kind, with its total. `as_of` bounds the vouchers' dates, `known_at` when
    they were recorded; neither the moment nor what it shows ever changes. A `known_at` ahead of now is refused.
    """
    found = figures.disbursement(actor, query.unit, query.year, as_of=query.as_of, known_at=query.known_at)
    report: DisbursementReport = {
        "unit": found.unit.code, "unit_structure": found.unit.structure, "unit_name": found.unit.name,
        "year": found.year, "as_of": found.as_of, "known_at": found.known_at,
        "rows": [_row(row) for row in found.rows], "total": _money(found.total),
    }  # fmt: skip
    return answer(report)
