"""Obstacles (vướng mắc) as people and clients see them: each with what it holds back, and what happened to it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.clock import today
from app.db import big_sum
from app.domain.access import Actor, in_scope
from app.domain.documents.subjects import SubjectView, subjects
from app.errors import NotFound
from app.i18n import N_
from app.models.ledger import Balance, BudgetLine
from app.models.oversight import Observation
from app.models.procedures import WorkStep
from app.models.programs import Project
from app.models.progress import OBSTACLE_STATES, OBSTACLE_SUBJECTS, Obstacle, ObstacleEvent
from app.models.support import SupportModel
from app.models.territory import Unit
from app.models.works import Work

SUBJECT: Final = "obstacle"
OPEN, ESCALATED, RESOLVED = OBSTACLE_STATES
STATES, SUBJECTS = OBSTACLE_STATES, OBSTACLE_SUBJECTS
KINDS: Final = ("land", "money", "dossier", "contractor", "weather", "people", "other")
RAISED, ANSWERED, REOPENED = (
    "raised",
    "answered",
    "reopened",
)  # events beside those named as the state they lead to


@dataclass(frozen=True, slots=True)
class ObstacleView:
    """An obstacle. `money_held` in đồng; `mine`: it waits for an answer that the reader's own unit owes."""

    id: uuid.UUID
    unit_id: int
    unit_code: str
    unit_structure: str
    unit_name: str
    subject_kind: str
    subject_id: uuid.UUID
    work_id: uuid.UUID | None
    work_name: str | None
    step_name: str | None
    step_name_en: str | None
    line_project: str | None
    line_year: int | None
    model_name: str | None
    kind: str
    text: str
    resolver: str
    state: str
    raised_on: date
    escalated_to: str | None
    escalated_to_structure: str | None
    escalated_to_name: str | None
    escalated_on: date | None
    answered_on: date | None
    resolved_on: date | None
    observation_id: uuid.UUID | None  # that it was raised from
    illustrative: bool
    created_by: str
    version: int
    updated_at: datetime
    money_held: int
    answerable: bool  # escalated to the reader's unit or one under it
    mine: bool

    @property
    def age_days(self) -> int:
        """Days since it was raised, until it was resolved."""
        return ((self.resolved_on or today()) - self.raised_on).days

    @property
    def waits(self) -> bool:
        """Whether the unit above owes an answer."""
        return self.state == ESCALATED and self.answered_on is None

    @property
    def last_day(self) -> date:
        """The day of what happened last: nothing that follows comes before it."""
        return max(d for d in (self.raised_on, self.escalated_on, self.answered_on, self.resolved_on) if d)

    def about(self, lang: str) -> str:
        """What it is about, by its own name."""
        if self.subject_kind == "step" and self.step_name:
            return self.step_name_en if lang == "en" and self.step_name_en else self.step_name
        if self.subject_kind == "line":
            return f"{self.line_project} · {self.line_year}"
        return self.work_name or self.model_name or ""


@dataclass(frozen=True, slots=True)
class EventView:
    """Something that happened to an obstacle; `to_unit…` of an escalation. `on` is the day, `at` when it was recorded."""

    what: str
    text: str
    on: date
    at: datetime
    by: str
    unit_code: str
    unit_structure: str
    unit_name: str
    to_unit_code: str | None
    to_unit_structure: str | None
    to_unit_name: str | None


above = aliased(Unit)  # to whom an obstacle was escalated
_line = aliased(BudgetLine)  # the line that it is about: the lines of its work stand beside it


def waiting() -> sa.ColumnElement[bool]:
    """The condition that the unit above owes an answer."""
    return sa.and_(Obstacle.state == ESCALATED, Obstacle.answered_on.is_(None))


