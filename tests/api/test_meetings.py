"""Meetings over the interface: planned by rule, called, filled from the books, held, concluded; lists; refusals."""

from __future__ import annotations

from typing import Any

from app.domain.directives import DirectiveFilter, directives
from tests.api.client import Api, Json, fields, new_id
from tests.api.rows import Rows
from tests.support.meeting import board, member
from tests.support.world import actor


def called(api: Api, committee_id: Any = None, **values: object) -> Json:
    """A meeting of Sông Trà's board."""
    body = {"id": new_id(), "committee_id": str(committee_id or board()), "date": "2023-08-25"}
    return api.post("meetings", body | values)


def test_a_meeting_from_its_call_to_its_conclusions(api: Api) -> None:
    its = board()
    clerk = str(member(its, "Trần Thị Ký", "secretary"))
    work = Rows(api).work(planned_finish="2023-08-10", name="Đường Trà Huỳnh")
    body = {
        "id": new_id(), "committee_id": str(its), "date": "2023-08-25", "starts_at": "08:00",
        "place": "Hội trường", "title": "", "agenda": [{"text": "Khai mạc"}],
    }  # fmt: skip
    made = api.post("meetings", body)
    assert made["title"] == "Họp của Ban chỉ đạo các chương trình MTQG"
    assert (made["starts_at"], made["agenda"], made["minutes"], made["conclusions"]) == (
        "08:00", [{"text": "Khai mạc", "subject": None}], None, []
    )  # fmt: skip
    assert [a["presence"] for a in made["attendance"]] == [None]
    assert api.post("meetings", body, 200) == made
    assert api.post("meetings", body | {"place": "Khác"}, 409)["type"] == "/problems/id-taken"
    path = f"meetings/{made['id']}"
    subject = {"kind": "work", "id": work["id"]}
    offers = api.get(f"{path}/offers")["items"]
    assert [o["subject"] for o in offers] == [subject]
    filled = api.post(f"{path}/fill", {"subjects": [subject]}, 200)
    assert [item["subject"] for item in filled["agenda"]] == [None, subject]
    assert api.post(f"{path}/fill", {}, 200) == filled
    assert api.get(f"{path}/offers")["items"] == []
    turned = filled["agenda"][::-1]
    changed = api.patch(path, {"agenda": turned, "starts_at": None, "date": "2023-08-28"}, api.etag(path))
    assert (changed["agenda"], changed["starts_at"], changed["date"]) == (turned, None, "2023-08-28")
    assert api.patch(path, {"place": "x"}, '"1"', 412)["current"]["date"] == "2023-08-28"
    api.patch(path, {"place": "x"}, None, 428)
    early = api.post(f"{path}/conclusions", {"conclusions": [conclusion()]}, 409)
    assert (early["rule"], early["asked"], early["held"]) == ("meeting_state", "conclude", "planned")
    minutes = {
        "minutes": "Đã họp", "minutes_number": "08/BB-BCĐ",
        "attendance": [{"member_id": clerk, "presence": "excused", "stood_in": "Hồ Thị Thay"}],
    }  # fmt: skip
    held = api.post(f"{path}/minutes", minutes, 200)
    assert (held["state"], held["minutes"], held["secretary"]) == ("held", "Đã họp", "Trần Thị Ký")
    assert held["attendance"][0] | minutes["attendance"][0] == held["attendance"][0]
    assert api.post(f"{path}/minutes", minutes, 200) == held
    other = api.post(f"{path}/minutes", minutes | {"minutes": "Khác"}, 409)
    assert (other["rule"], other["held"], other["on"]) == ("minutes_recorded", "08/BB-BCĐ", "2023-08-28")
    right = api.patch(path, {"minutes": "Đã họp, đã sửa"}, api.etag(path))
    assert right["minutes"] == "Đã họp, đã sửa"
    two = [conclusion(assignee={"kind": "person", "id": clerk}), conclusion(priority="urgent")]
    done = api.post(f"{path}/conclusions", {"conclusions": two}, 200)
    assert set(done["conclusions"]) == {c["id"] for c in two}
    assert api.post(f"{path}/conclusions", {"conclusions": two}, 200) == done
    given = {str(d.id): (d.assignee_name, str(d.source_on)) for d in directives(actor(), DirectiveFilter())}
    assert given == {two[0]["id"]: ("Trần Thị Ký", "2023-08-28"), two[1]["id"]: ("Xã Sông Trà", "2023-08-28")}
    assert api.get(path) == done


def conclusion(**values: object) -> Json:
    asked: Json = {
        "id": new_id(), "text": "Hoàn thành mặt bằng", "due_on": "2023-09-30",
        "assignee": {"kind": "unit", "unit_code": "20770@legacy"},
    }  # fmt: skip
    return asked | values


