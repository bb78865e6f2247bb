"""Meetings of boards: planned by the monthly rule or called, held with minutes, concluded by directives."""

from __future__ import annotations

from app.domain.meetings.agenda import KINDS, Offer, offered, offers
from app.domain.meetings.ahead import plan_ahead
from app.domain.meetings.attending import Tick
from app.domain.meetings.calling import NewMeeting, cancel, create, fill, update
from app.domain.meetings.holding import Conclusion, Minutes, conclude, record_minutes
from app.domain.meetings.months import (
    BoardYear,
    Month,
    Without,
    months_without,
    overview,
    without,
    without_rule,
    year,
)
from app.domain.meetings.nightly import plan_all
from app.domain.meetings.register import (
    MeetingFilter,
    count,
    get,
    meetings,
    waiting,
    whole,
    wholes,
    with_lists,
)
from app.domain.meetings.sheet import Assignee, Sheet, may_conclude, may_keep, sheet
from app.domain.meetings.views import PRESENCES, STATES, SUBJECT, AgendaView, MeetingView, Seat, Whole

__all__ = [
    "KINDS",
    "PRESENCES",
    "STATES",
    "SUBJECT",
    "AgendaView",
    "Assignee",
    "BoardYear",
    "Conclusion",
    "MeetingFilter",
    "MeetingView",
    "Minutes",
    "Month",
    "NewMeeting",
    "Offer",
    "Seat",
    "Sheet",
    "Tick",
    "Whole",
    "Without",
    "cancel",
    "conclude",
    "count",
    "create",
    "fill",
    "get",
    "may_conclude",
    "may_keep",
    "meetings",
    "months_without",
    "offered",
    "offers",
    "overview",
    "plan_ahead",
    "plan_all",
    "record_minutes",
    "sheet",
    "update",
    "waiting",
    "whole",
    "wholes",
    "with_lists",
    "without",
    "without_rule",
    "year",
]  # fmt: skip
