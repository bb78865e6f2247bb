"""/api/v1/inspections/{id}/reports: the inspected unit's own report, previewed and frozen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import ConfigDict, Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples_inspections as examples
from app.api.operations import closed, creates, shows
from app.api.security import api_router, quick
from app.api.shapes import Dong, one_of
from app.domain import inspections
from app.domain.access import Actor
from app.domain.inspections import NewReport, ReportView
from app.web.answers import answer, created
from app.web.schema import Body, ClientId, IsoDate, Text

router = api_router("steering")
Words = Annotated[str, Text(8000, least=0, lines=True)]


@closed
class ReportSum(TypedDict):
    """Tiền cộng lại, tính đến ngày báo cáo · money together; rate = disbursed / plan."""

    plan: Dong
    disbursed: Dong
    available: Dong
    at_risk: Dong
    rate: float | None


@closed
class ReportProgram(ReportSum):
    program_code: str
    name: str


@closed
class ReportMoney(TypedDict):
    """Vốn của năm, theo chương trình · the budget year's money by program."""

    programs: list[ReportProgram]
    total: ReportSum
    illustrative: bool


@closed
class LateWork(TypedDict):
    id: UUID
    name: str
    days: int
    planned_finish: date | None


@closed
class ReportWorks(TypedDict):
    """Công trình theo giai đoạn của ngày, công trình chậm · works by stage on the day; of the late ones (`late_total`)
    those that are late longest by name."""

    total: int
    by_stage: dict[str, int]
    late: list[LateWork]
    late_total: int


@closed
class UnmetCriterion(TypedDict):
    number: int
    name: str
    state: Annotated[str, one_of(Literal["lost", "targeted", "unmet"])]
    due_on: date | None


@closed
class ReportCriteria(TypedDict):
    """Tiêu chí đạt trên tổng số; của huyện, tỉnh thì cộng các xã · of a wider unit its communes together."""

    set: str
    met: int
    total: int
    communes: int | None
    full: int | None
    not_met: list[UnmetCriterion]


@closed
class ByState(TypedDict):
    total: int
    by_state: dict[str, int]


@closed
class ReportDirectives(TypedDict):
    """Nhiệm vụ được giao chưa được chấp nhận · directives not accepted."""

    standing: int
    overdue: int
    reported: int
    returned: int


@closed
class ReportFigures(TypedDict):
    """Số liệu của đơn vị tính đến một ngày · a unit's figures as of a day."""

    as_of: date
    unit_code: str
    unit_name: str
    year: int
    money: ReportMoney
    works: ReportWorks
    criteria: ReportCriteria | None
    plans: ByState
    models: ByState
    directives: ReportDirectives
    illustrative: bool


@closed
class ReportWords(TypedDict):
    """Lời của đơn vị: kết quả, khó khăn, kiến nghị · the unit's own words."""

    results: str
    difficulties: str
    proposals: str


@closed
class ReportedInspection(TypedDict):
    """Tên cuộc kiểm tra, nơi kiểm tra và đoàn kiểm tra lúc gửi · the inspection as it was called when it was sent."""

    title: str
    by_name: str
    team_name: str


@closed
class FrozenReport(ReportFigures):
    words: ReportWords
    inspection: ReportedInspection


@closed
class UnitReport(TypedDict):
    """Báo cáo đã gửi: số liệu và lời như lúc gửi · a report as it was sent, the `number`th of its inspection."""

    id: UUID
    inspection_id: UUID
    number: int
    as_of: date
    content: FrozenReport
    created_at: datetime


@closed
class UnitReports(TypedDict):
    items: Annotated[list[UnitReport], Field(max_length=10_000)]


class PreviewQuery(Body):
    model_config = ConfigDict(extra="forbid", frozen=True)
    as_of: Annotated[IsoDate | None, Field(description="Mặc định hôm nay · by default today")] = None


class NewReportBody(Body):
    """Ít nhất một mục có lời của đơn vị · with words in one of the three at least."""

    id: ClientId
    as_of: IsoDate
    results: Words = ""
    difficulties: Words = ""
    proposals: Words = ""


def _report(v: ReportView) -> dict[str, Any]:
    return {
        "id": v.id, "inspection_id": v.inspection_id, "number": v.number, "as_of": v.as_of, "content": v.content,
        "created_at": v.created_at,
    }  # fmt: skip


@router.get(
    "/inspections/{id}/report-preview",
    **shows(ReportFigures, examples.FIGURES),
    summary="Xem trước số liệu báo cáo · figures that a report would quote",
)
def preview_unit_report(actor: Actor, id: ClientId, query: Annotated[PreviewQuery, Query()]) -> Response:
    """The inspected unit's figures as of a day, as a report sent now would freeze them."""
    return answer(inspections.preview(actor, id, query.as_of))


@router.get(
    "/inspections/{id}/reports",
    **shows(UnitReports, {"items": [examples.REPORT]}),
    summary="Báo cáo của đơn vị được kiểm tra · reports of the inspected unit",
)
@quick
def list_unit_reports(actor: Actor, id: ClientId) -> Response:
    """Every report as it was sent, the first one first."""
    return answer({"items": [_report(r) for r in inspections.reports(actor, id)]})


@router.get(
    "/inspections/{id}/reports/{report_id}",
    **shows(UnitReport, examples.REPORT),
    summary="Một báo cáo đã gửi · one report",
)
@quick
def get_unit_report(actor: Actor, id: ClientId, report_id: ClientId) -> Response:
    """Exactly as it was sent, however the books moved since."""
    return answer(_report(inspections.report(actor, id, report_id)))


@router.post(
    "/inspections/{id}/reports",
    **creates(UnitReport, examples.NEW_REPORT, examples.REPORT),
    summary="Gửi báo cáo · send a report",
)
def send_unit_report(actor: Actor, id: ClientId, body: NewReportBody) -> Response:
    """By the inspected unit (`inspection_side`): its figures of now as of a day are frozen with its words. Another id is
    another version.
    """
    made, fresh = inspections.send(actor, id, NewReport(**dict(body)))
    return created(_report(made), new=fresh, location=f"/api/v1/inspections/{id}/reports/{made.id}")
