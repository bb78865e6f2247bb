"""Households to measure on: a commune's 5,000, brought in by a table as its officer would send it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any, Final

from app import db
from app.domain import households, territory
from app.domain.access import Actor
from app.domain.cells import Numbered
from app.domain.households import HouseholdFilter, NewStatus, importing
from app.domain.households.rows import COLUMNS
from app.reports import sheet, xlsx
from app.reports.table import Column, Row, Table
from bench.data import YEAR

HOUSEHOLDS: Final = sheet.MOST_ROWS
COMMUNE: Final = "20770@legacy"
_STATUSES: Final = ("hộ nghèo", "hộ cận nghèo", "hộ mới thoát nghèo", "hộ khác")
_NAMES: Final = ("Hồ Văn", "Đinh Thị", "Nguyễn Văn", "Hồ Thị", "Trần Thị", "Huỳnh Văn", "Lê Thị")
_KEYS: Final = tuple(key for key in COLUMNS if key not in ("identity_number", "phone", "joined_on"))


def hamlets() -> list[str]:
    """Ten hamlets of the commune."""
    with db.transaction(write=True) as session:
        commune = territory.today_or_legacy(session, COMMUNE)
        codes = [f"{commune.code}.{i:02d}" for i in range(1, 11)]
        for code in codes:
            territory.add_hamlet(session, commune, code, f"Thôn {code[-2:]}", illustrative=True)
    return codes


def table(hamlets: list[str], year: int, note: str) -> bytes:
    """An Excel file of HOUSEHOLDS rows over the hamlets, each with a member, a status and its decision."""
    rows = [_row(i, hamlets[i % len(hamlets)], year, note) for i in range(HOUSEHOLDS)]
    columns = [Column(key, COLUMNS[key]) for key in _KEYS]
    return xlsx.write(Table(title="Đo tốc độ", columns=columns, rows=rows), "vi")


def _row(i: int, hamlet: str, year: int, note: str) -> Row:
    cells: dict[str, Any] = {
        "code": f"H{i:05d}", "head_name": f"{_NAMES[i % len(_NAMES)]} Đo {i}", "birth_year": str(1950 + i % 50),
        "ethnicity": "Xơ Đăng", "hamlet_code": hamlet, "members": f"Hồ Thị Tốc {i} (1985, vợ)", "year": str(year),
        "status": _STATUSES[(i + year) % len(_STATUSES)], "decision_number": "1/QĐ-UBND",
        "decision_date": f"15/12/{year - 1}", "decision_issuer": "UBND xã", "note": note,
    }  # fmt: skip
    return Row(cells)


def read(content: bytes) -> list[Numbered]:
    return [(line.number, line.values) for line in sheet.read(content, most=sheet.MOST_ROWS + 50)]


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def whole(officer: Actor, content: bytes) -> tuple[float, float]:
    """(seconds from the file to its preview and from the file to the last row stored; seconds to read its cells)."""

    def bring_in() -> None:
        importing.preview(officer, COMMUNE, read(content))
        if not importing.apply(officer, COMMUNE, read(content)).applied:
            raise RuntimeError("the table was not taken")

    return seconds(bring_in), seconds(lambda: read(content))


def one(officer: Actor) -> uuid.UUID:
    """A household whose status was changed."""
    [found] = households.households(officer, HouseholdFilter(q="H00007"), purpose="page", limit=1)
    households.set_status(officer, found.id, NewStatus(YEAR, "other"))
    return found.id
