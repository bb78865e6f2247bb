"""What happens to a directive: noted on the way, reported with proof, accepted or returned, extended, withdrawn.

Who has to do it reports, who gave it answers; nobody accepts what they reported or what was given to
them. Each move is put on record for good. The same move with the same proof, sent again by the same hand, changes
nothing, however late it comes.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.directives import news
from app.domain.directives.giving import add_event, refuse_side, refuse_state, refuse_ungoverned, store
from app.domain.directives.views import (
    ACCEPTED,
    EXTENDED,
    OPEN,
    PROGRESS,
    REPORTED,
    RETURNED,
    REWORDED,
    SUBJECT,
    WITHDRAWN,
    DirectiveView,
    one,
    own_report,
)
from app.domain.documents import attaching, register, uploads
from app.domain.documents.register import NewDocument
from app.domain.ledger.entries import hash_body
from app.errors import FieldError, Invalid, RuleBroken
from app.i18n import N_
from app.models.steering import DirectiveEvent

WORDS_LONGEST: Final = 4000
_FILE_KIND: Final = "report"
_STANDING: Final = (OPEN, REPORTED, RETURNED)
# What a move may follow.
_FROM: Final = {
    PROGRESS: (OPEN, RETURNED), REPORTED: (OPEN, RETURNED), ACCEPTED: (REPORTED,), RETURNED: (REPORTED,),
    EXTENDED: _STANDING, WITHDRAWN: _STANDING,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that something was done: documents in the actor's scope, finished uploads of theirs."""

    documents: tuple[uuid.UUID, ...] = ()
    uploads: tuple[uuid.UUID, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.documents or self.uploads)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a move says, and what it is proved by."""

    what: str
    text: str
    on: date
    percent: int | None = None
    due_on: date | None = None
    proof: Proof = Proof()

    def body_hash(self) -> str:
        proof = (*sorted(self.proof.documents), *sorted(self.proof.uploads))
        return hash_body(self.what, self.text.strip(), self.on, self.percent, self.due_on, *proof)


def progress(
    actor: Actor,
    directive_id: uuid.UUID,
    text: str,
    percent: int | None = None,
    *,
    on: date | None = None,
    proof: Proof | None = None,
) -> DirectiveView:
    """Note how far it has come, in words and in percent; a request for more time is such a note, too."""
    said = _Said(PROGRESS, text, on or today(), percent, proof=proof or Proof())
    return _by_doer(actor, directive_id, said)


def report(
    actor: Actor,
    directive_id: uuid.UUID,
    text: str,
    *,
    on: date | None = None,
    proof: Proof | None = None,
) -> DirectiveView:
    """Report it as done, by somebody of the unit that has to do it; proof is asked for, not demanded.

    RuleBroken `directive_side` for others, `directive_state` while a report waits and once it is accepted.
    """
    return _by_doer(actor, directive_id, _Said(REPORTED, text, on or today(), proof=proof or Proof()))


def _by_doer(actor: Actor, directive_id: uuid.UUID, said: _Said) -> DirectiveView:
    require(actor, "directive.report")
    proof = said.proof
    with db.transaction(write=True) as session:
        standing = one(session, actor, directive_id, lock=True)
        again = _again(session, actor, directive_id, said)
        if not again:
            refuse_side(standing.does, said.what, "assignee")
            refuse_state(standing, said.what, standing.state in _FROM[said.what])
            _check(session, standing, said)
            event_id = _put(session, actor, standing, said, proof=len(proof.documents) + len(proof.uploads))
            _attach(session, actor, standing, said.on, event_id, proof)
        shown = one(session, actor, directive_id)
    if again:
        uploads.forget(actor, proof.uploads)
    else:
        uploads.discard(proof.uploads)
    return shown


def _attach(
    session: Session, actor: Actor, standing: DirectiveView, on: date, event_id: int, proof: Proof
) -> None:
    if proof.documents:
        attaching.add(session, actor, SUBJECT, standing.id, proof.documents, unit_id=standing.unit_id)
    if proof.uploads:
        summary = standing.text[:200]
        new = NewDocument(
            uuid.uuid5(standing.id, str(event_id)), "", on, "", _FILE_KIND, summary, uploads=proof.uploads
        )
        register.put(session, actor, new, (), (SUBJECT, standing.id), illustrative=standing.illustrative)


def accept(actor: Actor, directive_id: uuid.UUID, text: str = "", *, on: date | None = None) -> DirectiveView:
    """Accept what was reported, by somebody of the giver's unit or above it. RuleBroken `own_report` for whoever
    reported it themselves or had to do it, `directive_side` for who does not stand on the giver's side."""
    return _by_giver(actor, directive_id, _Said(ACCEPTED, text, on or today()))


def send_back(actor: Actor, directive_id: uuid.UUID, text: str, *, on: date | None = None) -> DirectiveView:
    """Return a report with what is missing; it is then reported again."""
    return _by_giver(actor, directive_id, _Said(RETURNED, text, on or today()))


