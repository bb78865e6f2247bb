"""Boards as the interface gives them and takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from app.api import shapes
from app.api.operations import Change, Kwargs, closed
from app.api.shapes import Code, DocumentBody, Structure, UnitCode, one_of
from app.domain.boards import (
    AssignmentView,
    CommitteeView,
    MemberView,
    NewAssignment,
    NewCommittee,
    NewMember,
    Renewal,
    Sheet,
)
from app.web.schema import Body, ClientId, IsoDate, Text, Whole

Kind = Literal["steering", "management"]
Role = Literal["head", "deputy", "secretary", "member"]
SubjectKind = Literal["program", "project", "criterion", "work", "hamlet", "task"]
Programs = Annotated[
    tuple[Code, ...], Field(max_length=50, description="Mã chương trình · codes of programs")
]
MeetingDay = Annotated[
    Whole | None,
    Field(
        ge=1,
        le=28,
        description="Ngày họp hằng tháng; null: không họp theo lịch · day of the monthly meeting; null: none by rule",
    ),
]
Username = Annotated[
    Annotated[str, Text(64)] | None,
    Field(description="Tài khoản có quyền ở đơn vị của ban · an account with a right at the board's unit"),
]
SubjectId = Annotated[
    str,
    Text(80),
    Field(
        description=(
            "Mã chương trình, dự án; `bộ/số` của tiêu chí; mã thôn; mã công trình, nhiệm vụ · a code of a program, a "
            "project or a hamlet, `set/number` of a criterion, an id of a work or a task"
        ),
        examples=["NTM", "NTM-XA-2021-2025/6", "20770.01@legacy"],
    ),
]
From = Annotated[IsoDate | None, Field(alias="from")]
To = Annotated[IsoDate | None, Field(alias="to", description="Ngày cuối · the last day")]


@closed
class AssignedSubject(TypedDict):
    """Việc được phân công · what somebody answers for."""

    kind: Annotated[str, one_of(SubjectKind)]
    id: str
    name: str


Begins = Annotated[date, Field(alias="from")]
Ends = Annotated[date | None, Field(alias="to", description="Ngày cuối · the last day")]


@closed
class BoardAssignment(TypedDict):
    """Phân công; `handed_to_id` là thành viên nhận bàn giao · an assignment and who took it over."""

    id: UUID
    subject: AssignedSubject
    note: str
    from_on: Begins
    to_on: Ends
    handed_to_id: UUID | None


@closed
class BoardMember(TypedDict):
    """Thành viên ban, cả người đã thôi · a member, who left among them."""

    id: UUID
    person: str
    title: str
    role: Annotated[str, one_of(Role)]
    username: str | None
    from_on: Begins
    to_on: Ends
    assignments: list[BoardAssignment]


@closed
class Committee(TypedDict):
    """Ban chỉ đạo, Ban quản lý; `replaces_id` là ban được kiện toàn · a board, and the one that it stands instead of."""

    id: UUID
    kind: Annotated[str, one_of(Kind)]
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    name: str
    programs: list[str]
    decision: shapes.Document
    from_on: Begins
    to_on: Ends
    meeting_day: int | None
    replaces_id: UUID | None
    replaced_by_id: UUID | None
    members: list[BoardMember]
    updated_at: datetime
    illustrative: bool


@closed
class LeftOpen(TypedDict):
    """Người đã thôi, còn việc chưa bàn giao · who left with assignments still open, or directives not accepted yet."""

    member_id: UUID
    person: str
    to_on: Annotated[date, Field(alias="to")]
    assignments: list[UUID]
    directives: Annotated[
        int,
        Field(
            description="Nhiệm vụ chưa được chấp nhận; `GET /directives?assignee=person:…` nêu từng việc · not accepted yet"
        ),
    ]


@closed
class BoardGaps(TypedDict):
    """Chưa ai phụ trách: `nobody` của mọi ban trong đơn vị · what nobody is in charge of: `nobody` by any board of it."""

    committee_id: UUID
    as_of: date
    no_head: bool
    programs: list[str]
    nobody: list[AssignedSubject]
    left: list[LeftOpen]


def committee(v: CommitteeView) -> Kwargs:
    return {
        "id": v.id, "kind": v.kind, "unit_code": v.unit_code, "unit_structure": v.unit_structure, "name": v.name,
        "programs": list(v.programs), "decision": shapes.document(v.decision), "from": v.from_on, "to": v.to_on,
        "meeting_day": v.meeting_day, "replaces_id": v.replaces_id, "replaced_by_id": v.replaced_by_id,
        "members": [_member(m) for m in v.members], "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


def _member(v: MemberView) -> Kwargs:
    return {
        "id": v.id, "person": v.person, "title": v.title, "role": v.role, "username": v.username, "from": v.from_on,
        "to": v.to_on, "assignments": [_assignment(a) for a in v.assignments],
    }  # fmt: skip


def _assignment(v: AssignmentView) -> Kwargs:
    return {
        "id": v.id, "subject": {"kind": v.kind, "id": v.key, "name": v.name}, "note": v.note, "from": v.from_on,
        "to": v.to_on, "handed_to_id": v.handed_to_id,
    }  # fmt: skip


def gaps(found: Sheet, as_of: date) -> Kwargs:
    return {
        "committee_id": found.board.id, "as_of": as_of, "no_head": bool(found.gaps.headless),
        "programs": [thing.key for _, thing in found.gaps.programs],
        "nobody": [{"kind": t.kind, "id": t.key, "name": t.name} for t in found.gaps.nobody],
        "left": [
            {
                "member_id": m.id, "person": m.person, "to": m.to_on, "assignments": [a.id for a in m.open],
                "directives": found.gaps.directives.get(m.id, 0),
            }
            for _, m in found.gaps.left
        ],
    }  # fmt: skip


class NewMemberBody(Body):
    """`from` mặc định là ngày thành lập ban · by default from the day on which the board was set up."""

    id: ClientId
    person: Annotated[str, Text(120)]
    role: Role = "member"
    title: Annotated[str, Text(200, least=0)] = ""
    username: Username = None
    from_on: From = None
    to_on: To = None

    def new(self) -> NewMember:
        return NewMember(**{name: getattr(self, name) for name in type(self).model_fields})


class NewCommitteeBody(Body):
    """`from` mặc định là ngày quyết định · by default from the day of the decision."""

    id: ClientId
    unit_code: UnitCode
    kind: Kind
    name: Annotated[str, Text(300)]
    programs: Programs
    decision: DocumentBody
    from_on: From = None
    meeting_day: MeetingDay = None
    members: Annotated[tuple[NewMemberBody, ...], Field(max_length=100)] = ()

    def new(self) -> NewCommittee:
        given = {name: getattr(self, name) for name in type(self).model_fields}
        given |= {"decision": self.decision.entered(), "members": tuple(m.new() for m in self.members)}
        return NewCommittee(**given)


class CommitteeChange(Change):
    """`to` kết thúc ban · `to` dissolves it."""

    name: Annotated[str, Text(300)] = ""
    programs: Programs = ()
    decision: DocumentBody = None  # type: ignore[assignment]  # what is not sent does not count
    from_on: Annotated[IsoDate, Field(alias="from")] = date.min
    to_on: To = None
    meeting_day: MeetingDay = None

    def changes(self) -> Kwargs:
        given = self.sent()
        return given | ({"decision": self.decision.entered()} if "decision" in given else {})


class RenewalBody(Body):
    """Điều không gửi giữ như ban cũ · what is not sent stays as it was."""

    id: ClientId
    decision: DocumentBody
    from_on: From = None
    name: Annotated[str, Text(300)] | None = None
    programs: Programs | None = None
    meeting_day: MeetingDay = None

    def new(self) -> Renewal:
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return Renewal(**(given | {"decision": self.decision.entered()}))


class MemberChange(Change):
    """`to` null: chưa thôi · `to` null: has not left."""

    person: Annotated[str, Text(120)] = ""
    role: Role = "member"
    title: Annotated[str, Text(200, least=0)] = ""
    username: Username = None
    from_on: Annotated[IsoDate, Field(alias="from")] = date.min
    to_on: To = None


class HandOver(Body):
    assignment_id: ClientId
    to_member_id: Annotated[
        ClientId | None, Field(description="null: để trống, chưa ai nhận · null: left open")
    ] = None


class Leaving(Body):
    on: Annotated[IsoDate, Field(description="Ngày cuối · the last day")]
    hand_over: Annotated[tuple[HandOver, ...], Field(max_length=500)] = ()


class AssignmentSubject(Body):
    kind: SubjectKind
    id: SubjectId


class NewAssignmentBody(Body):
    """`from` mặc định hôm nay · by default from today."""

    id: ClientId
    subject: AssignmentSubject
    note: Annotated[str, Text(500, least=0)] = ""
    from_on: From = None

    def new(self) -> NewAssignment:
        return NewAssignment(self.id, (self.subject.kind, self.subject.id), self.note, self.from_on)


class Ending(Body):
    on: Annotated[IsoDate | None, Field(description="Ngày cuối, mặc định hôm nay · the last day, today")] = (
        None
    )
    to_member_id: Annotated[
        ClientId | None, Field(description="Người nhận từ hôm sau · who takes it over from the next day on")
    ] = None
