"""Targets over the interface: set with a roadmap, followed, reported on, reached or dropped."""

from __future__ import annotations

from tests.api.client import Api, Json, fields, new_id
from tests.api.rows import MILLION, Rows
from tests.support.criteria import SHIPPED


def test_a_target_is_set_changed_and_dropped(api: Api, elsewhere: Api) -> None:
    line = Rows(api).funded(40 * MILLION)
    task = {"text": "Thu gom rác", "measure": "hộ", "quantity": 320, "due_on": "2023-12-15"}
    body = Rows(api).target_body(
        responsible="Trần Văn Hòa", basis="Kế hoạch 45/KH-UBND", due_on="2199-12-31",
        tasks=[task | {"budget_line_id": line["id"]}, {"text": "Vận động"}],
    )  # fmt: skip
    made = api.post("targets", body)
    assert (made["set_code"], made["criterion_number"], made["recognition"], made["state"]) == (
        SHIPPED, 6, None, "open"
    )  # fmt: skip
    assert (made["plan"], made["disbursed"], made["lags"], made["reached_on"]) == (40 * MILLION, 0, [], None)
    first, second = made["tasks"]
    assert first | task == first
    assert [off["code"] for off in first["off_track"]] == ["overdue", "money_at_risk"]
    assert (made["off_track"], second["off_track"]) == (True, [])
    assert api.post("targets", body, 200) == made
    assert api.post("targets", body | {"note": "khác"}, 409)["type"] == "/problems/id-taken"
    path = f"targets/{made['id']}"
    sent = {"id": new_id(), "value": 214, "reported_on": "2023-08-31"}
    told = api.post(f"{path}/tasks/{first['id']}/progress", sent)
    assert (told["value"], told["task_id"]) == (214, first["id"])
    assert api.post(f"{path}/tasks/{first['id']}/progress", sent, 200) == told
    assert fields(
        api.post(f"{path}/tasks/{second['id']}/progress", sent | {"id": new_id(), "value": 101}, 422)
    ) == ["value"]
    api.post(f"{path}/tasks/{new_id()}/progress", sent | {"id": new_id()}, 404)
    kept = {"id": first["id"], "text": "Thu gom, vận chuyển rác", "measure": "hộ", "quantity": 320}
    changed = api.patch(path, {"tasks": [kept], "responsible": "Lê Văn Bình"}, api.etag(path))
    assert [(t["text"], t["value"]) for t in changed["tasks"]] == [("Thu gom, vận chuyển rác", 214)]
    assert (changed["responsible"], changed["plan"]) == ("Lê Văn Bình", 0)
    assert api.patch(path, {"note": "x"}, '"1"', 412)["current"]["responsible"] == "Lê Văn Bình"
    assert fields(api.patch(path, {"recognised_on": "2023-11-20"}, api.etag(path), 422)) == [
        "recognised_on", "recognised_by",
    ]  # fmt: skip
    gone = api.post(f"{path}/drop", {"reason": "Huyện điều chỉnh", "on": "2023-10-02"}, 200)
    assert (gone["state"], gone["dropped_on"], gone["off_track"]) == ("dropped", "2023-10-02", False)
    refused = api.patch(path, {"note": "x"}, api.etag(path), 409)
    assert (refused["rule"], refused["asked"], refused["held"]) == ("target_state", "update", "dropped")
    assert api.get(path) == gone
    elsewhere.get(path, 404)
    elsewhere.post(f"{path}/drop", {"reason": "x"}, 404)


def test_a_commune_is_recognised_by_a_decision(api: Api) -> None:
    made = Rows(api).target(criterion_number=None, recognition="commune", due_on="2023-12-31")
    path = f"targets/{made['id']}"
    assert (made["criterion_number"], made["recognition"], made["state"]) == (None, "commune", "overdue")
    done = {"recognised_on": "2023-11-20", "recognised_by": "Quyết định 1200/QĐ-UBND"}
    assert api.patch(path, done, api.etag(path)) | done | {
        "state": "reached",
        "reached_on": "2023-11-20",
    } == (api.get(path))


def test_what_is_wrong_is_named(api: Api) -> None:
    body = Rows(api).target_body()
    wrong: list[tuple[Json, int, str]] = [
        ({"criterion_number": None}, 422, "criterion_number"),
        ({"recognition": "commune"}, 422, "criterion_number"),
        ({"criterion_number": 99}, 404, "criterion_number"),
        ({"criterion_number": None, "recognition": "model_hamlet"}, 422, "recognition"),
        ({"criterion_number": None, "recognition": "x"}, 422, "recognition"),
        ({"unit_code": "00001@legacy"}, 404, "unit_code"),
        ({"unit_code": "20770.01@legacy"}, 404, "set_code"),
        ({"due_on": "31/12/2023"}, 422, "due_on"),
        ({"tasks": [{"text": ""}]}, 422, "tasks.0.text"),
        ({"tasks": [{"text": "x", "work_id": new_id()}]}, 404, "tasks.0.work_id"),
        ({"tasks": [{"text": "x", "quantity": 3}]}, 422, "tasks.0.measure"),
        ({"state": "reached"}, 422, "state"),
    ]
    for values, status, field in wrong:
        sent = {name: value for name, value in (body | values).items() if value is not None}
        assert fields(api.post("targets", sent, status)) == [field], values
    assert api.get("targets")["items"] == []


def test_lists_of_targets_answer_questions(api: Api, above: Api, elsewhere: Api) -> None:
    rows = Rows(api)
    sixth, seventh = rows.target(), rows.target(criterion_number=7, due_on="2024-06-30", tasks=[])
    dropped = rows.target(criterion_number=8)
    api.post(f"targets/{dropped['id']}/drop", {"reason": "x", "on": "2023-08-01"}, 200)
    rows.assessment(date="2023-08-15")
    day = {"as_of": "2023-09-14"}
    questions: list[tuple[Json, list[Json]]] = [
        ({}, [sixth, seventh, dropped]),
        ({"unit": "20770", "year": 2023}, [sixth, dropped]),
        ({"criterion": 7}, [seventh]),
        ({"state": "reached"}, [seventh]),
        ({"state": "overdue"}, [sixth]),
        ({"state": "open", **day}, [sixth]),
        ({"state": "dropped", **day}, [dropped]),
        ({"state": "open", "as_of": "2023-07-31"}, [sixth, seventh, dropped]),
        ({"recognition": "commune"}, []),
        ({"updated_since": seventh["updated_at"]}, [seventh, dropped]),
    ]
    for filters, expected in questions:
        found = above.get("targets", **filters)["items"]
        assert [t["id"] for t in found] == [t["id"] for t in expected], filters
    assert [t["id"] for t in above.pages("targets", 1)] == [t["id"] for t in (sixth, seventh, dropped)]
    assert elsewhere.get("targets")["items"] == []
    for name in ("state", "recognition", "criterion"):
        assert fields(api.get("targets", 422, **{name: "x"})) == [name]
