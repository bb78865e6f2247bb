"""Giving a directive to a person, a board, an agency or a unit, and mending its words until it is reported."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
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
from app.domain.directives import news, parties
from app.domain.directives.views import (
    ACCEPTED,
    ASSIGNEE_KINDS,
    DIRECTIVE_SOURCES,
    GIVEN,
    OPEN,
    PRIORITIES,
    RETURNED,
    REWORDED,
    SUBJECT,
    DirectiveView,
    governs,
    one,
)
from app.domain.ledger.entries import hash_body
from app.errors import Fault, FieldError, Forbidden, IdTaken, Invalid, RuleBroken, Stale
from app.i18n import N_
from app.models.steering import Directive, DirectiveEvent, Meeting
from app.text import fold

EDITABLE: Final = ("text", "quote", "priority")
LONGEST: Final = 2000
_REWORDED_IN: Final = (OPEN, RETURNED)


@dataclass(frozen=True, slots=True)
class NewDirective:
    """A directive as it is given.

    The source is an inspection, a meeting or a document by its id, or a document that is only named: then its number
    and its day (`source_on`). A meeting's day is its own, an inspection's that of its conclusion unless said
    otherwise. `assignee_id` is that of an account or a board's member, a board, an agency; a unit is named by its code.
    """

    id: uuid.UUID
    text: str
    source_kind: str
    due_on: date
    assignee_kind: str
    assignee_id: uuid.UUID | None = None
    unit_code: str | None = None
    source_id: uuid.UUID | None = None
    document_number: str = ""
    source_on: date | None = None
    quote: str = ""
    priority: str = "normal"

    def body_hash(self) -> str:
        return hash_body(*(getattr(self, name) for name in self.__slots__))


def create(actor: Actor, new: NewDirective, *, illustrative: bool = False) -> tuple[DirectiveView, bool]:
    """Give a directive within the actor's own unit or to one below, from the day of its source on; (the directive,
    whether it is new).

    The same body again gives back the same row; another body under its id raises IdTaken. Invalid for one that is due
    before its source, or comes from a source of a day to come; NotFound for a source or an assignee out of scope.
    """
    require(actor, "directive.give")
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just made it: look again


def create_all(
    actor: Actor, wanted: Sequence[NewDirective], *, field: str = "directives", illustrative: bool = False
) -> list[tuple[DirectiveView, bool]]:
    """Give several directives, all or none, each as `create` would; what is wrong with one is named by its place in the
    list `field`: `directives.0.due_on`."""
    require(actor, "directive.give")
    try:
        return _create_all(actor, wanted, field, illustrative)
    except IntegrityError:
        return _create_all(actor, wanted, field, illustrative)  # somebody has just made one: look again


def _create_all(
    actor: Actor, wanted: Sequence[NewDirective], field: str, illustrative: bool
) -> list[tuple[DirectiveView, bool]]:
    made = []
    with db.transaction(write=True) as session:
        for i, new in enumerate(wanted):
            try:
                made.append(_add(session, actor, new, illustrative))
            except Fault as fault:
                errors = fault.errors or (FieldError("id", fault.message, fault.facts),)
                fault.errors = tuple(FieldError(f"{field}.{i}.{e.field}", e.message, e.facts) for e in errors)
                raise
    return made


def _create(actor: Actor, new: NewDirective, illustrative: bool) -> tuple[DirectiveView, bool]:
    with db.transaction(write=True) as session:
        return _add(session, actor, new, illustrative)


def _add(session: Session, actor: Actor, new: NewDirective, illustrative: bool) -> tuple[DirectiveView, bool]:
    _check({name: getattr(new, name) for name in EDITABLE})
    if new.source_kind not in DIRECTIVE_SOURCES:
        raise Invalid.field("source.kind", N_("Không có loại nguồn này."))
    if new.assignee_kind not in ASSIGNEE_KINDS:
        raise Invalid.field("assignee.kind", N_("Không có loại đối tượng này."))
    body = new.body_hash()
    stored = session.execute(
        sa.select(Directive.body_hash).where(Directive.id == new.id)
    ).scalar_one_or_none()
    if stored is not None:
        if stored != body:
            raise IdTaken()
        return one(session, actor, new.id), False
    source = parties.source_of(
        session, actor, new.source_kind, new.source_id, new.document_number, new.source_on
    )
    _check_days(source.on, new.due_on)
    assignee = parties.assignee_of(
        session, actor, new.assignee_kind, new.assignee_id, new.unit_code, source.on
    )
    now = utcnow()
    values: dict[str, Any] = {name: getattr(new, name) for name in EDITABLE}
    session.execute(
        sa.insert(Directive).values(
            **values, **source.columns, **assignee.columns, id=new.id, unit_id=assignee.unit_id,
            giver_unit_id=actor.unit_id, source_kind=new.source_kind, source_on=source.on,
            assignee_kind=new.assignee_kind, assignee_name=assignee.name, given_on=source.on,
            first_due_on=new.due_on, due_on=new.due_on, state=OPEN, illustrative=illustrative,
            search=_search(new.text, new.quote, assignee.name, new.document_number), body_hash=body,
            created_at=now, created_by=actor.ref, updated_at=now, version=1,
        )
    )  # fmt: skip
    if new.source_kind == "meeting":
        changed = {"version": Meeting.version + 1, "updated_at": now}  # its conclusions are part of it
        session.execute(sa.update(Meeting).where(Meeting.id == new.source_id).values(changed))
    event_id = add_event(session, actor, new.id, GIVEN, on=source.on, due_on=new.due_on)
    audit.record(
        session, actor, "directive.give", SUBJECT, new.id, assignee.unit_id, source=new.source_kind,
        assignee=new.assignee_kind, due_on=new.due_on, priority=new.priority,
    )  # fmt: skip
    made = one(session, actor, new.id)
    news.happened(session, actor, made, event_id, GIVEN)
    return made, True


def add_event(
    session: Session,
    actor: Actor,
    directive_id: uuid.UUID,
    what: str,
    *,
    on: date,
    text: str = "",
    percent: int | None = None,
    due_on: date | None = None,
    body_hash: str = "",
) -> int:
    """Put on record what happened to a directive, which nobody changes afterwards; its id."""
    made = sa.insert(DirectiveEvent).values(
        directive_id=directive_id, what=what, text=text, percent=percent, on=on, due_on=due_on, at=utcnow(),
        by=actor.ref, unit_id=actor.unit_id, body_hash=body_hash,
    )  # fmt: skip
    event_id: int = session.execute(made.returning(DirectiveEvent.id)).scalar_one()
    return event_id


def _search(*words: str) -> str:
    return fold(" ".join(words))


def _check(values: dict[str, Any]) -> None:
    """Raises Invalid for words that are missing or too long, and a priority that there is not."""
    faults = []
    if not values["text"].strip():
        faults.append(FieldError("text", N_("Ghi việc phải làm.")))
    for name in ("text", "quote"):
        if len(values[name]) > LONGEST:
            faults.append(FieldError(name, N_("Dài quá {longest:number} ký tự"), {"longest": LONGEST}))
    if values["priority"] not in PRIORITIES:
        faults.append(FieldError("priority", N_("Không có mức ưu tiên này.")))
    if faults:
        raise Invalid(*faults)


def _check_days(source_on: date, due_on: date) -> None:
    if source_on > today():
        message = N_("Nguồn có ngày {day:date}, sau hôm nay {today:date}: chưa giao được.")
        raise Invalid.field("source.on", message, day=source_on, today=today())
    if due_on < source_on:
        message = N_("Hạn không được trước ngày {day:date} của nguồn giao việc.")
        raise Invalid.field("due_on", message, day=source_on)


def may_change(actor: Actor, directive: DirectiveView) -> bool:
    """Whether somebody may word it otherwise: the giver's side, while it has to be done."""
    its = directive.gives and directive.state in _REWORDED_IN
    return its and actor.may("directive.give") and governs(actor, directive)


