"""/api/v1/committees/{id}/members and assignments: who is on a board, who answers for what, who hands over to whom."""

from __future__ import annotations

from starlette.responses import Response

from app.api import examples_boards as examples
from app.api.boards.committees import made, whole
from app.api.boards.shapes import (
    Committee,
    Ending,
    Leaving,
    MemberChange,
    NewAssignmentBody,
    NewMemberBody,
    committee,
)
from app.api.operations import acts, changes, creates, current_as
from app.api.security import api_router
from app.domain import boards
from app.domain.access import Actor
from app.errors import FieldError, Invalid
from app.i18n import N_
from app.web.answers import Version
from app.web.schema import ClientId

router = api_router("steering")


@router.post(
    "/committees/{id}/members",
    **creates(Committee, examples.NEW_MEMBER, examples.COMMITTEE_WITH_MEMBER, etag=True),
    summary="Thêm thành viên · appoint a member",
)
def create_member(actor: Actor, id: ClientId, body: NewMemberBody) -> Response:
    """The answer is the board. 422 at `username` for an account without a right at the board's unit, 409 `one_head` for
    a second head within one term.
    """
    _, new = boards.add(actor, id, body.new())
    return made(boards.get(actor, id), new=new)


@router.patch(
    "/committees/{id}/members/{member_id}",
    **changes(Committee, examples.MEMBER_CHANGE, examples.COMMITTEE_MEMBER_CHANGED),
    summary="Sửa thành viên · change a member",
)
def change_member(
    actor: Actor, id: ClientId, member_id: ClientId, body: MemberChange, version: Version
) -> Response:
    """Under the ETag of the board, which is also the answer. Who leaves does so by `/leave`."""
    with current_as(committee):
        return whole(boards.change(actor, id, member_id, version, body.sent()))


@router.post(
    "/committees/{id}/members/{member_id}/leave",
    **acts(Committee, examples.COMMITTEE_LEFT, examples.LEAVING),
    summary="Thôi tham gia ban · leave",
)
def leave(actor: Actor, id: ClientId, member_id: ClientId, body: Leaving) -> Response:
    """Ends the term with a day and hands assignments over from the next day on, in one step; what is not named, or goes
    to null, is left open and stands among the gaps. Sent again it changes nothing; 409 `member_left` for another day.
    """
    given = {one.assignment_id: one.to_member_id for one in body.hand_over}
    if len(given) < len(body.hand_over):
        raise Invalid(FieldError("hand_over", N_("Một phân công ghi hai lần.")))
    return whole(boards.leave(actor, id, member_id, body.on, given))


@router.post(
    "/committees/{id}/members/{member_id}/assignments",
    **creates(Committee, examples.NEW_ASSIGNMENT, examples.COMMITTEE_ASSIGNED, etag=True),
    summary="Phân công · assign",
)
def create_assignment(actor: Actor, id: ClientId, member_id: ClientId, body: NewAssignmentBody) -> Response:
    """A program or project of the board; a criterion, work, hamlet or task in the scope of its unit: 404 at `subject`
    otherwise. The answer is the board. 409 `already_assigned` where the member answers for it already.
    """
    _, new = boards.assign(actor, id, member_id, body.new())
    return made(boards.get(actor, id), new=new)


@router.post(
    "/committees/{id}/assignments/{assignment_id}/end",
    **acts(Committee, examples.COMMITTEE_ENDED, examples.ENDING),
    summary="Kết thúc, bàn giao phân công · end or hand over",
)
def end_assignment(actor: Actor, id: ClientId, assignment_id: ClientId, body: Ending) -> Response:
    """Ends it with a day, or hands it to another member from the next day on. Sent again it changes nothing; 409
    `assignment_ended` for one that ended otherwise.
    """
    return whole(boards.end(actor, id, assignment_id, body.on, to=body.to_member_id))
