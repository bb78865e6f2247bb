"""Looking at the whole book from outside the domain: what stands in it, what a refusal names, and the clock."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock, db
from app.domain.ledger.pockets import FIELDS, Pockets
from app.domain.ledger.verify import verify
from app.errors import Fault, RuleBroken
from app.models.base import Base
from app.models.ledger import Balance, DailyBalance

BOOK = (
    "budget_lines", "balances", "daily_balances", "ledger_entries", "chain_links", "chain_heads", "proposals",
    "contracts", "contract_amendments", "contract_balances", "acceptances", "payment_dossiers",
    "work_settlements", "works", "work_balances", "closed_periods",
    "deadline_extensions", "site_clearances", "clearance_households", "clearance_payments", "audit_rows",
)  # fmt: skip


def state(*tables: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the book's tables, in a stable order."""
    with db.snapshot() as session:
        return {
            name: sorted(
                (tuple(row) for row in session.execute(sa.select(Base.metadata.tables[name]))), key=str
            )
            for name in tables or BOOK
        }


@contextmanager
def refused(rule: str, **facts: object) -> Iterator[None]:
    """The block is refused by a rule, with these figures, and leaves nothing behind."""
    before = state()
    with pytest.raises(RuleBroken) as caught:
        yield
    found = {"rule": caught.value.rule} | {name: caught.value.facts.get(name) for name in facts}
    assert found == {"rule": rule, **facts}
    assert state() == before


@contextmanager
def fails(
    kind: type[Fault], field: str | None = None, *, of: Sequence[str] = (), **facts: Any
) -> Iterator[None]:
    """The block raises a fault of exactly this kind, with this field, rule or figures, and leaves nothing behind: in the
    tables `of` what it is about, else in the ledger's."""
    before = state(*of)
    with pytest.raises(kind) as caught:
        yield
    assert type(caught.value) is kind
    if field is not None:
        assert [e.field for e in caught.value.errors] == [field]
    found = {"rule": getattr(caught.value, "rule", None)} | caught.value.facts
    assert {name: found[name] for name in facts} == facts
    assert state(*of) == before


def pockets(line_id: uuid.UUID) -> Pockets:
    """A line's balance row."""
    with db.snapshot() as session:
        columns = (getattr(Balance, name) for name in FIELDS)
        return Pockets(*session.execute(sa.select(*columns).where(Balance.budget_line_id == line_id)).one())


def days(line_id: uuid.UUID) -> dict[date, Pockets]:
    """A line's pockets at the end of each day that has entries."""
    with db.snapshot() as session:
        query = sa.select(DailyBalance.day, *(getattr(DailyBalance, f) for f in FIELDS))
        rows = session.execute(query.where(DailyBalance.budget_line_id == line_id))
        return {row[0]: Pockets(*row[1:]) for row in rows}


def whole() -> bool:
    """Whether `verify` finds no fault; its finding stands in the failure otherwise."""
    fault = verify()
    assert fault is None, str(fault)
    return True


def execute(statement: str, **values: object) -> int:
    """One raw statement in a transaction of its own, past every rule of the domain; how many rows it met."""
    with db.transaction(write=True) as session:
        done = session.execute(sa.text(statement), values)
        return int(done.rowcount) if done.rowcount is not None else 0  # type: ignore[attr-defined]  # a CursorResult


def freeze(monkeypatch: pytest.MonkeyPatch, moment: datetime | date) -> None:
    """Every module's `today()` (and, for a moment, `utcnow()`) stands still. The database's clock goes on."""
    if isinstance(moment, datetime):
        _replace(monkeypatch, "utcnow", lambda: moment)
        day = moment.astimezone(clock.VIETNAM).date()
    else:
        day = moment
    _replace(monkeypatch, "today", lambda: day)


def _replace(monkeypatch: pytest.MonkeyPatch, name: str, fake: object) -> None:
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith("app.") and callable(getattr(module, name, None)):
            monkeypatch.setattr(module, name, fake)
