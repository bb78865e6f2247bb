"""Writing plans on their pages: drafting from the last one, the form that grows, every move by its button, reports."""

from __future__ import annotations

import re
import uuid
from datetime import date
from decimal import Decimal

import pytest

from app.domain import plans
from app.domain.identity import common, people
from app.domain.plans import PlanView
from app.domain.tasks import NewTask
from app.domain.workflow import Order
from tests.support.pages import Visitor, hidden, links, words
from tests.support.planning import (
    CHECKED,
    DISTRICT,
    fund,
    hamlet_plan,
    plan,
    sent,
    whole_plan,
)
from tests.support.world import MILLION, PASSWORD, World, actor, line, post, work


@pytest.fixture
def chief(world: World) -> Visitor:
    """The leader of the district, who approves."""
    new = people.NewUser("lanhdaohuyen", "Trần Lãnh Đạo", "leader", DISTRICT)
    people.create_user(common.system_actor(), new, PASSWORD)
    return Visitor.logged_in("lanhdaohuyen")


def test_a_yearly_plan_is_drafted_from_the_last_one(world: World) -> None:
    last = whole_plan(year=2022)
    officer = Visitor.logged_in("officer")
    first = officer.page("/plans/new")
    assert 'value="20770.02@legacy"' in first
    query = "kind=year&unit_code=20770%40legacy&program_code=GNBV&year=2023"
    page = officer.page(f"/plans/new?{query}")
    assert f'value="{last.id}" checked' in page
    assert "Đã có kế hoạch cùng loại" not in page
    form = {
        "id": hidden(page, "id"), "kind": "year", "unit_code": "20770@legacy", "program_code": "GNBV", "year": "2023",
        "start_from": str(last.id), "title": "", "responsible": "Ông Ba", "due_on": "32/01/2023",
    }  # fmt: skip
    bad = officer.send_form("/plans/new", **form)
    assert (bad.status_code, 'href="#f-due_on"' in bad.text, 'value="Ông Ba"' in bad.text) == (
        422,
        True,
        True,
    )
    form["due_on"] = "15/03/2023"
    for _ in range(2):
        done = officer.send_form("/plans/new", **form)
        assert (done.status_code, done.headers["location"]) == (303, f"/plans/{form['id']}/edit")
    made = plans.get(actor(), uuid.UUID(form["id"]))
    assert (made.from_plan_id, made.responsible, made.due_on) == (last.id, "Ông Ba", date(2023, 3, 15))
    text = officer.page(done.headers["location"])
    assert ("Hỗ trợ bò giống</textarea>" in text, 'value="100.000.000"' in text) == (True, True)
    again = officer.page(f"/plans/new?{query}")
    assert "Đã có kế hoạch cùng loại, cùng năm" in words(again)
    assert f"/plans/{made.id}" in links(again)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kind=year&unit_code=20770%40legacy&program_code=&year=2023", "program_code"),
        ("kind=year&unit_code=20770%40legacy&program_code=GNBV&year=xx", "year"),
        ("kind=year&unit_code=00001%40legacy&program_code=GNBV&year=2023", "unit_code"),
        ("kind=week&unit_code=20770%40legacy&program_code=GNBV&year=2023", "kind"),
    ],
)
def test_what_is_wrong_with_a_choice_is_said_beside_it(world: World, query: str, field: str) -> None:
    page = Visitor.logged_in("officer").page(f"/plans/new?{query}")
    assert (f'href="#f-{field}"' in page, 'action="/plans/new"' in page) == (True, True)
    assert "Lập dự thảo" not in page


def test_a_model_hamlet_needs_a_hamlet(world: World) -> None:
    officer = Visitor.logged_in("officer")
    form = {
        "id": str(uuid.uuid4()),
        "kind": "model_hamlet",
        "unit_code": "20770@legacy",
        "program_code": "",
        "year": "2025",
    }
    refused = officer.send_form("/plans/new", **form)
    assert (refused.status_code, "lập cho một thôn" in words(refused.text)) == (422, True)
    form["unit_code"] = "20770.02@legacy"
    assert officer.send_form("/plans/new", **form).status_code == 303
    assert plans.get(actor(), uuid.UUID(form["id"])).program_code == "NTM"


