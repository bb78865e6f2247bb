"""The demonstration's outreach events, and what its supervisor observed, with answers; every row illustrative."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.domain import observations, outreach
from app.domain.access import Actor
from app.domain.demo_base import COMMUNE, actor, day, id_of, rows
from app.domain.observations import NewObservation
from app.domain.outreach import NewOutreach

BOARD: Final = "Ban giám sát đầu tư của cộng đồng xã Sông Trà (minh họa)"


def load_outreach(officer: Actor) -> None:
    """Record the events that the file has."""
    for row in rows("outreach"):
        new = NewOutreach(
            id_of("outreach", row["key"]), date.fromisoformat(row["held_on"]), row["topic"], int(row["people"]), COMMUNE,
            row["hamlet"] or None, row["place"], row["content"], row["organiser"], row["program"] or None,
            id_of("work", row["work"]) if row["work"] else None, int(row["criterion"]) if row["criterion"] else None,
        )  # fmt: skip
        outreach.create(officer, new, illustrative=True)


def load_observations(supervisor: Actor) -> None:
    """Record what was observed and take each as far as it stands there; what has happened already is left alone."""
    kinds = {"work": "work", "support_model": "support"}
    for row in rows("observations"):
        kind = row["subject_kind"]
        new = NewObservation(
            id_of("observation", row["key"]), BOARD, row["text"], date.fromisoformat(row["observed_on"]), kind,
            id_of(kinds[kind], row["subject"]) if kind else None, None if kind else COMMUNE, supervisor.name,
            day(row["answer_due_on"]), float(row["lat"]) if row["lat"] else None,
            float(row["lon"]) if row["lon"] else None,
        )  # fmt: skip
        made, _ = observations.create(supervisor, new, illustrative=True)
        happened = {move.move for move in observations.history(supervisor, made.id)}
        if row["answered_on"] and "answer" not in happened:
            observations.answer(actor(row["by"]), made.id, row["answer"], on=day(row["answered_on"]))
        if row["closed_on"] and "close" not in happened:
            observations.close(supervisor, made.id, row["closing"], on=day(row["closed_on"]))
