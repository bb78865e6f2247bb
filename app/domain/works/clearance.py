"""Site clearance of a work (giải phóng mặt bằng): its compensation plan, and what stands against it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from app import db
from app.clock import utcnow
from app.db import big_sum
from app.domain import audit
from app.domain.access import Actor, in_scope, require
from app.domain.works import steps
from app.errors import Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.base import MAX_AMOUNT
from app.models.clearance import ClearanceHousehold, ClearancePayment, SiteClearance
from app.models.ledger import LedgerEntry
from app.models.works import Work

PROCEDURE: Final = steps.CLEARANCE  # of its own steps, and the track on which they stand
_FIRST_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class ClearanceSummary:
    """A work's clearance in figures: money in đồng, `plan_amount` null until a plan is set."""

    households: int
    handed_over: int
    area_dm2: int
    plan_amount: int | None
    due: int
    paid: int

    @property
    def unpaid(self) -> int:
        return self.due - self.paid

    @property
    def waiting(self) -> int:
        """Households that have not handed over."""
        return self.households - self.handed_over


@dataclass(frozen=True, slots=True)
class ClearanceView:
    """A work's clearance; one that has not begun is all zeros, with the version that it begins with."""

    work_id: uuid.UUID
    unit_id: int
    begun: bool
    figures: ClearanceSummary
    note: str
    version: int
    updated_at: datetime | None


_Reversal = aliased(LedgerEntry)


def counts() -> sa.ColumnElement[bool]:
    """The condition that a payment counts: an entry that was reversed pays nobody."""
    return ~sa.exists().where(_Reversal.reverses_id == ClearancePayment.entry_id)


def _summaries() -> sa.Select[*tuple[Any, ...]]:
    paid = (
        sa.select(ClearanceHousehold.work_id, big_sum(ClearancePayment.amount).label("paid"))
        .join(ClearancePayment, ClearancePayment.household_id == ClearanceHousehold.id)
        .where(counts())
        .group_by(ClearanceHousehold.work_id)
        .subquery("paid")
    )
    people = (
        sa.select(
            ClearanceHousehold.work_id,
            sa.func.count().label("households"),
            sa.func.count(ClearanceHousehold.handed_over_on).label("handed_over"),
            big_sum(ClearanceHousehold.area_dm2).label("area_dm2"),
        )
        .group_by(ClearanceHousehold.work_id)
        .subquery("people")
    )
    return (
        sa.select(
            SiteClearance.work_id, sa.func.coalesce(people.c.households, 0),
            sa.func.coalesce(people.c.handed_over, 0), sa.func.coalesce(people.c.area_dm2, 0),
            SiteClearance.plan_amount, SiteClearance.due_total, sa.func.coalesce(paid.c.paid, 0),
        )
        .outerjoin(people, people.c.work_id == SiteClearance.work_id)
        .outerjoin(paid, paid.c.work_id == SiteClearance.work_id)
    )  # fmt: skip


def summaries(session: Session, work_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, ClearanceSummary]:
    """Clearance of those of these works where it has begun: one statement."""
    query = _summaries().where(SiteClearance.work_id.in_(work_ids))
    return {row[0]: ClearanceSummary(*row[1:]) for row in session.execute(query)}


def unit_of(session: Session, actor: Actor, work_id: uuid.UUID) -> int:
    """The unit that owns a work; NotFound out of the actor's scope."""
    unit_id = session.execute(
        sa.select(Work.owner_unit_id).where(Work.id == work_id, in_scope(actor, Work.owner_unit_id))
    ).scalar_one_or_none()
    if unit_id is None:
        raise NotFound()
    return unit_id


def get(actor: Actor, work_id: uuid.UUID) -> ClearanceView:
    """A work's clearance. NotFound out of scope."""
    require(actor, "read")
    with db.transaction() as session:
        return view_of(session, unit_of(session, actor, work_id), work_id)


def view_of(session: Session, unit_id: int, work_id: uuid.UUID) -> ClearanceView:
    """The clearance of a work that the unit owns: one statement."""
    row = session.execute(
        _summaries()
        .add_columns(SiteClearance.note, SiteClearance.version, SiteClearance.updated_at)
        .where(SiteClearance.work_id == work_id)
    ).one_or_none()
    if row is None:
        none = ClearanceSummary(0, 0, 0, None, 0, 0)
        return ClearanceView(work_id, unit_id, False, none, "", _FIRST_VERSION, None)
    values = list(row)
    return ClearanceView(work_id, unit_id, True, ClearanceSummary(*values[1:7]), *values[7:])


