"""The dossier of a unit for an inspection: what is on record as of a day, what is missing, all of it in one file."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import unit_dossier
from app.domain.criteria.brief import Brief
from app.domain.unit_dossier import Overview
from app.i18n import N_
from app.reports import unit_dossier as packed
from app.reports.criteria import brief_marks
from app.reports.svg import Bar
from app.views.access import Reader
from app.views.forms import Form
from app.views.templating import language, render
from app.web.files import made_answer

router = APIRouter(include_in_schema=False)


@router.get("/units/{code}/dossier")
def show(request: Request, who: Reader, code: str) -> Response:
    """Figures, what is on record, and first of all what is missing."""
    form = Form(dict(request.query_params))
    found, lang = unit_dossier.overview(who.actor, code, _day(form)), language(request)
    if "as_of" not in form.errors:
        form.values |= Form(as_of=found.as_of).values
    request.state.demo = found.illustrative
    criteria = found.criteria
    return render(
        request, "territory/dossier.html", place="dashboard", found=found, form=form, unit=found.unit,
        lacks=packed.lack_items(found, lang), note=packed.NOT_OF_THE_DAY, sections=packed.SECTIONS,
        bar=Bar(found.money.settled, found.money.paid, found.money.advanced, found.money.available, at_risk=found.at_risk),
        marks=brief_marks(criteria, found.unit.exact_code, found.as_of, lang) if isinstance(criteria, Brief) else [],
        tags=packed.TAGS, download=_download(found),
        documents=sum(number for number, _, _ in found.documents.values()),
        withheld=0 if who.actor.sees_people
        else sum(number for (_, of_people), (number, _, _) in found.documents.items() if of_people),
        size=sum(size for (_, of_people), (_, _, size) in found.documents.items() if who.actor.sees_people or not of_people),
    )  # fmt: skip


@router.get("/units/{code}/dossier.zip")
def download(request: Request, who: Reader, code: str) -> Response:
    """Tables, papers and files in one ZIP with an index; taking it out is on record."""
    form = Form(dict(request.query_params))
    as_of = form.day("as_of", required=False)
    form.check()
    whole, paths = unit_dossier.to_download(who.actor, code, as_of)
    lang = language(request)
    return made_answer(
        lambda target: packed.write(who.actor, whole, paths, target, lang), packed.file_name(whole), packed.MEDIA_TYPE
    )  # fmt: skip


def _day(form: Form) -> date | None:
    """The day asked for; what cannot be read, or lies ahead, is noted beside its field."""
    day = form.day("as_of", required=False)
    if day is not None and day > today():
        form.fail("as_of", N_("Ngày tính đến không được sau hôm nay."))
        return None
    return day


def _download(found: Overview) -> str:
    return f"/units/{found.unit.exact_code}/dossier.zip?{urlencode({'as_of': found.as_of.isoformat()})}"
