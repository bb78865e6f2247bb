"""Sets of criteria: which are there, one as it is in a unit, and what changes there when another takes its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import territory
from app.domain.access import Actor
from app.domain.criteria import changing, defining, sets
from app.domain.criteria.views import LEVELS, SetHead, SetView
from app.domain.territory import UnitView
from app.i18n import N_
from app.reports import criteria_sets as tables
from app.reports.table import Tag
from app.views.access import Reader
from app.views.asked import Asked
from app.views.criteria.places import region_names
from app.views.templating import language, mark_illustrative, render, table_answer

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """A set in the list; `between`: the older and the newer of it and the one by which the reader's unit is assessed."""

    found: SetView
    state: Tag
    between: tuple[SetHead, SetHead] | None


@router.get("/criteria/sets")
def index(request: Request, who: Reader) -> Response:
    """By level, the newest first: whose each is, from when to when, whether it is in force, what is not known of it."""
    own, on = territory.own_unit(who.actor), today()
    views = sets.whole_sets(who.actor, sets.sets(who.actor), unit=own.exact_code, on=on)
    used = sets.sets(who.actor, unit=own.exact_code, on=on, only_in_force=True)
    in_force = {head.level: head for head in used}
    mark_illustrative(request, [found.head for found in views])
    levels = {
        level: [_listed(found, in_force.get(level), on) for found in views if found.head.level == level]
        for level in LEVELS
    }
    return render(
        request, "criteria/sets.html", title=N_("Bộ tiêu chí"), place="criteria", levels=levels, names=LEVELS,
        unit=own, regions=region_names(request, who.actor), whose=tables.whose, validity=tables.validity,
        may_define=defining.may_define(who.actor),
    )  # fmt: skip


def _listed(found: SetView, used: SetHead | None, on: date) -> Listed:
    head = found.head
    between = None
    if used is not None and used.code != head.code:
        between = (head, used) if head.valid_from < used.valid_from else (used, head)
    return Listed(found, _state(head, used, on), between)


def _state(head: SetHead, used: SetHead | None, on: date) -> Tag:
    if used is not None and used.code == head.code:
        return Tag("risk", N_("hết hạn, vẫn dùng")) if head.over_on(on) else Tag("done", N_("đang dùng"))
    if head.valid_from > on:
        return Tag("", N_("chưa có hiệu lực"))
    return Tag("plain", N_("đã hết hạn") if head.over_on(on) else N_("không dùng ở đây"))


def _unit(actor: Actor, asked: Asked, lang: str) -> UnitView:
    """The unit asked for, else the reader's own, which the form then shows."""
    unit = territory.find(actor, asked.unit, as_of=asked.as_of) if asked.unit else territory.own_unit(actor)
    asked.fill(unit, None, (), lang)
    return unit


@router.get("/criteria/sets/{code}")
def show(request: Request, who: Reader, code: str) -> Response:
    """A set whole, as it is in a unit: first what is not known there; page, Excel and CSV."""
    asked, lang = Asked(request, who.actor), language(request)
    unit = _unit(who.actor, asked, lang)
    on = asked.as_of or today()
    found = sets.get(who.actor, code, unit=unit.exact_code, on=on)
    regions = region_names(request, who.actor)
    mark_illustrative(request, [found.head])
    query = urlencode({"unit": unit.exact_code} | ({"as_of": on.isoformat()} if asked.as_of else {}))
    return table_answer(
        request, tables.set_table(found, regions, unit.name, lang), "criteria/set.html", place="criteria",
        title=found.head.named(lang), found=found, at=unit, asked=asked, on=on, names=LEVELS,
        regions=regions, whose=tables.whose, validity=tables.validity, unknown=_unknown(found, lang), query=query,
        others=[h for h in sets.sets(who.actor, level=found.head.level) if h.code != code],
    )  # fmt: skip


def _unknown(found: SetView, lang: str) -> list[dict[str, str]]:
    """The criteria with indicators for which no threshold is known, for `ui.missing`."""
    return [
        {
            "name": f"{criterion.number}. {criterion.named(lang)}",
            "note": ", ".join(one.code for one in criterion.indicators if one.unknown),
        }
        for criterion in found.criteria
        if any(one.unknown for one in criterion.indicators)
    ]


@router.get("/criteria/sets/{code}/changes")
def changes(request: Request, who: Reader, code: str) -> Response:
    """What changes for a unit when this set takes the place of another (`from`): what is lost first."""
    asked, lang = Asked(request, who.actor), language(request)
    unit = _unit(who.actor, asked, lang)
    whole = request.query_params.get("all") == "1"
    heads = [h for h in sets.sets(who.actor, unit=unit.exact_code, on=asked.as_of) if h.code != code]
    old = request.query_params.get("from") or next((h.code for h in heads), code)
    found = changing.changes(who.actor, code, old, unit=unit.exact_code, on=asked.as_of)
    mark_illustrative(request, [found])
    return table_answer(
        request, tables.changes_table(found, lang, unchanged=whole), "criteria/set_changes.html",
        place="criteria", title=N_("Đổi bộ tiêu chí"), c=found, asked=asked, whole=whole,
        heads=[(h.code, h.named(lang)) for h in heads], changes=tables.CHANGES,
        outlooks=[(tables.OUTLOOKS[o], _named(found, o, lang)) for o in changing.OUTLOOKS if found.of(o)],
        lost=_lost(found, lang),
    )  # fmt: skip


def _named(found: changing.SetChanges, outlook: changing.Outlook, lang: str) -> str:
    return "; ".join(f"{c.number}. {c.named.named(lang)}" for c in found.of(outlook))


def _lost(found: changing.SetChanges, lang: str) -> list[dict[str, str]]:
    """The criteria that would be lost, each with the indicators that fall short."""
    return [
        {
            "name": f"{c.number}. {c.named.named(lang)}",
            "note": ", ".join(one.code for one in c.indicators if one.carried == "unmet"),
        }
        for c in found.of("lost")
    ]
