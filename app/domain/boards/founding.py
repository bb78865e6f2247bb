"""Setting up a board, changing what is said of it, and setting it up anew by another decision (kiện toàn)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.boards import members as people
from app.domain.boards.common import (
    OWN,
    columns_of,
    faults_of_decision,
    faults_of_term,
    locked,
    too_long,
    touch,
)
from app.domain.boards.members import NewMember
from app.domain.boards.views import COMMITTEE_KINDS, SUBJECT, SUBJECT_KINDS, CommitteeView, one
from app.domain.ledger.entries import Document, hash_body
from app.domain.meetings.following import follow
from app.domain.meetings.months import month_of
from app.domain.sides import refuse_above
from app.domain.territory import resolve
from app.errors import FieldError, IdTaken, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.programs import Program
from app.models.steering import Assignment, Committee, CommitteeMember, CommitteeProgram
from app.models.territory import Unit
from app.text import fold

EDITABLE: Final = ("name", "programs", "decision", "from_on", "to_on", "meeting_day")
NAME_LONGEST: Final = 300
LAST_MEETING_DAY: Final = 28


@dataclass(frozen=True, slots=True)
class NewCommittee:
    """A board as it is set up; by default from the day of its decision on. `meeting_day`: of every month, 1 to 28."""

    id: uuid.UUID
    unit_code: str
    kind: str
    name: str
    programs: tuple[str, ...]
    decision: Document
    from_on: date | None = None
    meeting_day: int | None = None
    members: tuple[NewMember, ...] = field(default=())

    def body_hash(self) -> str:
        plain = (self.id, self.unit_code, self.kind, self.name, self.from_on, self.meeting_day)
        members = [[str(fact) for fact in member.facts()] for member in self.members]
        return hash_body(*plain, *_typed(self.decision), sorted(self.programs), members)


@dataclass(frozen=True, slots=True)
class Renewal:
    """Another decision by which a board is set up anew; what is None stays as it was. By default from its day on."""

    id: uuid.UUID
    decision: Document
    from_on: date | None = None
    name: str | None = None
    programs: tuple[str, ...] | None = None
    meeting_day: int | None = None

    def body_hash(self, committee_id: uuid.UUID) -> str:
        programs = None if self.programs is None else sorted(self.programs)
        plain = (committee_id, self.id, self.name, self.from_on, self.meeting_day)
        return hash_body(*plain, *_typed(self.decision), programs)


def _typed(document: Document) -> tuple[str, date, str]:
    return document.number, document.date, document.issuer


def create(actor: Actor, new: NewCommittee, *, illustrative: bool = False) -> tuple[CommitteeView, bool]:
    """Set up a board, with its members where they are given; (the board, whether it is new).

    The same body again gives back the same row; another body under its id raises IdTaken. RuleBroken `own_board` for a
    unit below the actor's, `board_exists` where the decision has set up such a board already.
    """
    require(actor, "committee.edit")
    _check(_values(new))
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just made it: look again


def _values(new: NewCommittee) -> dict[str, Any]:
    start = new.from_on or new.decision.date
    return {
        "kind": new.kind, "name": new.name, "programs": new.programs, "decision": new.decision, "from_on": start,
        "to_on": None, "meeting_day": new.meeting_day,
    }  # fmt: skip


def _create(actor: Actor, new: NewCommittee, illustrative: bool) -> tuple[CommitteeView, bool]:
    with db.transaction(write=True) as session:
        body = new.body_hash()
        if _known(session, new.id, body):
            return one(session, actor, new.id), False
        values = _values(new)
        unit = resolve(session, actor, new.unit_code, as_of=values["from_on"], field="unit_code")
        if unit.level == "hamlet":
            raise Invalid.field("unit_code", N_("Ban do xã hoặc cấp trên thành lập."))
        refuse_above(actor, OWN, unit.level, "create")
        _insert(session, actor, new.id, unit.id, values, body, illustrative=illustrative)
        people.insert(session, one(session, actor, new.id), new.members, prefix="members.")
        audit.record(
            session, actor, "committee.create", SUBJECT, new.id, unit.id, kind=new.kind, programs=list(new.programs),
            decision=new.decision.number, from_on=values["from_on"], members=len(new.members),
        )  # fmt: skip
        return one(session, actor, new.id), True


def _known(session: Session, id_: uuid.UUID, body: str) -> bool:
    """Whether this very board was set up before; IdTaken where its id stands for another."""
    stored = session.execute(sa.select(Committee.body_hash).where(Committee.id == id_)).scalar_one_or_none()
    if stored is not None and stored != body:
        raise IdTaken()
    return stored is not None


def _insert(
    session: Session,
    actor: Actor,
    id_: uuid.UUID,
    unit_id: int,
    values: Mapping[str, Any],
    body: str,
    **more: Any,
) -> None:
    now = utcnow()
    plain = {name: values[name] for name in ("kind", "name", "from_on", "to_on", "meeting_day")}
    session.execute(
        sa.insert(Committee).values(
            **plain, **columns_of(values["decision"]), **more, id=id_, unit_id=unit_id,
            search=_search(values), body_hash=body, created_at=now, created_by=actor.ref, updated_at=now, version=1,
        )
    )  # fmt: skip
    _put_programs(session, id_, values["programs"])
    _refuse_twice(session, id_, unit_id, values)


def _refuse_twice(session: Session, id_: uuid.UUID, unit_id: int, values: Mapping[str, Any]) -> None:
    """RuleBroken `board_exists` where the unit has another board of this kind by the same decision, for one of these
    programs, on a day of this term."""
    # Two who set up the same board at once come here one after the other.
    session.execute(sa.select(Unit.id).where(Unit.id == unit_id).with_for_update(key_share=True))
    C = Committee
    programs = (
        sa.select(CommitteeProgram.committee_id)
        .join(Program, Program.id == CommitteeProgram.program_id)
        .where(Program.code.in_(values["programs"]))
    )
    query = sa.select(C.name, C.from_on).where(
        C.unit_id == unit_id, C.id != id_, C.kind == values["kind"], C.id.in_(programs),
        C.document_number == values["decision"].number, sa.or_(C.to_on.is_(None), C.to_on >= values["from_on"]),
    )  # fmt: skip
    if values["to_on"] is not None:
        query = query.where(C.from_on <= values["to_on"])
    held = session.execute(query.order_by(C.from_on).limit(1)).one_or_none()
    if held is not None:
        message = N_("Quyết định này đã thành lập {held} từ ngày {since:date}: mở ban đó, không lập lần nữa.")
        raise RuleBroken("board_exists", message, held=held.name, since=held.from_on)


def _may_double(board: CommitteeView, whole: Mapping[str, Any]) -> bool:
    """Whether a change could make a board the double of another: it is by another decision, for other programs, or
    stands on days on which it did not."""
    longer = board.to_on is not None and (whole["to_on"] is None or whole["to_on"] > board.to_on)
    return (
        longer
        or whole["decision"] != board.decision
        or {*whole["programs"]} != {*board.programs}
        or (whole["from_on"] < board.from_on)
    )


def _search(values: Mapping[str, Any]) -> str:
    return fold(f"{values['name']} {values['decision'].number}")


def _put_programs(session: Session, committee_id: uuid.UUID, codes: Sequence[str]) -> None:
    """NotFound names `programs` where the catalogue has none of a code."""
    query = sa.select(Program.code, Program.id).where(Program.code.in_(codes))
    known = dict(session.execute(query).all())
    for code in codes:
        if code not in known:
            raise NotFound(N_("Không có chương trình {code}."), field="programs", code=code)
    session.execute(sa.delete(CommitteeProgram).where(CommitteeProgram.committee_id == committee_id))
    rows = [{"committee_id": committee_id, "program_id": id_} for id_ in known.values()]
    session.execute(sa.insert(CommitteeProgram), rows)


def update(actor: Actor, committee_id: uuid.UUID, version: int, changes: dict[str, Any]) -> CommitteeView:
    """Change a board by the names in EDITABLE; `to_on` dissolves it. Raises Stale when somebody changed it since."""
    require(actor, "committee.edit")
    with db.transaction(write=True) as session:
        board = locked(session, actor, committee_id, "update", version)
        values: dict[str, Any] = {name: changes[name] for name in EDITABLE if name in changes}
        if not values:
            return board
        whole = {name: getattr(board, name) for name in (*EDITABLE, "kind")} | values
        _check(whole, board)
        if "meeting_day" in values:
            values |= _rule(board, values.pop("meeting_day"))
        if "programs" in values:
            _put_programs(session, committee_id, values.pop("programs"))
        if _may_double(board, whole):
            _refuse_twice(session, committee_id, board.unit_id, whole)
        if "decision" in values:
            values |= columns_of(values.pop("decision"))
        touch(session, board, **values, search=_search(whole))
        audit.record(
            session, actor, "committee.update", SUBJECT, committee_id, board.unit_id, fields=sorted(changes)
        )
        follow(
            session, actor, committee_id, last=whole["to_on"], day=whole["meeting_day"], before=board.meeting_day
        )  # fmt: skip
        return one(session, actor, committee_id)


def _rule(board: CommitteeView, day: int | None) -> dict[str, Any]:
    """What is stored of a monthly day that is said of a board now: a rule that comes later holds from today on, one that
    is given up ends today, and goes on where it is taken up again in the same month."""
    if day is None:
        return {} if board.meeting_day is None else {"meeting_to_on": today()}
    if board.meeting_day is not None:
        return {"meeting_day": day}
    ended = board.meeting_to_on
    goes_on = ended is not None and month_of(ended) == month_of(today())
    return {
        "meeting_day": day, "meeting_to_on": None,
        "meeting_from_on": board.meeting_from_on if goes_on else today(),
    }  # fmt: skip


def _check(values: Mapping[str, Any], board: CommitteeView | None = None) -> None:
    """Raises Invalid; `board` as it stands, with its members."""
    faults = [*_faults(values), *(_faults_with(board, values) if board is not None else ())]
    if faults:
        raise Invalid(*faults)


def _faults(values: Mapping[str, Any]) -> Iterator[FieldError]:
    if values["kind"] not in COMMITTEE_KINDS:
        yield FieldError("kind", N_("Không có loại ban này."))
    if not values["name"].strip():
        yield FieldError("name", N_("Chưa điền"))
    yield from too_long(values, {"name": NAME_LONGEST})
    if not values["programs"]:
        yield FieldError("programs", N_("Chọn ít nhất một chương trình."))
    yield from faults_of_decision(values["decision"])
    yield from faults_of_term(values["decision"], values["from_on"], values["to_on"])
    day = values["meeting_day"]
    if day is not None and not 1 <= day <= LAST_MEETING_DAY:
        message = N_("Ngày họp hằng tháng từ 1 đến {last:number}, để tháng nào cũng có.")
        yield FieldError("meeting_day", message, {"last": LAST_MEETING_DAY})


def _faults_with(board: CommitteeView, values: Mapping[str, Any]) -> Iterator[FieldError]:
    """What does not go with members that are there."""
    first = min((m.from_on for m in board.members), default=None)
    if first is not None and values["from_on"] > first:
        message = N_("Không sau ngày {day:date} đã có thành viên.")
        yield FieldError("from", message, {"day": first})
    last = max((m.from_on for m in board.members), default=None)
    if last is not None and values["to_on"] is not None and values["to_on"] < last:
        message = N_("Không trước ngày {day:date} còn nhận thành viên.")
        yield FieldError("to", message, {"day": last})
    gone = set(board.programs) - set(values["programs"])
    for member in board.members:
        for held in member.open:
            if held.kind in ("program", "project") and held.key.partition(".")[0] in gone:
                message = N_("{person} còn phụ trách {key}: kết thúc phân công đó trước.")
                yield FieldError("programs", message, {"person": member.person, "key": held.key})
                return


def renew(actor: Actor, committee_id: uuid.UUID, new: Renewal) -> tuple[CommitteeView, bool]:
    """Set a board up anew by another decision (kiện toàn); (the new board, whether it is new).

    The old one ends the day before; who is a member that day goes on in the new one, with everything that they answer
    for. RuleBroken `board_ended` for one that has ended. The same body again gives back the same row.
    """
    require(actor, "committee.edit")
    try:
        return _renew(actor, committee_id, new)
    except IntegrityError:
        return _renew(actor, committee_id, new)  # somebody has just made it: look again


def _renew(actor: Actor, committee_id: uuid.UUID, new: Renewal) -> tuple[CommitteeView, bool]:
    with db.transaction(write=True) as session:
        body = new.body_hash(committee_id)
        if _known(session, new.id, body):
            return one(session, actor, new.id), False
        old = locked(session, actor, committee_id, "renew")
        start = new.from_on or new.decision.date
        if old.to_on is not None:
            message = N_("Ban này đã kết thúc ngày {held:date}.")
            raise RuleBroken("board_ended", message, asked=start, held=old.to_on)
        values: dict[str, Any] = {
            "kind": old.kind, "name": old.name if new.name is None else new.name, "decision": new.decision,
            "programs": old.programs if new.programs is None else new.programs, "from_on": start, "to_on": None,
            "meeting_day": old.meeting_day if new.meeting_day is None else new.meeting_day,
        }  # fmt: skip
        _check(values)
        _check_after(old, start)
        last = start - timedelta(days=1)
        touch(session, old, to_on=last)
        follow(session, actor, old.id, last=last, day=old.meeting_day, before=old.meeting_day)
        _insert(
            session,
            actor,
            new.id,
            old.unit_id,
            values,
            body,
            illustrative=old.illustrative,
            replaces_id=old.id,
            meeting_from_on=old.meeting_from_on if old.meeting_day is not None else None,
        )
        number = _copy_members(session, old, new.id, values["programs"], start)
        audit.record(
            session, actor, "committee.renew", SUBJECT, new.id, old.unit_id, replaces=old.id, from_on=start,
            decision=new.decision.number, members=number,
        )  # fmt: skip
        return one(session, actor, new.id), True


def _check_after(old: CommitteeView, start: date) -> None:
    """Raises Invalid for a day on which the old board had not begun, or has members yet to come."""
    last = max((m.from_on for m in old.members), default=old.from_on)
    if start <= max(old.from_on, last):
        message = N_("Phải sau ngày {day:date} ban cũ bắt đầu, hay nhận thành viên sau cùng.")
        raise Invalid.field("from", message, day=max(old.from_on, last))


def _copy_members(
    session: Session, old: CommitteeView, new_id: uuid.UUID, programs: Sequence[str], start: date
) -> int:
    """Copy on who is a member on the day, with what they answer for; what belongs to a program that the new board does
    not have stays behind."""
    ids: dict[uuid.UUID, uuid.UUID] = {}
    going_on = old.in_term(start)
    for member in going_on:
        ids[member.id] = uuid7()
        session.execute(
            sa.insert(CommitteeMember).values(
                id=ids[member.id], committee_id=new_id, position=member.position, person=member.person,
                title=member.title, role=member.role, user_id=member.user_id, from_on=start, to_on=member.to_on,
            )
        )  # fmt: skip
    held = {
        a.id
        for member in going_on
        for a in member.assignments
        if a.stands(start) and (a.kind not in ("program", "project") or a.key.partition(".")[0] in programs)
    }
    if held:
        columns = [column.key for column in SUBJECT_KINDS.values()]
        for row in session.execute(sa.select(Assignment).where(Assignment.id.in_(held))).scalars().all():
            subject = {name: getattr(row, name) for name in columns}
            session.execute(
                sa.insert(Assignment).values(
                    id=uuid7(), member_id=ids[row.member_id], note=row.note, from_on=start, to_on=row.to_on, **subject
                )
            )  # fmt: skip
    return len(going_on)
