"""Targets: the list with what is off track, one with its roadmap, setting one, changing it, dropping it."""

from __future__ import annotations

import uuid
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import boards, targets, tasks, territory
from app.domain.access import Actor, require
from app.domain.criteria import brief
from app.domain.criteria.assessing import LEVELS
from app.domain.targets import STATES, NewTarget, TargetFilter, TargetView
from app.errors import Fault, Stale
from app.i18n import N_, translate
from app.reports import targets as tables
from app.reports.boards import in_charge_line
from app.reports.labels import RECOGNITIONS, TARGET_STATES
from app.reports.lines import bar_of
from app.views import tasks as rows
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import Where, named, new_id, pager, query_form, where, whole, window
from app.views.templating import language, mark_illustrative, redirect_after_post, render, table_answer
from app.views.works.common import noted, refused

router = APIRouter(include_in_schema=False)
FIELDS: Final = ("aim", "due_on", "responsible", "basis", "note", "recognised_on", "recognised_by")
# What may be aimed at, as the form has it: the domain's fields to the form's.
AIMS: Final = {"criterion_number": "aim", "recognition": "aim", "unit_code": "aim"}


@router.get("/targets")
def show_targets(request: Request, who: Reader) -> Response:
    """What is off track by name, then the list under filters by the day on which they are due; page, Excel and CSV."""
    actor, here, lang = who.actor, where(request, who.actor), language(request)
    form = query_form(request)
    state = form.get("state") if form.get("state") in STATES else None
    year = whole(form.get("due"))
    wanted = TargetFilter(unit=here.unit, state=state, year=year)
    offset, limit = window(request)
    found = targets.targets(actor, wanted, by_due=True, offset=offset, limit=limit)
    mark_illustrative(request, found)
    table = tables.targets_table(
        found, lang, filters=_filters(state, year, here), name=f"chi-tieu-{here.unit.code}"
    )
    return table_answer(
        request, table, "targets/list.html", title=N_("Chỉ tiêu, lộ trình"), place="targets", at=here, form=form,
        pager=pager(request, targets.number_of(actor, wanted)), states=named(request, TARGET_STATES),
        late=tables.off_track_items(found, lang), may_edit=actor.may("target.edit"), filtered=bool(state or year),
        unit_options=[(u.exact_code, u.name) for u in here.units], new=f"/targets/new?{_unit_query(here)}",
    )  # fmt: skip


def _unit_query(here: Where) -> str:
    return urlencode({"unit": here.unit.exact_code})


def _filters(state: str | None, year: int | None, here: Where) -> list[tuple[str, str]]:
    """What a file says of its rows."""
    return [
        (N_("Đơn vị"), here.unit.name),
        *([(N_("Tình trạng"), TARGET_STATES[state])] if state else []),
        *([(N_("Năm đến hạn"), str(year))] if year else []),
    ]


# --- setting one ---------------------------------------------------------------------------------------


@router.get("/targets/new")
def new_target(request: Request, who: Reader) -> Response:
    """The form of a target of a commune or hamlet; the address may name the criterion."""
    require(who.actor, "target.edit")
    asked = query_form(request)
    form = rows.filled(())
    form.values |= Form(id=new_id(), unit=asked.get("unit"), aim=asked.get("aim")).values
    return _new_page(request, who.actor, form)


def _new_page(request: Request, actor: Actor, form: Form, *, status: int = 200) -> Response:
    unit = territory.find(actor, form.get("unit")) if form.get("unit") else territory.own_unit(actor)
    places = [unit, *(u for u in territory.children(actor, unit) if u.level in LEVELS)]
    if unit.level not in LEVELS:
        return render(
            request, "targets/choose.html", title=N_("Đặt chỉ tiêu"), place="targets", unit=unit,
            places=[(u.name, f"/targets/new?{urlencode({'unit': u.exact_code})}") for u in places if u.level in LEVELS],
        )  # fmt: skip
    form.values["unit"] = unit.exact_code
    return render(
        request, "targets/form.html", status=status, title=N_("Đặt chỉ tiêu"), place="targets", form=form, t=None,
        unit=unit, aims=_aims(request, actor, unit), action="/targets/new", current=None,
        back=f"/targets?{urlencode({'unit': unit.exact_code})}", number=rows.rows_of(form),
        others=[(u.name, f"/targets/new?{urlencode({'unit': u.exact_code})}") for u in places[1:]],
        ties=rows.ties(request, actor, unit.exact_code, form), recognised=False,
    )  # fmt: skip


