"""Figures of many lines together: by project, source and capital kind, as of a day, as known at a moment."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import db
from app.clock import today
from app.db import big_sum
from app.domain.access import Actor, in_scope, require, under
from app.domain.ledger.deadlines import usual_last_days
from app.domain.ledger.pockets import FIELDS, Pockets, carried_effect, effect, total
from app.domain.territory import UnitView, resolve
from app.errors import Invalid
from app.i18n import N_
from app.models.ledger import Balance, BudgetLine, DailyBalance, LedgerEntry
from app.models.programs import Program, Project
from app.models.territory import Unit, UnitScope

LastDays = dict[tuple[str, int], date]
"""What `usual_last_days` gives: by (capital kind, budget year)."""
PACE_DAYS: Final = 90  # money at risk goes by the pace of this many days


@dataclass(frozen=True, slots=True)
class Row:
    """The money of one project from one source and of one capital kind; `at_risk` in đồng."""

    program_code: str
    project_code: str
    source: str
    capital_kind: str
    pockets: Pockets
    at_risk: int = 0
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """The rows of a unit and a budget year, as of a day, and as known at a moment."""

    unit: UnitView
    year: int
    as_of: date
    known_at: datetime | None
    rows: list[Row]

    @property
    def total(self) -> Pockets:
        return total(row.pockets for row in self.rows)

    @property
    def at_risk(self) -> int:
        return sum(row.at_risk for row in self.rows)


def rate(disbursed: int, plan: int) -> float | None:
    """Disbursed over plan with four places, rounded half up; null where nothing is planned."""
    if plan == 0:
        return None
    return ((disbursed * 20_000 + plan) // (2 * plan)) / 10_000


def disbursement(
    actor: Actor,
    unit_code: str,
    year: int,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Figures:
    """The disbursement report: the same question, with its `known_at`, gives the same figures for ever.

    `as_of` (default: today) bounds vouchers' dates, `known_at` (default: now) when they were recorded; a later
    one is Invalid.
    """
    require(actor, "read")
    with db.settled_snapshot() as (session, now):
        unit = resolve(session, actor, unit_code, as_of=as_of, year=year)
        day = as_of or today()
        if known_at is None:
            rows = _by_key(session, actor, unit, year, _states_on(day))
            return Figures(unit, year, day, now, rows)
        if known_at > now:
            raise Invalid.field("known_at", N_("Thời điểm biết không được ở tương lai."))
        return Figures(unit, year, day, known_at, _from_entries(session, actor, unit, year, day, known_at))


def overview(
    session: Session,
    actor: Actor,
    unit: UnitView,
    year: int,
    day: date | None,
    last_days: dict[str, date] | None = None,
) -> list[Row]:
    """The same rows for pages, with money at risk; `day` None is now, from the balances themselves.

    `last_days` by capital kind spares asking for the parameters again.
    """
    states = _states_now() if day is None else _states_on(day)
    return _by_key(session, actor, unit, year, states, day or today(), last_days)


def by_project(
    session: Session,
    actor: Actor,
    unit_id: int,
    years: Collection[int],
    day: date,
    usual: LastDays,
    *,
    but: Collection[uuid.UUID] = (),
) -> list[Row]:
    """The rows of several budget years together at the end of a day, money at risk with them; without the lines `but`.

    `usual`: the usual last days of these years.
    """
    states = _states_on(day)
    risk = big_sum(at_risk_of_years(states.c, usual, day))
    return _rows(session, states, risk, actor, unit_id, years, but)


@dataclass(frozen=True, slots=True)
class ChildRow:
    """The money of a year that counts under one unit directly below another."""

    code: str
    structure: str
    name: str
    pockets: Pockets
    at_risk: int

    @property
    def exact_code(self) -> str:
        return f"{self.code}@{self.structure}"


def by_child(
    session: Session, actor: Actor, unit: UnitView, year: int, day: date | None, last_days: dict[str, date]
) -> list[ChildRow]:
    """A unit's figures by the units directly below it; what stands on its own lines is in none of them."""
    states = _states_now() if day is None else _states_on(day)
    scope = aliased(UnitScope)
    query = (
        sa.select(
            Unit.code, Unit.structure, Unit.name, *(big_sum(states.c[f]) for f in FIELDS),
            big_sum(at_risk(states.c, day or today(), last_days)),
        )
        .select_from(BudgetLine)
        .join(states, states.c.budget_line_id == BudgetLine.id)
        .join(scope, scope.unit_id == BudgetLine.unit_id)
        .join(Unit, Unit.id == scope.ancestor_id)
        .where(BudgetLine.year == year, Unit.parent_id == unit.id, in_scope(actor, BudgetLine.unit_id))
        .group_by(Unit.id, Unit.code, Unit.structure, Unit.name, Unit.sort_key)
        .order_by(Unit.sort_key)
    )  # fmt: skip
    rows = []
    for values in session.execute(query):
        found: list[Any] = list(values)
        rows.append(ChildRow(found[0], found[1], found[2], Pockets(*found[3:11]), found[11]))
    return rows


