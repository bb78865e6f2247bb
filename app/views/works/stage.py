"""Moving a work to another stage: what bars it by name, and a leader's word where it must go on all the same."""

from __future__ import annotations

import uuid
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import works
from app.domain.access import Actor, require
from app.domain.works import WorkView, readiness
from app.domain.works.stages import StageBarred
from app.errors import Fault, Stale
from app.i18n import N_, Message
from app.reports.labels import STAGES
from app.reports.steps import missing_items, missing_title
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import named
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import noted, refused
from app.views.works.steps import kind_names

router = APIRouter(include_in_schema=False)


@router.get("/works/{work_id:uuid}/stage")
def ask(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """The next stage chosen, and what bars it."""
    require(who.actor, "work.edit")
    work = works.get(who.actor, work_id)
    form = Form(version=work.version, stage=readiness.NEXT.get(work.stage, work.stage))
    return _ask(request, who.actor, work, form)


def _ask(request: Request, actor: Actor, work: WorkView, form: Form, *, status: int = 200) -> Response:
    lang, names = language(request), kind_names(actor)
    mark_illustrative(request, [work])
    gates = [
        (missing_title(work, gate, len(bars)), missing_items(work, bars, today(), names, lang))
        for gate, bars in works.gates(actor, work).items()
        if bars
    ]
    return render(
        request, "works/stage.html", status=status, title=N_("Chuyển giai đoạn"), place="works", work=work,
        form=form, gates=gates, stages=[s for s in named(request, STAGES) if s[0] != work.stage],
        may_override=actor.may("stage.override"),
    )  # fmt: skip


@router.post("/works/{work_id:uuid}/stage")
def move(request: Request, who: Reader, form: Typed, work_id: uuid.UUID) -> Response:
    """Lets the work into the stage, or says by name what is missing."""
    actor = who.actor
    require(actor, "work.edit")
    work = works.get(actor, work_id)
    version, stage = form.whole("version"), form.choice("stage", STAGES)
    reason = form.text("override_reason", required=False, longest=1000)
    changes: dict[str, Any] = {"stage": stage} | ({"override_reason": reason} if reason else {})
    status = 422
    if form.ok and version is not None and stage is not None:
        try:
            works.update(actor, work_id, version, changes)
            said = Message(N_("Công trình đã chuyển sang: {stage}"), {"stage": STAGES[stage]})
            return redirect_after_post(request, f"/works/{work_id}", flash=said)
        except Stale as fault:
            work, status = noted(form, fault, lambda: works.get(actor, work_id)), 409
        except StageBarred as fault:
            form.fail("stage", N_("Còn thiếu {n:number}, kể ở đầu trang"), n=len(fault.missing))
            if not reason and actor.may("stage.override"):
                form.fail("override_reason", N_("Ghi lý do nếu vẫn chuyển khi còn thiếu"))
            status = fault.status
        except Fault as fault:
            status = refused(form, fault, ("stage", "override_reason"))
    return _ask(request, actor, work, form, status=status)
