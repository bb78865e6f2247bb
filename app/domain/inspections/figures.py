"""The figures of a unit as of a day, as its report for an inspection quotes them: plain data, to be kept as it was."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain import directives, programs
from app.domain.access import Actor, in_scope, under
from app.domain.criteria.brief import Brief, BriefCounts, brief
from app.domain.ledger import figures
from app.domain.ledger.deadlines import usual_last_days
from app.domain.ledger.figures import rate
from app.domain.ledger.pockets import EMPTY, Pockets
from app.domain.plans.flow import SUBJECT as PLAN
from app.domain.support.flow import CLOSED
from app.domain.support.flow import SUBJECT as MODEL
from app.domain.territory import UnitView
from app.domain.workflow import known_on, state_on
from app.domain.works import on_day
from app.domain.works.register import UNFINISHED
from app.models.plans import Plan, WorkflowEvent
from app.models.programs import Program
from app.models.steering import Directive
from app.models.support import SupportModel
from app.models.works import Work

Content = dict[str, Any]
MOST_LATE: Final = 200  # that are named; the others are counted
_MONEY: Final = ("plan", "disbursed", "available", "at_risk", "rate")


def content(actor: Actor, unit: UnitView, day: date) -> Content:
    """Money by program of the day's budget year, works by stage and the late ones, criteria, plans, models, directives:
    all of them as of the day, from one moment."""
    with db.snapshot() as session:
        money = _money_of(session, actor, unit, day)
        works, invented = _works_of(session, actor, unit, day)
        criteria = brief(session, actor, unit, day)
        counted = directives.counts(session, actor, unit.id, day)
        plans, models, invented_too = _moved(session, actor, unit, day)
        flags = (
            money["illustrative"], invented, criteria is not None and criteria.illustrative, invented_too
        )  # fmt: skip
        return {
            "as_of": day.isoformat(), "unit_code": unit.code, "unit_name": unit.name, "year": day.year,
            "money": money, "works": works, "criteria": _criteria_of(criteria), "plans": plans, "models": models,
            "directives": dict(zip(("standing", "overdue", "reported", "returned"), counted, strict=True)),
            "illustrative": any(flags),
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


def _works_of(session: Session, actor: Actor, unit: UnitView, day: date) -> tuple[Content, bool]:
    """(works by stage, and those that were late, the longest first; whether one is illustrative): two statements."""
    its = (
        sa.select(
            Work.id, Work.name, Work.planned_finish, Work.illustrative, on_day.stage_on(day).label("stage")
        )
        .where(in_scope(actor, Work.owner_unit_id), under(unit.id, Work.owner_unit_id), on_day.known_on(day))
        .subquery()
    )
    invented = sa.func.max(sa.case((its.c.illustrative, 1), else_=0))
    stages = session.execute(sa.select(its.c.stage, sa.func.count(), invented).group_by(its.c.stage)).all()
    late = session.execute(
        sa.select(its.c.id, its.c.name, its.c.planned_finish, sa.func.count().over())
        .where(its.c.stage.in_(UNFINISHED), its.c.planned_finish < day)
        .order_by(its.c.planned_finish, its.c.name, its.c.id)
        .limit(MOST_LATE)
    ).all()
    return {
        "total": sum(number for _, number, _ in stages),
        "by_stage": {stage: number for stage, number, _ in stages},
        "late": [
            {
                "id": str(id_), "name": name, "days": (day - planned_finish).days,
                "planned_finish": planned_finish.isoformat(),
            }
            for id_, name, planned_finish, _ in late
        ],
        "late_total": late[0][3] if late else 0,
    }, any(flag for *_, flag in stages)  # fmt: skip


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


def _moved(session: Session, actor: Actor, unit: UnitView, day: date) -> tuple[Content, Content, bool]:
    """(plans, models by the state in which they stood at the end of a day, whether one of these, or of what was given by
    the day, is illustrative): one statement."""
    kinds = (_by_state(actor, unit, day, Plan, PLAN), _by_state(actor, unit, day, SupportModel, MODEL))
    given = (in_scope(actor, Directive.unit_id), under(unit.id, Directive.unit_id), Directive.given_on <= day)
    invented = sa.exists().where(*given, Directive.illustrative)
    directive = sa.select(sa.literal(""), sa.literal(""), sa.literal(0), sa.case((invented, 1), else_=0))
    rows = session.execute(sa.union_all(*kinds, directive)).all()
    found = [{state: number for of, state, number, _ in rows if of == kind} for kind in (PLAN, MODEL)]
    plans, models = ({"total": sum(by_state.values()), "by_state": by_state} for by_state in found)
    return plans, models, any(flag for *_, flag in rows)


def _by_state(
    actor: Actor, unit: UnitView, day: date, model: type[Plan] | type[SupportModel], kind: str
) -> sa.Select[*tuple[Any, ...]]:
    """(kind, state, number, whether one is illustrative) of the plans, or models, of the day's year.

    Of the year are those made for it or for a period around it, and models of an earlier one that were not closed
    before it. What neither was recorded nor moved by the day was not there yet.
    """
    its = (
        sa.select(state_on(kind, model.id, day).label("state"), model.illustrative)
        .where(
            in_scope(actor, model.unit_id), under(unit.id, model.unit_id), _of_year(model, day),
            known_on(kind, model.id, model.created_at, day),
        )
        .subquery()
    )  # fmt: skip
    invented = sa.func.max(sa.case((its.c.illustrative, 1), else_=0))
    return sa.select(sa.literal(kind), its.c.state, sa.func.count(), invented).group_by(its.c.state)


def _of_year(model: type[Plan] | type[SupportModel], day: date) -> sa.ColumnElement[bool]:
    of_year = model.year == day.year
    if model is Plan:
        around = sa.exists().where(
            Program.id == Plan.program_id, Program.period_from <= day.year, Program.period_to >= day.year
        )
        return sa.or_(of_year, sa.and_(Plan.year.is_(None), around))
    closed = sa.exists().where(
        WorkflowEvent.subject_kind == MODEL, WorkflowEvent.subject_id == SupportModel.id,
        WorkflowEvent.to_state == CLOSED, WorkflowEvent.on < date(day.year, 1, 1),
    )  # fmt: skip
    return sa.or_(of_year, sa.and_(SupportModel.year < day.year, ~closed))
