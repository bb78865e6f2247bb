"""/api/v1/reports/works-map: works and hamlets of a unit as GeoJSON (RFC 7946)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import closed, shows
from app.api.security import api_router
from app.api.shapes import QueryCode, Structure, one_of
from app.api.works.register import Corner, Stage
from app.domain.access import Actor
from app.domain.works.mapped import MapUnit, MapWork, places
from app.web.answers import answer
from app.web.schema import Body, IsoDate

router = api_router("reports")


@closed
class Point(TypedDict):
    """Một điểm · [lon, lat], WGS 84."""

    type: Literal["Point"]
    coordinates: Corner


@closed
class LineString(TypedDict):
    """Một tuyến · its corners, [lon, lat] each."""

    type: Literal["LineString"]
    coordinates: list[Corner]


@closed
class WorkProperties(TypedDict):
    """Công trình trên bản đồ · what a map says of a work."""

    kind: Literal["work"]
    code: str
    name: str
    stage: Annotated[str, one_of(Stage)]
    late: Annotated[bool, Field(description="Quá hạn hoàn thành · past its planned finish, not completed")]
    project_code: str
    owner_unit_code: str
    owner_structure: Annotated[str, one_of(Structure)]
    location: str
    illustrative: bool


@closed
class WorkFeature(TypedDict):
    """Công trình; `geometry` null khi chưa có vị trí · null where it has no place."""

    type: Literal["Feature"]
    id: UUID
    geometry: Point | LineString | None
    properties: WorkProperties


@closed
class HamletProperties(TypedDict):
    """Thôn trên bản đồ · what a map says of a hamlet."""

    kind: Literal["hamlet"]
    code: str
    structure: Annotated[str, one_of(Structure)]
    name: str
    illustrative: bool


@closed
class HamletFeature(TypedDict):
    """Thôn; `id` là mã kèm cấu trúc · its exact code."""

    type: Literal["Feature"]
    id: str
    geometry: Point
    properties: HamletProperties


@closed
class WorksMap(TypedDict):
    """GeoJSON; `left_out` là số công trình không đưa hết vào được · works that did not fit in, 0 nearly always."""

    type: Literal["FeatureCollection"]
    features: list[WorkFeature | HamletFeature]
    left_out: int


def _geometry(w: MapWork) -> Point | LineString | None:
    if w.path:
        return {"type": "LineString", "coordinates": [(lon, lat) for lon, lat in w.path]}
    if w.lon is None or w.lat is None:
        return None
    return {"type": "Point", "coordinates": (w.lon, w.lat)}


def _work(w: MapWork) -> WorkFeature:
    return {
        "type": "Feature", "id": w.id, "geometry": _geometry(w),
        "properties": {
            "kind": "work", "code": w.code, "name": w.name, "stage": w.stage, "late": w.late,
            "project_code": w.project_code, "owner_unit_code": w.owner_unit_code,
            "owner_structure": w.owner_structure, "location": w.location, "illustrative": w.illustrative,
        },
    }  # fmt: skip


def _hamlet(u: MapUnit) -> HamletFeature:
    return {
        "type": "Feature", "id": u.exact_code, "geometry": {"type": "Point", "coordinates": (u.lon, u.lat)},
        "properties": {
            "kind": "hamlet", "code": u.code, "structure": u.structure, "name": u.name,
            "illustrative": u.illustrative,
        },
    }  # fmt: skip


class MapQuery(Body):
    unit: Annotated[
        QueryCode, Field(description="Đơn vị và cấp dưới · the unit's subtree", examples=["20770"])
    ]
    as_of: Annotated[
        IsoDate | None,
        Field(description="Ngày để hiểu mã đơn vị · the day on which a bare unit code is read"),
    ] = None


@router.get(
    "/reports/works-map",
    **shows(WorksMap, examples.WORKS_MAP),
    summary="Bản đồ công trình, GeoJSON · works and hamlets as GeoJSON",
)
def report_works_map(actor: Actor, query: Annotated[MapQuery, Query()]) -> Response:
    """A FeatureCollection of RFC 7946: every work of the unit, a line before a point, and its hamlets that have a
    place. At most 5,000 of each: ask for a smaller unit where `left_out` is not 0.
    """
    found = places(actor, query.unit, as_of=query.as_of)
    collection: WorksMap = {
        "type": "FeatureCollection",
        "features": [*(_work(w) for w in found.works), *(_hamlet(h) for h in found.hamlets)],
        "left_out": found.left_out,
    }
    return answer(collection)
