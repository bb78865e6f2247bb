"""Contracts in full over the interface: acceptances, payment dossiers, and the settlement of a work."""

from __future__ import annotations

import threading

from tests.api.client import Api, Json, entry, fields, new_id
from tests.api.rows import MILLION, Rows

DECISION: Json = {
    "settled_value": 400 * MILLION, "decided_on": "2023-07-25", "decision_number": "46/QĐ-UBND",
    "decision_issuer": "UBND xã Sông Trà",
}  # fmt: skip


def line_of(api: Api, work_id: str, year: int = 2023, **key: object) -> Json:
    """A funded line of a work in a year."""
    made = api.line(work_id=work_id, project_code="DTTS.4.1", capital_kind="investment", year=year, **key)
    api.record(made, "allocate", 900 * MILLION, f"{year}-01-05")
    return made


def test_a_contract_keeps_its_package_dates_and_guarantee(api: Api) -> None:
    rows = Rows(api)
    full = {
        "package": "Gói thầu số 01", "selection": "Chào hàng cạnh tranh", "starts_on": "2023-02-15",
        "ends_on": "2023-12-31", "guarantee": "07/BL", "guarantee_amount": 5 * MILLION,
        "guarantee_until": "2024-01-31",
    }  # fmt: skip
    made = rows.contract(**full)
    assert {name: made[name] for name in full} == full
    assert (made["accepted"], made["asked"], made["recovery_threshold"], made["recovery_due"]) == (
        0, 0, 80 * MILLION, 0,
    )  # fmt: skip
    path = f"works/{made['work_id']}/contracts/{made['id']}"
    changed = api.patch(path, {"guarantee_until": None, "ends_on": "2023-11-30"}, api.etag(path))
    assert (changed["guarantee_until"], changed["ends_on"], changed["package"]) == (
        None, "2023-11-30", "Gói thầu số 01",
    )  # fmt: skip
    for wrong, field in (
        ({"ends_on": "2023-02-14"}, "ends_on"),
        ({"guarantee_until": "2023-01-31"}, "guarantee_until"),
        ({"guarantee_amount": 0}, "guarantee_amount"),
        ({"value": 1}, "value"),
    ):
        assert fields(api.patch(path, wrong, api.etag(path), 422)) == [field]
    plain = rows.contract()
    assert (plain["package"], plain["guarantee_amount"]) == ("", None)


def test_volume_is_accepted_in_rounds_within_the_value(api: Api) -> None:
    rows = Rows(api)
    contract = rows.contract(value=100 * MILLION)
    path, first = rows.acceptance(contract, value=60 * MILLION)
    body = {"id": new_id(), "accepted_on": "2023-03-10", "value": 30 * MILLION}
    second = api.post(f"{path}/acceptances", body)
    assert (first["round"], second["round"]) == (1, 2)
    assert api.post(f"{path}/acceptances", body, 200) == second
    assert api.post(f"{path}/acceptances", body | {"value": 1}, 409)["type"] == "/problems/id-taken"
    over = api.post(f"{path}/acceptances", body | {"id": new_id(), "value": 11 * MILLION}, 409)
    assert (over["rule"], over["asked"], over["held"]) == ("accepted_value", 11 * MILLION, 10 * MILLION)
    early = body | {"id": new_id(), "accepted_on": "2023-03-09", "value": 1}
    assert fields(api.post(f"{path}/acceptances", early, 422)) == ["accepted_on"]
    assert [row["id"] for row in api.pages(f"{path}/acceptances", 1)] == [first["id"], second["id"]]
    one = f"{path}/acceptances/{second['id']}"
    assert api.patch(one, {"value": 40 * MILLION}, api.etag(one))["value"] == 40 * MILLION
    stale = api.patch(one, {"value": 1}, '"1"', 412)
    assert stale["current"]["value"] == 40 * MILLION
    assert (
        api.patch(f"{path}/acceptances/{first['id']}", {"value": 1}, '"1"', 409)["rule"] == "acceptance_order"
    )
    assert api.get(path)["accepted"] == 100 * MILLION
    gone = api.call("DELETE", one)
    assert (gone.status_code, gone.json()["accepted"]) == (200, 60 * MILLION)
    api.get(one, 404)
    other = rows.contract()
    api.get(f"works/{other['work_id']}/contracts/{other['id']}/acceptances/{first['id']}", 404)


