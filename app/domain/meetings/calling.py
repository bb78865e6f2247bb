"""Planning meetings: the regular ones of a board generated ahead by its rule, others called between, moved, called off."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.ledger.entries import hash_body
from app.domain.meetings import agenda as agendas
from app.domain.meetings.attending import set_attendance
from app.domain.meetings.register import get
from app.domain.meetings.rules import OWN, board_of, check, refuse_state, store
from app.domain.meetings.views import CANCELLED, HELD, PLANNED, SUBJECT, AgendaView, MeetingView, one
from app.domain.meetings.views import agendas as agendas_of
from app.domain.sides import refuse_above
from app.domain.territory import by_id
from app.errors import IdTaken, Invalid, NotFound, Stale
from app.i18n import DEFAULT, N_, translate
from app.models.steering import Meeting
from app.text import fold

CALLED: Final = N_("Họp của {board}")
# What may be said otherwise of a meeting, by its state. The day of one that was held is that of its minutes.
_COMMON: Final = ("starts_at", "place", "title", "chair", "secretary")
EDITABLE: Final = {
    PLANNED: ("date", *_COMMON),
    HELD: (*_COMMON, "minutes", "minutes_number"),
    CANCELLED: (),
}
REASON_LONGEST: Final = 1000
LISTS: Final = ("agenda", "attendance")


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """A meeting that is called between the regular ones. `title` is made where none is given."""

    id: uuid.UUID
    committee_id: uuid.UUID
    date: date
    starts_at: time | None = None
    place: str = ""
    title: str = ""
    agenda: tuple[AgendaView, ...] = field(default=())

    def body_hash(self) -> str:
        items = [(item.text, item.subject_kind, item.subject_id) for item in self.agenda]
        return hash_body(self.id, self.committee_id, self.date, self.starts_at, self.place, self.title, items)


def create(actor: Actor, new: NewMeeting, *, illustrative: bool = False) -> tuple[MeetingView, bool]:
    """Call a meeting; (the meeting, whether it is new). A day gone by is taken: it is recorded afterwards.

    The same body again gives back the same row; another body under its id raises IdTaken.
    """
    require(actor, "meeting.edit")
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just made it: look again


def _create(actor: Actor, new: NewMeeting, illustrative: bool) -> tuple[MeetingView, bool]:
    with db.transaction(write=True) as session:
        body = new.body_hash()
        stored = session.execute(
            sa.select(Meeting.body_hash).where(Meeting.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return one(session, actor, new.id), False
        board = board_of(session, actor, new.committee_id)
        unit = by_id(session, board.unit_id)
        refuse_above(actor, OWN, unit.level, "create")
        title = new.title.strip() or translate(DEFAULT, CALLED, board=board.name)[:300]
        check({"title": title, "place": new.place, "date": new.date}, board)
        now = utcnow()
        session.execute(
            sa.insert(Meeting).values(
                id=new.id, committee_id=board.id, unit_id=board.unit_id, date=new.date, title=title,
                starts_at=new.starts_at, place=new.place, state=PLANNED, illustrative=illustrative,
                search=fold(f"{title} {new.place}"), body_hash=body, created_at=now, created_by=actor.ref,
                updated_at=now, version=1,
            )
        )  # fmt: skip
        agendas.replace_all(session, actor, new.id, new.agenda)
        audit.record(
            session,
            actor,
            "meeting.call",
            SUBJECT,
            new.id,
            board.unit_id,
            committee_id=board.id,
            date=new.date,
        )
        return one(session, actor, new.id), True


def update(actor: Actor, meeting_id: uuid.UUID, version: int, changes: dict[str, Any]) -> MeetingView:
    """Change what `EDITABLE` has for the meeting's state, its `agenda` (AgendaView each) or its `attendance` (Tick each).

    Raises Stale when somebody changed it since; RuleBroken `meeting_state` for what the state does not allow: minutes
    are recorded once by `record_minutes` and put right here, their day stays.
    """
    require(actor, "meeting.edit")
    with db.transaction(write=True) as session:
        standing = one(session, actor, meeting_id, lock=True)
        refuse_above(actor, OWN, standing.unit_level, "update")
        if standing.version != version:
            raise Stale(standing)
        barred = set(changes) - {*EDITABLE[standing.state], *(LISTS if standing.state != CANCELLED else ())}
        if barred:
            refuse_state(standing, min(barred), *_states_with(min(barred)))
        values = {name: changes[name] for name in EDITABLE[standing.state] if name in changes}
        lists = {name: changes[name] for name in LISTS if name in changes}
        if not values and not lists:
            return standing
        check(values, board_of(session, actor, standing.committee_id), standing.month)
        changed = _changed(standing, values)
        if "agenda" in lists:
            agendas.replace_all(session, actor, meeting_id, lists["agenda"])
        if "attendance" in lists:
            day = values.get("date", standing.date)
            set_attendance(session, meeting_id, standing.committee_id, day, lists["attendance"])
        store(session, standing, **values)
        audit.record(
            session, actor, "meeting.update", SUBJECT, meeting_id, standing.unit_id,
            fields=sorted([*changed, *lists]), **_facts(standing, changed),
        )  # fmt: skip
        return one(session, actor, meeting_id)


def _states_with(name: str) -> tuple[str, ...]:
    return tuple(state for state, names in EDITABLE.items() if name in names)


def _changed(standing: MeetingView, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if getattr(standing, name) != value}


def _facts(standing: MeetingView, changed: dict[str, Any]) -> dict[str, Any]:
    """What the record keeps of a change: days, and of minutes that were put right the words that stood before."""
    facts: dict[str, Any] = {}
    if "date" in changed:
        facts |= {"date": changed["date"], "date_before": standing.date}
    if "minutes" in changed:
        facts["minutes_before"] = standing.minutes
    return facts


def fill(
    actor: Actor, meeting_id: uuid.UUID, picked: Collection[tuple[str, uuid.UUID]] | None = None
) -> MeetingView:
    """Put what the books offer behind what stands on the agenda, all of it or those `picked` (kind, id); what was typed
    or stands already stays as it is, so that the same again changes nothing. NotFound names what is not offered.
    """
    require(actor, "meeting.edit")
    meeting = get(actor, meeting_id)
    refuse_above(actor, OWN, meeting.unit_level, "fill")
    offered = agendas.offers(actor, meeting)
    known = {(offer.kind, offer.id) for offer in offered}
    with db.transaction(write=True) as session:
        standing = one(session, actor, meeting_id, lock=True)
        refuse_state(standing, "fill", PLANNED, HELD)
        items = agendas_of(session, [meeting_id])[meeting_id]
        have = {(item.subject_kind, item.subject_id) for item in items}
        if any(key not in known and key not in have for key in picked or ()):
            raise NotFound(N_("Nội dung này không có trong các nội dung gợi ý."), field="subjects")
        more = [
            offer.item()
            for offer in offered
            if (offer.kind, offer.id) not in have and (picked is None or (offer.kind, offer.id) in picked)
        ]
        if not more:
            return standing
        agendas.replace_all(session, actor, meeting_id, [*items, *more])
        store(session, standing)
        audit.record(
            session, actor, "meeting.update", SUBJECT, meeting_id, standing.unit_id, fields=["agenda"], filled=len(more)
        )  # fmt: skip
        return one(session, actor, meeting_id)


def cancel(actor: Actor, meeting_id: uuid.UUID, reason: str) -> MeetingView:
    """Call a planned meeting off, with a reason; the same again changes nothing. Its month stays without a meeting."""
    require(actor, "meeting.edit")
    with db.transaction(write=True) as session:
        standing = one(session, actor, meeting_id, lock=True)
        refuse_above(actor, OWN, standing.unit_level, "cancel")
        if standing.state == CANCELLED and standing.cancelled_reason == reason:
            return standing
        refuse_state(standing, "cancel", PLANNED)
        if not reason.strip():
            raise Invalid.field("reason", N_("Chưa điền"))
        if len(reason) > REASON_LONGEST:
            raise Invalid.field("reason", N_("Dài quá {longest:number} ký tự"), longest=REASON_LONGEST)
        store(session, standing, state=CANCELLED, cancelled_reason=reason)
        audit.record(
            session, actor, "meeting.cancel", SUBJECT, meeting_id, standing.unit_id, date=standing.date
        )
        return one(session, actor, meeting_id)
