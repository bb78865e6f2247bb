"""Reports: tables to read, print and take away, each with what it was asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import VIETNAM, today, utcnow
from app.domain import programs, territory
from app.domain.ledger import figures, lines
from app.domain.ledger.figures import Figures
from app.i18n import N_
from app.reports.disbursement import disbursement_table
from app.views.access import Reader
from app.views.asked import Asked
from app.views.forms import Form
from app.views.templating import language, render, table_answer

router = APIRouter(include_in_schema=False)


@router.get("/reports")
def index(request: Request, _who: Reader) -> Response:
    return render(request, "reports/index.html", place="reports")


@router.get("/reports/disbursement")
def disbursement(request: Request, who: Reader) -> Response:
    """The disbursement report of a unit and year; with its `known_at` it stays the same for ever."""
    asked = Asked(request, who.actor)
    known_at = _known_at(asked.form)
    unit = (
        territory.find(who.actor, asked.unit, as_of=asked.as_of, year=asked.year)
        if asked.unit
        else territory.own_unit(who.actor)
    )
    years = lines.years(who.actor, unit.id)
    year = asked.year or next(iter(years), today().year)
    found = figures.disbursement(who.actor, unit.exact_code, year, as_of=asked.as_of, known_at=known_at)
    lang = language(request)
    asked.fill(unit, year, years, lang)
    request.state.demo = any(row.illustrative for row in found.rows)
    table = disbursement_table(found, programs.all_names(who.actor), lang, _opens(found))
    return table_answer(
        request, table, "reports/disbursement.html", place="reports", found=found, asked=asked, year=year,
        years=sorted({*years, year}, reverse=True), lasting=_lasting(found),
    )  # fmt: skip


def _known_at(form: Form) -> datetime | None:
    """A moment as the report gives it back; without a zone it is Vietnam's."""
    typed = form.get("known_at").strip()
    if not typed:
        return None
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        form.fail("known_at", N_("Không phải thời điểm. Ví dụ: 2023-09-14 17:00"))
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=VIETNAM)
    if moment > utcnow():
        form.fail("known_at", N_("Thời điểm biết không được ở tương lai."))
        return None
    return moment


def _query(found: Figures) -> dict[str, str]:
    return {"unit": found.unit.exact_code, "year": str(found.year)}


def _opens(found: Figures) -> Callable[[str, str, str], str]:
    def opens(project: str, source: str, kind: str) -> str:
        more = {
            "project": project,
            "source": source,
            "capital": kind,
            "status": "posted",
            "to": found.as_of.isoformat(),
        }
        return f"/ledger/entries?{urlencode(_query(found) | more)}"

    return opens


def _lasting(found: Figures) -> str:
    """The address that gives these very figures at any later time."""
    known = found.known_at.isoformat() if found.known_at else ""
    query = {**_query(found), "as_of": found.as_of.isoformat(), "known_at": known}
    return f"/reports/disbursement?{urlencode(query)}"
