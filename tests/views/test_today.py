"""Today's work: what waits for this person in order of consequence, and what it costs to know it."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from app.clock import today
from app.domain import directives, inspections, meetings
from app.domain.access import Actor
from app.domain.directives import NewDirective
from app.domain.identity.login import authenticate_session, log_in
from app.domain.ledger import proposals
from app.domain.ledger.entries import Document
from app.domain.ledger.posting import record
from app.domain.tasks import NewTask
from app.domain.works import settlement, step_editing
from tests.support import assessing, meeting, planning, procedure, steering
from tests.support import world as w
from tests.support.book import freeze
from tests.support.pages import Visitor, links, words
from tests.support.statements import counted
from tests.support.world import MILLION, World

ON = date(2023, 11, 20)
STATEMENTS = 12
DISTRICT = "512@legacy"


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
    page = words(checker).replace("\u00a0", " ")
    assert ("chờ ông/bà duyệt" in page, "Phiếu: 1, 60 triệu đồng" in page) == (True, True)
    assert f"/ledger/entries/{slip}" in links(checker)
    maker = words(Visitor.logged_in("officer").page("/"))
    assert ("chờ ông/bà duyệt" in maker, "Phiếu của tôi" in maker) == (False, True)
    assert "Phiếu của tôi" not in words(Visitor.logged_in("inspector").page("/"))


def test_who_may_check_is_not_asked_to_check_their_own(world: World) -> None:
    line = w.line()
    w.post(line.id, "allocate", 100 * MILLION, "2023-01-10")
    record(known("accountant"), w.entry(line.id, "pay", 60 * MILLION, "2023-03-01"))
    page = words(Visitor.logged_in("accountant").page("/"))
    assert ("chờ ông/bà duyệt" in page, "Phiếu của tôi" in page) == (False, True)


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
    assert "đã vào sổ" in page
    assert "Nguyễn Thị Leader duyệt" in page


def test_money_at_risk_is_listed_with_its_last_day(slip: uuid.UUID) -> None:
    page = words(Visitor.logged_in("accountant").page("/")).replace("\u00a0", " ")
    assert "Dòng vốn có nguy cơ mất: 1, 100 triệu đồng" in page
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


def given(text: str, due_on: date, who: Actor | None = None, unit: str = "20770@legacy") -> uuid.UUID:
    """A directive for a unit, from the district unless `who` says otherwise."""
    new = NewDirective(
        uuid.uuid4(), text, source_kind="document", document_number="48/UBND", source_on=date(2023, 9, 20),
        assignee_kind="unit", unit_code=unit, due_on=due_on,
    )  # fmt: skip
    return directives.create(who or w.actor("leader", DISTRICT), new)[0].id


def everything(source: str = "central") -> None:
    """Something of every kind that waits for the leader of Sông Trà on the 20th of November 2023."""
    road = w.work(name="Đường Trà Huỳnh", planned_finish=date(2024, 3, 1))
    slow = w.line(project_code="DTTS.4.1", capital_kind="investment", work_id=road.id)
    soon = w.line(source=source)
    w.post(slow.id, "allocate", 90 * MILLION, "2023-01-10")  # 72 days left: 1,25 million a day
    w.post(soon.id, "allocate", 60 * MILLION, "2023-01-10")  # 41 days left: 1,46 million a day
    w.work(name="Kênh mương Trà Sơn", planned_finish=date(2023, 8, 1))
    record(known("officer"), w.entry(soon.id, "pay", MILLION, "2023-11-01"))
    given("Họp Ban chỉ đạo hằng tháng", date(2023, 10, 31))
    given("Rà soát hộ nghèo cuối năm", date(2023, 11, 24))
    given("Lập báo cáo năm", date(2023, 12, 31))
    done = given("Dọn vệ sinh thôn Trà Sơn", date(2023, 12, 20), w.actor("leader"), "20770.01@legacy")
    directives.report(w.actor("officer"), done, "Đã xong", on=ON)
    planning.returned(planning.plan(title="Kế hoạch giảm nghèo 2023"))
    board = meeting.board(meeting_day=None)
    for title, day in (("Họp bàn mặt bằng", date(2023, 11, 10)), ("Họp giao ban", date(2023, 11, 23))):
        meetings.create(w.actor("officer"), meetings.NewMeeting(uuid.uuid4(), board, day, title=title))
    decision = Document(f"12/QĐ-UBND ({source})", steering.SET_UP, "UBND xã Sông Trà")
    steering.board(kind="management", name="Ban Quản lý xã", meeting_day=15, decision=decision)
    inspections.create(
        w.actor("inspector", DISTRICT),
        inspections.NewInspection(
            uuid.uuid4(), "20770@legacy", date=date(2023, 11, 25), team_name="Đoàn số 2", lead=inspections.NewPerson("Hoàng Văn Hùng"),
            decision=Document("596/QĐ-UBND", date(2023, 8, 17), "UBND huyện Hiệp Đức"), title="Kiểm tra cuối năm",
        ),
    )  # fmt: skip


def test_duties_come_in_order_of_consequence(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, ON)
    everything()
    page = words(Visitor.logged_in("leader").page("/")).replace("\u00a0", " ")
    order = [
        "còn 41 ngày", "Đường Trà Huỳnh còn 72 ngày",  # what loses most a day, not the largest sum
        "Họp Ban chỉ đạo hằng tháng quá hạn 20 ngày", "Kế hoạch giảm nghèo 2023 Bị trả lại",
        "Thanh toán", "Dọn vệ sinh thôn Trà Sơn", "Họp giao ban còn 3 ngày",
        "Rà soát hộ nghèo cuối năm sắp đến hạn", "Kiểm tra cuối năm còn 5 ngày", "Ban Quản lý xã không họp",
        "Họp bàn mặt bằng chưa ghi biên bản", "Kênh mương Trà Sơn chậm 111 ngày",
    ]  # fmt: skip
    mine = page[page.index("Việc của tôi") :]
    places = [mine.find(text) for text in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert "Lập báo cáo năm" not in mine, "due in six weeks: on its list, not here"
    assert "Nhiệm vụ được giao: 4" in mine
    others = words(Visitor.logged_in("supervisor").page("/"))
    assert ("Họp giao ban" in others, "chưa ghi biên bản" in others, "Thanh toán KLHT" in others) == (
        True,
        False,
        False,
    )


def test_the_page_costs_the_same_however_much_waits(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, ON)
    visitors = {name: Visitor.logged_in(name) for name in ("leader", "officer", "huyen")}
    for number in range(1, 8):
        given(f"Việc quá hạn số {number}", date(2023, 10, number))
    w.work(name="Kênh mương Trà Sơn", planned_finish=date(2023, 8, 1))
    page = words(visitors["leader"].page("/"))
    assert ("Việc quá hạn số 5" in page, "Việc quá hạn số 6" in page) == (True, False)
    assert "Kênh mương Trà Sơn" in page, "one kind does not hide the others"
    assert "Nhiệm vụ được giao: 7" in page
    for source in ("central", "provincial"):
        everything(source)
    for name, visitor in visitors.items():
        visitor.page("/")
        with counted() as said:
            visitor.page("/")
        assert len(said) <= STATEMENTS, (name, said)


def test_what_waits_in_works_criteria_and_plans_leads_to_where_it_is_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze(monkeypatch, ON)
    done = w.work(name="Kênh Trà Huỳnh", stage="completed")
    proposal = settlement.NewSettlement(uuid.uuid4(), done.id, date(2023, 6, 28), 400 * MILLION)
    settlement.propose(w.actor("officer"), proposal)
    road = w.work(name="Đường Trà Huỳnh", procedure="special")
    step = procedure.step(road.id, "list")
    step_editing.update(w.actor(), road.id, step.id, step.version, {"due_on": date(2023, 11, 1)})
    assessing.aim(tasks=(NewTask("Thu gom rác", due_on=date(2023, 11, 22)),))
    assessing.assess("2.1", met=True)
    given("Họp Ban chỉ đạo", date(2023, 10, 31))
    leader = Visitor.logged_in("leader").page("/")
    said = words(leader).replace("\u00a0", " ")
    for text in (
        "Kênh Trà Huỳnh chờ ông/bà phê duyệt đề nghị 400 triệu đồng, trình 28/06/2023", "quá hạn 19 ngày Đường Trà Huỳnh",
        "Thu gom rác còn 2 ngày", "Quyết toán chờ phê duyệt: 1", "Bước thủ tục đến hạn: 1", "Việc của chỉ tiêu đến hạn: 1",
    ):  # fmt: skip
        assert text in said, text
    assert {f"/works/{done.id}/settlement", f"/works/{road.id}/steps/{step.id}"} <= set(links(leader))
    above = Visitor.logged_in("huyen")
    page = above.page("/")
    role = known("huyen").role
    assert ("Họp Ban chỉ đạo quá hạn 20 ngày" in words(page)) == (role == "leader")
    assert ("1 đánh giá chờ thẩm tra" in words(page)) == (role in ("leader", "reviewer"))
    places = (
        "/assessments?verdict=none",
        "/targets",
        "/works?question=unsettled",
        "/directives?overdue=true",
    )
    assert [above.get(path).status_code for path in places] == [200] * 4
