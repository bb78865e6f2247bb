"""The dashboard: its sums, its day, what its figures open, and what it costs."""

from __future__ import annotations

import re
import uuid
from datetime import date
from itertools import islice, product

import pytest

from app.clock import today
from app.domain import boards, directives, inspections, obstacles, programs
from app.domain.dashboard import dashboard
from app.domain.directives import NewDirective
from app.domain.inspections import NewInspection
from app.domain.ledger import line_keys
from app.domain.ledger.pockets import total
from tests.support import meeting
from tests.support import world as w
from tests.support.pages import Visitor, links, words
from tests.support.statements import counted
from tests.support.world import MILLION, World

STATEMENTS = 12


@pytest.fixture
def kept(world: World) -> World:
    """2023 in Sông Trà: 1.000 million planned on two lines, 300 million disbursed in March and July."""
    first, second = w.line(), w.line(project_code="NTM.2", source="provincial", capital_kind="investment")
    w.post(first.id, "allocate", 600 * MILLION, "2023-01-10")
    w.post(second.id, "allocate", 400 * MILLION, "2023-01-10")
    w.post(first.id, "pay", 200 * MILLION, "2023-03-20")
    w.post(second.id, "advance", 100 * MILLION, "2023-07-05")
    return world


def test_rows_add_up_to_the_whole_every_way(kept: World) -> None:
    found = dashboard(w.actor("leader"), year=2023)
    whole = found.money.whole
    assert (whole.pockets.plan, whole.pockets.disbursed) == (1_000 * MILLION, 300 * MILLION)
    for key in ("program_code", "project_code", "source", "capital_kind"):
        parts = found.money.by(key).values()
        assert total(part.pockets for part in parts) == whole.pockets
        assert sum(part.at_risk for part in parts) == whole.at_risk
    assert found.months[-1] == (date(2023, 12, 31), whole.pockets)


def test_a_past_year_is_shown_as_it_stands_now_and_any_day_can_be_asked_for(kept: World) -> None:
    visitor = Visitor.logged_in("leader")
    assert f"năm 2023 · tính đến {today():%d/%m/%Y}" in words(visitor.page("/dashboard"))
    march = words(visitor.page("/dashboard?year=2023&as_of=30/03/2023"))
    assert "tính đến 30/03/2023" in march
    assert "200 triệu đồng trong 1 tỷ đồng · 20,0 %" in march.replace("\u00a0", " ")


def test_a_day_that_cannot_be_is_told_beside_its_field(kept: World) -> None:
    visitor = Visitor.logged_in("leader")
    for asked, told in (("31/02/2023", "Không phải ngày"), ("01/01/2099", "không được sau hôm nay")):
        page = visitor.page(f"/dashboard?year=2023&as_of={asked}")
        assert told in words(page)
        assert f'value="{asked}"' in page
        assert '<details class="choose" open>' in page


def test_money_at_risk_is_named_with_its_last_days(kept: World) -> None:
    page = words(Visitor.logged_in("leader").page("/dashboard?year=2023&as_of=2023-09-14")).replace(
        "\u00a0", " "
    )
    # 600-200 left on the first line, paid more than 90 days before; on the second 300 less 139/90 of 100.
    found = dashboard(w.actor("leader"), year=2023, as_of=date(2023, 9, 14))
    assert found.money.by("source")["central"].at_risk == 400 * MILLION
    assert found.money.by("source")["provincial"].at_risk == 300 * MILLION - 100 * MILLION * 139 // 90
    assert "Nguy cơ mất 545,56 triệu đồng" in page
    assert "đến 31/12/2023 (sự nghiệp), đến 31/01/2024 (đầu tư)" in page


def test_every_figure_opens_what_it_is_made_of(kept: World) -> None:
    past = links(Visitor.logged_in("leader").page("/dashboard?year=2023&as_of=2023-12-31"))
    assert "/ledger/entries?unit=20770%40legacy&year=2023&project=NTM.2&status=posted&to=2023-12-31" in past
    assert "/ledger/entries?unit=20770%40legacy&year=2023&source=central&status=posted&to=2023-12-31" in past
    now = links(Visitor.logged_in("leader").page(f"/dashboard?year=2023&as_of={today().isoformat()}"))
    for narrowed in ("", "&project=GNBV", "&project=GNBV.2", "&source=provincial", "&capital=investment"):
        assert f"/ledger?unit=20770%40legacy&year=2023{narrowed}" in now


