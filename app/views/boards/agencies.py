"""Agencies of a unit, and which is in charge of which unit below: seen from both."""

from __future__ import annotations

import uuid
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import agencies, territory
from app.domain.access import Actor, require
from app.domain.agencies import (
    AgencyFilter,
    AgencyView,
    ChargeFilter,
    ChargeView,
    NewAgency,
    NewCharge,
    charges,
)
from app.domain.sides import is_above
from app.errors import Fault, NotFound, Stale
from app.i18n import N_
from app.reports.boards import charges_table
from app.views.access import Reader, Typed
from app.views.boards.common import DECISION_FIELDS, decision_of, decision_values
from app.views.forms import Form
from app.views.ledger.common import new_id, query_form
from app.views.templating import mark_illustrative, redirect_after_post, render, table_answer
from app.views.works.common import noted, refused

router = APIRouter(include_in_schema=False)
MOST: Final = 500
FIELDS: Final = ("name", "short_name", "ended_on")
CHARGE_FIELDS: Final = ("unit_code", "content", "from", "to", *DECISION_FIELDS)


@router.get("/agencies")
def show_agencies(request: Request, who: Reader) -> Response:
    """Who helps this unit, by decision; its own agencies; page, Excel and CSV."""
    actor, form, day = who.actor, query_form(request), today()
    q = form.get("q").strip()[:100] or None
    ended = form.flag("ended")
    found = charges.charges(actor, ChargeFilter(on=None if ended else day, q=q), by_unit=True, limit=MOST)
    own = agencies.agencies(actor, AgencyFilter(on=None if ended else day, q=q), by_name=True, limit=MOST)
    mark_illustrative(request, [*found, *own])
    wide = actor.level not in ("commune", "hamlet")
    may_edit = actor.may("committee.edit")
    table = charges_table(
        found, day, show_unit=wide, name=f"co-quan-phu-trach-{actor.unit_code}", may_edit=may_edit
    )
    return table_answer(
        request, table, "boards/agencies.html", title=N_("Cơ quan, đơn vị phụ trách"), place="agencies", form=form,
        unit_name=actor.unit_name, agencies=own, may_edit=may_edit, own_id=actor.unit_id, filtered=bool(q),
    )  # fmt: skip


@router.get("/agencies/new")
def new_agency(request: Request, who: Reader) -> Response:
    """The form of an agency of the reader's unit."""
    require(who.actor, "committee.edit")
    return _form_page(request, who.actor, Form(id=new_id()))


def _form_page(
    request: Request,
    actor: Actor,
    form: Form,
    agency: AgencyView | None = None,
    *,
    status: int = 200,
    current: AgencyView | None = None,
) -> Response:
    if agency is not None:
        mark_illustrative(request, [agency])
    return render(
        request, "boards/agency.html", status=status, title=N_("Sửa cơ quan") if agency else N_("Thêm cơ quan"),
        place="agencies", form=form, sub=agency.unit_name if agency else actor.unit_name,
        action=f"/agencies/{agency.id}/edit" if agency else "/agencies/new", agency=agency, current=current,
    )  # fmt: skip


@router.post("/agencies/new")
def make_agency(request: Request, who: Reader, form: Typed) -> Response:
    """Adds the agency."""
    actor = who.actor
    require(actor, "committee.edit")
    id_, name = form.id("id"), form.text("name", longest=200)
    short = form.text("short_name", required=False, longest=60) or ""
    status = 422
    if form.ok and id_ is not None and name is not None:
        try:
            own = territory.own_unit(actor).exact_code
            agencies.create(actor, NewAgency(id_, own, name, short))
            return redirect_after_post(request, "/agencies", flash=N_("Đã thêm cơ quan"))
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _form_page(request, actor, form, status=status)


@router.get("/agencies/{agency_id:uuid}/edit")
def edit_agency(request: Request, who: Reader, agency_id: uuid.UUID) -> Response:
    """The form of an agency as it stands."""
    require(who.actor, "committee.edit")
    agency = agencies.get(who.actor, agency_id)
    form = Form(
        version=agency.version, name=agency.name, short_name=agency.short_name, ended_on=agency.ended_on
    )
    return _form_page(request, who.actor, form, agency)


@router.post("/agencies/{agency_id:uuid}/edit")
def change_agency(request: Request, who: Reader, form: Typed, agency_id: uuid.UUID) -> Response:
    """Saves; when somebody changed the agency since, both versions are shown and nothing typed is lost."""
    actor = who.actor
    require(actor, "committee.edit")
    agency, version = agencies.get(actor, agency_id), form.whole("version")
    values = {
        "name": form.text("name", longest=200),
        "short_name": form.text("short_name", required=False, longest=60) or "",
        "ended_on": form.day("ended_on", required=False),
    }
    current, status = None, 422
    if form.ok and version is not None:
        try:
            agencies.update(actor, agency_id, version, values)
            return redirect_after_post(request, "/agencies", flash=N_("Đã sửa cơ quan"))
        except Stale as fault:
            current, status = noted(form, fault, lambda: agencies.get(actor, agency_id)), 409
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _form_page(request, actor, form, agency, status=status, current=current)


