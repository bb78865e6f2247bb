"""/api/v1/assessments: what an indicator came to in a unit on a day, and what the agency in charge says of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples_criteria as examples
from app.api.operations import (
    Change,
    acts,
    after,
    by_moment,
    changes,
    closed,
    creates,
    current_as,
    lists,
    paged,
    shows,
)
from app.api.security import api_router, quick
from app.api.shapes import Code, QueryCode, Structure, UnitCode, UnitQuery, figure, one_of
from app.domain.access import Actor
from app.domain.criteria import assessing, assessments
from app.domain.criteria.assessing import NewAssessment
from app.domain.criteria.assessments import AssessmentFilter, AssessmentView
from app.web.answers import Version, answer, created, etag
from app.web.schema import Body, ClientId, Figure, IsoDate, Text, YesNo

router = api_router("criteria")
_ORDER = by_moment("assessments")
Verdict = Literal["", "agreed", "disputed"]
Words = Annotated[str, Text(2000, least=0, lines=True)]
Who = Annotated[str, Text(200, least=0)]
Value = Annotated[
    Figure | None,
    Field(description="Của chỉ tiêu có số liệu, theo đơn vị tính của nó · in the indicator's own unit"),
]
Met = Annotated[
    YesNo | None,
    Field(description="Khi chỉ tiêu xét đạt hay không, hoặc chưa có ngưỡng · where no threshold decides"),
]
Documents = Annotated[tuple[ClientId, ...], Field(max_length=50, description="Minh chứng · the evidence")]


@closed
class Assessment(TypedDict):
    """Đánh giá một chỉ tiêu; `threshold` là ngưỡng của ngày ấy, khi có thì `met` theo `value` · by rule or judgment."""

    id: UUID
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    set_code: str
    criterion_number: int
    indicator_code: str
    date: date
    value: float | None
    threshold: float | None
    met: bool
    by_rule: Annotated[bool, Field(description="`met` theo ngưỡng · met follows from the threshold")]
    note: str
    documents: list[UUID]
    assessor: str
    verifier: str
    verdict: Annotated[str, one_of(Verdict)]
    verdict_note: str
    verified_on: date | None
    withdrawn_at: datetime | None
    withdrawn_reason: str
    created_by: str
    updated_at: datetime
    illustrative: bool


def assessment(v: AssessmentView) -> Assessment:
    return {
        "id": v.id, "unit_code": v.unit_code, "unit_structure": v.unit_structure, "set_code": v.set_code,
        "criterion_number": v.criterion_number, "indicator_code": v.indicator_code, "date": v.assessed_on,
        "value": figure(v.value), "threshold": figure(v.threshold), "met": v.met, "by_rule": v.by_rule,
        "note": v.note, "documents": list(v.documents), "assessor": v.assessor, "verifier": v.verifier,
        "verdict": v.verdict, "verdict_note": v.verdict_note, "verified_on": v.verified_on,
        "withdrawn_at": v.withdrawn_at, "withdrawn_reason": v.withdrawn_reason, "created_by": v.created_by,
        "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


class AssessmentQuery(UnitQuery):
    set_code: QueryCode | None = None
    indicator: Annotated[QueryCode | None, Field(examples=["6.1"])] = None
    criterion: Annotated[int | None, Field(ge=1, le=999, examples=[6])] = None
    met: bool | None = None
    standing: Annotated[bool | None, Field(description="Chưa rút · not withdrawn")] = None
    verdict: Verdict | None = None
    date_from: IsoDate | None = None
    date_to: IsoDate | None = None


class NewAssessmentBody(Body):
    """`indicator_code` thuộc bộ tiêu chí có hiệu lực cho đơn vị vào ngày ấy, trừ khi nêu `set_code`."""

    id: ClientId
    unit_code: UnitCode
    indicator_code: Annotated[str, Text(12)]
    date: IsoDate
    value: Value = None
    met: Met = None
    note: Words = ""
    documents: Documents = ()
    set_code: Code | None = None
    assessor: Who = ""
    verifier: Who = ""


class AssessmentChange(Change):
    date: IsoDate = date.min
    value: Value = None
    met: Met = None
    note: Words = ""
    documents: Documents = ()
    assessor: Who = ""
    verifier: Who = ""


class Withdrawal(Body):
    reason: Annotated[str, Text(1000, lines=True)]


class Verification(Body):
    agreed: YesNo
    note: Words = ""
    on: Annotated[IsoDate | None, Field(description="Mặc định hôm nay · by default today")] = None


@router.get(
    "/assessments",
    **lists(Assessment, examples.ASSESSMENT),
    summary="Các lần đánh giá chỉ tiêu · assessments",
)
@quick
def list_assessments(actor: Actor, query: Annotated[AssessmentQuery, Query()]) -> Response:
    """Assessments in the order in which they changed last; `year` narrows them to those made in it."""
    wanted = AssessmentFilter(**query.model_dump(exclude={"limit", "cursor"}))
    found = assessments.assessments(actor, wanted, after=after(_ORDER, query), limit=query.limit + 1)
    return paged(found, query, assessment, lambda last: _ORDER.encode(last.updated_at, last.id))


@router.get(
    "/assessments/{id}",
    **shows(Assessment, examples.ASSESSMENT, etag=True),
    summary="Một lần đánh giá · one assessment",
)
@quick
def get_assessment(actor: Actor, id: ClientId) -> Response:
    """An assessment with the documents behind it and the word of the agency in charge."""
    found = assessments.get(actor, id)
    return answer(assessment(found), etag=etag(found.version))


@router.post(
    "/assessments",
    **creates(Assessment, examples.NEW_ASSESSMENT, examples.ASSESSMENT, etag=True),
    summary="Đánh giá một chỉ tiêu · assess an indicator",
)
def create_assessment(actor: Actor, body: NewAssessmentBody) -> Response:
    """The latest of an indicator stands, and with it the state of its criterion. A bare `unit_code` is read on `date`.
    409 `evidence_missing` where the set requires a document behind what is met.
    """
    made, fresh = assessing.create(actor, NewAssessment(**dict(body)))
    return created(
        assessment(made), new=fresh, etag=etag(made.version), location=f"/api/v1/assessments/{made.id}"
    )


@router.patch(
    "/assessments/{id}",
    **changes(Assessment, examples.ASSESSMENT_CHANGE, examples.ASSESSMENT_CHANGED),
    summary="Sửa đánh giá · put an assessment right",
)
def change_assessment(actor: Actor, id: ClientId, body: AssessmentChange, version: Version) -> Response:
    """Until it was verified or withdrawn (`assessment_state`); a later finding is an assessment of its own."""
    sent = body.sent()
    if "date" in sent:
        sent["assessed_on"] = sent.pop("date")
    with current_as(assessment):
        changed = assessing.update(actor, id, version, sent)
    return answer(assessment(changed), etag=etag(changed.version))


@router.post(
    "/assessments/{id}/withdraw",
    **acts(Assessment, examples.WITHDRAWN, examples.WITHDRAWAL),
    summary="Rút đánh giá · withdraw",
)
def withdraw(actor: Actor, id: ClientId, body: Withdrawal) -> Response:
    """Take back what should not have been recorded: it stays on record and counts no more."""
    return answer(assessment(assessing.withdraw(actor, id, body.reason)))


@router.post(
    "/assessments/{id}/verify",
    **acts(Assessment, examples.VERIFIED, examples.VERIFICATION),
    summary="Thẩm tra đánh giá · verify",
)
def verify(actor: Actor, id: ClientId, body: Verification) -> Response:
    """The word of the agency in charge, above the unit assessed: nobody verifies their own (`own_assessment`)."""
    return answer(assessment(assessing.verify(actor, id, body.agreed, body.note, on=body.on)))
