"""One criterion of a unit: what stands of each indicator, its history, and recording it indicator by indicator."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import documents, outreach, territory
from app.domain.access import Actor, require
from app.domain.criteria import assessing, assessments, scorecard
from app.domain.criteria.assessing import NewAssessment
from app.domain.criteria.assessments import AssessmentFilter, AssessmentView
from app.domain.criteria.scorecard import CriterionState, IndicatorState, Scorecard
from app.domain.criteria.views import IndicatorView
from app.domain.documents import DocumentFilter
from app.errors import Fault, Invalid, NotFound
from app.i18n import N_, Message
from app.reports import criteria as tables
from app.views.access import Reader, Typed
from app.views.asked import Asked
from app.views.forms import Form
from app.views.ledger.common import new_id
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import refused

router = APIRouter(include_in_schema=False)
FIELDS: Final = ("met", "value", "date", "note", "verifier", "documents")
MET: Final = [("1", N_("Đạt")), ("0", N_("Chưa đạt"))]
EARLIER: Final = 200  # of the whole criterion
PAPERS: Final = 200  # to choose evidence among


@router.get("/criteria/{number:int}")
def show_criterion(request: Request, who: Reader, number: int) -> Response:
    """The criterion on a day, a form for each indicator where the reader may assess, and what was found before."""
    asked = Asked(request, who.actor)
    card = _card(who.actor, asked, request.query_params.get("set", ""))
    return _page(request, who.actor, card, number)


def _card(actor: Actor, asked: Asked, set_code: str) -> Scorecard:
    unit = asked.found or territory.own_unit(actor)
    try:
        card = scorecard.scorecard(actor, unit=unit, as_of=asked.as_of, set_code=set_code.strip() or None)
    except Invalid:
        raise NotFound() from None  # a unit that has no criteria of its own
    if card is None:
        raise NotFound()
    return card


def _page(
    request: Request,
    actor: Actor,
    card: Scorecard,
    number: int,
    *,
    sent: Form | None = None,
    status: int = 200,
) -> Response:
    lang = language(request)
    one, before, after = _around(card, number)
    mark_illustrative(request, [card.head, one])
    wanted = AssessmentFilter(unit=card.unit, set_code=card.head.code, criterion=number)
    earlier = assessments.assessments(actor, wanted, latest_first=True, limit=EARLIER)
    forms = {i.indicator.code: _form(i.indicator, sent) for i in one.indicators}
    return render(
        request, "criteria/criterion.html", status=status, title=f"{number}. {one.criterion.named(lang)}",
        place="criteria", card=card, one=one, before=before, after=after, tag=tables.state_tag(one, card.as_of),
        indicators=[_shown(i, earlier, lang) for i in one.indicators], forms=forms, risks=tables.risks_of(one),
        may_assess=actor.may("assessment.edit") and card.as_of == today(), may=actor.may("assessment.edit"),
        papers=_papers(actor, card, one), scorecard=_address("/criteria", card), today=_address(f"/criteria/{number}", card, day=False),
        action=_address(f"/criteria/{number}", card, day=False),
        told=outreach.about_criterion(actor, card.unit.id, card.head.code, number),
        told_href=_address("/outreach", card, day=False) + f"&criterion={number}", may_tell=actor.may("outreach.edit"),
    )  # fmt: skip


def _papers(actor: Actor, card: Scorecard, one: CriterionState) -> list[tuple[str, str]]:
    """The documents of the unit for a select, the newest first, where an indicator needs one behind it."""
    if not actor.may("assessment.edit") or not any(i.indicator.evidence_required for i in one.indicators):
        return []
    wanted = DocumentFilter(unit=card.unit.exact_code)
    found = documents.documents(actor, wanted, newest_first=True, limit=PAPERS)
    return [(str(d.id), f"{d.title} · {d.summary}" if d.number and d.summary else d.title) for d in found]


def _address(path: str, card: Scorecard, *, day: bool = True) -> str:
    """A page of the same unit and set, and where it shows a past day of that day."""
    query = {"unit": card.unit.exact_code, "set": card.head.code}
    if day and card.as_of != today():
        query["as_of"] = card.as_of.isoformat()
    return f"{path}?{urlencode(query)}"


def _around(card: Scorecard, number: int) -> tuple[CriterionState, str | None, str | None]:
    """(the criterion, the address of the one before, of the one after)."""
    numbers = [one.criterion.number for one in card.criteria]
    if number not in numbers:
        raise NotFound()
    at = numbers.index(number)
    before = _address(f"/criteria/{numbers[at - 1]}", card) if at else None
    after = _address(f"/criteria/{numbers[at + 1]}", card) if at + 1 < len(numbers) else None
    return card.criteria[at], before, after


def _form(indicator: IndicatorView, sent: Form | None) -> Form:
    """The form of an indicator: what was sent of it and refused, else an empty one."""
    form = sent
    if form is None or form.get("indicator") != indicator.code:
        form = Form(id=new_id(), indicator=indicator.code, date=today())
    form.prefix = f"{_anchor(indicator.code)}-"
    return form


def _anchor(code: str) -> str:
    return f"i-{code.replace('.', '-')}"


def _shown(one: IndicatorState, earlier: list[AssessmentView], lang: str) -> dict[str, Any]:
    """An indicator as the page shows it."""
    indicator = one.indicator
    return {
        "code": indicator.code, "anchor": _anchor(indicator.code), "name": indicator.name, "of": indicator,
        "asked": tables.asked_of(indicator, lang), "tag": tables.met_tag(one), "latest": one.assessment,
        "value": tables.figure_of(one.assessment.value, indicator.unit, lang) if one.assessment else "",
        "verdict": tables.verdict_tag(one.assessment) if one.assessment else None, "risks": one.risks,
        "earlier": [
            {"of": a, "tag": tables.met_tag(a), "value": tables.figure_of(a.value, a.measure, lang),
             "verdict": tables.verdict_tag(a)}
            for a in earlier
            if a.indicator_code == indicator.code and (one.assessment is None or a.id != one.assessment.id)
        ],
    }  # fmt: skip


@router.post("/criteria/{number:int}")
def assess(request: Request, who: Reader, form: Typed, number: int) -> Response:
    """Records what was found of one indicator; the page comes back at the next one."""
    require(who.actor, "assessment.edit")
    card = _card(who.actor, Asked(request, who.actor), request.query_params.get("set", ""))
    one, _, _ = _around(card, number)
    found = next((i.indicator for i in one.indicators if i.indicator.code == form.get("indicator")), None)
    if found is None:
        raise NotFound()
    new, status = _typed(form, card, found), 422
    if form.ok and new is not None:
        try:
            made, _ = assessing.create(who.actor, new)
            said = N_("Đã ghi {code}: đạt") if made.met else N_("Đã ghi {code}: chưa đạt")
            # An address that differed in its fragment alone would not be loaded anew.
            onto = (
                f"{_address(f'/criteria/{number}', card, day=False)}&saved={made.id}#{_next(one, found.code)}"
            )
            return redirect_after_post(request, onto, flash=Message(said, {"code": found.code}))
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _page(request, who.actor, card, number, sent=form, status=status)


def _next(one: CriterionState, code: str) -> str:
    """Where to go on: at the next indicator, or at the first."""
    codes = [i.indicator.code for i in one.indicators]
    return _anchor(codes[(codes.index(code) + 1) % len(codes)])


def _typed(form: Form, card: Scorecard, indicator: IndicatorView) -> NewAssessment | None:
    """What the form says; None after noting what is wrong. Where a threshold is known, met follows from the value."""
    id_, day = form.id("id"), form.day("date")
    by_rule = indicator.must_reach is not None
    value = form.figure("value", required=by_rule) if indicator.is_figure else None
    # For a day before the threshold began it is judged: the form then comes back with the choice.
    met = form.choice("met", ("1", "0"), required=not by_rule)
    note = form.text("note", required=False) or ""
    verifier = form.text("verifier", required=False, longest=200) or ""
    paper = form.id("documents", required=False) if indicator.evidence_required else None
    if not form.ok or id_ is None or day is None:
        return None
    return NewAssessment(
        id_, card.unit.exact_code, indicator.code, day, value, None if met is None else met == "1", note,
        (paper,) if paper is not None else (), set_code=card.head.code, verifier=verifier,
    )  # fmt: skip
