"""What happens to a plan: sent, appraised, approved, returned, recognised, taken up again; and what may happen next."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from app import db
from app.clock import utcnow
from app.domain import audit, workflow
from app.domain.access import Actor, require
from app.domain.plans import versions
from app.domain.plans.flow import PLAN_FLOW, SUBJECT
from app.domain.plans.views import PlanView, one
from app.domain.workflow import Move, MoveView, Order
from app.errors import Stale
from app.models.plans import Plan


def move(actor: Actor, plan_id: uuid.UUID, name: str, order: Order, *, seen: int | None = None) -> PlanView:
    """Move a plan; what is sent becomes a version of its own. The same move again by the same hand changes nothing.

    `seen` is the number of the version that the mover has read: Stale when another was sent meanwhile. RuleBroken `own_plan` for who stands on the wrong side, `plan_state` from a state that does not allow it; further
    refusals are those of `workflow.move`.
    """
    require(actor, PLAN_FLOW.named(name).action)
    with db.transaction(write=True) as session:
        standing = one(session, actor, plan_id, lock=True)
        sends = name == "submit"
        number = standing.version_number + sends
        state = workflow.move(session, actor, PLAN_FLOW, standing.thing, name, order, number or None)
        if state is None:
            return standing
        if seen is not None and seen != standing.version_number:
            raise Stale(standing)
        if sends:
            versions.freeze(session, actor, standing, number)
        session.execute(
            sa.update(Plan)
            .where(Plan.id == plan_id)
            .values(state=state, due_on=order.due_on, version=standing.version + 1, updated_at=utcnow())
        )
        audit.record(
            session, actor, f"plan.{name}", SUBJECT, plan_id, standing.unit_id, state=state,
            version=number or None, due_on=order.due_on,
        )  # fmt: skip
        return one(session, actor, plan_id)


def open_moves(actor: Actor, plan: PlanView) -> list[Move]:
    """The moves of a plan that are open to the actor now."""
    return workflow.open_moves(actor, PLAN_FLOW, plan.thing)


def history(actor: Actor, plan_id: uuid.UUID) -> list[MoveView]:
    """What happened to a plan, in order."""
    require(actor, "read")
    with db.transaction() as session:
        one(session, actor, plan_id)
        return workflow.history(session, PLAN_FLOW, [plan_id])[plan_id]
