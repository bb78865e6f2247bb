"""/api/v1/works/{id}/progress, /milestones and /pace: reports from the site, the plan, how the work goes against it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field, Strict
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
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
from app.api.shapes import Dong
from app.api.works.register import Latitude, Longitude, Percent
from app.clock import today
from app.domain import works
from app.domain.access import Actor
from app.domain.ledger.figures import rate
from app.domain.works import pace, progress, progress_editing
from app.domain.works.pace import Pace as PaceView
from app.domain.works.progress import MilestoneView, ReportView
from app.web.answers import Version, answer, created, etag
from app.web.schema import MOST_MONEY, Body, ClientId, IsoDate, ListQuery, Text

router = api_router("works")
_ORDER = by_moment("progress")
Money = Annotated[
    int,
    Strict(),
    Field(ge=0, le=MOST_MONEY, description="đồng, khối lượng nghiệm thu đến nay · volume accepted so far"),
]
Note = Annotated[
    str,
    Text(2000, least=0, lines=True),
    Field(
        description="Cần khi khối lượng thấp hơn báo cáo trước · needed when less is reached than was reported"
    ),
]
Documents = Annotated[
    tuple[ClientId, ...],
    Field(max_length=100, description="Cả danh sách văn bản đính kèm · the whole list of its documents"),
]
Uploads = Annotated[
    tuple[ClientId, ...],
    Field(max_length=50, description="Tệp đã gửi xong, thành ảnh của báo cáo · finished uploads, its photos"),
]


@closed
class Photo(TypedDict):
    """Ảnh của báo cáo; mở tại documents/{document_id}/files/{sha256} · a picture, opened there."""

    document_id: UUID
    name: str
    sha256: str
    media_type: str
    taken_at: datetime | None
    lat: float | None
    lon: float | None


@closed
class ProgressReport(TypedDict):
    """Báo cáo tiến độ từ hiện trường · a progress report from the site."""

    id: UUID
    work_id: UUID
    reported_on: date
    physical_percent: int
    accepted_value: Dong | None
    note: str
    lat: Annotated[float | None, Field(description="WGS 84, độ · degrees")]
    lon: Annotated[float | None, Field(description="WGS 84, độ · degrees")]
    documents: list[UUID]
    photos: list[Photo]
    reported_by: str
    updated_at: datetime
    illustrative: bool


@closed
class Milestone(TypedDict):
    """Mốc kế hoạch: đến ngày này đạt bao nhiêu % khối lượng · what is planned to be reached by a day."""

    planned_on: date
    percent: int


@closed
class Milestones(TypedDict):
    """Các mốc kế hoạch theo ngày, ngày và % đều tăng · milestones by day; days and percents both rise."""

    milestones: list[Milestone]


@closed
class Pace(TypedDict):
    """Công trình so với kế hoạch trong một ngày; % khối lượng là số nguyên · a work against its plan on a day."""

    as_of: date
    planned_percent: Annotated[
        int | None, Field(description="null khi chưa có kế hoạch · null where there is no plan")
    ]
    physical_percent: int
    money_percent: Annotated[
        float | None,
        Field(
            description="Giải ngân trên tổng mức (hoặc giá trị hợp đồng), 1 = 100 %, 4 chữ số · disbursed of the total"
        ),
    ]
    slippage_points: Annotated[
        int | None, Field(description="Điểm % chậm, âm là sớm · points behind, negative when ahead")
    ]
    slippage_days: Annotated[
        int | None, Field(description="Ngày chậm, âm là sớm · days behind, negative when ahead")
    ]
    held_by_step_code: Annotated[
        str | None, Field(description="Bước thủ tục đang giữ · the step that holds it")
    ]
    forecast_on: Annotated[
        date | None,
        Field(
            description="Ngày xong nếu giữ nhịp 90 ngày qua; null khi dưới hai báo cáo hoặc không tăng · finish at the pace of the last 90 days"
        ),
    ]


def report(v: ReportView) -> ProgressReport:
    return {
        "id": v.id, "work_id": v.work_id, "reported_on": v.reported_on, "physical_percent": v.physical_percent,
        "accepted_value": v.accepted_value, "note": v.note, "lat": v.lat, "lon": v.lon,
        "documents": [d.id for d in v.documents],
        "photos": [
            {
                "document_id": d.id, "name": f.name, "sha256": f.sha256, "media_type": f.media_type,
                "taken_at": f.taken_at, "lat": f.lat, "lon": f.lon,
            }
            for d, f in v.photos
        ],
        "reported_by": v.created_by, "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


def _milestones(found: list[MilestoneView]) -> Milestones:
    return {"milestones": [{"planned_on": m.planned_on, "percent": m.percent} for m in found]}


def _pace(p: PaceView) -> Pace:
    return {
        "as_of": p.on, "planned_percent": p.planned_percent, "physical_percent": p.physical_percent,
        "money_percent": rate(p.disbursed, p.of_money or 0), "slippage_points": p.slippage_points,
        "slippage_days": p.slippage_days, "held_by_step_code": p.held_by.code if p.held_by else None,
        "forecast_on": p.forecast_on,
    }  # fmt: skip


class NewReport(Body):
    """`uploads` thành ảnh của báo cáo, `documents` đã có trong sổ văn bản · both are attached to the report."""

    id: ClientId
    reported_on: IsoDate
    physical_percent: Percent
    accepted_value: Money | None = None
    note: Note = ""
    lat: Latitude | None = None
    lon: Longitude | None = None
    documents: Documents = ()
    uploads: Uploads = ()


class ReportChange(Change):
    """`uploads` thêm ảnh, `documents` thay cả danh sách · adds photos; replaces the list of documents."""

    reported_on: IsoDate = date.min
    physical_percent: Percent = 0
    accepted_value: Money | None = None
    note: Note = ""
    lat: Latitude | None = None
    lon: Longitude | None = None
    documents: Documents = ()
    uploads: Uploads = ()


class NewMilestone(Body):
    planned_on: IsoDate
    percent: Percent


class NewMilestones(Body):
    """Cả danh sách; rỗng thì kế hoạch là đường thẳng · the whole list; when empty the plan is a straight line."""

    milestones: Annotated[tuple[NewMilestone, ...], Field(max_length=progress_editing.MOST_MILESTONES)]


class PaceQuery(Body):
    as_of: Annotated[
        IsoDate | None,
        Field(description="Tính đến ngày này; mặc định hôm nay · on this day; today if not given"),
    ] = None


@router.get(
    "/works/{work_id}/progress",
    **lists(ProgressReport, examples.PROGRESS),
    summary="Báo cáo tiến độ của công trình · progress reports of a work",
)
@quick
def list_reports(actor: Actor, work_id: ClientId, query: Annotated[ListQuery, Query()]) -> Response:
    """Reports in the order in which they changed last, each with its photos."""
    found = progress.reports(
        actor, work_id, updated_since=query.updated_since, after=after(_ORDER, query), limit=query.limit + 1
    )
    return paged(found, query, report, lambda last: _ORDER.encode(last.updated_at, last.id))


@router.get(
    "/works/{work_id}/progress/{id}",
    **shows(ProgressReport, examples.PROGRESS, etag=True),
    summary="Một báo cáo tiến độ · one progress report",
)
@quick
def get_report(actor: Actor, work_id: ClientId, id: ClientId) -> Response:
    """A report with its documents and photos."""
    found = progress.get(actor, work_id, id)
    return answer(report(found), etag=etag(found.version))


@router.post(
    "/works/{work_id}/progress",
    **creates(ProgressReport, examples.NEW_PROGRESS, examples.PROGRESS, etag=True),
    summary="Báo cáo tiến độ · report progress",
)
def create_report(actor: Actor, work_id: ClientId, body: NewReport) -> Response:
    """One report a day: a second is 409 `conflict` with `report_id`, the first one's. A percent below an earlier
    report's needs a `note`. The newest report sets the work's `physical_percent`, and its ETag with it.
    """
    new = progress_editing.NewReport(work_id=work_id, **dict(body))
    made, fresh = progress_editing.create(actor, new)
    location = f"/api/v1/works/{work_id}/progress/{made.id}"
    return created(report(made), new=fresh, etag=etag(made.version), location=location)


@router.patch(
    "/works/{work_id}/progress/{id}",
    **changes(ProgressReport, examples.PROGRESS_CHANGE, examples.PROGRESS | examples.PROGRESS_CHANGE),
    summary="Sửa báo cáo tiến độ · change a progress report",
)
def change_report(
    actor: Actor, work_id: ClientId, id: ClientId, body: ReportChange, version: Version
) -> Response:
    """The same rules as for a new one; the newest report goes on to say what the work has reached."""
    with current_as(report):
        changed = progress_editing.update(actor, work_id, id, version, body.sent())
    return answer(report(changed), etag=etag(changed.version))


@router.get(
    "/works/{work_id}/milestones",
    **shows(Milestones, examples.MILESTONES),
    summary="Mốc kế hoạch của công trình · milestones of a work",
)
@quick
def get_milestones(actor: Actor, work_id: ClientId) -> Response:
    """What is planned by when; without milestones the plan is the straight line between the planned days."""
    return answer(_milestones(progress.milestones(actor, work_id)))


@router.put(
    "/works/{work_id}/milestones",
    **acts(Milestones, examples.MILESTONES, examples.MILESTONES),
    summary="Ghi cả danh sách mốc kế hoạch · set the milestones",
)
def set_milestones(actor: Actor, work_id: ClientId, body: NewMilestones) -> Response:
    """Takes the place of what stood; the same list again changes nothing."""
    wanted = [MilestoneView(m.planned_on, m.percent) for m in body.milestones]
    return answer(_milestones(progress_editing.set_milestones(actor, work_id, wanted)))


@router.get(
    "/works/{work_id}/pace",
    **shows(Pace, examples.PACE),
    summary="Công trình so với kế hoạch · pace of a work",
)
@quick
def get_pace(actor: Actor, work_id: ClientId, query: Annotated[PaceQuery, Query()]) -> Response:
    """Planned, physical and money percent, what holds the work, and when it is finished if it goes on so."""
    work = works.get(actor, work_id)
    return answer(_pace(pace.course(actor, work, query.as_of or today()).pace))
