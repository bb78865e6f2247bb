"""Steering and follow-up: boards and who answers for what, meetings, directives, and what people are told of them."""

from __future__ import annotations

import uuid
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, ClientMade, Editable, Folded, Id, Moment, OfficialDocument

COMMITTEE_KINDS = ("steering", "management")
MEMBER_ROLES = ("head", "deputy", "secretary", "member")
DIRECTIVE_SOURCES = ("inspection", "meeting", "document")
ASSIGNEE_KINDS = ("person", "board", "agency", "unit")
DIRECTIVE_STATES = ("open", "reported", "accepted", "returned", "withdrawn")
PRIORITIES = ("normal", "urgent")
PRESENCES = ("present", "absent", "excused")


class Agency(ClientMade, Editable, Base):
    """A department, front or union of a unit (phòng, ban, Mặt trận, hội, đoàn thể): it can be given directives."""

    __tablename__ = "agencies"
    __table_args__ = (sa.Index("ix_agencies_updated_at_id", "updated_at", "id"),)

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    short_name: Mapped[str] = mapped_column(sa.String(60), default="")
    ended_on: Mapped[date | None]
    illustrative: Mapped[bool] = mapped_column(default=False)
    search: Mapped[Folded]
    sort_key: Mapped[Folded]


class AgencyCharge(ClientMade, Editable, OfficialDocument, Base):
    """An agency in charge of following and helping a unit below, by a decision, from a day on until it is ended."""

    __tablename__ = "agency_charges"
    __table_args__ = (
        sa.CheckConstraint("to_on >= from_on", name="to_on"),
        sa.Index("ix_agency_charges_updated_at_id", "updated_at", "id"),
    )

    agency_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("agencies.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)  # of whom it is in charge
    content: Mapped[str] = mapped_column(sa.String(1000), default="")
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    illustrative: Mapped[bool] = mapped_column(default=False)


class Committee(ClientMade, Editable, OfficialDocument, Base):
    """A steering committee (Ban chỉ đạo) or management board (Ban quản lý) of a unit, by the decision that set it up.

    With `meeting_day` (1 to 28) it meets every month by rule, on that day: as long as it stands, or only from
    `meeting_from_on` on where the rule came later. A rule that was given up ended with `meeting_to_on`: it keeps its
    day, by which the months before are judged.
    """

    __tablename__ = "committees"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('steering', 'management')", name="kind"),
        sa.CheckConstraint("meeting_day BETWEEN 1 AND 28", name="meeting_day"),
        sa.CheckConstraint("to_on >= from_on", name="to_on"),
        sa.Index("ix_committees_updated_at_id", "updated_at", "id"),
    )

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    name: Mapped[str] = mapped_column(sa.String(300))
    from_on: Mapped[date]
    to_on: Mapped[date | None]  # dissolved, or set up anew by another decision
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("committees.id"), index=True)
    meeting_day: Mapped[int | None]
    meeting_from_on: Mapped[date | None]
    meeting_to_on: Mapped[date | None]
    illustrative: Mapped[bool] = mapped_column(default=False)
    search: Mapped[Folded]


class CommitteeProgram(Base):
    """A program that a board steers or manages."""

    __tablename__ = "committee_programs"

    committee_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("committees.id"), primary_key=True)
    program_id: Mapped[int] = mapped_column(sa.ForeignKey("programs.id"), primary_key=True)


class CommitteeMember(Base):
    """A person on a board for a term; `user_id` where they log in. Who left stays on record with the day."""

    __tablename__ = "committee_members"
    __table_args__ = (
        sa.CheckConstraint("role IN ('head', 'deputy', 'secretary', 'member')", name="role"),
        sa.CheckConstraint("to_on >= from_on", name="to_on"),
    )

    id: Mapped[Id]
    body_hash: Mapped[str] = mapped_column(sa.String(64), default="")  # of the client's body that made it
    committee_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("committees.id"), index=True)
    position: Mapped[int]
    person: Mapped[str] = mapped_column(sa.String(120))
    title: Mapped[str] = mapped_column(sa.String(200), default="")  # chức vụ, nơi công tác
    role: Mapped[str] = mapped_column(sa.String(12))
    user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]


class Assignment(Base):
    """What a member answers for: exactly one of program, project, criterion, work, hamlet, task. Ended, not deleted."""

    __tablename__ = "assignments"
    __table_args__ = (
        sa.CheckConstraint(
            " + ".join(
                f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END"
                for name in ("program_id", "project_id", "criterion_id", "work_id", "hamlet_id", "task_id")
            )
            + " = 1",
            name="one_subject",
        ),
        sa.CheckConstraint("to_on >= from_on", name="to_on"),
    )

    id: Mapped[Id]
    body_hash: Mapped[str] = mapped_column(sa.String(64), default="")  # of the client's body that made it
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("committee_members.id"), index=True)
    program_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programs.id"))
    project_id: Mapped[int | None] = mapped_column(sa.ForeignKey("projects.id"))
    criterion_id: Mapped[int | None] = mapped_column(sa.ForeignKey("criteria.id"))
    work_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("works.id"), index=True)
    hamlet_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    task_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("tasks.id"), index=True)
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    handed_to_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("committee_members.id"))


