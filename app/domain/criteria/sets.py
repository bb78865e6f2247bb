"""Sets of criteria: which are there, which is in force for a unit on a day, and with which thresholds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import db
from app.clock import today
from app.domain.access import Actor, require
from app.domain.criteria.views import HAMLET, CriterionView, IndicatorView, SetHead, SetView, ThresholdView
from app.domain.territory import UnitView, resolve
from app.errors import NotFound
from app.i18n import N_
from app.models.criteria import CriteriaSet, Criterion, Indicator, Region, Threshold
from app.models.territory import Unit, UnitScope


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule is asked for: the units above in the same structure, and the region of the province, as parts of
    the statements that ask."""

    units: Any
    region: Any


NATION: Final = Place((), None)


@dataclass(frozen=True, slots=True)
class RegionView:
    code: str
    name: str
    name_en: str

    def named(self, lang: str) -> str:
        return self.name_en if lang == "en" else self.name


_LAST_THRESHOLD: Final = (
    sa.select(sa.func.max(Threshold.created_at))
    .join(Indicator, Indicator.id == Threshold.indicator_id)
    .join(Criterion, Criterion.id == Indicator.criterion_id)
    .where(Criterion.set_id == CriteriaSet.id)
    .scalar_subquery()
)
HEAD: Final[tuple[Any, ...]] = (
    CriteriaSet.id, CriteriaSet.code, CriteriaSet.name, CriteriaSet.name_en, CriteriaSet.level, CriteriaSet.region,
    Unit.code, Unit.structure, Unit.name, CriteriaSet.valid_from, CriteriaSet.valid_to, CriteriaSet.source,
    CriteriaSet.certainty, CriteriaSet.illustrative, CriteriaSet.created_at,
    sa.func.coalesce(_LAST_THRESHOLD, CriteriaSet.created_at),
)  # fmt: skip
THRESHOLD: Final[tuple[Any, ...]] = (
    Threshold.value, Threshold.source, Threshold.certainty, Threshold.region, Unit.code, Unit.structure, Unit.name,
    Threshold.valid_from, Threshold.valid_to,
)  # fmt: skip


def _heads(*where: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*HEAD)
        .select_from(CriteriaSet)
        .outerjoin(Unit, Unit.id == CriteriaSet.unit_id)
        .where(*where)
        .order_by(CriteriaSet.level, CriteriaSet.valid_from.desc(), CriteriaSet.code)
    )


def sets(
    actor: Actor,
    *,
    level: str | None = None,
    unit: str | None = None,
    on: date | None = None,
    only_in_force: bool = False,
) -> list[SetHead]:
    """Sets by level, the newest first. With `unit` those that hold there; `only_in_force`, of each level the one by
    which it (without `unit`, a unit of no region or province) is assessed on a day (default: today).
    """
    require(actor, "read")
    where = [CriteriaSet.level == level] if level is not None else []
    with db.transaction() as session:
        place = NATION
        if unit is not None:
            place = place_of(resolve(session, actor, unit, as_of=on).id)
        if unit is not None or only_in_force:
            where += holds_in(CriteriaSet, place)
        found = [SetHead(*row) for row in session.execute(_heads(*where))]
    if only_in_force:
        chosen = in_force_by_level(found, on or today())
        return [head for head in found if chosen.get(head.level) == head]
    return found


def regions(actor: Actor) -> list[RegionView]:
    require(actor, "read")
    query = sa.select(Region.code, Region.name, Region.name_en).order_by(Region.position)
    with db.transaction() as session:
        return [RegionView(*row) for row in session.execute(query)]


def get(actor: Actor, code: str, *, unit: str | None = None, on: date | None = None) -> SetView:
    """One set whole, with thresholds as they are for a unit on a day: see `whole`."""
    return whole_sets(actor, [head_of(actor, code)], unit=unit, on=on)[0]


def head_of(actor: Actor, code: str) -> SetHead:
    """One set without its criteria."""
    require(actor, "read")
    with db.transaction() as session:
        return one_head(session, code)


def one_head(session: Session, code: str) -> SetHead:
    """`head_of` in the transaction of whoever asks."""
    row = session.execute(_heads(CriteriaSet.code == code)).one_or_none()
    if row is None:
        raise NotFound(N_("Không có bộ tiêu chí {code}."), code=code)
    return SetHead(*row)


def head_in(session: Session, code: str, place: Place) -> SetHead:
    """A set that holds in a place; NotFound for any other."""
    row = session.execute(_heads(CriteriaSet.code == code, *holds_in(CriteriaSet, place))).one_or_none()
    if row is None:
        raise NotFound(N_("Bộ tiêu chí {code} không có, hoặc không áp dụng ở đơn vị này."), code=code)
    return SetHead(*row)


def whole_sets(
    actor: Actor, heads: Iterable[SetHead], *, unit: str | None = None, on: date | None = None
) -> list[SetView]:
    """These sets with their criteria, as they are for a unit (default: the place whose set it is) on a day (default:
    today): two statements however many they are.
    """
    require(actor, "read")
    with db.transaction() as session:
        place = NATION
        if unit is not None:
            place = place_of(resolve(session, actor, unit, as_of=on).id)
        return whole(session, list(heads), place, on or today())


