"""One household that a work affects: recording, changing, what paid it."""

from __future__ import annotations

import uuid
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import works
from app.domain.access import Actor, require
from app.domain.documents.attaching import documents_of
from app.domain.works import WorkView, clearance_editing, clearance_households, clearance_payments
from app.domain.works.areas import BadArea, parse_area, square_metres
from app.domain.works.clearance_editing import NewHousehold
from app.domain.works.clearance_households import SUBJECT, HouseholdView
from app.domain.works.clearance_rows import FORMS
from app.errors import Fault, NotFound, Stale
from app.i18n import N_, Message, format_date
from app.money import format_dong, format_number
from app.reports.clearance import clearance_bar, state_tag
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import named, new_id, take
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import noted, refused

router = APIRouter(include_in_schema=False)
FIELDS: Final = (
    "code", "head_name", "hamlet_code", "parcels", "area_m2", "assets", "compensation_form", "compensation_due",
    "handed_over_on", "note",
)  # fmt: skip
# A field called form would hide the form from htmx.
NAMES: Final = {"form": "compensation_form"}


def _values(form: Form) -> dict[str, Any]:
    """What the form says under the names of NewHousehold."""
    values: dict[str, Any] = {
        "code": form.text("code", longest=40),
        "head_name": form.text("head_name", longest=120),
        "hamlet_code": form.get("hamlet_code") or None,
        "form": form.choice("compensation_form", FORMS),
        "compensation_due": form.amount("compensation_due", required=False, positive=False) or 0,
        "handed_over_on": form.day("handed_over_on", required=False),
        "area_dm2": 0,
    }
    for name, longest in (("parcels", 300), ("assets", 1000), ("note", 1000)):
        values[name] = form.text(name, required=False, longest=longest) or ""
    if form.get("area_m2").strip():
        try:
            values["area_dm2"] = parse_area(form.get("area_m2"))
        except BadArea:
            message = N_("Không phải diện tích. Ghi số mét vuông, nhiều nhất hai chữ số lẻ: 125,5")
            form.fail("area_m2", message)
    return values


def _refused(form: Form, fault: Fault) -> int:
    status = take(form, fault, NAMES, FIELDS)
    return 422 if status == 404 else status


