"""One unit's year on one page: its money by program, source, kind and unit below, month by month, and its works."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain import directives, inspections, meetings, obstacles, territory
from app.domain.access import Actor, require
from app.domain.criteria.brief import Brief, BriefCounts, brief
from app.domain.directives import DirectivesTotal
from app.domain.ledger import figures
from app.domain.ledger.deadlines import usual_last_days
from app.domain.ledger.figures import ChildRow, Row
from app.domain.ledger.lines import years_under
from app.domain.ledger.monthly import monthly
from app.domain.ledger.pockets import EMPTY, FIELDS, Pockets, total
from app.domain.meetings import Without, months_without
from app.domain.programs import Names, names
from app.domain.territory import UnitView
from app.domain.works import WorkView, most_pressing, questions
from app.domain.works.questions import Answer
from app.errors import Invalid
from app.i18n import N_

WORKS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Sum:
    """Money together, with what is at risk of it."""

    pockets: Pockets = EMPTY
    at_risk: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.pockets + other.pockets, self.at_risk + other.at_risk)


@dataclass(frozen=True, slots=True)
class YearOf:
    """The money of a unit and a budget year as of a day; `is_now` when that day is today."""

    unit: UnitView
    path: list[UnitView]
    years: list[int]
    year: int
    as_of: date
    is_now: bool
    rows: list[Row]
    last_days: dict[str, date]
    names: Names

    @property
    def whole(self) -> Sum:
        return add_up(self.rows)

    @property
    def illustrative(self) -> bool:
        return any(row.illustrative for row in self.rows)

    def by(self, key: str) -> dict[str, Sum]:
        """Sums by a field of the rows, in their order."""
        sums: dict[str, Sum] = {}
        for row in self.rows:
            code = getattr(row, key)
            sums[code] = sums.get(code, Sum()) + Sum(row.pockets, row.at_risk)
        return sums


@dataclass(frozen=True, slots=True)
class Standing:
    """Obstacles not resolved, of them waiting for a unit above, and the đồng that they hold back."""

    number: int
    waiting: int
    money_held: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    money: YearOf
    months: list[tuple[date, Pockets]]
    children: list[ChildRow]
    works: list[WorkView]
    works_number: int
    answers: list[Answer]
    obstacles: Standing
    directives: DirectivesTotal
    inspections: inspections.Counts  # of the year
    without_rule: int  # steering committees that have no monthly day
    criteria: Brief | BriefCounts | None
    without_meeting: list[Without]  # boards with the months in which they did not meet

    @property
    def own(self) -> Sum:
        """What stands on the unit's own lines, where units below it have some too."""
        whole = self.money.whole
        below = total(child.pockets for child in self.children)
        rest = Pockets(*(getattr(whole.pockets, f) - getattr(below, f) for f in FIELDS))
        return Sum(rest, whole.at_risk - sum(child.at_risk for child in self.children))


def add_up(rows: Iterable[Row]) -> Sum:
    result = Sum()
    for row in rows:
        result = result + Sum(row.pockets, row.at_risk)
    return result


def dashboard(
    actor: Actor, *, unit: str | None = None, year: int | None = None, as_of: date | None = None
) -> Dashboard:
    """A unit's year (default: the actor's own unit, its latest year with lines) as of a day.

    Without `as_of`: today, as in the report of the interface. A day ahead is Invalid.
    """
    require(actor, "read")
    with db.snapshot() as session:
        money = _year_of(session, actor, unit, year, as_of)
        day = None if money.is_now else money.as_of
        found, number = most_pressing(session, actor, money.unit.id, WORKS_SHOWN, on=money.as_of)
        answers, standing, demanded, inspected, without_rule = _counts(session, actor, money)
        return Dashboard(
            money,
            monthly(session, actor, money.unit, money.year, days_to(money.year, money.as_of)),
            figures.by_child(session, actor, money.unit, money.year, day, money.last_days),
            found,
            number,
            answers,
            standing,
            demanded,
            inspected,
            without_rule,
            brief(session, actor, money.unit, money.as_of),
            _without_meeting(session, actor, money),
        )


def _counts(
    session: Session, actor: Actor, money: YearOf
) -> tuple[list[Answer], Standing, DirectivesTotal, inspections.Counts, int]:
    """What is asked of works, the obstacles, the directives, the inspections, the boards without a monthly day: one
    statement."""
    unit_id = money.unit.id
    answers, (_, *stuck), demanded, inspected, (without_rule,) = db.one_row_each(
        session,
        questions.counting(actor, unit_id, money.as_of),
        obstacles.counting(actor, unit_id),
        directives.counting(actor, unit_id, None if money.is_now else money.as_of),
        inspections.counting(actor, unit_id, money.year),
        meetings.without_rule(actor, unit_id, _last(money)),
    )
    return (
        questions.counted(answers), Standing(*stuck), DirectivesTotal(*demanded),
        inspections.Counts(*inspected), without_rule,
    )  # fmt: skip


def _last(money: YearOf) -> date:
    """The day, or the last one of a year that was over by then."""
    return min(money.as_of, date(money.year, 12, 31))


def _without_meeting(session: Session, actor: Actor, money: YearOf) -> list[Without]:
    """Boards that missed their monthly meeting; of the whole nation there are too many to be named."""
    if money.unit.level == "nation":
        return []
    return months_without(session, actor, money.unit.id, _last(money))


def year_of(
    actor: Actor, *, unit: str | None = None, year: int | None = None, as_of: date | None = None
) -> YearOf:
    """The money alone, for pages that show nothing else."""
    require(actor, "read")
    with db.snapshot() as session:
        return _year_of(session, actor, unit, year, as_of)


def _year_of(
    session: Session, actor: Actor, code: str | None, year: int | None, as_of: date | None
) -> YearOf:
    if as_of is not None and as_of > today():
        raise Invalid.field("as_of", N_("Ngày tính đến không được sau hôm nay."))
    unit_id = territory.resolve(session, actor, code, as_of=as_of, year=year).id if code else actor.unit_id
    path = territory.path_of(session, unit_id)
    unit = path[-1]
    years = years_under(session, actor, unit.id)
    shown = year or next(iter(years), today().year)
    day = as_of or today()
    is_now = day == today()
    last_days = {kind: last for (kind, _), last in usual_last_days(session, {shown}).items()}
    rows = figures.overview(session, actor, unit, shown, None if is_now else day, last_days)
    every = sorted({*years, shown}, reverse=True)
    return YearOf(unit, path, every, shown, day, is_now, rows, last_days, names(session))


def days_to(year: int, as_of: date) -> list[date]:
    """The ends of a year's months up to a day, and that day itself."""
    last = min(as_of, date(year, 12, 31))
    ends = (date(year, month, calendar.monthrange(year, month)[1]) for month in range(1, 13))
    days = [end for end in ends if end < last]
    return [*days, last] if last.year == year else days
