"""The pages of works."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.works import (
    acceptances,
    clearance,
    clearance_households,
    clearance_import,
    contracts,
    dossier,
    on_map,
    payment_dossiers,
    progress,
    progress_reports,
    register,
    settlement,
    show,
    stage,
    steps,
)

routers: Final[list[APIRouter]] = [
    register.router,
    on_map.router,
    show.router,
    steps.router,
    stage.router,
    dossier.router,
    contracts.router,
    acceptances.router,
    payment_dossiers.router,
    settlement.router,
    clearance.router,
    clearance_households.router,
    clearance_import.router,
    progress.router,
    progress_reports.router,
]
