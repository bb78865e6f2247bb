"""The demonstration's obstacles: raised by the officer, escalated to the district, answered there, resolved."""

from __future__ import annotations

import uuid
from datetime import date

from app.domain import obstacles
from app.domain.access import Actor
from app.domain.demo_base import id_of, rows
from app.domain.obstacles import NewObstacle


def load_obstacles(officer: Actor, reviewer: Actor) -> None:
    """Raise what the file has and take each as far as it stands there; what has happened already is left alone."""
    for row in rows("obstacles"):
        new = NewObstacle(
            id_of("obstacle", row["key"]), "work", id_of("work", row["subject"]), row["text"], row["kind"],
            row["resolver"], date.fromisoformat(row["raised_on"]),
        )  # fmt: skip
        made, _ = obstacles.create(officer, new, illustrative=True)
        _move(officer, reviewer, made.id, row)


def _move(officer: Actor, reviewer: Actor, obstacle_id: uuid.UUID, row: dict[str, str]) -> None:
    happened = {event.what for event in obstacles.history(officer, obstacle_id)}
    if row["escalated_on"] and "escalated" not in happened:
        on = date.fromisoformat(row["escalated_on"])
        obstacles.escalate(officer, obstacle_id, row["escalation"], on=on)
    if row["answered_on"] and "answered" not in happened:
        obstacles.answer(reviewer, obstacle_id, row["answer"], on=date.fromisoformat(row["answered_on"]))
    if row["resolved_on"] and "resolved" not in happened:
        obstacles.resolve(officer, obstacle_id, row["resolution"], on=date.fromisoformat(row["resolved_on"]))
