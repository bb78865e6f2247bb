"""Contracts of a work as they stand: values with amendments, what was accepted and disbursed, what runs out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain.access import Actor, in_scope, require
from app.errors import NotFound
from app.i18n import N_
from app.models.programs import Parameter
from app.models.works import Contract, ContractAmendment, ContractBalance, Work
from app.text import fold

WHOLE: Final = 10_000  # shares of a contract's value are kept in ten-thousandths
SOON: Final = timedelta(days=30)  # before the end of a guarantee: time to have it extended
_OVER: Final = (
    "completed",
    "handed_over",
    "settled",
    "cancelled",
)  # stages in which nothing is built any more


@dataclass(frozen=True, slots=True)
class Amendment:
    """`value` is the signed difference in đồng."""

    value: int
    signed_on: date


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract and what was accepted, asked and disbursed on it over all years, in đồng.

    `recovered_at`: the share of its value, in ten-thousandths, at whose acceptance advances must be recovered whole
    (parameter `advance.recovered_at` on the day of signing; null where no rule is known).
    """

    id: uuid.UUID
    work_id: uuid.UUID
    work_code: str
    work_name: str
    work_stage: str
    code: str
    contractor: str
    value: int
    advance_limit: int
    advance_permit: str
    signed_on: date
    package: str
    selection: str
    starts_on: date | None
    ends_on: date | None
    guarantee: str
    guarantee_amount: int | None
    guarantee_until: date | None
    illustrative: bool
    version: int
    value_with_amendments: int
    advance_ceiling: int
    net_advances: int
    advanced: int
    paid: int
    accepted: int
    asked: int
    updated_at: datetime
    amendments: tuple[Amendment, ...] = ()
    recovered_at: int | None = None

    @property
    def disbursed(self) -> int:
        return self.advanced + self.paid

    @property
    def room(self) -> int:
        """What may still be accepted."""
        return self.value_with_amendments - self.accepted

    @property
    def unfinished(self) -> bool:
        """Whether something is still to be built under it."""
        return self.accepted < self.value_with_amendments and self.work_stage not in _OVER

    @property
    def difference(self) -> int:
        """Accepted less disbursed: to be paid above zero, to be recovered below."""
        return self.accepted - self.disbursed

    @property
    def recovery_threshold(self) -> int | None:
        """The accepted volume at which advances must be recovered whole."""
        if self.recovered_at is None:
            return None
        return -(-self.value_with_amendments * self.recovered_at // WHOLE)

    @property
    def recovery_due(self) -> int:
        """Advances that had to be recovered by now: the accepted volume has reached the threshold."""
        threshold = self.recovery_threshold
        return self.advanced if threshold is not None and self.accepted >= threshold else 0

    def guarantee_state(self, on: date) -> str:
        """Of an unfinished contract's guarantee: `expired`, `soon` (within 30 days), else `` (none, in force, done)."""
        if self.guarantee_until is None or not self.unfinished:
            return ""
        if self.guarantee_until < on:
            return "expired"
        return "soon" if self.guarantee_until - on <= SOON else ""


def _contracts(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Contract.id, Contract.work_id, Work.code, Work.name, Work.stage, Contract.code, Contract.contractor,
            Contract.value, Contract.advance_limit, Contract.advance_permit, Contract.signed_on,
            Contract.package, Contract.selection, Contract.starts_on, Contract.ends_on, Contract.guarantee,
            Contract.guarantee_amount, Contract.guarantee_until, Contract.illustrative, Contract.version,
            ContractBalance.value, ContractBalance.advance_ceiling, ContractBalance.net_advances,
            ContractBalance.advanced, ContractBalance.paid, ContractBalance.accepted, ContractBalance.asked,
            Contract.updated_at,
        )
        .join(ContractBalance, ContractBalance.contract_id == Contract.id)
        .join(Work, Work.id == Contract.work_id)
        .where(in_scope(actor, Work.owner_unit_id))
    )  # fmt: skip


