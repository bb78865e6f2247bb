"""Works to measure on: a commune's hundred, with steps, contracts, progress and obstacles, by the domain itself."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

from app.domain import obstacles, works
from app.domain.access import Actor
from app.domain.documents.register import NewDocument
from app.domain.documents.register import create as record
from app.domain.works import clearance_editing, contracts, progress_editing
from bench.data import MILLION, YEAR

WORKS: Final = 100
HOUSEHOLDS: Final = 40


def fill(officer: Actor) -> uuid.UUID:
    """A work each with its steps, a contract, two reports and an obstacle; the one with households, named last."""
    last = uuid.uuid4()
    for i in range(WORKS):
        last = _work(officer, i)
    for n in range(HOUSEHOLDS):
        clearance_editing.create(
            officer,
            clearance_editing.NewHousehold(
                uuid.uuid4(), last, f"H{n:03d}", f"Hộ đo tốc độ {n}", area_dm2=1_000, compensation_due=MILLION
            ),
        )
    return last


def _work(officer: Actor, i: int) -> uuid.UUID:
    id_ = uuid.uuid4()
    lat, lon = 15.50 + i % 10 / 200, 108.0 + i // 10 / 200
    works.create(
        officer,
        works.NewWork(
            id_, f"DTD-{i:03d}", f"Đường đo tốc độ {i}", "NTM.2", "20770@legacy", total_investment=900 * MILLION,
            procedure="ordinary", lat=lat, lon=lon, path=((lon, lat), (lon + 0.002, lat + 0.001)),
            planned_start=date(YEAR, 3, 1), planned_finish=date(YEAR, 11, 30),
        ),
        illustrative=True,
    )  # fmt: skip
    contracts.create(
        officer,
        contracts.NewContract(
            uuid.uuid4(), id_, f"{i}/HĐ-MH", "Đơn vị (minh họa)", 800 * MILLION, date(YEAR, 3, 10)
        ),
    )
    for month, percent in ((5, 20), (8, 45)):
        progress_editing.create(
            officer, progress_editing.NewReport(uuid.uuid4(), id_, date(YEAR, month, 1), percent)
        )
    obstacles.create(
        officer,
        obstacles.NewObstacle(
            uuid.uuid4(), "work", id_, "Chưa bàn giao đường vào", raised_on=date(YEAR, 6, 1)
        ),
    )
    paper = NewDocument(
        uuid.uuid4(), f"{i}/BB-MH", date(YEAR, 8, 1), "UBND xã", "minutes", "Biên bản hiện trường"
    )
    record(officer, paper, subject=("work", id_), illustrative=True)
    return id_
