"""What is drafted in one unit and appraised by the unit above: a flow is data, and every move is put on record.

The piece knows nothing of what it moves: plans use it, and whatever else needs appraisal.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import day_begins, today, utcnow
from app.domain.access import Actor, in_scope, require
from app.domain.ledger.entries import Document
from app.domain.sides import Own, directly_below, is_above, refuse_above
from app.errors import FieldError, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.documents import Document as StoredDocument
from app.models.plans import WorkflowEvent
from app.models.territory import Unit

LONGEST: Final = 4000
Condition = sa.ColumnElement[bool]
NUMBER_LONGEST: Final = 120
ISSUER_LONGEST: Final = 200


DRAFT: Final = "draft"  # where whatever is appraised begins


@dataclass(frozen=True, slots=True)
class Move:
    """A way from some states to another.

    `action` is its permission; `side` who makes it: who keeps the thing (`own`), or whoever is `above` them.
    `remark`: it needs words. `awaited`: once it can be made, somebody owes it. `kinds`: only of such things; empty, of all.
    """

    name: str
    frm: tuple[str, ...]
    to: str
    action: str
    side: Literal["own", "above"]
    remark: bool = False
    awaited: bool = False
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """The moves of things of one `subject` kind; `state_rule` and `side_rule` name the rules that refuse.

    `own_words` is what those above are told who would do what is the keepers'.
    """

    subject: str
    state_rule: str
    side_rule: str
    moves: tuple[Move, ...]
    own_words: str = N_("Việc này do nơi lập làm, cấp trên không làm thay.")

    @property
    def own(self) -> Own:
        """Whoever appraises a thing neither writes it nor does what it is there for."""
        return Own(self.side_rule, self.own_words)

    def named(self, name: str) -> Move:
        return next(move for move in self.moves if move.name == name)


@dataclass(frozen=True, slots=True)
class Thing:
    """What is moved, as it stands under its lock: `level` is that of the unit that keeps it."""

    id: uuid.UUID
    kind: str
    state: str
    level: str


@dataclass(frozen=True, slots=True)
class Order:
    """What a move says. `on`: today where not given; `due_on`: when the next move is due.

    `document` is typed in, or the id of a document in the actor's scope.
    """

    remark: str = ""
    document: Document | uuid.UUID | None = None
    on: date | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move that was made. `on` is its day, `at` when it was recorded; `version` of the text that was moved."""

    move: str
    from_state: str
    to_state: str
    version: int | None
    remark: str
    document: Document | None
    document_id: uuid.UUID | None
    on: date
    due_on: date | None
    at: datetime
    by: str
    unit_code: str
    unit_structure: str
    unit_name: str


def open_moves(actor: Actor, flow: Flow, thing: Thing) -> list[Move]:
    """The moves that an actor, in whose scope the thing lies, can make now."""
    above = is_above(actor, thing.level)
    return [
        move
        for move in flow.moves
        if actor.may(move.action) and (move.side == "above") == above and _allows(move, thing)
    ]


def _allows(move: Move, thing: Thing) -> bool:
    return thing.state in move.frm and (not move.kinds or thing.kind in move.kinds)


def owed_by(
    actor: Actor, flow: Flow, state: sa.SQLColumnExpression[str], level: sa.SQLColumnExpression[str]
) -> sa.ColumnElement[bool]:
    """The condition that things in the actor's scope wait for a move of theirs.

    They wait for the nearest unit above in the actor's structure: under three tiers a commune's for the district,
    under two for the province. `level` is that of the unit that keeps them.
    """
    states = {
        s
        for move in flow.moves
        if move.awaited and move.side == "above" and actor.may(move.action)
        for s in move.frm
    }
    return sa.and_(state.in_(sorted(states)), level.in_(directly_below(actor)))


def move(
    session: Session,
    actor: Actor,
    flow: Flow,
    thing: Thing,
    name: str,
    order: Order,
    version: int | None,
    *,
    anew: bool = False,
) -> str | None:
    """Put a move of a locked thing on record; the state that it leads to, or None for the same move sent again.

    `anew`: it says something else than the last one, whatever its order.

    Forbidden for a role that may not; RuleBroken the flow's `side_rule` for who stands on the wrong side, its
    `state_rule` (`asked`, `held`) where the state does not allow it; Invalid for a remark or days that are wrong.
    """
    asked = flow.named(name)
    require(actor, asked.action)
    last = _last(session, flow, thing)
    if last is not None and not anew and _again(last, actor, name, order):
        return None
    _check_side(actor, flow, asked, thing)
    if not _allows(asked, thing):
        message = N_("Đang ở bước khác, không làm được việc này.")
        raise RuleBroken(flow.state_rule, message, asked=name, held=thing.state)
    on = order.on or today()
    _check(asked, order, on, last.on if last is not None else None)
    session.execute(
        sa.insert(WorkflowEvent).values(
            subject_kind=flow.subject, subject_id=thing.id, version=version, move=name, from_state=thing.state,
            to_state=asked.to, remark=order.remark, on=on, due_on=order.due_on, at=utcnow(), by=actor.ref,
            unit_id=actor.unit_id, **_document(session, actor, order.document),
        )
    )  # fmt: skip
    return asked.to


