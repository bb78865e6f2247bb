"""Boards as people and clients see them: with their programs, their members, and what each answers for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.domain.access import Actor, in_scope
from app.domain.in_charge import SUBJECT_KINDS, rank
from app.domain.ledger.entries import Document
from app.errors import NotFound
from app.models.criteria import CriteriaSet, Criterion
from app.models.identity import User
from app.models.plans import Task
from app.models.programs import Program, Project
from app.models.steering import (
    COMMITTEE_KINDS,
    MEMBER_ROLES,
    Assignment,
    Committee,
    CommitteeMember,
    CommitteeProgram,
)
from app.models.territory import Unit
from app.models.works import Work

__all__ = ["COMMITTEE_KINDS", "MEMBER_ROLES", "SUBJECT_KINDS"]

SUBJECT: Final = "committee"
HEAD: Final = "head"
Key = tuple[str, str]  # (kind, id as `AssignmentView.key` has it)


def stands(start: date, end: date | None, day: date) -> bool:
    return start <= day and (end is None or end >= day)


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """What a member answers for, from a day on; `to_on` is the last day.

    `key` is its code for a program and a project, `set/number` for a criterion, the exact code for a hamlet, an id for
    a work and a task. `handed_to_id`: the member who took it over.
    """

    id: uuid.UUID
    member_id: uuid.UUID
    kind: str
    key: str
    name: str
    name_en: str
    note: str
    from_on: date
    to_on: date | None
    handed_to_id: uuid.UUID | None

    @property
    def subject(self) -> Key:
        return self.kind, self.key

    def named(self, lang: str) -> str:
        return self.name_en if lang == "en" and self.name_en else self.name

    def stands(self, day: date) -> bool:
        return stands(self.from_on, self.to_on, day)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A person on a board for a term; `to_on` is the last day. `username` where they log in."""

    id: uuid.UUID
    committee_id: uuid.UUID
    position: int
    person: str
    title: str
    role: str
    user_id: uuid.UUID | None
    username: str | None
    from_on: date
    to_on: date | None
    assignments: tuple[AssignmentView, ...] = ()

    def stands(self, day: date) -> bool:
        return stands(self.from_on, self.to_on, day)

    @property
    def open(self) -> list[AssignmentView]:
        """What nobody has ended yet; of somebody who left, what is left lying."""
        return [assignment for assignment in self.assignments if assignment.to_on is None]


@dataclass(frozen=True, slots=True)
class CommitteeView:
    """A board, by the decision that set it up; `to_on` is its last day.

    `meeting_day`: of every month on which it meets by rule now; `meeting_from_on` and `meeting_to_on` as the row has them.
    `replaces_id`: the board that it was set up instead of, `replaced_by_id` the one set up instead of it.
    """

    id: uuid.UUID
    unit_id: int
    unit_code: str
    unit_structure: str
    unit_level: str
    unit_name: str
    kind: str
    name: str
    decision: Document
    from_on: date
    to_on: date | None
    meeting_day: int | None
    meeting_from_on: date | None
    meeting_to_on: date | None
    replaces_id: uuid.UUID | None
    replaced_by_id: uuid.UUID | None
    illustrative: bool
    created_by: str
    version: int
    updated_at: datetime
    programs: tuple[str, ...] = ()
    members: tuple[MemberView, ...] = ()

    @property
    def exact_unit(self) -> str:
        return f"{self.unit_code}@{self.unit_structure}"

    def stands(self, day: date) -> bool:
        return stands(self.from_on, self.to_on, day)

    def on(self, day: date) -> CommitteeView:
        """The board as it stood on a day: members in term, and what they answered for then."""
        members = (
            replace(m, assignments=tuple(a for a in m.assignments if a.stands(day)))
            for m in self.members
            if m.stands(day)
        )
        return replace(self, members=tuple(members))

    def member(self, member_id: uuid.UUID) -> MemberView:
        """One of its members; NotFound for anybody else."""
        for member in self.members:
            if member.id == member_id:
                return member
        raise NotFound()

    def in_term(self, day: date) -> list[MemberView]:
        return [member for member in self.members if member.stands(day)]

    def head(self, day: date) -> MemberView | None:
        return next((member for member in self.in_term(day) if member.role == HEAD), None)


_later = aliased(Committee)


def selection() -> sa.Select[*tuple[Any, ...]]:
    """What `view` reads, the reader's conditions not among them."""
    replaced_by = (
        sa.select(_later.id)
        .where(_later.replaces_id == Committee.id)
        .limit(1)
        .correlate(Committee)
        .scalar_subquery()
    )
    return sa.select(
        Committee.id, Committee.unit_id, Unit.code, Unit.structure, Unit.level, Unit.name, Committee.kind,
        Committee.name, Committee.document_number, Committee.document_date, Committee.document_issuer,
        Committee.from_on, Committee.to_on, sa.case((Committee.meeting_to_on.is_(None), Committee.meeting_day)),
        Committee.meeting_from_on, Committee.meeting_to_on, Committee.replaces_id, replaced_by,
        Committee.illustrative, Committee.created_by, Committee.version, Committee.updated_at,
    ).select_from(joined())  # fmt: skip


def joined() -> Any:
    return sa.join(Committee, Unit, Unit.id == Committee.unit_id)


