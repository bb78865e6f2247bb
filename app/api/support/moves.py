"""/api/v1/support-models/{id}/submit …: how a model moves, and by whom."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field
from starlette.responses import Response

from app.api import examples_support as examples
from app.api.operations import acts, current_as
from app.api.security import api_router
from app.api.support.register import Money
from app.api.support.shapes import SupportModelWhole, whole
from app.api.workflow import MoveBody, RemarkedMoveBody
from app.domain import support
from app.domain.access import Actor
from app.web.answers import Seen, answer, etag
from app.web.schema import Body, ClientId, Text

router = api_router("households")


class IncomeAfter(Body):
    """Thu nhập một năm sau mô hình, đồng; null: không biết nữa · what a household earns a year now; null: not known."""

    household_id: ClientId
    income_after: Money | None


class EvaluationBody(MoveBody):
    """Kết quả mô hình bằng lời, kèm thu nhập các hộ đã biết · what came of it, with incomes as far as known."""

    evaluation: Annotated[str, Text(4000, lines=True)]
    members: Annotated[tuple[IncomeAfter, ...], Field(max_length=500)] = ()


def _shown(actor: Actor, id: UUID) -> Response:
    found = support.whole(actor, id)
    return answer(whole(found), etag=etag(found.model.version))


def _moved(actor: Actor, id: UUID, name: str, body: MoveBody | None) -> Response:
    support.move(actor, id, name, (body or MoveBody()).order())
    return _shown(actor, id)


@router.post(
    "/support-models/{id}/submit",
    **acts(SupportModelWhole, examples.SUPPORT_MODEL_SENT, examples.ORDER),
    summary="Gửi thẩm định · send",
)
def submit_support_model(actor: Actor, id: ClientId, body: MoveBody | None = None) -> Response:
    """By who keeps it (`own_support`), from a draft or once returned (`support_state`): whole (422), its inputs worth its
    budget and the households' share together (`support_budget`).
    """
    return _moved(actor, id, "submit", body)


@router.post(
    "/support-models/{id}/appraise",
    **acts(SupportModelWhole, examples.SUPPORT_MODEL_SENT, examples.ORDER),
    summary="Thẩm định · appraise",
)
def appraise_support_model(actor: Actor, id: ClientId, body: MoveBody | None = None) -> Response:
    """By a unit above (`own_support`), what was sent (`support_state`). The same move sent again changes nothing."""
    return _moved(actor, id, "appraise", body)


@router.post(
    "/support-models/{id}/approve",
    **acts(SupportModelWhole, examples.SUPPORT_MODEL_SENT, examples.ORDER),
    summary="Phê duyệt · approve",
)
def approve_support_model(actor: Actor, id: ClientId, body: MoveBody | None = None) -> Response:
    """By a unit above (`own_support`), what was appraised (`support_state`), whose households still count (`member_status`) and
    whose lines still pay for it (`line_drawn`).
    """
    return _moved(actor, id, "approve", body)


@router.post(
    "/support-models/{id}/return",
    **acts(SupportModelWhole, examples.SUPPORT_MODEL_WHOLE, examples.RETURN),
    summary="Trả lại · return",
)
def return_support_model(actor: Actor, id: ClientId, body: RemarkedMoveBody) -> Response:
    """By a unit above (`own_support`), what was sent, appraised or approved and not begun (`support_state`), with a remark,
    which stays.
    """
    return _moved(actor, id, "return", body)


@router.post(
    "/support-models/{id}/start",
    **acts(SupportModelWhole, examples.SUPPORT_MODEL_WHOLE, examples.ORDER),
    summary="Bắt đầu thực hiện · begin",
)
def start_support_model(actor: Actor, id: ClientId, body: MoveBody | None = None) -> Response:
    """By who keeps it (`own_support`), once approved (`support_state`), its households and lines still as they should be
    (`member_status`, `line_drawn`); nothing is delivered before that day.
    """
    return _moved(actor, id, "start", body)


@router.post(
    "/support-models/{id}/evaluate",
    **acts(SupportModelWhole, examples.SUPPORT_MODEL_WHOLE, examples.EVALUATION),
    summary="Đánh giá · evaluate",
)
def evaluate_support_model(actor: Actor, id: ClientId, body: EvaluationBody, seen: Seen) -> Response:
    """By who keeps it (`own_support`), what runs (`support_state`): what came of it, and what its households earn now.
    The same again changes nothing; something else puts it right until the model is closed, with If-Match (428 without).
    """
    incomes = {row.household_id: row.income_after for row in body.members}
    with current_as(lambda standing: whole(support.whole(actor, standing.id))):
        support.evaluate(actor, id, body.evaluation, incomes, body.order(), seen=seen)
    return _shown(actor, id)


@router.post(
    "/support-models/{id}/close",
    **acts(SupportModelWhole, examples.SUPPORT_MODEL_WHOLE, examples.ORDER),
    summary="Kết thúc · close",
)
def close_support_model(actor: Actor, id: ClientId, body: MoveBody | None = None) -> Response:
    """By who keeps it (`own_support`), once evaluated (`support_state`); nothing more is recorded of it then."""
    return _moved(actor, id, "close", body)