# Writing. The row of a work's clearance is locked before anything below it is read: two writers come in turn.


@dataclass(frozen=True, slots=True)
class Plan:
    """The locked row: what bounds households' compensation, and what they are due together."""

    amount: int | None
    due_total: int


def locked(session: Session, work_id: uuid.UUID) -> Plan | None:
    """Lock a work's clearance; None where it has not begun."""
    row = session.execute(
        sa.select(SiteClearance.plan_amount, SiteClearance.due_total)
        .where(SiteClearance.work_id == work_id)
        .with_for_update()
    ).one_or_none()
    return None if row is None else Plan(*row)


def begun(session: Session, actor: Actor, work_id: uuid.UUID, unit_id: int) -> Plan:
    """Lock a work's clearance, which begins now where it has not: its seven steps come with it."""
    plan = locked(session, work_id)
    if plan is not None:
        return plan
    try:
        with session.begin_nested():
            session.execute(
                sa.insert(SiteClearance).values(
                    work_id=work_id, plan_amount=None, due_total=0, note="", version=_FIRST_VERSION,
                    updated_at=utcnow(),
                )
            )  # fmt: skip
    except IntegrityError:  # somebody else has just begun it
        plan = locked(session, work_id)
        if plan is None:
            raise
        return plan
    steps.start(session, work_id, PROCEDURE)
    audit.record(session, actor, "clearance.begin", "site_clearance", work_id, unit_id)
    return Plan(None, 0)


def begin(actor: Actor, work_id: uuid.UUID) -> ClearanceView:
    """Begin a work's clearance; the same again changes nothing."""
    require(actor, "clearance.edit")
    with db.transaction(write=True) as session:
        unit_id = unit_of(session, actor, work_id)
        begun(session, actor, work_id, unit_id)
        return view_of(session, unit_id, work_id)


def update(actor: Actor, work_id: uuid.UUID, version: int, changes: dict[str, Any]) -> ClearanceView:
    """Set `plan_amount` (đồng, or None) or `note`. Raises Stale when somebody changed it since.

    RuleBroken `compensation_plan`: a plan is never below what households are due together.
    """
    require(actor, "clearance.edit")
    amount = changes.get("plan_amount")
    if amount is not None and not 0 <= amount <= MAX_AMOUNT:
        message = N_("Số tiền phải là số đồng nguyên, từ 0 đến {most:money}.")
        raise Invalid.field("plan_amount", message, most=MAX_AMOUNT)
    with db.transaction(write=True) as session:
        unit_id = unit_of(session, actor, work_id)
        plan = begun(session, actor, work_id, unit_id)
        standing = view_of(session, unit_id, work_id)
        if standing.version != version:
            raise Stale(standing)
        held = {"plan_amount": standing.figures.plan_amount, "note": standing.note}
        changes = {name: value for name, value in changes.items() if value != held[name]}
        if not changes:
            return standing
        if amount is not None and plan.due_total > amount:
            raise RuleBroken(
                "compensation_plan",
                N_("Phương án {asked:money} thấp hơn tổng bồi thường của các hộ {held:money}."),
                asked=amount, held=plan.due_total,
            )  # fmt: skip
        session.execute(
            sa.update(SiteClearance)
            .where(SiteClearance.work_id == work_id)
            .values(**changes, version=version + 1, updated_at=utcnow())
        )
        facts = {name: value for name, value in changes.items() if name != "note"}
        audit.record(
            session, actor, "clearance.update", "site_clearance", work_id, unit_id, **facts,
            fields=sorted(changes),
        )  # fmt: skip
        return view_of(session, unit_id, work_id)


def add_due(session: Session, work_id: uuid.UUID, plan: Plan, more: int) -> None:
    """Count what households are due more (or less), under the row's lock.

    RuleBroken `compensation_plan` when they would be due more than the plan; the database refuses it too.
    """
    asked = plan.due_total + more
    if more > 0 and plan.amount is not None and asked > plan.amount:
        raise RuleBroken(
            "compensation_plan",
            N_("Tổng bồi thường {asked:money} vượt phương án {held:money}."),
            asked=asked, held=plan.amount,
        )  # fmt: skip
    if more:
        session.execute(
            sa.update(SiteClearance).where(SiteClearance.work_id == work_id).values(due_total=asked)
        )
