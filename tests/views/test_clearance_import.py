"""Households from a table on the pages: the template, the preview, faults by row and column, the word that writes."""

from __future__ import annotations

from typing import Any

import pytest

from app.clock import today
from app.domain.works import WorkView, clearance
from app.i18n import format_date
from app.reports import sheet
from tests.support.land import found, household, planned
from tests.support.pages import Visitor, words
from tests.support.world import MILLION, World, actor, work


def place(its: WorkView) -> str:
    return f"/works/{its.id}/clearance"


def send(visitor: Visitor, its: WorkView, content: bytes, name: str = "ho.csv") -> Any:
    return visitor.post(
        f"{place(its)}/import", data={"csrf": visitor.token}, files={"file": (name, content, "text/csv")}
    )


def csv_of(*rows: str, heads: str = "Mã hộ,Chủ hộ,Bồi thường phải trả (đồng)") -> bytes:
    return "\r\n".join((heads, *rows)).encode()


def test_a_table_is_shown_before_it_is_written(world: World) -> None:
    its = work()
    household(its.id, code="H01")
    officer = Visitor.logged_in("officer")
    sent = send(officer, its, csv_of("H01,Hồ Văn Minh,12000000", "H02,Lê Thị Hoa,5 triệu"))
    assert sent.status_code == 303
    look = sent.headers["location"]
    said = words(officer.page(look))
    assert "1 hộ mới, 1 hộ sửa, 0 hộ không đổi, 0 dòng có lỗi. Chưa ghi gì." in said
    assert "H01 · Hồ Văn Minh 2 sửa 12.000.000 Bồi thường phải trả (đồng)" in said
    assert [h.code for h in found(its.id)] == ["H01"]
    assert Visitor.logged_in("accountant").get(look).status_code == 404, "the file is its sender's alone"
    done = officer.send_form(look)
    assert done.headers["location"] == place(its)
    assert [(h.code, h.compensation_due) for h in found(its.id)] == [
        ("H01", 12 * MILLION),
        ("H02", 5 * MILLION),
    ]
    assert officer.get(look).status_code == 404, "used"


def test_faults_are_told_by_row_and_column_and_good_rows_written_only_on_request(world: World) -> None:
    its = work()
    officer = Visitor.logged_in("officer")
    look = send(officer, its, csv_of("H01,Hồ Văn Minh,x", "H02,Lê Thị Hoa,1", "H02,Lê Thị Hoa,1")).headers[
        "location"
    ]
    page = officer.page(look)
    said = words(page)
    assert "Dòng 2, cột Bồi thường phải trả (đồng) : Không phải số tiền." in said
    assert "Dòng 4, cột Mã hộ : Mã hộ này đã có ở dòng 3." in said
    assert said.index("Các dòng có lỗi") < said.index("Từng dòng của bảng")
    refused = officer.send_form(look)
    assert refused.status_code == 422
    assert "Còn dòng lỗi." in words(refused.text)
    assert found(its.id) == []
    assert officer.send_form(look, only_good="1").headers["location"] == place(its)
    assert [h.code for h in found(its.id)] == ["H02"]


def test_a_table_past_the_plan_cannot_be_written(world: World) -> None:
    its = work()
    planned(its.id, MILLION)
    officer = Visitor.logged_in("officer")
    look = send(officer, its, csv_of("H01,Hồ Văn Minh,1000001")).headers["location"]
    page = officer.page(look)
    assert "Tổng bồi thường 1.000.001 đ vượt phương án 1.000.000 đ." in words(page)
    assert "Ghi 1 hộ" not in words(page)
    assert officer.send_form(look, only_good="1").status_code == 422
    assert found(its.id) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Chọn tệp Excel hoặc CSV."), (b"%PDF-1.4", "Chỉ nhận Excel (.xlsx) hoặc CSV"),
        (csv_of("=1+1,x,1"), "Ô có công thức: A2."), ("Mã,Tên\r\n1,x".encode(), "có “Mã hộ” và “Chủ hộ”"),
        (csv_of(), "Bảng không có dòng nào."),
    ],
)  # fmt: skip
def test_files_that_are_no_tables_are_refused_beside_the_field(
    world: World, content: bytes, said: str
) -> None:
    its = work()
    refused = send(Visitor.logged_in("officer"), its, content)
    assert refused.status_code == 422
    assert 'href="#f-file"' in refused.text
    assert said in words(refused.text)
    assert not clearance.get(actor(), its.id).begun


def test_a_file_past_one_megabyte_is_refused_before_it_is_read(world: World) -> None:
    refused = send(Visitor.logged_in("officer"), work(), b"x" * (sheet.MOST_BYTES + 1))
    assert refused.status_code == 413
    assert "Nội dung gửi lên quá lớn" in words(refused.text)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_template_and_the_list_are_files_that_can_be_sent_back(world: World, lang: str) -> None:
    its = work()
    household(its.id, code="H01", hamlet_code="20770.02")
    officer = Visitor.logged_in("officer", lang)
    assert send(officer, its, officer.get(f"{place(its)}/import?format=xlsx").content).status_code == 422
    for form in ("xlsx", "csv"):
        content = officer.get(f"{place(its)}?format={form}").content
        page = officer.page(send(officer, its, content, f"ho.{form}").headers["location"])
        same = "1 hộ không đổi, 0 dòng có lỗi" if lang == "vi" else "1 unchanged, 0 bad rows"
        assert same in words(page)
    template = officer.get(f"{place(its)}/import?format=csv").text.strip()
    filled = f"{template}\r\nH02,Lê Thị Hoa,Trà Sơn,thửa 2,96,Hàng rào,Hiến đất,0,{format_date(today())},\r\n"
    look = send(officer, its, filled.encode()).headers["location"]
    assert officer.send_form(look).status_code == 303
    assert (found(its.id)[1].form, found(its.id)[1].handed_over_on) == ("gift", today())
