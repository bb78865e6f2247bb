"""What a unit's dossier names and counts, in one statement: boards, meetings, inspections, plans, works, documents."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.access import Actor, in_scope, under
from app.domain.documents import DocumentView
from app.domain.documents.views import document_views
from app.domain.plans.flow import SUBJECT as PLAN
from app.domain.support.flow import SUBJECT as MODEL
from app.domain.territory import UnitView
from app.domain.unit_dossier import wanting
from app.domain.workflow import known_on, state_on
from app.models.criteria import Assessment
from app.models.documents import Attachment, Document, DocumentFile
from app.models.oversight import Finding, Inspection, Observation, Outreach
from app.models.plans import Plan
from app.models.programs import Program
from app.models.steering import Committee, CommitteeMember, Directive, Meeting
from app.models.support import SupportModel
from app.models.works import Work

# Whose attached documents belong to the dossier.
_ALL: Final = sa.func.count().over()
OWNERS: Final = (
    "committee", "meeting", "directive", "inspection", "finding", "plan", "assessment", "support_model", "outreach",
    "observation",
)  # fmt: skip


SHOWN: Final = 20
"""Rows of each list on the page; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Held:
    """Something on record: a board, a meeting, an inspection, a plan; `state` of the day or kind, its day, members."""

    what: str
    id: uuid.UUID
    name: str
    state: str
    day: date | None
    number: int
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Record:
    """What a dossier's page needs of its lists: the first rows of each, how many there are of each kind and of what
    `wanting` counts, boards without members and programs with an approved plan by name; documents by the kind of thing
    that they are attached to and whether they name persons: (documents, without a file, bytes)."""

    held: list[Held]
    numbers: Counter[str]
    empty_boards: tuple[str, ...]
    planned: frozenset[str]
    documents: dict[tuple[str, bool], tuple[int, int, int]]


def record_of(session: Session, actor: Actor, unit: UnitView, day: date) -> Record:
    """Boards in force, meetings of the year, inspections up to a day, plans of the year, what is wanting: one statement."""
    lists = (
        _boards(actor, unit, day), _boards(actor, unit, day, empty=True), _meetings(actor, unit, day),
        _inspections(actor, unit, day), _plans(actor, unit, day),
    )  # fmt: skip
    numbers = [("work", _works(actor, unit)), *wanting.counts(actor, unit, day)]
    parts = [
        *(sa.select(part.order_by(part.selected_columns.on.nulls_last(), part.selected_columns.name).limit(SHOWN).subquery()) for part in lists),
        _planned(unit, day), _documents(actor, unit, day),
        *(_row("number", None, name, "", None, False, count=query.scalar_subquery()) for name, query in numbers),
    ]  # fmt: skip
    found = Record([], Counter(), (), frozenset(), {})
    empty, planned = [], []
    for what, id_, name, state, on, count, more, size, flag in session.execute(sa.union_all(*parts)):
        if what == "number":
            found.numbers[name] = count
        elif what == "documents":
            found.documents[state, bool(flag)] = count, more, size
        elif what == "planned":
            planned.append(name)
        else:
            found.numbers[what] = more
            if what == "empty":
                empty.append(name)
            else:
                found.held.append(Held(what, id_, name, state, on, count, bool(flag)))
    found.held.sort(key=lambda one: (one.day or date.max, one.name))
    return replace(found, empty_boards=tuple(sorted(empty)), planned=frozenset(planned))


def _row(
    what: str, id_: Any, name: Any, state: Any, on: Any, flag: Any, *, count: Any = 0, more: Any = 0, size: Any = 0,
) -> sa.Select[*tuple[Any, ...]]:  # fmt: skip
    """The columns that every part of the statement has, of one type each."""
    typed = (("what", what, sa.String), ("id", id_, sa.Uuid), ("name", name, sa.String), ("state", state, sa.String),
             ("on", on, sa.Date), ("count", count, sa.BigInteger), ("more", more, sa.BigInteger),
             ("size", size, sa.BigInteger), ("flag", flag, sa.Boolean))  # fmt: skip
    return sa.select(*(
        sa.type_coerce(value, kind).label(label)
        if isinstance(value, sa.ColumnElement | sa.orm.InstrumentedAttribute)
        else sa.cast(sa.literal(value, kind), kind).label(label)
        for label, value, kind in typed
    ))  # fmt: skip


