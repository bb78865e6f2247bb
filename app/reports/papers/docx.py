"""A paper as a DOCX: A4, Times New Roman, real headings and tables, the same bytes for the same paper."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as AT
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph as Para

from app.reports.papers.paper import (
    INVENTED,
    MOTTO,
    NATION,
    Block,
    Grid,
    Heading,
    Items,
    Paper,
    Paragraph,
    Signature,
    clean,
    lines,
    upper,
)

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT: Final = "Times New Roman"
_BODY: Final = Pt(14)
_HEAD: Final = Pt(13)
_WIDTH: Final = Mm(160)  # of the text: A4 less 30 mm left and 20 mm right
_LEFT: Final = Mm(70)  # of the issuer's column
_ALIGNS: Final = {"left": AT.LEFT, "center": AT.CENTER, "right": AT.RIGHT}
_STAMP: Final = (1980, 1, 1, 0, 0, 0)  # of every part in the archive


def write(paper: Paper) -> bytes:
    """The file's content."""
    document = Document()
    _look(document)
    _properties(document, paper)
    _head(document, paper)
    _title(document, paper)
    for number, base in enumerate(paper.bases, start=1):
        end = "." if number == len(paper.bases) else ";"
        _body(document, clean(base).rstrip(";.") + end, italic=True)
    for block in paper.blocks:
        _block(document, block)
    _foot(document, paper)
    return _steady(document)


