"""The checklist of an inspection, and what was found with its evidence."""

from __future__ import annotations

import uuid
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import inspections
from app.domain.access import Actor, require
from app.domain.inspections import RESULTS, InspectionView, NewCheck, NewFinding
from app.errors import Fault, Stale
from app.i18n import N_, Message
from app.reports.inspections import RESULTS as RESULT_NAMES
from app.reports.inspections import about_href, about_name, href, result_tag
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.inspections.common import crumbs, subject_of, subject_options, tabs
from app.views.ledger.common import named, new_id, take, whole
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import gone_back, noted, refused

router = APIRouter(include_in_schema=False)
EMPTY: Final = 2
MORE: Final = 3
MOST: Final = 200
FIELDS: Final = ("id", "text", "subject", "result", "note")


@router.get("/inspections/{inspection_id:uuid}/checklist")
def show_checklist(request: Request, who: Reader, inspection_id: uuid.UUID) -> Response:
    """The list; for those who inspect as a form."""
    found = inspections.whole(who.actor, inspection_id, evidence=False)
    return _page(request, who.actor, _filled(found), found)


def _key(row: int, name: str) -> str:
    return f"c{row}_{name}"


def _rows(form: Form) -> int:
    return min(whole(form.get("rows"), MOST) or EMPTY, MOST)


def _filled(found: InspectionView) -> Form:
    form = Form(version=found.version, rows=str(min(len(found.checklist) + EMPTY, MOST)))
    for row, item in enumerate(found.checklist):
        about = f"{item.subject_kind}:{item.subject_id}" if item.subject_kind else ""
        values = Form(
            id=item.id, text=item.text, subject=about, result=item.result or "", note=item.note
        ).values
        form.values |= {_key(row, name): value for name, value in values.items()}
    return form


@router.post("/inspections/{inspection_id:uuid}/checklist")
def set_checklist(request: Request, who: Reader, form: Typed, inspection_id: uuid.UUID) -> Response:
    """Saves the whole list; a row without text is left out."""
    actor = who.actor
    require(actor, "inspection.edit")
    found = inspections.whole(actor, inspection_id, evidence=False)
    if form.flag("more"):
        form.values["rows"] = str(min(_rows(form) + MORE, MOST))
        return _page(request, actor, form, found)
    places, items = _read(form)
    version, status = form.whole("version"), 422
    if form.ok and version is not None:
        try:
            inspections.set_checklist(actor, inspection_id, version, items)
            return redirect_after_post(
                request, f"{href(found)}/checklist", flash=N_("Đã ghi nội dung kiểm tra")
            )
        except Stale as fault:
            found = noted(form, fault, lambda: inspections.whole(actor, inspection_id, evidence=False))
            status = 409
        except Fault as fault:
            names = {f"items.{i}.{n}": _key(row, n) for i, row in enumerate(places) for n in FIELDS}
            status = take(form, fault, names, tuple(names.values()))
            status = 422 if status == 404 else status
    return _page(request, actor, form, found, status=status)


def _read(form: Form) -> tuple[list[int], list[NewCheck]]:
    """(the row, the line) of each that has text."""
    places, items = [], []
    for row in range(_rows(form)):
        text = form.text(_key(row, "text"), required=False, longest=1000)
        if text is None:
            continue
        places.append(row)
        items.append(
            NewCheck(
                text, form.id(_key(row, "id"), required=False), *subject_of(form.get(_key(row, "subject"))),
                form.choice(_key(row, "result"), RESULTS, required=False),
                form.text(_key(row, "note"), required=False, longest=1000) or "",
            )
        )  # fmt: skip
    return places, items


def _page(
    request: Request, actor: Actor, form: Form, found: InspectionView, *, status: int = 200
) -> Response:
    lang = language(request)
    mark_illustrative(request, [found])
    return render(
        request, "inspections/checklist.html", status=status, title=found.title, place="inspections", i=found,
        this=href(found), crumbs=crumbs(found, request)[:1], tabs=tabs(found, request), form=form, rows=_rows(form),
        results=named(request, RESULT_NAMES), may_edit=found.inspecting and actor.may("inspection.edit"),
        items=[(c, result_tag(c.result), about_name(c.about, lang), about_href(c, found)) for c in found.checklist],
        about={str(c.id): (about_name(c.about, lang), about_href(c, found)) for c in found.checklist if c.about},
    )  # fmt: skip