def update(actor: Actor, directive_id: uuid.UUID, version: int, changes: dict[str, Any]) -> DirectiveView:
    """Change `text`, `quote` or `priority`; by who gave it or accepts for that side (Forbidden). Raises Stale when
    somebody changed it since.

    RuleBroken `directive_side` for who does not stand on the giver's side, `directive_state` while a report waits and
    once it was accepted or withdrawn. The words before stay on record, and who has to do it is told. Who that is and by
    when are not reworded: what was given in error is withdrawn and given anew, more time is an extension.
    """
    require(actor, "directive.give")
    with db.transaction(write=True) as session:
        standing = one(session, actor, directive_id, lock=True)
        refuse_side(standing.gives, "update", "giver")
        refuse_ungoverned(actor, standing)
        if standing.version != version:
            raise Stale(standing)
        values = {name: changes[name] for name in EDITABLE if name in changes}
        values = {name: value for name, value in values.items() if value != getattr(standing, name)}
        if not values:
            return standing
        refuse_state(standing, "update", standing.state in _REWORDED_IN)
        whole = {name: getattr(standing, name) for name in EDITABLE} | values
        _check(whole)
        search = _search(whole["text"], whole["quote"], standing.assignee_name, standing.document_number)
        store(session, standing, **values, search=search)
        audit.record(
            session, actor, "directive.update", SUBJECT, directive_id, standing.unit_id, fields=sorted(values)
        )
        changed = one(session, actor, directive_id)
        if values.keys() & {"text", "quote"}:
            before = _words_before(standing, values)
            event_id = add_event(session, actor, directive_id, REWORDED, on=today(), text=before)
            news.happened(session, actor, changed, event_id, REWORDED)
        return changed


