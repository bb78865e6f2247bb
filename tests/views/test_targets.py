"""Pages of targets: who may, the list with what is off track, setting one with its roadmap, reports, giving it up."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain import targets
from app.domain.access import PERMISSIONS
from app.domain.criteria.proposed import NewCriterion
from app.domain.tasks import NewTask
from app.models.identity import ROLES
from app.views import targets as pages
from tests.support.assessing import COMMUNE, DUE, aim, meet
from tests.support.book import freeze
from tests.support.criteria import added, indicator
from tests.support.databases import both_engines
from tests.support.doors import check_doors
from tests.support.pages import Visitor, hidden, links, words
from tests.support.statements import counted
from tests.support.world import MILLION, World, actor, line, post, work

EVERYBODY = frozenset(ROLES)
EDITORS, REPORTERS = PERMISSIONS["target.edit"], PERMISSIONS["task.report"]
TABLE: dict[str, frozenset[str]] = {
    "GET /targets": EVERYBODY,
    "GET /targets/new": EDITORS,
    "POST /targets/new": EDITORS,
    "GET /targets/{target_id}": EVERYBODY,
    "GET /targets/{target_id}/edit": EDITORS,
    "POST /targets/{target_id}/edit": EDITORS,
    "POST /targets/{target_id}/drop": EDITORS,
    "POST /targets/{target_id}/tasks/{task_id}/progress": REPORTERS,
}
NOW = date(2023, 9, 14)


@pytest.fixture(autouse=True)
def in_2023(monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, NOW)


def roadmap(**values: Any) -> targets.TargetView:
    """A target with one task that is late and one that is half done."""
    tasks = (
        NewTask("Xin chủ trương", due_on=date(2023, 6, 1), responsible="Lê Văn Bình"),
        NewTask("Xây nhà văn hóa", measure="nhà", quantity=Decimal(2)),
    )
    return aim(6, tasks=tasks, **values)


@both_engines
def test_every_page_by_every_role(world: World) -> None:
    made = roadmap()
    check_doors([pages.router], TABLE, {"target_id": made.id, "task_id": made.tasks[0].id})
    assert Visitor.stranger().get("/targets").headers["location"].startswith("/login?next=")


def test_what_is_off_track_is_named_before_the_list(world: World) -> None:
    late = roadmap(due_on=date(2023, 8, 31), responsible="")
    aim(17, responsible="Trần Văn Hòa", tasks=(NewTask("Thu gom rác"),))
    page = Visitor.logged_in("officer").page("/targets")
    said = words(page)
    assert (
        "Chậm: 1 chỉ tiêu 6. Cơ sở vật chất văn hóa, Xã Sông Trà : quá hạn 14 ngày; chưa ai phụ trách; 1 việc chậm"
        in said
    )
    assert "17. Môi trường và an toàn thực phẩm" in said
    assert f"/targets/{late.id}" in links(page)
    filtered = words(Visitor.logged_in("officer").page("/targets?state=open"))
    assert ("Cơ sở vật chất" in filtered, "Môi trường" in filtered) == (False, True)
    english = words(Visitor.logged_in("leader", "en").page("/targets"))
    assert "Off track: 1 targets 6. Cultural facilities" in english
    assert "Không có chỉ tiêu nào khớp" in words(Visitor.logged_in("officer").page("/targets?due=2030"))


def test_a_target_is_set_with_its_roadmap(world: World) -> None:
    meet(7)
    its = work()
    officer = Visitor.logged_in("officer")
    page = officer.page("/targets/new")
    assert ('value="6"' in page, 'value="7"' in page, 'value="commune"' in page) == (True, False, True)
    assert 'value="model_hamlet"' not in page
    form = {
        "id": hidden(page, "id"), "unit": hidden(page, "unit"), "rows": "2", "aim": "6", "due_on": "31/12/2023",
        "responsible": "Trần Văn Hòa", "basis": "Kế hoạch 45/KH-UBND", "note": "", "t0_text": "Xây nhà văn hóa",
        "t0_due_on": "30/11/2023", "t0_work_id": str(its.id), "t1_text": "", "t1_quantity": "5",
    }  # fmt: skip
    more = officer.send_form("/targets/new", **form, more="1")
    assert (more.status_code, more.text.count('_text" rows'), "Xây nhà văn hóa</textarea>" in more.text) == (
        200,
        5,
        True,
    )
    for change, field in (
        ({"due_on": ""}, "due_on"), ({"t0_due_on": "30/13/2023"}, "t0_due_on"), ({"t0_quantity": "-1"}, "t0_quantity"),
        ({"t0_quantity": "5"}, "t0_measure"), ({"t0_work_id": str(uuid.uuid4())}, "t0_work_id"), ({"aim": ""}, "aim"),
        ({"aim": "99"}, "aim"),
    ):  # fmt: skip
        bad = officer.send_form("/targets/new", **(form | change))
        assert (bad.status_code, f'href="#f-{field}"' in bad.text) == (422, True), change
        assert "Xây nhà văn hóa</textarea>" in bad.text
    for _ in range(2):
        done = officer.send_form("/targets/new", **form)
        assert (done.status_code, done.headers["location"]) == (303, f"/targets/{form['id']}")
    made = targets.get(actor("officer"), uuid.UUID(form["id"]))
    assert [(t.text, t.work_id, t.due_on) for t in made.tasks] == [
        ("Xây nhà văn hóa", its.id, date(2023, 11, 30))
    ]
    assert its.name in words(officer.page(f"/targets/{made.id}"))


def test_a_hamlet_aims_at_becoming_a_model(world: World) -> None:

    one = NewCriterion(1, "Thu nhập", (indicator("1.1", "judgment"),))
    added("THON-MAU", one, level="hamlet", valid_from=date(2021, 1, 1))
    officer = Visitor.logged_in("officer")
    assert "/targets/new?unit=20770.01%40legacy" in links(officer.page("/targets/new"))
    page = officer.page("/targets/new?unit=20770.01%40legacy")
    assert ('value="model_hamlet"' in page, 'value="commune"' in page) == (True, False)
    form = {
        "id": hidden(page, "id"),
        "unit": "20770.01@legacy",
        "rows": "2",
        "aim": "model_hamlet",
        "due_on": "31/12/2024",
    }
    assert officer.send_form("/targets/new", **form).status_code == 303
    said = words(officer.page("/targets"))
    assert "Thôn nông thôn mới kiểu mẫu" in said
    assert "Thôn Trà Sơn" in said


def test_a_target_is_changed_under_its_version_and_keeps_its_reports(world: World) -> None:
    made = roadmap()
    officer, path = Visitor.logged_in("officer"), f"/targets/{made.id}"
    sent = {"id": str(uuid.uuid4()), "value": "1", "reported_on": "01/09/2023", "note": "Xong một nhà"}
    task = made.tasks[1].id
    assert officer.send_form(f"{path}/tasks/{task}/progress", **sent).status_code == 303
    assert "1/2 nhà" in words(officer.page(path))
    page = officer.page(f"{path}/edit")
    form = {
        "version": hidden(page, "version"), "rows": "4", "due_on": "30/11/2023", "responsible": "Lê Văn Bình",
        "t0_id": str(task), "t0_text": "Xây hai nhà văn hóa", "t0_quantity": "2", "t0_measure": "nhà",
    }  # fmt: skip
    assert officer.send_form(f"{path}/edit", **form).status_code == 303
    changed = targets.get(actor("officer"), made.id)
    assert [(t.id, t.text, t.value) for t in changed.tasks] == [(task, "Xây hai nhà văn hóa", Decimal(1))]
    stale = officer.send_form(f"{path}/edit", **(form | {"responsible": "Ai khác"}))
    assert stale.status_code == 409
    assert ("Bản hiện tại" in stale.text, 'value="Ai khác"' in stale.text, "Lê Văn Bình" in stale.text) == (
        True,
    ) * 3
    wrong = officer.send_form(
        f"{path}/tasks/{task}/progress", **(sent | {"id": str(uuid.uuid4()), "reported_on": "01/10/2023"})
    )
    assert (
        wrong.status_code,
        f'href="#f-{task}-reported_on"' in wrong.text,
        "Xong một nhà</textarea>" in wrong.text,
    ) == (422, True, True)


def test_its_money_is_that_of_what_it_is_tied_to(world: World) -> None:
    its = work()
    made = line(project_code="DTTS.4.1", capital_kind="investment", work_id=its.id)
    post(made.id, "allocate", 500 * MILLION, "2023-01-05")
    tied = aim(6, tasks=(NewTask("Xây", work_id=its.id), NewTask("Trả tiền", budget_line_id=made.id)))
    said = words(Visitor.logged_in("officer").page(f"/targets/{tied.id}"))
    assert "giải ngân trong 500 triệu đồng" in said


def test_giving_it_up_needs_a_reason_and_stays_on_record(world: World) -> None:
    made = aim(6)
    officer, path = Visitor.logged_in("officer"), f"/targets/{made.id}"
    bad = officer.send_form(f"{path}/drop", reason="", on="14/09/2023")
    assert (bad.status_code, 'href="#f-drop-reason"' in bad.text) == (422, True)
    assert officer.send_form(f"{path}/drop", reason="Huyện điều chỉnh", on="14/09/2023").status_code == 303
    page = officer.page(path)
    assert "Bỏ từ 14/09/2023: Huyện điều chỉnh" in words(page)
    assert f"{path}/edit" not in links(page)
    again = officer.send_form(f"{path}/edit", version=str(made.version + 1), rows="2", due_on="31/12/2023")
    assert (again.status_code, "Chỉ tiêu này đã bỏ từ 14/09/2023" in again.text) == (409, True)


def test_pages_say_no_more_the_more_there_is(world: World) -> None:
    made, officer = roadmap(), Visitor.logged_in("officer")
    paths = (
        "/targets",
        f"/targets/{made.id}",
        f"/targets/{made.id}/edit",
        "/targets/new",
        f"/criteria?unit={COMMUNE}",
    )

    def said() -> dict[str, int]:
        found = {}
        for path in paths:
            officer.page(path)
            with counted() as statements:
                officer.page(path)
            found[path] = len(statements)
        return found

    few = said()
    for number in (1, 2, 17):
        aim(number, due_on=DUE, tasks=(NewTask("Một việc"), NewTask("Việc nữa")))
    more = said()
    assert {path: n for path, n in more.items() if n > 12} == {}
    assert {path: (few[path], n) for path, n in more.items() if n > few[path]} == {}