@router.post("/inspections/{inspection_id:uuid}/checklist/prepare")
def prepare(request: Request, who: Reader, inspection_id: uuid.UUID) -> Response:
    """Adds what the figures of today give reason to look at."""
    require(who.actor, "inspection.edit")
    inspections.get(who.actor, inspection_id)
    onto = f"/inspections/{inspection_id}/checklist"
    try:
        _, added = inspections.prepare(who.actor, inspection_id)
    except Fault as fault:
        return redirect_after_post(request, onto, flash=Message(fault.message, fault.facts), kind="late")
    said = (
        Message(N_("Đã thêm {n:number} nội dung từ số liệu hôm nay"), {"n": added})
        if added
        else N_("Số liệu hôm nay không có gì mới để thêm")
    )
    return redirect_after_post(request, onto, flash=said)


# Findings -----------------------------------------------------------------------------------------------


@router.get("/inspections/{inspection_id:uuid}/findings")
def show_findings(request: Request, who: Reader, inspection_id: uuid.UUID) -> Response:
    """What was found, each with its evidence; for those who inspect the form of another."""
    return _findings(request, who.actor, inspection_id, Form(id=new_id()))


@router.get("/findings/{finding_id:uuid}")
def show_finding(request: Request, who: Reader, finding_id: uuid.UUID) -> Response:
    """The findings of the inspection that one belongs to: where its evidence leads back to."""
    return _findings(request, who.actor, inspections.of_finding(who.actor, finding_id), Form(id=new_id()))


@router.post("/inspections/{inspection_id:uuid}/findings")
def find(request: Request, who: Reader, form: Typed, inspection_id: uuid.UUID) -> Response:
    """Writes a finding down; its evidence is attached to it afterwards."""
    actor = who.actor
    require(actor, "inspection.edit")
    id_, text = form.id("id"), form.text("text", longest=4000)
    kind, status = form.choice("kind", ("result", "wanting")), 422
    if form.ok and id_ is not None and text is not None:
        try:
            new = NewFinding(id_, text, kind == "wanting", *subject_of(form.get("subject")))
            inspections.find(actor, inspection_id, new)
            onto = f"/inspections/{inspection_id}/findings"
            return redirect_after_post(request, onto, flash=N_("Đã ghi. Đính kèm chứng cứ nếu có."))
        except Fault as fault:
            inspections.get(actor, inspection_id)
            status = refused(form, fault, ("text", "kind", "subject"))
    return _findings(request, actor, inspection_id, form, status=status)


def _findings(
    request: Request, actor: Actor, inspection_id: uuid.UUID, form: Form, *, status: int = 200
) -> Response:
    lang, found = language(request), inspections.with_findings(actor, inspection_id)
    mark_illustrative(request, [found, *found.findings])
    may_find = found.inspecting and actor.may("inspection.edit") and found.state != "planned"
    return render(
        request, "inspections/findings.html", status=status, title=found.title, place="inspections", i=found,
        this=href(found), crumbs=crumbs(found, request)[:1], tabs=tabs(found, request), form=form, may_find=may_find,
        may_attach=found.inspecting and actor.may("document.edit"),
        subjects=subject_options(request, actor, found) if may_find else [],
        groups=[
            (title, [(f, about_name(f.about, lang), about_href(f, found)) for f in of])
            for title, of in (
                (N_("Kết quả đạt được"), found.achievements), (N_("Tồn tại, hạn chế"), found.shortcomings),
            )
        ],
    )  # fmt: skip


@router.post("/inspections/{inspection_id:uuid}/findings/{finding_id:uuid}/withdraw")
def withdraw(request: Request, who: Reader, inspection_id: uuid.UUID, finding_id: uuid.UUID) -> Response:
    """Takes back what was written down wrong."""
    require(who.actor, "inspection.edit")
    onto = f"/inspections/{inspection_id}/findings"

    def act() -> str:
        inspections.withdraw(who.actor, inspection_id, finding_id)
        return onto

    return gone_back(request, act, onto, N_("Đã rút"))
