"""Entries: the list, one voucher's page, what waits for a checker, and reversing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain.access import Actor, require
from app.domain.documents.attaching import documents_of
from app.domain.identity import people
from app.domain.ledger import lines as book
from app.domain.ledger import proposals, views
from app.domain.ledger.entries import REVERSAL, EntryView, NewEntry
from app.domain.ledger.lines import LineView
from app.domain.ledger.pockets import Pockets, total
from app.domain.ledger.posting import record
from app.domain.ledger.statement import Movement, movements
from app.domain.ledger.trial import waits
from app.domain.ledger.views import EntryFilter, ListedEntry
from app.domain.works import contracts
from app.domain.works.contracts import ContractView
from app.errors import Fault, NotFound
from app.i18n import N_
from app.reports.entries import entries_table, status_tag
from app.reports.labels import CAPITAL_KINDS, ENTRY_KINDS, STATUSES
from app.reports.lines import bar_of
from app.reports.svg import Bar
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import (
    DOCUMENT_FIELDS,
    document_of,
    named,
    new_id,
    pager,
    query_form,
    source_names,
    take,
    where,
    whole,
    window,
)
from app.views.ledger.lines import label
from app.views.templating import is_local, mark_illustrative, redirect_after_post, render, table_answer

router = APIRouter(include_in_schema=False)
ROWS = 50


@router.get("/ledger/entries")
def show_entries(request: Request, who: Reader) -> Response:
    """Entries and proposals under filters, newest voucher first; page, Excel and CSV."""
    actor, here = who.actor, where(request, who.actor)
    asked = {k: v.strip() for k, v in request.query_params.items() if v.strip()}
    form = query_form(request)
    wanted = EntryFilter(
        unit=here.unit.exact_code,
        year=None if asked.get("document") and not whole(asked.get("year")) else here.year,
        kind=asked.get("kind"),
        status=asked["status"] if asked.get("status") in STATUSES else None,
        source=asked.get("source"),
        capital_kind=asked.get("capital"),
        program_code=asked.get("program"),
        project_code=asked.get("project"),
        document=asked.get("document"),
        effective_from=form.day("from", required=False),
        effective_to=form.day("to", required=False),
    )
    number, _ = views.count(actor, wanted)
    offset, limit = window(request, ROWS)
    found = views.entries(actor, wanted, newest_first=True, offset=offset, limit=limit)
    mark_illustrative(request, [x.entry for x in found])
    sources = source_names(request, actor)
    table = entries_table(
        found,
        sources=sources,
        people=people.names_of(x.entry.recorded_by for x in found),
        filters=[
            (N_("Đơn vị"), here.unit.name),
            *([(N_("Năm"), str(wanted.year))] if wanted.year else []),
            *([(N_("Loại vốn"), CAPITAL_KINDS.get(wanted.capital_kind, ""))] if wanted.capital_kind else []),
            *([(N_("Loại"), ENTRY_KINDS.get(wanted.kind, wanted.kind))] if wanted.kind else []),
            *([(N_("Trạng thái"), STATUSES[wanted.status])] if wanted.status else []),
            *([(N_("Nguồn vốn"), sources.get(wanted.source, wanted.source))] if wanted.source else []),
            *([(N_("Chương trình"), wanted.program_code)] if wanted.program_code else []),
            *([(N_("Dự án"), wanted.project_code)] if wanted.project_code else []),
            *([(N_("Chứng từ"), wanted.document)] if wanted.document else []),
            *([(N_("Từ ngày"), form.get("from"))] if wanted.effective_from else []),
            *([(N_("Đến ngày"), form.get("to"))] if wanted.effective_to else []),
        ],
        name=f"so-chi-tiet-{here.unit.code}-{here.year}",
    )
    return table_answer(
        request, table, "ledger/entries.html", title=N_("Sổ chi tiết"), place="ledger", at=here,
        years=here.years, year=here.year, form=form, number=number, pager=pager(request, number, ROWS),
        sources=sources, kinds=named(request, ENTRY_KINDS), statuses=named(request, STATUSES),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Voucher:
    """An entry with all that its page says."""

    entry: EntryView
    move: Movement
    line: LineView
    label: str
    target: LineView | None
    target_label: str
    before: Bar
    after: Bar
    change: Pockets

    @property
    def kind(self) -> str:
        return ENTRY_KINDS[self.move.base_kind]


def _voucher(request: Request, actor: Actor, entry_id: uuid.UUID) -> Voucher:
    entry = views.get(actor, entry_id)
    sources = source_names(request, actor)
    move = movements(actor, [entry_id]).get(entry_id)
    if move is None:
        raise NotFound()
    line = book.get(actor, entry.budget_line_id)
    target = _line_if_seen(actor, entry.to_budget_line_id)
    change = _together(actor, entry) or move.change(entry.amount)
    after = line.pockets + change
    return Voucher(
        entry, move, line, label(line, sources), target, label(target, sources) if target else "",
        bar_of(line.pockets), bar_of(after if after.first_negative() is None else line.pockets), change,
    )  # fmt: skip


def _together(actor: Actor, entry: EntryView) -> Pockets | None:
    """What a waiting voucher does to its line as a whole: those recorded together are posted together."""
    if entry.status != "proposed" or entry.group_id is None:
        return None
    wanted = EntryFilter(group_id=entry.group_id, budget_line_id=entry.budget_line_id)
    parts = [x.entry for x in views.entries(actor, wanted, limit=500)]
    own = [part for part in parts if part.budget_line_id == entry.budget_line_id]
    moves = movements(actor, [part.id for part in own])
    return total(moves[part.id].change(part.amount) for part in own)


def _line_if_seen(actor: Actor, line_id: uuid.UUID | None) -> LineView | None:
    """The other line of a carry_over, which may be another unit's."""
    try:
        return book.get(actor, line_id) if line_id is not None else None
    except NotFound:
        return None


