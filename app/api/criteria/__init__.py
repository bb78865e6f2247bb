"""/api/v1 of rural criteria: sets, assessments, targets, and reports over them."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.api.criteria import assessments, changes, reports, sets, targets

routers: Final[list[APIRouter]] = [
    sets.router, changes.router, assessments.router, targets.router, reports.router,
]  # fmt: skip
