"""Recording what one voucher does: the form of each kind, its live check, and recovering with paying together."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain.access import Actor, require
from app.domain.ledger import line_keys
from app.domain.ledger import lines as book
from app.domain.ledger.deadlines import last_day_of_line
from app.domain.ledger.entries import Document, EntryView, NewEntry
from app.domain.ledger.line_keys import NewLine
from app.domain.ledger.lines import LineFilter, LineView
from app.domain.ledger.pockets import KINDS, ON_CONTRACT
from app.domain.ledger.posting import record_all
from app.domain.ledger.targets import carry_targets
from app.domain.ledger.trial import Trial, trial, waiting_on, waits
from app.domain.works import contracts
from app.domain.works.contracts import ContractView
from app.errors import Fault
from app.i18n import N_, Message
from app.reports.labels import ENTRY_KINDS, POCKETS
from app.reports.lines import bar_of
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import (
    DOCUMENT_FIELDS,
    document_of,
    id_of,
    named,
    new_id,
    query_form,
    source_names,
    take,
    year_gone,
)
from app.views.ledger.lines import label
from app.views.templating import fragment, mark_illustrative, redirect_after_post, render

router = APIRouter(include_in_schema=False)

TOGETHER: Final = "recover_pay"
ORDER: Final = (
    "pay", "advance", TOGETHER, "recover", "allocate", "refund", "settle", "withdraw", "carry_over", "lapse",
)  # fmt: skip
RARE: Final = frozenset({"settle", "withdraw", "carry_over", "lapse"})  # not a payment: behind one more tap
NAMES: Final = {**ENTRY_KINDS, TOGETHER: N_("Thu hồi tạm ứng và thanh toán")}
FIELDS: Final = (
    "kind", "amount", "amount_pay", "effective_date", "number", "issued_on", "issuer", "memo", "contract_id",
    "no_contract_reason", "from_pocket", "to_budget_line_id",
)  # fmt: skip
NEW_LINE: Final = "new"
FILLED: Final = ("amount", "amount_pay", "contract")  # what an address may fill in besides the kind
SHOWN: Final = 40  # lines to choose from; more are found by typing


def _allowed(line: LineView) -> list[str]:
    """The kinds that a line's money allows now, in the order of use."""
    money = line.pockets
    holds = {pocket for pocket in POCKETS if pocket and getattr(money, pocket) > 0}

    def possible(kind: str) -> bool:
        if kind == TOGETHER:
            return {"advanced", "available"} <= holds
        return any(pocket is None or pocket in holds for pocket in KINDS[kind][0])

    return [kind for kind in ORDER if possible(kind)]


@router.get("/ledger/record")
def open_form(request: Request, who: Reader) -> Response:
    """The form for a line; without one, lines to choose from."""
    actor = who.actor
    require(actor, "ledger.propose")
    asked = request.query_params
    line_id, work_id = id_of(asked.get("line")), id_of(asked.get("work"))
    if line_id is None and work_id is not None:
        of_work = book.lines(actor, LineFilter(work_id=work_id), by_project=True)
        line_id = of_work[0].id if len(of_work) == 1 else None
    if line_id is None:
        return _choose(request, actor, work_id)
    line = book.get(actor, line_id)
    allowed = _allowed(line)
    kind = asked.get("kind", "")
    form = Form(
        id=new_id(), line=line.id, kind=kind if kind in allowed else allowed[0], effective_date=_day(actor, line),
        from_pocket="available" if kind == "carry_over" else "",
        **{name: asked.get(name, "") for name in ("amount", "amount_pay")}, contract_id=asked.get("contract", ""),
    )  # fmt: skip
    return _show(request, actor, line, form)


def _day(actor: Actor, line: LineView) -> date | None:
    """Today, unless the line's last day has passed: then only the voucher knows."""
    last = last_day_of_line(actor, line.id)
    return None if last is not None and last < today() else today()


def _choose(request: Request, actor: Actor, work_id: uuid.UUID | None) -> Response:
    q = request.query_params.get("q", "").strip()
    if q or work_id is not None:
        found = book.lines(actor, LineFilter(q=q or None, work_id=work_id), by_project=True, limit=SHOWN)
    else:
        years = book.years(actor, actor.unit_id)[:2]
        recent = [
            x for y in years for x in book.lines(actor, LineFilter(year=y), by_project=True, limit=SHOWN)
        ]
        found = sorted(recent, key=lambda line: line.available == 0)[:SHOWN]
    mark_illustrative(request, found)
    kind = request.query_params.get("kind", "")
    sources = source_names(request, actor)
    return render(
        request, "ledger/choose.html", title=N_("Ghi vào dòng vốn nào?"), place="record", lines=found, q=q,
        kind=kind if kind in NAMES else "", form=query_form(request), may_edit=actor.may("line.edit"),
        label={line.id: label(line, sources) for line in found}, bar_of=bar_of, work_id=work_id,
        filled={n: v for n in FILLED if (v := request.query_params.get(n, "")[:40])},
    )  # fmt: skip


