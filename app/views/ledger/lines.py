"""Budget lines: the list, one line with its statement, making and changing them."""

from __future__ import annotations

import uuid
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import obstacles, support, territory, works
from app.domain.access import Actor, require
from app.domain.ledger import line_keys
from app.domain.ledger import lines as book
from app.domain.ledger.deadlines import last_day_of_line
from app.domain.ledger.line_keys import NewLine
from app.domain.ledger.lines import LineFilter, LineView
from app.domain.ledger.statement import movements, statement
from app.domain.ledger.views import EntryFilter, entries
from app.domain.support import ModelFilter
from app.domain.works import WorkFilter
from app.errors import Fault, RuleBroken, Stale
from app.i18n import N_, Message
from app.reports.labels import CAPITAL_KINDS
from app.reports.lines import bar_of, lines_table, statement_table
from app.reports.obstacles import short_items
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import (
    new_id,
    page_number,
    pager,
    project_options,
    query_form,
    source_names,
    take,
    where,
    whole,
    window,
    year_gone,
)
from app.views.templating import language, mark_illustrative, redirect_after_post, render, table_answer

router = APIRouter(include_in_schema=False)
KEY_FIELDS: Final = (
    "unit_code", "project_code", "source", "capital_kind", "year", "origin_year", "work_id", "support_model_id",
)  # fmt: skip


@router.get("/ledger")
def show_lines(request: Request, who: Reader) -> Response:
    """Budget lines of a unit and year under filters; page, Excel and CSV."""
    actor, here = who.actor, where(request, who.actor)
    asked = {k: v.strip() for k, v in request.query_params.items() if v.strip()}
    project = asked.get("project", "")
    wanted = LineFilter(
        unit=here.unit.exact_code,
        year=here.year,
        program_code=asked.get("program") or (project if project and "." not in project else None),
        project_code=project if "." in project else None,
        source=asked.get("source"),
        capital_kind=asked.get("capital"),
        with_money=asked.get("rest") == "1" or None,
        q=asked.get("q"),
    )
    offset, limit = window(request)
    found = book.lines(actor, wanted, by_project=True, offset=offset, limit=limit)
    mark_illustrative(request, found)
    number, money = book.total(actor, wanted)
    sources = source_names(request, actor)
    table = lines_table(
        found, number, money, sources=sources, show_unit=here.wide,
        filters=[
            (N_("Đơn vị"), here.unit.name), (N_("Năm"), str(here.year)),
            *([(N_("Dự án"), project or asked["program"])] if project or "program" in asked else []),
            *([(N_("Nguồn vốn"), sources.get(wanted.source, wanted.source))] if wanted.source else []),
            *([(N_("Loại vốn"), CAPITAL_KINDS.get(wanted.capital_kind, ""))] if wanted.capital_kind else []),
            *([(N_("Tìm"), wanted.q)] if wanted.q else []),
            *([(N_("Chỉ dòng"), N_("còn tiền"))] if wanted.with_money else []),
        ],
        name=f"dong-von-{here.unit.code}-{here.year}",
    )  # fmt: skip
    return table_answer(
        request, table, "ledger/lines.html", title=N_("Nguồn vốn"), place="ledger", tab="lines", at=here,
        years=here.years, year=here.year, form=query_form(request), pager=pager(request, number),
        projects=project_options(actor, leaves=False), sources=sources, money=money, number=number,
        bar=bar_of(money, year_gone(here.year)), may_edit=actor.may("line.edit"),
        filtered=bool(asked.keys() - {"year", "money", "unit", "page"}),
        unit_options=[(u.exact_code, u.name) for u in here.units],
    )  # fmt: skip


