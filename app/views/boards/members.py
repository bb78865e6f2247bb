"""Appointing a member, changing one, and leaving with everything handed over."""

from __future__ import annotations

import uuid
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import boards, directives
from app.domain.access import Actor, require
from app.domain.boards import MEMBER_ROLES, CommitteeView, MemberView, NewMember
from app.domain.directives import DirectiveFilter
from app.domain.identity import people
from app.errors import Fault, Stale
from app.i18n import N_
from app.reports.boards import ROLES, assigned, href, member_href
from app.reports.directives import short_items
from app.views.access import Reader, Typed
from app.views.boards.common import members_to_choose
from app.views.forms import Form
from app.views.ledger.common import id_of, named, new_id
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import noted, refused

router = APIRouter(include_in_schema=False)
FIELDS: Final = ("person", "title", "role", "username", "from", "to")


@router.get("/committees/{committee_id:uuid}/members/new")
def new_member(request: Request, who: Reader, committee_id: uuid.UUID) -> Response:
    """The form of a member; the first one is the head."""
    require(who.actor, "committee.edit")
    board = boards.get(who.actor, committee_id)
    role = "member" if board.head(today()) else "head"
    form = Form(
        id=new_id(), role=role, **{"from": max(board.from_on, today()) if board.members else board.from_on}
    )
    return _form_page(request, who.actor, form, board)


def _form_page(
    request: Request,
    actor: Actor,
    form: Form,
    board: CommitteeView,
    member: MemberView | None = None,
    *,
    status: int = 200,
    current: MemberView | None = None,
) -> Response:
    mark_illustrative(request, [board])
    kept = member.username if member else None
    accounts = {u.username: f"{u.full_name} ({u.username})" for u in people.users(actor) if not u.disabled}
    if kept:
        accounts.setdefault(kept, kept)
    return render(
        request, "boards/member.html", status=status, title=N_("Sửa thành viên") if member else N_("Thêm thành viên"),
        place="committees", form=form, crumbs=[(board.name, href(board))], member=member, current=current,
        action=f"{member_href(member)}/edit" if member else f"{href(board)}/members/new", back=href(board),
        roles=named(request, ROLES), role_names=dict(named(request, ROLES)), accounts=list(accounts.items()),
    )  # fmt: skip


def _values(form: Form) -> dict[str, Any]:
    """What the form says, under the names of NewMember."""
    return {
        "person": form.text("person", longest=120),
        "title": form.text("title", required=False, longest=200) or "",
        "role": form.choice("role", MEMBER_ROLES),
        "username": form.text("username", required=False, longest=64),
        "from_on": form.day("from"),
        "to_on": form.day("to", required=False),
    }


@router.post("/committees/{committee_id:uuid}/members/new")
def make_member(request: Request, who: Reader, form: Typed, committee_id: uuid.UUID) -> Response:
    """Appoints the member; on to what they answer for, or to the next one."""
    actor = who.actor
    require(actor, "committee.edit")
    board = boards.get(actor, committee_id)
    id_, values = form.id("id"), _values(form)
    status = 422
    if form.ok and id_ is not None:
        try:
            made, _ = boards.add(actor, committee_id, NewMember(id_, **values))
            onto = f"{href(board)}/members/new" if form.flag("another") else f"{member_href(made)}/assign"
            return redirect_after_post(request, onto, flash=N_("Đã thêm thành viên"))
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _form_page(request, actor, form, board, status=status)


@router.get("/committees/{committee_id:uuid}/members/{member_id:uuid}/edit")
def edit_member(request: Request, who: Reader, committee_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """The form of a member as they stand."""
    require(who.actor, "committee.edit")
    board = boards.get(who.actor, committee_id)
    member = board.member(member_id)
    days: dict[str, object] = {"from": member.from_on, "to": member.to_on}
    form = Form(
        version=board.version, person=member.person, title=member.title, role=member.role,
        username=member.username, **days,
    )  # fmt: skip
    return _form_page(request, who.actor, form, board, member)


@router.post("/committees/{committee_id:uuid}/members/{member_id:uuid}/edit")
def change_member(
    request: Request, who: Reader, form: Typed, committee_id: uuid.UUID, member_id: uuid.UUID
) -> Response:
    """Saves; when somebody changed the board since, both versions are shown and nothing typed is lost."""
    actor = who.actor
    require(actor, "committee.edit")
    board = boards.get(actor, committee_id)
    member = board.member(member_id)
    version, values = form.whole("version"), _values(form)
    current, status = None, 422
    if form.ok and version is not None:
        try:
            boards.change(actor, committee_id, member_id, version, values)
            return redirect_after_post(request, href(board), flash=N_("Đã sửa thành viên"))
        except Stale as fault:
            now = noted(form, fault, lambda: boards.get(actor, committee_id))
            current, status = now.member(member_id), 409
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _form_page(request, actor, form, board, member, status=status, current=current)


@router.get("/committees/{committee_id:uuid}/members/{member_id:uuid}/leave")
def leaving(request: Request, who: Reader, committee_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """The form by which a member leaves: the last day, and who takes over each thing."""
    require(who.actor, "committee.edit")
    board = boards.get(who.actor, committee_id)
    return _leave_page(request, who.actor, Form(on=today()), board, board.member(member_id))


def _leave_page(
    request: Request, actor: Actor, form: Form, board: CommitteeView, member: MemberView, *, status: int = 200
) -> Response:
    mark_illustrative(request, [board])
    owed = DirectiveFilter(assignee=("person", str(member.id)), standing=True)
    found = directives.directives(actor, owed, late_first=True)
    others = [m for m in board.members if m.id != member.id]
    return render(
        request, "boards/leave.html", status=status, title=N_("Thôi tham gia ban"), place="committees", form=form,
        crumbs=[(board.name, href(board))], member=member, action=f"{member_href(member)}/leave",
        back=href(board), held=assigned(member, member.open, language(request)),
        takers=members_to_choose(others, request, today()), owed=short_items(found, language(request)),
    )  # fmt: skip


@router.post("/committees/{committee_id:uuid}/members/{member_id:uuid}/leave")
def leave(
    request: Request, who: Reader, form: Typed, committee_id: uuid.UUID, member_id: uuid.UUID
) -> Response:
    """Ends the term and hands everything over; what goes to nobody stays open, and the board's page says so."""
    actor = who.actor
    require(actor, "committee.edit")
    board = boards.get(actor, committee_id)
    member, on = board.member(member_id), form.day("on")
    handing = {a.id: id_of(form.get(f"to-{a.id}")) for a in member.open}
    status = 422
    if form.ok and on is not None:
        try:
            boards.leave(actor, committee_id, member_id, on, handing)
            open_ = sum(to is None for to in handing.values())
            said = (
                N_("Đã ghi thôi tham gia; còn việc chưa ai nhận")
                if open_
                else N_("Đã ghi thôi tham gia, bàn giao")
            )
            return redirect_after_post(request, href(board), flash=said, kind="late" if open_ else "done")
        except Fault as fault:
            status = refused(form, fault, ("on",))
    return _leave_page(request, actor, form, board, member, status=status)
