"""Site clearance over the interface: the plan, the households, what paid them, names for whom they are meant."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.domain.identity import clients, common
from tests.api.client import Api, Json, fields, new_id
from tests.api.rows import MILLION, Rows
from tests.support.land import MASKED, NAME, views


@pytest.fixture
def admitted(http: TestClient) -> Api:
    """A client that writes and was admitted to personal data."""
    made, secret = clients.create_client(
        common.system_actor(), "Phần mềm bồi thường", "20770@legacy", "write", personal_data=True
    )
    return Api(http, clients.issue_token(made.client_id, secret)[0])


def test_clearance_goes_from_plan_to_handover(api: Api, above: Api) -> None:
    rows = Rows(api)
    work = rows.work(procedure="special")
    path = f"works/{work['id']}/site-clearance"
    empty = api.get(path)
    assert (empty["households"], empty["plan_amount"], empty["updated_at"]) == (0, None, None)
    planned = api.patch(path, {"plan_amount": 40 * MILLION, "note": "Đợt 1"}, api.etag(path))
    assert (planned["plan_amount"], planned["note"]) == (40 * MILLION, "Đợt 1")
    seven = [s for s in api.get(f"works/{work['id']}/steps")["items"] if s["track"] == "clearance"]
    assert len(seven) == 7
    body = rows.household_body(
        code="H01", hamlet_code="20770.02", parcels="Tờ 9, thửa 12", area_m2=164.5, assets="Hoa màu\nrào tre"
    )
    made = api.post(f"{path}/households", body)
    assert made | body | {"head_name": "N*** V*** A***"} == made
    assert api.post(f"{path}/households", body, 200) == made
    one = f"{path}/households/{made['id']}"
    assert above.get(one) == made
    done = api.patch(one, {"handed_over_on": "2023-08-15", "area_m2": 0.1}, api.etag(one))
    assert (done["handed_over_on"], done["area_m2"]) == ("2023-08-15", 0.1)
    entry = rows.compensation(work["id"], 6 * MILLION)
    paid = api.post(f"{one}/payments", {"entry_id": entry["id"], "amount": 6 * MILLION})
    assert paid["paid"] == 6 * MILLION
    assert paid["payments"] == [
        {
            "entry_id": entry["id"], "amount": 6 * MILLION, "document_number": "0147/UNC", "paid_on": "2023-03-01",
            "reversed": False,
        }
    ]  # fmt: skip
    assert api.post(f"{one}/payments", {"entry_id": entry["id"], "amount": 6 * MILLION}, 200) == paid
    figures = api.get(path)
    assert (figures["households"], figures["handed_over"], figures["area_m2"]) == (1, 1, 0.1)
    assert (figures["due"], figures["paid"], figures["unpaid"]) == (10 * MILLION, 6 * MILLION, 4 * MILLION)
    gone = api.call("DELETE", f"{one}/payments/{entry['id']}")
    assert (gone.status_code, gone.json()["paid"], gone.json()["payments"]) == (200, 0, [])
    assert api.call("DELETE", f"{one}/payments/{entry['id']}").status_code == 404


def test_areas_are_written_with_their_two_decimals(api: Api) -> None:
    rows = Rows(api)
    made = rows.household(area_m2=0.3)
    text = api.call("GET", rows.place_of(made)).text
    assert '"area_m2":0.30' in text
    for area in (0.1 + 0.2, -1, 1e10, "12", True, None, 0.001):
        body = rows.household_body(area_m2=area)
        assert fields(api.post(f"works/{made['work_id']}/site-clearance/households", body, 422)) == [
            "area_m2"
        ]
    assert json.loads(text)["area_m2"] == 0.3


def test_rules_refuse_with_their_figures(api: Api) -> None:
    rows = Rows(api)
    work = rows.work()
    path = f"works/{work['id']}/site-clearance"
    api.patch(path, {"plan_amount": 15 * MILLION}, api.etag(path))
    made, small = rows.household(work), rows.household(work, compensation_due=MILLION)
    one, other = rows.place_of(made), rows.place_of(small)

    def told(problem: Json) -> tuple[Any, ...]:
        assert problem["type"] == f"/problems/{problem['rule'].replace('_', '-')}"
        return problem["rule"], problem.get("asked"), problem.get("held")

    body = rows.household_body(compensation_due=4 * MILLION + 1)
    past = ("compensation_plan", 15 * MILLION + 1, 15 * MILLION)
    assert told(api.post(f"{path}/households", body, 409)) == past
    more = {"compensation_due": 14 * MILLION + 1}
    assert told(api.patch(one, more, api.etag(one), 409)) == past
    low = api.patch(path, {"plan_amount": MILLION}, api.etag(path), 409)
    assert told(low) == ("compensation_plan", MILLION, 11 * MILLION)
    entry = rows.compensation(work["id"], 3 * MILLION)
    share = {"entry_id": entry["id"], "amount": 3 * MILLION + 1}
    assert told(api.post(f"{one}/payments", share, 409)) == ("entry_share", 3 * MILLION + 1, 3 * MILLION)
    due = {"entry_id": entry["id"], "amount": MILLION + 1}
    assert told(api.post(f"{other}/payments", due, 409)) == ("compensation_due", MILLION + 1, MILLION)
    api.post(f"{one}/payments", {"entry_id": entry["id"], "amount": 3 * MILLION})
    below = api.patch(one, {"compensation_due": 3 * MILLION - 1}, api.etag(one), 409)
    assert told(below) == ("compensation_due", 3 * MILLION - 1, 3 * MILLION)
    assert (
        api.post(f"{one}/payments", {"entry_id": entry["id"], "amount": 1}, 409)["type"]
        == "/problems/conflict"
    )
    back = {"reverses_id": entry["id"]}
    api.record(entry["budget_line_id"], "reversal", None, None, **back)
    reversed_ = api.post(f"{other}/payments", {"entry_id": entry["id"], "amount": 1}, 409)
    assert (reversed_["rule"], reversed_["number"]) == ("entry_reversed", "0147/UNC")
    assert api.get(one)["payments"][0]["reversed"] is True
    assert api.get(path)["paid"] == 0


def test_bodies_that_cannot_be_are_refused_by_field(api: Api) -> None:
    rows = Rows(api)
    made = rows.household(code="H01")
    path = f"works/{made['work_id']}/site-clearance/households"
    for wrong, named in (
        ({"form": "loan"}, "form"), ({"form": "gift"}, "compensation_due"), ({"compensation_due": -1}, "compensation_due"),
        ({"compensation_due": 1.5}, "compensation_due"), ({"head_name": ""}, "head_name"), ({"head_name": "A* B"}, "head_name"),
        ({"head_name": "x" * 121}, "head_name"), ({"handed_over_on": "2999-01-01"}, "handed_over_on"),
        ({"handed_over_on": "1/1/2023"}, "handed_over_on"), ({"code": ""}, "code"), ({"paid": 1}, "paid"),
    ):  # fmt: skip
        assert fields(api.post(path, rows.household_body(**wrong), 422)) == [named], wrong
    assert fields(api.post(path, rows.household_body(hamlet_code="20770.99"), 404)) == ["hamlet_code"]
    assert api.post(path, rows.household_body(code="H01"), 409)["code"] == "H01"
    elsewhere = rows.compensation(rows.work()["id"])
    for entry_id in (elsewhere["id"], new_id()):
        asked = {"entry_id": entry_id, "amount": 1}
        assert fields(api.post(f"{path}/{made['id']}/payments", asked, 404)) == ["entry_id"]
    allocated = rows.funded()
    given = api.get("ledger-entries", budget_line_id=allocated["id"])["items"][0]
    assert fields(api.post(f"{path}/{made['id']}/payments", {"entry_id": given["id"], "amount": 1}, 404)) == [
        "entry_id"
    ]


def test_a_stale_change_is_told_what_stands(api: Api) -> None:
    rows = Rows(api)
    made = rows.household()
    one = rows.place_of(made)
    old = api.etag(one)
    changed = api.patch(one, {"note": "mới"}, old)
    assert api.patch(one, {"note": "khác"}, old, 412)["current"] == changed
    assert api.patch(one, {"note": "khác"}, None, 428)["status"] == 428
    path = f"works/{made['work_id']}/site-clearance"
    before = api.etag(path)
    planned = api.patch(path, {"plan_amount": 10 * MILLION}, before)
    assert api.patch(path, {"note": "x"}, before, 412)["current"] == planned


def test_names_go_to_systems_that_were_admitted_and_each_answer_is_on_record(api: Api, admitted: Api) -> None:
    rows = Rows(api)
    made = rows.household(head_name=NAME)
    one = rows.place_of(made)
    households = f"works/{made['work_id']}/site-clearance/households"
    masked = [
        made,
        api.get(one),
        api.get(households)["items"][0],
        api.patch(one, {"note": "1"}, api.etag(one)),
    ]
    assert {h["head_name"] for h in masked} == {MASKED}
    assert views() == []
    shown = [
        admitted.get(one), admitted.get(households)["items"][0], admitted.patch(one, {"note": "2"}, api.etag(one)),
        admitted.patch(one, {"note": "3"}, '"1"', 412)["current"],
    ]  # fmt: skip
    assert {h["head_name"] for h in shown} == {NAME}
    assert [view[1:] for view in views()] == [
        ("clearance_household", made["id"], 1, "api"),
        ("site_clearance", made["work_id"], 1, "api"),
        ("clearance_household", made["id"], 1, "api"),
        ("clearance_household", made["id"], 1, "api"),
    ]
    kept = api.patch(one, {"head_name": MASKED, "note": "4"}, api.etag(one))
    assert kept["note"] == "4"
    assert admitted.get(one)["head_name"] == NAME
    assert fields(admitted.patch(one, {"head_name": MASKED}, api.etag(one), 422)) == ["head_name"]
    assert [len(who.get(households, q="van minh")["items"]) for who in (api, admitted)] == [0, 1]


def test_households_come_in_the_order_of_their_changes_under_filters(api: Api) -> None:
    rows = Rows(api)
    work = rows.work()
    made = [
        rows.household(work, code="H01", hamlet_code="20770.01"), rows.household(work, code="H02"),
        rows.household(work, code="H03", form="gift", compensation_due=0, handed_over_on="2023-06-01"),
    ]  # fmt: skip
    path = f"works/{work['id']}/site-clearance/households"
    first = rows.place_of(made[0])
    api.patch(first, {"note": "đổi"}, api.etag(first))
    assert [h["code"] for h in api.pages(path, 1)] == ["H02", "H03", "H01"]
    expected: list[tuple[Json, list[str]]] = [
        ({"form": "gift"}, ["H03"]), ({"handed_over": "false"}, ["H02", "H01"]), ({"hamlet_code": "20770.01"}, ["H01"]),
        ({"q": "h02"}, ["H02"]), ({"updated_since": made[2]["updated_at"]}, ["H03", "H01"]),
    ]  # fmt: skip
    for wanted, codes in expected:
        assert [h["code"] for h in api.get(path, **wanted)["items"]] == codes, wanted
    rows.household()
    assert len(api.get(path)["items"]) == 3, "those of another work stand elsewhere"
