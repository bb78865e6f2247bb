"""Boards to test with."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final

from app.domain import boards
from app.domain.access import Actor
from app.domain.boards import (
    AssignmentView,
    CommitteeView,
    MemberView,
    NewAssignment,
    NewCommittee,
    NewMember,
)
from app.domain.ledger.entries import Document
from tests.support.world import actor

SET_UP: Final = date(2023, 1, 10)
DECISION: Final = Document("12/QĐ-UBND", SET_UP, "UBND xã Sông Trà")
PROGRAMS: Final = ("GNBV", "DTTS", "NTM")
ALL: Final = ("committees", "committee_programs", "committee_members", "assignments", "audit_rows")


def new_board(**values: Any) -> NewCommittee:
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "unit_code": "20770@legacy", "kind": "steering", "programs": PROGRAMS,
        "name": "Ban Chỉ đạo các Chương trình MTQG xã Sông Trà", "decision": DECISION, "meeting_day": 15,
    }  # fmt: skip
    return NewCommittee(**(defaults | values))


def board(who: Actor | None = None, **values: Any) -> CommitteeView:
    return boards.create(who or actor("officer"), new_board(**values))[0]


def new_member(person: str = "Nguyễn Văn Minh Họa", **values: Any) -> NewMember:
    defaults: dict[str, Any] = {"id": uuid.uuid4(), "person": person}
    return NewMember(**(defaults | values))


def member(of: CommitteeView, person: str = "Nguyễn Văn Minh Họa", **values: Any) -> MemberView:
    return boards.add(actor("officer"), of.id, new_member(person, **values))[0]


def assigned(to: MemberView, kind: str, key: str, **values: Any) -> AssignmentView:
    defaults: dict[str, Any] = {"id": uuid.uuid4(), "subject": (kind, key), "from_on": SET_UP}
    new = NewAssignment(**(defaults | values))
    return boards.assign(actor("officer"), to.committee_id, to.id, new)[0]
