"""Whatever is changed behind the domain's back is found, and named."""

# ruff: noqa: S608 - names of our own tables
from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain.ledger.verify import verify
from app.i18n import translate
from app.models.base import Base
from tests.support.book import whole
from tests.support.world import MILLION, World, actor, contract, line, post, work


@contextmanager
def tampering(world: World) -> Iterator[Session]:
    """A transaction in which triggers and foreign keys sleep, as one with the database's keys could have it."""
    engine = sa.create_engine(world.url)  # a plain one: SQLite then minds no foreign keys
    with Session(engine) as session, session.begin():
        if world.engine == "sqlite":
            names = session.execute(
                sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            ).scalars()
            for name in names.all():
                session.execute(sa.text(f"DROP TRIGGER {name}"))
        else:
            session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        yield session
    engine.dispose()


def book() -> tuple[list[uuid.UUID], uuid.UUID]:
    """Some money on a work's line, carried into the successor's line; the entries, and the line."""
    above = actor(unit="VN@2025")
    of = work()
    signed = contract(of.id, 100 * MILLION)
    key: dict[str, Any] = {"project_code": "DTTS.4.1", "capital_kind": "investment", "work_id": of.id}
    made = line(above, year=2025, **key)
    new = line(above, unit_code="20770@2025", year=2026, origin_year=2025, **key)
    on: dict[str, Any] = {"contract_id": signed.id}
    entries = [
        post(made.id, "allocate", 90 * MILLION, "2025-01-05"),
        post(made.id, "advance", 20 * MILLION, "2025-03-01", **on),
        post(made.id, "pay", 10 * MILLION, "2025-04-01", **on),
        post(made.id, "carry_over", 5 * MILLION, "2025-12-31", above, to_budget_line_id=new.id),
        post(made.id, "pay", 10 * MILLION, "2025-04-01", **on),
    ]
    return [e.id for e in entries], made.id


def found(world: World, statements: list[str], **values: object) -> str:
    """What verify says after these statements."""
    with tampering(world) as session:
        for statement in statements:
            touched = session.execute(sa.text(statement).bindparams(*_typed(values, statement)))
            assert touched.rowcount, statement  # type: ignore[attr-defined]  # a CursorResult
    fault = verify()
    return "" if fault is None else translate("vi", fault.text, **fault.facts)


def _typed(values: dict[str, object], statement: str) -> list[sa.BindParameter[object]]:
    return [
        sa.bindparam(name, value, sa.Uuid() if isinstance(value, uuid.UUID) else None)
        for name, value in values.items()
        if f":{name}" in statement
    ]


ENTRY = "UPDATE ledger_entries SET {} WHERE id = :entry"
TAMPERED = {
    "amount": ([ENTRY.format("amount = amount + 1")], "{entry}"),
    "memo": ([ENTRY.format("memo = 'khác'")], "{entry}"),
    "document": ([ENTRY.format("document_number = 'khác'")], "{entry}"),
    "posted by": ([ENTRY.format("posted_by = 'khác'")], "{entry}"),
    "recorded at": ([ENTRY.format("recorded_at = '2020-01-01 00:00:00.000000'")], "{entry}"),
    "day": ([ENTRY.format("effective_date = '2025-03-02'")], "{entry}"),
    "entry deleted": (["DELETE FROM ledger_entries WHERE id = :entry"], "{entry}"),
    "link deleted": (["DELETE FROM chain_links WHERE entry_id = :entry"], "{entry}"),
    "link changed": (["UPDATE chain_links SET hash = 'x' WHERE entry_id = :entry"], "{entry}"),
    "head moved back": (["UPDATE chain_heads SET count = count - 1 WHERE unit_id = :unit"], "Sông Trà"),
    "head deleted": (["DELETE FROM chain_heads WHERE unit_id = :unit"], "Sông Trà"),
    "tail cut": (
        ["DELETE FROM chain_links WHERE unit_id = :unit AND number = 5", "DELETE FROM ledger_entries WHERE id = :last"],
        "Sông Trà",
    ),
    "tail cut with its head": (
        [
            "DELETE FROM chain_links WHERE unit_id = :unit AND number = 5",
            "DELETE FROM ledger_entries WHERE id = :last",
            "UPDATE chain_heads SET count = 4, last_hash = (SELECT hash FROM chain_links"
            " WHERE unit_id = :unit AND number = 4) WHERE unit_id = :unit",
        ],
        "{line}",
    ),
    "one of two chains cut with its head": (
        [
            "DELETE FROM chain_links WHERE unit_id = :successor",
            "UPDATE chain_heads SET count = 0, last_hash = '' WHERE unit_id = :successor",
        ],
        "{carried}",
    ),
    "balance": (["UPDATE balances SET available = available + 1, allocated = allocated + 1"], "Dòng vốn"),
    "balance's last day": (["UPDATE balances SET last_day = '2025-01-05'"], "Dòng vốn"),
    "balance deleted": (["DELETE FROM balances WHERE budget_line_id = :line"], "{line}"),
    "a day's balance": (
        ["UPDATE daily_balances SET available = available - 1, paid = paid + 1"
         " WHERE budget_line_id = :line AND day = '2025-04-01'"],
        "01/04/2025",
    ),
    "a day deleted": (
        ["DELETE FROM daily_balances WHERE budget_line_id = :line AND day = '2025-03-01'"], "01/03/2025",
    ),
    "contract's balance": (["UPDATE contract_balances SET paid = paid + 1"], "Hợp đồng"),
    "contract's ceiling": (["UPDATE contract_balances SET advance_ceiling = value"], "Hợp đồng"),
    "contract's value": (["UPDATE contract_balances SET value = value + 1"], "Hợp đồng"),
    "work's balance": (["UPDATE work_balances SET disbursed = disbursed - 1"], "Công trình"),
    "work's contracts": (["UPDATE work_balances SET contracted = contracted - 1"], "Công trình"),
    "line moved to another unit": (
        ["UPDATE budget_lines SET unit_id = :successor WHERE id = :line"], "Phước Trà",
    ),
    "line moved to another source": (
        ["UPDATE budget_lines SET source = 'district' WHERE id = :line"], "Chuỗi của Xã Sông Trà sai ở mắt 1",
    ),
    "line moved to another year": (
        ["UPDATE budget_lines SET year = 2024, origin_year = 2024 WHERE id = :line"], "sai ở mắt 1",
    ),
    "entry no longer called invented": ([ENTRY.format("illustrative = NOT illustrative")], "{entry}"),
    "entry inserted behind": (["{insert}"], "00000000"),
}  # fmt: skip


