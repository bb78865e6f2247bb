"""What happens to an observation: answered, closed, opened again. Each is put on record for good."""

from __future__ import annotations

import uuid
from datetime import date

from app import db
from app.clock import today
from app.domain import audit, workflow
from app.domain.access import Actor, require
from app.domain.observations.flow import ANSWERED, CLOSED, FLOW, OPEN, SUBJECT
from app.domain.observations.observing import observes, refuse_others, store
from app.domain.observations.views import ObservationView, one
from app.domain.sides import is_above
from app.domain.workflow import MoveView, Order
from app.errors import Invalid, RuleBroken
from app.i18n import N_


def answer(actor: Actor, observation_id: uuid.UUID, text: str, *, on: date | None = None) -> ObservationView:
    """The answer of those who keep what was observed. RuleBroken `self_answer` for who wrote the observation,
    `own_observation` for a unit above, `observation_state` unless it is open. The same again changes nothing."""
    return _move(actor, observation_id, "answer", Order(text, on=on))


def close(actor: Actor, observation_id: uuid.UUID, text: str, *, on: date | None = None) -> ObservationView:
    """Close it with words, answered or not; by who observed alone (Forbidden)."""
    return _move(actor, observation_id, "close", Order(text, on=on))


def reopen(
    actor: Actor, observation_id: uuid.UUID, reason: str, *, due_on: date | None = None
) -> ObservationView:
    """Ask again, with the reason, for an answer by `due_on`; by who observed alone (Forbidden)."""
    return _move(actor, observation_id, "reopen", Order(reason, due_on=due_on))


def _move(actor: Actor, observation_id: uuid.UUID, name: str, order: Order) -> ObservationView:
    require(actor, FLOW.named(name).action)
    with db.transaction(write=True) as session:
        standing = one(session, actor, observation_id, lock=True)
        if name == "answer":
            _refuse_own(actor, standing)
        else:
            refuse_others(actor, standing)
        on = order.on or today()
        state = workflow.move(session, actor, FLOW, standing.thing, name, order, None)
        if state is None:
            return standing
        if on < standing.observed_on:
            message = N_("Không trước ngày giám sát {day:date}.")
            raise Invalid.field("on", message, day=standing.observed_on)
        said: dict[str, object] = {}
        if state == ANSWERED:
            said = {"answer": order.remark, "answered_on": on, "answered_by": actor.ref}
        elif state == OPEN:
            said = {"answer": "", "answered_on": None, "answered_by": "", "answer_due_on": order.due_on}
        store(session, standing, state=state, **said)
        audit.record(
            session, actor, f"observation.{name}", SUBJECT, observation_id, standing.unit_id, on=on,
            answer_due_on=order.due_on if state == OPEN else standing.answer_due_on,
        )  # fmt: skip
        return one(session, actor, observation_id)


def _refuse_own(actor: Actor, standing: ObservationView) -> None:
    if standing.created_by == actor.ref:
        message = N_("Ý kiến do chính ông/bà ghi: người khác ở đơn vị trả lời.")
        raise RuleBroken("self_answer", message, asked="answer", held=actor.ref)


def may(actor: Actor, standing: ObservationView) -> dict[str, bool]:
    """What somebody is offered, by right and by where the observation stands."""
    found = {move.name for move in workflow.open_moves(actor, FLOW, standing.thing)}
    speaks = observes(actor, standing)
    below = not is_above(actor, standing.unit_level)
    return {
        "answer": "answer" in found and standing.created_by != actor.ref,
        "close": "close" in found and speaks,
        "reopen": "reopen" in found and speaks,
        "change": standing.state == OPEN and speaks and below and actor.may("observation.edit"),
        "raise": standing.subject is not None
        and standing.obstacle_id is None
        and standing.state != CLOSED
        and actor.may("obstacle.raise"),
    }


def history(actor: Actor, observation_id: uuid.UUID) -> list[MoveView]:
    """What happened to an observation, in order."""
    require(actor, "read")
    with db.transaction() as session:
        one(session, actor, observation_id)
        return workflow.history(session, FLOW, [observation_id])[observation_id]
