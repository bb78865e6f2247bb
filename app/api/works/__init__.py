"""/api/v1/works and what stands under a work."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.api.works import clearance, contracts, dossier, procedures, register, steps

routers: Final[list[APIRouter]] = [
    register.router,
    steps.router,
    procedures.router,
    dossier.router,
    contracts.router,
    clearance.router,
]
