"""/api/v1/reports/support-received and /support-outcomes: who got what from support models, and what came of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples_outcomes as examples
from app.api.operations import closed, shows
from app.api.security import api_router, quick
from app.api.shapes import Dong, QueryCode, QueryYear, Structure, figure, one_of
from app.domain import territory
from app.domain.access import Actor
from app.domain.support import outcomes, received
from app.domain.support.outcomes import Outcome
from app.web.answers import answer
from app.web.schema import Body

router = api_router("reports")
By = Literal["model", "hamlet", "year", "commune"]
Status = Literal["poor", "near_poor", "escaped"]


@closed
class Gift(TypedDict):
    """Hộ nhận gì từ một mô hình trong năm; `value` theo đơn giá đã duyệt · what a household received."""

    household_id: UUID
    household_code: str
    unit_name: str
    hamlet: str | None
    program_code: str
    project_code: str
    model_id: UUID
    model_name: str
    deliveries: int
    value: Dong


@closed
class Twice(TypedDict):
    """Hộ được hỗ trợ cùng một nội dung, kèm mô hình duyệt trước; `received_on` null khi chưa nhận · the same again, with
    the model approved before; null while not received.
    """

    household_id: UUID
    household_code: str
    model_id: UUID
    model_name: str
    year: int
    approved_on: date
    kinds: list[str]
    received_on: date | None


@closed
class Waiting(TypedDict):
    """Hộ thuộc diện mà chưa từng được hỗ trợ · may be supported, never was."""

    household_id: UUID
    household_code: str
    unit_name: str
    hamlet: str | None
    status: Annotated[str, one_of(Status)]


@closed
class ReceivedReport(TypedDict):
    """Ai được gì trong năm; `gifts` nhiều nhất `limit` dòng đầu, `count` là tất cả · the first `limit`, `count` all."""

    unit: str
    unit_structure: Annotated[str, one_of(Structure)]
    year: int
    count: int
    households: int
    value: Dong
    gifts: list[Gift]
    twice: list[Twice]
    waiting: list[Waiting]


@closed
class OutcomeRow(TypedDict):
    """Kết quả của các mô hình; số bản ghi đứng sau mỗi con số đi kèm · each figure with the count behind it."""

    label: str
    models: int
    households: int
    value: Dong
    counted: Annotated[
        int,
        Field(
            description="Hộ nghèo, cận nghèo của mô hình các năm trước, đã có diện của năm · of models of earlier years, "
            "with a status of the year"
        ),
    ]
    left_poverty: int
    counted_value: Annotated[Dong, Field(description="Đã cấp cho các hộ `counted`, đồng · delivered to them")]
    cost_per_left: Annotated[Dong | None, Field(description="`counted_value` / `left_poverty`, đồng")]
    visited: int
    alive: int
    dead: int
    sold: int
    born: Annotated[int, Field(description="Con sinh thêm, trong `alive`, `sold` · offspring among them")]
    heads: Annotated[
        float,
        Field(description="Con đã cấp cho các hộ `visited` đến lần thăm · delivered to them by that visit"),
    ]
    unaccounted: Annotated[
        float,
        Field(description="Chưa rõ: `heads` − (alive + dead + sold − born) · neither found nor said dead"),
    ]
    survival: Annotated[
        float | None,
        Field(description="Của con được cấp: (alive + sold − born) / `heads` · of those delivered"),
    ]
    incomes: int
    mean_income_change: Dong | None


@closed
class OutcomeReport(TypedDict):
    """So các mô hình theo một cách; `total` là tất cả cộng lại · models compared one way."""

    unit: str
    unit_structure: Annotated[str, one_of(Structure)]
    year: int
    by: Annotated[str, one_of(By)]
    rows: list[OutcomeRow]
    total: OutcomeRow


class ReceivedQuery(Body):
    unit: Annotated[QueryCode, Field(examples=["20770"])]
    year: QueryYear
    limit: Annotated[int, Field(ge=1, le=500)] = 500


class OutcomeQuery(Body):
    unit: Annotated[QueryCode, Field(examples=["20770"])]
    year: Annotated[
        QueryYear,
        Field(
            description="Diện của hộ theo năm này; cấp phát, thăm hộ đến hết năm · statuses of this year, deliveries and "
            "visits by its end"
        ),
    ]
    by: By = "model"


def _row(o: Outcome) -> OutcomeRow:
    return {
        "label": o.label, "models": o.models, "households": o.households, "value": o.value, "counted": o.counted,
        "left_poverty": o.left, "counted_value": o.counted_value, "cost_per_left": o.cost_per_left,
        "visited": o.visited, "alive": o.alive, "dead": o.dead, "sold": o.sold, "born": o.born,
        "heads": float(o.heads), "unaccounted": float(o.unknown), "survival": figure(o.survival), "incomes": o.incomes,
        "mean_income_change": o.mean_change,
    }  # fmt: skip


@router.get(
    "/reports/support-received",
    **shows(ReceivedReport, examples.RECEIVED),
    summary="Ai được hỗ trợ gì · who gets what",
)
@quick
def report_received(actor: Actor, query: Annotated[ReceivedQuery, Query()]) -> Response:
    """What households received from support models in a year, by code; who was given the same before, and who may be
    supported and never was. No name of a person is in it.
    """
    unit = territory.find(actor, query.unit, year=query.year)
    found = received.received(actor, unit, query.year, limit=query.limit)
    report: ReceivedReport = {
        "unit": unit.code, "unit_structure": unit.structure, "year": query.year, "count": found.count,
        "households": found.households, "value": found.value,
        "gifts": [
            {
                "household_id": g.household_id, "household_code": g.code, "unit_name": g.unit_name,
                "hamlet": g.hamlet, "program_code": g.program_code, "project_code": g.project_code,
                "model_id": g.model_id, "model_name": g.model_name, "deliveries": g.deliveries, "value": g.value,
            }
            for g in found.gifts
        ],
        "twice": [
            {
                "household_id": t.household_id, "household_code": t.household_code, "model_id": t.model_id,
                "model_name": t.model_name, "year": t.year, "approved_on": t.approved_on, "kinds": list(t.kinds),
                "received_on": t.received_on,
            }
            for t in found.twice
        ],
        "waiting": [
            {
                "household_id": w.household_id, "household_code": w.code, "unit_name": w.unit_name,
                "hamlet": w.hamlet, "status": w.status,
            }
            for w in found.waiting
        ],
    }  # fmt: skip
    return answer(report)


@router.get(
    "/reports/support-outcomes",
    **shows(OutcomeReport, examples.OUTCOMES),
    summary="Kết quả của các mô hình · what came of models",
)
@quick
def report_outcomes(actor: Actor, query: Annotated[OutcomeQuery, Query()]) -> Response:
    """Cost for each household that left poverty, survival of animals and change of income, reckoned from records alone,
    each with how many it comes from; by model, hamlet, year or commune.
    """
    unit = territory.find(actor, query.unit, year=query.year)
    rows, total = outcomes.outcomes(actor, unit, query.year, query.by)
    report: OutcomeReport = {
        "unit": unit.code, "unit_structure": unit.structure, "year": query.year, "by": query.by,
        "rows": [_row(o) for o in rows], "total": _row(total),
    }  # fmt: skip
    return answer(report)
