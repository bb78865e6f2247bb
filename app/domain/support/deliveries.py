"""What households of a model received: handed over on a day, signed for, photographed; withdrawn when it was wrong."""

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
from app.domain.documents.attaching import add, attached, set_attached
from app.domain.documents.views import DocumentView
from app.domain.ledger.entries import hash_body
from app.domain.sides import refuse_above
from app.domain.support import heads
from app.domain.support.flow import SUPPORT_FLOW, UNDER_WAY
from app.domain.support.parts import hold_households
from app.domain.support.proof import DELIVERY, proved
from app.domain.support.views import (
    InputView,
    ModelView,
    exact,
    inputs_of,
    latest,
    members_of,
    number_of,
    one,
    recorded,
)
from app.domain.tasks.editing import figure_fault
from app.domain.tasks.views import plain
from app.errors import FieldError, IdTaken, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.households import Household
from app.models.plans import WorkflowEvent
from app.models.support import Delivery, SupportInput, SupportModel

MOST: Final = 500  # recorded at once
NOTE_LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """What a household received, by default today; `signed` for on paper.

    `documents` stand in the register already; `uploads` are finished uploads of the same actor, which become photos, one
    set for all that name the same.
    """

    id: uuid.UUID
    household_id: uuid.UUID
    input_id: uuid.UUID
    quantity: Decimal
    delivered_on: date | None = None
    signed: bool = False
    note: str = ""
    documents: tuple[uuid.UUID, ...] = ()
    uploads: tuple[uuid.UUID, ...] = ()

    def body_hash(self, model_id: uuid.UUID) -> str:
        return hash_body(model_id, *(plain(getattr(self, name)) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery; one that was withdrawn counts for nothing and says why."""

    id: uuid.UUID
    model_id: uuid.UUID
    household_id: uuid.UUID
    household_code: str
    input_id: uuid.UUID
    kind: str
    measure: str
    delivered_on: date
    quantity: Decimal
    signed: bool
    note: str
    withdrawn_at: datetime | None
    withdrawn_reason: str
    illustrative: bool
    created_at: datetime
    created_by: str
    documents: tuple[DocumentView, ...] = ()

    @property
    def changed_at(self) -> datetime:
        """When it was recorded, or withdrawn since."""
        return self.withdrawn_at or self.created_at

    @property
    def pictured(self) -> bool:
        """Whether a document with a file shows it; see `proof.proved`."""
        return any(document.files for document in self.documents)


_COLUMNS: Final[tuple[Any, ...]] = (
    Delivery.id, Delivery.model_id, Delivery.household_id, Household.code, Delivery.input_id, SupportInput.kind,
    SupportInput.measure, Delivery.delivered_on, Delivery.quantity, Delivery.signed, Delivery.note,
    Delivery.withdrawn_at, Delivery.withdrawn_reason, Delivery.illustrative, Delivery.created_at,
    Delivery.created_by,
)  # fmt: skip


def _selection() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*_COLUMNS)
        .select_from(Delivery)
        .join(Household, Household.id == Delivery.household_id)
        .join(SupportInput, SupportInput.id == Delivery.input_id)
    )


def _views(session: Session, actor: Actor, query: sa.Select[*tuple[Any, ...]]) -> list[DeliveryView]:
    """The rows as an actor may see them: what was written of persons is for who may see these."""
    rows = [DeliveryView(*row) for row in session.execute(query)]
    if not actor.sees_people:
        rows = [replace(row, note="", withdrawn_reason="") for row in rows]
    papers = attached(session, DELIVERY, [row.id for row in rows])
    return [replace(row, documents=tuple(papers[row.id])) for row in rows]


def deliver(
    actor: Actor, model_id: uuid.UUID, new: NewDelivery, *, illustrative: bool = False
) -> tuple[DeliveryView, bool]:
    """Record one delivery; (the row, whether it is new). See `deliver_all`."""
    made, fresh = deliver_all(actor, model_id, [new], prefix="", illustrative=illustrative)
    return made[0], fresh


def deliver_all(
    actor: Actor,
    model_id: uuid.UUID,
    new: Sequence[NewDelivery],
    *,
    prefix: str = "deliveries.",
    illustrative: bool = False,
) -> tuple[list[DeliveryView], bool]:
    """Record what several households received, all or none; (the rows, whether they are new).

    Each is signed for or pictured, else Invalid names its `signed`. The same again gives back the same rows, also on a
    later day where no day was sent; another body under an id raises IdTaken. RuleBroken `delivered_too_much`
    for more than was approved, `support_state` before the model runs and once it is closed. Faults name fields under `prefix` and the place.
    """
    require(actor, "support.run")
    if any(each.documents or each.uploads for each in new):
        require(actor, "document.edit")
    if not 0 < len(new) <= MOST:
        raise Invalid.field("deliveries", N_("Mỗi lần ghi từ 1 đến {most:number} lần cấp phát."), most=MOST)
    try:
        made, fresh = _deliver(actor, model_id, new, prefix, illustrative)
    except IntegrityError:
        # Somebody has just recorded the same id; looking again tells whether it says the same.
        made, fresh = _deliver(actor, model_id, new, prefix, illustrative)
    taken = list(dict.fromkeys(upload for each in new for upload in each.uploads))
    if fresh:
        uploads.discard(taken)
    elif taken:
        uploads.forget(actor, taken)
    return made, fresh


def _deliver(
    actor: Actor, model_id: uuid.UUID, new: Sequence[NewDelivery], prefix: str, illustrative: bool
) -> tuple[list[DeliveryView], bool]:
    with db.transaction(write=True) as session:
        hold_households(session, {each.household_id for each in new})
        model = one(session, actor, model_id, lock=True)
        known = dict(
            session.execute(
                sa.select(Delivery.id, Delivery.body_hash).where(Delivery.id.in_([each.id for each in new]))
            ).all()
        )
        if any(known.get(each.id, each.body_hash(model_id)) != each.body_hash(model_id) for each in new):
            raise IdTaken()
        fresh = [(i, each) for i, each in enumerate(new) if each.id not in known]
        if fresh:
            refuse_state(actor, model, "deliver", UNDER_WAY)
            placed = [(f"{prefix}{i}." if prefix else "", each) for i, each in fresh]
            _check(session, model, placed)
            for _, each in fresh:
                _put(session, actor, model, each, illustrative)
            _picture(session, actor, [each for _, each in fresh], illustrative)
            _refuse_bare(session, placed)
            touch(session, model_id)
        query = _selection().where(Delivery.id.in_([each.id for each in new]))
        found = {view.id: view for view in _views(session, actor, query)}
        return [found[each.id] for each in new], bool(fresh)


def refuse_state(actor: Actor, model: ModelView, asked: str, allowed: Sequence[str]) -> None:
    """RuleBroken `own_support` for who stands above those that run a model, `support_state` for what the state (`held`)
    does not allow."""
    refuse_above(actor, SUPPORT_FLOW.own, model.level, asked)
    if model.state not in allowed:
        message = N_("Mô hình không ở bước đang thực hiện, không ghi được.")
        raise RuleBroken("support_state", message, asked=asked, held=model.state)


def touch(session: Session, model_id: uuid.UUID) -> None:
    """Followers of changes see a model again: what was delivered and what is missing are parts of it."""
    session.execute(sa.update(SupportModel).where(SupportModel.id == model_id).values(updated_at=utcnow()))


def started_on(session: Session, model_id: uuid.UUID) -> date | None:
    """The day on which a model began to run; None for one that has not."""
    query = sa.select(sa.func.max(WorkflowEvent.on)).where(
        WorkflowEvent.subject_kind == SUPPORT_FLOW.subject, WorkflowEvent.subject_id == model_id,
        WorkflowEvent.move == "start",
    )  # fmt: skip
    return session.execute(query).scalar_one()


def day_faults(field: str, day: date, start: date | None) -> list[FieldError]:
    """What is wrong with a day in the field."""
    if day > today():
        message = N_("Ngày thực tế không được sau hôm nay {today:date}.")
        return [FieldError(field, message, {"today": today()})]
    if start is not None and day < start:
        message = N_("Không trước ngày {start:date} mô hình bắt đầu thực hiện.")
        return [FieldError(field, message, {"start": start})]
    return []


def _check(session: Session, model: ModelView, new: Sequence[tuple[str, NewDelivery]]) -> None:
    """Raises Invalid or NotFound for what cannot be, naming each by its place."""
    members = {member.household_id for member in members_of(session, [model.id])[model.id]}
    inputs = {given.id for given in inputs_of(session, [model.id])[model.id]}
    start = started_on(session, model.id)
    faults = []
    for at, each in new:
        if each.household_id not in members:
            raise NotFound(N_("Hộ này không thuộc mô hình."), field=f"{at}household_id")
        if each.input_id not in inputs:
            raise NotFound(N_("Mô hình không có thứ hỗ trợ này."), field=f"{at}input_id")
        if fault := figure_fault(each.quantity, positive=True):
            faults.append(FieldError(f"{at}quantity", fault))
        if len(each.note) > NOTE_LONGEST:
            message = N_("Dài quá {longest:number} ký tự")
            faults.append(FieldError(f"{at}note", message, {"longest": NOTE_LONGEST}))
        faults += day_faults(f"{at}delivered_on", each.delivered_on or today(), start)
    if faults:
        raise Invalid(*faults)


def _put(session: Session, actor: Actor, model: ModelView, new: NewDelivery, illustrative: bool) -> None:
    """Write a delivery; the input's row bounds what all of them come to, whoever writes."""
    more, day = SupportInput.delivered + new.quantity, new.delivered_on or today()
    bounded = (
        sa.update(SupportInput)
        .where(SupportInput.id == new.input_id, more <= SupportInput.quantity)
        .values(delivered=more)
        .returning(SupportInput.id)
    )
    if session.execute(bounded).one_or_none() is None:
        given = next(g for g in inputs_of(session, [model.id])[model.id] if g.id == new.input_id)
        raise _too_much(given, new.quantity)
    session.execute(
        sa.insert(Delivery).values(
            id=new.id, model_id=model.id, household_id=new.household_id, input_id=new.input_id,
            delivered_on=day, quantity=new.quantity, signed=new.signed, note=new.note,
            illustrative=illustrative, body_hash=new.body_hash(model.id), created_at=utcnow(),
            created_by=actor.ref,
        )
    )  # fmt: skip
    if new.documents:
        set_attached(session, actor, DELIVERY, new.id, model.unit_id, new.documents)
    audit.record(
        session, actor, "support.deliver", DELIVERY, new.id, model.unit_id, model_id=model.id,
        input_id=new.input_id, quantity=str(new.quantity), delivered_on=day, signed=new.signed,
    )  # fmt: skip


def _too_much(given: InputView, quantity: Decimal) -> RuleBroken:
    return RuleBroken(
        "delivered_too_much",
        N_("Cấp {asked:number} {measure} {kind} nhưng phần được duyệt chỉ còn {held:number}."),
        asked=exact(quantity), held=exact(given.rest), kind=given.kind, measure=given.measure,
    )  # fmt: skip


def _picture(session: Session, actor: Actor, new: Sequence[NewDelivery], illustrative: bool) -> None:
    """Put pictures into the register: one document for each set of uploads, attached to all that name it."""
    shown: dict[tuple[uuid.UUID, ...], list[NewDelivery]] = {}
    for each in new:
        if each.uploads:
            shown.setdefault(each.uploads, []).append(each)
    for taken, (first, *others) in shown.items():
        day = first.delivered_on or today()
        picture = NewDocument(uuid.uuid5(first.id, "photos"), "", day, "", "photo", uploads=taken)
        register.put(session, actor, picture, (), (DELIVERY, first.id), illustrative=illustrative)
        for other in others:
            add(session, actor, DELIVERY, other.id, [picture.id])


def _refuse_bare(session: Session, new: Sequence[tuple[str, NewDelivery]]) -> None:
    """Raises Invalid where nothing proves that a household received what was just written."""
    query = sa.select(Delivery.id).where(Delivery.id.in_([each.id for _, each in new]), ~proved())
    bare = set(session.execute(query).scalars())
    message = N_("Đánh dấu hộ đã ký nhận, hoặc kèm ảnh, bản chụp (có tệp) lúc bàn giao.")
    faults = [FieldError(f"{at}signed", message) for at, each in new if each.id in bare]
    if faults:
        raise Invalid(*faults)


def withdraw(actor: Actor, model_id: uuid.UUID, delivery_id: uuid.UUID, reason: str) -> DeliveryView:
    """Take back a delivery that was recorded wrong; again changes nothing. It stays on record.

    RuleBroken `visit_counts` where a visit counted what would not have been received, `support_state` before the model
    runs and once it is closed.
    """
    require(actor, "support.run")
    faults = [] if reason.strip() else [FieldError("reason", N_("Ghi lý do."))]
    if len(reason) > NOTE_LONGEST:
        message = N_("Dài quá {longest:number} ký tự")
        faults.append(FieldError("reason", message, {"longest": NOTE_LONGEST}))
    if faults:
        raise Invalid(*faults)
    with db.transaction(write=True) as session:
        model = one(session, actor, model_id, lock=True)
        query = _selection().where(Delivery.id == delivery_id, Delivery.model_id == model_id)
        found = _views(session, actor, query)
        if not found:
            raise NotFound()
        delivery = found[0]
        if delivery.withdrawn_at is not None:
            return delivery
        refuse_state(actor, model, "withdraw", UNDER_WAY)
        session.execute(
            sa.update(Delivery)
            .where(Delivery.id == delivery_id)
            .values(withdrawn_at=utcnow(), withdrawn_reason=reason)
        )
        session.execute(
            sa.update(SupportInput)
            .where(SupportInput.id == delivery.input_id)
            .values(delivered=SupportInput.delivered - delivery.quantity)
        )
        heads.refuse_uncovered(session, model_id, delivery.household_id)
        touch(session, model_id)
        audit.record(
            session, actor, "support.withdraw", DELIVERY, delivery_id, model.unit_id, model_id=model_id,
            quantity=str(delivery.quantity),
        )  # fmt: skip
        return _views(session, actor, query)[0]


def deliveries(
    actor: Actor,
    model_id: uuid.UUID,
    *,
    household_id: uuid.UUID | None = None,
    updated_since: datetime | None = None,
    after: tuple[datetime, uuid.UUID] | None = None,
    limit: int = 50,
) -> list[DeliveryView]:
    """What was delivered of a model, in the order in which it was recorded or withdrawn last (`after`: the last seen)."""
    require(actor, "read")
    with db.transaction() as session:
        one(session, actor, model_id)
        changed = sa.func.coalesce(Delivery.withdrawn_at, Delivery.created_at)
        query = _selection().where(Delivery.model_id == model_id)
        query = recorded(query, Delivery, changed, household_id, updated_since, after)
        return _views(session, actor, query.limit(limit))


def delivered(
    actor: Actor, model_id: uuid.UUID, *, offset: int = 0, limit: int = 50
) -> tuple[ModelView, list[DeliveryView], int]:
    """(a model, its deliveries by day, the latest first, how many there are): for a page."""
    require(actor, "read")
    with db.snapshot() as session:
        model = one(session, actor, model_id)
        query = latest(_selection(), Delivery, Delivery.delivered_on, model_id).offset(offset).limit(limit)
        return model, _views(session, actor, query), number_of(session, Delivery, model_id)
