"""/api/v1/works/{id}/contracts: contracts of a work with their amendments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, cast
from uuid import UUID

from fastapi import Query
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticKnownError
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import Change, changes, closed, creates, current_as, lists, paged, shows
from app.api.security import api_router, quick
from app.api.shapes import Dong, QueryText
from app.domain.access import Actor
from app.domain.works import contracts
from app.i18n import N_
from app.web.answers import Version, answer, created, etag
from app.web.cursor import Order
from app.web.schema import MOST_MONEY, Amount, Body, ClientId, IsoDate, ListQuery, Text, refuse

router = api_router("works")
_ORDER = Order("contracts", (date, UUID))
_PLACES: Final = 4


def _share(value: object) -> int:
    """A share from 0 to 1 as ten-thousandths, exactly: 0.3 is 3000, whatever a float makes of it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticKnownError("float_type")
    share = Decimal(repr(value))
    if not 0 <= share <= 1:
        raise refuse(N_("Mức tạm ứng là tỷ lệ từ 0 đến 1."))
    exact = share.scaleb(_PLACES)
    if exact != exact.to_integral_value():
        raise refuse(N_("Nhiều nhất {places:number} chữ số sau dấu phẩy."), places=_PLACES)
    return int(exact)


Share = Annotated[
    int,
    BeforeValidator(_share),
    WithJsonSchema({
        "type": "number", "minimum": 0, "maximum": 1, "examples": [0.3],
        "description": "Phần giá trị hợp đồng được tạm ứng, 0 đến 1 · share of the value that may be advanced, at most four decimals",
    }),
]  # fmt: skip
Code = Annotated[str, Text(120)]
Contractor = Annotated[str, Text(200)]
Permit = Annotated[str, Text(300, least=0)]
Package = Annotated[str, Text(300, least=0), Field(description="Gói thầu · package")]
Selection = Annotated[
    str,
    Text(200, least=0),
    Field(description="Hình thức lựa chọn nhà thầu · how the contractor was chosen"),
]
Guarantee = Annotated[
    str, Text(200, least=0), Field(description="Số bảo lãnh thực hiện hợp đồng · number of the guarantee")
]


@closed
class Amendment(TypedDict):
    """Phụ lục: phần tăng hoặc giảm · an amendment, the signed difference."""

    value: Dong
    signed_on: date


@closed
class Contract(TypedDict):
    """Hợp đồng; tiền cộng qua các năm · money over all years."""

    id: UUID
    work_id: UUID
    code: str
    contractor: str
    value: Dong
    advance_limit: Annotated[float, Field(description="0 … 1")]
    advance_permit: str
    signed_on: date
    package: str
    selection: str
    starts_on: date | None
    ends_on: date | None
    guarantee: str
    guarantee_amount: Dong | None
    guarantee_until: date | None
    amendments: list[Amendment]
    value_with_amendments: Dong
    advance_ceiling: Dong
    advanced: Dong
    paid: Dong
    disbursed: Dong
    accepted: Annotated[int, Field(description="đồng, khối lượng đã nghiệm thu · volume accepted so far")]
    asked: Annotated[int, Field(description="đồng, các hồ sơ thanh toán đã lập · asked by payment dossiers")]
    recovery_threshold: Annotated[
        int | None,
        Field(
            description="đồng, nghiệm thu đến đây thì phải thu hồi hết tạm ứng · accepted volume at which advances must be recovered whole"
        ),
    ]
    recovery_due: Annotated[
        int,
        Field(description="đồng, tạm ứng đã đến lúc phải thu hồi · advances that had to be recovered by now"),
    ]
    updated_at: datetime
    illustrative: bool


