"""What happens to an obstacle: escalated to the unit above, answered there, resolved, opened again.

Each move is put on record for good. The same move sent again by the same hand changes nothing.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.obstacles.raising import LONGEST, add_event, refuse_state, store
from app.domain.obstacles.views import (
    ANSWERED,
    ESCALATED,
    OPEN,
    REOPENED,
    RESOLVED,
    SUBJECT,
    ObstacleView,
    one,
)
from app.domain.territory import LEVELS
from app.errors import Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.progress import ObstacleEvent
from app.models.territory import Unit, UnitScope


@dataclass(frozen=True, slots=True)
class UnitAbove:
    """A unit to which an obstacle may be escalated."""

    id: int
    code: str
    structure: str
    name: str

    @property
    def exact_code(self) -> str:
        return f"{self.code}@{self.structure}"


def units_above(actor: Actor, obstacle: ObstacleView) -> list[UnitAbove]:
    """Units above an obstacle's own, the nearest first; beside a reader's own unit those above it alone.

    They stand in the reader's structure: what a commune of three tiers left behind goes, under two tiers, from the
    commune that took it over straight to the province.
    """
    require(actor, "read")
    with db.transaction() as session:
        found = _above(session, actor, obstacle.unit_id)
        higher = LEVELS.index(actor.level)
        own = [unit for unit, level in found if LEVELS.index(level) > higher]
        return own or [unit for unit, _ in found]


def _above(session: Session, actor: Actor, unit_id: int) -> list[tuple[UnitAbove, str]]:
    """(unit, its level) in the actor's structure above a unit, the nearest first."""
    level = sa.select(Unit.level).where(Unit.id == unit_id).scalar_subquery()
    rank = sa.case({name: i for i, name in enumerate(LEVELS)}, value=Unit.level)
    own = sa.case({name: i for i, name in enumerate(LEVELS)}, value=level)
    query = (
        sa.select(Unit.id, Unit.code, Unit.structure, Unit.name, Unit.level)
        .join(UnitScope, UnitScope.ancestor_id == Unit.id)
        .where(UnitScope.unit_id == unit_id, Unit.structure == actor.structure, rank > own)
        .order_by(rank)
    )
    return [
        (UnitAbove(id_, code, structure, name), at)
        for id_, code, structure, name, at in session.execute(query)
    ]


def escalate(
    actor: Actor, obstacle_id: uuid.UUID, text: str, *, to: str | None = None, on: date | None = None
) -> ObstacleView:
    """Ask a unit above, by default the nearest: before 2025-07-01 the district, after it the province.

    Again once that was answered. RuleBroken `obstacle_state` while an answer is owed and once resolved.
    """
    require(actor, "obstacle.resolve")
    on = on or today()
    with db.transaction(write=True) as session:
        standing = one(session, actor, obstacle_id, lock=True)
        target = _target(session, actor, standing, to)
        if standing.waits and _again(session, actor, obstacle_id, ESCALATED, text, on, target.id):
            return standing
        refuse_state(standing, "escalate", standing.state != RESOLVED and not standing.waits)
        _check(standing, text, on, "escalated_on")
        store(session, standing, state=ESCALATED, escalated_to=target.id, escalated_on=on, answered_on=None)
        add_event(session, actor, obstacle_id, ESCALATED, text, on, to_unit_id=target.id)
        audit.record(
            session, actor, "obstacle.escalate", SUBJECT, obstacle_id, standing.unit_id, to=target.exact_code,
            escalated_on=on,
        )  # fmt: skip
        return one(session, actor, obstacle_id)


def _target(session: Session, actor: Actor, standing: ObstacleView, to: str | None) -> UnitAbove:
    found = [unit for unit, _ in _above(session, actor, standing.unit_id)]
    if to is not None:
        found = [unit for unit in found if to in (unit.code, unit.exact_code)]
    if not found:
        raise NotFound(N_("Không có đơn vị này ở trên đơn vị có vướng mắc."), field="to")
    return found[0]


