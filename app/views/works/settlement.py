"""A work's settlement: what is proposed, what was decided, what is still to be paid or recovered."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain.access import Actor, require
from app.domain.documents.attaching import documents_of
from app.domain.works import settlement
from app.domain.works.settlement import DECIDED, PROPOSED, SUBJECT, Decision, NewSettlement, SettlementView
from app.errors import Fault, NotFound, Stale
from app.i18n import N_
from app.reports.contracts import settlement_table
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import new_id, take
from app.views.templating import mark_illustrative, redirect_after_post, table_answer
from app.views.works.common import noted, refused

router = APIRouter(include_in_schema=False)
PROPOSAL: Final = "proposal"
DECISION: Final = "decision"


@router.get("/works/{work_id:uuid}/settlement")
def show(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """The difference in a sentence, then each contract's; page, Excel and CSV."""
    return _show(request, who.actor, work_id)


def _show(
    request: Request,
    actor: Actor,
    work_id: uuid.UUID,
    typed: Form | None = None,
    which: str = "",
    *,
    status: int = 200,
    stale: bool = False,
) -> Response:
    found = settlement.account(actor, work_id)
    s = found.settlement
    mark_illustrative(request, [found.work, *([s] if s else [])])
    forms = {PROPOSAL: _proposal(s), DECISION: _decision(s)}
    if typed is not None:
        forms[which] = typed
    return table_answer(
        request, settlement_table(found), "works/settlement.html", status=status, title=N_("Quyết toán"),
        place="works", work=found.work, s=s, forms=forms, stale=stale,
        may_propose=actor.may("settlement.propose"), may_decide=actor.may("settlement.decide"),
        closed=found.work.stage == "settled",
        documents=documents_of(actor, SUBJECT, s.id) if s else [], may_attach=actor.may("document.edit"),
    )  # fmt: skip


def _proposal(s: SettlementView | None) -> Form:
    if s is None:
        return Form(id=new_id())
    return Form(**{name: getattr(s, name) for name in PROPOSED}, version=s.version)


def _decision(s: SettlementView | None) -> Form:
    if s is None:
        return Form()
    stored = (
        {name: getattr(s, name) for name in DECIDED} if s.decided else {"settled_value": s.proposed_value}
    )
    return Form(**stored, version=s.version)


@router.post("/works/{work_id:uuid}/settlement")
def propose(request: Request, who: Reader, form: Typed, work_id: uuid.UUID) -> Response:
    """Proposes the settlement, or changes what is proposed."""
    actor = who.actor
    require(actor, "settlement.propose")
    on, value = form.day("submitted_on"), form.amount("proposed_value")
    note = form.text("note", required=False, longest=1000) or ""

    def write() -> None:
        version = form.whole("version", required=False)
        if version is not None:
            changes = {"submitted_on": on, "proposed_value": value, "note": note}
            settlement.update(actor, work_id, version, changes)
        elif on is not None and value is not None:
            id_ = form.id("id") or uuid.UUID(int=0)
            settlement.propose(actor, NewSettlement(id_, work_id, on, value, note))

    return _written(request, actor, work_id, form, PROPOSAL, write, N_("Đã ghi số trình quyết toán"))


@router.post("/works/{work_id:uuid}/settlement/decide")
def decide(request: Request, who: Reader, form: Typed, work_id: uuid.UUID) -> Response:
    """Writes the decision down, or mends what was written."""
    actor = who.actor
    require(actor, "settlement.decide")
    value, on = form.amount("settled_value"), form.day("decided_on")
    number, issuer = form.text("decision_number", longest=120), form.text("decision_issuer", longest=200)
    version = form.whole("version")

    def write() -> None:
        if value is None or on is None or number is None or issuer is None or version is None:
            return
        decision = Decision(value, on, number, issuer)
        if settlement.get(actor, work_id).decided:
            settlement.update(actor, work_id, version, decision.values())
        else:
            settlement.decide(actor, work_id, decision)

    return _written(
        request, actor, work_id, form, DECISION, write, N_("Đã ghi quyết định phê duyệt quyết toán")
    )


def _written(
    request: Request,
    actor: Actor,
    work_id: uuid.UUID,
    form: Form,
    which: str,
    write: Callable[[], None],
    said: str,
) -> Response:
    """What either form answers: on to the page, or the page with what was typed and why it was refused."""
    status, stale = 422, False
    if form.ok:
        try:
            write()
            return redirect_after_post(request, f"/works/{work_id}/settlement", flash=said)
        except Stale as fault:
            noted(form, fault, lambda: settlement.get(actor, work_id))
            status, stale = 409, True
        except NotFound as fault:
            if not fault.errors:
                raise
            status = refused(form, fault, ())
        except Fault as fault:
            names = {"settled_value": "proposed_value"} if which == PROPOSAL else {}
            status = take(form, fault, names, (*PROPOSED, *DECIDED))
    return _show(request, actor, work_id, form, which, status=status, stale=stale)
