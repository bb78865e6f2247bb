"""A household as a row of a table: its columns, and what stands in their cells, read and told apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.domain.cells import BadCell, Heads, Numbered, Value, read_day, read_text, said_as, text_of
from app.domain.households.views import MemberView
from app.errors import FieldError
from app.i18n import N_
from app.text import fold

STATUS_NAMES: Final[Mapping[str, str]] = {
    "poor": N_("hộ nghèo"),
    "near_poor": N_("hộ cận nghèo"),
    "escaped": N_("hộ mới thoát nghèo"),
    "other": N_("hộ khác"),
}
# Columns by their key, in the order of the template; the label names them in files, on pages and in faults.
COLUMNS: Final[Mapping[str, str]] = {
    "code": N_("Mã hộ"),
    "head_name": N_("Chủ hộ"),
    "birth_year": N_("Năm sinh"),
    "ethnicity": N_("Dân tộc"),
    "hamlet_code": N_("Thôn"),
    "members": N_("Thành viên"),
    "identity_number": N_("Số giấy tờ"),
    "phone": N_("Điện thoại"),
    "year": N_("Năm"),
    "status": N_("Diện"),
    "decision_number": N_("Số quyết định"),
    "decision_date": N_("Ngày quyết định"),
    "decision_issuer": N_("Nơi ban hành"),
    "joined_on": N_("Ngày đến"),
    "note": N_("Ghi chú"),
}
NEEDED: Final = ("head_name", "hamlet_code")
OF_STATUS: Final = ("year", "status", "decision_number", "decision_date", "decision_issuer")
LONGEST: Final = {
    "code": 40, "head_name": 120, "ethnicity": 60, "decision_number": 120, "decision_issuer": 200, "note": 1000,
}  # fmt: skip
_MEMBER: Final = re.compile(r"([^()]+?)\s*(?:\(([^()]*)\))?")
_SHORT: Final = {
    "ngheo": "poor",
    "can ngheo": "near_poor",
    "thoat ngheo": "escaped",
    "moi thoat ngheo": "escaped",
    "khac": "other",
}
_STATUSES: Final = said_as(STATUS_NAMES, {s: s for s in STATUS_NAMES} | _SHORT)
_SEPARATORS: Final = str.maketrans("", "", " .-")


def table_rows(rows: Iterable[Numbered], heads: Heads) -> Iterator[Numbered]:
    """The rows that say something in a column that is ours; sums and notes below the households do not name a head."""
    for number, cells in rows:
        if any(_cell(cells, heads, key) != "" for key in ("head_name", "hamlet_code")):
            yield number, cells


def _cell(cells: Sequence[Value], heads: Heads, key: str) -> Value:
    place = heads.places.get(key)
    return cells[place] if place is not None and place < len(cells) else ""


def read_cells(
    cells: Sequence[Value], heads: Heads, hamlets: Mapping[str, str]
) -> tuple[dict[str, Any], list[FieldError]]:
    """(what the row says by the keys of COLUMNS, without blank cells; what is wrong, by column).

    `hamlets` gives a hamlet's code by its folded code or name.
    """
    values: dict[str, Any] = {}
    faults = []
    for key in heads.places:
        cell = _cell(cells, heads, key)
        if cell == "":
            continue
        try:
            values[key] = _hamlet(cell, hamlets) if key == "hamlet_code" else _READERS[key](cell)
        except BadCell as bad:
            faults.append(FieldError(key, bad.message, bad.facts))
    return values, faults


def _text(key: str) -> Callable[[Value], str]:
    return lambda value: read_text(value, LONGEST[key])


def _code(value: Value) -> str:
    if isinstance(value, date):
        raise BadCell(N_("Excel đã đổi mã thành ngày. Định dạng ô là Text rồi gõ lại."))
    if isinstance(value, Decimal):
        raise BadCell(N_("Excel đã đổi mã thành số. Định dạng ô là Text rồi gõ lại."))
    return read_text(value, LONGEST["code"])


def _year(value: Value) -> int:
    """A year, or the year of a day that stands instead."""
    if isinstance(value, date):
        return value.year
    text = text_of(value)
    if not (text.isascii() and text.isdecimal() and len(text) == 4):
        raise BadCell(N_("Không phải năm. Ví dụ: 2023"))
    return int(text)


def _status(value: Value) -> str:
    said = fold(text_of(value))
    if said not in _STATUSES:
        raise BadCell(N_("Diện là “hộ nghèo”, “hộ cận nghèo”, “hộ mới thoát nghèo” hoặc “hộ khác”."))
    found: str = _STATUSES[said]
    return found


def _digits(value: Value) -> str:
    """Digits of a number that people group; what Excel took for a number has lost its first noughts."""
    if isinstance(value, Decimal):
        raise BadCell(N_("Excel đã đổi thành số, có thể mất số 0 ở đầu. Định dạng ô là Text rồi gõ lại."))
    return text_of(value).translate(_SEPARATORS)


def members_in(value: Value) -> tuple[MemberView, ...]:
    """`Hồ Thị Lan (1985, vợ); Hồ Văn Tâm (2010, con)`: what stands in brackets may be left out."""
    return tuple(_member(part) for part in text_of(value).split(";") if part.strip())


def _member(text: str) -> MemberView:
    match = _MEMBER.fullmatch(text.strip())
    if match is None or len(match[1]) > 120:
        raise BadCell(N_("Thành viên ghi như: Hồ Thị Lan (1985, vợ); Hồ Văn Tâm (2010, con)"))
    year, relation = None, []
    for part in (match[2] or "").split(","):
        word = part.strip()
        if word.isascii() and word.isdecimal() and len(word) == 4:
            year = int(word)
        elif word:
            relation.append(word)
    return MemberView(match[1], year, ", ".join(relation)[:60])


def said_members(members: Sequence[MemberView]) -> str:
    """Members as `members_in` reads them."""
    return "; ".join(_said(member) for member in members)


def _said(member: MemberView) -> str:
    about = ", ".join(part for part in (str(member.birth_year or ""), member.relation) if part)
    return f"{member.name} ({about})" if about else member.name


def _hamlet(value: Value, hamlets: Mapping[str, str]) -> str:
    said = text_of(value)
    code = hamlets.get(fold(said))
    if code is None:
        raise BadCell(N_("Không có thôn {name} trong xã."), name=said[:80])
    return code


_READERS: Final[Mapping[str, Callable[[Value], Any]]] = {
    **{key: _text(key) for key in LONGEST}, "code": _code, "birth_year": _year, "members": members_in,
    "identity_number": _digits, "phone": _digits, "year": _year, "status": _status, "decision_date": read_day,
    "joined_on": read_day,
}  # fmt: skip
