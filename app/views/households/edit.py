"""Recording a household, and changing it. Its numbers are typed in and never shown again here."""

from __future__ import annotations

import uuid
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import households, territory
from app.domain.access import Actor, require
from app.domain.cells import BadCell
from app.domain.households import STATUSES, HouseholdView, MemberView, NewHousehold, NewStatus
from app.domain.households.faults import FIRST_YEAR as FIRST_BIRTH
from app.domain.households.rows import members_in, said_members
from app.domain.sealed import SEALED, has_key
from app.errors import Fault, NotFound, Stale
from app.i18n import N_, Message
from app.reports.households import named
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.households.common import FIRST_YEAR, LAST_YEAR, review_year, status_options
from app.views.ledger.common import new_id, take
from app.views.templating import mark_illustrative, redirect_after_post, render
from app.views.works.common import noted

router = APIRouter(include_in_schema=False)
FIELDS: Final = (
    "code", "head_name", "birth_year", "ethnicity", "hamlet_code", "members", "identity_number", "phone", "note",
    "joined_on", "left_on", "left_reason", "year", "status",
)  # fmt: skip


def _values(form: Form) -> dict[str, Any]:
    """What the form says under the names of NewHousehold, but for its numbers."""
    values: dict[str, Any] = {
        "code": form.text("code", required=False, longest=40),
        "head_name": form.text("head_name", longest=120),
        "birth_year": form.whole("birth_year", required=False, least=FIRST_BIRTH, most=LAST_YEAR),
        "hamlet_code": form.get("hamlet_code") or None,
        "members": _members(form),
        "joined_on": form.day("joined_on", required=False),
        "left_on": form.day("left_on", required=False),
    }
    for name, longest in (("ethnicity", 60), ("note", 1000), ("left_reason", 300)):
        values[name] = form.text(name, required=False, longest=longest) or ""
    return values


def _members(form: Form) -> tuple[MemberView, ...]:
    try:
        return members_in("; ".join(form.get("members").splitlines()))
    except BadCell as bad:
        form.fail("members", bad.message, **bad.facts)
        return ()


def _number(form: Form, name: str) -> str | None:
    """The digits that were typed, without what people group them with."""
    return "".join(form.get(name).split()).replace(".", "").replace("-", "") or None


def _refused(form: Form, fault: Fault) -> int:
    for error in fault.errors:
        if error.field.startswith("members."):  # typed in one field, a person a line
            form.fail("members", error.message, **error.facts)
        elif error.field.startswith("statuses."):
            form.fail(error.field.rpartition(".")[2], error.message, **error.facts)
    if form.errors:
        return fault.status
    status = take(form, fault, {}, FIELDS)
    return 422 if status == 404 else status


@router.get("/households/new")
def new(request: Request, who: Reader) -> Response:
    """The form of a household of the unit that the address names, by default the reader's own."""
    require(who.actor, "household.edit")
    unit = request.query_params.get("unit", "").strip() or territory.own_unit(who.actor).exact_code
    form = Form(
        id=new_id(), unit=unit, hamlet_code=request.query_params.get("hamlet", ""), year=review_year()
    )
    return _form(request, who.actor, form, unit)


@router.post("/households/new")
def make(request: Request, who: Reader, form: Typed) -> Response:
    """Records the household and opens it."""
    require(who.actor, "household.edit")
    id_, values, unit = form.id("id"), _values(form), form.get("unit").strip()
    year = form.whole("year", least=FIRST_YEAR, most=LAST_YEAR)
    chosen = form.choice("status", STATUSES, required=False)
    status = 422
    if form.ok and id_ is not None and year is not None:
        statuses = (NewStatus(year, chosen),) if chosen else ()
        numbers: dict[str, Any] = {name: _number(form, name) for name in SEALED}
        try:
            asked = NewHousehold(id=id_, unit_code=unit, **values, **numbers, statuses=statuses)
            made, _ = households.create(who.actor, asked)
            said = Message(N_("Đã ghi hộ {code}"), {"code": made.code})
            return redirect_after_post(request, f"/households/{made.id}", flash=said)
        except Fault as fault:
            status = _refused(form, fault)
    return _form(request, who.actor, form, unit, status=status)


def _form(
    request: Request,
    actor: Actor,
    form: Form,
    unit: str,
    *,
    status: int = 200,
    standing: HouseholdView | None = None,
    current: HouseholdView | None = None,
) -> Response:
    mark_illustrative(request, [standing] if standing else [])
    return render(
        request, "households/form.html", status=status, place="households", form=form, h=standing,
        current=current, title=N_("Sửa hộ") if standing else N_("Thêm hộ"), name=standing and named(standing),
        hamlets=households.hamlets(actor, unit), statuses=status_options(request), may_seal=has_key(),
        said_members=said_members,
    )  # fmt: skip


def _standing(actor: Actor, household_id: uuid.UUID) -> HouseholdView:
    """The household as it stands; put on record, since its names stand in the form."""
    return households.get(actor, household_id, purpose="page")


@router.get("/households/{household_id:uuid}/edit")
def edit(request: Request, who: Reader, household_id: uuid.UUID) -> Response:
    """The form with what stands, but for the numbers: those stay sealed."""
    require(who.actor, "household.edit")
    h = _standing(who.actor, household_id)
    plain = (
        "code",
        "head_name",
        "birth_year",
        "ethnicity",
        "hamlet_code",
        "note",
        "joined_on",
        "left_on",
        "left_reason",
    )
    stored = {name: getattr(h, name) for name in plain}
    members = "\n".join(said_members([m]) for m in h.members)
    return _form(
        request, who.actor, Form(version=h.version, members=members, **stored), h.exact_unit, standing=h
    )


@router.post("/households/{household_id:uuid}/edit")
def change(request: Request, who: Reader, form: Typed, household_id: uuid.UUID) -> Response:
    """Changes the household; a number that is left blank stays, one that is ticked away is gone."""
    require(who.actor, "household.edit")
    h = _standing(who.actor, household_id)
    version, values = form.whole("version"), _values(form)
    if values["code"] is None:
        values["code"] = form.text("code")
    for name in SEALED:
        typed = _number(form, name)
        if typed is not None or form.flag(f"drop_{name}"):
            values[name] = typed
    status, current = 422, None
    if form.ok and version is not None:
        try:
            households.update(who.actor, household_id, version, values)
            return redirect_after_post(request, f"/households/{household_id}", flash=N_("Đã ghi."))
        except Stale as fault:
            current, status = noted(form, fault, lambda: _standing(who.actor, household_id)), 409
        except NotFound as fault:
            if not fault.errors:
                raise
            status = _refused(form, fault)
        except Fault as fault:
            status = _refused(form, fault)
    return _form(request, who.actor, form, h.exact_unit, status=status, standing=h, current=current)
