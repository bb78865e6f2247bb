"""/api/v1/works and what stands under a work."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.api.works import (
    acceptances,
    clearance,
    contracts,
    dossier,
    geojson,
    payment_dossiers,
    procedures,
    progress,
    register,
    settlement,
    steps,
)

routers: Final[list[APIRouter]] = [
    register.router,
    steps.router,
    procedures.router,
    dossier.router,
    contracts.router,
    acceptances.router,
    payment_dossiers.router,
    settlement.router,
    clearance.router,
    progress.router,
    geojson.router,
]
