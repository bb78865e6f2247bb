"""A table as an Excel file: real numbers and dates, amounts in đồng in full, nothing that computes.

Written in constant memory; text is always written as text, so that no cell begins a formula.
"""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.clock import utcnow
from app.i18n import N_, Message, format_date, format_moment, say, translate
from app.reports.svg import Bar
from app.reports.table import Cell, Column, Kind, RowKind, Table, Tag

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS: dict[Kind, int] = {"text": 34, "money": 20, "number": 12, "percent": 10, "date": 12, "tag": 20}
_FORMATS: dict[Kind, str] = {"money": "#,##0", "number": "#,##0.###", "percent": "0.0%", "date": "dd/mm/yyyy"}


def write(table: Table, lang: str) -> bytes:
    """The file's content. Bars are left out: their figures stand in columns of their own."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": say(lang, table.title), "created": table.made_at or utcnow()})
    sheet = book.add_worksheet(_sheet_name(say(lang, table.title)))
    _fill(book, sheet, table, lang)
    book.close()
    return out.getvalue()


def _fill(book: Workbook, sheet: Worksheet, table: Table, lang: str) -> None:
    columns = [column for column in table.columns if column.kind != "bar"]
    styles = _Styles(book)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width or _WIDTHS[column.kind])
    line = _heading(sheet, table, lang, styles)
    for at, column in enumerate(columns):
        sheet.write_string(line, at, say(lang, column.label), styles.of(column.kind, "head"))
    first = line
    for row in table.rows:
        line += 1
        for at, column in enumerate(columns):
            style = styles.of(column.kind, row.kind, row.depth if at == 0 else 0)
            _write(sheet, line, at, row.cell(column.key), column, style, lang)
    if columns:
        sheet.freeze_panes(first + 1, 1)
        sheet.autofilter(first, 0, line, len(columns) - 1)
    if table.totals:
        line += 1
        for at, column in enumerate(columns):
            _write(
                sheet, line, at, table.totals.cell(column.key), column, styles.of(column.kind, "sum"), lang
            )
    for note in table.notes:
        line += 1
        sheet.write_string(line, 0, say(lang, note), styles.small)
    _paper(sheet, first)


def _heading(sheet: Worksheet, table: Table, lang: str, styles: _Styles) -> int:
    """Title, what was asked for, as of when, made when, in what unit; gives the line of the columns' names."""
    lines = [(say(lang, table.title), styles.title)]
    if table.subtitle:
        lines.append((say(lang, table.subtitle), styles.small))
    for label, value in table.filters:
        shown = format_date(value, lang) if isinstance(value, date) else say(lang, value)
        lines.append((f"{say(lang, label)}: {shown}", styles.small))
    if table.as_of:
        lines.append((translate(lang, N_("Tính đến {day:date}"), day=table.as_of), styles.small))
    made = format_moment(table.made_at or utcnow(), lang)
    lines.append((translate(lang, N_("Lập lúc {moment}"), moment=made), styles.small))
    if table.has_money:
        lines.append((translate(lang, N_("Đơn vị tính: đồng")), styles.small))
    for line, (text, style) in enumerate(lines):
        sheet.write_string(line, 0, text, style)
    return len(lines) + 1


def _write(
    sheet: Worksheet, line: int, at: int, cell: Cell, column: Column, style: Format, lang: str
) -> None:
    value = cell.value
    match value:
        case None | Bar():
            sheet.write_blank(line, at, None, style)
        case int() | Decimal():
            sheet.write_number(line, at, value, style)
        case date():
            sheet.write_datetime(line, at, value, style)
        case Tag():
            sheet.write_string(line, at, say(lang, value.text), style)
        case Message():
            sheet.write_string(line, at, say(lang, value), style)
        case _:
            text = f"{value} ({cell.sub})" if cell.sub and column.kind == "text" else str(value)
            sheet.write_string(line, at, text[:32_767], style)


class _Styles:
    """Formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[Kind, str, int], Format] = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.small = book.add_format({"font_color": "#55605f"})

    def of(self, kind: Kind, row: RowKind | str, depth: int = 0) -> Format:
        key = (kind, row, depth)
        if key not in self.made:
            self.made[key] = self.book.add_format(self._look(kind, row, depth))
        return self.made[key]

    def _look(self, kind: Kind, row: str, depth: int) -> dict[str, object]:
        look: dict[str, object] = {"valign": "top"}
        if kind in ("money", "number", "percent"):
            look["align"] = "right"
        if row == "head":
            return look | {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}
        if kind in _FORMATS:
            look["num_format"] = _FORMATS[kind]
        if kind in ("text", "tag"):
            look["text_wrap"] = True
        if depth:
            look["indent"] = depth
        if row in ("group", "sum"):
            look["bold"] = True
        if row == "sum":
            look["top"] = 1
        return look


def _paper(sheet: Worksheet, head: int) -> None:
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_footer("&R&P/&N")


def _sheet_name(title: str) -> str:
    """At most 31 characters, none of those that Excel refuses."""
    clean = "".join(" " if c in "[]:*?/\\'" else c for c in title)
    return " ".join(clean.split())[:31].strip() or "1"
