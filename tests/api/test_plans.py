"""Plans over the interface: Trà Huỳnh's whole way by the right callers, remarks that stay, versions, plan against actual."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.clock import today
from tests.api.client import Api, Json, fields, new_id
from tests.api.rows import DOCUMENT, MILLION, Rows

TASK: Json = {"text": "Hỗ trợ bò giống", "measure": "con", "quantity": 20, "due_on": "2023-09-30"}
FUND: Json = {
    "project_code": "GNBV.2", "source": "central", "capital_kind": "recurrent", "amount": 100 * MILLION,
}  # fmt: skip
HAMLET: Json = {"kind": "model_hamlet", "unit_code": "20770.02@legacy", "year": 2025}


@pytest.fixture
def body() -> Json:
    return {
        "id": new_id(), "kind": "year", "unit_code": "20770@legacy", "program_code": "GNBV", "year": 2023,
        "items": [TASK], "funds": [FUND],
    }  # fmt: skip


def test_a_plan_is_drafted_once_and_changed_under_its_version(api: Api, body: Json) -> None:
    made = api.post("plans", body)
    path = f"plans/{made['id']}"
    assert made["title"] == "Kế hoạch năm 2023 thực hiện Chương trình Giảm nghèo bền vững, Xã Sông Trà"
    assert (made["state"], made["remarks"], made["version_number"], made["approved_version"]) == (
        "draft",
        [],
        0,
        None,
    )
    assert made["items"][0] | TASK == made["items"][0]
    assert (made["items"][0]["value"], made["items"][0]["done"]) == (None, False)
    assert made["funds"] == [FUND | {"budget_line_id": None, "note": ""}]
    assert api.post("plans", body, 200) == made == api.get(path)
    assert api.post("plans", body | {"title": "Khác"}, 409)["type"] == "/problems/id-taken"
    kept = {"id": made["items"][0]["id"], "text": "Hỗ trợ dê giống"}
    tag = api.etag(path)
    changed = api.patch(path, {"items": [kept], "funds": [], "responsible": "Ông Ba"}, tag)
    assert (changed["items"][0]["id"], changed["items"][0]["measure"]) == (kept["id"], "")
    assert (changed["funds"], changed["responsible"]) == ([], "Ông Ba")
    stale = api.patch(path, {"title": "x"}, tag, 412)
    assert (stale["current"]["responsible"], stale["current"]["remarks"]) == ("Ông Ba", [])
    api.patch(path, {"title": "x"}, None, 428)


def test_the_plan_of_tra_huynh_goes_the_whole_way_by_the_right_callers_only(
    api: Api, above: Api, elsewhere: Api, reader: Api
) -> None:
    made = api.post("plans", {"id": new_id(), **HAMLET})
    assert (made["program_code"], made["unit_code"], made["unit_structure"]) == ("NTM", "20770.02", "legacy")
    path = f"plans/{made['id']}"
    for name, right, wrong, leads_to in (
        ("submit", api, above, "submitted"),
        ("appraise", above, api, "appraised"),
        ("approve", above, api, "approved"),
        ("recognise", above, api, "recognised"),
    ):
        refused = wrong.post(f"{path}/{name}", {}, 409)
        assert (refused["rule"], refused["asked"]) == ("own_plan", name)
        reader.post(f"{path}/{name}", {}, 403)
        elsewhere.post(f"{path}/{name}", {}, 404)
        moved = right.post(f"{path}/{name}", None, 200)  # nothing need be said
        assert (moved["state"], moved["events"][-1]["move"]) == (leads_to, name)
        assert right.post(f"{path}/{name}", {}, 200) == moved  # again it changes nothing
        later = right.post(f"{path}/{name}", {"remark": "Lần nữa"}, 409)
        assert (later["rule"], later["asked"], later["held"]) == ("plan_state", name, leads_to)
    done = api.get(path)
    assert [(e["move"], e["unit_code"], e["on"]) for e in done["events"]] == [
        (name, unit, today().isoformat())
        for name, unit in (("submit", "20770"), ("appraise", "512"), ("approve", "512"), ("recognise", "512"))
    ]
    assert (done["version_number"], done["approved_version"]) == (1, 1)
    refused = api.patch(path, {"title": "x"}, api.etag(path), 409)
    assert (refused["rule"], refused["asked"], refused["held"]) == ("plan_state", "update", "recognised")


def test_a_returned_plan_keeps_its_remarks(api: Api, above: Api, body: Json) -> None:
    path = f"plans/{api.post('plans', body)['id']}"
    paper = {"remark": "Kính gửi", "document": DOCUMENT, "on": "2023-03-10", "due_on": "2023-03-20"}
    sent = api.post(f"{path}/submit", paper, 200)
    assert (sent["due_on"], sent["events"][0]["document"], sent["version_number"]) == (
        "2023-03-20",
        DOCUMENT,
        1,
    )
    assert fields(above.post(f"{path}/return", {}, 422)) == ["remark"]
    assert fields(above.post(f"{path}/return", {"remark": " "}, 422)) == ["remark"]
    back = above.post(f"{path}/return", {"remark": "Thiếu vốn\nđối ứng", "on": "2023-03-20"}, 200)
    assert (back["state"], back["due_on"]) == ("returned", None)
    api.patch(path, {"funds": [FUND | {"amount": 1}]}, api.etag(path))
    api.post(f"{path}/submit", {"remark": "Đã bổ sung"}, 200)
    above.post(f"{path}/appraise", {}, 200)
    approved = above.post(f"{path}/approve", {}, 200)
    remarks = [(r["move"], r["text"], r["unit_code"]) for r in approved["remarks"]]
    assert remarks == [
        ("submit", "Kính gửi", "20770"), ("return", "Thiếu vốn\nđối ứng", "512"), ("submit", "Đã bổ sung", "20770"),
    ]  # fmt: skip
    assert api.get("plans")["items"][0]["remarks"] == approved["remarks"]
    assert fields(api.post(f"{path}/revise", {}, 422)) == ["remark"]
    draft = api.post(f"{path}/revise", {"remark": "Điều chỉnh"}, 200)
    assert (draft["state"], draft["approved_version"], draft["version_number"]) == ("draft", 2, 2)


def test_a_move_names_a_document_typed_in_or_in_the_register(api: Api, above: Api) -> None:
    rows = Rows(api)
    paper, made = rows.document(), rows.plan()
    path = f"plans/{made['id']}/submit"
    for wrong, status, field in (
        ({"document": new_id()}, 404, "document"),
        ({"document": "45/KH"}, 422, "document"),
        ({"document": {"number": "", "date": "2023-03-01", "issuer": "x"}}, 422, "document.number"),
        ({"document": {"number": "1", "issuer": "x"}}, 422, "document.date"),
        ({"document": 5}, 422, "document"),
        ({"on": (today() + timedelta(days=1)).isoformat()}, 422, "on"),
        ({"on": "2023-03-10", "due_on": "2023-03-09"}, 422, "due_on"),
        ({"remark": "x" * 4001}, 422, "remark"),
        ({"text": "x"}, 422, "text"),
    ):
        assert fields(api.post(path, wrong, status)) == [field], wrong
    sent = api.post(path, {"document": paper["id"]}, 200)["events"][0]
    assert sent["document_id"] == paper["id"]
    assert sent["document"] == {name: paper[name] for name in ("number", "date", "issuer")}


def test_what_is_wrong_with_a_plan_is_named(api: Api, elsewhere: Api, body: Json) -> None:
    theirs = Rows(elsewhere).work(owner_unit_code="00001@legacy")
    wrong: list[tuple[Json, int, list[str]]] = [
        ({"kind": "week"}, 422, ["kind"]),
        ({"year": None}, 422, ["year"]),
        ({"kind": "period"}, 422, ["year"]),
        ({"program_code": "XYZ"}, 404, ["program_code"]),
        ({"unit_code": "00001@legacy"}, 404, ["unit_code"]),
        ({"start_from": new_id()}, 404, ["start_from"]),
        ({"items": [TASK, {"text": ""}]}, 422, ["items.1.text"]),
        ({"items": [TASK | {"quantity": 0}]}, 422, ["items.0.quantity"]),
        ({"items": [TASK | {"work_id": theirs["id"]}]}, 404, ["items.0.work_id"]),
        ({"funds": [FUND | {"amount": 0}]}, 422, ["funds.0.amount"]),
        ({"funds": [FUND | {"amount": "5"}]}, 422, ["funds.0.amount"]),
        ({"funds": [FUND, FUND]}, 422, ["funds.1"]),
        ({"funds": [{"amount": 5}]}, 422, ["funds.0.source", "funds.0.capital_kind"]),
        ({"funds": [FUND | {"source": "moon"}]}, 404, ["funds.0.source"]),
        ({"state": "approved"}, 422, ["state"]),
    ]
    for values, status, named in wrong:
        assert fields(api.post("plans", body | values, status)) == named, values
    assert api.get("plans")["items"] == []


def test_lists_answer_questions(api: Api, above: Api, elsewhere: Api) -> None:
    rows = Rows(api)
    draft, sent = rows.plan(title="Nuôi bò"), rows.plan(state="submitted", year=2022)
    hamlet = rows.plan(**HAMLET, program_code=None)
    for filters, expected in (
        ({}, [draft, sent, hamlet]),
        ({"unit": "512"}, [draft, sent, hamlet]),
        ({"unit": "20770.02", "year": 2025}, [hamlet]),
        ({"unit": "20773@legacy"}, []),
        ({"kind": "year"}, [draft, sent]),
        ({"program_code": "NTM"}, [hamlet]),
        ({"year": 2022}, [sent]),
        ({"state": "draft"}, [draft, hamlet]),
        ({"mine": "true"}, [sent]),
        ({"q": "nuoi bo"}, [draft]),
        ({"updated_since": hamlet["updated_at"]}, [hamlet]),
    ):
        found = above.get("plans", **filters)["items"]
        assert [p["id"] for p in found] == [p["id"] for p in expected], filters
    assert [p["id"] for p in above.pages("plans", 2)] == [p["id"] for p in (draft, sent, hamlet)]
    assert api.get("plans", mine="true")["items"] == elsewhere.get("plans")["items"] == []
    assert api.get("plans")["items"][0].keys() == draft.keys() - {"items", "funds", "events"}
    api.get("plans", 404, unit="00001@legacy")
    assert fields(api.get("plans", 422, state="new")) == ["state"]


def test_versions_and_what_they_say_otherwise(api: Api) -> None:
    made = Rows(api).plan(state="submitted")
    path = f"plans/{made['id']}"
    assert [(v["number"], v["by"]) for v in api.get(f"{path}/versions")["items"]] == [(1, "client-write")]
    first = api.get(f"{path}/versions/1")
    assert first["content"]["items"][0]["quantity"] == "20"
    assert api.get(f"{path}/compare") == {"before": 1, "after": None, "fields": [], "items": [], "funds": []}
    for query, field in (({"from": 9}, "from"), ({"from": 1, "to": 9}, "to")):
        assert fields(api.get(f"{path}/compare", 404, **query)) == [field]
    api.get(f"{path}/versions/9", 404)
    api.get(f"{path}/versions/0", 404)
    assert fields(api.get(f"{path}/compare", 422, before=1)) == ["before"]


def test_a_changed_row_is_shown_with_both_its_sides(api: Api, above: Api) -> None:
    made = Rows(api).plan(state="submitted")
    path = f"plans/{made['id']}"
    above.post(f"{path}/return", {"remark": "x"}, 200)
    funds = [FUND | {"amount": 120 * MILLION}]
    api.patch(path, {"funds": funds, "items": [], "title": "Kế hoạch sửa"}, api.etag(path))
    found = api.get(f"{path}/compare", **{"from": 1})
    assert (found["before"], found["after"], found["fields"]) == (1, None, ["title"])
    assert [(c["change"], c["fields"]) for c in found["funds"]] == [("changed", ["amount"])]
    assert found["funds"][0]["before"]["amount"] == 100 * MILLION
    assert [(c["change"], c["before"]["text"], c["after"]) for c in found["items"]] == [
        ("removed", "Hỗ trợ bò giống", None)
    ]


def test_plan_against_actual_and_what_was_reported(api: Api, reader: Api) -> None:
    rows = Rows(api)
    line = rows.funded(40 * MILLION)
    made = rows.plan(
        program_code="DTTS",
        funds=[
            {"amount": 50 * MILLION, "budget_line_id": line["id"]},
            FUND | {"project_code": None, "source": "people"},
        ],
    )
    path, item = f"plans/{made['id']}", made["items"][0]["id"]
    report = {"id": new_id(), "value": 12.5, "reported_on": "2023-09-01", "note": "Đợt một"}
    told = api.post(f"{path}/items/{item}/progress", report)
    assert told | report | {"task_id": item} == told
    assert api.post(f"{path}/items/{item}/progress", report, 200) == told
    assert (
        api.post(f"{path}/items/{item}/progress", report | {"value": 1}, 409)["type"] == "/problems/id-taken"
    )
    api.post(f"{path}/items/{new_id()}/progress", report | {"id": new_id()}, 404)
    future = (today() + timedelta(days=1)).isoformat()
    for wrong, field in (
        ({"value": -1}, "value"),
        ({"reported_on": future}, "reported_on"),
        ({"value": "5"}, "value"),
    ):
        assert fields(api.post(f"{path}/items/{item}/progress", report | {"id": new_id()} | wrong, 422)) == [
            field
        ]
    against = reader.get(f"{path}/actual", as_of="2023-12-31")
    assert [(f["amount"], f["plan"], f["disbursed"]) for f in against["funds"]] == [
        (50 * MILLION, 40 * MILLION, 0), (100 * MILLION, None, None),
    ]  # fmt: skip
    assert against["total"]["plan"] == 40 * MILLION
    assert (against["items"][0]["value"], against["items_done"]) == (12.5, 0)
    assert reader.get(f"{path}/actual", as_of="2023-08-31")["items"][0]["value"] is None
    assert reader.get(f"{path}/actual")["as_of"] == today().isoformat()
    assert date.fromisoformat(against["as_of"]) == date(2023, 12, 31)
