"""Lines and entries over the interface: lists, ids, maker and checker, distributing."""

from __future__ import annotations

import uuid
from datetime import date

from starlette.testclient import TestClient

from app.domain.ledger import deadlines, periods
from app.domain.ledger.entries import Document
from tests.api.client import Api, Json, at, entry, fields, new_id
from tests.api.rows import DOCUMENT, MILLION, Rows, checked, set_checker
from tests.support import world as small
from tests.support.world import DECISION


def ids(rows: list[Json]) -> set[str]:
    return {row["id"] for row in rows}


# Lines


def test_a_line_is_made_once(api: Api) -> None:
    body = {
        "id": new_id(), "unit_code": "20770@legacy", "project_code": "GNBV.2", "source": "central",
        "capital_kind": "recurrent", "year": 2023, "note": "Nuôi bo\u0300",
    }  # fmt: skip
    response = api.call("POST", "budget-lines", json=body)
    made = response.json()
    assert response.status_code == 201
    assert (made["origin_year"], made["program_code"], made["note"]) == (2023, "GNBV", "Nuôi bò")
    found = api.call("GET", response.headers["location"])
    assert (found.json(), found.headers["etag"]) == (made, response.headers["etag"])
    again = api.call("POST", "budget-lines", json=body)
    assert (again.status_code, again.json()) == (200, made)
    assert api.post("budget-lines", body | {"note": "khác"}, 409)["type"] == "/problems/id-taken"
    twin = api.post("budget-lines", body | {"id": new_id()}, 409)
    assert (twin["rule"], twin["line_id"]) == ("line_exists", made["id"])
    assert fields(api.post("budget-lines", body | {"id": new_id(), "project_code": "GNBV.3"}, 422)) == [
        "project_code"
    ]


def test_a_lines_key_freezes_with_its_first_entry(api: Api) -> None:
    made = api.line()
    path = f"budget-lines/{made['id']}"
    moved = api.patch(path, {"source": "people", "note": "đổi nguồn"}, api.etag(path))
    assert (moved["source"], moved["note"]) == ("people", "đổi nguồn")
    etag = api.etag(path)
    api.record(made, "allocate", 5, "2023-01-05")
    assert api.etag(path) == etag  # money is no edit
    assert api.patch(path, {"source": "central"}, etag, 409)["rule"] == "line_frozen"
    assert api.patch(path, {"note": ""}, etag)["note"] == ""


def test_lists_come_whole_in_a_stable_order_page_by_page(api: Api) -> None:
    rows = Rows(api)
    made = {rows.funded()["id"] for _ in range(5)}
    for path in ("budget-lines", "works"):
        whole = api.get(path, limit=500)["items"]
        assert list(api.pages(path, 2)) == whole
        assert len(whole) == 5
    assert ids(list(api.pages("budget-lines", 1))) == made
    entries = list(api.pages("ledger-entries", 2))
    assert {row["budget_line_id"] for row in entries} == made
    assert len(entries) == 5


def test_lines_are_narrowed_by_their_fields(api: Api) -> None:
    rows = Rows(api)
    own = rows.line()
    other = api.line(year=2024, origin_year=2023, source="people")
    for filter_, found in (
        ({"year": 2023}, own), ({"year": 2024}, other), ({"source": "people"}, other), ({"origin_year": 2023}, None),
        ({"project_code": "DTTS.4"}, own), ({"project_code": "GNBV.2"}, other), ({"program_code": "DTTS"}, own),
        ({"capital_kind": "investment"}, own), ({"work_id": own["work_id"]}, own), ({"unit": "20770"}, None),
        ({"as_of": "2023-01-01", "unit": "20770"}, None),
    ):  # fmt: skip
        expected = {own["id"], other["id"]} if found is None else {found["id"]}
        assert ids(api.get("budget-lines", **filter_)["items"]) == expected
    assert api.get("budget-lines", project_code="DTTS.%")["items"] == []
    assert api.get("budget-lines", updated_since="2199-01-01T00:00:00Z")["items"] == []
    assert len(api.get("budget-lines", updated_since="2020-01-01T00:00:00+07:00")["items"]) == 2


