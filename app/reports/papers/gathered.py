"""Papers of things by their ids, as their reader may see them: pages and interface give out the same."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final

from app.domain import directives, inspections, meetings
from app.domain.access import Actor
from app.domain.directives import DirectiveFilter, DirectiveView
from app.domain.directives.views import WITHDRAWN
from app.reports.papers import inspection, meeting, unit_report
from app.reports.papers.paper import Paper

_MOST: Final = 500  # directives of one source


def meeting_minutes(actor: Actor, meeting_id: uuid.UUID) -> Paper:
    """NotFound out of scope, or while no minutes were recorded."""
    whole = meetings.whole(actor, meeting_id)
    return meeting.minutes(whole, _given(actor, meetings.SUBJECT, meeting_id, whole.conclusions))


def inspection_minutes(actor: Actor, inspection_id: uuid.UUID) -> Paper:
    """NotFound out of scope, or before it was held."""
    return inspection.minutes(inspections.whole(actor, inspection_id))


def inspection_conclusion(actor: Actor, inspection_id: uuid.UUID) -> Paper:
    """NotFound out of scope, or before it was concluded."""
    whole = inspections.whole(actor, inspection_id)
    return inspection.conclusion(
        whole, [d for d in inspections.given(actor, inspection_id) if d.state != WITHDRAWN]
    )


def report_of_unit(actor: Actor, inspection_id: uuid.UUID, report_id: uuid.UUID) -> Paper:
    """A report of the inspected unit as it was sent. NotFound out of scope."""
    return unit_report.unit_report(inspections.report(actor, inspection_id, report_id))


def _given(actor: Actor, kind: str, source_id: uuid.UUID, order: Sequence[uuid.UUID]) -> list[DirectiveView]:
    """What a source demands and was not withdrawn, in the order in which it was given."""
    found = directives.directives(actor, DirectiveFilter(source=(kind, source_id)), limit=_MOST)
    return sorted(
        (d for d in found if d.state != WITHDRAWN),
        key=lambda d: order.index(d.id) if d.id in order else len(order),
    )
