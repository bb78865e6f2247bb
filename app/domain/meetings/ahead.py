"""The regular meetings of boards, generated ahead by their monthly rule."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.ledger.entries import hash_body
from app.domain.meetings.months import months_from, next_month
from app.domain.meetings.rules import OWN, board_of
from app.domain.meetings.views import PLANNED, MeetingView, one
from app.domain.sides import refuse_above
from app.domain.territory import by_id
from app.errors import RuleBroken
from app.i18n import DEFAULT, N_, translate
from app.models.steering import Committee, Meeting
from app.text import fold

AHEAD: Final = 12  # months
LAST_DAY: Final = 28  # of a month on which a board may meet by rule
REGULAR: Final = N_("Họp thường kỳ tháng {month} của {board}")
_REGULAR_IDS: Final = uuid.UUID("0f7b4a52-6c1e-5b0d-9a35-6d656574696e")


def regular_id(committee_id: uuid.UUID, month: date) -> uuid.UUID:
    """The id of a board's regular meeting of a month: whoever generates it, and however often, it is the same row."""
    return uuid.uuid5(_REGULAR_IDS, f"{committee_id}:{month.isoformat()}")


def plan_ahead(
    actor: Actor, committee_id: uuid.UUID, first: date | None = None
) -> tuple[list[MeetingView], int]:
    """Generate the regular meetings of the twelve months from a day on (default: today); (those meetings, how many of
    them are new). What stands already is left as it is, also when it was moved or called off.

    RuleBroken `no_meeting_day` for a board without the rule.
    """
    require(actor, "meeting.edit")
    with db.transaction(write=True) as session:
        board = board_of(session, actor, committee_id, lock=True)
        unit = by_id(session, board.unit_id)
        refuse_above(actor, OWN, unit.level, "plan")
        if board.meeting_day is None or board.meeting_to_on is not None:
            message = N_("Ban chưa có ngày họp thường kỳ trong tháng. Ghi ngày họp ở trang của ban trước.")
            raise RuleBroken("no_meeting_day", message, asked="plan")
        ids, new = generate(session, actor, board, board.meeting_day, unit.valid_to, first or today())
        return [one(session, actor, id_) for id_ in ids], new


def generate(
    session: Session, actor: Actor, board: Committee, day: int, valid_to: date | None, first: date
) -> tuple[list[uuid.UUID], int]:
    """(ids of the regular meetings of the months from a day on, how many are new)."""
    begins = max(day for day in (board.from_on, board.meeting_from_on) if day is not None)
    ends = [end for end in (board.to_on, valid_to) if end is not None]
    wanted: dict[date, date] = {}
    later = date(first.year + 1, first.month, 1)
    year_on = later.replace(day=first.day) if first.day <= LAST_DAY else next_month(later)
    for month in months_from(first, AHEAD + 1):
        its = month.replace(day=day)
        if first <= its < year_on and its >= begins and all(its <= end for end in ends):
            wanted[month] = its
    stored = sa.select(Meeting.month, Meeting.id).where(
        Meeting.committee_id == board.id, Meeting.month.in_(wanted)
    )
    standing: dict[date | None, uuid.UUID] = dict(session.execute(stored).all())
    new = [month for month in wanted if month not in standing]
    now = utcnow()
    for month in new:
        title = translate(DEFAULT, REGULAR, month=f"{month.month}/{month.year}", board=board.name)[:300]
        session.execute(
            sa.insert(Meeting).values(
                id=regular_id(board.id, month), committee_id=board.id, unit_id=board.unit_id, month=month,
                date=wanted[month], title=title, state=PLANNED, illustrative=board.illustrative,
                search=fold(title), body_hash=hash_body(board.id, month), created_at=now, created_by=actor.ref,
                updated_at=now, version=1,
            )
        )  # fmt: skip
    if new:
        audit.record(
            session, actor, "meeting.plan", "committee", board.id, board.unit_id, number=len(new),
            first=wanted[new[0]], last=wanted[new[-1]],
        )  # fmt: skip
    return [standing.get(month, regular_id(board.id, month)) for month in wanted], len(new)
