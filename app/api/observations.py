"""/api/v1/observations: what community supervision boards observe, what they are answered, up to an obstacle."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples_outreach as examples
from app.api.obstacles import Kind, Resolver
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
from app.api.shapes import QueryText, Structure, UnitCode, UnitQuery, one_of
from app.api.works.progress import Uploads
from app.api.works.register import Latitude, Longitude
from app.domain import observations
from app.domain.access import Actor
from app.domain.observations import NewHindrance, NewObservation, ObservationFilter, ObservationView
from app.domain.workflow import MoveView
from app.web.answers import Version, answer, created, etag
from app.web.schema import Body, ClientId, IsoDate, Text

router = api_router("steering")
_ORDER = by_moment("observations")
State = Literal["open", "answered", "closed"]
SubjectKind = Literal["work", "support_model"]
Move = Literal["answer", "close", "reopen"]
Board = Annotated[str, Text(200), Field(description="Tên ban giám sát, bằng lời · the board, in words")]
Observer = Annotated[str, Text(120, least=0)]
Words = Annotated[str, Text(4000, lines=True)]
Day = Annotated[IsoDate | None, Field(description="Mặc định hôm nay · by default today")]


@closed
class Observed(TypedDict):
    """Công trình hay mô hình được giám sát · what was observed."""

    kind: Annotated[str, one_of(SubjectKind)]
    id: UUID


@closed
class Observation(TypedDict):
    """Ý kiến giám sát cộng đồng; `answer` là trả lời gần nhất · an observation with the last answer to it."""

    id: UUID
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    subject: Annotated[Observed | None, Field(description="null: đơn vị nói chung · the unit in general")]
    board: str
    observer: str
    observed_on: date
    text: str
    answer_due_on: date | None
    state: Annotated[str, one_of(State)]
    answer: str
    answered_on: date | None
    answered_by: str
    days_late: Annotated[
        int,
        Field(
            description="Số ngày quá hạn trả lời đến nay, hay đến khi trả lời · answer overdue by, in days"
        ),
    ]
    obstacle_id: Annotated[UUID | None, Field(description="Vướng mắc đã nêu từ đây · raised from it")]
    lat: Annotated[float | None, Field(description="WGS 84, độ · degrees")]
    lon: Annotated[float | None, Field(description="WGS 84, độ · degrees")]
    documents: Annotated[list[UUID], Field(description="Ảnh và giấy tờ · photos and papers")]
    recorded_by: str
    updated_at: datetime
    illustrative: bool


@closed
class ObservationMove(TypedDict):
    """Việc đã xảy ra với ý kiến · what happened to it; `answer_due_on` when it was opened again."""

    move: Annotated[str, one_of(Move)]
    from_state: Annotated[str, one_of(State)]
    to_state: Annotated[str, one_of(State)]
    text: str
    on: date
    answer_due_on: date | None
    at: datetime
    by: str
    unit_code: str


@closed
class ObservationWhole(Observation):
    """Ý kiến, kèm diễn biến · an observation with its history."""

    moves: list[ObservationMove]


@closed
class ObservationTotals(TypedDict):
    """Mọi ý kiến khớp điều kiện; `late`: quá hạn trả lời · all that match; how many are owed an answer, and late."""

    count: int
    open: int
    late: int


@closed
class ObservationPage(Page[Observation]):
    """Một trang, kèm tổng của mọi trang · a page with the total of all pages."""

    total: ObservationTotals


def _shown(v: ObservationView) -> Observation:
    subject: Observed | None = None if v.subject is None else {"kind": v.subject[0], "id": v.subject[1]}
    return {
        "id": v.id, "unit_code": v.unit_code, "unit_structure": v.unit_structure, "subject": subject,
        "board": v.board, "observer": v.observer, "observed_on": v.observed_on, "text": v.text,
        "answer_due_on": v.answer_due_on, "state": v.state, "answer": v.answer, "answered_on": v.answered_on,
        "answered_by": v.answered_by, "days_late": v.days_late(), "obstacle_id": v.obstacle_id, "lat": v.lat,
        "lon": v.lon, "documents": [d.id for d in v.documents], "recorded_by": v.created_by,
        "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


def _move(v: MoveView) -> ObservationMove:
    return {
        "move": v.move, "from_state": v.from_state, "to_state": v.to_state, "text": v.remark, "on": v.on,
        "answer_due_on": v.due_on, "at": v.at, "by": v.by, "unit_code": v.unit_code,
    }  # fmt: skip


def _whole(actor: Actor, v: ObservationView) -> ObservationWhole:
    return {**_shown(v), "moves": [_move(m) for m in observations.history(actor, v.id)]}


class ObservationQuery(UnitQuery):
    state: State | None = None
    work_id: ClientId | None = None
    model_id: Annotated[ClientId | None, Field(description="Mô hình hỗ trợ · a support model")] = None
    late: Annotated[
        bool | None,
        Field(description="Quá hạn trả lời vào `as_of`, mặc định hôm nay · answer overdue on that day"),
    ] = None
    mine: Annotated[bool | None, Field(description="Do chính mình ghi · written by the caller")] = None
    first: Annotated[IsoDate | None, Field(description="Giám sát từ ngày · observed from")] = None
    last: Annotated[IsoDate | None, Field(description="đến ngày · to")] = None
    q: Annotated[
        QueryText | None,
        Field(description="Nội dung, ban, người giám sát, công trình, mô hình, không cần dấu · words"),
    ] = None


class ObservedBody(Body):
    kind: SubjectKind
    id: ClientId


class NewObservationBody(Body):
    """Về một công trình, một mô hình, hay không nêu `subject`: về đơn vị nói chung · else of the unit in general."""

    id: ClientId
    subject: ObservedBody | None = None
    unit_code: Annotated[
        UnitCode | None,
        Field(description="Khi không nêu `subject`; mặc định đơn vị của mình · without `subject`"),
    ] = None
    board: Board
    observer: Observer = ""
    observed_on: IsoDate
    text: Words
    answer_due_on: IsoDate | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    uploads: Uploads = ()

    def entered(self) -> NewObservation:
        given = {name: getattr(self, name) for name in type(self).model_fields if name != "subject"}
        if self.subject is None:
            return NewObservation(**given)
        return NewObservation(**given, subject_kind=self.subject.kind, subject_id=self.subject.id)


class ObservationChange(Change):
    """`uploads` thêm ảnh · adds photos."""

    board: Board = ""
    observer: Observer = ""
    observed_on: IsoDate = date.min
    text: Words = ""
    answer_due_on: IsoDate | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    uploads: Uploads = ()


class Said(Body):
    text: Words
    on: Day = None


class ObservationReopening(Body):
    text: Words
    answer_due_on: IsoDate | None = None


class HindranceBody(Body):
    id: Annotated[ClientId, Field(description="Mã của vướng mắc · of the obstacle")]
    kind: Kind = "other"
    resolver: Resolver = ""
    text: Annotated[
        str,
        Text(2000, least=0, lines=True),
        Field(description="Mặc định nội dung ý kiến · by default the observation's"),
    ] = ""


@router.get(
    "/observations",
    **lists(Observation, examples.OBSERVATION, page=ObservationPage, total=examples.OBSERVATION_TOTAL),
    summary="Các ý kiến giám sát cộng đồng · observations",
)
@quick
def list_observations(actor: Actor, query: Annotated[ObservationQuery, Query()]) -> Response:
    """Observations in the order in which they changed last; `total` counts all pages."""
    wanted = ObservationFilter(**query.model_dump(exclude={"limit", "cursor"}))
    found = observations.observations(actor, wanted, after=after(_ORDER, query), limit=query.limit + 1)
    together, shown = observations.total(actor, wanted), found[: query.limit]
    more = len(found) > query.limit
    return answer(
        {
            "items": [_shown(row) for row in shown],
            "next": _ORDER.encode(shown[-1].updated_at, shown[-1].id) if more else None,
            "total": {"count": together.count, "open": together.open, "late": together.late},
        }
    )


@router.get(
    "/observations/{id}",
    **shows(ObservationWhole, examples.OBSERVATION_WHOLE, etag=True),
    summary="Một ý kiến giám sát · one observation",
)
@quick
def get_observation(actor: Actor, id: ClientId) -> Response:
    """An observation with all that happened to it, in order."""
    found = observations.get(actor, id)
    return answer(_whole(actor, found), etag=etag(found.version))


@router.post(
    "/observations",
    **creates(ObservationWhole, examples.NEW_OBSERVATION, examples.OBSERVATION_MADE, etag=True),
    summary="Ghi ý kiến giám sát · record an observation",
)
def create_observation(actor: Actor, body: NewObservationBody) -> Response:
    """By people of the unit (`own_observation`), about a work or a support model in scope, or the unit in general.
    `uploads` become its photos."""
    made, fresh = observations.create(actor, body.entered())
    place = f"/api/v1/observations/{made.id}"
    return created(_whole(actor, made), new=fresh, etag=etag(made.version), location=place)


@router.patch(
    "/observations/{id}",
    **changes(ObservationWhole, examples.OBSERVATION_CHANGE, examples.OBSERVATION_CHANGED),
    summary="Sửa ý kiến giám sát · change an observation",
)
def change_observation(actor: Actor, id: ClientId, body: ObservationChange, version: Version) -> Response:
    """By who wrote it, while it is open (`observation_state`); what it is about stays."""
    sent = body.sent()
    photos = sent.pop("uploads", ())
    with current_as(_shown):
        changed = observations.update(actor, id, version, sent, photos)
    return answer(_whole(actor, changed), etag=etag(changed.version))


@router.post(
    "/observations/{id}/answer",
    **acts(ObservationWhole, examples.OBSERVATION_WHOLE, examples.OBSERVATION_ANSWER),
    summary="Trả lời · answer",
)
def answer_observation(actor: Actor, id: ClientId, body: Said) -> Response:
    """By people of the unit that keeps the work or model (`own_observation`), never by who wrote it (`self_answer`).
    Sent again it changes nothing."""
    return answer(_whole(actor, observations.answer(actor, id, body.text, on=body.on)))


@router.post(
    "/observations/{id}/close",
    **acts(ObservationWhole, examples.OBSERVATION_CLOSED, examples.OBSERVATION_CLOSE),
    summary="Khép lại · close",
)
def close_observation(actor: Actor, id: ClientId, body: Said) -> Response:
    """By who wrote it, answered or not. Sent again it changes nothing."""
    return answer(_whole(actor, observations.close(actor, id, body.text, on=body.on)))


@router.post(
    "/observations/{id}/reopen",
    **acts(ObservationWhole, examples.OBSERVATION_REOPENED, examples.OBSERVATION_REOPENING),
    summary="Mở lại · open again",
)
def reopen_observation(actor: Actor, id: ClientId, body: ObservationReopening) -> Response:
    """By who wrote it, when the answer does not do: an answer is owed again, by another day."""
    return answer(_whole(actor, observations.reopen(actor, id, body.text, due_on=body.answer_due_on)))


@router.post(
    "/observations/{id}/raise",
    **acts(ObservationWhole, examples.OBSERVATION_RAISED, examples.HINDRANCE),
    summary="Nêu thành vướng mắc · raise it as an obstacle",
)
def raise_observation(actor: Actor, id: ClientId, body: HindranceBody) -> Response:
    """An obstacle of the same work or model under the id sent, each naming the other; once (`observation_raised`), and
    not of the unit in general (`observation_subject`). Sent again it changes nothing."""
    new = NewHindrance(body.id, body.kind, body.resolver, body.text)
    return answer(_whole(actor, observations.raise_obstacle(actor, id, new)))
