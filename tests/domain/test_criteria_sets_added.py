"""Sets of criteria are added whole and once, by whom they are of; each fault is told by its field."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app import db
from app.domain.criteria import defining
from app.domain.criteria.proposed import NewCriterion, NewSet
from app.errors import Conflict, Invalid
from app.models.criteria import CriteriaSet, Threshold
from app.models.territory import Unit
from tests.support.book import state
from tests.support.criteria import BEGINS, SHIPPED, indicator, nation, new_set, told
from tests.support.world import World, actor

COMMUNE = "20770@legacy"


def test_a_set_is_added_once(world: World) -> None:
    made, fresh = defining.create(nation(), new_set())
    assert fresh
    assert [(c.number, [(i.code, i.kind, i.must_reach) for i in c.indicators]) for c in made.criteria] == [
        (3, [("3.1", "percent", 90), ("3.2", "judgment", None)])
    ]
    figure, judged = (one for _, one in made.indicators)
    assert (figure.ruled_by, judged.ruled_by, judged.threshold) == ("Quyết định 99/QĐ-UBND",) * 2 + (None,)
    again, fresh = defining.create(nation(), new_set())
    assert (again, fresh) == (made, False)
    same = NewCriterion(
        3, "Thủy lợi", (indicator("3.1", threshold=Decimal("90.000")), indicator("3.2", "judgment"))
    )
    assert defining.create(nation(), new_set("NTM-XA-2026-2030", same))[1] is False
    before = state("criteria_sets", "criteria", "indicators", "thresholds")
    for other in (
        new_set(name="Khác"), new_set(unit_code="49@legacy"), new_set("NTM-XA-2026-2030", NewCriterion(3, "x", (indicator("3.1"),))),
    ):  # fmt: skip
        with pytest.raises(Conflict):
            defining.create(nation(), other)
    assert state(*before) == before
    assert told("criteria_set.create") == [{"criteria": 1, "valid_from": "2026-01-01"}]


def test_two_who_add_a_set_at_once_add_it_once(world: World) -> None:
    who = nation()
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _: defining.create(who, new_set()), range(2)))
    assert sorted(fresh for _, fresh in found) == [False, True]
    with db.transaction() as session:
        query = sa.select(sa.func.count()).where(CriteriaSet.code == "NTM-XA-2026-2030")
        assert session.execute(query).scalar_one() == 1


def test_a_set_of_a_province_brings_thresholds_of_the_province(world: World) -> None:
    province = actor("administrator", "49@legacy")
    defining.create(province, new_set("TINH", unit_code="49", valid_from=date(2022, 1, 1)))
    with db.transaction() as session:
        query = (
            sa.select(Threshold.region, Unit.code, Threshold.valid_from)
            .join(Unit, Unit.id == Threshold.unit_id)
            .where(Threshold.valid_from == date(2022, 1, 1))
        )
        assert session.execute(query).all() == [(None, "49", date(2022, 1, 1))]


ONE = indicator("3.1")


@pytest.mark.parametrize(
    ("field", "new"),
    [
        ("code", new_set("bộ")), ("code", new_set("X" * 41)), ("name", new_set(name=" ")), ("name", new_set(name="x" * 301)),
        ("level", new_set(level="ward")), ("valid_to", new_set(valid_to=date(2025, 1, 1))),
        ("source", new_set(source=" ")), ("certainty", new_set(certainty="maybe")),
        ("criteria.0.number", new_set("X", NewCriterion(0, "x", (indicator("0.1"),)))),
        ("criteria.0.name", new_set("X", NewCriterion(3, "", (ONE,)))),
        ("criteria.0.group", new_set("X", NewCriterion(3, "x", (ONE,), group="x" * 201))),
        ("criteria.0.indicators", new_set("X", NewCriterion(3, "x", ()))),
        ("criteria.0.indicators.0.code", new_set("X", NewCriterion(3, "x", (indicator("4.1"),)))),
        ("criteria.0.indicators.0.code", new_set("X", NewCriterion(3, "x", (indicator("3.1 bis"),)))),
        ("criteria.0.indicators.1.name", new_set("X", NewCriterion(3, "x", (ONE, indicator("3.2", name=" "))))),
        ("criteria.0.indicators.0.unit", new_set("X", NewCriterion(3, "x", (indicator("3.1", unit="x" * 61),)))),
        ("criteria.0.indicators.0.kind", new_set("X", NewCriterion(3, "x", (indicator("3.1", "rate"),)))),
        ("criteria.0.indicators.0.threshold", new_set("X", NewCriterion(3, "x", (indicator("3.1", threshold=Decimal(101)),)))),
        ("criteria.0.indicators.0.threshold", new_set("X", NewCriterion(3, "x", (indicator("3.1", "judgment", threshold=Decimal(1)),)))),
        ("criteria.0.indicators.0.certainty", new_set("X", NewCriterion(3, "x", (indicator("3.1", certainty=""),)))),
        ("unit_code", new_set(unit_code=COMMUNE)), ("region", new_set(region="TN", unit_code="49@legacy")),
    ],
)  # fmt: skip
def test_each_fault_of_a_set_is_told_by_its_field(world: World, field: str, new: NewSet) -> None:
    with pytest.raises(Invalid) as refused:
        defining.create(nation(), new)
    assert [e.field for e in refused.value.errors] == [field]
    with db.transaction() as session:
        assert list(session.execute(sa.select(CriteriaSet.code)).scalars()) == [SHIPPED]


def test_what_stands_twice_is_told_both_times_and_all_faults_at_once(world: World) -> None:
    twice = NewCriterion(3, "x", (ONE, ONE))
    with pytest.raises(Invalid) as refused:
        defining.create(nation(), new_set("X", twice, twice, source=""))
    assert [e.field for e in refused.value.errors] == [
        "source", "criteria.0.number", "criteria.0.indicators.0.code", "criteria.0.indicators.1.code",
        "criteria.1.number", "criteria.1.indicators.0.code", "criteria.1.indicators.1.code",
    ]  # fmt: skip
    with pytest.raises(Invalid) as refused:
        defining.create(nation(), NewSet("X", "x", "commune", BEGINS, None, "x", ()))
    assert [e.field for e in refused.value.errors] == ["criteria"]