def extend(
    actor: Actor, directive_id: uuid.UUID, due_on: date, reason: str, *, on: date | None = None
) -> DirectiveView:
    """Give more time, with the reason, while it stands; the day that it was due at first stays on record."""
    return _by_giver(actor, directive_id, _Said(EXTENDED, reason, on or today(), due_on=due_on))


def take_back(actor: Actor, directive_id: uuid.UUID, reason: str, *, on: date | None = None) -> DirectiveView:
    """Take back what was given in error, with the reason, unless it was accepted: from that day on nobody owes it.

    Forbidden for who did not give it and may not accept it, and for whoever it was given to."""
    return _by_giver(actor, directive_id, _Said(WITHDRAWN, reason, on or today()), "directive.give")


def _by_giver(
    actor: Actor, directive_id: uuid.UUID, said: _Said, action: str = "directive.accept"
) -> DirectiveView:
    require(actor, action)
    with db.transaction(write=True) as session:
        standing = one(session, actor, directive_id, lock=True)
        if _again(session, actor, directive_id, said):
            return standing
        refuse_side(standing.gives, said.what, "giver")
        if said.what == WITHDRAWN:
            refuse_ungoverned(actor, standing)
        refuse_state(standing, said.what, standing.state in _FROM[said.what])
        if said.what == ACCEPTED and own_report(actor, standing, _reporter(session, directive_id)):
            message = N_(
                "Ai báo cáo hay được giao việc thì không tự chấp nhận: người khác của bên giao chấp nhận."
            )
            raise RuleBroken("own_report", message, asked=ACCEPTED, held=actor.ref)
        _check(session, standing, said)
        _put(session, actor, standing, said)
        return one(session, actor, directive_id)


def _put(session: Session, actor: Actor, standing: DirectiveView, said: _Said, **facts: int) -> int:
    """Put a move that was looked at on record; the id of its event."""
    event_id = add_event(
        session, actor, standing.id, said.what, on=said.on, text=said.text.strip(), percent=said.percent,
        due_on=said.due_on, body_hash=said.body_hash(),
    )  # fmt: skip
    changed: dict[str, Any] = {"due_on": said.due_on} if said.what == EXTENDED else {}
    if said.what in (REPORTED, ACCEPTED, RETURNED, WITHDRAWN):
        changed = {"state": said.what}
    store(session, standing, **changed)
    audit.record(
        session, actor, f"directive.{said.what}", SUBJECT, standing.id, standing.unit_id, on=said.on,
        **({"due_on": said.due_on} if said.due_on else {}), **facts,
    )  # fmt: skip
    news.happened(session, actor, one(session, actor, standing.id), event_id, said.what, said.text)
    return event_id


def _events(directive_id: uuid.UUID, *which: sa.ColumnElement[bool]) -> sa.Select[DirectiveEvent]:
    query = sa.select(DirectiveEvent).where(DirectiveEvent.directive_id == directive_id, *which)
    return query.order_by(DirectiveEvent.id.desc()).limit(1)


def _reporter(session: Session, directive_id: uuid.UUID) -> str:
    return session.execute(_events(directive_id, DirectiveEvent.what == REPORTED)).scalar_one().by


def _again(session: Session, actor: Actor, directive_id: uuid.UUID, said: _Said) -> bool:
    """Whether this very move, with this very proof, was made by the same hand: its answer was lost on the way, or it
    comes late."""
    made = (DirectiveEvent.body_hash == said.body_hash(), DirectiveEvent.by == actor.ref)
    return session.execute(_events(directive_id, *made)).first() is not None


def _check(session: Session, standing: DirectiveView, said: _Said) -> None:
    """Raises Invalid, naming each field at fault, for a move without the words that it needs, of a day to come or
    before what happened last, or an extension that gives no more time."""
    faults = []
    field = "reason" if said.what in (EXTENDED, WITHDRAWN) else "text"
    if said.what != ACCEPTED and not said.text.strip():
        faults.append(FieldError(field, N_("Chưa điền")))
    if len(said.text) > WORDS_LONGEST:
        faults.append(FieldError(field, N_("Dài quá {longest:number} ký tự"), {"longest": WORDS_LONGEST}))
    if said.percent is not None and not 0 <= said.percent <= 100:
        faults.append(FieldError("percent", N_("Từ 0 đến 100 phần trăm.")))
    last = session.execute(_events(standing.id, DirectiveEvent.what != REWORDED)).scalar_one().on
    if said.on > today():
        message = N_("Ngày thực tế không được sau hôm nay {today:date}.")
        faults.append(FieldError("on", message, {"today": today()}))
    elif said.on < last:
        message = N_("Không trước ngày {last:date} của bước gần nhất.")
        faults.append(FieldError("on", message, {"last": last}))
    if said.due_on is not None and said.due_on <= max(standing.due_on, said.on):
        message = N_("Hạn mới phải sau ngày {due:date}.")
        faults.append(FieldError("due_on", message, {"due": max(standing.due_on, said.on)}))
    if faults:
        raise Invalid(*faults)
