"""Directives over the interface: given, reported with proof, returned, accepted, extended; lists as of a day."""

from __future__ import annotations

from tests.api.client import Api, Json, fields, new_id
from tests.api.rows import DOCUMENT, Rows

SOURCE: Json = {
    "kind": "document",
    "document_number": "26/BC-ĐKT",
    "on": "2023-09-14",
    "quote": "Họp\nhằng tháng",
}
BODY: Json = {
    "text": "Họp ban chỉ đạo", "due_on": "2023-12-31", "source": SOURCE, "priority": "urgent",
    "assignee": {"kind": "unit", "unit_code": "20770@legacy"},
}  # fmt: skip


def test_a_directive_goes_down_and_its_report_comes_up(api: Api, above: Api) -> None:
    body = BODY | {"id": new_id()}
    made = above.post("directives", body)
    assert (made["state"], made["overdue"], made["unit_code"], made["giver_code"]) == (
        "open",
        True,
        "20770",
        "512",
    )
    assert made["source"] == SOURCE | {"id": None, "title": ""}
    assert made["assignee"] == {"kind": "unit", "id": "20770@legacy", "name": "Xã Sông Trà"}
    assert above.post("directives", body, 200) == made == api.get(f"directives/{made['id']}")
    assert above.post("directives", body | {"text": "Khác"}, 409)["type"] == "/problems/id-taken"
    path = f"directives/{made['id']}"
    assert above.patch(path, {"text": "Họp hằng tháng"}, above.etag(path))["text"] == "Họp hằng tháng"
    assert above.patch(path, {"text": "x"}, '"1"', 412)["current"]["text"] == "Họp hằng tháng"
    paper = {"id": new_id(), "kind": "minutes", **DOCUMENT, "date": "2023-10-05"}
    api.post("documents", paper)
    noted = api.post(f"{path}/progress", {"text": "Đã họp", "percent": 50, "on": "2023-10-05"}, 200)
    assert (noted["state"], noted["percent"]) == ("open", 50)
    said = {"text": "Xong", "on": "2023-12-20", "documents": [paper["id"]]}
    told = api.post(f"{path}/report", said, 200)
    assert (told["state"], told["documents"]) == ("reported", [paper["id"]])
    assert api.post(f"{path}/report", said, 200) == told
    own = api.post(f"{path}/accept", {}, 409)
    assert (own["rule"], own["held"]) == ("directive_side", "giver")
    back = above.post(f"{path}/return", {"text": "Thiếu tháng 11", "on": "2023-12-22"}, 200)
    longer = {"due_on": "2024-01-31", "reason": "Chờ họp", "on": "2023-12-22"}
    assert above.post(f"{path}/extend", longer, 200) | {
        "due_on": "2024-01-31",
        "first_due_on": "2023-12-31",
    } | {"state": "returned"} == above.get(path)
    assert back["state"] == "returned"
    api.post(f"{path}/report", {"text": "Đủ", "on": "2024-01-10"}, 200)
    done = above.post(f"{path}/accept", None, 200)
    assert (done["state"], done["overdue"]) == ("accepted", False)
    assert [(e["what"], e["unit_code"]) for e in done["events"]] == [
        ("given", "512"), ("reworded", "512"), ("progress", "20770"), ("reported", "20770"), ("returned", "512"), ("extended", "512"),
        ("reported", "20770"), ("accepted", "512"),
    ]  # fmt: skip
    late = api.post(f"{path}/report", {"text": "x"}, 409)
    assert (late["rule"], late["asked"], late["held"]) == ("directive_state", "reported", "accepted")
    wrong = above.post("directives", BODY | {"id": new_id()})
    why = {"reason": "Giao nhầm xã", "on": "2023-10-01"}
    assert api.post(f"directives/{wrong['id']}/withdraw", why, 409)["rule"] == "directive_side"
    gone = above.post(f"directives/{wrong['id']}/withdraw", why, 200)
    assert above.post(f"directives/{wrong['id']}/withdraw", why, 200) == gone
    assert (gone["state"], gone["overdue"], gone["events"][-1]["text"]) == ("withdrawn", False, why["reason"])
    assert [d["id"] for d in above.get("directives", state="withdrawn")["items"]] == [wrong["id"]]
    own = api.post("directives", BODY | {"id": new_id()})
    api.post(f"directives/{own['id']}/report", {"text": "x"}, 200)
    assert api.post(f"directives/{own['id']}/accept", {}, 409)["rule"] == "own_report"


