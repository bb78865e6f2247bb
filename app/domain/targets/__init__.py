"""Targets (chỉ tiêu): which criterion or recognition a unit is to reach by when, and the roadmap toward it."""

from __future__ import annotations

from app.domain.targets.editing import NewTarget, create, drop, update
from app.domain.targets.register import TargetFilter, get, heads, number_of, targets
from app.domain.targets.views import RECOGNITIONS, STATES, Lag, TargetView

__all__ = [
    "RECOGNITIONS", "STATES", "Lag", "NewTarget", "TargetFilter", "TargetView", "create", "drop", "get", "heads", "number_of",
    "targets", "update",
]  # fmt: skip