def _states_now() -> sa.Subquery:
    return sa.select(Balance.budget_line_id, *(getattr(Balance, f) for f in FIELDS)).subquery("state")


def _states_on(day: date) -> sa.Subquery:
    """Each line's pockets at the end of a day: its latest daily balance up to then."""
    latest = aliased(DailyBalance)
    last = (
        sa.select(sa.func.max(latest.day))
        .where(latest.budget_line_id == BudgetLine.id, latest.day <= day)
        .correlate(BudgetLine)
        .scalar_subquery()
    )
    return (
        sa.select(BudgetLine.id.label("budget_line_id"), *(getattr(DailyBalance, f) for f in FIELDS))
        .join(DailyBalance, sa.and_(DailyBalance.budget_line_id == BudgetLine.id, DailyBalance.day == last))
        .subquery("state")
    )


def disbursed_on(line_id: Any, day: date) -> sa.ScalarSelect[int]:
    """What a line had disbursed at the end of a day, as a scalar of a query on lines."""
    return (
        sa.select(DailyBalance.advanced + DailyBalance.paid + DailyBalance.settled)
        .where(DailyBalance.budget_line_id == line_id, DailyBalance.day <= day)
        .order_by(DailyBalance.day.desc())
        .limit(1)
        .correlate_except(DailyBalance)
        .scalar_subquery()
    )


def at_risk(
    state: Any, day: date, last_days: dict[str, date], line: Any = BudgetLine
) -> sa.ColumnElement[int]:
    """What will still be available on the budget year's usual last day, at the pace of the last 90 days.

    available - (mean daily net disbursement of 90 days) * (days left), never below zero; in whole đồng.
    """
    left = sa.literal(0) + sum(
        sa.case((line.capital_kind == kind, max(0, (last - day).days)), else_=0)
        for kind, last in last_days.items()
    )
    return _at_pace(state, day, left, line)


def at_risk_of_years(state: Any, usual: LastDays, day: date) -> sa.ColumnElement[int]:
    """`at_risk` of lines of several years, each by its own last day; 0 of those of other years."""
    left = sa.literal(0) + sum(
        sa.case(
            (
                sa.and_(BudgetLine.capital_kind == kind, BudgetLine.year == year),
                max(0, (last - day).days),
            ),
            else_=0,
        )
        for (kind, year), last in usual.items()
    )
    known = BudgetLine.year.in_({year for _, year in usual})
    return sa.case((known, _at_pace(state, day, left, BudgetLine)), else_=0)


def _at_pace(state: Any, day: date, left: Any, line: Any) -> sa.ColumnElement[int]:
    """What will still be available so many days later, where it goes on as in the last 90."""
    before = sa.func.coalesce(disbursed_on(line.id, day - timedelta(days=PACE_DAYS)), 0)
    net = state.advanced + state.paid + state.settled - before
    # Integer division cuts towards zero on both engines; the part cut off is below one đồng.
    rest = state.available - sa.cast(net * left, sa.BigInteger).op("/")(PACE_DAYS)
    return sa.case((rest > 0, rest), else_=0)


@dataclass(frozen=True, slots=True)
class LineMoney:
    """The money of one line at the end of a day; `at_risk` in đồng."""

    pockets: Pockets
    at_risk: int


def lines_on(
    session: Session,
    line_ids: Collection[uuid.UUID],
    years: Collection[int],
    day: date,
    usual: LastDays | None = None,
) -> dict[uuid.UUID, LineMoney]:
    """The money of single lines of these years at the end of a day: two statements, none of no line. `usual`, the usual
    last days of the years, spares one of them.

    The lines' scope was looked at by the caller; a line that had nothing by then is left out.
    """
    if not line_ids:
        return {}
    states = _states_on(day)
    known = usual_last_days(session, set(years)) if usual is None else usual
    risk = at_risk_of_years(states.c, known, day)
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(BudgetLine.id, *(states.c[f] for f in FIELDS), risk)
        .join(states, states.c.budget_line_id == BudgetLine.id)
        .where(BudgetLine.id.in_(line_ids))
    )
    return {id_: LineMoney(Pockets(*money), risk) for id_, *money, risk in session.execute(query)}


def _of_year(usual: LastDays, year: int) -> dict[str, date]:
    return {kind: last for (kind, of), last in usual.items() if of == year}


