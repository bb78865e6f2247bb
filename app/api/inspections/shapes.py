"""Inspections as the interface gives them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from app.api.operations import closed
from app.api.shapes import Document, Structure, document, one_of
from app.domain.inspections import CheckView, DemandView, FindingView, InspectionView, PersonView

State = Literal["planned", "held", "concluded", "cancelled"]
Role = Literal["deputy", "secretary", "member"]
Result = Literal["met", "not_met", "not_applicable", "checked"]
SubjectKind = Literal["work", "line", "criterion", "support_model", "directive", "plan"]
AssigneeKind = Literal["person", "board", "agency", "unit"]
DirectiveState = Literal["open", "reported", "accepted", "returned", "withdrawn"]


@closed
class InspectionPerson(TypedDict):
    """Người tham gia · who takes part; `title` is their office."""

    person: str
    title: str
    role: Annotated[str, one_of(Role)]


@closed
class InspectionSubject(TypedDict):
    """Về nội dung nào của đơn vị; `id` của tiêu chí là số · what it is about; a criterion's `id` is its number."""

    kind: Annotated[str, one_of(SubjectKind)]
    id: str


@closed
class Finding(TypedDict):
    """Kết quả hoặc tồn tại đã thấy · what was found; `wanting`: a shortcoming; `documents` are the evidence."""

    id: UUID
    text: str
    wanting: bool
    subject: InspectionSubject | None
    documents: list[UUID]
    created_at: datetime
    illustrative: bool


@closed
class CheckItem(TypedDict):
    """Một dòng kiểm tra · a line of the checklist."""

    id: UUID
    text: str
    subject: InspectionSubject | None
    result: Annotated[str, one_of(Result)] | None
    note: str


@closed
class Inspection(TypedDict):
    """Cuộc kiểm tra; `date` là ngày kiểm tra, trước đó là ngày dự kiến · `date`: of the visit, before it as planned.

    `team` without its `lead`; `directives` are all that it demanded; those of other units cannot be opened by all.
    """

    id: UUID
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    by_unit_code: str
    year: int
    date: date | None
    state: Annotated[str, one_of(State)]
    title: str
    team_name: str
    decision: Document | None
    lead: str | None
    lead_title: str
    team: list[InspectionPerson]
    unit_people: list[InspectionPerson]
    checked: str
    summary: str
    findings: list[Finding]
    conclusion: str
    conclusion_number: str
    concluded_on: date | None
    cancelled_reason: str
    directives: list[UUID]
    updated_at: datetime
    illustrative: bool


@closed
class InspectionDemand(TypedDict):
    """Yêu cầu của cuộc kiểm tra, giao ai cũng vậy · what was demanded, of whomever; `first_due_on`: as it was given."""

    id: UUID
    inspection_id: UUID | None
    text: str
    quote: str
    assignee: str
    unit_code: str
    first_due_on: date
    due_on: date
    state: Annotated[str, one_of(DirectiveState)]
    overdue: bool


@closed
class InspectionWhole(Inspection):
    """Cuộc kiểm tra, kèm các dòng kiểm tra, các yêu cầu · an inspection with its checklist and its demands."""

    checklist: list[CheckItem]
    demands: list[InspectionDemand]


@closed
class EarlierDemands(TypedDict):
    """Các yêu cầu lần trước, tình trạng tính đến `as_of` · what earlier inspections of the unit demanded."""

    as_of: date
    items: Annotated[list[InspectionDemand], Field(max_length=10_000)]


def _person(v: PersonView) -> InspectionPerson:
    return {"person": v.person, "title": v.title, "role": v.role}


def _subject(v: CheckView | FindingView) -> InspectionSubject | None:
    return {"kind": v.subject_kind, "id": v.subject_id} if v.subject_kind else None


def finding(v: FindingView) -> Finding:
    return {
        "id": v.id, "text": v.text, "wanting": v.wanting, "subject": _subject(v),
        "documents": [d.id for d in v.documents], "created_at": v.created_at, "illustrative": v.illustrative,
    }  # fmt: skip


def inspection(v: InspectionView, directives: Sequence[UUID]) -> Inspection:
    return {
        "id": v.id, "unit_code": v.unit_code, "unit_structure": v.unit_structure, "by_unit_code": v.by_code,
        "year": v.year, "date": v.day, "state": v.state, "title": v.title, "team_name": v.team_name,
        "decision": document(v.decision) if v.decision else None, "lead": v.lead.person if v.lead else None,
        "lead_title": v.lead.title if v.lead else "", "team": [_person(p) for p in v.team],
        "unit_people": [_person(p) for p in v.unit_people], "checked": v.checked, "summary": v.summary,
        "findings": [finding(f) for f in v.findings], "conclusion": v.conclusion,
        "conclusion_number": v.conclusion_number, "concluded_on": v.concluded_on, "cancelled_reason": v.cancelled_reason, "directives": list(directives),
        "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


def whole(v: InspectionView, demands: Sequence[DemandView]) -> InspectionWhole:
    items: list[CheckItem] = [
        {"id": c.id, "text": c.text, "subject": _subject(c), "result": c.result, "note": c.note}
        for c in v.checklist
    ]
    led_to = inspection(v, [d.id for d in demands])
    return {**led_to, "checklist": items, "demands": [demand(d) for d in demands]}


def demand(v: DemandView) -> InspectionDemand:
    return {
        "id": v.id, "inspection_id": v.source_id, "text": v.text, "quote": v.quote, "assignee": v.assignee_name,
        "unit_code": v.unit_code, "first_due_on": v.first_due_on, "due_on": v.due_on, "state": v.state, "overdue": v.overdue,
    }  # fmt: skip
