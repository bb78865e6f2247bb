"""Plans: drafted, sent, appraised, approved, returned with remarks; lists, and what waits for whom."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from app import db
from app.domain import audit, documents, plans, tasks
from app.domain.documents import attaching
from app.domain.plans import NewFund, NewPlan, PlanFilter, PlanView
from app.domain.tasks import NewProgress, NewTask
from app.domain.workflow import Order
from app.errors import Fault, Forbidden, IdTaken, Invalid, NotFound, RuleBroken, Stale
from tests.support.book import execute, state
from tests.support.papers import document
from tests.support.planning import (
    CHECKED,
    DISTRICT,
    SENT,
    SIGNED,
    TABLES,
    approved,
    fails,
    fund,
    hamlet_plan,
    new_plan,
    plan,
    returned,
    sent,
)
from tests.support.world import MILLION, World, actor, line

HA_NOI, PROVINCE = "00001@legacy", "49@legacy"


def text(made: PlanView) -> tuple[list[str], list[tuple[str | None, int]]]:
    """(what a plan is to do, the money that it counts on)."""
    whole = plans.whole(actor("inspector"), made.id)
    return [t.text for t in whole.items], [(r.fund.project_code, r.fund.amount) for r in whole.funds]


def test_sent_twice_a_plan_is_drafted_once(world: World) -> None:
    ask = new_plan(items=(NewTask("Hỗ trợ bò giống", measure="con", quantity=Decimal(20)),), funds=(fund(),))
    made, fresh = plans.create(actor("officer"), ask)
    assert (fresh, made.state, made.kind, made.year, made.unit_code) == (True, "draft", "year", 2023, "20770")
    assert made.title == "Kế hoạch năm 2023 thực hiện Chương trình Giảm nghèo bền vững, Xã Sông Trà"
    assert (made.version_number, made.approved_version, made.mine, made.program_code) == (
        0,
        None,
        False,
        "GNBV",
    )
    assert text(made) == (["Hỗ trợ bò giống"], [("GNBV.2", 100 * MILLION)])
    same = replace(ask, items=(NewTask("Hỗ trợ bò giống", measure="con", quantity=Decimal("20.000")),))
    assert plans.create(actor("officer"), same) == (made, False)
    for other in (
        replace(ask, title="Khác"),
        replace(ask, funds=(fund(1),)),
        replace(ask, items=(NewTask("Khác"),)),
    ):
        with fails(IdTaken):
            plans.create(actor("officer"), other)
    whole_period = plan(kind="period", year=None, title=" ")
    assert whole_period.title.startswith("Kế hoạch giai đoạn 2021-2025 ")
    assert list(whole_period.years) == [2021, 2022, 2023, 2024, 2025]
    hamlet = hamlet_plan()
    assert (hamlet.program_code, hamlet.unit_code, hamlet.level) == ("NTM", "20770.02", "commune")
    assert hamlet.title == "Kế hoạch xây dựng nông thôn mới kiểu mẫu Thôn Trà Huỳnh năm 2025"


@pytest.mark.parametrize(
    ("values", "kind", "field"),
    [
        ({"kind": "week"}, Invalid, "kind"),
        ({"year": None}, Invalid, "year"),
        ({"year": 1999}, Invalid, "year"),
        ({"kind": "period"}, Invalid, "year"),
        ({"program_code": None}, Invalid, "program_code"),
        ({"program_code": "XYZ"}, NotFound, "program_code"),
        ({"unit_code": "20770.01@legacy"}, Invalid, "unit_code"),
        ({"kind": "model_hamlet"}, Invalid, "unit_code"),
        ({"unit_code": HA_NOI}, NotFound, "unit_code"),
        ({"unit_code": "99999"}, NotFound, "unit_code"),
        ({"title": "x" * 301}, Invalid, "title"),
        ({"start_from": uuid.uuid4()}, NotFound, "start_from"),
        ({"items": (NewTask(" "),)}, Invalid, "items.0.text"),
        ({"funds": (fund(), fund(0))}, Invalid, "funds.1.amount"),
        ({"funds": (fund(), fund(5))}, Invalid, "funds.1"),
        ({"funds": (fund(source=None),)}, Invalid, "funds.0.source"),
        ({"funds": (fund(capital_kind="gift"),)}, Invalid, "funds.0.capital_kind"),
        ({"funds": (fund(source="moon"),)}, NotFound, "funds.0.source"),
        ({"funds": (fund(project_code="X.1"),)}, NotFound, "funds.0.project_code"),
        ({"funds": (fund(budget_line_id=uuid.uuid4()),)}, NotFound, "funds.0.budget_line_id"),
        ({"funds": (fund(note="x" * 501),)}, Invalid, "funds.0.note"),
    ],
)
def test_what_is_wrong_with_a_plan_is_named(
    world: World, values: dict[str, Any], kind: type[Fault], field: str
) -> None:
    with fails(kind, field=field):
        plan(**values)


def test_a_bare_code_is_read_at_the_plans_year_and_beside_it_where_none_is_in_sight(world: World) -> None:
    legacy, new = actor("officer"), actor("officer", "20770@2025")
    assert plan(legacy, unit_code="20770", year=2025).unit_structure == "legacy"
    assert plan(new, unit_code="20770", year=2023).unit_structure == "legacy"
    assert plan(new, unit_code="20770", year=2026).unit_structure == "2025"
    assert hamlet_plan(unit_code="20770.02").unit_structure == "legacy"
    found = plans.plans(legacy, PlanFilter(unit="20770.02", year=2025))
    assert [(p.unit_code, p.year) for p in found] == [("20770.02", 2025)]


def test_the_yearly_plan_starts_from_the_last_one(world: World) -> None:
    last = plan(
        year=2022,
        items=(
            NewTask("Xong", due_on=date(2022, 5, 1)),
            NewTask(
                "Còn dở", measure="hộ", quantity=Decimal(12), due_on=date(2022, 12, 1), responsible="Bà Tư"
            ),
            NewTask("Năm sau", due_on=date(2023, 6, 30)),
        ),
        funds=(NewFund(7 * MILLION, budget_line_id=line(year=2022).id), fund(source="district")),
    )
    done = plans.whole(actor(), last.id).items[0]
    tasks.report(actor("officer"), ("plan", last.id), done.id, NewProgress(uuid.uuid4(), Decimal(100)))
    next_one = plan(start_from=last.id)
    whole = plans.whole(actor(), next_one.id)
    assert [(t.text, t.due_on, t.responsible, t.quantity, t.value) for t in whole.items] == [
        ("Còn dở", None, "Bà Tư", Decimal(12), None), ("Năm sau", date(2023, 6, 30), "", None, None),
    ]  # fmt: skip
    assert [(r.fund.source, r.fund.amount, r.fund.budget_line_id) for r in whole.funds] == [
        ("central", 7 * MILLION, None), ("district", 100 * MILLION, None),
    ]  # fmt: skip
    assert (next_one.from_plan_id, text(last)[0]) == (last.id, ["Xong", "Còn dở", "Năm sau"])
    own = plan(start_from=last.id, items=(NewTask("Của năm nay"),))
    assert text(own)[0] == ["Của năm nay"]
    found = plans.alike(actor(), "20770", "year", "GNBV", 2023)
    assert {p.id for p in found[:2]} == {next_one.id, own.id}
    assert found[2].id == last.id
    assert plans.alike(actor(), "20770", "year", "GNBV", 2021) == []


def test_a_plan_is_changed_under_its_version_until_it_is_sent(world: World) -> None:
    made = plan(items=(NewTask("Một"),), funds=(fund(),))
    officer = actor("officer")
    changed = plans.update(officer, made.id, made.version, {"title": "Kế hoạch xã", "responsible": "Ông Ba"})
    assert (changed.title, changed.responsible, changed.version) == ("Kế hoạch xã", "Ông Ba", 2)
    assert plans.update(officer, made.id, 2, {}) == changed
    with fails(Stale):
        plans.update(officer, made.id, made.version, {"title": "Muộn"})
    listed = plans.update(officer, made.id, 2, {"items": [NewTask("Hai")], "funds": []})
    assert text(listed) == (["Hai"], [])
    for wrong, field in (
        ({"title": " "}, "title"),
        ({"year": None}, "year"),
        ({"items": [NewTask("")]}, "items.0.text"),
    ):
        with fails(Invalid, field=field):
            plans.update(officer, made.id, 3, wrong)
    with fails(RuleBroken, rule="own_plan", asked="update"):
        plans.update(actor("leader", DISTRICT), made.id, listed.version, {"title": "Của huyện"})
    with fails(RuleBroken, rule="own_plan", asked="create"):
        plan(actor("leader", DISTRICT))
    gone = sent(listed)
    with fails(RuleBroken, rule="plan_state", asked="update", held="submitted"):
        plans.update(officer, made.id, gone.version, {"title": "x"})
    back = plans.move(actor("reviewer", DISTRICT), made.id, "return", Order("Sửa", on=CHECKED))
    assert plans.update(officer, made.id, back.version, {"title": "Đã sửa"}).title == "Đã sửa"
    for role, unit, kind in (("inspector", "20770@legacy", Forbidden), ("officer", HA_NOI, NotFound)):
        with fails(kind):
            plans.update(actor(role, unit), made.id, back.version + 1, {"title": "x"})


def test_the_plan_of_a_model_hamlet_goes_the_whole_way_by_the_right_people_only(world: World) -> None:
    made = hamlet_plan()
    commune, checker, chief = actor("officer"), actor("reviewer", DISTRICT), actor("leader", DISTRICT)
    head = actor("leader")
    for name, right, wrong, leads_to in (
        ("submit", commune, chief, "submitted"),
        ("appraise", checker, actor("reviewer"), "appraised"),
        ("approve", chief, head, "approved"),
        ("recognise", chief, head, "recognised"),
    ):
        with fails(RuleBroken, rule="own_plan", asked=name):
            plans.move(wrong, made.id, name, Order())
        with fails(Forbidden):
            plans.move(actor("inspector", DISTRICT), made.id, name, Order())
        with fails(NotFound):
            plans.move(replace(right, unit_id=actor(unit=HA_NOI).unit_id), made.id, name, Order())
        moved = plans.move(right, made.id, name, Order())
        assert moved.state == leads_to
        before = state(*TABLES)
        assert plans.move(right, made.id, name, Order()) == moved  # sent again it changes nothing
        assert state(*TABLES) == before
    assert [(e.move, e.unit_code, e.by) for e in plans.history(commune, made.id)] == [
        ("submit", "20770", "officer"), ("appraise", "512", "reviewer"), ("approve", "512", "leader"),
        ("recognise", "512", "leader"),
    ]  # fmt: skip
    assert [a.action for a in audit.history(actor("inspector"))][:5] == [
        "plan.recognise", "plan.approve", "plan.appraise", "plan.submit", "plan.create",
    ]  # fmt: skip


def test_a_yearly_plan_is_not_recognised(world: World) -> None:
    made = approved()
    with fails(RuleBroken, rule="plan_state", asked="recognise", held="approved"):
        plans.move(actor("leader", DISTRICT), made.id, "recognise", Order())


def test_a_district_sends_its_own_plan_to_the_province(world: World) -> None:
    made = plan(actor("officer", DISTRICT), unit_code=DISTRICT)
    with fails(RuleBroken, rule="own_plan", asked="submit"):
        plans.move(actor("officer", PROVINCE), made.id, "submit", Order())
    plans.move(actor("officer", DISTRICT), made.id, "submit", Order(on=SENT))
    with fails(RuleBroken, rule="own_plan", asked="appraise"):
        plans.move(actor("reviewer", DISTRICT), made.id, "appraise", Order())
    assert [m.name for m in plans.open_moves(actor("reviewer", PROVINCE), plans.get(actor(unit=PROVINCE), made.id))] == [
        "appraise", "return",
    ]  # fmt: skip
    assert plans.move(actor("reviewer", PROVINCE), made.id, "appraise", Order()).state == "appraised"


def test_a_returned_plan_keeps_its_remarks_and_what_was_sent(world: World) -> None:
    made = plan(items=(NewTask("Hỗ trợ bò giống"),), funds=(fund(),))
    back = returned(made, "Thiếu vốn đối ứng")
    assert (back.state, back.version_number, back.approved_version) == ("returned", 1, None)
    plans.update(actor("officer"), made.id, back.version, {"funds": [fund(), fund(9, source="commune")]})
    again = plans.move(actor("officer"), made.id, "submit", Order("Đã bổ sung", on=CHECKED, due_on=SIGNED))
    assert (again.version_number, again.due_on) == (2, SIGNED)
    kept = plans.with_remarks(actor("inspector"), PlanFilter())
    assert [(p.id, [(r.move, r.remark) for r in said]) for p, said in kept] == [
        (made.id, [("return", "Thiếu vốn đối ứng"), ("submit", "Đã bổ sung")])
    ]
    assert plans.with_remarks(actor("officer", HA_NOI), PlanFilter()) == []
    assert [(v.number, len(v.content["funds"])) for v in plans.versions(actor(), made.id)] == [(2, 2), (1, 1)]
    first = plans.version(actor(), made.id, 1)
    assert (first.by, first.content["items"][0]["text"]) == ("officer", "Hỗ trợ bò giống")
    with fails(NotFound):
        plans.version(actor(), made.id, 3)
    with pytest.raises(DBAPIError, match="append-only"):
        execute("UPDATE plan_versions SET number = 9")


def test_an_approved_plan_is_adjusted_and_stays_in_force_until_the_next_is_approved(world: World) -> None:
    made = approved(plan(items=(NewTask("Một"),)))
    assert (made.approved_version, made.due_on) == (1, None)
    with fails(Invalid, field="remark"):
        plans.move(actor("officer"), made.id, "revise", Order())
    draft = plans.move(actor("officer"), made.id, "revise", Order("Điều chỉnh vốn", on=SIGNED))
    assert (draft.state, draft.approved_version, draft.version_number) == ("draft", 1, 1)
    plans.update(actor("officer"), made.id, draft.version, {"items": [NewTask("Hai")]})
    assert plans.version(actor(), made.id, 1).content["items"][0]["text"] == "Một"
    plans.move(actor("officer"), made.id, "submit", Order(on=SIGNED))
    plans.move(actor("reviewer", DISTRICT), made.id, "appraise", Order(on=SIGNED))
    assert plans.get(actor(), made.id).approved_version == 1
    assert plans.move(actor("leader", DISTRICT), made.id, "approve", Order(on=SIGNED)).approved_version == 2


def test_lists_are_narrowed_and_each_sees_its_own(world: World) -> None:
    draft, away = plan(title="Nuôi bò"), sent(plan(year=2022))
    hamlet, back = hamlet_plan(), returned(plan(program_code="DTTS"))
    theirs = plan(actor("officer", HA_NOI), unit_code=HA_NOI)

    def found(who: str = "512@legacy", role: str = "reviewer", **wanted: Any) -> set[uuid.UUID]:
        rows = plans.plans(actor(role, who), PlanFilter(**wanted))
        assert plans.count(actor(role, who), PlanFilter(**wanted)) == len(rows)
        return {p.id for p in rows}

    everything = {draft.id, away.id, hamlet.id, back.id}
    assert found() == everything
    assert found("VN@legacy") == everything | {theirs.id}
    assert found(HA_NOI) == {theirs.id}
    assert found(kind="model_hamlet") == {hamlet.id}
    assert found(program_code="GNBV", year=2023) == {draft.id}
    assert found(state="returned") == {back.id}
    assert found(unit="20770.02@legacy") == {hamlet.id}
    assert found(q="nuoi bo") == {draft.id}
    assert found(q="tra huynh") == {hamlet.id}
    assert found(mine=True) == {away.id}
    assert found(mine=False) == everything - {away.id}
    assert found(role="leader", mine=True) == set()
    assert found(PROVINCE, mine=True) == set()
    assert found(updated_since=back.updated_at) == {back.id}
    with pytest.raises(NotFound):
        found(HA_NOI, unit="20770@legacy")
    ordered = plans.plans(actor(), PlanFilter())
    assert [p.updated_at for p in ordered] == sorted(p.updated_at for p in ordered)
    after = (ordered[1].updated_at, ordered[1].id)
    assert plans.plans(actor(), PlanFilter(), after=after) == ordered[2:]
    named = plans.plans(actor(), PlanFilter(), by_name=True)
    assert [p.year for p in named] == [2025, 2023, 2023, 2022]
    assert plans.years(actor()) == [2025, 2023, 2022]


def test_what_waits_for_whom(world: World) -> None:
    away, back = sent(plan(year=2022)), returned()
    plan()

    def waiting(who: str, role: str) -> list[tuple[uuid.UUID, bool]]:
        with db.snapshot() as session:
            rows, number = plans.waiting(session, actor(role, who), 5)
        assert number == len(rows)
        return [(p.id, p.mine) for p in rows]

    assert waiting(DISTRICT, "reviewer") == [(away.id, True)]
    assert waiting(DISTRICT, "leader") == []
    assert waiting("20770@legacy", "officer") == [(back.id, False)]
    assert waiting("20770@legacy", "inspector") == []
    plans.move(actor("reviewer", DISTRICT), away.id, "appraise", Order(on=CHECKED))
    assert waiting(DISTRICT, "leader") == [(away.id, True)]
    assert waiting("48@2025", "leader") == [(away.id, True)]  # took over what the district left
    assert waiting(PROVINCE, "leader") == []


def test_a_document_is_attached_to_a_plan(world: World) -> None:
    made = hamlet_plan()
    paper = document(number="45/KH-UBND", date=SENT)
    attached = documents.attach(actor("officer"), paper.id, "plan", made.id)
    assert attached.attached_to == (("plan", made.id),)
    named = attaching.attached_to(actor("inspector"), attached)
    assert [(s.kind, s.name) for s in named] == [("plan", made.title)]
    with fails(NotFound):
        documents.attach(actor("officer"), paper.id, "plan", uuid.uuid4())


def test_nobody_makes_a_plan_of_the_same_id_elsewhere(world: World) -> None:
    made = plan()
    with fails(IdTaken):
        plans.create(actor("officer", HA_NOI), NewPlan(made.id, "year", HA_NOI, "GNBV", 2023))
    with fails(NotFound):
        plans.get(actor("officer", HA_NOI), made.id)
