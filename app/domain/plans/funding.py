"""The money that a plan counts on: written whole, or taken over from the budget lines of its unit."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app import db
from app.clock import today
from app.domain.access import Actor, in_scope, require
from app.domain.ledger import figures
from app.domain.ledger.deadlines import usual_last_days
from app.domain.plans.views import PlanView
from app.errors import FieldError, Invalid, NotFound
from app.i18n import N_
from app.models.base import MAX_AMOUNT
from app.models.ledger import BudgetLine
from app.models.plans import PlanFund
from app.models.programs import CAPITAL_KINDS, FundingSource, Project

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class NewFund:
    """Money that a plan is to count on, in đồng. Of a budget line the rest follows from the line."""

    amount: int
    project_code: str | None = None
    source: str | None = None
    capital_kind: str | None = None
    budget_line_id: uuid.UUID | None = None
    note: str = ""

    def facts(self) -> tuple[object, ...]:
        """What tells it from another, for the hash of what creates its plan."""
        return tuple(getattr(self, name) for name in self.__slots__)


@dataclass(frozen=True, slots=True)
class _Key:
    """What a row of money is of, as the database names it."""

    project_id: int | None
    source: str
    capital_kind: str


def replace_all(session: Session, actor: Actor, plan_id: uuid.UUID, wanted: Sequence[NewFund]) -> None:
    """Let these be what a plan counts on, in the transaction of the caller, who holds the plan's lock.

    Invalid names `funds.2.amount` and the like, NotFound what does not exist or lies out of the actor's scope.
    """
    faults = [*_faults(wanted)]
    if faults:
        raise Invalid(*faults)
    keys = _keys(session, actor, plan_id, wanted)
    _refuse_twins(keys, wanted)
    session.execute(sa.delete(PlanFund).where(PlanFund.plan_id == plan_id))
    rows = [
        {
            "id": uuid7(), "plan_id": plan_id, "position": position, "project_id": key.project_id,
            "source": key.source, "capital_kind": key.capital_kind, "amount": fund.amount,
            "budget_line_id": fund.budget_line_id, "note": fund.note,
        }
        for position, (key, fund) in enumerate(zip(keys, wanted, strict=True))
    ]  # fmt: skip
    if rows:
        session.execute(sa.insert(PlanFund), rows)


def _faults(wanted: Sequence[NewFund]) -> Iterator[FieldError]:
    if len(wanted) > MOST:
        yield FieldError("funds", N_("Không quá {most:number} dòng"), {"most": MOST})
    for number, fund in enumerate(wanted):
        at = f"funds.{number}"
        if not 0 < fund.amount <= MAX_AMOUNT:
            message = N_("Số tiền phải là số đồng nguyên, lớn hơn 0 và không quá {most:money}.")
            yield FieldError(f"{at}.amount", message, {"most": MAX_AMOUNT})
        if len(fund.note) > 500:
            yield FieldError(f"{at}.note", N_("Dài quá {longest:number} ký tự"), {"longest": 500})
        if fund.capital_kind is not None and fund.capital_kind not in CAPITAL_KINDS:
            yield FieldError(f"{at}.capital_kind", N_("Không có trong danh sách"))
        if fund.budget_line_id is None:
            for name in ("source", "capital_kind"):
                if not getattr(fund, name):
                    yield FieldError(f"{at}.{name}", N_("Chưa chọn"))


def _refuse_twins(keys: Sequence[_Key], wanted: Sequence[NewFund]) -> None:
    """Invalid for the same money twice: it would be counted twice."""
    seen: set[object] = set()
    for number, (key, fund) in enumerate(zip(keys, wanted, strict=True)):
        what: object = fund.budget_line_id or key
        if what in seen and (fund.budget_line_id is not None or key.project_id is not None):
            raise Invalid.field(f"funds.{number}", N_("Trùng với một dòng ở trên"))
        seen.add(what)


def _keys(session: Session, actor: Actor, plan_id: uuid.UUID, wanted: Sequence[NewFund]) -> list[_Key]:
    codes = {f.project_code for f in wanted if f.project_code}
    known = session.execute(sa.select(Project.code, Project.id).where(Project.code.in_(codes)))
    projects: dict[str, int] = {row.code: row.id for row in known}
    sources = set(session.execute(sa.select(FundingSource.code)).scalars()) if wanted else set()
    lines = _lines(session, actor, plan_id, {f.budget_line_id for f in wanted if f.budget_line_id})
    return [_key(number, fund, projects, sources, lines) for number, fund in enumerate(wanted)]


def _key(
    number: int,
    fund: NewFund,
    projects: dict[str, int],
    sources: set[str],
    lines: dict[uuid.UUID, _Key],
) -> _Key:
    at = f"funds.{number}"
    if fund.project_code is not None and fund.project_code not in projects:
        message = N_("Không có dự án {code}.")
        raise NotFound(message, field=f"{at}.project_code", code=fund.project_code)
    if fund.source and fund.source not in sources:
        raise NotFound(N_("Không có nguồn vốn {code}."), field=f"{at}.source", code=fund.source)
    project_id = projects[fund.project_code] if fund.project_code is not None else None
    if fund.budget_line_id is None:
        return _Key(project_id, fund.source or "", fund.capital_kind or "")
    its = lines.get(fund.budget_line_id)
    if its is None:
        raise NotFound(N_("Không có dòng vốn này trong phạm vi của bạn."), field=f"{at}.budget_line_id")
    for name, value in (
        ("project_code", project_id),
        ("source", fund.source),
        ("capital_kind", fund.capital_kind),
    ):
        if value and value != getattr(its, name.replace("project_code", "project_id")):
            raise Invalid.field(f"{at}.{name}", N_("Không đúng với dòng vốn đã chọn"))
    return its


def _lines(session: Session, actor: Actor, plan_id: uuid.UUID, ids: set[uuid.UUID]) -> dict[uuid.UUID, _Key]:
    """Lines in the actor's scope, and those that the plan counts on already."""
    if not ids:
        return {}
    standing = sa.select(PlanFund.budget_line_id).where(
        PlanFund.plan_id == plan_id, PlanFund.budget_line_id.is_not(None)
    )
    query: sa.Select[*tuple[Any, ...]] = sa.select(
        BudgetLine.id, BudgetLine.project_id, BudgetLine.source, BudgetLine.capital_kind
    ).where(BudgetLine.id.in_(ids), sa.or_(in_scope(actor, BudgetLine.unit_id), BudgetLine.id.in_(standing)))
    return {id_: _Key(*key) for id_, *key in session.execute(query)}


def from_lines(
    actor: Actor, plan: PlanView, *, on: date | None = None, but: Collection[uuid.UUID] = ()
) -> list[NewFund]:
    """What the lines of a plan's unit have for its program and years, by project, source and capital kind; without the
    lines `but`, which stand in rows of their own."""
    require(actor, "read")
    years = list(plan.years)
    with db.snapshot() as session:
        usual = usual_last_days(session, set(years))
        rows = figures.by_project(session, actor, plan.keeper_id, years, on or today(), usual, but=but)
    return [
        NewFund(row.pockets.plan, row.project_code, row.source, row.capital_kind)
        for row in rows
        if row.program_code == plan.program_code and row.pockets.plan > 0
    ]
