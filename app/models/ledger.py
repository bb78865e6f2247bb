"""The book: budget lines, their pockets now and at the end of every day, entries, proposals, chains, periods."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import MAX_DONG, Base, ClientMade, Dong, Editable, Folded, Id, Moment, OfficialDocument
from app.models.programs import CAPITAL_KINDS

KINDS = ("allocate", "withdraw", "carry_over", "lapse", "advance", "recover", "pay", "refund", "settle")
_IN_KINDS = ", ".join(f"'{k}'" for k in KINDS)


def _key_index(name: str, *extra: str, where: str) -> sa.Index:
    columns = ("unit_id", "project_id", "source", "capital_kind", "year", "origin_year", *extra)
    clause = sa.text(where)
    return sa.Index(name, *columns, unique=True, sqlite_where=clause, postgresql_where=clause)


class BudgetLine(ClientMade, Editable, Base):
    """(unit, project, source, capital kind, year, origin year, work or model) is one line."""

    __tablename__ = "budget_lines"
    __table_args__ = (
        sa.CheckConstraint(
            "capital_kind IN (" + ", ".join(f"'{k}'" for k in CAPITAL_KINDS) + ")", name="kind"
        ),
        sa.CheckConstraint("origin_year <= year", name="origin_year"),
        sa.CheckConstraint("work_id IS NULL OR support_model_id IS NULL", name="one_purpose"),
        _key_index("uq_budget_lines_general", where="work_id IS NULL AND support_model_id IS NULL"),
        _key_index("uq_budget_lines_work", "work_id", where="work_id IS NOT NULL"),
        _key_index("uq_budget_lines_model", "support_model_id", where="support_model_id IS NOT NULL"),
        sa.Index("ix_budget_lines_year_unit", "year", "unit_id"),
        sa.Index("ix_budget_lines_updated", "updated_at", "id"),
    )

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"), index=True)
    source: Mapped[str] = mapped_column(sa.ForeignKey("funding_sources.code"))
    capital_kind: Mapped[str] = mapped_column(sa.String(10))
    year: Mapped[int]
    origin_year: Mapped[int]
    work_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("works.id"), index=True)
    support_model_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, index=True)
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)


class Pockets:
    """The four pockets and the four sums beside them, in đồng; the database keeps them whole."""

    available: Mapped[Dong] = mapped_column(default=0)
    advanced: Mapped[Dong] = mapped_column(default=0)
    paid: Mapped[Dong] = mapped_column(default=0)
    settled: Mapped[Dong] = mapped_column(default=0)
    allocated: Mapped[Dong] = mapped_column(default=0)  # net of what was withdrawn
    carried_in: Mapped[Dong] = mapped_column(default=0)
    carried_out: Mapped[Dong] = mapped_column(default=0)
    lapsed: Mapped[Dong] = mapped_column(default=0)


POCKET_COLUMNS = (
    "available", "advanced", "paid", "settled", "allocated", "carried_in", "carried_out", "lapsed",
)  # fmt: skip


def _pocket_checks() -> tuple[sa.CheckConstraint, ...]:
    never_negative = ("available", "advanced", "paid", "settled", "carried_in", "carried_out", "lapsed")
    return (
        *(sa.CheckConstraint(f"{pocket} >= 0", name=pocket) for pocket in never_negative),
        sa.CheckConstraint(
            "allocated + carried_in = available + advanced + paid + settled + carried_out + lapsed",
            name="plan",
        ),
        sa.CheckConstraint(f"allocated + carried_in <= {MAX_DONG}", name="size"),
    )


class Balance(Pockets, Base):
    """A line's pockets now. Locked and updated in the transaction that inserts an entry."""

    __tablename__ = "balances"
    __table_args__ = _pocket_checks()

    budget_line_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("budget_lines.id"), primary_key=True)
    last_day: Mapped[date | None]  # of its latest entry, by effective date


class DailyBalance(Pockets, Base):
    """A line's pockets at the end of a day that has entries. The same checks hold for each such day.

    An entry dated in the past changes its day and every later one, so that the database refuses what
    would have left a pocket below zero on any of them.
    """

    __tablename__ = "daily_balances"
    __table_args__ = _pocket_checks()

    budget_line_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("budget_lines.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class EntryBody(OfficialDocument):
    """What an entry says, proposed or posted."""

    kind: Mapped[str] = mapped_column(sa.String(12))
    base_kind: Mapped[str] = mapped_column(sa.String(12))  # of a reversal: the kind that it reverses
    sign: Mapped[int] = mapped_column(sa.SmallInteger, default=1)  # -1 for a reversal
    amount: Mapped[Dong]
    from_pocket: Mapped[str | None] = mapped_column(sa.String(10))
    effective_date: Mapped[date]
    memo: Mapped[str] = mapped_column(sa.String(1000), default="")
    no_contract_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    recorded_by: Mapped[str] = mapped_column(sa.String(80))  # the maker
    body_hash: Mapped[str] = mapped_column(sa.String(64))
    group_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid)  # recorded together, all or none
    illustrative: Mapped[bool] = mapped_column(default=False)
    document_search: Mapped[Folded]


