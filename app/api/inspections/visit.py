"""/api/v1/inspections/{id}: the visit and what comes of it: checklist, findings, conclusion, demands."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.responses import Response

from app.api import examples_inspections as examples
from app.api.inspections.register import shown
from app.api.inspections.shapes import (
    AssigneeKind,
    Finding,
    InspectionWhole,
    Result,
    SubjectKind,
    finding,
    inspection,
)
from app.api.operations import acts, changes, creates, current_as
from app.api.security import api_router
from app.api.shapes import UnitCode
from app.domain import inspections
from app.domain.access import Actor
from app.domain.inspections import Conclusion, Demand, NewCheck, NewFinding
from app.web.answers import Version, answer, created, etag
from app.web.schema import Body, ClientId, IsoDate, Text, YesNo

router = api_router("steering")
Line = Annotated[str, Text(1000, lines=True)]
Words = Annotated[str, Text(2000, lines=True)]


class InspectionSubjectBody(Body):
    """`id` của tiêu chí là số · of a criterion its number, of all else its id."""

    kind: SubjectKind
    id: Annotated[str, Text(40)]


class InspectionVisit(Body):
    on: Annotated[IsoDate, Field(description="Ngày kiểm tra · the day of the visit")]


class InspectionCancelled(Body):
    reason: Annotated[str, Text(1000, lines=True), Field(description="Lý do · the reason")]


class CheckBody(Body):
    """Có `id` là dòng đang có, giữ nguyên dòng ấy · with the `id` of a line that stands it stays that line."""

    id: ClientId | None = None
    text: Line
    subject: InspectionSubjectBody | None = None
    result: Result | None = None
    note: Annotated[str, Text(1000, least=0, lines=True)] = ""

    def entered(self) -> NewCheck:
        about = (self.subject.kind, self.subject.id) if self.subject else ("", "")
        return NewCheck(self.text, self.id, *about, self.result, self.note)


class ChecklistBody(Body):
    items: Annotated[
        tuple[CheckBody, ...], Field(max_length=200, description="Cả danh sách · the whole list")
    ]


class NewFindingBody(Body):
    id: ClientId
    text: Annotated[str, Text(4000, lines=True)]
    wanting: Annotated[YesNo, Field(description="Tồn tại, hạn chế · a shortcoming, not a result")]
    subject: InspectionSubjectBody | None = None


class InspectionConclusion(Body):
    text: Annotated[str, Text(8000, lines=True)]
    number: Annotated[
        str, Text(120, least=0), Field(description="Số thông báo kết luận · number of the notice")
    ] = ""
    on: Annotated[IsoDate | None, Field(description="Mặc định hôm nay · by default today")] = None


class DemandedOf(Body):
    """`id` của người, ban, cơ quan; của đơn vị là mã · the id of a person, a board, an agency; of a unit its code."""

    kind: AssigneeKind
    id: ClientId | None = None
    unit_code: UnitCode | None = None


class DemandBody(Body):
    """Một yêu cầu thành một nhiệm vụ được giao · a demand becomes a directive; `quote`: the sentence that says it."""

    id: ClientId
    text: Words
    assignee: DemandedOf
    due_on: IsoDate
    quote: Annotated[str, Text(2000, least=0, lines=True)] = ""
    priority: Annotated[str, Field(json_schema_extra={"enum": ["normal", "urgent"]}, max_length=8)] = "normal"

    def entered(self) -> Demand:
        to = self.assignee
        return Demand(
            self.id, self.text, self.due_on, to.kind, to.id, to.unit_code, self.quote, self.priority
        )


class DemandsBody(Body):
    demands: Annotated[tuple[DemandBody, ...], Field(min_length=1, max_length=50)]


@router.post(
    "/inspections/{id}/hold",
    **acts(InspectionWhole, examples.INSPECTION_HELD, examples.HOLDING),
    summary="Đã kiểm tra · hold",
)
def hold_inspection(actor: Actor, id: ClientId, body: InspectionVisit) -> Response:
    """The visit was on a day. 409 `inspection_state` once it was held on another: mend that by PATCH."""
    return answer(shown(actor, inspections.hold(actor, id, body.on)))


@router.post(
    "/inspections/{id}/checklist/prepare",
    **acts(InspectionWhole, examples.INSPECTION_WHOLE),
    summary="Chuẩn bị nội dung kiểm tra từ số liệu · prepare the checklist",
)
def prepare_checklist(actor: Actor, id: ClientId) -> Response:
    """Adds what the unit's figures of today give reason to look at; what stands on the list is left as it is."""
    found, _ = inspections.prepare(actor, id)
    return answer(shown(actor, found))


