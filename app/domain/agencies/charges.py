"""Agencies in charge of units below by a decision: seen from the unit they help, and from their own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, in_scope, require, under
from app.domain.agencies.departments import CHARGE as SUBJECT
from app.domain.agencies.departments import OWN
from app.domain.agencies.departments import one as agency_of
from app.domain.boards.common import columns_of, faults_of_decision, faults_of_term, too_long
from app.domain.ledger.entries import Document, hash_body
from app.domain.sides import refuse_above
from app.domain.territory import resolve
from app.errors import IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.steering import Agency, AgencyCharge
from app.models.territory import Unit
from app.text import fold

EDITABLE: Final = ("content", "decision", "from_on", "to_on")
CONTENT_LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class ChargeView:
    """An agency in charge of a unit; `to_on` is the last day. `own`: the reader stands at the agency's unit or above."""

    id: uuid.UUID
    agency_id: uuid.UUID
    agency_name: str
    agency_short_name: str
    agency_unit_id: int
    agency_unit_code: str
    agency_unit_structure: str
    agency_unit_level: str
    agency_unit_name: str
    unit_id: int
    unit_code: str
    unit_structure: str
    unit_name: str
    content: str
    decision: Document
    from_on: date
    to_on: date | None
    illustrative: bool
    created_by: str
    version: int
    updated_at: datetime
    own: bool

    def stands(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or self.to_on >= day)


@dataclass(frozen=True, slots=True)
class NewCharge:
    """By default from the day of its decision on."""

    id: uuid.UUID
    agency_id: uuid.UUID
    unit_code: str
    decision: Document
    content: str = ""
    from_on: date | None = None

    def body_hash(self) -> str:
        typed = (self.decision.number, self.decision.date, self.decision.issuer)
        return hash_body(self.id, self.agency_id, self.unit_code, self.content, self.from_on, *typed)


@dataclass(frozen=True, slots=True)
class ChargeFilter:
    """What a list of charges is narrowed to; None leaves it open. `unit`: of which an agency is in charge, `on`: those
    that held on a day."""

    unit: str | None = None
    year: int | None = None
    as_of: date | None = None  # the day on which a bare code is read
    agency_id: uuid.UUID | None = None
    on: date | None = None
    q: str | None = None
    updated_since: datetime | None = None


_home = aliased(Unit)


