"""Members of a board: appointed, changed, and leaving with everything handed over in one step."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.boards.assigning import hand_to
from app.domain.boards.common import locked, outside, too_long, touch
from app.domain.boards.views import HEAD, MEMBER_ROLES, SUBJECT, CommitteeView, MemberView, one
from app.domain.ledger.entries import hash_body
from app.errors import FieldError, IdTaken, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.identity import User
from app.models.steering import CommitteeMember
from app.models.territory import UnitScope

LONGEST: Final = {"person": 120, "title": 200}
EDITABLE: Final = ("person", "title", "role", "username", "from_on", "to_on")


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person on a board. `username`: their account, if they have one; `from_on`: by default the day on which the board
    was set up; `to_on`: the last day, where it is known."""

    id: uuid.UUID
    person: str
    role: str = "member"
    title: str = ""
    username: str | None = None
    from_on: date | None = None
    to_on: date | None = None

    def facts(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def body_hash(self, committee_id: uuid.UUID) -> str:
        return hash_body(committee_id, *self.facts())


def add(actor: Actor, committee_id: uuid.UUID, new: NewMember) -> tuple[MemberView, bool]:
    """Appoint somebody; (the member, whether they are new).

    The same body again gives back the same row; another body under its id raises IdTaken. RuleBroken `one_head` where
    somebody else is head within that term; Invalid names `username` where the account has no right at the unit.
    """
    require(actor, "committee.edit")
    try:
        return _add(actor, committee_id, new)
    except IntegrityError:
        return _add(actor, committee_id, new)  # somebody has just made it: look again


def _add(actor: Actor, committee_id: uuid.UUID, new: NewMember) -> tuple[MemberView, bool]:
    with db.transaction(write=True) as session:
        body = new.body_hash(committee_id)
        stored = session.execute(
            sa.select(CommitteeMember.body_hash).where(CommitteeMember.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return one(session, actor, committee_id).member(new.id), False
        board = locked(session, actor, committee_id, "member")
        insert(session, board, [new])
        touch(session, board)
        audit.record(
            session, actor, "committee.member.add", SUBJECT, committee_id, board.unit_id, member=new.id,
            role=new.role, from_on=new.from_on or board.from_on,
        )  # fmt: skip
        return one(session, actor, committee_id).member(new.id), True


def insert(session: Session, board: CommitteeView, members: Sequence[NewMember], *, prefix: str = "") -> None:
    """Write members of a locked board; `prefix` is how a body calls their list: faults name `members.0.role`."""
    known = list(board.members)
    for i, new in enumerate(members):
        path = f"{prefix}{i}." if prefix else ""
        values: dict[str, Any] = {name: getattr(new, name) for name in EDITABLE}
        values["from_on"] = new.from_on or board.from_on
        _check(board, values, path)
        user_id = account(session, board.unit_id, new.username, f"{path}username")
        _refuse_two_heads(known, new.id, values)
        position = max((m.position for m in known), default=0) + 1
        row: dict[str, Any] = {name: values[name] for name in ("person", "title", "role", "from_on", "to_on")}
        session.execute(
            sa.insert(CommitteeMember).values(
                **row, id=new.id, committee_id=board.id, position=position, user_id=user_id,
                body_hash=new.body_hash(board.id),
            )
        )  # fmt: skip
        known.append(MemberView(new.id, board.id, position, user_id=user_id, username=new.username, **row))


def change(
    actor: Actor, committee_id: uuid.UUID, member_id: uuid.UUID, version: int, changes: dict[str, Any]
) -> CommitteeView:
    """Change a member by the names of NewMember; `version` is the board's. Raises Stale when somebody changed it since.

    `to_on` puts a term right, also of somebody who has not left after all; `leave` is for who leaves.
    """
    require(actor, "committee.edit")
    with db.transaction(write=True) as session:
        board = locked(session, actor, committee_id, "member", version)
        standing = board.member(member_id)
        given = {name: changes[name] for name in EDITABLE if name in changes}
        if not given:
            return board
        values = {name: getattr(standing, name) for name in EDITABLE} | given
        _check(board, values, assigned=min((a.from_on for a in standing.assignments), default=None))
        _refuse_two_heads(board.members, member_id, values)
        row: dict[str, Any] = {name: value for name, value in given.items() if name != "username"}
        if "username" in given and given["username"] != standing.username:
            row["user_id"] = account(session, board.unit_id, given["username"], "username")
        if row:
            session.execute(sa.update(CommitteeMember).where(CommitteeMember.id == member_id).values(**row))
        touch(session, board)
        audit.record(
            session, actor, "committee.member.update", SUBJECT, committee_id, board.unit_id, member=member_id,
            fields=sorted(given),
        )  # fmt: skip
        return one(session, actor, committee_id)


def account(session: Session, unit_id: int, username: str | None, field: str) -> uuid.UUID | None:
    """The account of a member: one that stands and whose unit is that of the board, or above it. Invalid names `field`
    for any other, whether it is there or not."""
    if not username:
        return None
    query = (
        sa.select(User.id)
        .join(UnitScope, UnitScope.ancestor_id == User.unit_id)
        .where(
            User.username == username.strip().lower(), sa.not_(User.disabled), UnitScope.unit_id == unit_id
        )
    )
    found = session.execute(query).scalar_one_or_none()
    if found is None:
        message = N_("Không có tài khoản {username} có quyền ở đơn vị của ban, hoặc tài khoản đã khóa.")
        raise Invalid.field(field, message, username=username)
    return found


def _check(
    board: CommitteeView, values: Mapping[str, Any], path: str = "", *, assigned: date | None = None
) -> None:
    """Raises Invalid; `assigned`: the first day on which the member answered for something."""
    faults = list(_faults(board, values, assigned))
    if faults:
        raise Invalid(*(FieldError(f"{path}{fault.field}", fault.message, fault.facts) for fault in faults))


def _faults(board: CommitteeView, values: Mapping[str, Any], assigned: date | None) -> Iterator[FieldError]:
    if not values["person"].strip():
        yield FieldError("person", N_("Ghi họ và tên."))
    if values["role"] not in MEMBER_ROLES:
        yield FieldError("role", N_("Không có vai trò này trong ban."))
    yield from too_long(values, LONGEST)
    start, end = values["from_on"], values["to_on"]
    yield from outside(board, start, "from")
    if end is not None and end < start:
        yield FieldError("to", N_("Ngày thôi không trước ngày bắt đầu."))
    if assigned is not None and start > assigned:
        message = N_("Không sau ngày {day:date} đã được phân công việc.")
        yield FieldError("from", message, {"day": assigned})


def _refuse_two_heads(members: Sequence[MemberView], id_: uuid.UUID, values: Mapping[str, Any]) -> None:
    """RuleBroken `one_head` where another member is head on a day of that term."""
    if values["role"] != HEAD:
        return
    start, end = values["from_on"], values["to_on"] or date.max
    for other in members:
        if (
            other.id != id_
            and other.role == HEAD
            and other.from_on <= end
            and (other.to_on or date.max) >= start
        ):
            message = N_("{held} là trưởng ban từ {since:date}. Cho thôi hoặc đổi vai trò trước.")
            raise RuleBroken(
                "one_head", message, held=other.person, since=other.from_on, asked=values["person"]
            )


def leave(
    actor: Actor,
    committee_id: uuid.UUID,
    member_id: uuid.UUID,
    on: date,
    hand_over: Mapping[uuid.UUID, uuid.UUID | None],
) -> CommitteeView:
    """End a member's term with a day, and hand each assignment to another member from the next day on.

    `hand_over`: by assignment who takes it over; what is not named, or goes to None, is left open and shown as a gap.
    The same again changes nothing. RuleBroken `member_left` for who left on another day. NotFound names `hand_over`.
    """
    require(actor, "committee.edit")
    with db.transaction(write=True) as session:
        board = locked(session, actor, committee_id, "leave")
        member = board.member(member_id)
        given = {a.id: a for a in member.assignments}
        for id_ in hand_over:
            if id_ not in given:
                raise NotFound(N_("Thành viên này không có việc được phân công như vậy."), field="hand_over")
        wanted = {id_: to for id_, to in hand_over.items() if to is not None}
        if member.to_on is not None and member.to_on <= on:
            if member.to_on == on and all(given[id_].handed_to_id == to for id_, to in wanted.items()):
                return board
            message = N_("Thành viên này đã thôi từ ngày {held:date}.")
            raise RuleBroken("member_left", message, held=member.to_on, asked=on)
        faults = list(outside(board, on, "on"))
        if on < member.from_on:
            message = N_("Không trước ngày {start:date} bắt đầu.")
            faults.append(FieldError("on", message, {"start": member.from_on}))
        if faults:
            raise Invalid(*faults)
        for id_, to in wanted.items():
            hand_to(session, board, member, given[id_], to, on + timedelta(days=1), field="hand_over")
        session.execute(sa.update(CommitteeMember).where(CommitteeMember.id == member_id).values(to_on=on))
        touch(session, board)
        left = sum(a.to_on is None and a.id not in wanted for a in member.assignments)
        audit.record(
            session, actor, "committee.member.leave", SUBJECT, committee_id, board.unit_id, member=member_id,
            on=on, handed_over=len(wanted), left_open=left,
        )  # fmt: skip
        return one(session, actor, committee_id)
