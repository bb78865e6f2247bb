"""In the field, on a phone: handing over to several households at once, visiting one; photos, signature, place."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import support
from app.domain.access import Actor, require
from app.domain.documents.uploads import UploadView
from app.domain.support import ModelView, NewDelivery, NewVisit, Supported
from app.domain.support.flow import UNDER_WAY
from app.domain.support.visits import COUNTS
from app.domain.support.visits import MOST as MOST_ANIMALS
from app.errors import Fault
from app.i18n import N_, Message, say
from app.reports.support import deliveries_table, href, visits_table
from app.views.access import Reader, Typed
from app.views.documents.common import SentFiles, receive
from app.views.forms import Form
from app.views.ledger.common import id_of, new_id, page_number, pager, query_form, take, window
from app.views.support.common import crumbs, tabs
from app.views.templating import language, mark_illustrative, redirect_after_post, render, table_answer
from app.views.works.common import refused
from app.views.works.place_fields import degree

router = APIRouter(include_in_schema=False)
VISIT_FIELDS: Final = (
    "visited_on", *COUNTS, "yield_amount", "yield_measure", "income", "note", "lat", "lon", "files",
)  # fmt: skip
DELIVERY_FIELDS: Final = ("input_id", "delivered_on", "signed", "note", "files")


@router.get("/support/{model_id:uuid}/deliveries")
def show_deliveries(request: Request, who: Reader, model_id: uuid.UUID) -> Response:
    """What was handed over, the latest first, with a way to take back what was recorded wrong."""
    return _deliveries(request, who.actor, model_id)


def _deliveries(
    request: Request, actor: Actor, model_id: uuid.UUID, *, wrong: tuple[uuid.UUID, Form] | None = None, status: int = 200
) -> Response:  # fmt: skip
    offset, limit = window(request)
    model, found, number = support.delivered(actor, model_id, offset=offset, limit=limit)
    mark_illustrative(request, [model])
    may_run = actor.may("support.run") and model.kept_by(actor) and model.state in UNDER_WAY
    forms = {d.id: Form() for d in found if may_run and d.withdrawn_at is None}
    # What was refused comes back with its reason, also where it is not of this page or nothing may be taken back now.
    if wrong is not None:
        forms[wrong[0]] = wrong[1]
    for id_, form in forms.items():
        form.prefix = f"w-{id_}-"
    return table_answer(
        request, deliveries_table(model, found), "support/deliveries.html", status=status, title=model.name, place="support",
        model=model, this=href(model), crumbs=crumbs(model, request)[:1], tabs=tabs(model, request), found=found,
        pager=pager(request, number), forms=forms, which={d.id: d for d in found}, at=_page(request), may_run=may_run,
    )  # fmt: skip


def _page(request: Request) -> str:
    """The page that is shown, for addresses which come back to it."""
    number = page_number(request)
    return f"?page={number}" if number > 1 else ""


@router.post("/support/{model_id:uuid}/deliveries/{delivery_id:uuid}/withdraw")
def withdraw(
    request: Request, who: Reader, form: Typed, model_id: uuid.UUID, delivery_id: uuid.UUID
) -> Response:
    """Takes back a delivery, with the reason."""
    require(who.actor, "support.run")
    reason, status = form.text("reason", longest=1000), 422
    if reason is not None:
        try:
            support.withdraw(who.actor, model_id, delivery_id, reason)
            return redirect_after_post(
                request,
                f"/support/{model_id}/deliveries{_page(request)}",
                flash=N_("Đã rút lại lần cấp phát"),
            )
        except Fault as fault:
            if fault.status == 404:
                raise
            status = refused(form, fault, ("reason",))
    return _deliveries(request, who.actor, model_id, wrong=(delivery_id, form), status=status)


@router.get("/support/{model_id:uuid}/deliveries/new")
def new_delivery(request: Request, who: Reader, model_id: uuid.UUID) -> Response:
    """The households of the model to tick, each with how much of what."""
    require(who.actor, "support.run")
    return _delivery_form(request, who.actor, model_id, Form(id=new_id(), delivered_on=today(), files=""))


@router.post("/support/{model_id:uuid}/deliveries/new")
def deliver(request: Request, who: Reader, form: Typed, sent: SentFiles, model_id: uuid.UUID) -> Response:
    """Records what each ticked household received: all or none."""
    actor = who.actor
    require(actor, "support.run")
    id_, wanted = form.id("id"), _wanted(form)
    kept = receive(actor, sent, form, id_ or uuid.UUID(int=0))
    new = _handed_over(form, wanted, tuple(dict.fromkeys((*sent.uploads, *(u.id for u in kept)))))
    status = 422
    if form.ok:
        names = {
            f"deliveries.{place}.{name}": f"quantity-{household}" if name in ("quantity", "household_id") else name
            for place, (household, _) in enumerate(wanted)
            for name in ("household_id", "quantity", "input_id", "delivered_on", "signed", "note")
        }  # fmt: skip
        try:
            support.deliver_all(actor, model_id, new)
            return redirect_after_post(
                request, f"/support/{model_id}/deliveries", flash=N_("Đã ghi cấp phát")
            )
        except Fault as fault:
            support.get(actor, model_id)
            status = take(form, fault, {**names, "uploads": "files"}, (*DELIVERY_FIELDS, *names.values()))
            status = 422 if status == 404 else status
    return _delivery_form(request, actor, model_id, form, kept=kept, status=status)


def _wanted(form: Form) -> list[tuple[uuid.UUID, Decimal]]:
    """(household, how much) of those that are ticked."""
    found = []
    for name in list(form.values):
        household = id_of(name.removeprefix("take-")) if name.startswith("take-") else None
        if household is not None and form.flag(name):
            quantity = form.figure(f"quantity-{household}")
            if quantity is not None:
                found.append((household, quantity))
    return found


def _handed_over(
    form: Form, wanted: Sequence[tuple[uuid.UUID, Decimal]], uploads: tuple[uuid.UUID, ...]
) -> list[NewDelivery]:
    """What the form says, each household's row under an id that the form's own gives: sent again it is the same."""
    input_id, day, note = (
        form.id("input_id"),
        form.day("delivered_on"),
        form.text("note", required=False, longest=1000),
    )
    if not wanted and form.ok:
        form.fail("input_id", N_("Đánh dấu ít nhất một hộ đã nhận."))
    if not form.ok or input_id is None:
        return []
    own = uuid.UUID(form.get("id"))
    return [
        NewDelivery(
            uuid.uuid5(own, str(household)), household, input_id, quantity, day, form.flag("signed"), note or "",
            uploads=uploads,
        )
        for household, quantity in wanted
    ]  # fmt: skip


def _delivery_form(
    request: Request,
    actor: Actor,
    model_id: uuid.UUID,
    form: Form,
    *,
    kept: Sequence[UploadView] = (),
    status: int = 200,
) -> Response:
    model, given, supported = support.at_hand(actor, model_id)
    mark_illustrative(request, [model])
    inputs = [
        (str(g.id), Message(N_("{kind}: còn {rest:number} {measure}"), {"kind": g.kind, "rest": g.rest, "measure": g.measure}))
        for g in given
    ]  # fmt: skip
    lang = language(request)
    return render(
        request, "support/deliver.html", status=status, title=N_("Cấp phát cho hộ"), place="support", model=model,
        this=href(model), crumbs=crumbs(model, request), form=form, kept=kept, supported=supported,
        inputs=[(id_, say(lang, text)) for id_, text in inputs], may_attach=actor.may("document.edit"),
    )  # fmt: skip


@router.get("/support/{model_id:uuid}/visits")
def show_visits(request: Request, who: Reader, model_id: uuid.UUID) -> Response:
    """Every household with its last visit and a way to visit it now; then all visits, the latest first."""
    actor = who.actor
    model, supported = support.members(actor, model_id)
    offset, limit = window(request)
    found, number = support.visited(actor, model_id, offset=offset, limit=limit)
    mark_illustrative(request, [model])
    runs = actor.may("support.run") and model.kept_by(actor) and model.state in UNDER_WAY
    return table_answer(
        request, visits_table(model, found), "support/visits.html", title=model.name, place="support", model=model,
        this=href(model), crumbs=crumbs(model, request)[:1], tabs=tabs(model, request), found=found,
        pager=pager(request, number), supported=supported, may_run=runs,
    )  # fmt: skip


@router.get("/support/{model_id:uuid}/visits/new")
def new_visit(request: Request, who: Reader, model_id: uuid.UUID) -> Response:
    """The form of a visit to one household, with what the last one found to begin from."""
    require(who.actor, "support.run")
    household_id = id_of(query_form(request).get("household"))
    model, supported = support.members(who.actor, model_id)
    chosen = next((s for s in supported if s.person.household_id == household_id), None)
    form = Form(id=new_id(), visited_on=today(), files="")
    if chosen is not None:
        form.values["household_id"] = str(chosen.person.household_id)
        if chosen.last is not None:
            counts = {name: str(getattr(chosen.last, name)) for name in COUNTS if model.livestock}
            form.values |= counts | {"yield_measure": chosen.last.yield_measure}
    return _visit_form(request, model, supported, form)


@router.post("/support/{model_id:uuid}/visits/new")
def make_visit(request: Request, who: Reader, form: Typed, sent: SentFiles, model_id: uuid.UUID) -> Response:
    """Records the visit with its photos; those that arrived well stay with a form that comes back."""
    actor = who.actor
    require(actor, "support.run")
    model, supported = support.members(actor, model_id)
    id_, new, status = form.id("id"), _visit(form), 422
    kept = receive(actor, sent, form, id_ or uuid.UUID(int=0))
    if form.ok and new is not None:
        uploads = tuple(dict.fromkeys((*sent.uploads, *(u.id for u in kept))))
        try:
            support.visit(actor, model_id, replace(new, uploads=uploads))
            return redirect_after_post(request, f"/support/{model_id}/visits", flash=N_("Đã ghi lần thăm hộ"))
        except Fault as fault:
            status = take(form, fault, {"uploads": "files"}, ("household_id", *VISIT_FIELDS))
            status = 422 if status == 404 else status
    return _visit_form(request, model, supported, form, kept=kept, status=status)


def _visit(form: Form) -> NewVisit | None:
    """What the form says of a visit; None after noting what is wrong."""
    id_, household_id = form.id("id"), form.id("household_id")
    day = form.day("visited_on")
    alive, dead, sold, sick, born = (
        form.whole(name, required=False, most=MOST_ANIMALS) or 0 for name in COUNTS
    )
    produce = form.figure("yield_amount", required=False)
    new = NewVisit(
        id_ or uuid.UUID(int=0), household_id or uuid.UUID(int=0), day, alive, dead, sold, sick, born, produce,
        yield_measure=form.text("yield_measure", required=False, longest=60) or "",
        income=form.amount("income", required=False, positive=False), note=form.text("note", required=False) or "",
        lat=degree(form, "lat"), lon=degree(form, "lon"),
    )  # fmt: skip
    return new if form.ok else None


def _visit_form(
    request: Request,
    model: ModelView,
    supported: Sequence[Supported],
    form: Form,
    *,
    kept: Sequence[UploadView] = (),
    status: int = 200,
) -> Response:
    mark_illustrative(request, [model])
    return render(
        request, "support/visit.html", status=status, title=N_("Thăm hộ"), place="support", model=model,
        this=href(model), crumbs=crumbs(model, request), form=form, kept=kept,
        households_=[(str(s.person.household_id), f"{s.person.code} · {s.person.name}") for s in supported],
    )  # fmt: skip
