"""Who can be given a directive, found by words: units, boards, agencies, members of boards, accounts."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain.access import Actor, in_scope, require
from app.domain.doing import in_term
from app.domain.territory import resolve
from app.errors import NotFound
from app.models.identity import User
from app.models.steering import Agency, Committee, CommitteeMember
from app.models.territory import Unit
from app.text import fold


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can be given a directive: `id` is an id, of a unit its exact code."""

    kind: str
    id: str
    name: str
    unit_name: str
    title: str = ""


def candidates(actor: Actor, q: str = "", *, limit: int = 12, on: date | None = None) -> list[Candidate]:
    """Those in the actor's scope whose name has the words, those of the actor's own unit first: at most `limit` of a
    kind; without words those of the actor's own unit alone, and the units directly below it."""
    require(actor, "directive.give")
    words = fold(q).split()
    with db.transaction() as session:
        return [c for find in _FINDERS for c in find(session, actor, words, limit, on or today())]


def _found(actor: Actor, unit_id: Any, search: Any, words: list[str]) -> list[sa.ColumnElement[bool]]:
    if not words:
        return [unit_id == actor.unit_id]
    return [in_scope(actor, unit_id), *(search.contains(word, autoescape=True) for word in words)]


def _own_first(actor: Actor, unit_id: Any) -> sa.ColumnElement[int]:
    return sa.case((unit_id == actor.unit_id, 0), else_=1)


def _units(session: Session, actor: Actor, words: list[str], limit: int, _on: date) -> Iterator[Candidate]:
    near = sa.or_(Unit.id == actor.unit_id, Unit.parent_id == actor.unit_id)
    query = (
        sa.select(Unit.code, Unit.structure, Unit.name)
        .where(*(_found(actor, Unit.id, Unit.search, words) if words else [near]))
        .order_by(_own_first(actor, Unit.id), Unit.sort_key, Unit.id)
    )
    for code, structure, name in session.execute(query.limit(limit)):
        yield Candidate("unit", f"{code}@{structure}", name, "")


def _boards(session: Session, actor: Actor, words: list[str], limit: int, on: date) -> Iterator[Candidate]:
    query = (
        sa.select(Committee.id, Committee.name, Unit.name)
        .join(Unit, Unit.id == Committee.unit_id)
        .where(
            *_found(actor, Committee.unit_id, Committee.search, words),
            Committee.from_on <= on,
            sa.or_(Committee.to_on.is_(None), Committee.to_on >= on),
        )
        .order_by(_own_first(actor, Committee.unit_id), Committee.name, Committee.id)
    )
    for id_, name, unit in session.execute(query.limit(limit)):
        yield Candidate("board", str(id_), name, unit)


def _agencies(session: Session, actor: Actor, words: list[str], limit: int, on: date) -> Iterator[Candidate]:
    query = (
        sa.select(Agency.id, Agency.name, Unit.name)
        .join(Unit, Unit.id == Agency.unit_id)
        .where(
            *_found(actor, Agency.unit_id, Agency.search, words),
            sa.or_(Agency.ended_on.is_(None), Agency.ended_on >= on),
        )
        .order_by(_own_first(actor, Agency.unit_id), Agency.sort_key, Agency.id)
    )
    for id_, name, unit in session.execute(query.limit(limit)):
        yield Candidate("agency", str(id_), name, unit)


def _members(session: Session, actor: Actor, words: list[str], limit: int, on: date) -> Iterator[Candidate]:
    """Members of the actor's own boards: their names are kept as they are written, so they are looked through here."""
    query = (
        sa.select(CommitteeMember.id, CommitteeMember.person, CommitteeMember.title, Committee.name)
        .join(Committee, Committee.id == CommitteeMember.committee_id)
        .where(
            Committee.unit_id == actor.unit_id, Committee.from_on <= on,
            sa.or_(Committee.to_on.is_(None), Committee.to_on >= on), in_term(on),
        )
        .order_by(Committee.name, CommitteeMember.position)
    )  # fmt: skip
    given = 0
    for id_, person, title, board in session.execute(query):
        if given < limit and all(word in fold(f"{person} {title}") for word in words):
            given += 1
            yield Candidate("person", str(id_), person, board, title)


def _accounts(session: Session, actor: Actor, words: list[str], limit: int, _on: date) -> Iterator[Candidate]:
    query = (
        sa.select(User.id, User.full_name, User.title, Unit.name)
        .join(Unit, Unit.id == User.unit_id)
        .where(*_found(actor, User.unit_id, User.search, words), sa.not_(User.disabled))
        .order_by(_own_first(actor, User.unit_id), User.sort_key, User.id)
    )
    for id_, name, title, unit in session.execute(query.limit(limit)):
        yield Candidate("person", str(id_), name, unit, title)


_FINDERS = (_units, _boards, _agencies, _members, _accounts)


def candidate(actor: Actor, kind: str, id_: str) -> Candidate:
    """Who an assignee of a list's filter or a form is, by name; NotFound out of scope."""
    require(actor, "read")
    with db.transaction() as session:
        if kind == "unit":
            unit = resolve(session, actor, id_)
            return Candidate("unit", unit.exact_code, unit.name, "")
        try:
            key = uuid.UUID(id_)
        except ValueError:
            raise NotFound() from None
        for query in _NAMED.get(kind, ()):
            row = session.execute(query(key).where(in_scope(actor, Unit.id))).one_or_none()
            if row is not None:
                return Candidate(kind, id_, *row)
    raise NotFound()


_NAMED: dict[str, tuple[Any, ...]] = {
    "person": (
        lambda id_: sa.select(User.full_name, Unit.name, User.title).join(Unit).where(User.id == id_),
        lambda id_: (
            sa.select(CommitteeMember.person, Unit.name, CommitteeMember.title)
            .join(Committee, Committee.id == CommitteeMember.committee_id)
            .join(Unit, Unit.id == Committee.unit_id)
            .where(CommitteeMember.id == id_)
        ),
    ),
    "board": (lambda id_: sa.select(Committee.name, Unit.name).join(Unit).where(Committee.id == id_),),
    "agency": (lambda id_: sa.select(Agency.name, Unit.name).join(Unit).where(Agency.id == id_),),
}
