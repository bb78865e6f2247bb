"""Around the year: opening one, closing periods, and until when lines pay out."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import programs
from app.domain.access import Actor, require
from app.domain.identity import people
from app.domain.ledger.deadlines import NewExtension, extend, extensions
from app.domain.ledger.entries import Document
from app.domain.ledger.opening import open_year, preview
from app.domain.ledger.periods import close_period, open_period, periods
from app.errors import Fault
from app.i18n import N_, Message, translate
from app.reports.labels import CAPITAL_KINDS
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
    project_options,
    source_names,
    take,
    where,
    whole,
)
from app.views.ledger.lines import label
from app.views.templating import language, redirect_after_post, render

router = APIRouter(include_in_schema=False)
# Copying lines alone stands on no document.
_NO_DOCUMENT: Final = Document("", date(1970, 1, 1), "")
CHOICES: Final = {
    "leave": N_("Để lại, quyết định sau"),
    "carry_over": N_("Chuyển sang năm sau"),
    "lapse": N_("Hủy dự toán"),
}


@router.get("/ledger/open-year")
def open_opening(request: Request, who: Reader) -> Response:
    """What opening a year would do: lines copied, and the rest of each decided."""
    require(who.actor, "line.edit")
    here = where(request, who.actor)
    form = Form(id=new_id(), effective_date=today())
    return _opening(request, who.actor, here, _year(request, here), form)


def _year(request: Request, here: Where) -> int:
    """The year to open: the one asked for, else that after the latest."""
    return whole(request.query_params.get("year")) or here.years[0] + 1


@router.post("/ledger/open-year")
def send_opening(request: Request, who: Reader, form: Typed) -> Response:
    """Copies the lines and proposes what was chosen, in bulk, for somebody else to post."""
    require(who.actor, "line.edit")
    here = where(request, who.actor)
    year = _year(request, here)
    choices = {
        id_: form.get(name)
        for name in form.values
        if name.startswith("choice_") and (id_ := id_of(name.removeprefix("choice_"))) is not None
    }
    moving = any(choice != "leave" for choice in choices.values())
    id_, day = form.id("id"), form.day("effective_date", required=moving)
    document = document_of(form) if moving else None
    status = 422
    if form.ok and id_ is not None:
        try:
            if document is None:
                made = open_year(who.actor, id_, here.unit.exact_code, year, _NO_DOCUMENT, today(), {})
            else:
                made = open_year(
                    who.actor, id_, here.unit.exact_code, year, document, day or today(), choices
                )
            text = N_("Đã mở năm {year}: {n:number} phiếu chờ duyệt") if made else N_("Đã mở năm {year}")
            url = "/ledger/proposals" if made else f"/ledger?year={year}&unit={here.unit.exact_code}"
            return redirect_after_post(request, url, flash=Message(text, {"year": year, "n": len(made)}))
        except Fault as fault:
            status = take(
                form, fault, _entry_names(len(choices)), (*DOCUMENT_FIELDS.values(), "effective_date")
            )
    return _opening(request, who.actor, here, year, form, status=status)


def _entry_names(number: int) -> dict[str, str]:
    names = dict(DOCUMENT_FIELDS)
    for i in range(number):
        names |= {f"entries.{i}.{name}": plain for name, plain in DOCUMENT_FIELDS.items()}
        names[f"entries.{i}.effective_date"] = "effective_date"
    return names


def _opening(
    request: Request, actor: Actor, here: Where, year: int, form: Form, *, status: int = 200
) -> Response:
    found = preview(actor, here.unit.exact_code, year)
    sources = source_names(request, actor)
    return render(
        request, "ledger/open_year.html", status=status, title=N_("Mở năm mới"), place="ledger", at=here,
        opening=found, opened=year, form=form, choices=named(request, CHOICES), bar_of=bar_of,
        label={x.id: label(x, sources) for x in (*found.to_copy, *found.with_rest)},
    )  # fmt: skip


@router.get("/ledger/periods")
def show_periods(request: Request, who: Reader) -> Response:
    """Closed months and years."""
    return _periods(request, who.actor, Form(id=new_id(), year=str(today().year)))


@router.post("/ledger/periods")
def close(request: Request, who: Reader, form: Typed) -> Response:
    """Closes a month or a year of a unit's book."""
    here = where(request, who.actor)
    id_ = form.id("id")
    year = form.whole("year", least=2000, most=2100)
    month = form.whole("month", most=12)
    status = 422
    if form.ok and id_ is not None and year is not None and month is not None:
        try:
            close_period(who.actor, id_, here.unit.exact_code, year, month)
            return redirect_after_post(request, "/ledger/periods", flash=N_("Đã khóa sổ"))
        except Fault as fault:
            status = take(form, fault, {}, ("year", "month"))
    return _periods(request, who.actor, form, status=status)


