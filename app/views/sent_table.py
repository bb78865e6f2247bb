"""A table that a form brings: the file, its rows, what is wrong with it; how much of a preview a page shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import Depends
from starlette.datastructures import UploadFile
from starlette.requests import Request

from app.domain.cells import Value
from app.domain.tabled import BAD, CHANGED, NEW, UNCHANGED
from app.errors import Invalid
from app.i18n import N_, translate
from app.reports import sheet
from app.reports.table import Tag
from app.views.access import Reader
from app.views.forms import Form
from app.views.templating import language

SHOWN: Final = 200  # rows of a preview on the page
FAULTS: Final = 100
_AROUND: Final = 50  # titles, the columns' names, sums and notes around the rows
STATES: Final = {
    NEW: Tag("done", N_("thêm mới")),
    CHANGED: Tag("risk", N_("sửa")),
    UNCHANGED: Tag("plain", N_("không đổi")),
    BAD: Tag("late", N_("có lỗi")),
}


async def _content(request: Request, _who: Reader) -> bytes:
    """The file that a form brought."""
    sent = (await request.form()).get("file")
    return await sent.read() if isinstance(sent, UploadFile) and sent.filename else b""


Content = Annotated[bytes, Depends(_content)]


def rows_of(content: bytes, most: int = sheet.MOST_ROWS) -> Sequence[tuple[int, Sequence[Value]]]:
    """(line, cells) of a file with `most` rows and what stands around them. Invalid for none, and for no table."""
    if not content:
        raise Invalid.field("file", N_("Chọn tệp Excel hoặc CSV."))
    return [(line.number, line.values) for line in sheet.read(content, most=most + _AROUND)]


def note(request: Request, form: Form, fault: Invalid) -> None:
    """What is wrong with a file, beside its field; facts that are labels themselves in the reader's language."""
    lang = language(request)
    for error in fault.errors:
        facts = {k: translate(lang, v) if isinstance(v, str) else v for k, v in error.facts.items()}
        form.fail("file", error.message, **facts)
