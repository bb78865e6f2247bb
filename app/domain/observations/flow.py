"""How an observation moves: answered by those who keep what it is about, closed or opened again by who observed."""

from __future__ import annotations

from typing import Final

from app.domain.workflow import Flow, Move
from app.i18n import N_

SUBJECT: Final = "observation"
STATES: Final = ("open", "answered", "closed")
OPEN, ANSWERED, CLOSED = STATES
FLOW: Final = Flow(
    SUBJECT,
    state_rule="observation_state",
    side_rule="own_observation",
    moves=(
        Move("answer", (OPEN,), ANSWERED, "observation.answer", "own", remark=True, awaited=True),
        # Also without an answer: what was observed may be gone.
        Move("close", (OPEN, ANSWERED), CLOSED, "observation.edit", "own", remark=True),
        Move("reopen", (ANSWERED, CLOSED), OPEN, "observation.edit", "own", remark=True),
    ),
    own_words=N_("Giám sát cộng đồng do người ở nơi có công trình, mô hình ghi; cấp trên chỉ xem."),
)
MOVES: Final = tuple(move.name for move in FLOW.moves)
