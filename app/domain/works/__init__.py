"""Investment works (công trình): register, steps, stages, site clearance, progress, settlement, dossier."""

from __future__ import annotations

from app.domain.works.editing import NewWork, create, update
from app.domain.works.register import (
    WorkFilter,
    WorksTotal,
    WorkView,
    gates,
    get,
    hamlets,
    head,
    most_pressing,
    total,
    works,
)

__all__ = [
    "NewWork", "WorkFilter", "WorkView", "WorksTotal", "create", "gates", "get", "hamlets", "head", "most_pressing", "total", "update",
    "works",
]  # fmt: skip
