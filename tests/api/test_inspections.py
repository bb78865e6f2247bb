"""Inspections over the interface: planned above, held, checked, concluded; demands; the unit's report."""

from __future__ import annotations

from tests.api.client import Api, Json, fields, new_id
from tests.api.rows import Rows

DECISION: Json = {"number": "596/QĐ-UBND", "date": "2023-08-17", "issuer": "UBND huyện Hiệp Đức"}
QUOTE = "định kỳ hằng tháng họp BCĐ"


def body(**values: object) -> Json:
    ask: Json = {
        "id": new_id(), "unit_code": "20770@legacy", "date": "2023-09-14", "decision": DECISION,
        "team_name": "Đoàn kiểm tra số 2", "lead": "Hoàng Văn Hùng", "lead_title": "Phó Chủ tịch UBND huyện",
        "team": [{"person": "Nguyễn Văn An", "role": "secretary"}], "checked": "Văn bản chỉ đạo\nhồ sơ",
    }  # fmt: skip
    return ask | values


def test_an_inspection_from_its_plan_to_its_demands(api: Api, above: Api) -> None:
    ask = body()
    made = above.post("inspections", ask)
    assert made | {n: ask[n] for n in ("id", "date", "lead", "lead_title", "decision", "checked")} == made
    assert (made["state"], made["year"], made["by_unit_code"], made["unit_code"]) == (
        "planned",
        2023,
        "512",
        "20770",
    )
    assert above.post("inspections", ask, 200) == made
    assert above.post("inspections", ask | {"lead": "Khác"}, 409)["type"] == "/problems/id-taken"
    refused = api.post("inspections", body(), 409)
    assert (refused["rule"], refused["asked"]) == ("inspection_side", "plan")
    path = f"inspections/{made['id']}"
    assert api.get(path)["checked"] == ""  # what is to be looked at is told once it was
    changed = above.patch(
        path, {"lead_title": "UV BTV - Phó Chủ tịch UBND huyện", "team": []}, above.etag(path)
    )
    assert (changed["lead"], changed["lead_title"], changed["team"]) == (
        ask["lead"],
        "UV BTV - Phó Chủ tịch UBND huyện",
        [],
    )
    assert above.patch(path, {"title": "x"}, '"1"', 412)["current"]["lead"] == ask["lead"]
    assert above.patch(path, {"conclusion": "x"}, above.etag(path), 409)["rule"] == "inspection_state"
    assert above.post(f"{path}/hold", {"on": "2023-09-14"}, 200)["state"] == "held"
    listed = above.call(
        "PUT",
        f"{path}/checklist",
        json={"items": [{"text": "Sổ họp", "result": "not_met"}]},
        headers={"If-Match": above.etag(path)},
    )
    assert [(c["text"], c["result"]) for c in listed.json()["checklist"]] == [("Sổ họp", "not_met")]
    finding = {
        "id": new_id(),
        "text": "Giữ 11/19 tiêu chí",
        "wanting": False,
        "subject": {"kind": "criterion", "id": "17"},
    }
    found = above.post(f"{path}/findings", finding)
    assert (found["subject"], above.post(f"{path}/findings", finding, 200)) == (finding["subject"], found)
    said = {"text": f"Yêu cầu xã {QUOTE}.", "number": "120/TB-UBND", "on": "2023-09-20"}
    done = above.post(f"{path}/conclude", said, 200)
    assert (done["conclusion"], done["concluded_on"], done["findings"][0]["id"]) == (
        said["text"],
        said["on"],
        finding["id"],
    )
    demand: Json = {
        "id": new_id(), "text": "Ban chỉ đạo họp hằng tháng", "quote": QUOTE, "due_on": "2023-10-31",
        "assignee": {"kind": "unit", "unit_code": "20770@legacy"},
    }  # fmt: skip
    early = demand | {"id": new_id(), "due_on": "2023-09-01"}
    wrong = above.post(f"{path}/demands", {"demands": [demand, early]}, 422)
    assert (fields(wrong), api.get(path)["directives"]) == (["demands.1.due_on"], [])
    guide = demand | {
        "id": new_id(), "text": "Hướng dẫn xã", "assignee": {"kind": "unit", "unit_code": "512@legacy"},
    }  # fmt: skip
    for _ in range(2):
        given = above.post(f"{path}/demands", {"demands": [demand, guide]}, 200)
        assert given["directives"] == [demand["id"], guide["id"]]
    assert api.get(path)["demands"] == given["demands"]  # whoever reads the inspection reads all of them
    assert [(d["text"], d["assignee"], d["first_due_on"], d["state"]) for d in given["demands"]] == [
        (demand["text"], "Xã Sông Trà", "2023-10-31", "open"), ("Hướng dẫn xã", "Huyện Hiệp Đức", "2023-10-31", "open"),
    ]  # fmt: skip
    api.get(f"directives/{guide['id']}", 404)
    later = above.post("inspections", body(date="2023-12-01"))
    asked = api.get(f"inspections/{later['id']}/earlier-demands")
    assert (asked["as_of"], [(d["quote"], d["overdue"]) for d in asked["items"]]) == (
        "2023-12-01",
        [(QUOTE, True), (QUOTE, True)],
    )
    seen = above.get("inspections", unit="20770", year=2023, state="concluded")["items"]
    assert [i["id"] for i in seen] == [made["id"]]
    assert [i["id"] for i in api.get("inspections", q="doan hoang van")["items"]] == [made["id"], later["id"]]
    assert len(list(api.pages("inspections", 1))) == 2


