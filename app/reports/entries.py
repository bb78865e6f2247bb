"""Entries of the ledger as a table, newest voucher first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.ledger.views import ListedEntry
from app.i18n import N_, Message
from app.reports.labels import CAPITAL_SHORT, ENTRY_KINDS, STATUSES
from app.reports.table import Cell, Column, Row, Table, Tag, TagKind

STATUS_KINDS: Mapping[str, TagKind] = {
    "posted": "done", "proposed": "risk", "rejected": "late", "cancelled": "plain",
}  # fmt: skip


def status_tag(status: str) -> Tag:
    return Tag(STATUS_KINDS[status], STATUSES[status])


def entries_table(
    entries: Sequence[ListedEntry],
    *,
    sources: Mapping[str, str],
    people: Mapping[str, str],
    filters: Sequence[tuple[str, str | Message]],
    name: str,
) -> Table:
    """Entries and proposals; each opens its own page, and names the line that it stands on."""
    return Table(
        title=N_("Sổ chi tiết"),
        columns=[
            Column("document", N_("Chứng từ"), width=30),
            Column("day", N_("Ngày"), "date"),
            Column("kind", N_("Loại"), width=26),
            Column("line", N_("Dòng vốn"), width=40),
            Column("amount", N_("Số tiền"), "money"),
            Column("status", N_("Trạng thái"), "tag"),
            Column("by", N_("Người lập"), width=26),
        ],
        rows=[_row(listed, sources, people) for listed in entries],
        filters=filters,
        name=name,
    )


def _row(listed: ListedEntry, sources: Mapping[str, str], people: Mapping[str, str]) -> Row:
    entry = listed.entry
    reversed_ = Tag("risk", N_("đã đảo")) if entry.reversed_by_id else None
    line = f"{listed.project_code} · {sources.get(listed.source, listed.source)} · {listed.year}"
    return Row(
        {
            "document": Cell(entry.document.number, f"/ledger/entries/{entry.id}", entry.memo or None),
            "day": entry.effective_date,
            "kind": Cell(Message(ENTRY_KINDS[entry.kind]), tag=reversed_),
            "line": Cell(line, f"/ledger/lines/{entry.budget_line_id}", tag=Tag("plain", CAPITAL_SHORT[listed.capital_kind])),
            "amount": -entry.amount if entry.kind == "reversal" else entry.amount,
            "status": status_tag(entry.status),
            "by": people.get(entry.recorded_by, entry.recorded_by),
        }
    )  # fmt: skip
