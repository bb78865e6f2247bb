"""Setting a target, changing it with its tasks, dropping it."""

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
from app.domain import audit
from app.domain.access import Actor, in_scope, require
from app.domain.criteria.assessing import LEVELS, refuse_level
from app.domain.criteria.sets import set_for
from app.domain.ledger.entries import hash_body
from app.domain.targets.register import one
from app.domain.targets.views import HAMLETS, RECOGNITIONS, SUBJECT, TargetView
from app.domain.tasks import NewTask, replace_all
from app.domain.territory import UnitView, resolve
from app.errors import FieldError, IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.criteria import Target

EDITABLE: Final = ("due_on", "responsible", "basis", "note", "recognised_on", "recognised_by")


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A target: one criterion by its number, or a recognition; `tasks` are the roadmap toward it.

    `set_code` names another set than the one in force for the unit; `basis`: the document that sets it, in words.
    """

    id: uuid.UUID
    unit_code: str
    due_on: date
    criterion_number: int | None = None
    recognition: str | None = None
    set_code: str | None = None
    responsible: str = ""
    basis: str = ""
    note: str = ""
    tasks: tuple[NewTask, ...] = ()

    def body_hash(self) -> str:
        own = (getattr(self, name) for name in self.__slots__ if name != "tasks")
        return hash_body(*own, *(task.facts() for task in self.tasks))


def create(actor: Actor, new: NewTarget, *, illustrative: bool = False) -> tuple[TargetView, bool]:
    """Set a target; (the target, whether it is new). The same body again gives back the same row; another under its
    id raises IdTaken."""
    require(actor, "target.edit")
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just made it: look again


def _create(actor: Actor, new: NewTarget, illustrative: bool) -> tuple[TargetView, bool]:
    with db.transaction(write=True) as session:
        body = new.body_hash()
        stored = session.execute(sa.select(Target.body_hash).where(Target.id == new.id)).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return one(session, actor, new.id), False
        day = min(new.due_on, today())
        unit = resolve(session, actor, new.unit_code, as_of=day, field="unit_code")
        set_id, criterion_id = _aim(session, unit, new, day)
        now = utcnow()
        plain = {
            name: getattr(new, name) for name in ("due_on", "responsible", "basis", "note", "recognition")
        }
        session.execute(
            sa.insert(Target).values(
                **plain, id=new.id, unit_id=unit.id, set_id=set_id, criterion_id=criterion_id, recognised_by="",
                illustrative=illustrative, body_hash=body, created_at=now, created_by=actor.ref, updated_at=now,
                version=1,
            )
        )  # fmt: skip
        replace_all(session, actor, (SUBJECT, new.id), new.tasks, field="tasks")
        audit.record(
            session, actor, "target.create", SUBJECT, new.id, unit.id, criterion=new.criterion_number,
            recognition=new.recognition, due_on=new.due_on, tasks=len(new.tasks),
        )  # fmt: skip
        return one(session, actor, new.id), True


def _aim(session: Session, unit: UnitView, new: NewTarget, day: date) -> tuple[int, int | None]:
    """(set, criterion or None for a recognition); raises Invalid or NotFound by field."""
    refuse_level(unit, "unit_code")
    if (new.criterion_number is None) == (new.recognition is None):
        raise Invalid.field("criterion_number", N_("Chọn một tiêu chí, hoặc một danh hiệu."))
    if new.recognition is not None:
        of_hamlets = new.recognition == HAMLETS
        if new.recognition not in RECOGNITIONS or of_hamlets != (unit.level == "hamlet"):
            raise Invalid.field("recognition", N_("Danh hiệu này không phải của đơn vị này."))
    found = set_for(session, unit, day, level=LEVELS[unit.level], code=new.set_code)
    if found is None:
        message = N_("Chưa có bộ tiêu chí nào cho đơn vị này vào ngày {day:date}.")
        raise NotFound(message, field="set_code", day=day)
    if new.criterion_number is None:
        return found.head.id, None
    for criterion in found.criteria:
        if criterion.number == new.criterion_number:
            return found.head.id, criterion.id
    raise NotFound(
        N_("Bộ tiêu chí này không có tiêu chí {number:number}."),
        field="criterion_number", number=new.criterion_number,
    )  # fmt: skip


def update(actor: Actor, target_id: uuid.UUID, version: int, changes: dict[str, Any]) -> TargetView:
    """Change `due_on`, `responsible`, `basis`, `note`, `tasks`, or of a commune's recognition when and by which
    decision it came. Raises Stale when somebody changed it since; RuleBroken `target_state` once dropped."""
    require(actor, "target.edit")
    with db.transaction(write=True) as session:
        standing = _locked(session, actor, target_id)
        if standing.version != version:
            raise Stale(standing)
        values = {name: changes[name] for name in EDITABLE if name in changes}
        if not values and "tasks" not in changes:
            return standing
        _refuse_dropped(standing, "update")
        _check(standing, {name: getattr(standing, name) for name in EDITABLE} | values)
        _store(session, standing, **values)
        if "tasks" in changes:
            replace_all(session, actor, (SUBJECT, target_id), changes["tasks"], field="tasks")
        audit.record(
            session, actor, "target.update", SUBJECT, target_id, standing.unit_id,
            fields=sorted({*values, *({"tasks"} & changes.keys())}), due_on=values.get("due_on", standing.due_on),
        )  # fmt: skip
        return one(session, actor, target_id)


def _check(standing: TargetView, values: dict[str, Any]) -> None:
    faults = []
    if values["recognised_on"] is not None:
        if standing.recognition is None or standing.recognition == HAMLETS:
            message = N_("Ngày công nhận chỉ ghi cho danh hiệu của xã; thôn kiểu mẫu theo kế hoạch của thôn.")
            faults.append(FieldError("recognised_on", message))
        if values["recognised_on"] > today():
            message = N_("Ngày thực tế không được sau hôm nay {today:date}.")
            faults.append(FieldError("recognised_on", message, {"today": today()}))
        if not values["recognised_by"].strip():
            faults.append(FieldError("recognised_by", N_("Ghi quyết định công nhận.")))
    if faults:
        raise Invalid(*faults)


def drop(actor: Actor, target_id: uuid.UUID, reason: str, *, on: date | None = None) -> TargetView:
    """Give a target up from a day on (default: today), with the reason; it stays on record."""
    require(actor, "target.edit")
    on = on or today()
    with db.transaction(write=True) as session:
        standing = _locked(session, actor, target_id)
        if (standing.dropped_on, standing.dropped_reason) == (on, reason):
            return standing
        _refuse_dropped(standing, "drop")
        if not reason.strip():
            raise Invalid.field("reason", N_("Ghi lý do bỏ chỉ tiêu."))
        if on > today():
            message = N_("Ngày thực tế không được sau hôm nay {today:date}.")
            raise Invalid(FieldError("on", message, {"today": today()}))
        _store(session, standing, dropped_on=on, dropped_reason=reason)
        audit.record(session, actor, "target.drop", SUBJECT, target_id, standing.unit_id, dropped_on=on)
        return one(session, actor, target_id)


def _locked(session: Session, actor: Actor, target_id: uuid.UUID) -> TargetView:
    mine = sa.and_(Target.id == target_id, in_scope(actor, Target.unit_id))
    session.execute(sa.select(Target.id).where(mine).with_for_update())
    return one(session, actor, target_id)


def _store(session: Session, standing: TargetView, **values: Any) -> None:
    session.execute(
        sa.update(Target)
        .where(Target.id == standing.id)
        .values(**values, version=standing.version + 1, updated_at=utcnow())
    )


def _refuse_dropped(standing: TargetView, asked: str) -> None:
    if standing.dropped_on is not None:
        message = N_("Chỉ tiêu này đã bỏ từ {day:date}.")
        raise RuleBroken("target_state", message, asked=asked, held="dropped", day=standing.dropped_on)
