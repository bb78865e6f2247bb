"""What the pages of budget lines promise."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from app.domain.ledger import line_keys, lines
from app.domain.ledger.lines import LineFilter
from tests.support.pages import Visitor, hidden, links, words
from tests.support.supporting import model
from tests.support.world import MILLION, World, actor, line, post, work

KEY = {
    "unit_code": "20770@legacy", "year": "2023", "project_code": "GNBV.2", "source": "central",
    "capital_kind": "recurrent",
}  # fmt: skip


def test_the_list_shows_lines_with_totals_equal_to_their_sums(world: World) -> None:
    for amount, source in ((100, "central"), (50, "district")):
        post(line(source=source).id, "allocate", amount * MILLION, "2023-01-05")
    page = words(Visitor.logged_in("accountant").page("/ledger"))
    assert "150 triệu đồng còn lại trong 150 triệu đồng" in page
    assert "Cộng 2 dòng vốn" in page
    sheet = openpyxl.load_workbook(
        BytesIO(Visitor.logged_in("accountant").get("/ledger?format=xlsx").content)
    ).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(row for row in rows if "Kế hoạch" in row)
    plan = head.index("Kế hoạch")
    given = [row[plan] for row in rows[rows.index(head) + 1 :] if isinstance(row[plan], int)]
    assert given == [100 * MILLION, 50 * MILLION, 150 * MILLION]


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [
        ("source=district", "Ngân sách huyện", "Ngân sách trung ương"),
        ("q=giam+ngheo", "GNBV.2", "DTTS.4.1"),
        ("project=DTTS.4", "DTTS.4.1", "GNBV.2"),
        ("rest=1", "GNBV.2", "DTTS.4.1"),
    ],
)
def test_filters_narrow_the_list(world: World, query: str, seen: str, unseen: str) -> None:
    post(line(source="district").id, "allocate", MILLION, "2023-01-05")
    line(project_code="DTTS.4.1", capital_kind="investment")
    csv = Visitor.logged_in("officer").get(f"/ledger?year=2023&format=csv&{query}").text
    rows = csv.split("\r\n\r\n")[-1]
    assert seen in rows
    assert unseen not in rows


def test_the_list_opens_on_the_latest_year_that_has_lines(world: World) -> None:
    line(year=2022)
    line(year=2023)
    assert "Nguồn vốn năm 2023" in Visitor.logged_in("accountant").page("/ledger")
    assert "Nguồn vốn năm 2022" in Visitor.logged_in("accountant").page("/ledger?year=2022")


def test_an_empty_year_says_what_to_do_first(world: World) -> None:
    page = Visitor.logged_in("accountant").page("/ledger")
    assert "/ledger/lines/new" in links(page)
    assert "chưa có dòng vốn nào" in words(page)


def test_a_line_shows_its_money_and_its_entries_with_running_figures(world: World) -> None:
    made = line()
    post(made.id, "allocate", 1_000 * MILLION, "2023-01-05")
    post(made.id, "advance", 300 * MILLION, "2023-03-01")
    first = post(made.id, "pay", 200 * MILLION, "2023-06-01")
    page = Visitor.logged_in("supervisor").page(f"/ledger/lines/{made.id}?money=dong")
    said = words(page)
    assert "500 triệu đồng còn lại trong 1 tỷ đồng" in said
    assert f"/ledger/entries/{first.id}" in links(page)
    after = [said.find(figure) for figure in ("500.000.000 500.000.000", "700.000.000 300.000.000")]
    assert 0 < after[0] < after[1], said  # latest first: available and disbursed after each entry
    assert "31/12/2023" in said  # its last day


def test_a_new_line_is_made_once_however_often_it_is_sent(world: World) -> None:
    officer = Visitor.logged_in("officer")
    id_ = hidden(officer.page("/ledger/lines/new"), "id")
    for _ in range(2):
        answer = officer.send_form("/ledger/lines/new", id=id_, **KEY)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/ledger/lines/{id_}")
    assert lines.total(actor(), LineFilter())[0] == 1


def test_a_refused_line_keeps_what_was_typed_and_says_why(world: World) -> None:
    officer = Visitor.logged_in("officer")
    answer = officer.send_form(
        "/ledger/lines/new",
        id=str(uuid.uuid4()),
        **(KEY | {"project_code": "DTTS.4", "note": "Ghi chú của tôi"}),
    )
    assert answer.status_code == 422
    assert "Dự án DTTS.4 có tiểu dự án: chọn một tiểu dự án." in words(answer.text)
    assert "Ghi chú của tôi" in answer.text


def test_a_line_that_exists_is_offered_instead(world: World) -> None:
    made = line()
    answer = Visitor.logged_in("officer").send_form("/ledger/lines/new", id=str(uuid.uuid4()), **KEY)
    assert answer.status_code == 409
    assert f"/ledger/lines/{made.id}" in links(answer.text)


def test_a_stale_edit_shows_both_versions_and_loses_nothing(world: World) -> None:
    made = line(note="cũ")
    post(made.id, "allocate", MILLION, "2023-01-05")
    officer = Visitor.logged_in("officer")
    version = hidden(officer.page(f"/ledger/lines/{made.id}/edit"), "version")
    line_keys.update(actor(), made.id, made.version, {"note": "của người khác"})
    answer = officer.send_form(f"/ledger/lines/{made.id}/edit", version=version, note="của tôi")
    assert answer.status_code == 409
    assert "của người khác" in words(answer.text)
    assert "của tôi" in answer.text
    again = officer.send_form(
        f"/ledger/lines/{made.id}/edit", version=hidden(answer.text, "version"), note="của tôi"
    )
    assert again.status_code == 303
    assert lines.get(actor(), made.id).note == "của tôi"


def test_the_key_is_not_offered_once_the_line_has_entries(world: World) -> None:
    made = line()
    officer = Visitor.logged_in("officer")
    assert 'name="project_code"' in officer.page(f"/ledger/lines/{made.id}/edit")
    post(made.id, "allocate", MILLION, "2023-01-05")
    assert 'name="project_code"' not in officer.page(f"/ledger/lines/{made.id}/edit")


def test_distributing_moves_money_to_lines_of_works(world: World) -> None:
    key: dict[str, Any] = {"project_code": "DTTS.4.1", "capital_kind": "investment"}
    general, below = line(**key), line(**key, work_id=work().id)
    post(general.id, "allocate", 500 * MILLION, "2023-01-05")
    officer, leader = Visitor.logged_in("officer"), Visitor.logged_in("leader")
    path = f"/ledger/lines/{general.id}/distribute"
    typed = {
        "id": hidden(officer.page(path), "id"), "number": "05/QĐ-UBND", "issuer": "UBND xã",
        "effective_date": "10/02/2023", f"to_{below.id}": "600 triệu",
    }  # fmt: skip
    refused = officer.send_form(path, **typed)
    assert refused.status_code == 409
    assert "chỉ còn 500.000.000 đ" in words(refused.text)
    assert "600 triệu" in refused.text
    done = officer.send_form(path, **(typed | {f"to_{below.id}": "200.000.000"}))
    assert done.status_code == 303
    leader.send_form(f"{done.headers['location']}/post")
    assert lines.get(actor(), general.id).available == 300 * MILLION
    assert lines.get(actor(), below.id).available == 200 * MILLION


def test_pages_speak_english_too(world: World) -> None:
    made = line()
    page = words(Visitor.logged_in("officer", lang="en").page(f"/ledger/lines/{made.id}"))
    assert "Central budget" in page
    assert "No entries yet" in page


def test_a_line_that_serves_a_model_is_called_by_it_and_keeps_it(world: World) -> None:
    made = model(name="Nuôi bò thôn Trà Sơn")
    officer = Visitor.logged_in("officer")
    page = officer.page(f"/ledger/lines/new?model={made.id}&project=GNBV.2&source=central&capital=recurrent")
    assert f'<option value="{made.id}" selected>' in page
    id_ = hidden(page, "id")
    assert officer.send_form(
        "/ledger/lines/new", id=id_, support_model_id=made.id, **KEY
    ).headers["location"] == f"/ledger/lines/{id_}"  # fmt: skip
    shown = officer.page(f"/ledger/lines/{id_}")
    assert f"/support/{made.id}" in links(shown)
    assert "Nuôi bò thôn Trà Sơn" in words(officer.page("/ledger?year=2023&q=tra+son"))
    edit = officer.page(f"/ledger/lines/{id_}/edit")
    typed = KEY | {"support_model_id": str(made.id), "note": "Đợt 1", "version": hidden(edit, "version")}
    assert officer.send_form(f"/ledger/lines/{id_}/edit", **typed).status_code == 303
    changed = lines.get(actor(), uuid.UUID(id_))
    assert (changed.support_model_id, changed.note, changed.title) == (made.id, "Đợt 1", made.name)
