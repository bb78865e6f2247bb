"""/api/v1/directives: what inspections, meetings and documents demand, of whom, by when, and how it stands on a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples_directives as examples
from app.api.operations import (
    Change,
    acts,
    after,
    by_moment,
    changes,
    closed,
    creates,
    current_as,
    lists,
    paged,
    shows,
)
from app.api.security import api_router, quick
from app.api.shapes import KindAndId, QueryText, Structure, UnitCode, UnitQuery, one_of
from app.domain import directives
from app.domain.access import Actor
from app.domain.directives import DirectiveFilter, DirectiveView, EventView, NewDirective, Proof
from app.domain.documents.attaching import documents_of
from app.web.answers import Version, answer, created, etag
from app.web.schema import Body, ClientId, IsoDate, Text

router = api_router("steering")
_ORDER = by_moment("directives")
SourceKind = Literal["inspection", "meeting", "document"]
AssigneeKind = Literal["person", "board", "agency", "unit"]
State = Literal["open", "reported", "accepted", "returned", "withdrawn"]
Priority = Literal["normal", "urgent"]
What = Literal[
    "given", "progress", "reported", "accepted", "returned", "extended", "reworded", "withdrawn"
]  # fmt: skip
Words = Annotated[str, Text(4000, lines=True)]
Task = Annotated[str, Text(2000, lines=True)]
Quote = Annotated[
    str, Text(2000, least=0, lines=True), Field(description="Câu của nguồn · the sentence of the source")
]
Day = Annotated[IsoDate | None, Field(description="Mặc định hôm nay · by default today")]


@closed
class Source(TypedDict):
    """Nguồn giao việc; văn bản chỉ nêu số thì không có `id` · where it was demanded; no `id` of a document only named."""

    kind: Annotated[str, one_of(SourceKind)]
    id: UUID | None
    title: Annotated[str, Field(description="Tên cuộc họp, cuộc kiểm tra · of a meeting, an inspection")]
    document_number: str
    on: date
    quote: str


@closed
class Assignee(TypedDict):
    """Ai phải làm; `id` của đơn vị là mã đúng cấu trúc · who has to do it; the `id` of a unit is its exact code."""

    kind: Annotated[str, one_of(AssigneeKind)]
    id: str
    name: Annotated[str, Field(description="Tên lúc giao · as it was when it was given")]


@closed
class Directive(TypedDict):
    """Nhiệm vụ được giao; `state`, `due_on`, `overdue` vào ngày `as_of` · a directive as of a day."""

    id: UUID
    text: str
    source: Source
    assignee: Assignee
    unit_code: Annotated[str, Field(description="Đơn vị phải làm · the unit that has to do it")]
    unit_structure: Annotated[str, one_of(Structure)]
    giver_code: Annotated[str, Field(description="Đơn vị giao · the unit that gave it")]
    giver_structure: Annotated[str, one_of(Structure)]
    due_on: date
    first_due_on: Annotated[date, Field(description="Hạn lúc giao · as it was given")]
    state: Annotated[str, one_of(State)]
    overdue: Annotated[
        bool, Field(description="Quá hạn, chưa được chấp nhận, chưa thu hồi · late and standing")
    ]
    percent: Annotated[int | None, Field(description="Tiến độ báo gần nhất · as noted last")]
    priority: Annotated[str, one_of(Priority)]
    updated_at: datetime
    illustrative: bool


@closed
class DirectiveEvent(TypedDict):
    """Việc đã xảy ra với nhiệm vụ; `text` của `reworded` là lời trước đó · what happened; `text` of `reworded`: the words before."""

    what: Annotated[str, one_of(What)]
    text: str
    percent: int | None
    on: date
    due_on: date | None
    at: datetime
    by: str
    unit_code: str


@closed
class DirectiveWhole(Directive):
    """Nhiệm vụ, kèm diễn biến và minh chứng · a directive with its history and its proof."""

    events: list[DirectiveEvent]
    documents: list[UUID]


def directive(v: DirectiveView) -> Directive:
    return {
        "id": v.id, "text": v.text,
        "source": {
            "kind": v.source_kind, "id": v.source_id, "title": v.source_title,
            "document_number": v.document_number, "on": v.source_on, "quote": v.quote,
        },
        "assignee": {"kind": v.assignee_kind, "id": v.assignee_id, "name": v.assignee_name},
        "unit_code": v.unit_code, "unit_structure": v.unit_structure, "giver_code": v.giver_code,
        "giver_structure": v.giver_structure, "due_on": v.due_on, "first_due_on": v.first_due_on,
        "state": v.state, "overdue": v.overdue, "percent": v.percent, "priority": v.priority,
        "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


def _event(v: EventView) -> DirectiveEvent:
    return {
        "what": v.what, "text": v.text, "percent": v.percent, "on": v.on, "due_on": v.due_on, "at": v.at,
        "by": v.by, "unit_code": v.unit_code,
    }  # fmt: skip


def _whole(actor: Actor, v: DirectiveView) -> DirectiveWhole:
    events = [_event(e) for e in directives.history(actor, v.id)]
    papers = [d.id for d in documents_of(actor, "directive", v.id)]
    return {**directive(v), "events": events, "documents": papers}


class DirectiveQuery(UnitQuery):
    as_of: Annotated[
        IsoDate | None,
        Field(
            description="Tình trạng và hạn vào ngày này; cũng là ngày để hiểu mã đơn vị · state and due date on this day, on which a bare unit code is read, too"
        ),
    ] = None
    state: State | None = None
    overdue: Annotated[
        bool | None,
        Field(
            description="Hạn trước `as_of` mà chưa được chấp nhận · due before `as_of`, not accepted by then"
        ),
    ] = None
    assignee: Annotated[
        str | None,
        Field(
            max_length=80, pattern=r"^(person|board|agency):[0-9a-fA-F-]{36}$|^unit:[0-9A-Za-z.@]{1,40}$",
            description="Ai phải làm, loại:mã; đơn vị theo mã đơn vị · kind:id, of a unit its code",
            examples=["unit:20770@legacy"],
        ),
    ] = None  # fmt: skip
    source: Annotated[
        Annotated[tuple[str, UUID], KindAndId(SourceKind)] | None,
        Field(description="Nguồn giao việc, loại:mã · where it was demanded, kind:id"),
    ] = None
    due_from: IsoDate | None = None
    due_to: IsoDate | None = None
    q: Annotated[
        QueryText | None,
        Field(description="Nội dung, ai làm, số văn bản, không cần dấu · words"),
    ] = None


class SourceBody(Body):
    """Cuộc họp, cuộc kiểm tra, văn bản theo `id`, hoặc văn bản theo số và ngày · by id, or a document by number and day."""

    kind: SourceKind
    id: ClientId | None = None
    document_number: Annotated[str, Text(120, least=0)] = ""
    on: Annotated[
        IsoDate | None,
        Field(
            description="Ngày của văn bản chỉ nêu số; của kiểm tra mặc định ngày kết luận · of a document only named; of an inspection by default its conclusion's"
        ),
    ] = None
    quote: Quote = ""


class AssigneeBody(Body):
    """Tài khoản hay thành viên ban (`person`), ban, cơ quan theo `id`; đơn vị theo `unit_code` · by id, a unit by code."""

    kind: AssigneeKind
    id: ClientId | None = None
    unit_code: UnitCode | None = None


class NewDirectiveBody(Body):
    """Đơn vị giao là đơn vị của người gọi · it is given by the caller's unit, to itself or below."""

    id: ClientId
    text: Task
    source: SourceBody
    assignee: AssigneeBody
    due_on: IsoDate
    priority: Priority = "normal"

    def new(self) -> NewDirective:
        source, who = self.source, self.assignee
        return NewDirective(
            self.id, self.text, source.kind, self.due_on, who.kind, who.id, who.unit_code, source.id,
            source.document_number, source.on, source.quote, self.priority,
        )  # fmt: skip


