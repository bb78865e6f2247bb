"""The list of observations under filters; writing one with photos and place; saying otherwise of it while it is open."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import observations
from app.domain.access import Actor, require
from app.domain.documents.uploads import UploadView
from app.domain.observations import STATES, NewObservation, ObservationFilter, ObservationView
from app.domain.works.places import say_degree
from app.errors import Fault, Stale
from app.i18n import N_, translate
from app.reports.observations import STATES as STATE_NAMES
from app.reports.observations import href, observations_table, waiting_items
from app.views.access import Reader, Typed
from app.views.documents.common import SentFiles, about, onward, receive
from app.views.forms import Form
from app.views.ledger.common import Where, id_of, named, new_id, pager, query_form, take, where, window
from app.views.templating import language, mark_illustrative, redirect_after_post, render, table_answer
from app.views.works.common import noted
from app.views.works.place_fields import degree

router = APIRouter(include_in_schema=False)
WHICH: Final = {"late": N_("Quá hạn trả lời"), **STATE_NAMES}
FIELDS: Final = (
    "subject", "board", "observer", "observed_on", "text", "answer_due_on", "lat", "lon", "files",
)  # fmt: skip
NAMED: Final = 6  # of those that wait for an answer


@router.get("/observations")
def show_observations(request: Request, who: Reader) -> Response:
    """What is late by name, then the list under filters, owed answers first; page, Excel and CSV."""
    actor, here, lang = who.actor, where(request, who.actor), language(request)
    form = query_form(request)
    wanted, beside = _asked(actor, form, here, lang)
    offset, limit = window(request)
    found = observations.observations(actor, wanted, pressing_first=True, offset=offset, limit=limit)
    mark_illustrative(request, found)
    together = observations.total(actor, wanted)
    table = observations_table(
        found, together, filters=[(N_("Đơn vị"), here.unit.name), *beside], show_unit=here.wide,
        name=f"giam-sat-{here.unit.code}",
    )  # fmt: skip
    late = [o for o in found if o.late]
    return table_answer(
        request, table, "observations/list.html", title=N_("Giám sát cộng đồng"), place="observations", at=here,
        form=form, together=together, pager=pager(request, together.count), which=named(request, WHICH),
        unit_options=[(u.exact_code, u.name) for u in here.units], may_write=actor.may("observation.edit"),
        filtered=bool(beside), late=waiting_items(late[:NAMED], lang) if not beside else [],
        more_late=together.late - NAMED,
    )  # fmt: skip


def _asked(
    actor: Actor, form: Form, here: Where, lang: str
) -> tuple[ObservationFilter, list[tuple[str, str]]]:
    """What the address asks for, and what a file says of its rows."""
    which, q, beside = form.get("which"), form.get("q").strip()[:100], list[tuple[str, str]]()
    if which in WHICH:
        beside.append((N_("Tình trạng"), translate(lang, WHICH[which])))
    to = about(actor, form.get("subject"))
    if to is not None:
        beside.append((N_("Về"), to.name))
    if q:
        beside.append((N_("Tìm"), q))
    wanted = ObservationFilter(
        unit=here.unit.exact_code, state=which if which in STATES else None,
        late=True if which == "late" else None, work_id=to.id if to and to.kind == "work" else None,
        model_id=to.id if to and to.kind == "support_model" else None, q=q or None,
    )  # fmt: skip
    return wanted, beside


@router.get("/observations/new")
def new_observation(request: Request, who: Reader) -> Response:
    """The form of an observation; about a work or a model where the address names one."""
    require(who.actor, "observation.edit")
    asked = query_form(request)
    form = Form(
        id=new_id(), subject=asked.get("subject"), next=asked.get("next"), observed_on=today(), files="",
        observer=who.actor.name if who.actor.role == "supervisor" else "",
    )  # fmt: skip
    return _form_page(request, who.actor, form)


@router.post("/observations/new")
def write(request: Request, who: Reader, form: Typed, sent: SentFiles) -> Response:
    """Records the observation with its photos; those that arrived well stay with a form that comes back."""
    actor = who.actor
    require(actor, "observation.edit")
    id_, values, status = form.id("id"), _values(form), 422
    kind, subject_id = _subject(form)
    kept = receive(actor, sent, form, id_ or uuid.UUID(int=0))
    if form.ok and id_ is not None:
        photos = tuple(dict.fromkeys((*sent.uploads, *(u.id for u in kept))))
        new = NewObservation(id_, **values, subject_kind=kind, subject_id=subject_id, uploads=photos)
        try:
            made, _ = observations.create(actor, new)
            onto = onward(form.get("next"), href(made))
            return redirect_after_post(request, onto, flash=N_("Đã ghi ý kiến giám sát"))
        except Fault as fault:
            status = take(form, fault, {"uploads": "files"}, FIELDS)
    return _form_page(request, actor, form, kept=kept, status=422 if status == 404 else status)


def _subject(form: Form) -> tuple[str, uuid.UUID | None]:
    """`work:<id>` or `support_model:<id>` as the form has it; empty for the unit in general."""
    kind, _, id_ = form.get("subject").partition(":")
    found = id_of(id_)
    if form.get("subject") and found is None:
        form.fail("subject", N_("Không có trong danh sách"))
    return kind, found


def _values(form: Form) -> dict[str, Any]:
    """What the form says, under the names of NewObservation."""
    return {
        "board": form.text("board", longest=200),
        "observer": form.text("observer", required=False, longest=120) or "",
        "observed_on": form.day("observed_on"),
        "text": form.text("text", longest=4000),
        "answer_due_on": form.day("answer_due_on", required=False),
        "lat": degree(form, "lat"),
        "lon": degree(form, "lon"),
    }


def _form_page(
    request: Request,
    actor: Actor,
    form: Form,
    *,
    kept: Sequence[UploadView] = (),
    standing: ObservationView | None = None,
    current: ObservationView | None = None,
    status: int = 200,
) -> Response:
    """The form of a new observation, or of one as it stands, whose subject stays."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    if standing is None:
        works, models = observations.subject_offers(actor)
        lang = language(request)
        groups = [
            (translate(lang, label), [(f"{kind}:{id_}", name) for id_, name in rows])
            for label, kind, rows in (
                (N_("Công trình"), "work", works),
                (N_("Mô hình hỗ trợ"), "support_model", models),
            )
            if rows
        ]
    else:
        mark_illustrative(request, [standing])
    return render(
        request, "observations/form.html", status=status, place="observations", form=form, kept=kept, o=standing,
        current=current, title=N_("Sửa ý kiến giám sát") if standing else N_("Ghi ý kiến giám sát"),
        action=f"{href(standing)}/edit" if standing else "/observations/new", groups=groups,
        sub=standing.about if standing else actor.unit_name,
        back=href(standing) if standing else onward(form.get("next"), "/observations"),
    )  # fmt: skip


