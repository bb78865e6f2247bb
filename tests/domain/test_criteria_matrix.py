"""Many communes by criteria: each one's states, counts by the units below, sums, order, and who sees which."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain import targets
from app.domain.access import Actor
from app.domain.criteria.matrix import Cell, Matrix, MatrixRow, matrix
from app.domain.criteria.proposed import NewCriterion
from app.errors import Invalid, NotFound
from tests.support.assessing import DAY, DISTRICT, FOUND, aim, assess, meet
from tests.support.criteria import SHIPPED, added, indicator
from tests.support.statements import counted
from tests.support.world import World, actor

PROVINCE, HA_NOI, NATION = "49@legacy", "00001@legacy", "VN@legacy"
SECOND, THIRD = "20773@legacy", "20776@legacy"
LOST = date(2023, 8, 1)


def shown(unit: str = DISTRICT, who: Actor | None = None, **wanted: Any) -> Matrix:
    found = matrix(who or actor("reviewer", unit), unit=unit, **({"as_of": DAY} | wanted))
    assert found is not None
    return found


def rows(found: Matrix) -> dict[str, MatrixRow]:
    return {row.code: row for row in found.rows}


def names(found: Matrix) -> list[str]:
    return [row.name for row in found.rows]


def some() -> None:
    """Sông Trà meets 5 and 7 and aims at 6; Phước Trà meets 7 and lost 5, which it aims at; Phúc Xá meets 7."""
    meet(5, 7)
    aim(6)
    second = actor("officer", SECOND)
    meet(5, 7, who=second, unit=SECOND)
    assess("5.1", LOST, second, value=10, unit_code=SECOND)
    aim(5, second, unit_code=SECOND)
    meet(7, who=actor("officer", HA_NOI), unit=HA_NOI)


def test_a_district_shows_each_commune_by_name(world: World) -> None:
    some()
    found = shown()
    assert (found.by, found.unit.code, found.found.head.code) == ("commune", "512", SHIPPED)
    assert names(found) == ["Xã Phước Gia", "Xã Phước Trà", "Xã Sông Trà"]
    of = rows(found)
    assert [(row.communes, row.met, row.lost, row.targeted, row.full) for row in found.rows] == [
        (1, 0, 0, 0, 0), (1, 1, 1, 0, 0), (1, 2, 0, 1, 0),
    ]  # fmt: skip
    assert [of["20770"].cell(n).state for n in (5, 6, 7, 8)] == ["met", "targeted", "met", "unmet"]
    assert of["20773"].cell(5).state == "lost"  # lost is said before what is aimed at
    assert rows(shown(as_of=FOUND))["20773"].cell(5).state == "met"
    assert shown(as_of=date(2023, 6, 29)).total.met == 0


def test_units_above_count_their_communes_and_sums_are_those_of_the_rows(world: World) -> None:
    some()
    found = shown(PROVINCE)
    assert (found.by, [(r.code, r.structure, r.communes) for r in found.rows]) == (
        "child", [("512", "legacy", 3)]
    )  # fmt: skip
    (row,) = found.rows
    assert (row.cell(5), row.cell(6), row.cell(7)) == (Cell(1, 1, 0), Cell(0, 0, 1), Cell(2, 0, 0))
    nation = shown(NATION)
    assert {r.exact_code: (r.communes, r.met) for r in nation.rows} == {PROVINCE: (3, 3), "01@legacy": (1, 1)}
    total = nation.total
    assert (total.communes, total.met, total.lost, total.targeted) == (4, 4, 1, 1)
    assert {n: total.cell(n) for n in (5, 6, 7)} == {
        5: Cell(1, 1, 0), 6: Cell(0, 0, 1), 7: Cell(3, 0, 0),
    }  # fmt: skip
    each = shown(PROVINCE, by="commune")
    assert (len(each.rows), each.total.cells) == (3, found.total.cells)


def test_a_commune_that_meets_everything_is_counted_as_full(world: World) -> None:
    two = (NewCriterion(n, f"Tiêu chí {n}", (indicator(f"{n}.1", "judgment"),)) for n in (1, 2))
    added("HAI", *two, valid_from=date(2022, 1, 1))
    meet(1, 2)
    meet(1, who=actor("officer", SECOND), unit=SECOND)
    assert [(row.code, row.full) for row in shown(sort="-full").rows] == [
        ("20770", 1), ("20776", 0), ("20773", 0),
    ]  # fmt: skip
    assert [row.full for row in shown(PROVINCE).rows] == [1]
    assess("2.1", DAY, met=False)
    assert shown(PROVINCE).total.full == 0
    assert shown(PROVINCE, as_of=FOUND).total.full == 1


def test_two_targets_of_one_criterion_count_once_and_a_dropped_one_not(world: World) -> None:
    first, second = aim(6), aim(6, due_on=date(2024, 12, 31))
    aim(None, recognition="commune")
    assert shown(PROVINCE).total.cell(6) == Cell(targeted=1)
    targets.drop(actor("officer"), first.id, "x", on=DAY)
    targets.drop(actor("officer"), second.id, "x", on=DAY)
    assert shown(PROVINCE).total.targeted == 0
    assert shown(PROVINCE, as_of=FOUND).total.targeted == 1


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["20776", "20773", "20770"]),
        ("-name", ["20770", "20773", "20776"]),
        ("met", ["20776", "20773", "20770"]),
        ("-met", ["20770", "20773", "20776"]),
        ("-lost", ["20773", "20776", "20770"]),
        ("lost", ["20776", "20770", "20773"]),
        ("c5", ["20773", "20776", "20770"]),  # what was lost comes before what never was met
        ("-c5", ["20770", "20776", "20773"]),
        ("-c7", ["20773", "20770", "20776"]),
    ],
)
def test_rows_are_sorted_by_what_they_say_and_equals_by_name(
    world: World, sort: str, expected: list[str]
) -> None:
    some()
    assert [row.code for row in shown(sort=sort).rows] == expected


def test_what_cannot_be_shown_is_refused(world: World) -> None:
    for sort in ("", "-", "c20", "c", "name;", "--name"):
        with pytest.raises(Invalid) as caught:
            shown(sort=sort)
        assert [e.field for e in caught.value.errors] == ["sort"]
    with pytest.raises(Invalid) as caught:
        shown(NATION, by="commune")
    assert [e.field for e in caught.value.errors] == ["by"]
    for unit in ("20770@legacy", "20770.01"):
        with pytest.raises(Invalid) as caught:
            shown(unit)
        assert [e.field for e in caught.value.errors] == ["unit"]
    assert matrix(actor("reviewer", DISTRICT), set_code="KHONG-CO") is None


def test_communes_of_others_never_show(world: World) -> None:
    some()
    for who in (actor("leader", "01@legacy"), actor("leader", HA_NOI), actor("officer")):
        with pytest.raises(NotFound):
            shown(who=who)
    assert names(shown("01@legacy", by="commune")) == ["Phường Phúc Xá"]
    assert shown(PROVINCE).total.communes == 3
    assert shown("48@2025").total == MatrixRow("48", "2025", "Thành phố Đà Nẵng", 1, 0, {})
    meet(7, on=date(2025, 9, 1), who=actor("officer", "20770@2025"), unit="20770@2025")
    assert shown("48@2025", as_of=date(2025, 9, 1)).total.met == 1
    assert shown(PROVINCE, as_of=date(2025, 9, 1)).total.met == 3


def test_it_takes_as_many_statements_whatever_the_number_of_communes(world: World) -> None:
    with counted() as few:
        shown(who=actor("reviewer", DISTRICT))
    some()
    with counted() as many:
        shown(who=actor("reviewer", DISTRICT))
    with counted() as wide:
        shown(NATION, actor("reviewer", NATION))
    assert len(few) == len(many) == len(wide) <= 12
