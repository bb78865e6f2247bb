"""What an inspection demands, given as directives; and what earlier ones demanded, as it stands on its day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain.access import Actor, require, under
from app.domain.directives import DirectiveView, NewDirective, create_all
from app.domain.directives.views import mine, selection, view
from app.domain.inspections.register import get
from app.domain.inspections.views import (
    PLANNED,
    SUBJECT,
    InspectionView,
    day_of,
    one,
    refuse_side,
    refuse_state,
)
from app.errors import Invalid
from app.i18n import N_
from app.models.oversight import Inspection
from app.models.steering import Directive

MOST: Final = 50  # demands at once


def as_of(inspection: InspectionView) -> date:
    """The day as of which earlier demands are shown: that of the visit, or today while it lies ahead."""
    return min(inspection.day or today(), today())


def earlier(
    session: Session, actor: Actor, inspection: InspectionView, day: date | None = None
) -> list[DirectiveView]:
    """What inspections of the unit (and of those that it took over) before this one demanded, in the actor's scope, as
    of a day (default: `as_of`), by when it was given: one statement."""
    on = day or as_of(inspection)
    before = sa.select(Inspection.id).where(
        Inspection.id != inspection.id,
        under(inspection.unit_id, Inspection.unit_id),
        Inspection.state != PLANNED,
        day_of() <= (inspection.day or date.max),
    )
    query = (
        selection(actor, on)
        .where(mine(actor), Directive.inspection_id.in_(before), Directive.given_on <= on)
        .order_by(Directive.source_on.desc(), Directive.created_at, Directive.id)
    )
    return [view(actor, row, on) for row in session.execute(query)]


def earlier_of(actor: Actor, inspection_id: uuid.UUID) -> tuple[InspectionView, date, list[DirectiveView]]:
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
    refuse_state(standing, "demand", standing.state != PLANNED)
    news = [
        NewDirective(
            d.id, d.text, SUBJECT, d.due_on, d.assignee_kind, d.assignee_id, d.unit_code, inspection_id,
            quote=d.quote, priority=d.priority,
        )
        for d in wanted
    ]  # fmt: skip
    made = create_all(actor, news, field="demands", illustrative=illustrative)
    return [directive for directive, _ in made]