# Entries


def test_entries_are_narrowed_by_their_fields(api: Api) -> None:
    rows = Rows(api)
    line, _ = rows.funded(), rows.funded()
    lapsed = api.record(line, "lapse", 5, "2023-06-01", document=DOCUMENT)
    reversal = api.record(line, "reversal", None, None, reverses_id=lapsed["id"])
    for filter_, found in (
        ({"kind": "lapse"}, {lapsed["id"]}),
        ({"reverses_id": lapsed["id"]}, {reversal["id"]}),
        ({"document": "05/qd"}, {lapsed["id"]}),
        ({"effective_from": "2023-05-01", "effective_to": "2023-06-01"}, {lapsed["id"], reversal["id"]}),
        ({"effective_to": "2023-01-04"}, set()),
        ({"status": "rejected"}, set()),
        ({"work_id": line["work_id"], "kind": "lapse"}, {lapsed["id"]}),
        ({"year": 2024}, set()),
        ({"program_code": "GNBV"}, set()),
        ({"project_code": "DTTS.4", "kind": "lapse"}, {lapsed["id"]}),
        ({"recorded_by": lapsed["recorded_by"], "kind": "lapse"}, {lapsed["id"]}),
    ):
        assert ids(api.get("ledger-entries", **filter_)["items"]) == found
    assert len(api.get("ledger-entries", budget_line_id=line["id"], status="posted")["items"]) == 3


def test_the_same_again_gives_the_row_as_it_stands_now(http: TestClient, api: Api) -> None:
    checker = at(http)
    line = Rows(api).line()
    bodies = [entry(line, "allocate", n, "2023-01-05") for n in (1, 2, 3)]
    with checked():
        made = [api.post("ledger-entries", body) for body in bodies]
    posted = checker.post(f"ledger-entries/{made[0]['id']}/post", None, 200)
    rejected = checker.post(f"ledger-entries/{made[1]['id']}/reject", {"reason": "Sai số"}, 200)
    cancelled = api.post(f"ledger-entries/{made[2]['id']}/cancel", None, 200)
    now = [api.post("ledger-entries", body, 200) for body in bodies]
    assert now == [posted, rejected, cancelled]
    assert [row["status"] for row in now] == ["posted", "rejected", "cancelled"]
    assert (posted["recorded_by"], posted["recorded_at"] is None) == (made[0]["recorded_by"], False)
    assert posted["posted_by"] != posted["recorded_by"]
    assert (rejected["reason"], rejected["recorded_at"]) == ("Sai số", None)
    reversal = api.record(line, "reversal", None, None, reverses_id=posted["id"])
    again = api.post("ledger-entries", bodies[0], 200)
    assert again["reversed_by_id"] == reversal["id"]
    assert again == api.get(f"ledger-entries/{posted['id']}")


def test_a_proposal_is_decided_once(http: TestClient, api: Api) -> None:
    checker = at(http)
    made = Rows(api).proposal()
    path = f"ledger-entries/{made['id']}"
    first = checker.post(f"{path}/post", None, 200)
    assert checker.post(f"{path}/post", None, 200) == first
    assert checker.post(f"{path}/reject", {"reason": "muộn"}, 409)["type"] == "/problems/conflict"
    assert api.post(f"{path}/cancel", None, 409)["status"] == 409
    assert fields(checker.post(f"{path}/reject", {"reason": " "}, 422)) == ["reason"]
    assert api.get(f"budget-lines/{made['budget_line_id']}")["available"] == made["amount"]


def test_a_batch_is_recorded_in_its_order_and_once(api: Api) -> None:
    line = Rows(api).line()
    reason = {"no_contract_reason": "đền bù"}
    batch = {
        "entries": [
            entry(line, "allocate", 100, "2023-01-05"),
            entry(line, "advance", 60, "2023-02-01", **reason),
            entry(line, "recover", 60, "2023-02-01", **reason),
        ]
    }
    response = api.call("POST", "ledger-entries/batch", json=batch)
    made = response.json()["entries"]
    assert [row["kind"] for row in made] == ["allocate", "advance", "recover"]
    listed = api.call("GET", response.headers["location"]).json()["items"]
    assert listed == made
    assert api.post("ledger-entries/batch", batch, 200)["entries"] == made
    assert api.get(f"budget-lines/{line['id']}")["paid"] == 60