def _by_key(
    session: Session,
    actor: Actor,
    unit: UnitView,
    year: int,
    states: sa.Subquery,
    risk_on: date | None = None,
    last_days: dict[str, date] | None = None,
) -> list[Row]:
    risk: Any = sa.literal(0)
    if risk_on is not None:
        if last_days is None:
            last_days = _of_year(usual_last_days(session, {year}), year)
        risk = big_sum(at_risk(states.c, risk_on, last_days))
    return _rows(session, states, risk, actor, unit.id, (year,))


def _rows(
    session: Session,
    states: sa.Subquery,
    risk: Any,
    actor: Actor,
    unit_id: int,
    years: Collection[int],
    but: Collection[uuid.UUID] = (),
) -> list[Row]:
    query = _grouped(
        sa.select(
            Program.code, Project.code, BudgetLine.source, BudgetLine.capital_kind,
            *(big_sum(_of_period(states, f, years)).label(f) for f in FIELDS), risk, _any_illustrative(),
        ).join(states, states.c.budget_line_id == BudgetLine.id),
        actor, unit_id, years,
    )  # fmt: skip
    if but:
        query = query.where(BudgetLine.id.not_in(but))
    rows = []
    for values in session.execute(query):
        found: list[Any] = list(values)
        rows.append(Row(*[*found[:4], Pockets(*found[4:12]), found[12], bool(found[13])]))
    return rows


def _of_period(states: sa.Subquery, pocket: str, years: Collection[int]) -> Any:
    """A pocket of a line among those of several years: what was carried between two of them is no new money, and has
    not gone."""
    if len(years) == 1 or pocket not in ("carried_in", "carried_out"):
        return states.c[pocket]
    carried = sa.case((BudgetLine.year > min(years), states.c.carried_in), else_=0)
    return states.c[pocket] - carried


def _any_illustrative() -> sa.ColumnElement[int]:
    return sa.func.max(sa.case((BudgetLine.illustrative, 1), else_=0))


def _grouped(query: Any, actor: Actor, unit_id: int, years: Collection[int]) -> Any:
    """Lines of these years under a unit, grouped by project, source and capital kind, in the catalogue's order."""
    conditions = [BudgetLine.year.in_(years), under(unit_id, BudgetLine.unit_id)]
    if unit_id != actor.unit_id:
        conditions.append(in_scope(actor, BudgetLine.unit_id))
    keys = (
        Program.position,
        Project.position,
        Program.code,
        Project.code,
        BudgetLine.source,
        BudgetLine.capital_kind,
    )
    return (
        query.join(Project, Project.id == BudgetLine.project_id)
        .join(Program, Program.id == Project.program_id)
        .where(*conditions)
        .group_by(*keys)
        .order_by(*keys)
    )


def _from_entries(
    session: Session, actor: Actor, unit: UnitView, year: int, day: date, known_at: datetime
) -> list[Row]:
    """The figures as they were known at a moment, from the entries that were recorded by then."""
    sums: dict[tuple[Any, ...], list[Pockets]] = {}
    illustrative: set[tuple[Any, ...]] = set()
    for side in (LedgerEntry.budget_line_id, LedgerEntry.to_budget_line_id):
        query = (
            _grouped(
                sa.select(
                    Program.code, Project.code, BudgetLine.source, BudgetLine.capital_kind,
                    LedgerEntry.base_kind, LedgerEntry.from_pocket, big_sum(LedgerEntry.sign * LedgerEntry.amount),
                    _any_illustrative(),
                )
                .select_from(LedgerEntry)
                .join(BudgetLine, side == BudgetLine.id),
                actor, unit.id, (year,),
            )
            .where(LedgerEntry.effective_date <= day, LedgerEntry.recorded_at <= known_at)
            .group_by(LedgerEntry.base_kind, LedgerEntry.from_pocket)
        )  # fmt: skip
        for *key, kind, pocket, amount, invented in session.execute(query):
            carried_in = side is LedgerEntry.to_budget_line_id
            change = carried_effect(pocket, amount) if carried_in else effect(kind, pocket, amount)
            sums.setdefault(tuple(key), []).append(change)
            if invented:
                illustrative.add(tuple(key))
    order = _catalogue_order(session)
    return [
        Row(*[*key, total(parts), 0, key in illustrative])
        for key, parts in sorted(sums.items(), key=lambda item: (order[item[0][1]], item[0]))
    ]


def _catalogue_order(session: Session) -> dict[str, tuple[int, int]]:
    rows = session.execute(
        sa.select(Project.code, Program.position, Project.position).join(
            Program, Program.id == Project.program_id
        )
    )
    return {code: (program, project) for code, program, project in rows}
