"""A work's stages: entered when nothing is missing, or by a named officer's word that stays on record."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app import db
from app.clock import today
from app.domain import audit, works
from app.domain.works import clearance_editing, readiness, stages, step_editing
from app.domain.works.register import WorkFilter
from app.errors import Conflict, Forbidden, Invalid, RuleBroken
from app.models.procedures import StageOverride
from app.models.works import Work
from tests.support.book import execute, fails, refused
from tests.support.procedure import done, step, up_to
from tests.support.world import MILLION, World, actor, contract, line, post, work


def missing(work_id: Any) -> list[tuple[str, str | None]]:
    return [(m.rule, m.step_code) for m in works.get(actor(), work_id).missing]


def enter(work_id: Any, stage: str, role: str = "officer", **more: Any) -> works.WorkView:
    who = actor(role)
    return works.update(who, work_id, works.get(who, work_id).version, {"stage": stage, **more})


def test_what_bars_the_ground_is_every_step_before_it_by_name(world: World) -> None:
    its = work(procedure="ordinary")
    before = (
        "policy", "report", "community", "appraisal", "approval", "selection_plan", "selection", "contract",
        "clearance", "start",
    )  # fmt: skip
    assert missing(its.id) == [("step", code) for code in before]
    first = works.get(actor(), its.id).missing[0]
    assert (first.said("vi"), first.said("en")) == (
        "Chủ trương đầu tư, danh mục trung hạn", "Investment policy, medium-term list"
    )  # fmt: skip
    assert (first.lacks, first.who) == (("investment_policy",), "Chủ đầu tư")
    done(its.id, "policy")
    assert missing(its.id) == [("step", code) for code in before[1:]]


def test_a_stage_is_refused_with_the_same_list_and_entered_once_it_is_empty(world: World) -> None:
    its = work(procedure="ordinary")
    with pytest.raises(stages.StageBarred) as barred:
        enter(its.id, "construction")
    assert (barred.value.rule, barred.value.facts["n"]) == ("stage_missing", 10)
    assert barred.value.missing == works.get(actor(), its.id).missing
    up_to(its.id, "construction", date(2023, 3, 20))
    assert missing(its.id) == []
    entered = enter(its.id, "construction")
    assert (entered.stage, entered.started_on) == ("construction", date(2023, 3, 20))
    assert [m.rule for m in entered.missing] == ["step", "physical"]  # of the next stage


def test_stages_cannot_be_jumped_over(world: World) -> None:
    its = work(procedure="special")
    up_to(its.id, "construction")
    with pytest.raises(stages.StageBarred) as barred:
        enter(its.id, "handed_over")
    assert [m.step_code or m.rule for m in barred.value.missing] == ["building", "physical", "handover"]
    up_to(its.id, "handed_over")
    assert enter(its.id, "handed_over", physical_percent=100).stage == "handed_over"


def test_a_leader_lets_it_pass_with_a_reason_that_stays(world: World) -> None:
    its = work(procedure="special")
    for role, more, fault in (
        ("officer", {"override_reason": "Mưa bão sắp đến"}, Forbidden),
        ("leader", {"override_reason": "   "}, Invalid),
        ("leader", {}, stages.StageBarred),
    ):
        with fails(fault):
            enter(its.id, "construction", role, **more)
    entered = enter(its.id, "construction", "leader", override_reason="Khắc phục sạt lở khẩn cấp")
    assert entered.stage == "construction"
    (kept,) = stages.overrides(actor(), its.id)
    assert (kept.stage, kept.reason, kept.by) == ("construction", "Khắc phục sạt lở khẩn cấp", "leader")
    assert kept.missing[0] == "Danh mục công trình"
    assert len(kept.missing) == 9
    rows = audit.history(actor("inspector"), subject_kind="work", subject_id=str(its.id))
    told = next(r for r in rows if r.action == "work.override")
    assert told.facts["reason"] == "Khắc phục sạt lở khẩn cấp"
    for change in ("UPDATE stage_overrides SET reason = 'x'", "DELETE FROM stage_overrides"):
        with pytest.raises(DBAPIError):
            execute(change)


def test_a_reason_is_kept_only_where_something_was_missing(world: World) -> None:
    its = work(procedure="special")
    up_to(its.id, "construction")
    enter(its.id, "construction", override_reason="không cần")
    assert stages.overrides(actor(), its.id) == []
    with fails(Invalid, "override_reason"):
        works.update(actor("leader"), its.id, 2, {"name": "x", "override_reason": "y"})


def test_going_back_needs_a_leaders_reason_and_stopping_does_not(world: World) -> None:
    its = work(procedure="special")
    up_to(its.id, "construction")
    enter(its.id, "construction")
    with refused("stage_order", asked="preparation", held="construction"):
        enter(its.id, "preparation", "leader")
    enter(its.id, "preparation", "leader", override_reason="Ghi nhầm")
    assert enter(its.id, "suspended").stage == "suspended"
    with db.transaction() as session:
        assert session.execute(sa.select(Work.stage_on).where(Work.id == its.id)).scalar_one() == today()
    assert enter(its.id, "construction").stage == "construction"
    assert enter(its.id, "cancelled").missing == ()
    with refused("stage_order"):
        enter(its.id, "construction")


def test_land_that_is_not_handed_over_bars_the_ground(world: World) -> None:
    its = work(procedure="special")
    up_to(its.id, "construction")
    waiting, _ = clearance_editing.create(
        actor(), clearance_editing.NewHousehold(step(its.id, "list").id, its.id, "H01", "Hồ Văn A", compensation_due=5)
    )  # fmt: skip
    assert missing(its.id) == [("clearance", "clearance")]
    assert works.get(actor(), its.id).missing[0].said("vi") == (
        "Bàn giao mặt bằng: còn 1 trong 1 hộ, 5 đ chưa chi trả"
    )
    with fails(stages.StageBarred):
        enter(its.id, "construction")
    clearance_editing.hand_over(actor(), its.id, waiting.id)
    assert enter(its.id, "construction").stage == "construction"


def test_a_work_is_settled_with_an_approved_value_nothing_overpaid_and_no_advance_left(world: World) -> None:
    its = work(procedure="special")
    up_to(its.id, "settled")
    made = line(project_code="DTTS.4.1", capital_kind="investment", work_id=its.id)
    signed = contract(its.id)
    post(made.id, "allocate", 300 * MILLION, "2023-01-05")
    post(made.id, "advance", 100 * MILLION, "2023-03-05", contract_id=signed.id)
    enter(its.id, "handed_over", physical_percent=100)
    assert missing(its.id) == [("settlement", None), ("advance", None)]
    execute("UPDATE work_balances SET settled_value = 60000000")
    said = [m.said("vi") for m in works.get(actor(), its.id).missing]
    assert said == [
        "Thu hồi 40.000.000 đ đã giải ngân quá giá trị quyết toán", "Thu hồi hết tạm ứng, còn 100.000.000 đ"
    ]  # fmt: skip
    post(made.id, "refund", 40 * MILLION, "2023-04-05", contract_id=signed.id, from_pocket="advanced")
    post(made.id, "recover", 60 * MILLION, "2023-04-06", contract_id=signed.id)
    assert enter(its.id, "settled").missing == ()
    with refused("stage_order"):
        enter(its.id, "suspended")


def test_a_work_registered_late_is_judged_as_if_it_entered_its_stage(world: World) -> None:
    with pytest.raises(stages.StageBarred):
        work(procedure="special", stage="construction")
    with pytest.raises(Forbidden):
        work(actor("officer"), procedure="special", stage="construction", override_reason="Đang làm dở")
    late = work(actor("leader"), procedure="special", stage="construction", override_reason="Đang làm dở")
    assert stages.overrides(actor(), late.id)[0].reason == "Đang làm dở"
    under_way = work(stage="construction")  # before the book: nothing is known of its steps
    assert (under_way.stage, stages.overrides(actor(), under_way.id)) == ("construction", [])
    unchosen = work()
    with fails(stages.StageBarred):  # but by a change nobody gets around choosing a procedure
        enter(unchosen.id, "construction")


def test_a_procedure_is_changed_only_before_it_runs(world: World) -> None:
    its = work(procedure="special")
    works.update(actor(), its.id, 1, {"procedure": "ordinary"})
    assert missing(its.id)[0] == ("step", "policy")
    done(its.id, "policy")
    with fails(Conflict):
        works.update(actor(), its.id, 2, {"procedure": "special"})
    with fails(Conflict):
        works.update(actor(), its.id, 2, {"procedure": None})


def test_the_condition_for_lists_finds_what_python_finds(world: World) -> None:
    ready, begun, unchosen, waiting, building = (
        work(procedure=p) for p in ("special",) * 2 + (None,) + ("special",) * 2
    )
    for each in (ready, waiting, building):
        up_to(each.id, "construction")
    enter(building.id, "construction")
    clearance_editing.create(actor(), clearance_editing.NewHousehold(begun.id, waiting.id, "H1", "Hồ Văn A"))
    with db.transaction() as session:
        listed = set(session.execute(sa.select(Work.id).where(readiness.unready())).scalars())
    found = works.works(actor(), WorkFilter())
    assert listed == {begun.id, unchosen.id, waiting.id}
    assert listed == {w.id for w in found if w.missing and w.stage in ("preparation", "suspended")}


def test_a_step_opened_again_and_a_stage_entered_at_once_never_leave_a_stage_with_a_gap(world: World) -> None:
    """Two writers at one work: whoever comes second sees what the first has done."""
    for _ in range(5):
        its = work(procedure="special")
        up_to(its.id, "construction")
        last = step(its.id, "start")
        gate = threading.Barrier(2)

        def open_again(its: works.WorkView = its, last: Any = last, gate: threading.Barrier = gate) -> None:
            gate.wait()
            step_editing.update(
                actor("officer"), its.id, last.id, last.version, {"status": "open", "reason": "Nhầm"}
            )

        def go_on(its: works.WorkView = its, gate: threading.Barrier = gate) -> None:
            gate.wait()
            enter(its.id, "construction")

        def tried(act: Any, faults: list[Exception]) -> None:
            try:
                act()
            except (RuleBroken, Forbidden) as fault:
                faults.append(fault)

        faults: list[Exception] = []
        threads = [threading.Thread(target=tried, args=(act, faults)) for act in (open_again, go_on)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(faults) == 1
        now = works.get(actor(), its.id)
        assert (now.stage == "construction") == (step(its.id, "start").status == "done")


def test_only_one_override_row_stands_for_each_override(world: World) -> None:
    its = work(procedure="special")
    enter(its.id, "construction", "leader", override_reason="Khẩn cấp")
    with db.transaction() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(StageOverride)).scalar_one() == 1
