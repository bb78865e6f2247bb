"""/api/v1/ledger-entries: recording, maker and checker, reading."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import acts, after, by_moment, closed, creates, lists, paged, shows
from app.api.security import api_router, quick
from app.api.shapes import (
    CapitalKind,
    Document,
    DocumentBody,
    Dong,
    QueryCode,
    QueryText,
    UnitQuery,
    document,
    one_of,
)
from app.domain.access import Actor
from app.domain.ledger import posting, proposals, views
from app.domain.ledger.entries import EntryView
from app.domain.ledger.entries import NewEntry as Asked
from app.web.answers import answer, created
from app.web.schema import Amount, Body, ClientId, IsoDate, Text

router = api_router("ledger")
_ORDER = by_moment("ledger-entries")
Kind = Literal[
    "allocate", "withdraw", "carry_over", "lapse", "advance", "recover", "pay", "refund", "settle", "reversal"
]  # fmt: skip
Status = Literal["proposed", "posted", "rejected", "cancelled"]
Pocket = Literal["available", "advanced", "paid", "settled"]


@closed
class LedgerEntry(TypedDict):
    """Bút toán. `recorded_at` và `posted_by` chỉ có khi đã ghi sổ · null until it is posted."""

    id: UUID
    budget_line_id: UUID
    kind: Annotated[str, one_of(Kind)]
    amount: Dong
    effective_date: date
    document: Document
    memo: str
    contract_id: UUID | None
    no_contract_reason: str
    reverses_id: UUID | None
    reversed_by_id: UUID | None
    to_budget_line_id: UUID | None
    from_pocket: Annotated[str, one_of(Pocket)] | None
    group_id: UUID | None
    status: Annotated[str, one_of(Status)]
    recorded_at: datetime | None
    recorded_by: str
    posted_by: str | None
    reason: str
    illustrative: bool


@closed
class Entries(TypedDict):
    """Những bút toán ghi cùng nhau · entries recorded together, all or none."""

    entries: list[LedgerEntry]


def entry(v: EntryView) -> LedgerEntry:
    return {
        "id": v.id, "budget_line_id": v.budget_line_id, "kind": v.kind, "amount": v.amount,
        "effective_date": v.effective_date, "document": document(v.document), "memo": v.memo,
        "contract_id": v.contract_id, "no_contract_reason": v.no_contract_reason, "reverses_id": v.reverses_id,
        "reversed_by_id": v.reversed_by_id, "to_budget_line_id": v.to_budget_line_id,
        "from_pocket": v.from_pocket, "group_id": v.group_id, "status": v.status, "recorded_at": v.recorded_at,
        "recorded_by": v.recorded_by, "posted_by": v.posted_by, "reason": v.reason,
        "illustrative": v.illustrative,
    }  # fmt: skip


def recorded(made: list[EntryView], new: bool) -> Response:
    """The answer to entries that were recorded together."""
    group = made[0].group_id
    place = f"?group_id={group}" if group is not None else f"/{made[0].id}"
    return created({"entries": [entry(e) for e in made]}, new=new, location=f"/api/v1/ledger-entries{place}")


class EntryQuery(UnitQuery):
    budget_line_id: Annotated[
        ClientId | None, Field(description="Cả chuyển nguồn đến dòng này · with what is carried to it")
    ] = None
    kind: Kind | None = None
    status: Status | None = None
    contract_id: ClientId | None = None
    work_id: ClientId | None = None
    program_code: QueryCode | None = None
    project_code: QueryCode | None = None
    source: QueryCode | None = None
    capital_kind: CapitalKind | None = None
    reverses_id: ClientId | None = None
    effective_from: IsoDate | None = None
    effective_to: IsoDate | None = None
    document: Annotated[
        QueryText | None, Field(description="Số chứng từ, từ đầu, không cần dấu · a number's beginning")
    ] = None
    recorded_by: QueryText | None = None
    group_id: Annotated[ClientId | None, Field(description="Ghi cùng nhau · recorded together")] = None


class NewEntry(Body):
    """`amount` và `effective_date` bắt buộc, trừ bút toán đảo · needed, except for a reversal."""

    id: ClientId
    budget_line_id: ClientId
    kind: Kind
    amount: Amount | None = None
    effective_date: IsoDate | None = None
    document: DocumentBody
    memo: Annotated[str, Text(1000, least=0, lines=True)] = ""
    contract_id: ClientId | None = None
    no_contract_reason: Annotated[str, Text(300, least=0)] = ""
    reverses_id: ClientId | None = None
    to_budget_line_id: ClientId | None = None
    from_pocket: Pocket | None = None

    def asked(self) -> Asked:
        return Asked(**dict(self) | {"document": self.document.entered()})


class Batch(Body):
    entries: Annotated[list[NewEntry], Field(min_length=1, max_length=posting.MAX_BATCH)]


class Rejection(Body):
    reason: Annotated[str, Text(500)]


@router.get("/ledger-entries", **lists(LedgerEntry, examples.ENTRY), summary="Các bút toán · ledger entries")
@quick
def list_ledger_entries(actor: Actor, query: Annotated[EntryQuery, Query()]) -> Response:
    """Entries and proposals in the order in which they changed last: a list that is followed by `updated_since`
    misses nothing, and shows a proposal again when it is posted, rejected or cancelled.
    """
    wanted = views.EntryFilter(**query.model_dump(exclude={"limit", "cursor"}))
    found = views.entries(actor, wanted, after=after(_ORDER, query), limit=query.limit + 1)
    return paged(found, query, lambda e: entry(e.entry), lambda e: _ORDER.encode(e.changed_at, e.entry.id))


@router.get("/ledger-entries/{id}", **shows(LedgerEntry, examples.ENTRY), summary="Một bút toán · one entry")
@quick
def get_ledger_entry(actor: Actor, id: ClientId) -> Response:
    """An entry or a proposal as it stands now."""
    return answer(entry(views.get(actor, id)))


@router.post(
    "/ledger-entries",
    **creates(LedgerEntry, examples.NEW_ENTRY, examples.ENTRY),
    summary="Ghi bút toán · record an entry",
)
def create_ledger_entry(actor: Actor, body: NewEntry) -> Response:
    """Moves one amount between two pockets, on a document. Nothing ever changes or deletes it: a mistake is
    corrected by a `reversal` that names it in `reverses_id`, without an amount, by default on its date.

    Where the line's unit requires a checker the answer is 201 with `status: proposed`. A rule's refusal is 409
    with `rule` and its figures (`asked`, `held`, `on`).
    """
    made, new = posting.record(actor, body.asked())
    return created(entry(made), new=new, location=f"/api/v1/ledger-entries/{made.id}")


@router.post(
    "/ledger-entries/batch",
    **creates(Entries, examples.BATCH, examples.ENTRIES),
    summary="Ghi nhiều bút toán cùng lúc · record entries together",
)
def create_ledger_entries(actor: Actor, body: Batch) -> Response:
    """All or none, in their order: what the first brings in the next may spend."""
    return recorded(*posting.record_all(actor, [one.asked() for one in body.entries]))


@router.post(
    "/ledger-entries/{id}/post",
    **acts(LedgerEntry, examples.ENTRY),
    summary="Duyệt, ghi sổ · post a proposal",
)
def post_ledger_entry(actor: Actor, id: ClientId) -> Response:
    """The checker's: every rule is checked again. One's own is refused (`own_proposal`); those that were proposed
    together are posted together.
    """
    return answer(entry(proposals.post(actor, id)))


@router.post(
    "/ledger-entries/{id}/reject",
    **acts(LedgerEntry, examples.REJECTED, examples.REJECTION),
    summary="Trả lại · reject a proposal",
)
def reject_ledger_entry(actor: Actor, id: ClientId, body: Rejection) -> Response:
    """The checker's, with a reason for the maker."""
    return answer(entry(proposals.reject(actor, id, body.reason)))


@router.post(
    "/ledger-entries/{id}/cancel",
    **acts(LedgerEntry, examples.REJECTED | {"status": "cancelled", "reason": ""}),
    summary="Rút phiếu · cancel one's proposal",
)
def cancel_ledger_entry(actor: Actor, id: ClientId) -> Response:
    """The maker's: takes a proposal back before anybody has decided on it."""
    return answer(entry(proposals.cancel(actor, id)))