def view(row: Sequence[Any]) -> CommitteeView:
    """A row of `selection`, without programs and members."""
    values: list[Any] = [*row[:8], Document(*row[8:11]), *row[11:]]
    return CommitteeView(*values)


def one(session: Session, actor: Actor, committee_id: uuid.UUID, *, lock: bool = False) -> CommitteeView:
    """A board with its members in the transaction of whoever asks: four statements; `lock` lets one writer at a time
    at it. NotFound out of scope."""
    mine = sa.and_(Committee.id == committee_id, in_scope(actor, Committee.unit_id))
    if lock:
        session.execute(sa.select(Committee.id).where(mine).with_for_update())
    row = session.execute(selection().where(mine)).one_or_none()
    if row is None:
        raise NotFound()
    return with_parts(session, [view(row)])[0]


def with_parts(session: Session, boards: Sequence[CommitteeView]) -> list[CommitteeView]:
    """Boards with their programs, members and assignments: three statements, however many they are."""
    ids = [board.id for board in boards]
    if not ids:
        return []
    programs: dict[uuid.UUID, list[str]] = {id_: [] for id_ in ids}
    query = (
        sa.select(CommitteeProgram.committee_id, Program.code)
        .join(Program, Program.id == CommitteeProgram.program_id)
        .where(CommitteeProgram.committee_id.in_(ids))
        .order_by(Program.position)
    )
    for committee_id, code in session.execute(query):
        programs[committee_id].append(code)
    members: dict[uuid.UUID, list[MemberView]] = {id_: [] for id_ in ids}
    assigned = _assignments(session, ids)
    for member in _members(session, ids):
        given = tuple(assigned.get(member.id, ()))
        members[member.committee_id].append(replace(member, assignments=given))
    return [
        replace(board, programs=tuple(programs[board.id]), members=tuple(members[board.id]))
        for board in boards
    ]


def _members(session: Session, ids: Sequence[uuid.UUID]) -> Iterator[MemberView]:
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            CommitteeMember.id, CommitteeMember.committee_id, CommitteeMember.position, CommitteeMember.person,
            CommitteeMember.title, CommitteeMember.role, CommitteeMember.user_id, User.username,
            CommitteeMember.from_on, CommitteeMember.to_on,
        )
        .outerjoin(User, User.id == CommitteeMember.user_id)
        .where(CommitteeMember.committee_id.in_(ids))
        .order_by(rank(), CommitteeMember.position, CommitteeMember.id)
    )  # fmt: skip
    for row in session.execute(query):
        yield MemberView(*row)


def _assignments(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[AssignmentView]]:
    """By member, what each answers or answered for."""
    A, hamlet = Assignment, aliased(Unit)
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            A.id, A.member_id, A.note, A.from_on, A.to_on, A.handed_to_id, Program.code, Program.short_name,
            Project.code, Project.name, CriteriaSet.code, Criterion.number, Criterion.name, Criterion.name_en,
            A.work_id, Work.name, hamlet.code, hamlet.structure, hamlet.name, A.task_id, Task.text,
        )
        .join(CommitteeMember, CommitteeMember.id == A.member_id)
        .outerjoin(Program, Program.id == A.program_id)
        .outerjoin(Project, Project.id == A.project_id)
        .outerjoin(Criterion, Criterion.id == A.criterion_id)
        .outerjoin(CriteriaSet, CriteriaSet.id == Criterion.set_id)
        .outerjoin(Work, Work.id == A.work_id)
        .outerjoin(hamlet, hamlet.id == A.hamlet_id)
        .outerjoin(Task, Task.id == A.task_id)
        .where(CommitteeMember.committee_id.in_(ids))
        .order_by(
            sa.case({kind: i for i, kind in enumerate(SUBJECT_KINDS)}, value=_kind()), Program.position,
            Project.position, Criterion.number, Work.sort_key, hamlet.sort_key, Task.position, A.from_on, A.id,
        )
    )  # fmt: skip
    found: dict[uuid.UUID, list[AssignmentView]] = {}
    for row in session.execute(query):
        found.setdefault(row[1], []).append(_assignment(row))
    return found


def _kind() -> sa.ColumnElement[str]:
    return sa.case(*((column.is_not(None), kind) for kind, column in SUBJECT_KINDS.items()))


def _assignment(row: Sequence[Any]) -> AssignmentView:
    id_, member_id, note, from_on, to_on, handed_to_id = row[:6]
    program, program_name, project, project_name, set_code, number, criterion, criterion_en = row[6:14]
    work_id, work, hamlet, structure, hamlet_name, task_id, task = row[14:]
    english = ""
    if program is not None:
        kind, key, name = "program", program, program_name
    elif project is not None:
        kind, key, name = "project", project, project_name
    elif set_code is not None:
        kind, key, name = "criterion", f"{set_code}/{number}", f"{number}. {criterion}"
        english = f"{number}. {criterion_en}" if criterion_en else ""
    elif work_id is not None:
        kind, key, name = "work", str(work_id), work
    elif hamlet is not None:
        kind, key, name = "hamlet", f"{hamlet}@{structure}", hamlet_name
    else:
        kind, key, name = "task", str(task_id), task
    return AssignmentView(id_, member_id, kind, key, name, english, note, from_on, to_on, handed_to_id)
