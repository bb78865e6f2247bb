"""Papers: the same content as DOCX and PDF, in the layout of administrative documents; what was typed stays text."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as AT
from docx.shared import Mm
from pypdf import PdfReader

from app.reports.papers import docx, pdf
from app.reports.papers.paper import (
    Col,
    Grid,
    Heading,
    Items,
    Paper,
    Paragraph,
    Signature,
    clean,
    committee_of,
    long_date,
    people_of,
    place_of,
)

PAPER = Paper(
    name="bien-ban-kiem-tra",
    kind="Biên bản",
    abstract="Kiểm tra công tác chỉ đạo và kết quả thực hiện các Chương trình MTQG trên địa bàn xã Sông Trà",
    superior=people_of("Huyện Hiệp Đức"),
    issuer=("Đoàn kiểm tra số 2",),
    number="02/BB-ĐKT",
    place="Hiệp Đức",
    day=date(2023, 9, 14),
    bases=("Căn cứ Quyết định số 596/QĐ-UBND ngày 17/8/2023 của UBND huyện",),
    blocks=(
        Heading("I. Thành phần"),
        Paragraph("Hoàng Văn Hùng, UV BTV - Phó Chủ tịch UBND huyện.", lead="1. Trưởng đoàn:"),
        Heading("1. Người ở nơi được kiểm tra", 2),
        Heading("a) Ưu điểm, nguồn vốn", 3),
        Items(("Duy trì 11/19 tiêu chí nông thôn mới", "Quyết toán nguồn vốn được phân bổ"), numbered=True),
        Grid(
            (Col("Chương trình", 3), Col("Giải ngân", 2, "right")),
            (("Giảm nghèo bền vững", "1.250.000.000"), ("Nông thôn mới", "750.000.000")),
            ("Cộng", "2.000.000.000"),
            "Đơn vị tính: đồng",
        ),
    ),
    signatures=(
        Signature(("Đại diện UBND xã",), "Nguyễn Thị Ưu"),
        Signature(("TM. Đoàn kiểm tra", "Trưởng đoàn"), "Hoàng Văn Hùng"),
    ),
    recipients=("UBND huyện", "Lưu: VT"),
)
SAID = (
    "ỦY BAN NHÂN DÂN", "HUYỆN HIỆP ĐỨC", "ĐOÀN KIỂM TRA SỐ 2", "Số: 02/BB-ĐKT", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc", "Hiệp Đức, ngày 14 tháng 9 năm 2023", "BIÊN BẢN",
    "Kiểm tra công tác chỉ đạo và kết quả thực hiện các Chương trình MTQG trên địa bàn xã Sông Trà",
    "Căn cứ Quyết định số 596/QĐ-UBND ngày 17/8/2023 của UBND huyện.", "I. Thành phần",
    "1. Trưởng đoàn: Hoàng Văn Hùng, UV BTV - Phó Chủ tịch UBND huyện.", "1. Người ở nơi được kiểm tra",
    "a) Ưu điểm, nguồn vốn", "1. Duy trì 11/19 tiêu chí nông thôn mới",
    "2. Quyết toán nguồn vốn được phân bổ", "Đơn vị tính: đồng", "1.250.000.000", "2.000.000.000", "ĐẠI DIỆN UBND XÃ",
    "Nguyễn Thị Ưu", "TM. ĐOÀN KIỂM TRA", "TRƯỞNG ĐOÀN", "Hoàng Văn Hùng", "Nơi nhận:", "- UBND huyện;", "- Lưu: VT.",
)  # fmt: skip


def of_docx(content: bytes) -> str:
    """Every paragraph in the order in which it stands, those of tables among them."""
    body = Document(io.BytesIO(content)).element.body
    return "\n".join(
        "".join(t.text or "" for t in p.iter() if t.tag.endswith("}t")) for p in body.iter(f"{{{body.nsmap['w']}}}p")
    )  # fmt: skip


def of_pdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def run_on(text: str) -> str:
    """Without what setting does to spaces and lines."""
    return " ".join(text.replace("\u200b", "").split())


RENDERERS: tuple[tuple[Callable[[Paper], bytes], Callable[[bytes], str]], ...] = (
    (docx.write, of_docx), (pdf.write, of_pdf),
)  # fmt: skip


@pytest.mark.parametrize(("write", "text_of"), RENDERERS)
def test_both_forms_say_the_same_and_the_same_paper_is_the_same_bytes(
    write: Callable[[Paper], bytes], text_of: Callable[[bytes], str]
) -> None:
    content = write(PAPER)
    text = run_on(text_of(content))
    assert [said for said in SAID if said not in text] == []
    assert text.index("BIÊN BẢN") < text.index("I. Thành phần") < text.index("TRƯỞNG ĐOÀN")
    assert "minh họa" not in text
    assert content == write(PAPER)
    invented = run_on(text_of(write(replace(PAPER, illustrative=True, number="", day=None, recipients=()))))
    assert "Số liệu minh họa, không phải số liệu thật." in invented
    assert "Số: ……… " in invented
    assert "ngày ……… tháng ……… năm ………" in invented


def test_a_docx_has_the_layout_of_an_administrative_document() -> None:
    document = Document(io.BytesIO(docx.write(PAPER)))
    section = document.sections[0]
    assert section.page_width is not None
    assert section.left_margin is not None
    assert (round(section.page_width / Mm(1)), round(section.left_margin / Mm(1))) == (210, 30)
    assert [
        round((side or 0) / Mm(1))
        for side in (section.top_margin, section.bottom_margin, section.right_margin)
    ] == [20] * 3
    normal = document.styles["Normal"].font
    assert (normal.name, normal.size.pt) == ("Times New Roman", 14)
    assert [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"] == [
        "I. Thành phần"
    ]
    head, figures, signed, receives = document.tables
    assert head.cell(0, 0).text.splitlines()[:3] == [
        "ỦY BAN NHÂN DÂN",
        "HUYỆN HIỆP ĐỨC",
        "ĐOÀN KIỂM TRA SỐ 2",
    ]
    assert head.cell(0, 1).text.splitlines()[0] == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert [c.text for c in figures.rows[0].cells] == ["Chương trình", "Giải ngân"]
    assert figures.cell(1, 1).paragraphs[0].alignment == AT.RIGHT
    assert figures.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    assert signed.cell(0, 0).text.endswith("Nguyễn Thị Ưu")
    assert signed.cell(0, 1).text.endswith("Hoàng Văn Hùng")
    assert receives.cell(0, 0).text.startswith("Nơi nhận:")
    assert section.header.paragraphs[0]._p.xpath(".//w:instrText")[0].text == "PAGE"
    assert section.different_first_page_header_footer


# Of a table's properties in the order of ECMA-376, CT_TblPr: what stands in another one is no valid document.
OF_A_TABLE = (
    "tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize", "tblW", "jc",
    "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook", "tblCaption", "tblDescription",
)  # fmt: skip


def test_properties_of_tables_stand_in_the_order_of_the_schema() -> None:
    found = Document(io.BytesIO(docx.write(PAPER))).element.body.xpath(".//w:tblPr")
    assert len(found) == 4
    for properties in found:
        places = [OF_A_TABLE.index(child.tag.rpartition("}")[2]) for child in properties]
        assert places == sorted(set(places))


@pytest.mark.parametrize(("write", "text_of"), RENDERERS)
def test_what_is_not_known_yet_leaves_room_to_be_filled_in(
    write: Callable[[Paper], bytes], text_of: Callable[[bytes], str]
) -> None:
    """The number before its sign, whoever signs, and whom a paper sent upward addresses."""
    signatures = (Signature(("TM. Ủy ban nhân dân", "Chủ tịch")),)
    sent = replace(
        PAPER, number="", sign="BC-UBND", to="Ủy ban nhân dân huyện Hiệp Đức", signatures=signatures
    )
    text = run_on(text_of(write(sent)))
    for said in (
        "Số: ………/BC-UBND", "Kính gửi: Ủy ban nhân dân huyện Hiệp Đức.", "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH ………",
    ):  # fmt: skip
        assert said in text, said
    assert replace(sent, number="12").number_line == "Số: 12/BC-UBND"
    assert replace(sent, number="12/BC").number_line == "Số: 12/BC"


HOSTILE = (
    '#eval("1+1") #read("/etc/passwd") $x^2$ *đậm* _nghiêng_ @ref <nhãn> \\ // `mã`',
    "]]> </w:t><w:p/> &amp; &#x41; <!-- -->",
    "chữ\x00 có\x07 ký\x1b tự\ufffe lạ\ud800",
    "\u202eđảo ngược\u202c שלום",
    "{{ 7*7 }} %s {0} ${x}",
)  # fmt: skip


@pytest.mark.parametrize(("write", "text_of"), RENDERERS)
def test_whatever_was_typed_stays_text(
    write: Callable[[Paper], bytes], text_of: Callable[[bytes], str]
) -> None:
    """In every place of a paper: markup of either kind, what is no character, and a word that no line can hold."""
    long = "ă" * 400
    typed = "\n".join(HOSTILE)
    paper = Paper(
        name="x", kind=HOSTILE[0], abstract=typed, superior=HOSTILE, issuer=HOSTILE, number=HOSTILE[2], place=HOSTILE[1],
        day=date(2023, 1, 2), bases=HOSTILE, recipients=HOSTILE, signatures=(Signature(HOSTILE, typed),),
        blocks=(
            Heading(typed), Paragraph(typed, lead=HOSTILE[0]), Paragraph(long), Items((*HOSTILE, "")), Paragraph(""),
            Grid((Col(HOSTILE[0], 1), Col(long, 1)), ((typed, long),), (typed, ""), HOSTILE[1]),
        ),
    )  # fmt: skip
    text = run_on(text_of(write(paper)))
    for said in ('#eval("1+1") #read("/etc/passwd") $x^2$ *đậm* _nghiêng_ @ref <nhãn> \\ // `mã`',
                 "]]> </w:t><w:p/> &amp; &#x41; <!-- -->", "chữ có ký tự lạ", "{{ 7*7 }} %s {0} ${x}"):  # fmt: skip
        assert text.count(said) > 3, said
    assert "đảo ngược" in text
    assert long in text.replace(" ", "")
    assert "\u202e" not in text
    assert "ngày 02 tháng 01 năm 2023" in text


def test_a_docx_opens_in_a_word_processor_with_its_vietnamese(tmp_path: Path) -> None:
    (tmp_path / "giay.docx").write_bytes(docx.write(PAPER))
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(tmp_path / "giay.docx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    text = run_on(of_pdf((tmp_path / "giay.pdf").read_bytes()))
    assert [said for said in SAID if said not in text] == []


def test_places_days_and_text_are_written_as_papers_have_them() -> None:
    assert [place_of(name) for name in ("Xã Sông Trà", "Huyện Hiệp Đức", "Thị trấn Tân Bình", "Thành phố Đà Nẵng", "X")] == [
        "Sông Trà", "Hiệp Đức", "Tân Bình", "Đà Nẵng", "X",
    ]  # fmt: skip
    # Called by a number, a person, an event: the whole name.
    for whole in ("Phường 7", "Quận 1", "Phường Điện Biên Phủ", "Thành phố Hồ Chí Minh", "Phường Lê Lợi"):
        assert (place_of(whole), committee_of(whole)) == (whole, f"UBND {whole}")
    assert (place_of("Huyện Điện Biên"), committee_of("Xã Sông Trà")) == ("Điện Biên", "UBND xã Sông Trà")
    assert long_date(date(2023, 3, 5)) == "ngày 05 tháng 3 năm 2023"
    assert clean(" a\r\nb\u2028c\td\u0065\u0302 ") == "a\nb\nc dê"
