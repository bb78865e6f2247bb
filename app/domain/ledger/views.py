"""Reading entries and proposals: one by id, and as lists in a stable order."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import db
from app.db import Executor, UtcDateTime
from app.domain.access import Actor, in_scope, require, under
from app.domain.ledger.entries import Document, EntryView
from app.domain.programs import within
from app.domain.territory import resolve
from app.errors import NotFound
from app.models.ledger import BudgetLine, LedgerEntry, Proposal
from app.models.programs import Project
from app.text import fold

_SHARED: Final = (
    "id", "budget_line_id", "kind", "amount", "effective_date", "document_number", "document_date",
    "document_issuer", "memo", "contract_id", "no_contract_reason", "reverses_id", "to_budget_line_id",
    "from_pocket", "recorded_by", "group_id", "illustrative", "body_hash",
)  # fmt: skip
STATUSES: Final = ("posted", "proposed", "rejected", "cancelled")


def entry_view(row: Mapping[str, Any] | sa.RowMapping, status: str) -> EntryView:
    """A row of either table as people and clients see it."""
    shows_pocket = row["kind"] in ("refund", "carry_over")
    return EntryView(
        id=row["id"], budget_line_id=row["budget_line_id"], kind=row["kind"], amount=row["amount"],
        effective_date=row["effective_date"],
        document=Document(row["document_number"], row["document_date"], row["document_issuer"]),
        memo=row["memo"], contract_id=row["contract_id"], no_contract_reason=row["no_contract_reason"],
        reverses_id=row["reverses_id"], to_budget_line_id=row["to_budget_line_id"],
        from_pocket=row["from_pocket"] if shows_pocket else None, status=status,
        recorded_at=row.get("recorded_at"), recorded_by=row["recorded_by"], posted_by=row.get("posted_by"),
        reason=row.get("reason") or "", group_id=row["group_id"],
        reversed_by_id=row.get("reversed_by_id"), illustrative=row["illustrative"],
    )  # fmt: skip


_Reversal = aliased(LedgerEntry)
_LINE = (
    BudgetLine.unit_id,
    Project.code.label("project_code"),
    BudgetLine.source,
    BudgetLine.capital_kind,
    BudgetLine.year,
    BudgetLine.work_id,
)


def _posted() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            *(getattr(LedgerEntry, name) for name in _SHARED),
            sa.literal("posted").label("status"),
            LedgerEntry.recorded_at,
            LedgerEntry.posted_by,
            _Reversal.id.label("reversed_by_id"),
            LedgerEntry.recorded_at.label("changed_at"),
            *_LINE,
        )
        .join(BudgetLine, BudgetLine.id == LedgerEntry.budget_line_id)
        .join(Project, Project.id == BudgetLine.project_id)
        .outerjoin(_Reversal, _Reversal.reverses_id == LedgerEntry.id)
    )


def _waiting() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            *(getattr(Proposal, name) for name in _SHARED),
            Proposal.status,
            Proposal.reason,
            Proposal.changed_at,
            *_LINE,
        )
        .join(BudgetLine, BudgetLine.id == Proposal.budget_line_id)
        .join(Project, Project.id == BudgetLine.project_id)
        .where(Proposal.status != "posted")
    )


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What a list of entries is narrowed to; None leaves it open."""

    unit: str | None = None
    year: int | None = None
    budget_line_id: uuid.UUID | None = None
    kind: str | None = None
    status: str | None = None
    contract_id: uuid.UUID | None = None
    work_id: uuid.UUID | None = None
    project_code: str | None = None
    source: str | None = None
    reverses_id: uuid.UUID | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    updated_since: datetime | None = None
    document: str | None = None
    recorded_by: str | None = None
    group_id: uuid.UUID | None = None
    as_of: date | None = None
    program_code: str | None = None
    capital_kind: str | None = None


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """An entry in a list, with what names its line."""

    entry: EntryView
    changed_at: datetime
    unit_id: int
    project_code: str
    source: str
    capital_kind: str
    year: int
    work_id: uuid.UUID | None


_entry, _proposal = LedgerEntry.__table__, Proposal.__table__
_reversal = LedgerEntry.__table__.alias("reversal")
# Asked at every posting, so built once.
_STORED_POSTED: Final = (
    sa.select(
        *(_entry.c[name] for name in _SHARED), _entry.c.recorded_at, _entry.c.posted_by,
        _reversal.c.id.label("reversed_by_id"),
    )
    .outerjoin(_reversal, _reversal.c.reverses_id == _entry.c.id)
    .where(_entry.c.id.in_(sa.bindparam("ids", expanding=True)))
)  # fmt: skip
_STORED_WAITING: Final = sa.select(
    *(_proposal.c[name] for name in _SHARED), _proposal.c.status, _proposal.c.reason
).where(_proposal.c.id.in_(sa.bindparam("ids", expanding=True)))


def stored_views(session: Executor, ids: Sequence[uuid.UUID]) -> Iterator[tuple[EntryView, str]]:
    """What stands under these ids, posted or proposed, each with the hash of its creating body."""
    found = set()
    for row in session.execute(_STORED_POSTED, {"ids": list(ids)}).mappings():
        found.add(row["id"])
        yield entry_view(row, "posted"), row["body_hash"]
    rest = [i for i in ids if i not in found]
    if rest:
        for row in session.execute(_STORED_WAITING, {"ids": rest}).mappings():
            yield entry_view(row, row["status"]), row["body_hash"]


