"""Agencies of a unit (phòng, ban, Mặt trận, hội, đoàn thể), and which of them is in charge of which unit below."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, in_scope, require, under
from app.domain.boards.common import too_long
from app.domain.ledger.entries import hash_body
from app.domain.sides import Own, refuse_above
from app.domain.territory import resolve
from app.errors import FieldError, IdTaken, Invalid, NotFound, Stale
from app.i18n import N_
from app.models.steering import Agency, AgencyCharge
from app.models.territory import Unit
from app.text import fold, sort_key

SUBJECT: Final = "agency"
CHARGE: Final = "agency_charge"
EDITABLE: Final = ("name", "short_name", "ended_on")
LONGEST: Final = {"name": 200, "short_name": 60}
OWN: Final = Own("own_agency", N_("Cơ quan do đơn vị của cơ quan đó ghi, cấp trên chỉ xem."))


@dataclass(frozen=True, slots=True)
class AgencyView:
    """A department, front or union of a unit; `ended_on` is its last day."""

    id: uuid.UUID
    unit_id: int
    unit_code: str
    unit_structure: str
    unit_level: str
    unit_name: str
    name: str
    short_name: str
    ended_on: date | None
    illustrative: bool
    created_by: str
    version: int
    updated_at: datetime

    @property
    def short(self) -> str:
        return self.short_name or self.name


@dataclass(frozen=True, slots=True)
class NewAgency:
    id: uuid.UUID
    unit_code: str
    name: str
    short_name: str = ""

    def body_hash(self) -> str:
        return hash_body(self.id, self.unit_code, self.name, self.short_name)


@dataclass(frozen=True, slots=True)
class AgencyFilter:
    """What a list of agencies is narrowed to; None leaves it open. `on`: those that were there on a day."""

    unit: str | None = None
    year: int | None = None
    as_of: date | None = None  # the day on which a bare code is read
    on: date | None = None
    q: str | None = None
    updated_since: datetime | None = None


def _selection() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        Agency.id, Agency.unit_id, Unit.code, Unit.structure, Unit.level, Unit.name, Agency.name, Agency.short_name,
        Agency.ended_on, Agency.illustrative, Agency.created_by, Agency.version, Agency.updated_at,
    ).join(Unit, Unit.id == Agency.unit_id)  # fmt: skip


def one(session: Session, actor: Actor, agency_id: uuid.UUID, *, lock: bool = False) -> AgencyView:
    """An agency in the transaction of whoever asks; `lock` lets one writer at a time at it. NotFound out of scope."""
    mine = sa.and_(Agency.id == agency_id, in_scope(actor, Agency.unit_id))
    if lock:
        session.execute(sa.select(Agency.id).where(mine).with_for_update())
    row = session.execute(_selection().where(mine)).one_or_none()
    if row is None:
        raise NotFound()
    return AgencyView(*row)


def _conditions(session: Session, actor: Actor, wanted: AgencyFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield in_scope(actor, Agency.unit_id)
    if wanted.unit is not None:
        unit = resolve(session, actor, wanted.unit, as_of=wanted.as_of, year=wanted.year)
        yield under(unit.id, Agency.unit_id)
    if wanted.on is not None:
        yield sa.or_(Agency.ended_on.is_(None), Agency.ended_on >= wanted.on)
    for word in fold(wanted.q or "").split():
        yield Agency.search.contains(word, autoescape=True)
    if wanted.updated_since is not None:
        yield Agency.updated_at >= wanted.updated_since


def agencies(
    actor: Actor,
    wanted: AgencyFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    by_name: bool = False,
    limit: int = 50,
) -> list[AgencyView]:
    """Agencies in the order in which they changed last (`after`: the last one seen), or for people by unit and name."""
    require(actor, "read")
    with db.transaction() as session:
        query = _selection().where(*_conditions(session, actor, wanted))
        if after is not None:
            query = query.where(db.past(Agency.updated_at, Agency.id, after))
        order: tuple[Any, ...] = (Agency.updated_at, Agency.id)
        if by_name:
            order = (Unit.sort_key, Unit.id, Agency.sort_key, Agency.id)
        return [AgencyView(*row) for row in session.execute(query.order_by(*order).limit(limit))]


def get(actor: Actor, agency_id: uuid.UUID) -> AgencyView:
    """One agency; NotFound outside the actor's scope."""
    require(actor, "read")
    with db.transaction() as session:
        return one(session, actor, agency_id)


