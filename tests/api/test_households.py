"""Households over the interface: recorded, classed, merged, how statuses moved; names and numbers for whom they are meant."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.domain.identity import clients, common
from app.settings import settings
from tests.api.client import Api, fields, new_id
from tests.api.rows import Rows
from tests.support.folk import KEY
from tests.support.land import views

MASKED = "N*** V*** A***"
WIFE = {"name": "Hồ Thị Lan", "birth_year": 1985, "relation": "vợ"}
DECISION = {"number": "120/QĐ-UBND", "date": "2022-12-20", "issuer": "UBND xã Sông Trà"}


@pytest.fixture
def keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTQG_PERSONAL_KEYS", KEY)
    settings.cache_clear()


@pytest.fixture
def admitted(http: TestClient) -> Api:
    """A client that writes and was admitted to personal data."""
    made, secret = clients.create_client(
        common.system_actor(), "Phần mềm hộ nghèo", "20770@legacy", "write", personal_data=True
    )
    return Api(http, clients.issue_token(made.client_id, secret)[0])


def test_a_household_goes_from_poor_to_escaped(api: Api, above: Api) -> None:
    rows = Rows(api)
    body = rows.registered_body(
        members=[WIFE], statuses=[{"year": 2022, "status": "poor", "decision": DECISION}], ethnicity="Ca Dong"
    )
    made = api.post("households", body)
    assert api.post("households", body, 200) == made
    assert (made["code"], made["head_name"], made["members"]) == (
        "01.001", MASKED, [WIFE | {"name": "H*** T*** L***"}],
    )  # fmt: skip
    one = f"households/{made['id']}"
    escaped = {"status": "escaped", "decision": DECISION | {"date": "2022-12-21"}}
    classed = api.call("PUT", f"{one}/statuses/2023", json=escaped).json()
    assert classed["statuses"] == [
        {"year": 2022, "status": "poor", "decision": DECISION}, {"year": 2023, **escaped},
    ]  # fmt: skip
    assert api.call("PUT", f"{one}/statuses/2023", json=escaped).json() == classed
    api.call("PUT", f"{one}/statuses/2023", json={"status": "near_poor"})
    whole = above.get(one)
    assert [(e["what"], e["from_status"], e["to_status"]) for e in whole["events"]] == [
        ("status", "escaped", "near_poor")
    ]
    assert (whole["identity_number"], whole["phone"]) == (None, None)
    listed = api.get("households", unit="20770@legacy", year=2023, status="near_poor")["items"]
    assert [h["id"] for h in listed] == [made["id"]]
    assert api.get("households", unit="20770@legacy", year=2023, status="none")["items"] == []
    assert api.get("households", hamlet="20770.02")["items"] == []
    assert api.get("households", q="nguyen")["items"] == [], "names are not searched by who does not see them"
    gone = {"left_on": "2023-11-05", "left_reason": "Chuyển đi"}
    left = api.patch(one, gone, api.etag(one))
    assert {**left, **gone} == left
    refused = api.call("PUT", f"{one}/statuses/2024", json={"status": "poor"})
    assert (refused.status_code, refused.json()["rule"], refused.json()["held"]) == (
        409, "household_left", "2023-11-05",
    )  # fmt: skip
    assert fields(api.get("households", 422, status="poor")) == ["year"]
    assert views() == []


def test_a_flow_adds_up(api: Api) -> None:
    rows = Rows(api)

    def of(before: str | None, now: str | None, **more: object) -> None:
        statuses = [{"year": y, "status": s} for y, s in ((2022, before), (2023, now)) if s]
        rows.registered(statuses=statuses, **more)

    of("poor", "escaped")
    of(None, "poor")
    of("near_poor", None, left_on="2023-03-01", left_reason="x", hamlet_code="20770.02")
    of("poor", None)
    report = api.get("reports/household-flow", unit="20770@legacy", year=2023)
    figures = ("last_year", "this_year", "joined", "left", "waiting")
    assert [report["total"][name] for name in figures] == [3, 2, 1, 1, 1]
    assert [(p["code"], *(p[name] for name in figures)) for p in report["places"]] == [
        ("20770.02", 1, 0, 0, 1, 0), ("20770.01", 2, 2, 1, 0, 1),
    ]  # fmt: skip
    assert {"before": "poor", "after": "escaped", "households": 1} in report["total"]["moves"]
    for of_place in (report["total"], *report["places"]):
        assert of_place["last_year"] == (
            of_place["this_year"] + of_place["left"] + of_place["waiting"] - of_place["joined"]
        )


def test_names_and_numbers_are_for_who_was_admitted(api: Api, admitted: Api, keyed: None) -> None:
    rows = Rows(api)
    made = rows.registered(identity_number="049080001234", phone="0905123456", members=[WIFE])
    assert "049080001234" not in str(made)
    one = f"households/{made['id']}"
    assert api.get(one)["identity_number"] is None
    assert views() == []
    whole = admitted.get(one)
    assert (whole["head_name"], whole["identity_number"], whole["phone"]) == (
        "Nguyễn Văn An", "049080001234", "0905123456",
    )  # fmt: skip
    assert [row[1:] for row in views()] == [
        ("household", made["id"], 2, "api"), ("household", made["id"], 1, "identity"),
    ]  # fmt: skip
    [listed] = admitted.get("households", unit="20770@legacy")["items"]
    assert listed["head_name"] == "Nguyễn Văn An"
    assert "identity_number" not in listed
    assert views()[-1][1:] == ("households", "20770@legacy", 2, "api")
    kept = api.patch(one, {"head_name": MASKED, "members": made["members"], "note": "x"}, api.etag(one))
    assert kept["note"] == ""
    assert admitted.get(one)["members"] == [WIFE]
    taken = api.patch(one, {"identity_number": None}, api.etag(one))
    assert "identity_number" not in taken
    assert admitted.get(one)["identity_number"] is None


def test_rules_refuse_with_their_figures(api: Api) -> None:
    rows = Rows(api)
    body = rows.registered_body(phone="0905123456")
    assert api.post("households", body, 409)["rule"] == "no_personal_key"
    one, two = rows.registered(), rows.registered()
    kept = api.post(f"households/{one['id']}/merge", {"into": two["id"]}, 200)
    assert kept["id"] == two["id"]
    assert api.get(f"households/{one['id']}")["merged_into_id"] == two["id"]
    path = f"households/{one['id']}"
    refused = api.patch(path, {"note": "x"}, api.etag(path), 409)
    assert (refused["rule"], refused["held"]) == ("household_merged", two["id"])
    assert fields(api.post(f"households/{two['id']}/merge", {"into": new_id()}, 404)) == ["into"]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"identity_number": "12"}, "identity_number"), ({"phone": "12"}, "phone"), ({"birth_year": 1500}, "birth_year"),
        ({"head_name": ""}, "head_name"), ({"head_name": "A* B"}, "head_name"), ({"members": [{"name": ""}]}, "members.0.name"),
        ({"statuses": [{"year": 2023, "status": "rich"}]}, "statuses.0.status"), ({"code": ""}, "code"),
        ({"left_on": "2023-01-01"}, "left_reason"), ({"unit_code": "512@legacy"}, "unit_code"), ({"merged": 1}, "merged"),
    ],
)  # fmt: skip
def test_bodies_that_cannot_be_are_refused_by_field(
    api: Api, above: Api, wrong: dict[str, Any], named: str
) -> None:
    caller = above if "unit_code" in wrong else api
    assert fields(caller.post("households", Rows(api).registered_body(**wrong), 422)) == [named]


def test_a_stale_change_is_told_what_stands(api: Api) -> None:
    one = f"households/{Rows(api).registered()['id']}"
    old = api.etag(one)
    changed = api.patch(one, {"ethnicity": "Kinh"}, old)
    assert api.patch(one, {"ethnicity": "Mnông"}, old, 412)["current"] == changed
    assert api.patch(one, {"ethnicity": "Mnông"}, None, 428)["status"] == 428


def test_lists_page_in_the_order_of_changes(api: Api) -> None:
    rows = Rows(api)
    made = [rows.registered()["id"] for _ in range(5)]
    assert [h["id"] for h in api.pages("households", 2)] == made
    api.call("PUT", f"households/{made[0]}/statuses/2023", json={"status": "poor"})
    assert [h["id"] for h in api.pages("households", 2)] == [*made[1:], made[0]], "a status is a change"
