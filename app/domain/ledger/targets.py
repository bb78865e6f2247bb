"""Where a line's money may go: the lines below it that it can be distributed to, and those of the next year."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain.access import Actor, in_scope, require
from app.domain.ledger.lines import LineView, views_where
from app.domain.territory import takes_over
from app.errors import NotFound
from app.models.ledger import BudgetLine
from app.models.territory import UnitScope

MOST = 400


def distribution_targets(actor: Actor, line_id: uuid.UUID) -> list[LineView]:
    """Lines of the same project, source, capital kind and years, in the line's unit or below it."""
    require(actor, "read")
    with db.transaction() as session:
        line = _own(session, actor, line_id)
        below = sa.select(UnitScope.unit_id).where(UnitScope.ancestor_id == line.unit_id)
        return views_where(
            session,
            BudgetLine.id != line_id,
            *_same(line, "project_id", "source", "capital_kind", "year", "origin_year"),
            BudgetLine.unit_id.in_(below),
            in_scope(actor, BudgetLine.unit_id),
            limit=MOST,
        )


def carry_targets(actor: Actor, line_id: uuid.UUID) -> list[LineView]:
    """Lines of the next year with otherwise the same key, of the same unit or of the one that took it over."""
    require(actor, "read")
    with db.transaction() as session:
        line = _own(session, actor, line_id)
        purpose = ("project_id", "source", "capital_kind", "origin_year", "work_id", "support_model_id")
        return views_where(
            session,
            BudgetLine.year == line.year + 1,
            *_same(line, *purpose),
            sa.or_(BudgetLine.unit_id == line.unit_id, takes_over(BudgetLine.unit_id, line.unit_id)),
            in_scope(actor, BudgetLine.unit_id),
            limit=MOST,
        )


def _own(session: Session, actor: Actor, line_id: uuid.UUID) -> BudgetLine:
    line = session.execute(
        sa.select(BudgetLine).where(BudgetLine.id == line_id, in_scope(actor, BudgetLine.unit_id))
    ).scalar_one_or_none()
    if line is None:
        raise NotFound()
    return line


def _same(line: BudgetLine, *names: str) -> list[sa.ColumnElement[bool]]:
    return [getattr(BudgetLine, name).is_not_distinct_from(getattr(line, name)) for name in names]
