"""Visits to households of a model: animals alive, dead, sold and sick, yield, income, with photos and place."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.documents import NewDocument, register, uploads
from app.domain.documents.attaching import attached, set_attached
from app.domain.documents.files import Stored
from app.domain.documents.views import DocumentView
from app.domain.ledger.entries import hash_body
from app.domain.support import heads
from app.domain.support.deliveries import day_faults, refuse_state, started_on, touch
from app.domain.support.flow import UNDER_WAY
from app.domain.support.parts import hold_households, money_faults
from app.domain.support.views import ModelView, latest, members_of, number_of, one, recorded
from app.domain.tasks.editing import figure_fault
from app.domain.tasks.views import plain
from app.domain.works.places import place_faults
from app.errors import FieldError, IdTaken, Invalid, NotFound
from app.i18n import N_
from app.models.households import Household
from app.models.support import Visit

VISIT: Final = "visit"  # what documents are attached to
COUNTS: Final = ("alive", "dead", "sold", "sick", "born")
MOST: Final = 1_000_000  # animals of a household, where a finger slipped
VALUES: Final = (*COUNTS, "yield_amount", "yield_measure", "income", "note", "lat", "lon")


@dataclass(frozen=True, slots=True)
class NewVisit:
    """What was found at a household, by default today; `income` in đồng, place in degrees of WGS 84.

    `alive` and `sick` at the visit, `dead`, `sold` and `income` so far. `born`: offspring among those alive and sold;
    the dead are of those delivered. `documents` stand in the register already;
    `uploads` are finished uploads of the same actor, which become photos.
    """

    id: uuid.UUID
    household_id: uuid.UUID
    visited_on: date | None = None
    alive: int = 0
    dead: int = 0
    sold: int = 0
    sick: int = 0
    born: int = 0
    yield_amount: Decimal | None = None
    yield_measure: str = ""
    income: int | None = None
    note: str = ""
    lat: float | None = None
    lon: float | None = None
    documents: tuple[uuid.UUID, ...] = ()
    uploads: tuple[uuid.UUID, ...] = ()

    def body_hash(self, model_id: uuid.UUID, photos: Sequence[Stored] = ()) -> str:
        plainly = (plain(getattr(self, name)) for name in self.__slots__)
        return hash_body(model_id, *plainly, *(p.sha256 for p in photos))

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in VALUES}


@dataclass(frozen=True, slots=True)
class VisitView:
    """A visit as it was recorded; it is never changed, a later one of the same day says what holds."""

    id: uuid.UUID
    model_id: uuid.UUID
    household_id: uuid.UUID
    household_code: str
    visited_on: date
    alive: int
    dead: int
    sold: int
    sick: int
    born: int
    yield_amount: Decimal | None
    yield_measure: str
    income: int | None
    note: str
    lat: float | None
    lon: float | None
    illustrative: bool
    created_at: datetime
    created_by: str
    documents: tuple[DocumentView, ...] = ()


_COLUMNS: Final[tuple[Any, ...]] = (
    Visit.id, Visit.model_id, Visit.household_id, Household.code, Visit.visited_on, Visit.alive, Visit.dead,
    Visit.sold, Visit.sick, Visit.born, Visit.yield_amount, Visit.yield_measure, Visit.income, Visit.note, Visit.lat,
    Visit.lon, Visit.illustrative, Visit.created_at, Visit.created_by,
)  # fmt: skip


def _selection() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*_COLUMNS).select_from(Visit).join(Household, Household.id == Visit.household_id)
    )  # fmt: skip


def _views(session: Session, actor: Actor, query: sa.Select[*tuple[Any, ...]]) -> list[VisitView]:
    """The rows as an actor may see them: what was written of persons, and where they live, is for who may see these."""
    rows = [VisitView(*row) for row in session.execute(query)]
    if not actor.sees_people:
        rows = [replace(row, note="", lat=None, lon=None) for row in rows]
    papers = attached(session, VISIT, [row.id for row in rows])
    return [replace(row, documents=tuple(papers[row.id])) for row in rows]


def visit(
    actor: Actor,
    model_id: uuid.UUID,
    new: NewVisit,
    photos: Sequence[Stored] = (),
    *,
    illustrative: bool = False,
) -> tuple[VisitView, bool]:
    """Record a visit; (the row, whether it is new). The same body again gives back the same row, also on a later day
    where no day was sent.

    RuleBroken `visit_counts` for more animals than the household received, `support_state` before the model runs and
    once it is closed.
    """
    require(actor, "support.run")
    if photos or new.documents or new.uploads:
        require(actor, "document.edit")
    try:
        made, fresh = _visit(actor, model_id, new, photos, illustrative)
    except IntegrityError:
        made, fresh = _visit(
            actor, model_id, new, photos, illustrative
        )  # somebody has just sent it: look again
    if fresh:
        uploads.discard(new.uploads)
    elif new.uploads:
        uploads.forget(actor, new.uploads)
    return made, fresh


def _visit(
    actor: Actor, model_id: uuid.UUID, new: NewVisit, photos: Sequence[Stored], illustrative: bool
) -> tuple[VisitView, bool]:
    with db.transaction(write=True) as session:
        hold_households(session, [new.household_id])
        model = one(session, actor, model_id, lock=True)
        body = new.body_hash(model_id, photos)
        stored = session.execute(sa.select(Visit.body_hash).where(Visit.id == new.id)).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return _one(session, actor, new.id), False
        refuse_state(actor, model, "visit", UNDER_WAY)
        day = new.visited_on or today()
        _check(session, model, new, day)
        if model.livestock:
            counted = new.alive + new.dead + new.sold - new.born
            heads.refuse_uncovered(session, model_id, new.household_id, [(day, counted)])
        session.execute(
            sa.insert(Visit).values(
                **new.values(), id=new.id, model_id=model_id, household_id=new.household_id, visited_on=day,
                illustrative=illustrative, body_hash=body, created_at=utcnow(), created_by=actor.ref,
            )
        )  # fmt: skip
        if new.documents:
            set_attached(session, actor, VISIT, new.id, model.unit_id, new.documents)
        if new.uploads or photos:
            picture = NewDocument(uuid.uuid5(new.id, "photos"), "", day, "", "photo", uploads=new.uploads)
            register.put(session, actor, picture, photos, (VISIT, new.id), illustrative=illustrative)
        touch(session, model_id)
        audit.record(
            session, actor, "support.visit", VISIT, new.id, model.unit_id, model_id=model_id, visited_on=day,
            photos=len(new.uploads) + len(photos), **{name: getattr(new, name) for name in COUNTS},
        )  # fmt: skip
        return _one(session, actor, new.id), True


def _one(session: Session, actor: Actor, visit_id: uuid.UUID) -> VisitView:
    return _views(session, actor, _selection().where(Visit.id == visit_id))[0]


def _check(session: Session, model: ModelView, new: NewVisit, day: date) -> None:
    """Raises Invalid or NotFound for what cannot be, naming each."""
    if new.household_id not in {m.household_id for m in members_of(session, [model.id])[model.id]}:
        raise NotFound(N_("Hộ này không thuộc mô hình."), field="household_id")
    faults = day_faults("visited_on", day, started_on(session, model.id))
    for name in COUNTS:
        if not 0 <= getattr(new, name) <= MOST:
            faults.append(FieldError(name, N_("Từ 0 đến {most:number}."), {"most": MOST}))
        elif getattr(new, name) and not model.livestock:
            faults.append(FieldError(name, N_("Chỉ mô hình chăn nuôi mới đếm con vật.")))
    if new.sick > new.alive >= 0:
        facts = {"alive": new.alive}
        faults.append(FieldError("sick", N_("Con ốm ở trong {alive:number} con còn sống."), facts))
    if new.born > new.alive + new.sold >= 0:
        facts = {"held": new.alive + new.sold}
        faults.append(
            FieldError("born", N_("Con sinh thêm ở trong {held:number} con còn sống, đã bán."), facts)
        )
    if new.yield_amount is not None:
        if fault := figure_fault(new.yield_amount):
            faults.append(FieldError("yield_amount", fault))
        if not new.yield_measure.strip():
            faults.append(FieldError("yield_measure", N_("Ghi đơn vị tính của sản lượng.")))
    if new.income is not None:
        faults += money_faults("income", new.income, least=0)
    for name, longest in (("yield_measure", 60), ("note", 2000)):
        if len(getattr(new, name)) > longest:
            faults.append(FieldError(name, N_("Dài quá {longest:number} ký tự"), {"longest": longest}))
    faults += place_faults({"lat": new.lat, "lon": new.lon})
    if faults:
        raise Invalid(*faults)


def visits(
    actor: Actor,
    model_id: uuid.UUID,
    *,
    household_id: uuid.UUID | None = None,
    updated_since: datetime | None = None,
    after: tuple[datetime, uuid.UUID] | None = None,
    limit: int = 50,
) -> list[VisitView]:
    """Visits of a model in the order in which they were recorded (`after`: the last one seen)."""
    require(actor, "read")
    with db.transaction() as session:
        one(session, actor, model_id)
        query = _selection().where(Visit.model_id == model_id)
        query = recorded(query, Visit, Visit.created_at, household_id, updated_since, after)
        return _views(session, actor, query.limit(limit))


def visited(
    actor: Actor, model_id: uuid.UUID, *, offset: int = 0, limit: int = 50
) -> tuple[list[VisitView], int]:
    """(visits of a model by day, the latest first, how many there are): for a page."""
    require(actor, "read")
    with db.snapshot() as session:
        one(session, actor, model_id)
        query = latest(_selection(), Visit, Visit.visited_on, model_id).offset(offset).limit(limit)
        return _views(session, actor, query), number_of(session, Visit, model_id)
