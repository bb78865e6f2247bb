"""A household (hộ) as it is read: who belongs to it, what it counts as in each year, what happened to it.

Names are masked for whoever need not see them: `as_seen`. What is sealed is never part of a view: `identity`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.domain import personal
from app.domain.access import Actor, in_scope
from app.domain.ledger.entries import Document
from app.errors import NotFound
from app.i18n import N_
from app.models.households import (
    STATUSES,
    Household,
    HouseholdEvent,
    HouseholdMember,
    HouseholdStatus,
)
from app.models.territory import Unit
from app.text import fold

POOR, NEAR_POOR, ESCAPED, OTHER = STATUSES
SUBJECT: Final = "household"
SUBJECTS: Final = "households"  # many at once: the record of views names their unit
MERGED, TOOK_OVER, LEFT, RETURNED, STATUS, ERASED = (
    "merged",
    "took_over",
    "left",
    "returned",
    "status",
    "erased",
)
BY_CODE: Final = (Household.sort_key, Household.code, Household.id)
MERGED_REASON: Final = N_("gộp vào hộ khác")

Hamlet = aliased(Unit)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A person of a household besides its head; `relation` to the head, in words."""

    name: str
    birth_year: int | None = None
    relation: str = ""


@dataclass(frozen=True, slots=True)
class StatusView:
    """What a household counts as in a year, by the decision behind it."""

    year: int
    status: str
    decision: Document | None
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """A household; names as the reader may see them, statuses by year, the oldest first."""

    id: uuid.UUID
    unit_id: int
    unit_code: str
    unit_structure: str
    unit_name: str
    hamlet_code: str | None
    hamlet_name: str | None
    code: str
    head_name: str
    birth_year: int | None
    ethnicity: str
    note: str
    joined_on: date | None
    left_on: date | None
    left_reason: str
    merged_into_id: uuid.UUID | None
    has_identity_number: bool
    has_phone: bool
    illustrative: bool
    version: int
    updated_at: datetime
    members: tuple[MemberView, ...] = ()
    statuses: tuple[StatusView, ...] = ()

    @property
    def exact_unit(self) -> str:
        return f"{self.unit_code}@{self.unit_structure}"

    @property
    def people(self) -> int:
        """How many persons it names."""
        return 1 + len(self.members)

    def status_in(self, year: int) -> StatusView | None:
        return next((s for s in self.statuses if s.year == year), None)


@dataclass(frozen=True, slots=True)
class EventView:
    """What happened to a household; `other_code` of the household that it was merged with."""

    what: str
    other_id: uuid.UUID | None
    other_code: str | None
    year: int | None
    from_status: str
    to_status: str
    reason: str
    at: datetime
    by: str


def selection() -> sa.Select[*tuple[Any, ...]]:
    """The columns of HouseholdView but for members and statuses; nothing that is sealed is among them."""
    H = Household
    return (
        sa.select(
            H.id, H.unit_id, Unit.code, Unit.structure, Unit.name, Hamlet.code, Hamlet.name, H.code, H.head_name,
            H.birth_year, H.ethnicity, H.note, H.joined_on, H.left_on, H.left_reason, H.merged_into_id,
            H.identity_number.is_not(None), H.phone.is_not(None), H.illustrative, H.version, H.updated_at,
        )
        .select_from(H)
        .join(Unit, Unit.id == H.unit_id)
        .outerjoin(Hamlet, Hamlet.id == H.hamlet_id)
    )  # fmt: skip


def with_parts(
    session: Session, rows: Sequence[sa.Row[*tuple[Any, ...]]], *, members: bool = True
) -> list[HouseholdView]:
    """Households of `selection` with statuses and, if asked, members: a statement each. Names unmasked."""
    ids = [row[0] for row in rows]
    people, statuses = members_of(session, ids if members else []), statuses_of(session, ids)
    return [HouseholdView(*[*row, people.get(row[0], ()), statuses.get(row[0], ())]) for row in rows]


def members_of(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[MemberView, ...]]:
    if not ids:
        return {}
    M = HouseholdMember
    query = (
        sa.select(M.household_id, M.name, M.birth_year, M.relation)
        .where(M.household_id.in_(ids))
        .order_by(M.position)
    )
    found: dict[uuid.UUID, list[MemberView]] = {}
    for id_, name, birth_year, relation in session.execute(query):
        found.setdefault(id_, []).append(MemberView(name, birth_year, relation))
    return {id_: tuple(of_one) for id_, of_one in found.items()}


def statuses_of(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[StatusView, ...]]:
    if not ids:
        return {}
    S = HouseholdStatus
    query = (
        sa.select(
            S.household_id, S.year, S.status, S.decision_number, S.decision_date, S.decision_issuer, S.version,
            S.updated_at,
        )
        .where(S.household_id.in_(ids))
        .order_by(S.year)
    )  # fmt: skip
    found: dict[uuid.UUID, list[StatusView]] = {}
    for id_, year, status, number, day, issuer, version, at in session.execute(query):
        decision = Document(number, day, issuer) if day is not None else None
        found.setdefault(id_, []).append(StatusView(year, status, decision, version, at))
    return {id_: tuple(of_one) for id_, of_one in found.items()}


def one(
    session: Session, actor: Actor, household_id: uuid.UUID, *, lock: bool = False, field: str | None = None
) -> HouseholdView:
    """A household, names unmasked, for the domain alone; `lock` lets one writer at a time at it.

    NotFound out of scope, naming `field` where a body named it.
    """
    mine = sa.and_(Household.id == household_id, in_scope(actor, Household.unit_id))
    if lock:
        session.execute(sa.select(Household.id).where(mine).with_for_update())
    row = session.execute(selection().where(mine)).one_or_none()
    if row is None:
        raise NotFound(N_("Không có hộ này trong phạm vi của bạn.") if field else "", field=field)
    return with_parts(session, [row])[0]


def events_of(session: Session, household_id: uuid.UUID) -> list[EventView]:
    """What happened to a household, in order."""
    E, other = HouseholdEvent, aliased(Household)
    query = (
        sa.select(
            E.what, E.other_id, other.code, E.year, E.from_status, E.to_status, E.reason, E.at, E.by
        )
        .outerjoin(other, other.id == E.other_id)
        .where(E.household_id == household_id)
        .order_by(E.id)
    )  # fmt: skip
    return [EventView(*row) for row in session.execute(query)]


def as_seen(actor: Actor, household: HouseholdView) -> HouseholdView:
    """The household as an actor may see it: who may not see names does not see what was noted of them either."""
    if actor.sees_people:
        return household
    return replace(
        household,
        head_name=personal.shown_name(actor, household.head_name),
        members=tuple(replace(m, name=personal.shown_name(actor, m.name)) for m in household.members),
        note="",
    )


def search_text(code: str, head_name: str, members: Iterable[MemberView]) -> str:
    """What is searched: the code, a line end, the names, for those who see them."""
    return f"{fold(code)}\n{' '.join(fold(name) for name in (head_name, *(m.name for m in members)))}"


def matching(actor: Actor, q: str) -> Iterator[sa.ColumnElement[bool]]:
    """The conditions that a household has each of these words, with or without marks, in what the actor may search."""
    for word in fold(q).split():
        plain = word.replace("/", "//").replace("%", "/%").replace("_", "/_")
        # Before the line end stands what everybody may search; the names stand behind it.
        end = "%" if actor.sees_people else "%\n%"
        yield Household.search.like(f"%{plain}{end}", escape="/")