def answer(actor: Actor, obstacle_id: uuid.UUID, text: str, *, on: date | None = None) -> ObstacleView:
    """Answer what was escalated. RuleBroken `own_escalation` for whoever is below the unit that was asked."""
    require(actor, "obstacle.answer")
    on = on or today()
    with db.transaction(write=True) as session:
        standing = one(session, actor, obstacle_id, lock=True)
        if standing.answered_on is not None and _again(session, actor, obstacle_id, ANSWERED, text, on):
            return standing
        refuse_state(standing, "answer", standing.waits)
        if not standing.answerable:
            raise RuleBroken(
                "own_escalation",
                N_("Vướng mắc đã chuyển {unit}: nơi đó trả lời, không tự trả lời."),
                unit=standing.escalated_to_name or "", asked=actor.unit_code, held=standing.escalated_to,
            )  # fmt: skip
        _check(standing, text, on, "answered_on")
        store(session, standing, answered_on=on)
        add_event(session, actor, obstacle_id, ANSWERED, text, on)
        audit.record(
            session, actor, "obstacle.answer", SUBJECT, obstacle_id, standing.unit_id, answered_on=on
        )
        return one(session, actor, obstacle_id)


def resolve(actor: Actor, obstacle_id: uuid.UUID, text: str, *, on: date | None = None) -> ObstacleView:
    """Close an obstacle, in whatever state it stands, with what resolved it."""
    require(actor, "obstacle.resolve")
    on = on or today()
    with db.transaction(write=True) as session:
        standing = one(session, actor, obstacle_id, lock=True)
        if standing.state == RESOLVED and _again(session, actor, obstacle_id, RESOLVED, text, on):
            return standing
        refuse_state(standing, "resolve", standing.state != RESOLVED)
        _check(standing, text, on, "resolved_on")
        store(session, standing, state=RESOLVED, resolved_on=on)
        add_event(session, actor, obstacle_id, RESOLVED, text, on)
        audit.record(
            session, actor, "obstacle.resolve", SUBJECT, obstacle_id, standing.unit_id, resolved_on=on
        )
        return one(session, actor, obstacle_id)


def reopen(actor: Actor, obstacle_id: uuid.UUID, reason: str) -> ObstacleView:
    """Open a resolved obstacle again, today; whether it was escalated before stays on record alone."""
    require(actor, "obstacle.resolve")
    on = today()
    with db.transaction(write=True) as session:
        standing = one(session, actor, obstacle_id, lock=True)
        if standing.state == OPEN and _again(session, actor, obstacle_id, REOPENED, reason, on):
            return standing
        refuse_state(standing, "reopen", standing.state == RESOLVED)
        _check(standing, reason, on, "on", field="reason")
        store(
            session, standing, state=OPEN, resolved_on=None, escalated_to=None, escalated_on=None,
            answered_on=None,
        )  # fmt: skip
        add_event(session, actor, obstacle_id, REOPENED, reason, on)
        audit.record(session, actor, "obstacle.reopen", SUBJECT, obstacle_id, standing.unit_id)
        return one(session, actor, obstacle_id)


def _again(
    session: Session,
    actor: Actor,
    obstacle_id: uuid.UUID,
    what: str,
    text: str,
    on: date,
    to_unit_id: int | None = None,
) -> bool:
    """Whether the last that happened is this very move by the same hand: its answer was lost on the way."""
    last = session.execute(
        sa.select(
            ObstacleEvent.what,
            ObstacleEvent.text,
            ObstacleEvent.on,
            ObstacleEvent.by,
            ObstacleEvent.to_unit_id,
        )
        .where(ObstacleEvent.obstacle_id == obstacle_id)
        .order_by(ObstacleEvent.id.desc())
        .limit(1)
    ).one()
    return tuple(last) == (what, text, on, actor.ref, to_unit_id)


def _check(standing: ObstacleView, text: str, on: date, day: str, *, field: str = "text") -> None:
    """Raises Invalid for a move without words, of a day to come or before what happened last."""
    if not text.strip():
        raise Invalid.field(field, N_("Chưa điền"))
    if len(text) > LONGEST:
        raise Invalid.field(field, N_("Dài quá {longest:number} ký tự"), longest=LONGEST)
    if on > today():
        message = N_("Ngày thực tế không được sau hôm nay {today:date}.")
        raise Invalid.field(day, message, today=today())
    if on < standing.last_day:
        message = N_("Không trước ngày {last:date} của việc gần nhất về vướng mắc này.")
        raise Invalid.field(day, message, last=standing.last_day)