@router.post("/ledger/periods/{period_id:uuid}/open")
def open_again(request: Request, who: Reader, form: Typed, period_id: uuid.UUID) -> Response:
    """Opens a closed period again; the reason stays on record."""
    try:
        open_period(who.actor, period_id, form.get("reason"))
    except Fault as fault:
        if fault.status == 404:
            raise
        status = take(form, fault, {}, ("reason",))
        return _periods(request, who.actor, form, status=status, refused=period_id)
    return redirect_after_post(request, "/ledger/periods", flash=N_("Đã mở lại kỳ"))


def _periods(
    request: Request, actor: Actor, form: Form, *, status: int = 200, refused: uuid.UUID | None = None
) -> Response:
    found = periods(actor)
    refs = {ref for p in found for ref in (p.closed_by, p.opened_by) if ref}
    lang = language(request)
    months = [("0", translate(lang, N_("Cả năm")))]
    months += [(str(m), translate(lang, N_("Tháng {m}"), m=m)) for m in range(1, 13)]
    return render(
        request, "ledger/periods.html", status=status, title=N_("Khóa sổ"), place="ledger",
        at=where(request, actor), periods=found, form=form, blank=Form(), refused=refused, months=months,
        names=people.names_of(refs), may_close=actor.may("period.close"), may_open=actor.may("period.open"),
    )  # fmt: skip


@router.get("/ledger/deadlines")
def show_deadlines(request: Request, who: Reader) -> Response:
    """The usual last days as the parameters have them, and what extends them."""
    usual = [p for p in programs.parameters(who.actor) if p.key.startswith(("deadline.", "adjustment."))]
    return render(
        request, "ledger/deadlines.html", title=N_("Thời hạn"), place="ledger", usual=usual,
        extensions=extensions(who.actor), sources=source_names(request, who.actor),
        may_extend=who.actor.may("deadline.extend"),
    )  # fmt: skip


@router.get("/ledger/deadlines/new")
def new_extension(request: Request, who: Reader) -> Response:
    """The form of an extension."""
    require(who.actor, "deadline.extend")
    here = where(request, who.actor)
    return _extension(request, who.actor, Form(id=new_id(), year=str(here.year)))


@router.post("/ledger/deadlines/new")
def make_extension(request: Request, who: Reader, form: Typed) -> Response:
    """Grants a later last day on a document."""
    require(who.actor, "deadline.extend")
    here = where(request, who.actor)
    id_, last = form.id("id"), form.day("last_day")
    year = form.whole("year", least=2000, most=2100)
    capital = form.choice("capital_kind", CAPITAL_KINDS)
    issued_on = form.day("issued_on")
    document = document_of(form) if issued_on else None
    project, source = form.text("project_code", required=False), form.text("source", required=False)
    status = 422
    if form.ok and id_ and year and capital and last and document:
        new = NewExtension(id_, here.unit.exact_code, capital, year, last, document, project, source)
        try:
            extend(who.actor, new)
            return redirect_after_post(request, "/ledger/deadlines", flash=N_("Đã ghi gia hạn"))
        except Fault as fault:
            status = take(form, fault, DOCUMENT_FIELDS, ("last_day", "project_code", "source", "year"))
    return _extension(request, who.actor, form, status=422 if status == 404 else status)


def _extension(request: Request, actor: Actor, form: Form, *, status: int = 200) -> Response:
    return render(
        request, "ledger/extension.html", status=status, title=N_("Gia hạn giải ngân"), place="ledger",
        form=form, at=where(request, actor), capital=named(request, CAPITAL_KINDS),
        sources=source_names(request, actor), projects=project_options(actor, leaves=False),
    )  # fmt: skip
