"""Lists of households under filters, how many count as what, one household with its numbers and its history."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain import personal, sealed
from app.domain.access import Actor, in_scope, require, under
from app.domain.households.duplicates import alike, count_pairs
from app.domain.households.views import (
    BY_CODE,
    SUBJECT,
    SUBJECTS,
    EventView,
    Hamlet,
    HouseholdView,
    as_seen,
    events_of,
    matching,
    one,
    selection,
    with_parts,
)
from app.domain.territory import UnitView, by_id, hamlets_of, resolve
from app.errors import Forbidden, Invalid
from app.i18n import N_
from app.models.households import STATUSES, Household, HouseholdStatus
from app.models.territory import Unit

UNREVIEWED: Final = "none"
"""In place of a status: households without one in the year."""


@dataclass(frozen=True, slots=True)
class HouseholdFilter:
    """What households are narrowed to; None leaves it open. `q` finds names for those alone who see them.

    `year` is that of `status`, and reads a bare code of `unit`. `standing`: neither left nor merged.
    """

    unit: str | None = None
    hamlet: str | None = None
    year: int | None = None
    status: str | None = None
    q: str | None = None
    standing: bool | None = None
    updated_since: datetime | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of a unit's households shows, without their members unless asked; `counts` under the filter but its
    status, UNREVIEWED among them."""

    unit: UnitView
    households: list[HouseholdView]
    count: int
    counts: Mapping[str, int]
    hamlets: list[tuple[str, str]]
    years: list[int]
    year: int
    pairs: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was sealed; `closed` names what is kept but no key opens."""

    identity_number: str | None = None
    phone: str | None = None
    closed: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.identity_number or self.phone or self.closed)


@dataclass(frozen=True, slots=True)
class Whole:
    """A household with what happened to it, those that look like it, and what it was merged into."""

    household: HouseholdView
    events: list[EventView]
    alike: list[HouseholdView]
    merged_into: HouseholdView | None


def _unit(session: Session, actor: Actor, wanted: HouseholdFilter) -> UnitView:
    if wanted.unit is None:
        return by_id(session, actor.unit_id)
    return resolve(session, actor, wanted.unit, as_of=wanted.as_of, year=wanted.year)


def _conditions(actor: Actor, unit: UnitView, wanted: HouseholdFilter) -> Iterator[sa.ColumnElement[bool]]:
    H = Household
    yield in_scope(actor, H.unit_id)
    if wanted.unit is not None:
        yield H.hamlet_id == unit.id if unit.level == "hamlet" else under(unit.id, H.unit_id)
    if wanted.hamlet is not None:
        yield Hamlet.code == wanted.hamlet.partition("@")[0]
    yield from matching(actor, wanted.q or "")
    if wanted.standing is not None:
        gone = sa.or_(H.left_on.is_not(None), H.merged_into_id.is_not(None))
        yield ~gone if wanted.standing else gone
    if wanted.updated_since is not None:
        yield H.updated_at >= wanted.updated_since
    if wanted.status is not None:
        yield _status_is(wanted)


def _status_is(wanted: HouseholdFilter) -> sa.ColumnElement[bool]:
    if wanted.year is None:
        raise Invalid.field("year", N_("Lọc theo diện thì nêu năm."))
    S = HouseholdStatus
    of_year = sa.select(S.household_id).where(S.household_id == Household.id, S.year == wanted.year)
    if wanted.status == UNREVIEWED:
        return ~of_year.exists()
    return of_year.where(S.status == wanted.status).exists()


def households(
    actor: Actor,
    wanted: HouseholdFilter,
    *,
    purpose: str,
    after: tuple[datetime, uuid.UUID] | None = None,
    by_code: bool = False,
    offset: int = 0,
    limit: int = 50,
    shown: int | None = None,
) -> list[HouseholdView]:
    """Households in the order in which they changed last, or by code for people.

    Whoever is shown names is put on record for `purpose`: for those found, `shown` at most.
    """
    require(actor, "read")
    with db.transaction() as session:
        unit = _unit(session, actor, wanted)
        query = selection().where(*_conditions(actor, unit, wanted))
        if after is not None:
            query = query.where(db.past(Household.updated_at, Household.id, after))
        order = BY_CODE if by_code else (Household.updated_at, Household.id)
        rows = session.execute(query.order_by(*order).offset(offset).limit(limit)).all()
        found = with_parts(session, rows)
    note(actor, unit, found if shown is None else found[:shown], purpose)
    return [as_seen(actor, household) for household in found]


def note(actor: Actor, unit: UnitView, shown: list[HouseholdView], purpose: str) -> None:
    """Put on record who was shown these households of a unit."""
    people = sum(household.people for household in shown)
    personal.note_views(actor, unit.id, SUBJECTS, unit.exact_code, people, purpose)


def page(
    actor: Actor, wanted: HouseholdFilter, *, purpose: str, offset: int, limit: int, members: bool = False
) -> Page:
    """A unit's households by code, all of one moment; without a year the latest that has statuses. On record."""
    require(actor, "read")
    with db.transaction() as session:
        unit = _unit(session, actor, wanted)
        years = _years(session, actor, unit)
        wanted = replace(wanted, unit=unit.exact_code, year=wanted.year or (years or [today().year])[0])
        conditions = list(_conditions(actor, unit, wanted))
        rows = session.execute(
            selection().where(*conditions).order_by(*BY_CODE).offset(offset).limit(limit)
        ).all()
        counts = _counts(session, actor, unit, replace(wanted, status=None))
        found = Page(
            unit,
            with_parts(session, rows, members=members),
            sum(counts.values()) if wanted.status is None else counts.get(wanted.status, 0),
            counts,
            [(code, name) for _, code, name in hamlets_of(session, unit.id)],
            years,
            wanted.year or 0,
            count_pairs(session, actor, unit),
        )
    note(actor, unit, found.households, purpose)
    return replace(found, households=[as_seen(actor, h) for h in found.households])


