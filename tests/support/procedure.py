"""Taking a work through its procedure, as its officer would: each step with the documents that it requires."""

from __future__ import annotations

import uuid
from datetime import date

from app.domain.access import Actor
from app.domain.works import step_editing, steps
from app.domain.works.steps import StepView
from tests.support.papers import document
from tests.support.world import actor

DAY = date(2023, 3, 1)


def step(work_id: uuid.UUID, code: str, who: Actor | None = None, track: str = "main") -> StepView:
    """A work's step as it stands."""
    found = steps.steps(who or actor(), work_id)
    return next(s for s in found if s.code == code and s.track == track)


def papers(work_id: uuid.UUID, code: str) -> tuple[uuid.UUID, ...]:
    """New documents of each kind that a step lacks, not attached to anything."""
    return tuple(document(content=None, kind=kind).id for kind in step(work_id, code).lacks)


def done(work_id: uuid.UUID, code: str, day: date = DAY, who: Actor | None = None) -> StepView:
    """The step with all that it requires, done on a day."""
    now = step(work_id, code)
    wanted = (*(d for d, _ in now.papers), *papers(work_id, code))
    changes = {"status": "done", "done_on": day, "documents": wanted}
    return step_editing.update(who or actor(), work_id, now.id, now.version, changes)


def up_to(work_id: uuid.UUID, gate: str, day: date = DAY) -> None:
    """Every step that bars a stage or one before it, done in order."""
    gates = ("construction", "completed", "handed_over", "settled")
    for each in steps.steps(actor(), work_id):
        if each.track == "main" and each.gate in gates[: gates.index(gate) + 1] and not each.settled:
            done(work_id, each.code, day)
