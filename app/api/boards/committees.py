"""/api/v1/committees: boards by decision, with their members and assignments; set up anew; what nobody is in charge of."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.api import examples_boards as examples
from app.api.boards import shapes
from app.api.boards.shapes import (
    BoardGaps,
    Committee,
    CommitteeChange,
    Kind,
    NewCommitteeBody,
    RenewalBody,
    committee,
)
from app.api.operations import after, by_moment, changes, creates, current_as, lists, paged, shows
from app.api.security import api_router, quick
from app.api.shapes import QueryCode, QueryText, UnitQuery
from app.clock import today
from app.domain import boards
from app.domain.access import Actor
from app.domain.boards import CommitteeFilter, CommitteeView
from app.web.answers import Version, answer, created, etag
from app.web.schema import ClientId, IsoDate

router = api_router("steering")
_ORDER = by_moment("committees")


class CommitteeQuery(UnitQuery):
    """`as_of`: ban có vào ngày ấy, thành viên và phân công ngày ấy · boards as they stood on a day."""

    kind: Kind | None = None
    program: Annotated[
        QueryCode | None, Field(description="Ban của chương trình này · boards of a program")
    ] = None
    q: Annotated[
        QueryText | None, Field(description="Tên ban, số quyết định, tên đơn vị, không cần dấu · words")
    ] = None


class GapsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: Annotated[IsoDate | None, Field(description="Mặc định hôm nay · by default today")] = None


def whole(v: CommitteeView) -> Response:
    return answer(committee(v), etag=etag(v.version))


def made(v: CommitteeView, *, new: bool) -> Response:
    """What making something of a board answers: the board, with the ETag that goes on."""
    return created(committee(v), new=new, etag=etag(v.version), location=f"/api/v1/committees/{v.id}")


@router.get("/committees", **lists(Committee, examples.COMMITTEE), summary="Các ban · boards")
@quick
def list_committees(actor: Actor, query: Annotated[CommitteeQuery, Query()]) -> Response:
    """Boards in the order in which they changed last, each with its members: a change of a member is one of its board."""
    wanted = CommitteeFilter(**query.model_dump(exclude={"limit", "cursor"}), on=query.as_of)
    found = boards.committees(actor, wanted, after=after(_ORDER, query), limit=query.limit + 1)
    return paged(found, query, committee, lambda last: _ORDER.encode(last.updated_at, last.id))


@router.get(
    "/committees/{id}", **shows(Committee, examples.COMMITTEE, etag=True), summary="Một ban · one board"
)
@quick
def get_committee(actor: Actor, id: ClientId) -> Response:
    """A board with all its members and assignments, those that ended among them."""
    return whole(boards.get(actor, id))


@router.post(
    "/committees",
    **creates(Committee, examples.NEW_COMMITTEE, examples.COMMITTEE, etag=True),
    summary="Thành lập ban · set up a board",
)
def create_committee(actor: Actor, body: NewCommitteeBody) -> Response:
    """By its unit's own people: a unit above is refused (`own_board`). One is head at a time (`one_head`), and
    a decision sets a board up once (`board_exists`).
    """
    found, new = boards.create(actor, body.new())
    return made(found, new=new)


@router.patch(
    "/committees/{id}",
    **changes(Committee, examples.COMMITTEE_CHANGE, examples.COMMITTEE | examples.COMMITTEE_CHANGE),
    summary="Sửa ban · change a board",
)
def change_committee(actor: Actor, id: ClientId, body: CommitteeChange, version: Version) -> Response:
    """Its name, programs, decision, days and meeting day. Members have operations of their own, under the same ETag."""
    with current_as(committee):
        return whole(boards.update(actor, id, version, body.changes()))


@router.post(
    "/committees/{id}/renew",
    **creates(Committee, examples.RENEWAL, examples.COMMITTEE_RENEWED, etag=True),
    summary="Kiện toàn ban · set a board up anew",
)
def renew_committee(actor: Actor, id: ClientId, body: RenewalBody) -> Response:
    """The old board ends the day before; its members go on in the new one with all that they answer for. The answer is
    the new board. 409 `board_ended` for one that has ended.
    """
    found, new = boards.renew(actor, id, body.new())
    return made(found, new=new)


@router.get(
    "/committees/{id}/gaps",
    **shows(BoardGaps, examples.GAPS),
    summary="Chưa ai phụ trách · what nobody is in charge of",
)
@quick
def get_gaps(actor: Actor, id: ClientId, query: Annotated[GapsQuery, Query()]) -> Response:
    """Programs of the board without anybody on it; running works, criteria to be reached, hamlets and tasks of approved
    plans that no member of any board of its unit answers for; who left with assignments still open, or with
    directives that are not accepted yet.
    """
    day = query.as_of or today()
    return answer(shapes.gaps(boards.sheet(actor, id, day), day))
