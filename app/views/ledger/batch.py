"""One document over many lines: an allocation decision, and distributing a line's money to those below it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain.access import Actor, require
from app.domain.ledger import lines as book
from app.domain.ledger.distribution import Share, distribute
from app.domain.ledger.entries import NewEntry
from app.domain.ledger.lines import LineFilter, LineView
from app.domain.ledger.posting import record_all
from app.domain.ledger.targets import distribution_targets
from app.domain.ledger.trial import waits
from app.errors import Fault
from app.i18n import N_, Message
from app.reports.labels import ENTRY_KINDS
from app.reports.lines import bar_of
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import (
    DOCUMENT_FIELDS,
    Where,
    document_of,
    id_of,
    named,
    new_id,
    source_names,
    take,
    where,
    whole,
    year_gone,
)
from app.views.ledger.lines import label
from app.views.templating import redirect_after_post, render

router = APIRouter(include_in_schema=False)
FIRST_ROWS: Final = 3
MORE_ROWS: Final = 5
MOST_ROWS: Final = 100
MOST_LINES: Final = 1_000
KINDS: Final = ("allocate", "withdraw", "lapse")


@dataclass(frozen=True, slots=True)
class Filled:
    """A row of the form that says something: its number, its line and its amount."""

    number: int
    line_id: uuid.UUID
    amount: int


@router.get("/ledger/batch")
def open_batch(request: Request, who: Reader) -> Response:
    """The form of one decision for many lines."""
    require(who.actor, "ledger.propose")
    here = where(request, who.actor)
    form = Form(id=new_id(), kind="allocate", rows=str(FIRST_ROWS), effective_date=today())
    return _show(request, who.actor, here, form)


@router.post("/ledger/batch")
def send_batch(request: Request, who: Reader, form: Typed) -> Response:
    """Records all rows or none. The button that asks for more rows only grows the form."""
    actor = who.actor
    require(actor, "ledger.propose")
    here = where(request, actor)
    if form.flag("more"):
        form.values["rows"] = str(min(_rows(form) + MORE_ROWS, MOST_ROWS))
        return _show(request, actor, here, form)
    id_, kind, day = form.id("id"), form.choice("kind", KINDS), form.day("effective_date")
    document = document_of(form)
    memo = form.text("memo", required=False, longest=1000) or ""
    filled = _filled(form)
    if not filled and form.ok:
        form.fail("line_0", N_("Ghi ít nhất một dòng vốn và số tiền."))
    status = 422
    if form.ok and id_ is not None and kind is not None and document is not None:
        entries = [
            NewEntry(uuid.uuid5(id_, str(i)), row.line_id, kind, row.amount, day, document, memo)
            for i, row in enumerate(filled)
        ]
        try:
            views, new = record_all(actor, entries, group_id=id_)
            text = N_("Đã ghi sổ {n:number} bút toán, {total:money}")
            if views[0].status != "posted":
                text = N_("Đã lập {n:number} phiếu, {total:money}, chờ người khác duyệt")
            if not new:
                text = N_("Phiếu này đã ghi từ trước, không ghi thêm lần nữa")
            facts = {"n": len(views), "total": sum(v.amount for v in views)}
            return redirect_after_post(request, f"/ledger/entries/{views[0].id}", flash=Message(text, facts))
        except Fault as fault:
            status = _refuse(form, fault, filled)
    return _show(request, actor, here, form, status=status)


def _refuse(form: Form, fault: Fault, filled: list[Filled]) -> int:
    names = dict(DOCUMENT_FIELDS)
    for i, row in enumerate(filled):
        names |= {f"entries.{i}.{name}": plain for name, plain in DOCUMENT_FIELDS.items()}
        names[f"entries.{i}.budget_line_id"] = f"line_{row.number}"
        names[f"entries.{i}.amount"] = f"amount_{row.number}"
        names[f"entries.{i}.effective_date"] = "effective_date"
    known = {*names.values(), "effective_date", *DOCUMENT_FIELDS.values()}
    status = take(form, fault, names, tuple(known))
    return 422 if status == 404 else status


def _rows(form: Form) -> int:
    return min(max(whole(form.get("rows")) or FIRST_ROWS, 1), MOST_ROWS)


def _filled(form: Form) -> list[Filled]:
    """The rows that are not blank; a half-filled one is noted as a fault."""
    found = []
    for i in range(_rows(form)):
        if not form.get(f"line_{i}") and not form.get(f"amount_{i}").strip():
            continue
        line_id, amount = form.id(f"line_{i}"), form.amount(f"amount_{i}")
        if line_id is not None and amount is not None:
            found.append(Filled(i, line_id, amount))
    return found


def _sum(form: Form, names: list[str]) -> int:
    """What the amounts come to so far; what is no amount yet counts as nothing."""
    quiet = Form(dict(form.values))
    return sum(quiet.amount(name, required=False) or 0 for name in names)


def _show(request: Request, actor: Actor, here: Where, form: Form, *, status: int = 200) -> Response:
    sources = source_names(request, actor)
    of_year = book.lines(
        actor, LineFilter(unit=here.unit.exact_code, year=here.year), by_project=True, limit=MOST_LINES
    )
    rows = _rows(form)
    return render(
        request, "ledger/batch.html", status=status, title=N_("Một văn bản, nhiều dòng vốn"), place="ledger",
        form=form, at=here, years=here.years, year=here.year, rows=rows, most=MOST_ROWS,
        kinds=named(request, {kind: ENTRY_KINDS[kind] for kind in KINDS}),
        lines=[(str(line.id), _option(line, sources)) for line in of_year],
        total=_sum(form, [f"amount_{i}" for i in range(rows)]), waits=waits(actor, [line.id for line in of_year]),
        has_lines=bool(of_year), may_edit=actor.may("line.edit"),
    )  # fmt: skip


def _option(line: LineView, sources: dict[str, str]) -> str:
    return f"{label(line, sources)} · {line.title} · {line.unit_name}"


@router.get("/ledger/lines/{line_id:uuid}/distribute")
def open_distribution(request: Request, who: Reader, line_id: uuid.UUID) -> Response:
    """The lines that a line's money can go to, an amount for each."""
    require(who.actor, "ledger.propose")
    line = book.get(who.actor, line_id)
    return _distribution(request, who.actor, line, Form(id=new_id(), effective_date=today()))


