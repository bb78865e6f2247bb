"""Works and hamlets as a map shows them: where they stand and how far they are, without their money."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain.access import Actor, in_scope, require, under
from app.domain.territory import UnitView, resolve
from app.domain.works.register import WorkFilter, conditions, days_late
from app.models.programs import Project
from app.models.territory import Unit
from app.models.works import Work, WorkHamlet

NAMED: Final = 12
"""How many works without a place are named; the others are counted."""
MOST: Final = 5000
"""Works, and hamlets, in one answer to a system."""


@dataclass(frozen=True, slots=True)
class MapWork:
    """A work and where it stands: a point, the corners of a line ([lon, lat]), or neither."""

    id: uuid.UUID
    code: str
    name: str
    project_code: str
    owner_unit_id: int
    owner_unit_code: str
    owner_unit_name: str
    owner_structure: str
    stage: str
    planned_finish: date | None
    location: str
    lat: float | None
    lon: float | None
    path: Sequence[Sequence[float]] | None
    illustrative: bool

    @property
    def late(self) -> bool:
        """Past its planned finish and not completed."""
        return days_late(self.stage, self.planned_finish, today()) > 0


@dataclass(frozen=True, slots=True)
class MapUnit:
    """A hamlet or a commune and its middle."""

    code: str
    structure: str
    name: str
    level: str
    lat: float
    lon: float
    illustrative: bool

    @property
    def exact_code(self) -> str:
        return f"{self.code}@{self.structure}"


@dataclass(frozen=True, slots=True)
class WorksMap:
    """A page of the works that have a place (`count` of them in all), the first of those without one, and the units
    to tell where one is: the hamlets of a commune, else the communes that own works of the page.
    """

    placed: list[MapWork]
    count: int
    unplaced: list[MapWork]
    unplaced_count: int
    units: list[MapUnit]


# As the map takes it: a line needs no point beside it, a point needs both its degrees.
_PLACED: Final = sa.or_(Work.path.is_not(sa.null()), sa.and_(Work.lat.is_not(None), Work.lon.is_not(None)))


def _works() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Work.id, Work.code, Work.name, Project.code, Unit.id, Unit.code, Unit.name, Unit.structure,
            Work.stage, Work.planned_finish, Work.location, Work.lat, Work.lon, Work.path, Work.illustrative,
        )
        .select_from(Work)
        .join(Project, Project.id == Work.project_id)
        .join(Unit, Unit.id == Work.owner_unit_id)
        .order_by(Unit.sort_key, Work.code, Work.id)
    )  # fmt: skip


def _count(session: Session, narrowed: Sequence[sa.ColumnElement[bool]]) -> tuple[int, int]:
    """(works that have a place, works that have none)."""
    query = sa.select(sa.func.count(sa.case((_PLACED, 1))), sa.func.count()).select_from(Work).join(Project)
    placed, together = session.execute(query.where(*narrowed)).one()
    return placed, together - placed


def _read(session: Session, query: sa.Select[*tuple[Any, ...]]) -> list[MapWork]:
    return [MapWork(*row) for row in session.execute(query)]


def _units(session: Session, actor: Actor, *which: sa.ColumnElement[bool]) -> list[MapUnit]:
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Unit.code, Unit.structure, Unit.name, Unit.level, Unit.lat, Unit.lon, Unit.illustrative
        )
        .where(in_scope(actor, Unit.id), Unit.lat.is_not(None), Unit.lon.is_not(None), *which)
        .order_by(Unit.sort_key, Unit.id)
        .limit(MOST)
    )  # fmt: skip
    return [MapUnit(*row) for row in session.execute(query)]


def works_map(
    actor: Actor, unit: UnitView, wanted: WorkFilter, *, offset: int = 0, limit: int = 100
) -> WorksMap:
    """What a map of a unit shows under a filter; works in the order of the register."""
    require(actor, "read")
    with db.transaction() as session:
        narrowed = list(conditions(session, actor, wanted))
        count, unplaced_count = _count(session, narrowed)
        query = _works().where(*narrowed)
        placed = _read(session, query.where(_PLACED).offset(offset).limit(limit))
        unplaced = _read(session, query.where(~_PLACED).limit(NAMED)) if unplaced_count else []
        if unit.level in ("commune", "hamlet"):
            units = _units(session, actor, Unit.level == "hamlet", under(unit.id, Unit.id))
        else:
            owners = {work.owner_unit_id for work in placed}
            units = _units(session, actor, Unit.level == "commune", Unit.id.in_(owners)) if owners else []
        return WorksMap(placed, count, unplaced, unplaced_count, units)


@dataclass(frozen=True, slots=True)
class Places:
    """All works of a unit, those without a place too, and its hamlets; `left_out` works did not fit in."""

    works: list[MapWork]
    hamlets: list[MapUnit]
    left_out: int


def places(actor: Actor, unit: str, *, as_of: date | None = None) -> Places:
    """Works and hamlets of a unit and what lies under it, at most MOST of each."""
    require(actor, "read")
    with db.transaction() as session:
        top = resolve(session, actor, unit, as_of=as_of, field="unit")
        narrowed = list(conditions(session, actor, WorkFilter(unit=top.exact_code)))
        found = _read(session, _works().where(*narrowed).limit(MOST))
        left_out = sum(_count(session, narrowed)) - len(found) if len(found) == MOST else 0
        return Places(found, _units(session, actor, Unit.level == "hamlet", under(top.id, Unit.id)), left_out)


@dataclass(frozen=True, slots=True)
class Served:
    """A hamlet of the unit that owns a work, and whether the work serves it; `place` where it has one."""

    name: str
    serves: bool
    place: MapUnit | None


def served(session: Session, work_id: uuid.UUID, unit_id: int) -> list[Served]:
    """The hamlets of a work's unit, by name: one statement."""
    serves = sa.exists().where(WorkHamlet.work_id == work_id, WorkHamlet.unit_id == Unit.id)
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Unit.code, Unit.structure, Unit.name, Unit.level, Unit.lat, Unit.lon, Unit.illustrative, serves
        )
        .where(Unit.level == "hamlet", under(unit_id, Unit.id))
        .order_by(Unit.sort_key, Unit.id)
        .limit(MOST)
    )  # fmt: skip
    found = []
    for *values, is_served in session.execute(query):
        place = MapUnit(*values) if values[4] is not None and values[5] is not None else None
        found.append(Served(values[2], bool(is_served), place))
    return found
