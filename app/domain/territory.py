"""Units of both structures: finding one by code "as of", its subtree with what it took over, searching."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, in_scope, require, under
from app.errors import NotFound, Stale
from app.i18n import N_
from app.models.territory import Unit, UnitScope, UnitSuccession
from app.text import fold, nfc, sort_key

LEGACY: Final = "legacy"
TWO_TIERS: Final = "2025"
# Two tiers of local government from this day (resolutions of the Standing Committee of the National Assembly, 2025).
TWO_TIERS_FROM: Final = date(2025, 7, 1)
NATION: Final = "VN"
LEVELS: Final = ("hamlet", "commune", "district", "province", "nation")  # each lies above those before it


@dataclass(frozen=True, slots=True)
class UnitView:
    id: int
    code: str
    structure: str
    name: str
    level: str
    parent_code: str | None
    parent_name: str | None
    valid_from: date | None
    valid_to: date | None
    requires_checker: bool
    illustrative: bool
    version: int

    @property
    def exact_code(self) -> str:
        return f"{self.code}@{self.structure}"


@dataclass(frozen=True, slots=True)
class SuccessionView:
    """What a unit became, or what it came from."""

    unit: UnitView
    extent: str


_Parent = aliased(Unit)
_COLUMNS = (
    Unit.id, Unit.code, Unit.structure, Unit.name, Unit.level, _Parent.code, _Parent.name,
    Unit.valid_from, Unit.valid_to, Unit.requires_checker, Unit.illustrative, Unit.version,
)  # fmt: skip


def _units() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*_COLUMNS).select_from(Unit).outerjoin(_Parent, _Parent.id == Unit.parent_id)


# Asked for in nearly every request, so built once, on tables.
_unit = Unit.__table__
_above = _unit.alias("above")
_BY_CODE: Final = (
    sa.select(
        _unit.c.id, _unit.c.code, _unit.c.structure, _unit.c.name, _unit.c.level, _above.c.code, _above.c.name,
        _unit.c.valid_from, _unit.c.valid_to, _unit.c.requires_checker, _unit.c.illustrative, _unit.c.version,
    )
    .select_from(_unit.outerjoin(_above, _above.c.id == _unit.c.parent_id))
    .where(
        _unit.c.structure == sa.bindparam("structure"),
        _unit.c.code == sa.bindparam("code"),
        under(sa.bindparam("scope"), _unit.c.id),
    )
)  # fmt: skip


def structure_on(day: date) -> str:
    """The structure in force on a day."""
    return LEGACY if day < TWO_TIERS_FROM else TWO_TIERS


def resolve(
    session: Session | sa.Connection,
    actor: Actor,
    code: str,
    *,
    as_of: date | None = None,
    year: int | None = None,
    field: str | None = None,
) -> UnitView:
    """The unit that a code means: exactly (`20770@legacy`), else in the structure in force on `as_of`,
    else at the end of `year`, else in that of the actor's own unit.

    Raises NotFound where there is none, or none within the actor's scope.
    """
    bare, _, exact = code.partition("@")
    if exact:
        structure = exact
    elif as_of is not None:
        structure = structure_on(as_of)
    elif year is not None:
        structure = LEGACY if year < TWO_TIERS_FROM.year else TWO_TIERS
    else:
        structure = actor.structure
    row = session.execute(
        _BY_CODE, {"structure": structure, "code": bare, "scope": actor.unit_id}
    ).one_or_none()
    if row is None:
        raise NotFound(N_("Không có đơn vị {code} trong phạm vi của bạn."), field=field, code=code)
    return UnitView(*list(row))


def find(actor: Actor, code: str, *, as_of: date | None = None, year: int | None = None) -> UnitView:
    """`resolve` in a transaction of its own."""
    require(actor, "read")
    with db.transaction() as session:
        return resolve(session, actor, code, as_of=as_of, year=year)


def by_id(session: Session, unit_id: int) -> UnitView:
    return UnitView(*session.execute(_units().where(Unit.id == unit_id)).one())


def own_unit(actor: Actor) -> UnitView:
    with db.transaction() as session:
        return by_id(session, actor.unit_id)


def today_or_legacy(session: Session, code: str) -> UnitView:
    """A code on the command line: today's structure if it has the code, else legacy; or exact with @."""
    bare, _, exact = code.partition("@")
    for structure in (exact,) if exact else (TWO_TIERS, LEGACY):
        row = session.execute(_units().where(Unit.structure == structure, Unit.code == bare)).one_or_none()
        if row is not None:
            return UnitView(*row)
    raise NotFound(N_("Không có đơn vị {code}."), code=code)


