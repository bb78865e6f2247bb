"""Budget lines, and one line's statement, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.domain.ledger.lines import LineView
from app.domain.ledger.pockets import Pockets
from app.domain.ledger.statement import StatementRow
from app.i18n import N_, Message
from app.money import rate
from app.reports.labels import CAPITAL_SHORT, ENTRY_KINDS
from app.reports.svg import Bar
from app.reports.table import Cell, Column, Row, Table, Tag

Filters = Sequence[tuple[str, str | Message]]


def bar_of(pockets: Pockets, year_gone: Decimal | None = None, at_risk: int = 0) -> Bar:
    """The money bar of a line or of many."""
    return Bar(
        pockets.settled, pockets.paid, pockets.advanced, pockets.available, year_gone=year_gone,
        at_risk=at_risk, gone=pockets.carried_out + pockets.lapsed,
    )  # fmt: skip


def _figures(pockets: Pockets) -> dict[str, int | Decimal | Bar | None]:
    return {
        "plan": pockets.plan,
        "disbursed": pockets.disbursed,
        "rate": rate(pockets.disbursed, pockets.plan),
        "available": pockets.available,
        "bar": bar_of(pockets),
    }


def lines_table(
    lines: Sequence[LineView],
    number: int,
    total: Pockets,
    *,
    sources: Mapping[str, str],
    filters: Filters,
    show_unit: bool,
    name: str,
) -> Table:
    """Lines with their money; `total` and `number` are of all that the filters leave, also beyond this page."""
    columns = [
        Column("name", N_("Dòng vốn"), width=60),
        *([Column("unit", N_("Đơn vị"))] if show_unit else []),
        Column("source", N_("Nguồn vốn"), width=26),
        Column("year", N_("Năm"), width=16),
        Column("plan", N_("Kế hoạch"), "money"),
        Column("disbursed", N_("Giải ngân"), "money"),
        Column("rate", N_("Tỷ lệ"), "percent"),
        Column("available", N_("Còn lại"), "money"),
        Column("bar", N_("Tiền theo phần"), "bar"),
    ]
    rows = [
        Row(
            {
                "name": Cell(line.title, f"/ledger/lines/{line.id}", _code(line)),
                "unit": line.unit_name,
                "source": Cell(sources.get(line.source, line.source)),
                "year": _year(line),
                **_figures(line.pockets),
            }
        )
        for line in lines
    ]
    everything = Message(N_("Cộng {n:number} dòng vốn"), {"n": number})
    return Table(
        title=N_("Dòng vốn"),
        columns=columns,
        rows=rows,
        totals=Row({"name": everything, **_figures(total)}, "sum") if number else None,
        filters=filters,
        name=name,
    )


def _code(line: LineView) -> str:
    parts = [line.project_code, line.work_code, line.note]
    return " · ".join(part for part in parts if part)


def _year(line: LineView) -> Cell:
    kind = Tag("plain", CAPITAL_SHORT[line.capital_kind])
    if line.origin_year == line.year:
        return Cell(str(line.year), tag=kind)
    return Cell(
        Message(N_("{year} (vốn {origin})"), {"year": line.year, "origin": line.origin_year}), tag=kind
    )


def statement_table(rows: Sequence[StatementRow], *, filters: Filters, name: str) -> Table:
    """A line's entries, latest first, with the money after each."""
    return Table(
        title=N_("Bút toán của dòng vốn"),
        columns=[
            Column("document", N_("Chứng từ"), width=30),
            Column("day", N_("Ngày"), "date"),
            Column("kind", N_("Loại"), width=26),
            Column("amount", N_("Số tiền"), "money"),
            Column("available", N_("Còn lại"), "money"),
            Column("disbursed", N_("Giải ngân"), "money"),
        ],
        rows=[
            Row(
                {
                    "document": Cell(row.document_number, f"/ledger/entries/{row.id}", row.memo or None),
                    "day": row.effective_date,
                    "kind": _kind(row.kind, row.base_kind),
                    "amount": row.amount,
                    "available": row.after.available,
                    "disbursed": row.after.disbursed,
                }
            )
            for row in rows
        ],
        filters=filters,
        name=name,
    )


def _kind(kind: str, base_kind: str) -> Cell:
    """A reversal is called by what it reverses."""
    if kind == base_kind:
        return Cell(Message(ENTRY_KINDS[kind]))
    return Cell(Message(ENTRY_KINDS[base_kind]), tag=Tag("risk", N_("đảo")))
