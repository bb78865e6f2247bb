"""Everything that the page of one work shows, read in one snapshot with a fixed number of statements."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date

from app import db
from app.domain import observations, obstacles, programs
from app.domain.access import Actor, require
from app.domain.ledger import lines as book
from app.domain.ledger.lines import LineView
from app.domain.observations import Voices
from app.domain.obstacles import ObstacleView
from app.domain.programs import Names
from app.domain.works import contract_views, mapped, pace, progress, readiness, register, stages
from app.domain.works.clearance import ClearanceSummary, summaries
from app.domain.works.contract_views import ContractView
from app.domain.works.mapped import Served
from app.domain.works.pace import Course
from app.domain.works.progress import Photo
from app.domain.works.register import WorkView
from app.domain.works.stages import OverrideView
from app.domain.works.steps import MAIN, StepView, steps_of
from app.models.ledger import BudgetLine

MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Overview:
    """A work with what belongs to it; `contracts` without their amendments, `steps` those of its procedure."""

    work: WorkView
    steps: list[StepView]
    clearance: ClearanceSummary | None
    lines: list[LineView]
    contracts: list[ContractView]
    hamlets: list[Served]
    overrides: list[OverrideView]
    obstacles: list[ObstacleView]
    voices: Voices
    course: Course
    photos: list[Photo]
    names: Names


def overview(actor: Actor, work_id: uuid.UUID, on: date) -> Overview:
    """A work as it stands, its lateness as of a day. NotFound out of scope."""
    require(actor, "read")
    with db.snapshot() as session:
        voiced = observations.columns(actor, work_id=work_id)
        work, voices = register.beside(session, actor, work_id, *voiced)
        main = steps_of(session, [work_id], track=MAIN).get(work_id, [])
        land = summaries(session, [work_id]).get(work_id)
        told = progress.story(session, work_id)
        money = pace.money_over_time(session, work_id)
        return Overview(
            replace(work, missing=readiness.missing_with(work, main, land)),
            main,
            land,
            book.views_where(session, BudgetLine.work_id == work_id, limit=MOST_LINES),
            contract_views.signed(session, actor, work_id),
            mapped.served(session, work_id, work.owner_unit_id),
            stages.overrides_of(session, work_id),
            obstacles.standing(session, actor, work_id),
            Voices(*voices),
            pace.course_of(work, told, money, main, on),
            told.photos,
            programs.names(session),
        )
