"""Households from a table: a template, the file, what each row would do, and the word that does it."""

from __future__ import annotations

import uuid

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import works
from app.domain.access import require
from app.domain.works import WorkView, clearance_table
from app.domain.works.clearance_rows import COLUMNS
from app.domain.works.clearance_table import Preview, RowPlan
from app.errors import Invalid
from app.i18n import N_, Message, translate
from app.reports import sheet
from app.reports.clearance import template_table
from app.reports.table import Column, Row, Table
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.sent_table import FAULTS, SHOWN, STATES, Content, note, rows_of
from app.views.templating import language, redirect_after_post, render, table_answer

router = APIRouter(include_in_schema=False)


@router.get("/works/{work_id:uuid}/clearance/import")
def ask(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """The form of a file; `format` gives the template to fill in."""
    require(who.actor, "clearance.edit")
    work = works.head(who.actor, work_id)
    return _ask(request, work, Form())


def _ask(request: Request, work: WorkView, form: Form, *, status: int = 200) -> Response:
    return table_answer(
        request, template_table(work), "works/clearance_import.html", status=status, place="works",
        title=N_("Nhập hộ từ bảng"), work=work, form=form, most=sheet.MOST_ROWS, columns=COLUMNS,
    )  # fmt: skip


@router.post("/works/{work_id:uuid}/clearance/import")
def send(
    request: Request,
    who: Reader,
    form: Typed,
    work_id: uuid.UUID,
    content: Content,
) -> Response:
    """Reads the file, keeps it and shows what it would do; nothing is stored."""
    require(who.actor, "clearance.edit")
    work = works.head(who.actor, work_id)
    try:
        clearance_table.preview(who.actor, work_id, rows_of(content))
        kept = clearance_table.keep(who.actor, work_id, content)
    except Invalid as fault:
        note(request, form, fault)
        return _ask(request, work, form, status=422)
    return redirect_after_post(request, f"/works/{work_id}/clearance/import/{kept}")


@router.get("/works/{work_id:uuid}/clearance/import/{file_id:uuid}")
def look(request: Request, who: Reader, work_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """What the table would do as things stand now: faults first, by row and column."""
    work = works.head(who.actor, work_id)
    content = clearance_table.kept(who.actor, work_id, file_id)
    found = clearance_table.preview(who.actor, work_id, rows_of(content))
    return _look(request, work, file_id, found, Form())


def _look(
    request: Request, work: WorkView, file_id: uuid.UUID, found: Preview, form: Form, *, status: int = 200
) -> Response:
    faults = [(row, fault) for row in found.bad for fault in row.faults]
    return render(
        request, "works/clearance_preview.html", status=status, place="works", title=N_("Xem trước bảng hộ"),
        work=work, file_id=file_id, p=found, faults=faults[:FAULTS], more=max(0, len(faults) - FAULTS),
        columns=COLUMNS, form=form, table=_table(found, language(request)),
        hidden=max(0, len(found.rows) - SHOWN),
    )  # fmt: skip


def _table(found: Preview, lang: str) -> Table:
    return Table(
        title=N_("Từng dòng của bảng"),
        columns=[
            Column("name", N_("Hộ")), Column("row", N_("Dòng"), "number"), Column("state", N_("Sẽ làm"), "tag"),
            Column("due", N_("Phải trả"), "money"), Column("what", N_("Thay đổi")),
        ],
        rows=[_row(row, lang) for row in found.rows[:SHOWN]],
    )  # fmt: skip


def _row(row: RowPlan, lang: str) -> Row:
    return Row(
        {
            "name": " · ".join(part for part in (row.code, row.head_name) if part) or "–",
            "row": row.number,
            "state": STATES[row.state],
            "due": row.values["compensation_due"],
            "what": "; ".join(translate(lang, COLUMNS[key]) for key in row.changed),
        }
    )


@router.post("/works/{work_id:uuid}/clearance/import/{file_id:uuid}")
def confirm(request: Request, who: Reader, form: Typed, work_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """Does what the table says, all of it or the good rows alone; checked again as things stand now."""
    actor = who.actor
    require(actor, "clearance.edit")
    work = works.head(actor, work_id)
    content = clearance_table.kept(actor, work_id, file_id)
    found = clearance_table.apply(actor, work_id, rows_of(content), only_good=form.flag("only_good"))
    if not found.applied:
        if found.bad and found.refusal is None and found.writes:
            form.fail("only_good", N_("Còn dòng lỗi. Sửa tệp rồi gửi lại, hoặc chọn chỉ ghi các dòng đúng."))
        return _look(request, work, file_id, found, form, status=422)
    clearance_table.let_go(actor, work_id, file_id)
    said = Message(
        N_("Đã thêm {new:number} hộ, sửa {changed:number} hộ; bỏ qua {left:number} dòng lỗi."),
        {"new": found.count("new"), "changed": found.count("changed"), "left": len(found.bad)},
    )
    return redirect_after_post(request, f"/works/{work_id}/clearance", flash=said)
