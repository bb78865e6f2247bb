"""The register of households under filters, and those that may stand in it twice; page, Excel and CSV."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import households
from app.domain.households import UNREVIEWED, HouseholdFilter
from app.domain.households.rows import STATUS_NAMES
from app.i18n import N_, translate
from app.reports.households import UNCLASSED, file_table, households_table
from app.views.access import Reader
from app.views.forms import Form
from app.views.households.common import Where, where
from app.views.ledger.common import named, pager, query_form, window
from app.views.templating import language, mark_illustrative, render, table_answer

router = APIRouter(include_in_schema=False)
STATUSES: Final = {**STATUS_NAMES, UNREVIEWED: UNCLASSED}


@router.get("/households")
def show_households(request: Request, who: Reader) -> Response:
    """How many count as what in a sentence, then the households under filters; views of names are put on record."""
    actor, here, lang = who.actor, where(request, who.actor), language(request)
    form = query_form(request)
    wanted, (offset, limit) = _asked(form, here), window(request)
    as_file = request.query_params.get("format") in ("xlsx", "csv")
    found = households.page(
        actor, wanted, purpose="export" if as_file else "page", offset=offset, limit=limit, members=as_file
    )
    form.values.setdefault("year", str(found.year))
    mark_illustrative(request, found.households)
    filters = _filters(wanted, here, dict(found.hamlets), found.year)
    name = f"ho-{here.unit.code}-{found.year}"
    table = (
        file_table(found.households, found.year, filters=filters, name=name)
        if as_file
        else households_table(found.households, found.year, filters=filters, name=name, show_unit=here.wide)
    )
    counts = [
        (status, translate(lang, STATUSES[status]), n)
        for status, n in found.counts.items()
        if status != UNREVIEWED
    ]
    return table_answer(
        request, table, "households/list.html", title=N_("Hộ dân"), place="households", at=here, form=form,
        found=found, counts=counts, unclassed=found.counts.get(UNREVIEWED, 0),
        pager=pager(request, found.count), statuses=named(request, STATUSES),
        year_options=[(str(y), str(y)) for y in sorted({*found.years, found.year}, reverse=True)],
        unit_options=[(u.exact_code, u.name) for u in here.units], filtered=len(filters) > 2,
        may_edit=actor.may("household.edit"),
    )  # fmt: skip


def _asked(form: Form, here: Where) -> HouseholdFilter:
    status, gone = form.get("status"), form.flag("gone")
    return HouseholdFilter(
        unit=here.unit.exact_code,
        hamlet=form.get("hamlet").strip()[:40] or None,
        year=here.year,
        status=status if status in STATUSES else None,
        q=form.get("q").strip()[:100] or None,
        standing=None if gone else True,
    )


def _filters(
    wanted: HouseholdFilter, here: Where, hamlets: dict[str, str], year: int
) -> list[tuple[str, str]]:
    """What a file says of its rows."""
    return [
        (N_("Đơn vị"), here.unit.name),
        (N_("Năm"), str(year)),
        *([(N_("Thôn"), hamlets.get(wanted.hamlet, wanted.hamlet))] if wanted.hamlet else []),
        *([(N_("Diện"), STATUSES[wanted.status])] if wanted.status else []),
        *([(N_("Tìm"), wanted.q)] if wanted.q else []),
        *([(N_("Gồm"), N_("cả hộ đã rời xã, đã gộp"))] if wanted.standing is None else []),
    ]


@router.get("/households/duplicates")
def show_duplicates(request: Request, who: Reader) -> Response:
    """Pairs of the same name without marks, birth year and hamlet; each leads to where it is merged."""
    here = where(request, who.actor)
    pairs = households.duplicates(who.actor, here.unit.exact_code, purpose="page")
    mark_illustrative(request, [h for pair in pairs for h in pair])
    return render(
        request, "households/duplicates.html", title=N_("Hộ có thể trùng"), place="households", at=here,
        pairs=pairs,
    )  # fmt: skip
