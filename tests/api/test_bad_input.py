"""What is wrong is refused by name, in the caller's language, and leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from app import db
from app.models import Base
from tests.api.client import Api, Json, entry, fields, new_id
from tests.api.rows import DOCUMENT, MILLION, Rows, checked

# What every request may change without having done anything: when a token was looked at is not written down.
QUIET = {"access_tokens"}


def content() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with db.snapshot() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(sa.select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in QUIET | {"units", "unit_scope", "projects", "programs", "unit_successions"}
        }


@pytest.fixture
def line(api: Api) -> Json:
    return Rows(api).funded(100 * MILLION)


@pytest.fixture
def unchanged(line: Json) -> Iterator[None]:
    before = content()
    yield
    assert content() == before


def sent(api: Api, path: str, text: str | bytes) -> Any:
    return api.call("POST", path, content=text, headers={"Content-Type": "application/json"})


AMOUNTS = [
    "0",
    "-1",
    "1.5",
    "5.0",
    "1e3",
    '"5"',
    "true",
    "null",
    "[5]",
    "{}",
    "1" + "0" * 16,
    "9" * 400,
    "-0",
]


def refusals(api: Api, bodies: dict[str, str]) -> dict[str, tuple[int, list[str]]]:
    """What each body is answered, and which fields are named."""
    told = {}
    for name, body in bodies.items():
        response = sent(api, "ledger-entries", body)
        told[name] = (response.status_code, fields(response.json()))
    return told


def test_what_is_no_amount(api: Api, line: Json, unchanged: None) -> None:
    text = json.dumps(entry(line, "pay", 77, "2023-02-01"))
    assert '"amount": 77' in text
    bodies = {amount: text.replace('"amount": 77', f'"amount": {amount}') for amount in AMOUNTS}
    assert refusals(api, bodies) == dict.fromkeys(AMOUNTS, (422, ["amount"]))
    for number in ("NaN", "Infinity", "-Infinity"):
        body = text.replace('"amount": 77', f'"amount": {number}')
        assert sent(api, "ledger-entries", body).status_code == 422


DAYS = [
    "2023-02-30",
    "30/01/2023",
    "2023-1-5",
    "2023-02-01T00:00:00",
    "20230201",
    "",
    "0001-01-01",
    "9999-12-31",
]


def test_what_is_no_day(api: Api, line: Json, unchanged: None) -> None:
    days: list[object] = [*DAYS, 20230201, True]
    bodies = {repr(day): json.dumps(entry(line, "pay", 5, None, effective_date=day)) for day in days}
    assert refusals(api, bodies) == dict.fromkeys(bodies, (422, ["effective_date"]))


def test_a_day_that_is_yet_to_come(api: Api, line: Json, unchanged: None) -> None:
    assert fields(api.post("ledger-entries", entry(line, "withdraw", 5, "2199-01-01"), 422)) == [
        "effective_date"
    ]


WRONG: list[tuple[Json, str]] = [
    ({"kind": "spend"}, "kind"),
    ({"kind": "ALLOCATE"}, "kind"),
    ({"amout": 5}, "amout"),
    ({"status": "posted"}, "status"),
    ({"id": "1"}, "id"),
    ({"id": 5}, "id"),
    ({"document": None}, "document"),
    ({"document": {"number": " ", "date": "2023-01-01", "issuer": "x"}}, "document.number"),
    ({"document": {"number": "1", "date": "2023-13-01", "issuer": "x"}}, "document.date"),
    ({"document": {"number": "1", "date": "2023-01-01", "issuer": "x", "seal": 1}}, "document.seal"),
    ({"memo": "a\x00b"}, "memo"),
    ({"memo": "\ud800"}, "memo"),
    ({"memo": "a\u202eb"}, "memo"),
    ({"memo": "x" * 1001}, "memo"),
    ({"memo": 5}, "memo"),
    ({"from_pocket": "advanced"}, "from_pocket"),
    ({"from_pocket": "purse"}, "from_pocket"),
    ({"reverses_id": "01890a5d-ac96-774b-bcce-b302099a8057"}, "reverses_id"),
    ({"to_budget_line_id": "01890a5d-ac96-774b-bcce-b302099a8057"}, "to_budget_line_id"),
]


def test_what_an_entry_cannot_say(api: Api, line: Json, unchanged: None) -> None:
    good = entry(line, "pay", 5, "2023-02-01", no_contract_reason="đền bù")
    bodies = {f"{i} {field}": json.dumps(good | wrong) for i, (wrong, field) in enumerate(WRONG)}
    assert refusals(api, bodies) == {name: (422, [name.split()[1]]) for name in bodies}


def test_the_same_said_in_english(api: Api, line: Json) -> None:
    body = entry(line, "pay", 0, "2023-02-01")
    said = {
        lang: api.call("POST", "ledger-entries", json=body, headers={"Accept-Language": lang}).json()
        for lang in ("vi", "en")
    }
    assert said["vi"]["errors"][0]["message"] == "Phải lớn hơn 0"
    assert said["en"]["errors"][0]["message"] == "Must be greater than 0"


BROKEN: dict[str, bytes] = {
    "nothing": b"",
    "half": b'{"id": ',
    "no object": b"[]",
    "text": b'"x"',
    "NUL": b"\x00",
    "invalid UTF-8": b'{"memo": "\xff"}',
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "long number": b'{"amount": ' + b"9" * 100_000 + b"}",
}


def test_a_body_that_cannot_be_read(api: Api, line: Json, unchanged: None) -> None:
    for body in BROKEN.values():
        assert sent(api, "ledger-entries", body).status_code in {400, 422}
        assert sent(api, "ledger-entries/batch", body).status_code in {400, 422}


def test_a_body_of_ten_megabytes(api: Api, line: Json, unchanged: None) -> None:
    body = json.dumps(entry(line, "pay", 5, "2023-02-01", memo="x" * 10_000_000))
    assert sent(api, "ledger-entries", body).status_code == 413


def test_a_body_that_is_not_called_json(api: Api, line: Json, unchanged: None) -> None:
    body = entry(line, "pay", 5, "2023-02-01")
    assert api.call("POST", "ledger-entries", data=body).status_code == 422


QUERIES = [
    "limit=0", "limit=501", "limit=x", "limit=", "cursor=x", "cursor=", "updated_since=2023-01-01", "colour=red",
    "year=x", "year=1", "source_=central", "capital_kind=both", "work_id=5", "unit=%00", "unit=%FF",
    "as_of=2023-02-30",
]  # fmt: skip


def test_a_parameter_that_a_list_does_not_take(api: Api) -> None:
    told = {}
    for query in QUERIES:
        response = api.call("GET", f"budget-lines?{query}")
        told[query] = (response.status_code, fields(response.json()))
    assert told == {query: (422, [query.partition("=")[0]]) for query in QUERIES}


def test_a_cursor_of_another_list(api: Api) -> None:
    for _ in range(2):
        Rows(api).funded()
    cursor = api.get("ledger-entries", limit=1)["next"]
    assert cursor is not None
    assert fields(api.get("budget-lines", 422, cursor=cursor)) == ["cursor"]


def test_a_unit_that_is_not_there_and_one_out_of_scope_are_alike(api: Api) -> None:
    for unit in ("99999", "20770@2030", "VN", "00001@legacy", "%", "' OR 1=1", "Sông Trà"):
        for path in ("units", "budget-lines", "ledger-entries", "disbursements", "works"):
            assert api.get(path, 404, unit=unit)["type"] == "/problems/not-found"
        assert api.get("reports/disbursement", 404, unit=unit, year=2023)["status"] == 404


def test_references_that_lead_nowhere_are_named(api: Api, elsewhere: Api, line: Json) -> None:
    theirs = elsewhere.line(unit_code="00001@legacy")
    before = content()
    key = {
        "id": new_id(), "unit_code": "20770@legacy", "project_code": "GNBV.2", "source": "central",
        "capital_kind": "recurrent", "year": 2023,
    }  # fmt: skip
    for wrong in (
        {"unit_code": "00001@legacy"}, {"unit_code": "4"}, {"project_code": "GNBV.99"}, {"source": "gold"},
        {"work_id": new_id()}, {"support_model_id": new_id()},
    ):  # fmt: skip
        assert fields(api.post("budget-lines", key | wrong, 404)) == list(wrong)
    good = entry(line, "pay", 5, "2023-02-01", no_contract_reason="đền bù")
    for line_id in (theirs["id"], new_id()):
        assert fields(api.post("ledger-entries", good | {"budget_line_id": line_id}, 404)) == [
            "budget_line_id"
        ]
    assert fields(api.post("ledger-entries", good | {"contract_id": new_id()}, 404)) == ["contract_id"]
    reversal = entry(line, "reversal", None, None, reverses_id=new_id())
    assert fields(api.post("ledger-entries", reversal, 404)) == ["reverses_id"]
    batch = {"entries": [good, good | {"id": new_id(), "budget_line_id": theirs["id"]}]}
    assert fields(api.post("ledger-entries/batch", batch, 404)) == ["entries.1.budget_line_id"]
    shares = {"to": [{"budget_line_id": theirs["id"], "amount": 5}]}
    body = {"id": new_id(), "document": DOCUMENT, "effective_date": "2023-02-01", **shares}
    assert fields(api.post(f"budget-lines/{line['id']}/distribute", body, 404)) == ["to.0.budget_line_id"]
    assert content() == before


def test_anothers_rows_are_not_there(api: Api, elsewhere: Api) -> None:
    rows = Rows(api)
    made, contract = rows.entry(), rows.contract()
    for path in (
        f"budget-lines/{made['budget_line_id']}", f"ledger-entries/{made['id']}", f"works/{contract['work_id']}",
        f"works/{contract['work_id']}/contracts/{contract['id']}", "units/20770@legacy",
    ):  # fmt: skip
        assert api.get(path)
        assert elsewhere.get(path, 404)["type"] == "/problems/not-found"
    for path in ("budget-lines", "ledger-entries", "disbursements", "works"):
        assert elsewhere.get(path)["items"] == []


def test_no_more_is_paid_than_there_is_on_any_day(api: Api, line: Json, unchanged: None) -> None:
    reason = {"no_contract_reason": "đền bù"}
    refused = api.refused(line, "pay", 100 * MILLION + 1, "2023-02-01", **reason)
    assert (refused["rule"], refused["asked"], refused["held"]) == (
        "insufficient",
        100 * MILLION + 1,
        100 * MILLION,
    )
    early = api.refused(line, "pay", 5, "2023-01-04", **reason)
    assert (early["rule"], early["on"], early["held"]) == ("insufficient", "2023-01-04", 0)
    late = api.refused(line, "pay", 5, "2024-02-01", **reason)
    assert (late["rule"], late["last_day"]) == ("deadline", "2024-01-31")


def test_an_entry_is_reversed_once_and_a_reversal_never(api: Api) -> None:
    made = Rows(api).entry()
    reversal = api.record(made["budget_line_id"], "reversal", None, None, reverses_id=made["id"])
    assert (reversal["amount"], reversal["effective_date"]) == (made["amount"], made["effective_date"])
    before = content()
    again = api.refused(made["budget_line_id"], "reversal", None, None, reverses_id=made["id"])
    assert (again["rule"], again["reversed_by"]) == ("reversed_already", reversal["id"])
    back = api.refused(made["budget_line_id"], "reversal", None, None, reverses_id=reversal["id"])
    assert back["rule"] == "reversal_of_reversal"
    assert content() == before


def test_an_id_stands_for_one_content(api: Api, line: Json) -> None:
    body = entry(line, "withdraw", 5, "2023-02-01")
    made = api.post("ledger-entries", body)
    before = content()
    for other in ({"amount": 6}, {"memo": "khác"}, {"kind": "lapse"}, {"effective_date": "2023-02-02"}):
        assert api.post("ledger-entries", body | other, 409)["type"] == "/problems/id-taken"
    assert api.post("ledger-entries", body, 200) == made
    assert content() == before


def test_a_refused_attempt_uses_up_no_id(api: Api, line: Json) -> None:
    body = entry(line, "withdraw", 100 * MILLION + 1, "2023-02-01")
    api.post("ledger-entries", body, 409)
    assert api.post("ledger-entries", body | {"amount": 5})["amount"] == 5


@pytest.mark.parametrize("path", ["budget-lines", "works"])
def test_a_change_needs_the_row_as_it_is(api: Api, path: str) -> None:
    rows = Rows(api)
    made = rows.line() if path == "budget-lines" else rows.work()
    one = f"{path}/{made['id']}"
    body = {"note": "mới"} if path == "budget-lines" else {"scale": "mới"}
    etag = api.etag(one)
    assert api.patch(one, body, None, 428)["type"] == "/problems/precondition-required"
    assert api.patch(one, body, "*", 428)["status"] == 428
    changed = api.patch(one, body, etag)
    assert changed | body == changed
    before = content()
    for stale in (etag, '"99"', '"x"', "x"):
        problem = api.patch(one, {next(iter(body)): "cũ"}, stale, 412)
        assert changed | problem["current"] == changed
        assert problem["current"]["id"] == made["id"]
    assert content() == before
    assert fields(api.patch(one, {"colour": "red"}, api.etag(one), 422)) == ["colour"]
    assert fields(api.patch(one, {next(iter(body)): None}, api.etag(one), 422)) == [next(iter(body))]


def test_ones_own_proposal(api: Api) -> None:
    made = Rows(api).proposal()
    before = content()
    with_rule = api.post(f"ledger-entries/{made['id']}/post", None, 409)
    assert with_rule["rule"] == "own_proposal"
    assert content() == before


def test_a_batch_is_all_or_none(api: Api, line: Json, unchanged: None) -> None:
    good, bad = entry(line, "withdraw", 5, "2023-02-01"), entry(line, "withdraw", 100 * MILLION, "2023-02-01")
    assert api.post("ledger-entries/batch", {"entries": [good, bad]}, 409)["rule"] == "insufficient"
    assert fields(api.post("ledger-entries/batch", {"entries": [good, good]}, 422)) == ["entries"]
    assert fields(api.post("ledger-entries/batch", {"entries": []}, 422)) == ["entries"]
    wrong = {"entries": [good, bad | {"amount": 0}]}
    assert fields(api.post("ledger-entries/batch", wrong, 422)) == ["entries.1.amount"]


def test_only_get_reads_and_nothing_deletes(api: Api) -> None:
    made = Rows(api).entry()
    for method in ("DELETE", "PUT", "PATCH"):
        response = api.call(method, f"ledger-entries/{made['id']}", json={})
        assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")


def test_a_proposal_while_checked_holds_nothing(api: Api, line: Json) -> None:
    with checked():
        made = api.record(line, "withdraw", 5, "2023-02-01")
    assert (made["status"], made["recorded_at"], made["posted_by"]) == ("proposed", None, None)
    assert api.get(f"budget-lines/{line['id']}")["available"] == 100 * MILLION


HEADERS = [None, "Bearer", "Bearer x", "Basic eDp5", "bearer x y", "Bearer " + "x" * 9000]


def test_who_has_no_token_is_told_nothing_else(http: TestClient) -> None:
    stranger = Api(http, None)
    for header in HEADERS:
        headers = {"Content-Type": "application/json"} | ({"Authorization": header} if header else {})
        for method, path, body in (
            ("GET", "budget-lines", b""), ("GET", "budget-lines?limit=x", b""), ("GET", "budget-lines/5", b""),
            ("POST", "ledger-entries", b"{}"), ("POST", "ledger-entries", b"{"),
            ("PATCH", f"budget-lines/{new_id()}", b"{}"),
        ):  # fmt: skip
            response = stranger.call(method, path, content=body, headers=headers)
            assert (response.status_code, response.json()["type"]) == (401, "/problems/unauthenticated")
            assert response.headers["www-authenticate"].startswith("Bearer")
