"""Questions that lists of works answer: which cannot break ground and why, which are behind, what waits for whom."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain.access import Actor, in_scope, require, under
from app.domain.works import progress, readiness
from app.domain.works.steps import OPEN
from app.i18n import DEFAULT, N_, Message
from app.models.ledger import Balance, BudgetLine
from app.models.procedures import WorkStep
from app.models.progress import Milestone
from app.models.works import Contract, Work

if TYPE_CHECKING:
    from app.domain.works.register import WorkView  # it asks these questions itself

UNREADY, BEHIND, UNCONTRACTED, UNSETTLED = "unready", "behind", "uncontracted", "unsettled"
_GONE: Final = ("settled", "cancelled")


def _uncontracted(_on: date) -> sa.ColumnElement[bool]:
    """Money was given to it and nobody was contracted."""
    pockets = Balance.available + Balance.advanced + Balance.paid + Balance.settled
    funded = sa.exists().where(
        BudgetLine.work_id == Work.id, Balance.budget_line_id == BudgetLine.id, pockets > 0
    )
    signed = sa.exists().where(Contract.work_id == Work.id)
    return sa.and_(Work.stage.not_in(_GONE), funded, ~signed)


def _unsettled(_on: date) -> sa.ColumnElement[bool]:
    """Finished, and its settlement is not through."""
    return Work.stage.in_(("completed", "handed_over"))


QUESTIONS: Final[Mapping[str, Callable[[date], sa.ColumnElement[bool]]]] = {
    UNREADY: lambda _on: readiness.unready(),
    BEHIND: progress.behind,
    UNCONTRACTED: _uncontracted,
    UNSETTLED: _unsettled,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """How many works a question finds; `available` of theirs in đồng, not disbursed yet."""

    question: str
    works: int
    available: int


def counts(session: Session, actor: Actor, unit_id: int, on: date) -> list[Answer]:
    """The answers for a unit's works on a day, in the order of the questions: one statement."""
    return counted(session.execute(counting(actor, unit_id, on)).one())


def counted(row: Sequence[int]) -> list[Answer]:
    """What a row of `counting` says."""
    return [Answer(name, row[2 * i], row[2 * i + 1]) for i, name in enumerate(QUESTIONS)]


def counting(actor: Actor, unit_id: int, on: date) -> sa.Select[*tuple[int, ...]]:
    """One row: of each question in order, how many works under a unit it finds on a day, and what they have available."""
    held = (
        sa.select(
            BudgetLine.work_id, sa.cast(sa.func.sum(Balance.available), sa.BigInteger).label("available")
        )
        .join(Balance, Balance.budget_line_id == BudgetLine.id)
        .where(BudgetLine.work_id.is_not(None))
        .group_by(BudgetLine.work_id)
        .subquery("held")
    )
    columns = []
    for condition in (build(on) for build in QUESTIONS.values()):
        columns.append(sa.func.sum(sa.case((condition, 1), else_=0)))
        columns.append(sa.func.sum(sa.case((condition, sa.func.coalesce(held.c.available, 0)), else_=0)))
    return (
        sa.select(*(sa.cast(sa.func.coalesce(column, 0), sa.BigInteger) for column in columns))
        .select_from(Work)
        .outerjoin(held, held.c.work_id == Work.id)
        .where(in_scope(actor, Work.owner_unit_id), under(unit_id, Work.owner_unit_id))
    )


def answers(actor: Actor, unit_id: int, on: date) -> list[Answer]:
    """`counts` in a transaction of its own."""
    require(actor, "read")
    with db.transaction() as session:
        return counts(session, actor, unit_id, on)


def reasons(
    actor: Actor, works: Sequence[WorkView], question: str, on: date, lang: str = DEFAULT
) -> dict[uuid.UUID, tuple[Message, ...]]:
    """Why each of these works, which the actor has just been given, answers a question; steps by their name in `lang`."""
    require(actor, "read")
    if question != BEHIND:
        return {work.id: tuple(_why(work, question, on, lang)) for work in works}
    with db.transaction() as session:
        overdue, planned = _slips(session, [work.id for work in works], on, lang)
    return {
        work.id: tuple(_behind(work, overdue.get(work.id), planned.get(work.id, 0), on)) for work in works
    }


def _why(work: WorkView, question: str, on: date, lang: str) -> Iterator[Message]:
    if question == UNREADY:
        yield from (Message(m.said(lang)) for m in work.missing)
    elif question == UNCONTRACTED:
        yield Message(N_("đã giao {given:money}, chưa có hợp đồng"), {"given": work.allocated})
    elif question == UNSETTLED:
        if work.finished_on is not None:
            facts = {"days": (on - work.finished_on).days, "day": work.finished_on}
            yield Message(N_("xong {day:date}, {days:number} ngày chưa quyết toán"), facts)
        else:
            yield Message(N_("đã xong, chưa quyết toán"))


def _behind(work: WorkView, overdue: tuple[str, date] | None, planned: int, on: date) -> Iterator[Message]:
    late = work.days_late(on)
    if late:
        yield Message(N_("quá hạn hoàn thành {days:number} ngày"), {"days": late})
    if overdue is not None:
        step, due = overdue
        yield Message(N_("bước “{step}” quá hạn {days:number} ngày"), {"step": step, "days": (on - due).days})
    if planned > work.physical_percent:
        facts = {"plan": planned, "done": work.physical_percent}
        yield Message(N_("kế hoạch {plan:number} %, mới đạt {done:number} %"), facts)


def _slips(
    session: Session, ids: Sequence[uuid.UUID], on: date, lang: str
) -> tuple[dict[uuid.UUID, tuple[str, date]], dict[uuid.UUID, int]]:
    """(the step of each work that is overdue longest, the percent that a milestone asked by a day): one statement."""
    english = sa.func.coalesce(sa.func.nullif(WorkStep.name_en, ""), WorkStep.name)
    name: Any = english if lang == "en" else WorkStep.name
    steps = sa.select(WorkStep.work_id, name, WorkStep.due_on, sa.literal(0)).where(
        WorkStep.work_id.in_(ids), WorkStep.status == OPEN, WorkStep.due_on < on
    )
    marks = (
        sa.select(Milestone.work_id, sa.literal(""), sa.func.max(Milestone.planned_on), sa.func.max(Milestone.percent))
        .where(Milestone.work_id.in_(ids), Milestone.planned_on <= on)
        .group_by(Milestone.work_id)
    )  # fmt: skip
    overdue: dict[uuid.UUID, tuple[str, date]] = {}
    planned: dict[uuid.UUID, int] = {}
    rows: Sequence[Any] = session.execute(sa.union_all(steps, marks)).all()
    for work_id, step, day, percent in rows:
        if not step:
            planned[work_id] = percent
        elif work_id not in overdue or day < overdue[work_id][1]:
            overdue[work_id] = (step, day)
    return overdue, planned