@router.get("/agencies/{agency_id:uuid}/charges/new")
def new_charge(request: Request, who: Reader, agency_id: uuid.UUID) -> Response:
    """The form by which an agency is put in charge of a unit."""
    require(who.actor, "committee.edit")
    return _charge_page(request, who.actor, Form(id=new_id()), agencies.get(who.actor, agency_id))


def _charge_page(
    request: Request,
    actor: Actor,
    form: Form,
    agency: AgencyView,
    charge: ChargeView | None = None,
    *,
    status: int = 200,
    current: ChargeView | None = None,
) -> Response:
    mark_illustrative(request, [agency, *([charge] if charge else [])])
    own = territory.own_unit(actor)
    below = (
        []
        if charge
        else [u for u in territory.children(actor, own) if u.level != "hamlet" or own.level == "commune"]
    )
    return render(
        request, "boards/charge.html", status=status, place="agencies", form=form,
        title=N_("Sửa phân công phụ trách") if charge else N_("Giao phụ trách đơn vị"),
        sub=f"{agency.name} · {charge.unit_name}" if charge else agency.name, charge=charge, current=current,
        action=f"/agency-charges/{charge.id}/edit" if charge else f"/agencies/{agency.id}/charges/new",
        units=[(u.exact_code, u.name) for u in below],
    )  # fmt: skip


@router.post("/agencies/{agency_id:uuid}/charges/new")
def make_charge(request: Request, who: Reader, form: Typed, agency_id: uuid.UUID) -> Response:
    """Puts the agency in charge."""
    actor = who.actor
    require(actor, "committee.edit")
    agency = agencies.get(actor, agency_id)
    id_, unit, decision = form.id("id"), form.text("unit_code", longest=40), decision_of(form)
    content = form.text("content", required=False, longest=1000) or ""
    start = form.day("from", required=False)
    status = 422
    if form.ok and id_ is not None and unit is not None and decision is not None:
        try:
            charges.create(actor, NewCharge(id_, agency_id, unit, decision, content, start))
            return redirect_after_post(request, "/agencies", flash=N_("Đã giao phụ trách"))
        except Fault as fault:
            status = refused(form, fault, CHARGE_FIELDS)
    return _charge_page(request, actor, form, agency, status=status)


@router.get("/agency-charges/{charge_id:uuid}/edit")
def edit_charge(request: Request, who: Reader, charge_id: uuid.UUID) -> Response:
    """The form of a charge as it stands, for the agency's own side."""
    require(who.actor, "committee.edit")
    charge, agency = _of_charge(who.actor, charge_id)
    days: dict[str, object] = {"from": charge.from_on, "to": charge.to_on}
    form = Form(version=charge.version, content=charge.content, **days, **decision_values(charge.decision))
    return _charge_page(request, who.actor, form, agency, charge)


def _of_charge(actor: Actor, charge_id: uuid.UUID) -> tuple[ChargeView, AgencyView]:
    """A charge with its agency; NotFound for who only sees it from the unit that it is about."""
    charge = charges.get(actor, charge_id)
    if not charge.own or is_above(actor, charge.agency_unit_level):
        raise NotFound()
    return charge, agencies.get(actor, charge.agency_id)


@router.post("/agency-charges/{charge_id:uuid}/edit")
def change_charge(request: Request, who: Reader, form: Typed, charge_id: uuid.UUID) -> Response:
    """Saves; when somebody changed the charge since, both versions are shown and nothing typed is lost."""
    actor = who.actor
    require(actor, "committee.edit")
    charge, agency = _of_charge(actor, charge_id)
    version, decision = form.whole("version"), decision_of(form)
    values = {
        "content": form.text("content", required=False, longest=1000) or "", "decision": decision,
        "from_on": form.day("from"), "to_on": form.day("to", required=False),
    }  # fmt: skip
    current, status = None, 422
    if form.ok and version is not None:
        try:
            charges.update(actor, charge_id, version, values)
            return redirect_after_post(request, "/agencies", flash=N_("Đã sửa phân công phụ trách"))
        except Stale as fault:
            current, status = noted(form, fault, lambda: charges.get(actor, charge_id)), 409
        except Fault as fault:
            status = refused(form, fault, CHARGE_FIELDS)
    return _charge_page(request, actor, form, agency, charge, status=status, current=current)
