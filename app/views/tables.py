"""A report's table made ready for a page: every cell as text in the reader's language and unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.i18n import Message, format_date, say
from app.money import Unit, format_dong, format_number, in_unit, percent, places_for
from app.reports.svg import Bar
from app.reports.table import Cell, Column, Row, Table, Tag


@dataclass(frozen=True, slots=True)
class ShownCell:
    """`exact` is the amount in full where `text` rounds it."""

    column: Column
    text: str
    label: str
    href: str | None = None
    sub: str | None = None
    tag: Tag | None = None
    bar: Bar | None = None
    exact: str | None = None


@dataclass(frozen=True, slots=True)
class ShownRow:
    kind: str
    depth: int
    cells: list[ShownCell]


@dataclass(frozen=True, slots=True)
class ShownTable:
    title: str
    columns: list[tuple[Column, str]]
    rows: list[ShownRow]
    totals: ShownRow | None
    notes: list[str]
    unit: Unit
    has_money: bool
    sortable: bool = field(default=False)


def present(table: Table, unit: Unit, lang: str) -> ShownTable:
    """A column shows one decimal place where any of its amounts is not whole in the unit, else none."""
    columns = [(column, say(lang, column.label)) for column in table.columns]
    places = {
        column.key: places_for(
            [v for row in table.all_rows if isinstance(v := row.cell(column.key).value, int)], unit
        )
        for column in table.columns
        if column.kind == "money"
    }

    def shown(row: Row) -> ShownRow:
        cells = [_cell(row.cell(c.key), c, label, unit, places.get(c.key, 0), lang) for c, label in columns]
        return ShownRow(row.kind, min(row.depth, 3), cells)

    return ShownTable(
        title=say(lang, table.title),
        columns=columns,
        rows=[shown(row) for row in table.rows],
        totals=shown(table.totals) if table.totals else None,
        notes=[say(lang, note) for note in table.notes],
        unit=unit,
        has_money=table.has_money,
        sortable=any(column.sort for column in table.columns),
    )


def _cell(cell: Cell, column: Column, label: str, unit: Unit, places: int, lang: str) -> ShownCell:
    value = cell.value
    if isinstance(value, Bar):
        return ShownCell(column, "", label, cell.href, cell.sub, cell.tag, bar=value)
    if isinstance(value, Tag):
        return ShownCell(column, "", label, cell.href, cell.sub, tag=value)
    exact = None
    match value:
        case None:
            text = "–" if column.numeric else ""
        case int() if column.kind == "money":
            text = in_unit(value, unit, lang, places) if value else "–"
            if value % unit.size:
                exact = f"{format_dong(value, lang)} đ"
        case Decimal() if column.kind == "percent":
            text = percent(value, lang)
        case int() | Decimal():
            text = format_number(value, lang)
        case date():
            text = format_date(value, lang)
        case Message():
            text = say(lang, value)
        case _:
            text = str(value)
    return ShownCell(column, text, label, cell.href, cell.sub, cell.tag, exact=exact)