def edited(made: PlanView, **values: str) -> dict[str, str]:
    """The form of a plan's text as a browser would send it."""
    page = Visitor.logged_in("officer").page(f"/plans/{made.id}/edit")
    fields = dict(re.findall(r'<input type="hidden" name="([a-z0-9_]+)" value="([^"]*)"', page))
    form = {name: value for name, value in fields.items() if name != "csrf"}
    return form | {"title": made.title, "year": "2023"} | values


def test_the_text_is_written_in_rows_and_what_is_wrong_stands_beside_its_row(world: World) -> None:
    made, officer = plan(), Visitor.logged_in("officer")
    path, road, money = f"/plans/{made.id}/edit", work(), line()
    form = edited(
        made, t0_text="Bê tông hóa", t0_kind="target", t0_quantity="2,5", t0_measure="km", t0_due_on="31/12/2023",
        t0_work_id=str(road.id), t1_text="Vận động", t1_kind="solution", f0_amount="120 triệu",
        f0_budget_line_id=str(money.id), f1_amount="5.000.000", f1_source="people", f1_capital_kind="recurrent",
    )  # fmt: skip
    bad = officer.send_form(path, **(form | {"t0_measure": "", "f1_source": "", "t1_due_on": "x"}))
    assert bad.status_code == 422
    for field in ("f1_source", "t1_due_on"):
        assert f'href="#f-{field}"' in bad.text
    by_domain = officer.send_form(path, **(form | {"t0_measure": ""}))
    assert (by_domain.status_code, 'href="#f-t0_measure"' in by_domain.text) == (422, True)
    assert "Bê tông hóa</textarea>" in by_domain.text
    twins = officer.send_form(
        path, **(form | {"f1_amount": "", "f1_source": "", "f1_capital_kind": "", "f2_amount": "7", "fund_rows": "3",
                         "f2_budget_line_id": str(money.id)}),
    )  # fmt: skip
    assert (twins.status_code, 'href="#f-f2_amount"' in twins.text) == (422, True)
    assert officer.send_form(path, **form).headers["location"] == f"/plans/{made.id}"
    whole = plans.whole(actor(), made.id)
    assert [(t.text, t.kind, t.quantity, t.work_id) for t in whole.items] == [
        ("Bê tông hóa", "target", Decimal("2.5"), road.id), ("Vận động", "solution", None, None),
    ]  # fmt: skip
    assert [(r.fund.source, r.fund.amount) for r in whole.funds] == [
        ("central", 120 * MILLION),
        ("people", 5 * MILLION),
    ]
    page = officer.page(f"/plans/{made.id}")
    assert "125 triệu đồng theo kế hoạch" in words(page).replace("\u00a0", " ")
    assert f"/works/{road.id}" in links(page)


def test_buttons_grow_the_form_and_lose_nothing(world: World) -> None:
    made, officer = plan(funds=(fund(source="district"),)), Visitor.logged_in("officer")
    for source, amount in (("central", 80), ("district", 40)):
        post(line(source=source).id, "allocate", amount * MILLION, "2023-01-05")
    path = f"/plans/{made.id}/edit"
    form = edited(
        made,
        t0_text="Đang gõ",
        f0_amount="9",
        f0_project_code="GNBV.2",
        f0_source="district",
        f0_capital_kind="recurrent",
    )
    more = officer.send_form(path, **form, more="1")
    assert (more.status_code, 'name="t4_text"' in more.text, "Đang gõ</textarea>" in more.text) == (
        200,
        True,
        True,
    )
    funds = officer.send_form(path, **form, more_funds="1")
    assert (funds.status_code, 'name="f5_amount"' in funds.text) == (200, True)
    taken = officer.send_form(path, **form, take="1")
    assert "Đã lấy 1 dòng từ dòng vốn, chưa ghi." in words(taken.text)
    assert ('value="80.000.000"' in taken.text, 'value="40.000.000"' in taken.text, 'value="9"' in taken.text) == (
        True, False, True,
    )  # fmt: skip
    assert plans.get(actor(), made.id).version == 1


