"""Who answers for what: given, ended, handed from one member to another, or ticked for a member all at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app import db
from app.clock import today
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.boards.common import locked, outside, touch
from app.domain.boards.subjects import Value, canonical, find
from app.domain.boards.views import (
    SUBJECT,
    SUBJECT_KINDS,
    AssignmentView,
    CommitteeView,
    Key,
    MemberView,
    one,
)
from app.domain.ledger.entries import hash_body
from app.errors import FieldError, IdTaken, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.steering import Assignment

NOTE_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """Something that a member is to answer for; `subject` is (kind, key), see `AssignmentView`. By default from today."""

    id: uuid.UUID
    subject: Key
    note: str = ""
    from_on: date | None = None

    def body_hash(self, member_id: uuid.UUID) -> str:
        return hash_body(self.id, member_id, *self.subject, self.note, self.from_on)


def assign(
    actor: Actor, committee_id: uuid.UUID, member_id: uuid.UUID, new: NewAssignment
) -> tuple[AssignmentView, bool]:
    """Give a member something to answer for; (the assignment, whether it is new).

    NotFound names `subject` out of the scope of the board's unit, Invalid a program that is not the board's. RuleBroken
    `already_assigned` where the member answers for it already. The same body again gives back the same row.
    """
    require(actor, "committee.edit")
    try:
        return _assign(actor, committee_id, member_id, new)
    except IntegrityError:
        return _assign(actor, committee_id, member_id, new)  # somebody has just made it: look again


def _assign(
    actor: Actor, committee_id: uuid.UUID, member_id: uuid.UUID, new: NewAssignment
) -> tuple[AssignmentView, bool]:
    with db.transaction(write=True) as session:
        stored = session.execute(
            sa.select(Assignment.body_hash).where(Assignment.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != new.body_hash(member_id):
                raise IdTaken()
            return _of(one(session, actor, committee_id), new.id), False
        board = locked(session, actor, committee_id, "assign")
        member = board.member(member_id)
        if len(new.note) > NOTE_LONGEST:
            raise Invalid.field("note", N_("Dài quá {longest:number} ký tự"), longest=NOTE_LONGEST)
        day = new.from_on or today()
        subject = canonical(board, new.subject)
        columns = find(session, board, [subject])[subject]
        _insert(
            session, board, member, subject, columns, day, id=new.id, note=new.note,
            body_hash=new.body_hash(member_id),
        )  # fmt: skip
        touch(session, board)
        audit.record(
            session, actor, "committee.assign", SUBJECT, committee_id, board.unit_id, member=member_id,
            given=":".join(subject), from_on=day,
        )  # fmt: skip
        return _of(one(session, actor, committee_id), new.id), True


def _of(board: CommitteeView, assignment_id: uuid.UUID) -> AssignmentView:
    return _held(board, assignment_id)[1]


def _held(board: CommitteeView, assignment_id: uuid.UUID) -> tuple[MemberView, AssignmentView]:
    """(who holds it, an assignment of the board); NotFound for any other."""
    for member in board.members:
        for assignment in member.assignments:
            if assignment.id == assignment_id:
                return member, assignment
    raise NotFound()


def _insert(
    session: Session,
    board: CommitteeView,
    member: MemberView,
    subject: Key,
    columns: dict[str, Value],
    day: date,
    *,
    field: str = "from",
    **more: Any,
) -> None:
    """Write an assignment from a day on. Invalid names `field` for a day on which the member is not in term."""
    faults = list(outside(board, day, field))
    if not faults and not member.stands(day):
        message = N_("{person} không phải thành viên ban vào ngày {day:date}.")
        faults.append(FieldError(field, message, {"person": member.person, "day": day}))
    if faults:
        raise Invalid(*faults)
    for held in member.assignments:
        if held.subject == subject and (held.to_on is None or held.to_on >= day):
            message = N_("{held} đang phụ trách việc này từ {since:date}.")
            raise RuleBroken("already_assigned", message, held=member.person, since=held.from_on)
    values = {"id": uuid7(), "note": "", "body_hash": ""} | more
    session.execute(sa.insert(Assignment).values(**values, **columns, member_id=member.id, from_on=day))


def hand_to(
    session: Session,
    board: CommitteeView,
    member: MemberView,
    assignment: AssignmentView,
    to: uuid.UUID,
    day: date,
    *,
    field: str,
) -> None:
    """Hand an open assignment of a locked board to another member, who answers for it from a day on, unless they do so
    already. NotFound, or Invalid for who is not in term, names `field`."""
    taker = next((m for m in board.members if m.id == to), None)
    if taker is None or taker.id == member.id:
        raise NotFound(N_("Không có thành viên nhận bàn giao này trong ban."), field=field)
    if assignment.to_on is not None:
        message = N_("Phân công này đã kết thúc ngày {held:date}.")
        raise RuleBroken("assignment_ended", message, held=assignment.to_on)
    if day <= assignment.from_on:
        message = N_("Không trước ngày {start:date} bắt đầu phân công.")
        raise Invalid.field(field, message, start=assignment.from_on)
    session.execute(
        sa.update(Assignment)
        .where(Assignment.id == assignment.id)
        .values(to_on=day - timedelta(days=1), handed_to_id=to)
    )
    if any(
        a.subject == assignment.subject and (a.to_on is None or a.to_on >= day) for a in taker.assignments
    ):
        return
    query = sa.select(SUBJECT_KINDS[assignment.kind]).where(Assignment.id == assignment.id)
    value: Any = session.execute(query).scalar_one()
    columns: dict[str, Value] = {f"{assignment.kind}_id": value}
    _insert(session, board, taker, assignment.subject, columns, day, field=field, note=assignment.note)


def end(
    actor: Actor,
    committee_id: uuid.UUID,
    assignment_id: uuid.UUID,
    on: date | None = None,
    *,
    to: uuid.UUID | None = None,
) -> CommitteeView:
    """End an assignment with a day (default: today), or hand it `to` another member, who answers for it from the next
    day on. The same again changes nothing. RuleBroken `assignment_ended` for one that ended otherwise."""
    require(actor, "committee.edit")
    day = on or today()
    with db.transaction(write=True) as session:
        board = locked(session, actor, committee_id, "end")
        member, standing = _held(board, assignment_id)
        if (standing.to_on, standing.handed_to_id) == (day, to):
            return board
        if standing.to_on is not None:
            message = N_("Phân công này đã kết thúc ngày {held:date}.")
            raise RuleBroken("assignment_ended", message, held=standing.to_on, asked=day)
        if day < standing.from_on:
            message = N_("Không trước ngày {start:date} bắt đầu phân công.")
            raise Invalid.field("on", message, start=standing.from_on)
        if to is None:
            session.execute(sa.update(Assignment).where(Assignment.id == assignment_id).values(to_on=day))
        else:
            hand_to(session, board, member, standing, to, day + timedelta(days=1), field="to_member_id")
        touch(session, board)
        audit.record(
            session, actor, "committee.assignment.end", SUBJECT, committee_id, board.unit_id,
            assignment=assignment_id, on=day, handed_to=to,
        )  # fmt: skip
        return one(session, actor, committee_id)


def tick(
    actor: Actor,
    committee_id: uuid.UUID,
    member_id: uuid.UUID,
    subjects: Collection[Key],
    on: date | None = None,
) -> CommitteeView:
    """Let a member answer for exactly these from a day on (default: today): what is new is added, what is not among them
    ends the day before, or is taken back where it began that very day."""
    require(actor, "committee.edit")
    day = on or today()
    with db.transaction(write=True) as session:
        board = locked(session, actor, committee_id, "assign")
        member = board.member(member_id)
        wanted = {canonical(board, subject) for subject in subjects}
        held = {a.subject: a for a in member.assignments if a.to_on is None}
        new, gone = sorted(wanted - set(held)), sorted(set(held) - wanted)
        if not new and not gone:
            return board
        for subject in gone:
            _take_back(session, held[subject], day)
        _add_all(session, board, [(member, subject) for subject in new], day)
        touch(session, board)
        audit.record(
            session, actor, "committee.assign", SUBJECT, committee_id, board.unit_id, member=member_id, from_on=day,
            added=[":".join(s) for s in new], ended=[":".join(s) for s in gone],
        )  # fmt: skip
        return one(session, actor, committee_id)


def _take_back(session: Session, assignment: AssignmentView, day: date) -> None:
    if day < assignment.from_on:
        message = N_("Không trước ngày {start:date} bắt đầu phân công.")
        raise Invalid.field("on", message, start=assignment.from_on)
    its = Assignment.id == assignment.id
    if day == assignment.from_on:
        session.execute(sa.delete(Assignment).where(its))  # it has not held for a day: the audit keeps it
    else:
        session.execute(sa.update(Assignment).where(its).values(to_on=day - timedelta(days=1)))


def _add_all(
    session: Session, board: CommitteeView, given: Sequence[tuple[MemberView, Key]], day: date
) -> None:
    columns = find(session, board, [subject for _, subject in given])
    for member, subject in given:
        _insert(session, board, member, subject, columns[subject], day, field="on")


def assign_all(
    actor: Actor, committee_id: uuid.UUID, given: Sequence[tuple[uuid.UUID, Key]], on: date | None = None
) -> CommitteeView:
    """Give each of these (member, subject) from a day on (default: today), all or none."""
    require(actor, "committee.edit")
    day = on or today()
    with db.transaction(write=True) as session:
        board = locked(session, actor, committee_id, "assign")
        if not given:
            return board
        wanted = [(board.member(member), canonical(board, subject)) for member, subject in given]
        _add_all(session, board, wanted, day)
        touch(session, board)
        audit.record(
            session, actor, "committee.assign", SUBJECT, committee_id, board.unit_id, from_on=day,
            added=[f"{member}:{':'.join(subject)}" for member, subject in given],
        )  # fmt: skip
        return one(session, actor, committee_id)
