"""/api/v1/obstacles: what stands in the way of works, lines, steps and support models, up to the unit above and back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
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
from app.api.shapes import Dong, KindAndId, QueryText, Structure, UnitCode, UnitQuery, one_of
from app.domain import obstacles
from app.domain.access import Actor
from app.domain.obstacles import EventView, NewObstacle, ObstacleFilter, ObstacleView
from app.web.answers import Version, answer, created, etag
from app.web.schema import Body, ClientId, IsoDate, Text

router = api_router("steering")
_ORDER = by_moment("obstacles")
SubjectKind = Literal["work", "line", "step", "support_model"]
SubjectQuery = Annotated[tuple[str, UUID], KindAndId(SubjectKind)]
Kind = Literal["land", "money", "dossier", "contractor", "weather", "people", "other"]
State = Literal["open", "escalated", "resolved"]
What = Literal["raised", "escalated", "answered", "resolved", "reopened"]
Words = Annotated[str, Text(2000, lines=True)]
Resolver = Annotated[
    str, Text(200, least=0), Field(description="Ai giải quyết được · who can resolve it, in words")
]
Day = Annotated[IsoDate | None, Field(description="Mặc định hôm nay · by default today")]


@closed
class Subject(TypedDict):
    """Công trình, dòng vốn, bước thủ tục hay mô hình có vướng mắc · what an obstacle is about."""

    kind: Annotated[str, one_of(SubjectKind)]
    id: UUID


@closed
class Obstacle(TypedDict):
    """Vướng mắc; `money_held` là phần còn lại của dòng vốn, hay của các dòng vốn của công trình, mô hình · what it holds back."""

    id: UUID
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    subject: Subject
    work_id: UUID | None
    kind: Annotated[str, one_of(Kind)]
    text: str
    resolver: str
    state: Annotated[str, one_of(State)]
    raised_on: date
    age_days: Annotated[
        int,
        Field(description="Từ ngày phát sinh đến nay hay đến khi giải quyết · until today or its resolution"),
    ]
    money_held: Dong
    escalated_to: str | None
    escalated_to_structure: Annotated[str, one_of(Structure)] | None
    escalated_on: date | None
    answered_on: date | None
    resolved_on: date | None
    observation_id: Annotated[
        UUID | None,
        Field(description="Từ ý kiến giám sát cộng đồng này · the observation it was raised from"),
    ]
    updated_at: datetime
    illustrative: bool


@closed
class ObstacleEvent(TypedDict):
    """Việc đã xảy ra với vướng mắc · what happened to an obstacle; `to_unit_code` of an escalation."""

    what: Annotated[str, one_of(What)]
    text: str
    on: date
    at: datetime
    by: str
    unit_code: str
    to_unit_code: str | None


@closed
class ObstacleWhole(Obstacle):
    """Vướng mắc, kèm diễn biến · an obstacle with its history."""

    events: list[ObstacleEvent]


def obstacle(v: ObstacleView) -> Obstacle:
    return {
        "id": v.id, "unit_code": v.unit_code, "unit_structure": v.unit_structure,
        "subject": {"kind": v.subject_kind, "id": v.subject_id}, "work_id": v.work_id, "kind": v.kind,
        "text": v.text, "resolver": v.resolver, "state": v.state, "raised_on": v.raised_on,
        "age_days": v.age_days, "money_held": v.money_held, "escalated_to": v.escalated_to,
        "escalated_to_structure": v.escalated_to_structure, "escalated_on": v.escalated_on,
        "answered_on": v.answered_on, "resolved_on": v.resolved_on,
        "observation_id": v.observation_id, "updated_at": v.updated_at,
        "illustrative": v.illustrative,
    }  # fmt: skip


def _event(v: EventView) -> ObstacleEvent:
    return {
        "what": v.what, "text": v.text, "on": v.on, "at": v.at, "by": v.by, "unit_code": v.unit_code,
        "to_unit_code": v.to_unit_code,
    }  # fmt: skip


def _whole(actor: Actor, v: ObstacleView) -> ObstacleWhole:
    return {**obstacle(v), "events": [_event(e) for e in obstacles.history(actor, v.id)]}


class ObstacleQuery(UnitQuery):
    state: State | None = None
    kind: Kind | None = None
    subject: Annotated[
        SubjectQuery | None,
        Field(description="Về đúng nội dung này · about exactly this, kind:id"),
    ] = None
    work_id: Annotated[
        ClientId | None,
        Field(description="Về công trình, bước và dòng vốn của nó · about a work, its steps and its lines"),
    ] = None
    escalated: Annotated[
        bool | None, Field(description="Đang chờ cấp trên trả lời · the unit above owes an answer")
    ] = None
    mine: Annotated[
        bool | None,
        Field(description="Đang chờ chính đơn vị này trả lời · the caller's own unit owes the answer"),
    ] = None
    q: Annotated[
        QueryText | None,
        Field(description="Nội dung, người giải quyết, tên công trình, không cần dấu · words"),
    ] = None


class About(Body):
    kind: SubjectKind
    id: ClientId


class NewObstacleBody(Body):
    """Đơn vị là đơn vị của công trình, dòng vốn, mô hình · its unit is that of what it is about."""

    id: ClientId
    subject: About
    kind: Kind = "other"
    text: Words
    resolver: Resolver = ""
    raised_on: Day = None


class ObstacleChange(Change):
    kind: Kind = "other"
    text: Words = ""
    resolver: Resolver = ""
    raised_on: IsoDate = date.min


class Escalation(Body):
    text: Words
    to: Annotated[
        UnitCode | None,
        Field(
            description="Đơn vị ở trên, mặc định cấp trên trực tiếp · a unit above, by default the nearest"
        ),
    ] = None
    escalated_on: Day = None


class Answer(Body):
    text: Words
    answered_on: Day = None


class Resolution(Body):
    text: Words
    resolved_on: Day = None


class Reopening(Body):
    reason: Words


@router.get("/obstacles", **lists(Obstacle, examples.OBSTACLE), summary="Các vướng mắc · obstacles")
@quick
def list_obstacles(actor: Actor, query: Annotated[ObstacleQuery, Query()]) -> Response:
    """Obstacles in the order in which they changed last. What they hold back changes with the book, not with them."""
    wanted = ObstacleFilter(**query.model_dump(exclude={"limit", "cursor"}))
    found = obstacles.obstacles(actor, wanted, after=after(_ORDER, query), limit=query.limit + 1)
    return paged(found, query, obstacle, lambda last: _ORDER.encode(last.updated_at, last.id))


@router.get(
    "/obstacles/{id}",
    **shows(ObstacleWhole, examples.OBSTACLE_WHOLE, etag=True),
    summary="Một vướng mắc · one obstacle",
)
@quick
def get_obstacle(actor: Actor, id: ClientId) -> Response:
    """An obstacle with all that happened to it, in order."""
    found = obstacles.get(actor, id)
    return answer(_whole(actor, found), etag=etag(found.version))


@router.post(
    "/obstacles",
    **creates(ObstacleWhole, examples.NEW_OBSTACLE, examples.OBSTACLE_RAISED, etag=True),
    summary="Nêu vướng mắc · raise an obstacle",
)
def create_obstacle(actor: Actor, body: NewObstacleBody) -> Response:
    """About a work, a budget line, a support model or a step of a work's procedure in the caller's scope."""
    given = {name: getattr(body, name) for name in type(body).model_fields if name != "subject"}
    new = NewObstacle(subject_kind=body.subject.kind, subject_id=body.subject.id, **given)
    made, fresh = obstacles.create(actor, new)
    return created(
        _whole(actor, made), new=fresh, etag=etag(made.version), location=f"/api/v1/obstacles/{made.id}"
    )


@router.patch(
    "/obstacles/{id}",
    **changes(ObstacleWhole, examples.OBSTACLE_CHANGE, examples.OBSTACLE_WHOLE | examples.OBSTACLE_CHANGE),
    summary="Sửa vướng mắc · change an obstacle",
)
def change_obstacle(actor: Actor, id: ClientId, body: ObstacleChange, version: Version) -> Response:
    """Until it is resolved (`obstacle_state`); what it is about stays."""
    with current_as(obstacle):
        changed = obstacles.update(actor, id, version, body.sent())
    return answer(_whole(actor, changed), etag=etag(changed.version))


@router.post(
    "/obstacles/{id}/escalate",
    **acts(ObstacleWhole, examples.OBSTACLE_WHOLE, examples.ESCALATION),
    summary="Chuyển cấp trên · escalate",
)
def escalate(actor: Actor, id: ClientId, body: Escalation) -> Response:
    """Ask a unit above for an answer, by default the nearest in the caller's structure: until 2025-06-30 the district,
    then the province. 409 `obstacle_state` while an answer is owed. Sent again it changes nothing.
    """
    found = obstacles.escalate(actor, id, body.text, to=body.to, on=body.escalated_on)
    return answer(_whole(actor, found))


@router.post(
    "/obstacles/{id}/answer",
    **acts(ObstacleWhole, examples.OBSTACLE_ANSWERED, examples.OBSTACLE_ANSWER),
    summary="Trả lời · answer",
)
def answer_obstacle(actor: Actor, id: ClientId, body: Answer) -> Response:
    """The answer of the unit that was asked, or one above it: nobody answers their own escalation (`own_escalation`)."""
    return answer(_whole(actor, obstacles.answer(actor, id, body.text, on=body.answered_on)))


@router.post(
    "/obstacles/{id}/resolve",
    **acts(ObstacleWhole, examples.OBSTACLE_RESOLVED, examples.RESOLUTION),
    summary="Đã giải quyết · resolve",
)
def resolve(actor: Actor, id: ClientId, body: Resolution) -> Response:
    """Close an obstacle with what resolved it; from then on it holds no money back."""
    return answer(_whole(actor, obstacles.resolve(actor, id, body.text, on=body.resolved_on)))


@router.post(
    "/obstacles/{id}/reopen",
    **acts(ObstacleWhole, examples.OBSTACLE_REOPENED, examples.REOPENING),
    summary="Mở lại · open again",
)
def reopen(actor: Actor, id: ClientId, body: Reopening) -> Response:
    """Open a resolved obstacle again with a reason; it can be escalated anew."""
    return answer(_whole(actor, obstacles.reopen(actor, id, body.reason)))
