"""Assessments as they are read: one, lists of them, and what stands of each indicator in a unit on a day."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain.access import Actor, in_scope, require, under
from app.domain.territory import UnitView, resolve
from app.errors import NotFound
from app.models.criteria import Assessment, CriteriaSet, Criterion, Indicator
from app.models.documents import Attachment
from app.models.territory import Unit

SUBJECT: Final = "assessment"


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """What an indicator came to in a unit on a day; `threshold` is what its value was held against then."""

    id: uuid.UUID
    unit_id: int
    unit_code: str
    unit_structure: str
    unit_level: str
    unit_name: str
    set_code: str
    criterion_id: int
    criterion_number: int
    indicator_id: int
    indicator_code: str
    indicator_name: str
    kind: str
    measure: str
    evidence_required: bool
    assessed_on: date
    value: Decimal | None
    threshold: Decimal | None
    met: bool
    note: str
    assessor: str
    verifier: str
    verdict: str
    verdict_note: str
    verified_on: date | None
    verified_by: str
    withdrawn_at: datetime | None
    withdrawn_reason: str
    illustrative: bool
    created_by: str
    created_at: datetime
    version: int
    updated_at: datetime
    documents: tuple[uuid.UUID, ...] = ()

    @property
    def by_rule(self) -> bool:
        """Whether met followed from the value, not from judgment."""
        return self.threshold is not None

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None

    @property
    def changeable(self) -> bool:
        """Whether it may still be put right: nobody has verified or withdrawn it."""
        return self.stands and not self.verdict


@dataclass(frozen=True, slots=True)
class AssessmentFilter:
    """What a list is narrowed to; None leaves it open. `standing`: not withdrawn. `indicator`, `criterion` of any set."""

    unit: str | UnitView | None = None  # named, or looked up for the actor
    set_code: str | None = None
    indicator: str | None = None
    criterion: int | None = None
    met: bool | None = None
    standing: bool | None = None
    verdict: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    updated_since: datetime | None = None
    year: int | None = None
    as_of: date | None = None


def selection() -> sa.Select[*tuple[Any, ...]]:
    """The columns of AssessmentView in their order, but for its documents."""
    return (
        sa.select(
            Assessment.id, Assessment.unit_id, Unit.code, Unit.structure, Unit.level, Unit.name, CriteriaSet.code,
            Criterion.id, Criterion.number, Indicator.id, Indicator.code, Indicator.name, Indicator.kind,
            Indicator.unit, Indicator.evidence_required, Assessment.assessed_on, Assessment.value,
            Assessment.threshold, Assessment.met, Assessment.note, Assessment.assessor, Assessment.verifier,
            Assessment.verdict, Assessment.verdict_note, Assessment.verified_on, Assessment.verified_by,
            Assessment.withdrawn_at, Assessment.withdrawn_reason, Assessment.illustrative, Assessment.created_by,
            Assessment.created_at, Assessment.version, Assessment.updated_at,
        )
        .join(Unit, Unit.id == Assessment.unit_id)
        .join(Indicator, Indicator.id == Assessment.indicator_id)
        .join(Criterion, Criterion.id == Indicator.criterion_id)
        .join(CriteriaSet, CriteriaSet.id == Criterion.set_id)
    )  # fmt: skip


def views(session: Session, query: sa.Select[*tuple[Any, ...]]) -> list[AssessmentView]:
    """What `selection` gives, with the documents of each: two statements."""
    rows = session.execute(query).all()
    papers = documents_of(session, [row[0] for row in rows])
    return [AssessmentView(*[*row, papers.get(row[0], ())]) for row in rows]


def documents_of(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[uuid.UUID, ...]]:
    """The ids of the documents behind each of these assessments."""
    if not ids:
        return {}
    query = (
        sa.select(Attachment.subject_id, Attachment.document_id)
        .where(Attachment.subject_kind == SUBJECT, Attachment.subject_id.in_(ids))
        .order_by(Attachment.created_at, Attachment.document_id)
    )
    found: dict[uuid.UUID, tuple[uuid.UUID, ...]] = {}
    for subject, document in session.execute(query):
        found[subject] = (*found.get(subject, ()), document)
    return found


def one(session: Session, actor: Actor, assessment_id: uuid.UUID) -> AssessmentView:
    """An assessment in the transaction of whoever asks; NotFound out of scope."""
    mine = sa.and_(Assessment.id == assessment_id, in_scope(actor, Assessment.unit_id))
    found = views(session, selection().where(mine))
    if not found:
        raise NotFound()
    return found[0]


def get(actor: Actor, assessment_id: uuid.UUID) -> AssessmentView:
    require(actor, "read")
    with db.transaction() as session:
        return one(session, actor, assessment_id)


def _conditions(session: Session, actor: Actor, wanted: AssessmentFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield in_scope(actor, Assessment.unit_id)
    if wanted.unit is not None:
        unit = wanted.unit
        if not isinstance(unit, UnitView):
            unit = resolve(session, actor, unit, as_of=wanted.as_of, year=wanted.year)
        yield under(unit.id, Assessment.unit_id)
    same = {
        "set_code": CriteriaSet.code, "indicator": Indicator.code, "criterion": Criterion.number,
        "met": Assessment.met, "verdict": Assessment.verdict,
    }  # fmt: skip
    for name, column in same.items():
        if getattr(wanted, name) is not None:
            yield column == getattr(wanted, name)
    if wanted.standing is not None:
        yield Assessment.withdrawn_at.is_(None) == wanted.standing
    if wanted.date_from is not None:
        yield Assessment.assessed_on >= wanted.date_from
    if wanted.date_to is not None:
        yield Assessment.assessed_on <= wanted.date_to
    if wanted.year is not None:
        yield Assessment.assessed_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31))
    if wanted.updated_since is not None:
        yield Assessment.updated_at >= wanted.updated_since


def assessments(
    actor: Actor,
    wanted: AssessmentFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    latest_first: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[AssessmentView]:
    """Assessments in the order in which they changed last (`after`: the last one seen), or for people the latest first."""
    require(actor, "read")
    with db.transaction() as session:
        query = selection().where(*_conditions(session, actor, wanted))
        if after is not None:
            query = query.where(db.past(Assessment.updated_at, Assessment.id, after))
        order: tuple[Any, ...] = (Assessment.updated_at, Assessment.id)
        if latest_first:
            order = (Assessment.assessed_on.desc(), Assessment.created_at.desc(), Assessment.id.desc())
        return views(session, query.order_by(*order).offset(offset).limit(limit))


def number_of(actor: Actor, wanted: AssessmentFilter) -> int:
    """How many assessments a filter leaves."""
    require(actor, "read")
    with db.transaction() as session:
        query = selection().where(*_conditions(session, actor, wanted))
        return session.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()


def standing(
    session: Session, unit_id: int, set_id: int, day: date
) -> dict[int, tuple[AssessmentView, AssessmentView | None]]:
    """What stands of each indicator of a set in a unit on a day, by the indicator's id: the latest assessment up to
    then and the one before it. Two statements.
    """
    rank = (
        sa.func.row_number()
        .over(
            partition_by=Assessment.indicator_id,
            order_by=(Assessment.assessed_on.desc(), Assessment.created_at.desc(), Assessment.id.desc()),
        )
        .label("rank")
    )
    latest = (
        sa.select(Assessment.id, rank)
        .join(Indicator, Indicator.id == Assessment.indicator_id)
        .join(Criterion, Criterion.id == Indicator.criterion_id)
        .where(
            Assessment.unit_id == unit_id, Criterion.set_id == set_id, Assessment.assessed_on <= day,
            Assessment.withdrawn_at.is_(None),
        )
        .subquery()
    )  # fmt: skip
    query = (
        selection()
        .join(latest, latest.c.id == Assessment.id)
        .where(latest.c.rank <= 2)
        .order_by(latest.c.rank)
    )
    found: dict[int, tuple[AssessmentView, AssessmentView | None]] = {}
    for view in views(session, query):
        first = found.get(view.indicator_id)
        found[view.indicator_id] = (view, None) if first is None else (first[0], view)
    return found
