"""What clients send and are given of households."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from app.api.operations import (
    Change,
    closed,
)
from app.api.shapes import (
    Code,
    Document,
    DocumentBody,
    QueryCode,
    QueryText,
    QueryYear,
    Structure,
    UnitCode,
    UnitQuery,
    document,
    one_of,
)
from app.domain.households import (
    EventView,
    HouseholdView,
    MemberView,
    Moves,
    NewStatus,
    StatusView,
)
from app.web.schema import Body, ClientId, IsoDate, Text, Year

State = Literal["poor", "near_poor", "escaped", "other"]
Listed = Literal["poor", "near_poor", "escaped", "other", "none"]
Before = Literal["poor", "near_poor", "escaped", "other", "joined"]
After = Literal["poor", "near_poor", "escaped", "other", "left", "waiting"]
What = Literal["merged", "took_over", "left", "returned", "status", "erased"]
Name = Annotated[
    str,
    Text(120),
    Field(
        description="Họ tên, che với phần mềm không được cấp dữ liệu cá nhân · masked unless admitted to personal data"
    ),
]
Born = Annotated[Year | None, Field(description="Năm sinh · year of birth")]
Short = Annotated[str, Text(60, least=0)]
Note = Annotated[str, Text(1000, least=0, lines=True)]
Reason = Annotated[str, Text(300, least=0)]
Digits = Annotated[
    str | None,
    Field(
        description="Niêm phong khi lưu, chỉ đọc lại ở một hộ, khi được cấp dữ liệu cá nhân · sealed at rest; read back on one household alone, by who was admitted",
        max_length=20,
    ),
]


@closed
class Member(TypedDict):
    """Thành viên ngoài chủ hộ · a person besides the head."""

    name: str
    birth_year: int | None
    relation: str


@closed
class Status(TypedDict):
    """Diện của hộ trong năm; `year` là năm diện có hiệu lực · the year the status holds for."""

    year: int
    status: Annotated[str, one_of(State)]
    decision: Document | None


@closed
class Household(TypedDict):
    """Hộ dân; ghi chú trống với phần mềm không được cấp dữ liệu cá nhân · `note` is empty unless admitted."""

    id: UUID
    code: str
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    hamlet_code: str | None
    head_name: str
    birth_year: int | None
    ethnicity: str
    members: list[Member]
    statuses: list[Status]
    note: str
    joined_on: date | None
    left_on: date | None
    left_reason: str
    merged_into_id: UUID | None
    updated_at: datetime
    illustrative: bool


@closed
class HouseholdEvent(TypedDict):
    """Việc đã xảy ra với hộ; diện bị sửa thì kèm diện trước · what a changed status was."""

    what: Annotated[str, one_of(What)]
    year: int | None
    from_status: str
    to_status: str
    other_id: UUID | None
    reason: str
    at: datetime
    by: str


@closed
class HouseholdWhole(Household):
    """Một hộ với diễn biến; số giấy tờ, điện thoại null khi không có hoặc không được xem · null where not admitted."""

    identity_number: str | None
    phone: str | None
    events: list[HouseholdEvent]


@closed
class Move(TypedDict):
    """Số hộ chuyển từ diện năm trước sang diện năm nay · households that went from one status to another."""

    before: Annotated[str, one_of(Before)]
    after: Annotated[str, one_of(After)]
    households: int


@closed
class HouseholdMoves(TypedDict):
    """`last_year` = `this_year` + `left` + `waiting` (chưa rà soát · not reviewed yet) - `joined`."""

    last_year: int
    this_year: int
    joined: int
    left: int
    waiting: int
    moves: list[Move]


@closed
class PlaceMoves(HouseholdMoves):
    """Một thôn; với đơn vị trên xã là một xã · a hamlet, or a commune under a unit above; null: of no hamlet."""

    code: str | None
    structure: Annotated[str, one_of(Structure)] | None
    name: str | None


@closed
class HouseholdFlow(TypedDict):
    """Biến động diện hộ từ năm trước sang `year` · the moves from the year before."""

    unit: str
    unit_structure: Annotated[str, one_of(Structure)]
    unit_name: str
    year: int
    places: list[PlaceMoves]
    total: HouseholdMoves


def _status(s: StatusView) -> Status:
    return {
        "year": s.year,
        "status": s.status,
        "decision": document(s.decision) if s.decision is not None else None,
    }


def household(v: HouseholdView) -> Household:
    return {
        "id": v.id, "code": v.code, "unit_code": v.unit_code, "unit_structure": v.unit_structure,
        "hamlet_code": v.hamlet_code, "head_name": v.head_name, "birth_year": v.birth_year,
        "ethnicity": v.ethnicity,
        "members": [{"name": m.name, "birth_year": m.birth_year, "relation": m.relation} for m in v.members],
        "statuses": [_status(s) for s in v.statuses], "note": v.note, "joined_on": v.joined_on,
        "left_on": v.left_on, "left_reason": v.left_reason, "merged_into_id": v.merged_into_id,
        "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


def event(e: EventView) -> HouseholdEvent:
    return {
        "what": e.what, "year": e.year, "from_status": e.from_status, "to_status": e.to_status,
        "other_id": e.other_id, "reason": e.reason, "at": e.at, "by": e.by,
    }  # fmt: skip


def moves(m: Moves) -> HouseholdMoves:
    return {
        "last_year": m.last, "this_year": m.this, "joined": m.joined, "left": m.left, "waiting": m.waiting,
        "moves": [{"before": a, "after": b, "households": n} for (a, b), n in sorted(m.cells.items())],
    }  # fmt: skip


class HouseholdsQuery(UnitQuery):
    hamlet: QueryCode | None = None
    status: Annotated[
        Listed | None,
        Field(description="Diện trong `year`, `none` là chưa xếp · of that year; `none`: without one"),
    ] = None
    q: Annotated[
        QueryText | None,
        Field(description="Mã hộ; cả tên khi được xem tên · code; names for who sees them"),
    ] = None


class HouseholdMemberBody(Body):
    name: Name
    birth_year: Born = None
    relation: Short = ""

    def entered(self) -> MemberView:
        return MemberView(self.name, self.birth_year, self.relation)


class StatusBody(Body):
    """Diện và quyết định của Chủ tịch UBND xã · the status and the decision behind it."""

    status: State
    decision: DocumentBody | None = None

    def of(self, year: int) -> NewStatus:
        return NewStatus(year, self.status, self.decision.entered() if self.decision else None)


class YearStatusBody(StatusBody):
    year: Year

    def entered(self) -> NewStatus:
        return self.of(self.year)


class NewHousehold(Body):
    """Không có `code` thì lấy số tiếp theo của thôn · without a code it takes the hamlet's next number."""

    id: ClientId
    unit_code: UnitCode
    code: Code | None = None
    head_name: Name
    hamlet_code: Code | None = None
    birth_year: Born = None
    ethnicity: Short = ""
    members: tuple[HouseholdMemberBody, ...] = ()
    identity_number: Digits = None
    phone: Digits = None
    note: Note = ""
    joined_on: IsoDate | None = None
    left_on: IsoDate | None = None
    left_reason: Reason = ""
    statuses: tuple[YearStatusBody, ...] = ()


class HouseholdChange(Change):
    """Tên đã che gửi trả lại thì giữ nguyên; số null là bỏ · masked names stay; null takes a number away."""

    code: Code = ""
    head_name: Name = ""
    hamlet_code: Code | None = None
    birth_year: Born = None
    ethnicity: Short = ""
    members: tuple[HouseholdMemberBody, ...] = ()
    identity_number: Digits = None
    phone: Digits = None
    note: Note = ""
    joined_on: IsoDate | None = None
    left_on: IsoDate | None = None
    left_reason: Reason = ""


class Merge(Body):
    into: Annotated[ClientId, Field(description="Hộ được giữ lại · the household that is kept")]


class FlowQuery(Body):
    unit: Annotated[
        QueryCode, Field(description="Xã, thôn hoặc đơn vị trên xã · any unit", examples=["20770"])
    ]
    year: Annotated[QueryYear, Field(description="Năm nay, so với năm trước · compared with the year before")]
