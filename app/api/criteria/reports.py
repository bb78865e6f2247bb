"""/api/v1/reports/criteria and /criteria-matrix: one unit's criteria, and those of many side by side."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples_criteria as examples
from app.api.operations import closed, shows
from app.api.security import api_router, quick
from app.api.shapes import QueryCode, Structure, figure, one_of
from app.domain.access import Actor
from app.domain.criteria import matrix, scorecard
from app.domain.criteria.matrix import Matrix, MatrixRow
from app.domain.criteria.scorecard import CriterionState, IndicatorState
from app.errors import NotFound
from app.i18n import N_
from app.web.answers import answer
from app.web.schema import Body, IsoDate

router = api_router("reports")
State = Literal["met", "lost", "targeted", "unmet"]
Risk = Literal["disputed", "threshold", "falling", "not_reviewed"]
By = Literal["commune", "child"]
AsOf = Annotated[IsoDate | None, Field(description="Mặc định hôm nay · by default today")]
SetCode = Annotated[
    QueryCode | None, Field(description="Bộ khác bộ đang áp dụng · another set than the one in force")
]


@closed
class IndicatorRow(TypedDict):
    """Đánh giá gần nhất của một chỉ tiêu; `date` null khi chưa đánh giá · null where nobody has assessed it."""

    code: str
    met: bool
    value: float | None
    threshold: Annotated[float | None, Field(description="Ngưỡng vào `as_of` · the threshold on that day")]
    date: date | None


@closed
class CriterionRow(TypedDict):
    """`state`: đạt, mất chuẩn, chỉ tiêu, chưa đạt; `since` là từ ngày nào · since when it is so."""

    number: int
    name: str
    group: str
    state: Annotated[str, one_of(State)]
    since: date | None
    target_on: date | None
    at_risk: Annotated[
        list[Annotated[str, one_of(Risk)]], Field(description="Vì sao có thể mất · why it may slip")
    ]
    indicators: list[IndicatorRow]


@closed
class CriteriaReport(TypedDict):
    """Tiêu chí của một xã hoặc thôn vào một ngày · the criteria of a commune or hamlet on a day."""

    unit: str
    unit_structure: Annotated[str, one_of(Structure)]
    unit_name: str
    as_of: date
    set: str
    set_over: Annotated[
        bool, Field(description="Bộ này đã hết hiệu lực, chưa có bộ thay · over, none instead")
    ]
    met: int
    total: int
    criteria: list[CriterionRow]
    illustrative: bool


@closed
class MatrixCell(TypedDict):
    """Số xã đạt, mất, có chỉ tiêu; `state` chỉ khi dòng là một xã · only where the row is one commune."""

    number: int
    state: Annotated[str, one_of(State)] | None
    met: int
    lost: int
    targeted: int


@closed
class MatrixSum(TypedDict):
    """`full` là số xã đạt mọi tiêu chí; `met` cộng tiêu chí đạt của mọi xã · criteria met, all communes together."""

    communes: int
    full: int
    met: int
    lost: int
    targeted: int
    criteria: list[MatrixCell]


@closed
class MatrixLine(MatrixSum):
    """Một xã, hoặc một đơn vị trực thuộc với các xã của nó · a commune, or a unit directly below with its communes."""

    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    unit_name: str


@closed
class MatrixReport(TypedDict):
    """Các xã theo tiêu chí của một bộ vào một ngày · units by criteria on a day."""

    unit: str
    unit_structure: Annotated[str, one_of(Structure)]
    unit_name: str
    as_of: date
    set: str
    by: Annotated[str, one_of(By)]
    total: Annotated[int, Field(description="Số tiêu chí · criteria in the set")]
    rows: list[MatrixLine]
    sum: MatrixSum


def _indicator(one: IndicatorState) -> IndicatorRow:
    latest = one.assessment
    return {
        "code": one.indicator.code, "met": one.met, "value": figure(latest.value) if latest else None,
        "threshold": figure(one.indicator.must_reach), "date": latest.assessed_on if latest else None,
    }  # fmt: skip


def _criterion(one: CriterionState) -> CriterionRow:
    return {
        "number": one.criterion.number, "name": one.criterion.name, "group": one.criterion.group,
        "state": one.state, "since": one.since, "target_on": one.due.due_on if one.due else None,
        "at_risk": list(one.risks), "indicators": [_indicator(i) for i in one.indicators],
    }  # fmt: skip


def _sum(row: MatrixRow, numbers: list[int], *, one: bool) -> MatrixSum:
    cells = [(number, row.cell(number)) for number in numbers]
    return {
        "communes": row.communes, "full": row.full, "met": row.met, "lost": row.lost, "targeted": row.targeted,
        "criteria": [
            {"number": n, "state": c.state if one else None, "met": c.met, "lost": c.lost, "targeted": c.targeted}
            for n, c in cells
        ],
    }  # fmt: skip


def _matrix(found: Matrix) -> MatrixReport:
    numbers = [criterion.number for criterion in found.found.criteria]
    one = found.by == matrix.BY_COMMUNE
    rows: list[MatrixLine] = [
        {
            "unit_code": row.code, "unit_structure": row.structure, "unit_name": row.name,
            **_sum(row, numbers, one=one),
        }
        for row in found.rows
    ]  # fmt: skip
    return {
        "unit": found.unit.code, "unit_structure": found.unit.structure, "unit_name": found.unit.name,
        "as_of": found.as_of, "set": found.found.head.code, "by": found.by, "total": len(numbers), "rows": rows,
        "sum": _sum(found.total, numbers, one=False),
    }  # fmt: skip


class CriteriaQuery(Body):
    unit: Annotated[QueryCode, Field(description="Xã hoặc thôn · a commune or hamlet", examples=["20770"])]
    as_of: AsOf = None
    set_code: SetCode = None


class MatrixQuery(Body):
    unit: Annotated[QueryCode, Field(description="Huyện, tỉnh hoặc VN · above communes", examples=["512"])]
    as_of: AsOf = None
    by: Annotated[
        By | None,
        Field(description="Từng xã, hay theo đơn vị trực thuộc · each commune, or the units directly below"),
    ] = None
    sort: Annotated[
        QueryCode,
        Field(
            description="name, met, lost, full, hay c6 (tiêu chí 6); dấu - là giảm dần · `-` falling",
            examples=["-met"],
        ),
    ] = "name"
    set_code: SetCode = None


def _without_set() -> NotFound:
    return NotFound(N_("Chưa có bộ tiêu chí nào cho đơn vị này vào ngày ấy."), field="set_code")


@router.get(
    "/reports/criteria",
    **shows(CriteriaReport, examples.CRITERIA_REPORT),
    summary="Tiêu chí của một xã, thôn · a unit's criteria",
)
@quick
def report_criteria(actor: Actor, query: Annotated[CriteriaQuery, Query()]) -> Response:
    """Each criterion met, lost (it had been met), targeted or unmet on a day, by what was assessed up to then; targets
    are those that stand now and had not been given up by that day.
    """
    card = scorecard.scorecard(actor, unit=query.unit, as_of=query.as_of, set_code=query.set_code)
    if card is None:
        raise _without_set()
    report: CriteriaReport = {
        "unit": card.unit.code, "unit_structure": card.unit.structure, "unit_name": card.unit.name,
        "as_of": card.as_of, "set": card.head.code, "set_over": card.head.over_on(card.as_of), "met": card.met,
        "total": card.total, "criteria": [_criterion(one) for one in card.criteria],
        "illustrative": card.illustrative,
    }  # fmt: skip
    return answer(report)


@router.get(
    "/reports/criteria-matrix",
    **shows(MatrixReport, examples.MATRIX),
    summary="Nhiều xã theo tiêu chí · units by criteria",
)
@quick
def report_matrix(actor: Actor, query: Annotated[MatrixQuery, Query()]) -> Response:
    """The communes under a unit on a day: each with its states, or counted by the units directly below; sortable."""
    found = matrix.matrix(
        actor, unit=query.unit, as_of=query.as_of, by=query.by, sort=query.sort, set_code=query.set_code
    )
    if found is None:
        raise _without_set()
    return answer(_matrix(found))
