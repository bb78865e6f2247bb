"""All of a unit's dossier, to take out: its rows, and the files that are attached."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from app import db
from app.domain import (
    audit,
    boards,
    directives,
    inspections,
    meetings,
    obstacles,
    personal,
    plans,
    programs,
    works,
)
from app.domain.access import Actor, require
from app.domain.boards import CommitteeFilter, CommitteeView
from app.domain.criteria import scorecard
from app.domain.criteria.assessing import LEVELS as ASSESSED
from app.domain.criteria.scorecard import Scorecard
from app.domain.directives import DirectiveFilter, DirectivesTotal, DirectiveView
from app.domain.documents import DocumentView, FileView, files
from app.domain.inspections import InspectionFilter, InspectionView, ReportView
from app.domain.inspections.views import HELD
from app.domain.ledger import figures
from app.domain.ledger.figures import Figures
from app.domain.meetings import MeetingFilter, MeetingView
from app.domain.obstacles import ObstacleFilter, ObstaclesTotal, ObstacleView
from app.domain.plans import PlanFilter, PlanView
from app.domain.programs import Names
from app.domain.unit_dossier.held import documents_of
from app.domain.unit_dossier.overview import Overview, overview
from app.domain.works import WorkFilter, WorksTotal, WorkView
from app.errors import Fault

MOST: Final = {"works": 2000, "plans": 500, "directives": 2000, "boards": 200, "meetings": 500, "inspections": 100, "obstacles": 1000, "documents": 2000}  # fmt: skip
"""Rows that are taken out at most, by section; what lies beyond is said."""
MOST_BYTES: Final = 250 * 1024 * 1024
"""Of the files that are attached: later ones are named and left out."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything of a dossier; `reports` are those of the unit for its inspections.

    `withheld`: documents that name persons and are not this reader's to see; `damaged`: contents lost on disk; `beyond`:
    documents whose files no longer fit; `cut`: sections with more rows than are taken out.
    """

    overview: Overview
    money: Figures
    names: Names
    works: list[WorkView]
    works_total: WorksTotal
    scorecard: Scorecard | None
    plans: list[PlanView]
    directives: list[DirectiveView]
    directives_total: DirectivesTotal
    boards: list[CommitteeView]
    meetings: list[MeetingView]
    inspections: list[InspectionView]
    reports: list[ReportView]
    obstacles: list[ObstacleView]
    obstacles_total: ObstaclesTotal
    documents: list[tuple[str, DocumentView]]  # each once, with the kind of thing that it is attached to
    withheld: frozenset[uuid.UUID]
    cut: tuple[str, ...]
    beyond: frozenset[uuid.UUID] = frozenset()
    damaged: frozenset[str] = frozenset()

    def brings(self, document: DocumentView, file: FileView) -> bool:
        """Whether the file comes with the dossier."""
        return document.id not in self.withheld | self.beyond and file.sha256 not in self.damaged


def to_download(
    actor: Actor, unit: str | None = None, as_of: date | None = None
) -> tuple[Contents, dict[str, Path]]:
    """The dossier, and where each content of it stands, every one checked against its checksum a moment ago.

    What is damaged on disk, or does not fit, is named in the dossier and left out. Taking it out is recorded, and so is
    each document of it that shows persons.
    """
    require(actor, "read")
    whole = gathered(actor, unit, as_of)
    paths: dict[str, Path] = {}
    damaged, beyond, size = set(), set(), 0
    shown = []
    for _, document in whole.documents:
        if document.id in whole.withheld:
            continue
        size += sum(file.size for file in document.files)
        if size > MOST_BYTES:
            beyond.add(document.id)
            continue
        for file in document.files:
            try:
                paths[file.sha256] = paths.get(file.sha256) or files.verified(file.sha256, file.name)
            except Fault:
                damaged.add(file.sha256)
        if document.personal and any(file.sha256 in paths for file in document.files):
            shown.append(document)
    its = whole.overview.unit
    with db.transaction(write=True) as session:
        audit.record(session, actor, "unit.dossier", "unit", its.exact_code, its.id, files=len(paths), as_of=whole.overview.as_of)  # fmt: skip
        for document in shown:
            personal.record_views(session, actor, document.unit_id, "document", document.id, 1, "export")
    return replace(whole, damaged=frozenset(damaged), beyond=frozenset(beyond)), paths


def gathered(actor: Actor, unit: str | None = None, as_of: date | None = None) -> Contents:
    """Everything of a unit's dossier as of a day. NotFound out of scope; Invalid for a day ahead."""
    seen = overview(actor, unit, as_of)
    its, day = seen.unit, seen.as_of
    code = its.exact_code
    money = figures.disbursement(actor, code, day.year, as_of=day)
    rows: dict[str, Sequence[Any]] = {
        "works": works.works(actor, WorkFilter(unit=its), by_code=True, limit=MOST["works"] + 1),
        "plans": plans.plans(actor, PlanFilter(unit=code, year=day.year), by_name=True, limit=MOST["plans"] + 1),
        "directives": directives.directives(
            actor, DirectiveFilter(unit=code, as_of=day), late_first=True, limit=MOST["directives"] + 1
        ),
        "boards": boards.committees(actor, CommitteeFilter(unit=code, on=day), by_unit=True, limit=MOST["boards"] + 1),
        "meetings": meetings.meetings(
            actor, MeetingFilter(unit=code, first=date(day.year, 1, 1), last=day), by_day=True, limit=MOST["meetings"] + 1
        ),
        "inspections": inspections.inspections(
            actor, InspectionFilter(unit=code, held_by=day), by_day=True, limit=MOST["inspections"] + 1
        ),
        "obstacles": obstacles.obstacles(
            actor, ObstacleFilter(unit=code, standing=True), by_money=True, limit=MOST["obstacles"] + 1
        ),
    }  # fmt: skip
    with db.snapshot() as session:
        rows["documents"] = documents_of(session, actor, its, day, MOST["documents"] + 1)
        names = programs.names(session)
    kept = {name: list(found[: MOST[name]]) for name, found in rows.items()}
    held, documents = [_as_of(i, day) for i in kept["inspections"]], kept["documents"]
    return Contents(
        seen, money, names, kept["works"], works.total(actor, WorkFilter(unit=its)),
        scorecard.scorecard(actor, unit=its, as_of=day) if its.level in ASSESSED else None, kept["plans"], kept["directives"],
        directives.total(actor, DirectiveFilter(unit=code, as_of=day)), kept["boards"], kept["meetings"], held, inspections.reports_of(actor, [i.id for i in held], day),
        kept["obstacles"], obstacles.total(actor, ObstacleFilter(unit=code, standing=True)), documents,
        frozenset(d.id for _, d in documents if d.personal and not actor.sees_people),
        tuple(name for name, found in rows.items() if len(found) > MOST[name]),
    )  # fmt: skip


def _as_of(inspection: InspectionView, day: date) -> InspectionView:
    """An inspection without what was concluded after a day."""
    if inspection.concluded_on is None or inspection.concluded_on <= day:
        return inspection
    return replace(inspection, state=HELD, conclusion="", conclusion_number="", concluded_on=None)
