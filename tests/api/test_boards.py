"""Boards and agencies over the interface: members, assignments, handing over, gaps, set up anew, agencies in charge."""

from __future__ import annotations

from typing import Any

from app.api.examples_boards import NEW_AGENCY, NEW_CHARGE, NEW_COMMITTEE, RENEWAL
from tests.api.client import Api, Json, fields, new_id
from tests.api.rows import Rows, by_decision

SINCE = "2023-01-10"


def board(api: Api, **values: Any) -> Json:
    return api.post("committees", NEW_COMMITTEE | {"id": new_id(), "members": []} | values)


def with_member(api: Api, path: str, person: str, **values: Any) -> str:
    """The id of a new member."""
    body: Json = {"id": new_id(), "person": person, "title": "Công chức"} | values
    assert api.post(f"{path}/members", body)["id"] == path.partition("/")[2]
    return str(body["id"])


def member(of: Json, id_: str) -> Json:
    found: Json = next(m for m in of["members"] if m["id"] == id_)
    return found


def test_a_board_its_members_and_what_they_answer_for(api: Api, above: Api, elsewhere: Api) -> None:
    head = {"id": new_id(), "person": "Lê Văn A", "role": "head", "username": "leader"}
    body = NEW_COMMITTEE | {"id": new_id(), "members": [head]}
    made = api.post("committees", body)
    assert (made["unit_code"], made["kind"], made["programs"], made["from"], made["to"]) == (
        "20770", "steering", ["GNBV", "DTTS", "NTM"], SINCE, None,
    )  # fmt: skip
    assert api.post("committees", body, 200) == made
    assert api.post("committees", body | {"name": "Khác"}, 409)["type"] == "/problems/id-taken"
    path = f"committees/{made['id']}"
    plain = {"id": new_id(), "person": "Trần Thị B", "from": "2023-02-01"}
    assert [m["from"] for m in api.post(f"{path}/members", plain)["members"]] == [SINCE, "2023-02-01"]
    api.post(f"{path}/members", plain, 200)
    work = Rows(api).work()
    given: Json = {"id": new_id(), "subject": {"kind": "work", "id": work["id"]}, "from": "2023-02-01"}
    to = f"{path}/members/{plain['id']}/assignments"
    shown = member(api.post(to, given), plain["id"])["assignments"]
    assert shown == [
        given | {"subject": given["subject"] | {"name": work["name"]}, "note": "", "to": None, "handed_to_id": None}
    ]  # fmt: skip
    api.post(to, given, 200)
    assert api.post(to, given | {"id": new_id()}, 409)["rule"] == "already_assigned"
    gaps = api.get(f"{path}/gaps", as_of="2023-09-14")
    assert (gaps["no_head"], gaps["programs"], gaps["left"]) == (False, ["GNBV", "DTTS", "NTM"], [])
    assert [(g["kind"], g["id"]) for g in gaps["nobody"]] == [
        ("hamlet", "20770.02@legacy"), ("hamlet", "20770.01@legacy"),
    ]  # fmt: skip
    leaving = {
        "on": "2023-08-31", "hand_over": [{"assignment_id": given["id"], "to_member_id": head["id"]}],
    }  # fmt: skip
    after = api.post(f"{path}/members/{plain['id']}/leave", leaving, 200)
    assert api.post(f"{path}/members/{plain['id']}/leave", leaving, 200) == after
    (ended,) = member(after, plain["id"])["assignments"]
    assert (ended["to"], ended["handed_to_id"]) == ("2023-08-31", head["id"])
    (taken,) = member(after, head["id"])["assignments"]
    assert taken["from"] == "2023-09-01"
    done = api.post(f"{path}/assignments/{taken['id']}/end", {"on": "2023-12-31"}, 200)
    assert member(done, head["id"])["assignments"][0]["to"] == "2023-12-31"
    api.patch(path, {"name": "x"}, None, 428)
    stale = api.patch(f"{path}/members/{head['id']}", {"title": "x"}, '"1"', 412)
    assert stale["current"]["members"][0]["title"] == ""
    changed = api.patch(f"{path}/members/{head['id']}", {"title": "Chủ tịch"}, api.etag(path))
    assert changed["members"][0]["title"] == "Chủ tịch"
    assert above.get(path) == changed
    assert above.post(f"{path}/members", {"id": new_id(), "person": "x"}, 409)["rule"] == "own_board"
    elsewhere.get(path, 404)
    elsewhere.post(f"{path}/members", {"id": new_id(), "person": "x"}, 404)
    then = api.get("committees", as_of="2023-01-15")["items"][0]
    assert [m["person"] for m in then["members"]] == ["Lê Văn A"]


