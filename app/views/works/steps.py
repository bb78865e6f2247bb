"""A work's procedure as a timeline; one step with what it needs and what stands behind it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import documents, works
from app.domain.access import Actor, require
from app.domain.documents.attaching import documents_of
from app.domain.works import procedures, step_editing, steps
from app.domain.works.steps import CLEARANCE, DONE, MAIN, OPEN, WAIVED, StepView
from app.errors import Fault, NotFound, Stale
from app.i18n import N_
from app.reports.labels import STAGES, STEP_STATES
from app.reports.steps import kinds_named, state_tag, steps_table, timeline
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import named
from app.views.templating import language, mark_illustrative, redirect_after_post, render, table_answer
from app.views.works.common import noted, refused

router = APIRouter(include_in_schema=False)
FIELDS: Final = ("status", "done_on", "due_on", "reason", "documents")
_TRACKS: Final = {MAIN: N_("Thủ tục"), CLEARANCE: N_("Giải phóng mặt bằng")}


def kind_names(actor: Actor) -> Mapping[str, tuple[str, str]]:
    """(Vietnamese, English) name of each kind of documents."""
    return {k.code: (k.name, k.name_en) for k in documents.kinds(actor)}


@router.get("/works/{work_id:uuid}/steps")
def show_steps(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """The whole procedure and, beside it, the steps of site clearance; page, Excel and CSV."""
    actor, lang, on = who.actor, language(request), today()
    work, of_work, names = works.head(actor, work_id), steps.steps(actor, work_id), kind_names(actor)
    mark_illustrative(request, [work])
    tracks = []
    for track, title in _TRACKS.items():
        of_track = [s for s in of_work if s.track == track]
        if of_track:
            tracks.append((title, of_track[0].procedure, timeline(of_track, on, names, lang)))
    main = [s for s in of_work if s.track == MAIN]
    return table_answer(
        request, steps_table(work, of_work, on, names, lang), "works/steps.html", title=N_("Thủ tục"),
        place="works", work=work, tracks=tracks, may=actor.may,
        settled=sum(s.settled for s in main), number=len(main), late=[s for s in of_work if s.days_late(on)],
        begin=[s for s in main if steps.may_begin(s, main)],
    )  # fmt: skip


@router.get("/works/{work_id:uuid}/steps/{step_id:uuid}")
def show_step(request: Request, who: Reader, work_id: uuid.UUID, step_id: uuid.UUID) -> Response:
    """A step: what it needs, its documents, and the form that settles it."""
    return _show(request, who.actor, work_id, step_id)


def _form_of(step: StepView) -> Form:
    """What stands; an open step is offered as done, which is what one comes for."""
    return Form(
        version=step.version, status=DONE if step.status == OPEN else step.status, done_on=step.done_on,
        due_on=step.due_on, reason=step.reason if step.settled else "",
    )  # fmt: skip


def _show(
    request: Request,
    actor: Actor,
    work_id: uuid.UUID,
    step_id: uuid.UUID,
    form: Form | None = None,
    *,
    status: int = 200,
    current: StepView | None = None,
) -> Response:
    lang, on, names = language(request), today(), kind_names(actor)
    work, of_work = works.head(actor, work_id), steps.steps(actor, work_id)
    step = next((s for s in of_work if s.id == step_id), None)
    if step is None:
        raise NotFound
    mark_illustrative(request, [work])
    of_track = [s for s in of_work if s.track == step.track]
    choices = [(k, v) for k, v in named(request, STEP_STATES) if k != WAIVED or actor.may("step.waive")]
    return render(
        request, "works/step.html", status=status, title=step.named(lang), place="works", work=work, s=step,
        number=of_track.index(step) + 1, of=len(of_track), form=form or _form_of(step), current=current, choices=choices,
        track=_TRACKS[step.track], tag=state_tag(step, on), stages=STAGES, procedure=step.procedure,
        rule=procedures.rule_of(actor, step.procedure_id, step.code), lacks=[(code, kinds_named([code], names, lang)) for code in step.lacks],
        required=kinds_named(list(step.required_documents), names, lang),
        waits=[x for x in steps.before(step, of_track) if not x.settled],
        then=steps.behind(step, of_track), lang=lang,
        documents=documents_of(actor, step_editing.SUBJECT, step.id), may_edit=actor.may("step.edit"),
        may_attach=actor.may("document.edit"),
    )  # fmt: skip


@router.post("/works/{work_id:uuid}/steps/{step_id:uuid}")
def change_step(
    request: Request, who: Reader, form: Typed, work_id: uuid.UUID, step_id: uuid.UUID
) -> Response:
    """Settles the step; what is refused is said beside its field, and nothing typed is lost."""
    actor = who.actor
    require(actor, "step.edit")
    step = steps.get(actor, work_id, step_id)
    version, changes = form.whole("version"), _changes(form, step)
    status, current = 422, None
    if form.ok and version is not None:
        try:
            step_editing.update(actor, work_id, step_id, version, changes)
            return redirect_after_post(request, f"/works/{work_id}/steps", flash=N_("Đã ghi bước thủ tục"))
        except Stale as fault:
            current, status = noted(form, fault, lambda: steps.get(actor, work_id, step_id)), 409
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _show(request, actor, work_id, step_id, form, status=status, current=current)


def _changes(form: Form, step: StepView) -> dict[str, Any]:
    """What the form says; a day of a step that is not done says nothing."""
    status = form.choice("status", STEP_STATES)
    changes: dict[str, Any] = {"status": status, "due_on": form.day("due_on", required=False)}
    done_on = form.day("done_on", required=False)
    if status == DONE:
        changes["done_on"] = done_on or step.done_on
    reason = form.text("reason", required=False, longest=1000)
    if reason is not None or status != step.status:
        changes["reason"] = reason or ""
    return changes