def years(actor: Actor, wanted: HouseholdFilter) -> list[int]:
    """Years with statuses under the filter's unit, the latest first."""
    require(actor, "read")
    with db.transaction() as session:
        return _years(session, actor, _unit(session, actor, wanted))


def _years(session: Session, actor: Actor, unit: UnitView) -> list[int]:
    """Years with statuses, the latest first."""
    query = (
        sa.select(HouseholdStatus.year)
        .join(Household, Household.id == HouseholdStatus.household_id)
        .where(in_scope(actor, Household.unit_id), under(unit.id, Household.unit_id))
        .group_by(HouseholdStatus.year)
        .order_by(HouseholdStatus.year.desc())
    )
    return list(session.execute(query).scalars())


def _counts(session: Session, actor: Actor, unit: UnitView, wanted: HouseholdFilter) -> dict[str, int]:
    """How many count as what in the filter's year."""
    S = HouseholdStatus
    query = (
        sa.select(S.status, sa.func.count())
        .select_from(Household)
        .join(Unit, Unit.id == Household.unit_id)
        .outerjoin(Hamlet, Hamlet.id == Household.hamlet_id)
        .outerjoin(S, sa.and_(S.household_id == Household.id, S.year == wanted.year))
        .where(*_conditions(actor, unit, wanted))
        .group_by(S.status)
    )
    found: dict[str, int] = {status or UNREVIEWED: n for status, n in session.execute(query)}
    return {key: found[key] for key in (*STATUSES, UNREVIEWED) if key in found}


def get(actor: Actor, household_id: uuid.UUID, *, purpose: str) -> HouseholdView:
    """One household; whoever is shown its names is put on record. NotFound out of scope."""
    require(actor, "read")
    with db.transaction() as session:
        found = one(session, actor, household_id)
    personal.note_views(actor, found.unit_id, SUBJECT, household_id, found.people, purpose)
    return as_seen(actor, found)


def whole(actor: Actor, household_id: uuid.UUID, *, purpose: str) -> Whole:
    """A household with its history and those that look like it; views are put on record."""
    require(actor, "read")
    with db.transaction() as session:
        found = one(session, actor, household_id)
        like = alike(session, actor, found)
        kept = one(session, actor, found.merged_into_id) if found.merged_into_id else None
        events = events_of(session, household_id)
    people = sum(h.people for h in (found, *like, *([kept] if kept else [])))
    personal.note_views(actor, found.unit_id, SUBJECT, household_id, people, purpose)
    return Whole(
        as_seen(actor, found), events, [as_seen(actor, h) for h in like], kept and as_seen(actor, kept)
    )


def history(actor: Actor, household_id: uuid.UUID) -> list[EventView]:
    """What happened to a household, in order."""
    require(actor, "read")
    with db.transaction() as session:
        one(session, actor, household_id)
        return events_of(session, household_id)


def numbers(actor: Actor, household_id: uuid.UUID) -> Numbers:
    """What was sealed of a household, for those alone who see persons' data: on record under a purpose of its own."""
    require(actor, "read")
    if not actor.sees_people:
        raise Forbidden(N_("Vai trò của bạn không xem số giấy tờ, điện thoại."))
    with db.transaction() as session:
        found = one(session, actor, household_id)
        opened = opened_numbers(session, household_id)
    if opened.any:
        personal.note_views(actor, found.unit_id, SUBJECT, household_id, 1, "identity")
    return opened


def opened_numbers(session: Session, household_id: uuid.UUID) -> Numbers:
    """What was sealed of a household, for the domain alone: who shows it puts that on record."""
    row = session.execute(
        sa.select(Household.identity_number, Household.phone).where(Household.id == household_id)
    ).one()
    texts = dict(zip(sealed.SEALED, row, strict=True))
    opened: dict[str, Any] = {name: sealed.unseal(text) for name, text in texts.items()}
    return Numbers(
        **opened, closed=tuple(n for n, text in texts.items() if text is not None and opened[n] is None)
    )


def hamlets(actor: Actor, unit_code: str) -> list[tuple[str, str]]:
    """(code, name) of the hamlets of a unit."""
    require(actor, "read")
    with db.transaction() as session:
        unit = resolve(session, actor, unit_code)
        return [(code, name) for _, code, name in hamlets_of(session, unit.id)]
