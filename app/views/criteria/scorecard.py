"""The criteria of a unit on a day: a commune's or a hamlet's scorecard; of a wider unit its communes side by side."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import targets, territory
from app.domain.access import Actor
from app.domain.criteria import matrix, scorecard
from app.domain.criteria.assessing import LEVELS
from app.domain.criteria.matrix import MatrixRow
from app.domain.criteria.scorecard import Scorecard
from app.domain.targets import TargetView
from app.domain.territory import UnitView
from app.errors import Invalid
from app.i18n import N_, Message
from app.reports import criteria as tables
from app.reports.criteria_path import path_chart
from app.reports.targets import short_items
from app.views.access import Reader
from app.views.asked import Asked
from app.views.templating import language, mark_illustrative, render, table_answer

router = APIRouter(include_in_schema=False)


@router.get("/criteria")
def show_criteria(request: Request, who: Reader) -> Response:
    """Of a commune or a hamlet its criteria by group; above them the matrix of communes; page, Excel and CSV."""
    asked = Asked(request, who.actor)
    unit = (
        territory.find(who.actor, asked.unit, as_of=asked.as_of)
        if asked.unit
        else territory.own_unit(who.actor)
    )
    asked.fill(unit, None, (), language(request))
    if unit.level in LEVELS:
        return _scorecard(request, who.actor, asked, unit)
    return _matrix(request, who.actor, asked, unit)


def _scorecard(request: Request, actor: Actor, asked: Asked, unit: UnitView) -> Response:
    lang, code = language(request), request.query_params.get("set", "").strip() or None
    card = scorecard.scorecard(actor, unit=unit, as_of=asked.as_of, set_code=code)
    if card is None:
        return _none(request, asked, unit)
    aims = targets.heads(actor, unit.id, card.as_of)
    mark_illustrative(request, [card, *aims])
    below = [u for u in territory.children(actor, unit) if u.level == "hamlet"]
    return table_answer(
        request, tables.scorecard_table(card, lang), "criteria/show.html", title=N_("Tiêu chí nông thôn mới"),
        place="criteria", card=card, asked=asked, marks=tables.marks(card, lang), sentence=_sentence(card),
        lost=[_lost(card, one, lang) for one in card.of("lost")], attention=tables.attention(card, lang),
        aims=_aims(aims, lang), path=path_chart(card, lang), by_path=tables.path_table(card), below=below,
        first=_first(card), may_assess=actor.may("assessment.edit"), may_aim=actor.may("target.edit"),
        uncertain=sum(not i.indicator.certain for one in card.criteria for i in one.indicators),
    )  # fmt: skip


def _sentence(card: Scorecard) -> Message:
    """What the marks come to, before they are drawn."""
    goals = card.goals
    numbers = ", ".join(str(one.criterion.number) for one in goals)
    facts = {"met": card.met, "left": card.total - card.met, "year": str(card.as_of.year), "goals": numbers}
    if card.met == card.total:
        return Message(N_("Đạt tất cả {met:number} tiêu chí."), facts)
    if goals:
        return Message(
            N_("Còn {left:number} tiêu chí chưa đạt; chỉ tiêu đến hết năm {year}: {goals}."), facts
        )
    return Message(N_("Còn {left:number} tiêu chí chưa đạt; năm {year} chưa đặt chỉ tiêu nào."), facts)


def _lost(card: Scorecard, one: scorecard.CriterionState, lang: str) -> dict[str, object]:
    missing = ", ".join(i.indicator.code for i in one.indicators if not i.met)
    return {
        "name": f"{one.criterion.number}. {one.criterion.named(lang)}",
        "href": tables.criterion_href(card, one.criterion.number), "since": one.since, "missing": missing,
    }  # fmt: skip


def _aims(aims: list[TargetView], lang: str) -> list[dict[str, object]]:
    """What is still to be reached, and what was reached in the year at hand."""
    return short_items([a for a in aims if a.state != "reached" or _of_year(a)], lang)


def _of_year(aim: TargetView) -> bool:
    return aim.due_on.year >= aim.as_of.year


def _first(card: Scorecard) -> str:
    """Where assessing goes on: at the first goal, else at the first criterion that is not met, else at the first."""
    order = [*card.goals, *(one for one in card.criteria if one.state != "met"), *card.criteria]
    return tables.criterion_href(card, order[0].criterion.number)


def _none(request: Request, asked: Asked, unit: UnitView) -> Response:
    """The page of a unit that no set is in force for."""
    title = N_("Tiêu chí nông thôn mới")
    return render(request, "criteria/none.html", title=title, place="criteria", unit=unit, asked=asked)


def _matrix(request: Request, actor: Actor, asked: Asked, unit: UnitView) -> Response:
    lang, wanted = language(request), request.query_params
    day = asked.as_of
    found = _asked_matrix(actor, unit, asked, wanted.get("by"), wanted.get("sort", "name"), wanted.get("set"))
    if found is None:
        return _none(request, asked, unit)

    def opens(row: MatrixRow) -> str:
        query = {"unit": row.exact_code} | ({"as_of": day.isoformat()} if day else {})
        return f"/criteria?{urlencode(query)}"

    mark_illustrative(request, [found.found.head, found])
    return table_answer(
        request, tables.matrix_table(found, opens, lang), "criteria/matrix.html", title=N_("Tiêu chí nông thôn mới"),
        place="criteria", found=found, asked=asked, together=found.total, sort=wanted.get("sort", "name"),
        choices=_choices(found), total=len(found.found.criteria),
    )  # fmt: skip


def _asked_matrix(
    actor: Actor, unit: UnitView, asked: Asked, by: str | None, sort: str, set_code: str | None
) -> matrix.Matrix | None:
    """The matrix as the address asks for it; what it asks wrongly is left out."""
    try:
        return matrix.matrix(
            actor,
            unit=unit.exact_code,
            as_of=asked.as_of,
            by=by or None,
            sort=sort,
            set_code=set_code or None,
        )
    except Invalid:
        return matrix.matrix(actor, unit=unit, as_of=asked.as_of)


def _choices(found: matrix.Matrix) -> list[tuple[str, str]]:
    """The other way to see the same communes, where there is one: (text, by)."""
    if found.unit.level == "province" and found.unit.structure == "legacy":
        if found.by == matrix.BY_COMMUNE:
            return [(N_("Theo huyện"), matrix.BY_CHILD)]
        return [(N_("Từng xã"), matrix.BY_COMMUNE)]
    return []