def _matches(words: str) -> list[sa.ColumnElement[bool]]:
    return [Unit.search.contains(word, autoescape=True) for word in fold(words).split()]


def units(
    actor: Actor,
    *,
    q: str = "",
    level: str | None = None,
    structure: str | None = None,
    parent: str | None = None,
    as_of: date | None = None,
    unit: str | None = None,
    updated_since: datetime | None = None,
    after: tuple[str, int] | None = None,
    limit: int = 50,
) -> list[UnitView]:
    """Units in the actor's scope in the dictionary's order; `q` is searched without diacritics.

    `after` is (sort key, id) of the last one seen. With `as_of`, the structure in force on that day.
    """
    require(actor, "read")
    query = _units().where(in_scope(actor, Unit.id), *_matches(q))
    if as_of is not None and structure is None:
        structure = structure_on(as_of)
    if structure is not None:
        query = query.where(Unit.structure == structure)
    if level is not None:
        query = query.where(Unit.level == level)
    if updated_since is not None:
        query = query.where(Unit.updated_at >= updated_since)
    if after is not None:
        query = query.where(sa.tuple_(Unit.sort_key, Unit.id) > sa.tuple_(*map(sa.literal, after)))
    with db.transaction() as session:
        if parent is not None:
            query = query.where(Unit.parent_id == resolve(session, actor, parent, as_of=as_of).id)
        if unit is not None:
            query = query.where(under(resolve(session, actor, unit, as_of=as_of).id, Unit.id))
        query = query.order_by(Unit.sort_key, Unit.id).limit(limit)
        return [UnitView(*row) for row in session.execute(query)]


def position(session: Session, unit_id: int) -> tuple[str, int]:
    """Where a unit stands in the order of `units`."""
    key = session.execute(sa.select(Unit.sort_key).where(Unit.id == unit_id)).scalar_one()
    return key, unit_id


def children(actor: Actor, unit: UnitView) -> list[UnitView]:
    with db.transaction() as session:
        query = _units().where(Unit.parent_id == unit.id, in_scope(actor, Unit.id)).order_by(Unit.sort_key)
        return [UnitView(*row) for row in session.execute(query)]


def hamlets_of(session: Session, unit_id: int) -> list[tuple[int, str, str]]:
    """(id, code, name) of a unit's hamlets, those of its own structure before those it took over; codes once."""
    own = sa.select(Unit.structure).where(Unit.id == unit_id).scalar_subquery()
    query = (
        sa.select(Unit.id, Unit.code, Unit.name)
        .where(Unit.level == "hamlet", under(unit_id, Unit.id))
        .order_by(sa.case((Unit.structure == own, 0), else_=1), Unit.sort_key, Unit.code)
    )
    found: dict[str, tuple[int, str, str]] = {}
    for id_, code, name in session.execute(query):
        found.setdefault(code, (id_, code, name))
    return list(found.values())


def hamlet_words(session: Session, unit_id: int) -> dict[str, str]:
    """A unit's hamlets as tables may write them, each with its code: code or name without marks, also without "thôn"."""
    words: dict[str, str] = {}
    for _, code, name in hamlets_of(session, unit_id):
        words[fold(code)] = code
        words.setdefault(fold(name), code)
        words.setdefault(fold(name).removeprefix("thon "), code)
    return words


def path(actor: Actor, unit: UnitView) -> list[UnitView]:
    """From the nation down to the unit, in its own structure (names of units above are public)."""
    require(actor, "read")
    with db.transaction() as session:
        return path_of(session, unit.id)


def path_of(session: Session, unit_id: int) -> list[UnitView]:
    """`path` within a transaction, the unit itself as the last."""
    itself = aliased(Unit)
    query = (
        _units()
        .join(UnitScope, UnitScope.ancestor_id == Unit.id)
        .join(itself, itself.id == UnitScope.unit_id)
        .where(itself.id == unit_id, Unit.structure == itself.structure)
    )
    rank = {"nation": 0, "province": 1, "district": 2, "commune": 3, "hamlet": 4}
    return sorted((UnitView(*row) for row in session.execute(query)), key=lambda u: rank[u.level])