def contracts(
    actor: Actor,
    *,
    work_id: uuid.UUID | None = None,
    q: str = "",
    updated_since: datetime | None = None,
    after: tuple[date, uuid.UUID] | None = None,
    limit: int = 500,
) -> list[ContractView]:
    """Contracts by the day of signing; NotFound for a work out of scope."""
    require(actor, "read")
    query = _contracts(actor)
    with db.transaction() as session:
        if work_id is not None:
            work_unit(session, actor, work_id)
            query = query.where(Contract.work_id == work_id)
        for word in fold(q).split():
            query = query.where(Contract.search.contains(word, autoescape=True))
        if updated_since is not None:
            query = query.where(Contract.updated_at >= updated_since)
        if after is not None:
            last = sa.tuple_(sa.literal(after[0]), sa.literal(after[1], sa.Uuid))
            query = query.where(sa.tuple_(Contract.signed_on, Contract.id) > last)
        return _whole(session, query.order_by(Contract.signed_on, Contract.id).limit(limit))


def of_work(session: Session, actor: Actor, work_id: uuid.UUID) -> list[ContractView]:
    """A work's contracts in the transaction of whoever asks."""
    query = _contracts(actor).where(Contract.work_id == work_id)
    return _whole(session, query.order_by(Contract.signed_on, Contract.id))


def _whole(session: Session, query: sa.Select[*tuple[Any, ...]]) -> list[ContractView]:
    """Contracts with their amendments and their rule for recovering advances: three statements."""
    rows = session.execute(query).all()
    if not rows:
        return []
    found: dict[uuid.UUID, list[Amendment]] = {row[0]: [] for row in rows}
    amendments = (
        sa.select(ContractAmendment.contract_id, ContractAmendment.value, ContractAmendment.signed_on)
        .where(ContractAmendment.contract_id.in_(list(found)))
        .order_by(ContractAmendment.id)
    )
    for contract_id, value, signed_on in session.execute(amendments):
        found[contract_id].append(Amendment(value, signed_on))
    rules = session.execute(
        sa.select(Parameter.value, Parameter.valid_from, Parameter.valid_to).where(
            Parameter.key == "advance.recovered_at"
        )
    ).all()

    def share(on: date) -> int | None:
        values = [v for v, first, last in rules if first <= on and (last is None or on <= last)]
        return int(values[0]) if values and values[0] is not None else None

    return [ContractView(*[*row, tuple(found[row[0]]), share(row.signed_on)]) for row in rows]


def get(actor: Actor, contract_id: uuid.UUID, *, work_id: uuid.UUID | None = None) -> ContractView:
    """One contract; NotFound out of scope, or where it is none of the work that is named."""
    require(actor, "read")
    with db.transaction() as session:
        return one(session, actor, contract_id, work_id=work_id)


def one(
    session: Session, actor: Actor, contract_id: uuid.UUID, *, work_id: uuid.UUID | None = None
) -> ContractView:
    """A contract in the transaction of whoever asks; NotFound out of scope or of another work than named."""
    found = _whole(session, _contracts(actor).where(Contract.id == contract_id))
    if not found or work_id not in (None, found[0].work_id):
        raise NotFound()
    return found[0]


def work_unit(session: Session, actor: Actor, work_id: uuid.UUID, *, lock: bool = False) -> int:
    """The unit that owns a work; NotFound names `work_id` out of the actor's scope.

    `lock` lets one writer at a time at the work's contracts, what is accepted and asked on them, its settlement.
    """
    query = sa.select(Work.owner_unit_id).where(Work.id == work_id, in_scope(actor, Work.owner_unit_id))
    if lock:
        query = query.with_for_update(key_share=True)  # rows that only refer to the work need not wait
    unit_id = session.execute(query).scalar_one_or_none()
    if unit_id is None:
        raise NotFound(N_("Không có công trình này trong phạm vi của bạn."), field="work_id")
    return unit_id


def locked(
    session: Session, actor: Actor, contract_id: uuid.UUID, work_id: uuid.UUID | None
) -> tuple[ContractView, int]:
    """(a contract as it stands under the lock of its work, the unit that owns the work)."""
    found = one(session, actor, contract_id, work_id=work_id)
    unit_id = work_unit(session, actor, found.work_id, lock=True)
    return one(session, actor, contract_id), unit_id


def signed(session: Session, actor: Actor, work_id: uuid.UUID) -> list[ContractView]:
    """A work's contracts without their amendments, by the day of signing: one statement."""
    query = _contracts(actor).where(Contract.work_id == work_id).order_by(Contract.signed_on, Contract.id)
    return [ContractView(*row) for row in session.execute(query)]
