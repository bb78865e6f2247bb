"""Who answers for something on the boards of its unit: the conditions, and names for pages of works and targets."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.clock import today
from app.domain.access import Actor, in_scope
from app.models.criteria import CriteriaSet, Criterion
from app.models.steering import MEMBER_ROLES, Assignment, Committee, CommitteeMember
from app.models.territory import Unit, UnitScope

# What a member may answer for, by the column of an assignment that names it.
SUBJECT_KINDS: Final = {
    "program": Assignment.program_id, "project": Assignment.project_id, "criterion": Assignment.criterion_id,
    "work": Assignment.work_id, "hamlet": Assignment.hamlet_id, "task": Assignment.task_id,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class InCharge:
    """Who answers for something, by which board."""

    person: str
    title: str
    role: str
    committee_id: uuid.UUID
    committee_name: str


def standing_on(day: date, structure: str) -> sa.ColumnElement[bool]:
    """The condition that a board stood on a day, as it is seen from a unit of a structure: the board of a unit that has
    ended is no board of the one that took it over; who looks at the old structure sees it as it was left."""
    unit = aliased(Unit)
    living = sa.select(unit.id).where(
        sa.or_(unit.structure == structure, unit.valid_to.is_(None), unit.valid_to >= day)
    )
    ends = sa.or_(Committee.to_on.is_(None), Committee.to_on >= day)
    return sa.and_(Committee.from_on <= day, ends, Committee.unit_id.in_(living))


def answers_on(day: date, structure: str) -> sa.ColumnElement[bool]:
    """The condition that an assignment, joined to its member and board, holds on a day: it, the term and the board."""
    return sa.and_(
        standing_on(day, structure),
        *(
            sa.and_(model.from_on <= day, sa.or_(model.to_on.is_(None), model.to_on >= day))
            for model in (CommitteeMember, Assignment)
        ),
    )


def rank() -> sa.ColumnElement[int]:
    """The order of roles: the head first."""
    return sa.case({role: i for i, role in enumerate(MEMBER_ROLES)}, value=CommitteeMember.role)


def names_in_charge(actor: Actor, kind: str, id_: Any) -> sa.ScalarSelect[str]:
    """Who answers today for what a statement is about, as one column of it: names with commas between them, null where
    nobody does. `id_` is the statement's column."""
    held = (
        sa.select(CommitteeMember.person)
        .join(Assignment, Assignment.member_id == CommitteeMember.id)
        .join(Committee, Committee.id == CommitteeMember.committee_id)
        .where(
            SUBJECT_KINDS[kind] == id_,
            in_scope(actor, Committee.unit_id),
            answers_on(today(), actor.structure),
        )
        .group_by(CommitteeMember.person)
        .correlate(id_.table)
        .subquery()
    )
    return sa.select(sa.func.aggregate_strings(held.c.person, ", ")).scalar_subquery()


def in_charge(
    session: Session,
    actor: Actor,
    kind: str,
    ids: Collection[int | uuid.UUID],
    *,
    on: date | None = None,
) -> dict[int | uuid.UUID, list[InCharge]]:
    """Who answers for each of these on a day (default: today), the heads first: one statement.

    `ids`: of works, tasks or hamlets, as `kind` says, which are of one unit; see also `in_charge_of_criterion`.
    """
    if not ids:
        return {}
    column = SUBJECT_KINDS[kind]
    found: dict[int | uuid.UUID, list[InCharge]] = {}
    query = _who(actor, on or today()).add_columns(column).where(column.in_(ids))
    for *who, id_ in session.execute(query):
        found.setdefault(id_, []).append(InCharge(*who))
    return found


def in_charge_of_criterion(
    session: Session, actor: Actor, unit_id: int, set_code: str, number: int, *, on: date | None = None
) -> list[InCharge]:
    """Who answers for a criterion in a unit on a day (default: today), by a board of it or of one above it: one
    statement."""
    above = sa.select(UnitScope.ancestor_id).where(UnitScope.unit_id == unit_id)
    query = (
        _who(actor, on or today())
        .join(Criterion, Criterion.id == Assignment.criterion_id)
        .join(CriteriaSet, CriteriaSet.id == Criterion.set_id)
        .where(CriteriaSet.code == set_code, Criterion.number == number, Committee.unit_id.in_(above))
    )
    return [InCharge(*row) for row in session.execute(query)]


def _who(actor: Actor, day: date) -> sa.Select[*tuple[Any, ...]]:
    """The columns of InCharge in their order."""
    return (
        sa.select(
            CommitteeMember.person, CommitteeMember.title, CommitteeMember.role, Committee.id, Committee.name
        )
        .select_from(Assignment)
        .join(CommitteeMember, CommitteeMember.id == Assignment.member_id)
        .join(Committee, Committee.id == CommitteeMember.committee_id)
        .where(in_scope(actor, Committee.unit_id), answers_on(day, actor.structure))
        .order_by(rank(), CommitteeMember.position, CommitteeMember.person, CommitteeMember.id)
    )
