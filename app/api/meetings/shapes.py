"""Meetings as clients send and see them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from app.api.operations import Change, closed
from app.api.shapes import QueryText, Structure, UnitCode, UnitQuery, one_of
from app.domain.meetings import AgendaView, Conclusion, Seat, Tick, Whole
from app.web.schema import Body, ClientId, IsoDate, Text

State = Literal["planned", "held", "cancelled"]
SubjectKind = Literal["directive", "work", "line", "target", "obstacle", "plan"]
Presence = Literal["present", "absent", "excused"]
Role = Literal["head", "deputy", "secretary", "member"]
Clock = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["08:00"])]
Title = Annotated[str, Text(300)]
Place = Annotated[str, Text(200, least=0)]
Name = Annotated[str, Text(120, least=0)]
Number = Annotated[
    str, Text(120, least=0), Field(description="Số, ký hiệu biên bản · number and sign of the minutes")
]
Words = Annotated[str, Text(20_000, lines=True)]


@closed
class AgendaSubject(TypedDict):
    """Việc trong sổ mà nội dung họp nói đến · what in the books an item of the agenda is about."""

    kind: Annotated[str, one_of(SubjectKind)]
    id: UUID


@closed
class AgendaItem(TypedDict):
    """Nội dung họp; `subject` khi lấy từ sổ · an item of an agenda; `subject` where it came from the books."""

    text: str
    subject: AgendaSubject | None


@closed
class Attendee(TypedDict):
    """Thành viên của ban vào ngày họp; `presence` null khi chưa điểm danh · a member in term that day."""

    member_id: UUID
    person: str
    title: str
    role: Annotated[str, one_of(Role)]
    presence: Annotated[str, one_of(Presence)] | None
    stood_in: str


@closed
class Meeting(TypedDict):
    """Cuộc họp của ban; `month` là tháng của kỳ họp thường kỳ · a meeting; `month` that a regular one counts for."""

    id: UUID
    committee_id: UUID
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    month: date | None
    date: date
    starts_at: Annotated[str | None, Field(description="Giờ Việt Nam, HH:MM · by Vietnam's clock")]
    place: str
    title: str
    state: Annotated[str, one_of(State)]
    cancelled_reason: str
    agenda: list[AgendaItem]
    minutes: str | None
    minutes_number: str
    chair: str
    secretary: str
    conclusions: Annotated[list[UUID], Field(description="Các nhiệm vụ đã giao · directives that it gave")]
    updated_at: datetime
    illustrative: bool


@closed
class MeetingWhole(Meeting):
    """Cuộc họp, kèm thành phần · a meeting with who came."""

    attendance: list[Attendee]


def agenda_item(v: AgendaView) -> AgendaItem:
    subject: AgendaSubject | None = None
    if v.subject_id is not None:
        subject = {"kind": v.subject_kind, "id": v.subject_id}
    return {"text": v.text, "subject": subject}


def _seat(v: Seat) -> Attendee:
    return {
        "member_id": v.member_id, "person": v.person, "title": v.title, "role": v.role, "presence": v.presence,
        "stood_in": v.stood_in,
    }  # fmt: skip


def meeting_head(found: Whole) -> Meeting:
    v = found.meeting
    return {
        "id": v.id, "committee_id": v.committee_id, "unit_code": v.unit_code, "unit_structure": v.unit_structure,
        "month": v.month, "date": v.date, "starts_at": None if v.starts_at is None else v.starts_at.strftime("%H:%M"),
        "place": v.place, "title": v.title, "state": v.state, "cancelled_reason": v.cancelled_reason,
        "agenda": [agenda_item(item) for item in found.agenda], "minutes": v.minutes,
        "minutes_number": v.minutes_number, "chair": v.chair, "secretary": v.secretary,
        "conclusions": found.conclusions, "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


def meeting_whole(found: Whole) -> MeetingWhole:
    return {**meeting_head(found), "attendance": [_seat(seat) for seat in found.seats]}


class MeetingQuery(UnitQuery):
    committee_id: Annotated[ClientId | None, Field(description="Của ban này · of this board")] = None
    state: State | None = None
    first: Annotated[IsoDate | None, Field(description="Họp từ ngày · held or planned from")] = None
    last: Annotated[IsoDate | None, Field(description="đến ngày · to")] = None
    q: Annotated[
        QueryText | None, Field(description="Tên cuộc họp, nơi họp, tên ban, không cần dấu · words")
    ] = None


class AgendaSubjectBody(Body):
    kind: SubjectKind
    id: ClientId


class AgendaItemBody(Body):
    text: Annotated[str, Text(1000, lines=True)]
    subject: AgendaSubjectBody | None = None

    def entered(self) -> AgendaView:
        if self.subject is None:
            return AgendaView(self.text)
        return AgendaView(self.text, self.subject.kind, self.subject.id)


Agenda = Annotated[list[AgendaItemBody], Field(max_length=100)]


class AttendeeBody(Body):
    member_id: ClientId
    presence: Presence
    stood_in: Annotated[
        str, Text(120, least=0), Field(description="Ai dự thay · who came in their place")
    ] = ""

    def entered(self) -> Tick:
        return Tick(self.member_id, self.presence, self.stood_in)


Attendance = Annotated[list[AttendeeBody], Field(max_length=200)]


class NewMeetingBody(Body):
    """Cuộc họp triệu tập giữa các kỳ thường kỳ · a meeting called between the regular ones."""

    id: ClientId
    committee_id: ClientId
    date: IsoDate
    starts_at: Clock | None = None
    place: Place = ""
    title: Annotated[
        str,
        Text(300, least=0),
        Field(description="Để trống thì đặt theo tên ban · by default the board's name"),
    ] = ""
    agenda: Agenda = Field(default=[])


class MeetingChange(Change):
    """Trước khi họp: ngày, giờ, nơi họp, chương trình; sau khi họp: biên bản, thành phần, chương trình."""

    date: IsoDate = date.min
    starts_at: Clock | None = None
    place: Place = ""
    title: Title = ""
    agenda: Agenda = Field(default=[])
    attendance: Attendance = Field(default=[])
    minutes: Words = ""
    minutes_number: Number = ""
    chair: Name = ""
    secretary: Name = ""

    def changes(self) -> dict[str, Any]:
        """What was sent, as the domain takes it."""
        sent = self.sent()
        if "starts_at" in sent:
            sent["starts_at"] = clock(self.starts_at)
        for name in ("agenda", "attendance"):
            if name in sent:
                sent[name] = [row.entered() for row in getattr(self, name)]
        return sent


class First(Body):
    first: Annotated[
        IsoDate | None,
        Field(description="Mười hai tháng từ ngày này, mặc định hôm nay · twelve months from this day"),
    ] = None


class Picked(Body):
    subjects: Annotated[
        list[AgendaSubjectBody] | None,
        Field(
            max_length=100, description="Mặc định mọi nội dung được gợi ý · by default all that is offered"
        ),
    ] = None


class Cancellation(Body):
    reason: Annotated[str, Text(1000, lines=True)]


class MinutesBody(Body):
    """Biên bản của cuộc họp đã họp; ghi một lần · the minutes of a meeting that was held, recorded once."""

    minutes: Words
    minutes_number: Number = ""
    chair: Name = ""
    secretary: Name = ""
    held_on: Annotated[
        IsoDate | None, Field(description="Mặc định ngày đã định · by default the planned day")
    ] = None
    attendance: Attendance | None = None


class ConclusionAssignee(Body):
    kind: Literal["person", "board", "agency", "unit"]
    id: Annotated[
        ClientId | None,
        Field(
            description="Của tài khoản, thành viên ban, ban hay cơ quan · of an account, a member, a board, an agency"
        ),
    ] = None
    unit_code: UnitCode | None = None


class ConclusionBody(Body):
    id: ClientId
    text: Annotated[str, Text(2000, lines=True)]
    due_on: IsoDate
    assignee: ConclusionAssignee
    priority: Literal["normal", "urgent"] = "normal"

    def entered(self) -> Conclusion:
        to = self.assignee
        return Conclusion(self.id, self.text, self.due_on, to.kind, to.id, to.unit_code, self.priority)


class Conclusions(Body):
    conclusions: Annotated[list[ConclusionBody], Field(min_length=1, max_length=30)]


def clock(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)
