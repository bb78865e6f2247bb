"""Sets of criteria as another system reads and adds them, and what a change of sets changes."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.api.examples_criteria_sets import NEW_CRITERIA_SET, NEW_THRESHOLD
from tests.api.client import Api, Json, at, fields, new_id

SHIPPED = "NTM-XA-2021-2025"
NEXT: Json = {
    "code": "NTM-XA-2026-2030", "name": "Bộ tiêu chí thử", "level": "commune", "valid_from": "2026-01-01",
    "source": "Quyết định thử",
    "criteria": [
        {
            "number": 3, "name": "Thủy lợi", "indicators": [
                {"code": "3.1", "name": "Tưới tiêu chủ động", "kind": "percent", "unit": "%", "threshold": 82.5},
                {"code": "3.2", "name": "Bốn tại chỗ", "kind": "judgment", "evidence_required": True},
            ],
        }
    ],
}  # fmt: skip


@pytest.fixture
def nation(http: TestClient) -> Api:
    return at(http, "VN@2025")


def indicators(found: Json) -> dict[str, Json]:
    return {one["code"]: one for criterion in found["criteria"] for one in criterion["indicators"]}


def test_a_set_comes_whole_with_thresholds_and_their_sources(api: Api) -> None:
    (found,) = api.get("criteria-sets")["items"]
    assert api.get(f"criteria-sets/{SHIPPED}") == found
    assert (found["code"], found["level"], found["region"], found["unit_code"]) == (
        SHIPPED,
        "commune",
        None,
        None,
    )
    assert [c["number"] for c in found["criteria"]] == list(range(1, 20))
    by_code = indicators(found)
    assert len(by_code) == 57
    share = by_code["3.1"]
    assert (share["threshold"], share["comparator"], share["certainty"]) == (80, ">=", "sure")
    assert isinstance(share["threshold"], int)
    assert share["source"] == "Quyết định 318/QĐ-TTg (08/03/2022)"
    assert (by_code["11.1"]["threshold"], by_code["11.1"]["comparator"]) == (None, "<=")
    assert (by_code["3.2"]["threshold"], by_code["3.2"]["comparator"]) == (None, None)


def test_a_set_is_added_once_and_read_back(nation: Api) -> None:
    made = nation.post("criteria-sets", NEXT)
    assert nation.post("criteria-sets", NEXT, 200) == made
    assert nation.get("criteria-sets/NTM-XA-2026-2030") == made
    by_code = indicators(made)
    assert (by_code["3.1"]["threshold"], by_code["3.1"]["source"]) == (82.5, "Quyết định thử")
    assert by_code["3.2"]["evidence_required"] is True
    assert nation.post("criteria-sets", NEXT | {"name": "Khác"}, 409)["type"] == "/problems/conflict"
    assert [s["code"] for s in nation.pages("criteria-sets", 1)] == ["NTM-XA-2026-2030", SHIPPED]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({}, ["NTM-XA-2026-2030", "NTM-XA-QNG-2024", SHIPPED]), ({"level": "hamlet"}, []),
        ({"unit": "20770@legacy"}, ["NTM-XA-2026-2030", "NTM-XA-QNG-2024", SHIPPED]),
        ({"unit": "00001@legacy"}, ["NTM-XA-2026-2030", SHIPPED]),
        ({"unit": "20770", "as_of": "2023-09-14", "in_force": "true"}, [SHIPPED]),
        ({"unit": "20770", "as_of": "2024-09-14", "in_force": "true"}, ["NTM-XA-QNG-2024"]),
        ({"as_of": "2026-09-14", "in_force": "true"}, ["NTM-XA-2026-2030"]),
        ({"in_force": "false", "as_of": "2026-09-14"}, ["NTM-XA-2026-2030", "NTM-XA-QNG-2024", SHIPPED]),
    ],
)  # fmt: skip
def test_filters_choose_what_holds_and_what_is_in_force(nation: Api, asked: Json, codes: list[str]) -> None:
    nation.post("criteria-sets", NEXT)
    nation.post("criteria-sets", NEW_CRITERIA_SET)
    assert [s["code"] for s in nation.get("criteria-sets", **asked)["items"]] == codes


def test_a_threshold_holds_where_it_was_made_and_from_its_day(
    nation: Api, api: Api, http: TestClient
) -> None:
    before = nation.get(f"criteria-sets/{SHIPPED}")["updated_at"]
    body = {**NEW_THRESHOLD, "value": 84.125}
    for _ in range(2):
        made = nation.post(f"criteria-sets/{SHIPPED}/thresholds", body, 200)
    raised = indicators(made)["3.1"]
    assert (raised["threshold"], raised["threshold_unit_code"], raised["threshold_unit_structure"]) == (
        84.125, "49", "legacy",
    )  # fmt: skip
    asked = {"unit": "20770", "as_of": "2023-09-14"}
    assert indicators(api.get(f"criteria-sets/{SHIPPED}", **asked))["3.1"] == raised
    assert indicators(api.get("criteria-sets", **asked)["items"][0])["3.1"] == raised
    earlier = api.get(f"criteria-sets/{SHIPPED}", unit="20770", as_of="2022-07-31")
    assert indicators(earlier)["3.1"]["threshold"] == 80
    assert indicators(api.get(f"criteria-sets/{SHIPPED}"))["3.1"]["threshold"] == 80
    elsewhere = at(http, "00001@legacy").get(f"criteria-sets/{SHIPPED}", unit="00001", as_of="2023-09-14")
    assert indicators(elsewhere)["3.1"]["threshold"] == 80
    assert made["updated_at"] > before
    changed = nation.get("criteria-sets", updated_since=made["updated_at"])["items"]
    assert [s["code"] for s in changed] == [SHIPPED]
    gone = nation.get("criteria-sets", updated_since="2199-01-01T00:00:00Z")["items"]
    assert gone == []


def test_a_province_rules_for_itself_alone(http: TestClient) -> None:
    province = at(http, "49@legacy")
    province.post(f"criteria-sets/{SHIPPED}/thresholds", NEW_THRESHOLD | {"unit_code": "49"}, 200)
    province.post("criteria-sets", NEW_CRITERIA_SET | {"unit_code": "49"})
    for place in ({"unit_code": None}, {"unit_code": None, "region": "DHNTB"}):
        province.post(f"criteria-sets/{SHIPPED}/thresholds", NEW_THRESHOLD | place, 403)
        province.post("criteria-sets", NEW_CRITERIA_SET | place, 403)
    other = province.post(f"criteria-sets/{SHIPPED}/thresholds", NEW_THRESHOLD | {"unit_code": "01"}, 404)
    assert fields(other) == ["unit_code"]


@pytest.mark.parametrize(
    ("change", "status", "named"),
    [
        ({"value": 100.5}, 422, ["value"]), ({"value": 1.2345}, 422, ["value"]), ({"value": "80"}, 422, ["value"]),
        ({"source": " "}, 422, ["source"]), ({"valid_to": "2020-01-01"}, 422, ["valid_to"]),
        ({"region": "DHNTB"}, 422, ["region"]), ({"unit_code": "20770@legacy"}, 422, ["unit_code"]),
        ({"indicator_code": "1.1"}, 422, ["value"]), ({"indicator_code": "99.1"}, 404, ["indicator_code"]),
        ({"unit_code": None, "region": "X"}, 404, ["region"]), ({"until": 1}, 422, ["until"]),
    ],
)  # fmt: skip
def test_faults_of_a_threshold_are_named(nation: Api, change: Json, status: int, named: list[str]) -> None:
    problem = nation.post(f"criteria-sets/{SHIPPED}/thresholds", NEW_THRESHOLD | change, status)
    assert fields(problem) == named


def test_faults_of_a_set_are_named_by_their_place(nation: Api) -> None:
    def refused(**change: Any) -> list[str]:
        return fields(nation.post("criteria-sets", NEXT | change, 422))

    first = NEXT["criteria"][0]["indicators"][0]
    assert refused(code="bộ") == ["code"]
    assert refused(criteria=[]) == ["criteria"]
    twice = [{"number": 3, "name": "x", "indicators": [first, first]}]
    assert refused(criteria=twice) == ["criteria.0.indicators.0.code", "criteria.0.indicators.1.code"]
    wrong = [{"number": 3, "name": "x", "indicators": [first | {"kind": "judgment"}]}]
    assert refused(criteria=wrong) == ["criteria.0.indicators.0.threshold"]
    assert nation.get("criteria-sets/NTM-XA-2026-2030", 404)["type"] == "/problems/not-found"


def test_units_and_sets_that_are_not_there(api: Api) -> None:
    api.get("criteria-sets", 404, unit="00001@legacy")
    api.get(f"criteria-sets/{SHIPPED}", 404, unit="00001@legacy")
    api.get("criteria-sets/NONE", 404)
    api.get(f"criteria-sets/{SHIPPED}/changes", 404, **{"from": "NONE"})
    api.get(f"criteria-sets/{SHIPPED}/changes", 422)
    api.get(f"criteria-sets/{SHIPPED}", 422, q="x")


def assessed(api: Api, code: str, **found: Any) -> None:
    body = {"id": new_id(), "unit_code": "20770@legacy", "indicator_code": code, "date": "2023-06-30"}
    api.post("assessments", body | found)


def test_what_changes_for_a_unit(nation: Api, api: Api) -> None:
    nation.post("criteria-sets", NEXT)
    assessed(api, "3.1", value=81)
    assessed(api, "3.2", met=True)
    asked = {"from": SHIPPED, "unit": "20770", "as_of": "2023-09-14"}
    found = api.get("criteria-sets/NTM-XA-2026-2030/changes", **asked)
    assert (found["from_set"], found["to_set"], found["met"], found["met_after"]) == (
        SHIPPED, "NTM-XA-2026-2030", 1, 0,
    )  # fmt: skip
    outlooks = {c["number"]: (c["was_met"], c["outlook"]) for c in found["criteria"]}
    assert outlooks == {3: (True, "lost")} | {n: (False, "dropped") for n in range(1, 20) if n != 3}
    share, judged = next(c for c in found["criteria"] if c["number"] == 3)["indicators"]
    assert (share["changes"], share["value"], share["met"], share["carried"]) == (
        ["reworded", "threshold"], 81, True, "unmet",
    )  # fmt: skip
    assert (share["old"]["threshold"], share["new"]["threshold"]) == (80, 82.5)
    assert (judged["changes"], judged["met"], judged["carried"]) == (["reworded", "evidence"], True, "anew")
    same = api.get(f"criteria-sets/{SHIPPED}/changes", **asked)
    assert (same["met"], same["met_after"]) == (1, 1)
    assert {tuple(one["changes"]) for c in same["criteria"] for one in c["indicators"]} == {()}
