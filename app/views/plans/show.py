"""One plan: where it stands, why it was returned, its tasks and money; and what may be done with it now."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import plans, tasks
from app.domain.access import Actor, require
from app.domain.documents.attaching import documents_of
from app.domain.identity import people
from app.domain.plans import MOVES
from app.domain.plans.flow import PLAN_FLOW
from app.domain.tasks import NewProgress, TaskView
from app.errors import Fault, NotFound
from app.i18n import N_
from app.reports.labels import PLAN_KINDS, TASK_KINDS
from app.reports.moves import returned
from app.reports.plans import funds_table, href, state_tag, timeline, when
from app.views import moves
from app.views import tasks as task_rows
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import new_id
from app.views.plans.common import crumbs, tabs
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import refused

router = APIRouter(include_in_schema=False)
SAID: Final = moves.SAID | {
    "recognise": N_("Đã công nhận"),
    "revise": N_("Kế hoạch trở lại dự thảo để điều chỉnh"),
}


@router.get("/plans/{plan_id:uuid}")
def show_plan(request: Request, who: Reader, plan_id: uuid.UUID) -> Response:
    """The plan, its way so far, a form for each move that is open to the reader, its tasks, its money."""
    return _page(request, who.actor, plan_id)


def _page(
    request: Request,
    actor: Actor,
    plan_id: uuid.UUID,
    *,
    sent: tuple[str, Form] | None = None,
    told: tuple[uuid.UUID, Form] | None = None,
    status: int = 200,
) -> Response:
    lang, found = language(request), plans.whole(actor, plan_id)
    plan = found.plan
    mark_illustrative(request, [plan])
    names = people.names_of(e.by for e in found.events)
    forms = moves.forms_of([m.name for m in plans.open_moves(actor, plan)], sent, plan.version_number)
    table = funds_table(
        found.funds, lang, title=N_("Vốn và dòng vốn"), filters=[], name="von", on=today()
    )  # fmt: skip
    return render(
        request, "plans/show.html", status=status, title=plan.title, place="plans", plan=plan, this=href(plan),
        crumbs=crumbs(plan, request)[:1], tabs=tabs(plan, request), tag=state_tag(plan), kind=PLAN_KINDS[plan.kind],
        when=when(plan), timeline=timeline(plan, found.events, names, lang), back=returned(plan.state, found.events),
        forms=forms, remarked=[m.name for m in PLAN_FLOW.moves if m.remark], groups=_groups(found.items),
        reports=_reports(found.items, told), table=table, amount=sum(row.fund.amount for row in found.funds),
        may_edit=plan.open and actor.may("plan.edit"), may_report=actor.may("task.report"),
    )  # fmt: skip


def _groups(items: list[TaskView]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The tasks under what they are: targets, tasks, solutions."""
    return [
        (text, task_rows.shown(its))
        for kind, text in TASK_KINDS.items()
        if (its := [task for task in items if task.kind == kind])
    ]


def _reports(items: list[TaskView], told: tuple[uuid.UUID, Form] | None) -> dict[uuid.UUID, Form]:
    """The form of a report for each task; the one that was refused as it was typed."""
    forms = {task.id: Form(id=new_id(), reported_on=today()) for task in items}
    if told is not None:
        forms[told[0]] = told[1]
    for id_, form in forms.items():
        form.prefix = f"report-{id_}-"
    return forms


def _move(name: str) -> Callable[..., Response]:
    """The handler of one move."""

    def move(request: Request, who: Reader, form: Typed, plan_id: uuid.UUID) -> Response:
        actor = who.actor
        require(actor, PLAN_FLOW.named(name).action)
        order, seen = moves.order_of(form, PLAN_FLOW, name), form.whole("seen", required=False)
        return moves.moved(
            request, form, SAID[name],
            lambda: href(plans.move(actor, plan_id, name, order, seen=seen)),
            lambda status: _page(request, actor, plan_id, sent=(name, form), status=status),
        )  # fmt: skip

    return move


for _name in MOVES:
    router.post(f"/plans/{{plan_id:uuid}}/{_name}", name=f"plan_{_name}")(_move(_name))


@router.post("/plans/{plan_id:uuid}/tasks/{task_id:uuid}/progress")
def report(request: Request, who: Reader, form: Typed, plan_id: uuid.UUID, task_id: uuid.UUID) -> Response:
    """Reports how far a task has come."""
    actor = who.actor
    require(actor, "task.report")
    plan = plans.get(actor, plan_id)
    id_, value, day = form.id("id"), form.figure("value"), form.day("reported_on")
    note, status = form.text("note", required=False, longest=2000) or "", 422
    if form.ok and id_ is not None and value is not None:
        try:
            tasks.report(actor, ("plan", plan_id), task_id, NewProgress(id_, value, day, note))
            return redirect_after_post(request, href(plan), flash=N_("Đã ghi báo cáo"))
        except NotFound:
            raise
        except Fault as fault:
            status = refused(form, fault, ("value", "reported_on", "note"))
    return _page(request, actor, plan_id, told=(task_id, form), status=status)


@router.get("/plans/{plan_id:uuid}/documents")
def show_documents(request: Request, who: Reader, plan_id: uuid.UUID) -> Response:
    """The documents of a plan."""
    actor = who.actor
    plan = plans.get(actor, plan_id)
    mark_illustrative(request, [plan])
    return render(
        request, "plans/documents.html", title=plan.title, place="plans", plan=plan, this=href(plan),
        crumbs=crumbs(plan, request)[:1], tabs=tabs(plan, request), documents=documents_of(actor, "plan", plan_id),
        may_attach=actor.may("document.edit"),
    )  # fmt: skip
