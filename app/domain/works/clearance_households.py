"""Households affected by a work (hộ bị ảnh hưởng): area, assets, compensation due and paid, handing over.

Their names are masked for whoever need not see them; who is shown them is put on record.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.db import big_sum
from app.domain import personal
from app.domain.access import Actor, require
from app.domain.territory import hamlets_of
from app.domain.works.clearance import ClearanceView, counts, unit_of, view_of
from app.errors import NotFound
from app.models.clearance import ClearanceHousehold, ClearancePayment
from app.models.ledger import LedgerEntry
from app.models.territory import Unit
from app.text import fold

WAITING, HANDED_OVER, UNPAID, AT_RISK, GIFT = "waiting", "handed_over", "unpaid", "at_risk", "gift"
STATES: Final = (WAITING, HANDED_OVER, UNPAID, AT_RISK, GIFT)
SUBJECT: Final = "clearance_household"
_BY_CODE: Final = (ClearanceHousehold.sort_key, ClearanceHousehold.code, ClearanceHousehold.id)


@dataclass(frozen=True, slots=True)
class PaymentView:
    """The share of an entry that paid a household, in đồng; one whose entry was reversed pays nothing."""

    entry_id: uuid.UUID
    amount: int
    document_number: str
    paid_on: date
    reversed: bool


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """A household; `head_name` as the reader may see it, area in dm², money in đồng."""

    id: uuid.UUID
    work_id: uuid.UUID
    code: str
    head_name: str
    hamlet_code: str | None
    hamlet_name: str | None
    parcels: str
    area_dm2: int
    assets: str
    form: str
    compensation_due: int
    handed_over_on: date | None
    note: str
    illustrative: bool
    version: int
    updated_at: datetime
    paid: int
    payments: tuple[PaymentView, ...] = ()

    @property
    def unpaid(self) -> int:
        return self.compensation_due - self.paid

    @property
    def at_risk(self) -> bool:
        """Handed over before it was paid in full."""
        return self.handed_over_on is not None and self.unpaid > 0


@dataclass(frozen=True, slots=True)
class HouseholdFilter:
    """What households are narrowed to; None leaves it open. `q` finds names for those alone who see them."""

    q: str | None = None
    state: str | None = None
    form: str | None = None
    hamlet_code: str | None = None
    handed_over: bool | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class HouseholdsTotal:
    """Households under a filter together; area in dm², money in đồng."""

    count: int
    handed_over: int
    area_dm2: int
    due: int
    paid: int


@dataclass(frozen=True, slots=True)
class Page:
    """What a work's page of clearance shows: `together` of all households under the filter, hamlets by code."""

    clearance: ClearanceView
    households: list[HouseholdView]
    together: HouseholdsTotal
    hamlets: list[tuple[str, str]]


def _paid() -> sa.ScalarSelect[int]:
    """What a household was paid by entries that stand."""
    return (
        sa.select(big_sum(ClearancePayment.amount))
        .where(ClearancePayment.household_id == ClearanceHousehold.id, counts())
        .correlate(ClearanceHousehold)
        .scalar_subquery()
    )


def _households(work_id: uuid.UUID) -> sa.Select[*tuple[Any, ...]]:
    H = ClearanceHousehold
    return (
        sa.select(
            H.id, H.work_id, H.code, H.head_name, Unit.code, Unit.name, H.parcels, H.area_dm2, H.assets, H.form,
            H.compensation_due, H.handed_over_on, H.note, H.illustrative, H.version, H.updated_at,
            _paid().label("paid"),
        )
        .select_from(H)
        .outerjoin(Unit, Unit.id == H.hamlet_id)
        .where(H.work_id == work_id)
    )  # fmt: skip


def _conditions(actor: Actor, wanted: HouseholdFilter) -> Iterator[sa.ColumnElement[bool]]:
    H = ClearanceHousehold
    for word in fold(wanted.q or "").split():
        plain = word.replace("/", "//").replace("%", "/%").replace("_", "/_")
        # Before the line end stands what everybody may search; the name stands behind it.
        end = "%" if actor.sees_people else "%\n%"
        yield H.search.like(f"%{plain}{end}", escape="/")
    match wanted.state:
        case "waiting":
            yield H.handed_over_on.is_(None)
        case "handed_over":
            yield H.handed_over_on.is_not(None)
        case "unpaid":
            yield H.compensation_due > _paid()
        case "at_risk":
            yield H.handed_over_on.is_not(None)
            yield H.compensation_due > _paid()
        case "gift":
            yield H.form == GIFT
    if wanted.form is not None:
        yield H.form == wanted.form
    if wanted.handed_over is not None:
        yield H.handed_over_on.is_not(None) if wanted.handed_over else H.handed_over_on.is_(None)
    if wanted.hamlet_code is not None:
        yield Unit.code == wanted.hamlet_code
    if wanted.updated_since is not None:
        yield H.updated_at >= wanted.updated_since


def search_text(code: str, parcels: str, head_name: str) -> str:
    """What `_conditions` searches: code and parcels, a line end, the name."""
    return f"{fold(code)} {fold(parcels)}\n{fold(head_name)}"


