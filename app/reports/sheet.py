"""Reading a table that somebody sends: Excel (xlsx) or CSV, told by content, its values alone and within bounds.

What could harm is refused with words that say where: formulas, cells with errors, archives that unpack to more
than they should, files of another kind, tables that are too long. Nothing is computed and no link is followed.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

from app.errors import Invalid
from app.i18n import N_
from app.reports.csv import safe
from app.text import nfc

MOST_ROWS: Final = 5_000  # that hold anything
MOST_COLUMNS: Final = 60
MOST_BYTES: Final = 1024 * 1024
MOST_UNPACKED: Final = 48 * 1024 * 1024  # of the whole archive
_MOST_MEMBERS: Final = 300
_LAST_ROW: Final = 100_000  # beyond it not even blank rows are looked at
_NAMED: Final = 8  # cells named in one refusal
_PIECE: Final = 256 * 1024
_DOCTYPE: Final = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))

Value = str | Decimal | date
"""Text ("" for nothing), a number as the cell holds it, or a day."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row that holds something; `number` is the row's own, as the spreadsheet shows it."""

    number: int
    values: tuple[Value, ...]


def read(content: bytes, *, field: str = "file", most: int = MOST_ROWS) -> list[Line]:
    """The rows of the first sheet that hold anything. Raises Invalid, naming `field`, for what is refused."""
    if not content.strip():
        raise Invalid.field(field, N_("Tệp rỗng."))
    if len(content) > MOST_BYTES:
        raise Invalid.field(
            field, N_("Tệp quá lớn: nhiều nhất {held:number} MB."), held=MOST_BYTES // 1024**2
        )
    lines = _excel(content, field) if content.startswith(b"PK") else _csv(content, field)
    found: list[Line] = []
    for line in lines:
        if len(found) == most:
            raise Invalid.field(field, N_("Bảng quá {held:number} dòng. Chia thành nhiều tệp."), held=most)
        found.append(line)
    if not found:
        raise Invalid.field(field, N_("Bảng không có dòng nào."))
    return found


def _excel(content: bytes, field: str) -> Iterator[Line]:
    _refuse_bomb(content, field)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = book.worksheets
    except Exception:
        raise _broken(field) from None
    if not sheets:
        raise _broken(field)
    try:
        yield from _cells(sheets[0].iter_rows(max_col=MOST_COLUMNS), field)
    except Invalid:
        raise
    except Exception:
        raise _broken(field) from None
    finally:
        book.close()


def _cells(rows: Iterable[tuple[Any, ...]], field: str) -> Iterator[Line]:
    formulas: list[str] = []
    errors: list[str] = []
    for number, row in enumerate(rows, start=1):
        if number > _LAST_ROW:
            message = N_("Trang tính kéo dài quá dòng {held:number}. Xóa các dòng trống ở cuối rồi lưu lại.")
            raise Invalid.field(field, message, held=_LAST_ROW)
        for at, cell in enumerate(row, start=1):
            if cell.data_type == "f":
                formulas.append(f"{get_column_letter(at)}{number}")
            elif cell.data_type == "e":
                errors.append(f"{get_column_letter(at)}{number}")
        if len(formulas) > _NAMED or len(errors) > _NAMED:
            break
        line = _line(number, [_value(cell.value) for cell in row])
        if line is not None and not formulas and not errors:
            yield line
    _refuse_cells(formulas, errors, field)


def _refuse_cells(formulas: list[str], errors: list[str], field: str) -> None:
    if formulas:
        message = N_("Ô có công thức: {cells}. Chép giá trị (Paste values) đè lên rồi lưu lại.")
        raise Invalid.field(field, message, cells=_named(formulas))
    if errors:
        message = N_("Ô báo lỗi: {cells}. Sửa hoặc xóa rồi lưu lại.")
        raise Invalid.field(field, message, cells=_named(errors))


def _named(cells: list[str]) -> str:
    return ", ".join(cells[:_NAMED]) + (" …" if len(cells) > _NAMED else "")


def _value(value: object) -> Value:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return Decimal(value)
        case float():
            # Excel keeps 15 digits and shows no more: 0.1 + 0.2 is what stands in the cell, not what a float makes of it.
            return Decimal(format(value, ".15g"))
        case Decimal():
            return value
        case datetime():
            return value.date() if not (value.hour or value.minute or value.second) else value.isoformat(" ")
        case date():
            return value
    return nfc(unescape(str(value))).strip()  # a carriage return stands in a workbook as _x000D_


def _refuse_bomb(content: bytes, field: str) -> None:
    """Bounds on what the archive unpacks to, asked before anything is unpacked; no document type definitions."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            # What unpacks to more than its member says is cut there and fails its checksum.
            if len(members) > _MOST_MEMBERS or sum(m.file_size for m in members) > MOST_UNPACKED:
                message = N_("Tệp Excel giải nén ra quá lớn, không đọc. Chép bảng sang tệp mới rồi gửi lại.")
                raise Invalid.field(field, message)
            if "[Content_Types].xml" not in archive.namelist():
                raise _other(field)
            for member in members:
                if member.filename.endswith((".xml", ".rels", ".vml")):
                    _refuse_doctype(archive, member, field)
    except Invalid:
        raise
    except Exception:
        raise _broken(field) from None


def _refuse_doctype(archive: zipfile.ZipFile, member: zipfile.ZipInfo, field: str) -> None:
    """Entities could grow without bounds: no spreadsheet program writes any."""
    kept = b""
    with archive.open(member) as part:
        while piece := part.read(_PIECE):
            window = kept + piece
            if any(mark in window for mark in _DOCTYPE):
                raise _broken(field)
            kept = window[-40:]


def _csv(content: bytes, field: str) -> Iterator[Line]:
    text = _text(content, field)
    formulas: list[str] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        for number, row in enumerate(reader, start=1):
            if len(row) > MOST_COLUMNS:
                raise Invalid.field(field, N_("Dòng {row:number} có quá nhiều cột."), row=number)
            formulas += [
                f"{get_column_letter(at)}{number}"
                for at, cell in enumerate(row, 1)
                if cell.lstrip().startswith("=")
            ]
            line = _line(number, [_unquoted(nfc(cell).strip()) for cell in row])
            if line is not None:
                yield line
    except csv.Error:
        raise _broken(field) from None
    _refuse_cells(formulas, [], field)


def _unquoted(text: str) -> str:
    """Takes off the apostrophe by which our own files keep text from being a formula."""
    return text[1:] if text.startswith("'") and safe(text[1:]) != text[1:] else text


def _text(content: bytes, field: str) -> str:
    code = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(code)
    except UnicodeDecodeError:
        raise _other(field) from None
    if "\x00" in text or content.startswith(b"%PDF"):
        raise _other(field)
    return text


def _delimiter(text: str) -> str:
    """What the first line that holds anything is parted by: Vietnamese Excel writes semicolons."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(";\t,", key=first.count) if any(c in first for c in ";\t,") else ","


def _line(number: int, values: list[Value]) -> Line | None:
    while values and values[-1] == "":
        values.pop()
    return Line(number, tuple(values)) if values else None


def _other(field: str) -> Invalid:
    return Invalid.field(
        field, N_("Chỉ nhận Excel (.xlsx) hoặc CSV mã UTF-8. Mở tệp, lưu lại dạng .xlsx rồi gửi.")
    )


def _broken(field: str) -> Invalid:
    return Invalid.field(field, N_("Không đọc được tệp. Mở thử bằng Excel, lưu lại dạng .xlsx rồi gửi."))
