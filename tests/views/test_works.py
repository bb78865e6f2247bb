"""What the pages of works and contracts promise."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest

from app.domain import works
from app.domain.works import contracts
from tests.support.pages import Visitor, hidden, links, words
from tests.support.world import MILLION, World, actor, contract, line, post, work

INVESTMENT: dict[str, Any] = {"project_code": "DTTS.4.1", "capital_kind": "investment"}


def test_a_work_shows_its_money_by_year_and_source_with_totals_equal_to_sums(world: World) -> None:
    its = work()
    for source, amount in (("central", 300), ("district", 100)):
        made = line(**INVESTMENT, source=source, work_id=its.id)
        post(made.id, "allocate", amount * MILLION, "2023-01-05")
    signed = contract(its.id)
    post(made.id, "advance", 50 * MILLION, "2023-03-05", contract_id=signed.id)
    page = Visitor.logged_in("supervisor").page(f"/works/{its.id}")
    said = words(page)
    assert "50 triệu đồng trong 400 triệu đồng đã giao" in said
    assert "Cộng 400 50 350" in said
    assert f"/ledger/lines/{made.id}" in links(page)
    assert f"/contracts/{signed.id}" in links(page)


def test_money_carried_on_counts_once_in_a_works_total(world: World) -> None:
    its = work()
    old, new = (line(**INVESTMENT, work_id=its.id, year=y, origin_year=2023) for y in (2023, 2024))
    post(old.id, "allocate", 100 * MILLION, "2023-01-05")
    post(old.id, "carry_over", 40 * MILLION, "2023-12-31", to_budget_line_id=new.id)
    now = works.get(actor(), its.id)
    assert (now.allocated, now.available) == (100 * MILLION, 100 * MILLION)
    assert "trong 100 triệu đồng đã giao" in words(Visitor.logged_in("officer").page(f"/works/{its.id}"))


def test_late_works_are_named_first(world: World) -> None:
    work(name="Cầu treo", planned_finish=date(2023, 5, 1), responsible="ông Bình", stage="construction")
    work(name="Nhà văn hóa", planned_finish=date(2023, 5, 1), stage="completed")
    said = words(Visitor.logged_in("leader").page("/works"))
    assert "Quá hạn hoàn thành: 1 công trình Cầu treo : kế hoạch 01/05/2023, khối lượng 0 %, ông Bình" in said


@pytest.mark.parametrize(
    ("query", "seen"),
    [("q=tra+huynh", "Trà Huỳnh"), ("q=TRÀ HUỲNH", "Trà Huỳnh"), ("stage=completed", "Nhà văn hóa"), ("year=2023", "Trà Huỳnh")],
)  # fmt: skip
def test_filters_narrow_the_register(world: World, query: str, seen: str) -> None:
    road = work(name="Đường thôn Trà Huỳnh")
    line(**INVESTMENT, work_id=road.id)
    work(name="Nhà văn hóa", stage="completed")
    csv = Visitor.logged_in("officer").get(f"/works?format=csv&{query}").text
    rows = csv.split("\r\n\r\n")[-1]
    other = "Nhà văn hóa" if seen == "Trà Huỳnh" else "Trà Huỳnh"
    assert seen in rows
    assert other not in rows
    assert "Cộng 1 công trình" in rows


def test_a_work_is_registered_once_with_its_hamlets(world: World) -> None:
    officer = Visitor.logged_in("officer")
    page = officer.page("/works/new")
    assert "Thôn Trà Huỳnh" in words(page)
    form = {
        "id": hidden(page, "id"), "owner_unit_code": hidden(page, "owner_unit_code"), "code": "CT-1",
        "name": "Đường bê tông", "project_code": "DTTS.4.1", "total_investment": "1,42 tỷ",
        "stage": "preparation", "physical_percent": "0", "hamlet_20770.02": "1", "planned_finish": "15/10/2023",
    }  # fmt: skip
    bad = officer.send_form("/works/new", **(form | {"physical_percent": "150", "total_investment": "1.5"}))
    assert bad.status_code == 422
    assert 'href="#f-physical_percent"' in bad.text
    assert 'value="1.5"' in bad.text
    for _ in range(2):
        assert officer.send_form("/works/new", **form).headers["location"] == f"/works/{form['id']}"
    (made,) = works.works(actor(), works.WorkFilter())
    assert made.total_investment == 1_420 * MILLION
    assert works.hamlets(actor(), made.id) == [("20770.02", "Thôn Trà Huỳnh")]
    twin = officer.send_form("/works/new", **(form | {"id": str(uuid.uuid4())}))
    assert twin.status_code == 409
    assert "đã có công trình mã CT-1" in words(twin.text)


def test_a_stale_edit_shows_both_versions_and_loses_nothing(world: World) -> None:
    its = work()
    officer = Visitor.logged_in("officer")
    page = officer.page(f"/works/{its.id}/edit")
    form = {
        "version": hidden(page, "version"), "code": its.code, "name": "Tên tôi sửa", "project_code": "DTTS.4.1",
        "total_investment": "1.000.000.000", "physical_percent": "35",
    }  # fmt: skip
    works.update(actor(), its.id, its.version, {"name": "Tên người khác sửa"})
    stale = officer.send_form(f"/works/{its.id}/edit", **form)
    assert stale.status_code == 409
    assert "Tên người khác sửa" in words(stale.text)
    assert 'value="Tên tôi sửa"' in stale.text
    form["version"] = hidden(stale.text, "version")
    assert officer.send_form(f"/works/{its.id}/edit", **form).status_code == 303
    now = works.get(actor(), its.id)
    assert (now.name, now.physical_percent, now.hamlets if hasattr(now, "hamlets") else ()) == (
        "Tên tôi sửa",
        35,
        (),
    )


def test_the_edit_form_says_what_stands_so_that_saving_it_changes_nothing(world: World) -> None:
    its = work(hamlets=("20770.01",), planned_start=date(2023, 4, 1), procedure="special", scale="820 m")
    officer = Visitor.logged_in("officer")
    page = officer.page(f"/works/{its.id}/edit")
    for shown in (
        'value="01/04/2023"',
        'value="1.000.000.000"',
        'value="820 m"',
        'name="hamlet_20770.01" value="1" checked',
        'value="special" checked',
    ):
        assert shown in page, shown


def test_contracts_stay_within_the_approved_total(world: World) -> None:
    its = work(total_investment=500 * MILLION)
    officer = Visitor.logged_in("officer")
    path = f"/works/{its.id}/contracts/new"
    form = {
        "id": hidden(officer.page(path), "id"), "code": "12/HĐ", "contractor": "Tổ thợ Trà Sơn",
        "value": "600 triệu", "signed_on": "01/02/2023",
    }  # fmt: skip
    over = officer.send_form(path, **form)
    assert over.status_code == 409
    assert "vượt phần còn lại 500.000.000 đ" in words(over.text)
    assert 'href="#f-value"' in over.text
    more = officer.send_form(path, **(form | {"value": "400 triệu", "advance_limit": "50"}))
    assert 'href="#f-advance_permit"' in more.text
    done = officer.send_form(path, **(form | {"value": "400 triệu"}))
    assert (done.status_code, done.headers["location"]) == (303, f"/contracts/{form['id']}")
    assert "Trần tạm ứng 30 % 120.000.000 đ" in words(officer.page(done.headers["location"]))


def test_amendments_are_added_and_never_below_what_is_disbursed(world: World) -> None:
    its = work()
    made = line(**INVESTMENT, work_id=its.id)
    post(made.id, "allocate", 500 * MILLION, "2023-01-05")
    signed = contract(its.id, 400 * MILLION)
    paid = post(made.id, "pay", 300 * MILLION, "2023-03-05", contract_id=signed.id)
    officer = Visitor.logged_in("officer")
    page = officer.page(f"/contracts/{signed.id}")
    assert f"/ledger/entries/{paid.id}" in links(page)
    form = {
        "version": hidden(page, "version"),
        "signed_on": "01/04/2023",
        "direction": "down",
        "value": "150 triệu",
    }
    low = officer.send_form(f"/contracts/{signed.id}/amend", **form)
    assert low.status_code == 409
    assert "thấp hơn phần đã giải ngân 300.000.000 đ" in words(low.text)
    up = officer.send_form(
        f"/contracts/{signed.id}/amend", **(form | {"direction": "up", "value": "50 triệu"})
    )
    assert up.status_code == 303
    assert contracts.get(actor(), signed.id).value_with_amendments == 450 * MILLION
    stale = officer.send_form(f"/contracts/{signed.id}/amend", **(form | {"direction": "up"}))
    assert stale.status_code == 409
    assert "450.000.000" in words(stale.text)
    assert 'value="150 triệu"' in stale.text