@router.get("/ledger/lines/{line_id:uuid}")
def show_line(request: Request, who: Reader, line_id: uuid.UUID) -> Response:
    """A line: its money, what waits, its deadline, its entries with running figures."""
    actor = who.actor
    line = book.get(actor, line_id)
    mark_illustrative(request, [line])
    offset, limit = window(request)
    rows, number = statement(actor, line_id, offset=offset, limit=limit)
    sources = source_names(request, actor)
    table = statement_table(
        rows,
        filters=[(N_("Dòng vốn"), label(line, sources)), (N_("Đơn vị"), line.unit_name)],
        name=f"so-dong-von-{line.unit_code}-{line.year}-{line.project_code.replace('.', '-')}",
    )
    waits = entries(actor, EntryFilter(budget_line_id=line_id, status="proposed"))
    last = last_day_of_line(actor, line_id)
    return table_answer(
        request, table, "ledger/line.html", title=line.title, place="ledger",
        line=line, label=label(line, sources), sources=sources, bar=bar_of(line.pockets, year_gone(line.year)),
        waits=waits, moves=movements(actor, [w.entry.id for w in waits]), last=last,
        over=last is not None and last < today(), pager=pager(request, number), number=number, rows=rows,
        may=actor.may, page_is=page_number(request),
        obstacles=short_items(obstacles.standing_of(actor, line_id=line_id), language(request), of=""),
    )  # fmt: skip


def label(line: LineView, sources: dict[str, str]) -> str:
    """A line's key in a few words; the capital kind is told beside it."""
    year = str(line.year) if line.origin_year == line.year else f"{line.year} ({line.origin_year})"
    return f"{line.project_code} · {sources.get(line.source, line.source)} · {year}"


@router.get("/ledger/lines/new")
def new_line(request: Request, who: Reader) -> Response:
    """The form of a new line; `?work=`, `?model=`, `?project=`, `?year=` fill it in."""
    require(who.actor, "line.edit")
    asked = request.query_params
    here = where(request, who.actor)
    form = Form(
        id=new_id(), unit_code=here.unit.exact_code, year=str(whole(asked.get("year")) or here.year),
        project_code=asked.get("project", ""), source=asked.get("source", ""), work_id=asked.get("work", ""),
        capital_kind=asked.get("capital", ""), support_model_id=asked.get("model", ""),
    )  # fmt: skip
    return _line_form(request, who.actor, form)


@router.post("/ledger/lines/new")
def make_line(request: Request, who: Reader, form: Typed) -> Response:
    """Makes the line and opens it, to be given money."""
    require(who.actor, "line.edit")
    id_, key = form.id("id"), _key(form, who.actor)
    note = form.text("note", required=False, longest=300) or ""
    status = 422
    if form.ok and id_ is not None:
        try:
            made, _ = line_keys.create(who.actor, NewLine(id_, note=note, **key))
            return redirect_after_post(
                request, f"/ledger/lines/{made.id}", flash=N_("Đã lập dòng vốn. Tiếp theo: ghi giao vốn.")
            )
        except RuleBroken as fault:
            status = take(form, fault, {}, ())
            form.values["twin"] = str(fault.facts.get("line_id", ""))
        except Fault as fault:
            status = take(form, fault, {}, (*KEY_FIELDS, "note"))
    return _line_form(request, who.actor, form, status=422 if status == 404 else status)


def _key(form: Form, actor: Actor) -> dict[str, Any]:
    key: dict[str, Any] = {
        "unit_code": _unit(form, actor),
        "project_code": form.text("project_code"),
        "source": form.text("source"),
        "capital_kind": form.choice("capital_kind", CAPITAL_KINDS),
        "year": form.whole("year", least=book.FIRST_YEAR, most=book.LAST_YEAR),
        "origin_year": form.whole("origin_year", required=False, most=book.LAST_YEAR),
        "work_id": form.id("work_id", required=False),
        "support_model_id": form.id("support_model_id", required=False),
    }
    return key


def _unit(form: Form, actor: Actor) -> str | None:
    """The unit chosen, or the only one that what was typed finds."""
    typed = form.get("unit_code_find")
    if typed and not form.get("unit_code"):
        found = territory.units(actor, q=typed, limit=2)
        if len(found) == 1:
            form.values["unit_code"] = found[0].exact_code
    return form.text("unit_code")


