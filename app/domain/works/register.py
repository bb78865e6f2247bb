"""Investment works: the register and their money over the years."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain.access import Actor, in_scope, require, under
from app.domain.in_charge import names_in_charge
from app.domain.programs import within
from app.domain.territory import UnitView, resolve
from app.domain.works import questions, readiness
from app.domain.works.readiness import Missing
from app.errors import NotFound
from app.models.ledger import Balance, BudgetLine
from app.models.programs import Project
from app.models.territory import Unit
from app.models.works import Work, WorkBalance, WorkHamlet
from app.text import fold

UNFINISHED: Final = ("preparation", "construction", "suspended")


def days_late(stage: str, planned_finish: date | None, on: date) -> int:
    """Days past a planned finish on a day, 0 for what is in time or completed."""
    if stage not in UNFINISHED or planned_finish is None:
        return 0
    return max(0, (on - planned_finish).days)


@dataclass(frozen=True, slots=True)
class WorkView:
    """A work with its money over all years, in đồng; `missing` names what bars its next stage."""

    id: uuid.UUID
    code: str
    name: str
    project_code: str
    project_name: str
    owner_unit_id: int
    owner_unit_code: str
    owner_unit_name: str
    owner_structure: str
    stage: str
    procedure: str | None
    location: str
    lat: float | None
    lon: float | None
    scale: str
    responsible: str
    decision_number: str
    decision_date: date | None
    planned_start: date | None
    planned_finish: date | None
    started_on: date | None
    finished_on: date | None
    physical_percent: int
    illustrative: bool
    version: int
    updated_at: datetime
    path: Sequence[Sequence[float]] | None  # [lon, lat] of each corner of a line
    settled_value: int | None
    total_investment: int | None
    contracted: int
    disbursed: int
    allocated: int
    available: int
    advanced: int
    paid: int
    settled: int
    missing: tuple[Missing, ...] = ()
    in_charge: str = ""  # members of boards by name, where one work was looked up

    @property
    def late(self) -> bool:
        """Past its planned finish and not completed."""
        return self.days_late(today()) > 0

    def days_late(self, on: date) -> int:
        """Days past its planned finish on a day, 0 for what is in time or completed."""
        return days_late(self.stage, self.planned_finish, on)


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What a list of works is narrowed to; None leaves it open. A unit is named, or was looked up for the actor."""

    unit: str | UnitView | None = None
    stage: str | None = None
    code: str | None = None
    procedure: str | None = None
    program_code: str | None = None
    project_code: str | None = None
    hamlet: str | None = None
    year: int | None = None
    question: str | None = None
    q: str | None = None
    updated_since: datetime | None = None
    as_of: date | None = None


_MONEY = ("allocated", "available", "advanced", "paid", "settled")


def _money() -> sa.Subquery:
    """Over all years: what was given to each work's lines (carried money counts once), and where it stands."""
    totals = (sa.cast(sa.func.sum(getattr(Balance, name)), sa.BigInteger).label(name) for name in _MONEY)
    return (
        sa.select(BudgetLine.work_id, *totals)
        .join(Balance, Balance.budget_line_id == BudgetLine.id)
        .where(BudgetLine.work_id.is_not(None))
        .group_by(BudgetLine.work_id)
        .subquery("money")
    )


def _works() -> sa.Select[*tuple[Any, ...]]:
    money = _money()
    return (
        sa.select(
            Work.id, Work.code, Work.name, Project.code, Project.name, Unit.id, Unit.code, Unit.name,
            Unit.structure, Work.stage, Work.procedure, Work.location, Work.lat, Work.lon, Work.scale,
            Work.responsible, Work.decision_number, Work.decision_date, Work.planned_start, Work.planned_finish,
            Work.started_on, Work.finished_on, Work.physical_percent, Work.illustrative, Work.version,
            Work.updated_at, Work.path, WorkBalance.settled_value, WorkBalance.total_investment, WorkBalance.contracted, WorkBalance.disbursed,
            *(sa.func.coalesce(money.c[name], 0) for name in _MONEY),
        )
        .select_from(Work)
        .join(WorkBalance, WorkBalance.work_id == Work.id)
        .join(Project, Project.id == Work.project_id)
        .join(Unit, Unit.id == Work.owner_unit_id)
        .outerjoin(money, money.c.work_id == Work.id)
    )  # fmt: skip


def conditions(session: Session, actor: Actor, wanted: WorkFilter) -> Iterator[sa.ColumnElement[bool]]:
    """What a filter asks of a work, within the actor's scope; NotFound for a unit or hamlet outside of it."""
    yield in_scope(actor, Work.owner_unit_id)
    if wanted.unit is not None:
        unit = wanted.unit
        if isinstance(unit, str):
            unit = resolve(session, actor, unit, as_of=wanted.as_of, year=wanted.year)
        yield under(unit.id, Work.owner_unit_id)
    for column, value in (
        (Work.stage, wanted.stage),
        (Work.code, wanted.code),
        (Work.procedure, wanted.procedure),
    ):
        if value is not None:
            yield column == value
    if wanted.program_code is not None:
        yield within(wanted.program_code)
    if wanted.project_code is not None:
        yield within(wanted.project_code)
    if wanted.hamlet is not None:
        hamlet = resolve(session, actor, wanted.hamlet, field="hamlet")
        yield sa.exists().where(WorkHamlet.work_id == Work.id, WorkHamlet.unit_id == hamlet.id)
    if wanted.year is not None:
        yield sa.exists().where(BudgetLine.work_id == Work.id, BudgetLine.year == wanted.year)
    if wanted.question is not None:
        yield questions.QUESTIONS[wanted.question](wanted.as_of or today())
    for word in fold(wanted.q or "").split():
        yield Work.search.contains(word, autoescape=True)
    if wanted.updated_since is not None:
        yield Work.updated_at >= wanted.updated_since


