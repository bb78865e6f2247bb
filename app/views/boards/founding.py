"""Setting up a board, changing it, setting it up anew by another decision."""

from __future__ import annotations

import uuid
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import boards, territory
from app.domain.access import Actor, require
from app.domain.boards import COMMITTEE_KINDS, CommitteeView, NewCommittee, Renewal
from app.errors import Fault, Stale
from app.i18n import N_
from app.reports.boards import KINDS, href
from app.views.access import Reader, Typed
from app.views.boards.common import DECISION_FIELDS, decision_of, decision_values, program_names
from app.views.forms import Form
from app.views.ledger.common import named, new_id
from app.views.templating import mark_illustrative, redirect_after_post, render
from app.views.works.common import noted, refused

router = APIRouter(include_in_schema=False)
FIELDS: Final = ("kind", "name", "meeting_day", "from", "to", *DECISION_FIELDS)


@router.get("/committees/new")
def new_board(request: Request, who: Reader) -> Response:
    """The form of a board; its programs are all ticked, as most boards steer all of them."""
    require(who.actor, "committee.edit")
    ticked = {f"program-{code}": True for code in program_names(who.actor)}
    return _new_page(request, who.actor, Form(id=new_id(), kind="steering", **ticked))


def _new_page(request: Request, actor: Actor, form: Form, *, status: int = 200) -> Response:
    unit = territory.own_unit(actor)
    return render(
        request, "boards/form.html", status=status, title=N_("Thành lập ban"), place="committees", form=form,
        crumbs=[], sub=unit.name, action="/committees/new", back="/committees", board=None, current=None,
        kinds=named(request, KINDS), programs=program_names(actor), mode="new",
    )  # fmt: skip


@router.post("/committees/new")
def make_board(request: Request, who: Reader, form: Typed) -> Response:
    """Sets the board up and opens it: its members come next."""
    actor = who.actor
    require(actor, "committee.edit")
    id_, kind, values = form.id("id"), form.choice("kind", COMMITTEE_KINDS), _values(form, actor)
    status = 422
    if form.ok and id_ is not None and kind is not None:
        try:
            own = territory.own_unit(actor).exact_code
            made, _ = boards.create(actor, NewCommittee(id_, own, kind, **values))
            return redirect_after_post(
                request, href(made), flash=N_("Đã thành lập ban; thêm thành viên tiếp theo")
            )
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _new_page(request, actor, form, status=status)


def _values(form: Form, actor: Actor) -> dict[str, Any]:
    """What the form says, under the names of NewCommittee."""
    return {
        "name": form.text("name", longest=300),
        "programs": tuple(code for code in program_names(actor) if form.flag(f"program-{code}")),
        "decision": decision_of(form),
        "from_on": form.day("from", required=False),
        "meeting_day": form.whole("meeting_day", required=False, least=1, most=28),
    }


@router.get("/committees/{committee_id:uuid}/edit")
def edit_board(request: Request, who: Reader, committee_id: uuid.UUID) -> Response:
    """The form of a board as it stands."""
    require(who.actor, "committee.edit")
    board = boards.get(who.actor, committee_id)
    ticked: dict[str, object] = {f"program-{code}": True for code in board.programs}
    days: dict[str, object] = {"from": board.from_on, "to": board.to_on}
    form = Form(
        version=board.version, name=board.name, meeting_day=board.meeting_day, **ticked, **days,
        **decision_values(board.decision),
    )  # fmt: skip
    return _edit_page(request, who.actor, form, board)


def _edit_page(
    request: Request,
    actor: Actor,
    form: Form,
    board: CommitteeView,
    *,
    status: int = 200,
    current: CommitteeView | None = None,
) -> Response:
    mark_illustrative(request, [board])
    return render(
        request, "boards/form.html", status=status, title=N_("Sửa ban"), place="committees", form=form,
        crumbs=[(board.name, href(board))], sub=board.unit_name, action=f"{href(board)}/edit",
        back=href(board), board=board, current=current, kinds=(), programs=program_names(actor), mode="edit",
    )  # fmt: skip


@router.post("/committees/{committee_id:uuid}/edit")
def change_board(request: Request, who: Reader, form: Typed, committee_id: uuid.UUID) -> Response:
    """Saves; when somebody changed the board since, both versions are shown and nothing typed is lost."""
    actor = who.actor
    require(actor, "committee.edit")
    board = boards.get(actor, committee_id)
    version, values = form.whole("version"), _values(form, actor)
    values["to_on"] = form.day("to", required=False)
    if values["from_on"] is None:
        values["from_on"] = values["decision"].date if values["decision"] else None
    current, status = None, 422
    if form.ok and version is not None:
        try:
            boards.update(actor, committee_id, version, values)
            return redirect_after_post(request, href(board), flash=N_("Đã sửa ban"))
        except Stale as fault:
            current, status = noted(form, fault, lambda: boards.get(actor, committee_id)), 409
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _edit_page(request, actor, form, board, status=status, current=current)


@router.get("/committees/{committee_id:uuid}/renew")
def renewal(request: Request, who: Reader, committee_id: uuid.UUID) -> Response:
    """The form of a decision by which a board is set up anew."""
    require(who.actor, "committee.edit")
    board = boards.get(who.actor, committee_id)
    ticked: dict[str, object] = {f"program-{code}": True for code in board.programs}
    issuer: dict[str, object] = {"decision.issuer": board.decision.issuer}
    form = Form(id=new_id(), name=board.name, meeting_day=board.meeting_day, **ticked, **issuer)
    return _renew_page(request, who.actor, form, board)


def _renew_page(
    request: Request, actor: Actor, form: Form, board: CommitteeView, *, status: int = 200
) -> Response:
    mark_illustrative(request, [board])
    return render(
        request, "boards/form.html", status=status, title=N_("Kiện toàn ban"), place="committees", form=form,
        crumbs=[(board.name, href(board))], sub=board.unit_name, action=f"{href(board)}/renew",
        back=href(board), board=board, current=None, kinds=(), programs=program_names(actor), mode="renew",
        going_on=[m.person for m in board.in_term(today())],
    )  # fmt: skip


@router.post("/committees/{committee_id:uuid}/renew")
def renew(request: Request, who: Reader, form: Typed, committee_id: uuid.UUID) -> Response:
    """Ends the old board and opens the new one, on which its members go on."""
    actor = who.actor
    require(actor, "committee.edit")
    board = boards.get(actor, committee_id)
    id_, values = form.id("id"), _values(form, actor)
    status = 422
    if form.ok and id_ is not None:
        try:
            made, _ = boards.renew(actor, committee_id, Renewal(id_, **values))
            return redirect_after_post(
                request, href(made), flash=N_("Đã kiện toàn ban; thành viên chuyển sang")
            )
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _renew_page(request, actor, form, board, status=status)
