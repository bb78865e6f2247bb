"""The checklist of an inspection, which several people may be typing at."""

from __future__ import annotations

import uuid
from hashlib import sha256
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import inspections
from app.domain.access import Actor, require
from app.domain.inspections import RESULTS, CheckView, InspectionView, NewCheck
from app.errors import Fault, Stale
from app.i18n import N_, Message
from app.reports.inspections import RESULTS as RESULT_NAMES
from app.reports.inspections import about_href, about_name, href, result_tag
from app.views.access import Reader, Typed
from app.views.forms import REQUIRED, Form
from app.views.inspections.common import crumbs, subject_of, tabs
from app.views.ledger.common import named, take, whole
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import noted

router = APIRouter(include_in_schema=False)
EMPTY: Final = 2
MORE: Final = 3
MOST: Final = 200
FIELDS: Final = ("id", "text", "subject", "result", "note")
_MERGED: Final = N_(
    "Dòng không sửa lấy theo bản hiện tại, dòng người khác thêm đứng ở cuối. Xem lại rồi ghi lần nữa."
)


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
        _put(form, row, item)
    return form


def _put(form: Form, row: int, item: CheckView | None) -> None:
    """A line as it stands into a row; None empties the row."""
    values = {"id": "", "text": "", "subject": "", "result": "", "note": ""}
    if item is not None:
        about = f"{item.subject_kind}:{item.subject_id}" if item.subject_kind else ""
        shown = Form(id=item.id, text=item.text, subject=about, result=item.result or "", note=item.note)
        values = shown.values
    form.values |= {_key(row, name): value for name, value in values.items()}
    form.values[_key(row, "was")] = _mark_of(item)


def _mark(*texts: str) -> str:
    """By which a row is known to be as it was when the form was opened."""
    return sha256("\0".join(" ".join(text.split()) for text in texts).encode()).hexdigest()[:16]


def _mark_of(item: CheckView | None) -> str:
    return _mark(item.text, item.result or "", item.note) if item is not None else ""


def _merge(form: Form, found: InspectionView) -> None:
    """What was typed stays; rows that were not typed at become what stands by now, and lines of others are added."""
    rows, standing = _rows(form), {str(item.id): item for item in found.checklist}
    for row in range(rows):
        now = standing.pop(form.get(_key(row, "id")), None)
        as_typed = _mark(*(form.get(_key(row, name)) for name in ("text", "result", "note")))
        if form.get(_key(row, "was")) == as_typed:
            _put(form, row, now)
    for row, item in zip(range(rows, MOST), standing.values(), strict=False):
        _put(form, row, item)
    form.values |= {"rows": str(min(rows + len(standing), MOST)), "version": str(found.version)}


def _newer(form: Form, found: InspectionView) -> dict[int, CheckView | None]:
    """By row, lines that others changed since the form was opened, and that were typed at here; None: taken out."""
    standing = {str(item.id): item for item in found.checklist}
    newer = {}
    for row in range(_rows(form)):
        was, now = form.get(_key(row, "was")), standing.get(form.get(_key(row, "id")))
        if was and was != _mark_of(now):
            newer[row] = now
    return newer


@router.post("/inspections/{inspection_id:uuid}/checklist")
def set_checklist(request: Request, who: Reader, form: Typed, inspection_id: uuid.UUID) -> Response:
    """Saves the list; a row that lost its text is taken out, a line that the form did not hold stays."""
    actor = who.actor
    require(actor, "inspection.edit")
    found = inspections.whole(actor, inspection_id, evidence=False)
    if form.flag("more"):
        form.values["rows"] = str(min(_rows(form) + MORE, MOST))
        return _page(request, actor, form, found)
    if form.flag("prepare"):
        return _prepare(request, actor, form, found)
    places, items = _read(form, found)
    version, status, said = form.whole("version"), 422, None
    if form.ok and version is not None:
        try:
            inspections.set_checklist(actor, inspection_id, version, items)
            return redirect_after_post(
                request, f"{href(found)}/checklist", flash=N_("Đã ghi nội dung kiểm tra")
            )
        except Stale as fault:
            found = noted(form, fault, lambda: inspections.whole(actor, inspection_id, evidence=False))
            _merge(form, found)
            status, said = 409, Message(_MERGED)
        except Fault as fault:
            names = {f"items.{i}.{n}": _key(row, n) for i, row in enumerate(places) for n in FIELDS}
            status = take(form, fault, names, tuple(names.values()))
            status = 422 if status == 404 else status
    return _page(request, actor, form, found, status=status, said=said)


def _read(form: Form, found: InspectionView) -> tuple[list[int], list[NewCheck]]:
    """(the row, the line) of each that has text; after them the lines that the form did not hold."""
    places, items, held = list[int](), list[NewCheck](), set[str]()
    for row in range(_rows(form)):
        held.add(form.get(_key(row, "id")))
        text = form.text(_key(row, "text"), required=False, longest=1000)
        if text is None:
            new = not form.get(_key(row, "id"))
            if new and (form.get(_key(row, "note")).strip() or form.get(_key(row, "result"))):
                form.fail(_key(row, "text"), REQUIRED)
            continue
        places.append(row)
        items.append(
            NewCheck(
                text, form.id(_key(row, "id"), required=False), *subject_of(form.get(_key(row, "subject"))),
                form.choice(_key(row, "result"), RESULTS, required=False),
                form.text(_key(row, "note"), required=False, longest=1000) or "",
            )
        )  # fmt: skip
    others = [c for c in found.checklist if str(c.id) not in held]
    return places, [
        *items,
        *(NewCheck(c.text, c.id, c.subject_kind, c.subject_id, c.result, c.note) for c in others),
    ]


def _prepare(request: Request, actor: Actor, form: Form, found: InspectionView) -> Response:
    """Adds what the figures of today give reason to look at, beside what was typed and is not saved yet."""
    try:
        found, added = inspections.prepare(actor, found.id)
    except Fault as fault:
        form.take(fault)
        return _page(request, actor, form, found, status=fault.status)
    _merge(form, found)
    said = (
        Message(N_("Đã thêm {n:number} nội dung từ số liệu hôm nay"), {"n": added})
        if added
        else Message(N_("Số liệu hôm nay không có gì mới để thêm"))
    )
    return _page(request, actor, form, found, said=said)


def _page(
    request: Request,
    actor: Actor,
    form: Form,
    found: InspectionView,
    *,
    status: int = 200,
    said: Message | None = None,
) -> Response:
    lang = language(request)
    mark_illustrative(request, [found])
    return render(
        request, "inspections/checklist.html", status=status, title=found.title, place="inspections", i=found,
        this=href(found), crumbs=crumbs(found, request)[:1], tabs=tabs(found, request), form=form, rows=_rows(form),
        results=named(request, RESULT_NAMES), said=said,
        may_edit=found.inspecting and actor.may("inspection.edit") and found.state != "cancelled",
        newer={row: (c, result_tag(c.result) if c else None) for row, c in _newer(form, found).items()},
        items=[(c, result_tag(c.result), about_name(c.about, lang), about_href(c, found)) for c in found.checklist],
        about={str(c.id): (about_name(c.about, lang), about_href(c, found)) for c in found.checklist if c.about},
    )  # fmt: skip
