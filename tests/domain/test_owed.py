"""What waits for one person in works, criteria, plans and directives: to whom it is said, the first due first."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app import db
from app.domain import directives, observations, plans, targets, tasks
from app.domain.access import Actor
from app.domain.directives import NewDirective
from app.domain.observations import NewObservation
from app.domain.owed import Owed, owed
from app.domain.tasks import NewProgress, NewTask
from app.domain.works import settlement, step_editing
from app.domain.works.settlement import Decision, NewSettlement
from app.models.criteria import Assessment
from app.models.plans import Plan
from app.models.works import Work
from tests.support.assessing import aim, assess
from tests.support.book import freeze
from tests.support.planning import plan
from tests.support.procedure import step
from tests.support.world import MILLION, World, actor, work

DISTRICT = "512@legacy"
ON = date(2023, 11, 20)
SOON = ON + timedelta(7)


@pytest.fixture(autouse=True)
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, ON)


def waits(who: Actor, kind: str, limit: int = 5) -> list[Owed]:
    with db.transaction() as session:
        return [one for one in owed(session, who, limit, soon=SOON) if one.kind == kind]


def test_a_settlement_waits_for_who_decides_in_its_own_unit_until_it_is_decided(world: World) -> None:
    its = work(name="Kênh Trà Huỳnh", stage="completed")
    settlement.propose(
        actor("officer"), NewSettlement(uuid.uuid4(), its.id, date(2023, 6, 28), 400 * MILLION)
    )
    (found,) = waits(actor("leader"), "settlement")
    assert (found.within, found.name, found.on, found.amount, found.number) == (
        its.id, "Kênh Trà Huỳnh", date(2023, 6, 28), 400 * MILLION, 1,
    )  # fmt: skip
    for other in (actor("officer"), actor("leader", DISTRICT), actor("leader", "20773@legacy")):
        assert waits(other, "settlement") == []
    settlement.decide(
        actor("leader"), its.id, Decision(390 * MILLION, date(2023, 7, 25), "46/QĐ", "UBND xã Sông Trà")
    )
    assert waits(actor("leader"), "settlement") == []


def test_assessments_wait_together_for_the_unit_above(world: World) -> None:
    for code in ("2.1", "2.2"):
        assess(code, met=True)
    (found,) = waits(actor("reviewer", DISTRICT), "assessments")
    assert (found.number, found.illustrative) == (2, False)
    others = (
        actor("leader"),
        actor("officer", DISTRICT),
        actor("reviewer", "00001@legacy"),
        actor("reviewer", "49@legacy"),
    )
    for other in others:
        assert waits(other, "assessments") == []
    with db.transaction(
        write=True
    ) as session:  # a hamlet's waits for the unit above its commune, not for the commune
        hamlet = world.unit("20770.01@legacy").id
        session.execute(
            sa.update(Assessment).where(Assessment.unit_id == actor().unit_id).values(unit_id=hamlet)
        )
    assert waits(actor("leader"), "assessments") == []
    assert [one.number for one in waits(actor("reviewer", DISTRICT), "assessments")] == [2]


def test_tasks_and_steps_wait_once_due_until_they_are_done(world: World) -> None:
    late, far = NewTask("Cấp bò giống", measure="con", quantity=Decimal(20), due_on=date(2023, 10, 1)), NewTask(
        "Tổng kết", due_on=date(2023, 12, 31)
    )  # fmt: skip
    made = plan(items=(late, NewTask("Tập huấn", due_on=SOON), far))
    assert waits(actor("officer"), "plan_task") == [], "not approved yet"
    with db.transaction(write=True) as session:
        session.execute(sa.update(Plan).where(Plan.id == made.id).values(state="approved"))
    found = waits(actor("officer"), "plan_task")
    assert [(one.name, one.on, one.within) for one in found] == [
        ("Cấp bò giống", date(2023, 10, 1), made.id), ("Tập huấn", SOON, made.id),
    ]  # fmt: skip
    assert [one.number for one in waits(actor("officer"), "plan_task", 1)] == [2]
    assert waits(actor("officer", DISTRICT), "plan_task") == waits(actor("inspector"), "plan_task") == []

    def reported(value: int) -> list[str]:
        new = NewProgress(uuid.uuid4(), Decimal(value), ON)
        tasks.report(actor("officer"), ("plan", made.id), plans.whole(actor(), made.id).items[0].id, new)
        return [one.name for one in waits(actor("officer"), "plan_task")]

    assert (reported(19), reported(20)) == (["Cấp bò giống", "Tập huấn"], ["Tập huấn"])
    target = aim(tasks=(NewTask("Thu gom rác", due_on=ON),))
    assert [(one.name, one.within) for one in waits(actor("officer"), "target_task")] == [
        ("Thu gom rác", target.id)
    ]
    targets.drop(actor("leader"), target.id, "Đã đạt")
    assert waits(actor("officer"), "target_task") == []


def test_steps_wait_while_their_work_goes_on(world: World) -> None:
    its = work(procedure="special", name="Đường Trà Huỳnh")
    of = step(its.id, "list")
    step_editing.update(actor(), its.id, of.id, of.version, {"due_on": date(2023, 3, 1)})
    (found,) = waits(actor("officer"), "step")
    assert (found.id, found.within, found.beside, found.on) == (
        of.id,
        its.id,
        "Đường Trà Huỳnh",
        date(2023, 3, 1),
    )
    assert waits(actor("reviewer"), "step") == []
    with db.transaction(write=True) as session:
        session.execute(sa.update(Work).values(stage="suspended"))
    assert waits(actor("officer"), "step") == []


def test_a_leader_is_told_of_what_their_unit_gave_and_is_overdue(world: World) -> None:
    def given(due_on: date) -> uuid.UUID:
        new = NewDirective(
            uuid.uuid4(), "Họp Ban chỉ đạo", "document", due_on, "unit", unit_code="20770@legacy", document_number="1",
            source_on=date(2023, 2, 1),
        )  # fmt: skip
        return directives.create(actor("leader", DISTRICT), new)[0].id

    late = given(date(2023, 10, 1))
    given(SOON)
    assert [(one.id, one.beside) for one in waits(actor("leader", DISTRICT), "gave")] == [
        (late, "Xã Sông Trà")
    ]
    assert waits(actor("leader"), "gave") == waits(actor("officer", DISTRICT), "gave") == []
    directives.report(actor("officer"), late, "Đã họp", on=ON)
    assert waits(actor("leader", DISTRICT), "gave") == []


def test_what_was_answered_waits_for_who_observed_it(world: World) -> None:
    who = actor("supervisor")
    new = NewObservation(
        uuid.uuid4(), board="Ban giám sát", observed_on=date(2023, 8, 1), text="Đá dăm mỏng", answer_due_on=date(2023, 8, 15)
    )  # fmt: skip
    made = observations.create(who, new)[0]

    def asked(of: Actor) -> list[uuid.UUID]:
        with db.transaction() as session:
            return [one.id for one in observations.waiting(session, of, 5)[0]]

    assert (asked(who), asked(actor("officer"))) == ([], [made.id])
    observations.answer(actor("officer"), made.id, "Đã bù đá")
    assert (asked(who), asked(actor("officer")), asked(actor("inspector"))) == ([made.id], [], [])
    observations.close(who, made.id, "Đúng")
    assert asked(who) == []
