"""Many units by one set of criteria on a day: each commune's states, or counts by the units directly below."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import db
from app.domain.access import Actor, in_scope, require, under
from app.domain.criteria.scorecard import State, day_of, standing_on, unit_of
from app.domain.criteria.sets import set_for
from app.domain.criteria.spells import on_day
from app.domain.criteria.views import COMMUNE, SetView
from app.domain.territory import UnitView
from app.errors import Invalid
from app.i18n import N_
from app.models.criteria import CriterionSpell, Target
from app.models.territory import Unit, UnitScope
from app.text import sort_key

BY_COMMUNE: Final = "commune"
BY_CHILD: Final = "child"
WIDE: Final = frozenset({"nation", "province", "district"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One criterion in a row: how many communes meet it, lost it, have it for a target; of one commune its state."""

    met: int = 0
    lost: int = 0
    targeted: int = 0

    def __add__(self, other: Cell) -> Cell:
        return Cell(self.met + other.met, self.lost + other.lost, self.targeted + other.targeted)

    @property
    def state(self) -> State:
        """Of one commune."""
        if self.met:
            return "met"
        return "lost" if self.lost else "targeted" if self.targeted else "unmet"


NOTHING: Final = Cell()


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A unit: `communes` in it, `full` those that meet every criterion, `cells` by the criterion's number."""

    code: str
    structure: str
    name: str
    communes: int
    full: int
    cells: dict[int, Cell] = field(default_factory=dict)
    illustrative: bool = False

    @property
    def exact_code(self) -> str:
        return f"{self.code}@{self.structure}"

    @property
    def met(self) -> int:
        """Criteria met, all communes together."""
        return sum(cell.met for cell in self.cells.values())

    @property
    def lost(self) -> int:
        return sum(cell.lost for cell in self.cells.values())

    @property
    def targeted(self) -> int:
        return sum(cell.targeted for cell in self.cells.values())

    def cell(self, number: int) -> Cell:
        return self.cells.get(number, NOTHING)


@dataclass(frozen=True, slots=True)
class Matrix:
    """`by` says whose the rows are: each commune's, or those of the units directly below."""

    unit: UnitView
    as_of: date
    found: SetView
    by: str
    rows: list[MatrixRow]

    @property
    def illustrative(self) -> bool:
        return self.found.head.illustrative or any(row.illustrative for row in self.rows)

    @property
    def total(self) -> MatrixRow:
        """All rows together."""
        cells: dict[int, Cell] = {}
        for row in self.rows:
            for number, cell in row.cells.items():
                cells[number] = cells.get(number, NOTHING) + cell
        communes = sum(row.communes for row in self.rows)
        return MatrixRow(
            self.unit.code,
            self.unit.structure,
            self.unit.name,
            communes,
            sum(row.full for row in self.rows),
            cells,
        )


def matrix(
    actor: Actor,
    *,
    unit: str | UnitView | None = None,
    as_of: date | None = None,
    by: str | None = None,
    sort: str = "name",
    set_code: str | None = None,
) -> Matrix | None:
    """The communes of a unit above them (default: the actor's own) on a day (default: today); None without a set.

    `by`: `commune` or `child`; by default whatever is directly below. All communes of the nation in one answer are
    too many: Invalid. `sort`: `name`, `met`, `lost`, `full` or `c6` (criterion 6), with `-` before it falling.
    """
    require(actor, "read")
    day = day_of(as_of)
    with db.snapshot() as session:
        at = unit_of(session, actor, unit, as_of)
        if at.level not in WIDE:
            raise Invalid.field("unit", N_("Bảng nhiều xã là của huyện, tỉnh hoặc cả nước."))
        found = set_for(session, at, day, level=COMMUNE, code=set_code)
        if found is None:
            return None
        return of_unit(session, actor, at, day, found, by=by, sort=sort)


def of_unit(
    session: Session,
    actor: Actor,
    unit: UnitView,
    day: date,
    found: SetView,
    *,
    by: str | None = None,
    sort: str = "name",
) -> Matrix:
    """`matrix` in the transaction of whoever asks: four statements, whatever the number of communes."""
    order = _order(sort, found)
    wanted = by or (BY_COMMUNE if _communes_below(unit) else BY_CHILD)
    if wanted == BY_COMMUNE and unit.level == "nation":
        raise Invalid.field("by", N_("Cả nước có quá nhiều xã: xem theo tỉnh, rồi mở từng tỉnh."))
    places = places_of(actor, unit, wanted)
    totals = _totals(session, places, day, found)
    rows = [
        MatrixRow(
            code, structure, name, communes, totals.full.get(row_id, 0), totals.cells.get(row_id, {}),
            row_id in totals.illustrative,
        )
        for row_id, code, structure, name, communes in session.execute(_rows(places))
    ]  # fmt: skip
    return Matrix(unit, day, found, wanted, order(rows))


def _communes_below(unit: UnitView) -> bool:
    return unit.level == "district" or (unit.level == "province" and unit.structure != "legacy")


