"""What a unit's dossier names and counts, in one statement: boards, meetings, inspections, plans, works, documents."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.access import Actor, in_scope, under
from app.domain.documents import DocumentView
from app.domain.documents.views import document_views
from app.domain.territory import UnitView
from app.models.documents import Attachment, Document, DocumentFile
from app.models.oversight import Finding, Inspection
from app.models.plans import Plan
from app.models.programs import Program
from app.models.steering import Committee, CommitteeMember, Directive, Meeting
from app.models.works import Work

# Whose attached documents belong to the dossier.
OWNERS: Final = ("committee", "meeting", "directive", "inspection", "finding")


@dataclass(frozen=True, slots=True)
class Held:
    """Something on record: a board, a meeting, an inspection, a plan; `state` or kind, its day, its program or members."""

    what: str
    id: uuid.UUID
    name: str
    state: str
    day: date | None
    program: str
    number: int
    illustrative: bool


def held_by(
    session: Session, actor: Actor, unit: UnitView, day: date
) -> tuple[list[Held], int, dict[tuple[str, bool], tuple[int, int, int]]]:
    """(boards in force, meetings of the year, inspections up to a day and plans of the year, how many works there are,
    documents by the kind of thing that they are attached to)."""
    parts = [
        _boards(actor, unit, day), _meetings(actor, unit, day), _inspections(actor, unit, day), _plans(actor, unit, day),
        _works(actor, unit), _documents(actor, unit, day),
    ]  # fmt: skip
    found: list[Held] = []
    number = 0
    documents: dict[tuple[str, bool], tuple[int, int, int]] = {}
    for row in session.execute(sa.union_all(*parts)):
        what, id_, name, state, on, program, count, more, size, flag = row
        if what == "work":
            number = count
        elif what == "documents":
            documents[state, bool(flag)] = count, more, size
        else:
            found.append(Held(what, id_, name, state, on, program, count, bool(flag)))
    found.sort(key=lambda one: (one.day or date.max, one.name))
    return found, number, documents


def _row(
    what: str, id_: Any, name: Any, state: Any, on: Any, flag: Any, *, program: Any = "", count: Any = 0, more: Any = 0,
    size: Any = 0,
) -> sa.Select[*tuple[Any, ...]]:  # fmt: skip
    """The columns that every part of the statement has, of one type each."""
    typed = ((what, sa.String), (id_, sa.Uuid), (name, sa.String), (state, sa.String), (on, sa.Date), (program, sa.String),
             (count, sa.BigInteger), (more, sa.BigInteger), (size, sa.BigInteger), (flag, sa.Boolean))  # fmt: skip
    return sa.select(*(
        sa.type_coerce(value, kind) if isinstance(value, sa.ColumnElement | sa.orm.InstrumentedAttribute)
        else sa.cast(sa.literal(value, kind), kind)
        for value, kind in typed
    ))  # fmt: skip


def _boards(actor: Actor, unit: UnitView, day: date) -> sa.Select[*tuple[Any, ...]]:
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
    return _row(
        "committee", Committee.id, Committee.name, Committee.kind, Committee.from_on, Committee.illustrative, count=members
    ).where(*_standing(actor, unit, day))  # fmt: skip


def _standing(actor: Actor, unit: UnitView, day: date) -> list[sa.ColumnElement[bool]]:
    return [
        in_scope(actor, Committee.unit_id), under(unit.id, Committee.unit_id), Committee.from_on <= day,
        sa.or_(Committee.to_on.is_(None), Committee.to_on >= day),
    ]  # fmt: skip


def _of_year(actor: Actor, unit: UnitView, day: date) -> list[sa.ColumnElement[bool]]:
    return [
        in_scope(actor, Meeting.unit_id), under(unit.id, Meeting.unit_id), Meeting.state != "cancelled",
        Meeting.date.between(date(day.year, 1, 1), day),
    ]  # fmt: skip


def _meetings(actor: Actor, unit: UnitView, day: date) -> sa.Select[*tuple[Any, ...]]:
    return _row(
        "meeting", Meeting.id, Meeting.title, Meeting.state, Meeting.date, Meeting.illustrative
    ).where(*_of_year(actor, unit, day))  # fmt: skip


def _until(actor: Actor, unit: UnitView, day: date) -> list[sa.ColumnElement[bool]]:
    return [
        in_scope(actor, Inspection.unit_id),
        under(unit.id, Inspection.unit_id),
        Inspection.held_on <= day,
    ]


def _inspections(actor: Actor, unit: UnitView, day: date) -> sa.Select[*tuple[Any, ...]]:
    return _row(
        "inspection", Inspection.id, Inspection.title, Inspection.state, Inspection.held_on, Inspection.illustrative
    ).where(*_until(actor, unit, day))  # fmt: skip


def _plans(actor: Actor, unit: UnitView, day: date) -> sa.Select[*tuple[Any, ...]]:
    joined = _row(
        "plan", Plan.id, Plan.title, Plan.state, None, Plan.illustrative, program=Program.code
    ).join(Program, Program.id == Plan.program_id)  # fmt: skip
    return joined.where(in_scope(actor, Plan.unit_id), under(unit.id, Plan.unit_id), Plan.year == day.year)


def _works(actor: Actor, unit: UnitView) -> sa.Select[*tuple[Any, ...]]:
    return (
        _row("work", None, "", "", None, False, count=sa.func.count())
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
            ),
        )
        .distinct()
        .subquery()
    )


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


def documents_of(session: Session, actor: Actor, unit: UnitView, day: date) -> list[tuple[str, DocumentView]]:
    """Documents of the things of the dossier, each once where it comes first, by date."""
    its = attached(actor, unit, day)
    kinds: dict[uuid.UUID, str] = {}
    for kind, id_ in sorted(
        session.execute(sa.select(its.c.kind, its.c.id)), key=lambda row: OWNERS.index(row[0])
    ):
        kinds.setdefault(id_, kind)
    found = document_views(session, [Document.id.in_(list(kinds))]) if kinds else []
    return [(kind, d) for kind in OWNERS for d in found if kinds[d.id] == kind]
