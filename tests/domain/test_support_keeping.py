"""Who keeps a support model writes and runs it; what it stands on is looked at again before it is approved and begins."""

from __future__ import annotations

from app.domain import households, support
from app.domain.access import Actor
from app.domain.support import NewBudget
from app.domain.workflow import Order
from app.errors import RuleBroken
from tests.support.folk import household
from tests.support.supporting import (
    DISTRICT,
    SIGNED,
    appraised,
    fails,
    funded,
    given,
    model,
    new_model,
    running,
    visited,
    whole_model,
)
from tests.support.world import DECISION, MILLION, World, actor, post


def test_who_appraises_a_model_neither_writes_nor_runs_it(world: World) -> None:
    above, made = actor("officer", DISTRICT), running()
    ask = given(made)
    support.deliver(actor("officer"), made.id, ask)
    draft = model()
    for asked, act in (
        ("create", lambda: support.create(above, new_model())),
        ("update", lambda: support.update(above, draft.id, draft.version, {"name": "Khác"})),
        ("deliver", lambda: support.deliver(above, made.id, given(made))),
        ("withdraw", lambda: support.withdraw(above, made.id, ask.id, "Ghi nhầm")),
        ("visit", lambda: support.visit(above, made.id, visited(made))),
        ("evaluate", lambda: support.evaluate(above, made.id, "Tốt", {}, Order())),
    ):
        with fails(RuleBroken, rule="own_support", asked=asked, held="own"):
            act()
    own = support.create(above, new_model(unit_code=DISTRICT))[0]
    assert support.update(above, own.id, 1, {"name": "Của huyện"}).level == "district"


def test_approving_and_beginning_look_again_at_households_and_lines(world: World) -> None:
    source, folk = funded(180 * MILLION), [household(code=f"H-{n}") for n in (1, 2)]
    made = appraised(whole_model(folk, budget=(NewBudget(source.id, 180 * MILLION),)))
    officer, leader = actor("officer"), actor("leader", DISTRICT)

    def stops(who: Actor, name: str) -> None:
        post(source.id, "withdraw", MILLION, "2023-03-01")
        (drawn,) = support.whole(officer, made.id).budget
        (line,) = support.mix(officer, made.id).lines
        assert drawn.over_drawn == line.over_drawn == MILLION
        with fails(RuleBroken, rule="line_drawn", over=MILLION):
            support.move(who, made.id, name, Order(on=SIGNED))
        post(source.id, "allocate", MILLION, "2023-03-02", document=DECISION)
        assert support.whole(officer, made.id).budget[0].over_drawn == 0
        households.set_status(officer, folk[1].id, households.NewStatus(2023, "other"))
        with fails(RuleBroken, rule="member_status", who="H-2", asked=2, held=1):
            support.move(who, made.id, name, Order(on=SIGNED))
        households.set_status(officer, folk[1].id, households.NewStatus(2023, "poor"))

    stops(leader, "approve")
    support.move(leader, made.id, "approve", Order(on=SIGNED))
    stops(officer, "start")
    # What was approved and cannot begin goes back to be put right.
    assert support.move(leader, made.id, "return", Order("Thay hộ", on=SIGNED)).open
