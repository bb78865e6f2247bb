"""Assessments afterwards: put right, withdrawn, verified by the unit above, listed; many writers at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from app.clock import today
from app.domain import audit, documents
from app.domain.criteria import assessing, assessments
from app.domain.criteria.assessments import AssessmentFilter, AssessmentView
from app.domain.criteria.spells import Spell
from app.errors import Invalid, NotFound, Stale
from tests.domain.test_concurrency import at_once, outcomes
from tests.support.assessing import (
    DAY,
    DISTRICT,
    FOUND,
    HAMLET,
    asked,
    assess,
    barred,
    spells,
    untouched,
)
from tests.support.criteria import added, threshold
from tests.support.papers import document
from tests.support.world import World, actor

HA_NOI = "00001@legacy"


def test_it_is_put_right_until_it_is_verified(world: World) -> None:
    made = assess("6.3", value=50)
    changes = {
        "value": Decimal(100), "assessed_on": date(2023, 7, 1), "note": "Đếm lại", "assessor": "Tổ rà soát",
        "verifier": "Phòng VH-TT",
    }  # fmt: skip
    changed = assessing.update(actor("leader"), made.id, 1, changes)
    assert {name: getattr(changed, name) for name in changes} == changes
    assert (changed.met, changed.version) == (True, 2)
    row = audit.history(actor("inspector"))[0]
    assert (row.action, row.facts) == (
        "assessment.update", {"fields": sorted(changes), "met": True, "value": "100"}
    )  # fmt: skip
    with untouched(Stale):
        assessing.update(actor("officer"), made.id, 1, {"note": "x"})
    for wrong, field in (
        ({"value": Decimal(101)}, "value"),
        ({"value": None}, "value"),
        ({"met": False}, "met"),
        ({"assessed_on": today() + timedelta(days=1)}, "date"),
        ({"assessed_on": date(2020, 1, 1)}, "date"),
    ):
        with untouched(Invalid, field):
            assessing.update(actor("officer"), made.id, 2, wrong)
    with untouched(NotFound):
        assessing.update(actor("officer", HA_NOI), made.id, 2, {"note": "x"})
    assert assessing.update(actor("officer"), made.id, 2, {}) == changed
    assessing.verify(actor("reviewer", DISTRICT), made.id, True)
    with barred("assessment_state", asked="update", held="agreed"):
        assessing.update(actor("officer"), made.id, 3, {"note": "x"})


def test_a_threshold_of_later_decides_only_once_the_finding_is_put_right(world: World) -> None:
    judged, by_rule = assess("2.1", value=70, met=True), assess("6.3", value=100)
    threshold("2.1", 75, valid_from=date(2023, 1, 1))
    noted = assessing.update(actor("officer"), judged.id, 1, {"note": "Theo báo cáo quý"})
    assert (noted.met, noted.threshold) == (True, None)
    moved = assessing.update(actor("officer"), judged.id, 2, {"assessed_on": date(2022, 12, 31)})
    assert (moved.met, moved.threshold) == (True, None)  # as judged: none was in force yet
    moved = assessing.update(actor("officer"), judged.id, 3, {"assessed_on": FOUND})
    assert (moved.met, moved.threshold) == (False, Decimal(75))
    lower = assessing.update(actor("officer"), by_rule.id, 1, {"value": Decimal(90)})
    assert (lower.met, lower.threshold) == (False, Decimal(100))


def test_withdrawn_it_counts_no_more_and_stays_on_record(world: World) -> None:
    assess("7.1", date(2023, 1, 1), met=True)
    slip = assess("7.1", met=False)
    assert [s.lost for s in spells(7)] == [False, True]
    with untouched(Invalid, "reason"):
        assessing.withdraw(actor("officer"), slip.id, " ")
    with untouched(NotFound):
        assessing.withdraw(actor("officer", HA_NOI), slip.id, "x")
    gone = assessing.withdraw(actor("officer"), slip.id, "Ghi nhầm xã")
    assert (gone.stands, gone.withdrawn_reason, gone.changeable) == (False, "Ghi nhầm xã", False)
    assert spells(7) == [Spell(date(2023, 1, 1), None, True, False)]
    assert assessing.withdraw(actor("officer"), slip.id, "Ghi nhầm xã") == gone
    for call, verb in _moves(slip):
        with barred("assessment_state", asked=verb, held="withdrawn"):
            call()
    found = [a.id for a in assessments.assessments(actor(), AssessmentFilter(standing=False))]
    assert found == [slip.id]


def _moves(made: AssessmentView) -> list[tuple[Callable[[], object], str]]:
    return [
        (partial(assessing.update, actor("officer"), made.id, 2, {"note": "x"}), "update"),
        (partial(assessing.withdraw, actor("officer"), made.id, "lý do khác"), "withdraw"),
        (partial(assessing.verify, actor("reviewer", DISTRICT), made.id, True), "verify"),
    ]


def test_the_unit_above_agrees_or_disputes(world: World) -> None:
    made = assess("7.1", met=True)
    for who in (actor("leader"), actor("client:write")):
        with barred("own_assessment", asked="20770", held="20770"):
            assessing.verify(who, made.id, True)
    reviewer = actor("reviewer", DISTRICT)
    with untouched(Invalid, "note"):
        assessing.verify(reviewer, made.id, False, " ")
    for wrong in (FOUND - timedelta(days=1), today() + timedelta(days=1)):
        with untouched(Invalid, "on"):
            assessing.verify(reviewer, made.id, True, on=wrong)
    with untouched(NotFound):
        assessing.verify(actor("reviewer", "001@legacy"), made.id, True)
    said = assessing.verify(reviewer, made.id, False, "Chợ chưa họp", on=DAY)
    assert (said.verdict, said.verdict_note, said.verified_on) == ("disputed", "Chợ chưa họp", DAY)
    assert (said.verified_by, said.verifier, said.met) == ("reviewer", "Huyện Hiệp Đức", True)
    assert spells(7)[-1].met  # as the unit assessed it, marked as disputed
    assert assessing.verify(reviewer, made.id, False, "Chợ chưa họp", on=DAY) == said
    later = assessing.verify(actor("leader", "49@legacy"), made.id, True, on=today())
    assert (later.verdict, later.verdict_note, later.verifier) == ("agreed", "", "Huyện Hiệp Đức")
    row = audit.history(actor("inspector", DISTRICT))[0]
    assert (row.action, row.facts["verdict"]) == ("assessment.verify", "agreed")


def test_nobody_verifies_what_they_recorded_themselves(world: World) -> None:
    above = actor("leader", DISTRICT)
    made = assess("7.1", who=above, met=True)
    with barred("own_assessment", asked="512", held="20770"):
        assessing.verify(above, made.id, True)
    assert assessing.verify(actor("reviewer", DISTRICT), made.id, True).verdict == "agreed"


def test_what_was_verified_keeps_its_evidence(world: World) -> None:
    papers = [document(number=f"{i}/QĐ").id for i in range(2)]
    made = assess("7.1", met=True, documents=tuple(papers))
    documents.detach(actor("officer"), papers[1], "assessment", made.id)
    assessing.verify(actor("reviewer", DISTRICT), made.id, False, "Chợ chưa họp")
    with barred("assessment_state", asked="detach", held="disputed"):
        documents.detach(actor("officer"), papers[0], "assessment", made.id)
    assessing.withdraw(actor("officer"), made.id, "Ghi lại")
    documents.detach(actor("officer"), papers[0], "assessment", made.id)


def test_the_commune_does_not_verify_its_hamlets(world: World) -> None:
    added("THON", level="hamlet", valid_from=date(2022, 1, 1))
    made = assess("3.2", met=True, unit_code=HAMLET)
    with barred("own_assessment", held=HAMLET):
        assessing.verify(actor("leader"), made.id, True)
    assert assessing.verify(actor("reviewer", DISTRICT), made.id, True).verdict == "agreed"


def test_lists_are_narrowed_and_followed(world: World) -> None:
    first, second = assess("7.1", date(2022, 12, 31), met=True), assess("6.3", value=50)
    third = assess("6.1", DAY, met=True)
    for wanted, expected in (
        (AssessmentFilter(), [first, second, third]),
        (AssessmentFilter(unit=DISTRICT), [first, second, third]),
        (AssessmentFilter(criterion=6), [second, third]),
        (AssessmentFilter(indicator="6.3"), [second]),
        (AssessmentFilter(met=True), [first, third]),
        (AssessmentFilter(year=2022), [first]),
        (AssessmentFilter(date_from=FOUND, date_to=FOUND), [second]),
        (AssessmentFilter(updated_since=third.updated_at), [third]),
        (AssessmentFilter(set_code="KHAC"), []),
    ):
        above = actor("reviewer", DISTRICT)
        assert assessments.assessments(above, wanted) == expected, wanted
        assert assessments.number_of(above, wanted) == len(expected)
    assert assessments.assessments(actor(), AssessmentFilter(), latest_first=True)[0] == third
    assert assessments.assessments(actor(unit=HA_NOI), AssessmentFilter()) == []
    after = (first.updated_at, first.id)
    assert assessments.assessments(actor(), AssessmentFilter(), after=after, limit=1) == [second]


def test_many_writers_at_once_leave_the_right_spells(world: World) -> None:
    who, parts = actor("officer"), ("8.1", "8.2", "8.3", "8.4")
    results = at_once([partial(assess, code, date(2023, 5, 1), who, met=True) for code in parts])
    assert outcomes(results) == {"AssessmentView": 4}
    assert [s for s in spells(8) if s.met] == [Spell(date(2023, 5, 1), None, True, False)]
    ask = asked("8.1", met=False)
    results = at_once([partial(assessing.create, who, ask) for _ in range(4)])
    assert sorted(fresh for _, fresh in results) == [False, False, False, True]
    assert (spells(8)[-1].lost, spells(8)[-1].since) == (True, FOUND)
    versions = at_once([partial(assessing.update, who, ask.id, 1, {"met": i % 2 == 0}) for i in range(4)])
    assert outcomes(versions) == {"AssessmentView": 1, "Stale": 3}
    assert spells(8)[-1].met is assessments.get(who, ask.id).met