def owed_by(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition that the actor's own unit owes the answer: it was asked itself, or took over who was."""
    own = Obstacle.escalated_to == actor.unit_id
    taken_over = sa.and_(in_scope(actor, Obstacle.escalated_to), above.structure != actor.structure)
    return sa.and_(waiting(), sa.or_(own, taken_over))


def money_held() -> sa.ColumnElement[int]:
    """đồng that an obstacle holds back: what is available on its line, or on the lines of its work or model; none once
    resolved."""
    of_line = sa.select(Balance.available).where(Balance.budget_line_id == Obstacle.line_id)
    lines = sa.select(big_sum(Balance.available)).join(BudgetLine, BudgetLine.id == Balance.budget_line_id)
    of_work = lines.where(BudgetLine.work_id == Obstacle.work_id)
    of_model = lines.where(BudgetLine.support_model_id == Obstacle.subject_id)
    return sa.case(
        (Obstacle.state == RESOLVED, 0),
        (Obstacle.subject_kind == "line", of_line.correlate(Obstacle).scalar_subquery()),
        (Obstacle.subject_kind == "support_model", of_model.correlate(Obstacle).scalar_subquery()),
        else_=of_work.correlate(Obstacle).scalar_subquery(),
    )


def joined() -> Any:
    """Obstacles beside what names them and what they are about."""
    return (
        sa.join(Obstacle, Unit, Unit.id == Obstacle.unit_id)
        .outerjoin(above, above.id == Obstacle.escalated_to)
        .outerjoin(Work, Work.id == Obstacle.work_id)
        .outerjoin(WorkStep, sa.and_(Obstacle.subject_kind == "step", WorkStep.id == Obstacle.subject_id))
        .outerjoin(_line, _line.id == Obstacle.line_id)
        .outerjoin(Project, Project.id == _line.project_id)
        .outerjoin(
            SupportModel,
            sa.and_(Obstacle.subject_kind == "support_model", SupportModel.id == Obstacle.subject_id),
        )
    )


def selection(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    """The columns of ObstacleView in their order, the reader's conditions not among them."""
    observed = (
        sa.select(Observation.id).where(Observation.obstacle_id == Obstacle.id).limit(1).correlate(Obstacle)
    )
    answerable = sa.and_(Obstacle.escalated_to.is_not(None), in_scope(actor, Obstacle.escalated_to))
    return sa.select(
        Obstacle.id, Obstacle.unit_id, Unit.code, Unit.structure, Unit.name, Obstacle.subject_kind,
        Obstacle.subject_id, Obstacle.work_id, Work.name, WorkStep.name, WorkStep.name_en, Project.code,
        _line.year, SupportModel.name, Obstacle.kind, Obstacle.text, Obstacle.resolver, Obstacle.state, Obstacle.raised_on,
        above.code, above.structure, above.name, Obstacle.escalated_on, Obstacle.answered_on,
        Obstacle.resolved_on, observed.scalar_subquery(), Obstacle.illustrative, Obstacle.created_by, Obstacle.version, Obstacle.updated_at,
        money_held().label("money_held"), _yes(answerable), _yes(owed_by(actor)).label("mine"),
    ).select_from(joined())  # fmt: skip


def _yes(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """A condition as a column, false where it is unknown."""
    return sa.case((condition, sa.true()), else_=sa.false())


def one(session: Session, actor: Actor, obstacle_id: uuid.UUID, *, lock: bool = False) -> ObstacleView:
    """An obstacle in the transaction of whoever asks; `lock` lets one writer at a time at it. NotFound out of scope."""
    mine = sa.and_(Obstacle.id == obstacle_id, in_scope(actor, Obstacle.unit_id))
    if lock:
        session.execute(sa.select(Obstacle.id).where(mine).with_for_update())
    row = session.execute(selection(actor).where(mine)).one_or_none()
    if row is None:
        raise NotFound()
    return ObstacleView(*row)


def events_of(session: Session, obstacle_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[EventView]]:
    """What happened to each of these, in order: one statement."""
    to = aliased(Unit)
    # A day that was written down wrong can be mended: it was raised on the day that stands now.
    on = sa.case((ObstacleEvent.what == RAISED, Obstacle.raised_on), else_=ObstacleEvent.on)
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            ObstacleEvent.obstacle_id, ObstacleEvent.what, ObstacleEvent.text, on, ObstacleEvent.at,
            ObstacleEvent.by, Unit.code, Unit.structure, Unit.name, to.code, to.structure, to.name,
        )
        .join(Obstacle, Obstacle.id == ObstacleEvent.obstacle_id)
        .join(Unit, Unit.id == ObstacleEvent.unit_id)
        .outerjoin(to, to.id == ObstacleEvent.to_unit_id)
        .where(ObstacleEvent.obstacle_id.in_(obstacle_ids))
        .order_by(ObstacleEvent.id)
    )  # fmt: skip
    found: dict[uuid.UUID, list[EventView]] = {}
    for row in session.execute(query):
        found.setdefault(row[0], []).append(EventView(*list(row)[1:]))
    return found


def subject_of(session: Session, actor: Actor, kind: str, subject_id: uuid.UUID) -> SubjectView:
    """What an obstacle may be about in the actor's scope, one of `SUBJECTS`; NotFound names `subject`."""
    found = None
    if kind in SUBJECTS:
        found = subjects(session, actor, [(kind, subject_id)]).get((kind, subject_id))
    if found is None:
        message = N_("Không có công trình, dòng vốn, bước thủ tục hay mô hình này trong phạm vi của bạn.")
        raise NotFound(message, field="subject")
    return found