def test_what_is_wrong_is_named(api: Api, above: Api) -> None:
    wrong: list[tuple[Json, int, str]] = [
        ({"text": ""}, 422, "text"),
        ({"due_on": "2023-09-13"}, 422, "due_on"),
        ({"priority": "great"}, 422, "priority"),
        ({"source": SOURCE | {"kind": "rumour"}}, 422, "source.kind"),
        ({"source": SOURCE | {"document_number": ""}}, 422, "source.document_number"),
        ({"source": {"kind": "meeting", "id": new_id()}}, 404, "source.id"),
        ({"source": {"kind": "inspection"}}, 422, "source.id"),
        ({"assignee": {"kind": "unit", "unit_code": "01@legacy"}}, 404, "assignee.unit_code"),
        ({"assignee": {"kind": "agency", "id": new_id()}}, 404, "assignee.id"),
        ({"assignee": {"kind": "person"}}, 422, "assignee.id"),
        ({"state": "accepted"}, 422, "state"),
    ]
    for values, status, field in wrong:
        assert fields(above.post("directives", BODY | {"id": new_id()} | values, status)) == [field]
    upward = BODY | {"id": new_id(), "assignee": {"kind": "unit", "unit_code": "512"}}
    assert fields(api.post("directives", upward, 404)) == ["assignee.unit_code"]
    path = f"directives/{Rows(api).directive()['id']}"
    assert fields(api.post(f"{path}/progress", {"text": "x", "percent": 101}, 422)) == ["percent"]
    assert fields(api.post(f"{path}/report", {"text": "x", "on": "2023-09-13"}, 422)) == ["on"]
    assert fields(api.post(f"{path}/report", {"text": "x", "documents": [new_id()]}, 404)) == ["documents"]
    assert fields(above.post(f"{path}/extend", {"due_on": "2023-12-31", "reason": "x"}, 422)) == ["due_on"]
    above.patch(path, {"text": "x"}, None, 428)
    for filters in ("person:x", "unit:", "team:20770", "20770"):
        assert fields(api.get("directives", 422, assignee=filters)) == ["assignee"]
    assert fields(api.get("directives", 422, source="work:x")) == ["source"]


def test_lists_answer_questions_as_of_a_day(api: Api, above: Api, elsewhere: Api) -> None:
    rows = Rows(api)
    open_, reported = rows.directive(), rows.directive(state="reported")
    done, soon = rows.directive(state="accepted"), rows.directive(due_on="2100-01-01", text="Quyết toán")
    both = [open_, reported, done]
    questions: list[tuple[Json, list[Json]]] = [
        ({"unit": "20770", "overdue": "true", "as_of": "2024-01-01"}, both),
        ({"unit": "20773", "overdue": "true", "as_of": "2024-01-01"}, []),
        ({"overdue": "true", "as_of": "2023-12-31"}, []),
        ({"overdue": "true", "as_of": "2023-09-13"}, []),
        ({"overdue": "true"}, [open_, reported]),
        ({"overdue": "false"}, [done, soon]),
        ({"state": "accepted"}, [done]),
        ({"state": "accepted", "as_of": "2024-01-01"}, []),
        ({"assignee": "unit:20770@legacy"}, [*both, soon]),
        ({"assignee": f"person:{new_id()}"}, []),
        ({"source": f"meeting:{new_id()}"}, []),
        ({"due_from": "2024-01-01"}, [soon]),
        ({"due_to": "2023-12-31"}, both),
        ({"q": "quyet toan"}, [soon]),
        ({"updated_since": soon["updated_at"]}, [soon]),
    ]
    for filters, expected in questions:
        found = above.get("directives", **filters)["items"]
        assert [d["id"] for d in found] == [d["id"] for d in expected], filters
    then = above.get("directives", as_of="2024-01-01", overdue="true")["items"]
    assert {d["state"] for d in then} == {"open"}
    assert then[0].keys() == open_.keys() - {"events", "documents"}
    assert [d["id"] for d in above.pages("directives", 3)] == [d["id"] for d in (*both, soon)]
    assert elsewhere.get("directives")["items"] == []
    elsewhere.get("directives", 404, unit="20770@legacy")
