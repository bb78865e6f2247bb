"""Who answers for what: ticked for one member, given out where nobody does, ended or handed over."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import boards
from app.domain.access import require
from app.domain.boards import AssignmentView, MemberView, Sheet, Thing
from app.errors import Fault, NotFound
from app.i18n import N_, translate
from app.reports.boards import SUBJECTS, href, member_href
from app.views.access import Reader, Typed
from app.views.boards.common import members_to_choose
from app.views.forms import Form
from app.views.ledger.common import id_of
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import refused

router = APIRouter(include_in_schema=False)
_TAKE: Final = "take-"
_GIVE: Final = "give-"
Offer = dict[str, Any]


@router.get("/committees/{committee_id:uuid}/members/{member_id:uuid}/assign")
def ticks(request: Request, who: Reader, committee_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """Everything that there is to answer for, by kind, with what this member holds ticked."""
    require(who.actor, "committee.edit")
    found = boards.sheet(who.actor, committee_id)
    member = found.board.member(member_id)
    held = {f"{_TAKE}{a.kind}:{a.key}": True for a in member.open}
    day = max(today(), member.from_on)
    return _ticks_page(request, Form(on=day, **held), found, member)


def _ticks_page(
    request: Request, form: Form, found: Sheet, member: MemberView, *, status: int = 200
) -> Response:
    board, lang = found.board, language(request)
    mark_illustrative(request, [board])
    charged = boards.in_charge_of(found.boards, today())
    groups: dict[str, list[Offer]] = {}
    for thing in [*found.things, *_others(found.things, member)]:
        others = [m.person for _, m in charged.get(thing.subject, ()) if m.id != member.id]
        groups.setdefault(thing.kind, []).append(_offer(thing, others, lang))
    return render(
        request, "boards/assign.html", status=status, title=N_("Phân công"), place="committees", form=form,
        crumbs=[(board.name, href(board))], member=member, action=f"{member_href(member)}/assign",
        back=href(board), groups=[_group(form, kind, offers) for kind, offers in groups.items()],
    )  # fmt: skip


def _group(form: Form, kind: str, offers: list[Offer]) -> tuple[str, list[Offer], bool]:
    """(name, offers, whether they are in sight at once): projects are many, and few members answer for one."""
    return SUBJECTS[kind], offers, kind != "project" or any(form.flag(offer["name"]) for offer in offers)


def _others(things: Iterable[Thing], member: MemberView) -> list[Thing]:
    """What a member holds that is not on offer any more, such as a work that was handed over."""
    known = {thing.subject for thing in things}
    return [
        Thing(a.kind, a.key, a.name, a.name_en, "", needed=False)
        for a in member.open
        if a.subject not in known
    ]


def _offer(thing: Thing, others: list[str], lang: str) -> Offer:
    """A thing to tick: who else answers for it, or that nobody does."""
    if others:
        who = translate(lang, N_("đang giao: {people}"), people=", ".join(others))
    else:
        who = translate(lang, N_("chưa ai phụ trách")) if thing.needed else ""
    return {
        "name": f"{_TAKE}{thing.kind}:{thing.key}", "label": thing.named(lang),
        "hint": " · ".join(part for part in (thing.note, who) if part),
    }  # fmt: skip


@router.post("/committees/{committee_id:uuid}/members/{member_id:uuid}/assign")
def tick(
    request: Request, who: Reader, form: Typed, committee_id: uuid.UUID, member_id: uuid.UUID
) -> Response:
    """Lets the member answer for exactly what is ticked, from the day on."""
    actor = who.actor
    require(actor, "committee.edit")
    found = boards.sheet(actor, committee_id)
    member, on = found.board.member(member_id), form.day("on")
    wanted = [_subject(name, _TAKE) for name in form.values if name.startswith(_TAKE) and form.flag(name)]
    status = 422
    if form.ok and on is not None:
        try:
            boards.tick(actor, committee_id, member_id, wanted, on)
            return redirect_after_post(request, href(found.board), flash=N_("Đã ghi phân công"))
        except Fault as fault:
            status = refused(form, fault, ("on",))
    return _ticks_page(request, form, found, member, status=status)


def _subject(name: str, prefix: str) -> tuple[str, str]:
    kind, _, key = name.removeprefix(prefix).partition(":")
    return kind, key


@router.get("/committees/{committee_id:uuid}/gaps")
def gaps(request: Request, who: Reader, committee_id: uuid.UUID) -> Response:
    """What nobody is in charge of, each with the members to choose from."""
    require(who.actor, "committee.edit")
    return _gaps_page(request, Form(on=today()), boards.sheet(who.actor, committee_id))


def _gaps_page(request: Request, form: Form, found: Sheet, *, status: int = 200) -> Response:
    board, lang = found.board, language(request)
    mark_illustrative(request, [board])
    groups: dict[str, list[Offer]] = {}
    for thing in [*(thing for _, thing in found.gaps.programs), *found.gaps.nobody]:
        offer = {"name": f"{_GIVE}{thing.kind}:{thing.key}", "label": thing.named(lang), "hint": thing.note}
        groups.setdefault(thing.kind, []).append(offer)
    return render(
        request, "boards/gaps.html", status=status, title=N_("Giao việc chưa ai phụ trách"), place="committees",
        form=form, crumbs=[(board.name, href(board))], sub=board.unit_name, action=f"{href(board)}/gaps",
        back=href(board), groups=[(SUBJECTS[kind], offers) for kind, offers in groups.items()],
        takers=members_to_choose(board.members, request, today()), board=board,
    )  # fmt: skip


@router.post("/committees/{committee_id:uuid}/gaps")
def close_gaps(request: Request, who: Reader, form: Typed, committee_id: uuid.UUID) -> Response:
    """Gives each thing to the member who was chosen, all or none; what was left alone stays a gap."""
    actor = who.actor
    require(actor, "committee.edit")
    found = boards.sheet(actor, committee_id)
    on = form.day("on")
    chosen = [
        (to, _subject(name, _GIVE))
        for name, value in form.values.items()
        if name.startswith(_GIVE) and (to := id_of(value)) is not None
    ]
    if form.ok and not chosen:
        form.fail("on", N_("Chọn người phụ trách cho ít nhất một việc."))
    status = 422
    if form.ok and on is not None:
        try:
            boards.assign_all(actor, committee_id, chosen, on)
            return redirect_after_post(request, href(found.board), flash=N_("Đã ghi phân công"))
        except Fault as fault:
            status = refused(form, fault, ("on",))
    return _gaps_page(request, form, found, status=status)


@router.get("/committees/{committee_id:uuid}/assignments/{assignment_id:uuid}/end")
def ending(request: Request, who: Reader, committee_id: uuid.UUID, assignment_id: uuid.UUID) -> Response:
    """The form by which an assignment ends, or goes to another member."""
    require(who.actor, "committee.edit")
    return _end_page(request, Form(on=today()), boards.sheet(who.actor, committee_id), assignment_id)


def _end_page(
    request: Request, form: Form, found: Sheet, assignment_id: uuid.UUID, *, status: int = 200
) -> Response:
    board = found.board
    member, held = _held(board.members, assignment_id)
    mark_illustrative(request, [board])
    return render(
        request, "boards/end.html", status=status, title=N_("Bàn giao, kết thúc phân công"), place="committees",
        form=form, crumbs=[(board.name, href(board))], member=member, held=held,
        name=held.named(language(request)), kind=SUBJECTS[held.kind], back=href(board),
        action=f"{href(board)}/assignments/{assignment_id}/end",
        takers=members_to_choose((m for m in board.members if m.id != member.id), request, today()),
    )  # fmt: skip


def _held(members: Iterable[MemberView], assignment_id: uuid.UUID) -> tuple[MemberView, AssignmentView]:
    for member in members:
        for assignment in member.assignments:
            if assignment.id == assignment_id:
                return member, assignment
    raise NotFound()


@router.post("/committees/{committee_id:uuid}/assignments/{assignment_id:uuid}/end")
def end(
    request: Request, who: Reader, form: Typed, committee_id: uuid.UUID, assignment_id: uuid.UUID
) -> Response:
    """Ends it with a day, or hands it over from the next day on."""
    actor = who.actor
    require(actor, "committee.edit")
    found = boards.sheet(actor, committee_id)
    _held(found.board.members, assignment_id)
    on, to = form.day("on"), form.id("to_member_id", required=False)
    status = 422
    if form.ok and on is not None:
        try:
            boards.end(actor, committee_id, assignment_id, on, to=to)
            return redirect_after_post(request, href(found.board), flash=N_("Đã ghi bàn giao, kết thúc"))
        except Fault as fault:
            status = refused(form, fault, ("on", "to_member_id"))
    return _end_page(request, form, found, assignment_id, status=status)
