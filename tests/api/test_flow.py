"""Money from allocation to settlement, over the interface alone."""

from __future__ import annotations

import sqlalchemy as sa

from app import db
from app.domain.ledger import verify
from tests.api.client import Api, entry
from tests.support.world import World

MILLION = 1_000_000


def figures(line: dict[str, int]) -> tuple[int, ...]:
    return tuple(line[name] for name in ("plan", "available", "advanced", "paid", "disbursed"))


def test_a_year_of_one_line(api: Api, world: World) -> None:
    line = api.line()
    allocation = entry(line, "allocate", 1_000 * MILLION, "2023-01-05")
    first = api.post("ledger-entries", allocation)
    assert (first["status"], first["recorded_by"], first["posted_by"]) == (
        "posted",
        *[first["recorded_by"]] * 2,
    )
    api.record(line, "advance", 300 * MILLION, "2023-03-01")
    api.record(line, "recover", 300 * MILLION, "2023-05-01")
    api.record(line, "pay", 200 * MILLION, "2023-06-01")
    now = api.get(f"budget-lines/{line['id']}")
    assert figures(now) == (1_000 * MILLION, 500 * MILLION, 0, 500 * MILLION, 500 * MILLION)

    refused = api.refused(line, "pay", 500 * MILLION + 1, "2023-06-02")
    assert (refused["rule"], refused["asked"], refused["held"]) == (
        "insufficient",
        500 * MILLION + 1,
        500 * MILLION,
    )
    assert refused["on"] == "2023-06-02"
    assert "500.000.001" in refused["detail"]
    assert api.get(f"budget-lines/{line['id']}") == now

    assert api.post("ledger-entries", allocation, 200) == first
    assert len(api.get("ledger-entries", budget_line_id=line["id"])["items"]) == 4
    assert api.get(f"budget-lines/{line['id']}") == now

    between = api.get("reports/disbursement", unit="20770", year=2023, as_of="2023-04-30")
    assert (between["total"]["advanced"], between["total"]["paid"], between["total"]["rate"]) == (
        300 * MILLION,
        0,
        0.3,
    )
    assert between["rows"][0]["available"] == 700 * MILLION
    whole = api.get("reports/disbursement", unit="20770", year=2023)
    assert (whole["total"]["disbursed"], whole["total"]["rate"]) == (500 * MILLION, 0.5)

    listed = api.get("disbursements", budget_line_id=line["id"], with_total="true")
    assert sum(row["amount"] for row in listed["items"]) == listed["total"] == now["disbursed"]
    assert [row["kind"] for row in listed["items"]] == ["advance", "pay"]
    assert verify.verify() is None

    with db.engine().begin() as connection:
        without_triggers(connection, world.engine)
        connection.execute(sa.text("UPDATE ledger_entries SET amount = amount + 1 WHERE kind = 'pay'"))
    fault = verify.verify()
    assert fault is not None
    assert fault.facts["number"] == 4


def without_triggers(connection: sa.Connection, engine: str) -> None:
    """Somebody with the keys of the database itself."""
    if engine == "postgresql":
        connection.execute(sa.text("ALTER TABLE ledger_entries DISABLE TRIGGER USER"))
    else:
        connection.execute(sa.text("DROP TRIGGER ledger_entries_no_update"))


def test_the_sum_of_disbursements_is_what_the_lines_say(api: Api) -> None:
    old = api.line(capital_kind="investment", project_code="DTTS.4.1")
    new = api.line(capital_kind="investment", project_code="DTTS.4.1", year=2024, origin_year=2023)
    api.record(old, "allocate", 900, "2023-01-05")
    api.record(old, "advance", 400, "2023-02-01")
    paid = api.record(old, "pay", 300, "2023-03-01")
    api.record(old, "refund", 50, "2023-04-01", from_pocket="advanced")
    api.record(old, "recover", 100, "2023-05-01")
    api.record(old, "settle", 100, "2023-12-01")
    api.record(old, "reversal", None, None, reverses_id=paid["id"])
    carried = api.record(
        old, "carry_over", 200, "2024-01-15", from_pocket="advanced", to_budget_line_id=new["id"]
    )
    api.record(old, "carry_over", 150, "2024-01-15", to_budget_line_id=new["id"])
    api.record(new, "pay", 70, "2024-02-01")
    for line in (old, new):
        rows = list(api.pages("disbursements", 2, budget_line_id=line["id"]))
        assert sum(row["amount"] for row in rows) == api.get(f"budget-lines/{line['id']}")["disbursed"]
    rows = list(api.pages("disbursements", 1, unit="20770"))
    assert sorted(row["amount"] for row in rows) == sorted([400, 300, -50, -300, -200, 200, 70])
    assert {row["amount"]: row["budget_line_id"] for row in rows if row["id"] == carried["id"]} == {
        -200: old["id"], 200: new["id"]
    }  # fmt: skip
    assert sum(row["amount"] for row in api.pages("disbursements", 3, unit="20770", year=2024)) == 270
    api.record(old, "reversal", None, "2024-03-01", reverses_id=carried["id"])
    undone = api.get("disbursements", unit="20770", with_total="true")
    assert undone["total"] == sum(row["amount"] for row in undone["items"]) == 420
    assert api.get(f"budget-lines/{new['id']}")["advanced"] == 0


def test_what_was_known_at_a_moment_stays_known(api: Api) -> None:
    line = api.line()
    api.record(line, "allocate", 100, "2023-01-05")
    before = api.get("reports/disbursement", unit="20770", year=2023, as_of="2023-12-31")
    api.record(line, "pay", 60, "2023-02-01")
    after = api.get("reports/disbursement", unit="20770", year=2023, as_of="2023-12-31")
    assert (before["total"]["rate"], after["total"]["rate"]) == (0, 0.6)
    for report in (before, after):
        asked = {name: report[name] for name in ("unit", "year", "as_of", "known_at")}
        assert api.get("reports/disbursement", **asked) == report
