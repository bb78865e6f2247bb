"""The meetings of a year: which boards met in which months, the list, and the regular ones planned by one button."""

from __future__ import annotations

import uuid
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import meetings
from app.domain.access import Actor, require
from app.domain.meetings import STATES, BoardYear, MeetingFilter
from app.domain.sides import is_above
from app.errors import Fault, Forbidden, NotFound
from app.i18n import N_, Message
from app.reports.meetings import STATES as STATE_NAMES
from app.reports.meetings import meetings_table, month_marks, without_items
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import Where, named, pager, query_form, where, whole, window
from app.views.templating import language, mark_illustrative, redirect_after_post, table_answer

router = APIRouter(include_in_schema=False)
_FIRST, _LAST = 2000, 2100


@router.get("/meetings")
def show_meetings(request: Request, who: Reader) -> Response:
    """Months without a meeting by name, the twelve months of each board, the list under filters; Excel and CSV."""
    actor, here, lang = who.actor, where(request, who.actor), language(request)
    form = query_form(request)
    year = _year(request, here)
    wanted = _asked(form, here, year)
    offset, limit = window(request)
    found = meetings.meetings(actor, wanted, by_day=True, offset=offset, limit=limit)
    number = meetings.count(actor, wanted)
    missed, boards = meetings.overview(actor, here.unit.id, year, today())
    mark_illustrative(request, [*found, *boards])
    filters = _filters(wanted, here, year)
    table = meetings_table(
        found, number, filters=filters, show_unit=here.wide, name=f"cuoc-hop-{here.unit.code}-{year}"
    )
    return table_answer(
        request, table, "meetings/list.html", title=N_("Họp"), place="meetings", at=here, form=form, year=year,
        years=sorted({*here.years, year, today().year}, reverse=True), number=number, pager=pager(request, number),
        missed=without_items(missed, lang, wide=here.wide),
        boards=[_board(actor, b, lang) for b in boards], wide=here.wide, states=named(request, STATE_NAMES),
        unit_options=[(u.exact_code, u.name) for u in here.units], may_edit=actor.may("meeting.edit"),
        filtered=len(filters) > 2,
    )  # fmt: skip


def _year(request: Request, here: Where) -> int:
    asked = whole(request.query_params.get("year"))
    return asked if asked is not None and _FIRST <= asked <= _LAST else here.year


def _asked(form: Form, here: Where, year: int) -> MeetingFilter:
    state = form.get("state")
    return MeetingFilter(
        unit=here.unit.exact_code,
        state=state if state in STATES else None,
        year=year,
        q=form.get("q").strip()[:100] or None,
    )


def _filters(wanted: MeetingFilter, here: Where, year: int) -> list[tuple[str, str]]:
    """What a file says of its rows."""
    return [
        (N_("Đơn vị"), here.unit.name),
        (N_("Năm"), str(year)),
        *([(N_("Tình trạng"), STATE_NAMES[wanted.state])] if wanted.state else []),
        *([(N_("Tìm"), wanted.q)] if wanted.q else []),
    ]


def _board(actor: Actor, board: BoardYear, lang: str) -> dict[str, object]:
    return {
        "of": board,
        "marks": month_marks(board, lang),
        "may_plan": actor.may("meeting.edit") and not is_above(actor, board.unit_level),
    }


@router.post("/meetings/plan")
def plan(request: Request, who: Reader, form: Typed) -> Response:
    """Generates a board's regular meetings of a year; those that stand stay as they are."""
    require(who.actor, "meeting.edit")
    board_id, year = form.id("committee_id"), form.whole("year", least=_FIRST, most=_LAST)
    if board_id is None or year is None:
        raise NotFound()
    back = f"/meetings?year={year}"
    try:
        return redirect_after_post(request, back, flash=_planned(who.actor, board_id, year))
    except (NotFound, Forbidden):
        raise
    except Fault as fault:
        return redirect_after_post(request, back, flash=Message(fault.message, fault.facts), kind="late")


def _planned(actor: Actor, board_id: uuid.UUID, year: int) -> Message:
    _, new = meetings.plan_ahead(actor, board_id, date(year, 1, 1))
    if not new:
        return Message(N_("Lịch họp năm {year} đã lập từ trước, không có gì thêm."), {"year": str(year)})
    return Message(N_("Đã lập {n:number} cuộc họp thường kỳ năm {year}."), {"n": new, "year": str(year)})
