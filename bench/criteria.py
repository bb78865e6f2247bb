"""Criteria to measure on: a commune's assessments and targets by the domain itself, the country's spells in bulk."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from app import db
from app.clock import utcnow
from app.domain import targets
from app.domain.access import Actor
from app.domain.criteria import assessing, sets
from app.domain.tasks import NewTask
from app.models.criteria import CriterionSpell, Target
from app.models.territory import Unit
from bench.data import YEAR

SET: Final = "NTM-XA-2021-2025"
TARGETS: Final = 60
MET, SLIPPED = date(YEAR, 6, 30), date(YEAR, 12, 20)
DAY: Final = date(YEAR, 12, 31)


def fill(officer: Actor) -> None:
    """Every indicator of the commune assessed once as met; targets with two tasks each."""
    found = sets.get(officer, SET, unit="20770@legacy", on=DAY)
    for _, one in found.indicators:
        reached = one.must_reach
        assessing.create(
            officer,
            assessing.NewAssessment(
                uuid.uuid4(), "20770@legacy", one.code, MET, reached, None if reached is not None else True
            ),
            illustrative=True,
        )
    for i in range(TARGETS):
        targets.create(
            officer,
            targets.NewTarget(
                uuid.uuid4(), "20770@legacy", date(YEAR, 12, 1 + i % 28), 1 + i % 19, responsible="Đo tốc độ",
                tasks=(NewTask(f"Việc đo tốc độ {i}"), NewTask("Thu gom", measure="hộ", quantity=Decimal(10))),
            ),
            illustrative=True,
        )  # fmt: skip


def fill_nation() -> int:
    """Two spells of every criterion in every commune of two tiers, and one target; how many communes."""
    with db.transaction(write=True) as session:
        of_communes = sa.select(Unit.id).where(Unit.level == "commune", Unit.structure == "2025")
        units = list(session.execute(of_communes).scalars())
        found = sets.whole(session, [sets.one_head(session, SET)], sets.NATION, DAY)[0]
        spells = [
            spell
            for unit_id in units
            for criterion in found.criteria
            for spell in _spells(unit_id, criterion.id, (unit_id * 7 + criterion.number) % 5)
        ]
        session.execute(sa.insert(CriterionSpell), spells)
        session.execute(
            sa.insert(Target),
            [_target(unit_id, found.head.id, found.criteria[unit_id % 19].id) for unit_id in units],
        )
    return len(units)


def _spells(unit_id: int, criterion_id: int, turn: int) -> list[dict[str, Any]]:
    """Of five one was met and is lost, three are met, one never was."""
    both = {"unit_id": unit_id, "criterion_id": criterion_id, "illustrative": True}
    return [
        both | {"since": MET, "until": SLIPPED, "met": turn == 4, "lost": False},
        both | {"since": SLIPPED, "until": None, "met": 1 <= turn <= 3, "lost": turn == 4},
    ]


def _target(unit_id: int, set_id: int, criterion_id: int) -> dict[str, Any]:
    now = utcnow()
    return {
        "id": uuid.uuid4(), "unit_id": unit_id, "set_id": set_id, "criterion_id": criterion_id, "due_on": DAY,
        "responsible": "", "basis": "", "note": "", "recognised_by": "", "dropped_reason": "", "illustrative": True,
        "body_hash": "", "created_at": now, "created_by": "bench", "updated_at": now, "version": 1,
    }  # fmt: skip
