"""Giving what an inspection demands as directives: several rows at once, all or none."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import inspections
from app.domain.access import Actor, require
from app.domain.directives import PRIORITIES
from app.domain.inspections import Assignee, Demand, InspectionView
from app.errors import Fault, IdTaken
from app.i18n import N_, Message, translate
from app.reports.directives import ASSIGNEES
from app.reports.inspections import demand_items, href
from app.views.access import Reader, Typed
from app.views.forms import REQUIRED, Form
from app.views.inspections.common import crumbs
from app.views.ledger.common import id_of, new_id, take, whole
from app.views.templating import language, mark_illustrative, redirect_after_post, render

router = APIRouter(include_in_schema=False)
ROWS: Final = 3
MOST: Final = 50
FIELDS: Final = ("id", "text", "quote", "assignee", "due_on", "priority")
DAYS: Final = 30  # offered as a start; whoever gives it decides
_TAKEN: Final = N_("Yêu cầu này đã giao rồi, với nội dung khác. Nếu là yêu cầu mới thì gửi lại một lần nữa.")


@router.get("/inspections/{inspection_id:uuid}/demands")
def new_demands(request: Request, who: Reader, inspection_id: uuid.UUID) -> Response:
    """The rows, beside the conclusion to take sentences from."""
    require(who.actor, "directive.give")
    found = inspections.whole(who.actor, inspection_id, evidence=False)
    return _page(request, who.actor, Form(rows=str(ROWS)), found)


def _key(row: int, name: str) -> str:
    return f"d{row}_{name}"


def _rows(form: Form) -> int:
    return min(whole(form.get("rows"), MOST) or ROWS, MOST)


@router.post("/inspections/{inspection_id:uuid}/demands")
def give(request: Request, who: Reader, form: Typed, inspection_id: uuid.UUID) -> Response:
    """Gives every row that has text; what was typed stays when one is refused."""
    actor = who.actor
    require(actor, "directive.give")
    found = inspections.whole(actor, inspection_id, evidence=False)
    if form.flag("more"):
        form.values["rows"] = str(min(_rows(form) + ROWS, MOST))
        return _page(request, actor, form, found)
    places, wanted = _read(form)
    if form.ok and not wanted:
        form.fail(_key(0, "text"), REQUIRED)
    status = 422
    if form.ok:
        try:
            made = inspections.demand(actor, inspection_id, wanted)
            said = Message(N_("Đã giao {n:number} nhiệm vụ"), {"n": len(made)})
            return redirect_after_post(request, href(found), flash=said)
        except IdTaken as fault:  # sent before with other words: what is meant now is another demand
            status = fault.status
            for row in (row for i, row in enumerate(places) if fault.errors[0].field == f"demands.{i}.id"):
                form.values[_key(row, "id")] = new_id()
                form.fail(_key(row, "text"), _TAKEN)
        except Fault as fault:
            names = {f"demands.{i}.{n}": _key(row, n) for i, row in enumerate(places) for n in FIELDS}
            for i, row in enumerate(places):
                for part in ("id", "kind", "unit_code"):
                    names[f"demands.{i}.assignee.{part}"] = _key(row, "assignee")
            status = take(form, fault, names, tuple(names.values()))
            status = 422 if status == 404 else status
    return _page(request, actor, form, found, status=status)


def _read(form: Form) -> tuple[list[int], list[Demand]]:
    """(the row, the demand) of each that has text."""
    places, wanted = [], []
    for row in range(_rows(form)):
        text = form.text(_key(row, "text"), required=False, longest=2000)
        if text is None:
            if form.get(_key(row, "quote")).strip() or form.flag(_key(row, "urgent")):
                form.fail(_key(row, "text"), REQUIRED)
            continue
        kind, _, id_ = form.get(_key(row, "assignee")).partition(":")
        due = form.day(_key(row, "due_on"))
        if not id_:
            form.fail(_key(row, "assignee"), N_("Chưa chọn"))
        if due is None:
            continue
        places.append(row)
        wanted.append(
            Demand(
                form.id(_key(row, "id")) or uuid.uuid4(), text, due, kind, None if kind == "unit" else id_of(id_),
                id_ if kind == "unit" else None, form.text(_key(row, "quote"), required=False, longest=2000) or "",
                "urgent" if form.flag(_key(row, "urgent")) else PRIORITIES[0],
            )
        )  # fmt: skip
    return places, wanted


def _page(
    request: Request, actor: Actor, form: Form, found: InspectionView, *, status: int = 200
) -> Response:
    lang = language(request)
    for row in range(_rows(form)):
        form.values.setdefault(_key(row, "id"), new_id())
        form.values.setdefault(_key(row, "assignee"), f"unit:{found.exact_unit}")
        form.values.setdefault(_key(row, "due_on"), Form(day=_offered(found)).get("day"))
    mark_illustrative(request, [found])
    return render(
        request, "inspections/demands.html", status=status, title=N_("Giao các yêu cầu"), place="inspections",
        form=form, i=found, this=href(found), crumbs=crumbs(found, request), rows=_rows(form),
        given=demand_items(inspections.given(actor, found.id)),
        assignees=_grouped(inspections.assignees(actor, found, found.day or today()), lang),
    )  # fmt: skip


def _offered(found: InspectionView) -> object:
    return max(found.concluded_on or today(), found.day or today()) + timedelta(days=DAYS)


def _grouped(found: list[Assignee], lang: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Those of whom something may be demanded, in groups for a select: `kind:id`."""
    return [
        (
            translate(lang, ASSIGNEES[kind]),
            [(f"{a.kind}:{a.id}", f"{a.name} · {a.title}" if a.title else a.name) for a in found if a.kind == kind],
        )
        for kind in ("unit", "board", "agency", "person")
        if any(a.kind == kind for a in found)
    ]  # fmt: skip