def households(
    actor: Actor,
    work_id: uuid.UUID,
    wanted: HouseholdFilter,
    *,
    purpose: str,
    after: tuple[datetime, uuid.UUID] | None = None,
    by_code: bool = False,
    offset: int = 0,
    limit: int = 50,
    shown: int | None = None,
) -> list[HouseholdView]:
    """A work's households in the order in which they changed last, or by code for people.

    Whoever is shown names is put on record for `purpose`: for those found, `shown` at most.
    """
    require(actor, "read")
    with db.transaction() as session:
        unit_id = unit_of(session, actor, work_id)
        query = _households(work_id).where(*_conditions(actor, wanted))
        if after is not None:
            query = query.where(db.past(ClearanceHousehold.updated_at, ClearanceHousehold.id, after))
        order = _BY_CODE if by_code else (ClearanceHousehold.updated_at, ClearanceHousehold.id)
        rows = session.execute(query.order_by(*order).offset(offset).limit(limit)).all()
        found = with_payments(session, rows)
    people = len(found) if shown is None else min(len(found), shown)
    personal.note_views(actor, unit_id, "site_clearance", work_id, people, purpose)
    return [as_seen(actor, household) for household in found]


def page(
    actor: Actor, work_id: uuid.UUID, wanted: HouseholdFilter, *, purpose: str, offset: int, limit: int
) -> Page:
    """A work's clearance with one page of its households by code, all of one moment; views are put on record."""
    require(actor, "read")
    with db.transaction() as session:
        unit_id = unit_of(session, actor, work_id)
        query = _households(work_id).where(*_conditions(actor, wanted)).order_by(*_BY_CODE)
        found = with_payments(session, session.execute(query.offset(offset).limit(limit)).all())
        shown = Page(
            view_of(session, unit_id, work_id),
            [as_seen(actor, household) for household in found],
            _total(session, actor, work_id, wanted),
            [(code, name) for _, code, name in hamlets_of(session, unit_id)],
        )
    personal.note_views(actor, unit_id, "site_clearance", work_id, len(found), purpose)
    return shown


def _total(session: Session, actor: Actor, work_id: uuid.UUID, wanted: HouseholdFilter) -> HouseholdsTotal:
    """All households under a filter together."""
    rows = _households(work_id).where(*_conditions(actor, wanted)).subquery()
    query = sa.select(
        sa.func.count(),
        sa.func.count(rows.c.handed_over_on),
        *(big_sum(rows.c[name]) for name in ("area_dm2", "compensation_due", "paid")),
    ).select_from(rows)
    figures: list[Any] = list(session.execute(query).one())
    return HouseholdsTotal(*figures)


def get(actor: Actor, work_id: uuid.UUID, household_id: uuid.UUID, *, purpose: str) -> HouseholdView:
    """One household; whoever is shown its name is put on record. NotFound out of scope or of another work."""
    require(actor, "read")
    with db.transaction() as session:
        unit_id = unit_of(session, actor, work_id)
        found = one(session, work_id, household_id)
    personal.note_views(actor, unit_id, SUBJECT, household_id, 1, purpose)
    return as_seen(actor, found)


def one(session: Session, work_id: uuid.UUID, household_id: uuid.UUID) -> HouseholdView:
    """A household with its name unmasked, for the domain alone; NotFound when it is none of the work."""
    row = session.execute(_households(work_id).where(ClearanceHousehold.id == household_id)).one_or_none()
    if row is None:
        raise NotFound()
    return with_payments(session, [row])[0]


def of_work(session: Session, work_id: uuid.UUID) -> dict[str, HouseholdView]:
    """All households of a work by code, names unmasked, for the domain alone."""
    rows = session.execute(_households(work_id)).all()
    return {row[2]: HouseholdView(*row) for row in rows}


def as_seen(actor: Actor, household: HouseholdView) -> HouseholdView:
    """The household as an actor may see it."""
    return replace(household, head_name=personal.shown_name(actor, household.head_name))


def with_payments(session: Session, rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> list[HouseholdView]:
    """Rows with the shares of entries that were tied to them: one statement."""
    if not rows:
        return []
    found: dict[uuid.UUID, tuple[PaymentView, ...]] = {}
    query = (
        sa.select(
            ClearancePayment.household_id, ClearancePayment.entry_id, ClearancePayment.amount,
            LedgerEntry.document_number, LedgerEntry.effective_date, ~counts(),
        )
        .join(LedgerEntry, LedgerEntry.id == ClearancePayment.entry_id)
        .where(ClearancePayment.household_id.in_([row[0] for row in rows]))
        .order_by(LedgerEntry.effective_date, LedgerEntry.id)
    )  # fmt: skip
    for row in session.execute(query):
        values: list[Any] = list(row)
        found[values[0]] = (*found.get(values[0], ()), PaymentView(*[*values[1:5], bool(values[5])]))
    return [HouseholdView(*[*row, found.get(row[0], ())]) for row in rows]


def hamlets(actor: Actor, work_id: uuid.UUID) -> list[tuple[str, str]]:
    """(code, name) of the hamlets of the unit that owns a work, for forms and imports."""
    require(actor, "read")
    with db.transaction() as session:
        return [(code, name) for _, code, name in hamlets_of(session, unit_of(session, actor, work_id))]
