"""Works and their contracts over the interface."""

from __future__ import annotations

import json

from tests.api.client import Api, Json, entry, fields, new_id
from tests.api.rows import MILLION, Rows


def test_a_work_is_registered_once_and_changed(api: Api) -> None:
    body = {
        "id": new_id(), "code": "CT-01", "name": "Cầu treo Trà Sơn", "project_code": "DTTS.4.1",
        "owner_unit_code": "20770@legacy", "procedure": "special", "location": "Thôn Trà Sơn",
        "hamlets": ["20770.01"], "lat": 15.5, "lon": 108.1,
    }  # fmt: skip
    made = api.post("works", body)
    assert made | body | {"owner_unit_code": "20770"} == made
    assert (made["stage"], made["total_investment"]) == ("preparation", None)
    assert api.post("works", body, 200) == made
    assert api.post("works", body | {"name": "Khác"}, 409)["type"] == "/problems/id-taken"
    assert api.post("works", body | {"id": new_id()}, 409)["code"] == "CT-01"
    path = f"works/{made['id']}"
    changed = api.patch(
        path, {"total_investment": 500, "physical_percent": 40, "hamlets": []}, api.etag(path)
    )
    assert (changed["total_investment"], changed["physical_percent"], changed["hamlets"]) == (500, 40, [])
    for wrong in (
        {"physical_percent": 101},
        {"stage": "finished"},
        {"total_investment": 0},
        {"lat": 91},
        {"name": ""},
    ):
        assert fields(api.patch(path, wrong, api.etag(path), 422)) == list(wrong)
    assert fields(api.patch(path, {"hamlets": ["1.1"]}, api.etag(path), 404)) == ["hamlets"]
    assert api.get(path) == changed


def test_works_are_found_by_name_and_by_field(api: Api) -> None:
    work = Rows(api).work(name="Trường mầm non Trà Huỳnh", code="MN.01", procedure="ordinary")
    Rows(api).work()
    found: list[Json] = [
        {"q": "truong mam"},
        {"code": "MN.01"},
        {"procedure": "ordinary"},
        {"q": "mn.01", "unit": "20770"},
    ]
    for filter_ in found:
        assert [row["id"] for row in api.get("works", **filter_)["items"]] == [work["id"]]
    nothing: list[Json] = [
        {"stage": "construction"},
        {"year": 2023},
        {"program_code": "NTM"},
        {"project_code": "DTTS.%"},
    ]
    for filter_ in nothing:
        assert api.get("works", **filter_)["items"] == []
    listed = api.get("works", project_code="DTTS.4", limit=1)["items"]
    assert listed[0].keys() == work.keys() - {"hamlets", "readiness", "overrides"}


def test_a_share_is_taken_to_the_ten_thousandth(api: Api) -> None:
    rows = Rows(api)
    work = rows.work()
    path = f"works/{work['id']}/contracts"
    for share, kept in (
        ("0.3", 0.3),
        ("0.1", 0.1),
        ("0.0001", 0.0001),
        ("0", 0),
        ("0.2999", 0.2999),
        ("3e-1", 0.3),
    ):
        text = json.dumps(rows.contract_body(value=MILLION) | {"advance_limit": 77}).replace(
            "77}", share + "}"
        )
        response = api.call("POST", path, content=text, headers={"Content-Type": "application/json"})
        assert response.status_code == 201
        assert response.json()["advance_limit"] == kept
        assert response.json()["advance_ceiling"] == round(kept * MILLION)
    for wrong in (0.33333, 1.0001, -0.1, "0.3", True, [1], 1e300):
        body = rows.contract_body() | {"advance_limit": wrong}
        assert fields(api.post(path, body, 422)) == ["advance_limit"]
    higher = rows.contract_body(advance_limit=0.5)
    assert fields(api.post(path, higher, 422)) == ["advance_permit"]
    assert api.post(path, higher | {"advance_permit": "12/QĐ-UBND"})["advance_limit"] == 0.5


def test_contracts_stay_within_the_approved_total(api: Api) -> None:
    rows = Rows(api)
    work = rows.work(total_investment=100 * MILLION)
    path = f"works/{work['id']}/contracts"
    body = rows.contract_body(value=80 * MILLION)
    made = api.post(path, body)
    assert made["advance_limit"] == 0.3  # the parameter
    assert api.post(path, body, 200) == made
    refused = api.post(path, rows.contract_body(value=30 * MILLION), 409)
    assert (refused["rule"], refused["asked"], refused["held"]) == ("work_total", 30 * MILLION, 20 * MILLION)
    assert api.get(f"works/{work['id']}")["contracted"] == 80 * MILLION
    one = f"{path}/{made['id']}"
    amendment = {"value": 10 * MILLION, "signed_on": "2023-06-01"}
    changed = api.patch(one, {"amendments": [amendment]}, api.etag(one))
    assert (changed["value"], changed["value_with_amendments"]) == (80 * MILLION, 90 * MILLION)
    assert changed["amendments"] == [amendment]
    assert fields(api.patch(one, {"amendments": []}, api.etag(one), 422)) == ["amendments"]
    assert api.get(path)["items"] == [changed] == api.get(path, q="to tho")["items"]
    other = rows.work()
    api.get(f"works/{other['id']}/contracts/{made['id']}", 404)
    api.patch(f"works/{other['id']}/contracts/{made['id']}", {"code": "x"}, '"1"', 404)
    api.get(f"works/{new_id()}/contracts", 404)


def test_what_is_paid_on_a_contract_stays_within_it(api: Api) -> None:
    rows = Rows(api)
    line = rows.funded(200 * MILLION)
    contract = api.post(f"works/{line['work_id']}/contracts", rows.contract_body(value=100 * MILLION))
    paid = entry(line, "pay", 60 * MILLION, "2023-03-01", contract_id=contract["id"])
    assert fields(api.post("ledger-entries", paid | {"contract_id": None}, 422)) == ["contract_id"]
    api.post("ledger-entries", paid)
    over = api.post("ledger-entries", paid | {"id": new_id()}, 409)
    assert (over["rule"], over["asked"], over["held"]) == ("contract_value", 60 * MILLION, 40 * MILLION)
    advance = paid | {"id": new_id(), "kind": "advance", "amount": 31 * MILLION}
    assert api.post("ledger-entries", advance, 409)["rule"] == "advance_limit"
    now = api.get(f"works/{line['work_id']}/contracts/{contract['id']}")
    assert (now["paid"], now["advanced"], now["disbursed"]) == (60 * MILLION, 0, 60 * MILLION)
    work = api.get(f"works/{line['work_id']}")
    assert (work["allocated"], work["disbursed"], work["contracted"]) == (
        200 * MILLION, 60 * MILLION, 100 * MILLION
    )  # fmt: skip
    listed = api.get("ledger-entries", contract_id=contract["id"])["items"]
    assert [row["id"] for row in listed] == [paid["id"]]
    assert api.get("disbursements", contract_id=contract["id"], with_total="true")["total"] == 60 * MILLION
