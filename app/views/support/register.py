"""The list of support models: what waits for the reader by name, then all under filters; page, Excel and CSV."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import programs, support
from app.domain.support import STATES, ModelFilter
from app.i18n import N_
from app.reports.labels import SUPPORT_STATES
from app.reports.support import models_table, waiting_items
from app.views.access import Reader
from app.views.forms import Form
from app.views.ledger.common import Where, grouped_projects, named, pager, query_form, where, whole, window
from app.views.templating import language, mark_illustrative, table_answer

router = APIRouter(include_in_schema=False)
NAMED: Final = 20  # of those that wait for the reader


@router.get("/support")
def show_models(request: Request, who: Reader) -> Response:
    """What waits for the reader and what was given back to their unit, then the list."""
    actor, here, lang = who.actor, where(request, who.actor), language(request)
    form, names = query_form(request), programs.all_names(who.actor)
    wanted = _asked(form, here)
    offset, limit = window(request)
    found = support.with_money(actor, wanted, offset=offset, limit=limit)
    waits, number = support.waiting_for(actor, NAMED)
    mark_illustrative(request, [*(m for m, _ in found), *waits])
    filters = _filters(wanted, here)
    table = models_table(found, filters=filters, show_unit=here.wide, name=f"mo-hinh-{here.unit.code}")
    return table_answer(
        request, table, "support/list.html", title=N_("Mô hình hỗ trợ"), place="support", at=here, form=form,
        pager=pager(request, support.count(actor, wanted)), states=named(request, SUPPORT_STATES),
        projects=grouped_projects(names, leaves=False), of_years=[(str(y), str(y)) for y in support.years(actor)],
        owed=waiting_items([m for m in waits if m.mine], lang), more=number - len(waits),
        returned=waiting_items([m for m in waits if not m.mine], lang),
        unit_options=[(u.exact_code, u.name) for u in here.units], may_edit=actor.may("support.edit"),
        filtered=len(filters) > 1,
    )  # fmt: skip


def _asked(form: Form, here: Where) -> ModelFilter:
    state = form.get("state")
    return ModelFilter(
        unit=here.unit.exact_code,
        project_code=form.get("project").strip()[:40] or None,
        year=whole(form.get("of_year")),
        state=state if state in STATES else None,
        mine=True if form.flag("mine") else None,
        q=form.get("q").strip()[:100] or None,
    )


def _filters(wanted: ModelFilter, here: Where) -> list[tuple[str, str]]:
    """What a file says of its rows."""
    return [
        (N_("Đơn vị"), here.unit.name),
        *([(N_("Dự án"), wanted.project_code)] if wanted.project_code else []),
        *([(N_("Năm"), str(wanted.year))] if wanted.year else []),
        *([(N_("Tình trạng"), SUPPORT_STATES[wanted.state])] if wanted.state else []),
        *([(N_("Chỉ mô hình"), N_("Chờ đơn vị tôi"))] if wanted.mine else []),
        *([(N_("Tìm"), wanted.q)] if wanted.q else []),
    ]
