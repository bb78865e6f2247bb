"""Units over the interface."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.api.client import Api, at


def codes(page: dict[str, list[dict[str, str]]]) -> list[str]:
    return [f"{unit['code']}@{unit['structure']}" for unit in page["items"]]


def test_a_bare_code_means_the_structure_in_force(http: TestClient, api: Api) -> None:
    assert api.get("units/20770")["name"] == "Xã Sông Trà"  # of the caller's own structure
    nation = at(http, "VN@2025", "read")
    for params, name in (
        ({}, "Xã Phước Trà"), ({"as_of": "2025-06-30"}, "Xã Sông Trà"), ({"as_of": "2025-07-01"}, "Xã Phước Trà"),
        ({"year": 2024}, "Xã Sông Trà"), ({"year": 2025}, "Xã Phước Trà"),
    ):  # fmt: skip
        assert nation.get("units/20770", **params)["name"] == name
    assert nation.get("units/20770@legacy")["name"] == "Xã Sông Trà"
    assert nation.get("units/20770@2025", year=2023)["name"] == "Xã Phước Trà"
    nation.get("units/20773", 404)  # gone in the structure of today
    assert nation.get("units/00001@legacy")["code"] == "00001"


def test_a_unit_names_what_came_before_and_after_it(http: TestClient) -> None:
    nation = at(http, "VN@2025", "read")
    old, new = nation.get("units/20770@legacy"), nation.get("units/20770@2025")
    assert [(s["name"], s["extent"]) for s in old["successors"]] == [("Xã Phước Trà", "whole")]
    assert {s["name"] for s in new["predecessors"]} == {"Xã Sông Trà", "Xã Phước Trà", "Xã Phước Gia"}
    assert (old["predecessors"], new["successors"]) == ([], [])
    assert (old["parent_code"], old["level"], old["valid_to"]) == ("512", "commune", "2025-06-30")


def test_units_are_found_without_diacritics_and_listed_in_the_dictionarys_order(above: Api) -> None:
    assert codes(above.get("units", q="song tra")) == ["20770@legacy"]
    communes = [unit["name"] for unit in above.pages("units", 2, level="commune")]
    assert communes == ["Xã Phước Gia", "Xã Phước Trà", "Xã Sông Trà"]
    assert codes(above.get("units", parent_code="20770")) == ["20770.02@legacy", "20770.01@legacy"]
    assert codes(above.get("units", unit="20776")) == ["20776@legacy"]
    assert above.get("units", structure="2025")["items"] == []
    assert above.get("units", updated_since="2199-01-01T00:00:00Z")["items"] == []


def test_a_successor_sees_its_predecessors_lines(http: TestClient, api: Api) -> None:
    line = api.line()
    today = at(http, "20770@2025", "read")
    assert today.get(f"budget-lines/{line['id']}")["unit_structure"] == "legacy"
    assert [row["id"] for row in today.get("budget-lines", unit="20770@2025")["items"]] == [line["id"]]
    assert [row["id"] for row in today.get("budget-lines", unit="20770", year=2023)["items"]] == [line["id"]]


def test_who_may_sets_whether_a_checker_is_required(administrator: Api, api: Api) -> None:
    path = "units/20770@legacy"
    etag = administrator.etag(path)
    assert administrator.patch(path, {"requires_checker": True}, etag)["requires_checker"] is True
    assert (
        administrator.patch(path, {"requires_checker": False}, etag, 412)["current"]["requires_checker"]
        is True
    )
    line = api.line()
    assert api.record(line, "allocate", 5, "2023-01-05")["status"] == "proposed"
