"""The disbursement report: same figures on page and in files, and the same for ever under its address."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from app.domain.ledger import figures
from app.domain.ledger.lines import LineFilter, lines
from tests.support import world as w
from tests.support.pages import Visitor, links, words
from tests.support.world import MILLION, World

PAGE = "/reports/disbursement?year=2023"


@pytest.fixture
def kept(world: World) -> World:
    line = w.line()
    w.post(line.id, "allocate", 600 * MILLION, "2023-01-10")
    w.post(line.id, "pay", 200 * MILLION, "2023-03-20")
    return world


def test_the_page_shows_what_the_domain_reports(kept: World) -> None:
    found = figures.disbursement(w.actor("leader"), "20770@legacy", 2023)
    assert (found.total.plan, found.total.disbursed) == (600 * MILLION, 200 * MILLION)
    page = words(Visitor.logged_in("leader").page(PAGE)).replace("\u00a0", " ")
    assert "Cộng 600 – 200 – 200 – 400 – – 33,3 %" in page


def test_a_file_carries_đồng_and_what_was_asked_for(kept: World) -> None:
    visitor = Visitor.logged_in("leader")
    text = visitor.get(f"{PAGE}&as_of=2023-02-01&format=csv").content.decode("utf-8-sig")
    cells = {
        cell for row in csv.reader(io.StringIO(text), delimiter=";" if ";" in text else ",") for cell in row
    }
    assert "600000000" in cells
    assert "200000000" not in cells  # paid only in March
    book = openpyxl.load_workbook(io.BytesIO(visitor.get(f"{PAGE}&format=xlsx").content))
    said = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value is not None]  # type: ignore[union-attr]  # a new book has a sheet
    for wanted in ("Đơn vị", "Xã Sông Trà (20770)", "Năm ngân sách", "2023", "Tính đến ngày"):
        assert any(wanted in cell for cell in said), wanted
    assert "600000000" in said


def test_its_lasting_address_gives_the_same_figures_after_later_entries(kept: World) -> None:
    visitor = Visitor.logged_in("leader")
    [lasting] = [
        link for link in links(visitor.page(PAGE)) if "known_at=" in link and link.startswith("/reports")
    ]
    [line] = figures.disbursement(w.actor("leader"), "20770@legacy", 2023).rows
    [only] = lines(w.actor(), LineFilter(year=2023))
    w.post(only.id, "pay", 50 * MILLION, "2023-04-01")
    assert "Cộng 600 – 200 – 200 – 400" in words(visitor.page(lasting)).replace("\u00a0", " ")
    assert "Cộng 600 – 250 – 250 – 350" in words(visitor.page(PAGE)).replace("\u00a0", " ")
    assert line.pockets.paid == 200 * MILLION


@pytest.mark.parametrize("known_at", ["hôm qua", "2099-01-01"])
def test_a_moment_that_cannot_be_is_told_beside_its_field(kept: World, known_at: str) -> None:
    page = Visitor.logged_in("leader").page(f"{PAGE}&known_at={known_at}")
    assert 'id="e-known_at"' in page
    assert f'value="{known_at}"' in page


def test_each_row_leads_to_its_entries(kept: World) -> None:
    assert any(
        link.startswith(
            "/ledger/entries?unit=20770%40legacy&year=2023&project=GNBV.2&source=central&capital=recurrent&status=posted&to="
        )
        for link in links(Visitor.logged_in("leader").page(PAGE))
    )


def test_an_empty_year_says_so(world: World) -> None:
    assert "Chưa có dòng vốn nào của năm 2022" in words(
        Visitor.logged_in("leader").page("/reports/disbursement?year=2022")
    )
