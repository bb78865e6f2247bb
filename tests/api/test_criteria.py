"""Assessments and the reports over criteria, as another system uses them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.domain.criteria.proposed import NewCriterion
from tests.api.client import Api, Json, at, fields, new_id
from tests.api.rows import Rows
from tests.support.assessing import meet
from tests.support.criteria import SHIPPED, added, indicator

ELEVEN = (1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 19)
INSPECTION, REACHED, SLIPPED = "2023-09-14", "2023-12-20", "2024-03-01"


def report(api: Api, as_of: str = INSPECTION, unit: str = "20770", **more: Any) -> Json:
    return api.get("reports/criteria", unit=unit, as_of=as_of, **more)


def states(of: Json) -> dict[int, str]:
    return {row["number"]: row["state"] for row in of["criteria"]}


@pytest.mark.parametrize("unit", ["20770@legacy", "20770@2025"])
def test_eleven_of_nineteen_become_twelve_and_eleven_with_one_lost(http: TestClient, unit: str) -> None:
    meet(*ELEVEN)
    api = at(http, unit)
    for number in (6, 17):
        aim = {
            "id": new_id(),
            "unit_code": "20770@legacy",
            "criterion_number": number,
            "due_on": "2023-12-31",
        }
        api.post("targets", aim)
    due = api.get("targets", unit="20770", year=2023)["items"]
    assert [(t["criterion_number"], t["due_on"]) for t in due] == [(6, "2023-12-31"), (17, "2023-12-31")]
    before = report(api)
    assert (before["met"], before["total"], before["set"], before["unit_structure"]) == (
        11, 19, SHIPPED, "legacy"
    )  # fmt: skip
    assert [number for number, state in states(before).items() if state == "targeted"] == [6, 17]
    for code, found in (("6.1", {"met": True}), ("6.2", {"met": True}), ("6.3", {"value": 100})):
        body = {"id": new_id(), "unit_code": "20770", "indicator_code": code, "date": REACHED}
        made = api.post("assessments", body | found)
        assert (made["unit_structure"], made["met"], made["by_rule"]) == ("legacy", True, code == "6.3")
    assert (report(api, REACHED)["met"], states(report(api, REACHED))[6]) == (12, "met")
    slip = {"id": new_id(), "unit_code": "20770", "indicator_code": "6.2", "date": SLIPPED, "met": False}
    api.post("assessments", slip)
    after = report(api, SLIPPED)
    assert (after["met"], states(after)[6]) == (11, "lost")
    assert next(row["since"] for row in after["criteria"] if row["number"] == 6) == SLIPPED
    assert (report(api, REACHED)["met"], report(api)) == (12, before)


def test_an_assessment_is_sent_put_right_verified_and_withdrawn(api: Api, above: Api, elsewhere: Api) -> None:
    body = Rows(api).assessment_body(indicator_code="6.3", met=None, value=50, note="Một trong hai thôn")
    made = api.post("assessments", body)
    expected = {"value": 50, "threshold": 100, "met": False, "criterion_number": 6, "set_code": SHIPPED}
    assert made | expected | {"verdict": "", "documents": [], "assessor": "Kiểm thử"} == made
    assert api.post("assessments", body, 200) == made
    assert api.post("assessments", body | {"value": 51}, 409)["type"] == "/problems/id-taken"
    path = f"assessments/{made['id']}"
    paper = Rows(api).document()["id"]
    changed = api.patch(path, {"value": 100, "documents": [paper], "date": "2023-07-01"}, api.etag(path))
    assert (changed["met"], changed["documents"], changed["date"]) == (True, [paper], "2023-07-01")
    stale = api.patch(path, {"note": "x"}, '"1"', 412)
    assert (stale["current"]["value"], stale["current"]["documents"]) == (100, [paper])
    api.patch(path, {"note": "x"}, None, 428)
    assert fields(api.patch(path, {"value": 100.5}, api.etag(path), 422)) == ["value"]
    assert fields(api.patch(path, {"date": "2199-01-01"}, api.etag(path), 422)) == ["date"]
    own = api.post(f"{path}/verify", {"agreed": True}, 409)
    assert (own["rule"], own["asked"], own["held"]) == ("own_assessment", "20770", "20770")
    assert fields(above.post(f"{path}/verify", {"agreed": False}, 422)) == ["note"]
    said = above.post(f"{path}/verify", {"agreed": False, "note": "Chưa đủ", "on": "2023-08-01"}, 200)
    assert (said["verdict"], said["verified_on"], said["verifier"]) == (
        "disputed",
        "2023-08-01",
        "Huyện Hiệp Đức",
    )
    late = api.patch(path, {"note": "x"}, api.etag(path), 409)
    assert (late["rule"], late["asked"], late["held"]) == ("assessment_state", "update", "disputed")
    gone = api.post(f"{path}/withdraw", {"reason": "Ghi nhầm"}, 200)
    assert gone["withdrawn_reason"] == "Ghi nhầm"
    assert above.post(f"{path}/verify", {"agreed": True}, 409)["held"] == "withdrawn"
    assert api.get(path) == gone
    for verb, sent in (("withdraw", {"reason": "x"}), ("verify", {"agreed": True})):
        elsewhere.post(f"{path}/{verb}", sent, 404)


def test_what_is_wrong_is_named(api: Api) -> None:
    body = Rows(api).assessment_body()
    figure = {"indicator_code": "6.3", "met": None}
    wrong: list[tuple[Json, int, str]] = [
        ({"met": None}, 422, "met"),
        ({"value": 3}, 422, "value"),
        ({"date": "2199-01-01"}, 422, "date"),
        ({"date": "2020-01-01"}, 404, "set_code"),
        ({"indicator_code": "99.9"}, 404, "indicator_code"),
        ({"indicator_code": ""}, 422, "indicator_code"),
        ({"unit_code": "00001@legacy"}, 404, "unit_code"),
        ({"set_code": "KHONG-CO"}, 404, "set_code"),
        ({"documents": [new_id()]}, 404, "documents"),
        (figure, 422, "value"),
        (figure | {"value": 101}, 422, "value"),
        (figure | {"value": "100"}, 422, "value"),
        (figure | {"value": 10.0001}, 422, "value"),
        (figure | {"value": 10, "met": True}, 422, "met"),
        ({"verdict": "agreed"}, 422, "verdict"),
    ]
    for values, status, field in wrong:
        sent = {name: value for name, value in (body | values).items() if value is not None}
        assert fields(api.post("assessments", sent, status)) == [field], values
    assert api.get("assessments")["items"] == []


def test_evidence_that_a_set_asks_for_is_sent_with_it_and_stays(api: Api) -> None:
    proof = NewCriterion(1, "Quy hoạch", (indicator("1.1", "judgment", evidence_required=True),))
    added("CO-MINH-CHUNG", proof, valid_from=date(2022, 1, 1))
    body = Rows(api).assessment_body(indicator_code="1.1")
    refused = api.post("assessments", body, 409)
    assert (refused["rule"], refused["code"], refused["asked"], refused["held"]) == (
        "evidence_missing", "1.1", 1, 0
    )  # fmt: skip
    paper = Rows(api).document()["id"]
    made = api.post("assessments", body | {"documents": [paper]})
    link = f"documents/{paper}/attachments/assessment/{made['id']}"
    assert api.call("DELETE", f"/api/v1/{link}").json()["rule"] == "evidence_missing"
    other = {
        "id": new_id(), "number": "2", "date": "2023-06-01", "issuer": "UBND", "kind": "decision",
        "attach_to": {"kind": "assessment", "id": made["id"]},
    }  # fmt: skip
    api.post("documents", other)
    assert api.call("DELETE", f"/api/v1/{link}").status_code == 200
    assert api.get(f"assessments/{made['id']}")["documents"] == [other["id"]]


def test_lists_of_assessments_answer_questions(api: Api, above: Api, elsewhere: Api) -> None:
    rows = Rows(api)
    first = rows.assessment(date="2022-12-31")
    second = rows.assessment(indicator_code="8.1", met=False)
    third = rows.assessment(indicator_code="8.2")
    above.post(f"assessments/{third['id']}/verify", {"agreed": True}, 200)
    api.post(f"assessments/{second['id']}/withdraw", {"reason": "x"}, 200)
    questions: list[tuple[Json, list[Json]]] = [
        ({}, [first, third, second]),
        ({"unit": "512"}, [first, third, second]),
        ({"unit": "20773@legacy"}, []),
        ({"criterion": 8}, [third, second]),
        ({"indicator": "8.1"}, [second]),
        ({"met": "false"}, [second]),
        ({"standing": "true"}, [first, third]),
        ({"verdict": "agreed"}, [third]),
        ({"year": 2022}, [first]),
        ({"date_from": "2023-01-01"}, [third, second]),
        ({"date_to": "2023-01-01"}, [first]),
        ({"set_code": SHIPPED, "met": "true"}, [first, third]),
    ]
    for filters, expected in questions:
        found = above.get("assessments", **filters)["items"]
        assert [a["id"] for a in found] == [a["id"] for a in expected], filters
    assert [a["id"] for a in above.pages("assessments", 2)] == [a["id"] for a in (first, third, second)]
    assert elsewhere.get("assessments")["items"] == []
    for name, value in (("met", "maybe"), ("verdict", "x"), ("criterion", 0), ("state", "x")):
        assert fields(api.get("assessments", 422, **{name: value})) == [name]


def test_a_report_says_what_puts_at_risk_and_what_was_not_assessed(api: Api, above: Api) -> None:
    made = Rows(api).assessment()
    above.post(f"assessments/{made['id']}/verify", {"agreed": False, "note": "x", "on": "2023-07-01"}, 200)
    found = report(api)
    (seventh,) = (row for row in found["criteria"] if row["number"] == 7)
    assert (seventh["state"], seventh["at_risk"], seventh["target_on"]) == ("met", ["disputed"], None)
    (eighth,) = (row for row in found["criteria"] if row["number"] == 8)
    assert (eighth["state"], eighth["since"]) == ("unmet", None)
    assert {i["date"] for i in eighth["indicators"]} == {None}
    assert (found["set_over"], report(api, "2026-01-01", "20770@legacy")["set_over"]) == (False, True)
    assert fields(api.get("reports/criteria", 422, unit="20770", as_of="2199-01-01")) == ["as_of"]
    assert fields(api.get("reports/criteria", 404, unit="20770", as_of="2020-01-01")) == ["set_code"]
    assert fields(api.get("reports/criteria", 422)) == ["unit"]
    above.get("reports/criteria", 422, unit="512@legacy")
    above.get("reports/criteria", 404, unit="00001@legacy")


def test_the_matrix_shows_communes_and_counts_them(http: TestClient, api: Api, above: Api) -> None:
    Rows(api).assessment()
    Rows(api).target()
    found = above.get("reports/criteria-matrix", unit="512", as_of=INSPECTION, sort="-met")
    assert (found["by"], found["total"], found["set"]) == ("commune", 19, SHIPPED)
    names = [row["unit_name"] for row in found["rows"]]
    assert names == ["Xã Sông Trà", "Xã Phước Gia", "Xã Phước Trà"]
    own = {cell["number"]: cell["state"] for cell in found["rows"][0]["criteria"]}
    assert (own[6], own[7], own[8], len(own)) == ("targeted", "met", "unmet", 19)
    total = found["sum"]
    assert (total["communes"], total["met"], total["targeted"], total["full"]) == (3, 1, 1, 0)
    assert {cell["state"] for cell in total["criteria"]} == {None}
    nation = at(http, "VN@2025", "read")
    whole = nation.get("reports/criteria-matrix", unit="VN@legacy", as_of=INSPECTION)
    assert (whole["by"], [(r["unit_code"], r["communes"]) for r in whole["rows"]]) == (
        "child", [("01", 1), ("49", 3)]
    )  # fmt: skip
    assert whole["sum"]["met"] == 1
    assert fields(nation.get("reports/criteria-matrix", 422, unit="VN@legacy", by="commune")) == ["by"]
    assert fields(above.get("reports/criteria-matrix", 422, unit="512@legacy", sort="c99")) == ["sort"]
    assert fields(api.get("reports/criteria-matrix", 422, unit="20770@legacy")) == ["unit"]
    above.get("reports/criteria-matrix", 404, unit="01@legacy")
