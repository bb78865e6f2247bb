"""What holds for every change of a meeting: whose it is, what its state allows, which texts and days it takes."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import utcnow
from app.domain.access import Actor, in_scope
from app.domain.directives.parties import OWN_MEETING
from app.domain.meetings.views import CANCELLED, HELD, PLANNED, MeetingView
from app.errors import FieldError, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.steering import Committee, Meeting
from app.text import fold

LONGEST: Final = {"title": 300, "place": 200, "chair": 120, "secretary": 120, "minutes_number": 120}
MINUTES_LONGEST: Final = 20_000
OWN: Final = OWN_MEETING


def board_of(session: Session, actor: Actor, committee_id: uuid.UUID, *, lock: bool = False) -> Committee:
    """A board in the actor's scope; NotFound names `committee_id`."""
    query = sa.select(Committee).where(Committee.id == committee_id, in_scope(actor, Committee.unit_id))
    found = session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không có ban này trong phạm vi của bạn."), field="committee_id")
    return found


def refuse_state(meeting: MeetingView, asked: str, *allowed: str) -> None:
    """RuleBroken `meeting_state` for what (`asked`) the state (`held`) does not allow."""
    if meeting.state in allowed:
        return
    message = {
        PLANNED: N_("Cuộc họp chưa ghi biên bản: ghi biên bản trước đã."),
        HELD: N_("Cuộc họp đã họp và có biên bản: chỉ sửa được biên bản, thành phần và chương trình."),
        CANCELLED: N_("Cuộc họp đã hủy. Triệu tập cuộc họp khác nếu cần."),
    }[meeting.state]
    raise RuleBroken("meeting_state", message, asked=asked, held=meeting.state)


def check(values: dict[str, Any], board: Committee, month: date | None = None) -> None:
    """Raises Invalid for texts that are too long, and for a day on which the board did not stand, or before the `month`
    of a regular meeting."""
    faults = []
    for name, longest in LONGEST.items():
        if len(values.get(name, "")) > longest:
            message = N_("Dài quá {longest:number} ký tự")
            faults.append(FieldError(name, message, {"longest": longest}))
    if not values.get("title", "x").strip():
        faults.append(FieldError("title", N_("Chưa điền")))
    if "minutes" in values:
        faults += minutes_faults(values["minutes"])
    if (fault := day_fault(values.get("date"), board, month)) is not None:
        faults.append(fault)
    if faults:
        raise Invalid(*faults)


def minutes_faults(text: str) -> list[FieldError]:
    if not text.strip():
        return [FieldError("minutes", N_("Ghi nội dung biên bản."))]
    if len(text) > MINUTES_LONGEST:
        message = N_("Dài quá {longest:number} ký tự")
        return [FieldError("minutes", message, {"longest": MINUTES_LONGEST})]
    return []


def day_fault(day: date | None, board: Committee, month: date | None) -> FieldError | None:
    """What is wrong with a day for a meeting of a board: it was not there yet, or not any more; or the day is before the
    month of a regular meeting."""
    if day is None:
        return None
    if month is not None and day < month:
        return FieldError(
            "date",
            N_("Cuộc họp thường kỳ không họp trước ngày {first:date} đầu tháng của nó."),
            {"first": month},
        )
    if day < board.from_on:
        return FieldError(
            "date",
            N_("Ban thành lập từ ngày {from_on:date}, chưa họp trước ngày đó."),
            {"from_on": board.from_on},
        )
    if board.to_on is not None and day > board.to_on:
        return FieldError(
            "date", N_("Ban đã kết thúc ngày {to_on:date}, không họp sau ngày đó."), {"to_on": board.to_on}
        )
    return None


def store(session: Session, standing: MeetingView, **values: Any) -> None:
    """Write to a locked meeting."""
    whole = {name: values.get(name, getattr(standing, name)) for name in ("title", "place")}
    session.execute(
        sa.update(Meeting)
        .where(Meeting.id == standing.id)
        .values(
            **values, search=fold(" ".join(whole.values())), version=standing.version + 1, updated_at=utcnow()
        )
    )
