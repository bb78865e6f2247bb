"""How a plan moves: drafted by its unit, appraised and approved by the unit above, and sent back with remarks."""

from __future__ import annotations

from typing import Final

from app.domain.workflow import Flow, Move

SUBJECT: Final = "plan"
DRAFT, SUBMITTED, APPRAISED = "draft", "submitted", "appraised"
APPROVED, RECOGNISED, RETURNED = "approved", "recognised", "returned"
STATES: Final = (DRAFT, SUBMITTED, APPRAISED, APPROVED, RECOGNISED, RETURNED)
OPEN: Final = (DRAFT, RETURNED)  # its text may be changed
MODEL_HAMLET: Final = "model_hamlet"

PLAN_FLOW: Final = Flow(
    SUBJECT,
    state_rule="plan_state",
    side_rule="own_plan",
    moves=(
        Move("submit", OPEN, SUBMITTED, "plan.submit", "own"),
        Move("appraise", (SUBMITTED,), APPRAISED, "plan.appraise", "above", awaited=True),
        Move("approve", (APPRAISED,), APPROVED, "plan.approve", "above", awaited=True),
        Move("return", (SUBMITTED, APPRAISED), RETURNED, "plan.return", "above", remark=True),
        Move("recognise", (APPROVED,), RECOGNISED, "plan.approve", "above", kinds=(MODEL_HAMLET,)),
        # Adjusting an approved plan; the version that was approved is in force until the next one is.
        Move("revise", (APPROVED,), DRAFT, "plan.edit", "own", remark=True),
    ),
)
MOVES: Final = tuple(move.name for move in PLAN_FLOW.moves)
