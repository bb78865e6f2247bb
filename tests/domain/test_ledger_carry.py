"""Carrying over: into the next year's line of the same key, of the same unit or of the one that took it over."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import sqlalchemy as sa

from app import db
from app.domain.ledger import targets
from app.domain.ledger.lines import LineView
from app.domain.ledger.pockets import Pockets
from app.errors import Invalid, NotFound
from app.models.ledger import ChainLink
from tests.support.book import fails, pockets, refused, whole
from tests.support.world import World, actor, line, post, work

ABOVE = "VN@2025"


def chains(entry_id: uuid.UUID) -> set[int]:
    with db.snapshot() as session:
        query = sa.select(ChainLink.unit_id).where(ChainLink.entry_id == entry_id)
        return set(session.execute(query).scalars())


def held(**key: Any) -> LineView:
    made = line(actor(unit=ABOVE), **key)
    post(made.id, "allocate", 100, f"{made.year}-01-05", actor(unit=ABOVE))
    return made


def test_money_keeps_its_year_of_origin_through_the_years(world: World) -> None:
    first = held()
    second, third = line(year=2024, origin_year=2023), line(year=2025, origin_year=2023)
    post(first.id, "carry_over", 100, "2023-12-31", to_budget_line_id=second.id)
    post(second.id, "carry_over", 70, "2024-12-31", to_budget_line_id=third.id)
    assert pockets(second.id) == Pockets(30, carried_in=100, carried_out=70)
    assert pockets(third.id) == Pockets(70, carried_in=70)
    for stands in (first, second, third):
        money = pockets(stands.id)
        assert money.plan == money.available + money.disbursed + money.carried_out + money.lapsed


OTHER_KEYS: tuple[dict[str, Any], ...] = (
    {"year": 2024},  # its own money, not extended
    {"year": 2025, "origin_year": 2023},
    {"year": 2023, "origin_year": 2022},
    {"year": 2024, "origin_year": 2022},
    {"year": 2024, "origin_year": 2023, "project_code": "GNBV.3.1"},
    {"year": 2024, "origin_year": 2023, "source": "provincial"},
    {"year": 2024, "origin_year": 2023, "capital_kind": "investment"},
    {"year": 2024, "origin_year": 2023, "unit_code": "20773@legacy"},
    {"year": 2024, "origin_year": 2023, "unit_code": "512@legacy"},  # the district above
    {"year": 2024, "origin_year": 2023, "unit_code": "48@2025"},  # the province above its successor
    {"year": 2024, "origin_year": 2023, "unit_code": "00097@2025"},
)


def test_every_other_part_of_the_key_stays_the_same(world: World) -> None:
    old, above = held(), actor(unit=ABOVE)
    for key in OTHER_KEYS:
        other = line(above, **key)
        with refused("carry_over_key", year=2024):
            post(old.id, "carry_over", 1, "2023-12-31", above, to_budget_line_id=other.id)
    assert targets.carry_targets(above, old.id) == []


def test_a_work_is_part_of_the_key(world: World) -> None:
    key: dict[str, Any] = {"project_code": "DTTS.4.1", "capital_kind": "investment"}
    one, two = work(), work()
    old = held(work_id=one.id, **key)
    for other in (None, two.id):
        target = line(year=2024, origin_year=2023, work_id=other, **key)
        with refused("carry_over_key"):
            post(old.id, "carry_over", 1, "2023-12-31", to_budget_line_id=target.id)
    right = line(year=2024, origin_year=2023, work_id=one.id, **key)
    post(old.id, "carry_over", 1, "2023-12-31", to_budget_line_id=right.id)


def test_never_into_itself(world: World) -> None:
    old = held()
    with refused("carry_over_key"):
        post(old.id, "carry_over", 1, "2023-12-31", to_budget_line_id=old.id)


def test_the_unit_that_took_it_over_receives_it_in_both_units_chains(world: World) -> None:
    above = actor(unit=ABOVE)
    for before, after, project in (
        ("20770@legacy", "20770@2025", "GNBV.2"), ("20776@legacy", "20770@2025", "NTM.2"),
        ("512@legacy", "48@2025", "GNBV.2"), ("49@legacy", "48@2025", "NTM.2"),
        ("20770.01@legacy", "20770@2025", "NTM.3"),
    ):  # fmt: skip
        old = held(unit_code=before, year=2025, project_code=project)
        new = line(above, unit_code=after, year=2026, origin_year=2025, project_code=project)
        assert [target.id for target in targets.carry_targets(above, old.id)] == [new.id]
        carried = post(old.id, "carry_over", 60, "2025-12-31", above, to_budget_line_id=new.id)
        both = {world.unit(before).id, world.unit(after).id}
        assert chains(carried.id) == both
        assert (pockets(old.id).available, pockets(new.id).available) == (40, 60)
        back = post(old.id, "reversal", None, None, above, reverses_id=carried.id)
        assert chains(back.id) == both
    assert whole()


def test_within_one_unit_it_stands_in_one_chain(world: World) -> None:
    old, new = held(), line(year=2024, origin_year=2023)
    carried = post(old.id, "carry_over", 60, "2023-12-31", to_budget_line_id=new.id)
    assert chains(carried.id) == {world.unit("20770@legacy").id}


def test_who_does_not_see_the_successor_cannot_carry_into_it(world: World) -> None:
    old = held(year=2025)
    new = line(actor(unit=ABOVE), unit_code="20770@2025", year=2026, origin_year=2025)
    with fails(NotFound, "to_budget_line_id"):
        post(old.id, "carry_over", 60, "2025-12-31", actor(), to_budget_line_id=new.id)
    post(old.id, "carry_over", 60, "2025-12-31", actor(unit="20770@2025"), to_budget_line_id=new.id)


def test_only_available_and_advanced_money_is_carried(world: World) -> None:
    old, new = held(), line(year=2024, origin_year=2023)
    post(old.id, "pay", 50, "2023-03-01")
    for pocket in ("paid", "settled"):
        with fails(Invalid, "from_pocket"):
            post(old.id, "carry_over", 1, "2023-12-31", from_pocket=pocket, to_budget_line_id=new.id)


def test_carried_money_may_be_withdrawn_so_that_net_allocation_is_below_zero(world: World) -> None:
    old, new = held(), line(year=2024, origin_year=2023)
    post(old.id, "carry_over", 100, "2023-12-31", to_budget_line_id=new.id)
    post(new.id, "withdraw", 30, "2024-02-01")
    assert pockets(new.id) == Pockets(70, allocated=-30, carried_in=100)
    assert pockets(new.id).plan == 70
    with refused("insufficient", asked=71, held=70, on=date(2024, 2, 1)):
        post(new.id, "withdraw", 71, "2024-02-01")
    assert whole()
