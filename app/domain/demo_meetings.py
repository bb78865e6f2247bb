"""The demonstration's meetings of the steering committee: every month of 2023 but July, with minutes; one to come.

That the commune was told to meet every month is a fact of the inspection; what was said at the meetings is invented.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Final

from app.domain import meetings
from app.domain.access import Actor
from app.domain.demo_base import id_of, rows
from app.domain.meetings import AgendaView, Conclusion, Minutes, Seat, Tick
from app.domain.meetings.ahead import regular_id

_BOARD: Final = "bcd"
_MANAGERS: Final = "bql"  # whose members the conclusions are given to
_SET_UP: Final = date(2023, 2, 6)
_NEXT: Final = date(2024, 1, 1)  # the month whose meeting is still to be held
_PLACE: Final = "Hội trường UBND xã Sông Trà"


def load_meetings(officer: Actor) -> None:
    """Plan the year, record what was held and what it concluded; what stands already is left alone."""
    board = id_of("board", _BOARD)
    meetings.plan_ahead(officer, board, _SET_UP)
    for row in rows("meetings"):
        _hold(officer, regular_id(board, date.fromisoformat(row["month"])), row)
    for month in dict.fromkeys(row["month"] for row in rows("meeting-conclusions")):
        _conclude(officer, regular_id(board, date.fromisoformat(month)), month)
    coming = meetings.whole(officer, regular_id(board, _NEXT))
    if coming.meeting.state == "planned" and not coming.agenda:
        meetings.fill(officer, coming.meeting.id)


def _hold(officer: Actor, meeting_id: uuid.UUID, row: dict[str, str]) -> None:
    found = meetings.whole(officer, meeting_id)
    if found.meeting.state != "planned":
        return
    agenda = [AgendaView(text) for text in row["agenda"].split("|")]
    meetings.update(officer, meeting_id, found.meeting.version, {"agenda": agenda, "place": _PLACE})
    minutes = Minutes(row["minutes"], row["number"], attendance=_ticks(found.seats, row))
    meetings.record_minutes(officer, meeting_id, minutes)


def _ticks(seats: Sequence[Seat], row: dict[str, str]) -> tuple[Tick, ...]:
    away = _member(_BOARD, row["absent"]) if row["absent"] else None
    return tuple(
        Tick(seat.member_id, "excused", row["stood_in"])
        if seat.member_id == away
        else Tick(seat.member_id, "present")
        for seat in seats
    )


def _conclude(officer: Actor, meeting_id: uuid.UUID, month: str) -> None:
    wanted = [_conclusion(row) for row in rows("meeting-conclusions") if row["month"] == month]
    meetings.conclude(officer, meeting_id, wanted, illustrative=True)


def _conclusion(row: dict[str, str]) -> Conclusion:
    to = {"person": lambda: _member(_MANAGERS, row["to"]), "board": lambda: id_of("board", row["to"])}.get(
        row["kind"]
    )
    return Conclusion(
        id_of("conclusion", row["key"]), row["text"], date.fromisoformat(row["due_on"]), row["kind"],
        to() if to else None, None if to else row["to"], row["priority"],
    )  # fmt: skip


def _member(board: str, key: str) -> uuid.UUID:
    return id_of("board-member", f"{board}/{key}")