def contract(v: contracts.ContractView) -> Contract:
    return {
        "id": v.id, "work_id": v.work_id, "code": v.code, "contractor": v.contractor, "value": v.value,
        "advance_limit": v.advance_limit / contracts.WHOLE, "advance_permit": v.advance_permit,
        "signed_on": v.signed_on, "package": v.package, "selection": v.selection, "starts_on": v.starts_on,
        "ends_on": v.ends_on, "guarantee": v.guarantee, "guarantee_amount": v.guarantee_amount,
        "guarantee_until": v.guarantee_until,
        "amendments": [{"value": a.value, "signed_on": a.signed_on} for a in v.amendments],
        "value_with_amendments": v.value_with_amendments, "advance_ceiling": v.advance_ceiling,
        "advanced": v.advanced, "paid": v.paid, "disbursed": v.disbursed,
        "accepted": v.accepted, "asked": v.asked, "recovery_threshold": v.recovery_threshold,
        "recovery_due": v.recovery_due, "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


class ContractQuery(ListQuery):
    q: Annotated[
        QueryText, Field(description="Số hợp đồng, nhà thầu, không cần dấu · number or contractor")
    ] = ""


class AmendmentBody(Body):
    value: Annotated[
        int,
        Field(
            strict=True,
            ge=-MOST_MONEY,
            le=MOST_MONEY,
            description="đồng, khác 0 · not 0",
            examples=[50_000_000],
        ),
    ]
    signed_on: IsoDate


Amendments = Annotated[tuple[AmendmentBody, ...], Field(max_length=100)]


class NewContract(Body):
    """`advance_limit` mặc định theo quy định; cao hơn cần `advance_permit` · by default the law's parameter."""

    id: ClientId
    code: Code
    contractor: Contractor
    value: Amount
    signed_on: IsoDate
    advance_limit: Share | None = None
    advance_permit: Permit = ""
    package: Package = ""
    selection: Selection = ""
    starts_on: IsoDate | None = None
    ends_on: IsoDate | None = None
    guarantee: Guarantee = ""
    guarantee_amount: Amount | None = None
    guarantee_until: IsoDate | None = None
    amendments: Amendments = ()


class ContractChange(Change):
    """`amendments` là cả danh sách: những phụ lục đã có giữ nguyên, phụ lục mới ở cuối · the whole list."""

    code: Code = ""
    contractor: Contractor = ""
    signed_on: IsoDate = date.min
    advance_limit: Share = 0
    advance_permit: Permit = ""
    package: Package = ""
    selection: Selection = ""
    starts_on: IsoDate | None = None
    ends_on: IsoDate | None = None
    guarantee: Guarantee = ""
    guarantee_amount: Amount | None = None
    guarantee_until: IsoDate | None = None
    amendments: Amendments = ()


def _signed(amendments: tuple[AmendmentBody, ...]) -> tuple[contracts.Amendment, ...]:
    return tuple(contracts.Amendment(a.value, a.signed_on) for a in amendments)


@router.get(
    "/works/{work_id}/contracts",
    **lists(Contract, examples.CONTRACT),
    summary="Hợp đồng của công trình · contracts of a work",
)
@quick
def list_contracts(actor: Actor, work_id: ClientId, query: Annotated[ContractQuery, Query()]) -> Response:
    """Contracts by the day of signing."""
    wanted = query.model_dump(exclude={"limit", "cursor"})
    seen = cast("tuple[date, UUID] | None", _ORDER.decode(query.cursor))
    found = contracts.contracts(actor, work_id=work_id, **wanted, after=seen, limit=query.limit + 1)
    return paged(found, query, contract, lambda last: _ORDER.encode(last.signed_on, last.id))


@router.get(
    "/works/{work_id}/contracts/{id}",
    **shows(Contract, examples.CONTRACT, etag=True),
    summary="Một hợp đồng · one contract",
)
@quick
def get_contract(actor: Actor, work_id: ClientId, id: ClientId) -> Response:
    """A contract with its amendments and what was disbursed on it over all years."""
    found = contracts.get(actor, id, work_id=work_id)
    return answer(contract(found), etag=etag(found.version))


@router.post(
    "/works/{work_id}/contracts",
    **creates(Contract, examples.NEW_CONTRACT, examples.CONTRACT, etag=True),
    summary="Lập hợp đồng · sign a contract",
)
def create_contract(actor: Actor, work_id: ClientId, body: NewContract) -> Response:
    """Contracts never exceed the work's approved total (`work_total`)."""
    given = dict(body) | {"amendments": _signed(body.amendments)}
    made, new = contracts.create(actor, contracts.NewContract(work_id=work_id, **given))
    location = f"/api/v1/works/{work_id}/contracts/{made.id}"
    return created(contract(made), new=new, etag=etag(made.version), location=location)


@router.patch(
    "/works/{work_id}/contracts/{id}",
    **changes(Contract, examples.CONTRACT_CHANGE, examples.CONTRACT),
    summary="Sửa hợp đồng, thêm phụ lục · change a contract",
)
def change_contract(
    actor: Actor, work_id: ClientId, id: ClientId, body: ContractChange, version: Version
) -> Response:
    """What was signed stays: amendments are added at the end of the list. The value never falls below what was
    disbursed (`contract_value`) or accepted (`accepted_value`), the ceiling never below what was advanced
    (`advance_limit`).
    """
    given: dict[str, Any] = body.sent()
    if "amendments" in given:
        given["amendments"] = _signed(body.amendments)
    with current_as(contract):
        changed = contracts.update(actor, id, version, given, work_id=work_id)
    return answer(contract(changed), etag=etag(changed.version))
