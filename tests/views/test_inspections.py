"""Pages of inspections: who may, the year's plan, a visit from its checklist to its demands, the unit's report."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

from app.domain import inspections
from app.domain.access import PERMISSIONS
from app.domain.identity import common, people
from app.domain.inspections import (
    InspectionFilter,
    InspectionView,
    NewFinding,
    NewInspection,
    NewReport,
)
from app.models.identity import ROLES
from app.views import inspections as pages
from tests.support.databases import both_engines
from tests.support.doors import check_doors
from tests.support.pages import Visitor, hidden, links, words
from tests.support.statements import counted
from tests.support.world import MILLION, PASSWORD, World, actor, line, post, work

EVERYBODY = frozenset(ROLES)
EDITORS, REPORTERS, GIVERS = (
    PERMISSIONS[action] for action in ("inspection.edit", "inspection.answer", "directive.give")
)
OF = "/inspections/{inspection_id}"
TABLE: dict[str, frozenset[str]] = {
    "GET /inspections": EVERYBODY,
    "GET /inspections/plan": EDITORS,
    "POST /inspections/plan": EDITORS,
    f"GET {OF}": EVERYBODY,
    f"POST {OF}/hold": EDITORS,
    f"POST {OF}/cancel": EDITORS,
    f"GET {OF}/documents": EVERYBODY,
    f"GET {OF}/edit": EDITORS,
    f"POST {OF}/edit": EDITORS,
    f"GET {OF}/conclude": EDITORS,
    f"POST {OF}/conclude": EDITORS,
    f"GET {OF}/checklist": EVERYBODY,
    f"POST {OF}/checklist": EDITORS,
    f"GET {OF}/findings": EVERYBODY,
    f"POST {OF}/findings": EDITORS,
    "GET /findings/{finding_id}": EVERYBODY,
    f"POST {OF}/findings/{{finding_id}}/withdraw": EDITORS,
    f"GET {OF}/demands": GIVERS,
    f"POST {OF}/demands": GIVERS,
    f"GET {OF}/reports": EVERYBODY,
    f"GET {OF}/reports/new": REPORTERS,
    f"POST {OF}/reports/new": REPORTERS,
    f"GET {OF}/reports/{{report_id}}": EVERYBODY,
}
DISTRICT, DAY = "512@legacy", date(2023, 9, 14)


def planned(**values: Any) -> InspectionView:
    ask: dict[str, Any] = {"id": uuid.uuid4(), "unit_code": "20770@legacy", "date": DAY}
    return inspections.create(actor("leader", DISTRICT), NewInspection(**(ask | values)))[0]


def held() -> InspectionView:
    return inspections.hold(actor("leader", DISTRICT), planned().id, DAY)


def leader() -> Visitor:
    """The leader of the district."""
    person = people.NewUser("lanhdaohuyen", "Hoàng Văn Hùng", "leader", DISTRICT)
    people.create_user(common.system_actor(), person, PASSWORD)
    return Visitor.logged_in("lanhdaohuyen")


@both_engines
def test_every_page_by_every_role(world: World) -> None:
    made, finding = held(), NewFinding(uuid.uuid4(), "Thiếu sổ họp", wanting=True)
    inspections.find(actor("leader", DISTRICT), made.id, finding)
    sent, _ = inspections.send(actor("officer"), made.id, NewReport(uuid.uuid4(), DAY, results="Đã họp"))
    ids = {"inspection_id": made.id, "finding_id": finding.id, "report_id": sent.id}
    check_doors(pages.routers, TABLE, ids, elsewhere=lambda allowed: 404 if "accountant" in allowed else 403)
    assert Visitor.stranger().get("/inspections").headers["location"].startswith("/login?next=")


def test_a_year_is_planned_in_one_form(world: World) -> None:
    huyen = Visitor.logged_in("huyen")
    page = huyen.page("/inspections/plan?for_year=2023")
    form = {
        "rows": "4", "year": "2023", "i0_id": hidden(page, "i0_id"), "i0_unit_code": "20770@legacy",
        "i0_date": "14/09/2023", "i2_id": hidden(page, "i2_id"), "i2_unit_code": "20773@legacy", "i2_title": "Kiểm tra chuyên đề",
    }  # fmt: skip
    more = huyen.send_form("/inspections/plan", **form, more="1")
    assert (more.status_code, 'name="i7_unit_code_find"' in more.text, "Kiểm tra chuyên đề" in more.text) == (
        200,
        True,
        True,
    )
    for wrong, field in (
        ({"i2_unit_code": ""}, "i2_unit_code"),
        ({"i0_date": "31/02/2023"}, "i0_date"),
        ({"i2_unit_code": "00001@legacy"}, "i2_unit_code"),
    ):
        bad = huyen.send_form("/inspections/plan", **(form | wrong))
        assert (bad.status_code, f'href="#f-{field}"' in bad.text) == (422, True), wrong
        assert "Kiểm tra chuyên đề" in bad.text
    for _ in range(2):
        done = huyen.send_form("/inspections/plan", **form)
        assert (done.status_code, done.headers["location"]) == (303, "/inspections?for_year=2023")
    assert len(inspections.inspections(actor("reviewer", DISTRICT), InspectionFilter(year=2023))) == 2
    listed = words(huyen.page("/inspections?for_year=2023"))
    assert "2 cuộc: 2 trong kế hoạch" in listed
    assert "1 cuộc đã qua ngày dự kiến mà chưa ghi ngày kiểm tra." in listed
    commune = words(Visitor.logged_in("officer").page("/inspections?q=cong+tac"))
    assert ("Kiểm tra chuyên đề" in commune, "1 cuộc: 1 trong kế hoạch" in commune) == (False, True)
    assert "không có cấp dưới để kiểm tra" in words(Visitor.logged_in("leader").page("/inspections/plan"))
    # A province plans for the communes of its districts too: the unit is found by words, wherever it lies below.
    people.create_user(
        common.system_actor(), people.NewUser("tinh", "Phan B", "leader", "49@legacy"), PASSWORD
    )
    tinh = Visitor.logged_in("tinh")
    several = tinh.send_form(
        "/inspections/plan", rows="1", year="2024", i0_id=str(uuid.uuid4()), i0_unit_code_find="xa"
    )
    assert (several.status_code, 'value="20770@legacy"' in several.text) == (422, True)
    found = {"rows": "1", "year": "2024", "i0_id": str(uuid.uuid4()), "i0_unit_code_find": "song tra"}
    assert "Xã Sông Trà" in words(tinh.send_form("/inspections/plan", **found, more="1").text)
    assert tinh.send_form("/inspections/plan", **found).status_code == 303
    (made,) = inspections.inspections(actor("leader", "49@legacy"), InspectionFilter(year=2024))
    assert (made.unit_code, made.by_code) == ("20770", "49")
    refused = Visitor.logged_in("leader").send_form(
        "/inspections/plan", **(form | {"i0_id": str(uuid.uuid4()), "i2_unit_code": "", "i2_title": ""})
    )
    assert (refused.status_code, "Chỉ cấp trên kiểm tra" in refused.text) == (409, True)


def test_from_the_checklist_to_the_demands(world: World) -> None:
    its, made, boss = work(procedure="special", name="Đường Trà Huỳnh"), planned(), leader()
    path = f"/inspections/{made.id}"
    assert f"{path}/edit" in links(boss.page(path))
    page = boss.page(f"{path}/edit")
    edit = {
        "version": hidden(page, "version"), "title": made.title, "year": "2023", "date": "14/09/2023", "number": "596/QĐ-UBND",
        "decided_on": "17/08/2023", "issuer": "UBND huyện Hiệp Đức", "team_name": "Đoàn kiểm tra số 2", "lead": "Hoàng Văn Hùng",
        "lead_title": "UV BTV - Phó Chủ tịch UBND huyện", "team": "Phan A; Phòng TC-KH; thư ký\nPhan B, Phòng TN&MT",
    }  # fmt: skip
    bad = boss.send_form(f"{path}/edit", **(edit | {"issuer": ""}))
    assert (bad.status_code, 'href="#f-issuer"' in bad.text, "Phan A" in bad.text) == (422, True, True)
    assert boss.send_form(f"{path}/edit", **edit).status_code == 303
    stale = boss.send_form(f"{path}/edit", **edit)
    assert (stale.status_code, "Phan B" in stale.text) == (409, True)
    beside = boss.send_form(f"{path}/edit", **(edit | {"team_name": "Đoàn số 3", "decided_on": "18/08/2023"}))
    shown = words(beside.text[beside.text.index('class="missing"') : beside.text.index('name="version"')])
    assert "vừa sửa Đoàn kiểm tra Đoàn kiểm tra số 2 Ngày quyết định 17/08/2023 " in shown
    whole = inspections.whole(actor("leader", DISTRICT), made.id)
    assert [(p.person, p.title, p.role) for p in whole.team] == [
        ("Phan A", "Phòng TC-KH", "secretary"),
        ("Phan B", "Phòng TN&MT", "member"),
    ]
    page = boss.page(f"{path}/checklist")
    typed = {"version": hidden(page, "version"), "rows": "2", "c0_text": "Biên bản họp", "prepare": "1"}
    prepared = boss.send_form(f"{path}/checklist", **typed)
    assert (prepared.status_code, "Biên bản họp</textarea>" in prepared.text) == (200, True)
    assert "Đường Trà Huỳnh: chưa đủ điều kiện khởi công" in prepared.text
    page = boss.page(f"{path}/checklist")
    assert ("Đường Trà Huỳnh: chưa đủ điều kiện khởi công" in page, f"/works/{its.id}" in links(page)) == (
        True,
        True,
    )
    assert "Chưa có nội dung kiểm tra nào" in words(Visitor.logged_in("officer").page(f"{path}/checklist"))
    wrong = boss.send_form(f"{path}/hold", on="01/01/2999")
    assert (wrong.status_code, 'href="#f-on"' in wrong.text) == (422, True)
    assert boss.send_form(f"{path}/hold", on="14/09/2023").status_code == 303
    page = boss.page(f"{path}/checklist")
    rows = {name: hidden(page, name) for name in ("version", "rows", "c0_id", "c0_subject")}
    ticked = rows | {
        "c0_text": "Hồ sơ Đường Trà Huỳnh",
        "c0_result": "not_met",
        "c0_note": "Thiếu phê duyệt",
        "c1_text": "Sổ họp",
    }
    assert boss.send_form(f"{path}/checklist", **ticked).status_code == 303
    assert boss.send_form(f"{path}/checklist", **ticked).status_code == 409
    seen = words(Visitor.logged_in("officer").page(f"{path}/checklist"))
    assert "Hồ sơ Đường Trà Huỳnh Chưa đạt" in seen
    page = boss.page(f"{path}/findings")
    found = {"id": hidden(page, "id"), "kind": "wanting", "text": "Thiếu sổ họp", "subject": f"work:{its.id}"}
    bad = boss.send_form(f"{path}/findings", **(found | {"kind": ""}))
    assert (bad.status_code, 'href="#f-kind"' in bad.text, "Thiếu sổ họp</textarea>" in bad.text) == (
        422,
        True,
        True,
    )
    assert boss.send_form(f"{path}/findings", **found).status_code == 303
    assert f"/documents/new?subject=finding%3A{found['id']}" in " ".join(links(boss.page(f"{path}/findings")))
    said = {"text": "Yêu cầu xã họp Ban chỉ đạo hằng tháng.", "number": "120/TB-UBND", "on": "14/09/2023"}
    assert boss.send_form(f"{path}/conclude", **(said | {"text": ""})).status_code == 422
    assert boss.send_form(f"{path}/conclude", **said).status_code == 303
    page = boss.page(f"{path}/demands")
    demand = {
        "rows": "3", "d0_id": hidden(page, "d0_id"), "d0_text": "Họp hằng tháng", "d0_quote": said["text"],
        "d0_assignee": "unit:20770@legacy", "d0_due_on": "31/10/2023", "d1_id": hidden(page, "d1_id"), "d1_text": "Lập sổ họp",
        "d1_assignee": "unit:20770@legacy", "d1_due_on": "01/09/2023",
    }  # fmt: skip
    early = boss.send_form(f"{path}/demands", **demand)
    assert (early.status_code, 'href="#f-d1_due_on"' in early.text, "Lập sổ họp" in early.text) == (
        422,
        True,
        True,
    )
    assert inspections.given(actor("leader"), made.id) == []
    for _ in range(2):
        assert boss.send_form(f"{path}/demands", **(demand | {"d1_due_on": "15/10/2023"})).status_code == 303
    assert [d.text for d in inspections.given(actor("leader"), made.id)] == ["Họp hằng tháng", "Lập sổ họp"]
    (guide,) = inspections.demand(
        actor("leader", DISTRICT), made.id,
        [inspections.Demand(uuid.uuid4(), "Hướng dẫn xã", date(2023, 10, 1), "unit", unit_code=DISTRICT)],
    )  # fmt: skip
    page = Visitor.logged_in("officer").page(path)
    shown = words(page)
    assert f"/directives/{guide.id}" not in links(page)
    for part in (
        "Quyết định 596/QĐ-UBND ngày 17/08/2023",
        "Hoàng Văn Hùng, UV BTV",
        "Thiếu sổ họp tồn tại",
        "Yêu cầu đã giao: 3",
        "Hướng dẫn xã",
        "120/TB-UBND",
    ):
        assert part in shown
    later = planned(date=date(2023, 12, 1))
    assert "Yêu cầu của các lần kiểm tra trước, đến ngày 01/12/2023 Họp hằng tháng" in words(
        boss.page(f"/inspections/{later.id}")
    )


def test_one_is_called_off_from_its_page(world: World) -> None:
    made, boss = planned(), leader()
    path = f"/inspections/{made.id}"
    bad = boss.send_form(f"{path}/cancel", reason="")
    assert (bad.status_code, 'href="#f-reason"' in bad.text) == (422, True)
    assert boss.send_form(f"{path}/cancel", reason="Dời sang năm sau").status_code == 303
    page = boss.page(path)
    assert "Cuộc kiểm tra này đã hủy. Dời sang năm sau" in words(page)
    assert (f"{path}/edit" in links(page), "Việc tiếp theo" in page) == (False, False)
    listed = words(boss.page("/inspections?for_year=2023"))
    assert ("đã hủy" in listed, "quá ngày dự kiến" in listed) == (True, False)
    assert f"{path}/reports/new" not in links(Visitor.logged_in("officer").page(path))


def test_the_unit_looks_at_its_figures_and_sends_them(world: World) -> None:
    made, officer, money = planned(), Visitor.logged_in("officer"), line()
    post(money.id, "allocate", 100 * MILLION, "2023-01-05")
    path = f"/inspections/{made.id}/reports"
    page = officer.page(f"{path}/new")
    form = {
        "id": hidden(page, "id"),
        "as_of": "10/09/2023",
        "results": "",
        "difficulties": "",
        "proposals": "Đề nghị huyện hỗ trợ",
    }
    look = officer.send_form(f"{path}/new", **(form | {"as_of": "01/01/2023", "look": "1"}))
    assert (look.status_code, "Đề nghị huyện hỗ trợ" in look.text) == (200, True)
    assert "Số liệu tính đến hết ngày 01/01/2023" in words(look.text)
    ahead = officer.send_form(f"{path}/new", **(form | {"as_of": "01/01/2999"}))
    assert (ahead.status_code, 'href="#f-as_of"' in ahead.text, "Đề nghị huyện hỗ trợ" in ahead.text) == (
        422,
        True,
        True,
    )
    sent = officer.send_form(f"{path}/new", **form)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{path}/{form['id']}")
    post(money.id, "pay", 30 * MILLION, "2023-03-01")
    frozen = words(Visitor.logged_in("huyen").page(sent.headers["location"])).replace("\u00a0", " ")
    assert "0 đồng đã giải ngân trong 100 triệu đồng được giao" in frozen
    assert "Đề nghị huyện hỗ trợ" in frozen
    assert f"{path}/new" not in links(Visitor.logged_in("huyen").page(path))
    english = words(Visitor.logged_in("officer", "en").page(sent.headers["location"]))
    assert "The figures stay as they were then" in english


def test_no_page_says_more_than_twelve_things(world: World) -> None:
    before, made, boss = held(), planned(), leader()
    for text in ("Một", "Hai"):
        inspections.demand(
            actor("leader", DISTRICT), before.id,
            [inspections.Demand(uuid.uuid4(), text, date(2023, 10, 1), "unit", unit_code="20770@legacy")],
        )  # fmt: skip
    its, money = work(procedure="special"), line()
    post(money.id, "allocate", 100 * MILLION, "2023-01-05")
    inspections.hold(actor("leader", DISTRICT), made.id, DAY)
    inspections.prepare(actor("leader", DISTRICT), made.id)
    for kind, id_ in (("work", str(its.id)), ("line", str(money.id)), ("criterion", "17")):
        inspections.find(actor("leader", DISTRICT), made.id, NewFinding(uuid.uuid4(), "x", True, kind, id_))
    inspections.conclude(actor("leader", DISTRICT), made.id, inspections.Conclusion("x", on=DAY))
    path = f"/inspections/{made.id}"
    told = {}
    for page in (
        "/inspections",
        "/inspections/plan",
        path,
        f"{path}/checklist",
        f"{path}/findings",
        f"{path}/demands",
        f"{path}/reports",
        f"{path}/documents",
        f"{path}/edit",
    ):
        boss.page(page)
        with counted() as statements:
            boss.page(page)
        told[page] = len(statements)
    assert {page: n for page, n in told.items() if n > 12} == {}
    officer = Visitor.logged_in("officer")
    officer.page(f"{path}/reports/new")
    with counted() as statements:
        officer.page(f"{path}/reports/new")
    assert len(statements) <= 12
    assert re.search("Các cuộc kiểm tra", officer.page("/more"))
