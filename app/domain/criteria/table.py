"""A set of criteria from a table: one row an indicator, with the criterion it belongs to; faults by row and column."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.domain import held
from app.domain.access import Actor
from app.domain.cells import BadCell, Heads, Numbered, Value, find_heads, read_text, said_as, text_of
from app.domain.criteria.defining import require_defining
from app.domain.criteria.proposed import NewCriterion, NewIndicator, criteria_faults
from app.domain.criteria.views import KINDS
from app.errors import FieldError, Invalid
from app.i18n import N_
from app.money import BadFigure, parse_figure
from app.text import fold

# Columns by their key, in the order of the template; the label names them in files, on pages and in faults.
COLUMNS: Final[Mapping[str, str]] = {
    "number": N_("Số tiêu chí"),
    "criterion": N_("Tên tiêu chí"),
    "criterion_en": N_("Tên tiêu chí bằng tiếng Anh"),
    "group": N_("Nhóm tiêu chí"),
    "code": N_("Mã chỉ tiêu"),
    "name": N_("Nội dung chỉ tiêu"),
    "kind": N_("Loại chỉ tiêu"),
    "unit": N_("Đơn vị tính"),
    "threshold": N_("Ngưỡng"),
    "source": N_("Căn cứ"),
    "certainty": N_("Độ chắc chắn"),
    "evidence": N_("Cần minh chứng"),
}
NEEDED: Final = ("code", "name", "kind")
CERTAINTY: Final = {"sure": N_("đã xác nhận"), "confirm": N_("chờ xác nhận")}
EVIDENCE: Final = {True: N_("có"), False: N_("không")}
_LONGEST: Final = {
    "criterion": 300, "criterion_en": 300, "group": 200, "code": 12, "name": 600, "unit": 60, "source": 500,
}  # fmt: skip
# Where a fault of a criterion stands in its first row; those of an indicator stand under their own names.
_OF_CRITERION: Final = {"name": "criterion", "name_en": "criterion_en", "indicators": "number"}
_HELD: Final = "criteria-set"

RowFault = tuple[
    int, FieldError
]  # (number of the row in its file, what is wrong in the column that `field` names)


@dataclass(frozen=True, slots=True)
class SetTable:
    """What a table says. `unused` are columns that say nothing to us; with `faults` it can not be added."""

    criteria: tuple[NewCriterion, ...]
    faults: tuple[RowFault, ...]
    unused: tuple[str, ...]

    @property
    def indicators(self) -> list[NewIndicator]:
        return [one for criterion in self.criteria for one in criterion.indicators]


def keep(actor: Actor, content: bytes) -> uuid.UUID:
    """Keep what was sent until it is confirmed; the id by which its sender finds it again."""
    require_defining(actor)
    return held.hold(actor, _HELD, content)


def kept(actor: Actor, file_id: uuid.UUID) -> bytes:
    """What was kept. NotFound for anybody else, and after a day."""
    require_defining(actor)
    return held.held(actor, _HELD, file_id)


def let_go(actor: Actor, file_id: uuid.UUID) -> None:
    """Drop what was kept."""
    require_defining(actor)
    held.let_go(actor, _HELD, file_id)


def read_table(rows: Sequence[Numbered]) -> SetTable:
    """Criteria of a table with every fault of its rows. Raises Invalid when it names no columns or has no rows."""
    heads = find_heads([cells for _, cells in rows], COLUMNS, NEEDED)
    if heads is None:
        message = N_("Không thấy hàng tên cột có “{first}”, “{second}” và “{third}”. Dùng tệp mẫu.")
        first, second, third = (COLUMNS[key] for key in NEEDED)
        raise Invalid.field("file", message, first=first, second=second, third=third)
    lines = [
        _Line(number, *_cells(cells, heads))
        for number, cells in rows[heads.row + 1 :]
        if _tells(cells, heads)
    ]
    if not lines:
        raise Invalid.field("file", N_("Bảng không có dòng nào."))
    criteria, places = _grouped(lines)
    faults = [(row.number, fault) for row in lines for fault in row.faults]
    told = {(number, fault.field) for number, fault in faults}
    for number, fault in (*_other_names(lines), *_by_row(criteria_faults(criteria), places)):
        if (number, fault.field) not in told:
            faults.append((number, fault))
    return SetTable(criteria, tuple(sorted(faults, key=lambda fault: fault[0])), heads.unused)


@dataclass(slots=True)
class _Line:
    """One row: its values by column, the criterion's number among them, and what is wrong in its cells."""

    number: int
    values: dict[str, Any]
    faults: list[FieldError]


def _tells(cells: Sequence[Value], heads: Heads) -> bool:
    """Whether a row is an indicator, not a heading or a note."""
    return any(_cell(cells, heads, key) != "" for key in ("code", "name"))


