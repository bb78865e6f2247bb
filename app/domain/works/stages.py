"""A work's way through its stages: forward when nothing is missing, else by a named officer's word that stays."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.works import readiness
from app.domain.works.readiness import GATES, Missing, Standing
from app.domain.works.steps import MAIN, by_code, steps_of, unit_of
from app.errors import Conflict, Invalid, RuleBroken
from app.i18n import N_
from app.models.identity import User
from app.models.procedures import StageOverride
from app.models.works import Work

STOPPED: Final = ("suspended", "cancelled")
CLOSED: Final = ("settled", "cancelled")
# What entering a stage tells of a work: the field, and the step whose day it is.
_TELLS: Final = {"construction": ("started_on", "start"), "completed": ("finished_on", "building")}


@dataclass(frozen=True, slots=True)
class OverrideView:
    """A stage that was entered while something was missing: `missing` names it as it was then."""

    stage: str
    reason: str
    missing: tuple[str, ...]
    at: datetime
    by: str
    by_name: str


class StageBarred(RuleBroken):
    """A stage cannot be entered: the same list as the work's `missing`."""

    def __init__(self, stage: str, missing: Sequence[Missing]) -> None:
        super().__init__(
            "stage_missing",
            N_("Chưa chuyển giai đoạn được, còn thiếu {n:number}: {names}."),
            n=len(missing),
            names="; ".join(m.said("vi") for m in missing),
            stage=stage,
        )
        self.missing = tuple(missing)
        self.listed = {"missing": [m.row() for m in missing]}


def enter(session: Session, actor: Actor, work: Standing, unit_id: int, wanted: str, reason: str) -> None:
    """Let a work into another stage, in the caller's transaction, which holds the work's row.

    Raises StageBarred (rule `stage_missing`) while something is missing, unless who may override gives a reason;
    RuleBroken `stage_order` for a way back without one. Stopping and cancelling are free.
    """
    if wanted in STOPPED:
        if work.stage == "settled":
            raise RuleBroken("stage_order", N_("Công trình đã quyết toán, không dừng hay hủy được nữa."))
        return
    missing = _missing(session, work, wanted)
    forward = wanted in readiness.between(work.stage, wanted)
    if forward and not missing:
        return
    if not reason:
        if missing:
            raise StageBarred(wanted, missing)
        message = N_("Quay lại giai đoạn trước cần lãnh đạo ghi lý do.")
        raise RuleBroken("stage_order", message, asked=wanted, held=work.stage)
    require(actor, "stage.override")
    _record(session, actor, work.id, unit_id, wanted, reason, missing)


def _missing(session: Session, work: Standing, wanted: str) -> list[Missing]:
    """What bars every stage on the way, each thing once."""
    of_stages = readiness.whole(session, work)
    return [m for gate in readiness.between(work.stage, wanted) for m in of_stages.get(gate, ())]


def begin_late(session: Session, actor: Actor, work: Standing, unit_id: int, reason: str) -> None:
    """Judge a work that is registered in a later stage than the first as if it entered that stage now.

    One without a procedure was under way before the book: nothing is known of its steps, so nothing bars it.
    """
    if work.procedure is None or work.stage in STOPPED or work.stage not in GATES:
        return
    missing = [
        m for gate in GATES[: GATES.index(work.stage) + 1] for m in readiness.bars(session, work, gate)
    ]
    if missing and not reason:
        raise StageBarred(work.stage, missing)
    if missing:
        require(actor, "stage.override")
        _record(session, actor, work.id, unit_id, work.stage, reason, missing)


def _record(
    session: Session,
    actor: Actor,
    work_id: uuid.UUID,
    unit_id: int,
    stage: str,
    reason: str,
    missing: Sequence[Missing],
) -> None:
    session.execute(
        sa.insert(StageOverride).values(
            work_id=work_id, stage=stage, reason=reason, missing=[m.said("vi") for m in missing], at=utcnow(),
            by=actor.ref,
        )
    )  # fmt: skip
    audit.record(
        session, actor, "work.override", "work", work_id, unit_id, stage=stage, reason=reason,
        missing=[m.step_code or m.rule for m in missing],
    )  # fmt: skip


def reason_of(changes: dict[str, Any]) -> str:
    """The reason of an override; Invalid for one without a change of stage, or of blanks alone."""
    reason: str | None = changes.get("override_reason")
    if reason is None:
        return ""
    if "stage" not in changes:
        raise Invalid.field("override_reason", N_("Lý do chỉ đi cùng việc chuyển giai đoạn."))
    if not reason.strip():
        raise Invalid.field("override_reason", N_("Ghi lý do cho chuyển giai đoạn khi còn thiếu."))
    return reason.strip()


def days_of(session: Session, work_id: uuid.UUID, stage: str, known: Mapping[str, Any]) -> dict[str, date]:
    """The real days that entering a stage tells of, where none is known: of the step behind it, else today."""
    field, step_code = _TELLS.get(stage, ("", ""))
    if not field or known.get(field) is not None:
        return {}
    step = by_code(steps_of(session, [work_id], track=MAIN).get(work_id, ()), MAIN).get(step_code)
    day = step.done_on if step is not None and step.done_on is not None else today()
    begun: date | None = known.get("started_on")
    return {field: max(day, begun) if field == "finished_on" and begun is not None else day}


def overrides(actor: Actor, work_id: uuid.UUID) -> list[OverrideView]:
    """Every override of a work, the newest first."""
    require(actor, "read")
    with db.transaction() as session:
        unit_of(session, actor, work_id)
        return overrides_of(session, work_id)


def overrides_of(session: Session, work_id: uuid.UUID) -> list[OverrideView]:
    """`overrides` in the transaction of whoever asks, who has looked at the scope."""
    query = (
        sa.select(
            StageOverride.stage, StageOverride.reason, StageOverride.missing, StageOverride.at, StageOverride.by,
            sa.func.coalesce(User.full_name, StageOverride.by),
        )
        .outerjoin(User, User.username == StageOverride.by)
        .where(StageOverride.work_id == work_id)
        .order_by(StageOverride.id.desc())
    )  # fmt: skip
    return [OverrideView(s, r, tuple(m), at, by, name) for s, r, m, at, by, name in session.execute(query)]


def refuse_closed(session: Session, work_id: uuid.UUID) -> None:
    """RuleBroken `work_closed`: what stood when a work was settled, or cancelled, is what was judged.

    Its ledger stays open, so that what must be recovered can be.
    """
    stage = session.execute(sa.select(Work.stage).where(Work.id == work_id)).scalar_one()
    if stage in CLOSED:
        message = N_("Công trình đã quyết toán hoặc đã hủy: lãnh đạo chuyển lại giai đoạn rồi mới ghi được.")
        raise RuleBroken("work_closed", message, held=stage)


def refuse_running(session: Session, work_id: uuid.UUID) -> None:
    """A procedure is changed only as long as none of its steps is settled or has a document."""
    of_work = steps_of(session, [work_id], track=MAIN).get(work_id, ())
    if any(step.settled or step.papers for step in of_work):
        raise Conflict(
            N_("Thủ tục đang chạy: có bước đã xong hoặc đã có văn bản, không đổi sang thủ tục khác được.")
        )