def _seen(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition that a charge is seen: from the unit that it is about, or from that of the agency."""
    return sa.or_(in_scope(actor, AgencyCharge.unit_id), in_scope(actor, Agency.unit_id))


def _selection(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    C = AgencyCharge
    own = sa.case((in_scope(actor, Agency.unit_id), sa.true()), else_=sa.false())
    return (
        sa.select(
            C.id, C.agency_id, Agency.name, Agency.short_name, Agency.unit_id, _home.code, _home.structure,
            _home.level, _home.name, C.unit_id, Unit.code, Unit.structure, Unit.name, C.content, C.document_number,
            C.document_date, C.document_issuer, C.from_on, C.to_on, C.illustrative, C.created_by, C.version,
            C.updated_at, own,
        )
        .join(Agency, Agency.id == C.agency_id)
        .join(_home, _home.id == Agency.unit_id)
        .join(Unit, Unit.id == C.unit_id)
    )  # fmt: skip


def _view(row: Any) -> ChargeView:
    values: list[Any] = [*row[:14], Document(*row[14:17]), *row[17:23], bool(row[23])]
    return ChargeView(*values)


def _conditions(session: Session, actor: Actor, wanted: ChargeFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield _seen(actor)
    if wanted.unit is not None:
        unit = resolve(session, actor, wanted.unit, as_of=wanted.as_of, year=wanted.year)
        yield under(unit.id, AgencyCharge.unit_id)
    if wanted.agency_id is not None:
        yield AgencyCharge.agency_id == wanted.agency_id
    if wanted.on is not None:
        ends = AgencyCharge.to_on
        yield sa.and_(AgencyCharge.from_on <= wanted.on, sa.or_(ends.is_(None), ends >= wanted.on))
    for word in fold(wanted.q or "").split():
        yield sa.or_(*(table.search.contains(word, autoescape=True) for table in (Agency, Unit)))
    if wanted.updated_since is not None:
        yield AgencyCharge.updated_at >= wanted.updated_since


def charges(
    actor: Actor,
    wanted: ChargeFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    by_unit: bool = False,
    limit: int = 50,
) -> list[ChargeView]:
    """Charges in the order in which they changed last (`after`: the last one seen), or for people by unit and agency,
    those that ended last."""
    require(actor, "read")
    with db.transaction() as session:
        query = _selection(actor).where(*_conditions(session, actor, wanted))
        if after is not None:
            query = query.where(db.past(AgencyCharge.updated_at, AgencyCharge.id, after))
        order: tuple[Any, ...] = (AgencyCharge.updated_at, AgencyCharge.id)
        if by_unit:
            ended = sa.case((AgencyCharge.to_on.is_(None), 0), else_=1)
            order = (ended, Unit.sort_key, Unit.id, Agency.sort_key, AgencyCharge.from_on, AgencyCharge.id)
        return [_view(row) for row in session.execute(query.order_by(*order).limit(limit))]


def get(actor: Actor, charge_id: uuid.UUID) -> ChargeView:
    """One charge; NotFound where it is not seen."""
    require(actor, "read")
    with db.transaction() as session:
        return _one(session, actor, charge_id)


def _one(session: Session, actor: Actor, charge_id: uuid.UUID) -> ChargeView:
    row = session.execute(_selection(actor).where(AgencyCharge.id == charge_id, _seen(actor))).one_or_none()
    if row is None:
        raise NotFound()
    return _view(row)


def create(actor: Actor, new: NewCharge, *, illustrative: bool = False) -> tuple[ChargeView, bool]:
    """Put an agency in charge of a unit of its own unit's subtree; (the charge, whether it is new).

    NotFound names `agency_id` or `unit_code`. RuleBroken `own_agency` for who is above the agency's unit,
    `already_in_charge` where it is in charge of that unit already, `agency_ended` where it has ended by then. The same
    body again gives back the same row.
    """
    require(actor, "committee.edit")
    start = new.from_on or new.decision.date
    values = {"content": new.content, "decision": new.decision, "from_on": start, "to_on": None}
    _check(values)
    try:
        return _create(actor, new, values, illustrative)
    except IntegrityError:
        return _create(actor, new, values, illustrative)  # somebody has just made it: look again


def _create(
    actor: Actor, new: NewCharge, values: Mapping[str, Any], illustrative: bool
) -> tuple[ChargeView, bool]:
    with db.transaction(write=True) as session:
        body = new.body_hash()
        stored = session.execute(
            sa.select(AgencyCharge.body_hash).where(AgencyCharge.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return _one(session, actor, new.id), False
        try:
            agency = agency_of(session, actor, new.agency_id, lock=True)
        except NotFound:
            raise NotFound(N_("Không có cơ quan này trong phạm vi của bạn."), field="agency_id") from None
        refuse_above(actor, OWN, agency.unit_level, "create")
        unit = resolve(session, actor, new.unit_code, as_of=values["from_on"], field="unit_code")
        values = {**values, "to_on": agency.ended_on}
        _refuse_ended(agency.ended_on, values)
        _refuse_twice(session, new.id, agency.id, unit.id, values)
        now = utcnow()
        session.execute(
            sa.insert(AgencyCharge).values(
                id=new.id, agency_id=agency.id, unit_id=unit.id, content=new.content, from_on=values["from_on"],
                to_on=values["to_on"], **columns_of(new.decision), illustrative=illustrative, body_hash=body, created_at=now,
                created_by=actor.ref, updated_at=now, version=1,
            )
        )  # fmt: skip
        audit.record(
            session, actor, "agency.charge", SUBJECT, new.id, unit.id, agency=agency.name,
            decision=new.decision.number, from_on=values["from_on"],
        )  # fmt: skip
        return _one(session, actor, new.id), True


def _refuse_ended(last: date | None, values: Mapping[str, Any]) -> None:
    """RuleBroken `agency_ended` for a charge that goes beyond the last day of its agency."""
    if last is not None and (values["from_on"] > last or values["to_on"] is None or values["to_on"] > last):
        message = N_("Cơ quan này đã kết thúc ngày {held:date}, không phụ trách sau ngày đó.")
        raise RuleBroken("agency_ended", message, held=last)


def _refuse_twice(
    session: Session, id_: uuid.UUID, agency_id: uuid.UUID, unit_id: int, values: Mapping[str, Any]
) -> None:
    """RuleBroken `already_in_charge` where the agency is in charge of the unit on a day of that time."""
    C = AgencyCharge
    query = sa.select(C.from_on).where(
        C.agency_id == agency_id, C.unit_id == unit_id, C.id != id_, sa.or_(C.to_on.is_(None), C.to_on >= values["from_on"])
    )  # fmt: skip
    if values["to_on"] is not None:
        query = query.where(C.from_on <= values["to_on"])
    since = session.execute(query.limit(1)).scalar_one_or_none()
    if since is not None:
        message = N_("Cơ quan này đã phụ trách đơn vị đó từ ngày {since:date}.")
        raise RuleBroken("already_in_charge", message, since=since)


def update(actor: Actor, charge_id: uuid.UUID, version: int, changes: dict[str, Any]) -> ChargeView:
    """Change a charge by the names in EDITABLE; `to_on` ends it. Raises Stale when somebody changed it since. RuleBroken
    `own_agency` for who does not keep the agency."""
    require(actor, "committee.edit")
    with db.transaction(write=True) as session:
        found = _one(session, actor, charge_id)
        if not found.own:
            message = N_("Phân công do đơn vị của cơ quan phụ trách ghi, đơn vị được phụ trách chỉ xem.")
            raise RuleBroken("own_agency", message, asked="update", held="own")
        # The agency first, as where an agency ends with its charges.
        agency = agency_of(session, actor, found.agency_id, lock=True)
        session.execute(sa.select(AgencyCharge.id).where(AgencyCharge.id == charge_id).with_for_update())
        standing = _one(session, actor, charge_id)
        refuse_above(actor, OWN, standing.agency_unit_level, "update")
        if standing.version != version:
            raise Stale(standing)
        values: dict[str, Any] = {name: changes[name] for name in EDITABLE if name in changes}
        if not values:
            return standing
        whole = {name: getattr(standing, name) for name in EDITABLE} | values
        _check(whole)
        _refuse_ended(agency.ended_on, whole)
        _refuse_twice(session, charge_id, standing.agency_id, standing.unit_id, whole)
        if "decision" in values:
            values |= columns_of(values.pop("decision"))
        session.execute(
            sa.update(AgencyCharge)
            .where(AgencyCharge.id == charge_id)
            .values(**values, version=version + 1, updated_at=utcnow())
        )
        audit.record(
            session,
            actor,
            "agency.charge.update",
            SUBJECT,
            charge_id,
            standing.unit_id,
            fields=sorted(changes),
        )
        return _one(session, actor, charge_id)


def _check(values: Mapping[str, Any]) -> None:
    faults = [
        *too_long(values, {"content": CONTENT_LONGEST}),
        *faults_of_decision(values["decision"]),
        *faults_of_term(values["decision"], values["from_on"], values["to_on"]),
    ]
    if faults:
        raise Invalid(*faults)
