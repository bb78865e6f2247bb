"""A table as CSV: UTF-8 with a byte order mark, so that Excel reads the diacritics; amounts in đồng, dates ISO."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from app.i18n import Message, say
from app.reports.svg import Bar
from app.reports.table import Cell, Table, Tag

MEDIA_TYPE = "text/csv; charset=utf-8"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write(table: Table, lang: str) -> Iterator[bytes]:
    """The file in pieces, a row each. Bars are left out: their figures stand in columns of their own."""
    columns = [column for column in table.columns if column.kind != "bar"]
    yield "\ufeff".encode()
    yield _line([say(lang, column.label) for column in columns])
    for row in table.all_rows:
        yield _line([_plain(row.cell(column.key), lang) for column in columns])


def safe(text: str) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return (
        f"'{text}" if text.lstrip(" \u00a0\ufeff").startswith(_FORMULA) or text.startswith(_FORMULA) else text
    )


def _line(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()


def _plain(cell: Cell, lang: str) -> str:
    match cell.value:
        case None | Bar():
            return ""
        case int() | Decimal():
            return str(cell.value)
        case datetime() | date():
            return cell.value.isoformat()
        case Tag():
            return safe(say(lang, cell.value.text))
        case Message():
            return safe(say(lang, cell.value))
    return safe(f"{cell.value} ({cell.sub})" if cell.sub else str(cell.value))