def test_a_dossier_goes_from_prepared_to_paid(api: Api) -> None:
    rows = Rows(api)
    path, made = rows.dossier("payment_request", "invoice")
    one = f"{path}/payment-dossiers/{made['id']}"
    assert (made["round"], made["state"]) == (1, "prepared")
    assert api.get(one)["missing"] == [
        {"kind": "volume_acceptance", "name": "Biên bản nghiệm thu khối lượng"}
    ]
    refused = api.post(f"{one}/submit", {}, 409)
    assert refused["rule"] == "dossier_missing"
    assert refused["missing"] == api.get(one)["missing"]
    paper = {
        "id": new_id(), "number": "01/BBNT", "date": "2023-03-01", "issuer": "UBND", "kind": "volume_acceptance",
        "attach_to": {"kind": "acceptance", "id": made["acceptance_id"]},
    }  # fmt: skip
    api.post("documents", paper)
    sent = api.post(f"{one}/submit", {"submitted_on": "2023-03-05"}, 200)
    assert (sent["state"], sent["submitted_on"], sent["missing"]) == ("submitted", "2023-03-05", [])
    assert api.post(f"{one}/submit", {}, 200) == sent
    back = api.post(f"{one}/return", {"reason": "Thiếu chữ ký"}, 200)
    assert (back["state"], back["returned_reason"]) == ("returned", "Thiếu chữ ký")
    assert api.patch(one, {"amount": 25 * MILLION}, api.etag(one))["amount"] == 25 * MILLION
    api.post(f"{one}/submit", {"submitted_on": "2023-03-06"}, 200)
    work_id = path.split("/")[1]
    own = line_of(api, work_id)
    less = api.record(own, "pay", 24 * MILLION, "2023-03-07", contract_id=made["contract_id"])
    wrong = api.post(f"{one}/paid", {"entry_id": less["id"]}, 409)
    assert (wrong["rule"], wrong["asked"], wrong["held"]) == ("dossier_entry", 25 * MILLION, 24 * MILLION)
    assert fields(api.post(f"{one}/paid", {"entry_id": new_id()}, 404)) == ["entry_id"]
    paid = api.record(own, "pay", 25 * MILLION, "2023-03-08", contract_id=made["contract_id"])
    done = api.post(f"{one}/paid", {"entry_id": paid["id"]}, 200)
    assert (done["state"], done["entry_id"], done["entry_reversed"]) == ("paid", paid["id"], False)
    assert api.call("DELETE", one).json()["rule"] == "dossier_state"
    api.record(own, "reversal", None, None, reverses_id=paid["id"])
    assert api.get(one)["entry_reversed"] is True


def test_dossiers_stay_within_what_is_accepted_and_may_be_advanced(api: Api) -> None:
    rows = Rows(api)
    path, made = rows.dossier()  # 20 of 50 million accepted, of a contract of 100 million
    more = {"id": new_id(), "kind": "payment", "amount": 31 * MILLION, "acceptance_id": made["acceptance_id"]}
    over = api.post(f"{path}/payment-dossiers", more, 409)
    assert (over["rule"], over["asked"], over["held"]) == ("dossier_value", 31 * MILLION, 30 * MILLION)
    advance = {"id": new_id(), "kind": "advance", "amount": 31 * MILLION}
    assert api.post(f"{path}/payment-dossiers", advance, 409)["rule"] == "advance_limit"
    bare = {"id": new_id(), "kind": "payment", "amount": 1}
    assert fields(api.post(f"{path}/payment-dossiers", bare, 422)) == ["acceptance_id"]
    second = api.post(f"{path}/payment-dossiers", advance | {"amount": 30 * MILLION})
    assert [row["round"] for row in api.pages(f"{path}/payment-dossiers", 1)] == [1, 2]
    assert api.call("DELETE", f"{path}/payment-dossiers/{second['id']}").status_code == 200
    assert api.get(path)["asked"] == 20 * MILLION
    used = api.call("DELETE", f"{path}/acceptances/{made['acceptance_id']}")
    assert used.json()["rule"] == "acceptance_used"


