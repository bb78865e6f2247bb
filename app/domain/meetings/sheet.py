"""A meeting with all that its page shows: what it concluded as directives, and who can be given more."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain import directives
from app.domain.access import Actor, require
from app.domain.directives import DirectiveView
from app.domain.doing import in_term
from app.domain.meetings.views import (
    HELD,
    SUBJECT,
    AgendaView,
    MeetingView,
    Seat,
    agendas,
    one,
    seats,
)
from app.domain.sides import is_above
from app.models.steering import Agency, Committee, CommitteeMember
from app.models.territory import Unit


@dataclass(frozen=True, slots=True)
class Assignee:
    """Somebody that a meeting can give something to do: `id` of a person (a member), a board, an agency; `unit_code`,
    exact, of a unit."""

    kind: str
    id: uuid.UUID | None
    unit_code: str
    name: str
    title: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id or self.unit_code}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A meeting's page; `assignees` only of one that was held, for who may conclude it."""

    meeting: MeetingView
    agenda: list[AgendaView]
    seats: list[Seat]
    conclusions: list[DirectiveView]
    assignees: list[Assignee]


def sheet(actor: Actor, meeting_id: uuid.UUID) -> Sheet:
    """A meeting with what its page shows: five statements at most. NotFound out of scope."""
    require(actor, "read")
    with db.snapshot() as session:
        meeting = one(session, actor, meeting_id)
        return Sheet(
            meeting,
            agendas(session, [meeting_id])[meeting_id],
            seats(session, meeting),
            directives.of_source(session, actor, SUBJECT, meeting_id) if meeting.concluded else [],
            _assignees(session, meeting) if may_conclude(actor, meeting) else [],
        )


def may_keep(actor: Actor, meeting: MeetingView) -> bool:
    """Whether somebody may plan, change and record it: the board's own unit."""
    return actor.may("meeting.edit") and not is_above(actor, meeting.unit_level)


def may_conclude(actor: Actor, meeting: MeetingView) -> bool:
    """Whether somebody may give what it concluded as directives now."""
    own = not is_above(actor, meeting.unit_level)
    return actor.may("directive.give") and own and meeting.state == HELD


def _assignees(session: Session, meeting: MeetingView) -> list[Assignee]:
    """The board itself and the others of its unit, its members in term that day, the unit's agencies, the unit and those
    right below it: one statement."""
    day, nobody = meeting.date, sa.cast(sa.null(), sa.Uuid)
    code = Unit.code + sa.literal("@") + Unit.structure
    empty = sa.literal("")
    parts = (
        sa.select(sa.literal(1), sa.literal("board"), Committee.id, empty, Committee.name, empty, Committee.search).where(
            Committee.unit_id == meeting.unit_id,
            Committee.from_on <= day,
            sa.or_(Committee.to_on.is_(None), Committee.to_on >= day),
        ),
        sa.select(
            sa.literal(2), sa.literal("person"), CommitteeMember.id, empty, CommitteeMember.person, CommitteeMember.title,
            CommitteeMember.person,
        ).where(CommitteeMember.committee_id == meeting.committee_id, in_term(day)),
        sa.select(sa.literal(3), sa.literal("agency"), Agency.id, empty, Agency.name, empty, Agency.sort_key).where(
            Agency.unit_id == meeting.unit_id, sa.or_(Agency.ended_on.is_(None), Agency.ended_on >= day)
        ),
        sa.select(sa.literal(4), sa.literal("unit"), nobody, code, Unit.name, empty, Unit.sort_key).where(
            Unit.id == meeting.unit_id
        ),
        sa.select(sa.literal(5), sa.literal("unit"), nobody, code, Unit.name, empty, Unit.sort_key).where(
            Unit.parent_id == meeting.unit_id
        ),
    )  # fmt: skip
    found = session.execute(sa.union_all(*parts)).all()
    ordered = sorted(found, key=lambda row: (row[0], row[2] != meeting.committee_id, row[6], str(row[2])))
    return [Assignee(*row[1:6]) for row in ordered]
