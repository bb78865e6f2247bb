"""Directives (nhiệm vụ được giao) as people and clients see them, as of a day; and what happened to them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.clock import today
from app.domain.access import Actor, in_scope
from app.domain.doing import does
from app.errors import NotFound
from app.models.documents import Document
from app.models.oversight import Inspection
from app.models.steering import (
    ASSIGNEE_KINDS,
    DIRECTIVE_SOURCES,
    DIRECTIVE_STATES,
    PRIORITIES,
    Directive,
    DirectiveEvent,
    Meeting,
)
from app.models.territory import Unit

__all__ = ["ASSIGNEE_KINDS", "DIRECTIVE_SOURCES", "DIRECTIVE_STATES", "PRIORITIES"]

SUBJECT: Final = "directive"
OPEN, REPORTED, ACCEPTED, RETURNED, WITHDRAWN = DIRECTIVE_STATES
ENDED: Final = (ACCEPTED, WITHDRAWN)
# Events beside those named as the state they lead to.
GIVEN, PROGRESS, EXTENDED, REWORDED = "given", "progress", "extended", "reworded"
_LEADS_TO: Final = {GIVEN: OPEN, **{state: state for state in DIRECTIVE_STATES if state != OPEN}}
Columns = sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class DirectiveView:
    """A directive as of the day `as_of`: `state` and `due_on` are those in force on it.

    The unit is that which has to do it, the giver's that which gave it and accepts. `source_title` names a meeting or
    an inspection, `document_number` a document. `gives`: the reader stands on the giver's side; see `does`.
    """

    id: uuid.UUID
    unit_id: int
    unit_code: str
    unit_structure: str
    unit_name: str
    unit_level: str
    giver_unit_id: int
    giver_code: str
    giver_structure: str
    giver_name: str
    text: str
    source_kind: str
    source_id: uuid.UUID | None
    source_title: str
    document_number: str
    source_on: date
    quote: str
    assignee_kind: str
    assignee_uuid: uuid.UUID | None  # of a person, a board, an agency
    user_id: uuid.UUID | None  # the account of the person that has to do it
    assignee_name: str
    given_on: date
    first_due_on: date
    due_on: date
    state: str
    percent: int | None  # as reported last
    priority: str
    illustrative: bool
    created_by: str
    version: int
    updated_at: datetime
    gives: bool
    does: bool  # the reader stands on the side of who has to do it
    as_of: date

    @property
    def assignee_id(self) -> str:
        """An id; of a unit its exact code."""
        return str(self.assignee_uuid) if self.assignee_uuid else f"{self.unit_code}@{self.unit_structure}"

    @property
    def stands(self) -> bool:
        """Whether it was neither accepted nor withdrawn by `as_of`."""
        return self.state not in ENDED

    @property
    def overdue(self) -> bool:
        """Whether it stood by `as_of` and was due before it."""
        return self.stands and self.due_on < self.as_of

    @property
    def late_days(self) -> int:
        return (self.as_of - self.due_on).days if self.overdue else 0


@dataclass(frozen=True, slots=True)
class EventView:
    """Something that happened to a directive, by somebody of a unit. `on` is its day, `at` when it was recorded."""

    what: str
    text: str
    percent: int | None
    on: date
    due_on: date | None
    at: datetime
    by: str
    unit_code: str
    unit_structure: str
    unit_name: str


giver = aliased(Unit)


def state_on(day: date | None) -> sa.SQLColumnExpression[str]:
    """The state in force on a day, by default today's; null before it was given."""
    if day is None:
        return Directive.state
    return (
        sa.select(sa.case(_LEADS_TO, value=DirectiveEvent.what))
        .where(
            DirectiveEvent.directive_id == Directive.id, DirectiveEvent.what.in_(_LEADS_TO),
            DirectiveEvent.on <= day,
        )
        .order_by(DirectiveEvent.id.desc())
        .limit(1)
        .correlate(Directive)
        .scalar_subquery()
    )  # fmt: skip


def due_on(day: date | None) -> sa.SQLColumnExpression[date]:
    """The due date in force on a day, by default today's."""
    if day is None:
        return Directive.due_on
    extended = (
        sa.select(DirectiveEvent.due_on)
        .where(
            DirectiveEvent.directive_id == Directive.id, DirectiveEvent.what == EXTENDED,
            DirectiveEvent.on <= day,
        )
        .order_by(DirectiveEvent.id.desc())
        .limit(1)
        .correlate(Directive)
        .scalar_subquery()
    )  # fmt: skip
    return sa.func.coalesce(extended, Directive.first_due_on)


def stands_on(day: date | None) -> sa.ColumnElement[bool]:
    """The condition that on a day, by default today, it was neither accepted nor withdrawn."""
    return state_on(day).not_in(ENDED)


