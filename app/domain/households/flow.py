"""How households moved between statuses from one year to the next, by hamlet (by commune for units above one).

Of every place: those of last year = those of this year + left + not reviewed yet - joined. Households that were
merged into others count nowhere: what they were lives on in those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app import db
from app.domain.access import Actor, in_scope, require, under
from app.domain.households.views import ESCAPED, NEAR_POOR, OTHER, POOR
from app.domain.territory import UnitView, resolve
from app.models.households import STATUSES, Household, HouseholdStatus
from app.models.territory import Unit

JOINED: Final = "joined"
"""Where households come from that had no status last year."""
LEFT: Final = "left"
"""Where households go that left by the end of this year and have no status in it."""
WAITING: Final = "waiting"
"""Where households stand that have not left and have no status this year: not reviewed yet."""
FROM: Final = (*STATUSES, JOINED)
TO: Final = (*STATUSES, LEFT, WAITING)


@dataclass(frozen=True, slots=True)
class Moves:
    """How many households went from what to what: a matrix by (one of FROM, one of TO) without its zeros."""

    cells: Mapping[tuple[str, str], int]

    def between(self, before: str | None = None, after: str | None = None) -> int:
        """The sum over a row, a column, or a cell."""
        return sum(n for (a, b), n in self.cells.items() if before in (None, a) and after in (None, b))

    @property
    def last(self) -> int:
        """Households with a status last year."""
        return sum(self.between(status) for status in STATUSES)

    @property
    def this(self) -> int:
        """Households with a status this year."""
        return sum(self.between(None, status) for status in STATUSES)

    @property
    def joined(self) -> int:
        return self.between(JOINED)

    @property
    def left(self) -> int:
        return self.between(None, LEFT)

    @property
    def waiting(self) -> int:
        return self.between(None, WAITING)

    @property
    def rose(self) -> int:
        """Households that were poor or near-poor and are no more."""
        return sum(self.between(a, b) for a in (POOR, NEAR_POOR) for b in (ESCAPED, OTHER))

    @property
    def fell(self) -> int:
        """Households that had come out of poverty, or never were in it, and are poor or near-poor now."""
        return sum(self.between(a, b) for a in (ESCAPED, OTHER) for b in (POOR, NEAR_POOR))

    @property
    def any(self) -> bool:
        return bool(self.cells)


@dataclass(frozen=True, slots=True)
class Place:
    """The moves of a hamlet or a commune; households of no hamlet have neither code nor name."""

    code: str | None
    structure: str | None
    name: str | None
    moves: Moves


@dataclass(frozen=True, slots=True)
class Flow:
    """The moves from `year - 1` to `year`: of each place in the dictionary's order, and of all together."""

    unit: UnitView
    year: int
    places: tuple[Place, ...]
    total: Moves
    illustrative: bool  # an invented household is among them


def flow(actor: Actor, unit: str, year: int) -> Flow:
    """The moves under a unit; a bare code is read at the end of the year. Names of persons are not among them."""
    require(actor, "read")
    found: dict[int | None, tuple[str | None, str | None, str | None, dict[tuple[str, str], int]]] = {}
    together: dict[tuple[str, str], int] = {}
    illustrative = False
    with db.transaction() as session:
        at = resolve(session, actor, unit, year=year)
        for id_, code, structure, name, a, b, n, invented in session.execute(_moves(actor, at, year)):
            found.setdefault(id_, (code, structure, name, {}))[3][a, b] = n
            together[a, b] = together.get((a, b), 0) + n
            illustrative = illustrative or bool(invented)
    places = tuple(
        Place(code, structure, name, Moves(cells)) for code, structure, name, cells in found.values()
    )
    return Flow(at, year, places, Moves(together), illustrative)


def _moves(actor: Actor, at: UnitView, year: int) -> sa.Select[*tuple[Any, ...]]:
    """(place, from what, to what, how many households, whether one is invented) under a unit."""
    H, before, after = Household, aliased(HouseholdStatus), aliased(HouseholdStatus)
    place = H.hamlet_id if at.level in ("commune", "hamlet") else H.unit_id
    mine = H.hamlet_id == at.id if at.level == "hamlet" else under(at.id, H.unit_id)
    gone = sa.and_(H.left_on.is_not(None), sa.extract("year", H.left_on) <= year)
    came_from = sa.func.coalesce(before.status, JOINED).label("came_from")
    went_to = sa.func.coalesce(after.status, sa.case((gone, LEFT), else_=WAITING)).label("went_to")
    invented = sa.func.max(sa.case((H.illustrative, 1), else_=0))
    return (
        sa.select(
            Unit.id, Unit.code, Unit.structure, Unit.name, came_from, went_to, sa.func.count(), invented
        )
        .select_from(H)
        .outerjoin(before, sa.and_(before.household_id == H.id, before.year == year - 1))
        .outerjoin(after, sa.and_(after.household_id == H.id, after.year == year))
        .outerjoin(Unit, Unit.id == place)
        .where(
            in_scope(actor, H.unit_id),
            mine,
            H.merged_into_id.is_(None),
            sa.or_(before.status.is_not(None), after.status.is_not(None)),
        )
        .group_by(Unit.id, Unit.code, Unit.structure, Unit.name, Unit.sort_key, "came_from", "went_to")
        .order_by(Unit.id.is_(None), Unit.sort_key, Unit.id)
    )