class LedgerEntry(EntryBody, Base):
    """One amount moved between two pockets on a document. Append-only."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint(f"base_kind IN ({_IN_KINDS})", name="base_kind"),
        sa.CheckConstraint(
            "(kind = 'reversal' AND sign = -1 AND reverses_id IS NOT NULL)"
            " OR (kind = base_kind AND sign = 1 AND reverses_id IS NULL)",
            name="reversal",
        ),
        sa.CheckConstraint("(base_kind = 'carry_over') = (to_budget_line_id IS NOT NULL)", name="carry_over"),
        sa.Index("ix_ledger_entries_line_day", "budget_line_id", "effective_date"),
        sa.Index("ix_ledger_entries_recorded", "recorded_at", "id"),
    )

    id: Mapped[Id]
    budget_line_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("budget_lines.id"))
    to_budget_line_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("budget_lines.id"), index=True)
    contract_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("contracts.id"), index=True)
    reverses_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("ledger_entries.id"), unique=True)
    recorded_at: Mapped[Moment]
    posted_by: Mapped[str] = mapped_column(sa.String(80))


sa.Index("ix_ledger_entries_document", LedgerEntry.document_search)


class Proposal(EntryBody, Base):
    """An entry proposed by one person and waiting for another; outside balances and chain."""

    __tablename__ = "proposals"
    __table_args__ = (
        sa.CheckConstraint("status IN ('proposed', 'posted', 'rejected', 'cancelled')", name="status"),
        sa.Index("ix_proposals_line_status", "budget_line_id", "status"),
        sa.Index("ix_proposals_changed", "changed_at", "id"),
        sa.Index("ix_proposals_group_id", "group_id"),
    )

    id: Mapped[Id]
    budget_line_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("budget_lines.id"))
    to_budget_line_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("budget_lines.id"))
    contract_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("contracts.id"))
    reverses_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("ledger_entries.id"))
    status: Mapped[str] = mapped_column(sa.String(9), default="proposed")
    position: Mapped[int] = mapped_column(default=0)  # its place among those recorded together
    proposed_at: Mapped[Moment]
    changed_at: Mapped[Moment]
    decided_by: Mapped[str | None] = mapped_column(sa.String(80))
    reason: Mapped[str] = mapped_column(sa.String(500), default="")


class ChainLink(Base):
    """An entry's place in its unit's hash chain. Append-only."""

    __tablename__ = "chain_links"
    __table_args__ = (sa.UniqueConstraint("entry_id", "unit_id"),)

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("ledger_entries.id"))
    hash: Mapped[str] = mapped_column(sa.String(64))


class ChainHead(Base):
    """Count and last hash, so that a cut tail is found; its lock makes `recorded_at` grow in a unit."""

    __tablename__ = "chain_heads"

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    last_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    last_recorded_at: Mapped[Moment | None]


class ClosedPeriod(Base):
    """A month (or, with month 0, a year) in which a unit's book takes no more entries."""

    __tablename__ = "closed_periods"
    __table_args__ = (
        sa.CheckConstraint("month BETWEEN 0 AND 12", name="month"),
        sa.Index("ix_closed_periods_unit_year", "unit_id", "year"),
    )

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    year: Mapped[int]
    month: Mapped[int]
    closed_at: Mapped[Moment]
    closed_by: Mapped[str] = mapped_column(sa.String(80))
    opened_at: Mapped[Moment | None]
    opened_by: Mapped[str | None] = mapped_column(sa.String(80))
    reason: Mapped[str] = mapped_column(sa.String(500), default="")


class DeadlineExtension(OfficialDocument, Base):
    """A later last day for lines of a unit and those below it, by a document; null means any."""

    __tablename__ = "deadline_extensions"

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(sa.ForeignKey("projects.id"))
    source: Mapped[str | None] = mapped_column(sa.ForeignKey("funding_sources.code"))
    capital_kind: Mapped[str] = mapped_column(sa.String(10))
    year: Mapped[int]
    last_day: Mapped[date]
    body_hash: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[Moment]
    created_by: Mapped[str] = mapped_column(sa.String(80))