@router.get("/observations/{observation_id:uuid}/edit")
def edit_observation(request: Request, who: Reader, observation_id: uuid.UUID) -> Response:
    """The form of an observation as it stands."""
    require(who.actor, "observation.edit")
    standing = observations.get(who.actor, observation_id)
    form = Form(
        version=standing.version, board=standing.board, observer=standing.observer, text=standing.text,
        observed_on=standing.observed_on, answer_due_on=standing.answer_due_on, lat=say_degree(standing.lat),
        lon=say_degree(standing.lon), files="",
    )  # fmt: skip
    return _form_page(request, who.actor, form, standing=standing)


@router.post("/observations/{observation_id:uuid}/edit")
def change_observation(
    request: Request, who: Reader, form: Typed, sent: SentFiles, observation_id: uuid.UUID
) -> Response:
    """Saves; when somebody changed it since, both versions are shown and nothing typed is lost."""
    actor = who.actor
    require(actor, "observation.edit")
    standing = observations.get(actor, observation_id)
    version, values = form.whole("version"), _values(form)
    kept = receive(actor, sent, form, uuid.uuid5(observation_id, str(version)))
    current, status = None, 422
    if form.ok and version is not None:
        photos = tuple(dict.fromkeys((*sent.uploads, *(u.id for u in kept))))
        try:
            observations.update(actor, observation_id, version, values, photos)
            return redirect_after_post(request, href(standing), flash=N_("Đã sửa ý kiến giám sát"))
        except Stale as fault:
            current, status = noted(form, fault, lambda: observations.get(actor, observation_id)), 409
        except Fault as fault:
            status = take(form, fault, {"uploads": "files"}, FIELDS)
            status = 422 if status == 404 else status
    return _form_page(request, actor, form, kept=kept, standing=standing, current=current, status=status)
