"""What still bars a work's next stage, by name."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.works import WorkView


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing (thiếu …): the rule that asks for it, and the step that it belongs to."""

    rule: str
    name: str
    step_code: str | None


def missing(_work: WorkView) -> tuple[Missing, ...]:
    """Nothing, as long as the book keeps no steps of a work's procedure: no rule asks for anything yet."""
    return ()
