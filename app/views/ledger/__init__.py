"""Pages of the book: lines, recording, entries, years."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.ledger.batch import router as batch_router
from app.views.ledger.entries import router as entries_router
from app.views.ledger.lines import router as lines_router
from app.views.ledger.record import router as record_router
from app.views.ledger.years import router as years_router

routers: Final[list[APIRouter]] = [
    lines_router,
    record_router,
    batch_router,
    entries_router,
    years_router,
]
