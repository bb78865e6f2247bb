"""One table, three forms: what stands in the page, the Excel file and the CSV is the same."""

from __future__ import annotations

import csv as csv_reader
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from app.i18n import Message
from app.money import DONG, MILLION
from app.reports import csv, xlsx
from app.reports.svg import Bar
from app.reports.table import Cell, Column, Row, Table, Tag
from app.views.tables import present

FORMULAS = ["=1+1", "+84 905", "-5", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x")']


def table(*rows: Row, totals: Row | None = None) -> Table:
    return Table(
        title=Message("Giải ngân năm {year}", {"year": 2023}),
        columns=[
            Column("name", "Dự án", sort=True),
            Column("plan", "Kế hoạch", "money"),
            Column("bar", "Tiền và thời gian", "bar"),
            Column("rate", "Tỷ lệ", "percent"),
            Column("on", "Ngày", "date"),
            Column("count", "Số hộ", "number"),
            Column("state", "Tình trạng", "tag"),
        ],
        rows=rows,
        totals=totals,
        filters=[("Đơn vị", "Xã Sông Trà"), ("Đến ngày", date(2023, 9, 14))],
        notes=["Gồm cả vốn kéo dài."],
        as_of=date(2023, 9, 14),
        made_at=datetime(2023, 9, 14, 2, 41, tzinfo=UTC),
        name="giai-ngan",
    )


LINE = Row(
    {
        "name": Cell("Đường Trà Huỳnh", href="/works/1", sub="DTTS.4.1"),
        "plan": 1_250_400_000,
        "bar": Bar(paid=1, available=1),
        "rate": Decimal("0.5653"),
        "on": date(2023, 9, 14),
        "count": 7,
        "state": Tag("late", "chậm"),
    }
)
TOTAL = Row({"name": "Cộng", "plan": 9_007_199_254_740}, "sum")


def _sheet(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).active


def _head(sheet: Any) -> int:
    return next(row for row in range(1, 30) if sheet.cell(row, 2).value == "Kế hoạch")


def test_the_excel_file_says_what_it_is_before_the_figures() -> None:
    sheet = _sheet(xlsx.write(table(LINE), "vi"))
    said = [sheet.cell(row, 1).value for row in range(1, _head(sheet))]
    assert said == [
        "Giải ngân năm 2023",
        "Đơn vị: Xã Sông Trà",
        "Đến ngày: 14/09/2023",
        "Tính đến 14/09/2023",
        "Lập lúc 9:41 14/09/2023",
        "Đơn vị tính: đồng",
        None,
    ]


def test_the_excel_file_holds_real_numbers_dates_and_shares_and_no_bars() -> None:
    sheet = _sheet(xlsx.write(table(LINE, totals=TOTAL), "vi"))
    head = _head(sheet)
    row = [sheet.cell(head + 1, column) for column in range(1, 8)]
    assert [cell.value for cell in row] == [
        "Đường Trà Huỳnh (DTTS.4.1)", 1_250_400_000, 0.5653, datetime(2023, 9, 14), 7, "chậm", None,  # noqa: DTZ001 - what a cell holds
    ]  # fmt: skip
    assert [cell.number_format for cell in row[1:4]] == ["#,##0", "0.0%", "dd/mm/yyyy"]
    assert sheet.cell(head + 2, 2).value == 9_007_199_254_740
    assert sheet.cell(head + 3, 1).value == "Gồm cả vốn kéo dài."


def test_the_excel_file_keeps_its_head_in_sight_and_filters_rows_without_the_total() -> None:
    sheet = _sheet(xlsx.write(table(LINE, LINE, totals=TOTAL), "vi"))
    head = _head(sheet)
    assert sheet.freeze_panes == f"B{head + 1}"
    assert sheet.auto_filter.ref == f"A{head}:F{head + 2}"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula_in_excel(text: str) -> None:
    sheet = _sheet(xlsx.write(table(Row({"name": text})), "vi"))
    cell = sheet.cell(_head(sheet) + 1, 1)
    assert cell.data_type == "s"
    assert cell.value.endswith(text.strip())


@pytest.mark.parametrize("title", ["a/b:c?d*e[f]", "Rất dài " * 10, "'", ""])
def test_any_title_makes_a_sheet(title: str) -> None:
    made = Table(title=title, columns=[Column("a", "A")], rows=[])
    assert 1 <= len(_sheet(xlsx.write(made, "vi")).title) <= 31


def test_an_empty_table_is_a_file_too() -> None:
    sheet = _sheet(xlsx.write(table(), "en"))
    assert sheet.cell(1, 1).value == "Giải ngân năm 2023"


def _lines(content: bytes) -> list[list[str]]:
    return list(csv_reader.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_begins_with_a_mark_and_carries_dong_and_iso_dates() -> None:
    content = b"".join(csv.write(table(LINE, totals=TOTAL), "vi"))
    assert content.startswith(b"\xef\xbb\xbf")
    assert _lines(content) == [
        ["Dự án", "Kế hoạch", "Tỷ lệ", "Ngày", "Số hộ", "Tình trạng"],
        ["Đường Trà Huỳnh (DTTS.4.1)", "1250400000", "0.5653", "2023-09-14", "7", "chậm"],
        ["Cộng", "9007199254740", "", "", "", ""],
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_looks_like_a_formula_is_disarmed_in_csv(text: str) -> None:
    content = b"".join(csv.write(table(Row({"name": text, "state": Tag("", text)})), "vi"))
    row = _lines(content)[1]
    assert (row[0], row[5]) == (f"'{text}", f"'{text}")


def test_negative_amounts_stay_numbers_in_csv() -> None:
    assert _lines(b"".join(csv.write(table(Row({"plan": -5})), "vi")))[1][1] == "-5"


def test_a_page_shows_a_rounded_amount_and_keeps_the_exact_one() -> None:
    shown = present(table(LINE, Row({"plan": 2_000_000_000})), MILLION, "vi")
    first, second = (row.cells[1] for row in shown.rows)
    assert (first.text, first.exact, second.text, second.exact) == (
        "1.250,4",
        "1.250.400.000 đ",
        "2.000,0",
        None,
    )


def test_a_page_in_dong_rounds_nothing() -> None:
    cell = present(table(LINE), DONG, "en").rows[0].cells[1]
    assert (cell.text, cell.exact) == ("1,250,400,000", None)


def test_a_page_shows_nothing_as_a_dash() -> None:
    shown = present(table(Row({"plan": 0, "rate": None})), MILLION, "vi").rows[0]
    assert [cell.text for cell in shown.cells[:4]] == ["", "–", "", "–"]
