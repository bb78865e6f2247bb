"""How a support model moves: drafted by its unit, appraised and approved above, then run, evaluated and closed."""

from __future__ import annotations

from typing import Final

from app.domain.workflow import Flow, Move
from app.models.support import SUPPORT_STATES

SUBJECT: Final = "support_model"
STATES: Final = SUPPORT_STATES
DRAFT, SUBMITTED, APPRAISED, APPROVED, RETURNED, RUNNING, EVALUATED, CLOSED = SUPPORT_STATES
OPEN: Final = (DRAFT, RETURNED)  # its text may be changed
UNDER_WAY: Final = (RUNNING, EVALUATED)  # households receive and are visited, payments go on
GRANTED: Final = (APPROVED, RUNNING, EVALUATED, CLOSED)  # its members are supported

SUPPORT_FLOW: Final = Flow(
    SUBJECT,
    state_rule="support_state",
    side_rule="own_support",
    moves=(
        Move("submit", OPEN, SUBMITTED, "support.submit", "own"),
        Move("appraise", (SUBMITTED,), APPRAISED, "support.appraise", "above", awaited=True),
        Move("approve", (APPRAISED,), APPROVED, "support.approve", "above", awaited=True),
        # Also once approved: a household or a plan that changed since may keep it from being begun.
        Move("return", (SUBMITTED, APPRAISED, APPROVED), RETURNED, "support.return", "above", remark=True),
        Move("start", (APPROVED,), RUNNING, "support.run", "own"),
        # Again before it is closed: what was said of it is put right.
        Move("evaluate", (RUNNING, EVALUATED), EVALUATED, "support.run", "own"),
        Move("close", (EVALUATED,), CLOSED, "support.run", "own"),
    ),
)
MOVES: Final = tuple(move.name for move in SUPPORT_FLOW.moves)
