"""Settling a work's steps: done on a day with what it requires, waived with a reason, opened again with one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.documents.attaching import set_attached
from app.domain.works.readiness import GATES
from app.domain.works.steps import (
    DONE,
    OPEN,
    WAIVED,
    StepView,
    before,
    behind,
    due_after,
    may_begin,
    one,
    steps_of,
    unit_of,
)
from app.errors import Invalid, RuleBroken, Stale
from app.i18n import N_
from app.models.documents import DocumentKind
from app.models.procedures import STEP_STATES, WorkStep
from app.models.works import Work

SUBJECT: Final = "step"


def update(
    actor: Actor, work_id: uuid.UUID, step_id: uuid.UUID, version: int, changes: dict[str, Any]
) -> StepView:
    """Change `status`, `done_on`, `due_on`, `reason` or `documents` (the whole list) of a step.

    Done without a day is done today. RuleBroken `step_order` before what comes before it is settled, `step_dates`
    when its day is before theirs or after the day of one that follows, `step_documents` while a required document is
    not attached. Waiving, or another word for it, needs the right and a reason; opening again a reason, and a leader
    once the stage that the step bars was entered. Raises Stale when somebody changed the step since.
    """
    require(actor, "step.edit")
    if changes.get("status") == WAIVED:
        require(actor, "step.waive")
    with db.transaction(write=True) as session:
        unit_id = unit_of(session, actor, work_id, lock=True)
        # Whoever takes a document off the step looks at it under the same lock.
        session.execute(sa.select(WorkStep.id).where(WorkStep.id == step_id).with_for_update())
        standing = one(session, work_id, step_id)
        if standing.version != version:
            raise Stale(standing)
        if not changes:
            return standing
        if "documents" in changes:
            set_attached(session, actor, SUBJECT, step_id, unit_id, changes["documents"])
        values = _values(standing, changes)
        if values["status"] == WAIVED and values["reason"] != standing.reason:
            require(actor, "step.waive")
        of_work = steps_of(session, [work_id])[work_id]
        step = next(s for s in of_work if s.id == step_id)  # with the documents that it has now
        _check(session, actor, step, values, of_work)
        session.execute(
            sa.update(WorkStep)
            .where(WorkStep.id == step_id)
            .values(**values, version=version + 1, updated_at=utcnow())
        )
        if values["status"] != OPEN:
            _set_due(session, step_id, steps_of(session, [work_id])[work_id])
        _touch(session, work_id)
        facts = {name: value for name, value in values.items() if name in changes}
        audit.record(
            session, actor, "step.update", "work_step", step_id, unit_id, work_id=work_id, code=step.code,
            was=standing.status, **facts,
        )  # fmt: skip
        return one(session, work_id, step_id)


def _values(standing: StepView, changes: dict[str, Any]) -> dict[str, Any]:
    """The step as it would stand: a step that is not done has no day, one that is done has one."""
    status = changes.get("status", standing.status)
    if status not in STEP_STATES:
        raise Invalid.field("status", N_("Không có tình trạng này."))
    done_on = changes.get("done_on", standing.done_on)
    if status == DONE:
        done_on = done_on or today()
    elif changes.get("done_on") is not None:
        raise Invalid.field("done_on", N_("Chỉ bước đã xong mới có ngày xong."))
    else:
        done_on = None
    changed = status != standing.status
    reason = changes.get("reason", "" if changed else standing.reason).strip()
    if not reason and (status == WAIVED or (changed and standing.settled)):
        message = (
            N_("Ghi lý do không áp dụng bước này.")
            if status == WAIVED
            else N_("Ghi lý do đổi tình trạng của bước đã xong hoặc không áp dụng.")
        )
        raise Invalid.field("reason", message)
    return {
        "status": status, "done_on": done_on, "due_on": changes.get("due_on", standing.due_on), "reason": reason,
    }  # fmt: skip


def _check(
    session: Session, actor: Actor, step: StepView, values: dict[str, Any], of_work: Sequence[StepView]
) -> None:
    if values["status"] == DONE:
        _check_done(session, step, values["done_on"], of_work)
    elif step.settled and values["status"] == OPEN:
        _check_opening(session, actor, step, of_work)


def _check_done(session: Session, step: StepView, done_on: date, of_work: Sequence[StepView]) -> None:
    if done_on > today():
        message = N_("Ngày xong không được sau hôm nay {today:date}.")
        raise Invalid.field("done_on", message, today=today())
    earlier, later = before(step, of_work), behind(step, of_work)
    waits_for = [s.name for s in earlier if not s.settled]
    if waits_for:
        message = N_("Bước “{step}” chờ: {names}.")
        raise RuleBroken("step_order", message, step=step.name, names="; ".join(waits_for))
    days = [s.done_on for s in earlier if s.done_on is not None]
    if days and done_on < max(days):
        message = N_("Ngày xong {asked:date} trước ngày {held:date} của bước đứng trước.")
        raise RuleBroken("step_dates", message, asked=done_on, held=max(days), step=step.name)
    days = [s.done_on for s in later if s.done_on is not None]
    if days and done_on > min(days):
        message = N_("Ngày xong {asked:date} sau ngày {held:date} của bước đứng sau.")
        raise RuleBroken("step_dates", message, asked=done_on, held=min(days), step=step.name)
    if step.lacks:
        names = kind_names(session)
        lacks = "; ".join(names[kind][0] for kind in step.lacks)
        message = N_("Bước “{step}” còn thiếu văn bản: {lacks}.")
        raise RuleBroken("step_documents", message, step=step.name, lacks=lacks)


def kind_names(session: Session) -> dict[str, tuple[str, str]]:
    """(Vietnamese, English) name of each kind of documents."""
    rows = session.execute(sa.select(DocumentKind.code, DocumentKind.name, DocumentKind.name_en))
    return {code: (name, name_en) for code, name, name_en in rows}


def _check_opening(session: Session, actor: Actor, step: StepView, of_work: Sequence[StepView]) -> None:
    held = [s.name for s in behind(step, of_work) if s.status == DONE]
    if held:
        message = N_("Bước “{names}” đứng sau đã xong: mở lại bước đó trước.")
        raise RuleBroken("step_order", message, step=step.name, names="; ".join(held))
    stage = session.execute(sa.select(Work.stage).where(Work.id == step.work_id)).scalar_one()
    if step.gate in GATES and stage in GATES and GATES.index(stage) >= GATES.index(step.gate):
        require(actor, "stage.override")


def _set_due(session: Session, settled_id: uuid.UUID, of_work: Sequence[StepView]) -> None:
    """Steps that may begin now are due after their usual duration, where one is known and no day was set."""
    settled = next(s for s in of_work if s.id == settled_id)
    for step in behind(settled, of_work):
        if step.due_on is None and step.days is not None and may_begin(step, of_work):
            days = [s.done_on for s in before(step, of_work) if s.done_on is not None]
            due = due_after(max(days, default=today()), step.days)
            session.execute(sa.update(WorkStep).where(WorkStep.id == step.id).values(due_on=due))


def _touch(session: Session, work_id: uuid.UUID) -> None:
    """What bars the work is a part of it for who follows changes; its version covers only what can be edited."""
    session.execute(sa.update(Work).where(Work.id == work_id).values(updated_at=utcnow()))
