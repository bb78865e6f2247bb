"""One work on one page: what it lacks, its procedure, its money, and the way to everything else of it."""

from __future__ import annotations

import uuid
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import works
from app.domain.access import Actor
from app.domain.identity import people
from app.domain.ledger import lines as book
from app.domain.ledger.lines import LineFilter
from app.domain.works import WorkView, clearance, contracts, progress, readiness, stages, steps
from app.domain.works.mapped import hamlets_of
from app.reports.steps import missing_items, missing_title, timeline
from app.reports.works import contracts_table, money_table, stage_tag, work_bar
from app.reports.works_map import corners_of, shape_of, small_picture
from app.views.access import Reader
from app.views.ledger.common import source_names
from app.views.templating import language, mark_illustrative, table_answer
from app.views.works.progress import standing
from app.views.works.steps import kind_names, version_of

router = APIRouter(include_in_schema=False)


@router.get("/works/{work_id:uuid}")
def show_work(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """A work: what bars its next stage, its steps, facts, money by year and source, contracts."""
    actor = who.actor
    work = works.get(actor, work_id)
    mark_illustrative(request, [work])
    lines = book.lines(actor, LineFilter(work_id=work_id), by_project=True, limit=500)
    signed = contracts.contracts(actor, work_id=work_id)
    return table_answer(
        request, money_table(work, lines, source_names(request, actor)), "works/show.html", title=work.name,
        place="works", work=work, may=actor.may, bar=work_bar(work), lines=lines, contracts=signed,
        contracts_table=contracts_table(work, signed), stage=stage_tag(work),
        hamlets=[name for _, name in works.hamlets(actor, work_id)], land=clearance.get(actor, work_id),
        **_procedure(request, actor, work), **_place(actor, work),
        **standing(request, actor, work), pictured=progress.last_with_photos(actor, work_id),
    )  # fmt: skip


def _place(actor: Actor, work: WorkView) -> dict[str, Any]:
    """The work on a small map among its commune's hamlets, if it has a place."""
    hamlets = hamlets_of(actor, work.owner_unit_id) if corners_of(work) else []
    return {"picture": small_picture(work, hamlets), "shape_of": shape_of}


def _procedure(request: Request, actor: Actor, work: WorkView) -> dict[str, Any]:
    """What is missing, the steps, and what was let pass."""
    lang, on, names = language(request), today(), kind_names(actor)
    main = [s for s in steps.steps(actor, work.id) if s.track == steps.MAIN]
    passed = stages.overrides(actor, work.id)
    gate = readiness.NEXT.get(work.stage, "")
    return {
        "missing": missing_items(work, work.missing, on, names, lang),
        "missing_title": missing_title(work, gate, len(work.missing)) if work.missing else "",
        "timeline": timeline(main, on, names, lang),
        "needs_land": any(s.code == steps.CLEARANCE and s.status != steps.WAIVED for s in main),
        "procedure": version_of(actor, main),
        "overrides": passed,
        "people": people.names_of(o.by for o in passed),
    }
