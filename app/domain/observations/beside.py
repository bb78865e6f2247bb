"""What was said to people of a work or a model, and what they said of it: the numbers that stand beside it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

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


def voices(
    session: Session, actor: Actor, *, work_id: uuid.UUID | None = None, model_id: uuid.UUID | None = None
) -> Voices:
    """The numbers of a work or of a model, which has no outreach of its own: one statement."""
    events = (
        sa.select(sa.func.count().label("events"), big_sum(Outreach.people).label("people"))
        .where(
            in_scope(actor, Outreach.unit_id), Outreach.withdrawn_at.is_(None), Outreach.work_id == work_id
        )
        .subquery()
    )
    about = Observation.work_id == work_id if model_id is None else Observation.model_id == model_id
    observed = (
        sa.select(
            sa.func.count().label("all"),
            big_sum(sa.case((Observation.state == OPEN, 1), else_=0)).label("open"),
            big_sum(sa.case((overdue(today()), 1), else_=0)).label("late"),
        )
        .where(in_scope(actor, Observation.unit_id), about)
        .subquery()
    )
    query = sa.select(events, observed).select_from(events.join(observed, sa.true()))
    return Voices(*session.execute(query).one())


def voices_of_model(actor: Actor, model_id: uuid.UUID) -> Voices:
    """`voices` of a model in a transaction of its own."""
    require(actor, "read")
    with db.snapshot() as session:
        return voices(session, actor, model_id=model_id)
