"""The text of a plan that is a draft or was returned: its head, its tasks, its money, in one form."""

from __future__ import annotations

import uuid
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import plans, programs
from app.domain.access import require
from app.domain.ledger.lines import FIRST_YEAR, LAST_YEAR
from app.domain.plans import FundView, PlanView
from app.domain.tasks import NewTask
from app.errors import Fault, Stale
from app.i18n import N_, Message, translate
from app.reports.labels import CAPITAL_KINDS, TASK_KINDS
from app.reports.plans import fund_name, href
from app.views import tasks as task_rows
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import grouped_projects, named, take
from app.views.plans import funds as fund_rows
from app.views.plans.common import crumbs
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import noted

router = APIRouter(include_in_schema=False)
Text = tuple[PlanView, list[NewTask], list[FundView]]
FIELDS: Final = ("title", "responsible", "year", "due_on")


@router.get("/plans/{plan_id:uuid}/edit")
def edit_plan(request: Request, who: Reader, plan_id: uuid.UUID) -> Response:
    """The form of a plan as it stands."""
    require(who.actor, "plan.edit")
    plan, items, money = plans.text(who.actor, plan_id)
    form = task_rows.filled(items)
    form.values |= fund_rows.filled(money).values
    form.values |= Form(
        version=plan.version, title=plan.title, responsible=plan.responsible, due_on=plan.due_on,
        year=plan.year and str(plan.year),
    ).values  # fmt: skip
    return _page(request, who, form, plan)


@router.post("/plans/{plan_id:uuid}/edit")
def change_plan(request: Request, who: Reader, form: Typed, plan_id: uuid.UUID) -> Response:
    """Saves; a button that asks for more rows, or for the money of the budget lines, only grows the form. When somebody
    changed the plan since, both versions are shown and nothing typed is lost.
    """
    require(who.actor, "plan.edit")
    plan = plans.get(who.actor, plan_id)
    if _grown(form, who, plan):
        return _page(request, who, form, plan)
    version, values = form.whole("version"), _head(form, plan)
    tasks, money = task_rows.read(form), fund_rows.read(form)
    current, status = None, 422
    if form.ok and version is not None:
        changes = values | {"items": tasks.tasks, "funds": money.funds}
        try:
            plans.update(who.actor, plan_id, version, changes)
            return redirect_after_post(request, href(plan), flash=N_("Đã ghi kế hoạch"))
        except Stale as fault:
            current, status = plans.text(who.actor, plan_id), 409
            noted(form, fault, lambda: current[0])
        except Fault as fault:
            names = {**tasks.names("items"), **money.names()}
            status = take(form, fault, names, (*FIELDS, *names.values()))
            status = 422 if status == 404 else status
    return _page(request, who, form, plan, status=status, current=current)


def _grown(form: Form, who: Reader, plan: PlanView) -> bool:
    """Whether the form was only to grow."""
    if form.flag("take"):
        number = fund_rows.add(form, plans.from_lines(who.actor, plan, but=fund_rows.lines_of(form)))
        form.values["taken"] = str(number)
        return True
    return task_rows.more_rows(form) or fund_rows.more_rows(form)


def _head(form: Form, plan: PlanView) -> dict[str, Any]:
    values: dict[str, Any] = {
        "title": form.text("title", longest=300),
        "responsible": form.text("responsible", required=False, longest=200) or "",
        "due_on": form.day("due_on", required=False),
    }
    if plan.year is not None:
        values["year"] = form.whole("year", least=FIRST_YEAR, most=LAST_YEAR)
    return values


def _page(
    request: Request,
    who: Reader,
    form: Form,
    plan: PlanView,
    *,
    status: int = 200,
    current: Text | None = None,
) -> Response:
    mark_illustrative(request, [plan])
    for row in range(task_rows.rows_of(form)):
        form.values.setdefault(task_rows.key(row, "kind"), "task")
    taken, names, lang = form.get("taken"), programs.all_names(who.actor), language(request)
    return render(
        request, "plans/edit.html", status=status, title=N_("Sửa kế hoạch"), place="plans", form=form, plan=plan,
        crumbs=crumbs(plan, request), this=href(plan), rows=task_rows.rows_of(form),
        ties=task_rows.ties(
            request, who.actor, plan.exact_unit, form, plan.year,
            fund_rows.lines_of(form),
        ),
        task_kinds=named(request, TASK_KINDS), fund_rows=fund_rows.rows_of(form),
        projects=grouped_projects(names, leaves=False), sources=[(code, names.source(code, lang)) for code in names.sources],
        capital_kinds=named(request, CAPITAL_KINDS), newer=_newer(current, request) if current else None,
        taken=_taken(int(taken)) if taken else None,
    )  # fmt: skip


def _taken(number: int) -> Message:
    """How many rows were taken over from the budget lines."""
    if not number:
        return Message(N_("Không có dòng vốn nào của chương trình trong năm mà bảng dưới chưa có."))
    return Message(N_("Đã lấy {n:number} dòng từ dòng vốn, chưa ghi."), {"n": number})


def _newer(current: Text, request: Request) -> list[tuple[str, str]]:
    """What stands in the book now, beside what was typed."""
    lang, (plan, items, money) = language(request), current
    return [
        (translate(lang, N_("Tên kế hoạch")), plan.title),
        (translate(lang, N_("Người phụ trách")), plan.responsible),
        (translate(lang, N_("Nhiệm vụ")), "; ".join(task.text for task in items)),
        (translate(lang, N_("Vốn")), "; ".join(_said(fund, lang) for fund in money)),
    ]


def _said(fund: FundView, lang: str) -> str:
    amount = translate(lang, "{value:money}", value=fund.amount)
    return f"{fund_name(fund, lang)} · {fund.named(lang)}: {amount}"
