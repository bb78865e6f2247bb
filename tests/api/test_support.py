"""Support models over the interface: the whole way of one that two programs pay for, and what is refused on it."""

from __future__ import annotations

from app.clock import today
from tests.api.client import Api, Json, fields, new_id
from tests.api.rows import DOCUMENT, MILLION, Rows


def lines_for(api: Api, model: Json) -> tuple[Json, Json]:
    """(a line of GNBV.2 that serves a model alone, a general line of DTTS.3.1), each with money."""
    own = api.line(
        project_code="GNBV.2", source="central", capital_kind="recurrent", support_model_id=model["id"]
    )
    pooled = api.line(project_code="DTTS.3.1", source="central", capital_kind="recurrent")
    for line, amount in ((own, 12 * MILLION), (pooled, 30 * MILLION)):
        api.record(line, "allocate", amount, "2023-01-10")
    return own, pooled


def pooled_model(api: Api) -> tuple[Json, Json, Json]:
    """(a model of 20 million drawn on two programs and its household, its own line, the general one)."""
    rows = Rows(api)
    made = rows.model(household_share=2 * MILLION)
    own, pooled = lines_for(api, made)
    budget = [
        {"budget_line_id": own["id"], "amount": 12 * MILLION},
        {"budget_line_id": pooled["id"], "amount": 6 * MILLION},
    ]
    path = f"support-models/{made['id']}"
    return api.patch(path, {"budget": budget}, api.etag(path)), own, pooled