def test_what_a_figure_opens_comes_to_the_same(kept: World) -> None:
    visitor = Visitor.logged_in("leader")
    page = visitor.page(f"/dashboard?year=2023&as_of={today().isoformat()}")
    [href] = {
        link for link in links(page) if link.endswith("&project=GNBV.2") and link.startswith("/ledger?")
    }
    lines = words(visitor.page(href)).replace("\u00a0", " ")
    assert re.search(r"Cộng 1 dòng vốn 600 200 33,3 %", lines), lines


def test_a_district_sees_its_communes_and_their_sum(kept: World) -> None:
    other = w.line(w.actor(unit="512@legacy"), unit_code="20773@legacy")
    w.post(other.id, "allocate", 50 * MILLION, "2023-02-01", w.actor("client:write", "512@legacy"))
    own = w.line(w.actor(unit="512@legacy"), unit_code="512@legacy")
    w.post(own.id, "allocate", 7 * MILLION, "2023-02-01", w.actor("client:write", "512@legacy"))
    found = dashboard(w.actor("reviewer", "512@legacy"), year=2023)
    plans = {child.name: child.pockets.plan for child in found.children}
    assert plans == {"Xã Phước Trà": 50 * MILLION, "Xã Sông Trà": 1_000 * MILLION}
    assert found.own.pockets.plan == 7 * MILLION
    assert found.money.whole.pockets.plan == sum(plans.values()) + 7 * MILLION
    page = Visitor.logged_in("huyen").page("/dashboard?year=2023&as_of=2023-12-31")
    assert "/dashboard?unit=20773%40legacy&year=2023&as_of=2023-12-31" in links(page)


def test_a_successor_sees_what_it_took_over(kept: World) -> None:
    found = dashboard(w.actor("leader", "48@2025"), year=2023)
    assert [(c.exact_code, c.pockets.plan) for c in found.children] == [("20770@2025", 1_000 * MILLION)]


def test_without_lines_it_says_what_to_do_first(world: World) -> None:
    page = Visitor.logged_in("accountant").page("/dashboard")
    assert f"Chưa có dòng vốn nào của năm {today().year}" in words(page)
    assert "/ledger/lines/new" in links(page)
    assert "/ledger/lines/new" not in links(Visitor.logged_in("inspector").page("/dashboard"))


def test_invented_figures_say_so_on_the_page(world: World) -> None:
    visitor = Visitor.logged_in("leader")
    assert "Số liệu minh họa" not in visitor.page("/dashboard")
    made, _ = line_keys.create(
        w.actor(),
        line_keys.NewLine(uuid.uuid4(), "20770@legacy", "GNBV.2", "central", "recurrent", 2023),
        illustrative=True,
    )
    w.post(made.id, "allocate", MILLION, "2023-01-10")
    assert "Số liệu minh họa" in visitor.page("/dashboard")


@pytest.mark.parametrize("number", [1, 200])
def test_the_page_costs_few_statements_however_many_lines(world: World, number: int) -> None:
    leaves = [p.code for p in programs.projects(w.actor(), leaves_only=True)]
    keys = product(("central", "provincial", "district"), ("investment", "recurrent"), leaves)
    for source, kind, project in islice(keys, number):
        made = w.line(source=source, capital_kind=kind, project_code=project)
        w.post(made.id, "allocate", MILLION, "2023-01-10")
    visitor = Visitor.logged_in("leader")
    with counted() as said:
        page = visitor.page("/dashboard")
    assert f"trong {number} triệu đồng" in words(page)  # all of them are on it
    assert len(said) <= STATEMENTS, "\n".join(said)


def test_obstacles_that_stand_in_the_way_are_counted_with_what_they_hold_back(world: World) -> None:
    its = w.work()
    made = w.line(work_id=its.id, capital_kind="investment")
    w.post(made.id, "allocate", 70 * MILLION, "2023-01-10")
    assert "vướng mắc chưa" not in words(Visitor.logged_in("leader").page("/dashboard")).lower()
    new = obstacles.NewObstacle(
        uuid.uuid4(), "work", its.id, "Chưa giao đất", "land", raised_on=date(2023, 2, 1)
    )
    made_obstacle, _ = obstacles.create(w.actor(), new)
    page = Visitor.logged_in("leader").page("/dashboard")
    assert "Vướng mắc chưa giải quyết 1 vướng mắc giữ lại 70 triệu đồng" in words(page)
    assert any(link.startswith("/obstacles?unit=20770") for link in links(page))
    obstacles.escalate(w.actor(), made_obstacle.id, "Đề nghị hướng dẫn")
    assert "1 chờ cấp trên trả lời" in words(Visitor.logged_in("leader").page("/dashboard"))