def succession(actor: Actor, unit: UnitView) -> tuple[list[SuccessionView], list[SuccessionView]]:
    """(what the unit came from, what it became)."""
    require(actor, "read")

    def sides(mine: Any, other: Any) -> list[SuccessionView]:
        query = (
            _units()
            .add_columns(UnitSuccession.extent)
            .join(UnitSuccession, other == Unit.id)
            .where(mine == unit.id)
            .order_by(Unit.sort_key)
        )
        return [SuccessionView(UnitView(*row[:-1]), row[-1]) for row in session.execute(query)]

    with db.transaction() as session:
        return (
            sides(UnitSuccession.new_id, UnitSuccession.old_id),
            sides(UnitSuccession.old_id, UnitSuccession.new_id),
        )


def takes_over(new: Any, old: Any) -> sa.ColumnElement[bool]:
    """The condition that unit `new` is the one that old unit `old`'s rows went to: the lowest of the other
    structure that they count under, not one above that."""
    after, before, below = aliased(Unit), aliased(Unit), aliased(Unit)
    scope, nearer = aliased(UnitScope), aliased(UnitScope)
    closer = (
        sa.select(below.id)
        .join(nearer, nearer.ancestor_id == below.id)
        .where(below.parent_id == after.id, nearer.unit_id == before.id)
        .correlate(after, before)
    )
    successor = (
        sa.select(after.id)
        .join(scope, scope.ancestor_id == after.id)
        .join(before, before.id == scope.unit_id)
        .where(after.id == new, before.id == old, after.structure != before.structure, ~closer.exists())
    )
    return successor.exists()


def set_requires_checker(actor: Actor, code: str, required: bool, version: int) -> UnitView:
    """Whether every entry of a unit needs a second person, API clients' too."""
    require(actor, "unit.edit")
    with db.transaction(write=True) as session:
        unit = resolve(session, actor, code)
        changed = session.execute(
            sa.update(Unit)
            .where(Unit.id == unit.id, Unit.version == version)
            .values(requires_checker=required, version=version + 1, updated_at=utcnow())
        )
        if changed.rowcount == 0:  # type: ignore[attr-defined]  # a CursorResult
            raise Stale(unit)
        audit.record(session, actor, "unit.edit", "unit", unit.exact_code, unit.id, requires_checker=required)
        return by_id(session, unit.id)


def new_unit(
    *,
    structure: str,
    level: str,
    code: str,
    name: str,
    parent_id: int | None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A unit's row with its search text and sort key."""
    name = nfc(name)
    return {
        "structure": structure, "level": level, "code": code, "name": name, "parent_id": parent_id,
        "valid_from": valid_from, "valid_to": valid_to, "requires_checker": False, "illustrative": False,
        "version": 1, "updated_at": utcnow(), "search": f"{fold(name)} {code.lower()}",
        "sort_key": sort_key(name), **more,
    }  # fmt: skip


def add_hamlet(
    session: Session,
    commune: UnitView,
    code: str,
    name: str,
    *,
    illustrative: bool,
    lat: float | None = None,
    lon: float | None = None,
) -> int:
    """A hamlet of a commune, once; its id. `lat`, `lon` in degrees of WGS 84."""
    known = session.execute(
        sa.select(Unit.id).where(Unit.structure == commune.structure, Unit.code == code)
    ).scalar_one_or_none()
    if known is not None:
        return known
    row = new_unit(
        structure=commune.structure, level="hamlet", code=code, name=name, parent_id=commune.id,
        valid_from=commune.valid_from, valid_to=commune.valid_to, illustrative=illustrative, lat=lat, lon=lon,
    )  # fmt: skip
    made: int = session.execute(sa.insert(Unit).values(row).returning(Unit.id)).scalar_one()
    above = sa.select(UnitScope.ancestor_id, sa.literal(made)).where(UnitScope.unit_id == commune.id)
    session.execute(sa.insert(UnitScope).from_select(["ancestor_id", "unit_id"], above))
    session.execute(sa.insert(UnitScope).values(ancestor_id=made, unit_id=made))
    return made
