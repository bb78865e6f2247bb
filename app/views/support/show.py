"""One support model: where it stands, what its payment lacks, what it gives, from which money, to whom; its moves."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import observations, obstacles, support
from app.domain.access import Actor, require
from app.domain.documents.attaching import documents_of
from app.domain.identity import people
from app.domain.support import MOVES, Mix, Person, Whole
from app.domain.support.flow import CLOSED, SUPPORT_FLOW, UNDER_WAY
from app.domain.support.moving import EVALUATE
from app.domain.support.readiness import BASIS
from app.i18n import N_
from app.reports.moves import returned
from app.reports.obstacles import short_items
from app.reports.support import (
    earlier_items,
    href,
    inputs_table,
    missing_items,
    mix_table,
    over_items,
    people_table,
    state_tag,
    timeline,
)
from app.views import moves
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import id_of
from app.views.support.common import crumbs, tabs
from app.views.templating import language, mark_illustrative, render

router = APIRouter(include_in_schema=False)
SAID: Final = moves.SAID | {
    "start": N_("Đã bắt đầu triển khai"),
    "evaluate": N_("Đã ghi đánh giá"),
    "close": N_("Đã kết thúc mô hình"),
}


@router.get("/support/{model_id:uuid}")
def show_model(request: Request, who: Reader, model_id: uuid.UUID) -> Response:
    """The model, its way so far, a form for each move that is open to the reader; its households by name."""
    return _page(request, who.actor, model_id)


def _page(
    request: Request,
    actor: Actor,
    model_id: uuid.UUID,
    *,
    sent: tuple[str, Form] | None = None,
    status: int = 200,
) -> Response:
    lang, (whole, mix, supported) = language(request), support.sheet(actor, model_id)
    model = whole.model
    mark_illustrative(request, [model])
    names = people.names_of(e.by for e in whole.events)
    forms = moves.forms_of([m.name for m in support.open_moves(actor, model)], sent, model.version)
    members = [s.person for s in supported]
    if EVALUATE in forms and not (sent and sent[0] == EVALUATE):
        forms[EVALUATE].values |= _said(model.evaluation, members)
    return render(
        request, "support/show.html", status=status, title=model.name, place="support", model=model, this=href(model),
        crumbs=crumbs(model, request)[:1], tabs=tabs(model, request), tag=state_tag(model), forms=forms,
        timeline=timeline(model, whole.events, names, lang), back=returned(model.state, whole.events),
        remarked=[m.name for m in SUPPORT_FLOW.moves if m.remark], lacks=missing_items(whole, lang), over=over_items(mix, lang) if model.state != CLOSED else [],
        earlier=earlier_items(whole.warnings, lang), mix=mix_table(mix, lang), inputs=inputs_table(whole),
        short=whole.total - mix.drawn - mix.household_share, whole=whole, people=people_table(whole, supported, lang),
        head=_head(whole, members), members=members, may_edit=model.open and actor.may("support.edit") and model.kept_by(actor),
        obstacles=short_items(obstacles.standing_of(actor, model_id=model_id), lang, of=model.name),
        voices=observations.voices_of_model(actor, model_id), may_raise=actor.may("obstacle.raise"),
        may_run=actor.may("support.run") and model.kept_by(actor), sees=actor.sees_people, basis=BASIS,
        pays=_pays(mix, lang) if model.state in UNDER_WAY and actor.may("ledger.propose") else [],
    )  # fmt: skip


def _said(evaluation: str, members: list[Person]) -> dict[str, str]:
    """What was said of a model before, in the fields that put it right."""
    return Form(evaluation=evaluation, **{f"income-{p.household_id}": p.income_after for p in members}).values


def _pays(mix: Mix, lang: str) -> list[tuple[str, str]]:
    """(project and source of a line, where a payment on it is recorded) of each line in the reader's scope."""
    return [
        (f"{line.project_code}, {line.named(lang)}", f"/ledger/record?line={line.budget_line_id}&kind=pay")
        for line in mix.lines
        if line.pockets is not None
    ]


def _head(whole: Whole, members: list[Person]) -> Person | None:
    """Who heads the group."""
    return next((p for p in members if p.household_id == whole.model.head_id), None)


def _move(name: str) -> Callable[..., Response]:
    """The handler of one move."""

    def move(request: Request, who: Reader, form: Typed, model_id: uuid.UUID) -> Response:
        actor = who.actor
        require(actor, SUPPORT_FLOW.named(name).action)
        order, seen = moves.order_of(form, SUPPORT_FLOW, name), form.whole("seen", required=False)
        return moves.moved(
            request, form, SAID[name],
            lambda: href(support.move(actor, model_id, name, order, seen=seen)),
            lambda status: _page(request, actor, model_id, sent=(name, form), status=status),
        )  # fmt: skip

    return move


for _name in MOVES:
    if _name != EVALUATE:
        router.post(f"/support/{{model_id:uuid}}/{_name}", name=f"support_{_name}")(_move(_name))


@router.post("/support/{model_id:uuid}/evaluate")
def evaluate(request: Request, who: Reader, form: Typed, model_id: uuid.UUID) -> Response:
    """Says what came of the model, with the incomes of its households as far as they are known."""
    actor = who.actor
    require(actor, SUPPORT_FLOW.named(EVALUATE).action)
    order, incomes = moves.order_of(form, SUPPORT_FLOW, EVALUATE), _incomes(form)
    seen = form.whole("seen", required=False)
    text = form.text("evaluation", longest=4000) or ""
    return moves.moved(
        request, form, SAID[EVALUATE],
        lambda: href(support.evaluate(actor, model_id, text, incomes, order, seen=seen)),
        lambda status: _page(request, actor, model_id, sent=(EVALUATE, form), status=status),
        (*moves.FIELDS, "evaluation"),
    )  # fmt: skip


def _incomes(form: Form) -> dict[uuid.UUID, int | None]:
    """What the form of an evaluation says that households earn, in đồng a year; None where nothing is typed."""
    found: dict[uuid.UUID, int | None] = {}
    for name in list(form.values):
        household = id_of(name.removeprefix("income-")) if name.startswith("income-") else None
        if household is not None:
            found[household] = form.amount(name, required=False, positive=False)
    return found


@router.get("/support/{model_id:uuid}/documents")
def show_documents(request: Request, who: Reader, model_id: uuid.UUID) -> Response:
    """The documents of a model: the group's list, acceptance minutes, invoices."""
    actor = who.actor
    model = support.get(actor, model_id)
    mark_illustrative(request, [model])
    return render(
        request, "support/documents.html", title=model.name, place="support", model=model, this=href(model),
        crumbs=crumbs(model, request)[:1], tabs=tabs(model, request),
        documents=documents_of(actor, "support_model", model_id), may_attach=actor.may("document.edit"),
    )  # fmt: skip
