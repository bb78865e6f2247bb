"""Targets: set, changed with their roadmap, dropped; reached, overdue or lost as of a day; their tasks' money."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from app.clock import today
from app.domain import audit, documents, plans, targets, tasks
from app.domain.documents.attaching import attached_to
from app.domain.targets import Lag, NewTarget, TargetFilter, TargetView
from app.domain.tasks import NewProgress, NewTask, OffTrack
from app.domain.workflow import Order
from app.errors import IdTaken, Invalid, NotFound, Stale
from tests.domain.test_concurrency import at_once, outcomes
from tests.support.assessing import (
    COMMUNE,
    DAY,
    DISTRICT,
    DUE,
    FOUND,
    HAMLET,
    aim,
    assess,
    barred,
    meet,
    untouched,
)
from tests.support.criteria import SHIPPED, added
from tests.support.papers import document
from tests.support.planning import SIGNED, approved, plan
from tests.support.statements import counted
from tests.support.world import MILLION, World, actor, line, post, work

HA_NOI = "00001@legacy"
RECOGNISED = date(2023, 11, 20)


def on(made: TargetView, day: date) -> TargetView:
    return targets.get(actor("leader"), made.id, as_of=day)


def states(made: TargetView, *days: date) -> list[str]:
    return [on(made, day).state for day in days]


def hamlets() -> None:
    added("THON", level="hamlet", valid_from=date(2022, 1, 1))


def test_sent_twice_a_target_is_set_once(world: World) -> None:
    new = NewTarget(
        uuid.uuid4(), COMMUNE, DUE, 6, responsible="Trần Văn Hòa", basis="Kế hoạch 45/KH-UBND",
        tasks=(NewTask("Hoàn thành nhà sinh hoạt"), NewTask("Sân thể thao", quantity=Decimal(2), measure="sân")),
    )  # fmt: skip
    made, fresh = targets.create(actor("officer"), new)
    assert fresh
    assert (made.unit_code, made.unit_structure, made.set_code, made.criterion_number) == (
        "20770", "legacy", SHIPPED, 6
    )  # fmt: skip
    assert (made.named("vi"), made.named("en")) == ("Cơ sở vật chất văn hóa", "Cultural facilities")
    assert [t.text for t in made.tasks] == ["Hoàn thành nhà sinh hoạt", "Sân thể thao"]
    assert targets.create(actor("officer"), new) == (made, False)
    with untouched(IdTaken):
        targets.create(actor("officer"), replace(new, tasks=new.tasks[:1]))
    with untouched(NotFound):
        targets.create(actor("officer", HA_NOI), new)
    row = audit.history(actor("inspector"))[0]
    assert (row.action, row.subject_kind, row.facts["criterion"]) == ("target.create", "target", 6)
    assert "Trần Văn Hòa" not in str(row.facts)


@pytest.mark.parametrize(
    ("values", "kind", "field"),
    [
        ({"criterion_number": None}, Invalid, "criterion_number"),
        ({"recognition": "commune"}, Invalid, "criterion_number"),  # beside criterion 6
        ({"criterion_number": 20}, NotFound, "criterion_number"),
        ({"criterion_number": None, "recognition": "model_hamlet"}, Invalid, "recognition"),
        ({"criterion_number": None, "recognition": "district"}, Invalid, "recognition"),
        (
            {"criterion_number": None, "recognition": "commune", "unit_code": HAMLET}, Invalid, "recognition",
        ),
        ({"unit_code": DISTRICT}, Invalid, "unit_code"),
        ({"unit_code": HA_NOI}, NotFound, "unit_code"),
        ({"unit_code": HAMLET}, NotFound, "set_code"),  # no set of hamlets is there
        ({"set_code": "KHONG-CO"}, NotFound, "set_code"),
        ({"tasks": (NewTask(" "),)}, Invalid, "tasks.0.text"),
        ({"tasks": (NewTask("x", work_id=uuid.UUID(int=1)),)}, NotFound, "tasks.0.work_id"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_target_is_named(
    world: World, values: dict[str, Any], kind: Any, field: str
) -> None:
    with untouched(kind, field):
        aim(who=actor("officer", DISTRICT if values.get("unit_code") == DISTRICT else COMMUNE), **values)


def test_recognition_is_of_communes_or_of_hamlets(world: World) -> None:
    hamlets()
    for unit, recognition in ((COMMUNE, "commune"), (COMMUNE, "advanced_commune"), (HAMLET, "model_hamlet")):
        made = aim(None, recognition=recognition, unit_code=unit)
        assert (made.recognition, made.criterion_number, made.named("vi")) == (recognition, None, None)


def test_it_is_open_overdue_reached_by_its_criterion_and_lost_again(world: World) -> None:
    made = aim(7)
    assert states(made, DAY, DUE, DUE + timedelta(days=1)) == ["open", "open", "overdue"]
    meet(7, on=RECOGNISED)
    slipped = date(2024, 3, 1)
    assess("7.1", slipped, met=False)
    assert states(made, DAY, RECOGNISED, slipped) == ["open", "reached", "overdue"]
    assert [on(made, d).reached_on for d in (DAY, RECOGNISED, slipped)] == [None, RECOGNISED, None]
    assert on(made, slipped).lags == (Lag("overdue", 61), Lag("lost"), Lag("no_tasks"), Lag("nobody"))
    assert (on(made, RECOGNISED).lags, on(made, RECOGNISED).off_track) == ((), False)
    manned = aim(7, responsible="Ông Ba", tasks=(NewTask("Sửa chợ"),))
    assert (on(manned, DAY).lags, on(manned, DAY).off_track) == ((), False)


def test_a_commune_is_recognised_by_a_decision(world: World) -> None:
    made = aim(None, recognition="commune")
    for wrong, field in (
        ({"recognised_on": RECOGNISED}, "recognised_by"),
        ({"recognised_on": today() + timedelta(days=1), "recognised_by": "x"}, "recognised_on"),
    ):
        with untouched(Invalid, field):
            targets.update(actor("officer"), made.id, 1, wrong)
    changes = {"recognised_on": RECOGNISED, "recognised_by": "Quyết định 1200/QĐ-UBND"}
    done = targets.update(actor("officer"), made.id, 1, changes)
    assert (done.reached_on, done.recognised_by) == (RECOGNISED, "Quyết định 1200/QĐ-UBND")
    assert states(made, DAY, RECOGNISED, DUE) == ["open", "reached", "reached"]
    of_criterion = aim(6)
    with untouched(Invalid, "recognised_on"):
        targets.update(actor("officer"), of_criterion.id, 1, changes)


def test_a_hamlet_is_recognised_by_a_move_of_its_plan(world: World) -> None:
    hamlets()
    made = aim(None, recognition="model_hamlet", unit_code=HAMLET, due_on=date(2024, 12, 31))
    its = approved(plan(kind="model_hamlet", unit_code=f"{HAMLET}@legacy", program_code=None, year=2024))
    assert states(made, SIGNED, DUE) == ["open", "open"]
    plans.move(actor("leader", DISTRICT), its.id, "recognise", Order(on=RECOGNISED))
    assert (states(made, DAY, RECOGNISED), on(made, DUE).reached_on) == (["open", "reached"], RECOGNISED)
    other = aim(None, recognition="model_hamlet", unit_code="20770.02", due_on=date(2025, 6, 30))
    assert states(other, DUE) == ["open"]
    with untouched(Invalid, "recognised_on"):
        targets.update(actor("officer"), made.id, 1, {"recognised_on": RECOGNISED, "recognised_by": "x"})


def test_it_is_changed_with_its_roadmap(world: World) -> None:
    made = aim(tasks=(NewTask("Nhà văn hóa"), NewTask("Sân thể thao")))
    second = made.tasks[1]
    tasks.report(
        actor("officer"), ("target", made.id), second.id, NewProgress(uuid.uuid4(), Decimal(40), DAY)
    )
    changes: dict[str, Any] = {
        "due_on": date(2024, 6, 30), "responsible": "Lê Văn Bình", "basis": "Kế hoạch 45", "note": "Lùi hạn",
        "tasks": (NewTask("Sân thể thao thôn", second.id), NewTask("Trồng cây")),
    }  # fmt: skip
    changed = targets.update(actor("leader"), made.id, 1, changes)
    assert {n: getattr(changed, n) for n in changes if n != "tasks"} == {
        n: v for n, v in changes.items() if n != "tasks"
    }
    assert [(t.text, t.value) for t in changed.tasks] == [("Sân thể thao thôn", 40), ("Trồng cây", None)]
    row = audit.history(actor("inspector"))[0]
    assert (row.action, row.facts["fields"]) == ("target.update", sorted(changes))
    with untouched(Stale):
        targets.update(actor("officer"), made.id, 1, {"note": "x"})
    with untouched(NotFound):
        targets.update(actor("officer", HA_NOI), made.id, 2, {"note": "x"})
    with untouched(Invalid, "tasks.0.text"):
        targets.update(actor("officer"), made.id, 2, {"tasks": (NewTask(""),)})
    assert targets.update(actor("officer"), made.id, 2, {}) == changed
    results = at_once(
        [partial(targets.update, actor("officer"), made.id, 2, {"note": str(i)}) for i in range(3)]
    )
    assert outcomes(results) == {"TargetView": 1, "Stale": 2}


def test_dropped_it_stays_on_record(world: World) -> None:
    made = aim(7)
    with untouched(Invalid, "reason"):
        targets.drop(actor("officer"), made.id, " ")
    with untouched(Invalid, "on"):
        targets.drop(actor("officer"), made.id, "x", on=today() + timedelta(days=1))
    with untouched(NotFound):
        targets.drop(actor("officer", HA_NOI), made.id, "x")
    gone = targets.drop(actor("officer"), made.id, "Huyện điều chỉnh", on=DAY)
    assert (gone.state, gone.dropped_on, gone.dropped_reason, gone.lags) == (
        "dropped", DAY, "Huyện điều chỉnh", ()
    )  # fmt: skip
    assert states(made, FOUND, DAY) == ["open", "dropped"]
    assert targets.drop(actor("officer"), made.id, "Huyện điều chỉnh", on=DAY) == gone
    for asked, call in (
        ("update", partial(targets.update, actor("officer"), made.id, 2, {"note": "x"})),
        ("drop", partial(targets.drop, actor("officer"), made.id, "khác", on=DAY)),
    ):
        with barred("target_state", asked=asked, held="dropped", day=DAY):
            call()
    meet(7, on=FOUND)
    assert on(made, DUE).state == "dropped"


def test_money_of_tied_lines_and_works_is_counted_once(world: World) -> None:
    hall = work()
    of_work = line(work_id=hall.id, project_code="DTTS.4.1", capital_kind="investment")
    general, other = line(), line(project_code="GNBV.3.1")
    for made, amount in ((of_work, 300), (general, 40), (other, 7)):
        post(made.id, "allocate", amount * MILLION, "2023-01-05")
    post(of_work.id, "pay", 100 * MILLION, "2023-03-01", no_contract_reason="bồi thường")
    post(general.id, "pay", 10 * MILLION, "2023-10-01")
    road = (
        NewTask("Nhà sinh hoạt", work_id=hall.id), NewTask("Trang bị", work_id=hall.id, budget_line_id=of_work.id),
        NewTask("Thu gom rác", budget_line_id=general.id), NewTask("Thu gom lần hai", budget_line_id=general.id),
    )  # fmt: skip
    first, second = aim(6, tasks=road), aim(17, tasks=road[2:3])
    assert (on(first, DAY).money.plan, on(first, DAY).money.disbursed) == (340 * MILLION, 100 * MILLION)
    assert (on(second, DUE).money.plan, on(second, DUE).money.disbursed) == (40 * MILLION, 10 * MILLION)
    assert on(aim(7), DAY).money.plan == 0


def test_a_task_that_is_late_puts_it_off_track(world: World) -> None:
    made = aim(responsible="Ông Ba", tasks=(NewTask("Nhà văn hóa", due_on=date(2023, 9, 4)), NewTask("Khác")))
    found = on(made, DAY)
    assert (found.lags, found.off_track, found.done) == ((), True, 0)
    assert [(t.text, why) for t, why in found.late_tasks] == [("Nhà văn hóa", (OffTrack("overdue", 10),))]
    report = NewProgress(uuid.uuid4(), Decimal(100), DAY)
    tasks.report(actor("officer"), ("target", made.id), made.tasks[0].id, report)
    assert (on(made, DAY).off_track, on(made, DAY).done) == (False, 1)


def test_lists_answer_questions_and_few_statements(world: World) -> None:
    six, late = aim(6, tasks=(NewTask("x"),)), aim(7, due_on=date(2023, 3, 31))
    recognition = aim(None, recognition="commune", due_on=date(2025, 6, 30))
    everything = [six, late, recognition]
    above = actor("reviewer", DISTRICT)
    for wanted, expected in (
        (TargetFilter(), everything),
        (TargetFilter(unit=DISTRICT), everything),
        (TargetFilter(unit="20770", year=2023), [six, late]),
        (TargetFilter(criterion=6), [six]),
        (TargetFilter(recognition="commune"), [recognition]),
        (TargetFilter(state="overdue", as_of=DAY), [late]),
        (TargetFilter(state="open", as_of=DAY), [six, recognition]),
        (TargetFilter(year=2025), [recognition]),
        (TargetFilter(updated_since=recognition.updated_at), [recognition]),
        (TargetFilter(set_code="KHAC"), []),
    ):
        found = targets.targets(above, wanted)
        assert [t.id for t in found] == [t.id for t in expected], wanted
        assert targets.number_of(above, wanted) == len(expected)
    by_due = targets.targets(above, TargetFilter(), by_due=True)
    assert [t.id for t in by_due] == [late.id, six.id, recognition.id]
    assert targets.targets(actor(unit=HA_NOI), TargetFilter()) == []
    after = (six.updated_at, six.id)
    assert [t.id for t in targets.targets(above, TargetFilter(), after=after, limit=1)] == [late.id]
    with counted() as few:
        targets.targets(above, TargetFilter())
    for _ in range(4):
        aim(6, tasks=(NewTask("y"),))
    with counted() as many:
        targets.targets(above, TargetFilter())
    assert len(few) == len(many) <= 6


def test_documents_behind_a_target_name_it(world: World) -> None:
    hamlets()
    paper = document()
    for made in (aim(6), aim(None, recognition="model_hamlet", unit_code=HAMLET)):
        documents.attach(actor("officer"), paper.id, "target", made.id)
    found = attached_to(actor(), documents.get(actor(), paper.id))
    assert {s.named("vi") for s in found} == {
        "6. Cơ sở vật chất văn hóa · 31/12/2023", "Thôn Trà Sơn · 31/12/2023",
    }  # fmt: skip
    assert "6. Cultural facilities · 31 Dec 2023" in {s.named("en") for s in found}
