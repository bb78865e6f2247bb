"""Meetings as people and clients see them: with the board, the agenda, who came, the minutes, what was concluded."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.access import Actor, in_scope
from app.domain.doing import in_term
from app.errors import NotFound
from app.models.steering import (
    MEMBER_ROLES,
    PRESENCES,
    AgendaItem,
    Attendance,
    Committee,
    CommitteeMember,
    Directive,
    Meeting,
)
from app.models.territory import Unit

__all__ = ["PRESENCES"]

SUBJECT: Final = "meeting"
STATES: Final = ("planned", "held", "cancelled")
PLANNED, HELD, CANCELLED = STATES
PRESENT, ABSENT, EXCUSED = PRESENCES


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting of a board. `month`: the month that a regular one counts for; `minutes` once it was held."""

    id: uuid.UUID
    unit_id: int
    unit_code: str
    unit_structure: str
    unit_level: str
    unit_name: str
    committee_id: uuid.UUID
    committee_kind: str
    committee_name: str
    month: date | None
    date: date
    starts_at: time | None
    place: str
    title: str
    state: str
    cancelled_reason: str
    minutes: str | None
    minutes_number: str
    chair: str
    secretary: str
    illustrative: bool
    created_by: str
    version: int
    updated_at: datetime
    concluded: int  # directives given by it
    present: int | None  # members who came; None where nobody was ticked

    @property
    def exact_unit(self) -> str:
        return f"{self.unit_code}@{self.unit_structure}"


@dataclass(frozen=True, slots=True)
class AgendaView:
    """Something on the agenda; `subject_kind` and `subject_id` of what it was filled in from."""

    text: str
    subject_kind: str = ""
    subject_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """A member in term on a meeting's day, and whether they came; `presence` None while nobody has said."""

    member_id: uuid.UUID
    person: str
    title: str
    role: str
    presence: str | None
    stood_in: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """A meeting with all that belongs to it; `conclusions` are the ids of directives in the order they were given."""

    meeting: MeetingView
    agenda: list[AgendaView]
    seats: list[Seat]
    conclusions: list[uuid.UUID]


def _count_of(model: Any, *conditions: Any) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(model)
        .where(model.meeting_id == Meeting.id, *conditions)
        .correlate(Meeting)
        .scalar_subquery()
    )


def joined() -> Any:
    """Meetings beside their boards and units."""
    return sa.join(Meeting, Committee, Committee.id == Meeting.committee_id).join(
        Unit, Unit.id == Meeting.unit_id
    )


def selection() -> sa.Select[*tuple[Any, ...]]:
    """The columns of MeetingView in their order, the reader's conditions not among them."""
    came = sa.case(
        (_count_of(Attendance) > 0, _count_of(Attendance, Attendance.presence == PRESENT)), else_=sa.null()
    )
    return sa.select(
        Meeting.id, Meeting.unit_id, Unit.code, Unit.structure, Unit.level, Unit.name, Meeting.committee_id,
        Committee.kind, Committee.name, Meeting.month, Meeting.date, Meeting.starts_at, Meeting.place,
        Meeting.title, Meeting.state, Meeting.cancelled_reason, Meeting.minutes, Meeting.minutes_number,
        Meeting.chair, Meeting.secretary, Meeting.illustrative, Meeting.created_by, Meeting.version,
        Meeting.updated_at, _count_of(Directive), came,
    ).select_from(joined())  # fmt: skip


def one(session: Session, actor: Actor, meeting_id: uuid.UUID, *, lock: bool = False) -> MeetingView:
    """A meeting in the transaction of whoever asks; `lock` lets one writer at a time at it. NotFound out of scope."""
    mine = sa.and_(Meeting.id == meeting_id, in_scope(actor, Meeting.unit_id))
    if lock:
        session.execute(sa.select(Meeting.id).where(mine).with_for_update())
    row = session.execute(selection().where(mine)).one_or_none()
    if row is None:
        raise NotFound()
    return MeetingView(*row)


def agendas(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[AgendaView]]:
    """The agenda of each of these meetings, in order: one statement."""
    found: dict[uuid.UUID, list[AgendaView]] = {id_: [] for id_ in ids}
    query = (
        sa.select(AgendaItem.meeting_id, AgendaItem.text, AgendaItem.subject_kind, AgendaItem.subject_id)
        .where(AgendaItem.meeting_id.in_(ids))
        .order_by(AgendaItem.meeting_id, AgendaItem.position)
    )
    for meeting_id, text, kind, subject_id in session.execute(query) if ids else ():
        found[meeting_id].append(AgendaView(text, kind, subject_id))
    return found


def conclusions(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The directives that each of these meetings gave, in the order they were given: one statement."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {id_: [] for id_ in ids}
    query = (
        sa.select(Directive.meeting_id, Directive.id)
        .where(Directive.meeting_id.in_(ids))
        .order_by(Directive.created_at, Directive.due_on, Directive.id)
    )
    for meeting_id, directive_id in session.execute(query) if ids else ():
        if meeting_id is not None:
            found[meeting_id].append(directive_id)
    return found


def seats(session: Session, meeting: MeetingView) -> list[Seat]:
    """The members in term that day, and whoever was ticked: the head first. One statement."""
    attended = sa.and_(
        Attendance.member_id == CommitteeMember.id, Attendance.meeting_id == sa.literal(meeting.id, sa.Uuid)
    )
    rank = sa.case({role: i for i, role in enumerate(MEMBER_ROLES)}, value=CommitteeMember.role)
    query = (
        sa.select(
            CommitteeMember.id, CommitteeMember.person, CommitteeMember.title, CommitteeMember.role,
            Attendance.presence, sa.func.coalesce(Attendance.stood_in, ""),
        )
        .outerjoin(Attendance, attended)
        .where(
            CommitteeMember.committee_id == meeting.committee_id,
            sa.or_(in_term(meeting.date), Attendance.presence.is_not(None)),
        )
        .order_by(rank, CommitteeMember.position, CommitteeMember.id)
    )  # fmt: skip
    return [Seat(*row) for row in session.execute(query)]


def whole_of(session: Session, meeting: MeetingView) -> Whole:
    """A meeting with what belongs to it, in the transaction of whoever asks: three statements."""
    return Whole(
        meeting,
        agendas(session, [meeting.id])[meeting.id],
        seats(session, meeting),
        conclusions(session, [meeting.id])[meeting.id],
    )
