"""A plan against what came of it, as of any day: its money beside its lines, and its tasks; page, Excel and CSV."""

from __future__ import annotations

import uuid
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import plans
from app.domain.identity import people
from app.domain.plans import Actual, PlanView
from app.i18n import N_, Message
from app.reports.lines import bar_of
from app.reports.plans import funds_table, href, tasks_table
from app.views.access import Reader
from app.views.forms import Form
from app.views.ledger.common import query_form
from app.views.plans.common import crumbs, tabs
from app.views.templating import language, mark_illustrative, table_answer

router = APIRouter(include_in_schema=False)


def _day(form: Form) -> date:
    """The day that an address asks for; today where it asks for none, or for one that cannot be read."""
    day = form.day("as_of", required=False)
    if day is not None and day > today():
        form.fail("as_of", N_("Ngày tính đến không được sau hôm nay."))
    return today() if day is None or not form.ok else day


def _filters(plan: PlanView) -> list[tuple[str, str]]:
    return [(N_("Đơn vị"), plan.unit_name), (N_("Kế hoạch"), plan.title)]


@router.get("/plans/{plan_id:uuid}/actual")
def show_actual(request: Request, who: Reader, plan_id: uuid.UUID) -> Response:
    """The plan's money beside its lines, and how many of its tasks are done."""
    form, lang = query_form(request), language(request)
    found = plans.actual(who.actor, plan_id, on=_day(form))
    mark_illustrative(request, [found.plan])
    table = funds_table(
        found.funds, lang, title=Message(N_("Vốn: kế hoạch và thực hiện")), filters=_filters(found.plan),
        name=f"ke-hoach-von-{found.plan.unit_code}", on=found.on,
    )  # fmt: skip
    return table_answer(
        request, table, "plans/actual.html", title=found.plan.title, place="plans", form=form, found=found,
        plan=found.plan, crumbs=crumbs(found.plan, request)[:1], tabs=tabs(found.plan, request), this=href(found.plan),
        bar=bar_of(found.pockets, at_risk=found.at_risk),
    )  # fmt: skip


@router.get("/plans/{plan_id:uuid}/tasks")
def show_tasks(request: Request, who: Reader, plan_id: uuid.UUID) -> Response:
    """The plan's tasks as far as each had come, and every report of them."""
    form, lang = query_form(request), language(request)
    found = plans.actual(who.actor, plan_id, on=_day(form))
    mark_illustrative(request, [found.plan])
    table = tasks_table(
        found, lang, filters=_filters(found.plan), name=f"ke-hoach-nhiem-vu-{found.plan.unit_code}"
    )
    return table_answer(
        request, table, "plans/tasks.html", title=found.plan.title, place="plans", form=form, found=found,
        plan=found.plan, crumbs=crumbs(found.plan, request)[:1], tabs=tabs(found.plan, request), this=href(found.plan),
        told=_told(found),
    )  # fmt: skip


def _told(found: Actual) -> list[dict[str, object]]:
    """Every report by then, the latest first, with the task and the name of who reported."""
    reports = sorted(
        (r for of in found.reports.values() for r in of), key=lambda r: (r.reported_on, r.at), reverse=True
    )
    names = people.names_of(r.by for r in reports) if reports else {}
    tasks = {task.id: task for task in found.items}
    return [
        {"report": r, "task": tasks[r.task_id], "who": names.get(r.by, r.by)}
        for r in reports
        if r.task_id in tasks
    ]