@router.get("/ledger/entries/{entry_id:uuid}")
def show_entry(request: Request, who: Reader, entry_id: uuid.UUID) -> Response:
    """A voucher's page."""
    return _show(request, who.actor, entry_id, Form())


def _contract(actor: Actor, contract_id: uuid.UUID) -> ContractView | None:
    """The entry's contract, where the reader may see its work: its owner may be a unit above."""
    try:
        return contracts.get(actor, contract_id)
    except NotFound:
        return None


def _show(request: Request, actor: Actor, entry_id: uuid.UUID, form: Form, *, status: int = 200) -> Response:
    voucher = _voucher(request, actor, entry_id)
    entry = voucher.entry
    mark_illustrative(request, [entry])
    group = [entry]
    if entry.group_id is not None:
        together = views.entries(actor, EntryFilter(group_id=entry.group_id), limit=500)
        group = [x.entry for x in together]
    contract = _contract(actor, entry.contract_id) if entry.contract_id else None
    mine = entry.recorded_by == actor.ref
    return render(
        request, "ledger/entry.html", status=status, title=entry.document.number, place="ledger", v=voucher,
        entry=entry, tag=status_tag(entry.status), group=group, contract=contract, form=form, mine=mine,
        names=people.names_of(x for x in (entry.recorded_by, entry.posted_by) if x),
        may_decide=actor.may("ledger.post") and not mine and entry.status == "proposed",
        may_cancel=mine and entry.status == "proposed" and actor.may("ledger.propose"),
        documents=documents_of(actor, "entry", entry_id), may_attach=actor.may("document.edit"),
        may_reverse=entry.status == "posted" and entry.kind != REVERSAL and not entry.reversed_by_id
        and actor.may("ledger.propose"),
    )  # fmt: skip


@router.post("/ledger/entries/{entry_id:uuid}/post")
def post_proposal(request: Request, who: Reader, form: Typed, entry_id: uuid.UUID) -> Response:
    """The checker posts what another proposed."""
    return _decide(
        request,
        who.actor,
        form,
        entry_id,
        lambda: proposals.post(who.actor, entry_id),
        N_("Đã duyệt, đã ghi sổ"),
    )


@router.post("/ledger/entries/{entry_id:uuid}/reject")
def reject_proposal(request: Request, who: Reader, form: Typed, entry_id: uuid.UUID) -> Response:
    """The checker gives it back, with a reason."""
    reason = form.get("reason")
    return _decide(
        request, who.actor, form, entry_id, lambda: proposals.reject(who.actor, entry_id, reason),
        N_("Đã trả lại phiếu"),
    )  # fmt: skip


@router.post("/ledger/entries/{entry_id:uuid}/cancel")
def cancel_proposal(request: Request, who: Reader, form: Typed, entry_id: uuid.UUID) -> Response:
    """The maker takes it back."""
    return _decide(
        request, who.actor, form, entry_id, lambda: proposals.cancel(who.actor, entry_id), N_("Đã rút phiếu")
    )


