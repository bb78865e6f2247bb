"""What changes for a unit when one set of criteria takes the place of another."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.criteria import assessing, changing
from app.domain.criteria.assessing import NewAssessment
from app.domain.criteria.changing import IndicatorChange, SetChanges
from app.domain.criteria.proposed import NewCriterion, NewIndicator
from app.errors import NotFound
from tests.support.criteria import added, indicator, threshold
from tests.support.papers import document
from tests.support.world import World, actor

DAY = date(2023, 6, 30)
OLD, NEW = "CU", "MOI"


def both(old: tuple[NewIndicator, ...], new: tuple[NewIndicator, ...]) -> None:
    """Criterion 3 with these indicators in a set that holds, and in one that takes its place."""
    added(OLD, NewCriterion(3, "Thủy lợi", old), valid_from=date(2022, 1, 1))
    if new:
        added(NEW, NewCriterion(3, "Thủy lợi", new), NewCriterion(9, "Nhà ở", (indicator("9.1"),)))
    else:
        added(NEW, NewCriterion(9, "Nhà ở", (indicator("9.1"),)))


def assessed(code: str, day: date = DAY, **found: Any) -> None:
    new = NewAssessment(uuid.uuid4(), "20770@legacy", code, day, set_code=OLD, **found)
    assessing.create(actor(), new)


def found(**asked: Any) -> SetChanges:
    return changing.changes(actor("officer"), NEW, OLD, **asked)


def one(code: str = "3.1", **asked: Any) -> IndicatorChange:
    (wanted,) = (i for c in found(**asked).criteria for i in c.indicators if i.code == code)
    return wanted


def share(threshold: int | None = 80, **values: Any) -> NewIndicator:
    figure = None if threshold is None else Decimal(threshold)
    return indicator("3.1", **({"threshold": figure, "certainty": "sure"} | values))


JUDGED = indicator("3.1", "judgment")


@pytest.mark.parametrize(
    ("old", "new", "assessment", "changes", "carried"),
    [
        # a value against the new threshold
        (share(80), share(90), {"value": 85}, ("threshold",), "unmet"),
        (share(80), share(85), {"value": 85}, ("threshold",), "met"),
        (share(80), share(70), {"value": 75}, ("threshold",), "met"),
        (share(80), share(80), {"value": 85}, (), "met"),
        (share(80), share(90, name="Khác"), {"value": 95}, ("reworded", "threshold"), "met"),
        (share(80), share(90, kind="percent_max"), {"value": 85}, ("kind", "threshold"), "met"),
        (share(80), share(80, unit="ha", kind="amount"), {"value": 85}, ("kind",), "anew"),
        # judged where no threshold is known
        (share(None), share(None), {"met": True}, (), "met"),
        (share(None), share(None), {"met": False}, (), "unmet"),
        (share(None), share(90), {"met": True}, ("threshold",), "anew"),
        (share(None), share(90), {"met": True, "value": 95}, ("threshold",), "met"),
        (share(80), share(None), {"value": 85}, ("threshold",), "anew"),
        # a judgment where the words are the same
        (JUDGED, JUDGED, {"met": True}, (), "met"),
        (JUDGED, JUDGED, {"met": False}, (), "unmet"),
        (JUDGED, indicator("3.1", "judgment", name="Chỉ  tiêu 3.1"), {"met": True}, (), "met"),
        (JUDGED, indicator("3.1", "judgment", name="Khác"), {"met": True}, ("reworded",), "anew"),
        (JUDGED, share(80), {"met": True}, ("kind", "threshold"), "anew"),
        (share(80), JUDGED, {"value": 85}, ("kind", "threshold"), "anew"),
        (JUDGED, indicator("3.1", "judgment", evidence_required=True), {"met": True}, ("evidence",), "anew"),
        (JUDGED, indicator("3.1", "judgment", evidence_required=True), {"met": False}, ("evidence",), "unmet"),
        (JUDGED, JUDGED, None, (), "anew"),
    ],
)  # fmt: skip
def test_what_an_assessment_comes_to_by_the_new_set(
    world: World,
    old: NewIndicator,
    new: NewIndicator,
    assessment: dict[str, Any] | None,
    changes: tuple[str, ...],
    carried: str,
) -> None:
    both((old,), (new,))
    if assessment is not None:
        value = assessment.get("value")
        assessed("3.1", **(assessment | {"value": None if value is None else Decimal(value)}))
    told = one()
    assert (told.changes, told.carried) == (changes, carried)
    assert (told.assessment is None) == (assessment is None)


def test_what_comes_and_goes(world: World) -> None:
    both((share(), indicator("3.2", "judgment")), (share(), indicator("3.3", "judgment")))
    told = {i.code: (i.changes, i.carried) for c in found().criteria for i in c.indicators}
    assert told == {
        "3.1": ((), "anew"), "3.3": (("added",), "anew"), "3.2": (("dropped",), "gone"), "9.1": (("added",), "anew"),
    }  # fmt: skip
    assert [i.code for i in found().criteria[0].indicators] == ["3.1", "3.3", "3.2"]
    counted = {change: found().changed(change) for change in changing.CHANGES}
    assert counted == {"added": 2, "dropped": 1, "reworded": 0, "kind": 0, "threshold": 0, "evidence": 0}


@pytest.mark.parametrize(
    ("values", "new", "was_met", "outlook"),
    [
        ((85, 85), (share(80), indicator("3.2", threshold=Decimal(80))), True, "kept"),
        ((85, 85), (share(80), indicator("3.2", threshold=Decimal(90))), True, "lost"),
        ((85, 75), (share(80), indicator("3.2", threshold=Decimal(70))), False, "gained"),
        ((85, 75), (share(80), indicator("3.2", threshold=Decimal(80))), False, "unmet"),
        ((85, 85), (share(80), indicator("3.3")), True, "anew"),
        ((75, 85), (share(80), indicator("3.3")), False, "unmet"),
        ((85, None), (share(80), indicator("3.2", threshold=Decimal(80))), False, "anew"),
        ((85, None), (share(80),), False, "gained"),
        ((85, 85), (), True, "dropped"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_criterion(
    world: World,
    values: tuple[int | None, int | None],
    new: tuple[NewIndicator, ...],
    was_met: bool,
    outlook: str,
) -> None:
    both((share(80), indicator("3.2", threshold=Decimal(80))), new)
    for code, value in zip(("3.1", "3.2"), values, strict=True):
        if value is not None:
            assessed(code, value=Decimal(value))
    third, ninth = found().criteria
    assert (third.number, third.was_met, third.outlook) == (3, was_met, outlook)
    assert (ninth.number, ninth.was_met, ninth.outlook) == (9, False, "anew")
    assert (found().met, found().met_after) == (int(was_met), int(outlook in ("kept", "gained")))


def test_evidence_that_stands_carries_over(world: World) -> None:
    both((JUDGED,), (indicator("3.1", "judgment", evidence_required=True),))
    paper = document()
    assessed("3.1", met=True, documents=(paper.id,))
    assert one().carried == "met"


def test_what_stands_on_a_day_counts(world: World) -> None:
    both((share(80),), (share(90),))
    assessed("3.1", date(2023, 1, 10), value=Decimal(95))
    assessed("3.1", date(2023, 6, 10), value=Decimal(85))
    on = {"unit": "20770"}
    told = [one(**on, on=day) for day in (date(2023, 1, 9), date(2023, 1, 10), date(2023, 6, 10))]
    assert [(t.carried, t.assessment.value if t.assessment else None) for t in told] == [
        ("anew", None), ("met", Decimal(95)), ("unmet", Decimal(85)),
    ]  # fmt: skip


def test_thresholds_are_those_of_the_unit(world: World) -> None:
    both((share(80),), (share(90),))
    assessed("3.1", value=Decimal(85))
    threshold("3.1", 80, code=NEW, region="DHNTB", valid_from=date(2026, 1, 1))
    told = one()
    assert (told.changes, told.carried) == ((), "met")
    hanoi = changing.changes(actor("officer", "00001@legacy"), NEW, OLD)
    first = hanoi.criteria[0].indicators[0]
    assert (first.changes, first.carried, hanoi.assessed) == (("threshold",), "anew", False)


def test_sets_that_are_not_there_or_hold_elsewhere(world: World) -> None:
    both((JUDGED,), (JUDGED,))
    added("HN", unit_code="01@legacy")
    for new, old in ((NEW, "NONE"), ("NONE", OLD), ("HN", OLD)):
        with pytest.raises(NotFound):
            changing.changes(actor("officer"), new, old)
    with pytest.raises(NotFound):
        found(unit="00001@legacy")
