"""What was said to people of a work or a model, and what they said of it: the numbers that stand beside it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app import db
from app.clock import today
from app.db import big_sum
from app.domain.access import Actor, in_scope, require
from app.domain.observations.flow import OPEN
from app.domain.observations.views import overdue
from app.models.oversight import Observation, Outreach


@dataclass(frozen=True, slots=True)
class Voices:
    """Outreach events about something and people reached; observations of it, those owed an answer, of them the late."""

    events: int
    people: int
    observations: int
    open: int
    late: int


def columns(
    actor: Actor, *, work_id: uuid.UUID | None = None, model_id: uuid.UUID | None = None
) -> list[sa.ScalarSelect[int]]:
    """The columns of `Voices` of a work or of a model, which has no outreach of its own: they stand beside whatever else
    one statement reads of it."""
    about = Observation.work_id == work_id if model_id is None else Observation.model_id == model_id
    events = (
        in_scope(actor, Outreach.unit_id), Outreach.withdrawn_at.is_(None), Outreach.work_id == work_id
    )  # fmt: skip
    observed = (in_scope(actor, Observation.unit_id), about)
    asked: tuple[tuple[type[Observation | Outreach], sa.ColumnElement[int], tuple[sa.ColumnElement[bool], ...]], ...] = (
        (Outreach, sa.func.count(), events),
        (Outreach, big_sum(Outreach.people), events),
        (Observation, sa.func.count(), observed),
        (Observation, sa.func.count(), (*observed, Observation.state == OPEN)),
        (Observation, sa.func.count(), (*observed, overdue(today()))),
    )  # fmt: skip
    return [
        sa.select(what).select_from(table).where(*conditions).scalar_subquery()
        for table, what, conditions in asked
    ]


def voices_of_model(actor: Actor, model_id: uuid.UUID) -> Voices:
    """The numbers of a model: one statement."""
    require(actor, "read")
    with db.snapshot() as session:
        row: Sequence[int] = session.execute(sa.select(*columns(actor, model_id=model_id))).one()
        return Voices(*row)