class DirectiveChange(Change):
    text: Task = ""
    quote: Quote = ""
    priority: Priority = "normal"


class _Said(Body):
    """Lời và minh chứng của bên phải làm · words and proof of who has to do it."""

    text: Words
    on: Day = None
    documents: Annotated[
        tuple[ClientId, ...], Field(max_length=50, description="Văn bản minh chứng · documents as proof")
    ] = ()

    def proof(self) -> Proof:
        return Proof(self.documents)


class DirectiveProgressBody(_Said):
    percent: Annotated[int | None, Field(ge=0, le=100)] = None


class ReportBody(_Said):
    pass


class AcceptanceBody(Body):
    text: Annotated[str, Text(4000, least=0, lines=True)] = ""
    on: Day = None


class ReturnBody(Body):
    text: Words
    on: Day = None


class DirectiveWithdrawalBody(Body):
    reason: Words
    on: Day = None


class ExtensionBody(Body):
    due_on: IsoDate
    reason: Words
    on: Day = None


@router.get(
    "/directives", **lists(Directive, examples.DIRECTIVE), summary="Các nhiệm vụ được giao · directives"
)
@quick
def list_directives(actor: Actor, query: Annotated[DirectiveQuery, Query()]) -> Response:
    """Directives in the order in which they changed last. With `as_of` as they stood at the end of that day: `overdue=true`
    gives those that were due before it, neither accepted nor withdrawn by then, whatever came later.
    """
    asked: dict[str, Any] = query.model_dump(exclude={"limit", "cursor", "assignee"})
    if query.assignee is not None:
        kind, _, id_ = query.assignee.partition(":")
        asked["assignee"] = (kind, id_)
    found = directives.directives(
        actor, DirectiveFilter(**asked), after=after(_ORDER, query), limit=query.limit + 1
    )
    return paged(found, query, directive, lambda last: _ORDER.encode(last.updated_at, last.id))


