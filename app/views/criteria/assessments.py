"""Assessments: the list, with what waits for the agency in charge; one with its evidence, and what may be done with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain.access import Actor, require
from app.domain.criteria import assessing, assessments
from app.domain.criteria.assessments import AssessmentFilter, AssessmentView
from app.domain.documents.attaching import documents_of
from app.domain.identity import people
from app.errors import Fault, Stale
from app.i18n import N_
from app.reports import criteria as tables
from app.views.access import Reader, Typed
from app.views.criteria.criterion import MET
from app.views.forms import Form
from app.views.ledger.common import Where, named, pager, query_form, where, whole, window
from app.views.templating import language, mark_illustrative, redirect_after_post, render, table_answer
from app.views.works.common import noted, refused

router = APIRouter(include_in_schema=False)
FIELDS: Final = ("met", "value", "date", "note", "assessor", "verifier", "reason", "on")
VERDICTS: Final = {
    "none": N_("Chưa thẩm tra"), "agreed": N_("Đã thẩm tra"), "disputed": N_("Thẩm tra không đồng ý"),
}  # fmt: skip
RESULTS: Final = {"met": N_("Đạt"), "unmet": N_("Chưa đạt")}


@router.get("/assessments")
def show_assessments(request: Request, who: Reader) -> Response:
    """Assessments under filters, the latest first; page, Excel and CSV."""
    actor, here, lang = who.actor, where(request, who.actor), language(request)
    form = query_form(request)
    wanted = _asked(form, here)
    offset, limit = window(request)
    found = assessments.assessments(actor, wanted, latest_first=True, offset=offset, limit=limit)
    mark_illustrative(request, found)
    table = tables.assessments_table(
        found,
        lang,
        filters=_filters(wanted, form, here),
        show_unit=here.wide,
        name=f"danh-gia-{here.unit.code}",
    )
    return table_answer(
        request, table, "criteria/assessments.html", title=N_("Các lần đánh giá"), place="criteria", at=here,
        form=form, pager=pager(request, assessments.number_of(actor, wanted)), verdicts=named(request, VERDICTS),
        results=named(request, RESULTS), unit_options=[(u.exact_code, u.name) for u in here.units],
    )  # fmt: skip


def _asked(form: Form, here: Where) -> AssessmentFilter:
    verdict, result = form.get("verdict"), form.get("result")
    return AssessmentFilter(
        unit=here.unit,
        criterion=whole(form.get("criterion"), 999),
        indicator=form.get("indicator").strip()[:12] or None,
        met={"met": True, "unmet": False}.get(result),
        verdict={"none": "", "agreed": "agreed", "disputed": "disputed"}.get(verdict),
        standing=True if verdict == "none" else None,
    )


def _filters(wanted: AssessmentFilter, form: Form, here: Where) -> list[tuple[str, str]]:
    """What a file says of its rows."""
    said = [(N_("Đơn vị"), here.unit.name)]
    if wanted.criterion is not None:
        said.append((N_("Tiêu chí"), str(wanted.criterion)))
    if wanted.indicator is not None:
        said.append((N_("Chỉ tiêu"), wanted.indicator))
    for label, words, key in ((N_("Thẩm tra"), VERDICTS, "verdict"), (N_("Kết quả"), RESULTS, "result")):
        if form.get(key) in words:
            said.append((label, words[form.get(key)]))
    return said


@router.get("/assessments/{assessment_id:uuid}")
def show_assessment(request: Request, who: Reader, assessment_id: uuid.UUID) -> Response:
    """The assessment, its evidence, a form for each thing that the reader may do with it."""
    return _page(request, who.actor, assessment_id)


def _page(
    request: Request,
    actor: Actor,
    assessment_id: uuid.UUID,
    *,
    sent: tuple[str, Form] | None = None,
    status: int = 200,
    current: AssessmentView | None = None,
) -> Response:
    lang, a = language(request), assessments.get(actor, assessment_id)
    mark_illustrative(request, [a])
    forms = {
        "edit": Form(
            version=a.version, met="1" if a.met else "0", value=a.value, date=a.assessed_on, note=a.note,
            assessor=a.assessor, verifier=a.verifier,
        ),
        "verify": Form(version=a.version, on=today()), "withdraw": Form(),
    }  # fmt: skip
    may = _may(actor, a)
    if sent is not None:  # what was typed is shown also where the move is not open any more
        forms[sent[0]], may[sent[0]] = sent[1], True
    for name, form in forms.items():
        form.prefix = f"{name}-"
    names = people.names_of([a.created_by, a.verified_by])
    return render(
        request, "criteria/assessment.html", status=status, title=f"{a.indicator_code} {a.indicator_name}",
        place="criteria", a=a, this=f"/assessments/{a.id}", tag=tables.met_tag(a), verdict=tables.verdict_tag(a),
        value=tables.figure_of(a.value, a.measure, lang), threshold=tables.figure_of(a.threshold, a.measure, lang),
        forms=forms, may=may, met=MET, current=current, names=names, may_attach=actor.may("document.edit"),
        documents=documents_of(actor, "assessment", a.id),
    )  # fmt: skip


def _may(actor: Actor, a: AssessmentView) -> dict[str, bool]:
    """What the reader is offered: by right, by where they stand and by how the assessment stands."""
    edits = actor.may("assessment.edit")
    return {
        "edit": edits and a.changeable,
        "withdraw": edits and a.stands,
        "verify": actor.may("assessment.verify") and a.stands and assessing.may_verify(actor, a),
    }


def _done(
    request: Request,
    actor: Actor,
    assessment_id: uuid.UUID,
    sent: tuple[str, Form],
    said: str,
    act: Callable[[], AssessmentView],
) -> Response:
    """Does it and shows the assessment again; what is refused is said in its form, and nothing typed is lost."""
    _, form = sent
    current, status = None, 422
    if form.ok:
        try:
            return redirect_after_post(request, f"/assessments/{act().id}", flash=said)
        except Stale as fault:
            current, status = noted(form, fault, lambda: assessments.get(actor, assessment_id)), 409
        except Fault as fault:
            assessments.get(actor, assessment_id)  # one that is not there has no page
            status = refused(form, fault, FIELDS)
    return _page(request, actor, assessment_id, sent=sent, status=status, current=current)


@router.post("/assessments/{assessment_id:uuid}/edit")
def edit(request: Request, who: Reader, form: Typed, assessment_id: uuid.UUID) -> Response:
    """Puts it right; when somebody changed it since, both versions are shown."""
    require(who.actor, "assessment.edit")
    standing = assessments.get(who.actor, assessment_id)
    version, values = form.whole("version"), _values(form, standing)
    return _done(
        request, who.actor, assessment_id, ("edit", form), N_("Đã sửa đánh giá"),
        lambda: assessing.update(who.actor, assessment_id, version or 0, values),
    )  # fmt: skip


def _values(form: Form, standing: AssessmentView) -> dict[str, Any]:
    """What the form says, under the names of the domain; where met follows from the value it is not asked."""
    values: dict[str, Any] = {
        "assessed_on": form.day("date"), "note": form.text("note", required=False) or "",
        "assessor": form.text("assessor", longest=200), "verifier": form.text("verifier", required=False, longest=200) or "",
    }  # fmt: skip
    if standing.kind != "judgment":
        values["value"] = form.figure("value", required=standing.by_rule)
    if not standing.by_rule:
        met = form.choice("met", ("1", "0"))
        values["met"] = met == "1"
    return values


@router.post("/assessments/{assessment_id:uuid}/withdraw")
def withdraw(request: Request, who: Reader, form: Typed, assessment_id: uuid.UUID) -> Response:
    """Takes back what should not have been recorded."""
    require(who.actor, "assessment.edit")
    reason = form.text("reason", longest=1000) or ""
    return _done(
        request, who.actor, assessment_id, ("withdraw", form), N_("Đã rút đánh giá"),
        lambda: assessing.withdraw(who.actor, assessment_id, reason),
    )  # fmt: skip


@router.post("/assessments/{assessment_id:uuid}/verify")
def verify(request: Request, who: Reader, form: Typed, assessment_id: uuid.UUID) -> Response:
    """The word of the agency in charge."""
    require(who.actor, "assessment.verify")
    agreed, on = form.choice("agreed", ("1", "0")), form.day("on")
    note, seen = form.text("note", required=False) or "", form.whole("version", required=False)
    return _done(
        request, who.actor, assessment_id, ("verify", form), N_("Đã ghi ý kiến thẩm tra"),
        lambda: assessing.verify(who.actor, assessment_id, agreed == "1", note, on=on, seen=seen),
    )  # fmt: skip
