"""From findings to the state of a criterion: met when all its indicators are, lost when it had been."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.criteria.spells import Finding, Spell, spells

DAY = date(2023, 1, 1)
ONE, TWO = 1, 2


def on(days: int) -> date:
    return DAY + timedelta(days=days)


def test_a_criterion_that_nobody_assessed_has_no_spell() -> None:
    assert spells({ONE}, []) == []


def test_it_is_met_from_the_day_on_which_the_last_indicator_is() -> None:
    found = spells({ONE, TWO}, [Finding(ONE, on(0), True), Finding(TWO, on(5), True)])
    assert found == [Spell(on(0), on(5), False, False), Spell(on(5), None, True, False)]


def test_what_slips_is_lost_and_found_again_is_met() -> None:
    findings = [Finding(ONE, on(0), True), Finding(ONE, on(3), False), Finding(ONE, on(9), True)]
    assert spells({ONE}, findings) == [
        Spell(on(0), on(3), True, False), Spell(on(3), on(9), False, True), Spell(on(9), None, True, False),
    ]  # fmt: skip


def test_the_last_word_of_a_day_counts() -> None:
    assert spells({ONE}, [Finding(ONE, on(0), False), Finding(ONE, on(0), True)]) == [
        Spell(on(0), None, True, False)
    ]


def test_what_is_found_again_the_same_begins_no_spell() -> None:
    assert spells({ONE}, [Finding(ONE, on(0), True), Finding(ONE, on(40), True)]) == [
        Spell(on(0), None, True, False)
    ]


findings = st.lists(
    st.builds(Finding, st.sampled_from([ONE, TWO, 3]), st.integers(0, 12).map(on), st.booleans()), max_size=25
).map(lambda found: sorted(found, key=lambda f: f.on))


@given(findings)
def test_on_every_day_the_spell_says_what_looking_at_the_findings_up_to_then_says(
    found: list[Finding],
) -> None:
    result = spells({ONE, TWO, 3}, found)
    had = False
    for day in (on(i) for i in range(14)):
        upto = [f for f in found if f.on <= day]
        last = {f.indicator_id: f.met for f in upto}
        met = len(last) == 3 and all(last.values())
        holding = [s for s in result if s.since <= day and (s.until is None or s.until > day)]
        assert [(s.met, s.lost) for s in holding] == ([(met, had and not met)] if upto else [])
        had = had or met


@given(findings)
def test_spells_follow_one_another_and_neighbours_differ(found: list[Finding]) -> None:
    result = spells({ONE, TWO, 3}, found)
    for before, after in itertools.pairwise(result):
        assert before.until == after.since
        assert (before.met, before.lost) != (after.met, after.lost)
    assert [s.until for s in result[-1:]] in ([], [None])
