"""/api/v1/outreach-events: where people were told or won over, how many came, about which work or criterion."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field, Strict
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples_outreach as examples
from app.api.operations import (
    Change,
    Page,
    acts,
    after,
    by_moment,
    changes,
    closed,
    creates,
    current_as,
    lists,
    shows,
)
from app.api.security import api_router, quick
from app.api.shapes import Code, QueryCode, QueryText, Structure, UnitCode, UnitQuery, one_of
from app.api.works.progress import Uploads
from app.domain import outreach
from app.domain.access import Actor
from app.domain.outreach import NewOutreach, OutreachFilter, OutreachView
from app.domain.outreach.events import MOST_PEOPLE
from app.web.answers import Version, answer, created, etag
from app.web.schema import Body, ClientId, IsoDate, Text, Whole

router = api_router("steering")
_ORDER = by_moment("outreach-events")
People = Annotated[int, Strict(), Field(ge=0, le=MOST_PEOPLE, description="Số lượt người · people reached")]
Topic = Annotated[str, Text(300)]
Content = Annotated[str, Text(4000, least=0, lines=True)]
Words = Annotated[str, Text(200, least=0)]
Number = Annotated[Whole, Field(ge=1, le=999)]


@closed
class OutreachEvent(TypedDict):
    """Buổi tuyên truyền, vận động; đã rút thì không tính · an event; once withdrawn it counts for nothing."""

    id: UUID
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    hamlet_code: str | None
    held_on: date
    place: str
    topic: str
    content: str
    organiser: str
    people: int
    program_code: str | None
    work_id: UUID | None
    set_code: str | None
    criterion_number: int | None
    documents: Annotated[list[UUID], Field(description="Ảnh và giấy tờ · photos and papers")]
    withdrawn_at: datetime | None
    withdrawn_reason: str
    recorded_by: str
    updated_at: datetime
    illustrative: bool


@closed
class OutreachTotals(TypedDict):
    """Mọi buổi khớp điều kiện và chưa rút · all that match and were not withdrawn."""

    events: int
    people: int


@closed
class OutreachPage(Page[OutreachEvent]):
    """Một trang, kèm tổng của mọi trang · a page with the total of all pages."""

    total: OutreachTotals


def _event(v: OutreachView) -> OutreachEvent:
    return {
        "id": v.id, "unit_code": v.unit_code, "unit_structure": v.unit_structure, "hamlet_code": v.hamlet_code,
        "held_on": v.held_on, "place": v.place, "topic": v.topic, "content": v.content, "organiser": v.organiser,
        "people": v.people, "program_code": v.program_code, "work_id": v.work_id, "set_code": v.set_code,
        "criterion_number": v.criterion_number, "documents": [d.id for d in v.documents],
        "withdrawn_at": v.withdrawn_at, "withdrawn_reason": v.withdrawn_reason, "recorded_by": v.created_by,
        "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


class OutreachQuery(UnitQuery):
    hamlet_code: QueryCode | None = None
    program_code: QueryCode | None = None
    work_id: ClientId | None = None
    set_code: QueryCode | None = None
    criterion_number: Annotated[int | None, Field(ge=1, le=999)] = None
    first: Annotated[IsoDate | None, Field(description="Từ ngày · held from")] = None
    last: Annotated[IsoDate | None, Field(description="đến ngày · to")] = None
    withdrawn: Annotated[
        bool | None,
        Field(description="Chỉ buổi đã rút, hay chỉ buổi còn tính · withdrawn ones or the others"),
    ] = None
    q: Annotated[
        QueryText | None,
        Field(description="Chủ đề, nội dung, nơi, người tổ chức, công trình, không cần dấu · words"),
    ] = None


class NewOutreachBody(Body):
    """`criterion_number` thuộc bộ tiêu chí có hiệu lực cho đơn vị vào ngày ấy, trừ khi nêu `set_code`."""

    id: ClientId
    unit_code: Annotated[
        UnitCode | None, Field(description="Mặc định đơn vị của mình · by default one's own")
    ] = None
    hamlet_code: Code | None = None
    held_on: IsoDate
    place: Words = ""
    topic: Topic
    content: Content = ""
    organiser: Words = ""
    people: People
    program_code: Code | None = None
    work_id: ClientId | None = None
    criterion_number: Number | None = None
    set_code: Code | None = None
    uploads: Uploads = ()


class OutreachChange(Change):
    """`uploads` thêm ảnh · adds photos."""

    hamlet_code: Code | None = None
    held_on: IsoDate = date.min
    place: Words = ""
    topic: Topic = ""
    content: Content = ""
    organiser: Words = ""
    people: People = 0
    program_code: Code | None = None
    work_id: ClientId | None = None
    criterion_number: Number | None = None
    set_code: Code | None = None
    uploads: Uploads = ()


class Withdrawal(Body):
    reason: Annotated[str, Text(1000, lines=True)]


@router.get(
    "/outreach-events",
    **lists(OutreachEvent, examples.OUTREACH, page=OutreachPage, total=examples.OUTREACH_TOTAL),
    summary="Các buổi tuyên truyền · outreach events",
)
@quick
def list_outreach_events(actor: Actor, query: Annotated[OutreachQuery, Query()]) -> Response:
    """Events in the order in which they changed last, the withdrawn among them; `total` counts all pages without those."""
    wanted = OutreachFilter(**query.model_dump(exclude={"limit", "cursor"}))
    found = outreach.events(actor, wanted, after=after(_ORDER, query), limit=query.limit + 1)
    together, shown = outreach.total(actor, wanted), found[: query.limit]
    more = len(found) > query.limit
    return answer(
        {
            "items": [_event(row) for row in shown],
            "next": _ORDER.encode(shown[-1].updated_at, shown[-1].id) if more else None,
            "total": {"events": together.events, "people": together.people},
        }
    )


@router.get(
    "/outreach-events/{id}",
    **shows(OutreachEvent, examples.OUTREACH, etag=True),
    summary="Một buổi tuyên truyền · one event",
)
@quick
def get_outreach_event(actor: Actor, id: ClientId) -> Response:
    """An event; its photos are files of its documents."""
    found = outreach.get(actor, id)
    return answer(_event(found), etag=etag(found.version))


@router.post(
    "/outreach-events",
    **creates(OutreachEvent, examples.NEW_OUTREACH, examples.OUTREACH, etag=True),
    summary="Ghi buổi tuyên truyền · record an event",
)
def create_outreach_event(actor: Actor, body: NewOutreachBody) -> Response:
    """By people of the unit that held it (`own_outreach`), on the day or later. `uploads` become its photos."""
    made, fresh = outreach.create(actor, NewOutreach(**dict(body)))
    place = f"/api/v1/outreach-events/{made.id}"
    return created(_event(made), new=fresh, etag=etag(made.version), location=place)


@router.patch(
    "/outreach-events/{id}",
    **changes(OutreachEvent, examples.OUTREACH_CHANGE, examples.OUTREACH_CHANGED),
    summary="Sửa buổi tuyên truyền · change an event",
)
def change_outreach_event(actor: Actor, id: ClientId, body: OutreachChange, version: Version) -> Response:
    """Until it is withdrawn (`outreach_withdrawn`). A criterion that is named is of the set in force that day, unless
    `set_code` names another."""
    sent = body.sent()
    photos = sent.pop("uploads", ())
    with current_as(_event):
        changed = outreach.update(actor, id, version, sent, photos)
    return answer(_event(changed), etag=etag(changed.version))


@router.post(
    "/outreach-events/{id}/withdraw",
    **acts(OutreachEvent, examples.OUTREACH_WITHDRAWN, examples.WITHDRAWAL),
    summary="Rút buổi tuyên truyền · withdraw an event",
)
def withdraw_outreach_event(actor: Actor, id: ClientId, body: Withdrawal) -> Response:
    """What was recorded wrong stays to be read and counts for nothing. Sent again it changes nothing."""
    return answer(_event(outreach.withdraw(actor, id, body.reason)))
