"""/api/v1/plans/{id}/submit …: how a plan moves, and by whom."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field
from starlette.responses import Response

from app.api import examples_plans as examples
from app.api.operations import acts
from app.api.plans.shapes import Due, PlanWhole, whole
from app.api.security import api_router
from app.api.shapes import DocumentBody, DocumentOrId
from app.domain import plans
from app.domain.access import Actor
from app.domain.workflow import Order
from app.web.answers import answer, etag
from app.web.schema import Body, ClientId, IsoDate, Text

router = api_router("programs")
Remark = Annotated[str, Text(4000, least=0, lines=True)]


class MoveBody(Body):
    """Không bắt buộc ô nào; `document` là số, ngày, nơi ban hành hoặc mã văn bản · nothing is required."""

    remark: Remark = ""
    document: Annotated[DocumentBody | UUID, DocumentOrId()] | None = None
    on: Annotated[IsoDate | None, Field(description="Mặc định hôm nay · by default today")] = None
    due_on: Due = None

    def order(self) -> Order:
        typed = self.document
        return Order(
            self.remark, typed.entered() if isinstance(typed, DocumentBody) else typed, self.on, self.due_on
        )


class RemarkedMoveBody(MoveBody):
    """Phải có ý kiến · with words."""

    remark: Annotated[str, Text(4000, lines=True)]


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