def _decide(
    request: Request, actor: Actor, form: Form, entry_id: uuid.UUID, act: Callable[[], EntryView], said: str
) -> Response:
    try:
        act()
    except NotFound:
        raise
    except Fault as fault:
        status = take(form, fault, {}, ("reason",))
        return _show(request, actor, entry_id, form, status=status)
    onward = form.get("next")
    return redirect_after_post(
        request, onward if is_local(onward) and onward else f"/ledger/entries/{entry_id}", flash=said
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one decision settles: a proposal, or several made together; with the line's money before and after."""

    first: ListedEntry
    number: int
    total: int
    line: LineView
    label: str
    before: int
    after: int
    bar: Bar
    mine: bool


@router.get("/ledger/proposals")
def show_proposals(request: Request, who: Reader) -> Response:
    """What waits, oldest first, with what each would do."""
    actor = who.actor
    found = proposals.waiting(actor)
    mark_illustrative(request, [x.entry for x in found])
    sources = source_names(request, actor)
    moves = movements(actor, [x.entry.id for x in found])
    groups: dict[uuid.UUID, list[ListedEntry]] = {}
    for listed in found:
        groups.setdefault(listed.entry.group_id or listed.entry.id, []).append(listed)
    waiting = [_waiting(actor, group, moves, sources) for group in groups.values()]
    return render(
        request, "ledger/proposals.html", title=N_("Chờ duyệt"), place="ledger", waiting=waiting,
        names=people.names_of({x.entry.recorded_by for x in found}), may_post=actor.may("ledger.post"),
        total=sum(x.entry.amount for x in found), number=len(found),
    )  # fmt: skip


def _waiting(
    actor: Actor, group: list[ListedEntry], moves: dict[uuid.UUID, Movement], sources: dict[str, str]
) -> Waiting:
    first = group[0]
    line = book.get(actor, first.entry.budget_line_id)
    after = line.pockets
    for listed in group:
        if listed.entry.budget_line_id == line.id:
            after = after + moves[listed.entry.id].change(listed.entry.amount)
    return Waiting(
        first, len(group), sum(x.entry.amount for x in group), line, label(line, sources), line.available,
        after.available, bar_of(after if after.first_negative() is None else line.pockets),
        first.entry.recorded_by == actor.ref,
    )  # fmt: skip


@router.get("/ledger/entries/{entry_id:uuid}/reverse")
def reverse_form(request: Request, who: Reader, entry_id: uuid.UUID) -> Response:
    """The form that reverses an entry: why, on what document, and when if not on its day."""
    require(who.actor, "ledger.propose")
    entry = views.get(who.actor, entry_id)
    form = Form(
        id=new_id(), number=entry.document.number, issuer=entry.document.issuer, issued_on=entry.document.date
    )
    return _reverse_form(request, who.actor, entry_id, form)


def _reverse_form(
    request: Request, actor: Actor, entry_id: uuid.UUID, form: Form, *, status: int = 200
) -> Response:
    voucher = _voucher(request, actor, entry_id)
    return render(
        request, "ledger/reverse.html", status=status, title=N_("Đảo bút toán"), place="ledger", v=voucher,
        entry=voucher.entry, form=form, waits=waits(actor, [voucher.line.id]),
    )  # fmt: skip


@router.post("/ledger/entries/{entry_id:uuid}/reverse")
def reverse(request: Request, who: Reader, form: Typed, entry_id: uuid.UUID) -> Response:
    """Records the reversal; the entry itself is never changed."""
    actor = who.actor
    require(actor, "ledger.propose")
    entry = views.get(actor, entry_id)
    id_, memo = form.id("id"), form.text("memo", longest=1000)
    day = form.day("effective_date", required=False)
    document = document_of(form)
    status = 422
    if form.ok and id_ is not None and document is not None:
        new = NewEntry(
            id_, entry.budget_line_id, REVERSAL, None, day, document, memo or "", reverses_id=entry_id
        )
        try:
            made, _ = record(actor, new)
            said = N_("Đã đảo bút toán") if made.status == "posted" else N_("Đã lập phiếu đảo, chờ duyệt")
            return redirect_after_post(request, f"/ledger/entries/{made.id}", flash=said)
        except Fault as fault:
            status = take(
                form, fault, DOCUMENT_FIELDS | {"amount": ""}, ("effective_date", "number", "issuer")
            )
    return _reverse_form(request, actor, entry_id, form, status=status)
