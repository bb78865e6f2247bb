"""The minutes of a meeting: recorded once with who came, put right later."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import meetings
from app.domain.access import require
from app.domain.meetings import PRESENCES, MeetingView, Minutes, Seat, Tick
from app.errors import Fault, Stale
from app.i18n import N_
from app.reports.boards import ROLES
from app.reports.meetings import PRESENCES as PRESENCE_NAMES
from app.reports.meetings import href
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import named, take
from app.views.meetings.common import crumbs, words
from app.views.templating import mark_illustrative, redirect_after_post, render
from app.views.works.common import noted

router = APIRouter(include_in_schema=False)
FIELDS: Final = ("minutes", "minutes_number", "chair", "secretary", "held_on")
_LONGEST: Final = 20_000


def key(seat: Seat, name: str) -> str:
    """A member's field in the form."""
    return f"{name}-{seat.member_id}"


@router.get("/meetings/{meeting_id:uuid}/minutes")
def minutes_page(request: Request, who: Reader, meeting_id: uuid.UUID) -> Response:
    """The form, everybody in term ticked as present to begin with; of a meeting that was held, its minutes as they
    stand."""
    require(who.actor, "meeting.edit")
    found = meetings.whole(who.actor, meeting_id)
    m, held = found.meeting, found.meeting.state == "held"
    form = Form(
        version=m.version, minutes=m.minutes, minutes_number=m.minutes_number, chair=m.chair or _of(found.seats, "head"),
        secretary=m.secretary or _of(found.seats, "secretary"), held_on=min(m.date, today()),
    )  # fmt: skip
    for seat in found.seats:
        form.values[key(seat, "presence")] = seat.presence or ("" if held else PRESENCES[0])
        form.values[key(seat, "stood_in")] = seat.stood_in
    return _page(request, form, m, found.seats)


def _of(seats: Sequence[Seat], role: str) -> str:
    return next((seat.person for seat in seats if seat.role == role), "")


@router.post("/meetings/{meeting_id:uuid}/minutes")
def save_minutes(request: Request, who: Reader, form: Typed, meeting_id: uuid.UUID) -> Response:
    """Records the minutes; of a meeting that was held already puts them right, where the form was opened for that."""
    require(who.actor, "meeting.edit")
    found = meetings.whole(who.actor, meeting_id)
    m, seats = found.meeting, found.seats
    text, said = (
        form.text("minutes", longest=_LONGEST) or "",
        words(form, "minutes_number", "chair", "secretary"),
    )
    right = form.flag("right")
    day = None if right else form.day("held_on")
    ticks = _ticks(form, seats)
    current, status, version = None, 422, form.whole("version")
    if form.ok and version is not None:
        try:
            if right:
                changes = {"minutes": text, **said, "attendance": list(ticks)}
                meetings.update(who.actor, meeting_id, version, changes)
            else:
                number, chair, secretary = said.values()
                meetings.record_minutes(
                    who.actor, meeting_id, Minutes(text, number, chair, secretary, day, ticks)
                )
            return redirect_after_post(request, href(m), flash=N_("Đã ghi biên bản"))
        except Stale as fault:
            current, status = noted(form, fault, lambda: meetings.get(who.actor, meeting_id)), 409
        except Fault as fault:
            names = {"number": "minutes_number"} | {
                f"attendance.{i}.{name}": f"{name if name != 'member_id' else 'presence'}-{tick.member_id}"
                for i, tick in enumerate(ticks)
                for name in ("member_id", "presence", "stood_in")
            }
            status = take(form, fault, names, (*FIELDS, *names.values()))
    return _page(request, form, m, seats, status=422 if status == 404 else status, current=current)


def _ticks(form: Form, seats: Sequence[Seat]) -> tuple[Tick, ...]:
    """Who was ticked how; of whom nothing is said nothing is recorded."""
    found = []
    for seat in seats:
        presence = form.choice(key(seat, "presence"), PRESENCES, required=False)
        stood_in = form.text(key(seat, "stood_in"), required=False, longest=120) or ""
        if presence is not None:
            found.append(Tick(seat.member_id, presence, stood_in))
    return tuple(found)


def _page(
    request: Request,
    form: Form,
    m: MeetingView,
    seats: Sequence[Seat],
    *,
    status: int = 200,
    current: MeetingView | None = None,
) -> Response:
    mark_illustrative(request, [m])
    right = form.flag("right") if request.method == "POST" else m.state == "held"
    return render(
        request, "meetings/minutes.html", status=status, place="meetings", form=form, m=m, key=key, right=right,
        title=N_("Sửa biên bản") if right else N_("Ghi biên bản"), crumbs=crumbs(request, m, itself=True),
        seats=seats, presences=named(request, PRESENCE_NAMES), roles=ROLES, back=href(m), current=current,
    )  # fmt: skip
