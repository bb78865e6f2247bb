"""/api/v1 of rural criteria: sets, assessments, targets, and reports over them."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.api.criteria import assessments, reports, targets

routers: Final[list[APIRouter]] = [assessments.router, targets.router, reports.router]
