"""/api/v1/units: administrative units of both structures."""

from __future__ import annotations

from datetime import date
from typing import Annotated, cast

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import changes, closed, current_as, lists, paged, shows
from app.api.security import api_router, quick
from app.api.shapes import Level, QueryCode, QueryText, QueryYear, Structure, one_of
from app.domain import territory
from app.domain.access import Actor
from app.text import sort_key
from app.web.answers import Version, answer, etag
from app.web.cursor import Order
from app.web.schema import Body, IsoDate, ListQuery, YesNo

router = api_router("territory")
_ORDER = Order("units", (str, int))


@closed
class Unit(TypedDict):
    """Đơn vị hành chính: `structure` và `code` cùng nhau là một đơn vị · a unit is its structure and code."""

    code: str
    structure: Annotated[str, one_of(Structure)]
    name: str
    level: Annotated[str, one_of(Level)]
    parent_code: str | None
    valid_from: date | None
    valid_to: date | None
    requires_checker: bool


@closed
class Succession(TypedDict):
    """Đơn vị trước hoặc sau sáp nhập; `extent`: toàn bộ, phần lớn, một phần · what became of a unit."""

    code: str
    structure: Annotated[str, one_of(Structure)]
    name: str
    extent: str


@closed
class UnitWhole(Unit):
    """Đơn vị, kèm đơn vị trước và sau nó · a unit with what came before and after it."""

    predecessors: list[Succession]
    successors: list[Succession]


def unit(v: territory.UnitView) -> Unit:
    return {
        "code": v.code, "structure": v.structure, "name": v.name, "level": v.level, "parent_code": v.parent_code,
        "valid_from": v.valid_from, "valid_to": v.valid_to, "requires_checker": v.requires_checker,
    }  # fmt: skip


def _whole(actor: Actor, v: territory.UnitView) -> UnitWhole:
    before, behind = ([_succession(s) for s in side] for side in territory.succession(actor, v))
    return {**unit(v), "predecessors": before, "successors": behind}


def _succession(v: territory.SuccessionView) -> Succession:
    return {"code": v.unit.code, "structure": v.unit.structure, "name": v.unit.name, "extent": v.extent}


class UnitsQuery(ListQuery):
    q: Annotated[
        QueryText, Field(description="Tên hoặc mã, không cần dấu · name or code, without diacritics")
    ] = ""
    level: Level | None = None
    structure: Structure | None = None
    parent_code: QueryCode | None = None
    unit: QueryCode | None = None
    as_of: Annotated[
        IsoDate | None, Field(description="Cấu trúc có hiệu lực ngày này · the structure in force")
    ] = None


class UnitChange(Body):
    requires_checker: YesNo


class UnitQuery(Body):
    as_of: Annotated[
        IsoDate | None,
        Field(description="Mã trần theo cấu trúc có hiệu lực ngày này · read a bare code on a day"),
    ] = None
    year: Annotated[QueryYear | None, Field(description="… cuối năm này · at the end of a year")] = None


@router.get("/units", **lists(Unit, examples.UNIT), summary="Các đơn vị · units")
@quick
def list_units(actor: Actor, query: Annotated[UnitsQuery, Query()]) -> Response:
    """Units of the caller's subtree in the order of the Vietnamese dictionary. `unit` narrows to a subtree with the
    predecessors that count under it, `parent_code` to what stands directly below.
    """
    wanted = query.model_dump(exclude={"limit", "cursor", "parent_code"})
    seen = cast("tuple[str, int] | None", _ORDER.decode(query.cursor))
    found = territory.units(actor, **wanted, parent=query.parent_code, after=seen, limit=query.limit + 1)
    return paged(found, query, unit, lambda last: _ORDER.encode(sort_key(last.name), last.id))


@router.get(
    "/units/{code}", **shows(UnitWhole, examples.UNIT_WHOLE, etag=True), summary="Một đơn vị · one unit"
)
@quick
def get_unit(actor: Actor, code: str, query: Annotated[UnitQuery, Query()]) -> Response:
    """`code` is exact with `@legacy` or `@2025`; a bare one is read on `as_of`, else at the end of `year`, else in the
    structure of the caller's own unit.
    """
    found = territory.find(actor, code, as_of=query.as_of, year=query.year)
    return answer(_whole(actor, found), etag=etag(found.version))


@router.patch(
    "/units/{code}",
    **changes(UnitWhole, examples.UNIT_CHANGE, examples.UNIT_WHOLE | examples.UNIT_CHANGE),
    summary="Đặt chế độ kiểm tra · require a checker",
)
def change_unit(actor: Actor, code: str, body: UnitChange, version: Version) -> Response:
    """Whether everything that API clients record in this unit waits for a second person; administrators and leaders."""
    with current_as(unit):
        changed = territory.set_requires_checker(actor, code, body.requires_checker, version)
    return answer(_whole(actor, changed), etag=etag(changed.version))
