"""Inspections (kiểm tra) as people and clients see them: planned, held, concluded; who took part, what was found."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.domain.access import Actor, in_scope
from app.domain.documents import DocumentView
from app.domain.documents.attaching import attached
from app.domain.inspections.about import About, Key, named
from app.domain.ledger.entries import Document
from app.errors import NotFound, RuleBroken
from app.i18n import N_
from app.models.oversight import (
    CHECK_RESULTS,
    INSPECTION_STATES,
    CheckItem,
    Finding,
    Inspection,
    InspectionPerson,
)
from app.models.territory import Unit

SUBJECT: Final = "inspection"
FINDING: Final = "finding"
STATES: Final = INSPECTION_STATES
RESULTS: Final = CHECK_RESULTS
PLANNED, HELD, CONCLUDED, CANCELLED = INSPECTION_STATES
TEAM, OF_UNIT = "team", "unit"
LEAD: Final = "lead"


@dataclass(frozen=True, slots=True)
class PersonView:
    """Who took part, of the `team` or of the inspected `unit`; `title` is their office."""

    side: str
    person: str
    title: str
    role: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """A line of the checklist; `about` what it is about, where that still is there; `result` once it was looked at."""

    id: uuid.UUID
    text: str
    subject_kind: str
    subject_id: str
    result: str | None
    note: str
    about: About | None = None


@dataclass(frozen=True, slots=True)
class FindingView:
    """What was found, a shortcoming where it is `wanting`; `documents` are the evidence."""

    id: uuid.UUID
    text: str
    wanting: bool
    subject_kind: str
    subject_id: str
    illustrative: bool
    created_at: datetime
    created_by: str
    about: About | None = None
    documents: tuple[DocumentView, ...] = ()


@dataclass(frozen=True, slots=True)
class InspectionView:
    """An inspection of a unit by one above. `inspecting`: the reader is of those who inspect.

    Whoever is inspected sees of a planned one when it comes, by whom and on which decision; the checklist, what is to
    be looked at and what was noted once it was held.
    """

    id: uuid.UUID
    unit_id: int
    unit_code: str
    unit_structure: str
    unit_name: str
    unit_level: str
    by_unit_id: int
    by_code: str
    by_structure: str
    by_name: str
    year: int
    planned_on: date | None
    held_on: date | None
    title: str
    team_name: str
    decision_number: str
    decision_date: date | None
    decision_issuer: str
    checked: str
    summary: str
    conclusion: str
    conclusion_number: str
    concluded_on: date | None
    cancelled_reason: str
    state: str
    illustrative: bool
    created_by: str
    version: int
    updated_at: datetime
    inspecting: bool
    people: tuple[PersonView, ...] = ()
    checklist: tuple[CheckView, ...] = ()
    findings: tuple[FindingView, ...] = ()

    @property
    def exact_unit(self) -> str:
        return f"{self.unit_code}@{self.unit_structure}"

    @property
    def day(self) -> date | None:
        """The day of the visit, else the day planned for it."""
        return self.held_on or self.planned_on

    @property
    def decision(self) -> Document | None:
        """The decision that set the team up."""
        if not self.decision_number or self.decision_date is None:
            return None
        return Document(self.decision_number, self.decision_date, self.decision_issuer)

    @property
    def lead(self) -> PersonView | None:
        return next((p for p in self.people if p.side == TEAM and p.role == LEAD), None)

    @property
    def team(self) -> list[PersonView]:
        """The team without its lead."""
        return [p for p in self.people if p.side == TEAM and p.role != LEAD]

    @property
    def unit_people(self) -> list[PersonView]:
        """Who took part of the inspected unit."""
        return [p for p in self.people if p.side == OF_UNIT]

    @property
    def shortcomings(self) -> list[FindingView]:
        return [f for f in self.findings if f.wanting]

    @property
    def achievements(self) -> list[FindingView]:
        return [f for f in self.findings if not f.wanting]

    def checks(self, result: str | None) -> int:
        """How many lines of the checklist came to a result."""
        return sum(item.result == result for item in self.checklist)


by_unit = aliased(Unit)


def joined() -> Any:
    return sa.join(Inspection, Unit, Unit.id == Inspection.unit_id).join(
        by_unit, by_unit.id == Inspection.by_unit_id
    )


def inspecting(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition that a reader is of the unit that inspects, or above it."""
    return in_scope(actor, Inspection.by_unit_id)


def day_of() -> sa.ColumnElement[date | None]:
    """`InspectionView.day` in SQL."""
    return sa.func.coalesce(Inspection.held_on, Inspection.planned_on)


