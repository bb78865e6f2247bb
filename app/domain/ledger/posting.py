"""Recording entries: one way in for people, API clients, batches, distributions and checkers.

What a person records is always proposed and waits for somebody else. An API client that may post does so at
once, unless a line's unit requires a checker for clients too. A proposal passes every check when it is made and again when posted.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.db import Executor
from app.domain import audit
from app.domain.access import Actor, in_scope, require
from app.domain.ledger import books as held
from app.domain.ledger import chain, limits
from app.domain.ledger.books import Books, HeldLine
from app.domain.ledger.deadlines import last_day
from app.domain.ledger.entries import REVERSAL, EntryView, NewEntry
from app.domain.ledger.periods import refuse_closed
from app.domain.ledger.pockets import PAYING_OUT, Pockets, carried_effect, effect
from app.domain.ledger.views import entry_view, stored_views
from app.domain.territory import takes_over
from app.errors import FieldError, IdTaken, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.ledger import BudgetLine, LedgerEntry, Proposal
from app.text import fold

MAX_BATCH: Final = 500
_ADD_ENTRY: Final = sa.insert(LedgerEntry.__table__)  # type: ignore[arg-type]  # it is a Table


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry with its defaults applied, ready to be written."""

    entry: NewEntry
    base_kind: str  # of a reversal: the kind that it reverses
    sign: int
    from_pocket: str | None
    body_hash: str
    prefix: str  # of its fields' names in a batch: `entries.3.`

    def row(self, actor: Actor, group_id: uuid.UUID | None, illustrative: bool) -> dict[str, Any]:
        """The columns that an entry and a proposal share."""
        entry = self.entry
        return {
            "id": entry.id, "budget_line_id": entry.budget_line_id, "kind": entry.kind,
            "base_kind": self.base_kind, "sign": self.sign, "amount": entry.amount,
            "from_pocket": self.from_pocket, "effective_date": entry.effective_date,
            "document_number": entry.document.number, "document_date": entry.document.date,
            "document_issuer": entry.document.issuer, "document_search": fold(entry.document.number),
            "memo": entry.memo, "contract_id": entry.contract_id,
            "no_contract_reason": entry.no_contract_reason, "reverses_id": entry.reverses_id,
            "to_budget_line_id": entry.to_budget_line_id, "recorded_by": actor.ref,
            "body_hash": self.body_hash, "group_id": group_id, "illustrative": illustrative,
        }  # fmt: skip


def posts_at_once(actor: Actor, requires_checker: bool) -> bool:
    """Whether what an actor records needs nobody else: maker and checker are two people, always."""
    return actor.is_client and actor.may("ledger.post") and not requires_checker


def record(actor: Actor, entry: NewEntry, *, propose: bool = False) -> tuple[EntryView, bool]:
    """Record one entry; (the row as it stands now, whether it is new). `propose` asks for a checker.

    Raises Invalid, NotFound, IdTaken, or RuleBroken with the rule and its figures.
    """
    views, created = record_all(actor, [entry], propose=propose, prefix="")
    return views[0], created


def record_all(
    actor: Actor,
    entries: Sequence[NewEntry],
    *,
    propose: bool = False,
    group_id: uuid.UUID | None = None,
    body_hash: str | None = None,
    prefix: str = "entries.",
    prepare: Callable[[Session], object] | None = None,
) -> tuple[list[EntryView], bool]:
    """Record several entries in their order, all or none; sent twice they are recorded once.

    `prepare` makes what they need (new lines) in the same transaction, so that a refusal leaves none behind.
    """
    require(actor, "ledger.propose")
    if not 0 < len(entries) <= MAX_BATCH:
        raise Invalid.field("entries", N_("Mỗi lần ghi từ 1 đến {most:number} bút toán."), most=MAX_BATCH)
    if len({entry.id for entry in entries}) < len(entries):
        raise Invalid.field("entries", N_("Hai bút toán trong một lần ghi trùng mã định danh."))
    normal = [_normal(entry, _prefix(prefix, i)) for i, entry in enumerate(entries)]
    try:
        return _record(actor, normal, propose, group_id, body_hash, prefix, prepare)
    except IntegrityError:
        # Somebody has just recorded the same id; looking again tells whether it says the same.
        return _record(actor, normal, propose, group_id, body_hash, prefix, prepare)


