"""Sets of criteria as data: what ships, which is in force where and when, thresholds by place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from app import db
from app.domain import territory
from app.domain.access import Actor
from app.domain.criteria import defining, sets, thresholds
from app.domain.criteria.views import SetView
from app.domain.reference import load_catalogue, rebuild_scope
from app.domain.territory import LEGACY, TWO_TIERS, new_unit
from app.errors import Fault, Forbidden, Invalid, NotFound
from app.models.territory import Unit, UnitSuccession
from tests.support.book import state
from tests.support.criteria import BEGINS, SHIPPED, added, nation, new_set, threshold, told
from tests.support.world import World, actor

DAY = date(2023, 9, 14)
COMMUNE = "20770@legacy"


def shown(unit: str | None = None, on: date = DAY, code: str = SHIPPED) -> SetView:
    return sets.get(
        nation() if unit and "@2025" in unit else actor("officer", "VN@2025"), code, unit=unit, on=on
    )


def must_reach(code: str, unit: str | None = COMMUNE, on: date = DAY, of: str = SHIPPED) -> Decimal | None:
    return next(one for _, one in shown(unit, on, of).indicators if one.code == code).must_reach


def in_force(unit: str = COMMUNE, on: date = DAY, level: str = "commune") -> str | None:
    with db.transaction() as session:
        at = territory.resolve(session, actor("officer", "VN@2025"), unit)
        found = sets.in_force(session, sets.place_of(at.id), on, level)
    return found.code if found else None


# --- what ships ----------------------------------------------------------------------------------------


def test_the_set_of_2021_2025_ships_with_its_thresholds_and_what_is_not_known(world: World) -> None:
    found = shown()
    assert [c.number for c in found.criteria] == list(range(1, 20))
    assert (len(found.indicators), len(found.figures)) == (57, 27)
    groups = [c.group for c in found.criteria]
    assert [groups.count(g) for g in dict.fromkeys(groups)] == [1, 8, 4, 4, 2]
    known = {one.code: (one.comparator, one.must_reach) for one in found.figures if not one.unknown}
    assert known == {
        code: (">=", Decimal(value))
        for code, value in (
            ("3.1", 80), ("4.2", 98), ("5.1", 70), ("6.3", 100), ("15.1", 90), ("15.4", 50), ("17.4", 2),
            ("17.7", 100), ("17.10", 100), ("17.11", 30),
        )
    }  # fmt: skip
    assert [one.code for one in found.figures if one.comparator == "<="] == ["11.1", "15.3"]
    assert {one.code for one in found.figures if one.certain} == {"3.1", "6.3", "15.1"}
    assert len(found.unknown) == 17
    left_to_provinces = {one.code for one in found.figures if "UBND cấp tỉnh" in one.ruled_by}
    assert left_to_provinces == {"2.1", "2.2", "2.3", "2.4"}
    assert all("318/QĐ-TTg" in one.ruled_by for _, one in found.indicators)
    assert [found.head.over_on(day) for day in (date(2025, 12, 31), date(2026, 1, 1))] == [False, True]


def test_loading_again_adds_nothing_and_keeps_what_was_added(world: World) -> None:
    threshold("2.1", 75)
    before = state("criteria_sets", "criteria", "indicators", "thresholds", "regions")
    with db.transaction(write=True) as session:
        load_catalogue(session)
    assert state(*before) == before


def test_a_province_lies_in_the_region_of_all_it_came_from_or_in_none(world: World) -> None:
    with db.transaction(write=True) as session:
        ids: dict[str, int] = {}
        for structure, code in ((LEGACY, "48"), (LEGACY, "24"), (LEGACY, "27"), (TWO_TIERS, "24")):
            top = session.execute(
                sa.select(Unit.id).where(Unit.structure == structure, Unit.code == "VN")
            ).scalar_one()
            row = new_unit(
                structure=structure, level="province", code=code, name=f"Tỉnh {code}", parent_id=top
            )
            ids[f"{code}@{structure}"] = session.execute(
                sa.insert(Unit).values(row).returning(Unit.id)
            ).scalar_one()
        for old in ("24@legacy", "27@legacy"):  # Bắc Giang and Bắc Ninh, of two regions, became one
            values = {"old_id": ids[old], "new_id": ids["24@2025"], "extent": "whole"}
            session.execute(sa.insert(UnitSuccession).values(values))
        rebuild_scope(session)
        load_catalogue(session)
        query = sa.select(Unit.code, Unit.structure, Unit.region).where(Unit.level == "province")
        found = {f"{code}@{structure}": region for code, structure, region in session.execute(query)}
    assert found == {
        "01@legacy": "DBSH", "01@2025": "DBSH", "49@legacy": "DHNTB", "48@legacy": "DHNTB", "48@2025": "DHNTB",
        "24@legacy": "TDMNPB", "27@legacy": "DBSH", "24@2025": None,
    }  # fmt: skip


# --- which is in force ---------------------------------------------------------------------------------


def test_the_nearest_set_that_has_begun_is_in_force(world: World) -> None:
    assert in_force() == SHIPPED
    assert in_force(level="hamlet") is None
    assert in_force(on=date(2020, 12, 31)) is None
    added("VUNG", region="DHNTB", valid_from=date(2022, 1, 1))
    added("VUNG-KHAC", region="TN", valid_from=date(2022, 1, 1))
    assert in_force(on=date(2021, 12, 31)) == SHIPPED
    assert (in_force(), in_force("00001@legacy")) == ("VUNG", SHIPPED)
    added("TINH", unit_code="49@legacy", valid_from=date(2022, 6, 1))
    added("TINH-SAU", unit_code="49@legacy", valid_from=date(2024, 6, 1))
    assert [in_force(on=date(y, 7, 1)) for y in (2022, 2024)] == ["TINH", "TINH-SAU"]
    assert (in_force("00001@legacy"), in_force("20770@2025")) == (SHIPPED, "VUNG")


def test_a_set_that_is_over_goes_on_until_another_begins(world: World) -> None:
    later = date(2027, 3, 1)
    assert in_force(on=later) == SHIPPED
    added("NTM-XA-2026-2030")
    assert [in_force(on=day) for day in (date(2025, 12, 31), date(2026, 1, 1), later)] == [
        SHIPPED, "NTM-XA-2026-2030", "NTM-XA-2026-2030",
    ]  # fmt: skip


def test_a_province_set_that_is_over_gives_way_to_one_of_the_nation_that_is_not(world: World) -> None:
    added("TINH", unit_code="49@legacy", valid_from=date(2021, 1, 1), valid_to=date(2022, 12, 31))
    assert [in_force(on=date(year, 6, 1)) for year in (2022, 2023)] == ["TINH", SHIPPED]
    assert in_force(on=date(2026, 6, 1)) == "TINH", "both are over: the nearest goes on"


def test_a_code_names_another_set_than_the_one_in_force_if_it_holds_there(world: World) -> None:
    added("TINH", unit_code="49@legacy", valid_from=date(2022, 1, 1))
    with db.transaction() as session:
        here = territory.resolve(session, nation(), COMMUNE)
        elsewhere = territory.resolve(session, nation(), "00001@legacy")

        def found(unit: territory.UnitView, code: str | None) -> str | None:
            view = sets.set_for(session, unit, DAY, level="commune", code=code)
            return view.head.code if view else None

        assert [found(here, code) for code in (None, SHIPPED, "TINH")] == ["TINH", SHIPPED, "TINH"]
        assert [found(elsewhere, code) for code in (None, "TINH", "NONE")] == [SHIPPED, None, None]


def test_the_list_narrows_to_what_holds_somewhere_and_what_is_in_force(world: World) -> None:
    added("NTM-XA-2026-2030")
    added("THON", level="hamlet")
    added("TINH", unit_code="49@legacy")
    officer = actor("officer")

    def codes(**wanted: Any) -> list[str]:
        return [head.code for head in sets.sets(officer, **wanted)]

    assert codes() == ["NTM-XA-2026-2030", "TINH", SHIPPED, "THON"]
    assert codes(level="hamlet") == ["THON"]
    assert codes(unit="20770", on=DAY) == ["NTM-XA-2026-2030", "TINH", SHIPPED, "THON"]
    assert codes(unit="20770", on=DAY, only_in_force=True) == [SHIPPED]
    assert codes(unit="20770@legacy", on=BEGINS, only_in_force=True) == ["TINH", "THON"]
    assert codes(on=BEGINS, only_in_force=True) == ["NTM-XA-2026-2030", "THON"]
    with pytest.raises(NotFound):
        sets.sets(officer, unit="00001@legacy")


# --- thresholds ----------------------------------------------------------------------------------------


def test_the_province_says_before_its_region_and_that_before_the_nation(world: World) -> None:
    assert must_reach("2.1") is None
    threshold("2.1", 60)
    threshold("2.1", 70, region="DHNTB")
    threshold("2.1", 99, region="TN")
    assert [must_reach("2.1", unit) for unit in (COMMUNE, "00001@legacy", None)] == [70, 60, 60]
    threshold("2.1", 80, unit_code="49@legacy")
    assert [must_reach("2.1", u) for u in (COMMUNE, "49@legacy", "20770@2025", "00001@legacy")] == [
        80,
        80,
        70,
        60,
    ]
    threshold("2.1", 55)
    assert must_reach("2.1") == 80, "a later rule of the nation leaves the province's"
    assert must_reach("2.1", "00001@legacy") == 55, "of one place and day the last that was added"


def test_a_threshold_holds_from_its_day_to_its_end(world: World) -> None:
    threshold("10.1", 41, region="DHNTB", valid_from=date(2022, 1, 1))
    threshold("10.1", 44, region="DHNTB", valid_from=date(2023, 1, 1))
    threshold("10.1", "47.5", unit_code="49@legacy", valid_from=date(2024, 1, 1), valid_to=date(2024, 12, 31))
    days = [date(2021, 12, 31), date(2022, 12, 31), date(2023, 1, 1), date(2024, 12, 31), date(2025, 1, 1)]
    assert [must_reach("10.1", on=day) for day in days] == [None, 41, 44, Decimal("47.5"), 44]


def test_a_set_to_come_shows_what_it_asks_on_its_first_day(world: World) -> None:
    added()
    assert must_reach("3.1", on=DAY, of="NTM-XA-2026-2030") == 90
    threshold("3.1", 95, code="NTM-XA-2026-2030", valid_from=date(2028, 1, 1))
    assert [must_reach("3.1", on=day, of="NTM-XA-2026-2030") for day in (DAY, date(2028, 1, 1))] == [90, 95]


def test_a_province_s_own_set_shows_its_own_thresholds_wherever_it_is_read(world: World) -> None:
    added("TINH", unit_code="49@legacy")
    assert [must_reach("3.1", unit, of="TINH") for unit in (None, COMMUNE, "00001@legacy")] == [90, 90, 90]


def test_the_same_threshold_again_changes_nothing_and_another_leaves_what_stood(world: World) -> None:
    for _ in range(2):
        found = threshold("2.1", 70, region="DHNTB")
    assert next(one for _, one in found.indicators if one.code == "2.1").must_reach == 70
    threshold("2.1", None, region="DHNTB", certainty="confirm")
    assert must_reach("2.1") is None
    history = thresholds.thresholds(actor("officer"), SHIPPED, "2.1")
    assert [(t.region, t.value, t.certainty) for t in history] == [
        (None, None, "confirm"), ("DHNTB", None, "confirm"), ("DHNTB", Decimal(70), "sure"),
    ]  # fmt: skip
    assert thresholds.thresholds(actor("officer"), SHIPPED, "99.1") == []
    assert told("threshold.add") == [
        {"indicator": "2.1", "value": "70", "valid_from": "2021-01-01", "region": "DHNTB"},
        {"indicator": "2.1", "value": None, "valid_from": "2021-01-01", "region": "DHNTB"},
    ]


def test_following_changes_meets_a_set_again_when_a_threshold_is_added(world: World) -> None:
    before = sets.head_of(nation(), SHIPPED)
    assert before.changed_at == before.created_at
    threshold("2.1", 70)
    after = sets.head_of(nation(), SHIPPED)
    assert (after.created_at, after.changed_at > before.changed_at) == (before.created_at, True)


@pytest.mark.parametrize(
    ("field", "code", "value", "values"),
    [
        ("value", "1.1", 5, {}), ("value", "2.1", "100.001", {}), ("value", "2.1", -1, {}),
        ("value", "2.1", "70.1234", {}), ("value", "10.1", 2_000_000_000, {}), ("source", "2.1", 70, {"source": " "}),
        ("valid_to", "2.1", 70, {"valid_to": date(2020, 1, 1)}), ("certainty", "2.1", 70, {"certainty": "so"}),
        ("source", "2.1", 70, {"source": "x" * 501}), ("region", "2.1", 70, {"region": "TN", "unit_code": "49@legacy"}),
        ("unit_code", "2.1", 70, {"unit_code": COMMUNE}),
    ],
)  # fmt: skip
def test_each_fault_of_a_threshold_is_told_by_its_field(
    world: World, field: str, code: str, value: Any, values: dict[str, Any]
) -> None:
    before = state("thresholds")
    with pytest.raises(Invalid) as refused:
        threshold(code, value, **values)
    assert [e.field for e in refused.value.errors] == [field]
    assert state("thresholds") == before


def test_a_threshold_is_of_an_indicator_and_a_region_that_are_there(world: World) -> None:
    added("TINH", unit_code="49@legacy")
    wrong: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("indicator_code", "99.1", {}), ("indicator_code", "3.1", {"code": "X"}), ("region", "2.1", {"region": "X"}),
        ("unit_code", "2.1", {"unit_code": "X"}),
        ("indicator_code", "3.1", {"code": "TINH"}),  # of a province's set only the province's
        ("indicator_code", "3.1", {"code": "TINH", "unit_code": "01@legacy"}),
    )  # fmt: skip
    for field, code, values in wrong:
        with pytest.raises(NotFound) as refused:
            threshold(code, 5, **values)
        assert [e.field for e in refused.value.errors] == [field]
    threshold("3.1", 92, code="TINH", unit_code="49@legacy")
    assert must_reach("3.1", of="TINH") == 90, "from 2021 on, below what the set itself brings from 2026 on"


# --- who may -------------------------------------------------------------------------------------------


def outcome(call: Any) -> type[Fault] | None:
    try:
        call()
    except Fault as fault:
        return type(fault)
    return None


@pytest.mark.parametrize(
    ("who", "nation_", "region", "own", "other"),
    [
        (("administrator", "VN@2025"), None, None, None, None), (("client:write", "VN@2025"), None, None, None, None),
        (("administrator", "49@legacy"), Forbidden, Forbidden, None, NotFound),
        (("client:write", "49@legacy"), Forbidden, Forbidden, None, NotFound),
        (("administrator", "512@legacy"), Forbidden, Forbidden, NotFound, NotFound),
        (("leader", "49@legacy"), Forbidden, Forbidden, Forbidden, Forbidden),
    ],
)  # fmt: skip
def test_the_nation_rules_for_all_and_a_province_for_itself(
    world: World, who: tuple[str, str], nation_: Any, region: Any, own: Any, other: Any
) -> None:
    by: Actor = actor(*who)
    places: tuple[dict[str, str], ...] = (
        {},
        {"region": "TN"},
        {"unit_code": "49@legacy"},
        {"unit_code": "01@legacy"},
    )
    told = [outcome(lambda p=place: threshold("2.1", 70, by, **p)) for place in places]
    assert told == [nation_, region, own, other]
    told = [
        outcome(lambda n=number, p=place: defining.create(by, new_set(f"BO-{n}", **p)))
        for number, place in enumerate(places)
    ]
    assert told == [nation_, region, own, other]
    assert defining.may_define(by) == (own is None)


def test_a_set_that_is_not_there(world: World) -> None:
    with pytest.raises(NotFound):
        sets.get(nation(), "NONE")
