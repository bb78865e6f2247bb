"""Who gets what from support models, and what came of them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain.support import outcomes, received
from app.domain.support.outcomes import WAYS, By
from app.i18n import N_
from app.reports import support_outcomes as tables
from app.views.access import Reader
from app.views.forms import Form
from app.views.ledger.common import Where, named, pager, query_form, where, window
from app.views.templating import mark_illustrative, table_answer

router = APIRouter(include_in_schema=False)


@router.get("/support/received")
def show_received(request: Request, who: Reader) -> Response:
    """Who was given the same twice, who never anything, then what households received in a year; page, Excel, CSV."""
    actor, here = who.actor, where(request, who.actor)
    offset, limit = window(request)
    found = received.received(actor, here.unit, here.year, offset=offset, limit=limit)
    mark_illustrative(request, [*found.gifts, *found.waiting])
    filters, name = _filters(here), f"{here.unit.code}-{here.year}"
    waiting = tables.waiting_table(found, filters=filters, show_unit=here.wide, name=f"chua-ho-tro-{name}")
    gifts = tables.gifts_table(found, filters=filters, show_unit=here.wide, name=f"ho-da-nhan-{name}")
    asked = request.query_params.get("which") == "waiting"
    return table_answer(
        request, waiting if asked else gifts, "support/received.html", title=N_("Ai được hỗ trợ gì"), place="support",
        at=here, form=_form(request, here), found=found, gifts=gifts, waiting=waiting, pager=pager(request, found.count),
        twice=tables.twice_items(found.twice), unit_options=[(u.exact_code, u.name) for u in here.units],
        year_options=_years(here),
    )  # fmt: skip


@router.get("/support/outcomes")
def show_outcomes(request: Request, who: Reader) -> Response:
    """What came of models, compared by model, hamlet, year or commune; page, Excel, CSV."""
    here = where(request, who.actor)
    asked = request.query_params.get("by", "")
    by: By = next((way for way in WAYS if way == asked), "commune" if here.wide else "model")
    rows, total = outcomes.outcomes(who.actor, here.unit, here.year, by)
    mark_illustrative(request, [total])
    table = tables.outcomes_table(
        rows, total, by, filters=_filters(here), name=f"ket-qua-mo-hinh-{here.unit.code}-{here.year}"
    )
    form = _form(request, here)
    form.values["by"] = by
    return table_answer(
        request, table, "support/outcomes.html", title=N_("Kết quả của các mô hình"), place="support", at=here,
        form=form, total=total, ways=named(request, tables.WAYS), year_options=_years(here),
        unit_options=[(u.exact_code, u.name) for u in here.units],
    )  # fmt: skip


def _form(request: Request, here: Where) -> Form:
    form = query_form(request)
    form.values["year"] = str(here.year)
    return form


def _years(here: Where) -> list[tuple[str, str]]:
    """Years to choose from: those of the book and the one after, whose statuses say what came of them."""
    every = sorted({*here.years, here.year, max(here.years) + 1}, reverse=True)
    return [(str(year), str(year)) for year in every]


def _filters(here: Where) -> list[tuple[str, str]]:
    return [(N_("Đơn vị"), here.unit.name), (N_("Năm"), str(here.year))]
