"""A meeting that was held: its minutes, recorded once with who came; and what it concluded, as directives."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain import audit, directives
from app.domain.access import Actor, require
from app.domain.directives import DirectiveView, NewDirective
from app.domain.meetings.attending import Tick, set_attendance
from app.domain.meetings.rules import (
    LONGEST,
    OWN,
    board_of,
    day_fault,
    minutes_faults,
    refuse_state,
    store,
)
from app.domain.meetings.views import HELD, PLANNED, SUBJECT, MeetingView, one, seats
from app.domain.sides import refuse_above
from app.errors import FieldError, Invalid, RuleBroken
from app.i18n import N_
from app.models.steering import Committee, CommitteeMember

MOST: Final = 30  # conclusions given in one step


@dataclass(frozen=True, slots=True)
class Minutes:
    """What is put on record of a meeting that was held; on its planned day unless `held_on` says otherwise.

    `attendance` None leaves who was ticked before. `chair` and `secretary`: by default the board's head and secretary.
    """

    text: str
    number: str = ""
    chair: str = ""
    secretary: str = ""
    held_on: date | None = None
    attendance: tuple[Tick, ...] | None = None


def record_minutes(actor: Actor, meeting_id: uuid.UUID, minutes: Minutes) -> MeetingView:
    """Put a planned meeting on record as held. The same minutes again are the same answer.

    RuleBroken `minutes_recorded` for other minutes of a meeting that has some: what is wrong in them is put right by
    `update`, with its version. Invalid for a day to come.
    """
    require(actor, "meeting.edit")
    with db.transaction(write=True) as session:
        standing = one(session, actor, meeting_id, lock=True)
        refuse_above(actor, OWN, standing.unit_level, "minutes")
        day = minutes.held_on or standing.date
        if standing.state == HELD:
            if _same(session, standing, minutes, day):
                return standing
            message = N_(
                "Cuộc họp ngày {on:date} đã có biên bản. Một cuộc họp chỉ có một biên bản: sửa biên bản đã ghi nếu sai."
            )
            raise RuleBroken(
                "minutes_recorded",
                message,
                held=standing.minutes_number,
                on=standing.date,
                asked=minutes.number,
            )
        refuse_state(standing, "minutes", PLANNED)
        board = board_of(session, actor, standing.committee_id)
        _check(minutes, day, board, standing.month)
        usual = _usual(session, standing.committee_id, day)
        values: dict[str, Any] = {
            "chair": minutes.chair.strip() or standing.chair or usual.get("head", ""),
            "secretary": minutes.secretary.strip() or standing.secretary or usual.get("secretary", ""),
        }
        if minutes.attendance is not None:
            set_attendance(session, meeting_id, standing.committee_id, day, minutes.attendance)
        store(
            session,
            standing,
            state=HELD,
            date=day,
            minutes=minutes.text,
            minutes_number=minutes.number,
            **values,
        )
        audit.record(
            session, actor, "meeting.minutes", SUBJECT, meeting_id, standing.unit_id, date=day,
            number=minutes.number,
        )  # fmt: skip
        return one(session, actor, meeting_id)


def _same(session: Session, standing: MeetingView, minutes: Minutes, day: date) -> bool:
    """Whether these are the minutes that stand; what is left open says nothing else."""
    if (minutes.text, minutes.number, day) != (standing.minutes, standing.minutes_number, standing.date):
        return False
    named = ((minutes.chair, standing.chair), (minutes.secretary, standing.secretary))
    if any(said.strip() not in ("", held) for said, held in named):
        return False
    if minutes.attendance is None:
        return True
    held = {(s.member_id, s.presence, s.stood_in) for s in seats(session, standing) if s.presence is not None}
    return held == {(t.member_id, t.presence, t.stood_in.strip()) for t in minutes.attendance}


def _check(minutes: Minutes, day: date, board: Committee, month: date | None) -> None:
    """Raises Invalid for what is missing, too long, or of a day that cannot be."""
    faults = minutes_faults(minutes.text)
    for name, field in (("number", "minutes_number"), ("chair", "chair"), ("secretary", "secretary")):
        if len(getattr(minutes, name)) > LONGEST[field]:
            message = N_("Dài quá {longest:number} ký tự")
            faults.append(FieldError(name, message, {"longest": LONGEST[field]}))
    if day > today():
        message = N_("Ngày họp {day:date} chưa đến: chỉ ghi biên bản của cuộc họp đã họp.")
        faults.append(FieldError("held_on", message, {"day": day}))
    elif (fault := day_fault(day, board, month)) is not None:
        faults.append(FieldError("held_on", fault.message, fault.facts))
    if faults:
        raise Invalid(*faults)


def _usual(session: Session, committee_id: uuid.UUID, day: date) -> dict[str, str]:
    """The board's head and secretary on a day, by role."""
    query = sa.select(CommitteeMember.role, CommitteeMember.person).where(
        CommitteeMember.committee_id == committee_id,
        CommitteeMember.role.in_(("head", "secretary")),
        CommitteeMember.from_on <= day,
        sa.or_(CommitteeMember.to_on.is_(None), CommitteeMember.to_on >= day),
    )
    return dict(session.execute(query).all())


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Something that a meeting wants done, by whom (see NewDirective) and by when."""

    id: uuid.UUID
    text: str
    due_on: date
    assignee_kind: str
    assignee_id: uuid.UUID | None = None
    unit_code: str | None = None
    priority: str = "normal"


def conclude(
    actor: Actor, meeting_id: uuid.UUID, wanted: Sequence[Conclusion], *, illustrative: bool = False
) -> list[DirectiveView]:
    """Give what a held meeting concluded as directives, all or none; the directives in the order that they were sent in.

    The same sent again changes nothing. RuleBroken `meeting_state` for a meeting that was not held; what is wrong with a
    conclusion is named by its place, `conclusions.0.due_on`.
    """
    require(actor, "directive.give")
    if not wanted:
        raise Invalid.field("conclusions", N_("Ghi ít nhất một kết luận."))
    if len(wanted) > MOST:
        raise Invalid.field("conclusions", N_("Nhiều nhất {most:number} kết luận một lần."), most=MOST)
    with db.transaction() as session:
        standing = one(session, actor, meeting_id)
    refuse_above(actor, OWN, standing.unit_level, "conclude")
    refuse_state(standing, "conclude", HELD)
    news = [
        NewDirective(
            c.id, c.text, SUBJECT, c.due_on, c.assignee_kind, c.assignee_id, c.unit_code, meeting_id, priority=c.priority
        )
        for c in wanted
    ]  # fmt: skip
    made = directives.create_all(actor, news, field="conclusions", illustrative=illustrative)
    return [directive for directive, _ in made]
