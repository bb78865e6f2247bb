"""Which unit, year and day a page is asked for, as a form that shows it."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request

from app.clock import today
from app.domain.access import Actor
from app.domain.ledger.lines import FIRST_YEAR, LAST_YEAR
from app.domain.territory import UnitView
from app.i18n import N_
from app.views import territory
from app.views.forms import Form


class Asked:
    """Unit, year and day as an address asks for them; what cannot be read is noted beside its field and left out."""

    def __init__(self, request: Request, actor: Actor) -> None:
        self.form = Form(dict(request.query_params))
        self.options: list[territory.Option] = []
        self.years: list[tuple[str, str]] = []
        self.found: UnitView | None = None
        if self.form.get("unit").strip() or self.form.get("unit_find").strip():
            self.found, self.options = territory.pick_unit(request, actor, self.form, "unit")
        self.unit = self.found.exact_code if self.found is not None else None
        self.year = self.form.whole("year", required=False, least=FIRST_YEAR, most=LAST_YEAR)
        self.as_of = self.form.day("as_of", required=False)
        if self.as_of is not None and self.as_of > today():
            self.form.fail("as_of", N_("Ngày tính đến không được sau hôm nay."))
            self.as_of = None

    def fill(self, unit: UnitView, year: int | None, years: Iterable[int], lang: str) -> None:
        """The form shows what the page shows; a day only where one was asked for. Without a year none is chosen."""
        shown = Form(year=year, as_of=self.as_of)
        for name, value in shown.values.items():
            if name not in self.form.errors:
                self.form.values[name] = value
        if "unit" not in self.form.errors:
            self.form.values |= {"unit": unit.exact_code, "unit_find": ""}
            self.options = [territory.option(unit, lang)]
        if year is not None:
            self.years = [(str(y), str(y)) for y in sorted({*years, year}, reverse=True)]
