"""What an entry says on the way in and on the way out."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from app.domain.ledger.pockets import KINDS, leaves
from app.errors import FieldError, Invalid
from app.i18n import N_
from app.models.base import MAX_AMOUNT

REVERSAL: Final = "reversal"


@dataclass(frozen=True, slots=True)
class Document:
    """The official document that an entry stands on."""

    number: str
    date: date
    issuer: str


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What a client or a form asks to record; `id` is the client's own. `amount` in đồng."""

    id: uuid.UUID
    budget_line_id: uuid.UUID
    kind: str
    amount: int | None  # a reversal takes its original's
    effective_date: date | None  # likewise
    document: Document
    memo: str = ""
    contract_id: uuid.UUID | None = None
    no_contract_reason: str = ""
    reverses_id: uuid.UUID | None = None
    to_budget_line_id: uuid.UUID | None = None
    from_pocket: str | None = None

    def normal(self) -> NewEntry:
        """The same with defaults applied, checked for what no database is needed to see; raises Invalid."""
        faults = list(_faults(self))
        if faults:
            raise Invalid(*faults)
        if self.kind == REVERSAL:
            return self
        return replace(self, from_pocket=leaves(self.kind, self.from_pocket))

    def body_hash(self) -> str:
        """The hash of the creating body, defaults applied: the same again is the same entry."""
        body = [
            str(self.id), str(self.budget_line_id), self.kind, self.amount, self.effective_date,
            self.document.number, self.document.date, self.document.issuer, self.memo, self.contract_id,
            self.no_contract_reason, self.reverses_id, self.to_budget_line_id, self.from_pocket,
        ]  # fmt: skip
        return hash_body(*body)


def hash_body(*parts: object) -> str:
    """A hash that tells one creating body from another."""
    text = json.dumps([None if p is None else str(p) for p in parts], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _faults(entry: NewEntry) -> list[FieldError]:
    faults: list[FieldError] = []

    def fault(field: str, message: str, **facts: int | str) -> None:
        faults.append(FieldError(field, message, facts))

    reversal = entry.kind == REVERSAL
    if not reversal and entry.kind not in KINDS:
        return [FieldError("kind", N_("Không có loại bút toán này."))]
    if entry.amount is None and not reversal:
        fault("amount", N_("Ghi số tiền."))
    if entry.amount is not None and not 0 < entry.amount <= MAX_AMOUNT:
        fault(
            "amount",
            N_("Số tiền phải là số đồng nguyên, lớn hơn 0 và không quá {most:money}."),
            most=MAX_AMOUNT,
        )
    if entry.effective_date is None and not reversal:
        fault("effective_date", N_("Ghi ngày chứng từ."))
    if not entry.document.number.strip():
        fault("document.number", N_("Ghi số chứng từ."))
    if not entry.document.issuer.strip():
        fault("document.issuer", N_("Ghi nơi ban hành chứng từ."))
    if reversal != (entry.reverses_id is not None):
        fault("reverses_id", N_("Chỉ bút toán đảo mới ghi, và phải ghi, bút toán bị đảo."))
    if (entry.kind == "carry_over") != (entry.to_budget_line_id is not None):
        fault("to_budget_line_id", N_("Chỉ chuyển nguồn mới ghi, và phải ghi, dòng vốn năm sau."))
    if reversal and (entry.from_pocket or entry.contract_id):
        fault(
            "from_pocket" if entry.from_pocket else "contract_id",
            N_("Bút toán đảo lấy mục này từ bút toán gốc."),
        )
    elif not reversal and entry.from_pocket is not None and entry.from_pocket not in KINDS[entry.kind][0]:
        fault("from_pocket", N_("Loại bút toán này không lấy tiền từ phần đó."))
    return faults


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry or a proposal as it stands now. `recorded_at` is null until it is posted."""

    id: uuid.UUID
    budget_line_id: uuid.UUID
    kind: str
    amount: int
    effective_date: date
    document: Document
    memo: str
    contract_id: uuid.UUID | None
    no_contract_reason: str
    reverses_id: uuid.UUID | None
    to_budget_line_id: uuid.UUID | None
    from_pocket: str | None
    status: str
    recorded_at: datetime | None
    recorded_by: str
    posted_by: str | None
    reason: str
    group_id: uuid.UUID | None
    reversed_by_id: uuid.UUID | None
    illustrative: bool
