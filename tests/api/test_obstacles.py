"""Obstacles over the interface: raised, escalated, answered by the unit above, resolved; lists that answer questions."""

from __future__ import annotations

from datetime import date

from app.clock import today
from tests.api.client import Api, Json, fields, new_id
from tests.api.rows import MILLION, Rows


def test_an_obstacle_goes_up_and_comes_back(api: Api, above: Api) -> None:
    work = Rows(api).work()
    body = {
        "id": new_id(), "subject": {"kind": "work", "id": work["id"]}, "kind": "land",
        "text": "Ba hộ chưa thống nhất\ngiá cây cối", "resolver": "Phòng TN&MT", "raised_on": "2023-08-12",
    }  # fmt: skip
    made = api.post("obstacles", body)
    assert made | body | {"state": "open", "work_id": work["id"], "unit_code": "20770"} == made
    assert made["age_days"] == (today() - date(2023, 8, 12)).days
    assert api.post("obstacles", body, 200) == made
    assert api.post("obstacles", body | {"text": "Khác"}, 409)["type"] == "/problems/id-taken"
    path = f"obstacles/{made['id']}"
    changed = api.patch(path, {"resolver": "UBND huyện"}, api.etag(path))
    assert changed["resolver"] == "UBND huyện"
    assert api.patch(path, {"text": "x"}, '"1"', 412)["current"]["resolver"] == "UBND huyện"
    asked = api.post(f"{path}/escalate", {"text": "Đề nghị hướng dẫn", "escalated_on": "2023-08-25"}, 200)
    assert (asked["state"], asked["escalated_to"], asked["escalated_on"]) == (
        "escalated", "512", "2023-08-25"
    )  # fmt: skip
    own = api.post(f"{path}/answer", {"text": "Tự trả lời"}, 409)
    assert (own["rule"], own["asked"], own["held"]) == ("own_escalation", "20770", "512")
    again = api.post(f"{path}/escalate", {"text": "Nhắc lại"}, 409)
    assert (again["rule"], again["asked"], again["held"]) == ("obstacle_state", "escalate", "escalated")
    answered = above.post(f"{path}/answer", {"text": "Áp giá tỉnh", "answered_on": "2023-09-05"}, 200)
    assert answered["answered_on"] == "2023-09-05"
    done = api.post(f"{path}/resolve", {"text": "Đã ký", "resolved_on": "2023-09-12"}, 200)
    assert (done["state"], done["age_days"], done["money_held"]) == ("resolved", 31, 0)
    back = api.post(f"{path}/reopen", {"reason": "Một hộ rút lại"}, 200)
    assert [(e["what"], e["unit_code"], e["to_unit_code"]) for e in back["events"]] == [
        ("raised", "20770", None), ("escalated", "20770", "512"), ("answered", "512", None),
        ("resolved", "20770", None), ("reopened", "20770", None),
    ]  # fmt: skip
    assert api.get(path) == back


def test_what_is_wrong_is_named(api: Api, elsewhere: Api) -> None:
    rows = Rows(api)
    made = rows.obstacle()
    path, theirs = f"obstacles/{made['id']}", Rows(elsewhere).work(owner_unit_code="00001@legacy")
    body = {"id": new_id(), "subject": made["subject"], "text": "x"}
    wrong: list[tuple[Json, int, str]] = [
        ({"text": ""}, 422, "text"),
        ({"text": "x" * 2001}, 422, "text"),
        ({"kind": "river"}, 422, "kind"),
        ({"raised_on": "2999-01-01"}, 422, "raised_on"),
        ({"raised_on": "2199-01-01"}, 422, "raised_on"),
        ({"subject": {"kind": "contract", "id": new_id()}}, 422, "subject.kind"),
        ({"subject": {"kind": "line", "id": made["subject"]["id"]}}, 404, "subject"),
        ({"subject": {"kind": "work", "id": theirs["id"]}}, 404, "subject"),
        ({"state": "resolved"}, 422, "state"),
    ]
    for values, status, field in wrong:
        assert fields(api.post("obstacles", body | values, status)) == [field]
    assert fields(api.patch(path, {"subject": made["subject"]}, api.etag(path), 422)) == ["subject"]
    assert fields(api.patch(path, {"raised_on": "2199-01-01"}, api.etag(path), 422)) == ["raised_on"]
    for to in ("20773", "20770", "01@legacy", "48@2025", "none"):
        assert fields(api.post(f"{path}/escalate", {"text": "x", "to": to}, 404)) == ["to"]
    early = {"text": "x", "escalated_on": "2023-08-11"}
    assert fields(api.post(f"{path}/escalate", early, 422)) == ["escalated_on"]
    assert fields(api.post(f"{path}/resolve", {"text": "x", "resolved_on": "2023-08-11"}, 422)) == [
        "resolved_on"
    ]
    assert fields(api.post(f"{path}/reopen", {}, 422)) == ["reason"]
    api.patch(path, {"text": "x"}, None, 428)
    for verb in ("answer", "resolve", "escalate"):
        elsewhere.post(f"{path}/{verb}", {"text": "x"}, 404)
    assert api.get(path)["state"] == "open"


def test_lists_answer_questions(api: Api, above: Api, elsewhere: Api) -> None:
    rows = Rows(api)
    line = rows.funded(100 * MILLION)
    of_line = rows.obstacle(subject={"kind": "line", "id": line["id"]}, kind="money")
    asked = rows.obstacle(state="escalated")
    done = rows.obstacle(state="resolved", text="Mưa lớn", kind="weather")
    work_id = asked["subject"]["id"]
    questions: list[tuple[Json, list[Json]]] = [
        ({}, [of_line, asked, done]),
        ({"unit": "512"}, [of_line, asked, done]),
        ({"unit": "20773@legacy"}, []),
        ({"state": "resolved"}, [done]),
        ({"kind": "money"}, [of_line]),
        ({"escalated": "true"}, [asked]),
        ({"escalated": "false"}, [of_line, done]),
        ({"mine": "true"}, [asked]),
        ({"subject": f"line:{line['id']}"}, [of_line]),
        ({"subject": f"work:{work_id}"}, [asked]),
        ({"work_id": line["work_id"]}, [of_line]),
        ({"q": "mua lon"}, [done]),
        ({"updated_since": done["updated_at"]}, [done]),
    ]
    for filters, expected in questions:
        found = above.get("obstacles", **filters)["items"]
        assert [o["id"] for o in found] == [o["id"] for o in expected], filters
    assert [o["id"] for o in above.pages("obstacles", 2)] == [o["id"] for o in (of_line, asked, done)]
    assert api.get("obstacles", mine="true")["items"] == elsewhere.get("obstacles")["items"] == []
    held = {o["id"]: o["money_held"] for o in api.get("obstacles")["items"]}
    assert held == {of_line["id"]: 100 * MILLION, asked["id"]: 0, done["id"]: 0}
    assert api.get("obstacles")["items"][0].keys() == asked.keys() - {"events"}
    for subject in ("work", "work:x", f"contract:{work_id}", work_id):
        assert fields(api.get("obstacles", 422, subject=subject)) == ["subject"]
    api.get("obstacles", 404, subject=f"work:{new_id()}")
    api.get("obstacles", 422, escalated="maybe")
