"""Boards of Sông Trà with members, and their meetings, to test with."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from app import db
from app.clock import utcnow
from app.domain import meetings
from app.domain.access import Actor
from app.domain.meetings import MeetingView, Minutes, NewMeeting
from app.domain.territory import today_or_legacy
from app.models.steering import Committee, CommitteeMember, CommitteeProgram
from tests.support.world import actor

BEGUN: Final = date(2022, 3, 1)
DAY: Final = date(2023, 8, 25)
TABLES: Final = (
    "meetings", "agenda_items", "attendances", "directives", "directive_events", "calendar_feeds", "audit_rows",
)  # fmt: skip
MINUTES: Final = Minutes("Ban chỉ đạo nghe báo cáo tiến độ và thống nhất kết luận.", "08/BB-BCĐ")


def board(
    unit: str = "20770@legacy", *, kind: str = "steering", meeting_day: int | None = 25, **values: Any
) -> uuid.UUID:
    """A board that meets on a day of each month; its id. Members: see `member`."""
    id_, now = uuid.uuid4(), utcnow()
    programs = values.pop("programs", ())
    defaults: dict[str, Any] = {
        "name": "Ban chỉ đạo các chương trình MTQG" if kind == "steering" else "Ban quản lý các chương trình MTQG",
        "from_on": BEGUN, "to_on": None,
    }  # fmt: skip
    with db.transaction(write=True) as session:
        at = today_or_legacy(session, unit)
        session.execute(
            sa.insert(Committee).values(
                defaults
                | values
                | {
                    "id": id_, "unit_id": at.id, "kind": kind, "meeting_day": meeting_day, "search": "ban chi dao",
                    "document_number": "12/QĐ-UBND", "document_date": BEGUN, "document_issuer": at.name,
                    "body_hash": "x", "created_at": now, "created_by": "x", "updated_at": now, "version": 1,
                }
            )
        )  # fmt: skip
        for program_id in programs:
            session.execute(sa.insert(CommitteeProgram).values(committee_id=id_, program_id=program_id))
    return id_


def member(committee_id: uuid.UUID, person: str, role: str = "member", **values: Any) -> uuid.UUID:
    """Somebody on a board since it stands; their id."""
    id_ = uuid.uuid4()
    given = {"title": "", "from_on": BEGUN, "to_on": None, "position": 0} | values
    with db.transaction(write=True) as session:
        session.execute(
            sa.insert(CommitteeMember).values(
                given | {"id": id_, "committee_id": committee_id, "person": person, "role": role}
            )
        )
    return id_


def called(
    committee_id: uuid.UUID | None = None, on: date = DAY, who: Actor | None = None, **values: Any
) -> MeetingView:
    """A meeting that was called for a day."""
    new = NewMeeting(uuid.uuid4(), committee_id or board(), on, **values)
    return meetings.create(who or actor("officer"), new)[0]


def held(
    committee_id: uuid.UUID | None = None, on: date = DAY, minutes: Minutes = MINUTES, **values: Any
) -> MeetingView:
    """A meeting with minutes."""
    return meetings.record_minutes(actor("officer"), called(committee_id, on, **values).id, minutes)
