"""Boards (Ban chỉ đạo, Ban quản lý): who is on them, who answers for what, and what nobody is in charge of."""

from __future__ import annotations

from app.domain.boards.assigning import NewAssignment, assign, assign_all, end, tick
from app.domain.boards.founding import NewCommittee, Renewal, create, renew, update
from app.domain.boards.gaps import Gaps, in_charge_of
from app.domain.boards.members import NewMember, add, change, leave
from app.domain.boards.register import (
    CommitteeFilter,
    Sheet,
    answering,
    committees,
    count,
    gaps_of_unit,
    get,
    of_unit,
    sheet,
)
from app.domain.boards.subjects import Thing
from app.domain.boards.views import (
    COMMITTEE_KINDS,
    MEMBER_ROLES,
    SUBJECT_KINDS,
    AssignmentView,
    CommitteeView,
    MemberView,
)
from app.domain.in_charge import InCharge, in_charge

__all__ = [
    "COMMITTEE_KINDS", "MEMBER_ROLES", "SUBJECT_KINDS", "AssignmentView", "CommitteeFilter", "CommitteeView", "Gaps",
    "InCharge", "MemberView", "NewAssignment", "NewCommittee", "NewMember", "Renewal", "Sheet", "Thing", "add", "answering", "assign",
    "assign_all", "change", "committees", "count", "create", "end", "gaps_of_unit", "get", "in_charge",
    "in_charge_of", "leave", "of_unit",
    "renew", "sheet", "tick", "update",
]  # fmt: skip