def test_payments_of_three_years_stop_at_the_dong_that_exceeds_value_plus_amendments(api: Api) -> None:
    rows = Rows(api)
    contract = rows.contract(value=90 * MILLION)
    path = f"works/{contract['work_id']}/contracts/{contract['id']}"
    amendment = {"value": 10 * MILLION, "signed_on": "2023-06-01"}
    api.patch(path, {"amendments": [amendment]}, api.etag(path))
    on = {"contract_id": contract["id"]}
    lines = [line_of(api, contract["work_id"], year) for year in (2023, 2024, 2025)]
    for line, amount in zip(lines, (50, 30, 19), strict=True):
        api.record(line, "pay", amount * MILLION, f"{line['year']}-08-01", **on)
    for line in lines:
        over = api.refused(line, "pay", MILLION + 1, f"{line['year']}-08-02", **on)
        assert (over["rule"], over["asked"], over["held"]) == ("contract_value", MILLION + 1, MILLION)
    asks = [entry(line, "pay", MILLION, f"{line['year']}-08-03", **on) for line in lines]
    told: list[int] = []

    def send(ask: Json) -> None:
        told.append(api.call("POST", "ledger-entries", json=ask).status_code)

    writers = [threading.Thread(target=send, args=(ask,)) for ask in asks]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(told) == [201, 409, 409]
    assert api.refused(lines[0], "pay", 1, "2023-08-04", **on)["held"] == 0
    assert api.get(path)["paid"] == 100 * MILLION


def test_a_settlement_is_proposed_decided_and_binds_the_book(api: Api) -> None:
    rows = Rows(api)
    work = rows.work()
    path = f"works/{work['id']}/settlement"
    api.get(path, 404)
    own = line_of(api, work["id"])
    none = {"no_contract_reason": "Chi phí quản lý"}
    api.record(own, "pay", 395 * MILLION, "2023-03-01", **none)
    body = {"id": new_id(), "submitted_on": "2023-06-28", "proposed_value": 402 * MILLION}
    made = api.post(path, body)
    assert (made["to_pay"], made["to_recover"], made["settled_value"]) == (7 * MILLION, 0, None)
    assert api.post(path, body, 200) == made
    assert api.post(path, body | {"id": new_id()}, 409)["type"] == "/problems/conflict"
    high = api.patch(path, {"proposed_value": 1_001 * MILLION}, api.etag(path), 409)
    assert (high["rule"], high["held"]) == ("settlement_total", 1_000 * MILLION)
    assert fields(api.post(f"{path}/decide", DECISION | {"decided_on": "2023-06-27"}, 422)) == ["decided_on"]
    decided = api.post(f"{path}/decide", DECISION, 200)
    assert (decided["settled_value"], decided["to_pay"]) == (400 * MILLION, 5 * MILLION)
    assert api.post(f"{path}/decide", DECISION, 200) == decided
    assert api.post(f"{path}/decide", DECISION | {"settled_value": 1}, 409)["type"] == "/problems/conflict"
    late = api.patch(path, {"proposed_value": 1}, api.etag(path), 409)
    assert late["rule"] == "settlement_state"
    over = api.refused(own, "pay", 5 * MILLION + 1, "2023-08-01", **none)
    assert (over["rule"], over["asked"], over["held"]) == ("work_settled", 5 * MILLION + 1, 5 * MILLION)
    api.record(own, "pay", 5 * MILLION, "2023-08-01", **none)
    below = api.patch(path, {"settled_value": 390 * MILLION}, api.etag(path))
    assert (below["to_pay"], below["to_recover"]) == (0, 10 * MILLION)
