"""The record of who saw whose personal data, read by those who watch over it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import day_begins
from app.domain.access import Actor, in_scope, require
from app.models.clearance import ClearanceHousehold, PersonalView
from app.models.documents import Document
from app.models.households import Household
from app.models.support import SupportModel
from app.models.territory import Unit
from app.models.works import Work

PAGE: Final = 100
SUBJECTS: Final = (
    "site_clearance", "clearance_household", "document", "work", "household", "households", "support_model",
)  # fmt: skip
PURPOSES: Final = ("page", "export", "api", "document.file", "identity", "subject_request")
OF_UNITS: Final = frozenset({"households"})
"""Kinds whose subject is a unit, by its exact code, not a row."""


@dataclass(frozen=True, slots=True)
class ViewOfPeople:
    """One showing of personal data: `people` is how many persons, `masked` whether by the first letters alone.

    `about` is the code or number of what named them, "" for what has none; `work_id` is its work, if it is of one.
    """

    id: int
    at: datetime
    actor: str
    unit_name: str
    subject_kind: str
    subject_id: str
    people: int
    masked: bool
    purpose: str
    request_id: str
    about: str = ""
    work_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class ViewFilter:
    """What the record is narrowed to; None leaves it open. Days are Vietnam's."""

    who: str | None = None
    subject_kind: str | None = None
    purpose: str | None = None
    date_from: date | None = None
    date_to: date | None = None


def _conditions(actor: Actor, wanted: ViewFilter) -> list[sa.ColumnElement[bool]]:
    found = [in_scope(actor, PersonalView.unit_id)]
    if wanted.who is not None:
        found.append(PersonalView.actor == wanted.who)
    if wanted.subject_kind is not None:
        found.append(PersonalView.subject_kind == wanted.subject_kind)
    if wanted.purpose is not None:
        found.append(PersonalView.purpose == wanted.purpose)
    if wanted.date_from is not None:
        found.append(PersonalView.at >= day_begins(wanted.date_from))
    if wanted.date_to is not None:
        found.append(PersonalView.at < day_begins(wanted.date_to + timedelta(days=1)))
    return found


def history(
    actor: Actor, wanted: ViewFilter, *, before_id: int | None = None, limit: int = PAGE
) -> list[ViewOfPeople]:
    """Who saw personal data of the actor's subtree, newest first; `before_id` pages on."""
    require(actor, "audit.read")
    query = (
        sa.select(
            PersonalView.id, PersonalView.at, PersonalView.actor, Unit.name, PersonalView.subject_kind,
            PersonalView.subject_id, PersonalView.people, PersonalView.masked, PersonalView.purpose, PersonalView.request_id,
        )
        .join(Unit, Unit.id == PersonalView.unit_id)
        .where(*_conditions(actor, wanted))
        .order_by(PersonalView.id.desc())
        .limit(limit)
    )  # fmt: skip
    if before_id is not None:
        query = query.where(PersonalView.id < before_id)
    with db.transaction() as session:
        return _named(session, [ViewOfPeople(*row) for row in session.execute(query)])


def _named(session: Session, found: Sequence[ViewOfPeople]) -> list[ViewOfPeople]:
    """The views with the codes of what was seen: one statement a kind."""
    wanted: dict[str, set[uuid.UUID]] = {}
    for view in found:
        if view.subject_kind not in OF_UNITS:
            wanted.setdefault(view.subject_kind, set()).add(uuid.UUID(view.subject_id))
    names = {kind: _names(session, kind, ids) for kind, ids in wanted.items()}
    answer = []
    for view in found:
        if view.subject_kind in OF_UNITS:
            answer.append(replace(view, about=view.subject_id))
            continue
        about, work_id = names[view.subject_kind].get(uuid.UUID(view.subject_id), ("", None))
        answer.append(replace(view, about=about, work_id=work_id))
    return answer


def _names(
    session: Session, kind: str, ids: set[uuid.UUID]
) -> Mapping[uuid.UUID, tuple[str, uuid.UUID | None]]:
    """(code or number, work) of things of a kind. No name of a person is among them."""
    query: sa.Select[*tuple[Any, ...]]
    match kind:
        case "document":
            query = sa.select(Document.id, Document.number, sa.null()).where(Document.id.in_(ids))
        case "household":
            query = sa.select(Household.id, Household.code, sa.null()).where(Household.id.in_(ids))
        case "support_model":
            query = sa.select(SupportModel.id, SupportModel.name, sa.null()).where(SupportModel.id.in_(ids))
        case "clearance_household":
            name = Work.code + sa.literal(" · ") + ClearanceHousehold.code
            query = (
                sa.select(ClearanceHousehold.id, name, ClearanceHousehold.work_id)
                .join(Work, Work.id == ClearanceHousehold.work_id)
                .where(ClearanceHousehold.id.in_(ids))
            )
        case _:
            query = sa.select(Work.id, Work.code, Work.id).where(Work.id.in_(ids))
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}
