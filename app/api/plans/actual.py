"""/api/v1/plans/{id}/actual: a plan against what came of it; reports of its tasks."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples_plans as examples
from app.api import tasks as shapes
from app.api.operations import closed, creates, shows
from app.api.plans.shapes import Fund, fund
from app.api.security import api_router
from app.api.shapes import Dong
from app.domain import plans, tasks
from app.domain.access import Actor
from app.domain.plans import Actual, FundActual
from app.web.answers import answer, created
from app.web.schema import Body, ClientId, IsoDate

router = api_router("programs")


@closed
class FundAgainst(Fund):
    """Vốn của kế hoạch bên cạnh các dòng vốn của nó, null nếu không có dòng nào · beside the lines that it is of."""

    plan: Dong | None
    disbursed: Dong | None
    at_risk: Dong


@closed
class Sums(TypedDict):
    amount: Dong
    plan: Dong
    disbursed: Dong
    at_risk: Dong


@closed
class PlanActual(TypedDict):
    """Kế hoạch và thực hiện tính đến hết một ngày · a plan against what came of it by the end of a day."""

    plan_id: UUID
    as_of: date
    funds: list[FundAgainst]
    total: Sums
    items: list[shapes.Task]
    items_done: int


class ActualQuery(Body):
    as_of: Annotated[IsoDate | None, Field(description="Mặc định hôm nay · by default today")] = None


def _against(row: FundActual) -> FundAgainst:
    return {**fund(row.fund), "plan": row.plan, "disbursed": row.disbursed, "at_risk": row.at_risk}


def _actual(found: Actual) -> PlanActual:
    return {
        "plan_id": found.plan.id, "as_of": found.on, "funds": [_against(row) for row in found.funds],
        "total": {
            "amount": found.amount, "plan": found.pockets.plan, "disbursed": found.pockets.disbursed,
            "at_risk": found.at_risk,
        },
        "items": [shapes.task(task) for task in found.items], "items_done": found.done,
    }  # fmt: skip


@router.get(
    "/plans/{id}/actual",
    **shows(PlanActual, examples.ACTUAL),
    summary="Kế hoạch và thực hiện · against actual",
)
def get_plan_actual(actor: Actor, id: ClientId, query: Annotated[ActualQuery, Query()]) -> Response:
    """Each row of money beside its budget line, else beside the unit's lines of its project, source, capital kind and
    the plan's years; each task as far as it had come. By the end of `as_of`.
    """
    return answer(_actual(plans.actual(actor, id, on=query.as_of)))


@router.post(
    "/plans/{id}/items/{item_id}/progress",
    **creates(shapes.Progress, examples.PROGRESS, examples.PROGRESS_SHOWN),
    summary="Báo cáo nhiệm vụ · report a task",
)
def report_plan_progress(
    actor: Actor, id: ClientId, item_id: ClientId, body: shapes.ProgressBody
) -> Response:
    """How far a task has come, in its measure or in percent; what was reported is never changed."""
    made, fresh = tasks.report(actor, ("plan", id), item_id, body.entered())
    return created(shapes.progress(made), new=fresh, location=f"/api/v1/plans/{id}")