def _boards(actor: Actor, unit: UnitView, day: date, *, empty: bool = False) -> sa.Select[*tuple[Any, ...]]:
    members = (
        sa.select(sa.func.count())
        .select_from(CommitteeMember)
        .where(
            CommitteeMember.committee_id == Committee.id, CommitteeMember.from_on <= day,
            sa.or_(CommitteeMember.to_on.is_(None), CommitteeMember.to_on >= day),
        )
        .correlate(Committee)
        .scalar_subquery()
    )  # fmt: skip
    standing = _row(
        "empty" if empty else "committee", Committee.id, Committee.name, Committee.kind, Committee.from_on,
        Committee.illustrative, count=members, more=_ALL,
    ).where(*_standing(actor, unit, day))  # fmt: skip
    return standing.where(members == 0) if empty else standing


def _standing(actor: Actor, unit: UnitView, day: date) -> list[sa.ColumnElement[bool]]:
    return [
        in_scope(actor, Committee.unit_id), under(unit.id, Committee.unit_id), *wanting.in_force(day)
    ]  # fmt: skip


def _of_year(actor: Actor, unit: UnitView, day: date) -> list[sa.ColumnElement[bool]]:
    return [
        in_scope(actor, Meeting.unit_id), under(unit.id, Meeting.unit_id), Meeting.state != "cancelled",
        Meeting.date.between(date(day.year, 1, 1), day),
    ]  # fmt: skip


def _meetings(actor: Actor, unit: UnitView, day: date) -> sa.Select[*tuple[Any, ...]]:
    return _row(
        "meeting", Meeting.id, Meeting.title, Meeting.state, Meeting.date, Meeting.illustrative, more=_ALL
    ).where(*_of_year(actor, unit, day))  # fmt: skip


def _until(actor: Actor, unit: UnitView, day: date) -> list[sa.ColumnElement[bool]]:
    return [
        in_scope(actor, Inspection.unit_id),
        under(unit.id, Inspection.unit_id),
        Inspection.held_on <= day,
        Inspection.state != "cancelled",
    ]


def _inspections(actor: Actor, unit: UnitView, day: date) -> sa.Select[*tuple[Any, ...]]:
    state = sa.case((Inspection.concluded_on <= day, "concluded"), else_="held")
    return _row(
        "inspection", Inspection.id, Inspection.title, state, Inspection.held_on, Inspection.illustrative, more=_ALL
    ).where(*_until(actor, unit, day))  # fmt: skip


def _plans(actor: Actor, unit: UnitView, day: date) -> sa.Select[*tuple[Any, ...]]:
    state = state_on(PLAN, Plan.id, day)
    return _row("plan", Plan.id, Plan.title, state, None, Plan.illustrative, more=_ALL).where(
        *_made(actor, unit, day, Plan, PLAN)
    )


def _made(
    actor: Actor, unit: UnitView, day: date, model: type[Plan] | type[SupportModel], kind: str
) -> list[sa.ColumnElement[bool]]:
    """Of plans and models, those of the year that were there by the day."""
    return [
        in_scope(actor, model.unit_id), under(unit.id, model.unit_id), model.year == day.year,
        known_on(kind, model.id, model.created_at, day),
    ]  # fmt: skip


def _planned(unit: UnitView, day: date) -> sa.Select[*tuple[Any, ...]]:
    """Programs of which the unit itself had an approved plan."""
    return (
        _row("planned", None, Program.code, "", None, False)
        .join(Plan, Plan.program_id == Program.id)
        .where(Plan.unit_id == unit.id, *wanting.approved(day))
    )


