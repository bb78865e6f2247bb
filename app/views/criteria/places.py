"""Whose rule a set or a threshold is: the nation's, a region's or a province's, as one field of a form."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from app.domain import territory
from app.domain.access import Actor
from app.domain.criteria import sets
from app.i18n import N_, translate
from app.reports.criteria_sets import NATIONAL, Regions
from app.views.forms import Form
from app.views.templating import language

FIELD: Final = "place"
_NATION: Final = "nation"
Options = list[tuple[str, str | list[tuple[str, str]]]]


def region_names(request: Request, actor: Actor) -> Regions:
    """Regions by code, in the reader's language."""
    lang = language(request)
    return {region.code: region.named(lang) for region in sets.regions(actor)}


def options(request: Request, actor: Actor) -> Options:
    """For `ui.select`: the places for which an actor may make rules."""
    lang = language(request)
    if actor.level != "nation":
        return [(f"unit:{actor.unit_code}@{actor.structure}", actor.unit_name)]
    found: Options = [(_NATION, translate(lang, NATIONAL))]
    regions = [(f"region:{code}", name) for code, name in region_names(request, actor).items()]
    found.append((translate(lang, N_("Vùng")), regions))
    for structure in (territory.TWO_TIERS, territory.LEGACY):
        provinces = territory.units(actor, level="province", structure=structure, limit=200)
        label = (
            N_("Tỉnh, thành phố")
            if structure == territory.TWO_TIERS
            else N_("Tỉnh, thành phố trước 01/07/2025")
        )
        found.append((translate(lang, label), [(f"unit:{p.exact_code}", p.name) for p in provinces]))
    return found


def initial(actor: Actor) -> str:
    """The place that a new form shows."""
    return _NATION if actor.level == "nation" else f"unit:{actor.unit_code}@{actor.structure}"


def chosen(form: Form) -> tuple[str | None, str | None]:
    """(region, unit code) of the place that a form names; both None for the nation, its error noted where it is none."""
    kind, _, code = form.get(FIELD).partition(":")
    if kind == "region" and code:
        return code, None
    if kind == "unit" and code:
        return None, code
    if form.get(FIELD) != _NATION:
        form.fail(FIELD, N_("Chưa chọn"))
    return None, None
