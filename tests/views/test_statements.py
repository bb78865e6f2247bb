"""Pages of works say at most twelve things to the database, however much stands on them."""

from __future__ import annotations

import uuid
from datetime import date

from app.domain import obstacles, works
from app.domain.works import clearance_editing, progress_editing, step_editing
from app.domain.works.progress import MilestoneView
from tests.support.databases import both_engines
from tests.support.pages import Visitor
from tests.support.papers import document
from tests.support.procedure import done, step
from tests.support.statements import counted
from tests.support.world import MILLION, World, actor, contract, line, post, work

MOST = 12
PAGES = (
    "/works/{id}", "/works/{id}/steps", "/works/{id}/steps/{step}", "/works/{id}/dossier", "/works/{id}/documents",
    "/works/{id}/clearance", "/works/{id}/progress", "/works/{id}/contracts", "/works/{id}/settlement",
    "/works/{id}/stage", "/works", "/works?question=behind", "/works?question=unready", "/works/map", "/documents",
    "/obstacles", "/procedures", "/procedures/special/1", "/criteria/sets", "/criteria/sets/NTM-XA-2021-2025",
    "/criteria/sets/NTM-XA-2021-2025/changes?from=NTM-XA-2021-2025", "/criteria/sets/NTM-XA-2021-2025/indicators/2.1",
)  # fmt: skip


def busy_work(number: int) -> works.WorkView:
    """A work of which everything stands in the book."""
    its = work(
        procedure="special", planned_finish=date(2023, 6, 1), lat=15.5, lon=108.0, hamlets=("20770.01",)
    )
    for code in ("list", "dossier"):
        done(its.id, code, date(2023, 2, 10))
    late = step(its.id, "community")
    step_editing.update(actor(), its.id, late.id, late.version, {"due_on": date(2023, 3, 1)})
    made = line(project_code="DTTS.4.1", capital_kind="investment", work_id=its.id)
    signed = contract(its.id)
    post(made.id, "allocate", 100 * MILLION, "2023-01-05")
    post(made.id, "pay", MILLION, f"2023-03-{number + 1:02d}", contract_id=signed.id)
    household = clearance_editing.NewHousehold(uuid.uuid4(), its.id, "H01", "Hồ Văn A", compensation_due=5)
    clearance_editing.create(actor("officer"), household)
    progress_editing.set_milestones(actor(), its.id, [MilestoneView(date(2023, 4, 1), 50)])
    report = progress_editing.NewReport(uuid.uuid4(), its.id, date(2023, 3, 31), 10)
    progress_editing.create(actor(), report)
    document(subject=("work", its.id), number=f"{number}/CV", kind="letter")
    obstacles.create(
        actor(),
        obstacles.NewObstacle(uuid.uuid4(), "work", its.id, "Chưa giao đất", "land"),
    )
    current = works.get(actor(), its.id)
    works.update(
        actor("leader"), its.id, current.version, {"stage": "construction", "override_reason": "Khẩn cấp"}
    )
    return its


@both_engines
def test_no_page_of_works_says_more_the_more_there_is(world: World) -> None:
    its = busy_work(0)
    visitor = Visitor.logged_in("officer")
    paths = [page.format(id=its.id, step=step(its.id, "list").id) for page in PAGES]
    few = {path: said(visitor, path) for path in paths}
    for number in range(1, 4):
        busy_work(number)
    more = {path: said(visitor, path) for path in paths}
    assert {path: n for path, n in (few | more).items() if n > MOST} == {}
    assert {path: (few[path], more[path]) for path in paths if more[path] > few[path]} == {}


def said(visitor: Visitor, path: str) -> int:
    """How many statements a page takes; what only a first visit says (an idle session's stamp) is not its cost."""
    visitor.page(path)
    with counted() as statements:
        visitor.page(path)
    return len(statements)
