"""The agenda of a meeting: rows that are typed and ordered, and what the books offer to be ticked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import meetings
from app.domain.access import require
from app.domain.meetings import AgendaView, MeetingView, Offer
from app.domain.meetings.agenda import MOST
from app.errors import Fault, Stale
from app.i18n import N_, say
from app.reports.meetings import OFFERS, href, subject_href
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import id_of, take, whole
from app.views.meetings.common import crumbs
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import noted

router = APIRouter(include_in_schema=False)
ROWS: Final = "rows"  # the hidden field that says how many the form has
_EMPTY: Final = 2  # rows to begin with, beside those that stand
_MORE: Final = 3
_TICK: Final = "offer:"  # of a checkbox's name, with kind:id behind it


def key(row: int, name: str) -> str:
    """A row's field in the form."""
    return f"a{row}_{name}"


def filled(items: Sequence[AgendaView]) -> Form:
    """A form with a row for each of these and a few empty ones."""
    form = Form(**{ROWS: min(len(items) + _EMPTY, MOST)})
    for row, item in enumerate(items):
        _put(form, row, item)
    return form


def _put(form: Form, row: int, item: AgendaView) -> None:
    subject = f"{item.subject_kind}:{item.subject_id}" if item.subject_id else ""
    form.values |= {
        key(row, "text"): item.text,
        key(row, "subject"): subject,
        key(row, "place"): str(row + 1),
    }


def rows_of(form: Form) -> int:
    return min(whole(form.get(ROWS)) or _EMPTY, MOST)


def _item(form: Form, row: int) -> AgendaView | None:
    text = form.text(key(row, "text"), required=False, longest=1000)
    kind, _, id_ = form.get(key(row, "subject")).partition(":")
    subject = id_of(id_)
    if text is None:
        return None
    return AgendaView(text, kind, subject) if subject is not None else AgendaView(text)


def read(form: Form) -> tuple[list[AgendaView], list[int]]:
    """(the agenda that a form says, in the order of the numbers typed; the row in which each stands). A row without text
    is left out."""
    found = []
    for row in range(rows_of(form)):
        item = _item(form, row)
        place = form.whole(key(row, "place"), required=False, least=1, most=999)
        if item is not None:
            found.append((place or row + 1, row, item))
    # Who types 1 into the third row wants it before the first.
    found.sort(key=lambda f: (f[0], f[0] == f[1] + 1, f[1]))
    return [item for *_, item in found], [row for _, row, _ in found]


def _ticked(form: Form, offers: Sequence[Offer]) -> list[AgendaView]:
    return [o.item() for o in offers if form.flag(f"{_TICK}{o.kind}:{o.id}")]


@router.get("/meetings/{meeting_id:uuid}/agenda")
def edit_agenda(request: Request, who: Reader, meeting_id: uuid.UUID) -> Response:
    """The agenda as it stands, beside what may go on it."""
    require(who.actor, "meeting.edit")
    found = meetings.whole(who.actor, meeting_id)
    form = filled(found.agenda)
    form.values["version"] = str(found.meeting.version)
    return _page(request, form, found.meeting, meetings.offers(who.actor, found.meeting))


@router.post("/meetings/{meeting_id:uuid}/agenda")
def save_agenda(request: Request, who: Reader, form: Typed, meeting_id: uuid.UUID) -> Response:
    """Saves the rows in their order, what is ticked behind them; a button that asks for rows, or to put what is ticked
    among them, only grows the form. When somebody changed the meeting since, nothing typed is lost."""
    require(who.actor, "meeting.edit")
    standing = meetings.get(who.actor, meeting_id)
    offers = meetings.offers(who.actor, standing)
    version, (items, places) = form.whole("version"), read(form)
    items += _ticked(form, offers)
    if form.flag("more") and form.ok:
        grown = filled(items)
        grown.values |= {"version": form.get("version"), ROWS: str(min(len(items) + _MORE, MOST))}
        return _page(request, grown, standing, offers)
    current, status = None, 422
    if form.ok and version is not None:
        try:
            meetings.update(who.actor, meeting_id, version, {"agenda": items})
            return redirect_after_post(request, href(standing), flash=N_("Đã ghi chương trình họp"))
        except Stale as fault:
            current, status = meetings.whole(who.actor, meeting_id).agenda, 409
            noted(form, fault, lambda: meetings.get(who.actor, meeting_id))
        except Fault as fault:
            names = {
                f"agenda.{i}.{n}": key(row, "text")
                for i, row in enumerate(places)
                for n in ("text", "subject")
            }
            status = take(form, fault, names, tuple(names.values()))
    return _page(request, form, standing, offers, status=422 if status == 404 else status, current=current)


def _page(
    request: Request,
    form: Form,
    standing: MeetingView,
    offers: Sequence[Offer],
    *,
    status: int = 200,
    current: Sequence[AgendaView] | None = None,
) -> Response:
    mark_illustrative(request, [standing])
    have = {form.get(key(row, "subject")) for row in range(rows_of(form))}
    lang = language(request)
    groups = [
        (
            words,
            [
                {
                    "name": f"{_TICK}{o.kind}:{o.id}",
                    "text": say(lang, o.text),
                    "href": subject_href(o.kind, o.id),
                }
                for o in offers
                if o.kind == kind and f"{o.kind}:{o.id}" not in have
            ],
        )
        for kind, words in OFFERS.items()
    ]
    return render(
        request, "meetings/agenda.html", status=status, title=N_("Chương trình họp"), place="meetings", form=form,
        crumbs=crumbs(request, standing, itself=True), m=standing, rows=rows_of(form), back=href(standing),
        groups=[(words, found) for words, found in groups if found], key=key,
        filled=sum(bool(form.get(key(row, "text"))) for row in range(rows_of(form))),
        newer=[item.text for item in current] if current is not None else None,
    )  # fmt: skip
