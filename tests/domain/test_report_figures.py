"""The figures that a report quotes are of their day: stages, plans, models as they stood, what came later not counted."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from app import db
from app.clock import today
from app.domain import plans, support, territory
from app.domain.inspections import figures
from app.domain.workflow import Order
from app.models.plans import Plan
from app.models.procedures import StageOverride, WorkStep
from app.models.support import SupportModel
from app.models.works import Settlement, Work
from tests.support.planning import CHECKED, DISTRICT, SENT, SIGNED, approved, plan
from tests.support.supporting import model
from tests.support.world import World, actor, work

UNIT = "20770@legacy"
LONG_AGO = datetime(2022, 1, 1, tzinfo=UTC)


def on(day: date) -> figures.Content:
    return figures.content(actor(), territory.find(actor(), UNIT), day)


def stages(day: date) -> dict[str, int]:
    found: dict[str, int] = on(day)["works"]["by_stage"]
    return found


def stood(work_id: uuid.UUID, **values: Any) -> None:
    """A work as it is kept, whatever led there."""
    with db.transaction(write=True) as session:
        session.execute(sa.update(Work).where(Work.id == work_id).values(**values))


def done(work_id: uuid.UUID, **days: date) -> None:
    with db.transaction(write=True) as session:
        for code, day in days.items():
            step = (WorkStep.work_id == work_id, WorkStep.track == "main", WorkStep.code == code)
            session.execute(sa.update(WorkStep).where(*step).values(status="done", done_on=day))


def test_a_work_goes_through_its_stages_on_the_days_that_its_dates_steps_and_settlement_tell(
    world: World,
) -> None:
    its = work(procedure="special", decision_date=date(2022, 12, 12)).id
    stood(its, stage="settled", started_on=date(2023, 2, 10), finished_on=date(2023, 5, 30))
    done(its, handover=date(2023, 6, 10))
    with db.transaction(write=True) as session:
        session.execute(
            sa.insert(Settlement).values(
                id=uuid.uuid4(), work_id=its, submitted_on=date(2023, 6, 28), proposed_value=402, settled_value=400,
                decided_on=date(2023, 7, 25), illustrative=True, created_at=LONG_AGO, created_by="x",
                updated_at=LONG_AGO, version=1, body_hash="x",
            )
        )  # fmt: skip
    told = {
        date(2022, 12, 11): {}, date(2022, 12, 12): {"preparation": 1}, date(2023, 2, 10): {"construction": 1},
        date(2023, 6, 1): {"completed": 1}, date(2023, 6, 10): {"handed_over": 1}, date(2023, 7, 24): {"handed_over": 1},
        date(2023, 7, 25): {"settled": 1}, today(): {"settled": 1},
    }  # fmt: skip
    assert {day: stages(day) for day in told} == told
    # What was put right since is told as it is now.
    stood(its, stage="construction")
    assert stages(date(2023, 8, 1)) == {"construction": 1}


def test_a_stopped_work_ran_until_its_stage_was_changed_and_an_override_tells_when_a_stage_was_entered(
    world: World,
) -> None:
    stopped, let_in = work(decision_date=date(2022, 1, 1)).id, work(decision_date=date(2022, 1, 1)).id
    stood(stopped, stage="suspended", started_on=date(2023, 3, 1), planned_finish=date(2023, 9, 30))
    stood(let_in, stage="construction")
    assert stages(date(2023, 8, 1)) == {"construction": 1, "preparation": 1}
    late = on(date(2023, 10, 2))["works"]
    assert ([w["days"] for w in late["late"]], late["late_total"]) == ([2], 1)
    stood(stopped, stage_on=date(2023, 7, 1))  # whatever is written of it today
    with db.transaction(write=True) as session:
        session.execute(
            sa.insert(StageOverride).values(
                work_id=let_in,
                stage="construction",
                reason="x",
                missing=[],
                at=datetime(2023, 7, 1, tzinfo=UTC),
                by="x",
            )
        )
    assert stages(date(2023, 6, 1)) == {"construction": 1, "preparation": 1}
    assert stages(date(2023, 8, 1)) == {"suspended": 1, "construction": 1}


def test_late_works_past_those_that_are_named_are_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in (1, 2, 3):
        work(name=f"Công trình {day}", decision_date=date(2022, 1, 1), planned_finish=date(2023, 5, day))
    work(name="Ghi sau", planned_finish=date(2023, 4, 1))  # recorded today, nothing tells that it was there
    monkeypatch.setattr(figures, "MOST_LATE", 2)
    found = on(date(2023, 6, 1))["works"]
    assert [w["name"] for w in found["late"]] == ["Công trình 1", "Công trình 2"]
    assert (found["total"], found["late_total"]) == (3, 3)


def test_plans_and_models_are_those_in_force_for_the_year_of_the_day_and_made_by_then(world: World) -> None:
    approved()
    plan(program_code="NTM")  # drafted today
    earlier = plan(year=2022)
    period = plan(kind="period", year=None, program_code="DTTS")
    for one in (earlier, period):
        plans.move(actor("officer"), one.id, "submit", Order(on=date(2022, 3, 1)))
    assert on(SENT)["plans"] == {"total": 2, "by_state": {"submitted": 2}}
    assert on(SIGNED)["plans"]["by_state"] == {"submitted": 1, "approved": 1}
    assert on(date(2022, 12, 31))["plans"] == {"total": 2, "by_state": {"submitted": 2}}
    assert on(date(2022, 1, 1))["plans"]["total"] == 0
    made = model()
    assert on(CHECKED)["models"]["total"] == 0
    with db.transaction(write=True) as session:
        session.execute(sa.update(SupportModel).values(created_at=datetime(2023, 1, 2, tzinfo=UTC)))
        session.execute(sa.update(Plan).where(Plan.id == earlier.id).values(illustrative=True))
    assert on(CHECKED)["models"] == {"total": 1, "by_state": {"draft": 1}}
    assert on(date(2024, 5, 1))["models"]["total"] == 1  # not closed yet
    assert on(date(2022, 5, 1))["models"]["total"] == 0
    assert support.get(actor(), made.id).state == "draft"
    # One illustrative plan marks the figures of the days on which it counts.
    assert (on(date(2022, 12, 31))["illustrative"], on(CHECKED)["illustrative"]) == (True, False)
    wide = actor("inspector", DISTRICT)
    assert figures.content(wide, territory.find(wide, DISTRICT), SIGNED)["plans"]["total"] == 2