def selection(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    """The columns of InspectionView in their order, the reader's conditions not among them."""
    I = Inspection  # noqa: E741 - what this file is about
    return sa.select(
        I.id, I.unit_id, Unit.code, Unit.structure, Unit.name, Unit.level, I.by_unit_id, by_unit.code,
        by_unit.structure, by_unit.name, I.year, I.planned_on, I.held_on, I.title, I.team_name, I.decision_number,
        I.decision_date, I.decision_issuer, I.checked, I.summary, I.conclusion, I.conclusion_number, I.concluded_on,
        I.cancelled_reason, I.state, I.illustrative, I.created_by, I.version, I.updated_at,
        sa.case((inspecting(actor), sa.true()), else_=sa.false()),
    ).select_from(joined())  # fmt: skip


def head(row: Sequence[Any]) -> InspectionView:
    """A row of `selection`, without what is not for the reader yet."""
    found = InspectionView(*row)
    if found.held_on is None and not found.inspecting:
        return replace(found, checked="", summary="")
    return found


def one(session: Session, actor: Actor, inspection_id: uuid.UUID, *, lock: bool = False) -> InspectionView:
    """The head of an inspection in the transaction of whoever asks; `lock` lets one writer at a time at it. NotFound
    out of scope."""
    mine = sa.and_(Inspection.id == inspection_id, in_scope(actor, Inspection.unit_id))
    if lock:
        session.execute(sa.select(Inspection.id).where(mine).with_for_update())
    row = session.execute(selection(actor).where(mine)).one_or_none()
    if row is None:
        raise NotFound()
    return head(row)


def whole(
    session: Session, actor: Actor, inspection_id: uuid.UUID, *, evidence: bool = True
) -> InspectionView:
    """One inspection with its people, its checklist, its findings and, unless said otherwise, their evidence."""
    (found,) = with_parts(session, actor, [one(session, actor, inspection_id)], evidence=evidence)
    return found


def with_parts(
    session: Session,
    actor: Actor,
    found: Sequence[InspectionView],
    *,
    evidence: bool = True,
    names: bool = True,
) -> list[InspectionView]:
    """Inspections with all that belongs to them: `names`, with what each line and finding is about; `evidence`, with the
    documents that findings stand on."""
    ids = [i.id for i in found]
    if not ids:
        return []
    open_ = [i.id for i in found if i.held_on is not None or i.inspecting]
    people, checks, findings = _people_of(session, ids), _checks_of(session, open_), findings_of(session, ids)
    about = named(session, actor, _keys((*checks.values(), *findings.values()))) if names else {}
    papers = _papers(session, findings) if evidence else {}
    return [
        replace(
            i,
            people=tuple(people.get(i.id, ())),
            checklist=tuple(
                replace(c, about=about.get((c.subject_kind, c.subject_id))) for c in checks.get(i.id, ())
            ),
            findings=_whole_findings(findings.get(i.id, ()), about, papers),
        )
        for i in found
    ]


def with_findings(session: Session, actor: Actor, inspection_id: uuid.UUID) -> InspectionView:
    """One inspection with its findings and their evidence alone."""
    found, findings = one(session, actor, inspection_id), findings_of(session, [inspection_id])
    about, papers = named(session, actor, _keys(findings.values())), _papers(session, findings)
    return replace(found, findings=_whole_findings(findings.get(inspection_id, ()), about, papers))


def _papers(
    session: Session, findings: Mapping[uuid.UUID, Sequence[FindingView]]
) -> dict[uuid.UUID, list[DocumentView]]:
    return attached(session, FINDING, [f.id for of_one in findings.values() for f in of_one])


def _whole_findings(
    findings: Sequence[FindingView],
    about: Mapping[Key, About],
    papers: Mapping[uuid.UUID, Sequence[DocumentView]],
) -> tuple[FindingView, ...]:
    return tuple(
        replace(f, about=about.get((f.subject_kind, f.subject_id)), documents=tuple(papers.get(f.id, ())))
        for f in findings
    )


def _keys(groups: Iterable[Sequence[CheckView | FindingView]]) -> set[Key]:
    return {(of.subject_kind, of.subject_id) for group in groups for of in group}


def _people_of(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[PersonView]]:
    P = InspectionPerson
    query = (
        sa.select(P.inspection_id, P.side, P.person, P.title, P.role)
        .where(P.inspection_id.in_(ids))
        .order_by(P.position)
    )
    found: dict[uuid.UUID, list[PersonView]] = {}
    for inspection_id, *person in session.execute(query):
        found.setdefault(inspection_id, []).append(PersonView(*person))
    return found


def _checks_of(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[CheckView]]:
    C = CheckItem
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(C.inspection_id, C.id, C.text, C.subject_kind, C.subject_id, C.result, C.note)
        .where(C.inspection_id.in_(ids))
        .order_by(C.position)
    )
    found: dict[uuid.UUID, list[CheckView]] = {}
    for inspection_id, *item in session.execute(query) if ids else ():
        found.setdefault(inspection_id, []).append(CheckView(*item))
    return found


def findings_of(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[FindingView]]:
    """Findings that stand, results before shortcomings, in the order in which they were written."""
    F = Finding
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            F.inspection_id, F.id, F.text, F.wanting, F.subject_kind, F.subject_id, F.illustrative, F.created_at,
            F.created_by,
        )
        .where(F.inspection_id.in_(ids), F.withdrawn_at.is_(None))
        .order_by(F.wanting, F.created_at, F.id)
    )  # fmt: skip
    found: dict[uuid.UUID, list[FindingView]] = {}
    for inspection_id, *finding in session.execute(query):
        found.setdefault(inspection_id, []).append(FindingView(*finding))
    return found


def refuse_side(standing: InspectionView, asked: str) -> None:
    """RuleBroken `inspection_side` for whoever is not of those who inspect."""
    if not standing.inspecting:
        message = N_("Cuộc kiểm tra này do {unit} lập: chỉ nơi đó ghi.")
        raise RuleBroken(
            "inspection_side", message, unit=standing.by_name, asked=asked, held=standing.by_code
        )


_BARRED: Final = {
    PLANNED: N_("Cuộc kiểm tra này mới có trong kế hoạch: ghi ngày kiểm tra trước đã."),
    HELD: N_("Cuộc kiểm tra này đã thực hiện, chưa kết luận."),
    CONCLUDED: N_("Cuộc kiểm tra này đã kết luận."),
    CANCELLED: N_("Cuộc kiểm tra này đã hủy."),
}


def refuse_state(standing: InspectionView, asked: str, allowed: bool) -> None:
    """RuleBroken `inspection_state` for what (`asked`) the state (`held`) does not allow."""
    if not allowed:
        raise RuleBroken("inspection_state", _BARRED[standing.state], asked=asked, held=standing.state)
