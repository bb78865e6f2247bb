"""/api/v1/inspections: the yearly plan, one inspection, what is mended of it, what was demanded before."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from app.api import examples_inspections as examples
from app.api.inspections.shapes import (
    EarlierDemands,
    Inspection,
    InspectionWhole,
    Role,
    State,
    demand,
    inspection,
    whole,
)
from app.api.operations import (
    Change,
    after,
    by_moment,
    changes,
    creates,
    current_as,
    lists,
    paged,
    shows,
)
from app.api.security import api_router, quick
from app.api.shapes import DocumentBody, QueryText, UnitCode, UnitQuery
from app.domain import inspections
from app.domain.access import Actor
from app.domain.inspections import InspectionFilter, InspectionView, NewInspection, NewPerson
from app.web.answers import Version, answer, created, etag
from app.web.schema import Body, ClientId, IsoDate, Text, Year

router = api_router("steering")
_ORDER = by_moment("inspections")
Title = Annotated[
    str, Text(300, least=0), Field(description="Để trống thì tự đặt · made where none is given")
]
Name = Annotated[str, Text(120)]
Office = Annotated[str, Text(200, least=0)]
PlanYear = Annotated[Year | None, Field(description="Năm của kế hoạch kiểm tra · of the yearly plan")]
Checked = Annotated[
    str, Text(4000, least=0, lines=True), Field(description="Hồ sơ, hiện trường đã xem · what was looked at")
]


class TeamPersonBody(Body):
    person: Name
    title: Office = ""
    role: Role = "member"

    def entered(self) -> NewPerson:
        return NewPerson(self.person, self.title, self.role)


class UnitPersonBody(Body):
    person: Name
    title: Office = ""

    def entered(self) -> NewPerson:
        return NewPerson(self.person, self.title)


Team = Annotated[
    tuple[TeamPersonBody, ...], Field(max_length=100, description="Không kể trưởng đoàn · without its lead")
]
UnitPeople = Annotated[
    tuple[UnitPersonBody, ...], Field(max_length=100, description="Bên được kiểm tra · of the inspected unit")
]


class InspectionQuery(UnitQuery):
    """`year`: theo kế hoạch kiểm tra của năm ấy · of that year's plan."""

    state: State | None = None
    q: Annotated[
        QueryText | None,
        Field(description="Tên, đoàn, quyết định, trưởng đoàn, đơn vị, không cần dấu · words"),
    ] = None


class NewInspectionBody(Body):
    """Đơn vị ở dưới đơn vị của phần mềm · a unit below the caller's; `date`: the day planned for the visit."""

    id: ClientId
    unit_code: UnitCode
    date: IsoDate | None = None
    year: PlanYear = None
    title: Title = ""
    team_name: Office = ""
    decision: DocumentBody | None = None
    lead: Annotated[Name | None, Field(description="Trưởng đoàn · who leads the team")] = None
    lead_title: Office = ""
    team: Team = ()
    unit_people: UnitPeople = ()
    checked: Checked = ""


class InspectionChange(Change):
    """`conclusion…`, `concluded_on`: khi đã kết luận · once it is concluded."""

    title: Annotated[str, Text(300)] = ""
    year: Year = 2000
    date: IsoDate | None = None
    team_name: Office = ""
    decision: DocumentBody | None = None
    lead: Name | None = None
    lead_title: Office = ""
    team: Team = ()
    unit_people: UnitPeople = ()
    checked: Checked = ""
    summary: Annotated[str, Text(8000, least=0, lines=True)] = ""
    conclusion: Annotated[str, Text(8000, lines=True)] = ""
    conclusion_number: Annotated[str, Text(120, least=0)] = ""
    concluded_on: IsoDate | None = None


def shown(actor: Actor, v: InspectionView) -> InspectionWhole:
    """An inspection with what it demanded."""
    return whole(v, inspections.given(actor, v.id))


