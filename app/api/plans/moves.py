"""/api/v1/plans/{id}/submit …: how a plan moves, and by whom."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from app.api import examples_plans as examples
from app.api.operations import acts
from app.api.plans.shapes import PlanWhole, whole
from app.api.security import api_router
from app.api.workflow import MoveBody, RemarkedMoveBody
from app.domain import plans
from app.domain.access import Actor
from app.web.answers import answer, etag
from app.web.schema import ClientId

router = api_router("programs")


def _moved(actor: Actor, id: UUID, name: str, body: MoveBody | None) -> Response:
    plans.move(actor, id, name, (body or MoveBody()).order())
    found = plans.whole(actor, id)
    return answer(whole(found), etag=etag(found.plan.version))


@router.post(
    "/plans/{id}/submit",
    **acts(PlanWhole, examples.PLAN_SENT, examples.ORDER),
    summary="Gửi thẩm định · send",
)
def submit_plan(actor: Actor, id: ClientId, body: MoveBody | None = None) -> Response:
    """By who keeps it (`own_plan`), from a draft or once returned (`plan_state`); what was sent stays as a version."""
    return _moved(actor, id, "submit", body)


@router.post(
    "/plans/{id}/appraise",
    **acts(PlanWhole, examples.PLAN_SENT, examples.ORDER),
    summary="Thẩm định · appraise",
)
def appraise_plan(actor: Actor, id: ClientId, body: MoveBody | None = None) -> Response:
    """By a unit above (`own_plan`), what was sent (`plan_state`). The same move sent again changes nothing."""
    return _moved(actor, id, "appraise", body)


@router.post(
    "/plans/{id}/approve",
    **acts(PlanWhole, examples.PLAN_SENT, examples.ORDER),
    summary="Phê duyệt · approve",
)
def approve_plan(actor: Actor, id: ClientId, body: MoveBody | None = None) -> Response:
    """By a unit above (`own_plan`), what was appraised (`plan_state`); that version is in force from then on."""
    return _moved(actor, id, "approve", body)


@router.post(
    "/plans/{id}/return",
    **acts(PlanWhole, examples.PLAN_WHOLE, examples.RETURN),
    summary="Trả lại · return",
)
def return_plan(actor: Actor, id: ClientId, body: RemarkedMoveBody) -> Response:
    """By a unit above (`own_plan`), what was sent or appraised (`plan_state`), with a remark, which stays."""
    return _moved(actor, id, "return", body)


@router.post(
    "/plans/{id}/recognise",
    **acts(PlanWhole, examples.PLAN_SENT, examples.ORDER),
    summary="Công nhận thôn kiểu mẫu · recognise",
)
def recognise_plan(actor: Actor, id: ClientId, body: MoveBody | None = None) -> Response:
    """By a unit above (`own_plan`): the hamlet of an approved plan is a model hamlet; of other plans `plan_state`."""
    return _moved(actor, id, "recognise", body)


@router.post(
    "/plans/{id}/revise",
    **acts(PlanWhole, examples.PLAN_DRAFT, examples.REVISION),
    summary="Điều chỉnh kế hoạch đã duyệt · take up again",
)
def revise_plan(actor: Actor, id: ClientId, body: RemarkedMoveBody) -> Response:
    """By who keeps it (`own_plan`), with why: an approved plan is a draft again, and what was approved is in force until
    the next version is.
    """
    return _moved(actor, id, "revise", body)
