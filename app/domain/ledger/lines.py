"""Budget lines: making them, changing their notes and (before the first entry) their keys, listing them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from app import db
from app.clock import utcnow
from app.db import UtcDateTime
from app.domain import audit
from app.domain.access import Actor, in_scope, require, under
from app.domain.ledger import chain
from app.domain.ledger.entries import hash_body
from app.domain.ledger.pockets import FIELDS, Pockets
from app.domain.territory import resolve
from app.errors import IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.ledger import Balance, BudgetLine, LedgerEntry, Proposal
from app.models.programs import CAPITAL_KINDS, FundingSource, Program, Project
from app.models.territory import Unit, UnitScope
from app.models.works import Work
from app.text import fold

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
MAX_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class NewLine:
    """The key of a new line; `origin_year` is the year itself unless money is extended from an earlier one."""

    id: uuid.UUID
    unit_code: str
    project_code: str
    source: str
    capital_kind: str
    year: int
    origin_year: int | None = None
    work_id: uuid.UUID | None = None
    support_model_id: uuid.UUID | None = None
    note: str = ""

    def body_hash(self) -> str:
        return hash_body(
            self.unit_code, self.project_code, self.source, self.capital_kind, self.year, self.origin_year,
            self.work_id, self.support_model_id, self.note,
        )  # fmt: skip


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
    q: str | None = None  # words of project, unit, work or source, without diacritics; a year


_line, _balance, _unit, _project, _program, _work = (
    table.__table__ for table in (BudgetLine, Balance, Unit, Project, Program, Work)
)
_COLUMNS: Final = (
    _line.c.id, _unit.c.code, _unit.c.structure, _unit.c.name, _project.c.code, _project.c.name, _program.c.code,
    _line.c.source, _line.c.capital_kind, _line.c.year, _line.c.origin_year, _line.c.work_id,
    _work.c.code, _work.c.name, _line.c.support_model_id, _line.c.note, _line.c.illustrative,
    _line.c.version, _line.c.updated_at, *(_balance.c[f] for f in FIELDS),
)  # fmt: skip
_JOINED: Final = (
    _line.join(_balance, _balance.c.budget_line_id == _line.c.id)
    .join(_unit, _unit.c.id == _line.c.unit_id)
    .join(_project, _project.c.id == _line.c.project_id)
    .join(_program, _program.c.id == _project.c.program_id)
    .outerjoin(_work, _work.c.id == _line.c.work_id)
)
_ONE: Final = (
    sa.select(*_COLUMNS)
    .select_from(_JOINED)
    .where(_line.c.id == sa.bindparam("id"), under(sa.bindparam("scope"), _line.c.unit_id))
)


def _one(session: Session, actor: Actor, line_id: uuid.UUID) -> LineView:
    row = session.execute(_ONE, {"id": line_id, "scope": actor.unit_id}).one_or_none()
    if row is None:
        raise NotFound()
    return LineView._make(row)


def get(actor: Actor, line_id: uuid.UUID) -> LineView:
    require(actor, "read")
    with db.transaction() as session:
        return _one(session, actor, line_id)


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
            *(table.c.search.contains(part, escape="\\") for table in (_project, _unit, _work)),
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
        return [LineView._make(row) for row in connection.execute(_list(names, by_project), values)]


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
    """Budget years that have lines under a unit, latest first."""
    require(actor, "read")
    with db.transaction() as session:
        return years_under(session, actor, unit_id)


def years_under(session: Session, actor: Actor, unit_id: int) -> list[int]:
    """`years` within a transaction."""
    query = (
        sa.select(BudgetLine.year)
        .where(in_scope(actor, BudgetLine.unit_id), under(unit_id, BudgetLine.unit_id))
        .distinct()
        .order_by(BudgetLine.year.desc())
    )
    return list(session.execute(query).scalars())


def create(actor: Actor, new: NewLine, *, illustrative: bool = False) -> tuple[LineView, bool]:
    """Make a line; (the line, whether it is new). Raises Conflict `line_exists` when its key stands already."""
    require(actor, "line.edit")
    new = replace(new, origin_year=new.year if new.origin_year is None else new.origin_year)
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just made it: look again


def _create(actor: Actor, new: NewLine, illustrative: bool) -> tuple[LineView, bool]:
    with db.transaction(write=True) as session:
        body = new.body_hash()
        stored = session.execute(
            sa.select(BudgetLine.body_hash).where(BudgetLine.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return _one(session, actor, new.id), False
        add(session, actor, key_of(session, actor, new), new, illustrative)
        return _one(session, actor, new.id), True


def key_of(session: Session, actor: Actor, new: NewLine) -> dict[str, Any]:
    """A new line's key as columns, each reference looked up within the actor's scope."""
    _check_years(new)
    if new.capital_kind not in CAPITAL_KINDS:
        raise Invalid.field("capital_kind", N_("Loại vốn là investment hoặc recurrent."))
    unit = resolve(session, actor, new.unit_code, year=new.year, field="unit_code")
    if new.support_model_id is not None:
        raise NotFound(N_("Không có mô hình này."), field="support_model_id")
    project_id = _leaf(session, new.project_code)
    if session.get(FundingSource, new.source) is None:
        raise NotFound(N_("Không có nguồn vốn này."), field="source")
    if new.work_id is not None:
        _check_work(session, actor, new.work_id, unit.id)
    return {
        "unit_id": unit.id, "project_id": project_id, "source": new.source, "capital_kind": new.capital_kind,
        "year": new.year, "origin_year": new.origin_year, "work_id": new.work_id, "support_model_id": None,
    }  # fmt: skip


def _check_years(new: NewLine) -> None:
    if not FIRST_YEAR <= new.year <= LAST_YEAR:
        raise Invalid.field("year", N_("Năm từ {first} đến {last}."), first=FIRST_YEAR, last=LAST_YEAR)
    if new.origin_year is not None and not FIRST_YEAR <= new.origin_year <= new.year:
        raise Invalid.field("origin_year", N_("Năm gốc không sau năm ngân sách {year}."), year=new.year)


def _leaf(session: Session, code: str) -> int:
    """The project of that code, which nothing stands below."""
    below = aliased(Project)
    row = session.execute(
        sa.select(
            Project.id,
            sa.exists().where(below.parent_id == Project.id).label("has_parts"),
        ).where(Project.code == code)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound(N_("Không có dự án {code}."), field="project_code", code=code)
    if row.has_parts:
        raise Invalid.field("project_code", N_("Dự án {code} có tiểu dự án: chọn một tiểu dự án."), code=code)
    return int(row.id)


def _check_work(session: Session, actor: Actor, work_id: uuid.UUID, unit_id: int) -> None:
    """The work must be in the actor's scope, and its owner in the line's unit or the other way round."""
    owner = session.execute(
        sa.select(Work.owner_unit_id).where(Work.id == work_id, in_scope(actor, Work.owner_unit_id))
    ).scalar_one_or_none()
    if owner is None:
        raise NotFound(N_("Không có công trình này trong phạm vi của bạn."), field="work_id")
    related = session.execute(
        sa.select(UnitScope.unit_id).where(
            sa.or_(
                sa.and_(UnitScope.ancestor_id == unit_id, UnitScope.unit_id == owner),
                sa.and_(UnitScope.ancestor_id == owner, UnitScope.unit_id == unit_id),
            )
        )
    ).first()
    if related is None:
        raise Invalid.field("work_id", N_("Công trình thuộc đơn vị khác với dòng vốn."))


def _same_key(key: dict[str, Any]) -> Iterator[sa.ColumnElement[bool]]:
    for name, value in key.items():
        column = getattr(BudgetLine, name)
        yield column.is_(None) if value is None else column == value


def with_key(session: Session, key: dict[str, Any]) -> uuid.UUID | None:
    """The line that stands on a key."""
    return session.execute(sa.select(BudgetLine.id).where(*_same_key(key))).scalar_one_or_none()


def add(
    session: Session, actor: Actor, key: dict[str, Any], new: NewLine, illustrative: bool = False
) -> None:
    """Insert a line with empty pockets; raises Conflict when its key stands already."""
    twin = with_key(session, key)
    if twin is not None:
        raise RuleBroken("line_exists", N_("Dòng vốn này đã có rồi."), line_id=str(twin))
    now = utcnow()
    session.execute(
        sa.insert(BudgetLine).values(
            id=new.id, **key, note=new.note, illustrative=illustrative, version=1, updated_at=now,
            body_hash=new.body_hash(), created_at=now, created_by=actor.ref,
        )
    )  # fmt: skip
    session.execute(sa.insert(Balance).values(budget_line_id=new.id, **dict.fromkeys(FIELDS, 0)))
    chain.ensure(session, {key["unit_id"]})
    audit.record(
        session, actor, "line.create", "budget_line", new.id, key["unit_id"],
        project=new.project_code, source=new.source, capital_kind=new.capital_kind, year=new.year,
    )  # fmt: skip


def update(actor: Actor, line_id: uuid.UUID, version: int, changes: dict[str, Any]) -> LineView:
    """Change a line's note at any time, its key only before its first entry (RuleBroken `line_frozen`).

    `changes` uses the names of NewLine. Raises Stale when somebody changed it since.
    """
    require(actor, "line.edit")
    with db.transaction(write=True) as session:
        if changes.keys() - {"note"}:
            db.own_ledger_lock(session)  # whoever posts has read the key that it posts under
        line = _one(session, actor, line_id)
        if line.version != version:
            raise Stale(line)
        values: dict[str, Any] = {"note": changes["note"]} if "note" in changes else {}
        if changes.keys() - {"note"}:
            _refuse_frozen(session, line_id)
            wanted = NewLine(
                line_id, f"{line.unit_code}@{line.unit_structure}", line.project_code, line.source,
                line.capital_kind, line.year, line.origin_year, line.work_id, line.support_model_id,
            )  # fmt: skip
            asked = replace(wanted, **{k: v for k, v in changes.items() if k != "note"})
            if asked.origin_year is None or ("origin_year" not in changes and line.origin_year == line.year):
                asked = replace(asked, origin_year=asked.year)
            key = key_of(session, actor, asked)
            twin = with_key(session, key)
            if twin not in (None, line_id):
                raise RuleBroken("line_exists", N_("Dòng vốn này đã có rồi."), line_id=str(twin))
            values |= key
            chain.ensure(session, {key["unit_id"]})
        changed = session.execute(
            sa.update(BudgetLine)
            .where(BudgetLine.id == line_id, BudgetLine.version == version)
            .values(**values, version=version + 1, updated_at=utcnow())
            .returning(BudgetLine.unit_id)
        ).scalar_one_or_none()
        if changed is None:
            raise Stale(_one(session, actor, line_id))
        audit.record(session, actor, "line.update", "budget_line", line_id, changed, **changes)
        return _one(session, actor, line_id)


def _refuse_frozen(session: Session, line_id: uuid.UUID) -> None:
    for table in (LedgerEntry, Proposal):
        used = session.execute(
            sa.select(table.id)
            .where(sa.or_(table.budget_line_id == line_id, table.to_budget_line_id == line_id))
            .limit(1)
        ).first()
        if used is not None:
            raise RuleBroken("line_frozen", N_("Dòng vốn đã có bút toán: chỉ sửa được ghi chú."))
