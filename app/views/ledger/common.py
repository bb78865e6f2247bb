"""What the pages of the book share: which unit and year they show, names in the reader's language, refusals."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from starlette.requests import Request
from uuid_utils.compat import uuid7

from app.clock import today
from app.domain import programs, territory
from app.domain.access import Actor
from app.domain.ledger import lines
from app.domain.ledger.entries import Document
from app.domain.territory import UnitView
from app.errors import Fault, IdTaken, RuleBroken
from app.i18n import N_, Message, translate
from app.views.forms import Form
from app.views.templating import language

PAGE: Final = 100
EXPORT: Final = 20_000

# Beside which field a broken rule is told; other refusals name theirs.
RULE_FIELDS: Final = {
    "insufficient": "amount",
    "contract_value": "amount",
    "contract_advanced": "amount",
    "contract_paid": "amount",
    "advance_limit": "amount",
    "work_total": "amount",
    "work_settled": "amount",
    "accepted_value": "value",
    "dossier_value": "amount",
    "dossier_entry": "entry_id",
    "settlement_total": "settled_value",
    "deadline": "effective_date",
    "period_closed": "effective_date",
    "carry_over_key": "to_budget_line_id",
    "compensation_plan": "compensation_due",
    "compensation_due": "compensation_due",
    "entry_share": "amount",
    "entry_reversed": "entry_id",
}
DOCUMENT_FIELDS: Final = {
    "document.number": "number",
    "document.date": "issued_on",
    "document.issuer": "issuer",
}


@dataclass(frozen=True, slots=True)
class Where:
    """The unit and budget year that a page shows, and what else can be chosen."""

    unit: UnitView
    year: int
    years: list[int]
    units: list[UnitView]

    @property
    def wide(self) -> bool:
        """Whether rows of several communes may stand here."""
        return self.unit.level not in ("commune", "hamlet")


def where(request: Request, actor: Actor) -> Where:
    """`?unit=` (default: the reader's own) and `?year=` (default: the latest that has lines)."""
    asked = request.query_params.get("unit", "").strip()
    year = whole(request.query_params.get("year"))
    own = territory.own_unit(actor)
    unit = territory.find(actor, asked, year=year) if asked else own
    years = lines.years(actor, unit.id) or [today().year]
    if year is not None and year not in years:
        years = sorted({*years, year}, reverse=True)
    near = [own, *([unit] if unit.id != own.id else []), *territory.children(actor, unit)]
    return Where(unit, year or years[0], years, [u for u in near if u.level != "hamlet"])


def whole(text: str | None, most: int = 9999) -> int | None:
    """A number of an address, or None where it is none."""
    clean = (text or "").strip()
    return int(clean) if clean.isascii() and clean.isdecimal() and int(clean[:9]) <= most else None


def id_of(text: str | None) -> uuid.UUID | None:
    """An id of an address, or None where it is none."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def page_number(request: Request) -> int:
    return max(whole(request.query_params.get("page"), 100_000) or 1, 1)


def window(request: Request, size: int = PAGE) -> tuple[int, int]:
    """(offset, limit) of the page asked for; a file holds all rows."""
    if request.query_params.get("format") in ("xlsx", "csv"):
        return 0, EXPORT
    return (page_number(request) - 1) * size, size


def pager(request: Request, number: int, size: int = PAGE) -> dict[str, str | None] | None:
    """The pager's words and addresses; None where one page holds all."""
    if number <= size:
        return None
    page, last = page_number(request), -(-number // size)

    def to(target: int) -> str | None:
        return str(request.url.include_query_params(page=target)) if 1 <= target <= last else None

    facts = {"first": (page - 1) * size + 1, "last": min(page * size, number), "all": number}
    shown = translate(language(request), N_("{first:number}–{last:number} trong {all:number}"), **facts)
    return {"prev": _path(to(page - 1)), "next": _path(to(page + 1)), "shown": shown}


def _path(url: str | None) -> str | None:
    return url and "/" + url.split("/", 3)[3]


def source_names(request: Request, actor: Actor) -> dict[str, str]:
    """Funding sources by code, in the reader's language and the catalogue's order."""
    english = language(request) == "en"
    return {s.code: s.name_en if english else s.name for s in programs.sources(actor)}


def project_options(actor: Actor, *, leaves: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """Projects in groups by program, for a select."""
    return grouped_projects(programs.all_names(actor), leaves=leaves)


def grouped_projects(names: programs.Names, *, leaves: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """`project_options` from names that were looked up already."""
    parents = {code.rpartition(".")[0] for code in names.projects}
    groups = [
        (
            program,
            [
                (code, f"{code} {project}")
                for code, project in names.projects.items()
                if code.startswith(f"{head}.") and not (leaves and code in parents)
            ],
        )
        for head, program in names.programs.items()
    ]
    return [(program, projects) for program, projects in groups if projects]


def named(request: Request, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes with their words in the reader's language, for a select."""
    return [(code, translate(language(request), text)) for code, text in names.items()]


def query_form(request: Request) -> Form:
    """A list's filters as a form."""
    return Form(dict(request.query_params))


def new_id() -> str:
    return str(uuid7())


def year_gone(year: int) -> Decimal | None:
    """How much of a budget year has passed; None once it is over, when the tick would say nothing."""
    day = today()
    if day.year != year:
        return None
    return Decimal(day.timetuple().tm_yday) / 365


def document_of(form: Form) -> Document | None:
    """The document that a form names; None after noting what is missing."""
    number, issuer = form.text("number", longest=120), form.text("issuer", longest=200)
    issued_on = form.day("issued_on", required=False) or form.day("effective_date", required=False)
    if issued_on is None and "issued_on" not in form.errors:
        form.day("issued_on")
    if number is None or issuer is None or issued_on is None:
        return None
    return Document(number, issued_on, issuer)


def take(form: Form, fault: Fault, names: Mapping[str, str], known: Sequence[str]) -> int:
    """Note a refusal beside the field it is about, `names` mapping the domain's names; the status to answer."""
    if isinstance(fault, IdTaken):
        form.values["id"] = new_id()
        form.general.append(
            Message(
                N_(
                    "Phiếu này đã ghi rồi, với nội dung khác. Xem sổ chi tiết; nếu là phiếu mới thì gửi lại một lần nữa."
                )
            )
        )
        return fault.status
    if fault.errors:
        for error in fault.errors:
            name = names.get(error.field, error.field)
            if name in known:
                form.fail(name, error.message, **error.facts)
            else:
                form.general.append(Message(error.message, error.facts))
        return fault.status
    field = RULE_FIELDS.get(fault.rule) if isinstance(fault, RuleBroken) else None
    field = names.get(field or "", field)
    if field is not None and field in known:
        form.fail(field, fault.message, **fault.facts)
    else:
        form.general.append(Message(fault.message, fault.facts))
    return fault.status