def test_regular_meetings_over_the_interface(api: Api, above: Api, elsewhere: Api) -> None:
    its = board(meeting_day=5)
    path = f"committees/{its}/meetings"
    made = api.post(path, {"first": "2023-01-01"}, 200)["items"]
    assert [m["date"] for m in made] == [f"2023-{n:02d}-05" for n in range(1, 13)]
    assert api.post(path, {"first": "2023-01-01"}, 200)["items"] == made
    refused = above.post(path, {"first": "2023-01-01"}, 409)
    assert (refused["rule"], refused["asked"], refused["held"]) == ("own_meeting", "plan", "own")
    assert fields(elsewhere.post(path, {}, 404)) == ["committee_id"]
    assert api.post(f"committees/{board(meeting_day=None)}/meetings", {}, 409)["rule"] == "no_meeting_day"
    off = api.post(f"meetings/{made[2]['id']}/cancel", {"reason": "Mưa lũ"}, 200)
    assert (off["state"], off["cancelled_reason"], off["month"]) == ("cancelled", "Mưa lũ", "2023-03-01")
    questions: list[tuple[Json, list[Json]]] = [
        ({"state": "cancelled"}, [off]),
        ({"committee_id": str(its), "first": "2023-11-01"}, made[10:]),
        ({"last": "2023-02-28"}, made[:2]),
        ({"unit": "512@legacy", "first": "2023-12-01"}, made[11:]),
        ({"unit": "20773@legacy"}, []),
        ({"q": "thang 7/2023"}, [made[6]]),
        ({"updated_since": off["updated_at"]}, [off]),
    ]
    for filters, expected in questions:
        found = above.get("meetings", **filters)["items"]
        assert {m["id"] for m in found} == {m["id"] for m in expected}, filters
    assert len(list(above.pages("meetings", 5))) == 12
    assert elsewhere.get("meetings")["items"] == []
    elsewhere.get(f"meetings/{off['id']}", 404)


def test_what_is_wrong_is_named(api: Api, above: Api, elsewhere: Api) -> None:
    its = board()
    made = called(api, its)
    path = f"meetings/{made['id']}"
    body = {"id": new_id(), "committee_id": str(its), "date": "2023-08-25"}
    theirs = Rows(elsewhere).work(owner_unit_code="00001@legacy")
    wrong: list[tuple[Json, int, str]] = [
        ({"date": "2021-01-01"}, 422, "date"),
        ({"date": "25/08/2023"}, 422, "date"),
        ({"starts_at": "8h"}, 422, "starts_at"),
        ({"starts_at": "24:00"}, 422, "starts_at"),
        ({"title": "x" * 301}, 422, "title"),
        ({"minutes": "x"}, 422, "minutes"),
        ({"agenda": [{"text": ""}]}, 422, "agenda.0.text"),
        ({"agenda": [{"text": "x", "subject": {"kind": "household", "id": new_id()}}]}, 422, "agenda.0.subject.kind"),
        ({"agenda": [{"text": "x", "subject": {"kind": "work", "id": theirs["id"]}}]}, 404, "agenda.0.subject"),
        ({"committee_id": str(board("00001@legacy"))}, 404, "committee_id"),
    ]  # fmt: skip
    for values, status, field in wrong:
        assert fields(api.post("meetings", body | values, status)) == [field]
    assert above.post("meetings", body, 409)["rule"] == "own_meeting"
    future = called(api, its, date="2199-01-01")
    assert fields(api.post(f"meetings/{future['id']}/minutes", {"minutes": "x"}, 422)) == ["held_on"]
    assert fields(api.post(f"{path}/minutes", {"minutes": " "}, 422)) == ["minutes"]
    stranger = [{"member_id": new_id(), "presence": "present"}]
    assert fields(api.post(f"{path}/minutes", {"minutes": "x", "attendance": stranger}, 404)) == [
        "attendance.0.member_id"
    ]
    assert fields(api.post(f"{path}/cancel", {}, 422)) == ["reason"]
    assert fields(api.post(f"{path}/fill", {"subjects": [{"kind": "work", "id": new_id()}]}, 404)) == [
        "subjects"
    ]
    api.post(f"{path}/minutes", {"minutes": "x"}, 200)
    for values, status, field in (
        ({"due_on": "2023-08-24"}, 422, "conclusions.1.due_on"),
        ({"text": ""}, 422, "conclusions.1.text"),
        ({"assignee": {"kind": "unit", "unit_code": "512@legacy"}}, 404, "conclusions.1.assignee.unit_code"),
        ({"assignee": {"kind": "agency", "id": new_id()}}, 404, "conclusions.1.assignee.id"),
    ):
        asked = {"conclusions": [conclusion(), conclusion(**values)]}
        assert fields(api.post(f"{path}/conclusions", asked, status)) == [field]
    assert api.get(path)["conclusions"] == []
    assert above.post(f"{path}/conclusions", {"conclusions": [conclusion()]}, 409)["rule"] == "own_meeting"
    assert fields(api.post(f"{path}/conclusions", {"conclusions": []}, 422)) == ["conclusions"]