@router.put(
    "/inspections/{id}/checklist",
    **changes(InspectionWhole, examples.CHECKLIST, examples.INSPECTION_WHOLE),
    summary="Ghi cả danh sách kiểm tra · set the checklist",
)
def set_checklist(actor: Actor, id: ClientId, body: ChecklistBody, version: Version) -> Response:
    """The whole list in its order, under the inspection's version; results once it was held (`inspection_state`)."""
    with current_as(lambda standing: inspection(standing, inspections.demands(actor, [id])[id])):
        found = inspections.set_checklist(actor, id, version, [item.entered() for item in body.items])
    return answer(shown(actor, found), etag=etag(found.version))


@router.post(
    "/inspections/{id}/findings",
    **creates(Finding, examples.NEW_FINDING, examples.FINDING),
    summary="Ghi điều đã thấy · a finding",
)
def create_finding(actor: Actor, id: ClientId, body: NewFindingBody) -> Response:
    """Of one that was held. Evidence is attached by `POST documents` to `{kind: finding, id}`."""
    about = (body.subject.kind, body.subject.id) if body.subject else ("", "")
    made, fresh = inspections.find(actor, id, NewFinding(body.id, body.text, body.wanting, *about))
    return created(finding(made), new=fresh, location=f"/api/v1/inspections/{id}")


@router.post(
    "/inspections/{id}/findings/{finding_id}/withdraw",
    **acts(InspectionWhole, examples.INSPECTION_WHOLE | {"findings": []}),
    summary="Rút điều đã ghi · withdraw a finding",
)
def withdraw_finding(actor: Actor, id: ClientId, finding_id: ClientId) -> Response:
    """What was written down wrong is shown no more and stays on record."""
    return answer(shown(actor, inspections.withdraw(actor, id, finding_id)))


@router.post(
    "/inspections/{id}/conclude",
    **acts(InspectionWhole, examples.INSPECTION_WHOLE, examples.CONCLUSION),
    summary="Kết luận · conclude",
)
def conclude_inspection(actor: Actor, id: ClientId, body: InspectionConclusion) -> Response:
    """Of one that was held. Other words afterwards are a correction, by PATCH."""
    said = Conclusion(body.text, body.number, body.on)
    return answer(shown(actor, inspections.conclude(actor, id, said)))


@router.post(
    "/inspections/{id}/cancel",
    **acts(InspectionWhole, examples.INSPECTION_CANCELLED, examples.CANCELLING_INSPECTION),
    summary="Hủy cuộc kiểm tra · cancel",
)
def cancel_inspection(actor: Actor, id: ClientId, body: InspectionCancelled) -> Response:
    """Of one that is planned, or was held and not concluded. 409 `inspection_demanded` while a demand of it stands."""
    return answer(shown(actor, inspections.cancel(actor, id, body.reason)))


@router.post(
    "/inspections/{id}/demands",
    **acts(InspectionWhole, examples.INSPECTION_WHOLE, examples.DEMANDS),
    summary="Giao các yêu cầu của kết luận · give what is demanded",
)
def give_demands(actor: Actor, id: ClientId, body: DemandsBody) -> Response:
    """Each becomes a directive whose source is the inspection, all or none; sent again they change nothing."""
    inspections.demand(actor, id, [d.entered() for d in body.demands])
    return answer(shown(actor, inspections.whole(actor, id)))
