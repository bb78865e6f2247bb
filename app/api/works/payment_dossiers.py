"""/api/v1/works/{id}/contracts/{id}/payment-dossiers: what is asked under a contract, sent, returned or paid."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field, Strict
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import Change, acts, by_round, changes, closed, creates, current_as, lists, shows
from app.api.security import api_router, quick
from app.api.shapes import Dong, one_of
from app.api.works.contracts import Contract, contract
from app.domain.access import Actor
from app.domain.works import payment_dossier_editing, payment_dossier_moves, payment_dossiers
from app.domain.works.payment_dossiers import DossierView
from app.web.answers import Version, answer, created, etag
from app.web.cursor import Order
from app.web.schema import MOST_MONEY, Body, ClientId, IsoDate, ListQuery, Text

router = api_router("works")
_ORDER: Final = Order("payment-dossiers", (int,))
_PATH: Final = "/works/{work_id}/contracts/{contract_id}/payment-dossiers"
Kind = Literal["payment", "advance"]
State = Literal["prepared", "submitted", "returned", "paid"]
Money = Annotated[int, Strict(), Field(ge=0, le=MOST_MONEY, description="đồng", examples=[200_000_000])]
Note = Annotated[str, Text(1000, least=0, lines=True)]
Reason = Annotated[str, Text(1000, lines=True)]


@closed
class MissingPaper(TypedDict):
    """Loại văn bản hồ sơ còn thiếu · a kind of document that the dossier lacks."""

    kind: str
    name: str


@closed
class PaymentDossier(TypedDict):
    """Hồ sơ thanh toán hoặc tạm ứng · a dossier of payment or advance."""

    id: UUID
    contract_id: UUID
    round: int
    kind: Annotated[str, one_of(Kind)]
    amount: Dong
    recovered: Annotated[
        int, Field(description="đồng, tạm ứng thu hồi cùng hồ sơ này · advance recovered with it")
    ]
    acceptance_id: UUID | None
    state: Annotated[str, one_of(State)]
    submitted_on: date | None
    returned_reason: str
    entry_id: UUID | None
    entry_reversed: Annotated[
        bool,
        Field(description="Bút toán đã bị đảo, chờ chi trả lại · its entry was reversed, it waits again"),
    ]
    note: str
    missing: list[MissingPaper]
    updated_at: datetime
    illustrative: bool


def payment_dossier(v: DossierView) -> PaymentDossier:
    return {
        "id": v.id, "contract_id": v.contract_id, "round": v.round, "kind": v.kind, "amount": v.amount,
        "recovered": v.recovered, "acceptance_id": v.acceptance_id, "state": v.state,
        "submitted_on": v.submitted_on, "returned_reason": v.returned_reason, "entry_id": v.entry_id,
        "entry_reversed": v.reversed, "note": v.note,
        "missing": [{"kind": m.kind, "name": m.name} for m in v.missing], "updated_at": v.updated_at,
        "illustrative": v.illustrative,
    }  # fmt: skip


class NewDossier(Body):
    """Hồ sơ thanh toán phải theo một đợt nghiệm thu; tạm ứng thì không · a payment stands on an acceptance."""

    id: ClientId
    kind: Kind
    amount: Money
    recovered: Money = 0
    acceptance_id: ClientId | None = None
    note: Note = ""


class DossierChange(Change):
    amount: Money = 0
    recovered: Money = 0
    acceptance_id: ClientId | None = None
    note: Note = ""


class Submission(Body):
    """Mặc định là hôm nay · today unless said otherwise."""

    submitted_on: IsoDate | None = None


class Return(Body):
    reason: Reason


class Paid(Body):
    """Bút toán đã ghi sổ chi trả hồ sơ này · the posted entry that paid it."""

    entry_id: ClientId


@router.get(
    _PATH,
    **lists(PaymentDossier, examples.DOSSIER),
    summary="Hồ sơ thanh toán của hợp đồng · payment dossiers",
)
@quick
def list_payment_dossiers(
    actor: Actor, work_id: ClientId, contract_id: ClientId, query: Annotated[ListQuery, Query()]
) -> Response:
    """Dossiers of a contract in the order of their numbers, each with the documents that it lacks."""
    found = payment_dossiers.dossiers(actor, contract_id, work_id=work_id)
    return by_round(found, query, _ORDER, payment_dossier)


@router.get(
    _PATH + "/{id}",
    **shows(PaymentDossier, examples.DOSSIER, etag=True),
    summary="Một hồ sơ thanh toán · one payment dossier",
)
@quick
def get_payment_dossier(actor: Actor, work_id: ClientId, contract_id: ClientId, id: ClientId) -> Response:
    """A dossier with the documents that it lacks: on itself, on its acceptance, for an advance on the contract."""
    found = payment_dossiers.get(actor, id, contract_id=contract_id, work_id=work_id)[1]
    return answer(payment_dossier(found), etag=etag(found.version))


@router.post(
    _PATH,
    **creates(PaymentDossier, examples.NEW_DOSSIER, examples.DOSSIER, etag=True),
    summary="Lập hồ sơ thanh toán · prepare a payment dossier",
)
def create_payment_dossier(
    actor: Actor, work_id: ClientId, contract_id: ClientId, body: NewDossier
) -> Response:
    """Payments are asked within the accepted volume (`dossier_value`), advances within their ceiling
    (`advance_limit`), recoveries within what was advanced (`contract_advanced`).
    """
    new = payment_dossier_editing.NewDossier(contract_id=contract_id, **dict(body))
    made, fresh = payment_dossier_editing.create(actor, new, work_id=work_id)
    location = f"/api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers/{made.id}"
    return created(payment_dossier(made), new=fresh, etag=etag(made.version), location=location)


@router.patch(
    _PATH + "/{id}",
    **changes(PaymentDossier, examples.DOSSIER_CHANGE, examples.DOSSIER | examples.DOSSIER_CHANGE),
    summary="Sửa hồ sơ thanh toán · change a payment dossier",
)
def change_payment_dossier(
    actor: Actor, work_id: ClientId, contract_id: ClientId, id: ClientId, body: DossierChange, version: Version
) -> Response:  # fmt: skip
    """By the rules of preparing it, as long as it is not sent, or was returned (`dossier_state`)."""
    with current_as(payment_dossier):
        changed = payment_dossier_editing.update(
            actor, id, version, body.sent(), contract_id=contract_id, work_id=work_id
        )
    return answer(payment_dossier(changed), etag=etag(changed.version))


@router.delete(
    _PATH + "/{id}",
    **acts(Contract, examples.CONTRACT | {"asked": 0}),
    summary="Bỏ hồ sơ chưa gửi · drop a dossier that is not sent",
)
def delete_payment_dossier(actor: Actor, work_id: ClientId, contract_id: ClientId, id: ClientId) -> Response:
    """Its documents stay in the register. Answers with the contract as it stands then."""
    found = payment_dossier_editing.delete(actor, id, contract_id=contract_id, work_id=work_id)
    return answer(contract(found))


@router.post(
    _PATH + "/{id}/submit",
    **acts(PaymentDossier, examples.DOSSIER_SENT, {"submitted_on": "2023-02-27"}),
    summary="Gửi hồ sơ · send a dossier",
)
def submit_payment_dossier(
    actor: Actor, work_id: ClientId, contract_id: ClientId, id: ClientId, body: Submission
) -> Response:
    """Refused while documents are missing (`dossier_missing`, which lists them in `missing`)."""
    found = payment_dossier_moves.submit(
        actor, id, body.submitted_on, contract_id=contract_id, work_id=work_id
    )
    return answer(payment_dossier(found), etag=etag(found.version))


@router.post(
    _PATH + "/{id}/return",
    **acts(PaymentDossier, examples.DOSSIER_RETURNED, examples.DOSSIER_RETURN),
    summary="Hồ sơ bị trả lại · a dossier was returned",
)
def return_payment_dossier(
    actor: Actor, work_id: ClientId, contract_id: ClientId, id: ClientId, body: Return
) -> Response:
    """With the reason that was given; it can be mended and sent again."""
    found = payment_dossier_moves.send_back(actor, id, body.reason, contract_id=contract_id, work_id=work_id)
    return answer(payment_dossier(found), etag=etag(found.version))


@router.post(
    _PATH + "/{id}/paid",
    **acts(PaymentDossier, examples.DOSSIER_PAID, {"entry_id": examples.DOSSIER_PAID["entry_id"]}),
    summary="Gắn bút toán chi trả hồ sơ · tie the entry that paid a dossier",
)
def pay_payment_dossier(
    actor: Actor, work_id: ClientId, contract_id: ClientId, id: ClientId, body: Paid
) -> Response:
    """The entry is posted on the same contract and moves what is asked, together with what was recorded with it under
    one number (`dossier_entry`); one that was reversed pays nothing (`entry_reversed`).
    """
    found = payment_dossier_moves.pay(actor, id, body.entry_id, contract_id=contract_id, work_id=work_id)
    return answer(payment_dossier(found), etag=etag(found.version))