def _order(sort: str, found: SetView) -> Callable[[Iterable[MatrixRow]], list[MatrixRow]]:
    """How rows are put in order; equals by name. Invalid for a key that is none."""
    name, falling = sort.removeprefix("-"), sort.startswith("-")
    keys: dict[str, Callable[[MatrixRow], Any]] = {
        "name": lambda row: sort_key(row.name), "met": lambda row: row.met, "lost": lambda row: row.lost,
        "full": lambda row: row.full,
    }  # fmt: skip
    for criterion in found.criteria:
        keys[f"c{criterion.number}"] = _by_cell(criterion.number)
    if name not in keys:
        raise Invalid.field("sort", N_("Không sắp xếp được theo {key}."), key=sort)
    return lambda rows: sorted(
        sorted(rows, key=lambda row: sort_key(row.name)), key=keys[name], reverse=falling
    )


def _by_cell(number: int) -> Callable[[MatrixRow], tuple[int, int]]:
    return lambda row: (row.cell(number).met, -row.cell(number).lost)


Query = sa.Select[*tuple[Any, ...]]


def places_of(actor: Actor, unit: UnitView, by: str) -> sa.CTE:
    """The communes (`unit_id`) of a unit's own structure, as far as the actor may see them, each with the unit of its row
    (`row_id`): itself, or the one directly below under which it counts. Found once a statement, not for every spell.
    """
    commune, scope, row = aliased(Unit), aliased(UnitScope), aliased(Unit)
    return (
        sa.select(commune.id.label("unit_id"), row.id.label("row_id"))
        .join(scope, scope.unit_id == commune.id)
        .join(row, row.id == scope.ancestor_id)
        .where(
            commune.level == "commune", commune.structure == unit.structure, under(unit.id, commune.id),
            in_scope(actor, commune.id), row.id == commune.id if by == BY_COMMUNE else row.parent_id == unit.id,
        )
        .cte("places")
        .prefix_with("MATERIALIZED")
    )  # fmt: skip


def _rows(places: sa.CTE) -> Query:
    """Every unit that has a row: its id and names, its communes."""
    return (
        sa.select(Unit.id, Unit.code, Unit.structure, Unit.name, sa.func.count())
        .join(places, places.c.row_id == Unit.id)
        .group_by(Unit.id, Unit.code, Unit.structure, Unit.name)
    )


@dataclass(frozen=True, slots=True)
class _Totals:
    """By the id of a row's unit: communes that meet everything, the cells by number, what is invented."""

    full: dict[int, int] = field(default_factory=dict)
    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    illustrative: set[int] = field(default_factory=set)


def _totals(session: Session, places: sa.CTE, day: date, found: SetView) -> _Totals:
    numbers = {criterion.id: criterion.number for criterion in found.criteria}
    holds = sa.and_(CriterionSpell.criterion_id.in_(list(numbers)), on_day(day))
    result = _Totals()
    for row_id, criterion_id, met, lost, illustrative in session.execute(_spells(places, holds)):
        result.cells.setdefault(row_id, {})[numbers[criterion_id]] = Cell(met, lost)
        if illustrative:
            result.illustrative.add(row_id)
    for row_id, criterion_id, count in session.execute(_aims(places, day, list(numbers))):
        cells, number = result.cells.setdefault(row_id, {}), numbers[criterion_id]
        cells[number] = cells.get(number, NOTHING) + Cell(targeted=count)
    for row_id, count in session.execute(_full(places, holds, len(numbers))):
        result.full[row_id] = count
    return result


def _spells(places: sa.CTE, holds: sa.ColumnElement[bool]) -> Query:
    """By row and criterion, how many communes meet it, have lost it, and of how many that is invented."""
    flags = (CriterionSpell.met, CriterionSpell.lost, CriterionSpell.illustrative)
    sums = (sa.func.sum(sa.case((flag, 1), else_=0)) for flag in flags)
    return (
        sa.select(places.c.row_id, CriterionSpell.criterion_id, *sums)
        .join(CriterionSpell, CriterionSpell.unit_id == places.c.unit_id)
        .where(holds, sa.or_(CriterionSpell.met, CriterionSpell.lost))
        .group_by(places.c.row_id, CriterionSpell.criterion_id)
    )


def _full(places: sa.CTE, holds: sa.ColumnElement[bool], criteria: int) -> Query:
    """By row, how many communes meet every criterion."""
    whole = (
        sa.select(places.c.row_id)
        .join(CriterionSpell, CriterionSpell.unit_id == places.c.unit_id)
        .where(holds, CriterionSpell.met)
        .group_by(places.c.row_id, places.c.unit_id)
        .having(sa.func.count() == criteria)
        .subquery()
    )
    return sa.select(whole.c.row_id, sa.func.count()).group_by(whole.c.row_id)


def _aims(places: sa.CTE, day: date, criteria: list[int]) -> Query:
    """By row and criterion, how many communes have it for a target and neither meet it nor have lost it."""
    standing = (
        sa.select(CriterionSpell.unit_id)
        .where(
            CriterionSpell.unit_id == Target.unit_id, CriterionSpell.criterion_id == Target.criterion_id,
            on_day(day), sa.or_(CriterionSpell.met, CriterionSpell.lost),
        )
        .correlate(Target)
    )  # fmt: skip
    return (
        sa.select(places.c.row_id, Target.criterion_id, sa.func.count(Target.unit_id.distinct()))
        .join(Target, Target.unit_id == places.c.unit_id)
        .where(Target.criterion_id.in_(criteria), standing_on(day), ~standing.exists())
        .group_by(places.c.row_id, Target.criterion_id)
    )
