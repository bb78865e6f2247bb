"""The list of obstacles; raising one about a work, a line, a step or a support model; changing what is said of it."""

from __future__ import annotations

import uuid
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import obstacles, support, works
from app.domain.access import Actor, require
from app.domain.documents.subjects import SubjectView
from app.domain.ledger import lines
from app.domain.ledger.lines import LineFilter
from app.domain.obstacles import KINDS, STATES, SUBJECTS, NewObstacle, ObstacleFilter, ObstacleView
from app.domain.support import ModelFilter
from app.domain.works import WorkFilter
from app.errors import Fault, NotFound, Stale
from app.i18n import N_
from app.reports.labels import OBSTACLE_KINDS, OBSTACLE_STATES
from app.reports.obstacles import about as named_about
from app.reports.obstacles import href, obstacles_table, subject_href, waiting_items
from app.views.access import Reader, Typed
from app.views.documents.common import SUBJECT_KINDS, about, onward
from app.views.documents.common import href as page_of
from app.views.forms import Form
from app.views.ledger.common import Where, named, new_id, pager, query_form, source_names, where, window
from app.views.templating import language, mark_illustrative, redirect_after_post, render, table_answer
from app.views.works.common import noted, refused

router = APIRouter(include_in_schema=False)
FIELDS: Final = ("kind", "text", "resolver", "raised_on")
WAITING: Final = {"mine": N_("Chờ đơn vị tôi trả lời"), "any": N_("Chờ cấp trên trả lời")}
NAMED: Final = 100  # of those that wait for an answer
FOUND: Final = 20


@router.get("/obstacles")
def show_obstacles(request: Request, who: Reader) -> Response:
    """What waits for an answer by name, then the list under filters, most money first; page, Excel and CSV."""
    actor, here, lang = who.actor, where(request, who.actor), language(request)
    form = query_form(request)
    to = _about(actor, form.get("subject"))
    wanted = _asked(form, here, to)
    offset, limit = window(request)
    found = obstacles.obstacles(actor, wanted, by_money=True, offset=offset, limit=limit)
    mark_illustrative(request, found)
    together = obstacles.total(actor, wanted)
    waits = obstacles.obstacles(
        actor, ObstacleFilter(unit=here.unit.exact_code, escalated=True), by_money=True, limit=NAMED
    )
    filters = _filters(wanted, form, here, to)
    table = obstacles_table(
        found, together, lang, filters=filters, show_unit=here.wide, name=f"vuong-mac-{here.unit.code}"
    )
    return table_answer(
        request, table, "obstacles/list.html", title=N_("Vướng mắc"), place="obstacles", at=here, form=form,
        together=together, pager=pager(request, together.count), to=to, back=page_of(to) if to else None,
        owed=waiting_items([o for o in waits if o.mine], lang), kinds=named(request, OBSTACLE_KINDS),
        asked=waiting_items([o for o in waits if not o.mine], lang), states=named(request, OBSTACLE_STATES),
        waiting=named(request, WAITING), unit_options=[(u.exact_code, u.name) for u in here.units],
        may_raise=actor.may("obstacle.raise"), may_answer=actor.may("obstacle.answer"),
        filtered=len(filters) > 1,
    )  # fmt: skip


def _asked(form: Form, here: Where, to: SubjectView | None) -> ObstacleFilter:
    """What the address asks for; of a work, what its steps and lines have, too."""
    state, kind, waiting = form.get("state"), form.get("kind"), form.get("waiting")
    return ObstacleFilter(
        unit=here.unit.exact_code,
        state=state if state in STATES else None,
        kind=kind if kind in KINDS else None,
        subject=(to.kind, to.id) if to and to.kind != "work" else None,
        work_id=to.id if to and to.kind == "work" else None,
        escalated=True if waiting == "any" else None,
        mine=True if waiting == "mine" else None,
        q=form.get("q").strip()[:100] or None,
    )


def _filters(
    wanted: ObstacleFilter, form: Form, here: Where, to: SubjectView | None
) -> list[tuple[str, str]]:
    """What a file says of its rows."""
    waiting = WAITING.get(form.get("waiting"))
    return [
        (N_("Đơn vị"), here.unit.name),
        *([(SUBJECT_KINDS[to.kind], to.name)] if to else []),
        *([(N_("Tình trạng"), OBSTACLE_STATES[wanted.state])] if wanted.state else []),
        *([(N_("Loại"), OBSTACLE_KINDS[wanted.kind])] if wanted.kind else []),
        *([(N_("Chỉ vướng mắc"), waiting)] if waiting else []),
        *([(N_("Tìm"), wanted.q)] if wanted.q else []),
    ]


def _about(actor: Actor, text: str) -> SubjectView | None:
    """What `subject=` of an address names. NotFound for what has no obstacles, or leads nowhere."""
    to = about(actor, text)
    if to is not None and to.kind not in SUBJECTS:
        raise NotFound()
    return to