@router.get("/works/{work_id:uuid}/clearance/households/new")
def new(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """The form of a household."""
    require(who.actor, "clearance.edit")
    form = Form(id=new_id(), compensation_form="money")
    return _form(request, who.actor, works.head(who.actor, work_id), form)


@router.post("/works/{work_id:uuid}/clearance/households/new")
def make(request: Request, who: Reader, form: Typed, work_id: uuid.UUID) -> Response:
    """Records the household."""
    require(who.actor, "clearance.edit")
    work = works.head(who.actor, work_id)
    id_, values = form.id("id"), _values(form)
    status = 422
    if form.ok and id_ is not None:
        try:
            made, _ = clearance_editing.create(who.actor, NewHousehold(id_, work_id, **values))
            said = Message(N_("Đã ghi hộ {code}"), {"code": made.code})
            return redirect_after_post(request, f"/works/{work_id}/clearance", flash=said)
        except Fault as fault:
            status = _refused(form, fault)
    return _form(request, who.actor, work, form, status=status)


def _form(
    request: Request,
    actor: Actor,
    work: WorkView,
    form: Form,
    *,
    status: int = 200,
    household_id: uuid.UUID | None = None,
    current: HouseholdView | None = None,
) -> Response:
    mark_illustrative(request, [work])
    return render(
        request, "works/clearance_household_form.html", status=status, place="works", work=work, form=form,
        title=N_("Sửa hộ") if household_id else N_("Thêm hộ"), household_id=household_id, current=current,
        hamlets=clearance_households.hamlets(actor, work.id), forms=named(request, FORMS),
    )  # fmt: skip


@router.get("/works/{work_id:uuid}/clearance/households/{household_id:uuid}")
def show(request: Request, who: Reader, work_id: uuid.UUID, household_id: uuid.UUID) -> Response:
    """A household: its land, what it is due, what paid it, its documents."""
    return _show(request, who.actor, work_id, household_id, Form())


def _show(
    request: Request,
    actor: Actor,
    work_id: uuid.UUID,
    household_id: uuid.UUID,
    form: Form,
    *,
    status: int = 200,
) -> Response:
    work = works.head(actor, work_id)
    household = clearance_households.get(actor, work_id, household_id, purpose="page")
    mark_illustrative(request, [work, household])
    may_edit = actor.may("clearance.edit")
    lang = language(request)
    free = clearance_payments.entries(actor, work_id) if may_edit and household.unpaid > 0 else []
    options = [
        (
            str(e.id),
            f"{e.document_number} · {format_date(e.paid_on, lang)} · {format_dong(e.rest, lang)} đ · {e.reason}",
        )
        for e in free
        if e.id not in {p.entry_id for p in household.payments}
    ]
    if not form.get("amount") and household.unpaid > 0 and not form.refused:
        form.values["amount"] = format_dong(household.unpaid, lang)
    return render(
        request, "works/clearance_household.html", status=status, place="works", work=work, h=household,
        title=Message(N_("Hộ {code}"), {"code": household.code}), state=state_tag(household), form=form,
        bar=clearance_bar(household), area=format_number(square_metres(household.area_dm2), lang), forms=FORMS,
        may_edit=may_edit, entries=options, may_record=actor.may("ledger.propose"),
        documents=documents_of(actor, SUBJECT, household_id), may_attach=actor.may("document.edit"),
    )  # fmt: skip


@router.get("/works/{work_id:uuid}/clearance/households/{household_id:uuid}/edit")
def edit(request: Request, who: Reader, work_id: uuid.UUID, household_id: uuid.UUID) -> Response:
    """The form with what stands."""
    require(who.actor, "clearance.edit")
    work = works.head(who.actor, work_id)
    h = clearance_households.get(who.actor, work_id, household_id, purpose="page")
    kept = ("code", "head_name", "hamlet_code", "parcels", "assets", "handed_over_on", "note")
    stored = {name: getattr(h, name) for name in kept}
    lang = language(request)
    form = Form(
        version=h.version, **stored, compensation_form=h.form, area_m2=format_number(square_metres(h.area_dm2), lang),
        compensation_due=format_dong(h.compensation_due, lang),
    )  # fmt: skip
    return _form(request, who.actor, work, form, household_id=household_id)


@router.post("/works/{work_id:uuid}/clearance/households/{household_id:uuid}/edit")
def change(
    request: Request, who: Reader, form: Typed, work_id: uuid.UUID, household_id: uuid.UUID
) -> Response:
    """Changes the household."""
    require(who.actor, "clearance.edit")
    work = works.head(who.actor, work_id)
    version, values = form.whole("version"), _values(form)
    status, current = 422, None
    if form.ok and version is not None:
        try:
            clearance_editing.update(who.actor, work_id, household_id, version, values)
            place = f"/works/{work_id}/clearance/households/{household_id}"
            return redirect_after_post(request, place, flash=N_("Đã ghi."))
        except Stale as fault:

            def look() -> HouseholdView:
                return clearance_households.get(who.actor, work_id, household_id, purpose="page")

            current, status = noted(form, fault, look), 409
        except NotFound as fault:
            if not fault.errors:
                raise
            status = _refused(form, fault)
        except Fault as fault:
            status = _refused(form, fault)
    return _form(request, who.actor, work, form, status=status, household_id=household_id, current=current)


@router.post("/works/{work_id:uuid}/clearance/households/{household_id:uuid}/payments")
def pay(request: Request, who: Reader, form: Typed, work_id: uuid.UUID, household_id: uuid.UUID) -> Response:
    """Ties a share of a payment in the book to the household."""
    require(who.actor, "clearance.edit")
    works.head(who.actor, work_id)
    entry_id, amount = form.id("entry_id"), form.amount("amount")
    status = 422
    if form.ok and entry_id is not None and amount is not None:
        try:
            clearance_payments.pay(who.actor, work_id, household_id, entry_id, amount)
            place = f"/works/{work_id}/clearance/households/{household_id}"
            return redirect_after_post(request, place, flash=N_("Đã gắn chứng từ chi trả với hộ"))
        except NotFound as fault:
            if not fault.errors:
                raise
            status = refused(form, fault, ("entry_id", "amount"))
        except Fault as fault:
            names = {"compensation_due": "amount"}
            status = take(form, fault, names, ("entry_id", "amount"))
    return _show(request, who.actor, work_id, household_id, form, status=status)


@router.post("/works/{work_id:uuid}/clearance/households/{household_id:uuid}/payments/{entry_id:uuid}/remove")
def unpay(
    request: Request, who: Reader, work_id: uuid.UUID, household_id: uuid.UUID, entry_id: uuid.UUID
) -> Response:
    """Unties an entry; the entry stays in the book."""
    clearance_payments.unpay(who.actor, work_id, household_id, entry_id)
    place = f"/works/{work_id}/clearance/households/{household_id}"
    return redirect_after_post(request, place, flash=N_("Đã gỡ chứng từ khỏi hộ; bút toán vẫn còn trong sổ"))
