"""/api/v1/works/{id}/settlement: the settlement of a finished work, proposed and decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import Change, acts, changes, closed, creates, current_as, shows
from app.api.security import api_router, quick
from app.api.shapes import Dong
from app.domain.access import Actor
from app.domain.works import settlement
from app.domain.works.settlement import SettlementView
from app.web.answers import Version, answer, created, etag
from app.web.schema import Amount, Body, ClientId, IsoDate, Text

router = api_router("works")
_PATH = "/works/{work_id}/settlement"
Number = Annotated[str, Text(120)]
Issuer = Annotated[str, Text(200)]
Note = Annotated[str, Text(1000, least=0, lines=True)]


@closed
class Settlement(TypedDict):
    """Quyết toán công trình hoàn thành, cạnh tiền đã giải ngân qua các năm · beside the money over all years."""

    id: UUID
    work_id: UUID
    submitted_on: date
    proposed_value: Dong
    settled_value: Dong | None
    decided_on: date | None
    decision_number: str
    decision_issuer: str
    note: str
    disbursed: Dong
    advanced: Annotated[int, Field(description="đồng, tạm ứng chưa thu hồi · advances not recovered")]
    to_pay: Annotated[
        int, Field(description="đồng còn phải trả, theo số duyệt hoặc số trình · still to be paid")
    ]
    to_recover: Annotated[
        int, Field(description="đồng phải thu hồi, theo số duyệt hoặc số trình · to be recovered")
    ]
    updated_at: datetime
    illustrative: bool


def shape(v: SettlementView) -> Settlement:
    return {
        "id": v.id, "work_id": v.work_id, "submitted_on": v.submitted_on, "proposed_value": v.proposed_value,
        "settled_value": v.settled_value, "decided_on": v.decided_on, "decision_number": v.decision_number,
        "decision_issuer": v.decision_issuer, "note": v.note, "disbursed": v.disbursed, "advanced": v.advanced,
        "to_pay": v.to_pay, "to_recover": v.to_recover, "updated_at": v.updated_at,
        "illustrative": v.illustrative,
    }  # fmt: skip


class NewSettlement(Body):
    id: ClientId
    submitted_on: IsoDate
    proposed_value: Amount
    note: Note = ""


class SettlementChange(Change):
    """Số trình chỉ sửa trước khi phê duyệt; quyết định chỉ sửa sau đó · what is proposed until it is decided."""

    submitted_on: IsoDate = date.min
    proposed_value: Amount = 1
    note: Note = ""
    settled_value: Amount = 1
    decided_on: IsoDate = date.min
    decision_number: Number = ""
    decision_issuer: Issuer = ""


class Decision(Body):
    settled_value: Amount
    decided_on: IsoDate
    decision_number: Number
    decision_issuer: Issuer


@router.get(
    _PATH,
    **shows(Settlement, examples.SETTLEMENT, etag=True),
    summary="Quyết toán của công trình · settlement of a work",
)
@quick
def get_settlement(actor: Actor, work_id: ClientId) -> Response:
    """What was proposed and decided, beside what is disbursed; 404 until a settlement is proposed."""
    found = settlement.get(actor, work_id)
    return answer(shape(found), etag=etag(found.version))


@router.post(
    _PATH,
    **creates(Settlement, examples.NEW_SETTLEMENT, examples.SETTLEMENT, etag=True),
    summary="Trình quyết toán · propose a settlement",
)
def propose_settlement(actor: Actor, work_id: ClientId, body: NewSettlement) -> Response:
    """One for each work, never above the approved total investment (`settlement_total`)."""
    made, fresh = settlement.propose(actor, settlement.NewSettlement(work_id=work_id, **dict(body)))
    location = f"/api/v1/works/{work_id}/settlement"
    return created(shape(made), new=fresh, etag=etag(made.version), location=location)


@router.patch(
    _PATH,
    **changes(Settlement, examples.SETTLEMENT_CHANGE, examples.SETTLEMENT | examples.SETTLEMENT_CHANGE),
    summary="Sửa quyết toán · change a settlement",
)
def change_settlement(actor: Actor, work_id: ClientId, body: SettlementChange, version: Version) -> Response:
    """What is proposed until it is decided, then the decision itself; nothing once the work is closed
    (`settlement_state`).
    """
    sent: dict[str, Any] = body.sent()
    with current_as(shape):
        changed = settlement.update(actor, work_id, version, sent)
    return answer(shape(changed), etag=etag(changed.version))


@router.post(
    _PATH + "/decide",
    **acts(Settlement, examples.SETTLED, examples.DECISION_OF_SETTLEMENT),
    summary="Phê duyệt quyết toán · decide a settlement",
)
def decide_settlement(actor: Actor, work_id: ClientId, body: Decision) -> Response:
    """From then on nothing is disbursed past the settled value (`work_settled`). A value below what is disbursed is
    taken: the difference is `to_recover`.
    """
    decided = settlement.decide(actor, work_id, settlement.Decision(**dict(body)))
    return answer(shape(decided), etag=etag(decided.version))
