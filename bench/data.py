"""Data to measure on: lines and entries in bulk, consistent but for the hash chain, which no figure here reads."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from app import db
from app.models.base import Base
from app.models.ledger import Balance, BudgetLine, DailyBalance, LedgerEntry
from app.models.programs import Project
from app.models.territory import Unit, UnitScope

YEAR: Final = 2023
MILLION: Final = 1_000_000
_START: Final = date(YEAR, 1, 5)
_NOW: Final = datetime(2024, 1, 1, tzinfo=UTC)
_CHUNK: Final = 20_000
_SOURCES: Final = ("central", "provincial", "district", "commune", "people")


def communes(below: str, limit: int | None = None) -> list[int]:
    """Ids of the legacy communes below a legacy unit."""
    top, unit = sa.orm.aliased(Unit), sa.orm.aliased(Unit)
    query = (
        sa.select(unit.id)
        .join(UnitScope, UnitScope.unit_id == unit.id)
        .join(top, top.id == UnitScope.ancestor_id)
        .where(
            top.structure == "legacy", top.code == below, unit.level == "commune", unit.structure == "legacy"
        )
        .order_by(unit.id)
        .limit(limit)
    )
    with db.transaction() as session:
        return list(session.execute(query).scalars())


def fill(unit_ids: list[int], lines: int, entries: int) -> None:
    """`lines` lines for each unit, each with one allocation and `entries` - 1 payments on days of their own."""
    with db.transaction() as session:
        parent = sa.orm.aliased(Project)
        leaves = sa.select(Project.id).where(~sa.exists().where(parent.parent_id == Project.id))
        projects = list(session.execute(leaves.order_by(Project.position)).scalars())
    keys = [(p, s, k) for k in ("investment", "recurrent") for s in _SOURCES for p in projects][:lines]
    rows: dict[type[Base], list[dict[str, Any]]] = {
        t: [] for t in (BudgetLine, Balance, DailyBalance, LedgerEntry)
    }
    for unit_id in unit_ids:
        for project_id, source, kind in keys:
            line_id = uuid.uuid4()
            rows[BudgetLine].append(
                {
                    "id": line_id, "unit_id": unit_id, "project_id": project_id, "source": source,
                    "capital_kind": kind, "year": YEAR, "origin_year": YEAR, "body_hash": "", "version": 1,
                    "created_at": _NOW, "updated_at": _NOW, "created_by": "bench", "note": "", "illustrative": True,
                }
            )  # fmt: skip
            for table, row in _book(line_id, entries):
                rows[table].append(row)
        if len(rows[LedgerEntry]) >= _CHUNK:
            _flush(rows)
    _flush(rows)


def _flush(rows: dict[type[Base], list[dict[str, Any]]]) -> None:
    with db.transaction(write=True) as session:
        for table, values in rows.items():
            if values:
                session.execute(sa.insert(table), values)
            values.clear()


def _book(line_id: uuid.UUID, entries: int) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    given = entries * MILLION * 2
    pockets = {"available": 0, "advanced": 0, "paid": 0, "settled": 0, "allocated": given, "carried_in": 0,
               "carried_out": 0, "lapsed": 0}  # fmt: skip
    day = _START
    for i in range(entries):
        allocating = i == 0
        amount = given if allocating else MILLION
        day = _START + timedelta(days=i * 330 // max(entries, 1))
        pockets["available"] = given - i * MILLION
        pockets["paid"] = i * MILLION
        yield LedgerEntry, {
            "id": uuid.uuid4(), "budget_line_id": line_id, "kind": "allocate" if allocating else "pay",
            "base_kind": "allocate" if allocating else "pay", "sign": 1, "amount": amount,
            "from_pocket": None if allocating else "available", "effective_date": day,
            "document_number": f"{i:04d}/UNC", "document_date": day, "document_issuer": "Kho bạc",
            "document_search": f"{i:04d}/unc", "memo": "", "no_contract_reason": "", "recorded_by": "bench",
            "posted_by": "bench", "recorded_at": _NOW, "body_hash": "", "illustrative": True,
        }  # fmt: skip
        yield DailyBalance, {"budget_line_id": line_id, "day": day, **pockets}
    yield Balance, {"budget_line_id": line_id, "last_day": day, **pockets}


def analyse() -> None:
    """Let the planner know what stands there."""
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
