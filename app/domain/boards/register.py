"""Lists of boards, one with its gaps, and who answers for a work, a criterion, a target."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain.access import Actor, in_scope, require, under
from app.domain.boards.gaps import Gaps, gaps_of
from app.domain.boards.subjects import Thing
from app.domain.boards.views import (
    CommitteeView,
    joined,
    one,
    selection,
    view,
    with_parts,
)
from app.domain.in_charge import InCharge, in_charge_of_criterion, standing_on
from app.domain.territory import UnitView, resolve
from app.errors import NotFound
from app.models.programs import Program
from app.models.steering import Committee, CommitteeProgram
from app.models.territory import Unit
from app.text import fold


@dataclass(frozen=True, slots=True)
class CommitteeFilter:
    """What a list of boards is narrowed to; None leaves it open. `on`: those that stood on a day."""

    unit: str | None = None
    year: int | None = None
    as_of: date | None = None  # the day on which a bare code is read
    on: date | None = None
    kind: str | None = None
    program: str | None = None
    q: str | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A board with all that its page shows: the other boards of its unit that stand, its gaps, and all that there is to
    answer for."""

    board: CommitteeView
    boards: list[CommitteeView]
    gaps: Gaps
    things: list[Thing]


def _conditions(session: Session, actor: Actor, wanted: CommitteeFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield in_scope(actor, Committee.unit_id)
    structure = actor.structure
    if wanted.unit is not None:
        unit = resolve(session, actor, wanted.unit, as_of=wanted.as_of, year=wanted.year)
        structure = unit.structure
        yield under(unit.id, Committee.unit_id)
    if wanted.on is not None:
        yield standing_on(wanted.on, structure)
    if wanted.kind is not None:
        yield Committee.kind == wanted.kind
    if wanted.program is not None:
        steered = sa.select(CommitteeProgram.committee_id).join(
            Program, Program.id == CommitteeProgram.program_id
        )
        yield Committee.id.in_(steered.where(Program.code == wanted.program))
    for word in fold(wanted.q or "").split():
        yield sa.or_(
            Committee.search.contains(word, autoescape=True), Unit.search.contains(word, autoescape=True)
        )
    if wanted.updated_since is not None:
        yield Committee.updated_at >= wanted.updated_since


def committees(
    actor: Actor,
    wanted: CommitteeFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    by_unit: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[CommitteeView]:
    """Boards with their members in the order in which they changed last (`after`: the last one seen), or for people
    those that stand first, by unit and kind. With `wanted.on`, members and assignments as they were that day; people see
    also who left."""
    require(actor, "read")
    with db.snapshot() as session:
        query = selection().where(*_conditions(session, actor, wanted))
        if after is not None:
            query = query.where(db.past(Committee.updated_at, Committee.id, after))
        order: tuple[Any, ...] = (Committee.updated_at, Committee.id)
        if by_unit:
            order = _by_unit(today(), actor.structure)
        rows = session.execute(query.order_by(*order).offset(offset).limit(limit)).all()
        found = with_parts(session, [view(row) for row in rows])
        return found if wanted.on is None or by_unit else [board.on(wanted.on) for board in found]


def _by_unit(day: date, structure: str) -> tuple[Any, ...]:
    over = sa.case((standing_on(day, structure), 0), else_=1)
    steering_first = sa.case((Committee.kind == "steering", 0), else_=1)
    return over, Unit.sort_key, Unit.id, steering_first, Committee.from_on.desc(), Committee.id


def count(actor: Actor, wanted: CommitteeFilter) -> int:
    """How many boards there are under a filter."""
    require(actor, "read")
    with db.transaction() as session:
        query = sa.select(sa.func.count()).select_from(joined())
        return session.execute(query.where(*_conditions(session, actor, wanted))).scalar_one()


def get(actor: Actor, committee_id: uuid.UUID) -> CommitteeView:
    """One board with all its members, those who left among them; NotFound outside the actor's scope."""
    require(actor, "read")
    with db.snapshot() as session:
        return one(session, actor, committee_id)


def of_unit(actor: Actor, unit: UnitView, on: date | None = None) -> Sheet | None:
    """The boards of a unit (or, while they stood, of those that it took over) that stand on a day, the first as `board`, with their gaps;
    None where there is none. Seven statements."""
    require(actor, "read")
    day = on or today()
    with db.snapshot() as session:
        boards = _of_unit(session, actor, unit.id, unit.level, unit.structure, day)
        if not boards:
            return None
        gaps, things = gaps_of(session, boards, day)
        return Sheet(boards[0], boards, gaps, things)


def gaps_of_unit(actor: Actor, found: Sequence[CommitteeView], on: date | None = None) -> Gaps:
    """The gaps of one unit's boards, which were looked up for the actor, on a day (default: today): three statements."""
    require(actor, "read")
    with db.snapshot() as session:
        return gaps_of(session, found, on or today())[0]


def sheet(actor: Actor, committee_id: uuid.UUID, on: date | None = None) -> Sheet:
    """A board with what its page shows on a day (default: today). NotFound outside the actor's scope."""
    require(actor, "read")
    day = on or today()
    with db.snapshot() as session:
        row = session.execute(
            selection().where(Committee.id == committee_id, in_scope(actor, Committee.unit_id))
        ).one_or_none()
        if row is None:
            raise NotFound()
        head = view(row)
        boards = _of_unit(
            session, actor, head.unit_id, head.unit_level, head.unit_structure, day, committee_id
        )
        board = next(board for board in boards if board.id == committee_id)
        standing = [other for other in boards if other.stands(day)]
        gaps, things = gaps_of(session, standing, day)
        return Sheet(board, standing, gaps.of(board), things)


def _of_unit(
    session: Session,
    actor: Actor,
    unit_id: int,
    level: str,
    structure: str,
    day: date,
    also: uuid.UUID | None = None,
) -> list[CommitteeView]:
    """The boards of a unit that stand on a day, and one more: four statements."""
    wanted = standing_on(day, structure)
    if also is not None:
        wanted = sa.or_(wanted, Committee.id == also)
    query = selection().where(
        in_scope(actor, Committee.unit_id), under(unit_id, Committee.unit_id), Unit.level == level, wanted
    )
    rows = session.execute(query.order_by(*_by_unit(day, structure))).all()
    return with_parts(session, [view(row) for row in rows])


def answering(actor: Actor, unit_id: int, set_code: str, number: int) -> list[InCharge]:
    """Who answers today for a criterion in a unit: see `in_charge_of_criterion`."""
    require(actor, "read")
    with db.transaction() as session:
        return in_charge_of_criterion(session, actor, unit_id, set_code, number)