def test_a_model_that_two_programs_pay_for_goes_the_whole_way(api: Api, above: Api, reader: Api) -> None:
    model, own, pooled = pooled_model(api)
    path, member = f"support-models/{model['id']}", model["members"][0]
    assert (model["total"], model["household_share"], model["livestock"]) == (20 * MILLION, 2 * MILLION, True)
    assert own["support_model_id"] == model["id"]
    sent = api.post(f"{path}/submit", {"on": "2023-03-10", "document": DOCUMENT, "due_on": "2023-03-20"}, 200)
    assert (sent["state"], sent["due_on"], sent["events"][0]["document"]) == (
        "submitted",
        "2023-03-20",
        DOCUMENT,
    )
    assert [m["id"] for m in above.get("support-models", mine=True)["items"]] == [model["id"]]
    for name, right, wrong in (("appraise", above, api), ("approve", above, api), ("start", api, above)):
        refused = wrong.post(f"{path}/{name}", {}, 409)
        assert (refused["rule"], refused["asked"]) == ("own_support", name)
        moved = right.post(f"{path}/{name}", {"on": "2023-04-03"}, 200)
        assert right.post(f"{path}/{name}", {"on": "2023-04-03"}, 200) == moved
    running = api.get(path)
    assert (running["state"], [m["rule"] for m in running["missing"]]) == (
        "running", ["group_list", "support_acceptance", "invoice", "delivered"],
    )  # fmt: skip

    body = Rows(api).delivery_body(running, quantity=2)
    assert fields(api.post(f"{path}/deliveries", body | {"id": new_id(), "signed": False}, 422)) == ["signed"]
    made = api.post(f"{path}/deliveries", body)
    assert api.post(f"{path}/deliveries", body, 200) == made
    assert api.post(f"{path}/deliveries", body | {"quantity": 1}, 409)["type"] == "/problems/id-taken"
    refused = api.post(f"{path}/deliveries", Rows(api).delivery_body(running, quantity=0.5), 409)
    assert (refused["rule"], refused["asked"], refused["held"]) == ("delivered_too_much", "0.5", 0)
    visit = {"id": new_id(), "household_id": member, "visited_on": "2023-07-05", "alive": 1, "dead": 1}
    found = api.post(f"{path}/visits", visit)
    assert (found["dead"], found["model_id"]) == (1, model["id"])
    assert fields(api.post(f"{path}/visits", visit | {"id": new_id(), "born": 2}, 422)) == ["born"]
    refused = api.post(f"{path}/visits", visit | {"id": new_id(), "sold": 1}, 409)
    assert (refused["rule"], refused["asked"], refused["held"]) == ("visit_counts", 3, 2)
    refused = api.post(f"{path}/deliveries/{made['id']}/withdraw", {"reason": "Nhầm"}, 409)
    assert refused["rule"] == "visit_counts"
    assert api.get(f"{path}/visits", household_id=member)["items"] == [found]
    assert reader.get(f"{path}/deliveries")["items"] == [made]

    # It pays from both lines; the figures are those of the report.
    api.record(own, "pay", 10 * MILLION, "2023-05-10")
    api.record(pooled, "pay", 5 * MILLION, "2023-05-10")
    mix = api.get(f"{path}/mix")
    assert {x["project_code"]: (x["amount"], x["shared"], x["money"]["disbursed"]) for x in mix["lines"]} == {
        "GNBV.2": (12 * MILLION, False, 10 * MILLION), "DTTS.3.1": (6 * MILLION, True, 5 * MILLION),
    }  # fmt: skip
    assert (mix["drawn"], mix["household_share"], mix["total"]) == (18 * MILLION, 2 * MILLION, 20 * MILLION)
    assert mix["own"] == {"plan": 12 * MILLION, "disbursed": 10 * MILLION, "available": 2 * MILLION}
    assert {(s["program_code"], s["source"]): s["amount"] for s in mix["by_source"]} == {
        ("GNBV", "central"): 12 * MILLION, ("DTTS", "central"): 6 * MILLION,
    }  # fmt: skip
    report = api.get("reports/disbursement", unit="20770@legacy", year=2023)
    paid = {row["project_code"]: row["disbursed"] for row in report["rows"]}
    drawn = {x["project_code"]: x["money"]["disbursed"] for x in mix["lines"]}
    assert {code: paid[code] for code in drawn} == drawn
    assert report["total"]["disbursed"] == sum(drawn.values())

    words = {
        "evaluation": "Đàn bò phát triển tốt", "members": [{"household_id": member, "income_after": 18 * MILLION}],
    }  # fmt: skip
    done = api.post(f"{path}/evaluate", words, 200)
    assert api.post(f"{path}/evaluate", words, 200) == done
    assert (done["state"], done["evaluation"], done["incomes"][0]["income_after"]) == (
        "evaluated", "Đàn bò phát triển tốt", 18 * MILLION,
    )  # fmt: skip
    # Put right by who has read it; what a payment lacks goes on until it is closed.
    tag, better = api.etag(path), words | {"evaluation": "Chết một con"}
    api.post(f"{path}/evaluate", better, 428)
    for tags, status in (('"1"', 412), (tag, 200), (tag, 200)):
        answer = api.call("POST", f"{path}/evaluate", json=better, headers={"If-Match": tags})
        assert answer.status_code == status, answer.text
    assert answer.json()["evaluation"] == "Chết một con"
    assert [e["move"] for e in answer.json()["events"]][-2:] == ["evaluate", "evaluate"]
    assert answer.json()["missing"] == api.get(path)["missing"] != []
    assert api.post(f"{path}/close", None, 200)["missing"] == []
    assert api.post(f"{path}/visits", visit | {"id": new_id()}, 409)["held"] == "closed"


def test_a_model_is_proposed_once_and_changed_under_its_version(api: Api, elsewhere: Api) -> None:
    rows = Rows(api)
    body = rows.model_body()
    made = api.post("support-models", body)
    path = f"support-models/{made['id']}"
    assert api.post("support-models", body, 200) == made == api.get(path)
    assert api.post("support-models", body | {"name": "Khác"}, 409)["type"] == "/problems/id-taken"
    elsewhere.get(path, 404)
    tag = api.etag(path)
    member = {"household_id": body["members"][0], "income_before": 9 * MILLION}
    changed = api.patch(path, {"members": [member], "household_share": 0}, tag)
    assert changed["incomes"][0]["income_before"] == 9 * MILLION
    stale = api.patch(path, {"name": "x"}, tag, 412)
    assert stale["current"]["household_share"] == 0
    api.patch(path, {"name": "x"}, None, 428)
    assert fields(api.patch(path, {"unit_code": "20773@legacy"}, api.etag(path), 422)) == ["unit_code"]