def works(
    actor: Actor,
    wanted: WorkFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    by_code: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[WorkView]:
    """Works in the order in which they changed last (`after`: the last one seen), or by code for people."""
    require(actor, "read")
    with db.transaction() as session:
        query = _works().where(*conditions(session, actor, wanted))
        if after is not None:
            query = query.where(db.past(Work.updated_at, Work.id, after))
        order = (Unit.sort_key, Work.code, Work.id) if by_code else (Work.updated_at, Work.id)
        rows = session.execute(query.order_by(*order).offset(offset).limit(limit)).all()
        return with_missing(session, [WorkView(*row) for row in rows])


def with_missing(session: Session, found: Sequence[WorkView]) -> list[WorkView]:
    """Works, each with what bars its next stage."""
    missing = readiness.missing_of(session, found)
    return [replace(work, missing=missing.get(work.id, ())) for work in found]


def most_pressing(
    session: Session,
    actor: Actor,
    unit_id: int,
    limit: int,
    *,
    on: date,
    late_only: bool = False,
    programs: Collection[str] = (),
) -> tuple[list[WorkView], int]:
    """(a unit's works, those late on a day first, then those still to be finished; how many works there are): one
    statement. `programs`: of these alone, where there are some."""
    unfinished = Work.stage.in_(UNFINISHED)
    late = sa.and_(unfinished, Work.planned_finish < on)
    query = (
        _works()
        .add_columns(sa.func.count().over())
        .where(in_scope(actor, Work.owner_unit_id), under(unit_id, Work.owner_unit_id))
        .order_by(
            sa.case((late, 0), (unfinished, 1), else_=2),
            Work.planned_finish,
            Unit.sort_key,
            Work.code,
            Work.id,
        )
        .limit(limit)
    )
    if late_only:
        query = query.where(late)
    if programs:
        query = query.where(sa.or_(*(within(code) for code in programs)))
    rows = session.execute(query).all()
    return [WorkView(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


@dataclass(frozen=True, slots=True)
class WorksTotal:
    """Works together, in đồng; `total_investment` of those that have one approved."""

    count: int
    total_investment: int
    contracted: int
    disbursed: int
    allocated: int
    available: int
    advanced: int
    paid: int
    settled: int


def total(actor: Actor, wanted: WorkFilter) -> WorksTotal:
    """All works under a filter together."""
    require(actor, "read")
    with db.transaction() as session:
        rows = _works().where(*conditions(session, actor, wanted)).subquery()
        columns = list(rows.c)[-8:]  # those of WorksTotal, which end the selection
        sums = (sa.cast(sa.func.coalesce(sa.func.sum(c), 0), sa.BigInteger) for c in columns)
        values: list[Any] = list(session.execute(sa.select(sa.func.count(), *sums).select_from(rows)).one())
        return WorksTotal(*values)


def get(actor: Actor, work_id: uuid.UUID) -> WorkView:
    require(actor, "read")
    with db.transaction() as session:
        return one(session, actor, work_id)


def head(actor: Actor, work_id: uuid.UUID) -> WorkView:
    """A work without what it lacks, for pages that show something of it."""
    require(actor, "read")
    with db.transaction() as session:
        return bare(session, actor, work_id)


def one(session: Session, actor: Actor, work_id: uuid.UUID) -> WorkView:
    """A work in the transaction of whoever asks; NotFound out of scope."""
    return with_missing(session, [bare(session, actor, work_id)])[0]


def bare(session: Session, actor: Actor, work_id: uuid.UUID) -> WorkView:
    """`one` without what it lacks: one statement."""
    return beside(session, actor, work_id)[0]


def beside(
    session: Session, actor: Actor, work_id: uuid.UUID, *columns: sa.ColumnElement[Any] | sa.ScalarSelect[Any]
) -> tuple[WorkView, Sequence[Any]]:
    """(a work as `bare` gives it, further columns that are read with it): one statement."""
    query = _works().add_columns(*columns, names_in_charge(actor, "work", Work.id))
    row = session.execute(query.where(Work.id == work_id, in_scope(actor, Work.owner_unit_id))).one_or_none()
    if row is None:
        raise NotFound()
    *values, people = row
    own = len(values) - len(columns)
    return replace(WorkView(*values[:own]), in_charge=people or ""), values[own:]


def gates(actor: Actor, work: WorkView) -> dict[str, tuple[Missing, ...]]:
    """What bars each stage that a work has not entered yet, by stage in their order."""
    require(actor, "read")
    with db.transaction() as session:
        return readiness.whole(session, work)


def hamlets(actor: Actor, work_id: uuid.UUID) -> list[tuple[str, str]]:
    """(code, name) of the hamlets that a work serves."""
    require(actor, "read")
    with db.transaction() as session:
        query = (
            sa.select(Unit.code, Unit.name)
            .join(WorkHamlet, WorkHamlet.unit_id == Unit.id)
            .join(Work, Work.id == WorkHamlet.work_id)
            .where(Work.id == work_id, in_scope(actor, Work.owner_unit_id))
            .order_by(Unit.sort_key)
        )
        return [(code, name) for code, name in session.execute(query)]
