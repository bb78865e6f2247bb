"""/api/v1/agencies and /agency-charges: departments and unions of a unit, and which helps which unit by a decision."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples_boards as examples
from app.api import shapes
from app.api.boards.shapes import Begins, Ends, From, To
from app.api.operations import (
    Change,
    Kwargs,
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
from app.api.shapes import DocumentBody, QueryText, Structure, UnitCode, UnitQuery, one_of
from app.domain import agencies
from app.domain.access import Actor
from app.domain.agencies import (
    AgencyFilter,
    AgencyView,
    ChargeFilter,
    ChargeView,
    NewAgency,
    NewCharge,
    charges,
)
from app.web.answers import Version, answer, created, etag
from app.web.schema import Body, ClientId, IsoDate, Text

router = api_router("steering")
_ORDER = by_moment("agencies")
_CHARGES = by_moment("agency-charges")
Content = Annotated[str, Text(1000, least=0, lines=True)]


@closed
class Agency(TypedDict):
    """Cơ quan, phòng ban, Mặt trận, đoàn thể của một đơn vị · a department, front or union of a unit."""

    id: UUID
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    name: str
    short_name: str
    ended_on: Annotated[date | None, Field(description="Ngày cuối còn cơ quan · its last day")]
    updated_at: datetime
    illustrative: bool


@closed
class AgencyInCharge(TypedDict):
    """Cơ quan phụ trách · the agency that is in charge."""

    id: UUID
    name: str
    short_name: str
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]


@closed
class AgencyCharge(TypedDict):
    """Cơ quan phụ trách, giúp một đơn vị theo quyết định · an agency in charge of a unit, by a decision."""

    id: UUID
    agency: AgencyInCharge
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    content: str
    decision: shapes.Document
    from_on: Begins
    to_on: Ends
    updated_at: datetime
    illustrative: bool


def _agency(v: AgencyView) -> Kwargs:
    return {
        "id": v.id, "unit_code": v.unit_code, "unit_structure": v.unit_structure, "name": v.name,
        "short_name": v.short_name, "ended_on": v.ended_on, "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


def _charge(v: ChargeView) -> Kwargs:
    agency = {
        "id": v.agency_id, "name": v.agency_name, "short_name": v.agency_short_name, "unit_code": v.agency_unit_code,
        "unit_structure": v.agency_unit_structure,
    }  # fmt: skip
    return {
        "id": v.id, "agency": agency, "unit_code": v.unit_code, "unit_structure": v.unit_structure,
        "content": v.content, "decision": shapes.document(v.decision), "from": v.from_on, "to": v.to_on,
        "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


class AgencyQuery(UnitQuery):
    """`as_of`: cơ quan có vào ngày ấy · agencies that were there on a day."""

    q: Annotated[QueryText | None, Field(description="Tên, tên tắt, không cần dấu · words")] = None


class ChargeQuery(UnitQuery):
    """`unit`: đơn vị được phụ trách · of which an agency is in charge; `as_of`: phân công có vào ngày ấy · that held on a
    day."""

    agency_id: ClientId | None = None
    q: Annotated[QueryText | None, Field(description="Tên cơ quan, đơn vị, không cần dấu · words")] = None


class NewAgencyBody(Body):
    id: ClientId
    unit_code: UnitCode
    name: Annotated[str, Text(200)]
    short_name: Annotated[str, Text(60, least=0)] = ""


class AgencyChange(Change):
    name: Annotated[str, Text(200)] = ""
    short_name: Annotated[str, Text(60, least=0)] = ""
    ended_on: IsoDate | None = None


class NewChargeBody(Body):
    """`from` mặc định là ngày quyết định · by default from the day of the decision."""

    id: ClientId
    agency_id: ClientId
    unit_code: UnitCode
    decision: DocumentBody
    content: Content = ""
    from_on: From = None

    def new(self) -> NewCharge:
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return NewCharge(**(given | {"decision": self.decision.entered()}))


class ChargeChange(Change):
    """`to` kết thúc phân công · `to` ends it."""

    content: Content = ""
    decision: DocumentBody = None  # type: ignore[assignment]  # what is not sent does not count
    from_on: Annotated[IsoDate, Field(alias="from")] = date.min
    to_on: To = None

    def changes(self) -> Kwargs:
        given = self.sent()
        return given | ({"decision": self.decision.entered()} if "decision" in given else {})


@router.get("/agencies", **lists(Agency, examples.AGENCY), summary="Các cơ quan · agencies")
@quick
def list_agencies(actor: Actor, query: Annotated[AgencyQuery, Query()]) -> Response:
    """Agencies of the caller's unit and of those below it, in the order in which they changed last."""
    wanted = AgencyFilter(**query.model_dump(exclude={"limit", "cursor"}), on=query.as_of)
    found = agencies.agencies(actor, wanted, after=after(_ORDER, query), limit=query.limit + 1)
    return paged(found, query, _agency, lambda last: _ORDER.encode(last.updated_at, last.id))


