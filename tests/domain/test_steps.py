"""Steps of a work: copied from the template in force, settled in order, with their days and documents."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import db
from app.clock import today
from app.domain import works
from app.domain.documents import attach, detach, update
from app.domain.works import clearance, step_editing, steps
from app.errors import Forbidden, Invalid, NotFound, RuleBroken, Stale
from app.models.identity import AuditRow
from app.models.procedures import Procedure, ProcedureStep
from app.settings import settings
from tests.support.book import fails, freeze, refused
from tests.support.papers import document
from tests.support.procedure import DAY, done, papers, step, up_to
from tests.support.world import World, actor, work


def change(work_id: uuid.UUID, code: str, role: str = "leader", **changes: Any) -> steps.StepView:
    now = step(work_id, code)
    return step_editing.update(actor(role), work_id, now.id, now.version, changes)


def test_a_work_takes_the_steps_of_its_procedure(world: World) -> None:
    ordinary, special, none = work(procedure="ordinary"), work(procedure="special"), work()
    codes = [s.code for s in steps.steps(actor(), ordinary.id)]
    assert codes == [
        "policy", "report", "community", "appraisal", "approval", "selection_plan", "selection", "contract",
        "clearance", "start", "building", "acceptance", "settlement", "archive",
    ]  # fmt: skip
    assert len(steps.steps(actor(), special.id)) == 12
    assert steps.steps(actor(), none.id) == []
    first = steps.steps(actor(), ordinary.id)[0]
    assert (first.status, first.required_documents, first.gate) == (
        "open",
        ["investment_policy"],
        "construction",
    )


def test_site_clearance_brings_seven_steps_of_its_own(world: World) -> None:
    its = work(procedure="special")
    clearance.begin(actor(), its.id)
    of_clearance = [s for s in steps.steps(actor(), its.id) if s.track == "clearance"]
    assert [s.code for s in of_clearance] == [
        "notice", "inventory", "plan", "publication", "approval", "payment", "handover",
    ]  # fmt: skip
    clearance.begin(actor(), its.id)
    assert len(steps.steps(actor(), its.id)) == 12 + 7


def test_a_step_is_done_after_those_before_it_and_not_earlier(world: World) -> None:
    its = work(procedure="special")
    own = papers(its.id, "dossier")
    with refused("step_order", step="Hồ sơ xây dựng công trình đơn giản", names="Danh mục công trình"):
        change(its.id, "dossier", status="done", done_on=DAY, documents=own)
    done(its.id, "list", date(2023, 2, 10))
    with refused("step_dates", asked=date(2023, 2, 9), held=date(2023, 2, 10)):
        change(its.id, "dossier", status="done", done_on=date(2023, 2, 9), documents=own)
    done(its.id, "dossier", date(2023, 2, 20))
    with refused("step_dates", asked=date(2023, 2, 21), held=date(2023, 2, 20)):
        change(its.id, "list", done_on=date(2023, 2, 21))
    assert change(its.id, "list", done_on=date(2023, 2, 12)).done_on == date(2023, 2, 12)


def test_a_step_is_done_only_with_the_documents_that_it_requires(world: World) -> None:
    its = work(procedure="ordinary")
    up_to_contract = ("policy", "report", "community", "appraisal", "approval", "selection_plan", "selection")
    for code in up_to_contract:
        done(its.id, code)
    contract_paper = document(content=None, kind="contract").id
    with refused("step_documents", lacks="Bảo lãnh thực hiện hợp đồng"):
        change(its.id, "contract", status="done", done_on=DAY, documents=(contract_paper,))
    assert step(its.id, "contract").papers == ()
    made = done(its.id, "contract")
    assert (made.status, made.done_on, made.lacks) == ("done", DAY, ())
    with refused("step_documents", lacks="Bảo lãnh thực hiện hợp đồng"):
        change(its.id, "contract", documents=(contract_paper,))
    with fails(NotFound, "documents"):
        change(its.id, "contract", documents=(uuid.uuid4(),))


def test_steps_that_only_wait_for_the_same_one_run_side_by_side(world: World) -> None:
    its = work(procedure="special")
    for code in ("list", "dossier", "community", "appraisal", "approval"):
        done(its.id, code)
    of_work = steps.steps(actor(), its.id)
    assert {s.code for s in of_work if steps.may_begin(s, of_work)} == {"selection", "clearance"}
    done(its.id, "clearance")
    own = papers(its.id, "start")
    with refused("step_order", names="Hợp đồng hoặc văn bản giao việc"):
        change(its.id, "start", status="done", done_on=DAY, documents=own)
    done(its.id, "selection")
    done(its.id, "contract")
    assert done(its.id, "start").status == "done"


def test_waiving_and_opening_again_leave_their_reason(world: World) -> None:
    its = work(procedure="special")
    with fails(Forbidden):
        change(its.id, "list", "officer", status="waived", reason="Có trong nghị quyết chung")
    with fails(Invalid, "reason"):
        change(its.id, "list", status="waived", reason="  ")
    assert change(its.id, "list", status="waived", reason="Có trong nghị quyết chung").done_on is None
    done(its.id, "dossier")
    done(its.id, "community")
    with refused("step_order", names="Công khai, lấy ý kiến cộng đồng"):
        change(its.id, "dossier", status="open", reason="Sai hồ sơ")
    with fails(Invalid, "reason"):
        change(its.id, "community", "officer", status="open")
    opened = change(its.id, "community", "officer", status="open", reason="Biên bản thiếu chữ ký")
    assert (opened.status, opened.done_on, opened.reason) == ("open", None, "Biên bản thiếu chữ ký")
    assert len(opened.papers) == 1  # its documents stay


def test_a_waived_step_hides_nothing_that_stands_before_it(world: World) -> None:
    its = work(procedure="special")
    change(its.id, "dossier", status="waived", reason="Dùng thiết kế mẫu")
    own = papers(its.id, "community")
    with refused("step_order", names="Danh mục công trình"):
        change(its.id, "community", status="done", done_on=DAY, documents=own)
    done(its.id, "list", date(2023, 2, 10))
    with refused("step_dates", asked=date(2023, 2, 9), held=date(2023, 2, 10)):
        change(its.id, "community", status="done", done_on=date(2023, 2, 9), documents=own)
    done(its.id, "community", date(2023, 2, 20))
    with refused("step_dates", asked=date(2023, 2, 21), held=date(2023, 2, 20)):
        change(its.id, "list", done_on=date(2023, 2, 21))
    with refused("step_order", names="Công khai, lấy ý kiến cộng đồng"):
        change(its.id, "list", status="open", reason="Nhầm ngày")


def test_the_reason_of_a_waived_step_is_kept_by_who_may_waive_and_on_record(world: World) -> None:
    its = work(procedure="special")
    waived = change(its.id, "list", status="waived", reason="Có trong nghị quyết chung")
    with fails(Invalid, "reason"):
        change(its.id, "list", reason=" ")
    with fails(Forbidden):
        change(its.id, "list", "officer", reason="Không rõ")
    own = document(content=None).id
    assert change(its.id, "list", "officer", documents=(own,)).reason == waived.reason
    change(its.id, "list", status="open", reason="Nghị quyết không có công trình này")
    with db.transaction() as session:
        rows = session.execute(
            sa.select(AuditRow.facts).where(AuditRow.subject_id == str(waived.id)).order_by(AuditRow.id)
        ).scalars()
        assert [row.get("reason") for row in rows if "was" in row] == [
            "Có trong nghị quyết chung", None, "Nghị quyết không có công trình này",
        ]  # fmt: skip


def test_a_required_document_that_is_taken_off_meanwhile_is_never_missed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    its = work(procedure="special")
    (own,) = papers(its.id, "list")
    open_ = change(its.id, "list", documents=(own,))
    check = step_editing._check
    outcome: list[object] = []

    def taken_off() -> None:
        try:
            outcome.append(detach(actor("leader"), own, "step", open_.id))
        except RuleBroken as fault:
            outcome.append(fault.rule)

    meanwhile = threading.Thread(target=taken_off)

    def then_wait(*given: Any) -> None:
        check(*given)
        meanwhile.start()
        meanwhile.join(0.5)

    monkeypatch.setattr(step_editing, "_check", then_wait)
    assert change(its.id, "list", status="done", done_on=DAY).lacks == ()
    meanwhile.join()
    assert outcome == ["step_documents"]
    assert step(its.id, "list").lacks == ()


def test_who_follows_changes_sees_that_a_step_has_its_document(world: World) -> None:
    its = work(procedure="special")
    (own,) = papers(its.id, "list")

    def moved(act: Callable[[], object]) -> bool:
        was, stood = step(its.id, "list"), works.get(actor(), its.id)
        act()
        now, stands = step(its.id, "list"), works.get(actor(), its.id)
        assert (now.version, stands.version) == (was.version, stood.version)  # nothing that can be edited
        return now.updated_at > was.updated_at and stands.updated_at > stood.updated_at

    its_id, who = step(its.id, "list").id, actor()
    assert moved(lambda: attach(who, own, "step", its_id))
    assert not moved(lambda: attach(who, own, "step", its_id))
    assert moved(lambda: update(who, own, 1, {"kind": "photo"}))
    assert moved(lambda: detach(who, own, "step", its_id))
    assert moved(lambda: document(content=None, subject=("step", its_id)))


def test_a_document_that_the_unit_above_attached_does_not_bar_the_step(world: World) -> None:
    its = work(procedure="special")
    now, above = step(its.id, "list"), actor("officer", unit="512@legacy")
    theirs = document(above, content=None, unit_code="512@legacy").id
    attach(above, theirs, "step", now.id)
    own = papers(its.id, "list")
    assert change(its.id, "list", status="done", done_on=DAY, documents=(theirs, *own)).status == "done"


def test_a_step_that_let_the_work_go_on_is_opened_again_by_a_leader_alone(world: World) -> None:
    its = work(procedure="special")
    up_to(its.id, "construction")
    works.update(actor(), its.id, its.version, {"stage": "construction"})
    with fails(Forbidden):
        change(its.id, "start", "officer", status="open", reason="Nhầm ngày")
    assert change(its.id, "start", status="open", reason="Nhầm ngày").status == "open"


def test_days_and_states_that_cannot_be_are_refused_by_field(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    its = work(procedure="special")
    freeze(monkeypatch, date(2023, 6, 1))
    own = papers(its.id, "list")
    with fails(Invalid, "done_on"):
        change(its.id, "list", status="done", done_on=date(2023, 6, 2), documents=own)
    with fails(Invalid, "status"):
        change(its.id, "list", status="finished")
    with fails(Invalid, "done_on"):
        change(its.id, "list", done_on=date(2023, 5, 1))
    without_a_day = change(its.id, "list", status="done", documents=papers(its.id, "list"))
    assert without_a_day.done_on == date(2023, 6, 1)


def test_a_change_needs_the_version_that_was_read_and_the_unit(world: World) -> None:
    its = work(procedure="special")
    first = step(its.id, "list")
    step_editing.update(actor(), its.id, first.id, first.version, {"due_on": date(2023, 5, 1)})
    with fails(Stale):
        step_editing.update(actor(), its.id, first.id, first.version, {"due_on": date(2023, 6, 1)})
    for who, work_id, step_id in (
        (actor(unit="00001@legacy"), its.id, first.id),
        (actor(), its.id, uuid.uuid4()),
        (actor(), work(procedure="special").id, first.id),
    ):
        with fails(NotFound):
            step_editing.update(who, work_id, step_id, 2, {"due_on": None})


def test_what_follows_is_due_after_its_usual_days(world: World) -> None:
    with db.transaction(write=True) as session:
        for code, days in (("list", 5), ("dossier", 20)):
            session.execute(sa.update(ProcedureStep).where(ProcedureStep.code == code).values(days=days))
    its = work(procedure="special")
    made_on = today()
    assert step(its.id, "list").due_on == made_on + timedelta(days=5)
    assert step(its.id, "dossier").due_on is None
    done(its.id, "list", DAY)
    assert step(its.id, "dossier").due_on == DAY + timedelta(days=20)
    assert step(its.id, "dossier").days_late(DAY + timedelta(days=23)) == 3
    assert step(its.id, "list").days_late(made_on + timedelta(days=9)) == 0  # it is done


def test_what_waits_for_two_is_due_from_the_later_and_past_what_is_waived(world: World) -> None:
    with db.transaction(write=True) as session:
        for code, days in (("start", 10), ("selection", 7)):
            session.execute(sa.update(ProcedureStep).where(ProcedureStep.code == code).values(days=days))
    its = work(procedure="special")
    for code in ("list", "dossier", "community", "appraisal"):
        done(its.id, code)
    change(its.id, "approval", status="waived", reason="Đã duyệt cùng danh mục")
    assert step(its.id, "selection").due_on == DAY + timedelta(days=7)
    done(its.id, "clearance")
    assert step(its.id, "start").due_on is None  # the contract is not signed
    done(its.id, "selection")
    done(its.id, "contract", date(2023, 5, 2))
    assert step(its.id, "start").due_on == date(2023, 5, 12)


def test_a_newer_version_of_a_template_leaves_running_works_alone(world: World) -> None:
    running = work(procedure="special")
    with db.transaction(write=True) as session:
        old = session.execute(sa.select(Procedure).where(Procedure.code == "special")).scalar_one()
        newer = {c: getattr(old, c) for c in ("code", "name", "name_en", "source", "certainty", "valid_from")}
        made = session.execute(
            sa.insert(Procedure)
            .values(**newer, number=2, created_at=old.created_at, created_by="x")
            .returning(Procedure.id)
        ).scalar_one()
        session.execute(
            sa.insert(ProcedureStep).values(
                procedure_id=made, position=1, code="only", name="Một bước", name_en="One", gate="construction",
                after=[], required_documents=[], source="x", certainty="confirm",
            )
        )  # fmt: skip
    assert len(steps.steps(actor(), running.id)) == 12
    assert [s.code for s in steps.steps(actor(), work(procedure="special").id)] == ["only"]


def test_works_that_were_registered_before_steps_were_kept_get_theirs(world: World) -> None:
    its, none = work(), work()
    with db.transaction(write=True) as session:
        session.execute(
            sa.text("UPDATE works SET procedure = 'special' WHERE id = :id"), {"id": _raw(its.id)}
        )
        steps.start_missing(session)
        steps.start_missing(session)
    assert len(steps.steps(actor(), its.id)) == 12
    assert steps.steps(actor(), none.id) == []


def _raw(id_: uuid.UUID) -> object:
    return id_.hex if settings().embedded else id_
