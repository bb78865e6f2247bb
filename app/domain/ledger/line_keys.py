"""Making budget lines, changing their notes and, before the first entry, their keys."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, in_scope, require
from app.domain.ledger import chain
from app.domain.ledger.entries import hash_body
from app.domain.ledger.lines import FIRST_YEAR, LAST_YEAR, LineView, one
from app.domain.ledger.pockets import FIELDS
from app.domain.territory import resolve
from app.errors import IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.ledger import Balance, BudgetLine, LedgerEntry, Proposal
from app.models.programs import CAPITAL_KINDS, FundingSource, Project
from app.models.support import SupportModel
from app.models.territory import UnitScope
from app.models.works import Work


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
        made = make(session, actor, new, illustrative)
        return one(session, actor, new.id), made


def make(session: Session, actor: Actor, new: NewLine, illustrative: bool = False) -> bool:
    """Make a line in the caller's transaction; whether it is new. Raises IdTaken, or what its key is refused for."""
    stored = session.execute(
        sa.select(BudgetLine.body_hash).where(BudgetLine.id == new.id)
    ).scalar_one_or_none()
    if stored is not None:
        if stored != new.body_hash():
            raise IdTaken()
        return False
    add(session, actor, key_of(session, actor, new), new, illustrative)
    return True


def key_of(session: Session, actor: Actor, new: NewLine) -> dict[str, Any]:
    """A new line's key as columns, each reference looked up within the actor's scope."""
    _check_years(new)
    if new.capital_kind not in CAPITAL_KINDS:
        raise Invalid.field("capital_kind", N_("Loại vốn là investment hoặc recurrent."))
    if new.work_id is not None and new.support_model_id is not None:
        message = N_("Một dòng vốn phục vụ một công trình hoặc một mô hình, không cả hai.")
        raise Invalid.field("support_model_id", message)
    unit = resolve(session, actor, new.unit_code, year=new.year, field="unit_code")
    project_id = leaf(session, new.project_code)
    if session.get(FundingSource, new.source) is None:
        raise NotFound(N_("Không có nguồn vốn này."), field="source")
    if new.work_id is not None:
        _check_work(session, actor, new.work_id, unit.id)
    if new.support_model_id is not None:
        _check_model(session, actor, new.support_model_id, unit.id)
    return {
        "unit_id": unit.id, "project_id": project_id, "source": new.source, "capital_kind": new.capital_kind,
        "year": new.year, "origin_year": new.origin_year, "work_id": new.work_id,
        "support_model_id": new.support_model_id,
    }  # fmt: skip


def _check_years(new: NewLine) -> None:
    if not FIRST_YEAR <= new.year <= LAST_YEAR:
        raise Invalid.field("year", N_("Năm từ {first} đến {last}."), first=FIRST_YEAR, last=LAST_YEAR)
    if new.origin_year is not None and not FIRST_YEAR <= new.origin_year <= new.year:
        raise Invalid.field("origin_year", N_("Năm gốc không sau năm ngân sách {year}."), year=new.year)


def leaf(session: Session, code: str) -> int:
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
    if not related(session, owner, unit_id):
        raise Invalid.field("work_id", N_("Công trình thuộc đơn vị khác với dòng vốn."))


def _check_model(session: Session, actor: Actor, model_id: uuid.UUID, unit_id: int) -> None:
    """Like a work's: the model must be in the actor's scope, its unit in the line's or the other way round."""
    keeper = session.execute(
        sa.select(SupportModel.unit_id).where(
            SupportModel.id == model_id, in_scope(actor, SupportModel.unit_id)
        )
    ).scalar_one_or_none()
    if keeper is None:
        raise NotFound(N_("Không có mô hình này trong phạm vi của bạn."), field="support_model_id")
    if not related(session, keeper, unit_id):
        raise Invalid.field("support_model_id", N_("Mô hình thuộc đơn vị khác với dòng vốn."))


def related(session: Session, unit_id: int, other_id: int) -> bool:
    """Whether one of two units lies in the other; a unit lies in itself."""
    scope = sa.select(UnitScope.unit_id).where(
        sa.or_(
            sa.and_(UnitScope.ancestor_id == other_id, UnitScope.unit_id == unit_id),
            sa.and_(UnitScope.ancestor_id == unit_id, UnitScope.unit_id == other_id),
        )
    )
    return session.execute(scope).first() is not None


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
        line = one(session, actor, line_id)
        if line.version != version:
            raise Stale(line)
        if not changes:
            return line
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
            raise Stale(one(session, actor, line_id))
        audit.record(session, actor, "line.update", "budget_line", line_id, changed, **changes)
        return one(session, actor, line_id)


def _refuse_frozen(session: Session, line_id: uuid.UUID) -> None:
    for table in (LedgerEntry, Proposal):
        used = session.execute(
            sa.select(table.id)
            .where(sa.or_(table.budget_line_id == line_id, table.to_budget_line_id == line_id))
            .limit(1)
        ).first()
        if used is not None:
            raise RuleBroken("line_frozen", N_("Dòng vốn đã có bút toán: chỉ sửa được ghi chú."))