def test_a_batch_that_waits_is_posted_together(http: TestClient, api: Api) -> None:
    checker = at(http)
    line = Rows(api).line()
    with checked():
        batch = {"entries": [entry(line, "allocate", n, "2023-01-05") for n in (100, 50)]}
        made = api.post("ledger-entries/batch", batch)["entries"]
    assert {row["status"] for row in made} == {"proposed"}
    checker.post(f"ledger-entries/{made[1]['id']}/post", None, 200)
    assert {row["status"] for row in api.get("ledger-entries", budget_line_id=line["id"])["items"]} == {
        "posted"
    }
    assert api.get(f"budget-lines/{line['id']}")["allocated"] == 150


def test_distributing_withdraws_above_and_allocates_below(api: Api, above: Api) -> None:
    key = {"project_code": "DTTS.4.1", "capital_kind": "investment"}
    general = above.line(unit_code="512@legacy", **key)
    above.record(general, "allocate", 100 * MILLION, "2023-01-05")
    lines = [Rows(api).line() for _ in range(2)]
    body = {
        "id": new_id(), "document": DOCUMENT, "effective_date": "2023-02-01",
        "to": [{"budget_line_id": line["id"], "amount": 30 * MILLION} for line in lines],
    }  # fmt: skip
    path = f"budget-lines/{general['id']}/distribute"
    made = above.post(path, body)["entries"]
    assert [(row["kind"], row["amount"]) for row in made] == [
        ("withdraw", 60 * MILLION), ("allocate", 30 * MILLION), ("allocate", 30 * MILLION)
    ]  # fmt: skip
    assert (made[0]["id"], {row["group_id"] for row in made}) == (body["id"], {body["id"]})
    assert above.post(path, body, 200)["entries"] == made
    assert above.get(f"budget-lines/{general['id']}")["available"] == 40 * MILLION
    assert api.get(f"budget-lines/{lines[0]['id']}")["available"] == 30 * MILLION
    wrong = body | {"id": new_id(), "to": [{"budget_line_id": api.line()["id"], "amount": 5}]}
    assert above.post(path, wrong, 409)["rule"] == "distribute_key"
    api.post(path, body | {"id": new_id()}, 404)


# What people decide and clients read


def test_clients_read_extended_deadlines_and_closed_periods(api: Api, elsewhere: Api) -> None:
    reviewer, leader = small.actor("reviewer", "512@legacy"), small.actor("leader")
    extension = deadlines.NewExtension(
        id=uuid.uuid4(), unit_code="512@legacy", capital_kind="recurrent", year=2023,
        last_day=date(2024, 6, 30), document=Document(DECISION.number, DECISION.date, DECISION.issuer),
    )  # fmt: skip
    deadlines.extend(reviewer, extension)
    for month in (1, 2):
        periods.close_period(leader, uuid.uuid4(), "20770@legacy", 2023, month)
    extended = api.get("deadline-extensions", year=2023)["items"]
    assert [(row["unit_code"], row["last_day"]) for row in extended] == [("512", "2024-06-30")]
    shut = list(api.pages("closed-periods", 1, unit="20770"))
    assert [(row["month"], row["opened_at"]) for row in shut] == [(1, None), (2, None)]
    refused = api.refused(api.line(), "allocate", 5, "2023-02-10")
    assert (refused["rule"], refused["on"]) == ("period_closed", "2023-02-10")
    for path in ("deadline-extensions", "closed-periods"):
        assert elsewhere.get(path)["items"] == []
        assert api.get(path, year=2022)["items"] == []
        assert api.get(path, updated_since="2199-01-01T00:00:00Z")["items"] == []


def test_the_unit_says_whether_it_requires_a_checker(api: Api) -> None:
    assert api.get("units/20770")["requires_checker"] is False
    set_checker(True)
    assert api.get("units/20770")["requires_checker"] is True