def test_the_table_comes_as_a_file_too(kept: World) -> None:
    answer = Visitor.logged_in("leader").get("/dashboard?year=2023&format=csv")
    assert "theo-chuong-trinh-20770-2023.csv" in answer.headers["content-disposition"]
    assert "600000000" in answer.text
    assert Visitor.logged_in("leader").get("/dashboard?format=xlsx").content[:2] == b"PK"


def test_the_entries_that_a_past_figure_opens_make_it(kept: World) -> None:
    visitor = Visitor.logged_in("leader")
    page = visitor.page("/dashboard?year=2023&as_of=30/03/2023")
    [href] = {link for link in links(page) if "capital=recurrent" in link}
    listed = words(visitor.page(f"{href}&money=dong"))
    assert ("600.000.000" in listed, "200.000.000" in listed) == (True, True)
    assert ("400.000.000" in listed, "100.000.000" in listed) == (False, False)


def test_inspections_of_the_year_are_counted_and_lead_to_their_lists(kept: World) -> None:
    district, day = w.actor("inspector", "512@legacy"), date(2023, 9, 14)
    made = [
        inspections.create(district, NewInspection(uuid.uuid4(), "20770@legacy", day, 2023))[0]
        for _ in range(3)
    ]
    inspections.hold(w.actor("leader", "512@legacy"), made[0].id, day)
    officer = Visitor.logged_in("officer")
    page = officer.page("/dashboard?year=2023")
    assert "Kiểm tra năm 2023: 3 cuộc" in words(page)
    assert "Quá ngày dự kiến 2 cuộc Đã kiểm tra, chưa kết luận 1 cuộc" in words(page)
    [held] = {link for link in links(page) if link.startswith("/inspections?") and "state=held" in link}
    listed = links(officer.page(held))
    assert [f"/inspections/{one.id}" in listed for one in made] == [True, False, False]
    assert "Kiểm tra năm" not in words(officer.page("/dashboard?year=2022"))


def test_a_steering_committee_without_a_monthly_day_is_named_apart(kept: World) -> None:
    meeting.board(kind="management", meeting_day=None)
    officer, asked = Visitor.logged_in("officer"), "/dashboard?year=2023&as_of=2023-09-25"
    assert "Ban chưa đặt ngày họp hằng tháng" not in officer.page(asked)
    its = meeting.board(meeting_day=None)
    page = officer.page(asked)
    assert "Ban chưa đặt ngày họp hằng tháng 1 Ban Chỉ đạo" in words(page)
    assert "/committees?unit=20770%40legacy&kind=steering" in links(page)
    boards.update(w.actor("officer"), its, 1, {"meeting_day": 5, "programs": ("NTM",)})
    assert "Ban chưa đặt ngày họp hằng tháng 1 Ban Chỉ đạo" in words(officer.page(asked)), "not yet that day"


def test_directives_and_months_without_a_meeting_are_counted_and_lead_to_their_lists(kept: World) -> None:
    meeting.board(meeting_day=25, from_on=date(2023, 3, 1))
    made = [
        directives.create(
            w.actor("leader", "512@legacy"),
            NewDirective(
                uuid.uuid4(), f"Việc số {n}", "document", date(2023, 9, n), "unit", unit_code="20770@legacy",
                document_number="48/UBND", source_on=date(2023, 6, 1),
            ),
        )[0]
        for n in (10, 20, 30)
    ]  # fmt: skip
    directives.report(w.actor("officer"), made[0].id, "Đã xong", on=date(2023, 9, 5))
    officer = Visitor.logged_in("officer")
    with counted() as said:
        page = officer.page("/dashboard?year=2023&as_of=25/09/2023")
    assert len(said) <= STATEMENTS, "\n".join(said)
    text = words(page)
    assert "Nhiệm vụ được giao: 3 chưa hoàn thành" in text
    assert "Quá hạn 2 nhiệm vụ Đã báo cáo, chờ chấp nhận 1 nhiệm vụ" in text
    assert "Tháng không họp" in text
    assert "tháng 3, 4, 5, 6, 7, 8/2023" in text
    at = "unit=20770%40legacy"
    assert f"/meetings?{at}&year=2023" in links(page)
    [overdue] = {link for link in links(page) if "which=overdue" in link}
    listed = words(officer.page(overdue))
    assert ("Việc số 10" in listed, "Việc số 20" in listed, "Việc số 30" in listed) == (True, True, False)
    assert f"/directives?{at}&as_of=2023-09-25&which=reported" in links(page)
    now = officer.page("/dashboard?year=2023")
    assert f"/directives?{at}&which=overdue" in links(now)