def _prefix(prefix: str, number: int) -> str:
    return f"{prefix}{number}." if prefix else ""


def _normal(entry: NewEntry, prefix: str) -> NewEntry:
    try:
        return entry.normal()
    except Invalid as fault:
        raise Invalid(*(FieldError(prefix + e.field, e.message, e.facts) for e in fault.errors)) from None


def _record(
    actor: Actor,
    entries: list[NewEntry],
    propose: bool,
    group_id: uuid.UUID | None,
    body_hash: str | None,
    prefix: str,
    prepare: Callable[[Session], object] | None,
) -> tuple[list[EntryView], bool]:
    with db.transaction(write=True) as session:
        if prepare is not None:
            prepare(session)
        connection = session.connection()
        db.share_ledger_lock(connection)
        drafts = [
            _draft(connection, actor, entry, _prefix(prefix, i), body_hash) for i, entry in enumerate(entries)
        ]
        books = hold(connection, actor, drafts)
        known = _known(connection, drafts)
        new = [draft for draft in drafts if draft.entry.id not in known]
        if not new:
            return [known[draft.entry.id] for draft in drafts], False
        strict = any(line.requires_checker for line in books.lines.values())
        waits = propose or not posts_at_once(actor, strict)
        if group_id is None and len(new) > 1:
            group_id = new[0].entry.id  # recorded together, decided together
        write = propose_new if waits else post_new
        written = {view.id: view for view in write(books, actor, new, group_id)}
        return [known.get(d.entry.id) or written[d.entry.id] for d in drafts], True


def _draft(session: Executor, actor: Actor, entry: NewEntry, prefix: str, body_hash: str | None) -> Draft:
    if entry.kind != REVERSAL:
        return Draft(entry, entry.kind, 1, entry.from_pocket, body_hash or entry.body_hash(), prefix)
    original = session.execute(
        sa.select(
            LedgerEntry.budget_line_id, LedgerEntry.to_budget_line_id, LedgerEntry.kind, LedgerEntry.amount,
            LedgerEntry.from_pocket, LedgerEntry.effective_date, LedgerEntry.contract_id,
        )
        .join(BudgetLine, BudgetLine.id == LedgerEntry.budget_line_id)
        .where(LedgerEntry.id == entry.reverses_id, in_scope(actor, BudgetLine.unit_id))
    ).one_or_none()  # fmt: skip
    if original is None:
        raise NotFound(N_("Không có bút toán cần đảo trong phạm vi của bạn."), field=f"{prefix}reverses_id")
    if original.kind == REVERSAL:
        raise RuleBroken("reversal_of_reversal", N_("Không đảo một bút toán đảo. Hãy ghi lại bút toán đúng."))
    if entry.budget_line_id != original.budget_line_id:
        raise Invalid.field(
            f"{prefix}budget_line_id", N_("Bút toán đảo phải cùng dòng vốn với bút toán gốc.")
        )
    if entry.amount not in (None, original.amount):
        raise Invalid.field(f"{prefix}amount", N_("Bút toán đảo lấy nguyên số tiền của bút toán gốc."))
    day = entry.effective_date or original.effective_date
    if day < original.effective_date:
        raise Invalid.field(
            f"{prefix}effective_date", N_("Ngày đảo không được trước ngày bút toán gốc {on:date}."),
            on=original.effective_date,
        )  # fmt: skip
    whole = replace(
        entry, amount=original.amount, effective_date=day, contract_id=original.contract_id,
        to_budget_line_id=original.to_budget_line_id,
    )  # fmt: skip
    return Draft(whole, original.kind, -1, original.from_pocket, body_hash or whole.body_hash(), prefix)


