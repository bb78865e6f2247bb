"""Lists that answer questions: each finds the works that it names, says why, and counts what it lists."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest

from app.domain import works
from app.domain.works import progress_editing, questions, step_editing, steps
from app.domain.works.progress import MilestoneView
from app.domain.works.progress_editing import NewReport
from app.domain.works.register import WorkFilter
from app.i18n import say
from tests.support.book import freeze
from tests.support.procedure import step, up_to
from tests.support.world import MILLION, World, actor, contract, line, post, work

ON = date(2023, 9, 14)


def found(question: str, **more: Any) -> set[uuid.UUID]:
    return {w.id for w in works.works(actor(), WorkFilter(question=question, as_of=ON, **more))}


def why(question: str, work_id: uuid.UUID, lang: str = "vi") -> list[str]:
    listed = works.works(actor(), WorkFilter(question=question, as_of=ON))
    return [say(lang, m) for m in questions.reasons(actor(), listed, question, ON, lang)[work_id]]


def funded(work_id: uuid.UUID, amount: int) -> uuid.UUID:
    made = line(project_code="DTTS.4.1", capital_kind="investment", work_id=work_id)
    post(made.id, "allocate", amount, "2023-01-05")
    return made.id


def enter(work_id: uuid.UUID, stage: str) -> None:
    now = works.get(actor(), work_id)
    works.update(actor(), work_id, now.version, {"stage": stage, "physical_percent": 100})


def test_works_not_fit_to_break_ground_are_named_with_what_they_lack(world: World) -> None:
    bare, ready = work(procedure="special"), work(procedure="special")
    up_to(ready.id, "construction")
    assert found("unready") == {bare.id}
    assert why("unready", bare.id)[:2] == ["Danh mục công trình", "Hồ sơ xây dựng công trình đơn giản"]
    named = [s.name_en for s in steps.steps(actor(), bare.id) if s.gate == "construction"]
    assert why("unready", bare.id, "en") == named


def test_works_behind_are_named_with_what_is_late(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    late, stepped, slow, fine = (
        work(procedure="special", planned_finish=date(2023, 12, 31)) for _ in range(4)
    )
    works.update(actor(), late.id, 1, {"planned_finish": date(2023, 9, 1)})
    first = step(stepped.id, "list")
    step_editing.update(actor(), stepped.id, first.id, 1, {"due_on": date(2023, 9, 4)})
    progress_editing.set_milestones(actor(), slow.id, [MilestoneView(date(2023, 9, 10), 60)])
    progress_editing.create(actor(), NewReport(uuid.uuid4(), slow.id, date(2023, 9, 12), 35))
    freeze(monkeypatch, ON)
    assert found("behind") == {late.id, stepped.id, slow.id}
    assert why("behind", late.id) == ["quá hạn hoàn thành 13 ngày"]
    assert why("behind", stepped.id) == ["bước “Danh mục công trình” quá hạn 10 ngày"]
    assert why("behind", stepped.id, "en") == [f"step “{first.name_en}” 10 days overdue"]
    assert why("behind", slow.id) == ["kế hoạch 60 %, mới đạt 35 %"]
    works.update(actor(), late.id, 2, {"stage": "cancelled"})
    assert late.id not in found("behind")
    assert fine.id not in found("behind")


def test_works_with_money_and_no_contract_are_named(world: World) -> None:
    bare, signed, poor = work(), work(), work()
    funded(bare.id, 300 * MILLION)
    funded(signed.id, 300 * MILLION)
    contract(signed.id)
    line(project_code="DTTS.4.1", capital_kind="investment", work_id=poor.id)
    assert found("uncontracted") == {bare.id}
    assert why("uncontracted", bare.id) == ["đã giao 300.000.000 đ, chưa có hợp đồng"]


def test_finished_works_are_named_until_they_are_settled(world: World) -> None:
    done, going = work(procedure="special"), work(procedure="special")
    for each, gate in ((done, "completed"), (going, "construction")):
        up_to(each.id, gate, date(2023, 3, 10))
        for stage in ("construction", "completed")[: 1 + (gate == "completed")]:
            enter(each.id, stage)
    assert found("unsettled") == {done.id}
    assert why("unsettled", done.id) == ["xong 10/03/2023, 188 ngày chưa quyết toán"]


def test_counts_are_those_of_the_lists_and_so_is_the_money(world: World) -> None:
    bare = work(procedure="special", planned_finish=date(2023, 9, 1))
    funded(bare.id, 300 * MILLION)
    other = work(procedure="special")
    up_to(other.id, "construction")
    funded(other.id, 50 * MILLION)
    contract(other.id)
    theirs = work(actor(unit="00001@legacy"), owner_unit_code="00001@legacy", planned_finish=date(2023, 1, 1))
    unit = world.unit("20770@legacy").id
    answers = questions.answers(actor(), unit, ON)
    assert [(a.question, a.works, a.available) for a in answers] == [
        ("unready", 1, 300 * MILLION), ("behind", 1, 300 * MILLION), ("uncontracted", 1, 300 * MILLION),
        ("unsettled", 0, 0),
    ]  # fmt: skip
    assert {a.question: a.works for a in answers} == {q: len(found(q)) for q in questions.QUESTIONS}
    assert theirs.id not in found("behind")
    assert questions.answers(actor(unit="20776@legacy"), unit, ON)[0].works == 0