def place_of(unit_id: int) -> Place:
    """Whose rules hold in a unit."""
    itself, above = aliased(Unit), aliased(Unit)
    scope = aliased(UnitScope)

    def of_those_above(column: Any) -> sa.Select[Any]:
        return (
            sa.select(column)
            .select_from(above)
            .join(scope, scope.ancestor_id == above.id)
            .join(itself, itself.id == scope.unit_id)
            .where(itself.id == unit_id, above.structure == itself.structure)
        )

    return Place(of_those_above(above.id), of_those_above(sa.func.max(above.region)).scalar_subquery())


def in_force(session: Session, place: Place, on: date, level: str) -> SetHead | None:
    """The set by which a place is assessed on a day: the province's own before its region's before the nation's, of
    one place the newest that has begun.

    A set whose time is over goes on until another is loaded (`SetHead.over_on` says so).
    """
    query = _heads(CriteriaSet.level == level, CriteriaSet.valid_from <= on, *holds_in(CriteriaSet, place))
    return in_force_by_level([SetHead(*row) for row in session.execute(query)], on).get(level)


def in_force_by_level(heads: Iterable[SetHead], on: date) -> dict[str, SetHead]:
    """Of sets that hold in one place, by level that by which it is assessed on a day: see `in_force`."""

    def order(head: SetHead) -> tuple[bool, int, int, int]:
        return head.over_on(on), head.nearness, -head.valid_from.toordinal(), -head.id

    chosen: dict[str, SetHead] = {}
    for head in sorted((head for head in heads if head.valid_from <= on), key=order):
        chosen.setdefault(head.level, head)
    return chosen


def holds_in(table: Any, place: Place) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions that a rule of the nation, a region or a province holds in a place."""
    return (
        sa.or_(table.unit_id.is_(None), table.unit_id.in_(place.units)),
        sa.or_(table.region.is_(None), table.region == place.region),
    )


def set_for(
    session: Session, unit: UnitView, on: date, *, level: str, code: str | None = None
) -> SetView | None:
    """The set by which a unit is assessed on a day, whole; `code` names another than the one in force. None where there
    is none for communes, or for hamlets, as `level` asks.
    """
    place = place_of(unit.id)
    if code is None:
        head = in_force(session, place, on, level)
    else:
        of_kind = CriteriaSet.level == HAMLET if level == HAMLET else CriteriaSet.level != HAMLET
        query = _heads(CriteriaSet.code == code, of_kind, *holds_in(CriteriaSet, place))
        row = session.execute(query).one_or_none()
        head = SetHead(*row) if row is not None else None
    return whole(session, [head], place, on)[0] if head is not None else None


def whole(session: Session, heads: list[SetHead], place: Place, on: date) -> list[SetView]:
    """Sets with their criteria and what these must reach in a place on a day: two statements.

    Of a set that has yet to begin, on its first day; where a set does not hold, as in the place whose set it is.
    """
    ids = [head.id for head in heads]
    reached = _thresholds(session, ids, place, on)
    query = (
        sa.select(
            Criterion.set_id, Criterion.id, Criterion.number, Criterion.name, Criterion.name_en, Criterion.group,
            Indicator.id, Indicator.code, Indicator.name, Indicator.kind, Indicator.unit,
            Indicator.evidence_required, Indicator.source, Indicator.certainty,
        )
        .join(Indicator, Indicator.criterion_id == Criterion.id)
        .where(Criterion.set_id.in_(ids))
        .order_by(Criterion.set_id, Criterion.number, Indicator.position)
    )  # fmt: skip
    found: dict[int, dict[int, list[Any]]] = {}
    for row in session.execute(query):
        columns: list[Any] = [*row, reached.get(row[6])]
        criterion = found.setdefault(columns[0], {}).setdefault(columns[1], [*columns[1:6], ()])
        criterion[-1] += (IndicatorView(*columns[6:]),)
    return [
        SetView(head, tuple(CriterionView(*columns) for columns in found.get(head.id, {}).values()))
        for head in heads
    ]


def _thresholds(session: Session, set_ids: list[int], place: Place, on: date) -> dict[int, ThresholdView]:
    """By indicator, the threshold of the nearest place; of one place the latest."""
    nearness = sa.case((Threshold.unit_id.is_not(None), 0), (Threshold.region.is_not(None), 1), else_=2)
    of_unit, of_region = holds_in(Threshold, place)
    ends = Threshold.valid_to
    query = (
        sa.select(Threshold.indicator_id, *THRESHOLD)
        .join(Indicator, Indicator.id == Threshold.indicator_id)
        .join(Criterion, Criterion.id == Indicator.criterion_id)
        .join(CriteriaSet, CriteriaSet.id == Criterion.set_id)
        .outerjoin(Unit, Unit.id == Threshold.unit_id)
        .where(
            CriteriaSet.id.in_(set_ids),
            sa.or_(Threshold.valid_from <= on, Threshold.valid_from <= CriteriaSet.valid_from),
            sa.or_(ends.is_(None), sa.and_(ends >= on, ends >= CriteriaSet.valid_from)),
            sa.or_(of_unit, Threshold.unit_id == CriteriaSet.unit_id),
            sa.or_(of_region, Threshold.region == CriteriaSet.region),
        )
        .order_by(nearness, Threshold.valid_from.desc(), Threshold.id.desc())
    )
    nearest: dict[int, ThresholdView] = {}
    for row in session.execute(query):
        nearest.setdefault(row[0], ThresholdView(*row[1:]))
    return nearest