@router.post("/ledger/lines/{line_id:uuid}/distribute")
def send_distribution(request: Request, who: Reader, form: Typed, line_id: uuid.UUID) -> Response:
    """Withdraws the sum above and allocates below, all or none."""
    actor = who.actor
    require(actor, "ledger.propose")
    line = book.get(actor, line_id)
    id_, day, document = form.id("id"), form.day("effective_date"), document_of(form)
    names = [name for name in form.values if name.startswith("to_") and form.get(name).strip()]
    shares = []
    for name in names:
        target, amount = id_of(name.removeprefix("to_")), form.amount(name)
        if target is not None and amount is not None:
            shares.append(Share(target, amount))
    if not names and form.ok:
        form.general.append(Message(N_("Ghi số tiền cho ít nhất một dòng nhận.")))
    status = 422
    if form.ok and id_ is not None and day is not None and document is not None:
        try:
            views, _ = distribute(actor, line_id, id_, document, day, shares)
            posted = views[0].status == "posted"
            said = (
                N_("Đã phân khai {total:money}")
                if posted
                else N_("Đã lập phiếu phân khai {total:money}, chờ duyệt")
            )
            return redirect_after_post(
                request, f"/ledger/entries/{views[0].id}", flash=Message(said, {"total": views[0].amount})
            )
        except Fault as fault:
            known = {f"to.{i}.amount": f"to_{s.budget_line_id}" for i, s in enumerate(shares)}
            known |= {f"to.{i}.budget_line_id": f"to_{s.budget_line_id}" for i, s in enumerate(shares)}
            status = take(
                form, fault, DOCUMENT_FIELDS | known, (*names, "effective_date", "number", "issuer")
            )
    return _distribution(request, actor, line, form, status=422 if status == 404 else status)


def _distribution(
    request: Request, actor: Actor, line: LineView, form: Form, *, status: int = 200
) -> Response:
    targets = distribution_targets(actor, line.id)
    sources = source_names(request, actor)
    total = _sum(form, [f"to_{t.id}" for t in targets])
    return render(
        request, "ledger/distribute.html", status=status, title=N_("Phân khai"), place="ledger", line=line,
        label=label(line, sources), form=form, targets=targets, total=total,
        bar=bar_of(line.pockets, year_gone(line.year)),
        waits=waits(actor, [line.id, *(t.id for t in targets)]), may_edit=actor.may("line.edit"),
    )  # fmt: skip