def _check_side(actor: Actor, flow: Flow, asked: Move, thing: Thing) -> None:
    if asked.side == "own":
        refuse_above(actor, flow.own, thing.level, asked.name)
    elif not is_above(actor, thing.level):
        message = N_("Việc này do cấp trên làm, nơi lập không tự làm.")
        raise RuleBroken(flow.side_rule, message, asked=asked.name, held="above")


def _last(session: Session, flow: Flow, thing: Thing) -> WorkflowEvent | None:
    query = (
        sa.select(WorkflowEvent)
        .where(WorkflowEvent.subject_kind == flow.subject, WorkflowEvent.subject_id == thing.id)
        .order_by(WorkflowEvent.id.desc())
        .limit(1)
    )
    return session.execute(query).scalar_one_or_none()


def _again(last: WorkflowEvent, actor: Actor, name: str, order: Order) -> bool:
    """Whether the last that happened is this very move by the same hand: its answer was lost on the way."""
    typed = (last.document_number, last.document_date, last.document_issuer)
    match order.document:
        case None:
            same = last.document_id is None and not last.document_number
        case uuid.UUID() as id_:
            same = last.document_id == id_
        case document:
            same = typed == (document.number, document.date, document.issuer)
    held = (last.move, last.by, last.remark, last.due_on)
    return same and held == (name, actor.ref, order.remark, order.due_on) and order.on in (None, last.on)


def _check(asked: Move, order: Order, on: date, before: date | None) -> None:
    """Raises Invalid for what no database is needed to see; `before` is the day of the last move."""
    faults = []
    if asked.remark and not order.remark.strip():
        faults.append(FieldError("remark", N_("Ghi ý kiến, lý do.")))
    if len(order.remark) > LONGEST:
        faults.append(FieldError("remark", N_("Dài quá {longest:number} ký tự"), {"longest": LONGEST}))
    if on > today():
        message = N_("Ngày thực tế không được sau hôm nay {today:date}.")
        faults.append(FieldError("on", message, {"today": today()}))
    elif before is not None and on < before:
        message = N_("Không trước ngày {last:date} của bước gần nhất.")
        faults.append(FieldError("on", message, {"last": before}))
    if order.due_on is not None and order.due_on < on:
        faults.append(
            FieldError("due_on", N_("Hạn không được trước ngày {on:date} của bước này."), {"on": on})
        )
    if isinstance(order.document, Document):
        faults += _faults_of(order.document)
    if faults:
        raise Invalid(*faults)


def _faults_of(document: Document) -> list[FieldError]:
    faults = []
    for name, longest in (("number", NUMBER_LONGEST), ("issuer", ISSUER_LONGEST)):
        text = getattr(document, name)
        if not text.strip():
            faults.append(FieldError(f"document.{name}", N_("Chưa điền")))
        elif len(text) > longest:
            message = N_("Dài quá {longest:number} ký tự")
            faults.append(FieldError(f"document.{name}", message, {"longest": longest}))
    return faults


def _document(session: Session, actor: Actor, document: Document | uuid.UUID | None) -> dict[str, Any]:
    """The columns of an event that name its document; NotFound names `document` out of the actor's scope."""
    if document is None:
        return {}
    if isinstance(document, Document):
        return {
            "document_number": document.number, "document_date": document.date,
            "document_issuer": document.issuer,
        }  # fmt: skip
    mine = sa.and_(StoredDocument.id == document, in_scope(actor, StoredDocument.unit_id))
    if session.execute(sa.select(StoredDocument.id).where(mine)).one_or_none() is None:
        raise NotFound(N_("Không có văn bản này trong phạm vi của bạn."), field="document")
    return {"document_id": document}


