"""Drafting a plan: of which kind, unit, program and year; from nothing or from an earlier one."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import plans, territory
from app.domain.access import Actor, require
from app.domain.ledger.lines import FIRST_YEAR, LAST_YEAR
from app.domain.plans import KINDS, NewPlan, PlanView
from app.errors import Fault, NotFound
from app.i18n import N_
from app.reports.labels import PLAN_KINDS
from app.reports.plans import href, state_tag, when
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import named, new_id, query_form, take
from app.views.plans.common import program_options
from app.views.templating import redirect_after_post, render

router = APIRouter(include_in_schema=False)
FIELDS: Final = ("kind", "unit_code", "program_code", "year", "title", "responsible", "due_on", "start_from")
HAMLETS: Final = 200
_HEAD: Final = ("kind", "unit_code", "program_code", "year")


@router.get("/plans/new")
def new_plan(request: Request, who: Reader) -> Response:
    """First what the plan is for; once that is said, what stands already and what it may start from."""
    require(who.actor, "plan.edit")
    asked = query_form(request)
    form = Form(id=new_id(), kind="year", year=str(today().year), unit_code=_own(who.actor))
    form.values |= {name: value for name, value in asked.values.items() if name in FIELDS}
    chosen = _head(form) if asked.get("kind") else None
    return _page(request, who.actor, form, chosen)


def _own(actor: Actor) -> str:
    return f"{actor.unit_code}@{actor.structure}"


def _head(form: Form) -> dict[str, Any] | None:
    """What a plan is for, once that is clear; what is wrong is noted beside its field."""
    kind = form.choice("kind", KINDS)
    chosen = {
        "kind": kind,
        "unit_code": form.text("unit_code", longest=40),
        "program_code": form.text("program_code", longest=40, required=kind != "model_hamlet"),
        "year": None if kind == "period" else form.whole("year", least=FIRST_YEAR, most=LAST_YEAR),
    }
    return chosen if form.ok else None


@router.post("/plans/new")
def make_plan(request: Request, who: Reader, form: Typed) -> Response:
    """Drafts the plan and opens its text."""
    require(who.actor, "plan.edit")
    id_, chosen, status = form.id("id"), _head(form), 422
    given: dict[str, Any] = {
        "title": form.text("title", required=False, longest=300) or "",
        "responsible": form.text("responsible", required=False, longest=200) or "",
        "due_on": form.day("due_on", required=False),
        "start_from": form.id("start_from", required=False),
    }
    if form.ok and id_ is not None and chosen is not None:
        try:
            made, _ = plans.create(who.actor, NewPlan(id=id_, **chosen, **given))
            flash = N_("Đã lập dự thảo. Ghi nhiệm vụ, vốn rồi gửi thẩm định.")
            return redirect_after_post(request, f"{href(made)}/edit", flash=flash)
        except Fault as fault:
            status = take(form, fault, {}, FIELDS)
            status = 422 if status == 404 else status
    return _page(request, who.actor, form, chosen, status=status)


def _page(
    request: Request, actor: Actor, form: Form, chosen: dict[str, Any] | None, *, status: int = 200
) -> Response:
    alike = _alike(actor, form, chosen) if chosen else []
    if alike is None:
        chosen, alike = None, []
    year = chosen["year"] if chosen else None
    same = [p for p in alike if p.year == year]
    earlier = [p for p in alike if p.year != year]
    units, programs = _units(actor), program_options(actor)
    if "start_from" not in form.values:
        form.values["start_from"] = str(earlier[0].id) if earlier else ""
    return render(
        request, "plans/new.html", status=status, title=N_("Lập kế hoạch"), place="plans", form=form,
        chosen=_named(form, chosen, units, programs) if chosen else None, same=[(p, state_tag(p)) for p in same],
        earlier=[(str(p.id), p.title, when(p)) for p in earlier], kinds=named(request, PLAN_KINDS),
        programs=programs, units=units, head=_HEAD,
    )  # fmt: skip


def _named(
    form: Form,
    chosen: dict[str, Any],
    units: list[tuple[str, list[tuple[str, str]]]],
    programs: list[tuple[str, str]],
) -> list[tuple[str, str]]:
    """What the plan is for, in words."""
    names = {code: name for _, options in units for code, name in options} | dict(programs)
    program = form.get("program_code")
    return [
        (N_("Loại"), PLAN_KINDS[chosen["kind"]]),
        (N_("Đơn vị"), names.get(form.get("unit_code"), form.get("unit_code"))),
        *([(N_("Thuộc chương trình"), names.get(program, program))] if program else []),
        *([(N_("Năm"), str(chosen["year"]))] if chosen["year"] else []),
    ]


def _alike(actor: Actor, form: Form, chosen: dict[str, Any]) -> list[PlanView] | None:
    """Plans of the same unit, kind and program; None for an unknown unit, which is said beside its field."""
    try:
        return plans.alike(actor, **chosen)
    except NotFound as fault:
        form.take(fault, FIELDS)
        return None


def _units(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """Units that a reader may plan for: their own and those directly below; hamlets of them all."""
    own = territory.own_unit(actor)
    below = [u for u in territory.children(actor, own) if u.level != "hamlet"]
    hamlets = territory.units(actor, level="hamlet", unit=own.exact_code, limit=HAMLETS)
    groups = [
        (own.name, [(u.exact_code, u.name) for u in (own, *below)]),
        (N_("Thôn"), [(u.exact_code, u.name) for u in hamlets]),
    ]
    return [(name, options) for name, options in groups if options]