def _look(document: Docx) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin = Mm(30)
    section.header_distance = section.footer_distance = Mm(10)
    for name, size in (("Normal", _BODY), ("Heading 1", _BODY), ("Heading 2", _BODY), ("Heading 3", _BODY)):
        style = document.styles[name]
        if isinstance(style, ParagraphStyle):
            _style(style, size)
    language = document.styles.element.find(f".//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "vi-VN")
    # The number of a page in the middle of its head; none on the first.
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = AT.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = number.add_run()
        run.font.size = _HEAD
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _style(style: ParagraphStyle, size: Pt) -> None:
    style.font.name, style.font.size = FONT, size
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(0), Pt(6)
    layout.line_spacing = 1.1
    if style.name != "Normal":
        style.font.bold = style.name != "Heading 3"
        style.font.italic = style.name != "Heading 1"
        layout.space_before = Pt(6)
        layout.first_line_indent = Mm(10)


def _properties(document: Docx, paper: Paper) -> None:
    about = document.core_properties
    moment = datetime(*(paper.day or datetime(2000, 1, 1, tzinfo=UTC)).timetuple()[:3], tzinfo=UTC)
    about.title = f"{clean(paper.kind)}: {clean(paper.abstract)}"[:250]
    about.author = clean(" ".join(paper.issuer))[:250]
    about.last_modified_by, about.comments, about.language = "", "", "vi-VN"
    about.created = about.modified = moment
    about.revision = 1


def _head(document: Docx, paper: Paper) -> None:
    """Issuer, number left; the nation's name, the motto, place and day right."""
    left, right = _pair(document, _LEFT)
    for line in paper.superior:
        _line(left, upper(line), size=_HEAD)
    for line in paper.issuer:
        _line(left, upper(line), size=_HEAD, bold=True)
    _rule(left, _LEFT, 0.36)
    _line(left, paper.number_line, size=_HEAD)
    _line(right, NATION, size=Pt(12), bold=True)
    _line(right, MOTTO, size=_HEAD, bold=True)
    _rule(right, Emu(_WIDTH - _LEFT), 0.62)
    _line(right, paper.place_line, size=_HEAD, italic=True)


def _title(document: Docx, paper: Paper) -> None:
    _line(document, upper(paper.kind), bold=True, before=Pt(18))
    for line in lines(paper.abstract):
        _line(document, line, bold=True)
    _rule(document, _WIDTH, 0.25)
    if paper.illustrative:
        _line(document, INVENTED, italic=True, size=Pt(12))
    if paper.to:
        _line(document, paper.to_line, before=Pt(6))
    _line(document, "", size=Pt(6))


def _foot(document: Docx, paper: Paper) -> None:
    """Signatures, and below or beside them who receives the paper."""
    _line(document, "", size=Pt(6))
    first, last = paper.signed
    if first is not None:
        left, right = _pair(document, Emu(_WIDTH // 2))
        most = max(len(s.authority) for s in (first, last) if s)
        _sign(left, first, most)
        _sign(right, last, most)
        _line(document, "", size=Pt(6))
        left, _ = _pair(document, _LEFT)
    else:
        left, right = _pair(document, _LEFT)
        _sign(right, last, 0)
    if paper.recipients:
        _line(left, "Nơi nhận:", size=Pt(12), bold=True, italic=True, at=AT.LEFT)
    for number, recipient in enumerate(paper.recipients, start=1):
        end = "." if number == len(paper.recipients) else ";"
        _line(left, f"- {clean(recipient).rstrip(';.')}{end}", size=Pt(11), at=AT.LEFT)


def _sign(cell: _Cell, signature: Signature | None, lines_above: int) -> None:
    """`lines_above`: those of whoever signs beside, so that the names stand on one line."""
    if signature:
        for line in signature.authority:
            _line(cell, upper(line), bold=True, keep=True)
        for _ in range(4 + max(0, lines_above - len(signature.authority))):
            _line(cell, "", keep=True)
        _line(cell, signature.name, bold=True)


def _block(document: Docx, block: Block) -> None:
    match block:
        case Heading():
            document.add_heading(" ".join(lines(block.text)), level=block.level)
        case Paragraph():
            for number, line in enumerate(block.lines):
                _body(document, line, lead=clean(block.lead) if number == 0 else "", italic=block.italic)
        case Items():
            for number, item in enumerate(block.items, start=1):
                first, *rest = lines(item) or [""]
                _body(document, f"{number}. {first}" if block.numbered else f"- {first}")
                for line in rest:
                    _body(document, line)
        case Grid():
            _grid(document, block)


def _body(document: Docx, text: str, *, lead: str = "", italic: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = AT.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Mm(10)
    if lead:
        paragraph.add_run(f"{lead} ").bold = True
    paragraph.add_run(text).italic = italic or None


def _grid(document: Docx, grid: Grid) -> None:
    if grid.caption:
        _line(document, grid.caption, italic=True, size=Pt(12), at=AT.RIGHT, keep=True)
    rows = [*grid.rows, *([grid.totals] if grid.totals else [])]
    table = document.add_table(rows=0, cols=len(grid.columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    whole = sum(column.share for column in grid.columns)
    widths = [Emu(_WIDTH * column.share // whole) for column in grid.columns]
    for at, width in enumerate(widths):
        table.columns[at].width = width
    _row(table, widths, [column.label for column in grid.columns], [AT.CENTER] * len(widths), bold=True)
    head = table.rows[0]._tr.get_or_add_trPr()
    head.append(OxmlElement("w:tblHeader"))
    for number, row in enumerate(rows, start=1):
        bold = bool(grid.totals) and number == len(rows)
        _row(table, widths, row, [_ALIGNS[column.align] for column in grid.columns], bold=bold)
    _line(document, "", size=Pt(6))


def _row(table: Table, widths: Sequence[Emu], texts: Sequence[str], at: Sequence[AT], *, bold: bool) -> None:
    made = table.add_row()  # type: ignore[no-untyped-call]  # python-docx does not say its types here
    made._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, text, width, align in zip(made.cells, texts, widths, at, strict=True):
        cell.width = width
        for line in lines(text) or [""]:
            _line(cell, line, size=Pt(12), bold=bold, at=align)


def _pair(document: Docx, left: Emu | Mm) -> tuple[_Cell, _Cell]:
    """Two columns without rules, the left one so wide."""
    table = document.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    widths = Emu(left), Emu(_WIDTH - left)
    for at, width in enumerate(widths):
        table.columns[at].width = width
        table.cell(0, at).width = width
    return table.cell(0, 0), table.cell(0, 1)


def _line(
    where: Docx | _Cell,
    text: str,
    *,
    size: Pt = _BODY,
    bold: bool = False,
    italic: bool = False,
    at: AT = AT.CENTER,
    before: Pt | None = None,
    keep: bool = False,
) -> Para:
    """A line without indent, whatever was typed; the first in a cell takes the paragraph that every cell begins with."""
    empty = isinstance(where, _Cell) and len(where.paragraphs) == 1 and not where.paragraphs[0].runs
    paragraph = where.paragraphs[0] if empty else where.add_paragraph()
    paragraph.alignment = at
    layout = paragraph.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = before or Pt(0), Pt(0), 1.0
    layout.keep_with_next = keep or None
    run = paragraph.add_run(" ".join(lines(text)))
    run.font.size, run.bold, run.italic = size, bold or None, italic or None
    return paragraph


def _rule(where: Docx | _Cell, width: Emu | Mm, share: float) -> None:
    """A short rule in the middle: the lower border of a paragraph that is indented from both sides."""
    paragraph = _line(where, "", size=Pt(2))
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Emu(int(width * (1 - share) / 2))
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    layout.space_after = Pt(4)
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)


_AFTER_BORDERS: Final = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr",
)  # fmt: skip


def _steady(document: Docx) -> bytes:
    """The archive with one moment on every part, so that the same paper is the same bytes."""
    made, steady = io.BytesIO(), io.BytesIO()
    document.save(made)
    with (
        zipfile.ZipFile(made) as source,
        zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in _names(source.namelist()):
            target.writestr(
                zipfile.ZipInfo(name, _STAMP), source.read(name), compress_type=zipfile.ZIP_DEFLATED
            )
    return steady.getvalue()


def _names(names: Iterable[str]) -> list[str]:
    """The list of the parts first, as readers expect it."""
    return sorted(names, key=lambda name: (name != "[Content_Types].xml", name))