def overdue_on(day: date | None) -> sa.ColumnElement[bool]:
    """The condition that it was due before a day, by default today, and neither accepted nor withdrawn by then."""
    return sa.and_(stands_on(day), due_on(day) < (day or today()))


def _percent_on(day: date | None) -> sa.SQLColumnExpression[int | None]:
    found = sa.select(DirectiveEvent.percent).where(
        DirectiveEvent.directive_id == Directive.id, DirectiveEvent.percent.is_not(None)
    )
    if day is not None:
        found = found.where(DirectiveEvent.on <= day)
    return found.order_by(DirectiveEvent.id.desc()).limit(1).correlate(Directive).scalar_subquery()


def joined() -> Any:
    """Directives beside what names their source, their unit and who gave them."""
    return (
        sa.join(Directive, Unit, Unit.id == Directive.unit_id)
        .join(giver, giver.id == Directive.giver_unit_id)
        .outerjoin(Inspection, Inspection.id == Directive.inspection_id)
        .outerjoin(Meeting, Meeting.id == Directive.meeting_id)
        .outerjoin(Document, Document.id == Directive.document_id)
    )


def selection(actor: Actor, day: date | None = None) -> Columns:
    """The columns that `view` reads, as of a day; the reader's conditions are not among them."""
    gives = sa.case((in_scope(actor, Directive.giver_unit_id), sa.true()), else_=sa.false())
    does_it = sa.case((does(actor), sa.true()), else_=sa.false())
    return sa.select(
        Directive.id, Directive.unit_id, Unit.code, Unit.structure, Unit.name,
        Unit.level, Directive.giver_unit_id, giver.code, giver.structure, giver.name, Directive.text, Directive.source_kind,
        sa.func.coalesce(Directive.inspection_id, Directive.meeting_id, Directive.document_id),
        sa.func.coalesce(Inspection.title, Meeting.title, ""),
        sa.func.coalesce(Document.number, Directive.document_number), Directive.source_on, Directive.quote,
        Directive.assignee_kind,
        sa.func.coalesce(Directive.member_id, Directive.user_id, Directive.committee_id, Directive.agency_id),
        Directive.user_id, Directive.assignee_name, Directive.given_on, Directive.first_due_on, due_on(day),
        state_on(day), _percent_on(day), Directive.priority, Directive.illustrative, Directive.created_by,
        Directive.version, Directive.updated_at, gives, does_it,
    ).select_from(joined())  # fmt: skip


def view(row: Any, day: date | None = None) -> DirectiveView:
    return DirectiveView(*[*row, day or today()])


def own_report(actor: Actor, directive: DirectiveView, reporter: str) -> bool:
    """Whether an actor would accept what is their own: they reported it, or it was given to them."""
    return reporter == actor.ref or _given_to(actor, directive)


def governs(actor: Actor, directive: DirectiveView) -> bool:
    """Whether somebody of the giver's side may reword it or take it back: who gave it, or who answers for that side; nobody frees
    themselves of what they have to do."""
    answers = directive.created_by == actor.ref or actor.may("directive.accept")
    return answers and not _given_to(actor, directive)


def _given_to(actor: Actor, directive: DirectiveView) -> bool:
    return directive.user_id is not None and directive.user_id == actor.user_id


def mine(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition that an actor sees a directive."""
    return in_scope(actor, Directive.unit_id)


def one(
    session: Session,
    actor: Actor,
    directive_id: uuid.UUID,
    *,
    lock: bool = False,
    as_of: date | None = None,
) -> DirectiveView:
    """A directive in the transaction of whoever asks; `lock` lets one writer at a time at it. NotFound out of scope,
    or before it was given."""
    own = [Directive.id == directive_id, mine(actor)]
    if lock:
        session.execute(sa.select(Directive.id).where(*own).with_for_update())
    if as_of is not None:
        own.append(Directive.given_on <= as_of)
    row = session.execute(selection(actor, as_of).where(*own)).one_or_none()
    if row is None:
        raise NotFound()
    return view(row, as_of)


def events_of(session: Session, directive_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[EventView]]:
    """What happened to each of these, in order: one statement."""
    query: Columns = (
        sa.select(
            DirectiveEvent.directive_id, DirectiveEvent.what, DirectiveEvent.text, DirectiveEvent.percent,
            DirectiveEvent.on, DirectiveEvent.due_on, DirectiveEvent.at, DirectiveEvent.by, Unit.code,
            Unit.structure, Unit.name,
        )
        .join(Unit, Unit.id == DirectiveEvent.unit_id)
        .where(DirectiveEvent.directive_id.in_(directive_ids))
        .order_by(DirectiveEvent.id)
    )  # fmt: skip
    found: dict[uuid.UUID, list[EventView]] = {id_: [] for id_ in directive_ids}
    for row in session.execute(query) if found else ():
        found[row[0]].append(EventView(*list(row)[1:]))
    return found
