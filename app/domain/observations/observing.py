"""Writing down what was observed, with photos and place, and saying otherwise of it until it is answered."""

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
from app.domain.documents import photos, uploads
from app.domain.documents.subjects import subjects
from app.domain.ledger.entries import hash_body
from app.domain.observations.flow import FLOW, OPEN, SUBJECT
from app.domain.observations.views import SUBJECTS, ObservationView, one
from app.domain.sides import refuse_above
from app.domain.territory import by_id, resolve
from app.domain.works.places import place_faults
from app.errors import FieldError, Forbidden, IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.oversight import Observation
from app.text import fold

LONGEST: Final = {"board": 200, "observer": 120, "text": 4000}
EDITABLE: Final = ("board", "observer", "observed_on", "text", "answer_due_on", "lat", "lon")


@dataclass(frozen=True, slots=True)
class NewObservation:
    """What a board observed of a work or a support model (`subject_kind`, `subject_id`), or else of a unit in general,
    by default the actor's own. `uploads` are finished uploads of the same actor, which become photos."""

    id: uuid.UUID
    board: str
    text: str
    observed_on: date
    subject_kind: str = ""
    subject_id: uuid.UUID | None = None
    unit_code: str | None = None
    observer: str = ""
    answer_due_on: date | None = None
    lat: float | None = None
    lon: float | None = None
    uploads: tuple[uuid.UUID, ...] = ()

    def body_hash(self) -> str:
        return hash_body(*(getattr(self, name) for name in self.__slots__))


def create(actor: Actor, new: NewObservation, *, illustrative: bool = False) -> tuple[ObservationView, bool]:
    """Record an observation; (it, whether it is new). Its unit is that of what it is about.

    The same body again gives back the same row. NotFound names `subject`; RuleBroken `own_observation` for who stands
    above the unit: its people observe themselves, a unit above inspects.
    """
    require(actor, "observation.edit")
    try:
        made, fresh = _create(actor, new, illustrative)
    except IntegrityError:
        made, fresh = _create(actor, new, illustrative)  # somebody has just sent it: look again
    if fresh:
        uploads.discard(new.uploads)
    elif new.uploads:
        uploads.forget(actor, new.uploads)
    return made, fresh


