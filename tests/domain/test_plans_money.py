"""A plan's money beside the book on any day, taken over from budget lines; what two of its texts say otherwise."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Final

from app.domain import plans, tasks
from app.domain.plans import NewFund
from app.domain.tasks import NewProgress, NewTask
from app.domain.workflow import Order
from app.errors import Invalid, NotFound
from tests.support.planning import (
    CHECKED,
    fails,
    fund,
    hamlet_plan,
    plan,
    returned,
)
from tests.support.world import MILLION, World, actor, line, post

HA_NOI: Final = "00001@legacy"
DAY: Final = date(2023, 9, 14)


def test_money_of_a_budget_line_follows_from_the_line(world: World) -> None:
    money = line()
    made = plan(
        funds=(NewFund(5 * MILLION, budget_line_id=money.id), fund(source="people", project_code=None))
    )
    first, second = (row.fund for row in plans.whole(actor(), made.id).funds)
    assert (first.project_code, first.source, first.capital_kind) == ("GNBV.2", "central", "recurrent")
    assert (first.line_name, second.line_name, second.project_code) == ("GNBV.2 · 2023", None, None)
    for name, wrong in (
        ("source", fund(budget_line_id=money.id, source="district")),
        ("project_code", fund(budget_line_id=money.id, project_code="GNBV.1")),
    ):
        with fails(Invalid, field=f"funds.0.{name}"):
            plan(funds=(wrong,))
    with fails(Invalid, field="funds.1"):
        plan(funds=(NewFund(1, budget_line_id=money.id), NewFund(2, budget_line_id=money.id)))
    theirs = line(actor(unit=HA_NOI), unit_code=HA_NOI)
    with fails(NotFound, field="funds.0.budget_line_id"):
        plan(funds=(NewFund(1, budget_line_id=theirs.id),))


def test_two_versions_are_compared_thing_by_thing(world: World) -> None:
    made = plan(
        items=(NewTask("Giữ"), NewTask("Đổi", measure="km", quantity=Decimal(2)), NewTask("Bỏ")),
        funds=(fund(), fund(5 * MILLION, source="district"), fund(7, source="people")),
    )
    keep, change, _ = plans.whole(actor(), made.id).items
    back = returned(made)
    same = plans.compare(actor("inspector"), made.id)
    assert (same.same, same.before.number, same.after.number) == (True, 1, None)
    plans.update(
        actor("officer"), made.id, back.version,
        {
            "title": "Kế hoạch đã sửa",
            "items": [
                NewTask("Mới"), NewTask("Đổi", change.id, measure="km", quantity=Decimal("2.5")), NewTask("Giữ"),
            ],
            "funds": [fund(120 * MILLION), fund(5 * MILLION, source="district"), fund(1, source="commune")],
        },
    )  # fmt: skip
    found = plans.compare(actor("inspector"), made.id)
    assert found.fields == ("title",)
    assert [(c.what, (c.after or c.before or {})["text"], c.fields) for c in found.items] == [
        ("added", "Mới", ()), ("changed", "Đổi", ("quantity",)), ("removed", "Bỏ", ()),
    ]  # fmt: skip
    assert [(c.what, (c.after or c.before or {})["source"], c.fields) for c in found.funds] == [
        ("changed", "central", ("amount",)), ("added", "commune", ()), ("removed", "people", ()),
    ]  # fmt: skip
    changed = found.items[1]
    assert (changed.before and changed.before["quantity"], changed.after and changed.after["quantity"]) == (
        "2",
        "2.5",
    )
    assert keep.id not in {c.after and c.after["id"] for c in found.items}
    plans.move(actor("officer"), made.id, "submit", Order(on=CHECKED))
    again = plans.compare(actor("inspector"), made.id, before=1, after=2)
    assert (again.fields, again.items, again.funds) == (found.fields, found.items, found.funds)
    assert plans.compare(actor(), made.id).before.number == 1
    assert plans.compare(actor(), made.id, before=2, after=2).same
    for numbers, field in (({"before": 9}, "from"), ({"before": 1, "after": 9}, "to")):
        with fails(NotFound, field=field):
            plans.compare(actor(), made.id, **numbers)
    never_sent = plan()
    with fails(NotFound):
        plans.compare(actor(), never_sent.id)


def test_plan_against_actual_equals_the_book_on_any_day(world: World) -> None:
    named, general, road = line(), line(source="district"), line(project_code="GNBV.6.1")
    for its, amount in ((named, 100), (general, 40), (road, 30)):
        post(its.id, "allocate", amount * MILLION, "2023-01-05")
    post(named.id, "pay", 60 * MILLION, "2023-03-01")
    post(general.id, "pay", 10 * MILLION, "2023-06-01")
    post(line(year=2022).id, "allocate", 9 * MILLION, "2022-01-05")
    made = plan(
        items=(NewTask("Vận động"),),
        funds=(
            NewFund(90 * MILLION, budget_line_id=named.id),
            fund(50 * MILLION, source="district"),
            fund(20 * MILLION, project_code="GNBV.6"),  # stands for all below it
            fund(),  # the general row of the same key: the named line is not counted again
            fund(15 * MILLION, project_code=None, source="people"),
        ),
    )  # fmt: skip
    task = plans.whole(actor(), made.id).items[0]
    new = NewProgress(uuid.uuid4(), Decimal(100), date(2023, 6, 1))
    tasks.report(actor("officer"), ("plan", made.id), task.id, new)
    now = plans.actual(actor("inspector"), made.id, on=DAY)
    assert [(r.fund.amount // MILLION, r.plan, r.disbursed) for r in now.funds] == [
        (90, 100 * MILLION, 60 * MILLION),
        (50, 40 * MILLION, 10 * MILLION),
        (20, 30 * MILLION, 0),
        (100, 0, 0),
        (15, None, None),
    ]
    assert (now.amount, now.pockets.plan, now.pockets.disbursed) == (
        275 * MILLION,
        170 * MILLION,
        70 * MILLION,
    )
    assert (now.done, [t.done for t in now.items]) == (1, [True])
    assert now.funds[0].at_risk > 0
    before = plans.actual(actor("inspector"), made.id, on=date(2023, 2, 28))
    assert [r.disbursed for r in before.funds] == [0, 0, 0, 0, None]
    assert (before.done, before.reports) == (0, {})
    assert [r.value for r in now.reports[task.id]] == [100]
    none_yet = plans.actual(actor("inspector"), made.id, on=date(2022, 12, 31))
    assert [r.plan for r in none_yet.funds] == [0, 0, 0, 0, None]


def test_a_period_counts_all_its_years_and_a_hamlet_the_lines_of_its_commune(world: World) -> None:
    for year in (2022, 2023):
        post(line(year=year).id, "allocate", 10 * MILLION, f"{year}-01-05")
    period = plan(kind="period", year=None, funds=(fund(),))
    assert plans.actual(actor(), period.id, on=DAY).pockets.plan == 20 * MILLION
    hamlet = hamlet_plan(year=2023, funds=(fund(),))
    assert plans.actual(actor(), hamlet.id, on=DAY).pockets.plan == 10 * MILLION


def test_what_is_carried_within_a_period_counts_once(world: World) -> None:
    first, second = line(year=2022), line(year=2023, origin_year=2022)
    post(first.id, "allocate", 100 * MILLION, "2022-01-05")
    post(first.id, "carry_over", 40 * MILLION, "2022-12-31", to_budget_line_id=second.id)
    post(line(year=2023).id, "allocate", 10 * MILLION, "2023-01-05")
    period = plan(kind="period", year=None, funds=(fund(),))
    pockets = plans.actual(actor(), period.id, on=DAY).pockets
    assert (pockets.plan, pockets.available, pockets.carried_out) == (110 * MILLION, 110 * MILLION, 0)
    assert [f.amount for f in plans.from_lines(actor(), period, on=DAY)] == [110 * MILLION]
    year = plan(funds=(fund(),))
    assert plans.actual(actor(), year.id, on=DAY).pockets.plan == 50 * MILLION


def test_money_is_taken_over_from_the_lines_of_the_unit(world: World) -> None:
    for key, amount in (
        ({}, 100), ({"source": "district"}, 40), ({"project_code": "NTM.1"}, 7), ({"year": 2022}, 5),
    ):  # fmt: skip
        post(line(**key).id, "allocate", amount * MILLION, "2022-01-05")
    line(source="commune")
    found = plans.from_lines(actor(), plan(), on=DAY)
    assert [(f.project_code, f.source, f.amount // MILLION) for f in found] == [
        ("GNBV.2", "central", 100), ("GNBV.2", "district", 40),
    ]  # fmt: skip
    assert plan(funds=tuple(found)).state == "draft"
    assert plans.from_lines(actor(), hamlet_plan(year=2023))[0].amount == 7 * MILLION