@router.get("/agencies/{id}", **shows(Agency, examples.AGENCY, etag=True), summary="Một cơ quan · one agency")
@quick
def get_agency(actor: Actor, id: ClientId) -> Response:
    """An agency; what it is in charge of stands in `/agency-charges?agency_id=`."""
    found = agencies.get(actor, id)
    return answer(_agency(found), etag=etag(found.version))


@router.post(
    "/agencies",
    **creates(Agency, examples.NEW_AGENCY, examples.AGENCY, etag=True),
    summary="Thêm cơ quan · add an agency",
)
def create_agency(actor: Actor, body: NewAgencyBody) -> Response:
    """By its unit's own people: a unit above is refused (`own_agency`)."""
    found, new = agencies.create(actor, NewAgency(**body.model_dump()))
    return created(_agency(found), new=new, etag=etag(found.version), location=f"/api/v1/agencies/{found.id}")


@router.patch(
    "/agencies/{id}",
    **changes(Agency, examples.AGENCY_CHANGE, examples.AGENCY | examples.AGENCY_CHANGE),
    summary="Sửa cơ quan · change an agency",
)
def change_agency(actor: Actor, id: ClientId, body: AgencyChange, version: Version) -> Response:
    """Its names, and the last day of one that is merged or dissolved."""
    with current_as(_agency):
        found = agencies.update(actor, id, version, body.sent())
    return answer(_agency(found), etag=etag(found.version))


@router.get(
    "/agency-charges",
    **lists(AgencyCharge, examples.CHARGE),
    summary="Cơ quan phụ trách · agencies in charge",
)
@quick
def list_charges(actor: Actor, query: Annotated[ChargeQuery, Query()]) -> Response:
    """Seen from the unit that an agency is in charge of, and from the agency's own, in the order in which they changed
    last.
    """
    wanted = ChargeFilter(**query.model_dump(exclude={"limit", "cursor"}), on=query.as_of)
    found = charges.charges(actor, wanted, after=after(_CHARGES, query), limit=query.limit + 1)
    return paged(found, query, _charge, lambda last: _CHARGES.encode(last.updated_at, last.id))


@router.get(
    "/agency-charges/{id}",
    **shows(AgencyCharge, examples.CHARGE, etag=True),
    summary="Một phân công phụ trách · one charge",
)
@quick
def get_charge(actor: Actor, id: ClientId) -> Response:
    """One agency's charge of one unit, with the decision that it stands on."""
    found = charges.get(actor, id)
    return answer(_charge(found), etag=etag(found.version))


@router.post(
    "/agency-charges",
    **creates(AgencyCharge, examples.NEW_CHARGE, examples.CHARGE, etag=True),
    summary="Giao cơ quan phụ trách · put an agency in charge",
)
def create_charge(actor: Actor, body: NewChargeBody) -> Response:
    """Of the agency's own unit or one below it. By the agency's unit (`own_agency`), once at a time
    (`already_in_charge`), nor after the agency's last day (`agency_ended`).
    """
    found, new = charges.create(actor, body.new())
    return created(
        _charge(found), new=new, etag=etag(found.version), location=f"/api/v1/agency-charges/{found.id}"
    )


@router.patch(
    "/agency-charges/{id}",
    **changes(AgencyCharge, examples.CHARGE_CHANGE, examples.CHARGE | examples.CHARGE_CHANGE),
    summary="Sửa, kết thúc phân công · change or end a charge",
)
def change_charge(actor: Actor, id: ClientId, body: ChargeChange, version: Version) -> Response:
    """By the agency's unit; `to` is the last day."""
    with current_as(_charge):
        found = charges.update(actor, id, version, body.changes())
    return answer(_charge(found), etag=etag(found.version))
