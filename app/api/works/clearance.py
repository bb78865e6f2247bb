"""/api/v1/works/{id}/site-clearance: the compensation plan, the households, what paid them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, cast
from uuid import UUID

import orjson
from fastapi import Query
from pydantic import BeforeValidator, Field, Strict, WithJsonSchema
from pydantic_core import PydanticKnownError
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
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
from app.api.security import api_router
from app.api.shapes import Code, Dong, QueryCode, QueryText, one_of
from app.domain.access import Actor
from app.domain.works import clearance, clearance_editing, clearance_households, clearance_payments
from app.domain.works.areas import BadArea, square_metres, to_dm2
from app.domain.works.clearance_households import HouseholdFilter, HouseholdView
from app.i18n import N_
from app.web.answers import Version, answer, created, etag
from app.web.schema import MOST_MONEY, Amount, Body, ClientId, IsoDate, ListQuery, Text, refuse

router = api_router("works")
_ORDER = by_moment("clearance-households")
_API: Final = "api"
Form = Literal["money", "gift"]


def _area(value: object) -> int:
    """Square metres as dm², exactly: 125.5 is 12550, whatever a float makes of it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticKnownError("float_type")
    try:
        return to_dm2(Decimal(repr(value)))
    except BadArea:
        raise refuse(N_("Diện tích là số mét vuông không âm, nhiều nhất hai chữ số lẻ.")) from None


Area = Annotated[
    int,
    BeforeValidator(_area),
    WithJsonSchema({
        "type": "number", "minimum": 0, "examples": [125.5],
        "description": "Mét vuông, nhiều nhất hai chữ số lẻ · square metres, at most two decimals",
    }),
]  # fmt: skip
AreaShown = Annotated[float, Field(description="Mét vuông, hai chữ số lẻ · square metres, two decimals")]
Money = Annotated[int, Strict(), Field(ge=0, le=MOST_MONEY, description="đồng", examples=[86_400_000])]
Name = Annotated[
    str,
    Text(120),
    Field(
        description="Họ tên chủ hộ, che với phần mềm không được cấp dữ liệu cá nhân · masked unless admitted to personal data",
        examples=[examples.NEW_HOUSEHOLD["head_name"]],
    ),
]
Line = Annotated[str, Text(300, least=0)]
Lines = Annotated[str, Text(1000, least=0, lines=True)]


def _metres(area_dm2: int) -> float:
    """The area with both its decimals as the number that is written out: no float stands between."""
    return cast("float", orjson.Fragment(str(square_metres(area_dm2)).encode()))


@closed
class SiteClearance(TypedDict):
    """Giải phóng mặt bằng của công trình; chưa bắt đầu thì mọi số là 0 · all zeros where it has not begun."""

    work_id: UUID
    plan_amount: Dong | None
    households: int
    handed_over: int
    area_m2: AreaShown
    due: Dong
    paid: Dong
    unpaid: Dong
    note: str
    updated_at: datetime | None


@closed
class Payment(TypedDict):
    """Phần của một bút toán đã chi trả cho hộ; bút toán bị đảo không tính · a reversed entry pays nobody."""

    entry_id: UUID
    amount: Dong
    document_number: str
    paid_on: date
    reversed: bool


@closed
class AffectedHousehold(TypedDict):
    """Hộ bị ảnh hưởng · an affected household."""

    id: UUID
    work_id: UUID
    code: str
    head_name: str
    hamlet_code: str | None
    parcels: str
    area_m2: AreaShown
    assets: str
    form: Annotated[str, one_of(Form)]
    compensation_due: Dong
    paid: Dong
    handed_over_on: date | None
    note: str
    payments: list[Payment]
    updated_at: datetime
    illustrative: bool


def site_clearance(v: clearance.ClearanceView) -> SiteClearance:
    f = v.figures
    return {
        "work_id": v.work_id, "plan_amount": f.plan_amount, "households": f.households,
        "handed_over": f.handed_over, "area_m2": _metres(f.area_dm2), "due": f.due, "paid": f.paid,
        "unpaid": f.unpaid, "note": v.note, "updated_at": v.updated_at,
    }  # fmt: skip


