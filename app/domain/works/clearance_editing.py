"""Recording a household that a work affects, and changing it, within the compensation plan and what it was paid."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit, personal
from app.domain.access import Actor, require
from app.domain.ledger.entries import hash_body
from app.domain.territory import hamlets_of
from app.domain.works.areas import MAX_AREA_DM2
from app.domain.works.clearance import add_due, begun, unit_of
from app.domain.works.clearance_households import (
    GIFT,
    SUBJECT,
    HouseholdView,
    as_seen,
    one,
    search_text,
)
from app.errors import Conflict, FieldError, IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.base import MAX_AMOUNT
from app.models.clearance import COMPENSATION_FORMS, ClearanceHousehold
from app.text import sort_key

EDITABLE: Final = (
    "code", "head_name", "hamlet_code", "parcels", "area_dm2", "assets", "form", "compensation_due",
    "handed_over_on", "note",
)  # fmt: skip
# What audit rows say of a household: nothing that names a person, no free text.
_TOLD: Final = ("code", "hamlet_code", "area_dm2", "form", "compensation_due", "handed_over_on")
MASKED: Final = N_("Tên không được có dấu *: đó là tên đã che. Không sửa tên thì không gửi trường này.")


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household as it is recorded; area in dm², money in đồng. One that gives its land (gift) is due nothing."""

    id: uuid.UUID
    work_id: uuid.UUID
    code: str
    head_name: str
    hamlet_code: str | None = None
    parcels: str = ""
    area_dm2: int = 0
    assets: str = ""
    form: str = "money"
    compensation_due: int = 0
    handed_over_on: date | None = None
    note: str = ""

    def body_hash(self) -> str:
        return hash_body(*(getattr(self, name) for name in self.__slots__))

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in EDITABLE}


def create(actor: Actor, new: NewHousehold, *, illustrative: bool = False) -> tuple[HouseholdView, bool]:
    """Record a household; (the household, whether it is new). The work's clearance begins with its first.

    Raises RuleBroken `compensation_plan`, Conflict when the work has that code already.
    """
    require(actor, "clearance.edit")
    check(new.values())
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just made it: look again


