"""Assessments and targets of Sông Trà, as its officer would record them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app import db
from app.domain import targets, territory
from app.domain.access import Actor
from app.domain.criteria import assessing
from app.domain.criteria.assessing import NewAssessment
from app.domain.criteria.assessments import AssessmentView
from app.domain.criteria.sets import set_for
from app.domain.criteria.spells import Spell, spells_of
from app.domain.criteria.views import SetView
from app.domain.targets import NewTarget, TargetView
from app.errors import Fault
from tests.support.book import fails, refused, state
from tests.support.world import actor

COMMUNE: Final = "20770@legacy"
DISTRICT: Final = "512@legacy"
HAMLET: Final = "20770.01"
FOUND: Final = date(2023, 6, 30)
DAY: Final = date(2023, 9, 14)
DUE: Final = date(2023, 12, 31)
TABLES: Final = (
    "assessments", "criterion_spells", "targets", "tasks", "attachments", "audit_rows",
)  # fmt: skip


def asked(indicator: str, on: date = FOUND, **values: Any) -> NewAssessment:
    """What is sent of an indicator of Sông Trà; `value` may be text."""
    if isinstance(values.get("value"), int | str):
        values["value"] = Decimal(values["value"])
    defaults: dict[str, Any] = {"id": uuid.uuid4(), "unit_code": COMMUNE}
    return NewAssessment(indicator_code=indicator, date=on, **(defaults | values))


def assess(indicator: str, on: date = FOUND, who: Actor | None = None, **values: Any) -> AssessmentView:
    return assessing.create(who or actor("officer"), asked(indicator, on, **values))[0]


def set_of(unit: str = COMMUNE, on: date = FOUND, level: str = "commune") -> SetView:
    with db.snapshot() as session:
        at = territory.resolve(session, actor("officer", "VN@2025"), unit)
        found = set_for(session, at, on, level=level)
    assert found is not None
    return found


def meet(*numbers: int, on: date = FOUND, who: Actor | None = None, unit: str = COMMUNE) -> None:
    """Assess every indicator of these criteria as met."""
    for criterion, one in set_of(unit, on).indicators:
        if criterion.number not in numbers:
            continue
        if one.must_reach is not None:
            assess(one.code, on, who, value=one.must_reach, unit_code=unit)
        else:
            assess(one.code, on, who, met=True, unit_code=unit)


def spells(number: int, unit: str = COMMUNE, on: date = FOUND) -> list[Spell]:
    """What the table says of a criterion of the set in force."""
    found = set_of(unit, on)
    (criterion,) = (one for one in found.criteria if one.number == number)
    with db.snapshot() as session:
        at = territory.resolve(session, actor("officer", "VN@2025"), unit)
        return spells_of(session, at.id, found.head.id).get(criterion.id, [])


def aim(criterion: int | None = 6, who: Actor | None = None, **values: Any) -> TargetView:
    """A target of Sông Trà for the end of 2023."""
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "unit_code": COMMUNE, "due_on": DUE, "criterion_number": criterion,
    }  # fmt: skip
    return targets.create(who or actor("officer"), NewTarget(**(defaults | values)))[0]


@contextmanager
def untouched(kind: type[Fault], field: str | None = None) -> Iterator[None]:
    """A fault of exactly this kind, which leaves nothing behind."""
    before = state(*TABLES)
    with fails(kind, field):
        yield
    assert state(*TABLES) == before


@contextmanager
def barred(rule: str, **facts: object) -> Iterator[None]:
    """A rule refuses, with these figures, and nothing is left behind."""
    before = state(*TABLES)
    with refused(rule, **facts):
        yield
    assert state(*TABLES) == before
