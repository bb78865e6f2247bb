"""How households moved between statuses from one year to the next: a sentence, a picture, hamlets in a table."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import households
from app.domain.households import HouseholdFilter
from app.i18n import N_, translate
from app.reports.household_flow import picture
from app.reports.households import SHORT, matrix_table, places_table
from app.views.access import Reader
from app.views.forms import Form
from app.views.households.common import review_year, where
from app.views.templating import language, mark_illustrative, table_answer

router = APIRouter(include_in_schema=False)


@router.get("/households/flow")
def show_flow(request: Request, who: Reader) -> Response:
    """The flow to the year that the address names, by default the latest that has statuses; nobody is named."""
    here, lang = where(request, who.actor), language(request)
    known = households.years(who.actor, HouseholdFilter(unit=here.unit.exact_code))
    year = here.year or (known or [review_year()])[0]
    found = households.flow(who.actor, here.unit.exact_code, year)
    mark_illustrative(request, [found])
    table = places_table(found, filters=[(N_("Đơn vị"), here.unit.name), (N_("Năm"), str(year))])
    years = sorted({*known, year}, reverse=True)
    return table_answer(
        request, table, "households/flow.html", title=N_("Biến động diện hộ"), place="households", at=here,
        flow=found, t=found.total, picture=picture(found.total), behind=matrix_table(found), year_=year,
        said={status: translate(lang, name) for status, name in SHORT.items()},
        form=Form(year=year, unit=here.unit.exact_code), year_options=[(str(y), str(y)) for y in years],
        unit_options=[(u.exact_code, u.name) for u in here.units],
    )  # fmt: skip
