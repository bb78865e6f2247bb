"""/api/v1/works: the register of works with their money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal, cast
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import (
    Change,
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
from app.api.shapes import Code, Dong, QueryCode, QueryText, Structure, UnitCode, UnitQuery, one_of
from app.clock import today
from app.domain import works
from app.domain.access import Actor
from app.domain.works import questions, stages
from app.domain.works.places import MOST_CORNERS
from app.domain.works.readiness import Missing as MissingView
from app.i18n import DEFAULT, Message, say
from app.web.answers import Version, answer, created, etag
from app.web.schema import Amount, Body, ClientId, IsoDate, Text, Whole

router = api_router("works")
_ORDER = by_moment("works")
Stage = Literal[
    "preparation", "construction", "completed", "handed_over", "settled", "suspended", "cancelled"
]  # fmt: skip
Procedure = Literal["ordinary", "special"]
Question = Literal["unready", "behind", "uncontracted", "unsettled"]
Name = Annotated[str, Text(300)]
Line = Annotated[str, Text(300, least=0)]
Short = Annotated[str, Text(120, least=0)]
Reason = Annotated[
    str,
    Text(1000, least=0),
    Field(
        description="Lý do vào giai đoạn khi còn thiếu · why a stage is entered while something is missing"
    ),
]
Percent = Annotated[Whole, Field(ge=0, le=100, description="%")]
Latitude = Annotated[float, Field(ge=-90, le=90, description="WGS 84, độ · degrees")]
Longitude = Annotated[float, Field(ge=-180, le=180, description="WGS 84, độ · degrees")]
Corner = tuple[Longitude, Latitude]
Path = Annotated[
    list[Corner],
    AfterValidator(tuple),
    Field(
        min_length=2,
        max_length=MOST_CORNERS,
        description="Các điểm [kinh độ, vĩ độ] của tuyến · [lon, lat] of each corner of a line, WGS 84",
        examples=[[[108.0262, 15.5279], [108.0328, 15.5243]]],
    ),
]
Hamlets = Annotated[
    tuple[Code, ...], Field(max_length=50, description="Mã thôn được phục vụ · hamlets served")
]


@closed
class Missing(TypedDict):
    """Điều còn thiếu · what bars the next stage."""

    rule: str
    name: str
    step_code: str | None
    documents: Annotated[
        list[str],
        Field(description="Loại văn bản bước này còn thiếu · kinds of documents that the step lacks"),
    ]


@closed
class Work(TypedDict):
    """Công trình; tiền cộng qua các năm · money over all years."""

    id: UUID
    code: str
    name: str
    project_code: str
    owner_unit_code: str
    owner_structure: Annotated[str, one_of(Structure)]
    stage: Annotated[str, one_of(Stage)]
    procedure: Annotated[str, one_of(Procedure)] | None
    total_investment: Dong | None
    location: str
    lat: float | None
    lon: float | None
    path: Annotated[
        list[Corner] | None, Field(description="[kinh độ, vĩ độ] của mỗi điểm · [lon, lat] of each corner")
    ]
    scale: str
    responsible: str
    decision_number: str
    decision_date: date | None
    planned_start: date | None
    planned_finish: date | None
    started_on: date | None
    finished_on: date | None
    physical_percent: int
    contracted: Dong
    allocated: Dong
    available: Dong
    disbursed: Dong
    missing: list[Missing]
    reasons: Annotated[
        list[str],
        Field(
            description="Vì sao nằm trong danh sách được hỏi bằng `question` · why it answers a `question`"
        ),
    ]
    updated_at: datetime
    illustrative: bool


@closed
class Gate(TypedDict):
    """Một giai đoạn còn ở phía trước và điều còn thiếu để vào · a stage ahead and what bars it."""

    stage: Annotated[str, one_of(Stage)]
    missing: list[Missing]


@closed
class Override(TypedDict):
    """Giai đoạn đã vào khi còn thiếu, theo lý do của người có thẩm quyền · a stage entered by override."""

    stage: str
    reason: str
    missing: Annotated[list[str], Field(description="Điều còn thiếu lúc đó · what was missing then")]
    at: datetime
    by: str


@closed
class WorkWhole(Work):
    """Công trình, kèm thôn được phục vụ, điều còn thiếu của từng giai đoạn, các lần vượt · a work whole."""

    hamlets: list[str]
    readiness: list[Gate]
    overrides: list[Override]


def _missing(m: MissingView) -> Missing:
    return cast("Missing", m.row())


def work(v: works.WorkView, reasons: Sequence[Message] = ()) -> Work:
    return {
        "id": v.id, "code": v.code, "name": v.name, "project_code": v.project_code,
        "owner_unit_code": v.owner_unit_code, "owner_structure": v.owner_structure, "stage": v.stage,
        "procedure": v.procedure, "total_investment": v.total_investment, "location": v.location, "lat": v.lat,
        "lon": v.lon, "path": cast("list[Corner] | None", v.path),
        "scale": v.scale, "responsible": v.responsible, "decision_number": v.decision_number,
        "decision_date": v.decision_date, "planned_start": v.planned_start, "planned_finish": v.planned_finish,
        "started_on": v.started_on, "finished_on": v.finished_on, "physical_percent": v.physical_percent,
        "contracted": v.contracted, "allocated": v.allocated, "available": v.available, "disbursed": v.disbursed,
        "missing": [_missing(m) for m in v.missing],
        "reasons": [say(DEFAULT, reason) for reason in reasons], "updated_at": v.updated_at,
        "illustrative": v.illustrative,
    }  # fmt: skip


def _whole(actor: Actor, v: works.WorkView) -> WorkWhole:
    gates = works.gates(actor, v)
    return {
        **work(v),
        "hamlets": [code for code, _ in works.hamlets(actor, v.id)],
        "readiness": [
            {"stage": gate, "missing": [_missing(m) for m in bars]} for gate, bars in gates.items()
        ],
        "overrides": [
            {"stage": o.stage, "reason": o.reason, "missing": list(o.missing), "at": o.at, "by": o.by}
            for o in stages.overrides(actor, v.id)
        ],
    }


class WorkQuery(UnitQuery):
    year: Annotated[
        int | None, Field(ge=1900, le=2200, description="Có dòng vốn năm này · with a line in a year")
    ] = None
    code: QueryCode | None = None
    q: Annotated[QueryText | None, Field(description="Tên hoặc mã, không cần dấu · name or code")] = None
    stage: Stage | None = None
    procedure: Procedure | None = None
    program_code: QueryCode | None = None
    project_code: QueryCode | None = None
    question: Annotated[
        Question | None,
        Field(
            description="Chưa đủ điều kiện khởi công; chậm; có vốn chưa hợp đồng; xong chưa quyết toán (tính đến `as_of`) · not fit to break ground, behind, money without a contract, finished not settled"
        ),
    ] = None


class NewWork(Body):
    id: ClientId
    code: Code
    name: Name
    project_code: Code
    owner_unit_code: UnitCode
    total_investment: Amount | None = None
    procedure: Procedure | None = None
    stage: Stage = "preparation"
    location: Line = ""
    lat: Latitude | None = None
    lon: Longitude | None = None
    path: Path | None = None
    scale: Line = ""
    responsible: Short = ""
    decision_number: Short = ""
    decision_date: IsoDate | None = None
    planned_start: IsoDate | None = None
    planned_finish: IsoDate | None = None
    started_on: IsoDate | None = None
    finished_on: IsoDate | None = None
    physical_percent: Percent = 0
    hamlets: Hamlets = ()
    override_reason: Reason = ""


class WorkChange(Change):
    """Vào giai đoạn khi còn thiếu cần `override_reason` của người có quyền · who may override gives a reason."""

    code: Code = ""
    name: Name = ""
    project_code: Code = ""
    total_investment: Amount | None = None
    procedure: Procedure | None = None
    stage: Stage = "preparation"
    location: Line = ""
    lat: Latitude | None = None
    lon: Longitude | None = None
    path: Path | None = None
    scale: Line = ""
    responsible: Short = ""
    decision_number: Short = ""
    decision_date: IsoDate | None = None
    planned_start: IsoDate | None = None
    planned_finish: IsoDate | None = None
    started_on: IsoDate | None = None
    finished_on: IsoDate | None = None
    physical_percent: Percent = 0
    hamlets: Hamlets = ()
    override_reason: Reason = ""


@router.get("/works", **lists(Work, examples.WORK), summary="Các công trình · works")
@quick
def list_works(actor: Actor, query: Annotated[WorkQuery, Query()]) -> Response:
    """Works in the order in which they changed last; under a `question` each with why it answers it."""
    wanted = works.WorkFilter(**query.model_dump(exclude={"limit", "cursor"}))
    found = works.works(actor, wanted, after=after(_ORDER, query), limit=query.limit + 1)
    why = questions.reasons(actor, found, query.question, query.as_of or today()) if query.question else {}

    def shape(v: works.WorkView) -> Work:
        return work(v, why.get(v.id, ()))

    return paged(found, query, shape, lambda last: _ORDER.encode(last.updated_at, last.id))


@router.get(
    "/works/{id}", **shows(WorkWhole, examples.WORK_WHOLE, etag=True), summary="Một công trình · one work"
)
@quick
def get_work(actor: Actor, id: ClientId) -> Response:
    """A work with its money over all years and what bars its next stage."""
    found = works.get(actor, id)
    return answer(_whole(actor, found), etag=etag(found.version))


@router.post(
    "/works",
    **creates(WorkWhole, examples.NEW_WORK, examples.WORK_WHOLE, etag=True),
    summary="Lập công trình · register a work",
)
def create_work(actor: Actor, body: NewWork) -> Response:
    """`total_investment` stays null until it is approved; from then on contracts and disbursement stay within it."""
    made, new = works.create(actor, works.NewWork(**dict(body)))
    location = f"/api/v1/works/{made.id}"
    return created(_whole(actor, made), new=new, etag=etag(made.version), location=location)


@router.patch(
    "/works/{id}",
    **changes(WorkWhole, examples.WORK_CHANGE, examples.WORK_WHOLE | examples.WORK_CHANGE),
    summary="Sửa công trình · change a work",
)
def change_work(actor: Actor, id: ClientId, body: WorkChange, version: Version) -> Response:
    """The approved total never falls below contracts or disbursement (`work_total`). A stage is entered only when
    nothing is missing: otherwise 409 `stage_missing` with the same list as the work's `missing`, unless who may
    override gives `override_reason`, which stays on record.
    """
    with current_as(work):
        changed = works.update(actor, id, version, body.sent())
    return answer(_whole(actor, changed), etag=etag(changed.version))