def test_what_cannot_be_is_named(api: Api) -> None:
    rows = Rows(api)
    body = rows.model_body()
    cow = body["inputs"][0]
    for wrong, status, field in (
        ({"inputs": [cow | {"unit_price": 0}]}, 422, "inputs.0.unit_price"),
        ({"inputs": [cow | {"quantity": 0}]}, 422, "inputs.0.quantity"),
        ({"inputs": [cow | {"quantity": 0.0001}]}, 422, "inputs.0.quantity"),
        ({"members": ["khong"]}, 422, "members.0.household_id"),
        ({"members": [new_id()], "head_id": None}, 404, "members.0.household_id"),
        ({"head_id": new_id()}, 422, "head_id"),
        ({"budget": [{"budget_line_id": new_id(), "amount": 1}]}, 404, "budget.0.budget_line_id"),
        ({"budget": [{"budget_line_id": new_id(), "amount": 0}]}, 422, "budget.0.amount"),
        ({"project_code": "GNBV.3"}, 422, "project_code"),
        ({"household_share": -1}, 422, "household_share"),
        ({"state": "approved"}, 422, "state"),
    ):
        assert fields(api.post("support-models", body | {"id": new_id(), **wrong}, status)) == [field]
    stranger = rows.registered(statuses=[{"year": 2022, "status": "poor"}, {"year": 2023, "status": "other"}])
    refused = api.post(
        "support-models", body | {"id": new_id(), "members": [stranger["id"]], "head_id": None}, 409
    )
    assert (refused["rule"], refused["asked"], refused["held"]) == ("member_status", 1, 0)
    assert refused["members"] == [
        {"household_id": stranger["id"], "code": stranger["code"], "status": "other"}
    ]
    made = api.post("support-models", body | {"household_share": 19 * MILLION})
    refused = api.post(f"support-models/{made['id']}/submit", {}, 409)
    assert (refused["rule"], refused["asked"], refused["held"]) == (
        "support_budget",
        20 * MILLION,
        19 * MILLION,
    )
    running = rows.model(state="running")
    for wrong in ({"alive": -1}, {"visited_on": str(today().replace(year=today().year + 1))}):
        ask = {"id": new_id(), "household_id": running["members"][0], **wrong}
        assert fields(api.post(f"support-models/{running['id']}/visits", ask, 422)) == list(wrong)


def test_models_draw_no_more_than_a_line_has(api: Api) -> None:
    rows = Rows(api)
    line = api.line(project_code="GNBV.2", source="central", capital_kind="recurrent")
    api.record(line, "allocate", 10 * MILLION, "2023-01-10")
    rows.model(budget=[{"budget_line_id": line["id"], "amount": 6 * MILLION}])
    body = rows.model_body(budget=[{"budget_line_id": line["id"], "amount": 5 * MILLION}])
    refused = api.post("support-models", body, 409)
    assert (refused["rule"], refused["asked"], refused["held"]) == ("line_drawn", 11 * MILLION, 10 * MILLION)
    assert [m["amount"] for m in refused["models"]] == [6 * MILLION, 5 * MILLION]
    api.get(f"support-models/{body['id']}", 404)  # nothing half-stored


def test_a_plan_cut_below_what_models_draw_is_said_with_the_shortfall(api: Api, above: Api) -> None:
    model, own, _ = pooled_model(api)
    path = f"support-models/{model['id']}"
    api.post(f"{path}/submit", {}, 200)
    above.post(f"{path}/appraise", {}, 200)
    api.record(own, "withdraw", 2 * MILLION, "2023-02-10")
    short = {"budget_line_id": own["id"], "amount": 2 * MILLION}
    assert api.get(path)["over_drawn"] == api.get("support-models")["items"][0]["over_drawn"] == [short]
    assert [line["over_drawn"] for line in api.get(f"{path}/mix")["lines"]] == [2 * MILLION, 0]
    assert above.post(f"{path}/approve", {}, 409)["rule"] == "line_drawn"


