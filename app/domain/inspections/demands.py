"""What earlier inspections of a unit demanded, as it stands on the day of the next one."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain.access import Actor, require, under
from app.domain.directives import DirectiveView
from app.domain.directives.views import mine, selection, view
from app.domain.inspections.views import PLANNED, InspectionView, day_of, one
from app.models.oversight import Inspection
from app.models.steering import Directive


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