@router.get(
    "/inspections", **lists(Inspection, examples.INSPECTION), summary="Các cuộc kiểm tra · inspections"
)
@quick
def list_inspections(actor: Actor, query: Annotated[InspectionQuery, Query()]) -> Response:
    """Inspections in the order in which they changed last. The inspected unit is given what is to be looked at, and
    what was noted, once an inspection was held.
    """
    wanted = InspectionFilter(**query.model_dump(exclude={"limit", "cursor"}))
    found = inspections.inspections(actor, wanted, after=after(_ORDER, query), limit=query.limit + 1)
    led_to = inspections.demands(actor, [v.id for v in found])
    return paged(
        found, query, lambda v: inspection(v, led_to[v.id]), lambda last: _ORDER.encode(last.updated_at, last.id)
    )  # fmt: skip


@router.get(
    "/inspections/{id}",
    **shows(InspectionWhole, examples.INSPECTION_WHOLE, etag=True),
    summary="Một cuộc kiểm tra · one inspection",
)
@quick
def get_inspection(actor: Actor, id: ClientId) -> Response:
    """An inspection with its people, checklist, findings and what it demanded."""
    found = inspections.whole(actor, id)
    return answer(shown(actor, found), etag=etag(found.version))


@router.post(
    "/inspections",
    **creates(InspectionWhole, examples.NEW_INSPECTION, examples.INSPECTION_PLANNED, etag=True),
    summary="Lập cuộc kiểm tra · plan an inspection",
)
def create_inspection(actor: Actor, body: NewInspectionBody) -> Response:
    """By a unit above the one that is inspected (`inspection_side`)."""
    plain = ("id", "unit_code", "date", "year", "title", "team_name", "checked")
    given: dict[str, Any] = {name: getattr(body, name) for name in plain}
    new = NewInspection(
        **given,
        decision=body.decision.entered() if body.decision else None,
        lead=NewPerson(body.lead, body.lead_title) if body.lead else None,
        team=tuple(p.entered() for p in body.team),
        unit_people=tuple(p.entered() for p in body.unit_people),
    )
    made, fresh = inspections.create(actor, new)
    return created(
        shown(actor, made), new=fresh, etag=etag(made.version), location=f"/api/v1/inspections/{made.id}"
    )


@router.patch(
    "/inspections/{id}",
    **changes(
        InspectionWhole, examples.INSPECTION_CHANGE, examples.INSPECTION_WHOLE | examples.INSPECTION_CHANGE
    ),
    summary="Sửa cuộc kiểm tra · change an inspection",
)
def change_inspection(actor: Actor, id: ClientId, body: InspectionChange, version: Version) -> Response:
    """By those who inspect. `date` is the day planned, of one that was held that of the visit; `team` and `unit_people`
    are whole lists. What was concluded is mended too, and the record of changes keeps what it said before.
    """
    with current_as(lambda standing: inspection(standing, _led_to(actor, id))):
        changed = inspections.update(actor, id, version, _changes(actor, id, body))
    return answer(shown(actor, changed), etag=etag(changed.version))


def _led_to(actor: Actor, id: UUID) -> list[UUID]:
    return inspections.demands(actor, [id])[id]


def _changes(actor: Actor, id: UUID, body: InspectionChange) -> dict[str, Any]:
    """What was sent, under the names of the domain."""
    sent = body.sent()
    if body.decision is not None:
        sent["decision"] = body.decision.entered()
    for name in ("team", "unit_people"):
        if name in sent:
            sent[name] = tuple(p.entered() for p in sent[name])
    if "lead" in sent or "lead_title" in sent:
        led = inspections.whole(actor, id).lead
        person = sent.pop("lead", led.person if led else None)
        title = sent.pop("lead_title", led.title if led else "")
        sent["lead"] = NewPerson(person, title) if person else None
    return sent


@router.get(
    "/inspections/{id}/earlier-demands",
    **shows(EarlierDemands, examples.EARLIER_DEMANDS),
    summary="Yêu cầu của các lần kiểm tra trước · earlier demands",
)
@quick
def get_earlier_demands(actor: Actor, id: ClientId) -> Response:
    """What earlier inspections of the same unit demanded, as it stood on the day of this one (today while that lies
    ahead), of whomever it was demanded.
    """
    _, day, found = inspections.earlier_of(actor, id)
    return answer({"as_of": day, "items": [demand(d) for d in found]})
