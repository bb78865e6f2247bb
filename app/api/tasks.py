"""Tasks of plans and of targets, and how far they have come, as the interface takes and gives them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from app.api.operations import closed
from app.api.shapes import figure, one_of
from app.domain.tasks import NewProgress, NewTask, ProgressView, TaskView
from app.web.schema import Body, ClientId, Figure, IsoDate, Text

Kind = Literal["target", "task", "solution"]
Off = Literal["overdue", "work_late", "work_held", "money_at_risk"]
Quantity = Annotated[
    Figure | None,
    Field(
        gt=0,
        description="Phải đạt, theo `measure`; để trống thì tính phần trăm · to reach, else counted in percent",
    ),
]


@closed
class OffTrack(TypedDict):
    """Vì sao chậm: `figure` là số ngày quá hạn, số vướng mắc, hoặc đồng có nguy cơ mất · days, obstacles or đồng."""

    code: Annotated[str, one_of(Off)]
    figure: int


@closed
class Task(TypedDict):
    """Việc của kế hoạch hay lộ trình; `value` là báo cáo gần nhất · a task, with what was reported last."""

    id: UUID
    kind: Annotated[str, one_of(Kind)]
    text: str
    measure: str
    quantity: float | None
    due_on: date | None
    responsible: str
    work_id: UUID | None
    budget_line_id: UUID | None
    value: Annotated[
        float | None, Field(description="Theo `measure`, hoặc phần trăm · in `measure`, or percent")
    ]
    done: bool
    reported_on: date | None
    note: str
    off_track: list[OffTrack]


@closed
class Progress(TypedDict):
    """Một lần báo cáo việc đã đến đâu · how far a task had come on a day."""

    id: UUID
    task_id: UUID
    reported_on: date
    value: float
    note: str
    by: str
    at: datetime


class TaskBody(Body):
    """Việc như sẽ phải là; có `id` của việc đang có thì giữ báo cáo của nó · with its `id` a task keeps its reports."""

    id: ClientId | None = None
    kind: Kind = "task"
    text: Annotated[str, Text(1000, lines=True)]
    measure: Annotated[str, Text(60, least=0)] = ""
    quantity: Quantity = None
    due_on: IsoDate | None = None
    responsible: Annotated[str, Text(200, least=0)] = ""
    work_id: ClientId | None = None
    budget_line_id: ClientId | None = None

    def entered(self) -> NewTask:
        return NewTask(**dict(self))


class ProgressBody(Body):
    id: ClientId
    value: Annotated[Figure, Field(ge=0)]
    reported_on: Annotated[IsoDate | None, Field(description="Mặc định hôm nay · by default today")] = None
    note: Annotated[str, Text(2000, least=0, lines=True)] = ""

    def entered(self) -> NewProgress:
        return NewProgress(**dict(self))


def task(v: TaskView) -> Task:
    return {
        "id": v.id, "kind": v.kind, "text": v.text, "measure": v.measure, "quantity": figure(v.quantity),
        "due_on": v.due_on, "responsible": v.responsible, "work_id": v.work_id,
        "budget_line_id": v.budget_line_id, "value": figure(v.value), "done": v.done,
        "reported_on": v.reported_on, "note": v.note,
        "off_track": [{"code": off.code, "figure": off.figure} for off in v.off_track],
    }  # fmt: skip


def progress(v: ProgressView) -> Progress:
    return {
        "id": v.id, "task_id": v.task_id, "reported_on": v.reported_on, "value": float(v.value), "note": v.note,
        "by": v.by, "at": v.at,
    }  # fmt: skip
