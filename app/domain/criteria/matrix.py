"""Many units by one set of criteria on a day: each commune's states, or counts by the units directly below."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
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
from app.models.criteria import Criterion, CriterionSpell, Target
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
    totals = _totals(session, actor, unit, day, found, wanted)
    rows = [
        replace(
            row, full=totals.full.get(row.exact_code, 0), cells=totals.cells.get(row.exact_code, {}),
            illustrative=row.exact_code in totals.illustrative,
        )
        for row in _rows(session, actor, unit, wanted)
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
_row = aliased(Unit)  # the unit of a row: a commune, or the one directly below under which it counts
_scope = aliased(UnitScope)


def _within(query: Query, actor: Actor, unit: UnitView, by: str, unit_id: Any) -> Query:
    """Narrows a query on communes (`unit_id`) to those of a unit's own structure, each beside the unit of its row."""
    commune = aliased(Unit)
    query = (
        query.join(commune, commune.id == unit_id)
        .join(_scope, _scope.unit_id == unit_id)
        .join(_row, _row.id == _scope.ancestor_id)
        .where(
            commune.level == "commune", commune.structure == unit.structure, under(unit.id, unit_id),
            in_scope(actor, unit_id),
        )
    )  # fmt: skip
    return query.where(_row.id == unit_id if by == BY_COMMUNE else _row.parent_id == unit.id)


def _rows(session: Session, actor: Actor, unit: UnitView, by: str) -> list[MatrixRow]:
    """Every unit that has a row, with its communes."""
    counted = aliased(Unit)
    query: Query = sa.select(_row.code, _row.structure, _row.name, sa.func.count()).select_from(counted)
    query = _within(query, actor, unit, by, counted.id).group_by(
        _row.id, _row.code, _row.structure, _row.name
    )
    return [MatrixRow(*[*row, 0]) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class _Totals:
    """By the exact code of a row's unit: communes that meet everything, and the cells by number."""

    full: dict[str, int] = field(default_factory=dict)
    cells: dict[str, dict[int, Cell]] = field(default_factory=dict)
    illustrative: set[str] = field(default_factory=set)


def _totals(session: Session, actor: Actor, unit: UnitView, day: date, found: SetView, by: str) -> _Totals:
    flags = (CriterionSpell.met, CriterionSpell.lost, CriterionSpell.illustrative)
    sums = (sa.func.sum(sa.case((flag, 1), else_=0)) for flag in flags)
    code = _row.code + sa.literal_column("'@'") + _row.structure
    of_set = sa.and_(Criterion.id == CriterionSpell.criterion_id, Criterion.set_id == found.head.id)
    spells: Query = (
        sa.select(code, Criterion.number, *sums)
        .select_from(CriterionSpell)
        .join(Criterion, of_set)
        .where(on_day(day), sa.or_(CriterionSpell.met, CriterionSpell.lost))
    )
    spells = _within(spells, actor, unit, by, CriterionSpell.unit_id).group_by(code, Criterion.number)
    result = _Totals()
    for key, number, met, lost, illustrative in session.execute(spells):
        result.cells.setdefault(key, {})[number] = Cell(met, lost)
        if illustrative:
            result.illustrative.add(key)
    for key, number, count in session.execute(_aims(actor, unit, day, found, by, code)):
        cells = result.cells.setdefault(key, {})
        cells[number] = cells.get(number, NOTHING) + Cell(targeted=count)
    each: Query = (
        sa.select(CriterionSpell.unit_id, code.label("code"))
        .join(Criterion, of_set)
        .where(on_day(day), CriterionSpell.met)
    )
    each = _within(each, actor, unit, by, CriterionSpell.unit_id).group_by(CriterionSpell.unit_id, code)
    whole = each.having(sa.func.count() == len(found.criteria)).subquery()
    full = sa.select(whole.c.code, sa.func.count()).group_by(whole.c.code)
    for key, count in session.execute(full):
        result.full[key] = count
    return result


def _aims(
    actor: Actor, unit: UnitView, day: date, found: SetView, by: str, code: sa.ColumnElement[str]
) -> Query:
    """By row and criterion, how many communes have it for a target and neither meet it nor have lost it."""
    standing = (
        sa.select(CriterionSpell.unit_id)
        .where(
            CriterionSpell.unit_id == Target.unit_id, CriterionSpell.criterion_id == Target.criterion_id,
            on_day(day), sa.or_(CriterionSpell.met, CriterionSpell.lost),
        )
        .correlate(Target)
    )  # fmt: skip
    query: Query = (
        sa.select(code, Criterion.number, sa.func.count(Target.unit_id.distinct()))
        .select_from(Target)
        .join(Criterion, Criterion.id == Target.criterion_id)
        .where(Criterion.set_id == found.head.id, standing_on(day), ~standing.exists())
    )
    return _within(query, actor, unit, by, Target.unit_id).group_by(code, Criterion.number)
