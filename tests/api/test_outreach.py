"""Outreach events and observations over the interface: recorded, answered, raised; totals; refusals."""

from __future__ import annotations

import uuid

from app.domain import observations
from tests.api.client import Api, fields, new_id
from tests.api.rows import Rows
from tests.support.world import actor


def test_outreach_events(api: Api, above: Api, elsewhere: Api) -> None:
    rows = Rows(api)
    work = rows.work()
    photo = rows.upload(whole=True)["id"]
    body = rows.outreach_body(work_id=work["id"], criterion_number=2, hamlet_code="20770.01", uploads=[photo])
    made = api.post("outreach-events", body)
    assert (made["set_code"], made["hamlet_code"], len(made["documents"])) == (
        "NTM-XA-2021-2025",
        "20770.01",
        1,
    )
    assert api.post("outreach-events", body, 200) == made
    assert api.post("outreach-events", body | {"people": 1}, 409)["type"] == "/problems/id-taken"
    path = f"outreach-events/{made['id']}"
    changed = api.patch(path, {"people": 45, "criterion_number": None}, api.etag(path))
    assert (changed["people"], changed["set_code"], changed["work_id"]) == (45, None, work["id"])
    assert api.patch(path, {"people": 46}, '"1"', 412)["current"]["people"] == 45
    api.patch(path, {"people": 46}, None, 428)
    other = rows.outreach(people=30, topic="Tổng dọn vệ sinh")
    assert above.get("outreach-events", unit="20770@legacy", q="ve sinh")["total"] == {
        "events": 1,
        "people": 30,
    }
    gone = api.post(f"outreach-events/{other['id']}/withdraw", {"reason": "Ghi nhầm"}, 200)
    assert gone["withdrawn_reason"] == "Ghi nhầm"
    assert api.post(f"outreach-events/{other['id']}/withdraw", {"reason": "Ghi nhầm"}, 200) == gone
    assert api.post(f"outreach-events/{other['id']}/withdraw", {"reason": "Khác"}, 409)["rule"] == (
        "outreach_withdrawn"
    )
    found = api.get("outreach-events", limit=1)
    assert (found["total"], len(found["items"])) == ({"events": 1, "people": 45}, 1)
    rest = api.get("outreach-events", limit=1, cursor=found["next"])
    assert (rest["next"], {found["items"][0]["id"], rest["items"][0]["id"]}) == (
        None, {made["id"], other["id"]}
    )  # fmt: skip
    assert [e["id"] for e in api.get("outreach-events", withdrawn=True)["items"]] == [other["id"]]
    assert [e["id"] for e in api.get("outreach-events", work_id=work["id"])["items"]] == [made["id"]]
    assert elsewhere.get("outreach-events")["total"] == {"events": 0, "people": 0}
    assert fields(api.post("outreach-events", rows.outreach_body(people=-1), 422)) == ["people"]
    assert fields(api.post("outreach-events", rows.outreach_body(hamlet_code="20770.99"), 404)) == [
        "hamlet_code"
    ]
    refused = above.post("outreach-events", rows.outreach_body(), 409)
    assert (refused["rule"], refused["asked"], refused["held"]) == ("own_outreach", "create", "own")


def test_observations(api: Api, above: Api, elsewhere: Api) -> None:
    rows = Rows(api)
    body = rows.observation_body(answer_due_on="2023-08-15", lat=15.5, lon=108.0)
    made = api.post("observations", body)
    assert (made["state"], made["subject"], made["moves"]) == ("open", body["subject"], [])
    assert made["days_late"] > 0
    assert api.post("observations", body, 200) == made
    path = f"observations/{made['id']}"
    own = api.post(f"{path}/answer", {"text": "Đã xem"}, 409)
    assert own["rule"] == "self_answer"
    observations.answer(actor("officer"), uuid.UUID(made["id"]), "Đã bù")
    answered = api.get(path)
    assert (answered["state"], answered["answer"], [m["move"] for m in answered["moves"]]) == (
        "answered", "Đã bù", ["answer"]
    )  # fmt: skip
    barred = api.patch(path, {"text": "x"}, api.etag(path), 409)
    assert (barred["rule"], barred["held"]) == ("observation_state", "answered")
    again = api.post(f"{path}/reopen", {"text": "Chưa đủ", "answer_due_on": "2199-01-01"}, 200)
    assert (again["state"], again["answer"], again["answer_due_on"], again["days_late"]) == (
        "open", "", "2199-01-01", 0
    )  # fmt: skip
    changed = api.patch(path, {"text": "Đá dăm mỏng 2 cm"}, api.etag(path))
    assert changed["text"] == "Đá dăm mỏng 2 cm"
    obstacle = {"id": new_id(), "kind": "contractor"}
    raised = api.post(f"{path}/raise", obstacle, 200)
    assert raised["obstacle_id"] == obstacle["id"]
    assert api.post(f"{path}/raise", obstacle, 200) == raised
    stands = api.get(f"obstacles/{obstacle['id']}")
    assert (stands["observation_id"], stands["subject"], stands["raised_on"]) == (
        made["id"], body["subject"], "2023-08-01"
    )  # fmt: skip
    assert api.post(f"{path}/raise", {"id": new_id()}, 409)["rule"] == "observation_raised"
    closed = api.post(f"{path}/close", {"text": "Đạt"}, 200)
    assert closed["state"] == "closed"
    general = api.post("observations", rows.observation_body(subject=None, answer_due_on="2023-08-15"))
    assert general["subject"] is None
    assert (
        api.post(f"observations/{general['id']}/raise", {"id": new_id()}, 409)["rule"]
        == "observation_subject"
    )
    late = above.get("observations", unit="20770@legacy", late=True, as_of="2023-09-14")
    assert (late["total"], [o["id"] for o in late["items"]]) == (
        {"count": 1, "open": 1, "late": 1}, [general["id"]]
    )  # fmt: skip
    assert elsewhere.get("observations")["items"] == []
    model = rows.model()
    about = {"kind": "support_model", "id": model["id"]}
    of_model = api.post("observations", rows.observation_body(subject=about))
    assert [o["id"] for o in api.get("observations", model_id=model["id"])["items"]] == [of_model["id"]]
    nowhere = {"kind": "work", "id": new_id()}
    assert fields(api.post("observations", rows.observation_body(subject=nowhere), 404)) == ["subject"]
    # An obstacle can be raised about a support model also by itself.
    direct = rows.obstacle(subject=about)
    assert (direct["subject"], direct["work_id"], direct["observation_id"]) == (about, None, None)
    assert fields(elsewhere.post("obstacles", {"id": new_id(), "subject": about, "text": "x"}, 404)) == [
        "subject"
    ]
