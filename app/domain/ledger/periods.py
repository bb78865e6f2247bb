"""Closed periods: months or years in which a unit's book takes no more entries."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app import db
from app.clock import today, utcnow
from app.db import Executor, UtcDateTime
from app.domain import audit
from app.domain.access import Actor, in_scope, require, under
from app.domain.ledger import chain
from app.domain.territory import resolve
from app.errors import Conflict, IdTaken, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.ledger import ClosedPeriod
from app.models.territory import Unit

_period = ClosedPeriod.__table__
_CLOSED = sa.select(_period.c.id).where(
    _period.c.unit_id.in_(sa.bindparam("units", expanding=True)),
    _period.c.year == sa.bindparam("on_year"),
    _period.c.month.in_(sa.bindparam("months", expanding=True)),
    _period.c.opened_at.is_(None),
)


def refuse_closed(session: Executor, unit_ids: set[int], day: date) -> None:
    """Raise RuleBroken `period_closed` when a book is closed on a day. Called under the chain's lock."""
    closed = session.execute(
        _CLOSED, {"units": sorted(unit_ids), "on_year": day.year, "months": [0, day.month]}
    ).first()
    if closed is not None:
        raise RuleBroken(
            "period_closed",
            N_("Sổ đã khóa kỳ có ngày {on:date}. Lãnh đạo có thể mở lại kỳ này và ghi lý do."),
            on=day,
        )


@dataclass(frozen=True, slots=True)
class PeriodView:
    """A closed (or opened again) month; month 0 is the whole year."""

    id: uuid.UUID
    unit_code: str
    unit_name: str
    year: int
    month: int
    closed_by: str
    closed_at: datetime
    opened_by: str | None
    opened_at: datetime | None
    reason: str
    unit_structure: str

    @property
    def changed_at(self) -> datetime:
        return self.opened_at or self.closed_at


_PERIOD: sa.Select[*tuple[Any, ...]] = sa.select(
    ClosedPeriod.id, Unit.code, Unit.name, ClosedPeriod.year, ClosedPeriod.month, ClosedPeriod.closed_by,
    ClosedPeriod.closed_at, ClosedPeriod.opened_by, ClosedPeriod.opened_at, ClosedPeriod.reason,
    Unit.structure,
).join(Unit, Unit.id == ClosedPeriod.unit_id)  # fmt: skip


def periods(
    actor: Actor,
    *,
    unit: str | None = None,
    year: int | None = None,
    as_of: date | None = None,
    updated_since: datetime | None = None,
    oldest_first: bool = False,
    after: tuple[datetime, uuid.UUID] | None = None,
    limit: int = 200,
) -> list[PeriodView]:
    """Closed periods, latest first for people; `oldest_first` is by their last change, `after` the last one seen."""
    require(actor, "read")
    changed = sa.func.coalesce(ClosedPeriod.opened_at, ClosedPeriod.closed_at, type_=UtcDateTime)
    order = (ClosedPeriod.year.desc(), ClosedPeriod.month.desc(), ClosedPeriod.closed_at.desc())
    query = _PERIOD.where(in_scope(actor, ClosedPeriod.unit_id)).limit(limit)
    if after is not None:
        query = query.where(db.past(changed, ClosedPeriod.id, after))
    if year is not None:
        query = query.where(ClosedPeriod.year == year)
    if updated_since is not None:
        query = query.where(changed >= updated_since)
    with db.transaction() as session:
        if unit is not None:
            found = resolve(session, actor, unit, as_of=as_of, year=year)
            query = query.where(under(found.id, ClosedPeriod.unit_id))
        query = query.order_by(*((changed, ClosedPeriod.id) if oldest_first else order))
        return [PeriodView(*row) for row in session.execute(query)]


def close_period(actor: Actor, id_: uuid.UUID, unit_code: str, year: int, month: int) -> PeriodView:
    """Close a past month, or with month 0 a past year: the unit's book takes no entry dated in it."""
    require(actor, "period.close")
    if not 0 <= month <= 12:
        raise Invalid.field("month", N_("Tháng từ 1 đến 12; 0 là cả năm."))
    if (year, month or 12) >= (today().year, today().month):
        raise Invalid.field("month", N_("Chỉ khóa được kỳ đã qua."))
    with db.transaction(write=True) as session:
        unit = resolve(session, actor, unit_code, year=year, field="unit_code")
        chain.lock(session, {unit.id})  # whoever posts holds it: nothing slips in while we close
        known = session.execute(_PERIOD.where(ClosedPeriod.id == id_)).one_or_none()
        if known is not None:
            view = PeriodView(*known)
            if (view.unit_code, view.year, view.month) != (unit.code, year, month):
                raise IdTaken()
            return view
        open_one = session.execute(
            sa.select(ClosedPeriod.id).where(
                ClosedPeriod.unit_id == unit.id, ClosedPeriod.year == year, ClosedPeriod.month == month,
                ClosedPeriod.opened_at.is_(None),
            )
        ).first()  # fmt: skip
        if open_one is not None:
            raise Conflict(N_("Kỳ này đã khóa rồi."))
        session.execute(
            sa.insert(ClosedPeriod).values(
                id=id_, unit_id=unit.id, year=year, month=month, closed_at=utcnow(), closed_by=actor.ref
            )
        )
        audit.record(session, actor, "period.close", "period", id_, unit.id, year=year, month=month)
        return PeriodView(*session.execute(_PERIOD.where(ClosedPeriod.id == id_)).one())


def open_period(actor: Actor, id_: uuid.UUID, reason: str) -> PeriodView:
    """Open a closed period again, with a reason that stays on record."""
    require(actor, "period.open")
    if not reason.strip():
        raise Invalid.field("reason", N_("Ghi lý do mở lại kỳ."))
    with db.transaction(write=True) as session:
        mine = in_scope(actor, ClosedPeriod.unit_id)
        found = session.execute(
            sa.select(ClosedPeriod.unit_id, ClosedPeriod.opened_at)
            .where(ClosedPeriod.id == id_, mine)
            .with_for_update()
        ).one_or_none()
        if found is None:
            raise NotFound()
        if found.opened_at is not None:
            raise Conflict(N_("Kỳ này đã mở lại rồi."))
        session.execute(
            sa.update(ClosedPeriod)
            .where(ClosedPeriod.id == id_)
            .values(opened_at=utcnow(), opened_by=actor.ref, reason=reason.strip())
        )
        audit.record(session, actor, "period.open", "period", id_, found.unit_id, reason=reason.strip())
        return PeriodView(*session.execute(_PERIOD.where(ClosedPeriod.id == id_)).one())
