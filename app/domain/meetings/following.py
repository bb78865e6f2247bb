"""What becomes of planned meetings when their board ends, or meets by another rule from now on."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import today
from app.domain import audit
from app.domain.access import Actor
from app.domain.meetings.rules import store
from app.domain.meetings.views import CANCELLED, PLANNED, SUBJECT, MeetingView, agendas, selection
from app.i18n import DEFAULT, N_, translate
from app.models.steering import Meeting

ENDED: Final = N_("Ban đã kết thúc.")
NO_RULE: Final = N_("Ban không còn họp thường kỳ hằng tháng.")


def follow(
    session: Session,
    actor: Actor,
    committee_id: uuid.UUID,
    *,
    last: date | None,
    day: int | None,
    before: int | None,
) -> None:
    """Bring a board's planned meetings in line with its last day and its monthly day, which was another `before`.

    What is planned after the last day is called off. Of the regular ones to come, those that nobody has touched (no
    agenda, on the day of the rule before) move to the new day, or are called off where there is none. What was called
    off for such a reason and is still to come stands again when the reason falls away.
    """
    off = sa.and_(
        Meeting.state == CANCELLED, Meeting.date > today(),
        Meeting.cancelled_reason.in_([_said(ENDED), _said(NO_RULE)]),
    )  # fmt: skip
    query = selection().where(Meeting.committee_id == committee_id, sa.or_(Meeting.state == PLANNED, off))
    rows = session.execute(query.order_by(Meeting.date, Meeting.id).with_for_update(of=Meeting))
    found = [MeetingView(*row) for row in rows]
    with_agenda = {id_ for id_, items in agendas(session, [m.id for m in found]).items() if items}
    for m in found:
        wanted = _becomes(m, last=last, day=day, before=None if m.id in with_agenda else before)
        changed = [name for name, value in wanted.items() if value != getattr(m, name)]
        if not changed:
            continue
        store(session, m, **wanted)
        if wanted["state"] == CANCELLED:
            audit.record(session, actor, "meeting.cancel", SUBJECT, m.id, m.unit_id, date=m.date)
        else:
            audit.record(
                session, actor, "meeting.update", SUBJECT, m.id, m.unit_id, fields=changed, date=wanted["date"],
                date_before=m.date,
            )  # fmt: skip


def _said(reason: str) -> str:
    return translate(DEFAULT, reason)


def _becomes(m: MeetingView, *, last: date | None, day: int | None, before: int | None) -> dict[str, Any]:
    """State, day and reason as they should be."""
    if last is not None and m.date > last:
        return {"state": CANCELLED, "date": m.date, "cancelled_reason": _said(ENDED)}
    moves = (
        m.month is not None
        and m.date > today()
        and (
            m.cancelled_reason == _said(NO_RULE)
            or (before is not None and m.date == m.month.replace(day=before))
        )
    )
    if not moves or m.month is None:
        return {"state": PLANNED, "date": m.date, "cancelled_reason": ""}
    if day is None:
        return {"state": CANCELLED, "date": m.date, "cancelled_reason": _said(NO_RULE)}
    new = m.month.replace(day=day)
    stays = new <= today() or (last is not None and new > last)
    return {"state": PLANNED, "date": m.date if stays else new, "cancelled_reason": ""}
