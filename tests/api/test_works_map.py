"""Where works stand, over the interface: lines of works, and GeoJSON that other programs read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import Api, Json, fields, new_id
from tests.api.rows import Rows
from tests.support.book import execute

ROAD = [[108.0262, 15.5279], [108.0291, 15.5269], [108.0328, 15.5243]]
MOST = 500


def test_a_line_is_taken_kept_and_cleared(api: Api) -> None:
    made = Rows(api).work(path=ROAD, lat=15.5269, lon=108.0291)
    path = f"works/{made['id']}"
    assert made["path"] == ROAD
    assert api.get("works")["items"][0]["path"] == ROAD
    shorter = api.patch(path, {"path": ROAD[:2]}, api.etag(path))
    assert (shorter["path"], shorter["lat"]) == (ROAD[:2], 15.5269)
    assert api.patch(path, {"name": "Đường"}, api.etag(path))["path"] == ROAD[:2]
    assert api.patch(path, {"path": None}, api.etag(path))["path"] is None


def test_the_same_work_sent_again_with_another_line_is_another(api: Api) -> None:
    body: Json = {
        "id": new_id(), "code": "CT-01", "name": "Đường", "project_code": "DTTS.4.1",
        "owner_unit_code": "20770@legacy", "path": ROAD,
    }  # fmt: skip
    made = api.post("works", body)
    assert api.post("works", body, 200) == made
    assert api.post("works", body | {"path": ROAD[:2]}, 409)["type"] == "/problems/id-taken"


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ({"path": []}, "path"), ({"path": ROAD[:1]}, "path"), ({"path": ROAD * MOST}, "path"),
        ({"path": "15.5,108.0"}, "path"), ({"path": [ROAD[0], ROAD[0]]}, "path"),
        ({"path": [ROAD[0], [108.0]]}, "path.1.1"), ({"path": [ROAD[0], [108.0, 15.5, 3]]}, "path.1"),
        ({"path": [ROAD[0], [15.5, 108.0]]}, "path.1.1"), ({"path": [ROAD[0], ["một", 15.5]]}, "path.1.0"),
        ({"path": [ROAD[0], None]}, "path.1"), ({"lat": 15.5}, "lon"), ({"lon": 108.0}, "lat"),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_is_named(api: Api, place: Json, field: str) -> None:
    made = Rows(api).work()
    path = f"works/{made['id']}"
    assert fields(api.patch(path, place, api.etag(path), 422)) == [field]
    assert api.get(path)["path"] is None


def test_works_and_hamlets_are_a_feature_collection(api: Api) -> None:
    rows = Rows(api)
    line = rows.work(code="A", path=ROAD, lat=15.5, lon=108.0, planned_finish="2023-05-01")
    point = rows.work(code="B", lat=15.5391, lon=108.0117)
    bare = rows.work(code="C")
    found = api.get("reports/works-map", unit="20770@legacy")
    assert (found["type"], found["left_out"]) == ("FeatureCollection", 0)
    by_id: dict[str, Any] = {feature["id"]: feature for feature in found["features"]}
    assert list(by_id) == [line["id"], point["id"], bare["id"], "20770.02@legacy", "20770.01@legacy"]
    assert by_id[line["id"]]["geometry"] == {"type": "LineString", "coordinates": ROAD}
    assert by_id[point["id"]]["geometry"] == {"type": "Point", "coordinates": [108.0117, 15.5391]}
    assert by_id[bare["id"]]["geometry"] is None
    said = by_id[line["id"]]["properties"]
    assert (said["kind"], said["code"], said["stage"], said["late"]) == ("work", "A", "preparation", True)
    assert not by_id[point["id"]]["properties"]["late"]
    hamlet = by_id["20770.02@legacy"]
    assert (hamlet["properties"]["kind"], hamlet["properties"]["name"]) == ("hamlet", "Thôn Trà Huỳnh")
    assert hamlet["geometry"]["coordinates"] == [108.0252, 15.5282]


def test_a_hamlet_without_a_place_is_not_drawn(api: Api) -> None:
    execute("UPDATE units SET lat = NULL WHERE code = '20770.01'")
    found = api.get("reports/works-map", unit="20770@legacy")
    assert [feature["id"] for feature in found["features"]] == ["20770.02@legacy"]


def test_the_map_shows_a_units_own(api: Api, above: Api, elsewhere: Api) -> None:
    made = Rows(api).work(path=ROAD)
    assert made["id"] in [f["id"] for f in above.get("reports/works-map", unit="512")["features"]]
    assert elsewhere.get("reports/works-map", unit="00001")["features"] == []
    assert fields(elsewhere.get("reports/works-map", 404, unit="20770@legacy")) == ["unit"]
    assert fields(api.get("reports/works-map", 422)) == ["unit"]
