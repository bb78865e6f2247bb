"""Community supervision (giám sát cộng đồng): what boards of the people observe, and what they are answered."""

from __future__ import annotations

from app.domain.observations.answering import answer, close, history, may, reopen
from app.domain.observations.beside import Voices, columns, voices_of_model
from app.domain.observations.flow import MOVES, STATES
from app.domain.observations.hindering import NewHindrance, raise_obstacle
from app.domain.observations.observing import NewObservation, create, update
from app.domain.observations.register import (
    ObservationFilter,
    ObservationsTotal,
    counts,
    get,
    observations,
    subject_offers,
    total,
    waiting,
)
from app.domain.observations.views import ObservationView

__all__ = [
    "MOVES", "STATES", "NewHindrance", "NewObservation", "ObservationFilter", "ObservationView", "ObservationsTotal", "Voices", "answer",
    "close", "columns", "counts", "create", "get", "history", "may", "observations", "raise_obstacle", "reopen", "subject_offers", "total",
    "update", "voices_of_model", "waiting",
]  # fmt: skip
