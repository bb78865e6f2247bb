"""/api/v1/support-models/{id}/deliveries and /visits: what households received, and what was found at them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field, Strict
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples_support as examples
from app.api.operations import acts, after, by_moment, closed, creates, lists, paged
from app.api.security import api_router
from app.api.shapes import Dong, figure
from app.api.support.register import Money
from app.api.works.progress import Documents, Uploads
from app.api.works.register import Latitude, Longitude
from app.domain import support
from app.domain.access import Actor
from app.domain.support import DeliveryView, NewDelivery, NewVisit, VisitView
from app.web.answers import answer, created
from app.web.schema import Body, ClientId, Figure, IsoDate, ListQuery, Text, YesNo

router = api_router("households")
_DELIVERIES, _VISITS = by_moment("deliveries"), by_moment("visits")
Count = Annotated[int, Strict(), Field(ge=0, le=1_000_000)]
Day = Annotated[IsoDate | None, Field(description="Mặc định hôm nay · by default today")]


@closed
class Delivery(TypedDict):
    """Một lần cấp cho hộ; đã hủy thì không tính · what a household received; once withdrawn it counts for nothing."""

    id: UUID
    model_id: UUID
    household_id: UUID
    input_id: UUID
    kind: str
    measure: str
    quantity: float
    delivered_on: date
    signed: Annotated[bool, Field(description="Hộ đã ký nhận trên giấy · signed for by the household")]
    note: str
    documents: list[UUID]
    withdrawn_at: datetime | None
    withdrawn_reason: str
    recorded_by: str
    updated_at: datetime
    illustrative: bool


@closed
class Visit(TypedDict):
    """Một lần thăm hộ: con vật, sản lượng, thu nhập từ mô hình đến nay · a visit, never changed."""

    id: UUID
    model_id: UUID
    household_id: UUID
    visited_on: date
    alive: int
    dead: int
    sold: int
    sick: int
    born: Annotated[int, Field(description="Con sinh thêm, trong `alive`, `sold` · offspring among them")]
    yield_amount: float | None
    yield_measure: str
    income: Dong | None
    note: str
    lat: Annotated[float | None, Field(description="WGS 84, độ · degrees")]
    lon: Annotated[float | None, Field(description="WGS 84, độ · degrees")]
    documents: list[UUID]
    recorded_by: str
    updated_at: datetime
    illustrative: bool


class DeliveryBody(Body):
    id: ClientId
    household_id: ClientId
    input_id: ClientId
    quantity: Annotated[Figure, Field(gt=0)]
    delivered_on: Day = None
    signed: YesNo = False
    note: Annotated[str, Text(1000, least=0, lines=True)] = ""
    documents: Documents = ()
    uploads: Uploads = ()

    def entered(self) -> NewDelivery:
        return NewDelivery(**dict(self))


class WithdrawalBody(Body):
    reason: Annotated[str, Text(1000, lines=True)]


class VisitBody(Body):
    """`alive`, `sick` lúc thăm; `dead`, `sold`, `income` tính đến nay; `born` là con sinh thêm nằm trong `alive`, `sold`,
    `dead` chỉ là con được cấp · at the visit, and so far; offspring among those alive and sold, the dead of those given.
    """

    id: ClientId
    household_id: ClientId
    visited_on: Day = None
    alive: Count = 0
    dead: Count = 0
    sold: Count = 0
    sick: Count = 0
    born: Count = 0
    yield_amount: Annotated[Figure | None, Field(ge=0)] = None
    yield_measure: Annotated[str, Text(60, least=0)] = ""
    income: Money | None = None
    note: Annotated[str, Text(2000, least=0, lines=True)] = ""
    lat: Latitude | None = None
    lon: Longitude | None = None
    documents: Documents = ()
    uploads: Uploads = ()

    def entered(self) -> NewVisit:
        return NewVisit(**dict(self))


class OfHousehold(ListQuery):
    household_id: Annotated[ClientId | None, Field(description="Chỉ của hộ này · of this household")] = None


def _delivery(v: DeliveryView) -> Delivery:
    return {
        "id": v.id, "model_id": v.model_id, "household_id": v.household_id, "input_id": v.input_id, "kind": v.kind,
        "measure": v.measure, "quantity": float(v.quantity), "delivered_on": v.delivered_on, "signed": v.signed,
        "note": v.note, "documents": [d.id for d in v.documents], "withdrawn_at": v.withdrawn_at,
        "withdrawn_reason": v.withdrawn_reason, "recorded_by": v.created_by, "updated_at": v.changed_at,
        "illustrative": v.illustrative,
    }  # fmt: skip


def _visit(v: VisitView) -> Visit:
    return {
        "id": v.id, "model_id": v.model_id, "household_id": v.household_id, "visited_on": v.visited_on,
        "alive": v.alive, "dead": v.dead, "sold": v.sold, "sick": v.sick, "born": v.born,
        "yield_amount": figure(v.yield_amount), "yield_measure": v.yield_measure, "income": v.income, "note": v.note, "lat": v.lat, "lon": v.lon,
        "documents": [d.id for d in v.documents], "recorded_by": v.created_by, "updated_at": v.created_at,
        "illustrative": v.illustrative,
    }  # fmt: skip


@router.get(
    "/support-models/{id}/deliveries",
    **lists(Delivery, examples.DELIVERY_SHOWN),
    summary="Các lần cấp phát · deliveries",
)
def list_deliveries(actor: Actor, id: ClientId, query: Annotated[OfHousehold, Query()]) -> Response:
    """What households received, in the order in which it was recorded or withdrawn last."""
    found = support.deliveries(
        actor, id, household_id=query.household_id, updated_since=query.updated_since,
        after=after(_DELIVERIES, query), limit=query.limit + 1,
    )  # fmt: skip
    return paged(found, query, _delivery, lambda last: _DELIVERIES.encode(last.changed_at, last.id))


@router.post(
    "/support-models/{id}/deliveries",
    **creates(Delivery, examples.DELIVERY, examples.DELIVERY_SHOWN),
    summary="Cấp phát cho hộ · deliver",
)
def create_delivery(actor: Actor, id: ClientId, body: DeliveryBody) -> Response:
    """While a model runs and until it is closed (`support_state`), no more of an input than was approved
    (`delivered_too_much`), not before the model began; `signed` for, or with a document that has a file (`documents`,
    `uploads`).
    """
    made, fresh = support.deliver(actor, id, body.entered())
    return created(_delivery(made), new=fresh, location=f"/api/v1/support-models/{id}/deliveries")


@router.post(
    "/support-models/{id}/deliveries/{delivery_id}/withdraw",
    **acts(Delivery, examples.DELIVERY_WITHDRAWN, examples.WITHDRAWAL),
    summary="Hủy lần cấp phát · withdraw a delivery",
)
def withdraw_delivery(actor: Actor, id: ClientId, delivery_id: ClientId, body: WithdrawalBody) -> Response:
    """Take back what was recorded wrong, with a reason, until the model is closed (`support_state`); it stays on record.
    `visit_counts` where a visit counted what the household would not have received.
    """
    return answer(_delivery(support.withdraw(actor, id, delivery_id, body.reason)))


@router.get(
    "/support-models/{id}/visits",
    **lists(Visit, examples.VISIT_SHOWN),
    summary="Các lần thăm hộ · visits",
)
def list_visits(actor: Actor, id: ClientId, query: Annotated[OfHousehold, Query()]) -> Response:
    """Visits in the order in which they were recorded; of one household the latest day says what holds."""
    found = support.visits(
        actor, id, household_id=query.household_id, updated_since=query.updated_since,
        after=after(_VISITS, query), limit=query.limit + 1,
    )  # fmt: skip
    return paged(found, query, _visit, lambda last: _VISITS.encode(last.created_at, last.id))


@router.post(
    "/support-models/{id}/visits",
    **creates(Visit, examples.VISIT, examples.VISIT_SHOWN),
    summary="Ghi lần thăm hộ · record a visit",
)
def create_visit(actor: Actor, id: ClientId, body: VisitBody) -> Response:
    """While a model runs and until it is closed (`support_state`); alive, dead and sold without those `born` no more than
    the household had received by that day (`visit_counts`). Only livestock models count animals.
    """
    made, fresh = support.visit(actor, id, body.entered())
    return created(_visit(made), new=fresh, location=f"/api/v1/support-models/{id}/visits")
