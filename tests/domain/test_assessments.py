"""Assessing an indicator: what its value may be, whether that is met, by which set, with what evidence."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from app.clock import today
from app.domain import audit, documents
from app.domain.criteria import assessing, assessments
from app.domain.criteria.proposed import NewCriterion
from app.domain.documents.attaching import attached_to, documents_of
from app.errors import IdTaken, Invalid, NotFound, RuleBroken
from tests.domain.test_concurrency import at_once
from tests.support.assessing import (
    DISTRICT,
    HAMLET,
    asked,
    assess,
    barred,
    untouched,
)
from tests.support.criteria import SHIPPED, added, indicator, threshold
from tests.support.papers import document
from tests.support.world import World, actor

HA_NOI = "00001@legacy"


def guarded() -> None:
    """A set of 2022 on whose only indicator is met by judgment with a document behind it."""
    proof = indicator("1.1", "judgment", evidence_required=True)
    added("CO-MINH-CHUNG", NewCriterion(1, "Quy hoạch", (proof,)), valid_from=date(2022, 1, 1))


def test_sent_twice_an_assessment_is_recorded_once(world: World) -> None:
    ask = asked("6.3", value=100, note="Hai thôn có nhà văn hóa")
    made, fresh = assessing.create(actor("officer"), ask)
    assert fresh
    assert (made.unit_code, made.unit_structure, made.set_code, made.criterion_number) == (
        "20770", "legacy", SHIPPED, 6
    )  # fmt: skip
    assert (made.value, made.threshold, made.met, made.by_rule) == (Decimal(100), Decimal(100), True, True)
    assert (made.assessor, made.created_by, made.verdict, made.illustrative) == (
        "officer",
        "officer",
        "",
        False,
    )
    assert assessing.create(actor("officer"), ask) == (made, False)
    with untouched(IdTaken):
        assessing.create(actor("officer"), replace(ask, value=Decimal(50)))
    with untouched(NotFound):
        assessing.create(actor("officer", HA_NOI), ask)
    assert assessments.get(actor("inspector"), made.id) == made
    with pytest.raises(NotFound):
        assessments.get(actor("officer", HA_NOI), made.id)
    row = audit.history(actor("inspector"))[0]
    assert (row.action, row.subject_kind, row.subject_id) == ("assessment.create", "assessment", str(made.id))
    assert row.facts == {"indicator": "6.3", "date": "2023-06-30", "met": True, "value": "100"}


def test_whether_it_is_met_follows_from_the_threshold_or_is_judged(world: World) -> None:
    threshold("11.1", 10)  # at most
    threshold("10.1", "39.5")  # million đồng a person, at least
    found: list[tuple[str, dict[str, Any], bool]] = [
        ("7.1", {"met": True}, True),
        ("7.1", {"met": False}, False),
        ("6.3", {"value": "99.999"}, False),
        ("6.3", {"value": 100}, True),
        ("6.3", {"value": 0, "met": False}, False),
        ("11.1", {"value": 10}, True),
        ("11.1", {"value": "10.001"}, False),
        ("10.1", {"value": "39.5", "met": True}, True),
        ("10.1", {"value": "39.4"}, False),
        ("2.1", {"value": 80, "met": True}, True),  # no threshold is known: judged, with a value or without
        ("2.1", {"met": False}, False),
    ]
    for code, values, met in found:
        made = assess(code, **values)
        assert made.met is met, (code, values)
        assert made.by_rule is (code in {"6.3", "11.1", "10.1"})
        assert made.value == (None if "value" not in values else Decimal(values["value"]))


@pytest.mark.parametrize(
    ("code", "values", "field"),
    [
        ("7.1", {}, "met"),
        ("7.1", {"met": True, "value": 1}, "value"),
        ("6.3", {}, "value"),
        ("6.3", {"met": True}, "value"),
        ("6.3", {"value": "100.001"}, "value"),
        ("6.3", {"value": -1}, "value"),
        ("6.3", {"value": "99.9999"}, "value"),
        ("6.3", {"value": 99, "met": True}, "met"),
        ("6.3", {"value": 100, "met": False}, "met"),
        ("11.1", {"value": 101, "met": False}, "value"),
        ("10.1", {"value": "1e10", "met": True}, "value"),
        ("10.1", {"value": 40}, "met"),
        ("17.4", {"value": "1e9"}, None),
    ],
)
def test_a_value_outside_its_domain_is_refused(
    world: World, code: str, values: dict[str, Any], field: str | None
) -> None:
    if field is None:
        assert assess(code, **values).met
        return
    with untouched(Invalid, field):
        assess(code, **values)


def test_who_is_assessed_when_and_by_which_set_is_checked(world: World) -> None:
    assert assess("7.1", today(), met=True).assessed_on == today()
    with untouched(Invalid, "date"):
        assess("7.1", today() + timedelta(days=1), met=True)
    with untouched(NotFound, "set_code"):  # before any set
        assess("7.1", date(2020, 12, 31), met=True)
    with untouched(Invalid, "date"):
        assess("7.1", date(2020, 12, 31), met=True, set_code=SHIPPED)
    with untouched(NotFound, "indicator_code"):
        assess("7.9", met=True)
    added("VUNG-KHAC", region="TN", valid_from=date(2021, 1, 1))
    for code in ("KHONG-CO", "VUNG-KHAC"):
        with untouched(NotFound, "set_code"):
            assess("7.1", met=True, set_code=code)
    with untouched(Invalid, "unit_code"):
        assess("7.1", who=actor("officer", DISTRICT), met=True, unit_code=DISTRICT)
    for code in ("00001@legacy", "none"):
        with untouched(NotFound, "unit_code"):
            assess("7.1", met=True, unit_code=code)


def test_a_hamlet_is_assessed_by_a_set_of_hamlets(world: World) -> None:
    with untouched(NotFound, "set_code"):
        assess("7.1", met=True, unit_code=HAMLET)
    with untouched(NotFound, "set_code"):
        assess("7.1", met=True, unit_code=HAMLET, set_code=SHIPPED)
    added("THON", level="hamlet", valid_from=date(2022, 1, 1))
    made = assess("3.1", value=90, unit_code=HAMLET)
    assert (made.unit_code, made.unit_level, made.set_code, made.met) == (HAMLET, "hamlet", "THON", True)
    with untouched(NotFound, "set_code"):
        assess("3.1", value=90, set_code="THON")


def test_a_bare_code_is_read_on_the_day_of_the_assessment(world: World) -> None:
    today_there = actor("client:write", "20770@2025")
    before = assess("7.1", who=today_there, met=True, unit_code="20770")
    after = assess("7.1", date(2025, 9, 1), today_there, met=True, unit_code="20770")
    assert (before.unit_structure, after.unit_structure) == ("legacy", "2025")


def test_what_is_met_needs_its_evidence_where_the_set_says_so(world: World) -> None:
    guarded()
    with barred("evidence_missing", code="1.1", asked=1, held=0):
        assess("1.1", met=True)
    made = assess("1.1", met=False)
    with barred("evidence_missing"):
        assessing.update(actor("officer"), made.id, 1, {"met": True})
    paper, other = document(), document(number="16/QĐ-UBND")
    now = assessing.update(actor("officer"), made.id, 1, {"met": True, "documents": (paper.id,)})
    assert (now.met, now.documents) == (True, (paper.id,))
    with barred("evidence_missing"):
        assessing.update(actor("officer"), made.id, now.version, {"documents": ()})
    with barred("evidence_missing", code="1.1"):
        documents.detach(actor("officer"), paper.id, "assessment", made.id)
    documents.attach(actor("officer"), other.id, "assessment", made.id)
    documents.detach(actor("officer"), paper.id, "assessment", made.id)
    left = assessments.get(actor(), made.id)
    assert (left.documents, left.version) == ((other.id,), now.version)
    assert left.updated_at > now.updated_at
    assessing.update(actor("officer"), made.id, now.version, {"met": False})
    documents.detach(actor("officer"), other.id, "assessment", made.id)
    assert assessments.get(actor(), made.id).documents == ()


def test_documents_behind_it_are_those_in_scope(world: World) -> None:
    paper, theirs = document(), document(actor(unit=HA_NOI))
    made = assess("7.1", met=True, documents=(paper.id,))
    assert made.documents == (paper.id,)
    (named,) = attached_to(actor(), documents.get(actor(), paper.id))
    assert (named.named("vi"), named.named("en")) == ("7.1 · 30/06/2023", "7.1 · 30 Jun 2023")
    assert [d.id for d in documents_of(actor(), "assessment", made.id)] == [paper.id]
    for wrong in (theirs.id, uuid.uuid4()):
        with untouched(NotFound, "documents"):
            assess("7.1", met=True, documents=(wrong,))
        with untouched(NotFound, "documents"):
            assessing.update(actor("officer"), made.id, 1, {"documents": (wrong,)})


def test_evidence_is_not_lost_between_two_who_take_it_off(world: World) -> None:
    guarded()
    papers = [document(number=f"{i}/QĐ").id for i in range(3)]
    made = assess("1.1", met=True, documents=tuple(papers))
    who = actor("officer")
    results = at_once([partial(documents.detach, who, paper, "assessment", made.id) for paper in papers])
    assert [r.rule for r in results if isinstance(r, RuleBroken)] == ["evidence_missing"]
    assert len(assessments.get(who, made.id).documents) == 1