@router.get("/obstacles/new")
def new_obstacle(request: Request, who: Reader) -> Response:
    """The form of an obstacle; first, where the address does not say, what it is about."""
    require(who.actor, "obstacle.raise")
    asked = query_form(request)
    to = _about(who.actor, asked.get("subject"))
    if to is None:
        return _choose(request, who.actor, asked)
    form = Form(id=new_id(), subject=asked.get("subject"), next=asked.get("next"), raised_on=today())
    return _form_page(request, form, to)


def _choose(request: Request, actor: Actor, form: Form) -> Response:
    """Works, lines and support models by what is typed, each leading to the form."""
    q = form.get("q").strip()[:100] or None
    found = works.works(actor, WorkFilter(q=q), by_code=True, limit=FOUND + 1)
    book = lines.lines(actor, LineFilter(q=q), by_project=True, limit=FOUND + 1)
    models = support.models(actor, ModelFilter(q=q), by_name=True, limit=FOUND + 1)
    mark_illustrative(request, [*found, *book, *models])
    return render(
        request, "obstacles/choose.html", title=N_("Nêu vướng mắc"), place="obstacles", form=form,
        works=found[:FOUND], lines=book[:FOUND], models=models[:FOUND],
        more=max(len(found), len(book), len(models)) > FOUND,
        sources=source_names(request, actor),
    )  # fmt: skip


@router.post("/obstacles/new")
def make_obstacle(request: Request, who: Reader, form: Typed) -> Response:
    """Raises the obstacle and opens it."""
    actor = who.actor
    require(actor, "obstacle.raise")
    to = _about(actor, form.get("subject"))
    if to is None:
        raise NotFound()
    id_, values = form.id("id"), _values(form)
    status = 422
    if form.ok and id_ is not None:
        try:
            made, _ = obstacles.create(actor, NewObstacle(id_, to.kind, to.id, **values))
            onto = onward(form.get("next"), href(made))
            return redirect_after_post(request, onto, flash=N_("Đã ghi vướng mắc"))
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _form_page(request, form, to, status=status)


def _values(form: Form) -> dict[str, Any]:
    """What the form says, under the names of NewObstacle."""
    return {
        "kind": form.choice("kind", KINDS),
        "text": form.text("text", longest=2000),
        "resolver": form.text("resolver", required=False, longest=200) or "",
        "raised_on": form.day("raised_on"),
    }


def _form_page(request: Request, form: Form, to: SubjectView, *, status: int = 200) -> Response:
    return render(
        request, "obstacles/form.html", status=status, title=N_("Nêu vướng mắc"), place="obstacles", form=form,
        crumbs=[(to.name, page_of(to))], sub=SUBJECT_KINDS[to.kind], action="/obstacles/new", o=None,
        current=None, kinds=named(request, OBSTACLE_KINDS), back=onward(form.get("next"), page_of(to)),
    )  # fmt: skip


@router.get("/obstacles/{obstacle_id:uuid}/edit")
def edit_obstacle(request: Request, who: Reader, obstacle_id: uuid.UUID) -> Response:
    """The form of an obstacle as it stands."""
    require(who.actor, "obstacle.raise")
    standing = obstacles.get(who.actor, obstacle_id)
    form = Form(version=standing.version, **{name: getattr(standing, name) for name in FIELDS})
    return _edit_page(request, form, standing)


def _edit_page(
    request: Request,
    form: Form,
    standing: ObstacleView,
    *,
    status: int = 200,
    current: ObstacleView | None = None,
) -> Response:
    mark_illustrative(request, [standing])
    return render(
        request, "obstacles/form.html", status=status, title=N_("Sửa vướng mắc"), place="obstacles", form=form,
        crumbs=[(named_about(standing, language(request)), subject_href(standing))], sub="", o=standing,
        current=current, action=f"{href(standing)}/edit", kinds=named(request, OBSTACLE_KINDS),
        back=href(standing),
    )  # fmt: skip


@router.post("/obstacles/{obstacle_id:uuid}/edit")
def change_obstacle(request: Request, who: Reader, form: Typed, obstacle_id: uuid.UUID) -> Response:
    """Saves; when somebody changed the obstacle since, both versions are shown and nothing typed is lost."""
    actor = who.actor
    require(actor, "obstacle.raise")
    standing = obstacles.get(actor, obstacle_id)
    version, values = form.whole("version"), _values(form)
    current, status = None, 422
    if form.ok and version is not None:
        try:
            obstacles.update(actor, obstacle_id, version, values)
            return redirect_after_post(request, href(standing), flash=N_("Đã sửa vướng mắc"))
        except Stale as fault:
            current, status = noted(form, fault, lambda: obstacles.get(actor, obstacle_id)), 409
        except Fault as fault:
            status = refused(form, fault, FIELDS)
    return _edit_page(request, form, standing, status=status, current=current)
