"""Obstacles (vướng mắc): raised about works, lines, steps and support models, escalated to the unit above, answered, resolved."""

from __future__ import annotations

from app.domain.obstacles.moves import UnitAbove, answer, escalate, reopen, resolve, units_above
from app.domain.obstacles.raising import NewObstacle, create, may_change, put, update
from app.domain.obstacles.register import (
    ObstacleFilter,
    ObstaclesTotal,
    counting,
    counts,
    get,
    history,
    most_pressing,
    obstacles,
    standing,
    standing_of,
    total,
)
from app.domain.obstacles.views import KINDS, STATES, SUBJECTS, EventView, ObstacleView

__all__ = [
    "KINDS", "STATES", "SUBJECTS", "EventView", "NewObstacle", "ObstacleFilter", "ObstacleView", "ObstaclesTotal", "UnitAbove", "answer",
    "counting", "counts", "create", "escalate", "get", "history", "may_change", "most_pressing", "obstacles", "put", "reopen", "resolve",
    "standing", "standing_of",    "total", "units_above", "update",
]  # fmt: skip
