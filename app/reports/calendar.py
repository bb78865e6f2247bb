"""Meetings and due dates as a calendar that other programs read (iCalendar, RFC 5545)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event, Todo

from app.clock import VIETNAM
from app.domain.directives import DirectiveView
from app.domain.meetings import MeetingView
from app.domain.meetings.feeds import Calendar as Feed
from app.i18n import DEFAULT, N_, translate

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
_HOST: Final = "so-mtqg"  # of ids: they stay when the address of the server changes
_DAY: Final = timedelta(days=1)


def write(feed: Feed, base: str) -> bytes:
    """The whole calendar, the same bytes for the same rows. `base`: the server's address, for links.

    A meeting is an event; one that was called off stays as CANCELLED, so that calendars take it out. Calendars of phones
    show events alone: what is due stands as a task, and as an event of the whole day that bars nobody's time.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//So MTQG//Lich//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _said(N_("Sổ MTQG: {unit}"), unit=feed.unit_name))
    calendar.add("x-wr-calname", _said(N_("Sổ MTQG: {unit}"), unit=feed.unit_name))
    calendar.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for meeting in feed.meetings:
        calendar.add_component(_meeting(meeting, base))
    for directive in feed.directives:
        calendar.add_component(_task(directive, base))
        calendar.add_component(_due_day(directive, base))
    content: bytes = calendar.to_ical()
    return content


def _said(text: str, /, **facts: object) -> str:
    return translate(DEFAULT, text, **facts)


def _meeting(meeting: MeetingView, base: str) -> Event:
    event = Event()
    event.add("uid", f"meeting-{meeting.id}@{_HOST}")
    _stamp(event, meeting.updated_at, meeting.version)
    event.add("summary", meeting.title)
    if meeting.starts_at is None:
        _whole_day(event, meeting.date)
    else:
        starts = datetime.combine(meeting.date, meeting.starts_at, VIETNAM)
        event.add("dtstart", starts.astimezone(UTC))  # Vietnam keeps no summer time: UTC says it all
    if meeting.place:
        event.add("location", meeting.place)
    event.add("description", _about(meeting))
    event.add("url", f"{base}/meetings/{meeting.id}")
    event.add("status", "CANCELLED" if meeting.state == "cancelled" else "CONFIRMED")
    return event


def _about(meeting: MeetingView) -> str:
    named = f"{meeting.committee_name}, {meeting.unit_name}"
    if meeting.state != "cancelled":
        return named
    return f"{named}\n{_said(N_('Đã hủy: {reason}'), reason=meeting.cancelled_reason)}"


def _task(directive: DirectiveView, base: str) -> Todo:
    todo = Todo()
    todo.add("uid", f"directive-{directive.id}@{_HOST}")
    _stamp(todo, directive.updated_at, directive.version)
    todo.add("summary", directive.text)
    todo.add("due", directive.due_on)
    todo.add("description", _whom(directive))
    todo.add("url", f"{base}/directives/{directive.id}")
    todo.add("status", "IN-PROCESS" if directive.state in ("reported", "returned") else "NEEDS-ACTION")
    todo.add("priority", 1 if directive.priority == "urgent" else 5)
    return todo


def _due_day(directive: DirectiveView, base: str) -> Event:
    event = Event()
    event.add("uid", f"directive-{directive.id}-due@{_HOST}")
    _stamp(event, directive.updated_at, directive.version)
    event.add("summary", _said(N_("Hạn: {text}"), text=directive.text))
    _whole_day(event, directive.due_on)
    event.add("description", _whom(directive))
    event.add("url", f"{base}/directives/{directive.id}")
    event.add("transp", "TRANSPARENT")
    return event


def _whom(directive: DirectiveView) -> str:
    return _said(
        N_("Giao: {who}. Đơn vị giao: {giver}"), who=directive.assignee_name, giver=directive.giver_name
    )


def _whole_day(event: Event, day: date) -> None:
    event.add("dtstart", day)
    event.add("dtend", day + _DAY)


def _stamp(component: Event | Todo, at: datetime, version: int) -> None:
    """What tells a calendar that it has a later version of the same thing."""
    component.add("dtstamp", at)
    component.add("last-modified", at)
    component.add("sequence", version)