def try_out(
    session: Executor,
    actor: Actor,
    entries: Sequence[NewEntry],
    before: dict[uuid.UUID, Pockets],
    after: dict[uuid.UUID, Pockets],
) -> None:
    """Apply entries to the balances alone, noting the lines' money before and after; the caller rolls back."""
    normal = [_normal(entry, _prefix("entries.", i)) for i, entry in enumerate(entries)]
    drafts = [_draft(session, actor, entry, _prefix("entries.", i), None) for i, entry in enumerate(normal)]
    books = hold(session, actor, drafts)
    before |= {line_id: line.pockets for line_id, line in books.lines.items()}
    for draft in drafts:
        _apply(books, draft)
    after |= {line_id: line.pockets for line_id, line in books.lines.items()}


def redraft(session: Executor, actor: Actor, entry: NewEntry, body_hash: str) -> Draft:
    """A proposal on its way to the book: what it asked for, under the hash that made it."""
    return _draft(session, actor, entry, "", body_hash)


def hold(session: Executor, actor: Actor, drafts: list[Draft]) -> Books:
    lines: dict[uuid.UUID, str] = {}
    contracts: dict[uuid.UUID, str] = {}
    for draft in drafts:
        lines.setdefault(draft.entry.budget_line_id, f"{draft.prefix}budget_line_id")
        if draft.entry.to_budget_line_id is not None:
            lines.setdefault(draft.entry.to_budget_line_id, f"{draft.prefix}to_budget_line_id")
        if draft.entry.contract_id is not None:
            contracts.setdefault(draft.entry.contract_id, f"{draft.prefix}contract_id")
    return held.hold(session, actor, lines, contracts)


def _known(session: Executor, drafts: list[Draft]) -> dict[uuid.UUID, EntryView]:
    """What stands already under these ids; raises IdTaken when it says something else."""
    hashes = {draft.entry.id: draft.body_hash for draft in drafts}
    known = {}
    for view, body_hash in stored_views(session, list(hashes)):
        if hashes[view.id] != body_hash:
            raise IdTaken()
        known[view.id] = view
    return known


def post_new(
    books: Books, actor: Actor, drafts: list[Draft], group_id: uuid.UUID | None, maker: str | None = None
) -> list[EntryView]:
    """Post drafts one after the other: pockets, limits, entry, chain, audit. `maker` is another's proposal."""
    views = []
    for draft in drafts:
        lines = _apply(books, draft)
        heads = [books.heads[unit_id] for unit_id in sorted({line.unit_id for line in lines})]
        row = draft.row(actor, group_id, lines[0].illustrative)
        row |= {"posted_by": actor.ref, "recorded_at": chain.next_moment(books.session, heads)}
        if maker is not None:
            row["recorded_by"] = maker
        books.session.execute(_ADD_ENTRY, row)
        own, carried = lines[0], lines[1] if len(lines) > 1 else None
        chain.append(books.session, heads, row, [chain.line_key(own), chain.line_key(carried)])
        audit.record(
            books.session, actor, "ledger.post", "ledger_entry", draft.entry.id, lines[0].unit_id,
            kind=draft.entry.kind, amount=draft.entry.amount, budget_line_id=draft.entry.budget_line_id,
        )  # fmt: skip
        views.append(entry_view(row, "posted"))
    return views


def propose_new(
    books: Books, actor: Actor, drafts: list[Draft], group_id: uuid.UUID | None
) -> list[EntryView]:
    """Put drafts before a checker, having tried that each could be posted now."""
    session = books.session
    now = db.clock(session)
    lines = {line_id: replace(line) for line_id, line in books.lines.items()}
    trial = session.begin_nested()
    try:
        for draft in drafts:
            _apply(books, draft)
    finally:
        trial.rollback()
    views = []
    for position, draft in enumerate(drafts):
        line = lines[draft.entry.budget_line_id]
        row = draft.row(actor, group_id, line.illustrative)
        row |= {
            "status": "proposed", "proposed_at": now, "changed_at": now, "reason": "", "position": position,
        }  # fmt: skip
        session.execute(sa.insert(Proposal), row)
        audit.record(
            session, actor, "ledger.propose", "ledger_entry", draft.entry.id, line.unit_id,
            kind=draft.entry.kind, amount=draft.entry.amount, budget_line_id=draft.entry.budget_line_id,
        )  # fmt: skip
        views.append(entry_view(row, "proposed"))
    return views


