"""The catalogue over the interface."""

from __future__ import annotations

from tests.api.client import Api


def test_the_tree_of_projects(api: Api) -> None:
    assert [p["code"] for p in api.get("programs")["items"]] == ["GNBV", "DTTS", "NTM"]
    below = api.get("projects", parent_code="GNBV.3")["items"]
    assert [p["code"] for p in below] == ["GNBV.3.1", "GNBV.3.2"]
    assert api.get("projects/GNBV.3")["is_leaf"] is False
    assert all(p["is_leaf"] for p in api.get("projects", is_leaf="true")["items"])
    assert api.get("projects", as_of="2026-01-01")["items"] == []
    api.get("projects/GNBV.99", 404)


def test_the_catalogue_comes_page_by_page_in_its_order(api: Api) -> None:
    whole = api.get("projects", limit=500)["items"]
    assert list(api.pages("projects", 7)) == whole
    assert len(whole) > 14
    assert api.get("projects", updated_since="2199-01-01T00:00:00Z")["items"] == []


def test_the_eight_funding_sources(api: Api) -> None:
    sources = [s["code"] for s in api.get("funding-sources")["items"]]
    assert sources == [
        "central",
        "provincial",
        "district",
        "commune",
        "credit",
        "enterprise",
        "people",
        "other",
    ]
    assert api.get("funding-sources/people")["name"] == "Nhân dân đóng góp"
    api.get("funding-sources/gold", 404)


def test_the_administrator_of_the_whole_adds_and_renames(administrator: Api) -> None:
    program = {
        "code": "MTQG", "name": "Chương trình 2026-2030", "short_name": "MTQG", "period_from": 2026,
        "period_to": 2030, "decision": "1/QĐ",
    }  # fmt: skip
    assert administrator.post("programs", program)["valid_to"] == "2030-12-31"
    administrator.post("programs", program, 409)
    project = {"code": "MTQG.1", "program_code": "MTQG", "name": "Dự án 1"}
    assert administrator.post("projects", project)["parent_code"] is None
    wrong = administrator.post("projects", project | {"code": "GNBV.77"}, 422)
    assert wrong["errors"][0]["field"] == "code"
    for path in ("programs/MTQG", "projects/MTQG.1", "funding-sources/other"):
        etag = administrator.etag(path)
        assert administrator.patch(path, {"name": "Tên mới"}, etag)["name"] == "Tên mới"
        assert administrator.patch(path, {"name": "Cũ"}, etag, 412)["current"]["name"] == "Tên mới"
