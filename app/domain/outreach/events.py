"""Recording an event with its photos, saying otherwise of it, withdrawing it with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.criteria.assessing import LEVELS
from app.domain.criteria.sets import set_for
from app.domain.documents import photos, uploads
from app.domain.documents.subjects import subjects
from app.domain.ledger.entries import hash_body
from app.domain.outreach.views import SUBJECT, OutreachView, one
from app.domain.sides import Own, is_above, refuse_above
from app.domain.territory import UnitView, by_id, hamlets_of, resolve
from app.errors import FieldError, IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.oversight import Outreach
from app.models.programs import Program
from app.text import fold

LONGEST: Final = {"place": 200, "topic": 300, "content": 4000, "organiser": 200}
REASON_LONGEST: Final = 1000
MOST_PEOPLE: Final = 1_000_000
WORDS: Final = ("held_on", "place", "topic", "content", "organiser", "people")
TIES: Final = ("hamlet_code", "program_code", "work_id", "criterion_number", "set_code")
EDITABLE: Final = (*WORDS, *TIES)
OWN: Final = Own("own_outreach", N_("Buổi tuyên truyền do đơn vị tổ chức ghi, cấp trên chỉ xem."))


@dataclass(frozen=True, slots=True)
class NewOutreach:
    """An event of a unit, by default the actor's own; `people`: how many it reached.

    `criterion_number` is of the set in force for the unit on that day unless `set_code` names another. `uploads` are
    finished uploads of the same actor, which become photos.
    """

    id: uuid.UUID
    held_on: date
    topic: str
    people: int
    unit_code: str | None = None
    hamlet_code: str | None = None
    place: str = ""
    content: str = ""
    organiser: str = ""
    program_code: str | None = None
    work_id: uuid.UUID | None = None
    criterion_number: int | None = None
    set_code: str | None = None
    uploads: tuple[uuid.UUID, ...] = ()

    def body_hash(self) -> str:
        return hash_body(*(getattr(self, name) for name in self.__slots__))


def create(actor: Actor, new: NewOutreach, *, illustrative: bool = False) -> tuple[OutreachView, bool]:
    """Record an event; (the event, whether it is new). The same body again gives back the same row.

    RuleBroken `own_outreach` for who stands above the unit; NotFound names what it is about and is not there.
    """
    require(actor, "outreach.edit")
    try:
        made, fresh = _create(actor, new, illustrative)
    except IntegrityError:
        made, fresh = _create(actor, new, illustrative)  # somebody has just sent it: look again
    if fresh:
        uploads.discard(new.uploads)
    elif new.uploads:
        uploads.forget(actor, new.uploads)
    return made, fresh


def _create(actor: Actor, new: NewOutreach, illustrative: bool) -> tuple[OutreachView, bool]:
    with db.transaction(write=True) as session:
        body = new.body_hash()
        stored = session.execute(
            sa.select(Outreach.body_hash).where(Outreach.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return one(session, actor, new.id), False
        unit = by_id(session, actor.unit_id)
        if new.unit_code is not None:
            unit = resolve(session, actor, new.unit_code, as_of=new.held_on, field="unit_code")
        refuse_above(actor, OWN, unit.level, "create")
        values = {name: getattr(new, name) for name in WORDS}
        _check(values)
        ties = _tied(session, actor, unit, {name: getattr(new, name) for name in TIES}, new.held_on)
        now = utcnow()
        session.execute(
            sa.insert(Outreach).values(
                **values, **ties, id=new.id, unit_id=unit.id, search=_search(values), illustrative=illustrative,
                body_hash=body, created_at=now, created_by=actor.ref, updated_at=now, version=1,
            )
        )  # fmt: skip
        photos.put(session, actor, (SUBJECT, new.id), new.held_on, new.uploads, illustrative=illustrative)
        audit.record(
            session, actor, "outreach.create", SUBJECT, new.id, unit.id, held_on=new.held_on, people=new.people,
            photos=len(new.uploads),
        )  # fmt: skip
        return one(session, actor, new.id), True


def update(
    actor: Actor,
    event_id: uuid.UUID,
    version: int,
    changes: Mapping[str, Any],
    photos_sent: Sequence[uuid.UUID] = (),
) -> OutreachView:
    """Say otherwise what `EDITABLE` names, and add photos. Raises Stale when somebody changed it since; RuleBroken
    `outreach_withdrawn` once it was withdrawn."""
    require(actor, "outreach.edit")
    with db.transaction(write=True) as session:
        standing = _locked(session, actor, event_id, "update")
        if standing.version != version:
            raise Stale(standing)
        values = {name: changes[name] for name in WORDS if name in changes}
        if not values and not photos_sent and not any(name in changes for name in TIES):
            return standing
        whole = {name: getattr(standing, name) for name in WORDS} | values
        _check(whole)
        if any(name in changes for name in TIES):
            aimed = {name: getattr(standing, name) for name in TIES}
            if "criterion_number" in changes and "set_code" not in changes:
                aimed["set_code"] = None
            unit = by_id(session, standing.unit_id)
            values |= _tied(
                session, actor, unit, aimed | {n: changes[n] for n in TIES if n in changes}, whole["held_on"]
            )
        name = f"photos-{version}"
        photos.put(session, actor, (SUBJECT, event_id), whole["held_on"], photos_sent, name=name)
        session.execute(
            sa.update(Outreach)
            .where(Outreach.id == event_id)
            .values(**values, search=_search(whole), version=version + 1, updated_at=utcnow())
        )
        audit.record(
            session, actor, "outreach.update", SUBJECT, event_id, standing.unit_id,
            fields=sorted(name for name in EDITABLE if name in changes), photos=len(photos_sent),
            **{name: values[name] for name in ("held_on", "people") if name in values},
        )  # fmt: skip
        made = one(session, actor, event_id)
    uploads.discard(tuple(photos_sent))
    return made


def withdraw(actor: Actor, event_id: uuid.UUID, reason: str) -> OutreachView:
    """Take back what was recorded wrong; it stays to be read and counts for nothing. Again, with the same reason, it
    changes nothing; RuleBroken `outreach_withdrawn` with another."""
    require(actor, "outreach.edit")
    if not reason.strip():
        raise Invalid.field("reason", N_("Ghi lý do."))
    if len(reason) > REASON_LONGEST:
        message = N_("Dài quá {longest:number} ký tự")
        raise Invalid.field("reason", message, longest=REASON_LONGEST)
    with db.transaction(write=True) as session:
        standing = one(session, actor, event_id, lock=True)
        if standing.withdrawn_at is not None and standing.withdrawn_reason == reason:
            return standing
        standing = _locked(session, actor, event_id, "withdraw")
        now = utcnow()
        session.execute(
            sa.update(Outreach)
            .where(Outreach.id == event_id)
            .values(withdrawn_at=now, withdrawn_reason=reason, version=standing.version + 1, updated_at=now)
        )
        audit.record(session, actor, "outreach.withdraw", SUBJECT, event_id, standing.unit_id)
        return one(session, actor, event_id)


def may_change(actor: Actor, event: OutreachView) -> bool:
    """Whether somebody may say otherwise of an event, or withdraw it."""
    return actor.may("outreach.edit") and not is_above(actor, event.unit_level) and event.withdrawn_at is None


def _locked(session: Session, actor: Actor, event_id: uuid.UUID, asked: str) -> OutreachView:
    standing = one(session, actor, event_id, lock=True)
    refuse_above(actor, OWN, standing.unit_level, asked)
    if standing.withdrawn_at is not None:
        message = N_("Buổi tuyên truyền này đã rút; ghi buổi khác nếu cần.")
        raise RuleBroken("outreach_withdrawn", message, asked=asked, on=standing.withdrawn_at.date())
    return standing


def _check(values: Mapping[str, Any]) -> None:
    """Raises Invalid for what no database is needed to see."""
    faults = []
    for name, longest in LONGEST.items():
        if len(values[name]) > longest:
            message = N_("Dài quá {longest:number} ký tự")
            faults.append(FieldError(name, message, {"longest": longest}))
    if not values["topic"].strip():
        faults.append(FieldError("topic", N_("Chưa điền")))
    if not 0 <= values["people"] <= MOST_PEOPLE:
        faults.append(FieldError("people", N_("Từ 0 đến {most:number}."), {"most": MOST_PEOPLE}))
    if values["held_on"] > today():
        message = N_("Ngày thực tế không được sau hôm nay {today:date}.")
        faults.append(FieldError("held_on", message, {"today": today()}))
    if faults:
        raise Invalid(*faults)


def _tied(
    session: Session, actor: Actor, unit: UnitView, asked: Mapping[str, Any], day: date
) -> dict[str, Any]:
    """The columns of what an event is about; NotFound by field for what is not there."""
    return {
        "hamlet_id": _hamlet(session, unit, asked["hamlet_code"]),
        "program_id": _program(session, asked["program_code"]),
        "work_id": _work(session, actor, asked["work_id"]),
        "criterion_id": _criterion(session, unit, asked["criterion_number"], asked["set_code"], day),
    }


def _hamlet(session: Session, unit: UnitView, code: str | None) -> int | None:
    if code is None:
        return None
    for id_, known, _ in hamlets_of(session, unit.id):
        if known == code.partition("@")[0]:
            return id_
    message = N_("Không có thôn {code} trong {unit}.")
    raise NotFound(message, field="hamlet_code", code=code, unit=unit.name)


def _program(session: Session, code: str | None) -> int | None:
    if code is None:
        return None
    found = session.execute(sa.select(Program.id).where(Program.code == code)).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không có chương trình {code}."), field="program_code", code=code)
    return found


def _work(session: Session, actor: Actor, work_id: uuid.UUID | None) -> uuid.UUID | None:
    if work_id is not None and not subjects(session, actor, [("work", work_id)]):
        raise NotFound(N_("Không có công trình này trong phạm vi của bạn."), field="work_id")
    return work_id


def _criterion(
    session: Session, unit: UnitView, number: int | None, set_code: str | None, day: date
) -> int | None:
    if number is None:
        return None
    level = LEVELS.get(unit.level)
    found = None if level is None else set_for(session, unit, day, level=level, code=set_code)
    if found is None:
        message = N_("Chưa có bộ tiêu chí nào cho đơn vị này vào ngày {day:date}.")
        raise NotFound(message, field="set_code", day=day)
    for criterion in found.criteria:
        if criterion.number == number:
            return criterion.id
    message = N_("Bộ tiêu chí này không có tiêu chí {number:number}.")
    raise NotFound(message, field="criterion_number", number=number)


def _search(values: Mapping[str, Any]) -> str:
    return fold(" ".join(values[name] for name in ("topic", "place", "content", "organiser")))
