"""/api/v1/criteria-sets: sets of criteria, what their indicators must reach where, and what another set changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples_criteria_sets as examples
from app.api.operations import acts, closed, creates, lists, paged, shows, slice_after
from app.api.security import api_router, quick
from app.api.shapes import Code, QueryCode, Structure, UnitCode, figure, one_of
from app.domain.access import Actor
from app.domain.criteria import defining, sets, thresholds
from app.domain.criteria.proposed import (
    MOST_CRITERIA,
    MOST_INDICATORS,
    NewCriterion,
    NewIndicator,
    NewSet,
    NewThreshold,
)
from app.domain.criteria.views import CriterionView, IndicatorView, SetHead, SetView
from app.web.answers import answer, created
from app.web.cursor import Order
from app.web.schema import Body, Figure, IsoDate, ListQuery, Text, Whole, YesNo

router = api_router("criteria")
_ORDER = Order("criteria-sets", (str,))
SetLevel = Literal["commune", "advanced_commune", "hamlet"]
Kind = Literal["judgment", "percent", "percent_max", "amount"]
Comparator = Literal[">=", "<="]
Certainty = Literal["sure", "confirm"]
Name = Annotated[str, Text(300)]
Short = Annotated[str, Text(300, least=0)]
Source = Annotated[str, Text(500)]
PathCode = Annotated[str, Path(max_length=40)]
Threshold = Annotated[Figure | None, Field(description="null: chưa có ngưỡng · none is known")]
ForUnit = Annotated[
    QueryCode | None,
    Field(
        description="Ngưỡng như ở đơn vị này · thresholds as they are for this unit",
        examples=["20770@legacy"],
    ),
]
OnDay = Annotated[
    IsoDate | None, Field(description="Vào ngày này, mặc định hôm nay · on this day, by default today")
]


@closed
class Indicator(TypedDict):
    """Chỉ tiêu; `source` là căn cứ của ngưỡng, `threshold_…` nói ngưỡng của nơi nào · of judgments of its wording."""

    code: str
    name: str
    kind: Annotated[str, one_of(Kind)]
    unit: str
    threshold: float | None
    comparator: Annotated[str, one_of(Comparator)] | None
    source: str
    certainty: Annotated[str, one_of(Certainty)]
    evidence_required: bool
    threshold_region: str | None
    threshold_unit_code: str | None
    threshold_unit_structure: Annotated[str, one_of(Structure)] | None


@closed
class Criterion(TypedDict):
    """Tiêu chí và các chỉ tiêu của nó · a criterion with its indicators."""

    number: int
    name: str
    name_en: str
    group: str
    indicators: list[Indicator]


@closed
class CriteriaSet(TypedDict):
    """Bộ tiêu chí của cả nước, của một vùng hay một tỉnh; không bao giờ sửa, chỉ thêm bộ mới · never changed."""

    code: str
    name: str
    name_en: str
    level: Annotated[str, one_of(SetLevel)]
    region: str | None
    unit_code: str | None
    unit_structure: Annotated[str, one_of(Structure)] | None
    valid_from: date
    valid_to: date | None
    source: str
    certainty: Annotated[str, one_of(Certainty)]
    illustrative: bool
    updated_at: Annotated[
        datetime, Field(description="Khi thêm ngưỡng gần nhất · when a threshold was added last")
    ]
    criteria: list[Criterion]


def indicator(v: IndicatorView) -> Indicator:
    rule = v.threshold
    return {
        "code": v.code, "name": v.name, "kind": v.kind, "unit": v.unit, "threshold": figure(v.must_reach),
        "comparator": v.comparator, "source": v.ruled_by, "certainty": "sure" if v.certain else "confirm",
        "evidence_required": v.evidence_required, "threshold_region": rule.region if rule else None,
        "threshold_unit_code": rule.unit_code if rule else None,
        "threshold_unit_structure": rule.unit_structure if rule else None,
    }  # fmt: skip


def _criterion(v: CriterionView) -> Criterion:
    return {
        "number": v.number, "name": v.name, "name_en": v.name_en, "group": v.group,
        "indicators": [indicator(one) for one in v.indicators],
    }  # fmt: skip


def whole(v: SetView) -> CriteriaSet:
    h = v.head
    return {
        "code": h.code, "name": h.name, "name_en": h.name_en, "level": h.level, "region": h.region,
        "unit_code": h.unit_code, "unit_structure": h.unit_structure, "valid_from": h.valid_from,
        "valid_to": h.valid_to, "source": h.source, "certainty": h.certainty, "illustrative": h.illustrative,
        "updated_at": h.changed_at, "criteria": [_criterion(c) for c in v.criteria],
    }  # fmt: skip


class SetQuery(ListQuery):
    level: SetLevel | None = None
    unit: Annotated[
        QueryCode | None,
        Field(
            description="Chỉ bộ áp dụng ở đơn vị này, ngưỡng như ở đó · only sets that hold there, as they do",
            examples=["20770@legacy"],
        ),
    ] = None
    as_of: OnDay = None
    in_force: Annotated[
        bool | None,
        Field(description="Chỉ bộ đang dùng để đánh giá · only those by which one is assessed on the day"),
    ] = None


class OneQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    unit: ForUnit = None
    as_of: OnDay = None


class NewIndicatorBody(Body):
    """`threshold`: của nơi ban hành bộ; để null khi vùng, tỉnh quy định sau · of the place whose set it is."""

    code: Annotated[str, Text(12)]
    name: Annotated[str, Text(600)]
    kind: Kind
    unit: Annotated[str, Text(60, least=0)] = ""
    threshold: Threshold = None
    evidence_required: YesNo = False
    source: Annotated[str, Text(500, least=0)] = ""
    certainty: Certainty = "confirm"


class NewCriterionBody(Body):
    number: Annotated[Whole, Field(ge=1, le=999)]
    name: Name
    name_en: Short = ""
    group: Annotated[str, Text(200, least=0)] = ""
    indicators: Annotated[tuple[NewIndicatorBody, ...], Field(min_length=1, max_length=MOST_INDICATORS)]


class NewSetBody(Body):
    """Bộ tiêu chí nguyên vẹn; không có `region`, `unit_code` là của cả nước · with neither it is the nation's."""

    code: Code
    name: Name
    name_en: Short = ""
    level: SetLevel
    region: QueryCode | None = None
    unit_code: UnitCode | None = None
    valid_from: IsoDate
    valid_to: IsoDate | None = None
    source: Source
    certainty: Certainty = "confirm"
    criteria: Annotated[tuple[NewCriterionBody, ...], Field(min_length=1, max_length=MOST_CRITERIA)]