def waiting(
    session: Session, query: sa.Select[Any], model: Any, owed: Condition, back: Condition, limit: int
) -> tuple[list[Sequence[Any]], int]:
    """(rows of `query` that wait: those that are `owed` a move first, then those given `back`, the first due first; how
    many there are): one statement. `model` has `due_on`, `updated_at` and `id`."""
    order = (
        sa.case((owed, 0), else_=1),
        sa.func.coalesce(model.due_on, date.max),
        model.updated_at,
        model.id,
    )
    found = query.add_columns(sa.func.count().over()).where(sa.or_(owed, back)).order_by(*order).limit(limit)
    rows = session.execute(found).all()
    return [row[:-1] for row in rows], rows[0][-1] if rows else 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something under appraisal that waits for a reader: for a move of theirs (`mine`), or given back to their unit.
    `subject` is the kind of thing, `since` when it was moved or changed last."""

    subject: str
    id: uuid.UUID
    title: str
    unit_name: str
    state: str
    due_on: date | None
    since: datetime
    illustrative: bool
    mine: bool


def waiting_rows(
    subject: str, model: Any, title: Any, joined: Any, owed: Condition, back: Condition
) -> sa.Select[*tuple[Any, ...]]:
    """The columns of `Waiting` of the things of one kind that wait, the reader's scope not among the conditions."""
    return (
        sa.select(
            sa.literal(subject).label("subject"), model.id, title.label("title"), Unit.name, model.state, model.due_on,
            model.updated_at, model.illustrative, sa.case((owed, sa.true()), else_=sa.false()).label("mine"),
        )
        .select_from(joined)
        .where(sa.or_(owed, back))
    )  # fmt: skip


def first_waiting(
    session: Session, limit: int, *rows: sa.Select[*tuple[Any, ...]]
) -> tuple[list[Waiting], dict[tuple[str, bool], int]]:
    """(of each kind of `waiting_rows`, and of what is owed and what was given back apart, those due first, at most
    `limit`; how many of each there are): one statement."""
    every = sa.union_all(*rows).subquery()
    order = (sa.func.coalesce(every.c.due_on, date.max), every.c.updated_at, every.c.id)
    query = db.first_of_each(every, (every.c.subject, every.c.mine), order, limit)
    found = [(Waiting(*row[:-1]), row[-1]) for row in session.execute(query)]
    return [w for w, _ in found], {(w.subject, w.mine): number for w, number in found}


def state_on(kind: str, id_: Any, day: date) -> sa.ColumnElement[str]:
    """The state of a thing (`id_`: its column) at the end of a day: a draft until it was moved."""
    moved = _moves_by(kind, id_, day).order_by(WorkflowEvent.id.desc()).limit(1)
    return sa.func.coalesce(moved.correlate(id_.class_).scalar_subquery(), DRAFT)


def known_on(kind: str, id_: Any, created_at: Any, day: date) -> sa.ColumnElement[bool]:
    """Whether a thing was there by the end of a day: recorded, or moved."""
    moved = _moves_by(kind, id_, day).correlate(id_.class_).exists()
    return sa.or_(created_at < day_begins(day + timedelta(1)), moved)


def _moves_by(kind: str, id_: Any, day: date) -> sa.Select[str]:
    return sa.select(WorkflowEvent.to_state).where(
        WorkflowEvent.subject_kind == kind, WorkflowEvent.subject_id == id_, WorkflowEvent.on <= day
    )  # fmt: skip


def history(
    session: Session, flow: Flow, ids: Collection[uuid.UUID], *, with_words: bool = False
) -> dict[uuid.UUID, list[MoveView]]:
    """The moves made of each of these things, in order, or those `with_words` alone: one statement."""
    document = (
        sa.func.coalesce(stored, typed)
        for stored, typed in (
            (StoredDocument.number, WorkflowEvent.document_number),
            (StoredDocument.date, WorkflowEvent.document_date),
            (StoredDocument.issuer, WorkflowEvent.document_issuer),
        )
    )
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(WorkflowEvent, *document, Unit.code, Unit.structure, Unit.name)
        .join(Unit, Unit.id == WorkflowEvent.unit_id)
        .outerjoin(StoredDocument, StoredDocument.id == WorkflowEvent.document_id)
        .where(WorkflowEvent.subject_kind == flow.subject, WorkflowEvent.subject_id.in_(ids))
        .order_by(WorkflowEvent.id)
    )
    if with_words:
        query = query.where(WorkflowEvent.remark != "")
    found: dict[uuid.UUID, list[MoveView]] = {id_: [] for id_ in ids}
    for event, number, day, issuer, *unit in session.execute(query) if ids else ():
        found[event.subject_id].append(
            MoveView(
                event.move, event.from_state, event.to_state, event.version, event.remark,
                None if day is None else Document(number, day, issuer), event.document_id, event.on,
                event.due_on, event.at, event.by, *unit,
            )
        )  # fmt: skip
    return found
