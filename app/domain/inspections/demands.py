"""What an inspection demands, given as directives; and what earlier ones demanded, as it stands on its day."""

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
from app.domain.access import Actor, in_scope, require, under
from app.domain.directives import DirectiveView, NewDirective, create_all
from app.domain.directives.views import Columns, mine, selection
from app.domain.inspections.register import get
from app.domain.inspections.views import (
    CONCLUDED,
    HELD,
    SUBJECT,
    InspectionView,
    day_of,
    one,
    refuse_side,
    refuse_state,
)
from app.errors import Invalid
from app.i18n import N_
from app.models.identity import User
from app.models.oversight import Inspection
from app.models.steering import Agency, Committee, CommitteeMember, Directive
from app.models.territory import Unit

MOST: Final = 50  # demands at once
_ORDER: Final = (Directive.created_at, Directive.id)


@dataclass(frozen=True, slots=True)
class DemandView(DirectiveView):
    """What an inspection demanded, whoever has to do it: all who may read the inspection read that. `readable`: the
    directive itself lies in the reader's scope."""

    readable: bool


def as_of(inspection: InspectionView) -> date:
    """The day as of which earlier demands are shown: that of the visit, or today while it lies ahead."""
    return min(inspection.day or today(), today())


def earlier(
    session: Session, actor: Actor, inspection: InspectionView, day: date | None = None
) -> list[DemandView]:
    """What inspections of the unit (and of those that it took over) before this one demanded, as of a day (default:
    `as_of`), by when it was given: one statement."""
    on = day or as_of(inspection)
    before = sa.select(Inspection.id).where(
        Inspection.id != inspection.id,
        under(inspection.unit_id, Inspection.unit_id),
        Inspection.state.in_((HELD, CONCLUDED)),
        day_of() <= (inspection.day or date.max),
    )
    query = _selection(actor, on).where(Directive.inspection_id.in_(before), Directive.given_on <= on)
    return _views(session, query.order_by(Directive.source_on.desc(), *_ORDER), on)


def _selection(actor: Actor, on: date | None = None) -> Columns:
    return selection(actor, on).add_columns(sa.case((mine(actor), sa.true()), else_=sa.false()))


def _views(session: Session, query: Columns, on: date | None = None) -> list[DemandView]:
    return [
        DemandView(*[*row[:-2], row[-1] and row[-2], on or today(), row[-1]])
        for row in session.execute(query)
    ]


def earlier_of(actor: Actor, inspection_id: uuid.UUID) -> tuple[InspectionView, date, list[DemandView]]:
    """(an inspection, the day as of which, what was demanded before it)."""
    require(actor, "read")
    with db.snapshot() as session:
        found = one(session, actor, inspection_id)
        return found, as_of(found), earlier(session, actor, found)


@dataclass(frozen=True, slots=True)
class Demand:
    """Something that an inspection demands: of whom (see NewDirective), by when; `quote` is the sentence that says it."""

    id: uuid.UUID
    text: str
    due_on: date
    assignee_kind: str
    assignee_id: uuid.UUID | None = None
    unit_code: str | None = None
    quote: str = ""
    priority: str = "normal"


def demand(
    actor: Actor, inspection_id: uuid.UUID, wanted: Sequence[Demand], *, illustrative: bool = False
) -> list[DirectiveView]:
    """Give what an inspection demands as directives, all or none; the directives in the order that they were sent in.

    The same sent again changes nothing. RuleBroken `inspection_side` for whoever does not inspect, `inspection_state`
    before it was held; what is wrong with a demand is named by its place, `demands.0.due_on`.
    """
    require(actor, "directive.give")
    if not 0 < len(wanted) <= MOST:
        raise Invalid.field("demands", N_("Mỗi lần từ 1 đến {most:number} yêu cầu."), most=MOST)
    standing = get(actor, inspection_id)
    refuse_side(standing, "demand")
    refuse_state(standing, "demand", standing.state in (HELD, CONCLUDED))
    news = [
        NewDirective(
            d.id, d.text, SUBJECT, d.due_on, d.assignee_kind, d.assignee_id, d.unit_code, inspection_id,
            quote=d.quote, priority=d.priority,
        )
        for d in wanted
    ]  # fmt: skip
    made = create_all(actor, news, field="demands", illustrative=illustrative)
    return [directive for directive, _ in made]


@dataclass(frozen=True, slots=True)
class Assignee:
    """Somebody of whom an inspection may demand something; `id` is an id, of a unit its exact code."""

    kind: str
    id: str
    name: str
    title: str
    unit_name: str


def assignees(actor: Actor, inspection: InspectionView, on: date) -> list[Assignee]:
    """The inspected unit, its boards, the agencies of both sides, the people of its boards and its accounts, as they
    stand on a day: four statements."""
    require(actor, "directive.give")
    sides = (inspection.unit_id, inspection.by_unit_id)
    unit = Assignee("unit", inspection.exact_unit, inspection.unit_name, "", inspection.unit_name)
    board = sa.select(sa.literal("board"), Committee.id, Committee.name, sa.literal("")).where(
        Committee.unit_id == inspection.unit_id, _stands(Committee.from_on, Committee.to_on, on)
    )
    agency = (
        sa.select(sa.literal("agency"), Agency.id, Agency.name, Unit.name)
        .join(Unit, Unit.id == Agency.unit_id)
        .where(Agency.unit_id.in_(sides), sa.or_(Agency.ended_on.is_(None), Agency.ended_on >= on))
        .order_by(Agency.unit_id != inspection.unit_id, Agency.sort_key)
    )
    member = (
        sa.select(sa.literal("person"), CommitteeMember.id, CommitteeMember.person, CommitteeMember.title)
        .join(Committee, Committee.id == CommitteeMember.committee_id)
        .where(
            Committee.unit_id == inspection.unit_id,
            _stands(CommitteeMember.from_on, CommitteeMember.to_on, on),
        )
        .order_by(Committee.kind, CommitteeMember.position)
    )
    account = sa.select(sa.literal("person"), User.id, User.full_name, sa.literal("")).where(
        User.unit_id == inspection.unit_id, sa.not_(User.disabled)
    )
    with db.transaction() as session:
        rows = [row for query in (board, agency, member, account) for row in session.execute(query)]
    return [
        unit,
        *(Assignee(kind, str(id_), name, note, inspection.unit_name) for kind, id_, name, note in rows),
    ]


def _stands(start: Any, end: Any, on: date) -> sa.ColumnElement[bool]:
    return sa.and_(start <= on, sa.or_(end.is_(None), end >= on))


def given(actor: Actor, inspection_id: uuid.UUID) -> list[DemandView]:
    """What an inspection in the actor's scope demanded, in the order in which it was given, as it stands today: one
    statement."""
    require(actor, "read")
    own = (Directive.inspection_id == inspection_id, in_scope(actor, Inspection.unit_id))
    with db.transaction() as session:
        return _views(session, _selection(actor).where(*own).order_by(*_ORDER))