def test_one_is_called_off_with_a_reason(api: Api, above: Api) -> None:
    path = f"inspections/{above.post('inspections', body())['id']}"
    assert fields(above.post(f"{path}/cancel", {"reason": ""}, 422)) == ["reason"]
    assert api.post(f"{path}/cancel", {"reason": "x"}, 409)["rule"] == "inspection_side"
    for _ in range(2):
        off = above.post(f"{path}/cancel", {"reason": "Dời sang năm sau"}, 200)
        assert (off["state"], off["cancelled_reason"]) == ("cancelled", "Dời sang năm sau")
    assert above.post(f"{path}/hold", {"on": "2023-09-14"}, 409)["rule"] == "inspection_state"
    assert [i["state"] for i in api.get("inspections", state="cancelled")["items"]] == ["cancelled"]


def test_the_unit_reports_what_the_books_say(api: Api, above: Api) -> None:
    rows = Rows(api)
    made, line = rows.inspection(), rows.funded()
    path = f"inspections/{made['id']}"
    seen = api.get(f"{path}/report-preview", as_of="2023-09-10")
    ask = {"id": new_id(), "as_of": "2023-09-10", "results": "Đã kiện toàn\nBan chỉ đạo"}
    sent = api.post(f"{path}/reports", ask)
    assert sent["content"] == seen | {
        "words": {"results": ask["results"], "difficulties": "", "proposals": ""},
        "inspection": {"title": made["title"], "by_name": "Huyện Hiệp Đức", "team_name": made["team_name"]},
    }
    api.record(line, "allocate", 5_000_000, "2023-02-05")
    assert api.get(f"{path}/report-preview", as_of="2023-09-10") != seen
    assert above.get(f"{path}/reports/{sent['id']}") == sent
    assert api.post(f"{path}/reports", ask, 200) == sent
    again = api.post(f"{path}/reports", ask | {"id": new_id()})
    assert [r["number"] for r in above.get(f"{path}/reports")["items"]] == [1, again["number"]]
    assert above.post(f"{path}/reports", ask | {"id": new_id()}, 409)["rule"] == "inspection_side"
    assert fields(api.post(f"{path}/reports", {"id": new_id(), "as_of": "2023-09-10"}, 422)) == ["results"]
