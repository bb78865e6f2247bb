"""The list of plans: what waits for the reader by name, then all under filters; page, Excel and CSV."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import plans
from app.domain.plans import KINDS, STATES, PlanFilter
from app.i18n import N_
from app.reports.labels import PLAN_KINDS, PLAN_STATES
from app.reports.plans import plans_table, waiting_items
from app.views.access import Reader
from app.views.forms import Form
from app.views.ledger.common import Where, named, pager, query_form, where, whole, window
from app.views.plans.common import program_options
from app.views.templating import language, mark_illustrative, table_answer

router = APIRouter(include_in_schema=False)
NAMED: Final = 20  # of those that wait for the reader


@router.get("/plans")
def show_plans(request: Request, who: Reader) -> Response:
    """What waits for the reader and what was returned to their unit, then the list."""
    actor, here, lang = who.actor, where(request, who.actor), language(request)
    form, programs = query_form(request), program_options(who.actor)
    wanted = _asked(form, here, [code for code, _ in programs])
    offset, limit = window(request)
    found = plans.plans(actor, wanted, by_name=True, offset=offset, limit=limit)
    waits, number = plans.waiting_for(actor, NAMED)
    mark_illustrative(request, [*found, *waits])
    filters = _filters(wanted, here, dict(programs))
    table = plans_table(found, filters=filters, show_unit=here.wide, name=f"ke-hoach-{here.unit.code}")
    return table_answer(
        request, table, "plans/list.html", title=N_("Các kế hoạch"), place="plans", at=here, form=form,
        pager=pager(request, plans.count(actor, wanted)), kinds=named(request, PLAN_KINDS), programs=programs,
        states=named(request, PLAN_STATES), years_for=[(str(y), str(y)) for y in plans.years(actor)],
        owed=waiting_items([p for p in waits if p.mine], lang), more=number - len(waits),
        returned=waiting_items([p for p in waits if not p.mine], lang),
        unit_options=[(u.exact_code, u.name) for u in here.units], may_edit=actor.may("plan.edit"),
        filtered=len(filters) > 1,
    )  # fmt: skip


def _asked(form: Form, here: Where, programs: list[str]) -> PlanFilter:
    state, kind, program = form.get("state"), form.get("kind"), form.get("program")
    return PlanFilter(
        unit=here.unit.exact_code,
        kind=kind if kind in KINDS else None,
        program_code=program if program in programs else None,
        year=whole(form.get("for_year")),
        state=state if state in STATES else None,
        mine=True if form.flag("mine") else None,
        q=form.get("q").strip()[:100] or None,
    )


def _filters(wanted: PlanFilter, here: Where, programs: dict[str, str]) -> list[tuple[str, str]]:
    """What a file says of its rows."""
    return [
        (N_("Đơn vị"), here.unit.name),
        *([(N_("Loại"), PLAN_KINDS[wanted.kind])] if wanted.kind else []),
        *([(N_("Thuộc chương trình"), programs[wanted.program_code])] if wanted.program_code else []),
        *([(N_("Năm"), str(wanted.year))] if wanted.year else []),
        *([(N_("Tình trạng"), PLAN_STATES[wanted.state])] if wanted.state else []),
        *([(N_("Chỉ kế hoạch"), N_("Chờ đơn vị tôi"))] if wanted.mine else []),
        *([(N_("Tìm"), wanted.q)] if wanted.q else []),
    ]