class NewThresholdBody(Body):
    """Không có `region`, `unit_code` là của cả nước · with neither it is the nation's."""

    indicator_code: Code
    value: Threshold
    region: QueryCode | None = None
    unit_code: UnitCode | None = None
    valid_from: IsoDate
    valid_to: IsoDate | None = None
    source: Source
    certainty: Certainty = "confirm"


@router.get(
    "/criteria-sets",
    **lists(CriteriaSet, examples.CRITERIA_SET),
    summary="Các bộ tiêu chí · sets of criteria",
)
@quick
def list_criteria_sets(actor: Actor, query: Annotated[SetQuery, Query()]) -> Response:
    """Sets whole, by level, the newest first. One that is over goes on in force until another of its level begins."""
    found = [
        head
        for head in sets.sets(
            actor, level=query.level, unit=query.unit, on=query.as_of, only_in_force=bool(query.in_force)
        )
        if query.updated_since is None or head.changed_at >= query.updated_since
    ]
    rest = slice_after(found, _key, _ORDER, query)[: query.limit + 1]
    views = sets.whole_sets(actor, rest, unit=query.unit, on=query.as_of)
    return paged(views, query, whole, lambda last: _ORDER.encode(last.head.code))


def _key(head: SetHead) -> str:
    return head.code


@router.get(
    "/criteria-sets/{code}",
    **shows(CriteriaSet, examples.CRITERIA_SET),
    summary="Một bộ tiêu chí · one set of criteria",
)
@quick
def get_criteria_set(actor: Actor, code: PathCode, query: Annotated[OneQuery, Query()]) -> Response:
    """With thresholds as they are for `unit` on `as_of`: its province's before its region's before the nation's."""
    return answer(whole(sets.get(actor, code, unit=query.unit, on=query.as_of)))


@router.post(
    "/criteria-sets",
    **creates(CriteriaSet, examples.NEW_CRITERIA_SET, examples.CRITERIA_SET),
    summary="Thêm bộ tiêu chí · add a set of criteria",
)
def create_criteria_set(actor: Actor, body: NewSetBody) -> Response:
    """Beside those that are there, which stay as they are. The nation's and a region's by a client of the whole, a
    province's by its own; its code for other content is 409.
    """
    criteria = tuple(
        NewCriterion(**(dict(c) | {"indicators": tuple(NewIndicator(**dict(one)) for one in c.indicators)}))
        for c in body.criteria
    )
    made, new = defining.create(actor, NewSet(**(dict(body) | {"criteria": criteria})))
    return created(whole(made), new=new, location=f"/api/v1/criteria-sets/{made.head.code}")


@router.post(
    "/criteria-sets/{code}/thresholds",
    **acts(CriteriaSet, examples.RAISED, examples.NEW_THRESHOLD),
    summary="Thêm ngưỡng · add a threshold",
)
def add_threshold(actor: Actor, code: PathCode, body: NewThresholdBody) -> Response:
    """What an indicator must reach in the nation, a region or a province from a day on. Assessments made before keep
    what they were held against. Sent again it changes nothing.
    """
    return answer(whole(thresholds.add_threshold(actor, code, NewThreshold(**dict(body)))))