class Meeting(ClientMade, Editable, Base):
    """A meeting of a board: planned (by the monthly rule, or called), then held with minutes, or called off.

    `month` is the first day of the month that a regular meeting counts for; null for one called between.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        sa.UniqueConstraint("committee_id", "month"),
        sa.CheckConstraint("state IN ('planned', 'held', 'cancelled')", name="state"),
        sa.CheckConstraint("(state = 'held') = (minutes IS NOT NULL)", name="minutes"),
        sa.Index("ix_meetings_updated_at_id", "updated_at", "id"),
    )

    committee_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("committees.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)  # the board's
    month: Mapped[date | None]
    date: Mapped[date]
    starts_at: Mapped[time | None]
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    title: Mapped[str] = mapped_column(sa.String(300))
    state: Mapped[str] = mapped_column(sa.String(12), default="planned")
    cancelled_reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    minutes: Mapped[str | None] = mapped_column(sa.String(20000))
    minutes_number: Mapped[str] = mapped_column(sa.String(120), default="")
    chair: Mapped[str] = mapped_column(sa.String(120), default="")
    secretary: Mapped[str] = mapped_column(sa.String(120), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
    search: Mapped[Folded]


class AgendaItem(Base):
    """Something on a meeting's agenda: typed, or filled in from what was late, at risk or due that day."""

    __tablename__ = "agenda_items"

    id: Mapped[Id]
    meeting_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("meetings.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.String(1000))
    subject_kind: Mapped[str] = mapped_column(sa.String(24), default="")  # what it was filled in from
    subject_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid)


class Attendance(Base):
    """Whether a member came to a meeting; `stood_in` names who came in their place."""

    __tablename__ = "attendances"
    __table_args__ = (sa.CheckConstraint("presence IN ('present', 'absent', 'excused')", name="presence"),)

    meeting_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("meetings.id"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("committee_members.id"), primary_key=True)
    presence: Mapped[str] = mapped_column(sa.String(8))
    stood_in: Mapped[str] = mapped_column(sa.String(120), default="")


class CalendarFeed(Base):
    """A secret address by which a person's calendar reads their unit's meetings and due dates; only its hash is kept."""

    __tablename__ = "calendar_feeds"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    created_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]


class Directive(ClientMade, Editable, Base):
    """Something that has to be done (nhiệm vụ, kết luận): said where (`source`), given to whom, due when.

    `unit_id` is the unit that has to do it (for an agency or a person: theirs), `giver_unit_id` that which gave it and
    accepts what was reported. `due_on` as extended last; `first_due_on` as it was given.
    """

    __tablename__ = "directives"
    __table_args__ = (
        sa.CheckConstraint("source_kind IN ('inspection', 'meeting', 'document')", name="source_kind"),
        sa.CheckConstraint("(source_kind = 'inspection') = (inspection_id IS NOT NULL)", name="inspection"),
        sa.CheckConstraint("(source_kind = 'meeting') = (meeting_id IS NOT NULL)", name="meeting"),
        sa.CheckConstraint("assignee_kind IN ('person', 'board', 'agency', 'unit')", name="assignee_kind"),
        sa.CheckConstraint(
            "state IN ('open', 'reported', 'accepted', 'returned', 'withdrawn')", name="state"
        ),
        sa.CheckConstraint("priority IN ('normal', 'urgent')", name="priority"),
        sa.Index("ix_directives_updated_at_id", "updated_at", "id"),
        sa.Index("ix_directives_unit_id_due_on", "unit_id", "due_on"),
    )

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    giver_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    text: Mapped[str] = mapped_column(sa.String(2000))
    source_kind: Mapped[str] = mapped_column(sa.String(12))
    inspection_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("inspections.id"), index=True)
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("meetings.id"), index=True)
    document_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("documents.id"))
    document_number: Mapped[str] = mapped_column(sa.String(120), default="")  # where it is only named
    source_on: Mapped[date]
    quote: Mapped[str] = mapped_column(sa.String(2000), default="")  # the sentence of the source
    assignee_kind: Mapped[str] = mapped_column(sa.String(8))
    user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    member_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("committee_members.id"), index=True)
    committee_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("committees.id"), index=True)
    agency_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("agencies.id"), index=True)
    assignee_name: Mapped[str] = mapped_column(sa.String(200))  # as it was that day
    given_on: Mapped[date]
    first_due_on: Mapped[date]
    due_on: Mapped[date]
    priority: Mapped[str] = mapped_column(sa.String(8), default="normal")
    state: Mapped[str] = mapped_column(sa.String(12), default="open")
    illustrative: Mapped[bool] = mapped_column(default=False)
    search: Mapped[Folded]


class DirectiveEvent(Base):
    """What happened to a directive: given, progress, reported, accepted, returned, extended, reworded, withdrawn.

    Append-only. `on`: the day it counts from; `due_on`: of an extension, the new day; `text` of one that was reworded:
    the words before. Proof is documents of the directive.
    """

    __tablename__ = "directive_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    directive_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("directives.id"), index=True)
    what: Mapped[str] = mapped_column(sa.String(16))
    text: Mapped[str] = mapped_column(sa.String(4100), default="")
    percent: Mapped[int | None]  # how far it has come
    on: Mapped[date]
    due_on: Mapped[date | None]
    at: Mapped[Moment]
    by: Mapped[str] = mapped_column(sa.String(80))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))  # of whom it came from
    body_hash: Mapped[str] = mapped_column(sa.String(64), default="")  # of a move, with its proof


class Notice(Base):
    """What a person is told in their inbox, once: `once` is what makes it the same; e-mail goes by `mailed_at`."""

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "once"),
        sa.Index("ix_notices_user_id_id", "user_id", "id"),
        # Counted on every page.
        sa.Index(
            "ix_notices_unread",
            "user_id",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    once: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[str] = mapped_column(sa.String(24))
    subject_kind: Mapped[str] = mapped_column(sa.String(24))
    subject_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid)
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    at: Mapped[Moment]
    read_at: Mapped[Moment | None]
    mailed_at: Mapped[Moment | None]
