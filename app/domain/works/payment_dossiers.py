"""Payment dossiers of a contract (hồ sơ thanh toán): what they ask, what they still lack, what paid them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import db
from app.domain.access import Actor, require
from app.domain.works.contract_views import ContractView, one, work_unit
from app.errors import NotFound
from app.models.documents import Attachment, Document, DocumentKind
from app.models.ledger import LedgerEntry
from app.models.works import Acceptance, Contract, PaymentDossier

SUBJECT: Final = "payment_dossier"
ADVANCE, PAYMENT = "advance", "payment"
KINDS: Final = (PAYMENT, ADVANCE)
PREPARED, SUBMITTED, RETURNED, PAID = "prepared", "submitted", "returned", "paid"
OPEN: Final = (PREPARED, RETURNED)  # states in which it may be changed
# Kinds of documents that a dossier needs, and on what besides itself each may stand.
NEEDED: Final[Mapping[str, Mapping[str, str]]] = {
    PAYMENT: {"payment_request": "", "invoice": "", "volume_acceptance": "acceptance"},
    ADVANCE: {"payment_request": "", "performance_guarantee": "contract"},
}


@dataclass(frozen=True, slots=True)
class MissingPaper:
    """A kind of document that a dossier needs and does not have."""

    kind: str
    name: str
    name_en: str

    def said(self, lang: str) -> str:
        return self.name_en if lang == "en" else self.name


@dataclass(frozen=True, slots=True)
class DossierView:
    """A dossier: `amount` asked from what is available, `recovered` of the advance with it, in đồng.

    `entry_id` is the entry that paid it; `reversed`: that entry, or one of those that were recorded with it under one
    number, was reversed since, so it waits to be paid again.
    """

    id: uuid.UUID
    contract_id: uuid.UUID
    round: int
    kind: str
    amount: int
    recovered: int
    acceptance_id: uuid.UUID | None
    acceptance_round: int | None
    state: str
    submitted_on: date | None
    returned_reason: str
    entry_id: uuid.UUID | None
    reversed: bool
    note: str
    illustrative: bool
    version: int
    updated_at: datetime
    missing: tuple[MissingPaper, ...] = ()

    @property
    def asked(self) -> int:
        """What it settles of the accepted volume, or asks as an advance."""
        return self.amount + self.recovered

    @property
    def settled(self) -> bool:
        """Paid, by an entry that stands."""
        return self.state == PAID and not self.reversed

    @property
    def open(self) -> bool:
        """Whether it may still be changed or taken back."""
        return self.state in OPEN

    @property
    def wanting(self) -> bool:
        """Whether it cannot be sent yet, or was sent back."""
        return self.state == RETURNED or (self.state == PREPARED and bool(self.missing))

    @property
    def payable(self) -> bool:
        """Whether an entry may pay it now."""
        return self.state == SUBMITTED or (self.state == PAID and self.reversed)

    @property
    def entry_kind(self) -> str:
        """The kind under which the form of the ledger records it."""
        if self.kind == ADVANCE:
            return "advance"
        if not self.recovered:
            return "pay"
        return "recover_pay" if self.amount else "recover"


_Paying, _Together, _Reversal = aliased(LedgerEntry), aliased(LedgerEntry), aliased(LedgerEntry)
_REVERSED: Final = (
    sa.exists()
    .where(
        _Paying.id == PaymentDossier.entry_id, _Together.contract_id == PaymentDossier.contract_id,
        sa.func.coalesce(_Together.group_id, _Together.id) == sa.func.coalesce(_Paying.group_id, _Paying.id),
        _Together.document_number == _Paying.document_number, _Reversal.reverses_id == _Together.id,
    )
    .correlate(PaymentDossier)
)  # fmt: skip
"""That a part of the voucher which paid a dossier was reversed: what `vouchers` holds together."""


def of_contracts(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[DossierView]]:
    """The dossiers of each of these contracts that has some, in order; three statements."""
    rows = session.execute(
        sa.select(
            PaymentDossier.id, PaymentDossier.contract_id, PaymentDossier.round, PaymentDossier.kind,
            PaymentDossier.amount, PaymentDossier.recovered, PaymentDossier.acceptance_id,
            Acceptance.round.label("acceptance_round"), PaymentDossier.state, PaymentDossier.submitted_on,
            PaymentDossier.returned_reason, PaymentDossier.entry_id, _REVERSED.label("reversed"),
            PaymentDossier.note, PaymentDossier.illustrative, PaymentDossier.version, PaymentDossier.updated_at,
        )
        .outerjoin(Acceptance, Acceptance.id == PaymentDossier.acceptance_id)
        .where(PaymentDossier.contract_id.in_(ids))
        .order_by(PaymentDossier.contract_id, PaymentDossier.round)
    ).all()  # fmt: skip
    if not rows:
        return {}
    there = _papers(session, {x for row in rows for x in (row.id, row.acceptance_id, row.contract_id) if x})
    names = {
        code: MissingPaper(code, name, name_en)
        for code, name, name_en in session.execute(
            sa.select(DocumentKind.code, DocumentKind.name, DocumentKind.name_en)
        )
    }
    found: dict[uuid.UUID, list[DossierView]] = defaultdict(list)
    for row in rows:
        places = {"acceptance": row.acceptance_id, "contract": row.contract_id}
        missing = [
            names[kind]
            for kind, place in NEEDED[row.kind].items()
            if kind not in there[SUBJECT, row.id] and kind not in there[place, places.get(place)]
        ]
        found[row.contract_id].append(DossierView(*[*row, tuple(missing)]))
    return dict(found)


def _papers(
    session: Session, ids: Collection[uuid.UUID]
) -> defaultdict[tuple[str, uuid.UUID | None], set[str]]:
    """The kinds of the documents attached to each of these things."""
    query = (
        sa.select(Attachment.subject_kind, Attachment.subject_id, Document.kind)
        .join(Document, Document.id == Attachment.document_id)
        .where(
            Attachment.subject_kind.in_((SUBJECT, "acceptance", "contract")), Attachment.subject_id.in_(ids)
        )
    )
    found: defaultdict[tuple[str, uuid.UUID | None], set[str]] = defaultdict(set)
    for subject_kind, subject_id, kind in session.execute(query):
        found[subject_kind, subject_id].add(kind)
    return found


def dossiers(actor: Actor, contract_id: uuid.UUID, *, work_id: uuid.UUID | None = None) -> list[DossierView]:
    """The dossiers of a contract in order. NotFound out of scope, or where it is none of the work that is named."""
    require(actor, "read")
    with db.transaction() as session:
        one(session, actor, contract_id, work_id=work_id)
        return of_contracts(session, [contract_id]).get(contract_id, [])


def of_work(actor: Actor, work_id: uuid.UUID) -> dict[uuid.UUID, list[DossierView]]:
    """The dossiers of each contract of a work that has some."""
    require(actor, "read")
    with db.transaction() as session:
        work_unit(session, actor, work_id)
        ids = session.execute(sa.select(Contract.id).where(Contract.work_id == work_id)).scalars().all()
        return of_contracts(session, ids)


def get(
    actor: Actor,
    dossier_id: uuid.UUID,
    *,
    contract_id: uuid.UUID | None = None,
    work_id: uuid.UUID | None = None,
) -> tuple[ContractView, DossierView]:
    """(the contract, the dossier). NotFound out of scope, or where it is none of what is named."""
    require(actor, "read")
    with db.transaction() as session:
        of = contract_of(session, dossier_id, contract_id)
        contract = one(session, actor, of, work_id=work_id)
        return contract, dossier_of(session, contract.id, dossier_id)


def contract_of(session: Session, dossier_id: uuid.UUID, named: uuid.UUID | None = None) -> uuid.UUID:
    """The contract of a dossier, whoever may see it: scope is asked of the contract. NotFound for another than named."""
    found = session.execute(
        sa.select(PaymentDossier.contract_id).where(PaymentDossier.id == dossier_id)
    ).scalar_one_or_none()
    if found is None or named not in (None, found):
        raise NotFound()
    return found


def dossier_of(session: Session, contract_id: uuid.UUID, dossier_id: uuid.UUID) -> DossierView:
    """One dossier of a contract; NotFound when it is none of its."""
    views = of_contracts(session, [contract_id]).get(contract_id, [])
    found = next((d for d in views if d.id == dossier_id), None)
    if found is None:
        raise NotFound()
    return found


# What pays a dossier: one voucher, which may be several entries recorded together.


@dataclass(slots=True)
class Voucher:
    """What was recorded together under one number on a contract: sums by kind in đồng; `entry_id` names it."""

    entry_id: uuid.UUID
    document_number: str
    on: date
    reversed: bool = False
    sums: dict[str, int] = field(default_factory=dict)
    ids: set[uuid.UUID] = field(default_factory=set)

    @property
    def amount(self) -> int:
        return sum(self.sums.values())

    def pays(self, dossier: DossierView) -> bool:
        """Whether it moves exactly what a dossier asks."""
        wanted = (
            {"advance": dossier.amount}
            if dossier.kind == ADVANCE
            else {"pay": dossier.amount, "recover": dossier.recovered}
        )
        return self.sums == {kind: amount for kind, amount in wanted.items() if amount}


def vouchers(session: Session, contract_id: uuid.UUID) -> list[Voucher]:
    """Every voucher that is posted on a contract, by its date; one statement."""
    query = (
        sa.select(
            LedgerEntry.id, LedgerEntry.group_id, LedgerEntry.kind, LedgerEntry.amount,
            LedgerEntry.document_number, LedgerEntry.effective_date, _Reversal.id.label("reversal"),
        )
        .outerjoin(_Reversal, _Reversal.reverses_id == LedgerEntry.id)
        .where(LedgerEntry.contract_id == contract_id, LedgerEntry.kind.in_(("advance", "pay", "recover", "refund")))
        .order_by(LedgerEntry.effective_date, LedgerEntry.recorded_at, LedgerEntry.id)
    )  # fmt: skip
    found: dict[tuple[uuid.UUID, str], Voucher] = {}
    for row in session.execute(query):
        key = (row.group_id or row.id, row.document_number)
        voucher = found.setdefault(key, Voucher(row.id, row.document_number, row.effective_date))
        voucher.ids.add(row.id)
        voucher.sums[row.kind] = voucher.sums.get(row.kind, 0) + row.amount
        voucher.reversed = voucher.reversed or row.reversal is not None
    return list(found.values())


def fitting(actor: Actor, dossier_id: uuid.UUID) -> list[Voucher]:
    """Posted vouchers of the contract that pay exactly what a dossier asks, and pay no other dossier."""
    require(actor, "read")
    with db.transaction() as session:
        contract = one(session, actor, contract_of(session, dossier_id))
        views = of_contracts(session, [contract.id]).get(contract.id, [])
        dossier = dossier_of(session, contract.id, dossier_id)
        taken = {d.entry_id for d in views if d.entry_id is not None}
        return [
            v
            for v in vouchers(session, contract.id)
            if v.pays(dossier) and not v.reversed and not v.ids & taken
        ]
