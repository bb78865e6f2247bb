"""/api/v1/works/{id}/contracts/{id}/acceptances: volume accepted under a contract, round by round."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import (
    Change,
    acts,
    by_round,
    changes,
    closed,
    creates,
    current_as,
    lists,
    shows,
)
from app.api.security import api_router, quick
from app.api.shapes import Dong
from app.api.works.contracts import Contract, contract
from app.domain.access import Actor
from app.domain.works import acceptances
from app.domain.works.acceptances import AcceptanceView
from app.web.answers import Version, answer, created, etag
from app.web.cursor import Order
from app.web.schema import Amount, Body, ClientId, IsoDate, ListQuery, Text

router = api_router("works")
_ORDER: Final = Order("acceptances", (int,))
_PATH: Final = "/works/{work_id}/contracts/{contract_id}/acceptances"
Note = Annotated[str, Text(1000, least=0, lines=True)]


@closed
class Acceptance(TypedDict):
    """Một đợt nghiệm thu khối lượng · one acceptance of volume."""

    id: UUID
    contract_id: UUID
    round: int
    accepted_on: date
    value: Dong
    note: str
    dossiers: Annotated[
        list[int],
        Field(description="Số các hồ sơ thanh toán theo đợt này · payment dossiers that stand on it"),
    ]
    updated_at: datetime
    illustrative: bool


def acceptance(v: AcceptanceView) -> Acceptance:
    return {
        "id": v.id, "contract_id": v.contract_id, "round": v.round, "accepted_on": v.accepted_on,
        "value": v.value, "note": v.note, "dossiers": list(v.dossiers), "updated_at": v.updated_at,
        "illustrative": v.illustrative,
    }  # fmt: skip


class NewAcceptance(Body):
    """Số đợt tiếp theo các đợt đã có · its round follows from those that stand."""

    id: ClientId
    accepted_on: IsoDate
    value: Amount
    note: Note = ""


class AcceptanceChange(Change):
    accepted_on: IsoDate = date.min
    value: Amount = 1
    note: Note = ""


@router.get(
    _PATH, **lists(Acceptance, examples.ACCEPTANCE), summary="Nghiệm thu khối lượng · acceptances of volume"
)
@quick
def list_acceptances(
    actor: Actor, work_id: ClientId, contract_id: ClientId, query: Annotated[ListQuery, Query()]
) -> Response:
    """The rounds of a contract in order."""
    found = acceptances.acceptances(actor, contract_id, work_id=work_id)
    return by_round(found, query, _ORDER, acceptance)


@router.get(
    _PATH + "/{id}",
    **shows(Acceptance, examples.ACCEPTANCE, etag=True),
    summary="Một đợt nghiệm thu · one acceptance",
)
@quick
def get_acceptance(actor: Actor, work_id: ClientId, contract_id: ClientId, id: ClientId) -> Response:
    """A round, and the numbers of the payment dossiers that stand on it."""
    found = acceptances.get(actor, id, contract_id=contract_id, work_id=work_id)[1]
    return answer(acceptance(found), etag=etag(found.version))


@router.post(
    _PATH,
    **creates(Acceptance, examples.NEW_ACCEPTANCE, examples.ACCEPTANCE | {"dossiers": []}, etag=True),
    summary="Ghi nghiệm thu khối lượng · accept volume",
)
def create_acceptance(
    actor: Actor, work_id: ClientId, contract_id: ClientId, body: NewAcceptance
) -> Response:
    """The next round. All rounds together never exceed the contract's value with amendments (`accepted_value`)."""
    new = acceptances.NewAcceptance(contract_id=contract_id, **dict(body))
    made, fresh = acceptances.create(actor, new, work_id=work_id)
    location = f"/api/v1/works/{work_id}/contracts/{contract_id}/acceptances/{made.id}"
    return created(acceptance(made), new=fresh, etag=etag(made.version), location=location)


@router.patch(
    _PATH + "/{id}",
    **changes(Acceptance, examples.ACCEPTANCE_CHANGE, examples.ACCEPTANCE | {"dossiers": []} | examples.ACCEPTANCE_CHANGE),
    summary="Sửa đợt nghiệm thu · change an acceptance",
)  # fmt: skip
def change_acceptance(
    actor: Actor, work_id: ClientId, contract_id: ClientId, id: ClientId, body: AcceptanceChange, version: Version
) -> Response:  # fmt: skip
    """Only the last round (`acceptance_order`), and only while no payment dossier stands on it (`acceptance_used`)."""
    with current_as(acceptance):
        changed = acceptances.update(
            actor, id, version, body.sent(), contract_id=contract_id, work_id=work_id
        )
    return answer(acceptance(changed), etag=etag(changed.version))


@router.delete(
    _PATH + "/{id}",
    **acts(Contract, examples.CONTRACT | {"accepted": 200_000_000}),
    summary="Xóa đợt nghiệm thu cuối · take the last acceptance back",
)
def delete_acceptance(actor: Actor, work_id: ClientId, contract_id: ClientId, id: ClientId) -> Response:
    """Under the rules of a change; answers with the contract as it stands then."""
    return answer(contract(acceptances.delete(actor, id, contract_id=contract_id, work_id=work_id)))
