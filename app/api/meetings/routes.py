"""/api/v1/meetings: meetings of boards, by rule and called; their agendas, minutes and conclusions."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api import examples_meetings as examples
from app.api.meetings.shapes import (
    AgendaItem,
    Cancellation,
    Conclusions,
    First,
    Meeting,
    MeetingChange,
    MeetingQuery,
    MeetingWhole,
    MinutesBody,
    NewMeetingBody,
    Picked,
    agenda_item,
    clock,
    meeting_head,
    meeting_whole,
)
from app.api.operations import acts, after, by_moment, changes, creates, current_as, lists, paged, shows
from app.api.security import api_router, quick
from app.domain import meetings
from app.domain.access import Actor
from app.domain.meetings import MeetingFilter, MeetingView, Minutes, NewMeeting
from app.web.answers import Version, answer, created, etag, page
from app.web.schema import ClientId

router = api_router("steering")
_ORDER = by_moment("meetings")


def _answer(actor: Actor, found: MeetingView) -> Response:
    return answer(meeting_whole(meetings.whole(actor, found.id)), etag=etag(found.version))


@router.get("/meetings", **lists(Meeting, examples.MEETING), summary="Các cuộc họp · meetings")
@quick
def list_meetings(actor: Actor, query: Annotated[MeetingQuery, Query()]) -> Response:
    """Meetings of boards in the order in which they changed last, with agendas and conclusions."""
    wanted = MeetingFilter(**query.model_dump(exclude={"limit", "cursor"}))
    found = meetings.wholes(actor, wanted, after=after(_ORDER, query), limit=query.limit + 1)
    return paged(
        found, query, meeting_head, lambda last: _ORDER.encode(last.meeting.updated_at, last.meeting.id)
    )


@router.get(
    "/meetings/{id}",
    **shows(MeetingWhole, examples.MEETING_WHOLE, etag=True),
    summary="Một cuộc họp · one meeting",
)
@quick
def get_meeting(actor: Actor, id: ClientId) -> Response:
    """A meeting with its agenda, the members in term that day and who of them came."""
    whole = meetings.whole(actor, id)
    return answer(meeting_whole(whole), etag=etag(whole.meeting.version))


@router.post(
    "/meetings",
    **creates(MeetingWhole, examples.NEW_MEETING, examples.MEETING_CALLED, etag=True),
    summary="Triệu tập cuộc họp · call a meeting",
)
def create_meeting(actor: Actor, body: NewMeetingBody) -> Response:
    """Between the regular ones of a board of the caller's own unit (`own_meeting`). A day gone by is taken: it is
    recorded afterwards."""
    new = NewMeeting(
        body.id, body.committee_id, body.date, clock(body.starts_at), body.place, body.title,
        tuple(item.entered() for item in body.agenda),
    )  # fmt: skip
    made, fresh = meetings.create(actor, new)
    return created(
        meeting_whole(meetings.whole(actor, made.id)),
        new=fresh,
        etag=etag(made.version),
        location=f"/api/v1/meetings/{made.id}",
    )


@router.post(
    "/committees/{id}/meetings",
    **lists(Meeting, examples.REGULAR),
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.FIRST}}}},
    summary="Lập lịch họp thường kỳ · plan the regular meetings",
)
def plan_meetings(actor: Actor, id: ClientId, body: First) -> Response:
    """The board's regular meetings of twelve months by its monthly day (`no_meeting_day` without one), one a month and the
    same whoever asks: what stands already stays as it is, also when it was moved or called off."""
    made, _ = meetings.plan_ahead(actor, id, body.first)
    return page([meeting_head(found) for found in meetings.with_lists(made)], None)


@router.patch(
    "/meetings/{id}",
    **changes(MeetingWhole, examples.MEETING_CHANGE, examples.MEETING_CHANGED),
    summary="Sửa cuộc họp · change a meeting",
)
def change_meeting(actor: Actor, id: ClientId, body: MeetingChange, version: Version) -> Response:
    """Before it is held its day, hour, place, title; the agenda and who came at any time, each list as a whole; minutes
    that are recorded are put right here. 409 `meeting_state` for what its state does not allow."""
    with current_as(lambda stale: meeting_whole(meetings.whole(actor, stale.id))):
        changed = meetings.update(actor, id, version, body.changes())
    return _answer(actor, changed)


@router.post(
    "/meetings/{id}/cancel",
    **acts(MeetingWhole, examples.MEETING_CANCELLED, examples.CANCELLATION),
    summary="Hủy cuộc họp · call off",
)
def cancel_meeting(actor: Actor, id: ClientId, body: Cancellation) -> Response:
    """A planned meeting is called off with a reason; its month stays without one. Sent again it changes nothing."""
    return _answer(actor, meetings.cancel(actor, id, body.reason))


@router.get(
    "/meetings/{id}/offers",
    **lists(AgendaItem, examples.OFFER),
    summary="Nội dung gợi ý · what may go on the agenda",
)
def list_offers(actor: Actor, id: ClientId) -> Response:
    """What calls for the board on the meeting's day: directives late or due, works late, money at risk, targets off track,
    obstacles that stand, plans that wait; without what stands on the agenda. One page."""
    whole = meetings.whole(actor, id)
    have = {item.subject_id for item in whole.agenda if item.subject_id is not None}
    return page(
        [agenda_item(offer.item()) for offer in meetings.offers(actor, whole.meeting, but=have)], None
    )


@router.post(
    "/meetings/{id}/fill",
    **acts(MeetingWhole, examples.MEETING_WHOLE, examples.PICKED),
    summary="Đưa gợi ý vào chương trình họp · fill the agenda",
)
def fill_agenda(actor: Actor, id: ClientId, body: Picked) -> Response:
    """Put what is offered, all of it or the `subjects` named, behind what stands on the agenda, which stays as it is."""
    picked = None if body.subjects is None else [(subject.kind, subject.id) for subject in body.subjects]
    return _answer(actor, meetings.fill(actor, id, picked))


@router.post(
    "/meetings/{id}/minutes",
    **acts(MeetingWhole, examples.MEETING_HELD, examples.MINUTES),
    summary="Ghi biên bản · record the minutes",
)
def record_minutes(actor: Actor, id: ClientId, body: MinutesBody) -> Response:
    """Once for a meeting, which is held from then on: the same again is the same answer, others are 409
    `minutes_recorded` (PATCH puts right). Not of a day to come."""
    ticks = None if body.attendance is None else tuple(tick.entered() for tick in body.attendance)
    minutes = Minutes(body.minutes, body.minutes_number, body.chair, body.secretary, body.held_on, ticks)
    return _answer(actor, meetings.record_minutes(actor, id, minutes))


@router.post(
    "/meetings/{id}/conclusions",
    **acts(MeetingWhole, examples.MEETING_CONCLUDED, examples.CONCLUSIONS),
    summary="Giao các kết luận · give the conclusions",
)
def conclude(actor: Actor, id: ClientId, body: Conclusions) -> Response:
    """Each conclusion of a held meeting becomes a directive under its client-made id, all or none; sent again they change
    nothing. What is wrong is named by its place: `conclusions.0.due_on`."""
    meetings.conclude(actor, id, [conclusion.entered() for conclusion in body.conclusions])
    return _answer(actor, meetings.get(actor, id))
