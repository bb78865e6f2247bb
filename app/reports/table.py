"""A table of a report, built once and shown as a page, an Excel file or CSV.

Labels, titles and notes are message ids (or `Message` with facts) and are translated where they are shown;
what stands in the rows is data and is shown as it is. Money is whole đồng everywhere in a table: the unit in
which a page shows it is the page's choice, and files always carry đồng in full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from app.i18n import Message
from app.reports.svg import Bar

Kind = Literal["text", "money", "number", "percent", "date", "bar", "tag"]
TagKind = Literal["", "late", "risk", "done", "plain"]
RowKind = Literal["row", "group", "sum"]
Text = str | Message


@dataclass(frozen=True, slots=True)
class Tag:
    """A state in words, with the shape and colour of its kind."""

    kind: TagKind
    text: Text


Value = str | int | Decimal | date | Bar | Tag | Message | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with what belongs to it: what it is made of (`href`), a code below it, a state beside it."""

    value: Value
    href: str | None = None
    sub: str | None = None
    tag: Tag | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """`percent` cells are ratios (1 = all). `sort` puts a link that orders by `key` into the header.

    `width` is in characters of a spreadsheet; without it the kind decides.
    """

    key: str
    label: Text
    kind: Kind = "text"
    sort: bool = False
    width: int | None = None

    @property
    def numeric(self) -> bool:
        return self.kind in ("money", "number", "percent")

    @property
    def prose(self) -> bool:
        """Text of a sentence or more: on a phone it takes a line of its own."""
        return self.kind == "text" and (self.width or 0) >= 40


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` by column key; a missing key is an empty cell. `depth` indents the first one."""

    cells: Mapping[str, Value | Cell]
    kind: RowKind = "row"
    depth: int = 0

    def cell(self, key: str) -> Cell:
        value = self.cells.get(key)
        return value if isinstance(value, Cell) else Cell(value)


@dataclass(frozen=True, slots=True)
class Table:
    """`filters` name what was asked for (unit, year …) and are printed on every form of the table."""

    title: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    totals: Row | None = None
    subtitle: Text = ""
    filters: Sequence[tuple[Text, Text | date]] = ()
    notes: Sequence[Text] = ()
    as_of: date | None = None
    made_at: datetime | None = None
    name: str = field(default="bang")
    """File name of a download, without its ending: letters, digits, hyphens."""

    @property
    def all_rows(self) -> list[Row]:
        return [*self.rows, *([self.totals] if self.totals else [])]

    @property
    def has_money(self) -> bool:
        return any(column.kind == "money" for column in self.columns)
