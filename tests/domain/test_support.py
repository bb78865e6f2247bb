"""Support models: proposed for households that may take part, paid for whole, appraised, run, evaluated."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import db
from app.domain import audit, households, support
from app.domain.documents import NewDocument, attaching, register
from app.domain.support import ModelFilter, NewBudget, NewInput, NewMember
from app.domain.workflow import Order
from app.errors import Forbidden, IdTaken, Invalid, NotFound, PreconditionRequired, RuleBroken, Stale
from app.models.clearance import PersonalView
from tests.support.book import execute
from tests.support.folk import MASKED, NAME, household, of_years
from tests.support.papers import document
from tests.support.supporting import (
    CHECKED,
    DISTRICT,
    SENT,
    STARTED,
    approved,
    cows,
    fails,
    funded,
    given,
    model,
    new_model,
    running,
    sent,
    whole_model,
)
from tests.support.world import MILLION, World, actor, line, work

HA_NOI = "00001@legacy"


def test_sent_twice_a_model_is_proposed_once(world: World) -> None:
    member = household()
    ask = new_model(members=(NewMember(member.id, 5 * MILLION),), inputs=(cows("2.5"),))
    made, fresh = support.create(actor("officer"), ask)
    assert (fresh, made.state, made.unit_code, made.hamlet_name, made.program_code) == (
        True, "draft", "20770", "Thôn Trà Sơn", "GNBV",
    )  # fmt: skip
    assert made.livestock, "as the template says"
    assert made.content.startswith("Cấp bò cái giống")
    whole = support.whole(actor("officer"), made.id)
    assert (whole.total, whole.members[0].code, whole.missing, whole.warnings) == (
        50 * MILLION, member.code, (), [],
    )  # fmt: skip
    same = replace(ask, inputs=(cows("2.500"),))
    assert support.create(actor("officer"), same) == (made, False)
    for other in (replace(ask, name="Khác"), replace(ask, members=()), replace(ask, inputs=(cows(3),))):
        with fails(IdTaken):
            support.create(actor("officer"), other)
    with fails(NotFound):
        support.get(actor("officer", HA_NOI), made.id)
    assert support.get(actor("inspector", DISTRICT), made.id).name == made.name


@pytest.mark.parametrize(
    ("values", "kind", "field"),
    [
        ({"name": " "}, Invalid, "name"),
        ({"name": "x" * 301}, Invalid, "name"),
        ({"group_name": "x" * 201}, Invalid, "group_name"),
        ({"year": 1999}, Invalid, "year"),
        ({"unit_code": "20770.01@legacy", "hamlet_code": None}, Invalid, "unit_code"),
        ({"unit_code": "00001@legacy"}, NotFound, "unit_code"),
        ({"hamlet_code": "20770"}, Invalid, "hamlet_code"),
        ({"hamlet_code": "00001@legacy"}, NotFound, "hamlet_code"),
        ({"project_code": "none"}, NotFound, "project_code"),
        ({"project_code": "GNBV.3"}, Invalid, "project_code"),
        ({"template": "none"}, NotFound, "template"),
        ({"starts_on": date(2023, 5, 1), "ends_on": date(2023, 4, 1)}, Invalid, "ends_on"),
        ({"household_share": -1}, Invalid, "household_share"),
        ({"head_id": uuid.uuid4()}, Invalid, "head_id"),
        ({"members": (NewMember(uuid.uuid4()),)}, NotFound, "members.0.household_id"),
        ({"inputs": (cows(price=0),)}, Invalid, "inputs.0.unit_price"),
        ({"inputs": (cows(0),)}, Invalid, "inputs.0.quantity"),
        ({"inputs": (cows(), cows("-1"))}, Invalid, "inputs.1.quantity"),
        ({"inputs": (cows("0.0001"),)}, Invalid, "inputs.0.quantity"),
        ({"inputs": (NewInput("", "con", Decimal(1), 1),)}, Invalid, "inputs.0.kind"),
        ({"inputs": (NewInput("x", " ", Decimal(1), 1),)}, Invalid, "inputs.0.measure"),
        ({"budget": (NewBudget(uuid.uuid4(), 1),)}, NotFound, "budget.0.budget_line_id"),
        ({"budget": (NewBudget(uuid.uuid4(), 0),)}, Invalid, "budget.0.amount"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    world: World, values: dict[str, Any], kind: type[Exception], field: str
) -> None:
    with fails(kind, field=field):  # type: ignore[arg-type]  # each is a Fault
        model(**values)


def test_a_member_is_poor_near_poor_or_newly_escaped_in_the_years_of_the_model(world: World) -> None:
    fit = [household(statuses=of_years(y2023=status)) for status in ("poor", "near_poor", "escaped")]
    made = model(members=tuple(NewMember(h.id) for h in fit))
    other = household(code="H-KHAC", statuses=of_years(y2022="poor", y2023="other"))
    unreviewed = household(code="H-CHUA", statuses=of_years(y2022="poor"))
    members = tuple(NewMember(h.id) for h in (*fit, other, unreviewed))
    with fails(RuleBroken, rule="member_status", asked=5, held=3):
        support.update(actor("officer"), made.id, 1, {"members": members})
    with fails(RuleBroken, rule="member_status", who="H-KHAC, H-CHUA", year="2023"):
        model(members=members)
    with fails(RuleBroken, rule="member_status", held=0):  # nobody was reviewed for that year
        support.update(actor("officer"), made.id, 1, {"year": 2024})
    # Whoever left or lives elsewhere takes no part.
    gone = household(left_on=date(2023, 2, 1), left_reason="Chuyển đi")
    with fails(RuleBroken, rule="member_status"):
        model(members=(NewMember(gone.id),))
    away = household(actor("officer", "20773@legacy"), unit_code="20773@legacy", hamlet_code=None)
    with fails(NotFound, field="members.0.household_id"):
        model(members=(NewMember(away.id),))
    with fails(NotFound, field="members.0.household_id"):  # in scope, yet of another commune than the model
        model(actor("officer", "20770@2025"), members=(NewMember(away.id),))
    with fails(Invalid, field="members.1.household_id"):
        model(members=(NewMember(fit[0].id), NewMember(fit[0].id)))


def test_a_line_is_general_or_the_models_own_and_in_reach(world: World) -> None:
    made = model()
    general, own = funded(), funded(source="district", support_model_id=made.id)
    budget = (NewBudget(general.id, 1), NewBudget(own.id, 2))
    changed = support.update(actor("officer"), made.id, 1, {"budget": budget})
    assert changed.version == 2
    of_work = funded(work_id=work().id, project_code="DTTS.4.1")
    of_other = funded(source="provincial", support_model_id=model().id)
    for line_id in (of_work.id, of_other.id):
        with fails(Invalid, field="budget.0.budget_line_id"):
            support.update(actor("officer"), made.id, 2, {"budget": (NewBudget(line_id, 1),)})
    elsewhere = funded_elsewhere()
    with fails(NotFound, field="budget.0.budget_line_id"):
        support.update(actor("officer"), made.id, 2, {"budget": (NewBudget(elsewhere, 1),)})
    with fails(Invalid, field="budget.0.budget_line_id"):
        support.update(actor("officer", "20770@2025"), made.id, 2, {"budget": (NewBudget(elsewhere, 1),)})
    with fails(Invalid, field="budget.1.budget_line_id"):
        support.update(actor("officer"), made.id, 2, {"budget": (budget[0], budget[0])})


def funded_elsewhere() -> uuid.UUID:
    return line(actor("client:write", DISTRICT), unit_code="20773@legacy").id


def test_models_draw_together_no_more_than_a_line_has(world: World) -> None:
    shared = funded(100 * MILLION)
    first = model(budget=(NewBudget(shared.id, 60 * MILLION),))
    with fails(RuleBroken, rule="line_drawn", asked=101 * MILLION, held=100 * MILLION):
        model(budget=(NewBudget(shared.id, 41 * MILLION),))
    second = model(budget=(NewBudget(shared.id, 40 * MILLION),))
    with fails(RuleBroken, rule="line_drawn"):
        support.update(actor("officer"), first.id, 1, {"budget": (NewBudget(shared.id, 61 * MILLION),)})
    support.update(actor("officer"), second.id, 1, {"budget": ()})
    support.update(actor("officer"), first.id, 1, {"budget": (NewBudget(shared.id, 61 * MILLION),)})


def test_what_is_sent_is_whole_and_paid_for(world: World) -> None:
    folk = [household() for _ in range(2)]
    bare = model(group_name="")
    with pytest.raises(Invalid) as caught:
        support.move(actor("officer"), bare.id, "submit", Order(on=SENT))
    assert [e.field for e in caught.value.errors] == ["group_name", "members", "head_id", "inputs"]
    no_animals = whole_model(folk, inputs=(NewInput("Cỏ giống", "kg", Decimal(10), 20 * MILLION),))
    with fails(Invalid, field="inputs"):
        support.move(actor("officer"), no_animals.id, "submit", Order(on=SENT))
    short = whole_model(folk, household_share=19 * MILLION, budget=(NewBudget(funded().id, 180 * MILLION),))
    with fails(RuleBroken, rule="support_budget", asked=200 * MILLION, held=199 * MILLION):
        support.move(actor("officer"), short.id, "submit", Order(on=SENT))
    support.update(actor("officer"), short.id, 1, {"household_share": 20 * MILLION})
    # A status that changed since keeps a model from being sent.
    households.set_status(actor("officer"), folk[1].id, households.NewStatus(2023, "other"))
    with fails(RuleBroken, rule="member_status", asked=2, held=1):
        support.move(actor("officer"), short.id, "submit", Order(on=SENT))
    households.set_status(actor("officer"), folk[1].id, households.NewStatus(2023, "near_poor"))
    assert sent(short).state == "submitted"


def test_a_model_moves_up_and_back_and_on(world: World) -> None:
    made = sent()
    officer, reviewer, leader = actor("officer"), actor("reviewer", DISTRICT), actor("leader", DISTRICT)
    with fails(RuleBroken, rule="support_state", asked="update", held="submitted"):
        support.update(officer, made.id, made.version, {"name": "Khác"})
    with fails(RuleBroken, rule="own_support", asked="appraise", held="above"):
        support.move(actor("reviewer"), made.id, "appraise", Order(on=CHECKED))
    with fails(RuleBroken, rule="support_state", asked="approve", held="submitted"):
        support.move(leader, made.id, "approve", Order(on=CHECKED))
    with fails(Forbidden):
        support.move(officer, made.id, "appraise", Order(on=CHECKED))
    waits, number = support.waiting_for(reviewer, 10)
    assert ([m.id for m in waits], number, waits[0].mine) == ([made.id], 1, True)
    back = support.move(reviewer, made.id, "return", Order("Bổ sung hộ", on=CHECKED))
    assert (back.state, back.open) == ("returned", True)
    assert [m.id for m in support.waiting_for(officer, 10)[0]] == [made.id]
    ((whole, *_),) = [support.with_parts(officer, ModelFilter())]
    assert [e.remark for e in whole.events] == ["Bổ sung hộ"]
    again = support.move(officer, made.id, "submit", Order(on=CHECKED))
    with fails(Stale):
        support.move(reviewer, made.id, "appraise", Order(on=CHECKED), seen=again.version - 1)
    order = Order(on=CHECKED)
    moved = support.move(reviewer, made.id, "appraise", order, seen=again.version)
    assert support.move(reviewer, made.id, "appraise", order) == moved, "sent again it changes nothing"
    support.move(leader, made.id, "approve", Order(on=CHECKED))
    assert [m.id for m in support.waiting_for(officer, 10)[0]] == [made.id], "approved, to be begun"
    with fails(RuleBroken, rule="own_support"):
        support.move(actor("officer", DISTRICT), made.id, "start", Order(on=STARTED))
    assert support.move(officer, made.id, "start", Order(on=STARTED)).state == "running"
    assert [m.name for m in support.open_moves(officer, support.get(officer, made.id))] == ["evaluate"]


def test_a_model_is_evaluated_with_words_and_incomes(world: World) -> None:
    made = running()
    officer, (first, *_) = actor("officer"), support.whole(actor("officer"), made.id).members
    with fails(Invalid, field="evaluation"):
        support.evaluate(officer, made.id, " ", {}, Order())
    with fails(NotFound, field="members.0.household_id"):
        support.evaluate(officer, made.id, "Tốt", {uuid.uuid4(): 1}, Order())
    with fails(Invalid, field="members.0.income_after"):
        support.evaluate(officer, made.id, "Tốt", {first.household_id: -1}, Order())
    order = Order(on=date(2023, 12, 1))
    done = support.evaluate(officer, made.id, "Đàn bò lớn tốt", {first.household_id: 15 * MILLION}, order)
    assert (done.state, done.evaluation) == ("evaluated", "Đàn bò lớn tốt")
    assert support.whole(officer, made.id).members[0].income_after == 15 * MILLION
    same = support.evaluate(officer, made.id, "Đàn bò lớn tốt", {first.household_id: 15 * MILLION}, order)
    assert same == done
    # Until it is closed it is put right by who has read it.
    better = {first.household_id: 16 * MILLION}
    with fails(PreconditionRequired):
        support.evaluate(officer, made.id, "Đàn bò lớn tốt", better, order)
    with fails(Stale):
        support.evaluate(officer, made.id, "Chết một con", {}, order, seen=done.version - 1)
    right = support.evaluate(officer, made.id, "Chết một con", better, order, seen=done.version)
    assert (right.state, right.evaluation, right.version) == ("evaluated", "Chết một con", done.version + 1)
    assert support.evaluate(officer, made.id, "Chết một con", better, order, seen=done.version) == right
    assert support.whole(officer, made.id).members[0].income_after == 16 * MILLION
    last = audit.history(actor("inspector"), subject_kind="support_model")[0]
    assert (last.action, last.facts["corrects"], last.facts["incomes"]) == ("support.evaluate", True, 1)
    unknown = support.evaluate(
        officer, made.id, "Chết một con", {first.household_id: None}, order, seen=right.version
    )
    assert support.whole(officer, unknown.id).members[0].income_after is None
    assert support.move(officer, made.id, "close", Order()).state == "closed"
    with fails(RuleBroken, rule="support_state", held="closed"):
        support.evaluate(officer, made.id, "Nữa", {}, Order(on=date(2023, 12, 2)))


def test_a_household_supported_with_the_same_before_is_told(world: World) -> None:
    folk = [household(statuses=of_years(y2023="poor", y2024="poor")) for _ in range(2)]
    before = running(whole_model(folk))
    again = model(year=2024, members=(NewMember(folk[0].id),))
    (told,) = support.whole(actor("officer"), again.id).warnings
    assert (told.household_id, told.model_id, told.same_template, told.year) == (
        folk[0].id, before.id, True, 2023,
    )  # fmt: skip
    by_kind = model(
        year=2024,
        template=None,
        members=(NewMember(folk[1].id),),
        inputs=(NewInput("bò cái  GIỐNG sinh sản".replace("  ", " "), "con", Decimal(1), 1),),
    )
    (told,) = support.whole(actor("officer"), by_kind.id).warnings
    assert (told.same_template, told.kinds) == (False, ("bò cái GIỐNG sinh sản",))
    goats = model(year=2024, template="goats", members=(NewMember(folk[1].id),))
    assert support.whole(actor("officer"), goats.id).warnings == []
    assert support.whole(actor("officer"), before.id).warnings == [], "nothing before it"


def test_a_payment_lacks_papers_and_signatures_by_name(world: World) -> None:
    made = running(whole_model([household()]))
    officer = actor("officer")

    def lacks() -> list[str]:
        return [m.rule for m in support.whole(officer, made.id).missing]

    assert lacks() == ["group_list", "support_acceptance", "invoice", "delivered"]
    for kind in ("group_list", "support_acceptance", "invoice"):
        paper = NewDocument(uuid.uuid4(), f"01/{kind}", SENT, "UBND xã", kind)
        register.create(officer, paper, (), ("support_model", made.id))
    photo = document(number="", kind="photo")
    shown = given(made, signed=False, documents=(photo.id,))
    support.deliver(officer, made.id, shown)
    assert lacks() == []
    attaching.detach(officer, photo.id, "delivery", shown.id)
    assert lacks() == ["proof"]
    support.withdraw(officer, made.id, shown.id, "Ghi nhầm")
    assert lacks() == ["delivered"]
    support.deliver(officer, made.id, given(made))
    assert lacks() == []
    assert attaching.documents_of(officer, "support_model", made.id)
    # What came of it is said before the last payment; once closed, nothing is paid any more.
    other = running()
    before = support.whole(officer, other.id).missing
    support.evaluate(officer, other.id, "Tốt", {}, Order())
    assert support.whole(officer, other.id).missing == before != ()
    support.move(officer, other.id, "close", Order())
    assert support.whole(officer, other.id).missing == ()
    assert support.whole(officer, sent().id).missing == (), "only of what runs"


def test_names_are_masked_and_whoever_sees_them_is_on_record(world: World) -> None:
    made = whole_model()
    _, seen = support.members(actor("officer"), made.id)
    assert {s.person.name for s in seen} == {NAME}
    _, masked = support.members(actor("reviewer", DISTRICT), made.id)
    assert {s.person.name for s in masked} == {MASKED}
    support.offer(actor("leader"), made.id)
    with db.transaction() as session:
        views = session.execute(
            sa.select(PersonalView.actor, PersonalView.people, PersonalView.masked).where(
                PersonalView.subject_kind == "support_model"
            )
        ).all()
    assert [tuple(v) for v in views] == [
        ("officer", 3, False), (actor("reviewer", DISTRICT).ref, 3, True), ("leader", 3, False),
    ]  # fmt: skip


def test_who_could_take_part_lives_in_the_hamlet_and_counts_as_poor(world: World) -> None:
    member, fit = household(), household(statuses=of_years(y2023="near_poor"))
    household(statuses=of_years(y2023="other"))
    household(hamlet_code="20770.02")
    made = model(members=(NewMember(member.id),))
    households.set_status(actor("officer"), member.id, households.NewStatus(2023, "other"))
    found = support.offer(actor("officer"), made.id).people
    assert {(p.household_id, p.status) for p in found} == {(member.id, "other"), (fit.id, "near_poor")}
    everywhere = model(hamlet_code=None)
    assert len(support.offer(actor("officer"), everywhere.id).people) == 2


def test_lists_are_narrowed_and_counted(world: World) -> None:
    first, second = model(), approved(whole_model(name="Trồng keo", project_code="GNBV.3.1", year=2023))
    officer = actor("officer")

    def ids(**wanted: Any) -> set[uuid.UUID]:
        found = ModelFilter(**wanted)
        listed = {m.id for m in support.models(officer, found)}
        assert len(listed) == support.count(officer, found)
        assert {w.model.id for w in support.with_parts(officer, found)} == listed
        assert {m.id for m, _ in support.with_money(officer, found)} == listed
        return listed

    assert ids() == {first.id, second.id}
    assert ids(state="approved") == ids(project_code="GNBV.3") == ids(q="trong keo") == {second.id}
    assert ids(project_code="GNBV.2") == ids(state="draft") == {first.id}
    assert ids(unit="20770.01@legacy") == ids(program_code="GNBV") == ids(year=2023) == ids()
    assert ids(unit="20770.02@legacy") == ids(mine=True) == ids(year=2024) == set()
    member = support.whole(officer, second.id).members[0].household_id
    assert ids(household_id=member) == {second.id}
    assert support.years(officer) == [2023]
    assert support.models(actor("officer", HA_NOI), ModelFilter()) == []
    assert [t.code for t in support.templates(officer)] == ["cattle", "goats", "acacia", "medicinal"]
    assert all(set(i) == {"kind", "measure"} for t in support.templates(officer) for i in t.inputs)


def test_the_database_itself_bounds_what_is_delivered(world: World) -> None:
    running()
    with pytest.raises(IntegrityError):
        execute("UPDATE support_inputs SET delivered = quantity + 1")
