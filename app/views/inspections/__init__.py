"""Pages of inspections: the yearly plan, one with its checklist, findings and conclusion, its demands, the unit's report."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.inspections import checking, demanding, finding, register, reporting, show, writing

# What is fixed stands before what is any inspection's id.
routers: Final[list[APIRouter]] = [
    register.router, show.router, writing.router, checking.router, finding.router, demanding.router,
    reporting.router,
]  # fmt: skip
