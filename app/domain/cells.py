"""Tables that people send: which row names the columns, and what stands in a cell."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.i18n import LANGUAGES, N_, format_date, translate
from app.text import fold, nfc

Value = str | Decimal | date
Numbered = tuple[int, Sequence[Value]]  # (number of the row in its file, cells)
_HEAD_WITHIN: Final = 40  # rows of titles that may stand above the columns' names
_DAY: Final = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})", re.ASCII)
_ISO_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


class BadCell(ValueError):
    """What stands in a cell is not what its column holds; `message` is a msgid with `facts`."""

    def __init__(self, message: str, **facts: int | str) -> None:
        super().__init__(message)
        self.message, self.facts = message, facts


@dataclass(frozen=True, slots=True)
class Heads:
    """Where each column stands, by key; `unused` names those that say nothing to us."""

    row: int  # in the rows that were given
    places: Mapping[str, int]
    unused: tuple[str, ...]


def find_heads(
    rows: Sequence[Sequence[Value]], columns: Mapping[str, str], needed: Collection[str]
) -> Heads | None:
    """The row that names the columns, in either language: the first among the uppermost that names all `needed`.

    `columns` are labels by key; what stands in brackets is no part of a name.
    """
    known = {_bare(translate(lang, label)): key for lang in LANGUAGES for key, label in columns.items()}
    for at, row in enumerate(rows[:_HEAD_WITHIN]):
        keys = [known.get(_bare(value)) if isinstance(value, str) else None for value in row]
        if set(needed) <= set(keys):
            places: dict[str, int] = {}
            unused = []
            for place, key in enumerate(keys):
                if key is not None and key not in places:
                    places[key] = place
                elif row[place] != "":
                    unused.append(text_of(row[place]))
            return Heads(at, places, tuple(unused))
    return None


def _bare(label: str) -> str:
    return fold(re.sub(r"\(.*?\)", "", label))


def text_of(value: Value) -> str:
    """A cell as one line of text."""
    if isinstance(value, date):
        return format_date(value)
    return one_line(value) if isinstance(value, str) else f"{value:f}"


def one_line(text: str) -> str:
    return " ".join(nfc(text).split())


def read_text(value: Value, longest: int) -> str:
    """A cell's text; BadCell for what does not show or is too long."""
    text = text_of(value)
    if not text.isprintable():
        raise BadCell(N_("Có ký tự lạ không hiện ra. Gõ lại ô này."))
    if len(text) > longest:
        raise BadCell(N_("Dài quá {longest:number} ký tự"), longest=longest)
    return text


def read_day(value: Value) -> date:
    """A cell's day: dd/mm/yyyy (or with dots, hyphens) or yyyy-mm-dd where it is text."""
    if isinstance(value, date):
        return value
    text = text_of(value)
    try:
        if match := _DAY.fullmatch(text):
            day, month, year = (int(part) for part in match.groups())
            return date(year, month, day)
        if match := _ISO_DAY.fullmatch(text):
            return date(*(int(part) for part in match.groups()))
    except ValueError:
        pass
    raise BadCell(N_("Không phải ngày. Ví dụ: 14/09/2023"))


def said_as(words: Mapping[Any, str], codes: Mapping[str, Any]) -> dict[str, Any]:
    """What may stand in a cell, folded, by what it means: the words in either language, or a code."""
    return {fold(translate(lang, word)): key for lang in LANGUAGES for key, word in words.items()} | dict(
        codes
    )