@router.get(
    "/directives/{id}",
    **shows(DirectiveWhole, examples.DIRECTIVE_WHOLE, etag=True),
    summary="Một nhiệm vụ · one directive",
)
@quick
def get_directive(actor: Actor, id: ClientId) -> Response:
    """A directive as it stands today, with all that happened to it, in order, and its proof."""
    found = directives.get(actor, id)
    return answer(_whole(actor, found), etag=etag(found.version))


@router.post(
    "/directives",
    **creates(DirectiveWhole, examples.NEW_DIRECTIVE, examples.DIRECTIVE_GIVEN, etag=True),
    summary="Giao nhiệm vụ · give a directive",
)
def create_directive(actor: Actor, body: NewDirectiveBody) -> Response:
    """To a person, a board, an agency or a unit within the caller's unit or below it, never upward (404). It cannot be due
    before its source (422). What an inspection demands is given by the unit that made it (`inspection_giver`).
    """
    made, fresh = directives.create(actor, body.new())
    return created(
        _whole(actor, made), new=fresh, etag=etag(made.version), location=f"/api/v1/directives/{made.id}"
    )


@router.patch(
    "/directives/{id}",
    **changes(DirectiveWhole, examples.DIRECTIVE_CHANGE, examples.DIRECTIVE_CHANGED),
    summary="Sửa lời nhiệm vụ · reword a directive",
)
def change_directive(actor: Actor, id: ClientId, body: DirectiveChange, version: Version) -> Response:
    """By the side that gave it (`directive_side`), while it is open or returned (`directive_state`). The words before stand
    among its `events` (`reworded`).
    """
    with current_as(directive):
        changed = directives.update(actor, id, version, body.sent())
    return answer(_whole(actor, changed), etag=etag(changed.version))


@router.post(
    "/directives/{id}/progress",
    **acts(DirectiveWhole, examples.DIRECTIVE_UNDER_WAY, examples.DIRECTIVE_PROGRESS),
    summary="Ghi tiến độ · note progress",
)
def note_progress(actor: Actor, id: ClientId, body: DirectiveProgressBody) -> Response:
    """By the unit that has to do it, in words and percent; a request for more time is such a note."""
    found = directives.progress(actor, id, body.text, body.percent, on=body.on, proof=body.proof())
    return answer(_whole(actor, found))


@router.post(
    "/directives/{id}/report",
    **acts(DirectiveWhole, examples.DIRECTIVE_WHOLE, examples.DIRECTIVE_REPORT),
    summary="Báo cáo hoàn thành · report as done",
)
def report_directive(actor: Actor, id: ClientId, body: ReportBody) -> Response:
    """By the unit that has to do it (`directive_side`), while it is open or returned (`directive_state`); with documents as
    proof. Sent again it changes nothing.
    """
    return answer(_whole(actor, directives.report(actor, id, body.text, on=body.on, proof=body.proof())))


@router.post(
    "/directives/{id}/accept",
    **acts(DirectiveWhole, examples.DIRECTIVE_ACCEPTED, examples.DIRECTIVE_ACCEPTANCE),
    summary="Chấp nhận · accept",
)
def accept_directive(actor: Actor, id: ClientId, body: AcceptanceBody | None = None) -> Response:
    """By the unit that gave it or one above (`directive_side`), never by who reported it (`own_report`)."""
    said = body or AcceptanceBody()
    return answer(_whole(actor, directives.accept(actor, id, said.text, on=said.on)))


@router.post(
    "/directives/{id}/return",
    **acts(DirectiveWhole, examples.DIRECTIVE_RETURNED, examples.DIRECTIVE_RETURN),
    summary="Trả lại · return",
)
def return_directive(actor: Actor, id: ClientId, body: ReturnBody) -> Response:
    """Sends a report back with what is missing; it is then reported again."""
    return answer(_whole(actor, directives.send_back(actor, id, body.text, on=body.on)))


@router.post(
    "/directives/{id}/extend",
    **acts(DirectiveWhole, examples.DIRECTIVE_EXTENDED, examples.DIRECTIVE_EXTENSION),
    summary="Gia hạn · extend",
)
def extend_directive(actor: Actor, id: ClientId, body: ExtensionBody) -> Response:
    """More time, by the side that gave it, with the reason; `first_due_on` stays as it was."""
    return answer(_whole(actor, directives.extend(actor, id, body.due_on, body.reason, on=body.on)))


@router.post(
    "/directives/{id}/withdraw",
    **acts(DirectiveWhole, examples.DIRECTIVE_WITHDRAWN, examples.DIRECTIVE_WITHDRAWAL),
    summary="Thu hồi · withdraw",
)
def withdraw_directive(actor: Actor, id: ClientId, body: DirectiveWithdrawalBody) -> Response:
    """Takes back what was given in error, by who gave it or may accept it, not by whom it was given to, with the reason,
    unless it was accepted (`directive_state`). From that day on it neither stands nor is overdue; as of days before it did.
    """
    return answer(_whole(actor, directives.take_back(actor, id, body.reason, on=body.on)))
