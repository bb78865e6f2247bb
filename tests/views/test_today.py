"""Today's work: what waits for this person, first what was returned, then money and works that are late."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from app.clock import today
from app.domain.access import Actor
from app.domain.identity.login import authenticate_session, log_in
from app.domain.ledger import proposals
from app.domain.ledger.posting import record
from tests.support import world as w
from tests.support.pages import Visitor, links, words
from tests.support.world import MILLION, World


def known(role: str) -> Actor:
    """The person of that role who can log in."""
    found = authenticate_session(log_in(role, w.PASSWORD))
    assert found is not None
    return found.actor


@pytest.fixture
def slip(world: World) -> uuid.UUID:
    """A payment of 60 million that the officer proposed."""
    line = w.line()
    w.post(line.id, "allocate", 100 * MILLION, "2023-01-10")
    view, _ = record(known("officer"), w.entry(line.id, "pay", 60 * MILLION, "2023-03-01"))
    return view.id


def test_a_checker_sees_what_waits_and_its_maker_does_not_check_it(slip: uuid.UUID) -> None:
    checker = Visitor.logged_in("leader").page("/")
    assert "Chờ ông/bà duyệt: 1 phiếu, 60 triệu đồng" in words(checker).replace("\u00a0", " ")
    assert f"/ledger/entries/{slip}" in links(checker)
    maker = words(Visitor.logged_in("officer").page("/"))
    assert ("Chờ ông/bà duyệt" in maker, "Phiếu của tôi" in maker) == (False, True)
    assert "Phiếu của tôi" not in words(Visitor.logged_in("inspector").page("/"))


def test_who_may_check_is_not_asked_to_check_their_own(world: World) -> None:
    line = w.line()
    w.post(line.id, "allocate", 100 * MILLION, "2023-01-10")
    record(known("accountant"), w.entry(line.id, "pay", 60 * MILLION, "2023-03-01"))
    page = words(Visitor.logged_in("accountant").page("/"))
    assert ("Chờ ông/bà duyệt" in page, "Phiếu của tôi" in page) == (False, True)


def test_a_returned_slip_comes_first_with_its_reason(slip: uuid.UUID) -> None:
    line = w.line(source="provincial")
    w.post(line.id, "allocate", 10 * MILLION, "2023-01-10")
    record(known("officer"), w.entry(line.id, "pay", MILLION, "2023-03-02"))
    proposals.reject(known("leader"), slip, "Thiếu biên bản nghiệm thu")
    page = words(Visitor.logged_in("officer").page("/"))
    assert "Lý do trả lại: Thiếu biên bản nghiệm thu" in page
    assert page.index("bị trả lại") < page.index("chờ duyệt")


def test_what_went_through_is_told_to_its_maker(slip: uuid.UUID) -> None:
    proposals.post(known("leader"), slip)
    page = words(Visitor.logged_in("officer").page("/"))
    assert "Vừa được duyệt" in page
    assert "Nguyễn Thị Leader duyệt" in page


def test_money_at_risk_is_listed_with_its_last_day(slip: uuid.UUID) -> None:
    page = words(Visitor.logged_in("accountant").page("/")).replace("\u00a0", " ")
    assert "Tiền có nguy cơ mất năm 2023: 100 triệu đồng" in page
    assert "hết hạn 31/12/2023" in page


def test_a_late_work_is_listed_until_it_is_completed(world: World) -> None:
    w.work(name="Kênh mương Trà Sơn", planned_finish=date(2023, 8, 1))
    w.work(name="Đường Trà Huỳnh", planned_finish=date(2023, 8, 1), stage="completed")
    page = words(Visitor.logged_in("leader").page("/")).replace("\u00a0", " ")
    assert "Công trình chậm: 1" in page
    late = (today() - date(2023, 8, 1)).days
    assert f"chậm {late:,} ngày".replace(",", ".") in page
    assert "Đường Trà Huỳnh" not in page


@pytest.mark.parametrize(
    ("role", "first"), [("accountant", "/ledger/lines/new"), ("supervisor", "/dashboard")]
)
def test_an_empty_book_says_what_to_do_first(world: World, role: str, first: str) -> None:
    page = Visitor.logged_in(role).page("/")
    assert "Sổ của đơn vị chưa có dòng vốn nào" in words(page)
    assert first in links(page)


def test_nobody_sees_the_work_of_another_unit(slip: uuid.UUID) -> None:
    page = words(Visitor.logged_in("khac").page("/"))
    assert "60 triệu" not in page
