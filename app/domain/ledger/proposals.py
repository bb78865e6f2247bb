"""Maker and checker: what waits, and posting, rejecting or cancelling it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain import audit
from app.domain.access import Actor, in_scope, require
from app.domain.ledger import posting
from app.domain.ledger.entries import EntryView, NewEntry
from app.domain.ledger.views import EntryFilter, ListedEntry, entries, stored_views
from app.errors import Conflict, Forbidden, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.ledger import BudgetLine, LedgerEntry, Proposal


def waiting(actor: Actor, *, unit: str | None = None, limit: int = 200) -> list[ListedEntry]:
    """Proposals that wait for a checker, oldest first."""
    return entries(actor, EntryFilter(unit=unit, status="proposed"), limit=limit)


def held_back(session: Session, line_id: uuid.UUID) -> dict[str, int]:
    """What waits on a line, in đồng by kind: forms show it beside what the line holds."""
    rows = session.execute(
        sa.select(Proposal.kind, sa.cast(sa.func.sum(Proposal.amount), sa.BigInteger))
        .where(Proposal.budget_line_id == line_id, Proposal.status == "proposed")
        .group_by(Proposal.kind)
    )
    return dict(rows.all())


def post(actor: Actor, proposal_id: uuid.UUID) -> EntryView:
    """Post somebody else's proposal: every rule is checked again, the entry keeps the id.

    One that was made together with others is posted with them, all or none; Forbidden where one of them
    concerns a unit outside the checker's own. Raises RuleBroken `own_proposal` for one's own. Posting what is posted already gives it back.
    """
    require(actor, "ledger.post")
    return _decide(actor, proposal_id, _post)


def reject(actor: Actor, proposal_id: uuid.UUID, reason: str) -> EntryView:
    """Refuse a proposal, with a reason for its maker."""
    require(actor, "ledger.post")
    if not reason.strip():
        raise Invalid.field("reason", N_("Ghi lý do trả lại để người lập sửa."))
    return _decide(actor, proposal_id, partial(_close, status="rejected", reason=reason.strip()))


def cancel(actor: Actor, proposal_id: uuid.UUID) -> EntryView:
    """Take one's own proposal back."""
    require(actor, "ledger.propose")
    return _decide(actor, proposal_id, partial(_close, status="cancelled", reason=""))


_Row = sa.Row[uuid.UUID, str, int, str, bool]
_Decision = Callable[[Session, Actor, list[_Row], uuid.UUID | None], None]


def _decide(actor: Actor, proposal_id: uuid.UUID, decision: _Decision) -> EntryView:
    with db.transaction(write=True) as session:
        db.share_ledger_lock(session)
        found = session.execute(
            sa.select(Proposal.status, Proposal.group_id)
            .join(BudgetLine, BudgetLine.id == Proposal.budget_line_id)
            .where(Proposal.id == proposal_id, in_scope(actor, BudgetLine.unit_id))
        ).one_or_none()
        if found is None:
            return _posted_already(session, actor, proposal_id)
        together = Proposal.id == proposal_id
        if found.group_id is not None:
            together = Proposal.group_id == found.group_id
        rows = session.execute(
            sa.select(
                Proposal.id, Proposal.recorded_by, BudgetLine.unit_id, Proposal.status,
                in_scope(actor, BudgetLine.unit_id).label("mine"),
            )
            .join(BudgetLine, BudgetLine.id == Proposal.budget_line_id)
            .where(together)
            .order_by(Proposal.position, Proposal.id)
            .with_for_update(of=Proposal)
        ).all()  # fmt: skip
        if not all(row.mine for row in rows):
            raise Forbidden(
                N_("Phiếu này gồm dòng vốn của đơn vị khác: cấp trên của các đơn vị đó mới xử lý được.")
            )
        if all(row.status == "posted" for row in rows) and decision is _post:
            return next(stored_views(session, [proposal_id]))[0]
        if any(row.status != "proposed" for row in rows):
            raise Conflict(N_("Phiếu này không còn chờ duyệt."))
        decision(session, actor, list(rows), found.group_id)
        return next(stored_views(session, [proposal_id]))[0]


def _posted_already(session: Session, actor: Actor, entry_id: uuid.UUID) -> EntryView:
    posted = session.execute(
        sa.select(LedgerEntry.id)
        .join(BudgetLine, BudgetLine.id == LedgerEntry.budget_line_id)
        .where(LedgerEntry.id == entry_id, in_scope(actor, BudgetLine.unit_id))
    ).one_or_none()
    if posted is None:
        raise NotFound()
    raise Conflict(N_("Bút toán này không chờ duyệt."))


def _post(session: Session, actor: Actor, rows: list[_Row], group: uuid.UUID | None) -> None:
    if any(row.recorded_by == actor.ref for row in rows):
        raise RuleBroken(
            "own_proposal", N_("Người lập không tự duyệt phiếu của mình; cần một người khác có quyền duyệt.")
        )
    asked = {view.id: (view, body) for view, body in stored_views(session, [row.id for row in rows])}
    drafts = [posting.redraft(session, actor, _asked(asked[row.id][0]), asked[row.id][1]) for row in rows]
    books = posting.hold(session, actor, drafts)
    posting.post_new(books, actor, drafts, group, maker=rows[0].recorded_by)
    _mark(session, actor, rows, "posted", "")


def _asked(view: EntryView) -> NewEntry:
    contract = None if view.kind == "reversal" else view.contract_id
    return NewEntry(
        view.id, view.budget_line_id, view.kind, view.amount, view.effective_date, view.document, view.memo,
        contract, view.no_contract_reason, view.reverses_id,
        None if view.kind == "reversal" else view.to_budget_line_id, view.from_pocket,
    ).normal()  # fmt: skip


def _close(
    session: Session,
    actor: Actor,
    rows: list[_Row],
    _group: uuid.UUID | None,
    status: str,
    reason: str,
) -> None:
    mine = all(row.recorded_by == actor.ref for row in rows)
    if status == "cancelled" and not mine:
        raise Forbidden(N_("Chỉ người lập phiếu mới rút được phiếu."))
    _mark(session, actor, rows, status, reason)
    for row in rows:
        audit.record(session, actor, f"ledger.{status}", "ledger_entry", row.id, row.unit_id, reason=reason)


def _mark(session: Session, actor: Actor, rows: list[_Row], status: str, reason: str) -> None:
    session.execute(
        sa.update(Proposal)
        .where(Proposal.id.in_([row.id for row in rows]))
        .values(status=status, reason=reason, decided_by=actor.ref, changed_at=db.clock(session))
    )
