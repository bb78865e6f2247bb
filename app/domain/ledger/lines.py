"""Budget lines as they stand: one, lists under filters, and their money together."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.db import UtcDateTime
from app.domain.access import Actor, in_scope, require, under
from app.domain.ledger.pockets import FIELDS, Pockets
from app.domain.territory import resolve
from app.errors import NotFound
from app.models.ledger import Balance, BudgetLine
from app.models.programs import FundingSource, Program, Project
from app.models.support import SupportModel
from app.models.territory import Unit
from app.models.works import Work
from app.text import fold

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
MAX_WORDS: Final = 8


class LineView(NamedTuple):
    """A line and its money now, in đồng. A tuple, because lists make many of them."""

    id: uuid.UUID
    unit_code: str
    unit_structure: str
    unit_name: str
    project_code: str
    project_name: str
    program_code: str
    source: str
    capital_kind: str
    year: int
    origin_year: int
    work_id: uuid.UUID | None
    work_code: str | None
    work_name: str | None
    support_model_id: uuid.UUID | None
    model_name: str | None
    note: str
    illustrative: bool
    version: int
    updated_at: datetime
    available: int
    advanced: int
    paid: int
    settled: int
    allocated: int
    carried_in: int
    carried_out: int
    lapsed: int

    @property
    def serves(self) -> str | None:
        """The work or support model that it serves alone, by name."""
        return self.work_name or self.model_name

    @property
    def title(self) -> str:
        """What it is called: by what it serves, else by its project."""
        return self.serves or self.project_name

    @property
    def pockets(self) -> Pockets:
        return Pockets(*(getattr(self, f) for f in FIELDS))

    @property
    def plan(self) -> int:
        return self.allocated + self.carried_in

    @property
    def disbursed(self) -> int:
        return self.advanced + self.paid + self.settled


@dataclass(frozen=True, slots=True)
class LineFilter:
    """What a list of lines is narrowed to; None leaves it open. A project stands for all below it."""

    unit: str | None = None
    year: int | None = None
    origin_year: int | None = None
    program_code: str | None = None
    project_code: str | None = None
    source: str | None = None
    capital_kind: str | None = None
    work_id: uuid.UUID | None = None
    support_model_id: uuid.UUID | None = None
    updated_since: datetime | None = None
    as_of: date | None = None
    with_money: bool | None = None
    q: str | None = None  # words of project, unit, work, support model or source, without diacritics; a year


_line, _balance, _unit, _project, _program, _work, _model = (
    table.__table__ for table in (BudgetLine, Balance, Unit, Project, Program, Work, SupportModel)
)
_COLUMNS: Final = (
    _line.c.id, _unit.c.code, _unit.c.structure, _unit.c.name, _project.c.code, _project.c.name, _program.c.code,
    _line.c.source, _line.c.capital_kind, _line.c.year, _line.c.origin_year, _line.c.work_id,
    _work.c.code, _work.c.name, _line.c.support_model_id, _model.c.name, _line.c.note, _line.c.illustrative,
    _line.c.version, _line.c.updated_at, *(_balance.c[f] for f in FIELDS),
)  # fmt: skip
_JOINED: Final = (
    _line.join(_balance, _balance.c.budget_line_id == _line.c.id)
    .join(_unit, _unit.c.id == _line.c.unit_id)
    .join(_project, _project.c.id == _line.c.project_id)
    .join(_program, _program.c.id == _project.c.program_id)
    .outerjoin(_work, _work.c.id == _line.c.work_id)
    .outerjoin(_model, _model.c.id == _line.c.support_model_id)
)
_ONE: Final = (
    sa.select(*_COLUMNS)
    .select_from(_JOINED)
    .where(_line.c.id == sa.bindparam("id"), under(sa.bindparam("scope"), _line.c.unit_id))
)


def one(session: Session, actor: Actor, line_id: uuid.UUID) -> LineView:
    row = session.execute(_ONE, {"id": line_id, "scope": actor.unit_id}).one_or_none()
    if row is None:
        raise NotFound()
    return LineView._make(row)


def get(actor: Actor, line_id: uuid.UUID) -> LineView:
    require(actor, "read")
    with db.transaction() as session:
        return one(session, actor, line_id)


_SAME: Final = {
    "year": _line.c.year, "origin_year": _line.c.origin_year, "program_code": _program.c.code,
    "source": _line.c.source, "capital_kind": _line.c.capital_kind, "work_id": _line.c.work_id,
    "support_model_id": _line.c.support_model_id,
}  # fmt: skip


def _conditions(names: frozenset[str]) -> Iterator[sa.ColumnElement[bool]]:
    """The conditions of a filter by the names that it sets; their values are bind parameters."""
    yield under(sa.bindparam("scope"), _line.c.unit_id)
    if "unit" in names:
        yield under(sa.bindparam("unit"), _line.c.unit_id)
    if "project_code" in names:
        code: sa.BindParameter[str] = sa.bindparam("project_code", type_=sa.String)
        above = sa.func.substr(_project.c.code, 1, sa.func.length(code) + 1)  # LIKE would read % in a code
        yield sa.or_(_project.c.code == code, above == code.concat("."))
    for name, column in _SAME.items():
        if name in names:
            yield column == sa.bindparam(name)
    if "updated_since" in names:
        yield _line.c.updated_at >= sa.bindparam("updated_since", type_=UtcDateTime)
    if "with_money" in names:
        yield _balance.c.available > 0
    for word in sorted(name for name in names if name.startswith("word_")):
        part: sa.BindParameter[str] = sa.bindparam(word)
        yield sa.or_(
            *(table.c.search.contains(part, escape="\\") for table in (_project, _unit, _work, _model)),
            sa.cast(_line.c.year, sa.String) == part,
            _line.c.source.in_(sa.bindparam(f"sources_{word}", expanding=True)),
        )
    if "after" in names:
        last = sa.tuple_(
            sa.bindparam("last_moment", type_=UtcDateTime), sa.bindparam("last_id", type_=sa.Uuid)
        )
        yield sa.tuple_(_line.c.updated_at, _line.c.id) > last


# A statement is built once for each set of names that a filter sets: building costs more than running it.
@lru_cache(maxsize=256)
def _list(names: frozenset[str], by_project: bool) -> sa.Select[*tuple[Any, ...]]:
    query = sa.select(*_COLUMNS).select_from(_JOINED).where(*_conditions(names))
    if by_project:
        query = query.order_by(
            _program.c.position, _project.c.position, _line.c.year.desc(), _line.c.source, _unit.c.sort_key,
            _work.c.code, _line.c.id,
        )  # fmt: skip
    else:
        query = query.order_by(_line.c.updated_at, _line.c.id)
    return query.limit(sa.bindparam("limit")).offset(sa.bindparam("offset"))


@lru_cache(maxsize=256)
def _total(names: frozenset[str]) -> sa.Select[*tuple[Any, ...]]:
    sums = (sa.cast(sa.func.coalesce(sa.func.sum(_balance.c[f]), 0), sa.BigInteger) for f in FIELDS)
    return sa.select(sa.func.count(_line.c.id), *sums).select_from(_JOINED).where(*_conditions(names))


def _values(session: Session | sa.Connection, actor: Actor, wanted: LineFilter) -> dict[str, Any]:
    """What a filter sets, by name, as bind parameters; the unit looked up."""
    values = {name: value for name in wanted.__slots__ if (value := getattr(wanted, name)) is not None}
    as_of = values.pop("as_of", None)
    if "unit" in values:
        unit = resolve(session, actor, values.pop("unit"), as_of=as_of, year=wanted.year)
        if unit.id != actor.unit_id:
            values["unit"] = unit.id
    if not values.get("with_money", True):
        del values["with_money"]
    words = fold(values.pop("q", "")).split()
    if words:
        names = session.execute(sa.select(FundingSource.code, FundingSource.name)).all()
        for i, word in enumerate(words[:MAX_WORDS]):
            values[f"word_{i}"] = re.sub(r"([\\%_])", r"\\\1", word)  # LIKE's own signs mean themselves
            values[f"sources_word_{i}"] = [code for code, name in names if word in fold(name)]
    return values


def lines(
    actor: Actor,
    wanted: LineFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    by_project: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[LineView]:
    """Lines in the order in which they changed last (`after`: the last one seen), or by project for people."""
    require(actor, "read")
    with db.reading() as connection:
        values = _values(connection, actor, wanted)
        names = frozenset(values) | ({"after"} if after is not None else frozenset())
        if after is not None:
            values |= {"last_moment": after[0], "last_id": after[1]}
        values |= {"scope": actor.unit_id, "limit": limit, "offset": offset}
        return [LineView._make(row) for row in connection.execute(_list(names, by_project), values).all()]


def views_where(session: Session, *conditions: sa.ColumnElement[bool], limit: int) -> list[LineView]:
    """Lines under conditions of the caller's own, which must hold the actor's scope."""
    query = (
        sa.select(*_COLUMNS)
        .select_from(_JOINED)
        .where(*conditions)
        .order_by(_unit.c.sort_key, _project.c.position, _work.c.code, _line.c.id)
        .limit(limit)
    )
    return [LineView._make(row) for row in session.execute(query)]


def total(actor: Actor, wanted: LineFilter) -> tuple[int, Pockets]:
    """(number of lines, their money together) under a filter."""
    require(actor, "read")
    with db.transaction() as session:
        values = _values(session, actor, wanted)
        found: list[Any] = list(
            session.execute(_total(frozenset(values)), values | {"scope": actor.unit_id}).one()
        )
        return found[0], Pockets(*found[1:])


def years(actor: Actor, unit_id: int) -> list[int]:
    """Budget years that have lines under a unit, latest first; those without any entry yet come last."""
    require(actor, "read")
    with db.transaction() as session:
        return years_under(session, actor, unit_id)


def years_under(session: Session, actor: Actor, unit_id: int) -> list[int]:
    """`years` within a transaction."""
    in_use = sa.func.max(sa.case((Balance.last_day.is_not(None), 1), else_=0))
    query = (
        sa.select(BudgetLine.year)
        .join(Balance, Balance.budget_line_id == BudgetLine.id)
        .where(in_scope(actor, BudgetLine.unit_id), under(unit_id, BudgetLine.unit_id))
        .group_by(BudgetLine.year)
        .order_by(in_use.desc(), BudgetLine.year.desc())
    )
    return list(session.execute(query).scalars())