def _aims(
    request: Request, actor: Actor, unit: territory.UnitView
) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a unit may aim at, for a select: recognitions, and the criteria that it does not meet today."""
    lang = language(request)
    of_hamlets = unit.level == "hamlet"
    titles = [
        (code, text) for code, text in named(request, RECOGNITIONS) if (code == "model_hamlet") == of_hamlets
    ]
    open_ones = brief.not_met(actor, unit)
    by_number = [(str(one.number), f"{one.number}. {one.named(lang)}") for one in open_ones]
    groups = ((N_("Tiêu chí chưa đạt"), by_number), (N_("Danh hiệu"), titles))
    return [(translate(lang, label), options) for label, options in groups if options]


@router.post("/targets/new")
def make_target(request: Request, who: Reader, form: Typed) -> Response:
    """Sets the target and opens it, or gives the form more rows."""
    require(who.actor, "target.edit")
    if rows.more_rows(form):
        return _new_page(request, who.actor, form)
    id_, values, roadmap = form.id("id"), _values(form), rows.read(form)
    aim, status = form.text("aim", longest=20), 422
    if form.ok and id_ is not None and aim is not None:
        number = whole(aim, 999)
        given = {"criterion_number": number} if number is not None else {"recognition": aim}
        new = NewTarget(id_, form.get("unit"), tasks=roadmap.tasks, **values, **given)
        try:
            made, _ = targets.create(who.actor, new)
            return redirect_after_post(request, tables.href(made), flash=N_("Đã đặt chỉ tiêu"))
        except Fault as fault:
            status = roadmap.refused(form, fault, "tasks", FIELDS, AIMS)
    return _new_page(request, who.actor, form, status=status)


def _values(form: Form) -> dict[str, Any]:
    """What the form says, under the names of the domain."""
    return {
        "due_on": form.day("due_on"),
        "responsible": form.text("responsible", required=False, longest=200) or "",
        "basis": form.text("basis", required=False, longest=500) or "",
        "note": form.text("note", required=False) or "",
    }


# --- one -----------------------------------------------------------------------------------------------


@router.get("/targets/{target_id:uuid}")
def show_target(request: Request, who: Reader, target_id: uuid.UUID) -> Response:
    """The target, why it is off track, its roadmap with a form for each report, and its money."""
    return _page(request, who.actor, target_id)


def _page(
    request: Request,
    actor: Actor,
    target_id: uuid.UUID,
    *,
    report: tuple[uuid.UUID, Form] | None = None,
    drop: Form | None = None,
    status: int = 200,
) -> Response:
    lang, t = language(request), targets.get(actor, target_id)
    mark_illustrative(request, [t])
    forms = {task.id: Form(id=new_id(), reported_on=today()) for task in t.tasks}
    if report is not None:
        forms[report[0]] = report[1]
    for task_id, form in forms.items():
        form.prefix = f"{task_id}-"
    dropping = drop or Form(on=today())
    dropping.prefix = "drop-"
    may, open_ = actor.may("target.edit"), t.state != "dropped"
    return render(
        request, "targets/show.html", status=status, title=tables.aim(t, lang), place="targets", t=t,
        this=tables.href(t), tag=tables.state_tag(t), lags=tables.lags_of(t), roadmap=rows.shown(t.tasks),
        bar=bar_of(t.money) if t.money.plan else None, forms=forms, drop=dropping, may_edit=may and open_,
        may_report=actor.may("task.report") and open_, about=_about(t),
        in_charge=_in_charge(actor, t),
    )  # fmt: skip


def _in_charge(actor: Actor, t: TargetView) -> str:
    """Who answers on the boards for the criterion that is to be reached."""
    if t.criterion_number is None:
        return ""
    return in_charge_line(boards.answering(actor, t.unit_id, t.set_code, t.criterion_number))


def _about(t: TargetView) -> str:
    """The page of what is to be reached: the criterion, or the scorecard."""
    query = urlencode({"unit": f"{t.unit_code}@{t.unit_structure}", "set": t.set_code})
    return f"/criteria/{t.criterion_number}?{query}" if t.criterion_number else f"/criteria?{query}"


@router.get("/targets/{target_id:uuid}/edit")
def edit_target(request: Request, who: Reader, target_id: uuid.UUID) -> Response:
    """The form of a target as it stands, with its roadmap."""
    require(who.actor, "target.edit")
    t = targets.get(who.actor, target_id)
    form = rows.filled(t.tasks)
    stored = {name: getattr(t, name) for name in FIELDS if name != "aim"}
    form.values |= Form(version=t.version, **stored).values
    return _edit_page(request, who.actor, form, t)


def _edit_page(
    request: Request,
    actor: Actor,
    form: Form,
    t: TargetView,
    *,
    status: int = 200,
    current: TargetView | None = None,
) -> Response:
    mark_illustrative(request, [t])
    unit = territory.find(actor, f"{t.unit_code}@{t.unit_structure}")
    return render(
        request, "targets/form.html", status=status, title=tables.aim(t, language(request)), place="targets",
        form=form, t=t, unit=unit, aims=(), others=(), action=f"{tables.href(t)}/edit", back=tables.href(t),
        current=current, number=rows.rows_of(form), ties=rows.ties(request, actor, unit.exact_code, form),
        recognised=t.recognition in ("commune", "advanced_commune"),
    )  # fmt: skip


@router.post("/targets/{target_id:uuid}/edit")
def change_target(request: Request, who: Reader, form: Typed, target_id: uuid.UUID) -> Response:
    """Saves; when somebody changed the target since, both versions are shown and nothing typed is lost."""
    actor = who.actor
    require(actor, "target.edit")
    t = targets.get(actor, target_id)
    if rows.more_rows(form):
        return _edit_page(request, actor, form, t)
    version, values, roadmap = form.whole("version"), _values(form), rows.read(form)
    if t.recognition in ("commune", "advanced_commune"):
        values["recognised_on"] = form.day("recognised_on", required=False)
        values["recognised_by"] = form.text("recognised_by", required=False, longest=300) or ""
    current, status = None, 422
    if form.ok and version is not None:
        try:
            targets.update(actor, target_id, version, values | {"tasks": roadmap.tasks})
            return redirect_after_post(request, tables.href(t), flash=N_("Đã sửa chỉ tiêu"))
        except Stale as fault:
            current, status = noted(form, fault, lambda: targets.get(actor, target_id)), 409
        except Fault as fault:
            status = roadmap.refused(form, fault, "tasks", FIELDS)
    return _edit_page(request, actor, form, t, status=status, current=current)


@router.post("/targets/{target_id:uuid}/drop")
def drop_target(request: Request, who: Reader, form: Typed, target_id: uuid.UUID) -> Response:
    """Gives it up, with the reason."""
    require(who.actor, "target.edit")
    reason, on, status = form.text("reason", longest=1000), form.day("on"), 422
    if form.ok and reason is not None:
        try:
            dropped = targets.drop(who.actor, target_id, reason, on=on)
            return redirect_after_post(request, tables.href(dropped), flash=N_("Đã bỏ chỉ tiêu"))
        except Fault as fault:
            targets.get(who.actor, target_id)  # one that is not there has no page
            status = refused(form, fault, ("reason", "on"))
    return _page(request, who.actor, target_id, drop=form, status=status)


@router.post("/targets/{target_id:uuid}/tasks/{task_id:uuid}/progress")
def report_task(
    request: Request, who: Reader, form: Typed, target_id: uuid.UUID, task_id: uuid.UUID
) -> Response:
    """Records how far a task of the roadmap has come."""
    require(who.actor, "task.report")
    new, status = rows.reported(form), 422
    if form.ok and new is not None:
        try:
            tasks.report(who.actor, ("target", target_id), task_id, new)
            return redirect_after_post(request, f"/targets/{target_id}", flash=N_("Đã ghi báo cáo"))
        except Fault as fault:
            if task_id not in {task.id for task in targets.get(who.actor, target_id).tasks}:
                raise
            status = refused(form, fault, rows.REPORT_FIELDS)
    return _page(request, who.actor, target_id, report=(task_id, form), status=status)
