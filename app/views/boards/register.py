"""The list of boards with what nobody is in charge of; one board with its members."""

from __future__ import annotations

import uuid

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import boards
from app.domain.access import Actor
from app.domain.boards import COMMITTEE_KINDS, CommitteeFilter, CommitteeView, MemberView
from app.domain.documents.attaching import documents_of
from app.i18n import N_
from app.reports.boards import KINDS, ROLES, assigned, boards_table, gap_sections, href, state_tag
from app.views.access import Reader
from app.views.boards.common import may_keep, program_names
from app.views.forms import Form
from app.views.ledger.common import Where, named, pager, query_form, where, window
from app.views.templating import language, mark_illustrative, render, table_answer

router = APIRouter(include_in_schema=False)


@router.get("/committees")
def show_boards(request: Request, who: Reader) -> Response:
    """What nobody is in charge of by name, then the boards under filters; page, Excel and CSV."""
    actor, here, lang, day = who.actor, where(request, who.actor), language(request), today()
    form = query_form(request)
    wanted = _asked(form, here)
    offset, limit = window(request)
    found = boards.committees(actor, wanted, by_unit=True, offset=offset, limit=limit)
    number = len(found) if not offset and len(found) < limit else boards.count(actor, wanted)
    mark_illustrative(request, found)
    filters = _filters(wanted, here)
    filtered = len(filters) > 1
    gaps = None if here.wide or filtered else boards.gaps_of_unit(actor, found, day)
    table = boards_table(
        found, number, day, filters=filters, programs=program_names(actor), show_unit=here.wide,
        name=f"ban-chi-dao-{here.unit.code}",
    )  # fmt: skip
    return table_answer(
        request, table, "boards/list.html", title=N_("Ban chỉ đạo, Ban quản lý"), place="committees", at=here,
        form=form, pager=pager(request, number), kinds=named(request, KINDS), filtered=filtered,
        gaps=gap_sections(gaps, lang, several=True) if gaps is not None else [],
        unit_options=[(u.exact_code, u.name) for u in here.units], may_edit=actor.may("committee.edit"),
    )  # fmt: skip


def _asked(form: Form, here: Where) -> CommitteeFilter:
    kind = form.get("kind")
    return CommitteeFilter(
        unit=here.unit.exact_code,
        kind=kind if kind in COMMITTEE_KINDS else None,
        on=None if form.flag("ended") else today(),
        q=form.get("q").strip()[:100] or None,
    )


def _filters(wanted: CommitteeFilter, here: Where) -> list[tuple[str, str]]:
    """What a file says of its rows."""
    return [
        (N_("Đơn vị"), here.unit.name),
        *([(N_("Loại"), KINDS[wanted.kind])] if wanted.kind else []),
        *([(N_("Tìm"), wanted.q)] if wanted.q else []),
    ]


@router.get("/committees/{committee_id:uuid}")
def show_board(request: Request, who: Reader, committee_id: uuid.UUID) -> Response:
    """What is amiss by name, the members with what each answers for, the decision and its documents."""
    actor, lang = who.actor, language(request)
    found = boards.sheet(actor, committee_id)
    board, day = found.board, today()
    mark_illustrative(request, [board])
    in_term, left = board.in_term(day), [m for m in board.members if not m.stands(day)]
    return render(
        request, "boards/show.html", title=board.name, place="committees", board=board, this=href(board),
        tag=state_tag(board, day), kind=KINDS[board.kind], roles=dict(named(request, ROLES)),
        programs=program_names(actor), gaps=gap_sections(found.gaps, lang, several=False),
        members=[_member(m, lang) for m in in_term], left=[_member(m, lang) for m in left],
        persons={m.id: m.person for m in board.members}, may=_may(actor, board), stands=board.stands(day),
        may_attach=actor.may("document.edit"), documents=documents_of(actor, "committee", board.id),
        open_gaps=bool(found.gaps.programs or found.gaps.nobody),
    )  # fmt: skip


def _member(member: MemberView, lang: str) -> dict[str, object]:
    day = today()
    standing = [a for a in member.assignments if a.stands(day)]
    past = [a for a in member.assignments if not a.stands(day)]
    gone = member.to_on is not None and member.to_on < day
    return {
        "of": member,
        "gone": gone,
        "answers": assigned(member, standing, lang),
        "past": assigned(member, past, lang),
    }


def _may(actor: Actor, board: CommitteeView) -> dict[str, bool]:
    """What the reader is offered: by right and by whether the board goes on."""
    keeps = may_keep(actor, board)
    return {"keep": keeps, "renew": keeps and board.to_on is None}
