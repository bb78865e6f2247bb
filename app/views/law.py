"""The law's parameters: what holds from when to when, by which document, and whether that is confirmed."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import programs
from app.domain.access import Actor
from app.domain.ledger.deadlines import day_of
from app.domain.programs import ParameterView
from app.errors import Fault, NotFound
from app.i18n import N_, Message
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.templating import redirect_after_post, render

router = APIRouter(include_in_schema=False)

# Values kept in ten-thousandths of a whole.
_SHARES: Final = frozenset({"advance.limit", "advance.recovered_at"})
CERTAINTY: Final = {"sure": N_("đã xác nhận"), "confirm": N_("chờ xác nhận")}


def said(parameter: ParameterView) -> Message:
    """A parameter's value as one says it."""
    value = parameter.value
    if value is None:
        return Message(N_("chưa có mức"))
    if parameter.key.startswith(("deadline.", "adjustment.")):
        day = day_of(value, 2023)
        facts = {"day": day.day, "month": day.month}
        later = day.year > 2023
        return Message(
            N_("ngày {day}/{month} năm sau") if later else N_("ngày {day}/{month} cùng năm"), facts
        )
    if parameter.key in _SHARES:
        return Message("{share:percent}", {"share": f"{int(value) / 10_000:.4f}"})
    return Message("{n:number}", {"n": int(value)})


def may_edit(actor: Actor) -> bool:
    return actor.may("catalogue.edit") and actor.level == "nation"


@router.get("/admin/parameters")
def index(request: Request, who: Reader) -> Response:
    """By subject, the newest validity first."""
    groups: dict[str, list[ParameterView]] = {}
    for parameter in programs.parameters(who.actor):
        groups.setdefault(parameter.name, []).insert(0, parameter)
    return render(
        request, "admin/parameters.html", place="admin", groups=groups, said=said, certainty=CERTAINTY,
        editable=may_edit(who.actor),
    )  # fmt: skip


def _one(actor: Actor, parameter_id: int) -> ParameterView:
    programs.require_catalogue(actor)
    for parameter in programs.parameters(actor):
        if parameter.id == parameter_id:
            return parameter
    raise NotFound


@router.get("/admin/parameters/{parameter_id}")
def edit(request: Request, who: Reader, parameter_id: int) -> Response:
    parameter = _one(who.actor, parameter_id)
    form = Form(
        value=parameter.value, valid_from=parameter.valid_from, valid_to=parameter.valid_to,
        source=parameter.source, certainty=parameter.certainty, version=parameter.version,
    )  # fmt: skip
    return _page(request, parameter, form)


def _page(request: Request, parameter: ParameterView, form: Form, status: int = 200) -> Response:
    return render(
        request, "admin/parameter.html", status=status, place="admin", parameter=parameter, form=form,
        said=said(parameter), certainty=CERTAINTY,
    )  # fmt: skip


@router.post("/admin/parameters/{parameter_id}")
def update(request: Request, who: Reader, form: Typed, parameter_id: int) -> Response:
    parameter = _one(who.actor, parameter_id)
    version = form.whole("version")
    changes = {
        "value": form.text("value", required=False, longest=60),
        "valid_from": form.day("valid_from"),
        "valid_to": form.day("valid_to", required=False),
        "source": form.text("source", longest=500),
        "certainty": form.choice("certainty", CERTAINTY),
    }
    if form.ok and version is not None:
        try:
            programs.update(who.actor, "parameter", parameter_id, version, changes)
            return redirect_after_post(request, "/admin/parameters", flash=N_("Đã ghi."))
        except Fault as fault:
            form.take(fault)
    return _page(request, parameter, form, 422)
