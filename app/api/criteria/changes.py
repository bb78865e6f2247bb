"""/api/v1/criteria-sets/{code}/changes: what changes for a unit when one set takes the place of another."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples_criteria_sets as examples
from app.api.criteria.sets import Indicator, OneQuery, PathCode, indicator
from app.api.operations import closed, shows
from app.api.security import api_router, quick
from app.api.shapes import QueryCode, Structure, figure, one_of
from app.domain.access import Actor
from app.domain.criteria import changing
from app.domain.criteria.changing import CriterionChange, IndicatorChange
from app.web.answers import answer

router = api_router("criteria")
Change = Literal["added", "dropped", "reworded", "kind", "threshold", "evidence"]
Carried = Literal["met", "unmet", "anew", "gone"]
Outlook = Literal["lost", "anew", "gained", "kept", "unmet", "dropped"]


@closed
class IndicatorChanged(TypedDict):
    """`value`, `met`: đánh giá mới nhất theo bộ cũ; `carried`: theo bộ mới thì sao · what it comes to by the new set."""

    code: str
    changes: list[Annotated[str, one_of(Change)]]
    old: Indicator | None
    new: Indicator | None
    assessed_on: date | None
    value: float | None
    met: bool | None
    carried: Annotated[str, one_of(Carried)]


@closed
class CriterionChanged(TypedDict):
    """`was_met`: đạt theo bộ cũ; `outlook`: theo bộ mới giữ, mất, thêm hay phải đánh giá lại · by the new set."""

    number: int
    name: str
    was_met: bool
    outlook: Annotated[str, one_of(Outlook)]
    indicators: list[IndicatorChanged]


@closed
class SetChanges(TypedDict):
    """Bộ mới thay bộ cũ thì đơn vị được gì, mất gì · what a unit keeps, loses and must assess anew."""

    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    as_of: date
    from_set: str
    to_set: str
    met: int
    met_after: int
    criteria: list[CriterionChanged]


def _indicator(v: IndicatorChange) -> IndicatorChanged:
    found = v.assessment
    return {
        "code": v.code, "changes": list(v.changes), "old": indicator(v.old) if v.old else None,
        "new": indicator(v.new) if v.new else None, "assessed_on": found.assessed_on if found else None,
        "value": figure(found.value) if found else None, "met": found.met if found else None, "carried": v.carried,
    }  # fmt: skip


def _criterion(v: CriterionChange) -> CriterionChanged:
    return {
        "number": v.number, "name": v.named.name, "was_met": v.was_met, "outlook": v.outlook,
        "indicators": [_indicator(one) for one in v.indicators],
    }  # fmt: skip


class ChangesQuery(OneQuery):
    from_set: Annotated[
        QueryCode,
        Field(
            alias="from",
            description="Bộ cũ · the set that it takes the place of",
            examples=["NTM-XA-2021-2025"],
        ),
    ]


@router.get(
    "/criteria-sets/{code}/changes",
    **shows(SetChanges, examples.SET_CHANGES),
    summary="Đổi bộ tiêu chí thì sao · what a change of sets changes",
)
@quick
def criteria_set_changes(actor: Actor, code: PathCode, query: Annotated[ChangesQuery, Query()]) -> Response:
    """For `unit` (by default the caller's own), by what stands there on `as_of`: a value is held against the new
    threshold, a judgment carries over where the words are the same, anything else must be assessed anew.
    """
    found = changing.changes(actor, code, query.from_set, unit=query.unit, on=query.as_of)
    return answer(
        {
            "unit_code": found.unit.code, "unit_structure": found.unit.structure, "as_of": found.as_of,
            "from_set": found.old.code, "to_set": found.new.code, "met": found.met, "met_after": found.met_after,
            "criteria": [_criterion(c) for c in found.criteria],
        }
    )  # fmt: skip
