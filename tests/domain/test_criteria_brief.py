"""A unit's criteria in one statement: the same as its scorecard and its matrix say."""

from __future__ import annotations

from datetime import date

from app import db
from app.domain import territory
from app.domain.criteria.brief import Brief, BriefCounts, brief, not_met
from app.domain.criteria.matrix import matrix
from app.domain.criteria.scorecard import scorecard
from tests.support.assessing import COMMUNE, DAY, DISTRICT, DUE, aim, assess, meet
from tests.support.criteria import added
from tests.support.world import World, actor

PROVINCE, OTHER, NATION = "49@legacy", "20773@legacy", "VN@legacy"


def shown(code: str, day: date = DAY) -> Brief | BriefCounts | None:
    who = actor("reviewer", NATION)
    with db.snapshot() as session:
        return brief(session, who, territory.resolve(session, who, code), day)


def some() -> None:
    meet(5, 7, 19)
    assess("5.1", date(2023, 8, 1), value=10)
    aim(6)
    aim(6, due_on=date(2022, 12, 31))
    meet(7, who=actor("officer", OTHER), unit=OTHER)


def test_of_a_commune_it_says_what_the_scorecard_says(world: World) -> None:
    some()
    for day in (date(2023, 6, 29), date(2023, 7, 15), DAY, date(2026, 2, 1)):
        found = shown(COMMUNE, day)
        card = scorecard(actor("officer"), unit=COMMUNE, as_of=day)
        assert isinstance(found, Brief)
        assert card is not None
        assert found.head == card.head
        assert [(one.number, one.name, one.state, one.due_on) for one in found.criteria] == [
            (one.criterion.number, one.criterion.name, one.state, one.due.due_on if one.due else None)
            for one in card.criteria
        ]
        assert (found.met, found.total) == (card.met, 19)
    assert isinstance(found, Brief)
    assert {one.number: one.state for one in found.criteria if one.state != "unmet"} == {
        5: "lost", 6: "targeted", 7: "met", 19: "met",
    }  # fmt: skip
    assert found.criteria[5].due_on == DUE


def test_of_a_wider_unit_it_counts_what_the_matrix_counts(world: World) -> None:
    some()
    for code in (DISTRICT, PROVINCE, NATION):
        found, rows = shown(code), matrix(actor("reviewer", NATION), unit=code, as_of=DAY)
        assert isinstance(found, BriefCounts)
        assert rows is not None
        every = rows.total
        assert (found.communes, found.met, found.lost, found.full, found.total) == (
            every.communes, every.met, every.lost, every.full, 19,
        )  # fmt: skip
    district = shown(DISTRICT)
    assert isinstance(district, BriefCounts)
    assert (district.communes, district.met, district.lost, str(district.mean)) == (3, 3, 1, "1.0")


def test_whoever_meets_everything_is_counted(world: World) -> None:
    meet(*range(1, 20))
    found = shown(DISTRICT)
    assert isinstance(found, BriefCounts)
    assert (found.full, found.met) == (1, 19)


def test_the_set_in_force_on_the_day_is_taken(world: World) -> None:
    some()
    later = added("NTM-XA-2024")
    before, after = shown(COMMUNE), shown(COMMUNE, later.head.valid_from)
    assert isinstance(before, Brief)
    assert isinstance(after, Brief)
    assert (before.total, before.met) == (19, 2)
    assert (after.head.code, after.total, after.met) == ("NTM-XA-2024", 1, 0)
    assert shown("20770.01@legacy") is None  # no set of hamlets is known


def test_what_is_not_met_today_is_what_may_be_aimed_at(world: World) -> None:
    some()
    found = not_met(actor("officer"), territory.find(actor("officer"), COMMUNE))
    assert [one.number for one in found] == [n for n in range(1, 20) if n not in (7, 19)]
