"""Pages of the book: lines, recording, entries, years."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.ledger.batch import router as batch
from app.views.ledger.entries import router as entries
from app.views.ledger.lines import router as lines
from app.views.ledger.record import router as record
from app.views.ledger.years import router as years

routers: Final[list[APIRouter]] = [lines, record, batch, entries, years]