def test_a_line_serves_a_model_within_reach_and_only_one_thing(api: Api, above: Api) -> None:
    rows = Rows(api)
    model = rows.model()
    key = {
        "id": new_id(), "unit_code": "20770@legacy", "project_code": "GNBV.2", "source": "central",
        "capital_kind": "recurrent", "year": 2023, "support_model_id": model["id"],
    }  # fmt: skip
    assert fields(api.post("budget-lines", key | {"work_id": rows.work()["id"]}, 422)) == ["support_model_id"]
    assert fields(api.post("budget-lines", key | {"project_code": "GNBV.3"}, 422)) == ["project_code"]
    away = key | {"unit_code": "20773@legacy"}
    assert fields(above.post("budget-lines", away, 422)) == ["support_model_id"]
    made = api.post("budget-lines", key)
    assert made["support_model_id"] == model["id"]
    assert [x["id"] for x in api.get("budget-lines", support_model_id=model["id"])["items"]] == [made["id"]]


def test_papers_of_a_model_are_what_its_payment_lacked(api: Api) -> None:
    rows = Rows(api)
    model = rows.model(state="running")
    path = f"support-models/{model['id']}"
    body = rows.delivery_body(model)
    api.post(f"{path}/deliveries", body)
    for kind in ("group_list", "support_acceptance", "invoice"):
        before = api.get(path)
        assert kind in [m["rule"] for m in before["missing"]]
        paper = {"id": new_id(), "number": kind, "date": "2023-04-21", "issuer": "UBND", "kind": kind}
        api.post("documents", paper | {"attach_to": {"kind": "support_model", "id": model["id"]}})
        after = api.get(path)
        assert kind not in [m["rule"] for m in after["missing"]]
        assert after["updated_at"] > before["updated_at"], "followers of changes see it again"
    assert api.get(path)["missing"] == []
    photo = {"id": new_id(), "number": "", "date": "2023-04-21", "issuer": "", "kind": "photo"}
    made = api.post("documents", photo | {"attach_to": {"kind": "delivery", "id": body["id"]}})
    assert made["personal"], "it shows people"
    assert api.get(f"{path}/deliveries")["items"][0]["documents"] == [made["id"]]


def test_lists_page_and_templates_are_there(api: Api) -> None:
    rows = Rows(api)
    two = {rows.model()["id"], rows.model()["id"]}
    first = api.get("support-models", limit=1)
    second = api.get("support-models", limit=1, cursor=first["next"])
    assert {first["items"][0]["id"], second["items"][0]["id"]} == two
    assert second["next"] is None
    running = rows.model(state="running")
    assert running["remarks"][0]["move"] == "submit"
    assert api.get("support-models", state="running", unit="20770")["items"][0]["id"] == running["id"]
    place = f"support-models/{running['id']}/deliveries"
    gone, kept = (api.post(place, rows.delivery_body(running)) for _ in range(2))
    api.post(f"{place}/{gone['id']}/withdraw", {"reason": "Nhầm"}, 200)
    first = api.get(place, limit=1)
    assert (first["items"][0]["id"], first["items"][0]["withdrawn_at"]) == (kept["id"], None)
    second = api.get(place, limit=1, cursor=first["next"])
    assert (second["items"][0]["id"], second["items"][0]["withdrawn_at"] is None) == (gone["id"], False)
    assert second["items"][0]["withdrawn_reason"] == "", (
        "it may tell of persons, whom this client may not see"
    )
    codes = [t["code"] for t in api.get("model-templates")["items"]]
    assert codes == ["cattle", "goats", "acacia", "medicinal"]
    page = api.get("model-templates", limit=3)
    rest = api.get("model-templates", limit=3, cursor=page["next"])
    assert [t["code"] for t in (*page["items"], *rest["items"])] == codes
