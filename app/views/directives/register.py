"""The list of directives under filters, as of a day; page, Excel and CSV."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import directives
from app.domain.access import Actor
from app.domain.directives import ASSIGNEE_KINDS, DIRECTIVE_SOURCES, DIRECTIVE_STATES, DirectiveFilter
from app.i18n import N_, format_date, translate
from app.reports.directives import ASSIGNEES, SOURCES, STATES, directives_table
from app.views.access import Reader
from app.views.forms import Form, parse_day
from app.views.ledger.common import Where, id_of, named, pager, query_form, where, window
from app.views.templating import language, mark_illustrative, table_answer

router = APIRouter(include_in_schema=False)
WHICH: Final = {
    "standing": N_("Chưa hoàn thành"),
    "overdue": N_("Quá hạn, chưa hoàn thành"),
    **STATES,
}
KEPT: Final = ("assignee", "source")


@router.get("/directives")
def show_directives(request: Request, who: Reader) -> Response:
    """Directives under filters, the late first, as they stood on a day."""
    actor, here, lang = who.actor, where(request, who.actor), language(request)
    form = query_form(request)
    wanted, beside = _asked(actor, form, here, lang)
    offset, limit = window(request)
    found = directives.directives(actor, wanted, late_first=True, offset=offset, limit=limit)
    mark_illustrative(request, found)
    together = directives.total(actor, wanted)
    filters = [(N_("Đơn vị"), here.unit.name), *beside]
    table = directives_table(
        found, together, lang, filters=filters, show_unit=here.wide, name=f"nhiem-vu-{here.unit.code}"
    )
    mine = f"person:{actor.user_id}"
    return table_answer(
        request, table, "directives/list.html", title=N_("Nhiệm vụ được giao"), place="directives", at=here,
        form=form, together=together, pager=pager(request, together.count), which=named(request, WHICH),
        unit_options=[(u.exact_code, u.name) for u in here.units], may_give=actor.may("directive.give"),
        filtered=len(filters) > 1, mine=mine, is_mine=form.get("assignee") == mine, beside=beside, kept=KEPT,
        only=[value for key, value in beside if key in (*ASSIGNEES.values(), *SOURCES.values())],
    )  # fmt: skip


def _asked(actor: Actor, form: Form, here: Where, lang: str) -> tuple[DirectiveFilter, list[tuple[str, str]]]:
    """What the address asks for, and what a file says of its rows."""
    which, q = form.get("which"), form.get("q").strip()[:100]
    as_of = None
    if form.get("as_of").strip():
        try:
            as_of = min(parse_day(form.get("as_of")), today())
        except ValueError:
            form.fail("as_of", N_("Không phải ngày. Ví dụ: 14/09/2023"))
    assignee, source, beside = None, None, []
    kind, _, id_ = form.get("assignee").partition(":")
    if kind in ASSIGNEE_KINDS and id_:
        found = directives.candidate(actor, kind, id_)
        assignee = (kind, id_)
        beside.append((ASSIGNEES[kind], found.name))
    kind, _, id_ = form.get("source").partition(":")
    key = id_of(id_)
    if kind in DIRECTIVE_SOURCES and key is not None:
        source = (kind, key)
        beside.append((SOURCES[kind], directives.source_name(actor, kind, key)))
    if which in WHICH:
        beside.append((N_("Tình trạng"), translate(lang, WHICH[which])))
    if as_of is not None:
        beside.append((N_("Đến ngày"), format_date(as_of, lang)))
    if q:
        beside.append((N_("Tìm"), q))
    wanted = DirectiveFilter(
        unit=here.unit.exact_code, as_of=as_of, state=which if which in DIRECTIVE_STATES else None,
        overdue=True if which == "overdue" else None, standing=True if which == "standing" else None,
        assignee=assignee, source=source, q=q or None,
    )  # fmt: skip
    return wanted, beside