def _create(actor: Actor, new: NewHousehold, illustrative: bool) -> tuple[HouseholdView, bool]:
    with db.transaction(write=True) as session:
        unit_id = unit_of(session, actor, new.work_id)
        plan = begun(session, actor, new.work_id, unit_id)  # locked before anything is looked at
        body = new.body_hash()
        stored = session.execute(
            sa.select(ClearanceHousehold.body_hash).where(ClearanceHousehold.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return _answer(session, actor, unit_id, one(session, new.work_id, new.id)), False
        _refuse_code(session, new.work_id, new.code, None)
        add_due(session, new.work_id, plan, new.compensation_due)
        hamlet = _hamlet(session, unit_id, new.hamlet_code)
        session.execute(sa.insert(ClearanceHousehold).values(row_of(actor, new, body, hamlet, illustrative)))
        audit.record(
            session, actor, "clearance.add_household", SUBJECT, new.id, unit_id, work_id=new.work_id,
            **told(new.values()),
        )  # fmt: skip
        return _answer(session, actor, unit_id, one(session, new.work_id, new.id)), True


def row_of(
    actor: Actor, new: NewHousehold, body: str, hamlet_id: int | None, illustrative: bool = False
) -> dict[str, Any]:
    """The row of a new household."""
    now = utcnow()
    return {
        **stored_values(new.values()), "id": new.id, "work_id": new.work_id, "body_hash": body,
        "hamlet_id": hamlet_id, "created_at": now, "created_by": actor.ref, "updated_at": now, "version": 1,
        "illustrative": illustrative, **keys(new.code, new.parcels, new.head_name),
    }  # fmt: skip


def stored_values(values: dict[str, Any]) -> dict[str, Any]:
    """Values as the row keeps them, but for the hamlet, which it keeps by id."""
    return {name: value for name, value in values.items() if name != "hamlet_code"}


def keys(code: str, parcels: str, head_name: str) -> dict[str, str]:
    return {"search": search_text(code, parcels, head_name), "sort_key": sort_key(code)}


def told(values: dict[str, Any]) -> dict[str, Any]:
    """What an audit row says of a household's values."""
    return {name: values[name] for name in _TOLD if name in values}


def check(values: dict[str, Any]) -> None:
    """Raises Invalid for values that no household has, naming each."""
    faults = faults_of(values)
    if faults:
        raise Invalid(*faults)


def faults_of(values: dict[str, Any]) -> list[FieldError]:
    """What is wrong with a household's values by themselves."""
    faults = []
    if "*" in values["head_name"]:
        faults.append(FieldError("head_name", MASKED))
    for name in ("code", "head_name"):
        if not values[name].strip():
            faults.append(FieldError(name, N_("Chưa điền")))
    if not 0 <= values["area_dm2"] <= MAX_AREA_DM2:
        faults.append(FieldError("area_m2", N_("Diện tích không âm và không quá 1.000 km².")))
    if values["form"] not in COMPENSATION_FORMS:
        faults.append(FieldError("form", N_("Hình thức là money (bồi thường) hoặc gift (hiến đất).")))
    due = values["compensation_due"]
    if not 0 <= due <= MAX_AMOUNT:
        message = N_("Số tiền phải là số đồng nguyên, từ 0 đến {most:money}.")
        faults.append(FieldError("compensation_due", message, {"most": MAX_AMOUNT}))
    elif values["form"] == GIFT and due:
        message = N_("Hộ hiến đất không nhận bồi thường: ghi 0 đồng.")
        faults.append(FieldError("compensation_due", message))
    day = values["handed_over_on"]
    if day is not None and day > today():
        message = N_("Ngày bàn giao không được sau hôm nay {today:date}.")
        faults.append(FieldError("handed_over_on", message, {"today": today()}))
    return faults


def _refuse_code(session: Session, work_id: uuid.UUID, code: str, but: uuid.UUID | None) -> None:
    twin = session.execute(
        sa.select(ClearanceHousehold.id).where(
            ClearanceHousehold.work_id == work_id,
            ClearanceHousehold.code == code,
            ClearanceHousehold.id != but,
        )
    ).first()
    if twin is not None:
        raise Conflict(N_("Công trình này đã có hộ mã {code}."), code=code)


def _hamlet(session: Session, unit_id: int, code: str | None) -> int | None:
    if code is None:
        return None
    found = {code: id_ for id_, code, _ in hamlets_of(session, unit_id)}.get(code.partition("@")[0])
    if found is None:
        raise NotFound(N_("Không có thôn {code} trong đơn vị chủ đầu tư."), field="hamlet_code", code=code)
    return found


def _answer(session: Session, actor: Actor, unit_id: int, found: HouseholdView) -> HouseholdView:
    """What is answered to who wrote; a client sees it at once, a person on the next page."""
    if actor.is_client:
        personal.record_views(session, actor, unit_id, SUBJECT, found.id, 1, "api")
    return as_seen(actor, found)


def answer(session: Session, actor: Actor, work_id: uuid.UUID, household_id: uuid.UUID) -> HouseholdView:
    """A household that was just changed, as its writer may see it; a client's seeing it is put on record."""
    return _answer(session, actor, unit_of(session, actor, work_id), one(session, work_id, household_id))


def update(
    actor: Actor, work_id: uuid.UUID, household_id: uuid.UUID, version: int, changes: dict[str, Any]
) -> HouseholdView:
    """Change a household, by the names of NewHousehold. Raises Stale when somebody changed it since.

    RuleBroken `compensation_plan`; `compensation_due` when it would be due less than it was paid. A name that is
    sent back masked, by one who sees it so, stays what it was.
    """
    require(actor, "clearance.edit")
    try:
        return _update(actor, work_id, household_id, version, dict(changes))
    except Stale as fault:
        current: Any = fault.current
        raise Stale(_seen_now(actor, current)) from None


def _seen_now(actor: Actor, current: HouseholdView) -> HouseholdView:
    """The row as it stands, which a client is shown with the refusal: on record like every other view."""
    if actor.is_client and actor.sees_people:
        with db.transaction(write=True) as session:
            unit_id = unit_of(session, actor, current.work_id)
            personal.record_views(session, actor, unit_id, SUBJECT, current.id, 1, "api")
    return as_seen(actor, current)


def _update(
    actor: Actor, work_id: uuid.UUID, household_id: uuid.UUID, version: int, changes: dict[str, Any]
) -> HouseholdView:
    with db.transaction(write=True) as session:
        unit_id = unit_of(session, actor, work_id)
        one(session, work_id, household_id)  # before anything is begun or locked
        plan = begun(session, actor, work_id, unit_id)
        standing = one(session, work_id, household_id)
        if standing.version != version:
            raise Stale(standing)
        if changes.get("head_name") == personal.mask_name(standing.head_name) and not actor.sees_people:
            del changes["head_name"]
        changes = {name: value for name, value in changes.items() if value != getattr(standing, name)}
        if not changes:
            return _answer(session, actor, unit_id, standing)
        whole = {name: getattr(standing, name) for name in EDITABLE} | changes
        check(whole)
        _refuse_code(session, work_id, whole["code"], household_id)
        refuse_below_paid(whole["compensation_due"], standing.paid)
        add_due(session, work_id, plan, whole["compensation_due"] - standing.compensation_due)
        values = stored_values(changes)
        if "hamlet_code" in changes:
            values["hamlet_id"] = _hamlet(session, unit_id, changes["hamlet_code"])
        values |= keys(whole["code"], whole["parcels"], whole["head_name"])
        session.execute(
            sa.update(ClearanceHousehold)
            .where(ClearanceHousehold.id == household_id)
            .values(**values, version=version + 1, updated_at=utcnow())
        )
        audit.record(
            session, actor, "clearance.change_household", SUBJECT, household_id, unit_id, work_id=work_id,
            fields=sorted(changes), **told(changes),
        )  # fmt: skip
        return _answer(session, actor, unit_id, one(session, work_id, household_id))


def refuse_below_paid(due: int, paid: int) -> None:
    """RuleBroken `compensation_due` when a household would be due less than it was paid."""
    if due < paid:
        raise RuleBroken(
            "compensation_due",
            N_("Phải trả {asked:money} thấp hơn {held:money} đã chi trả cho hộ này."),
            asked=due, held=paid,
        )  # fmt: skip


def hand_over(actor: Actor, work_id: uuid.UUID, household_id: uuid.UUID) -> HouseholdView:
    """Mark a household's land as handed over today; one that has handed over keeps its day."""
    require(actor, "clearance.edit")
    try:
        return _hand_over(actor, work_id, household_id)
    except Stale:
        return _hand_over(actor, work_id, household_id)  # somebody has just changed it: look again


def _hand_over(actor: Actor, work_id: uuid.UUID, household_id: uuid.UUID) -> HouseholdView:
    with db.transaction() as session:
        unit_of(session, actor, work_id)
        standing = one(session, work_id, household_id)
    if standing.handed_over_on is not None:
        return as_seen(actor, standing)
    return update(actor, work_id, household_id, standing.version, {"handed_over_on": today()})
