"""The pages of works."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.works import clearance, clearance_households, clearance_import, contracts, register

routers: Final[list[APIRouter]] = [
    register.router,
    contracts.router,
    clearance.router,
    clearance_households.router,
    clearance_import.router,
]
