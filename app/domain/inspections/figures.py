"""The figures of a unit as of a day, as its report for an inspection quotes them: plain data, to be kept as it was."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain import directives, programs, works
from app.domain.access import Actor, in_scope, under
from app.domain.criteria.brief import Brief, BriefCounts, brief
from app.domain.ledger import figures
from app.domain.ledger.deadlines import usual_last_days
from app.domain.ledger.figures import rate
from app.domain.ledger.pockets import EMPTY, Pockets
from app.domain.plans.flow import SUBJECT as PLAN
from app.domain.support.flow import SUBJECT as MODEL
from app.domain.territory import UnitView
from app.domain.works import WorkFilter, WorkView
from app.domain.works.register import days_late
from app.models.plans import Plan, WorkflowEvent
from app.models.support import SupportModel

Content = dict[str, Any]
MOST_WORKS: Final = 500
DRAFT: Final = "draft"
_MONEY: Final = ("plan", "disbursed", "available", "at_risk", "rate")
_FINISHED: Final = ("completed", "handed_over", "settled")


def content(actor: Actor, unit: UnitView, day: date) -> Content:
    """Money by program of the day's budget year, works by stage and the late ones, criteria, plans, models, directives.

    Money, criteria, plans, models and directives are those of the day; a work's stage of a day that is past is told by
    the days on which it broke ground and was finished.
    """
    found = works.works(actor, WorkFilter(unit=unit), by_code=True, limit=MOST_WORKS)
    with db.snapshot() as session:
        money = _money_of(session, actor, unit, day)
        criteria = brief(session, actor, unit, day)
        counted = directives.counts(session, actor, unit.id, day)
        return {
            "as_of": day.isoformat(), "unit_code": unit.code, "unit_name": unit.name, "year": day.year,
            "money": money, "works": _works_of(found, day), "criteria": _criteria_of(criteria),
            "plans": _by_state(session, actor, unit, day, Plan, PLAN),
            "models": _by_state(session, actor, unit, day, SupportModel, MODEL),
            "directives": dict(zip(("standing", "overdue", "reported", "returned"), counted, strict=True)),
            "illustrative": bool(
                money["illustrative"] or (criteria is not None and criteria.illustrative)
                or any(w.illustrative for w in found)
            ),
        }  # fmt: skip


def _money_of(session: Session, actor: Actor, unit: UnitView, day: date) -> Content:
    last_days = {kind: last for (kind, _), last in usual_last_days(session, {day.year}).items()}
    rows = figures.overview(session, actor, unit, day.year, None if day == today() else day, last_days)
    names = programs.names(session)
    sums: dict[str, tuple[Pockets, int]] = {}
    for row in rows:
        pockets, risk = sums.get(row.program_code, (EMPTY, 0))
        sums[row.program_code] = (pockets + row.pockets, risk + row.at_risk)
    whole, risk = EMPTY, 0
    for pockets, at_risk in sums.values():
        whole, risk = whole + pockets, risk + at_risk
    return {
        "programs": [
            {"program_code": code, "name": names.programs.get(code, code)} | _sum(*of)
            for code, of in sums.items()
        ],
        "total": _sum(whole, risk),
        "illustrative": any(row.illustrative for row in rows),
    }


def _sum(pockets: Pockets, at_risk: int) -> Content:
    values = (
        pockets.plan, pockets.disbursed, pockets.available, at_risk, rate(pockets.disbursed, pockets.plan)
    )  # fmt: skip
    return dict(zip(_MONEY, values, strict=True))


def _works_of(found: list[WorkView], day: date) -> Content:
    stages = {work.id: _stage_on(work, day) for work in found}
    late = [(work, days_late(stages[work.id], work.planned_finish, day)) for work in found]
    return {
        "total": len(found),
        "by_stage": dict(Counter(stages.values())),
        "late": [
            {
                "id": str(work.id), "name": work.name, "days": days,
                "planned_finish": work.planned_finish.isoformat() if work.planned_finish else None,
            }
            for work, days in sorted(late, key=lambda each: -each[1])
            if days
        ],
    }  # fmt: skip


def _stage_on(work: WorkView, day: date) -> str:
    if day == today():
        return work.stage
    if work.finished_on is not None and work.finished_on <= day:
        return work.stage if work.stage in _FINISHED else "completed"
    if work.started_on is not None and work.started_on <= day:
        return "construction" if work.stage in _FINISHED else work.stage
    return "preparation"


def _criteria_of(found: Brief | BriefCounts | None) -> Content | None:
    """Of a commune what it meets and which it does not; of a wider unit its communes together."""
    if found is None:
        return None
    if isinstance(found, BriefCounts):
        return {
            "set": found.head.name, "met": found.met, "total": found.total * found.communes,
            "communes": found.communes, "full": found.full, "not_met": [],
        }  # fmt: skip
    return {
        "set": found.head.name, "met": found.met, "total": found.total, "communes": None, "full": None,
        "not_met": [
            {
                "number": one.number, "name": one.name, "state": one.state,
                "due_on": one.due_on.isoformat() if one.due_on else None,
            }
            for one in found.criteria
            if one.state != "met"
        ],
    }  # fmt: skip


def _by_state(
    session: Session,
    actor: Actor,
    unit: UnitView,
    day: date,
    model: type[Plan] | type[SupportModel],
    kind: str,
) -> Content:
    """How many things of a flow stood in each state at the end of a day: one statement."""
    moved = (
        sa.select(WorkflowEvent.to_state)
        .where(
            WorkflowEvent.subject_kind == kind, WorkflowEvent.subject_id == model.id, WorkflowEvent.on <= day
        )
        .order_by(WorkflowEvent.id.desc())
        .limit(1)
        .correlate(model)
        .scalar_subquery()
    )  # fmt: skip
    state = sa.func.coalesce(moved, DRAFT)
    query = sa.select(state).where(
        in_scope(actor, model.unit_id),
        under(unit.id, model.unit_id),
        sa.or_(model.year.is_(None), model.year <= day.year),
    )
    by_state = Counter(session.execute(query).scalars())
    return {"total": by_state.total(), "by_state": dict(by_state)}