def _apply(books: Books, draft: Draft) -> list[HeldLine]:
    """Every rule, and the balances; the lines that the entry concerns. Writes no entry."""
    entry, amount = draft.entry, draft.sign * (draft.entry.amount or 0)
    line = books.lines[entry.budget_line_id]
    target = books.lines[entry.to_budget_line_id] if entry.to_budget_line_id is not None else None
    day = entry.effective_date or today()
    _check_day(books, draft, line, target)
    if draft.sign < 0:
        _refuse_reversed(books.session, entry)
    elif target is not None:
        _check_carrying(books.session, line, target, draft.prefix)
    contract = books.contracts[entry.contract_id] if entry.contract_id is not None else None
    if draft.sign > 0:
        limits.require_contract(
            line, entry.kind, contract, entry.no_contract_reason, f"{draft.prefix}contract_id"
        )
    held.change(books.session, line, effect(draft.base_kind, draft.from_pocket, amount), day)
    if target is not None:
        held.change(books.session, target, carried_effect(draft.from_pocket or "available", amount), day)
    limits.move(books, line, contract, draft.base_kind, draft.from_pocket, amount)
    return [line] if target is None else [line, target]


def _check_day(books: Books, draft: Draft, line: HeldLine, target: HeldLine | None) -> None:
    day = draft.entry.effective_date or today()
    if day > today():
        raise Invalid.field(
            f"{draft.prefix}effective_date", N_("Ngày chứng từ không được sau hôm nay {today:date}."),
            today=today(),
        )  # fmt: skip
    first = date(line.origin_year - 1, 1, 1)
    if day < first:
        raise Invalid.field(
            f"{draft.prefix}effective_date",
            N_("Ngày chứng từ của dòng vốn năm {year} không trước ngày {first:date}."),
            year=line.year, first=first,
        )  # fmt: skip
    if draft.entry.document.date > today():
        raise Invalid.field(
            f"{draft.prefix}document.date",
            N_("Ngày văn bản không được sau hôm nay {today:date}."),
            today=today(),
        )
    if draft.entry.kind in PAYING_OUT:
        last = last_day(
            books.session, unit_id=line.unit_id, project_id=line.project_id, source=line.source,
            capital_kind=line.capital_kind, year=line.year,
        )  # fmt: skip
        if last is not None and day > last:
            raise RuleBroken(
                "deadline",
                N_("Dòng vốn năm {year} chỉ được giải ngân đến hết ngày {last_day:date}; cần văn bản gia hạn."),
                on=day, last_day=last, year=line.year,
            )  # fmt: skip
    refuse_closed(books.session, {x.unit_id for x in (line, target) if x is not None}, day)


def _refuse_reversed(session: Executor, entry: NewEntry) -> None:
    done = session.execute(
        sa.select(LedgerEntry.id).where(LedgerEntry.reverses_id == entry.reverses_id)
    ).scalar_one_or_none()
    if done is not None:
        raise RuleBroken("reversed_already", N_("Bút toán này đã được đảo rồi."), reversed_by=str(done))


def _check_carrying(session: Executor, line: HeldLine, target: HeldLine, prefix: str) -> None:
    """Into the next year's line of otherwise the same key, of the same unit or of the one that took it over."""
    same_unit = (
        line.unit_id == target.unit_id
        or session.execute(sa.select(takes_over(target.unit_id, line.unit_id))).scalar_one()
    )
    if target.year != line.year + 1 or target.purpose != line.purpose or not same_unit:
        raise RuleBroken(
            "carry_over_key",
            N_(
                "Chỉ chuyển nguồn sang dòng vốn năm {year} cùng đơn vị, dự án, nguồn, loại vốn, "
                "năm gốc và công trình."
            ),
            year=line.year + 1, field=f"{prefix}to_budget_line_id",
        )  # fmt: skip