@router.post("/ledger/record")
def send(request: Request, who: Reader, form: Typed) -> Response:
    """Records; a refused form comes back as it was typed, with the refusal beside its field."""
    actor = who.actor
    require(actor, "ledger.propose")
    line = book.get(actor, id_of(form.get("line")) or uuid.UUID(int=0))
    asked = _read(form, line)
    status = 422
    if asked is not None and form.ok:
        try:
            prepare = None
            if asked.kind == "carry_over" and form.get("to_budget_line_id") == NEW_LINE:
                prepare = partial(line_keys.make, actor=actor, new=_next_year(line, asked.id))
            entries = _entries(line, asked, form)
            group = asked.id if len(entries) > 1 else None
            views, new = record_all(actor, entries, group_id=group, prepare=prepare)
            return _done(request, views, new)
        except Fault as fault:
            status = _refuse(form, fault)
    return _show(request, actor, line, form, status=status)


def _done(request: Request, views: list[EntryView], new: bool) -> Response:
    total = sum(view.amount for view in views)
    if not new:
        text = N_("Phiếu này đã ghi từ trước, không ghi thêm lần nữa")
    elif views[0].status == "posted":
        text = N_("Đã ghi sổ {total:money}")
    else:
        text = N_("Đã lập phiếu {total:money}, chờ người khác duyệt")
    return redirect_after_post(
        request, f"/ledger/entries/{views[0].id}", flash=Message(text, {"total": total})
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says, read and whole."""

    id: uuid.UUID
    kind: str
    amount: int
    amount_pay: int | None
    document: Document
    more: dict[str, Any]


def _read(form: Form, line: LineView) -> Asked | None:
    id_ = form.id("id")
    kind = form.choice("kind", NAMES)
    amount = form.amount("amount")
    amount_pay = form.amount("amount_pay") if kind == TOGETHER else None
    form.day("effective_date")
    document = document_of(form)
    more = _more(form, kind or "", line)
    if id_ is None or kind is None or amount is None or document is None:
        return None
    return Asked(id_, kind, amount, amount_pay, document, more)


def _more(form: Form, kind: str, line: LineView) -> dict[str, Any]:
    """What only some kinds have; the rest of the form is not looked at."""
    more: dict[str, Any] = {
        "effective_date": form.day("effective_date", required=False),
        "memo": form.text("memo", required=False, longest=1000) or "",
    }
    if line.work_id is not None and (kind in ON_CONTRACT or kind == TOGETHER):
        more["contract_id"] = form.id("contract_id", required=False)
        if more["contract_id"] is None:
            more["no_contract_reason"] = form.text("no_contract_reason", required=False, longest=300) or ""
    if kind in ("refund", "carry_over"):
        more["from_pocket"] = form.choice("from_pocket", KINDS[kind][0])  # type: ignore[arg-type]  # no outside here
    if kind == "carry_over" and form.get("to_budget_line_id") != NEW_LINE:
        more["to_budget_line_id"] = form.id("to_budget_line_id")
    return more


def _entries(line: LineView, asked: Asked, form: Form) -> list[NewEntry]:
    if asked.kind == "carry_over" and form.get("to_budget_line_id") == NEW_LINE:
        asked.more["to_budget_line_id"] = _next_year(line, asked.id).id
    if asked.kind != TOGETHER:
        return [_entry(line, asked.id, asked.kind, asked.amount, asked)]
    second = uuid.uuid5(asked.id, "pay")
    return [
        _entry(line, asked.id, "recover", asked.amount, asked),
        _entry(line, second, "pay", asked.amount_pay or 0, asked),
    ]


def _entry(line: LineView, id_: uuid.UUID, kind: str, amount: int, asked: Asked) -> NewEntry:
    return NewEntry(
        id=id_, budget_line_id=line.id, kind=kind, amount=amount, document=asked.document, **asked.more
    )


def _next_year(line: LineView, id_: uuid.UUID) -> NewLine:
    """The line of the next year that takes what is carried; its id follows from the form's."""
    return NewLine(
        uuid.uuid5(id_, "line"), f"{line.unit_code}@{line.unit_structure}", line.project_code, line.source,
        line.capital_kind, line.year + 1, line.origin_year, line.work_id, line.support_model_id,
    )  # fmt: skip


def _refuse(form: Form, fault: Fault) -> int:
    """Notes a refusal; of a voucher that recovers and pays, beside the amount that it is about."""
    second = fault.facts.get("pocket") == "available" and form.get("kind") == TOGETHER
    names: dict[str, str] = {}
    for name in (*FIELDS, *DOCUMENT_FIELDS):
        plain = DOCUMENT_FIELDS.get(name, name)
        names |= {name: plain, f"entries.0.{name}": plain, f"entries.1.{name}": plain}
    names["entries.1.amount"] = "amount_pay"
    if second:
        names["amount"] = "amount_pay"
    status = take(form, fault, names, FIELDS)
    return 422 if status == 404 else status


def _show(request: Request, actor: Actor, line: LineView, form: Form, *, status: int = 200) -> Response:
    mark_illustrative(request, [line])
    sources = source_names(request, actor)
    allowed = _allowed(line)
    if form.get("kind") in NAMES and form.get("kind") not in allowed:
        allowed.append(form.get("kind"))  # a refused one stays chosen
    of_work = contracts.contracts(actor, work_id=line.work_id) if line.work_id else []
    carries = "carry_over" in allowed
    return render(
        request, "ledger/record.html", status=status, title=N_("Ghi vào dòng vốn"), place="record", line=line,
        label=label(line, sources), form=form, kinds=named(request, {kind: NAMES[kind] for kind in allowed if kind not in RARE}),
        rare=named(request, {kind: NAMES[kind] for kind in allowed if kind in RARE}),
        contracts=[(str(c.id), f"{c.code} · {c.contractor}") for c in of_work],
        waits=waits(actor, [line.id]), last=last_day_of_line(actor, line.id),
        targets=[(str(t.id), label(t, sources)) for t in carry_targets(actor, line.id)] if carries else [],
        may_make=actor.may("line.edit"), check=_check(actor, line, form),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """What the form would do, for the picture below the amount."""

    bar: Any
    before: Any
    after: Any
    fault: Message | None
    typed: bool
    waiting: list[tuple[str, int]]
    contract: ContractView | None


@router.get("/ledger/check")
def check(request: Request, who: Reader) -> Response:
    """What the form would do as it stands now, as a fragment. Nothing is recorded."""
    require(who.actor, "ledger.propose")
    form = query_form(request)
    line = book.get(who.actor, id_of(form.get("line")) or uuid.UUID(int=0))
    return fragment(
        request, "ledger/check.html", "outcome", check=_check(who.actor, line, form), kind=form.get("kind")
    )  # fmt: skip


def _check(actor: Actor, line: LineView, form: Form) -> Check:
    tried = _tried(actor, line, form)
    pockets = line.pockets if tried is None else tried.after.get(line.id, line.pockets)
    fault = tried.fault if tried is not None else None
    contract_id = id_of(form.get("contract_id"))
    contract = None
    if contract_id is not None and line.work_id is not None:
        of_work = contracts.contracts(actor, work_id=line.work_id)
        contract = next((c for c in of_work if c.id == contract_id), None)
    return Check(
        bar=bar_of(pockets, year_gone(line.year)), before=line.pockets, after=pockets, typed=tried is not None,
        fault=_said(fault), waiting=sorted(waiting_on(actor, line.id).items()), contract=contract,
    )  # fmt: skip


def _said(fault: Fault | None) -> Message | None:
    if fault is None:
        return None
    if fault.errors:
        return Message(fault.errors[0].message, fault.errors[0].facts)
    return Message(fault.message, fault.facts)


def _tried(actor: Actor, line: LineView, form: Form) -> Trial | None:
    """The entries as far as they are typed, tried; None while there is no amount."""
    quiet = Form(dict(form.values))  # what is not typed yet is no fault yet
    kind, amount = quiet.choice("kind", NAMES), quiet.amount("amount")
    if kind is None or amount is None:
        return None
    amount_pay = quiet.amount("amount_pay") if kind == TOGETHER else None
    more = _more(quiet, kind, line)
    if kind == "carry_over" and not more.get("to_budget_line_id"):
        return None  # the line that takes it does not stand yet
    if more.get("contract_id") is None and "no_contract_reason" in more:
        more["no_contract_reason"] = more["no_contract_reason"] or "-"
    if more.get("from_pocket") is None:
        more.pop("from_pocket", None)
    more["effective_date"] = more["effective_date"] or _day(actor, line) or last_day_of_line(actor, line.id)
    document = Document(quiet.get("number"), more["effective_date"] or today(), "-")
    asked = Asked(uuid.uuid4(), kind, amount, amount_pay, document, more)
    if kind == TOGETHER and amount_pay is None:
        return trial(actor, [_entry(line, asked.id, "recover", amount, asked)])
    return trial(actor, _entries(line, asked, quiet))
