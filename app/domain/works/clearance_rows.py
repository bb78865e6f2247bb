"""A household as a row of a table: its columns, and what stands in their cells, read and told apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from app.domain.cells import BadCell, Heads, Numbered, Value, read_day, read_text, text_of
from app.domain.works.areas import BadArea, parse_area, to_dm2
from app.errors import FieldError
from app.i18n import LANGUAGES, N_, translate
from app.money import BadAmount, parse_dong
from app.text import fold

# Columns by their key, in the order of the template; the label names them in files, on pages and in faults.
COLUMNS: Final[Mapping[str, str]] = {
    "code": N_("Mã hộ"),
    "head_name": N_("Chủ hộ"),
    "hamlet_code": N_("Thôn"),
    "parcels": N_("Thửa đất"),
    "area_dm2": N_("Diện tích (m²)"),
    "assets": N_("Tài sản trên đất"),
    "form": N_("Hình thức"),
    "compensation_due": N_("Bồi thường phải trả (đồng)"),
    "handed_over_on": N_("Ngày bàn giao"),
    "note": N_("Ghi chú"),
}
FORMS: Final = {"money": N_("Bồi thường bằng tiền"), "gift": N_("Hiến đất")}
_FORM_WORDS: Final = {
    "money": ("money", "boi thuong", "bang tien", "tien"),
    "gift": ("gift", "hien dat", "hien"),
}
TEXTS: Final = ("code", "head_name", "parcels", "assets", "note")
_LONGEST: Final = {"code": 40, "head_name": 120, "parcels": 300, "assets": 1000, "note": 1000}
_TOTALS: Final = re.compile(r"(cong|tong cong|total)\b")
NEEDED: Final = ("code", "head_name")


def table_rows(rows: Iterable[Numbered], heads: Heads) -> Iterator[Numbered]:
    """The rows that are households: not the row of sums, nor the notes behind it."""
    summed = False
    for number, cells in rows:
        code, name = (
            cells[at] if at < len(cells) else "" for at in (heads.places["code"], heads.places["head_name"])
        )
        sums = isinstance(code, str) and name == "" and _TOTALS.match(fold(code)) is not None
        summed = summed or sums
        if not sums and not (summed and "" in (code, name)):
            yield number, cells


def read_cells(
    row: Sequence[Value], heads: Heads, hamlets: Mapping[str, str]
) -> tuple[dict[str, Any], list[FieldError]]:
    """(what the row says by the names of NewHousehold, without blank cells; what is wrong, by column).

    `hamlets` gives a hamlet's code by its folded code or name.
    """
    values: dict[str, Any] = {}
    faults = []
    for key, place in heads.places.items():
        cell = row[place] if place < len(row) else ""
        if cell == "":
            continue
        try:
            values[key] = (
                _hamlet(cell, hamlets) if key == "hamlet_code" else _READERS.get(key, _text(key))(cell)
            )
        except BadCell as bad:
            faults.append(FieldError(key, bad.message, bad.facts))
    return values, faults


def _text(key: str) -> Callable[[Value], str]:
    return lambda value: read_text(value, _LONGEST[key])


def _area(value: Value) -> int:
    try:
        if isinstance(value, Decimal):
            return to_dm2(value)
        return parse_area(text_of(value))
    except BadArea:
        raise BadCell(N_("Không phải diện tích. Ghi số mét vuông, nhiều nhất hai chữ số lẻ: 125,5")) from None


def _due(value: Value) -> int:
    message = N_("Không phải số tiền. Ghi đủ số đồng nguyên, ví dụ 86.400.000")
    if isinstance(value, Decimal):
        if value != value.to_integral_value() or not 0 <= value < 10**15:
            raise BadCell(message)
        return int(value)
    try:
        return parse_dong(text_of(value))
    except BadAmount:
        raise BadCell(message) from None


def _form(value: Value) -> str:
    said = fold(text_of(value))
    for form, words in _FORM_WORDS.items():
        names = {fold(translate(lang, FORMS[form])) for lang in LANGUAGES}
        if said in words or said in names:
            return form
    raise BadCell(N_("Hình thức là “Bồi thường” hoặc “Hiến đất”."))


def _hamlet(value: Value, hamlets: Mapping[str, str]) -> str:
    said = text_of(value)
    code = hamlets.get(fold(said))
    if code is None:
        raise BadCell(N_("Không có thôn {name} trong đơn vị chủ đầu tư."), name=said[:80])
    return code


_READERS: Final[Mapping[str, Callable[[Value], Any]]] = {
    "area_dm2": _area, "compensation_due": _due, "form": _form, "handed_over_on": read_day,
}  # fmt: skip
