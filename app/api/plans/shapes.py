"""Plans as the interface gives them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from typing_extensions import TypedDict

from app.api import tasks as shapes
from app.api.operations import closed
from app.api.shapes import CapitalKind, Dong, Structure, one_of
from app.api.workflow import Made, Words, event, remarks
from app.domain.plans import FundView, PlanView, Whole
from app.domain.workflow import MoveView

Kind = Literal["period", "year", "model_hamlet"]
State = Literal["draft", "submitted", "appraised", "approved", "recognised", "returned"]
MoveName = Literal["submit", "appraise", "approve", "return", "recognise", "revise"]


@closed
class PlanRemark(Words):
    """Ý kiến đi cùng một bước · words that came with a move."""

    move: Annotated[str, one_of(MoveName)]


@closed
class Plan(TypedDict):
    """Kế hoạch; `approved_version` là bản đang có hiệu lực · a plan, `version_number` of what was sent last."""

    id: UUID
    kind: Annotated[str, one_of(Kind)]
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    program_code: str
    year: int | None
    state: Annotated[str, one_of(State)]
    remarks: list[PlanRemark]
    title: str
    responsible: str
    due_on: date | None
    version_number: int
    approved_version: int | None
    start_from: UUID | None
    updated_at: datetime
    illustrative: bool


@closed
class Fund(TypedDict):
    """Vốn của kế hoạch, theo dự án và nguồn hoặc theo dòng vốn · money that it counts on."""

    project_code: str | None
    source: str
    capital_kind: Annotated[str, one_of(CapitalKind)]
    amount: Dong
    budget_line_id: UUID | None
    note: str


@closed
class PlanEvent(Made):
    """Một bước đã đi: ai, ngày nào, theo văn bản nào · a move that was made; `version` of the text that was moved."""

    move: Annotated[str, one_of(MoveName)]
    from_state: Annotated[str, one_of(State)]
    to_state: Annotated[str, one_of(State)]


@closed
class PlanWhole(Plan):
    """Kế hoạch, kèm nhiệm vụ, vốn và các bước đã đi · a plan with its tasks, its money and its history."""

    items: list[shapes.Task]
    funds: list[Fund]
    events: list[PlanEvent]


def plan(v: PlanView, events: list[MoveView]) -> Plan:
    return {
        "id": v.id, "kind": v.kind, "unit_code": v.unit_code, "unit_structure": v.unit_structure,
        "program_code": v.program_code, "year": v.year, "state": v.state,
        "remarks": remarks(events), "title": v.title, "responsible": v.responsible,
        "due_on": v.due_on, "version_number": v.version_number, "approved_version": v.approved_version,
        "start_from": v.from_plan_id, "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


def fund(v: FundView) -> Fund:
    return {
        "project_code": v.project_code, "source": v.source, "capital_kind": v.capital_kind, "amount": v.amount,
        "budget_line_id": v.budget_line_id, "note": v.note,
    }  # fmt: skip


def whole(found: Whole) -> PlanWhole:
    return {
        **plan(found.plan, found.events), "items": [shapes.task(task) for task in found.items],
        "funds": [fund(row.fund) for row in found.funds], "events": [event(e) for e in found.events],
    }  # fmt: skip
