"""The pages."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views import (
    admin,
    boards,
    criteria,
    dashboard,
    directives,
    documents,
    households,
    identity,
    inspections,
    law,
    ledger,
    meetings,
    obstacles,
    outcomes,
    papers,
    personal,
    plans,
    procedures,
    programs,
    reports,
    search,
    shell,
    support,
    targets,
    territory,
    today,
    unit_dossier,
    works,
)

routers: Final[list[APIRouter]] = [
    shell.router,
    today.router,
    identity.router,
    admin.router,
    personal.router,
    dashboard.router,
    law.router,
    programs.router,
    procedures.router,
    reports.router,
    territory.router,
    unit_dossier.router,
    *ledger.routers,
    *works.routers,
    *documents.routers,
    *boards.routers,
    *meetings.routers,
    *obstacles.routers,
    *inspections.routers,
    *directives.routers,
    *plans.routers,
    *households.routers,
    outcomes.router,
    papers.router,
    *support.routers,
    *criteria.routers,
    targets.router,
    search.router,
]
