"""/api/v1/targets: which criterion or recognition a unit is to reach by when, and the roadmap toward it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples_criteria as examples
from app.api import tasks as shapes
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
from app.api.shapes import Code, Dong, QueryCode, Structure, UnitCode, UnitQuery, one_of
from app.domain import targets, tasks
from app.domain.access import Actor
from app.domain.targets import NewTarget, TargetFilter, TargetView
from app.web.answers import Version, answer, created, etag
from app.web.schema import Body, ClientId, IsoDate, Text, Whole

router = api_router("criteria")
_ORDER = by_moment("targets")
Recognition = Literal["commune", "advanced_commune", "model_hamlet"]
State = Literal["open", "overdue", "reached", "dropped"]
LagCode = Literal["overdue", "lost", "no_tasks", "nobody"]
Tasks = Annotated[tuple[shapes.TaskBody, ...], Field(max_length=200, description="Lộ trình · the roadmap")]
Who = Annotated[str, Text(200, least=0)]
Basis = Annotated[
    str, Text(500, least=0), Field(description="Văn bản giao chỉ tiêu · the document that sets it, in words")
]
Words = Annotated[str, Text(2000, least=0, lines=True)]


@closed
class Lag(TypedDict):
    """Vì sao chậm: quá hạn `figure` ngày, mất chuẩn, chưa có lộ trình, chưa ai phụ trách · why it is off track."""

    code: Annotated[str, one_of(LagCode)]
    figure: int


@closed
class Target(TypedDict):
    """Chỉ tiêu: một tiêu chí hoặc một danh hiệu; `plan`, `disbursed` của các dòng vốn gắn với lộ trình · their money."""

    id: UUID
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    set_code: str
    criterion_number: int | None
    recognition: Annotated[str, one_of(Recognition)] | None
    due_on: date
    responsible: str
    basis: str
    note: str
    state: Annotated[str, one_of(State)]
    reached_on: date | None
    recognised_on: date | None
    recognised_by: str
    dropped_on: date | None
    dropped_reason: str
    off_track: bool
    lags: list[Lag]
    tasks: list[shapes.Task]
    plan: Dong
    disbursed: Dong
    updated_at: datetime
    illustrative: bool


def target(v: TargetView) -> Target:
    return {
        "id": v.id, "unit_code": v.unit_code, "unit_structure": v.unit_structure, "set_code": v.set_code,
        "criterion_number": v.criterion_number, "recognition": v.recognition, "due_on": v.due_on,
        "responsible": v.responsible, "basis": v.basis, "note": v.note, "state": v.state,
        "reached_on": v.reached_on, "recognised_on": v.recognised_on, "recognised_by": v.recognised_by,
        "dropped_on": v.dropped_on, "dropped_reason": v.dropped_reason, "off_track": v.off_track,
        "lags": [{"code": lag.code, "figure": lag.figure} for lag in v.lags],
        "tasks": [shapes.task(task) for task in v.tasks], "plan": v.money.plan, "disbursed": v.money.disbursed,
        "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


class TargetQuery(UnitQuery):
    """`year`: đến hạn trong năm · due in it; `as_of`: tình trạng vào ngày ấy · as they stand on a day."""

    set_code: QueryCode | None = None
    criterion: Annotated[int | None, Field(ge=1, le=999, examples=[6])] = None
    recognition: Recognition | None = None
    state: State | None = None


class NewTargetBody(Body):
    """Một tiêu chí (`criterion_number`) hoặc một danh hiệu (`recognition`) · one criterion or one recognition."""

    id: ClientId
    unit_code: UnitCode
    due_on: IsoDate
    criterion_number: Annotated[Whole, Field(ge=1, le=999)] | None = None
    recognition: Recognition | None = None
    set_code: Code | None = None
    responsible: Who = ""
    basis: Basis = ""
    note: Words = ""
    tasks: Tasks = ()


class TargetChange(Change):
    due_on: IsoDate = date.min
    responsible: Who = ""
    basis: Basis = ""
    note: Words = ""
    recognised_on: IsoDate | None = None
    recognised_by: Annotated[str, Text(300, least=0)] = ""
    tasks: Tasks = ()


class Drop(Body):
    reason: Annotated[str, Text(1000, lines=True)]
    on: Annotated[IsoDate | None, Field(description="Mặc định hôm nay · by default today")] = None


@router.get("/targets", **lists(Target, examples.TARGET), summary="Các chỉ tiêu · targets")
@quick
def list_targets(actor: Actor, query: Annotated[TargetQuery, Query()]) -> Response:
    """Targets with their roadmaps, in the order in which they changed last. What they have come to changes with what
    is assessed, paid and resolved, not with them.
    """
    wanted = TargetFilter(**query.model_dump(exclude={"limit", "cursor"}))
    found = targets.targets(actor, wanted, after=after(_ORDER, query), limit=query.limit + 1)
    return paged(found, query, target, lambda last: _ORDER.encode(last.updated_at, last.id))


@router.get("/targets/{id}", **shows(Target, examples.TARGET, etag=True), summary="Một chỉ tiêu · one target")
@quick
def get_target(actor: Actor, id: ClientId) -> Response:
    """A target as it stands today, with its roadmap and what is off track."""
    found = targets.get(actor, id)
    return answer(target(found), etag=etag(found.version))


@router.post(
    "/targets",
    **creates(Target, examples.NEW_TARGET, examples.TARGET, etag=True),
    summary="Đặt chỉ tiêu · set a target",
)
def create_target(actor: Actor, body: NewTargetBody) -> Response:
    """For a commune or a hamlet, of the set in force there, or of the one that `set_code` names."""
    given = dict(body) | {"tasks": tuple(task.entered() for task in body.tasks)}
    made, fresh = targets.create(actor, NewTarget(**given))
    return created(target(made), new=fresh, etag=etag(made.version), location=f"/api/v1/targets/{made.id}")


@router.patch(
    "/targets/{id}",
    **changes(Target, examples.TARGET_CHANGE, examples.TARGET | examples.TARGET_CHANGE),
    summary="Sửa chỉ tiêu, lộ trình · change a target",
)
def change_target(actor: Actor, id: ClientId, body: TargetChange, version: Version) -> Response:
    """`tasks` replaces the roadmap whole; a task sent with its id keeps its reports. Not once dropped (`target_state`)."""
    sent = body.sent()
    if "tasks" in sent:
        sent["tasks"] = tuple(task.entered() for task in body.tasks)
    with current_as(target):
        changed = targets.update(actor, id, version, sent)
    return answer(target(changed), etag=etag(changed.version))


@router.post(
    "/targets/{id}/drop", **acts(Target, examples.TARGET_DROPPED, examples.DROP), summary="Bỏ chỉ tiêu · drop"
)
def drop(actor: Actor, id: ClientId, body: Drop) -> Response:
    """Give a target up from a day on, with the reason; it stays on record."""
    return answer(target(targets.drop(actor, id, body.reason, on=body.on)))


@router.post(
    "/targets/{id}/tasks/{task_id}/progress",
    **creates(shapes.Progress, examples.PROGRESS, examples.PROGRESS_SHOWN),
    summary="Báo cáo việc trong lộ trình · report progress",
)
def report_progress(actor: Actor, id: ClientId, task_id: ClientId, body: shapes.ProgressBody) -> Response:
    """How far a task has come, in its measure or in percent; what was reported is never changed."""
    made, fresh = tasks.report(actor, ("target", id), task_id, body.entered())
    return created(shapes.progress(made), new=fresh, location=f"/api/v1/targets/{id}")
