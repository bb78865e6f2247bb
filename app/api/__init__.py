"""The JSON interface under /api/v1."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.api import (
    boards,
    criteria,
    directives,
    documents,
    households,
    identity,
    inspections,
    meetings,
    observations,
    obstacles,
    outcomes,
    outreach,
    papers,
    plans,
    programs,
    reports,
    support,
    territory,
    unit_dossier,
    uploads,
    works,
)
from app.api.ledger import deadlines, disbursements, entries, lines, periods

routers: Final[list[APIRouter]] = [
    *boards.routers,
    identity.router, territory.router, unit_dossier.router, programs.router, lines.router, entries.router, disbursements.router,
    deadlines.router, periods.router, *works.routers, *criteria.routers, documents.router, uploads.router,
    meetings.router, obstacles.router, outreach.router, observations.router, directives.router, *plans.routers, households.router, *support.routers, outcomes.router, papers.router, reports.router, *inspections.routers,
]  # fmt: skip