def _words_before(standing: DirectiveView, changed: Collection[str]) -> str:
    """The words that are to be others, as the history keeps them."""
    quote = f"“{standing.quote}”" if standing.quote and "quote" in changed else ""
    return "\n".join(part for part in (standing.text if "text" in changed else "", quote) if part)


def store(session: Session, standing: DirectiveView, **values: Any) -> None:
    """Write to a locked directive."""
    session.execute(
        sa.update(Directive)
        .where(Directive.id == standing.id)
        .values(**values, version=standing.version + 1, updated_at=utcnow())
    )


_BARRED: Final = {
    OPEN: N_("Nhiệm vụ chưa được báo cáo hoàn thành."),
    "reported": N_("Nhiệm vụ đã báo cáo, đang chờ bên giao chấp nhận."),
    ACCEPTED: N_("Nhiệm vụ đã được chấp nhận hoàn thành."),
    "returned": N_("Nhiệm vụ đã bị trả lại, chờ báo cáo lại."),
    "withdrawn": N_("Nhiệm vụ đã được thu hồi."),
}
_SIDES: Final = {
    "giver": N_("Việc này do bên giao nhiệm vụ làm."),
    "assignee": N_("Việc này do bên được giao nhiệm vụ làm."),
}


def refuse_state(standing: DirectiveView, asked: str, allowed: bool) -> None:
    """RuleBroken `directive_state` for a move (`asked`) that the state (`held`) does not allow."""
    if not allowed:
        raise RuleBroken("directive_state", _BARRED[standing.state], asked=asked, held=standing.state)


def refuse_ungoverned(actor: Actor, standing: DirectiveView) -> None:
    """Forbidden for who neither gave it nor accepts for that side, and for whoever it was given to."""
    if not governs(actor, standing):
        message = N_(
            "Người đã giao hay người chấp nhận của bên giao mới sửa, thu hồi được, trừ chính người được giao."
        )
        raise Forbidden(message)


def refuse_side(stands: bool, asked: str, side: str) -> None:
    """RuleBroken `directive_side` for who does not stand on the side that this belongs to (`held`)."""
    if not stands:
        raise RuleBroken("directive_side", _SIDES[side], asked=asked, held=side)
