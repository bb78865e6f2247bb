"""What was disbursed, entry by entry, with its sign: the sums are the lines' `disbursed`."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.db import UtcDateTime
from app.domain.access import Actor, in_scope, require, under
from app.domain.ledger.entries import Document
from app.domain.programs import within
from app.domain.territory import resolve
from app.models.ledger import BudgetLine, LedgerEntry
from app.models.programs import Program, Project
from app.models.territory import Unit

# (moment of recording, entry, 0 for the line it stands on and 1 for the one that an advance is carried to)
Key = tuple[datetime, uuid.UUID, int]


@dataclass(frozen=True, slots=True)
class DisbursementFilter:
    """What a list of disbursements is narrowed to; None leaves it open."""

    unit: str | None = None
    year: int | None = None
    as_of: date | None = None
    budget_line_id: uuid.UUID | None = None
    kind: str | None = None
    contract_id: uuid.UUID | None = None
    work_id: uuid.UUID | None = None
    program_code: str | None = None
    project_code: str | None = None
    source: str | None = None
    capital_kind: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Disbursement:
    """One entry's share in what a line has disbursed; `amount` is signed, in đồng.

    A carried advance stands twice: minus on its line and plus (`side` 1) on the line of the next year.
    """

    id: uuid.UUID
    side: int
    budget_line_id: uuid.UUID
    kind: str
    amount: int
    effective_date: date
    document: Document
    memo: str
    contract_id: uuid.UUID | None
    reverses_id: uuid.UUID | None
    recorded_at: datetime
    unit_code: str
    unit_structure: str
    program_code: str
    project_code: str
    source: str
    capital_kind: str
    year: int
    work_id: uuid.UUID | None

    @property
    def key(self) -> Key:
        return self.recorded_at, self.id, self.side


_E = LedgerEntry
_CARRIED_ADVANCE = sa.and_(_E.base_kind == "carry_over", _E.from_pocket == "advanced")
_AMOUNT = (
    # on its own line: paid out, paid back, or carried away
    _E.sign * _E.amount * sa.case((_E.base_kind.in_(("advance", "pay")), 1), else_=-1),
    # on the line that it was carried to
    _E.sign * _E.amount,
)


def _side(side: int) -> sa.Select[*tuple[Any, ...]]:
    line_id = _E.to_budget_line_id if side else _E.budget_line_id
    kinds = (
        _CARRIED_ADVANCE if side else sa.or_(_E.base_kind.in_(("advance", "pay", "refund")), _CARRIED_ADVANCE)
    )
    return (
        sa.select(
            _E.id, sa.literal(side), line_id, _E.kind, _AMOUNT[side].label("amount"), _E.effective_date,
            _E.document_number, _E.document_date, _E.document_issuer, _E.memo, _E.contract_id, _E.reverses_id,
            _E.recorded_at, Unit.code, Unit.structure, Program.code, Project.code, BudgetLine.source,
            BudgetLine.capital_kind, BudgetLine.year, BudgetLine.work_id,
        )
        .select_from(_E)
        .join(BudgetLine, BudgetLine.id == line_id)
        .join(Unit, Unit.id == BudgetLine.unit_id)
        .join(Project, Project.id == BudgetLine.project_id)
        .join(Program, Program.id == Project.program_id)
        .where(kinds)
    )  # fmt: skip


def _conditions(
    session: Session, actor: Actor, wanted: DisbursementFilter
) -> Iterator[sa.ColumnElement[bool]]:
    yield in_scope(actor, BudgetLine.unit_id)
    if wanted.unit is not None:
        unit = resolve(session, actor, wanted.unit, as_of=wanted.as_of, year=wanted.year)
        yield under(unit.id, BudgetLine.unit_id)
    if wanted.project_code is not None:
        yield within(wanted.project_code)
    same = {
        "year": BudgetLine.year, "budget_line_id": BudgetLine.id, "kind": _E.kind, "contract_id": _E.contract_id,
        "work_id": BudgetLine.work_id, "program_code": Program.code, "source": BudgetLine.source,
        "capital_kind": BudgetLine.capital_kind,
    }  # fmt: skip
    for name, column in same.items():
        if getattr(wanted, name) is not None:
            yield column == getattr(wanted, name)
    if wanted.effective_from is not None:
        yield _E.effective_date >= wanted.effective_from
    if wanted.effective_to is not None:
        yield _E.effective_date <= wanted.effective_to
    if wanted.updated_since is not None:
        yield _E.recorded_at >= wanted.updated_since


def disbursements(
    actor: Actor, wanted: DisbursementFilter, *, after: Key | None = None, limit: int = 50
) -> list[Disbursement]:
    """Disbursements in the order of recording, `after` the last one seen."""
    require(actor, "read")
    found: list[Disbursement] = []
    with db.transaction() as session:
        conditions = list(_conditions(session, actor, wanted))
        for side in (0, 1):
            query = _side(side).where(*conditions)
            if after is not None:
                last = sa.tuple_(sa.literal(after[0], UtcDateTime), sa.literal(after[1], sa.Uuid))
                here = sa.tuple_(_E.recorded_at, _E.id)
                query = query.where(here >= last if after[2] < side else here > last)
            rows = session.execute(query.order_by(_E.recorded_at, _E.id).limit(limit))
            found += [_disbursement(list(row)) for row in rows]
    found.sort(key=lambda d: (d.recorded_at, d.id.bytes, d.side))
    return found[:limit]


def _disbursement(v: list[Any]) -> Disbursement:
    return Disbursement(*[*v[:6], Document(*v[6:9]), *v[9:]])


def disbursed(actor: Actor, wanted: DisbursementFilter) -> int:
    """The sum of all disbursements under a filter, in đồng."""
    require(actor, "read")
    total = 0
    with db.transaction() as session:
        conditions = list(_conditions(session, actor, wanted))
        for side in (0, 1):
            rows = _side(side).where(*conditions).subquery()
            amount = sa.cast(sa.func.coalesce(sa.func.sum(rows.c.amount), 0), sa.BigInteger)
            total += session.execute(sa.select(amount)).scalar_one()
    return total