def create(actor: Actor, new: NewAgency, *, illustrative: bool = False) -> tuple[AgencyView, bool]:
    """Add an agency; (the agency, whether it is new).

    The same body again gives back the same row; another body under its id raises IdTaken. RuleBroken `own_agency` for a
    unit below the actor's.
    """
    require(actor, "committee.edit")
    _check({"name": new.name, "short_name": new.short_name})
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just made it: look again


def _create(actor: Actor, new: NewAgency, illustrative: bool) -> tuple[AgencyView, bool]:
    with db.transaction(write=True) as session:
        body = new.body_hash()
        stored = session.execute(sa.select(Agency.body_hash).where(Agency.id == new.id)).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return one(session, actor, new.id), False
        unit = resolve(session, actor, new.unit_code, field="unit_code")
        refuse_above(actor, OWN, unit.level, "create")
        now = utcnow()
        session.execute(
            sa.insert(Agency).values(
                id=new.id, unit_id=unit.id, name=new.name, short_name=new.short_name, illustrative=illustrative,
                **_searched(new.name, new.short_name), body_hash=body, created_at=now, created_by=actor.ref,
                updated_at=now, version=1,
            )
        )  # fmt: skip
        audit.record(session, actor, "agency.create", SUBJECT, new.id, unit.id, name=new.name)
        return one(session, actor, new.id), True


def _searched(name: str, short_name: str) -> dict[str, str]:
    return {"search": fold(f"{name} {short_name}"), "sort_key": sort_key(name)}


def update(actor: Actor, agency_id: uuid.UUID, version: int, changes: dict[str, Any]) -> AgencyView:
    """Change `name`, `short_name` or `ended_on`, with which its charges end. Raises Stale when somebody changed it since."""
    require(actor, "committee.edit")
    with db.transaction(write=True) as session:
        standing = one(session, actor, agency_id, lock=True)
        refuse_above(actor, OWN, standing.unit_level, "update")
        if standing.version != version:
            raise Stale(standing)
        values = {name: changes[name] for name in EDITABLE if name in changes}
        if not values:
            return standing
        whole = {name: getattr(standing, name) for name in EDITABLE} | values
        _check(whole)
        if whole["ended_on"] is not None:
            _end_charges(session, actor, agency_id, whole["ended_on"])
        session.execute(
            sa.update(Agency)
            .where(Agency.id == agency_id)
            .values(
                **values, **_searched(whole["name"], whole["short_name"]), version=version + 1, updated_at=utcnow()
            )
        )  # fmt: skip
        audit.record(
            session, actor, "agency.update", SUBJECT, agency_id, standing.unit_id, fields=sorted(values)
        )
        return one(session, actor, agency_id)


def _end_charges(session: Session, actor: Actor, agency_id: uuid.UUID, last: date) -> None:
    """An agency that ends is in charge of nobody any more. Invalid names `ended_on` for a day before it took one on."""
    C = AgencyCharge
    query = sa.select(C.id, C.unit_id, C.from_on).where(
        C.agency_id == agency_id, sa.or_(C.to_on.is_(None), C.to_on > last)
    )
    for id_, unit_id, from_on in session.execute(query.order_by(C.from_on, C.id)).all():
        if from_on > last:
            message = N_("Không trước ngày {day:date} cơ quan nhận phụ trách đơn vị.")
            raise Invalid.field("ended_on", message, day=from_on)
        ended = sa.update(C).where(C.id == id_)
        session.execute(ended.values(to_on=last, version=C.version + 1, updated_at=utcnow()))
        audit.record(
            session, actor, "agency.charge.update", CHARGE, id_, unit_id, fields=["to_on"], to_on=last
        )


def _check(values: Mapping[str, Any]) -> None:
    faults = list(too_long(values, LONGEST))
    if not values["name"].strip():
        faults.append(FieldError("name", N_("Chưa điền")))
    if faults:
        raise Invalid(*faults)
