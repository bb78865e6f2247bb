"""The list of inspections under filters; a year's plan, several at once."""

from __future__ import annotations

import uuid
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import inspections, territory
from app.domain.access import Actor, require
from app.domain.inspections import STATES, InspectionFilter, NewInspection
from app.domain.ledger.lines import FIRST_YEAR, LAST_YEAR
from app.errors import Fault, IdTaken, NotFound
from app.i18n import N_, Message
from app.reports.inspections import STATES as STATE_NAMES
from app.reports.inspections import inspections_table
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import Where, named, new_id, pager, query_form, take, where, whole, window
from app.views.templating import mark_illustrative, redirect_after_post, render, table_answer
from app.views.territory import Option, pick

router = APIRouter(include_in_schema=False)
ROWS: Final = 4
MOST: Final = 40
FIELDS: Final = ("id", "unit_code", "date", "title")
_TAKEN: Final = N_("Cuộc này đã ghi rồi, với nội dung khác. Nếu là cuộc mới thì gửi lại một lần nữa.")


@router.get("/inspections")
def show_inspections(request: Request, who: Reader) -> Response:
    """Inspections of the unit under filters, the latest first; page, Excel and CSV."""
    actor, here, form = who.actor, where(request, who.actor), query_form(request)
    wanted = _asked(form, here)
    offset, limit = window(request)
    found = inspections.inspections(actor, wanted, by_day=True, evidence=False, offset=offset, limit=limit)
    mark_illustrative(request, found)
    together = inspections.counts(actor, wanted)
    filters = [
        (N_("Đơn vị"), here.unit.name),
        *([(N_("Năm"), str(wanted.year))] if wanted.year else []),
        *([(N_("Tình trạng"), STATE_NAMES[wanted.state])] if wanted.state else []),
        *([(N_("Tìm"), wanted.q)] if wanted.q else []),
    ]
    table = inspections_table(
        found, together, filters=filters, show_unit=here.wide, name=f"kiem-tra-{here.unit.code}"
    )
    return table_answer(
        request, table, "inspections/list.html", title=N_("Các cuộc kiểm tra"), place="inspections", at=here, form=form,
        together=together, pager=pager(request, together.all + together.cancelled), states=named(request, STATE_NAMES),
        years_for=[(str(year), str(year)) for year in inspections.years(actor)], filtered=len(filters) > 1,
        unit_options=[(u.exact_code, u.name) for u in here.units], may_plan=may_plan(actor),
    )  # fmt: skip


def may_plan(actor: Actor) -> bool:
    return actor.may("inspection.edit") and actor.level not in ("commune", "hamlet")


def _asked(form: Form, here: Where) -> InspectionFilter:
    state = form.get("state")
    return InspectionFilter(
        unit=here.unit.exact_code,
        year=whole(form.get("for_year"), LAST_YEAR),
        state=state if state in STATES else None,
        q=form.get("q").strip()[:100] or None,
    )


@router.get("/inspections/plan")
def new_plan(request: Request, who: Reader) -> Response:
    """The form of a year's plan: a row each."""
    require(who.actor, "inspection.edit")
    year = whole(request.query_params.get("for_year"), LAST_YEAR) or today().year
    form = Form(year=str(year), rows=str(ROWS))
    return _page(request, who.actor, form)


def _rows(form: Form) -> int:
    return min(whole(form.get("rows"), MOST) or ROWS, MOST)


def _key(row: int, name: str) -> str:
    return f"i{row}_{name}"


@router.post("/inspections/plan")
def make_plan(request: Request, who: Reader, form: Typed) -> Response:
    """Plans every row that names a unit, all or none; what was typed stays when one is refused."""
    actor = who.actor
    require(actor, "inspection.edit")
    if form.flag("more"):
        form.values["rows"] = str(min(_rows(form) + ROWS, MOST))
        return _page(request, actor, form)
    year = form.whole("year", least=FIRST_YEAR, most=LAST_YEAR)
    places, several = _read(request, actor, form, year)
    if form.ok and not several:
        form.fail(_key(0, "unit_code"), N_("Chưa chọn"))
    status = 422
    if form.ok:
        try:
            made = inspections.plan(actor, several)
            said = Message(N_("Đã ghi {n:number} cuộc vào kế hoạch"), {"n": len(made)})
            return redirect_after_post(request, f"/inspections?for_year={year}", flash=said)
        except IdTaken as fault:  # sent before with other words: what is meant now is another inspection
            status = fault.status
            for row in (
                row for i, row in enumerate(places) if fault.errors[0].field == f"inspections.{i}.id"
            ):
                form.values[_key(row, "id")] = new_id()
                form.fail(_key(row, "unit_code"), _TAKEN)
        except Fault as fault:
            names = {f"inspections.{i}.{n}": _key(row, n) for i, row in enumerate(places) for n in FIELDS}
            status = take(form, fault, names, ("year", *names.values()))
            status = 422 if status == 404 else status
    return _page(request, actor, form, status=status)


def _unit(request: Request, actor: Actor, form: Form, row: int) -> tuple[str | None, list[Option]]:
    """(the code of a row's unit, what there is to choose from); a row may name none."""
    name = _key(row, "unit_code")
    if not form.get(name).strip() and not form.get(f"{name}_find").strip():
        return None, []
    try:
        return pick(request, actor, form, name)
    except NotFound as fault:
        form.fail(name, fault.message, **fault.facts)
        return None, []


def _read(
    request: Request, actor: Actor, form: Form, year: int | None
) -> tuple[list[int], list[NewInspection]]:
    """(the row, the inspection) of each that names a unit."""
    places, several = [], []
    for row in range(_rows(form)):
        unit, _ = _unit(request, actor, form, row)
        day = form.day(_key(row, "date"), required=False)
        title = form.text(_key(row, "title"), required=False, longest=300) or ""
        if not unit:
            if day is not None or title:
                form.fail(_key(row, "unit_code"), N_("Chưa chọn"))
            continue
        places.append(row)
        several.append(NewInspection(form.id(_key(row, "id")) or uuid.uuid4(), unit, day, year, title))
    return places, several


def _page(request: Request, actor: Actor, form: Form, *, status: int = 200) -> Response:
    for row in range(_rows(form)):
        form.values.setdefault(_key(row, "id"), new_id())
    typed = Form(form.values)  # what is wrong with it was noted when it was read
    return render(
        request, "inspections/plan.html", status=status, title=N_("Lập kế hoạch kiểm tra"), place="inspections",
        form=form, rows=_rows(form), may_plan=may_plan(actor), own=territory.own_unit(actor).name,
        units=[_unit(request, actor, typed, row)[1] for row in range(_rows(form))],
    )  # fmt: skip