def _cell(cells: Sequence[Value], heads: Heads, key: str) -> Value:
    place = heads.places.get(key)
    return cells[place] if place is not None and place < len(cells) else ""


def _cells(cells: Sequence[Value], heads: Heads) -> tuple[dict[str, Any], list[FieldError]]:
    values: dict[str, Any] = {}
    faults: list[FieldError] = []
    for key in heads.places:
        cell = _cell(cells, heads, key)
        if cell == "":
            continue
        try:
            values[key] = _read(key, cell)
        except BadCell as bad:
            faults.append(FieldError(key, bad.message, bad.facts))
    return values, faults


def _read(key: str, cell: Value) -> Any:
    match key:
        case "number":
            return _whole(cell)
        case "code" if isinstance(cell, date):
            raise BadCell(N_("Excel đã đổi mã thành ngày. Định dạng ô là Text rồi gõ lại."))
        case "kind":
            return _word(cell, _KINDS, N_("Không có loại chỉ tiêu này."))
        case "threshold":
            return _figure(cell)
        case "certainty":
            return _word(cell, _CERTAINTIES, N_("Độ chắc chắn là “đã xác nhận” hoặc “chờ xác nhận”."))
        case "evidence":
            return _word(cell, _EVIDENCE, N_("Ghi “có” hoặc “không”."))
    return read_text(cell, _LONGEST[key])


_KINDS: Final = said_as(KINDS, {kind: kind for kind in KINDS})
_CERTAINTIES: Final = said_as(CERTAINTY, {certainty: certainty for certainty in CERTAINTY})
_EVIDENCE: Final = said_as(EVIDENCE, {"x": True, "true": True, "1": True, "false": False, "0": False})


def _word(cell: Value, known: Mapping[str, Any], message: str) -> Any:
    said = fold(text_of(cell))
    if said not in known:
        raise BadCell(message)
    return known[said]


def _whole(cell: Value) -> int:
    text = text_of(cell).removesuffix(".")
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        raise BadCell(N_("Số thứ tự từ 1 đến 999."))
    return int(text)


def _figure(cell: Value) -> Decimal:
    if isinstance(cell, Decimal):
        return cell
    try:
        return parse_figure(text_of(cell).replace("%", ""))
    except BadFigure:
        raise BadCell(N_("Không phải số. Ví dụ: 95,5")) from None


def _grouped(rows: Sequence[_Line]) -> tuple[tuple[NewCriterion, ...], Mapping[str, int]]:
    """(criteria in the order of their first rows, the row behind each path of `criteria_faults`).

    A criterion's number may stand in its first row alone, or nowhere but in the codes of its indicators.
    """
    groups: dict[int, list[_Line]] = {}
    last = 0
    for row in rows:
        head = str(row.values.get("code", "")).partition(".")[0]
        typed = int(head) if head.isascii() and head.isdecimal() and len(head) <= 3 else last
        last = row.values.setdefault("number", typed)
        groups.setdefault(last, []).append(row)
    criteria, places = [], {}
    for i, (number, group) in enumerate(groups.items()):
        places[f"criteria.{i}"] = group[0].number
        for j, row in enumerate(group):
            places[f"criteria.{i}.indicators.{j}"] = row.number
        texts = {key: _first(group, key) for key in ("criterion", "criterion_en", "group")}
        criteria.append(
            NewCriterion(
                number, texts["criterion"], tuple(_indicator(row.values) for row in group),
                texts["criterion_en"], texts["group"],
            )
        )  # fmt: skip
    return tuple(criteria), places


def _first(group: Sequence[_Line], key: str) -> str:
    return next((str(row.values[key]) for row in group if key in row.values), "")


def _indicator(values: Mapping[str, Any]) -> NewIndicator:
    return NewIndicator(
        values.get("code", ""), values.get("name", ""), values.get("kind", ""), values.get("unit", ""),
        values.get("threshold"), values.get("evidence", False), values.get("source", ""),
        values.get("certainty", "confirm"),
    )  # fmt: skip


def _other_names(rows: Sequence[_Line]) -> Iterator[RowFault]:
    """Rows that call a criterion otherwise than the row that named it first."""
    named: dict[int, tuple[str, int]] = {}
    for row in rows:
        name, number = row.values.get("criterion"), row.values["number"]
        if name is None:
            continue
        first, at = named.setdefault(number, (name, row.number))
        if name != first:
            message = N_("Tiêu chí {number:number} ở dòng {row:number} có tên khác.")
            yield row.number, FieldError("criterion", message, {"number": number, "row": at})


def _by_row(faults: Iterator[FieldError], places: Mapping[str, int]) -> Iterator[RowFault]:
    for fault in faults:
        path, _, name = fault.field.rpartition(".")
        column = name if ".indicators." in fault.field else _OF_CRITERION.get(name, name)
        yield places[path], FieldError(column, fault.message, fault.facts)
