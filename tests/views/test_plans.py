"""Pages of plans: who may, the list, versions, plan against actual as of a day, what each costs."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from app.clock import today
from app.domain import plans, tasks
from app.domain.access import PERMISSIONS
from app.domain.plans import NewFund, PlanView
from app.domain.plans.flow import PLAN_FLOW
from app.domain.tasks import NewTask
from app.i18n import format_date
from app.models.identity import ROLES
from app.reports.audit import AUDIT_ACTIONS
from app.views import plans as pages
from tests.support.databases import both_engines
from tests.support.doors import check_doors
from tests.support.pages import Visitor, links, words
from tests.support.papers import document
from tests.support.planning import (
    CHECKED,
    fund,
    hamlet_plan,
    new_plan,
    plan,
    returned,
    sent,
    whole_plan,
)
from tests.support.statements import counted
from tests.support.world import MILLION, World, actor, line, post, work

EVERYBODY = frozenset(ROLES)
EDITORS, REPORTERS = PERMISSIONS["plan.edit"], PERMISSIONS["task.report"]
TABLE: dict[str, frozenset[str]] = {
    "GET /plans": EVERYBODY,
    "GET /plans/new": EDITORS,
    "POST /plans/new": EDITORS,
    "GET /plans/{plan_id}": EVERYBODY,
    "GET /plans/{plan_id}/edit": EDITORS,
    "POST /plans/{plan_id}/edit": EDITORS,
    "GET /plans/{plan_id}/actual": EVERYBODY,
    "GET /plans/{plan_id}/tasks": EVERYBODY,
    "GET /plans/{plan_id}/versions": EVERYBODY,
    "GET /plans/{plan_id}/versions/{number}": EVERYBODY,
    "GET /plans/{plan_id}/documents": EVERYBODY,
    "POST /plans/{plan_id}/tasks/{task_id}/progress": REPORTERS,
} | {f"POST /plans/{{plan_id}}/{move.name}": PERMISSIONS[move.action] for move in PLAN_FLOW.moves}


@both_engines
def test_every_page_by_every_role(world: World) -> None:
    made = sent(whole_plan())
    task = plans.whole(actor(), made.id).items[0]
    check_doors(
        pages.routers, TABLE, {"plan_id": made.id, "task_id": task.id, "number": 1},
        elsewhere=lambda allowed: 404 if "accountant" in allowed else 403, typed={"remark": "x", "on": "10/03/2023"},
    )  # fmt: skip
    assert {f"plan.{move.name}" for move in PLAN_FLOW.moves} <= AUDIT_ACTIONS.keys()
    assert Visitor.stranger().get("/plans").headers["location"].startswith("/login?next=")


def test_plan_against_actual_as_of_a_day_and_in_files(world: World) -> None:
    money = line()
    post(money.id, "allocate", 100 * MILLION, "2023-01-05")
    post(money.id, "pay", 60 * MILLION, "2023-03-01")
    made, reader = (
        plan(funds=(NewFund(90 * MILLION, budget_line_id=money.id),)),
        Visitor.logged_in("inspector"),
    )
    path = f"/plans/{made.id}/actual"
    now = words(reader.page(path)).replace("\u00a0", " ")
    assert "60 triệu đồng đã giải ngân trong 100 triệu đồng được giao; kế hoạch 90 triệu đồng" in now
    early = words(reader.page(f"{path}?as_of=28/02/2023")).replace("\u00a0", " ")
    assert "Tính đến hết ngày 28/02/2023 0 đồng đã giải ngân" in early
    for wrong in ("x", "01/01/2999"):
        page = reader.page(f"{path}?as_of={wrong}")
        assert ("e-as_of" in page, f"Tính đến hết ngày {format_date(today())}" in words(page)) == (True, True)
    csv = reader.get(f"{path}?format=csv&as_of=28/02/2023").text
    assert "90000000,100000000,0" in csv
    for file in (f"{path}?format=xlsx", f"/plans/{made.id}/tasks?format=xlsx", "/plans?format=xlsx"):
        assert reader.get(file).content[:2] == b"PK"


def test_versions_are_kept_and_compared(world: World) -> None:
    made, reader = returned(whole_plan()), Visitor.logged_in("inspector")
    path = f"/plans/{made.id}/versions"
    assert "Hai bản giống nhau." in words(reader.page(path))
    plans.update(
        actor("officer"),
        made.id,
        made.version,
        {"items": [NewTask("Việc mới")], "funds": [fund(7 * MILLION)], "title": "Tên mới"},
    )
    said = words(reader.page(f"{path}?from=1"))
    for part in (
        "Thông tin chung đổi Tên kế hoạch", "→ Tên mới", "Việc mới thêm", "Hỗ trợ bò giống bỏ",
        "GNBV.2 · Ngân sách trung ương đổi Số tiền 100.000.000 đ → 7.000.000 đ",
    ):  # fmt: skip
        assert part in said.replace("\u00a0", " "), part
    one = words(reader.page(f"{path}/1"))
    assert ("Hỗ trợ bò giống" in one, "Việc mới" in one, "Phải đạt: 20" in one) == (True, False, True)
    assert reader.get(f"{path}/9").status_code == 404
    assert reader.get(f"{path}?from=9").status_code == 404
    assert "Chưa gửi lần nào" in words(reader.page(f"/plans/{plan().id}/versions"))


def test_the_list_names_what_waits_and_is_narrowed(world: World) -> None:
    draft, away, back = (
        plan(title="Nuôi bò"),
        sent(plan(year=2022, due_on=None)),
        returned(plan(program_code="DTTS")),
    )
    hamlet = hamlet_plan()
    district = words(Visitor.logged_in("huyen").page("/plans"))
    assert f"Chờ ông/bà: 1 {away.title}" in district
    commune = words(Visitor.logged_in("officer").page("/plans"))
    assert f"Bị trả lại, cần sửa và gửi lại: 1 {back.title}" in commune
    assert "Chờ ông/bà" not in commune
    reader = Visitor.logged_in("huyen")
    for query, seen in (
        ("q=nuoi+bo", {draft}), ("kind=model_hamlet", {hamlet}), ("program=DTTS", {back}), ("for_year=2022", {away}),
        ("state=returned", {back}), ("mine=1", {away}), ("unit=20773@legacy", set()),
        ("kind=x&program=x&for_year=x&state=x", {draft, away, back, hamlet}),
    ):  # fmt: skip
        rows = reader.get(f"/plans?format=csv&{query}").text
        assert {p.title for p in (draft, away, back, hamlet) if p.title in rows} == {p.title for p in seen}, (
            query
        )
    assert f"/plans/{draft.id}" in links(reader.page("/plans"))
    assert "/plans?program=GNBV" in links(reader.page("/programs/GNBV"))
    assert "Chưa có kế hoạch nào" in words(Visitor.logged_in("khac").page("/plans"))


def test_the_first_page_says_what_waits(world: World) -> None:
    away, back = sent(plan(year=2022)), returned()
    for who, what in (
        ("huyen", f"{away.title} Chờ thẩm định"),
        ("officer", f"{back.title} Bị trả lại để sửa"),
    ):
        assert what in words(Visitor.logged_in(who).page("/")), who
    for nobody in ("inspector", "accountant", "khac"):
        said = words(Visitor.logged_in(nobody).page("/"))
        assert away.title not in said, nobody
        assert back.title not in said, nobody


def test_documents_stand_on_a_page_of_the_plan(world: World) -> None:
    made = plan()
    paper = document(subject=("plan", made.id))
    page = Visitor.logged_in("officer").page(f"/plans/{made.id}/documents")
    assert f"/documents/{paper.id}" in links(page)
    assert any(h.startswith("/documents/new?") and str(made.id) in h for h in links(page))
    assert f"/plans/{made.id}" in links(Visitor.logged_in("officer").page(f"/documents/{paper.id}"))


def test_pages_speak_english_and_mark_what_is_invented(world: World) -> None:
    made, _ = plans.create(
        actor("officer"), new_plan(items=(NewTask("x", kind="solution"),), funds=(fund(),)), illustrative=True
    )
    sent(made)
    reader = Visitor.logged_in("huyen", lang="en")
    listed = words(reader.page("/plans"))
    assert ("Waiting for you: 1" in listed, "Yearly plan" in listed, "Awaiting appraisal" in listed) == (
        True,
        True,
        True,
    )
    one = words(reader.page(f"/plans/{made.id}"))
    assert "Sent 10 Mar 2023" in one
    assert "Appraisal by the unit above" in one
    assert "Solutions" in one
    for path in ("", "/edit", "/actual", "/tasks", "/versions", "/versions/1", "/documents"):
        page = Visitor.logged_in("officer").page(f"/plans/{made.id}{path}")
        assert "Số liệu minh họa" in words(page), path


def test_no_page_of_plans_says_more_the_more_there_is(world: World) -> None:
    def busy(number: int) -> PlanView:
        money, its = line(year=2023 - number), work(planned_finish=date(2023, 5, 1))
        post(money.id, "allocate", MILLION, "2023-01-05")
        items = [NewTask(f"Việc {i}", work_id=its.id, budget_line_id=money.id) for i in range(number + 1)]
        made = returned(
            plan(items=tuple(items), funds=(NewFund(5, budget_line_id=money.id), fund(source="district")))
        )
        for task in plans.whole(actor(), made.id).items:
            tasks.report(
                actor("officer"),
                ("plan", made.id),
                task.id,
                tasks.NewProgress(uuid.uuid4(), Decimal(5), CHECKED),
            )
        document(subject=("plan", made.id), number=f"{number}/CV", kind="letter")
        return made

    made, visitor = busy(0), Visitor.logged_in("officer")
    paths = ["/plans", "/plans/new?kind=year&unit_code=20770@legacy&program_code=GNBV&year=2023"]
    paths += [
        f"/plans/{made.id}{p}"
        for p in ("", "/edit", "/actual", "/tasks", "/versions", "/versions/1", "/documents")
    ]

    def said() -> dict[str, int]:
        found = {}
        for path in paths:
            visitor.page(path)
            with counted() as statements:
                visitor.page(path)
            found[path] = len(statements)
        return found

    few = said()
    for number in (1, 2):
        busy(number)
    more = said()
    assert {path: n for path, n in more.items() if n > 12} == {}
    assert {path: (few[path], n) for path, n in more.items() if n > few[path]} == {}
