"""Reading a table that somebody sends: values alone; what could harm is refused with words that say where."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook

from app.errors import Invalid
from app.reports import sheet
from app.reports.sheet import Line

NOON = datetime.fromisoformat("2023-06-01T12:00")  # a cell knows no zone


def excel(*rows: list[Any], write: Callable[[Any], None] = lambda _sheet: None) -> bytes:
    book = Workbook()
    its: Any = book.active
    for row in rows:
        its.append(row)
    write(its)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(
                {"types": "[Content_Types].xml", "book": "xl/workbook.xml"}.get(name, name), content
            )
    return out.getvalue()


def refused(content: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        sheet.read(content)
    [error] = caught.value.errors
    assert error.field == "file"
    return error.message.replace("{cells}", str(error.facts.get("cells")))


def test_values_of_the_first_sheet_are_read_with_the_numbers_of_their_rows() -> None:
    content = excel(
        [], ["Mã hộ", " Chủ hộ ", None], [], ["H01", "Hồ Văn Minh", 0.1 + 0.2],
        [1, True, NOON.replace(hour=0), NOON.date(), NOON],
    )  # fmt: skip
    assert sheet.read(content) == [
        Line(2, ("Mã hộ", "Chủ hộ")),
        Line(4, ("H01", "Hồ Văn Minh", Decimal("0.3"))),
        Line(5, (Decimal(1), "TRUE", date(2023, 6, 1), date(2023, 6, 1), "2023-06-01 12:00:00")),
    ]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_is_read_as_vietnamese_excel_writes_it(code: str, mark: str) -> None:
    text = mark.join(["Mã hộ", "Chủ hộ"]) + "\r\n\r\n" + mark.join(["H01", '"nhà\r\nông Minh"']) + "\r\n"
    assert sheet.read(text.encode(code)) == [
        Line(1, ("Mã hộ", "Chủ hộ")),
        Line(3, ("H01", "nhà\r\nông Minh")),
    ]


def test_letters_are_composed_and_our_own_apostrophes_taken_off() -> None:
    content = "O\u0302ng,'=1+1,'quoted,-\r\n".encode()
    assert sheet.read(content) == [Line(1, ("Ông", "=1+1", "'quoted", "-"))]


def test_formulas_are_named_and_never_computed() -> None:
    content = excel(["Mã hộ"], ["H01", "=SUM(A1:A2)"], ["H02", None, '=HYPERLINK("http://x")'])
    assert "B2, C3" in refused(content)
    assert "B2" in refused(b"a,b\r\nH01,=1+1\r\n")
    many = excel(*[["=1"] for _ in range(20)])
    assert refused(many).startswith("Ô có công thức: A1, A2, A3, A4, A5, A6, A7, A8 …")


def test_text_that_begins_like_a_formula_is_text() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False})
    book.add_worksheet().write_string(0, 0, "=1+1")
    book.close()
    assert sheet.read(out.getvalue()) == [Line(1, ("=1+1",))]


def test_cells_that_show_errors_are_named() -> None:
    def spoil(its: Any) -> None:
        its["B2"] = "#REF!"
        its["B2"].data_type = "e"

    assert "B2" in refused(excel(["Mã hộ"], ["H01"], write=spoil))


def test_tables_are_bounded() -> None:
    assert len(sheet.read(b"a\r\n" * 5_000)) == 5_000
    assert refused(b"a\r\n" * 5_001).startswith("Bảng quá")
    assert refused(b"x" * (sheet.MOST_BYTES + 1)).startswith("Tệp quá lớn")
    assert refused(b",".join([b"a"] * 61)).startswith("Dòng {row:number} có quá nhiều cột")
    assert sheet.read(b"\r\n" * 9_000 + b"a") == [Line(9_001, ("a",))]

    def far(its: Any) -> None:
        its.cell(200_000, 1, "x")

    assert refused(excel(["a"], write=far)).startswith("Trang tính kéo dài")


@pytest.mark.parametrize("content", [b"", b"  \r\n", b",,\r\n,\r\n"])
def test_empty_files_are_said_to_be(content: bytes) -> None:
    assert refused(content) in {"Tệp rỗng.", "Bảng không có dòng nào."}


def test_a_bomb_is_not_unpacked() -> None:
    bomb = archive(types=b"<Types/>", book=b"\0" * (sheet.MOST_UNPACKED + 1))
    assert len(bomb) < sheet.MOST_BYTES
    assert "giải nén" in refused(bomb)
    crowd = archive(types=b"<Types/>", **{f"m{i}.xml": b"" for i in range(400)})
    assert "giải nén" in refused(crowd)


def test_a_member_that_lies_about_its_size_is_not_believed() -> None:
    bomb = bytearray(archive(types=b"<Types/>", **{"a.xml": b"\0" * (sheet.MOST_UNPACKED + 1)}))
    real = (sheet.MOST_UNPACKED + 1).to_bytes(4, "little")
    while (at := bomb.find(real)) >= 0:
        bomb[at : at + 4] = (100).to_bytes(4, "little")
    assert refused(bytes(bomb)).startswith("Không đọc được tệp")


@pytest.mark.parametrize("code", ["ascii", "utf-16-le", "utf-16-be"])
def test_document_types_which_could_grow_are_refused(code: str) -> None:
    entity = '<!DOCTYPE lolz [<!ENTITY lol "lol">]><x>&lol;</x>'.encode(code)
    assert refused(archive(types=b"<Types/>", book=b" " * (256 * 1024 - 4) + entity)).startswith(
        "Không đọc được"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.4 x", "Chỉ nhận"), (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "Chỉ nhận"), ("Hà".encode("cp1258"), "Chỉ nhận"),
        (b"a\x00b", "Chỉ nhận"), (b"PK\x03\x04nothing", "Không đọc được"), (archive(x=b"1"), "Chỉ nhận"),
        (b'a,"b\r\n', "Không đọc được"), (archive(types=b"<Types/>"), "Không đọc được"),
    ],
)  # fmt: skip
def test_other_kinds_of_files_are_refused(content: bytes, said: str) -> None:
    assert refused(content).startswith(said)