def _line_form(
    request: Request,
    actor: Actor,
    form: Form,
    *,
    status: int = 200,
    line: LineView | None = None,
    current: LineView | None = None,
    frozen: bool = False,
) -> Response:
    unit = None
    if form.get("unit_code"):
        try:
            unit = territory.find(actor, form.get("unit_code"))
        except Fault:
            form.values["unit_code"] = ""
    chosen = unit or territory.own_unit(actor)
    near = works.works(actor, WorkFilter(unit=chosen.exact_code), by_code=True, limit=500)
    models = {
        str(m.id): f"{m.name} ({m.year})"
        for m in support.models(actor, ModelFilter(unit=chosen.exact_code), by_name=True, limit=500)
    }
    if line is not None and line.support_model_id is not None:  # of a unit above it, perhaps
        models.setdefault(str(line.support_model_id), line.model_name or "")
    found = (
        territory.units(actor, q=form.get("unit_code_find"), limit=12) if form.get("unit_code_find") else []
    )
    sources = source_names(request, actor)
    return render(
        request, "ledger/line_form.html", status=status, place="ledger",
        title=N_("Sửa dòng vốn") if line else N_("Lập dòng vốn"), form=form, line=line, frozen=frozen,
        current=current, sources=sources, projects=project_options(actor, leaves=True),
        works=[(str(w.id), f"{w.code} {w.name}") for w in near], unit=unit,
        models=list(models.items()),
        own_only=territory.own_unit(actor).level in ("commune", "hamlet"),
        found=[(u.exact_code, u.name, u.parent_name or "") for u in found],
        label=label(line, sources) if line else "",
    )  # fmt: skip


@router.get("/ledger/lines/{line_id:uuid}/edit")
def edit_line(request: Request, who: Reader, line_id: uuid.UUID) -> Response:
    """The form of a line's note, and of its key while it has no entries."""
    require(who.actor, "line.edit")
    line = book.get(who.actor, line_id)
    return _line_form(request, who.actor, _filled(line), line=line, frozen=_frozen(who.actor, line_id))


def _filled(line: LineView) -> Form:
    return Form(
        version=line.version, note=line.note, unit_code=f"{line.unit_code}@{line.unit_structure}",
        project_code=line.project_code, source=line.source, capital_kind=line.capital_kind,
        year=str(line.year), origin_year="" if line.origin_year == line.year else str(line.origin_year),
        work_id=line.work_id, support_model_id=line.support_model_id,
    )  # fmt: skip


def _frozen(actor: Actor, line_id: uuid.UUID) -> bool:
    return bool(entries(actor, EntryFilter(budget_line_id=line_id), limit=1))


@router.post("/ledger/lines/{line_id:uuid}/edit")
def change_line(request: Request, who: Reader, form: Typed, line_id: uuid.UUID) -> Response:
    """Saves; when somebody changed the line since, both versions are shown and nothing typed is lost."""
    require(who.actor, "line.edit")
    line = book.get(who.actor, line_id)
    frozen = _frozen(who.actor, line_id)
    version = form.whole("version")
    changes: dict[str, Any] = {"note": form.text("note", required=False, longest=300) or ""}
    if not frozen:
        changes |= _key(form, who.actor)
        changes["origin_year"] = changes["origin_year"] or changes["year"]
    current, status = None, 422
    if form.ok and version is not None:
        try:
            line_keys.update(who.actor, line_id, version, changes)
            return redirect_after_post(request, f"/ledger/lines/{line_id}", flash=N_("Đã sửa dòng vốn"))
        except Stale as fault:
            current = line
            form.general.append(Message(fault.message))
            form.values["version"] = str(line.version)
            status = 409
        except Fault as fault:
            status = take(form, fault, {}, (*KEY_FIELDS, "note"))
    return _line_form(
        request, who.actor, form, line=line, frozen=frozen, current=current,
        status=422 if status == 404 else status,
    )  # fmt: skip
