"""The list of outreach events under filters; recording one with photos; saying otherwise of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import outreach
from app.domain.access import Actor, require
from app.domain.documents.uploads import UploadView
from app.domain.outreach import Choices, NewOutreach, OutreachFilter, OutreachView
from app.domain.outreach.events import MOST_PEOPLE
from app.errors import Fault, Stale
from app.i18n import N_, format_date
from app.reports.outreach import href, outreach_table
from app.views.access import Reader, Typed
from app.views.documents.common import SentFiles, receive
from app.views.forms import Form, parse_day
from app.views.ledger.common import Where, id_of, new_id, pager, query_form, take, where, window
from app.views.templating import language, mark_illustrative, redirect_after_post, render, table_answer
from app.views.works.common import noted

router = APIRouter(include_in_schema=False)
NAMES: Final = {"uploads": "files", "criterion_number": "criterion", "set_code": "criterion"}
FIELDS: Final = (
    "topic", "held_on", "hamlet_code", "place", "people", "content", "organiser", "program_code", "work_id",
    "criterion", "files",
)  # fmt: skip


@router.get("/outreach")
def show_events(request: Request, who: Reader) -> Response:
    """Events under filters, the latest first, with how many people they reached; page, Excel and CSV."""
    actor, here, lang = who.actor, where(request, who.actor), language(request)
    form = query_form(request)
    choices = outreach.choices(actor, here.unit.exact_code)
    wanted, beside = _asked(form, here, choices, lang)
    offset, limit = window(request)
    found = outreach.events(actor, wanted, by_day=True, offset=offset, limit=limit)
    mark_illustrative(request, found)
    together = outreach.total(actor, wanted)
    filters = [(N_("Đơn vị"), here.unit.name), *beside]
    programs = choices.names.programs
    table = outreach_table(
        found, together, programs, lang, filters=filters, show_unit=here.wide, name=f"tuyen-truyen-{here.unit.code}"
    )  # fmt: skip
    return table_answer(
        request, table, "outreach/list.html", title=N_("Tuyên truyền, vận động"), place="outreach", at=here, form=form,
        together=together, pager=pager(request, together.count), programs=list(programs.items()),
        unit_options=[(u.exact_code, u.name) for u in here.units], hamlets=choices.hamlets,
        may_record=actor.may("outreach.edit"), filtered=bool(beside), withdrawn=wanted.withdrawn,
    )  # fmt: skip


def _asked(
    form: Form, here: Where, choices: Choices, lang: str
) -> tuple[OutreachFilter, list[tuple[str, str]]]:
    """What the address asks for, and what a file says of its rows."""
    beside: list[tuple[str, str]] = []
    program, hamlet, q = form.get("program"), form.get("hamlet"), form.get("q").strip()[:100]
    names, hamlets = choices.names.programs, dict(choices.hamlets)
    work_id, number = id_of(form.get("work")), form.get("criterion")
    if program in names:
        beside.append((N_("Chương trình"), names[program]))
    if hamlet in hamlets:
        beside.append((N_("Thôn"), hamlets[hamlet]))
    first, last = _day(form, "first"), _day(form, "last")
    for label, day in ((N_("Từ ngày"), first), (N_("đến ngày"), last)):
        if day is not None:
            beside.append((label, format_date(day, lang)))
    work = dict(choices.works).get(work_id) if work_id is not None else None
    if work is not None:
        beside.append((N_("Công trình"), work))
    criterion = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else None
    if criterion is not None:
        beside.append((N_("Tiêu chí"), str(criterion)))
    if q:
        beside.append((N_("Tìm"), q))
    if form.flag("withdrawn"):
        beside.append((N_("Tình trạng"), N_("Đã rút")))
    wanted = OutreachFilter(
        unit=here.unit.exact_code, program_code=program if program in names else None,
        hamlet_code=hamlet if hamlet in hamlets else None, work_id=work_id, criterion_number=criterion,
        set_code=form.get("set").strip()[:40] or None, withdrawn=form.flag("withdrawn"), q=q or None, first=first,
        last=last,
    )  # fmt: skip
    return wanted, beside


def _day(form: Form, name: str) -> date | None:
    """A day of the filters; what is none is said beside it and asks for nothing."""
    typed = form.get(name).strip()
    if not typed:
        return None
    try:
        return parse_day(typed)
    except ValueError:
        form.fail(name, N_("Không phải ngày. Ví dụ: 14/09/2023"))
        return None


@router.get("/outreach/new")
def new_event(request: Request, who: Reader) -> Response:
    """The form of an event; about a work or a criterion where the address names one."""
    require(who.actor, "outreach.edit")
    asked = query_form(request)
    form = Form(
        id=new_id(), held_on=today(), files="", work_id=asked.get("work"), criterion=asked.get("criterion"),
        program_code=asked.get("program"),
    )  # fmt: skip
    return _form_page(request, who.actor, form)


@router.post("/outreach/new")
def record(request: Request, who: Reader, form: Typed, sent: SentFiles) -> Response:
    """Records the event with its photos; those that arrived well stay with a form that comes back."""
    actor = who.actor
    require(actor, "outreach.edit")
    id_, values, status = form.id("id"), _values(form), 422
    kept = receive(actor, sent, form, id_ or uuid.UUID(int=0))
    if form.ok and id_ is not None:
        photos = tuple(dict.fromkeys((*sent.uploads, *(u.id for u in kept))))
        try:
            made, _ = outreach.create(actor, NewOutreach(id_, **values, uploads=photos))
            return redirect_after_post(request, href(made), flash=N_("Đã ghi buổi tuyên truyền"))
        except Fault as fault:
            status = take(form, fault, NAMES, FIELDS)
    return _form_page(request, actor, form, kept=kept, status=422 if status == 404 else status)


def _values(form: Form) -> dict[str, Any]:
    """What the form says, under the names of NewOutreach."""
    return {
        "held_on": form.day("held_on"),
        "topic": form.text("topic", longest=300),
        "people": form.whole("people", most=MOST_PEOPLE),
        "hamlet_code": form.get("hamlet_code") or None,
        "place": form.text("place", required=False, longest=200) or "",
        "content": form.text("content", required=False, longest=4000) or "",
        "organiser": form.text("organiser", required=False, longest=200) or "",
        "program_code": form.get("program_code") or None,
        "work_id": form.id("work_id", required=False),
        "criterion_number": form.whole("criterion", required=False, least=1, most=999),
    }


def _form_page(
    request: Request,
    actor: Actor,
    form: Form,
    *,
    kept: Sequence[UploadView] = (),
    standing: OutreachView | None = None,
    current: OutreachView | None = None,
    status: int = 200,
) -> Response:
    """The form of a new event, or of one as it stands."""
    lang = language(request)
    unit = actor_unit = f"{actor.unit_code}@{actor.structure}"
    if standing is not None:
        unit = standing.exact_unit
        mark_illustrative(request, [standing])
    offered = outreach.offers(actor, unit, standing.held_on if standing is not None else today())
    return render(
        request, "outreach/form.html", status=status, place="outreach", form=form, kept=kept, event=standing,
        title=N_("Sửa buổi tuyên truyền") if standing else N_("Ghi buổi tuyên truyền"), current=current,
        action=f"{href(standing)}/edit" if standing else "/outreach/new", sub=offered.unit_name,
        hamlets=offered.hamlets, programs=list(offered.names.programs.items()),
        works=[(str(id_), name) for id_, name in offered.works], own=unit == actor_unit,
        criteria=[(str(c.number), f"{c.number}. {c.named(lang)}") for c in offered.criteria],
        back=href(standing) if standing else "/outreach",
    )  # fmt: skip


@router.get("/outreach/{event_id:uuid}/edit")
def edit_event(request: Request, who: Reader, event_id: uuid.UUID) -> Response:
    """The form of an event as it stands."""
    require(who.actor, "outreach.edit")
    standing = outreach.get(who.actor, event_id)
    form = Form(
        version=standing.version, files="", criterion=standing.criterion_number,
        **{name: getattr(standing, name) for name in FIELDS if name not in ("criterion", "files")},
    )  # fmt: skip
    return _form_page(request, who.actor, form, standing=standing)


@router.post("/outreach/{event_id:uuid}/edit")
def change_event(
    request: Request, who: Reader, form: Typed, sent: SentFiles, event_id: uuid.UUID
) -> Response:
    """Saves; when somebody changed the event since, both versions are shown and nothing typed is lost."""
    actor = who.actor
    require(actor, "outreach.edit")
    standing = outreach.get(actor, event_id)
    version, values = form.whole("version"), _values(form)
    kept = receive(actor, sent, form, uuid.uuid5(event_id, str(version)))
    current, status = None, 422
    if standing.criterion_number == values["criterion_number"]:
        values["set_code"] = standing.set_code  # of the set that it was chosen from
    if form.ok and version is not None:
        photos = tuple(dict.fromkeys((*sent.uploads, *(u.id for u in kept))))
        try:
            outreach.update(actor, event_id, version, values, photos)
            return redirect_after_post(request, href(standing), flash=N_("Đã sửa buổi tuyên truyền"))
        except Stale as fault:
            current, status = noted(form, fault, lambda: outreach.get(actor, event_id)), 409
        except Fault as fault:
            status = take(form, fault, NAMES, FIELDS)
            status = 422 if status == 404 else status
    return _form_page(
        request, actor, form, kept=kept, standing=standing, current=current, status=status
    )  # fmt: skip
