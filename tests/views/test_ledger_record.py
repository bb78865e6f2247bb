"""What the form of a voucher promises, and the page of what it recorded."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from app.domain.ledger import lines
from app.domain.ledger.lines import LineFilter
from app.domain.ledger.pockets import Pockets
from app.domain.ledger.verify import verify
from app.domain.ledger.views import EntryFilter, entries
from tests.support.pages import Visitor, hidden, links, words
from tests.support.world import MILLION, World, actor, contract, line, post, work

VOUCHER = {"number": "0147/UNC", "issuer": "Kho bạc Nhà nước", "effective_date": "01/06/2023"}


def given(amount: int = 1_000, **key: Any) -> lines.LineView:
    """A line with money, in million đồng."""
    made = line(**key)
    post(made.id, "allocate", amount * MILLION, "2023-01-05")
    return lines.get(actor(), made.id)


def typed(on: lines.LineView, kind: str, amount: str, **more: str) -> dict[str, str]:
    return {"id": str(uuid.uuid4()), "line": str(on.id), "kind": kind, "amount": amount} | VOUCHER | more


def approve(location: str, who: str = "leader") -> None:
    answer = Visitor.logged_in(who).send_form(f"{location}/post")
    assert answer.status_code == 303, words(answer.text)


def test_what_one_person_records_another_posts(world: World) -> None:
    made = given()
    accountant = Visitor.logged_in("accountant")
    assert "Ghi, chờ duyệt" in words(accountant.page(f"/ledger/record?line={made.id}"))
    answer = accountant.send_form("/ledger/record", **typed(made, "pay", "200.000.000"))
    assert answer.status_code == 303
    page = words(accountant.page(answer.headers["location"]))
    assert "Chờ duyệt" in page
    assert "Người lập không tự duyệt phiếu của mình" in page
    assert lines.get(actor(), made.id).paid == 0
    approve(answer.headers["location"])
    assert lines.get(actor(), made.id).paid == 200 * MILLION
    posted = words(accountant.page(answer.headers["location"]))
    assert "còn lại → đã thanh toán" in posted
    assert "Nguyễn Thị Leader" in posted  # who approved it


@pytest.mark.parametrize(
    ("kind", "more", "after"),
    [
        ("allocate", {}, Pockets(800, 100, 100, 0, allocated=1_000)),
        ("withdraw", {}, Pockets(600, 100, 100, 0, allocated=800)),
        ("lapse", {}, Pockets(600, 100, 100, 0, allocated=900, lapsed=100)),
        ("advance", {}, Pockets(600, 200, 100, 0, allocated=900)),
        ("recover", {}, Pockets(700, 0, 200, 0, allocated=900)),
        ("pay", {}, Pockets(600, 100, 200, 0, allocated=900)),
        ("refund", {"from_pocket": "paid"}, Pockets(800, 100, 0, 0, allocated=900)),
        ("refund", {"from_pocket": "advanced"}, Pockets(800, 0, 100, 0, allocated=900)),
        ("settle", {}, Pockets(700, 100, 0, 100, allocated=900)),
        ("recover_pay", {"amount_pay": "50 triệu"}, Pockets(650, 0, 250, 0, allocated=900)),
    ],
)
def test_every_kind_has_its_form(world: World, kind: str, more: dict[str, str], after: Pockets) -> None:
    made = given(900)
    post(made.id, "advance", 100 * MILLION, "2023-02-01")
    post(made.id, "pay", 100 * MILLION, "2023-02-02")
    officer = Visitor.logged_in("officer")
    assert f'value="{kind}"' in officer.page(f"/ledger/record?line={made.id}")
    answer = officer.send_form("/ledger/record", **typed(made, kind, "100.000.000", **more))
    assert answer.status_code == 303, words(answer.text)
    approve(answer.headers["location"])
    money = lines.get(actor(), made.id).pockets
    if kind == "withdraw":
        assert (money.available, money.allocated) == (600 * MILLION, 800 * MILLION)
    else:
        scaled = Pockets(*(getattr(after, f) * MILLION for f in Pockets.__slots__))
        assert money == scaled


def test_money_is_carried_to_a_line_made_on_the_way(world: World) -> None:
    made = given()
    officer = Visitor.logged_in("officer")
    answer = officer.send_form(
        "/ledger/record",
        **typed(made, "carry_over", "400 triệu", from_pocket="available", to_budget_line_id="new"),
    )
    assert answer.status_code == 303, words(answer.text)
    approve(answer.headers["location"])
    (next_year,) = lines.lines(actor(), LineFilter(year=2024))
    assert (next_year.available, next_year.carried_in, next_year.origin_year) == (
        400 * MILLION, 400 * MILLION, 2023,
    )  # fmt: skip
    assert f"/ledger/lines/{next_year.id}" in links(officer.page(answer.headers["location"]))


def test_a_refused_carrying_over_leaves_no_line_behind(world: World) -> None:
    made = given()
    answer = Visitor.logged_in("officer").send_form(
        "/ledger/record",
        **typed(made, "carry_over", "9 tỷ", from_pocket="available", to_budget_line_id="new"),
    )
    assert answer.status_code in (409, 422)
    assert lines.lines(actor(), LineFilter(year=2024)) == []


def test_a_form_sent_twice_records_once(world: World) -> None:
    made = given()
    officer = Visitor.logged_in("officer")
    id_ = hidden(officer.page(f"/ledger/record?line={made.id}"), "id")
    form = typed(made, "pay", "1.000.000") | {"id": id_}
    first, second = (officer.send_form("/ledger/record", **form) for _ in range(2))
    assert first.headers["location"] == second.headers["location"] == f"/ledger/entries/{id_}"
    assert len(entries(actor(), EntryFilter(budget_line_id=made.id, kind="pay"))) == 1


def test_the_same_form_with_other_content_is_not_taken_silently(world: World) -> None:
    made = given()
    officer = Visitor.logged_in("officer")
    form = typed(made, "pay", "1.000.000")
    officer.send_form("/ledger/record", **form)
    other = officer.send_form("/ledger/record", **(form | {"amount": "2.000.000"}))
    assert other.status_code == 409
    assert "đã ghi rồi, với nội dung khác" in words(other.text)
    again = officer.send_form(
        "/ledger/record", **(form | {"amount": "2.000.000", "id": hidden(other.text, "id")})
    )
    assert again.status_code == 303


def test_a_refusal_names_the_figures_beside_the_field_and_keeps_what_was_typed(world: World) -> None:
    made = given(420)
    answer = Visitor.logged_in("officer").send_form(
        "/ledger/record", **typed(made, "pay", "500.000.000", memo="Bò sinh sản đợt 2")
    )
    assert answer.status_code == 409
    message = "Ghi 500.000.000 đ nhưng ngày 01/06/2023 chỉ còn 420.000.000 đ (thiếu 80.000.000 đ)."
    page = words(answer.text)
    assert page.count(message) >= 2  # in the summary and beside the field
    assert "Chưa ghi được: 1 chỗ cần sửa" in page
    assert 'value="500.000.000"' in answer.text
    assert "Bò sinh sản đợt 2" in answer.text
    assert 'href="#f-amount"' in answer.text
    assert "Năm trăm triệu đồng" in page


def test_everything_that_is_missing_is_said_at_once(world: World) -> None:
    made = given()
    answer = Visitor.logged_in("officer").send_form(
        "/ledger/record",
        id=str(uuid.uuid4()),
        line=str(made.id),
        kind="pay",
        amount="nhiều",
        effective_date="32/1/2023",
    )
    assert answer.status_code == 422
    for field in ("amount", "effective_date", "number", "issuer"):
        assert f'href="#f-{field}"' in answer.text
    assert 'value="nhiều"' in answer.text


def test_a_payment_after_the_last_day_is_refused_beside_the_date(world: World) -> None:
    made = given()
    answer = Visitor.logged_in("officer").send_form(
        "/ledger/record", **typed(made, "pay", "1.000.000", effective_date="15/01/2024")
    )
    assert answer.status_code == 409
    assert 'href="#f-effective_date"' in answer.text
    assert "chỉ được giải ngân đến hết ngày 31/12/2023" in words(answer.text)


def test_the_check_shows_what_would_happen_and_records_nothing(world: World) -> None:
    made = given()
    officer = Visitor.logged_in("officer")
    officer.send_form("/ledger/record", **typed(made, "pay", "100.000.000"))
    so_far = {"line": str(made.id), "effective_date": "01/06/2023"}
    would = officer.get("/ledger/check", params=so_far | {"kind": "advance", "amount": "300 triệu"})
    said = words(would.text)
    assert would.status_code == 200
    assert "Sau khi ghi, còn lại 700.000.000 đ; trước đó 1.000.000.000 đ." in said
    assert "Tạm ứng chưa thu hồi còn 300.000.000 đ." in said
    assert "Còn chờ duyệt trên dòng này: Thanh toán KLHT 100.000.000 đ" in said
    too_much = officer.get("/ledger/check", params=so_far | {"kind": "pay", "amount": "1.000.000.001"})
    assert "chỉ còn 1.000.000.000 đ (thiếu 1 đ)" in words(too_much.text)
    undated = officer.get("/ledger/check", params={"line": str(made.id), "kind": "pay", "amount": "5 triệu"})
    assert "còn lại 995.000.000 đ" in words(undated.text)  # the line's last day has passed; none is typed yet
    assert lines.get(actor(), made.id).pockets == made.pockets
    assert len(entries(actor(), EntryFilter(budget_line_id=made.id))) == 2
    assert verify() is None


def test_a_works_line_asks_for_the_contract_or_why_there_is_none(world: World) -> None:
    its = work()
    made = given(project_code="DTTS.4.1", capital_kind="investment", work_id=its.id)
    signed = contract(its.id)
    officer = Visitor.logged_in("officer")
    assert signed.code in officer.page(f"/ledger/record?work={its.id}")
    without = officer.send_form("/ledger/record", **typed(made, "pay", "1.000.000"))
    assert without.status_code == 422
    assert 'href="#f-contract_id"' in without.text
    reason = officer.send_form(
        "/ledger/record", **typed(made, "pay", "1.000.000", no_contract_reason="Chi phí quản lý")
    )
    assert reason.status_code == 303
    over = officer.send_form(
        "/ledger/record", **typed(made, "advance", "200 triệu", contract_id=str(signed.id))
    )
    assert over.status_code == 409
    assert "mức trần của hợp đồng chỉ còn được 150.000.000 đ" in words(over.text)


def test_without_a_line_one_is_chosen(world: World) -> None:
    made = given()
    officer = Visitor.logged_in("officer")
    assert f"/ledger/record?line={made.id}" in links(officer.page("/ledger/record"))
    assert f"/ledger/record?line={made.id}" in links(officer.page("/ledger/record?q=giam+ngheo+2023"))
    assert "Không thấy dòng vốn nào" in words(officer.page("/ledger/record?q=khongco"))


def test_one_decision_fills_many_lines_or_none(world: World) -> None:
    first, second = line(), line(source="district")
    officer = Visitor.logged_in("officer")
    form = {
        "id": str(uuid.uuid4()), "rows": "3", "kind": "allocate", "line_0": str(first.id), "amount_0": "100 triệu",
        "line_1": str(second.id), "amount_1": "1.5", **VOUCHER,
    }  # fmt: skip
    refused = officer.send_form("/ledger/batch?year=2023", **form)
    assert refused.status_code == 422
    assert 'href="#f-amount_1"' in refused.text
    assert 'value="100 triệu"' in refused.text
    more = officer.send_form("/ledger/batch?year=2023", **(form | {"more": "1"}))
    assert (more.status_code, more.text.count('name="line_')) == (200, 8)
    assert entries(actor(), EntryFilter()) == []
    done = officer.send_form("/ledger/batch?year=2023", **(form | {"amount_1": "50.000.000"}))
    assert done.status_code == 303
    approve(done.headers["location"], "accountant")  # one tap for both
    assert [lines.get(actor(), x.id).available for x in (first, second)] == [100 * MILLION, 50 * MILLION]


def test_a_refused_row_of_a_batch_is_named(world: World) -> None:
    first, second = given(10), given(10, source="district")
    form = {
        "id": str(uuid.uuid4()), "rows": "3", "kind": "withdraw", "line_0": str(first.id), "amount_0": "1 triệu",
        "line_2": "khong-phai-ma", "amount_2": "11 triệu", **VOUCHER,
    }  # fmt: skip
    answer = Visitor.logged_in("officer").send_form("/ledger/batch?year=2023", **form)
    assert 'href="#f-line_2"' in answer.text
    again = Visitor.logged_in("officer").send_form(
        "/ledger/batch?year=2023", **(form | {"line_2": str(second.id)})
    )
    assert again.status_code == 409
    assert "11.000.000 đ nhưng ngày 01/06/2023 chỉ còn 10.000.000 đ" in words(again.text)
    assert entries(actor(), EntryFilter(status="proposed")) == []
