"""One indicator of a set: what it must reach in which place, since when, by which document; and the form that adds to it."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain.access import Actor
from app.domain.criteria import defining, sets, thresholds
from app.domain.criteria.proposed import NewThreshold
from app.domain.criteria.table import CERTAINTY
from app.domain.criteria.views import KINDS, CriterionView, IndicatorView, SetHead
from app.errors import Fault, NotFound
from app.i18n import N_, Message
from app.reports import criteria_sets as tables
from app.views.access import Reader, Typed
from app.views.criteria import places
from app.views.forms import Form
from app.views.ledger.common import named
from app.views.templating import language, mark_illustrative, redirect_after_post, table_answer
from app.views.works.common import refused

router = APIRouter(include_in_schema=False)
_FIELDS: Final = (places.FIELD, "value", "valid_from", "valid_to", "source", "certainty")


def _one(actor: Actor, code: str, indicator: str) -> tuple[SetHead, CriterionView, IndicatorView]:
    found = sets.get(actor, code)
    for criterion, one in found.indicators:
        if one.code == indicator:
            return found.head, criterion, one
    raise NotFound(N_("Bộ tiêu chí này không có chỉ tiêu {code}."), code=indicator)


@router.get("/criteria/sets/{code}/indicators/{indicator}")
def show(request: Request, who: Reader, code: str, indicator: str) -> Response:
    """The indicator with every threshold that it has or had anywhere; who may add one finds the form below."""
    head, criterion, one = _one(who.actor, code, indicator)
    form = Form(place=places.initial(who.actor), valid_from=head.valid_from, certainty="sure")
    return _page(request, who.actor, (head, criterion, one), form)


def _page(
    request: Request,
    actor: Actor,
    found: tuple[SetHead, CriterionView, IndicatorView],
    form: Form,
    *,
    status: int = 200,
) -> Response:
    head, criterion, one = found
    lang = language(request)
    rules = thresholds.thresholds(actor, head.code, one.code)
    may_define = defining.may_define(actor) and one.is_figure
    mark_illustrative(request, [head])
    return table_answer(
        request, tables.thresholds_table(rules, one, places.region_names(request, actor), lang),
        "criteria/indicator.html", status=status, place="criteria",
        title=Message(N_("Chỉ tiêu {code}"), {"code": one.code}), head=head, criterion=criterion, one=one,
        kinds=KINDS, form=form, may_define=may_define, certainty=named(request, CERTAINTY),
        places=places.options(request, actor) if may_define else [],
    )  # fmt: skip


@router.post("/criteria/sets/{code}/indicators/{indicator}")
def add(request: Request, who: Reader, form: Typed, code: str, indicator: str) -> Response:
    """Adds a threshold; what was assessed before keeps what it was held against."""
    defining.require_defining(who.actor)
    found = _one(who.actor, code, indicator)
    region, unit_code = places.chosen(form)
    values: dict[str, Any] = {
        "value": form.figure("value", required=False),
        "valid_from": form.day("valid_from"),
        "valid_to": form.day("valid_to", required=False),
        "source": form.text("source", longest=500),
        "certainty": form.choice("certainty", CERTAINTY),
    }
    status = 422
    if form.ok:
        try:
            new = NewThreshold(indicator, region=region, unit_code=unit_code, **values)
            thresholds.add_threshold(who.actor, code, new)
            said = N_("Đã thêm ngưỡng. Đánh giá đã có giữ ngưỡng của ngày đánh giá.")
            return redirect_after_post(request, tables.indicator_href(found[0], indicator), flash=said)
        except Fault as fault:
            status = refused(form, fault, _FIELDS)
    return _page(request, who.actor, found, form, status=status)