def test_what_is_wrong_with_a_board_is_named(api: Api, elsewhere: Api) -> None:
    path = f"committees/{board(api)['id']}"
    someone = with_member(api, path, "Lê Văn A")
    theirs = Rows(elsewhere).work(owner_unit_code="00001@legacy")
    new, body = {"id": new_id(), "person": "x"}, by_decision("13/QĐ-UBND") | {"id": new_id(), "members": []}
    exists = api.post("committees", body | {"decision": NEW_COMMITTEE["decision"]}, 409)
    assert (exists["rule"], exists["held"]) == ("board_exists", NEW_COMMITTEE["name"])
    boards: list[tuple[Json, int, str]] = [
        ({"kind": "village"}, 422, "kind"),
        ({"programs": []}, 422, "programs"),
        ({"programs": ["XYZ"]}, 404, "programs"),
        ({"from": "2023-01-09"}, 422, "from"),
        ({"meeting_day": 29}, 422, "meeting_day"),
        ({"unit_code": "00001@legacy"}, 404, "unit_code"),
        ({"members": [new | {"username": "khac"}]}, 422, "members.0.username"),
        ({"decision": {"number": "1", "date": "2023-01-10"}}, 422, "decision.issuer"),
        ({"chair": "x"}, 422, "chair"),
    ]
    for values, status, field in boards:
        assert fields(api.post("committees", body | values, status)) == [field]
    members: list[tuple[Json, int, str]] = [
        ({"role": "king"}, 422, "role"),
        ({"username": "khac"}, 422, "username"),
        ({"from": "2022-12-31"}, 422, "from"),
        ({"to": "2023-01-09"}, 422, "to"),
    ]
    for values, status, field in members:
        assert fields(api.post(f"{path}/members", new | values, status)) == [field]
    to = f"{path}/members/{someone}"
    for kind, id_, status in (
        ("work", theirs["id"], 404), ("hamlet", "00001", 404), ("criterion", "x", 404), ("task", new_id(), 404),
        ("program", "XYZ", 422),
    ):  # fmt: skip
        asked = {"id": new_id(), "subject": {"kind": kind, "id": id_}, "from": SINCE}
        assert fields(api.post(f"{to}/assignments", asked, status)) == ["subject"]
    twice = [{"assignment_id": (one := new_id())}, {"assignment_id": one}]
    assert fields(api.post(f"{to}/leave", {"on": SINCE, "hand_over": twice}, 422)) == ["hand_over"]
    assert fields(api.post(f"{to}/leave", {"on": SINCE, "hand_over": twice[:1]}, 404)) == ["hand_over"]
    assert fields(api.post(f"{to}/leave", {"on": "2022-12-31"}, 422)) == ["on", "on"]
    with_member(api, path, "Trưởng ban", role="head")
    refused = api.post(f"{path}/members", new | {"role": "head"}, 409)
    assert (refused["rule"], refused["held"], refused["since"]) == ("one_head", "Trưởng ban", SINCE)
    api.post(f"{path}/members/{new_id()}/leave", {"on": SINCE}, 404)


def test_lists_of_boards_answer_questions(api: Api, above: Api, elsewhere: Api) -> None:
    first = board(api)
    second = board(api, kind="management", name="Ban Quản lý xã", programs=["NTM"])
    path = f"committees/{first['id']}"
    renewed = api.post(f"{path}/renew", RENEWAL | {"id": new_id()})
    assert (renewed["replaces_id"], renewed["from"]) == (first["id"], "2023-10-02")
    old = api.get(path)
    assert (old["to"], old["replaced_by_id"]) == ("2023-10-01", renewed["id"])
    assert api.post(f"{path}/renew", RENEWAL | {"id": new_id()}, 409)["rule"] == "board_ended"
    questions: list[tuple[Json, list[Json]]] = [
        ({}, [second, first, renewed]),
        ({"unit": "512@legacy", "kind": "management"}, [second]),
        ({"unit": "20773@legacy"}, []),
        ({"program": "GNBV"}, [first, renewed]),
        ({"as_of": "2023-09-30"}, [second, first]),
        ({"as_of": "2023-10-02", "unit": "20770", "kind": "steering"}, [renewed]),
        ({"q": "ban quan ly"}, [second]),
        ({"updated_since": renewed["updated_at"]}, [renewed]),
    ]
    for filters, expected in questions:
        found = above.get("committees", **filters)["items"]
        assert [b["id"] for b in found] == [b["id"] for b in expected], filters
    assert [b["id"] for b in above.pages("committees", 1)] == [second["id"], first["id"], renewed["id"]]
    assert elsewhere.get("committees")["items"] == []
    api.get("committees", 422, kind="village")


def test_agencies_in_charge_are_seen_from_both_units(api: Api, above: Api, elsewhere: Api) -> None:
    agency = above.post("agencies", NEW_AGENCY | {"id": new_id()})
    body = NEW_CHARGE | {"id": new_id(), "agency_id": agency["id"]}
    charge = above.post("agency-charges", body)
    assert above.post("agency-charges", body, 200) == charge
    (seen,) = api.get("agency-charges", as_of="2023-09-14")["items"]
    assert seen == charge == api.get(f"agency-charges/{charge['id']}")
    assert (seen["agency"]["unit_code"], seen["unit_code"], seen["from"]) == ("512", "20770", "2022-08-09")
    path = f"agency-charges/{charge['id']}"
    assert api.patch(path, {"to": "2023-01-01"}, api.etag(path), 409)["rule"] == "own_agency"
    assert above.post("agency-charges", body | {"id": new_id()}, 409)["rule"] == "already_in_charge"
    for values, field in (
        ({"agency_id": new_id()}, "agency_id"),
        ({"unit_code": "00001@legacy"}, "unit_code"),
    ):
        assert fields(above.post("agency-charges", body | {"id": new_id()} | values, 404)) == [field]
    ended = above.patch(path, {"to": "2023-01-01"}, above.etag(path))
    assert ended["to"] == "2023-01-01"
    assert api.get("agency-charges", as_of="2023-09-14")["items"] == []
    assert api.get("agency-charges", unit="20770@legacy", agency_id=agency["id"])["items"] == [ended]
    assert api.get("agencies")["items"] == elsewhere.get("agency-charges")["items"] == []
    api.get(f"agencies/{agency['id']}", 404)
    elsewhere.get(path, 404)
    its = f"agencies/{agency['id']}"
    changed = above.patch(its, {"ended_on": "2024-12-31"}, above.etag(its))
    assert above.get("agencies", as_of="2025-01-01")["items"] == []
    assert above.get("agencies", q="nong nghiep")["items"] == [changed]
    assert fields(above.post("agencies", NEW_AGENCY | {"id": new_id(), "name": ""}, 422)) == ["name"]