def test_every_tampering_is_found_and_named_and_an_honest_book_is_whole(world: World) -> None:
    entries, line_id = book()
    assert whole()
    values = {
        "entry": entries[1], "last": entries[4], "line": line_id, "unit": world.unit("20770@legacy").id,
        "successor": world.unit("20770@2025").id,
    }  # fmt: skip
    named = {"entry": entries[1], "line": line_id, "carried": entries[3]}
    columns = [c.name for c in Base.metadata.tables["ledger_entries"].columns]
    copied = ", ".join("'00000000000000000000000000000001'" if c == "id" else c for c in columns)
    insert = f"INSERT INTO ledger_entries ({', '.join(columns)}) SELECT {copied} FROM ledger_entries WHERE id = :entry"
    if world.engine == "postgresql":
        insert = insert.replace("'00000000000000000000000000000001'", f"'{uuid.UUID(int=1)}'::uuid")
    for name, (statements, names) in TAMPERED.items():
        with kept(world):
            said = found(world, [s.replace("{insert}", insert) for s in statements], **values)
        assert names.format(**named) in said, f"{name}: {said!r}"
    assert whole()


@contextmanager
def kept(world: World) -> Iterator[None]:
    """The whole database is afterwards what it was before: SQLite as a file, PostgreSQL table by table."""
    with db.snapshot() as session:
        rows = {t.name: session.execute(sa.select(t)).mappings().all() for t in Base.metadata.sorted_tables}
        triggers = (
            session.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            if world.engine == "sqlite"
            else []
        )
    yield
    with tampering(world) as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name in TOUCHED:
                session.execute(sa.delete(table))
        for table in Base.metadata.sorted_tables:
            if table.name in TOUCHED and rows[table.name]:
                session.execute(sa.insert(table), [dict(r) for r in rows[table.name]])
        for trigger in triggers:
            session.execute(sa.text(trigger))


TOUCHED = {
    "ledger_entries", "chain_links", "chain_heads", "balances", "daily_balances", "contract_balances",
    "work_balances", "budget_lines",
}  # fmt: skip


def test_an_empty_book_is_whole_and_says_what_it_does(world: World) -> None:
    told: list[str] = []
    assert verify(told.append) is None
    assert len(told) == 3


def test_the_moments_of_a_units_book_only_grow(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = line()
    first = post(made.id, "allocate", 1, "2023-01-05")
    monkeypatch.setattr(db, "clock", lambda _session: datetime(2020, 1, 1, tzinfo=UTC))
    second, third = (post(made.id, "allocate", 1, date(2023, 1, 5)) for _ in range(2))
    moments = [e.recorded_at for e in (first, second, third)]
    assert None not in moments
    assert moments == sorted(set(moments))  # type: ignore[type-var]
    assert whole()
