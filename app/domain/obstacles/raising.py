"""Raising an obstacle about a work, a line, a step or a support model, and changing what is said of it until it is resolved."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.ledger.entries import hash_body
from app.domain.obstacles.views import (
    ESCALATED,
    KINDS,
    OPEN,
    RAISED,
    RESOLVED,
    SUBJECT,
    ObstacleView,
    one,
    subject_of,
)
from app.errors import FieldError, Forbidden, IdTaken, Invalid, RuleBroken, Stale
from app.i18n import N_
from app.models.progress import Obstacle, ObstacleEvent
from app.text import fold

EDITABLE: Final = ("kind", "text", "resolver", "raised_on")
LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class NewObstacle:
    """An obstacle as it is raised; by default today. `resolver`: who can resolve it, in words."""

    id: uuid.UUID
    subject_kind: str
    subject_id: uuid.UUID
    text: str
    kind: str = "other"
    resolver: str = ""
    raised_on: date | None = None

    def body_hash(self) -> str:
        return hash_body(*(getattr(self, name) for name in self.__slots__))


def create(actor: Actor, new: NewObstacle, *, illustrative: bool = False) -> tuple[ObstacleView, bool]:
    """Raise an obstacle; (the obstacle, whether it is new). Its unit is that of what it is about.

    The same body again gives back the same row; another body under its id raises IdTaken.
    """
    require(actor, "obstacle.raise")
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just made it: look again


def _create(actor: Actor, new: NewObstacle, illustrative: bool) -> tuple[ObstacleView, bool]:
    with db.transaction(write=True) as session:
        return put(session, actor, new, illustrative=illustrative)


def put(
    session: Session, actor: Actor, new: NewObstacle, *, illustrative: bool = False
) -> tuple[ObstacleView, bool]:
    """`create` in the transaction of whoever has looked at the rights."""
    values = {name: getattr(new, name) for name in EDITABLE} | {"raised_on": new.raised_on or today()}
    _check(values)
    body = new.body_hash()
    stored = session.execute(sa.select(Obstacle.body_hash).where(Obstacle.id == new.id)).scalar_one_or_none()
    if stored is not None:
        if stored != body:
            raise IdTaken()
        return one(session, actor, new.id), False
    about = subject_of(session, actor, new.subject_kind, new.subject_id)
    now = utcnow()
    session.execute(
        sa.insert(Obstacle).values(
            values
            | {
                "id": new.id, "unit_id": about.unit_id, "subject_kind": about.kind, "subject_id": about.id,
                "work_id": about.work_id, "line_id": about.id if about.kind == "line" else None,
                "state": OPEN, "search": _search(new.text, new.resolver), "illustrative": illustrative,
                "body_hash": body, "created_at": now, "created_by": actor.ref, "updated_at": now, "version": 1,
            }
        )
    )  # fmt: skip
    add_event(session, actor, new.id, RAISED, new.text, values["raised_on"])
    audit.record(
        session, actor, "obstacle.raise", SUBJECT, new.id, about.unit_id, about=f"{about.kind}:{about.id}",
        kind=new.kind, raised_on=values["raised_on"],
    )  # fmt: skip
    return one(session, actor, new.id), True


def add_event(
    session: Session,
    actor: Actor,
    obstacle_id: uuid.UUID,
    what: str,
    text: str,
    on: date,
    *,
    to_unit_id: int | None = None,
) -> None:
    """Put on record what happened to an obstacle; nobody changes it afterwards."""
    session.execute(
        sa.insert(ObstacleEvent).values(
            obstacle_id=obstacle_id, what=what, text=text, on=on, at=utcnow(), by=actor.ref,
            unit_id=actor.unit_id, to_unit_id=to_unit_id,
        )
    )  # fmt: skip


def _search(text: str, resolver: str) -> str:
    return fold(f"{text} {resolver}")


def _check(values: dict[str, Any], before: date | None = None) -> None:
    """Raises Invalid; `before`: something happened on that day already."""
    faults = []
    if values["kind"] not in KINDS:
        faults.append(FieldError("kind", N_("Không có loại vướng mắc này.")))
    if not values["text"].strip():
        faults.append(FieldError("text", N_("Ghi vướng mắc là gì.")))
    day: date = values["raised_on"]
    if day > today():
        message = N_("Ngày phát sinh không được sau hôm nay {today:date}.")
        faults.append(FieldError("raised_on", message, {"today": today()}))
    elif before is not None and day > before:
        message = N_("Ngày phát sinh không được sau ngày {before:date} đã chuyển cấp trên.")
        faults.append(FieldError("raised_on", message, {"before": before}))
    if faults:
        raise Invalid(*faults)


def update(actor: Actor, obstacle_id: uuid.UUID, version: int, changes: dict[str, Any]) -> ObstacleView:
    """Change `kind`, `text`, `resolver` or `raised_on`. Raises Stale when somebody changed it since.

    Who may raise obstacles but not resolve them changes their own alone. RuleBroken `obstacle_state` once resolved.
    """
    require(actor, "obstacle.raise")
    with db.transaction(write=True) as session:
        standing = one(session, actor, obstacle_id, lock=True)
        if not may_change(actor, standing):
            raise Forbidden(N_("Chỉ sửa được vướng mắc do chính mình nêu."))
        if standing.version != version:
            raise Stale(standing)
        values = {name: changes[name] for name in EDITABLE if name in changes}
        if not values:
            return standing
        refuse_state(standing, "update", standing.state != RESOLVED)
        whole = {name: getattr(standing, name) for name in EDITABLE} | values
        _check(whole, standing.escalated_on)
        store(session, standing, **values, search=_search(whole["text"], whole["resolver"]))
        facts = {name: value for name, value in values.items() if name in ("kind", "raised_on")}
        audit.record(
            session, actor, "obstacle.update", SUBJECT, obstacle_id, standing.unit_id, fields=sorted(values),
            **facts,
        )  # fmt: skip
        return one(session, actor, obstacle_id)


def may_change(actor: Actor, obstacle: ObstacleView) -> bool:
    """Whether somebody may say otherwise what the obstacle is."""
    own = obstacle.created_by == actor.ref
    return actor.may("obstacle.raise") and (own or actor.may("obstacle.resolve"))


def store(session: Session, standing: ObstacleView, **values: Any) -> None:
    """Write to a locked obstacle."""
    session.execute(
        sa.update(Obstacle)
        .where(Obstacle.id == standing.id)
        .values(**values, version=standing.version + 1, updated_at=utcnow())
    )


_BARRED: Final = {
    OPEN: N_("Vướng mắc này chưa chuyển cấp trên."),
    "waiting": N_("Vướng mắc đang chờ cấp trên trả lời."),
    "answered": N_("Cấp trên đã trả lời vướng mắc này."),
    RESOLVED: N_("Vướng mắc đã giải quyết; mở lại trước đã."),
}


def refuse_state(standing: ObstacleView, asked: str, allowed: bool) -> None:
    """RuleBroken `obstacle_state` for a move (`asked`) that the state (`held`) does not allow."""
    if allowed:
        return
    if asked == "reopen":
        message = N_("Vướng mắc chưa giải quyết, không cần mở lại.")
    elif standing.state == ESCALATED:
        message = _BARRED["waiting" if standing.waits else "answered"]
    else:
        message = _BARRED[standing.state]
    raise RuleBroken("obstacle_state", message, asked=asked, held=standing.state)
