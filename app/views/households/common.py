"""What the pages of households share: which unit they show, and the word that names a year's status."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from app.clock import today
from app.domain import territory
from app.domain.access import Actor
from app.domain.households.rows import STATUS_NAMES
from app.domain.ledger.entries import Document
from app.domain.territory import UnitView
from app.i18n import translate
from app.views.forms import REQUIRED, Form
from app.views.ledger.common import whole
from app.views.templating import language

FIRST_YEAR, LAST_YEAR = 1993, 2100
DECISION = ("number", "issued_on", "issuer")


@dataclass(frozen=True, slots=True)
class Where:
    """The unit that a page shows, and those near it that can be chosen; `year` where the address names one."""

    unit: UnitView
    units: list[UnitView]
    year: int | None

    @property
    def wide(self) -> bool:
        """Whether rows of several communes may stand here."""
        return self.unit.level not in ("commune", "hamlet")


def where(request: Request, actor: Actor) -> Where:
    """`?unit=`, by default the reader's own, and `?year=`."""
    asked = request.query_params.get("unit", "").strip()
    year = whole(request.query_params.get("year"))
    year = year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else None
    own = territory.own_unit(actor)
    unit = territory.find(actor, asked, year=year) if asked and asked != own.exact_code else own
    near = [own, *([unit] if unit.id != own.id else [])]
    if unit.level not in ("commune", "hamlet"):
        near += territory.children(actor, unit)
    return Where(unit, near, year)


def review_year() -> int:
    """The year whose statuses are decided now: each is reviewed in the autumn before."""
    day = today()
    return day.year + (day.month >= 9)


def status_options(request: Request) -> list[tuple[str, str]]:
    """Statuses in the reader's language, for a choice."""
    lang = language(request)
    return [(status, translate(lang, name)) for status, name in STATUS_NAMES.items()]


def decision_of(form: Form) -> Document | None:
    """The decision that a form names, whole or not at all."""
    number = form.text("number", required=False, longest=120)
    issuer = form.text("issuer", required=False, longest=200)
    issued_on = form.day("issued_on", required=False)
    if number is None and issuer is None and not form.get("issued_on").strip():
        return None
    for name in DECISION:
        if not form.get(name).strip():
            form.fail(name, REQUIRED)
    if number is None or issuer is None or issued_on is None:
        return None
    return Document(number, issued_on, issuer)


# How the domain calls a decision's fields, and how forms do.
NAMES = {"decision.date": "issued_on", "year": "year", "status": "status"}
