"""Lists of obstacles: under filters, what presses most, and how much they hold back together."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.db import big_sum
from app.domain.access import Actor, in_scope, require, under
from app.domain.obstacles.views import (
    RESOLVED,
    EventView,
    ObstacleView,
    events_of,
    joined,
    one,
    owed_by,
    selection,
    subject_of,
    waiting,
)
from app.domain.territory import resolve
from app.models.ledger import Balance, BudgetLine
from app.models.programs import Project
from app.models.progress import Obstacle
from app.models.support import SupportModel
from app.models.works import Work
from app.text import fold

_OF_ONE: Final = 20  # shown beside one work or line


@dataclass(frozen=True, slots=True)
class ObstacleFilter:
    """What a list of obstacles is narrowed to; None leaves it open.

    `subject` is (kind, id) of exactly that thing, `work_id` a work with its steps and lines, `model_id` a support model. `escalated`: the unit
    above owes an answer, `mine`: the actor's own unit owes it. `standing`: not resolved.
    """

    unit: str | None = None
    state: str | None = None
    kind: str | None = None
    subject: tuple[str, uuid.UUID] | None = None
    work_id: uuid.UUID | None = None
    model_id: uuid.UUID | None = None
    escalated: bool | None = None
    mine: bool | None = None
    standing: bool | None = None
    q: str | None = None
    updated_since: datetime | None = None
    year: int | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class ObstaclesTotal:
    """Obstacles together. `money_held` in đồng: a line that several hold back counts once."""

    count: int
    standing: int
    waiting: int
    money_held: int


def _conditions(session: Session, actor: Actor, wanted: ObstacleFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield in_scope(actor, Obstacle.unit_id)
    if wanted.unit is not None:
        unit = resolve(session, actor, wanted.unit, as_of=wanted.as_of, year=wanted.year)
        yield under(unit.id, Obstacle.unit_id)
    same = {"state": Obstacle.state, "kind": Obstacle.kind, "work_id": Obstacle.work_id}
    for name, column in same.items():
        if getattr(wanted, name) is not None:
            yield column == getattr(wanted, name)
    if wanted.model_id is not None:
        yield Obstacle.subject_kind == "support_model"
        yield Obstacle.subject_id == wanted.model_id
    if wanted.subject is not None:
        subject_of(session, actor, *wanted.subject)
        yield Obstacle.subject_kind == wanted.subject[0]
        yield Obstacle.subject_id == wanted.subject[1]
    for asked, condition in (
        (wanted.escalated, waiting()),
        (wanted.mine, owed_by(actor)),
        (wanted.standing, Obstacle.state != RESOLVED),
    ):
        if asked is not None:
            yield condition if asked else ~sa.func.coalesce(condition, sa.false())
    for word in fold(wanted.q or "").split():
        yield sa.or_(
            *(
                table.search.contains(word, autoescape=True)
                for table in (Obstacle, Work, Project, SupportModel)
            )
        )
    if wanted.updated_since is not None:
        yield Obstacle.updated_at >= wanted.updated_since


def obstacles(
    actor: Actor,
    wanted: ObstacleFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    by_money: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[ObstacleView]:
    """Obstacles in the order in which they changed last (`after`: the last one seen), or for people those that hold
    most money back first, the older first, the resolved last."""
    require(actor, "read")
    with db.transaction() as session:
        query = selection(actor).where(*_conditions(session, actor, wanted))
        if after is not None:
            query = query.where(db.past(Obstacle.updated_at, Obstacle.id, after))
        order = _pressing() if by_money else (Obstacle.updated_at, Obstacle.id)
        rows = session.execute(query.order_by(*order).offset(offset).limit(limit))
        return [ObstacleView(*row) for row in rows]


def _pressing() -> tuple[Any, ...]:
    resolved = sa.case((Obstacle.state == RESOLVED, 1), else_=0)
    return resolved, sa.desc("money_held"), Obstacle.raised_on, Obstacle.id


def _together(conditions: Sequence[sa.ColumnElement[bool]]) -> sa.Select[int, int, int, int]:
    """The columns of ObstaclesTotal."""
    found = (
        sa.select(
            Obstacle.subject_kind, Obstacle.subject_id, Obstacle.work_id, Obstacle.line_id,
            sa.case((Obstacle.state != RESOLVED, 1), else_=0).label("standing"),
            sa.case((waiting(), 1), else_=0).label("waiting"),
        )
        .select_from(joined())
        .where(*conditions)
        .cte("found")
    )  # fmt: skip
    of_lines = sa.select(found.c.line_id).where(found.c.standing == 1, found.c.subject_kind == "line")
    of_works = (
        sa.select(BudgetLine.id)
        .join(found, found.c.work_id == BudgetLine.work_id)
        .where(found.c.standing == 1, found.c.subject_kind != "line")
    )
    of_models = (
        sa.select(BudgetLine.id)
        .join(found, found.c.subject_id == BudgetLine.support_model_id)
        .where(found.c.standing == 1, found.c.subject_kind == "support_model")
    )
    lines = of_lines.union(of_works, of_models)
    held = sa.select(big_sum(Balance.available)).where(Balance.budget_line_id.in_(lines))
    counts = (sa.func.coalesce(sa.func.sum(found.c[name]), 0) for name in ("standing", "waiting"))
    return sa.select(sa.func.count(), *counts, held.scalar_subquery()).select_from(found)


def total(actor: Actor, wanted: ObstacleFilter) -> ObstaclesTotal:
    """All obstacles under a filter together."""
    require(actor, "read")
    with db.transaction() as session:
        query = _together(list(_conditions(session, actor, wanted)))
        return ObstaclesTotal(*session.execute(query).one())


def counting(actor: Actor, unit_id: int) -> sa.Select[int, int, int, int]:
    """One row: how many obstacles there are under a unit, and what `counts` gives."""
    return _together([in_scope(actor, Obstacle.unit_id), under(unit_id, Obstacle.unit_id)])


def counts(session: Session, actor: Actor, unit_id: int) -> tuple[int, int, int]:
    """(how many stand in the way under a unit, of them waiting for the unit above, đồng that they hold back):
    one statement."""
    row = session.execute(counting(actor, unit_id)).one()
    return row[1], row[2], row[3]


def most_pressing(
    session: Session, actor: Actor, limit: int, *, mine_first: bool
) -> tuple[list[ObstacleView], int, int]:
    """(what stands in the way: first, if asked so, what the actor's unit owes an answer, then by the money held back
    and by age; how many there are; how many of them the unit owes an answer): one statement."""
    mine = sa.case((owed_by(actor), 1), else_=0)
    query = (
        selection(actor)
        .add_columns(sa.func.count().over(), sa.func.sum(mine).over())
        .where(in_scope(actor, Obstacle.unit_id), Obstacle.state != RESOLVED)
        .order_by(*([mine.desc()] if mine_first else []), *_pressing())
        .limit(limit)
    )
    rows = session.execute(query).all()
    return [ObstacleView(*row[:-2]) for row in rows], *(rows[0][-2:] if rows else (0, 0))


def standing_of(
    actor: Actor,
    *,
    work_id: uuid.UUID | None = None,
    line_id: uuid.UUID | None = None,
    model_id: uuid.UUID | None = None,
) -> list[ObstacleView]:
    """What is not resolved of a work with its steps and lines, of a line, or of a support model: most money first."""
    subject = None if line_id is None else ("line", line_id)
    wanted = ObstacleFilter(work_id=work_id, model_id=model_id, subject=subject, standing=True)
    return obstacles(actor, wanted, by_money=True, limit=_OF_ONE)


def standing(session: Session, actor: Actor, work_id: uuid.UUID) -> list[ObstacleView]:
    """`standing_of` a work in the transaction of whoever asks."""
    wanted = ObstacleFilter(work_id=work_id, standing=True)
    query = selection(actor).where(*_conditions(session, actor, wanted)).order_by(*_pressing()).limit(_OF_ONE)
    return [ObstacleView(*row) for row in session.execute(query)]


def get(actor: Actor, obstacle_id: uuid.UUID) -> ObstacleView:
    """One obstacle; NotFound outside the actor's scope."""
    require(actor, "read")
    with db.transaction() as session:
        return one(session, actor, obstacle_id)


def history(actor: Actor, obstacle_id: uuid.UUID) -> list[EventView]:
    """What happened to an obstacle, in order."""
    require(actor, "read")
    with db.transaction() as session:
        one(session, actor, obstacle_id)
        return events_of(session, [obstacle_id])[obstacle_id]
