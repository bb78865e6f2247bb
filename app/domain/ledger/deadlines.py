"""Until when a line may pay out: the usual last day of its budget year, and extensions by document."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from app import db
from app.clock import utcnow
from app.db import Executor
from app.domain import audit
from app.domain.access import Actor, in_scope, require, under
from app.domain.ledger.entries import Document, hash_body
from app.domain.ledger.lines import FIRST_YEAR, LAST_YEAR
from app.domain.territory import resolve
from app.errors import FieldError, IdTaken, Invalid, NotFound
from app.i18n import N_
from app.models.ledger import BudgetLine, DeadlineExtension
from app.models.programs import CAPITAL_KINDS, FundingSource, Parameter, Project
from app.models.territory import Unit, UnitScope


def day_of(rule: str, year: int) -> date:
    """A parameter like `01-31+1` (31 January of the next year) as a day of a budget year."""
    day, _, later = rule.partition("+")
    month, number = day.split("-")
    return date(year + int(later or 0), int(month), int(number))


def usual_last_days(session: Executor, years: set[int]) -> dict[tuple[str, int], date]:
    """The last day of paying out by (capital kind, budget year), as the parameters have it."""
    return days_of(session.execute(USUAL).all(), years)


USUAL: Final = sa.select(Parameter.key, Parameter.value, Parameter.valid_from, Parameter.valid_to).where(
    Parameter.key.in_(("deadline.investment", "deadline.recurrent")), Parameter.value.is_not(None)
)


def days_of(rows: Iterable[Any], years: set[int]) -> dict[tuple[str, int], date]:
    """`usual_last_days` from the rows of `USUAL`."""
    days = {}
    for key, value, start, end in rows:
        for year in years:
            if start <= date(year, 12, 31) <= (end or date.max):
                days[key.removeprefix("deadline."), year] = day_of(value or "", year)
    return days


def last_day(
    session: Executor, *, unit_id: int, project_id: int, source: str, capital_kind: str, year: int
) -> date | None:
    """The last day on which a line may pay out, extensions counted; null where no parameter says."""
    usual = usual_last_days(session, {year}).get((capital_kind, year))
    extended = session.execute(
        sa.select(sa.func.max(DeadlineExtension.last_day))
        .join(UnitScope, UnitScope.ancestor_id == DeadlineExtension.unit_id)
        .where(
            UnitScope.unit_id == unit_id,
            DeadlineExtension.capital_kind == capital_kind,
            DeadlineExtension.year == year,
            _matches(DeadlineExtension.source, source),
            sa.or_(
                DeadlineExtension.project_id.is_(None),
                DeadlineExtension.project_id.in_(_project_and_above(project_id)),
            ),
        )
    ).scalar_one_or_none()
    return max((day for day in (usual, extended) if day is not None), default=None)


def extended_to() -> sa.ScalarSelect[date]:
    """The latest extension that bears on a line, as a scalar of a query on lines and their projects; else null."""
    widened = aliased(Project)
    above = sa.exists().where(
        widened.id == DeadlineExtension.project_id,
        sa.or_(
            widened.id == BudgetLine.project_id,
            sa.func.substr(Project.code, 1, sa.func.length(widened.code) + 1) == widened.code + ".",
        ),
    )
    return (
        sa.select(sa.func.max(DeadlineExtension.last_day))
        .join(UnitScope, UnitScope.ancestor_id == DeadlineExtension.unit_id)
        .where(
            UnitScope.unit_id == BudgetLine.unit_id,
            DeadlineExtension.capital_kind == BudgetLine.capital_kind,
            DeadlineExtension.year == BudgetLine.year,
            sa.or_(DeadlineExtension.source.is_(None), DeadlineExtension.source == BudgetLine.source),
            sa.or_(
                DeadlineExtension.project_id.is_(None),
                above.correlate(DeadlineExtension, BudgetLine, Project),
            ),
        )
        .correlate(BudgetLine, Project)
        .scalar_subquery()
    )


def _matches(column: sa.orm.InstrumentedAttribute[str | None], value: str) -> sa.ColumnElement[bool]:
    return sa.or_(column.is_(None), column == value)


def _project_and_above(project_id: int) -> sa.Select[int]:
    chain_of = (
        sa.select(Project.id, Project.parent_id).where(Project.id == project_id).cte("above", recursive=True)
    )
    upper = aliased(Project)
    chain_of = chain_of.union_all(
        sa.select(upper.id, upper.parent_id).join(chain_of, chain_of.c.parent_id == upper.id)
    )
    return sa.select(chain_of.c.id)


@dataclass(frozen=True, slots=True)
class NewExtension:
    """A later last day, by a document; without project or source it holds for any."""

    id: uuid.UUID
    unit_code: str
    capital_kind: str
    year: int
    last_day: date
    document: Document
    project_code: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class ExtensionView:
    id: uuid.UUID
    unit_code: str
    unit_name: str
    project_code: str | None
    source: str | None
    capital_kind: str
    year: int
    last_day: date
    document: Document
    created_by: str
    created_at: datetime
    unit_structure: str


def _extensions() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(DeadlineExtension, Unit.code, Unit.name, Project.code, Unit.structure)
        .join(Unit, Unit.id == DeadlineExtension.unit_id)
        .outerjoin(Project, Project.id == DeadlineExtension.project_id)
    )


def _extension_view(row: sa.Row[*tuple[Any, ...]]) -> ExtensionView:
    e, unit_code, unit_name, project_code, structure = row
    document = Document(e.document_number, e.document_date, e.document_issuer)
    return ExtensionView(
        e.id, unit_code, unit_name, project_code, e.source, e.capital_kind, e.year, e.last_day, document,
        e.created_by, e.created_at, structure,
    )  # fmt: skip


def extensions(
    actor: Actor,
    *,
    unit: str | None = None,
    year: int | None = None,
    as_of: date | None = None,
    updated_since: datetime | None = None,
    oldest_first: bool = False,
    after: tuple[datetime, uuid.UUID] | None = None,
    limit: int = 200,
) -> list[ExtensionView]:
    """Extensions that bear on the actor's subtree: granted in it, or by a unit above it.

    Latest year first for people; `oldest_first` is in the order of granting, `after` the last one seen.
    """
    require(actor, "read")
    above = sa.select(UnitScope.ancestor_id).where(UnitScope.unit_id == actor.unit_id)
    query = (
        _extensions()
        .where(sa.or_(in_scope(actor, DeadlineExtension.unit_id), DeadlineExtension.unit_id.in_(above)))
        .limit(limit)
    )
    moment, id_ = DeadlineExtension.created_at, DeadlineExtension.id
    order = (moment, id_) if oldest_first else (DeadlineExtension.year.desc(), moment.desc())
    if after is not None:
        query = query.where(db.past(moment, id_, after))
    if year is not None:
        query = query.where(DeadlineExtension.year == year)
    if updated_since is not None:
        query = query.where(moment >= updated_since)
    with db.transaction() as session:
        if unit is not None:
            found = resolve(session, actor, unit, as_of=as_of, year=year)
            query = query.where(under(found.id, DeadlineExtension.unit_id))
        return [_extension_view(row) for row in session.execute(query.order_by(*order))]


def extend(actor: Actor, new: NewExtension) -> tuple[ExtensionView, bool]:
    """Grant a later last day to lines of a unit and those below it; (the row, whether it is new)."""
    require(actor, "deadline.extend")
    _check(new)
    body = hash_body(
        new.unit_code, new.project_code, new.source, new.capital_kind, new.year, new.last_day,
        new.document.number, new.document.date, new.document.issuer,
    )  # fmt: skip
    try:
        return _extend(actor, new, body)
    except IntegrityError:
        return _extend(actor, new, body)  # somebody has just made it: look again


def _check(new: NewExtension) -> None:
    faults = []
    if new.capital_kind not in CAPITAL_KINDS:
        faults.append(FieldError("capital_kind", N_("Loại vốn là investment hoặc recurrent.")))
    if not FIRST_YEAR <= new.year <= LAST_YEAR:
        facts = {"first": FIRST_YEAR, "last": LAST_YEAR}
        faults.append(FieldError("year", N_("Năm từ {first} đến {last}."), facts))
    if not new.document.number.strip():
        faults.append(FieldError("document.number", N_("Ghi số chứng từ.")))
    if not new.document.issuer.strip():
        faults.append(FieldError("document.issuer", N_("Ghi nơi ban hành chứng từ.")))
    if faults:
        raise Invalid(*faults)


def _extend(actor: Actor, new: NewExtension, body: str) -> tuple[ExtensionView, bool]:
    with db.transaction(write=True) as session:
        unit = resolve(session, actor, new.unit_code, year=new.year, field="unit_code")
        stored = session.execute(_extensions().where(DeadlineExtension.id == new.id)).one_or_none()
        if stored is not None:
            if stored[0].body_hash != body:
                raise IdTaken()
            return _extension_view(stored), False
        usual = usual_last_days(session, {new.year}).get((new.capital_kind, new.year))
        if usual is not None and new.last_day <= usual:
            raise Invalid.field(
                "last_day", N_("Ngày gia hạn phải sau hạn thường lệ {usual:date}."), usual=usual
            )
        project_id = None
        if new.project_code is not None:
            project_id = session.execute(
                sa.select(Project.id).where(Project.code == new.project_code)
            ).scalar_one_or_none()
            if project_id is None:
                raise NotFound(field="project_code")
        if new.source is not None and session.get(FundingSource, new.source) is None:
            raise NotFound(N_("Không có nguồn vốn này."), field="source")
        session.execute(
            sa.insert(DeadlineExtension).values(
                id=new.id, unit_id=unit.id, project_id=project_id, source=new.source,
                capital_kind=new.capital_kind, year=new.year, last_day=new.last_day,
                document_number=new.document.number, document_date=new.document.date,
                document_issuer=new.document.issuer, body_hash=body, created_at=utcnow(),
                created_by=actor.ref,
            )
        )  # fmt: skip
        audit.record(
            session, actor, "deadline.extend", "deadline_extension", new.id, unit.id,
            last_day=new.last_day, year=new.year, capital_kind=new.capital_kind,
        )  # fmt: skip
        return _extension_view(
            session.execute(_extensions().where(DeadlineExtension.id == new.id)).one()
        ), True


def last_day_of_line(actor: Actor, line_id: uuid.UUID) -> date | None:
    """A line's last day of paying out, for its page and forms."""
    require(actor, "read")
    with db.transaction() as session:
        key = session.execute(
            sa.select(
                BudgetLine.unit_id, BudgetLine.project_id, BudgetLine.source, BudgetLine.capital_kind,
                BudgetLine.year,
            ).where(BudgetLine.id == line_id, in_scope(actor, BudgetLine.unit_id))
        ).one_or_none()  # fmt: skip
        if key is None:
            raise NotFound()
        return last_day(session, **key._asdict())