def test_a_stale_edit_shows_both_versions_and_loses_nothing(world: World) -> None:
    made, officer = whole_plan(), Visitor.logged_in("officer")
    form = edited(
        made, t0_text="Tôi sửa", t1_text="", f0_amount="7", f0_source="central", f0_capital_kind="recurrent"
    )
    plans.update(actor("leader"), made.id, 1, {"items": [NewTask("Người khác sửa")], "title": "Tên khác"})
    stale = officer.send_form(f"/plans/{made.id}/edit", **form)
    assert stale.status_code == 409
    said = words(stale.text)
    assert ("Người khác sửa" in said, "Tên khác" in said, "GNBV.2 · Ngân sách trung ương" in said) == (
        True,
        True,
        True,
    )
    assert "Tôi sửa</textarea>" in stale.text
    form["version"] = hidden(stale.text, "version")
    assert officer.send_form(f"/plans/{made.id}/edit", **form).status_code == 303
    assert [t.text for t in plans.whole(actor(), made.id).items] == ["Tôi sửa"]


def test_what_was_sent_is_not_edited(world: World) -> None:
    made, officer = sent(whole_plan()), Visitor.logged_in("officer")
    assert "chỉ sửa được khi là dự thảo" in words(officer.page(f"/plans/{made.id}/edit"))
    refused = officer.send_form(f"/plans/{made.id}/edit", **edited(made, t0_text="x"))
    assert (refused.status_code, plans.get(actor(), made.id).version) == (409, made.version)


def buttons(visitor: Visitor, made: PlanView) -> set[str]:
    """The moves that a page offers, and changing it."""
    page = visitor.page(f"/plans/{made.id}")
    moves = set(re.findall(rf'action="/plans/{made.id}/(\w+)"', page))
    return moves | ({"edit"} if f"/plans/{made.id}/edit" in links(page) else set())


def test_each_reader_is_offered_what_they_may_do_now(world: World, chief: Visitor) -> None:
    officer, accountant, checker = (Visitor.logged_in(u) for u in ("officer", "accountant", "huyen"))
    made = hamlet_plan()
    assert (buttons(officer, made), buttons(accountant, made)) == ({"submit", "edit"}, {"edit"})
    assert buttons(checker, made) == set()
    sent(made)
    assert (buttons(officer, made), buttons(checker, made), buttons(chief, made)) == (
        set(), {"appraise", "return"}, {"return"},
    )  # fmt: skip
    plans.move(actor("reviewer", DISTRICT), made.id, "appraise", Order(on=CHECKED))
    assert (buttons(chief, made), buttons(checker, made)) == ({"approve", "return"}, {"return"})
    plans.move(actor("leader", DISTRICT), made.id, "approve", Order(on=CHECKED))
    assert (buttons(chief, made), buttons(officer, made)) == ({"recognise"}, {"revise"})
    assert buttons(Visitor.logged_in("inspector"), made) == set()


