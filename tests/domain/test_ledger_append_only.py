"""What is on record stays, and the database itself refuses what would break it."""

# ruff: noqa: S608 - names of our own tables and columns
from __future__ import annotations

import pytest
import sqlalchemy as sa

from app import db
from app.models.base import Base
from tests.support.book import execute, state, whole
from tests.support.world import World, line, post

APPEND_ONLY = ("ledger_entries", "chain_links", "audit_rows")
REFUSED = (sa.exc.DBAPIError,)


def test_what_is_on_record_is_neither_changed_nor_deleted_nor_replaced(world: World) -> None:
    post(line().id, "allocate", 100, "2023-01-05")
    before = state()
    for table in APPEND_ONLY:
        column = next(iter(Base.metadata.tables[table].primary_key.columns)).name
        statements = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]
        if world.engine == "postgresql":
            statements += [f"TRUNCATE {table} CASCADE", "TRUNCATE budget_lines CASCADE"]
        else:
            statements.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
            statements.append(f"UPDATE OR REPLACE {table} SET {column} = {column}")
        for statement in statements:
            with pytest.raises(REFUSED, match="append-only"):
                execute(statement)
    assert state() == before
    assert whole()


def test_no_balance_goes_below_zero_or_out_of_its_sum_whoever_writes_it(world: World) -> None:
    post(line().id, "allocate", 100, "2023-01-05")
    before = state()
    for table in ("balances", "daily_balances"):
        for pocket in ("available", "advanced", "paid", "settled", "carried_in", "carried_out", "lapsed"):
            with pytest.raises(sa.exc.IntegrityError):
                execute(f"UPDATE {table} SET {pocket} = -1, allocated = allocated - 1")
        with pytest.raises(sa.exc.IntegrityError):
            execute(f"UPDATE {table} SET available = available + 1")
        with pytest.raises(sa.exc.IntegrityError):
            execute(f"UPDATE {table} SET available = 9007199254740992, allocated = 9007199254740992")
    assert state() == before


def test_the_database_refuses_entries_that_no_kind_explains(world: World) -> None:
    made = line()
    post(made.id, "allocate", 100, "2023-01-05")
    columns = [c.name for c in Base.metadata.tables["ledger_entries"].columns]
    fresh = (
        "00000000000000000000000000000001"
        if world.engine == "sqlite"
        else "00000000-0000-0000-0000-000000000001"
    )
    wrong = (
        {"amount": "0"}, {"amount": "-5"}, {"kind": "'reversal'"}, {"sign": "-1"}, {"kind": "'pay'"},
        {"base_kind": "'spend'", "kind": "'spend'"}, {"base_kind": "'carry_over'", "kind": "'carry_over'"},
    )  # fmt: skip
    for change in wrong:
        values = ", ".join(f"'{fresh}'" if c == "id" else change.get(c, c) for c in columns)
        with pytest.raises(sa.exc.IntegrityError):
            execute(f"INSERT INTO ledger_entries ({', '.join(columns)}) SELECT {values} FROM ledger_entries")


def test_nothing_is_written_outside_a_transaction_that_ends_well(world: World) -> None:
    before = state()
    with pytest.raises(sa.exc.IntegrityError):
        _half_done()
    assert state() == before
    with db.snapshot() as session:
        assert session.execute(sa.text("SELECT max(version) FROM units")).scalar_one() == 1


def _half_done() -> None:
    with db.transaction(write=True) as session:
        session.execute(sa.text("UPDATE units SET version = version + 1"))
        session.execute(sa.text("UPDATE units SET structure = 'none'"))
