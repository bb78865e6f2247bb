"""One person's slips: those of others to check, and of one's own what was returned, what waits, what went through."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import db
from app.clock import utcnow
from app.domain.access import Actor, in_scope
from app.models.identity import User
from app.models.ledger import BudgetLine, LedgerEntry, Proposal
from app.models.programs import FundingSource, Project

CHECK, RETURNED, WAITING, WENT = "check", "returned", "waiting", "went"
RETURNED_FOR: Final = timedelta(days=30)  # how long a returned proposal stays with its maker
WENT_FOR: Final = timedelta(days=7)
_SHARED: Final = ("id", "kind", "amount", "document_number", "effective_date", "recorded_by", "illustrative")


@dataclass(frozen=True, slots=True)
class Slip:
    """An entry or a proposal of one of the groups above; `at` when it was recorded or decided last, `maker` and
    `checker` by name."""

    group: str
    id: uuid.UUID
    kind: str
    amount: int
    document_number: str
    effective_date: date
    recorded_by: str
    illustrative: bool
    reason: str
    at: datetime
    project_code: str
    project_name: str
    source_name: str
    source_name_en: str
    maker: str
    checker: str

    def source(self, lang: str) -> str:
        return self.source_name_en if lang == "en" else self.source_name


@dataclass(frozen=True, slots=True)
class Together:
    """How many slips a group has, and their sum in đồng."""

    number: int
    amount: int


def slips(session: Session, actor: Actor, limit: int) -> tuple[list[Slip], dict[str, Together]]:
    """(of each group at most `limit`: those to check the oldest first, one's own the latest first; each group
    together): one statement. Nothing for who neither proposes nor posts."""
    parts = list(_parts(actor))
    if not parts:
        return [], {}
    every = sa.union_all(*parts).subquery()
    amount = sa.cast(sa.func.sum(every.c.amount).over(partition_by=every.c.its_group), sa.BigInteger)
    rows = sa.select(*every.c, amount.label("together")).subquery()
    oldest = sa.case((rows.c.its_group == CHECK, rows.c.at))
    query = db.first_of_each(rows, (rows.c.its_group,), (oldest, rows.c.at.desc(), rows.c.id), limit)
    found = session.execute(query).all()
    return [Slip(*row[:-2]) for row in found], {row[0]: Together(row[-1], row[-2]) for row in found}


def _parts(actor: Actor) -> list[sa.Select[*tuple[Any, ...]]]:
    now, P, E = utcnow(), Proposal, LedgerEntry
    own = P.recorded_by == actor.ref
    found = []
    if actor.may("ledger.post"):
        found.append(_rows(actor, CHECK, P).where(P.status == "proposed", sa.not_(own)))
    if actor.may("ledger.propose"):
        back = (P.status == "rejected", own, P.changed_at >= now - RETURNED_FOR)
        went = (E.recorded_by == actor.ref, E.posted_by != actor.ref, E.recorded_at >= now - WENT_FOR)
        found += [
            _rows(actor, RETURNED, P).where(*back),
            _rows(actor, WAITING, P).where(P.status == "proposed", own),
            _rows(actor, WENT, E).where(*went),
        ]
    return found


def _rows(actor: Actor, group: str, table: type[Proposal] | type[LedgerEntry]) -> sa.Select[*tuple[Any, ...]]:
    maker, checker = aliased(User), aliased(User)
    posted = table is LedgerEntry
    query = sa.select(
        sa.literal(group).label("its_group"), *(getattr(table, name) for name in _SHARED),
        (sa.literal("") if posted else Proposal.reason).label("reason"),
        (LedgerEntry.recorded_at if posted else Proposal.changed_at).label("at"),
        Project.code, Project.name, FundingSource.name.label("source_name"), FundingSource.name_en,
        sa.func.coalesce(maker.full_name, table.recorded_by).label("maker"),
        (sa.func.coalesce(checker.full_name, LedgerEntry.posted_by, "") if posted else sa.literal("")).label("checker"),
    )  # fmt: skip
    joined = (
        query.join(BudgetLine, BudgetLine.id == table.budget_line_id)
        .join(Project, Project.id == BudgetLine.project_id)
        .join(FundingSource, FundingSource.code == BudgetLine.source)
        .outerjoin(maker, maker.username == table.recorded_by)
    )
    if posted:
        joined = joined.outerjoin(checker, checker.username == LedgerEntry.posted_by)
    return joined.where(in_scope(actor, BudgetLine.unit_id))
