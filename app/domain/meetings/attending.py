"""Who came to a meeting: the members in term that day, by ticks."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.doing import in_term
from app.errors import FieldError, Invalid, NotFound
from app.i18n import N_
from app.models.steering import PRESENCES, Attendance, CommitteeMember

NAME_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Tick:
    """Whether a member came; `stood_in`: who came in the place of one that did not."""

    member_id: uuid.UUID
    presence: str
    stood_in: str = ""


def set_attendance(
    session: Session, meeting_id: uuid.UUID, committee_id: uuid.UUID, day: date, ticks: Sequence[Tick]
) -> None:
    """Make the attendance of a locked meeting exactly this.

    NotFound names the tick of who is not on the board; Invalid one who was not in term that day, was ticked twice, or
    came and was stood in for.
    """
    board = sa.select(CommitteeMember.id, in_term(day)).where(CommitteeMember.committee_id == committee_id)
    members: dict[uuid.UUID, bool] = {id_: bool(sits) for id_, sits in session.execute(board)}
    faults = []
    for i, tick in enumerate(ticks):
        field = f"attendance.{i}.member_id"
        if tick.member_id not in members:
            raise NotFound(N_("Không có thành viên này trong ban."), field=field)
        if not members[tick.member_id]:
            message = N_("Không là thành viên của ban vào ngày {day:date}.")
            faults.append(FieldError(field, message, {"day": day}))
        if any(other.member_id == tick.member_id for other in ticks[:i]):
            faults.append(FieldError(field, N_("Thành viên này ghi hai lần.")))
        if tick.presence not in PRESENCES:
            faults.append(FieldError(f"attendance.{i}.presence", N_("Không có trong danh sách")))
        if tick.stood_in and tick.presence == "present":
            message = N_("Thành viên có mặt thì không có người dự thay.")
            faults.append(FieldError(f"attendance.{i}.stood_in", message))
        if len(tick.stood_in) > NAME_LONGEST:
            message = N_("Dài quá {longest:number} ký tự")
            faults.append(FieldError(f"attendance.{i}.stood_in", message, {"longest": NAME_LONGEST}))
    if faults:
        raise Invalid(*faults)
    session.execute(sa.delete(Attendance).where(Attendance.meeting_id == meeting_id))
    if ticks:
        session.execute(
            sa.insert(Attendance),
            [
                {
                    "meeting_id": meeting_id, "member_id": tick.member_id, "presence": tick.presence,
                    "stood_in": tick.stood_in.strip(),
                }
                for tick in ticks
            ],
        )  # fmt: skip