def get(actor: Actor, entry_id: uuid.UUID) -> EntryView:
    """One entry or proposal; NotFound outside the actor's scope."""
    return listed(actor, entry_id).entry


def listed(actor: Actor, entry_id: uuid.UUID) -> ListedEntry:
    rows = entries(actor, EntryFilter(), only=entry_id, limit=1)
    if not rows:
        raise NotFound()
    return rows[0]


def entries(
    actor: Actor,
    wanted: EntryFilter,
    *,
    only: uuid.UUID | None = None,
    after: tuple[datetime, uuid.UUID] | None = None,
    newest_first: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[ListedEntry]:
    """Entries and proposals in the order in which they changed last (`after`: the last one seen),
    or newest voucher first for people. A carry_over is listed for either of its lines."""
    require(actor, "read")
    found: list[ListedEntry] = []
    with db.transaction() as session:
        for table, query in _arms(session, actor, wanted):
            changed = _changed(table)
            narrowed = query
            if only is not None:
                narrowed = narrowed.where(table.id == only)
            if after is not None:
                last = sa.tuple_(sa.literal(after[0], UtcDateTime), after[1])
                narrowed = narrowed.where(sa.tuple_(changed, table.id) > last)
            order = (
                (table.effective_date.desc(), changed.desc(), table.id)
                if newest_first
                else (changed, table.id)
            )
            rows = session.execute(narrowed.order_by(*order).limit(offset + limit)).mappings()
            found += [_listed(row) for row in rows]
    # Each table gave its first rows in order, by an index of its own; here they become one list.
    if newest_first:
        found.sort(key=lambda e: (e.entry.effective_date, e.changed_at), reverse=True)
    else:
        found.sort(key=lambda e: (e.changed_at, e.entry.id.bytes))
    return found[offset : offset + limit]


def _changed(table: type[LedgerEntry] | type[Proposal]) -> Any:
    return LedgerEntry.recorded_at if table is LedgerEntry else Proposal.changed_at


def _listed(row: sa.RowMapping) -> ListedEntry:
    return ListedEntry(
        entry_view(row, row["status"]), row["changed_at"], row["unit_id"], row["project_code"], row["source"],
        row["capital_kind"], row["year"], row["work_id"],
    )  # fmt: skip


def count(actor: Actor, wanted: EntryFilter) -> tuple[int, int]:
    """(number of entries, sum of their amounts in đồng) under a filter."""
    require(actor, "read")
    number = amount = 0
    with db.transaction() as session:
        for _, query in _arms(session, actor, wanted):
            rows = query.order_by(None).subquery()
            total = sa.cast(sa.func.coalesce(sa.func.sum(rows.c.amount), 0), sa.BigInteger)
            more = session.execute(sa.select(sa.func.count(), total).select_from(rows)).one()
            number, amount = number + more[0], amount + more[1]
    return number, amount


def _arms(
    session: Session, actor: Actor, wanted: EntryFilter
) -> Iterator[tuple[type[LedgerEntry] | type[Proposal], sa.Select[*tuple[Any, ...]]]]:
    """The filtered query of each table that can hold an answer."""
    unit_id = None
    if wanted.unit is not None:
        unit_id = resolve(session, actor, wanted.unit, as_of=wanted.as_of, year=wanted.year).id
    if wanted.status in (None, "posted"):
        yield LedgerEntry, _posted().where(*_conditions(actor, LedgerEntry, wanted, unit_id))
    if wanted.status != "posted":
        query = _waiting().where(*_conditions(actor, Proposal, wanted, unit_id))
        yield Proposal, query if wanted.status is None else query.where(Proposal.status == wanted.status)


def _conditions(
    actor: Actor, row: type[LedgerEntry] | type[Proposal], wanted: EntryFilter, unit_id: int | None
) -> Iterator[sa.ColumnElement[bool]]:
    yield in_scope(actor, BudgetLine.unit_id)
    if unit_id is not None:
        yield under(unit_id, BudgetLine.unit_id)
    if wanted.budget_line_id is not None:
        line = wanted.budget_line_id
        yield sa.or_(row.budget_line_id == line, row.to_budget_line_id == line)
    if wanted.project_code is not None:
        yield within(wanted.project_code)
    if wanted.program_code is not None:
        yield within(wanted.program_code)
    if wanted.document:
        start = fold(wanted.document)
        yield row.document_search >= start
        yield row.document_search < start + "\U0010ffff"  # a range, so that an index serves it
    same = {
        "year": BudgetLine.year, "source": BudgetLine.source, "work_id": BudgetLine.work_id, "kind": row.kind,
        "contract_id": row.contract_id, "reverses_id": row.reverses_id, "recorded_by": row.recorded_by,
        "group_id": row.group_id, "capital_kind": BudgetLine.capital_kind,
    }  # fmt: skip
    for name, column in same.items():
        if getattr(wanted, name) is not None:
            yield column == getattr(wanted, name)
    if wanted.effective_from is not None:
        yield row.effective_date >= wanted.effective_from
    if wanted.effective_to is not None:
        yield row.effective_date <= wanted.effective_to
    if wanted.updated_since is not None:
        yield _changed(row) >= wanted.updated_since
