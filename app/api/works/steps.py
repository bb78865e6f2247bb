"""/api/v1/works/{id}/steps: the steps of a work's procedure and of its site clearance."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import Change, changes, closed, current_as, lists, paged, shows, slice_after
from app.api.security import api_router, quick
from app.api.shapes import one_of
from app.domain.access import Actor
from app.domain.works import step_editing, steps
from app.domain.works.steps import StepView
from app.web.answers import Version, answer, etag
from app.web.cursor import Order
from app.web.schema import ClientId, IsoDate, ListQuery, Text

router = api_router("works")
_ORDER = Order("steps", (UUID,))
Status = Literal["open", "done", "waived"]
Track = Literal["main", "clearance"]
GateStage = Literal["construction", "completed", "handed_over", "settled", ""]


@closed
class Step(TypedDict):
    """Một bước của thủ tục; `after` là các bước phải xong trước · a step; `after` must be settled before it."""

    id: UUID
    work_id: UUID
    track: Annotated[str, one_of(Track)]
    position: int
    code: str
    name: str
    name_en: str
    gate: Annotated[
        str, one_of(GateStage), Field(description="Giai đoạn mà bước chặn · the stage that it bars")
    ]
    after: list[str]
    status: Annotated[str, one_of(Status)]
    due_on: date | None
    done_on: date | None
    required_documents: Annotated[list[str], Field(description="Mã loại văn bản · kinds of documents")]
    documents: list[UUID]
    prepares: str
    approves: str
    days: Annotated[int | None, Field(description="Thời gian thường dùng, ngày · usual duration in days")]
    reason: str
    updated_at: datetime


def step(v: StepView) -> Step:
    return {
        "id": v.id, "work_id": v.work_id, "track": v.track, "position": v.position, "code": v.code, "name": v.name,
        "name_en": v.name_en, "gate": v.gate, "after": list(v.after), "status": v.status, "due_on": v.due_on,
        "done_on": v.done_on, "required_documents": list(v.required_documents),
        "documents": [document for document, _ in v.papers], "prepares": v.prepares, "approves": v.approves,
        "days": v.days, "reason": v.reason, "updated_at": v.updated_at,
    }  # fmt: skip


class StepQuery(ListQuery):
    track: Track | None = None
    status: Status | None = None


Documents = Annotated[
    tuple[ClientId, ...],
    Field(max_length=100, description="Cả danh sách văn bản của bước · the whole list of its documents"),
]


class StepChange(Change):
    """`reason` cần khi không áp dụng hoặc mở lại bước · needed to waive a step or to open it again."""

    status: Status = "open"
    done_on: IsoDate | None = None
    due_on: IsoDate | None = None
    documents: Documents = ()
    reason: Annotated[str, Text(1000, least=0)] = ""


@router.get(
    "/works/{work_id}/steps",
    **lists(Step, examples.STEP),
    summary="Các bước thủ tục của công trình · steps of a work",
)
@quick
def list_steps(actor: Actor, work_id: ClientId, query: Annotated[StepQuery, Query()]) -> Response:
    """Steps in order, those of the procedure before those of site clearance; a work without a procedure has none."""
    found = [
        s
        for s in steps.steps(actor, work_id)
        if query.track in (None, s.track)
        and query.status in (None, s.status)
        and (query.updated_since is None or s.updated_at >= query.updated_since)
    ]
    rest = slice_after(found, lambda s: s.id, _ORDER, query)
    return paged(rest, query, step, lambda last: _ORDER.encode(last.id))


@router.get(
    "/works/{work_id}/steps/{id}", **shows(Step, examples.STEP, etag=True), summary="Một bước · one step"
)
@quick
def get_step(actor: Actor, work_id: ClientId, id: ClientId) -> Response:
    """A step with the documents that stand behind it."""
    found = steps.get(actor, work_id, id)
    return answer(step(found), etag=etag(found.version))


@router.patch(
    "/works/{work_id}/steps/{id}",
    **changes(Step, examples.STEP_CHANGE, examples.STEP),
    summary="Ghi tình trạng một bước · settle a step",
)
def change_step(
    actor: Actor, work_id: ClientId, id: ClientId, body: StepChange, version: Version
) -> Response:
    """Done asks that the steps before it are settled (`step_order`), that its day fits theirs (`step_dates`) and that
    each required kind of document is attached (`step_documents`). Waiving and opening again ask for a `reason`.
    """
    with current_as(step):
        changed = step_editing.update(actor, work_id, id, version, body.sent())
    return answer(step(changed), etag=etag(changed.version))
