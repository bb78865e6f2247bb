"""Households from a table: a template, the file, what each row would do, and the word that does it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain.access import require
from app.domain.households import importing
from app.domain.households.planning import Changed, Preview, RowPlan, heads_of
from app.domain.households.rows import COLUMNS, STATUS_NAMES
from app.domain.territory import UnitView
from app.errors import Invalid
from app.i18n import N_, Message, format_date, translate
from app.reports import sheet
from app.reports.households import href, named, template_table
from app.reports.table import Cell, Column, Row, Table
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.households.common import where
from app.views.sent_table import FAULTS, SHOWN, STATES, Content, note, rows_of
from app.views.templating import language, redirect_after_post, render, table_answer

router = APIRouter(include_in_schema=False)


@router.get("/households/import")
def ask(request: Request, who: Reader) -> Response:
    """The form of a file; `format` gives the template to fill in."""
    require(who.actor, "household.edit")
    return _ask(request, where(request, who.actor).unit, Form())


def _ask(request: Request, unit: UnitView, form: Form, *, status: int = 200) -> Response:
    return table_answer(
        request, template_table(unit.code), "households/import.html", status=status, place="households",
        title=N_("Nhập hộ từ bảng"), at=unit, form=form, most=sheet.MOST_ROWS, columns=COLUMNS,
    )  # fmt: skip


@router.post("/households/import")
def send(request: Request, who: Reader, form: Typed, content: Content) -> Response:
    """Reads the file, keeps it and shows what it would do; nothing is stored."""
    require(who.actor, "household.edit")
    unit = where(request, who.actor).unit
    try:
        rows = rows_of(content)
        if unit.level != "commune":
            raise Invalid.field("file", N_("Hộ thuộc một xã, phường: ghi mã xã."))
        heads_of(rows)
        kept = importing.keep(who.actor, content)
    except Invalid as fault:
        note(request, form, fault)
        return _ask(request, unit, form, status=422)
    return redirect_after_post(request, f"/households/import/{kept}?unit={unit.exact_code}")


@router.get("/households/import/{file_id:uuid}")
def look(request: Request, who: Reader, file_id: uuid.UUID) -> Response:
    """What the table would do as things stand now: faults first, by row and column."""
    content = importing.kept(who.actor, file_id)
    found = importing.preview(who.actor, where(request, who.actor).unit.exact_code, rows_of(content))
    return _look(request, file_id, found, Form())


def _look(request: Request, file_id: uuid.UUID, found: Preview, form: Form, *, status: int = 200) -> Response:
    faults = [(row, fault) for row in found.bad for fault in row.faults]
    missing = [{"name": named(h), "href": href(h)} for h in found.missing]
    return render(
        request, "households/preview.html", status=status, place="households", title=N_("Xem trước bảng hộ"),
        at=found.unit, file_id=file_id, p=found, faults=faults[:FAULTS], more=max(0, len(faults) - FAULTS),
        columns=COLUMNS, form=form, table=_table(found, language(request)), missing=missing[:FAULTS],
        missing_more=max(0, len(missing) - FAULTS), hidden=max(0, len(found.rows) - SHOWN),
    )  # fmt: skip


def _table(found: Preview, lang: str) -> Table:
    """The rows, those that do something before those that do not."""
    order = {state: i for i, state in enumerate(STATES)}
    rows = sorted(found.rows, key=lambda row: (order[row.state], row.number))
    return Table(
        title=N_("Từng dòng của bảng"),
        columns=[
            Column("name", N_("Hộ")),
            Column("row", N_("Dòng"), "number"),
            Column("state", N_("Sẽ làm"), "tag"),
            Column("what", N_("Thay đổi"), width=50),
        ],
        rows=[_row(row, lang) for row in rows[:SHOWN]],
    )


def _row(row: RowPlan, lang: str) -> Row:
    name = " · ".join(part for part in (row.code, row.head_name) if part) or "–"
    return Row(
        {
            "name": Cell(name, href(row.there)) if row.there else name,
            "row": row.number,
            "state": STATES[row.state],
            "what": "; ".join(_said(change, lang) for change in row.changed),
        }
    )


def _said(change: Changed, lang: str) -> str:
    """One column that changes: what it was, what it becomes; of what is sealed only that it does."""
    label = translate(lang, COLUMNS[change.key])
    if change.was is None and change.becomes is None:
        return label
    return f"{label}: {_value(change, change.was, lang)} → {_value(change, change.becomes, lang)}"


def _value(change: Changed, value: Any, lang: str) -> str:
    if value in (None, "", ()):
        return "–"
    if change.key == "status":
        return translate(lang, STATUS_NAMES[value])
    return format_date(value, lang) if isinstance(value, date) else str(value)


@router.post("/households/import/{file_id:uuid}")
def confirm(request: Request, who: Reader, form: Typed, file_id: uuid.UUID) -> Response:
    """Does what the table says, all of it or the good rows alone; checked again as things stand now."""
    actor = who.actor
    require(actor, "household.edit")
    unit = where(request, actor).unit
    content = importing.kept(actor, file_id)
    only_good = form.get("how") == "good"
    found = importing.apply(actor, unit.exact_code, rows_of(content), only_good=only_good)
    if not found.applied:
        if found.bad and found.writes:
            form.fail("how", N_("Còn dòng lỗi. Sửa tệp rồi gửi lại, hoặc chọn chỉ ghi các dòng đúng."))
        return _look(request, file_id, found, form, status=422)
    importing.let_go(actor, file_id)
    said = Message(
        N_("Đã thêm {new:number} hộ, sửa {changed:number} hộ; bỏ qua {left:number} dòng lỗi."),
        {"new": found.count("new"), "changed": found.count("changed"), "left": len(found.bad)},
    )
    return redirect_after_post(request, f"/households?unit={unit.exact_code}", flash=said)
