"""Codes of the books in the words of their readers, as message ids: those of the reports."""

from __future__ import annotations

from app.reports.labels import (
    CAPITAL_KINDS,
    CAPITAL_SHORT,
    ENTRY_KINDS,
    LEVELS,
    OBSTACLE_KINDS,
    PLAN_KINDS,
    POCKETS,
    PROCEDURES,
    QUESTIONS,
    STAGES,
    STATUSES,
    STEP_STATES,
    STRUCTURES,
)

__all__ = [
    "CAPITAL_KINDS",
    "CAPITAL_SHORT",
    "ENTRY_KINDS",
    "LEVELS",
    "OBSTACLE_KINDS",
    "PLAN_KINDS",
    "POCKETS",
    "PROCEDURES",
    "QUESTIONS",
    "STAGES",
    "STATUSES",
    "STEP_STATES",
    "STRUCTURES",
]
