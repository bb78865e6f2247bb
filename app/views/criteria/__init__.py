"""Pages of criteria: the scorecard and its criteria, the matrix of many units, assessments, sets of criteria."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.criteria import assessments, criterion, new_set, scorecard, sets, thresholds

# What is fixed stands before what is any set's code.
routers: Final[list[APIRouter]] = [
    scorecard.router, criterion.router, assessments.router, new_set.router, sets.router, thresholds.router,
]  # fmt: skip
