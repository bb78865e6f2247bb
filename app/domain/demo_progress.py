"""The demonstration's progress: milestones of its works, and reports from the site with their sketches."""

from __future__ import annotations

import uuid
from collections import defaultdict

from app.domain.access import Actor
from app.domain.demo_base import day, id_of, rows
from app.domain.demo_scans import photo
from app.domain.documents import files
from app.domain.works import progress, progress_editing
from app.domain.works.progress import MilestoneView
from app.domain.works.progress_editing import NewReport


def load_progress(officer: Actor) -> None:
    """Record the milestones and reports that are missing; what was changed stays. Works come before."""
    _load_milestones(officer)
    names = {row["code"]: row["name"] for row in rows("works")}
    known: dict[str, set[uuid.UUID]] = {}
    for row in rows("progress"):
        work, on = row["work"], day(row["reported_on"])
        new_id, work_id = id_of("progress", f"{work}:{row['reported_on']}"), id_of("work", work)
        if work not in known:
            known[work] = {report.id for report in progress.reports(officer, work_id, limit=500)}
        if new_id in known[work] or on is None:
            continue
        percent = int(row["physical_percent"])
        sketches = []
        if row["photo"]:
            name = f"hiện trường {row['reported_on']}.jpg"
            sketches.append(files.take(photo(names[work], percent), name))
        new = NewReport(new_id, work_id, on, percent, note=row["note"])
        progress_editing.create(officer, new, sketches, illustrative=True)


def _load_milestones(officer: Actor) -> None:
    of_works: dict[str, list[MilestoneView]] = defaultdict(list)
    for row in rows("milestones"):
        on = day(row["planned_on"])
        if on is not None:
            of_works[row["work"]].append(MilestoneView(on, int(row["percent"])))
    for work, marks in of_works.items():
        work_id = id_of("work", work)
        if not progress.milestones(officer, work_id):
            progress_editing.set_milestones(officer, work_id, marks)
