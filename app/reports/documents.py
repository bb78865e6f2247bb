"""Documents as tables: the register, and those of one work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from app.domain.documents import DocumentView
from app.domain.documents.attaching import OfWork
from app.domain.documents.subjects import SubjectView
from app.domain.works import WorkView
from app.i18n import N_, translate
from app.reports.table import Cell, Column, Row, Table, Tag
from app.text import fold


def _cells(document: DocumentView, lang: str) -> dict[str, str | int | date | Cell]:
    kind = document.kind_name_en if lang == "en" else document.kind_name
    personal = Tag("plain", N_("có thông tin cá nhân")) if document.personal else None
    below = document.summary if document.number else kind
    return {
        "document": Cell(document.number or document.summary or kind, f"/documents/{document.id}", below or None, personal),
        "date": document.date,
        "kind": kind,
        "issuer": document.issuer,
        "files": len(document.files),
        "unit": document.unit_name,
    }  # fmt: skip


def documents_table(
    documents: Sequence[DocumentView],
    lang: str,
    *,
    show_unit: bool,
    filters: Sequence[tuple[str, str | date]],
    name: str,
) -> Table:
    """The register, newest document first."""
    return Table(
        title=N_("Văn bản"),
        columns=[
            Column("document", N_("Văn bản"), width=50),
            Column("date", N_("Ngày"), "date"),
            Column("kind", N_("Loại"), width=34),
            Column("issuer", N_("Nơi ban hành"), width=30),
            *([Column("unit", N_("Đơn vị"), width=24)] if show_unit else []),
            Column("files", N_("Số tệp"), "number"),
        ],
        rows=[Row(_cells(document, lang)) for document in documents],
        filters=filters,
        name=name,
    )


def of_work_table(
    found: Sequence[OfWork],
    work: WorkView,
    kinds: Mapping[str, str],
    lang: str,
    href: Callable[[SubjectView], str],
) -> Table:
    """A work's documents by date, each with what in the work it is attached to."""
    return Table(
        title=N_("Văn bản của công trình"),
        columns=[
            Column("document", N_("Văn bản"), width=50),
            Column("date", N_("Ngày"), "date"),
            Column("kind", N_("Loại"), width=34),
            Column("issuer", N_("Nơi ban hành"), width=30),
            Column("about", N_("Đính kèm vào"), width=40),
            Column("files", N_("Số tệp"), "number"),
        ],
        rows=[Row(_cells(x.document, lang) | {"about": _about(x.about, kinds, lang, href)}) for x in found],
        filters=[(N_("Công trình"), work.name)],
        name="van-ban-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in fold(work.code)),
    )


def _about(
    subjects: Sequence[SubjectView], kinds: Mapping[str, str], lang: str, href: Callable[[SubjectView], str]
) -> Cell:
    if not subjects:
        return Cell(None)
    said = [
        translate(lang, kinds[s.kind]) + ("" if s.kind in ("work", "settlement") else f": {s.named(lang)}")
        for s in subjects
    ]
    only = subjects[0] if len(subjects) == 1 and subjects[0].kind != "work" else None
    return Cell("; ".join(said), href(only) if only else None)
