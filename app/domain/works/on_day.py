"""Works as they stood at the end of a past day, in SQL: which were there, and in which stage.

A work keeps the days on which it was begun, finished, handed over and settled, and when its stage was last changed: one
that is suspended or cancelled stood still from then. One registered so was so from then.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from app.clock import day_begins, today
from app.domain.works.readiness import NEXT
from app.domain.works.stages import STOPPED
from app.domain.works.steps import MAIN, WAIVED
from app.models.clearance import ClearanceHousehold
from app.models.procedures import StageOverride, WorkStep
from app.models.works import Settlement, Work

_LADDER: Final = ("preparation", "construction", "completed", "handed_over", "settled")
# The steps, of whichever procedure, that are done when a stage has been entered.
_STEPS: Final = {
    "construction": ("start",), "completed": ("building",), "handed_over": ("acceptance", "handover"),
    "settled": ("settlement",),
}  # fmt: skip


def stage_on(day: date) -> sa.ColumnElement[str]:
    """The stage of a work at the end of a day: the highest that it is known to have entered by then, of those that its
    present one leaves behind it."""
    if day >= today():
        return sa.type_coerce(Work.stage, sa.String)
    end = day_begins(day + timedelta(1))
    whens = [(_reached(stage, day, end), sa.literal(stage)) for stage in reversed(_LADDER[1:])]
    stopped = sa.and_(Work.stage.in_(STOPPED), _changed(day, end))
    return sa.case((stopped, Work.stage), *whens, else_=sa.literal(_LADDER[0]))


def known_on(day: date) -> sa.ColumnElement[bool]:
    """Whether a work was there by the end of a day: recorded, decided, begun, or with a step that was done."""
    return sa.or_(
        Work.created_at < day_begins(day + timedelta(1)), Work.decision_date <= day, Work.started_on <= day,
        sa.exists().where(WorkStep.work_id == Work.id, WorkStep.done_on <= day),
    )  # fmt: skip


def unready_on(day: date) -> sa.ColumnElement[bool]:
    """`readiness.unready` at the end of a day: not begun, or stopped, and something barred its construction."""
    open_step = sa.exists().where(
        WorkStep.work_id == Work.id, WorkStep.track == MAIN, WorkStep.gate == "construction",
        WorkStep.status != WAIVED, sa.or_(WorkStep.done_on.is_(None), WorkStep.done_on > day),
    )  # fmt: skip
    handed_over = ClearanceHousehold.handed_over_on
    waiting = sa.exists().where(
        ClearanceHousehold.work_id == Work.id, sa.or_(handed_over.is_(None), handed_over > day)
    )
    stages = [stage for stage, gate in NEXT.items() if gate == "construction"]
    return sa.and_(stage_on(day).in_(stages), sa.or_(Work.procedure.is_(None), open_step, waiting))


def _reached(stage: str, day: date, end: datetime) -> sa.ColumnElement[bool]:
    codes, known = _STEPS[stage], _day_of(stage)
    by_step = sa.exists().where(
        WorkStep.work_id == Work.id, WorkStep.track == MAIN, WorkStep.code.in_(codes), WorkStep.done_on <= day
    )
    let_in = sa.exists().where(
        StageOverride.work_id == Work.id, StageOverride.stage == stage, StageOverride.at < end
    )
    dated = sa.exists().where(
        WorkStep.work_id == Work.id,
        WorkStep.track == MAIN,
        WorkStep.code.in_(codes),
        WorkStep.done_on.is_not(None),
    )
    # No day tells when its present stage was entered: then it was when it was changed, or registered so.
    undated = sa.and_(Work.stage == stage, known.is_(None), ~dated, _changed(day, end))
    return sa.and_(
        Work.stage.in_((*_LADDER[_LADDER.index(stage) :], *STOPPED)),
        sa.or_(known <= day, sa.and_(known.is_(None), sa.or_(by_step, let_in)), undated),
    )


def _changed(day: date, end: datetime) -> sa.ColumnElement[bool]:
    """Whether a work had its present stage by the end of a day, as far as was recorded."""
    return sa.or_(Work.stage_on <= day, sa.and_(Work.stage_on.is_(None), Work.created_at < end))


def _day_of(stage: str) -> sa.ColumnElement[date | None]:
    """The day on which a stage was entered, where the work or its settlement says it."""
    if stage == "construction":
        return sa.type_coerce(Work.started_on, sa.Date)
    if stage == "completed":
        return sa.type_coerce(Work.finished_on, sa.Date)
    if stage == "settled":
        decided = sa.select(Settlement.decided_on).where(Settlement.work_id == Work.id)
        return decided.correlate(Work).scalar_subquery()
    return sa.cast(sa.null(), sa.Date)