def household(v: HouseholdView) -> AffectedHousehold:
    return {
        "id": v.id, "work_id": v.work_id, "code": v.code, "head_name": v.head_name,
        "hamlet_code": v.hamlet_code, "parcels": v.parcels, "area_m2": _metres(v.area_dm2), "assets": v.assets,
        "form": v.form, "compensation_due": v.compensation_due, "paid": v.paid,
        "handed_over_on": v.handed_over_on, "note": v.note,
        "payments": [
            {
                "entry_id": p.entry_id, "amount": p.amount, "document_number": p.document_number,
                "paid_on": p.paid_on, "reversed": p.reversed,
            }
            for p in v.payments
        ],
        "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


class ClearanceChange(Change):
    plan_amount: Money | None = None
    note: Lines = ""


class HouseholdQuery(ListQuery):
    q: Annotated[
        QueryText | None,
        Field(description="Mã hộ, thửa đất; cả tên khi được xem tên · code, parcel; names for who sees them"),
    ] = None
    form: Form | None = None
    hamlet_code: QueryCode | None = None
    handed_over: bool | None = None


class NewAffectedHousehold(Body):
    """Hộ hiến đất (`form` là gift) thì `compensation_due` bằng 0 · who gives land is due nothing."""

    id: ClientId
    code: Code
    head_name: Name
    hamlet_code: Code | None = None
    parcels: Line = ""
    area_m2: Area = 0
    assets: Lines = ""
    form: Form = "money"
    compensation_due: Money = 0
    handed_over_on: IsoDate | None = None
    note: Lines = ""


class AffectedHouseholdChange(Change):
    """Tên đã che gửi trả lại thì giữ nguyên tên · a masked name that is sent back changes nothing."""

    code: Code = ""
    head_name: Name = ""
    hamlet_code: Code | None = None
    parcels: Line = ""
    area_m2: Area = 0
    assets: Lines = ""
    form: Form = "money"
    compensation_due: Money = 0
    handed_over_on: IsoDate | None = None
    note: Lines = ""


class NewPayment(Body):
    """Một phần của bút toán thanh toán không theo hợp đồng · a share of a payment without a contract."""

    entry_id: ClientId
    amount: Amount


def _stored(given: dict[str, Any]) -> dict[str, Any]:
    """A body by the domain's names."""
    return {("area_dm2" if name == "area_m2" else name): value for name, value in given.items()}


@router.get(
    "/works/{work_id}/site-clearance",
    **shows(SiteClearance, examples.CLEARANCE, etag=True),
    summary="Giải phóng mặt bằng của công trình · site clearance of a work",
)
def get_site_clearance(actor: Actor, work_id: ClientId) -> Response:
    """Totals over the households, beside the compensation plan."""
    found = clearance.get(actor, work_id)
    return answer(site_clearance(found), etag=etag(found.version))


@router.patch(
    "/works/{work_id}/site-clearance",
    **changes(SiteClearance, examples.CLEARANCE_CHANGE, examples.CLEARANCE),
    summary="Ghi phương án bồi thường · set the compensation plan",
)
def change_site_clearance(
    actor: Actor, work_id: ClientId, body: ClearanceChange, version: Version
) -> Response:
    """The plan is never below what households are due together (`compensation_plan`). The first change begins the
    clearance with its steps.
    """
    with current_as(site_clearance):
        changed = clearance.update(actor, work_id, version, body.sent())
    return answer(site_clearance(changed), etag=etag(changed.version))


@router.get(
    "/works/{work_id}/site-clearance/households",
    **lists(AffectedHousehold, examples.HOUSEHOLD),
    summary="Các hộ bị ảnh hưởng · affected households",
)
def list_affected_households(
    actor: Actor, work_id: ClientId, query: Annotated[HouseholdQuery, Query()]
) -> Response:
    """Households in the order in which they changed last. Each answer with unmasked names is put on record."""
    wanted = HouseholdFilter(**query.model_dump(exclude={"limit", "cursor"}))
    found = clearance_households.households(
        actor, work_id, wanted, purpose=_API, after=after(_ORDER, query), limit=query.limit + 1,
        shown=query.limit,
    )  # fmt: skip
    return paged(found, query, household, lambda last: _ORDER.encode(last.updated_at, last.id))


@router.get(
    "/works/{work_id}/site-clearance/households/{id}",
    **shows(AffectedHousehold, examples.HOUSEHOLD, etag=True),
    summary="Một hộ bị ảnh hưởng · one affected household",
)
def get_affected_household(actor: Actor, work_id: ClientId, id: ClientId) -> Response:
    """A household with what paid it. An answer with its name unmasked is put on record."""
    found = clearance_households.get(actor, work_id, id, purpose=_API)
    return answer(household(found), etag=etag(found.version))


@router.post(
    "/works/{work_id}/site-clearance/households",
    **creates(AffectedHousehold, examples.NEW_HOUSEHOLD, examples.HOUSEHOLD, etag=True),
    summary="Ghi hộ bị ảnh hưởng · record an affected household",
)
def create_affected_household(actor: Actor, work_id: ClientId, body: NewAffectedHousehold) -> Response:
    """Households are due no more together than the plan (`compensation_plan`). The first begins the clearance."""
    new = clearance_editing.NewHousehold(work_id=work_id, **_stored(dict(body)))
    made, fresh = clearance_editing.create(actor, new)
    location = f"/api/v1/works/{work_id}/site-clearance/households/{made.id}"
    return created(household(made), new=fresh, etag=etag(made.version), location=location)


@router.patch(
    "/works/{work_id}/site-clearance/households/{id}",
    **changes(AffectedHousehold, examples.HOUSEHOLD_CHANGE, examples.HOUSEHOLD | examples.HOUSEHOLD_CHANGE),
    summary="Sửa hộ bị ảnh hưởng · change an affected household",
)
def change_affected_household(
    actor: Actor, work_id: ClientId, id: ClientId, body: AffectedHouseholdChange, version: Version
) -> Response:
    """What it is due never falls below what it was paid (`compensation_due`), nor passes the plan together with the
    others (`compensation_plan`).
    """
    with current_as(household):
        changed = clearance_editing.update(actor, work_id, id, version, _stored(body.sent()))
    return answer(household(changed), etag=etag(changed.version))


@router.post(
    "/works/{work_id}/site-clearance/households/{id}/payments",
    **creates(AffectedHousehold, examples.NEW_PAYMENT, examples.HOUSEHOLD, etag=True),
    summary="Gắn bút toán chi trả với hộ · tie a payment to a household",
)
def pay_household(actor: Actor, work_id: ClientId, id: ClientId, body: NewPayment) -> Response:
    """The entry is a payment of the same work without a contract; its shares never exceed it (`entry_share`), those
    of a household never what it is due (`compensation_due`); one that was reversed pays nobody (`entry_reversed`).
    """
    paid, new = clearance_payments.pay(actor, work_id, id, body.entry_id, body.amount)
    location = f"/api/v1/works/{work_id}/site-clearance/households/{id}"
    return created(household(paid), new=new, etag=etag(paid.version), location=location)


@router.delete(
    "/works/{work_id}/site-clearance/households/{id}/payments/{entry_id}",
    **acts(AffectedHousehold, examples.HOUSEHOLD | {"paid": 0, "payments": []}),
    summary="Gỡ bút toán chi trả khỏi hộ · untie a payment",
)
def unpay_household(actor: Actor, work_id: ClientId, id: ClientId, entry_id: ClientId) -> Response:
    """The entry itself stays in the book."""
    found = clearance_payments.unpay(actor, work_id, id, entry_id)
    return answer(household(found), etag=etag(found.version))
