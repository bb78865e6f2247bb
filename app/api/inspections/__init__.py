"""/api/v1/inspections: planned from above, held, concluded; the inspected unit's reports."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.api.inspections import register, reports, visit

routers: Final[list[APIRouter]] = [register.router, visit.router, reports.router]