def test_the_whole_way_by_the_buttons(world: World, chief: Visitor) -> None:
    made = hamlet_plan()
    path, officer, checker = f"/plans/{made.id}", Visitor.logged_in("officer"), Visitor.logged_in("huyen")
    paper = {"number": "45/TTr-UBND", "date": "09/03/2023", "issuer": "UBND xã"}
    moves: list[tuple[Visitor, str, dict[str, str], str]] = [
        (officer, "submit", paper | {"on": "10/03/2023", "due_on": "20/03/2023"}, "Đã gửi 10/03/2023 Nguyễn Thị Officer, Xã Sông Trà · 45/TTr-UBND ngày 09/03/2023 của UBND xã"),
        (checker, "return", {"remark": "Thiếu vốn đối ứng", "on": "20/03/2023"}, "Bị trả lại ngày 20/03/2023, Huyện Hiệp Đức Thiếu vốn đối ứng"),
        (officer, "submit", {"on": "22/03/2023", "due_on": "30/03/2023"}, "Cấp trên thẩm định hạn 30/03/2023"),
        (checker, "appraise", {"on": "24/03/2023"}, "Đã thẩm định 24/03/2023"),
        (chief, "approve", {"on": "27/03/2023"}, "Đã phê duyệt 27/03/2023"),
        (chief, "recognise", {"on": "27/03/2023"}, "Đã công nhận 27/03/2023"),
    ]  # fmt: skip
    for visitor, move, form, said in moves:
        done = visitor.send_form(f"{path}/{move}", **form)
        assert (done.status_code, done.headers["location"]) == (303, path), move
        assert said in words(officer.page(path)), move
    last = words(officer.page(path))
    assert "Thiếu vốn đối ứng" in last  # stays in what happened
    assert "Bị trả lại ngày" not in last
    assert "bản gửi số 2" in last


def test_a_refused_move_keeps_what_was_typed(world: World) -> None:
    made = sent(plan())
    path, checker, officer = f"/plans/{made.id}", Visitor.logged_in("huyen"), Visitor.logged_in("officer")
    early = checker.send_form(f"{path}/return", remark="Sửa lại vốn", on="09/03/2023")
    assert (early.status_code, 'href="#f-return-on"' in early.text) == (422, True)
    assert "Sửa lại vốn</textarea>" in early.text
    empty = checker.send_form(f"{path}/return", remark=" ", on="20/03/2023")
    assert (empty.status_code, 'href="#f-return-remark"' in empty.text) == (422, True)
    half = checker.send_form(f"{path}/appraise", number="12/BC", on="20/03/2023")
    assert (half.status_code, 'href="#f-appraise-issuer"' in half.text) == (422, True)
    again = officer.send_form(f"{path}/submit", on="20/03/2023", remark="Gửi lần nữa")
    assert (again.status_code, "Gửi lần nữa</textarea>" in again.text) == (409, True)
    assert "Đang ở bước khác" in words(again.text)
    assert plans.get(actor(), made.id).version == made.version


def test_progress_is_reported_on_the_plans_page(world: World) -> None:
    made, officer = whole_plan(), Visitor.logged_in("officer")
    task = plans.whole(actor(), made.id).items[0]
    path = f"/plans/{made.id}/tasks/{task.id}/progress"
    form = {"id": str(uuid.uuid4()), "value": "12,5", "reported_on": "01/09/2023", "note": "Đợt một"}
    bad = officer.send_form(path, **(form | {"value": "nhiều"}))
    assert (
        bad.status_code,
        f'href="#f-report-{task.id}-value"' in bad.text,
        "Đợt một</textarea>" in bad.text,
    ) == (422, True, True)
    for _ in range(2):
        assert officer.send_form(path, **form).headers["location"] == f"/plans/{made.id}"
    assert "12,5/20 con" in words(officer.page(f"/plans/{made.id}"))
    table = words(officer.page(f"/plans/{made.id}/tasks"))
    assert "Hỗ trợ bò giống 01/09/2023 12,5 con · Nguyễn Thị Officer Đợt một" in table
    assert "xong 0 trong 2 việc" in words(officer.page(f"/plans/{made.id}/tasks?as_of=31/08/2023"))
    assert "Đợt một" not in officer.page(f"/plans/{made.id}/tasks?as_of=31/08/2023")
    assert officer.send_form(f"/plans/{made.id}/tasks/{uuid.uuid4()}/progress", **form).status_code == 404