def _create(actor: Actor, new: NewObservation, illustrative: bool) -> tuple[ObservationView, bool]:
    with db.transaction(write=True) as session:
        body = new.body_hash()
        stored = session.execute(
            sa.select(Observation.body_hash).where(Observation.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return one(session, actor, new.id), False
        about = _about(session, actor, new)
        refuse_above(actor, FLOW.own, by_id(session, about["unit_id"]).level, "create")
        values = {name: getattr(new, name) for name in EDITABLE}
        _check(values)
        now = utcnow()
        session.execute(
            sa.insert(Observation).values(
                **values, **about, id=new.id, state=OPEN, search=_search(values), illustrative=illustrative,
                body_hash=body, created_at=now, created_by=actor.ref, updated_at=now, version=1,
            )
        )  # fmt: skip
        photos.put(session, actor, (SUBJECT, new.id), new.observed_on, new.uploads, illustrative=illustrative)
        audit.record(
            session, actor, "observation.create", SUBJECT, new.id, about["unit_id"], observed_on=new.observed_on,
            about=f"{new.subject_kind}:{new.subject_id}" if new.subject_kind else "unit",
            answer_due_on=new.answer_due_on, photos=len(new.uploads),
        )  # fmt: skip
        return one(session, actor, new.id), True


def _about(session: Session, actor: Actor, new: NewObservation) -> dict[str, Any]:
    """The columns of what an observation is about."""
    if not new.subject_kind:
        if new.unit_code is None:
            return {"unit_id": actor.unit_id}
        unit = resolve(session, actor, new.unit_code, as_of=new.observed_on, field="unit_code")
        return {"unit_id": unit.id}
    found = None
    if new.subject_kind in SUBJECTS and new.subject_id is not None:
        key = (new.subject_kind, new.subject_id)
        found = subjects(session, actor, [key]).get(key)
    if found is None:
        message = N_("Không có công trình hay mô hình này trong phạm vi của bạn.")
        raise NotFound(message, field="subject")
    column = "work_id" if found.kind == "work" else "model_id"
    return {"unit_id": found.unit_id, column: found.id}


def update(
    actor: Actor,
    observation_id: uuid.UUID,
    version: int,
    changes: Mapping[str, Any],
    photos_sent: Sequence[uuid.UUID] = (),
) -> ObservationView:
    """Say otherwise what `EDITABLE` names, and add photos, while it is open; by who observed alone (Forbidden).

    Raises Stale when somebody changed it since; RuleBroken `observation_state` once it is answered or closed.
    """
    require(actor, "observation.edit")
    with db.transaction(write=True) as session:
        standing = one(session, actor, observation_id, lock=True)
        refuse_above(actor, FLOW.own, standing.unit_level, "update")
        refuse_others(actor, standing)
        if standing.version != version:
            raise Stale(standing)
        values = {name: changes[name] for name in EDITABLE if name in changes}
        if not values and not photos_sent:
            return standing
        if standing.state != OPEN:
            message = N_("Ý kiến đã được trả lời hoặc khép lại: mở lại rồi mới sửa.")
            raise RuleBroken(FLOW.state_rule, message, asked="update", held=standing.state)
        whole = {name: getattr(standing, name) for name in EDITABLE} | values
        _check(whole)
        name = f"photos-{version}"
        about = (SUBJECT, observation_id)
        photos.put(session, actor, about, whole["observed_on"], photos_sent, name=name)
        store(session, standing, **values, search=_search(whole))
        audit.record(
            session, actor, "observation.update", SUBJECT, observation_id, standing.unit_id, fields=sorted(values),
            photos=len(photos_sent),
            **{n: values[n] for n in ("observed_on", "answer_due_on") if n in values},
        )  # fmt: skip
        made = one(session, actor, observation_id)
    uploads.discard(tuple(photos_sent))
    return made


def observes(actor: Actor, standing: ObservationView) -> bool:
    """Whether somebody speaks for who observed: themselves, or another supervisor of the unit, whose board goes on
    when a person leaves it."""
    return standing.created_by == actor.ref or actor.role == "supervisor"


def refuse_others(actor: Actor, standing: ObservationView) -> None:
    """Forbidden for who does not speak for who observed."""
    if not observes(actor, standing):
        raise Forbidden(N_("Chỉ người ghi ý kiến hoặc người giám sát của đơn vị làm được việc này."))


def store(session: Session, standing: ObservationView, **values: Any) -> None:
    """Write to a locked observation."""
    session.execute(
        sa.update(Observation)
        .where(Observation.id == standing.id)
        .values(**values, version=standing.version + 1, updated_at=utcnow())
    )


def _check(values: Mapping[str, Any]) -> None:
    """Raises Invalid for what no database is needed to see."""
    faults = []
    for name, longest in LONGEST.items():
        if len(values[name]) > longest:
            message = N_("Dài quá {longest:number} ký tự")
            faults.append(FieldError(name, message, {"longest": longest}))
    faults += [FieldError(n, N_("Chưa điền")) for n in ("board", "text") if not values[n].strip()]
    day: date = values["observed_on"]
    if day > today():
        message = N_("Ngày thực tế không được sau hôm nay {today:date}.")
        faults.append(FieldError("observed_on", message, {"today": today()}))
    due: date | None = values["answer_due_on"]
    if due is not None and due < day:
        message = N_("Hạn trả lời không trước ngày giám sát {day:date}.")
        faults.append(FieldError("answer_due_on", message, {"day": day}))
    faults += place_faults({"lat": values["lat"], "lon": values["lon"]})
    if faults:
        raise Invalid(*faults)


def _search(values: Mapping[str, Any]) -> str:
    return fold(" ".join(values[name] for name in ("board", "observer", "text")))
