"""Units of both structures: what a code means, whose rows count under whom, and what became of whom."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from app import db
from app.domain import reference, territory
from app.domain.access import in_scope
from app.errors import Forbidden, NotFound, Stale
from app.models.territory import Unit, UnitScope, UnitSuccession
from tests.support.world import World, actor

OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
ABOVE = "VN@2025"


def found(code: str, unit: str = ABOVE, **at: Any) -> str:
    return territory.find(actor("officer", unit), code, **at).exact_code


def test_a_bare_code_means_the_structure_in_force_on_the_day_else_of_the_year_else_ones_own(
    world: World,
) -> None:
    assert found("20770") == "20770@2025"
    assert found("20770", unit="49@legacy") == "20770@legacy"
    assert found("20770", as_of=OLD) == "20770@legacy"
    assert found("20770", as_of=NEW) == "20770@2025"
    assert found("20770", as_of=OLD, year=2030) == "20770@legacy"
    assert [found("20770", year=y) for y in (2024, 2025, 99_999)] == [
        "20770@legacy",
        "20770@2025",
        "20770@2025",
    ]
    assert found("20770@legacy", as_of=NEW) == "20770@legacy"
    assert found("20770@2025", as_of=OLD) == "20770@2025"
    assert found("20770.01", year=2023) == "20770.01@legacy"


def test_a_unit_that_is_not_there_and_one_out_of_scope_are_the_same(world: World) -> None:
    for code in (
        "99999",
        "20773@2025",
        "20770@none",
        "",
        "@legacy",
        "VN@legacy",
        "512@legacy",
        "20773@legacy",
    ):
        with pytest.raises(NotFound):
            found(code, unit="20770@legacy")
    with pytest.raises(NotFound):
        found("20770", unit="20770@legacy", as_of=NEW)


def test_on_the_command_line_a_code_means_today_else_before(world: World) -> None:
    codes = {"20770": "20770@2025", "20773": "20773@legacy", "20770@legacy": "20770@legacy", "VN": "VN@2025"}
    for code, meant in codes.items():
        assert world.unit(code).exact_code == meant
    with pytest.raises(NotFound):
        world.unit("20773@2025")


def below(code: str) -> set[str]:
    with db.transaction() as session:
        unit = territory.today_or_legacy(session, code)
        rows = session.execute(
            sa.select(Unit.code, Unit.structure)
            .join(UnitScope, UnitScope.unit_id == Unit.id)
            .where(UnitScope.ancestor_id == unit.id)
        )
        return {f"{row.code}@{row.structure}" for row in rows}


COMMUNES = {"20770@legacy", "20773@legacy", "20776@legacy"}
HAMLETS = {"20770.01@legacy", "20770.02@legacy"}


def test_a_unit_holds_its_subtree_and_what_it_took_over(world: World) -> None:
    district = {"512@legacy", *COMMUNES, *HAMLETS}
    assert below("20770.01@legacy") == {"20770.01@legacy"}
    assert below("20770@legacy") == {"20770@legacy", *HAMLETS}
    assert below("512@legacy") == district
    assert below("20770@2025") == {"20770@2025", *COMMUNES, *HAMLETS}
    assert below("48@2025") == {"48@2025", "20770@2025", "49@legacy", *district}
    assert below("01@2025") == {"01@2025", "00097@2025", "01@legacy", "001@legacy", "00001@legacy"}
    with db.transaction() as session:
        everything = session.execute(sa.select(sa.func.count(Unit.id))).scalar_one()
    assert len(below(ABOVE)) == everything
    assert below("VN@legacy") == {u for u in below(ABOVE) if u.endswith("@legacy")}


def split(extents: dict[str, str]) -> None:
    """Phước Gia becomes several units; the world is put in order again."""
    with db.transaction(write=True) as session:
        old = territory.today_or_legacy(session, "20776@legacy")
        session.execute(sa.delete(UnitSuccession).where(UnitSuccession.old_id == old.id))
        for new, extent in extents.items():
            to = territory.today_or_legacy(session, new)
            values = {"old_id": old.id, "new_id": to.id, "extent": extent}
            session.execute(sa.insert(UnitSuccession).values(values))
        reference.rebuild_scope(session)


def test_what_was_split_counts_where_its_main_part_went(world: World) -> None:
    split({"20770@2025": "part", "00097@2025": "main part"})
    assert "20776@legacy" not in below("20770@2025")
    assert {"20776@legacy"} < below("00097@2025") < below("01@2025")
    assert "20776@legacy" not in below("48@2025")
    assert "20776@legacy" in below("512@legacy")
    who = actor()
    came, became = territory.succession(who, world.unit("20776@legacy"))
    assert came == []
    assert {(s.unit.exact_code, s.extent) for s in became} == {
        ("20770@2025", "part"),
        ("00097@2025", "main part"),
    }
    came, became = territory.succession(who, world.unit("20770@2025"))
    assert {s.unit.code for s in came} == {"20770", "20773", "20776"}
    assert became == []


def test_a_successor_is_the_lowest_unit_that_took_over(world: World) -> None:
    def home(code: str) -> set[str]:
        with db.transaction() as session:
            old = territory.today_or_legacy(session, code)
            query = sa.select(Unit.code, Unit.structure).where(territory.takes_over(Unit.id, old.id))
            return {f"{row.code}@{row.structure}" for row in session.execute(query)}

    assert home("20773@legacy") == home("20770.02@legacy") == {"20770@2025"}
    assert home("512@legacy") == home("49@legacy") == {"48@2025"}
    assert home("VN@legacy") == {"VN@2025"}
    assert home("20770@2025") == set()


def test_every_unit_counts_under_one_unit_of_each_level_of_a_structure(world: World) -> None:
    with db.transaction() as session:
        ancestor = sa.orm.aliased(Unit)
        doubled = session.execute(
            sa.select(UnitScope.unit_id)
            .join(ancestor, ancestor.id == UnitScope.ancestor_id)
            .group_by(UnitScope.unit_id, ancestor.structure, ancestor.level)
            .having(sa.func.count() > 1)
        ).all()
    assert doubled == []


def test_working_out_the_scope_again_changes_nothing(world: World) -> None:
    with db.transaction(write=True) as session:
        before = set(session.execute(sa.select(UnitScope.ancestor_id, UnitScope.unit_id)).all())
        reference.rebuild_scope(session)
        assert set(session.execute(sa.select(UnitScope.ancestor_id, UnitScope.unit_id)).all()) == before


def test_scope_is_a_condition_of_queries(world: World) -> None:
    with db.transaction() as session:
        query = sa.select(Unit.code).where(in_scope(actor(), Unit.id)).order_by(Unit.code)
        assert list(session.execute(query).scalars()) == ["20770", "20770.01", "20770.02"]


def names(**wanted: Any) -> list[str]:
    return [u.name for u in territory.units(actor("officer", ABOVE), **wanted)]


def test_units_are_searched_without_diacritics_by_name_or_code(world: World) -> None:
    assert names(q="song tra") == names(q="SÔNG  trà") == names(q="tra song") == ["Xã Sông Trà"]
    assert names(q="phuoc tra") == ["Xã Phước Trà", "Xã Phước Trà"]
    assert names(q="20776") == ["Xã Phước Gia"]
    assert names(q="da nang") == ["Thành phố Đà Nẵng"]
    assert names(q="%") == names(q="_") == []
    assert names(q="trà", level="hamlet") == ["Thôn Trà Huỳnh", "Thôn Trà Sơn"]
    assert names(level="province", as_of=OLD) == ["Thành phố Hà Nội", "Tỉnh Quảng Nam"]
    assert names(level="province", as_of=NEW) == ["Thành phố Đà Nẵng", "Thành phố Hà Nội"]
    assert names(parent="512@legacy") == ["Xã Phước Gia", "Xã Phước Trà", "Xã Sông Trà"]
    assert names(unit="20770@2025", structure="2025") == ["Xã Phước Trà"]


def test_units_are_paged_in_the_dictionarys_order_without_gap_or_repeat(world: World) -> None:
    who = actor("officer", ABOVE)
    everything = territory.units(who, limit=500)
    seen: list[territory.UnitView] = []
    after = None
    while page := territory.units(who, after=after, limit=4):
        seen += page
        with db.transaction() as session:
            after = territory.position(session, page[-1].id)
    assert seen == everything
    assert len({u.id for u in seen}) == 16


def test_the_path_to_a_unit_and_its_children_stay_in_its_structure(world: World) -> None:
    who = actor("officer", "20770@legacy")
    codes = [u.exact_code for u in territory.path(who, world.unit("20770.01@legacy"))]
    assert codes == ["VN@legacy", "49@legacy", "512@legacy", "20770@legacy", "20770.01@legacy"]
    assert [u.code for u in territory.children(who, world.unit("20770@legacy"))] == ["20770.02", "20770.01"]
    assert territory.children(who, world.unit("512@legacy")) == [world.unit("20770@legacy")]


def test_a_leader_or_administrator_says_whether_a_unit_requires_a_checker(world: World) -> None:
    unit = world.unit("20770@legacy")
    changed = territory.set_requires_checker(actor("leader"), "20770", True, unit.version)
    assert (changed.requires_checker, changed.version) == (True, unit.version + 1)
    with pytest.raises(Stale) as stale:
        territory.set_requires_checker(actor("leader"), "20770", False, unit.version)
    assert stale.value.current == changed
    with pytest.raises(NotFound):
        territory.set_requires_checker(actor("leader"), "20773@legacy", True, 1)
    with pytest.raises(Forbidden):
        territory.set_requires_checker(actor("accountant"), "20770", False, changed.version)
    assert not territory.set_requires_checker(actor("administrator"), "20770", False, 2).requires_checker


def test_a_hamlet_is_added_once_and_counts_where_its_commune_does(world: World) -> None:
    with db.transaction(write=True) as session:
        commune = territory.today_or_legacy(session, "20776@legacy")
        made = [
            territory.add_hamlet(session, commune, "20776.01", "Thôn Một", illustrative=True)
            for _ in range(2)
        ]
    assert made[0] == made[1]
    for above in ("20776@legacy", "512@legacy", "20770@2025", "48@2025", "VN@legacy", ABOVE):
        assert "20776.01@legacy" in below(above)
    assert "20776.01@legacy" not in below("20770@legacy")