def _works(actor: Actor, unit: UnitView) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(sa.func.count())
        .select_from(Work)
        .where(in_scope(actor, Work.owner_unit_id), under(unit.id, Work.owner_unit_id))
    )


def attached(actor: Actor, unit: UnitView, day: date) -> sa.Subquery:
    """(kind, document) of what is attached to the things of the dossier."""

    def of(kind: str, ids: sa.Select[uuid.UUID]) -> sa.ColumnElement[bool]:
        return sa.and_(Attachment.subject_kind == kind, Attachment.subject_id.in_(ids))

    held = sa.select(Inspection.id).where(*_until(actor, unit, day))
    given = sa.select(Directive.id).where(
        in_scope(actor, Directive.unit_id), under(unit.id, Directive.unit_id), Directive.given_on <= day
    )
    of_year = (date(day.year, 1, 1), day)

    def its(column: Any) -> list[sa.ColumnElement[bool]]:
        return [in_scope(actor, column), under(unit.id, column)]

    return (
        sa.select(Attachment.subject_kind.label("kind"), Attachment.document_id.label("id"))
        .join(Document, Document.id == Attachment.document_id)
        .where(
            in_scope(actor, Document.unit_id),
            sa.or_(
                of("committee", sa.select(Committee.id).where(*_standing(actor, unit, day))),
                of("meeting", sa.select(Meeting.id).where(*_of_year(actor, unit, day))),
                of("directive", given),
                of("inspection", held),
                of(
                    "finding",
                    sa.select(Finding.id).where(
                        Finding.inspection_id.in_(held), Finding.withdrawn_at.is_(None)
                    ),
                ),
                of("plan", sa.select(Plan.id).where(*_made(actor, unit, day, Plan, PLAN))),
                of("support_model", sa.select(SupportModel.id).where(*_made(actor, unit, day, SupportModel, MODEL))),
                of("assessment", sa.select(Assessment.id).where(
                    *its(Assessment.unit_id), Assessment.withdrawn_at.is_(None), Assessment.assessed_on <= day
                )),
                of("outreach", sa.select(Outreach.id).where(
                    *its(Outreach.unit_id), Outreach.withdrawn_at.is_(None), Outreach.held_on.between(*of_year)
                )),
                of("observation", sa.select(Observation.id).where(
                    *its(Observation.unit_id), Observation.observed_on.between(*of_year)
                )),
            ),
        )
        .distinct()
        .subquery()
    )  # fmt: skip


def _documents(actor: Actor, unit: UnitView, day: date) -> sa.Select[*tuple[Any, ...]]:
    its = attached(actor, unit, day)
    size = (
        sa.select(sa.func.coalesce(sa.func.sum(DocumentFile.size), 0))
        .where(DocumentFile.document_id == Document.id)
        .correlate(Document)
        .scalar_subquery()
    )
    each = (
        sa.select(its.c.kind, Document.personal, size.label("size"))
        .join(Document, Document.id == its.c.id)
        .subquery()
    )
    empty = sa.func.sum(sa.case((each.c.size == 0, 1), else_=0))
    return _row(
        "documents", None, "", each.c.kind, None, each.c.personal, count=sa.func.count(), more=empty,
        size=sa.cast(sa.func.sum(each.c.size), sa.BigInteger),
    ).group_by(each.c.kind, each.c.personal)  # fmt: skip


def documents_of(
    session: Session, actor: Actor, unit: UnitView, day: date, most: int
) -> list[tuple[str, DocumentView]]:
    """Documents of the things of the dossier, each once where it comes first, by date; the first `most` by these things."""
    its = attached(actor, unit, day)
    kinds: dict[uuid.UUID, str] = {}
    for kind, id_ in sorted(
        session.execute(sa.select(its.c.kind, its.c.id)), key=lambda row: OWNERS.index(row[0])
    ):
        kinds.setdefault(id_, kind)
    first = list(kinds)[:most]
    found = document_views(session, [Document.id.in_(first)]) if first else []
    return [(kind, d) for kind in OWNERS for d in found if kinds[d.id] == kind]
