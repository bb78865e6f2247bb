"""A unit's criteria on a day: states and since when, targets, what puts at risk what is met, the path over time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import db
from app.clock import today
from app.domain import targets
from app.domain.criteria import assessing
from app.domain.criteria.assessments import AssessmentView
from app.domain.criteria.matrix import matrix
from app.domain.criteria.proposed import NewCriterion
from app.domain.criteria.scorecard import CriterionState, Scorecard, scorecard
from app.domain.criteria.spells import Finding, Spell, on_day
from app.domain.criteria.spells import spells as reckoned
from app.errors import Invalid, NotFound
from app.models.criteria import CriterionSpell
from tests.support.assessing import (
    COMMUNE,
    DAY,
    DISTRICT,
    DUE,
    FOUND,
    HAMLET,
    aim,
    assess,
    meet,
    set_of,
    spells,
    untouched,
)
from tests.support.book import execute
from tests.support.criteria import SHIPPED, added, indicator, threshold
from tests.support.statements import counted
from tests.support.world import World, actor

ELEVEN = (1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 19)
SIX = date(2023, 12, 20)
SLIPPED = date(2024, 3, 1)


def card(as_of: date = DAY, unit: str = COMMUNE, set_code: str | None = None) -> Scorecard:
    found = scorecard(actor("leader", DISTRICT), unit=unit, as_of=as_of, set_code=set_code)
    assert found is not None
    return found


def one(number: int, as_of: date = DAY) -> CriterionState:
    return next(state for state in card(as_of).criteria if state.criterion.number == number)


def test_eleven_then_twelve_then_eleven_with_one_lost(world: World) -> None:
    meet(*ELEVEN)
    aim(6)
    aim(17)
    meet(6, on=SIX)
    assess("6.2", SLIPPED, met=False)
    before, twelve, after = card(), card(SIX), card(SLIPPED)
    assert [(c.met, c.total) for c in (before, twelve, after)] == [(11, 19), (12, 19), (11, 19)]
    assert [s.criterion.number for s in before.of("met")] == list(ELEVEN)
    assert [s.criterion.number for s in before.of("targeted")] == [6, 17]
    assert [s.criterion.number for s in before.goals] == [6, 17]
    assert len(before.of("unmet")) == 6
    assert [s.criterion.number for s in after.of("lost")] == [6]
    assert [one(6, day).state for day in (SIX - timedelta(days=1), SIX, SLIPPED)] == [
        "targeted",
        "met",
        "lost",
    ]
    assert [one(6, day).since for day in (DAY, SIX, SLIPPED)] == [None, SIX, SLIPPED]
    assert before.path == ((FOUND, 11),)
    assert after.path == ((FOUND, 11), (SIX, 12), (SLIPPED, 11))
    meet(6, on=date(2024, 4, 1))
    assert (card(SLIPPED).met, one(6, date(2024, 4, 1)).state) == (11, "met")
    assert [s.lost for s in spells(6)] == [False, True, False]


def test_part_of_a_criterion_is_not_met_and_shows_what_is(world: World) -> None:
    assess("6.1", met=True)
    assess("6.3", value=50)
    found = one(6)
    assert (found.state, found.since, found.met_indicators, found.due) == ("unmet", FOUND, 1, None)
    assert [(i.indicator.code, i.met, i.assessment is not None) for i in found.indicators] == [
        ("6.1", True, True), ("6.2", False, False), ("6.3", False, True),
    ]  # fmt: skip
    assert one(7).since is None
    assert one(6, FOUND - timedelta(days=1)).since is None


def test_a_criterion_shows_its_next_target_or_the_last_that_was_due(world: World) -> None:
    early, late = aim(6, due_on=date(2023, 6, 30)), aim(6, due_on=DUE, responsible="Trần Văn Hòa")
    later = aim(6, due_on=date(2024, 12, 31))
    found = one(6)
    assert found.due is not None
    assert (found.due.target_id, found.due.due_on, found.due.responsible) == (late.id, DUE, "Trần Văn Hòa")
    assert [d.target_id for d in (one(6, date(2023, 5, 1)).due,) if d] == [early.id]
    assert [d.target_id for d in (one(6, date(2025, 2, 1)).due,) if d] == [later.id]
    assert card().goals != []
    targets.drop(actor("officer"), late.id, "Điều chỉnh", on=date(2023, 9, 1))
    assert [d.target_id for d in (one(6).due,) if d] == [later.id]
    assert [d.target_id for d in (one(6, date(2023, 8, 31)).due,) if d] == [late.id]
    assert (card().goals, one(6).state) == ([], "targeted")


def test_what_is_met_may_be_at_risk_and_why(world: World) -> None:
    threshold("11.1", 12)
    meet(7)
    assert one(7).risks == ()
    assert one(7, date(2024, 1, 2)).risks == ("not_reviewed",)
    said = assess("7.1", date(2023, 7, 1), met=True)
    assessing.verify(actor("reviewer", DISTRICT), said.id, False, "Chợ chưa họp", on=DAY)
    assert (one(7).risks, one(7, date(2023, 9, 13)).risks) == (("disputed",), ())
    assess("5.1", date(2023, 1, 5), value=80)
    assess("5.1", date(2023, 5, 5), value=75)
    assert (one(5).risks, one(5, date(2023, 2, 1)).risks) == (("falling",), ())
    threshold("5.1", 90, valid_from=date(2023, 7, 1))
    assert (one(5).state, one(5).risks, one(5, FOUND).risks) == (
        "met",
        ("threshold", "falling"),
        ("falling",),
    )
    assert [s.criterion.number for s in card().at_risk] == [5, 7]
    assess("11.1", date(2023, 1, 5), value=10)
    assess("11.1", FOUND, value=11)  # of what is at most, more is worse
    assert one(11).risks == ("falling",)
    assess("11.1", DAY, value="9.5")
    assert one(11).risks == ()
    assess("7.1", DAY, met=False)
    assert (one(7).state, one(7).risks) == ("lost", ())


def test_a_set_whose_time_is_over_goes_on_and_another_may_be_asked_for(world: World) -> None:
    meet(7)
    found = card(date(2026, 2, 1))
    assert (found.head.code, found.head.over_on(found.as_of), found.met) == (SHIPPED, True, 1)
    added("NTM-XA-2026-2030")
    assert (card(date(2026, 2, 1)).head.code, card(date(2026, 2, 1)).met) == ("NTM-XA-2026-2030", 0)
    assert card(date(2026, 2, 1), set_code=SHIPPED).met == 1
    assert scorecard(actor("leader"), as_of=date(2020, 1, 1)) is None
    assert scorecard(actor("leader"), set_code="KHONG-CO") is None


def test_a_hamlet_has_the_criteria_of_hamlets(world: World) -> None:
    assert scorecard(actor("leader"), unit=HAMLET, as_of=DAY) is None
    added("THON", level="hamlet", valid_from=date(2022, 1, 1))
    assess("3.1", value=90, unit_code=HAMLET)
    assess("3.2", met=True, unit_code=HAMLET)
    found = card(unit=HAMLET)
    assert (found.unit.name, found.head.code, found.met, found.total) == ("Thôn Trà Sơn", "THON", 1, 1)
    assert card(unit="20770.02@legacy").met == 0
    assert card().met == 0
    assert scorecard(actor("leader"), unit=COMMUNE, as_of=DAY, set_code="THON") is None
    assert scorecard(actor("leader"), unit=HAMLET, as_of=DAY, set_code=SHIPPED) is None
    assert matrix(actor("leader", DISTRICT), as_of=DAY, set_code="THON") is None
    with untouched(NotFound, "set_code"):
        aim(3, set_code="THON")


def test_it_is_of_a_commune_or_hamlet_in_scope_on_a_day_that_has_come(world: World) -> None:
    for who, unit, kind in (
        (actor("leader", DISTRICT), None, Invalid),
        (actor("leader", "00001@legacy"), COMMUNE, NotFound),
    ):
        with pytest.raises(kind):
            scorecard(who, unit=unit)
    with pytest.raises(Invalid):
        scorecard(actor("leader"), as_of=today() + timedelta(days=1))
    assert card(unit="20770").unit.structure == "legacy"  # read on the day


def test_it_takes_as_many_statements_however_much_was_assessed(world: World) -> None:
    meet(7)
    with counted() as few:
        card()
    meet(*ELEVEN)
    aim(6)
    with counted() as many:
        card()
    assert len(few) == len(many) <= 12


# --- any sequence of findings -------------------------------------------------------------------------

_DAYS = [date(2023, 1, 1) + timedelta(days=n) for n in range(5)]
_CODES = ("3.1", "3.2", "3.3")
_STEPS = st.one_of(
    st.tuples(st.just("assess"), st.sampled_from(_CODES), st.sampled_from(_DAYS), st.booleans()),
    st.tuples(st.just("withdraw"), st.integers(0, 9), st.just(None), st.just(None)),
    st.tuples(st.just("update"), st.integers(0, 9), st.sampled_from(_DAYS), st.booleans()),
)


@given(st.lists(_STEPS, max_size=9))
@settings(
    max_examples=12, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_after_any_sequence_the_table_says_what_was_found(
    world: World, steps: list[tuple[str, Any, Any, Any]]
) -> None:
    three = NewCriterion(3, "Thủy lợi", tuple(indicator(code, "judgment") for code in _CODES))
    added("BA-CHI-TIEU", three, valid_from=date(2022, 1, 1))
    execute("DELETE FROM assessments")
    execute("DELETE FROM criterion_spells")
    made: list[AssessmentView] = []
    for verb, which, day, met in steps:
        if verb == "assess":
            made.append(assess(which, day, met=met))
        elif made and made[which % len(made)].stands:
            at = which % len(made)
            if verb == "withdraw":
                made[at] = assessing.withdraw(actor("officer"), made[at].id, "nhầm")
            else:
                changes = {"assessed_on": day, "met": met}
                made[at] = assessing.update(actor("officer"), made[at].id, made[at].version, changes)
    ids = {one.code: one.id for _, one in set_of().indicators}
    stand = sorted((a for a in made if a.stands), key=lambda a: (a.assessed_on, a.created_at))
    found = spells(3)
    assert found == reckoned(ids.values(), [Finding(a.indicator_id, a.assessed_on, a.met) for a in stand])
    had = False
    for day in _DAYS:
        latest = {a.indicator_code: a.met for a in stand if a.assessed_on <= day}
        met = all(latest.get(code, False) for code in _CODES)
        holding = _held(day)
        assert [(s.met, s.lost) for s in holding] == ([(met, had and not met)] if latest else []), day
        had = had or met


def _held(day: date) -> list[Spell]:
    with db.snapshot() as session:
        columns = (CriterionSpell.since, CriterionSpell.until, CriterionSpell.met, CriterionSpell.lost)
        return [Spell(*row) for row in session.execute(sa.select(*columns).where(on_day(day)))]
