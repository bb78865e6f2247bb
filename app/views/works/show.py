"""One work on one page: what it lacks, its procedure, its way, its money, and the way to everything else of it."""

from __future__ import annotations

import uuid
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain.works import readiness, steps
from app.domain.works.overview import Overview, overview
from app.reports.obstacles import short_items
from app.reports.steps import missing_items, missing_title, timeline
from app.reports.works import contracts_table, money_table, stage_tag, work_bar
from app.reports.works_map import shape_of, small_picture
from app.views.access import Reader
from app.views.templating import language, mark_illustrative, table_answer
from app.views.works.progress import standing

router = APIRouter(include_in_schema=False)


@router.get("/works/{work_id:uuid}")
def show_work(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """A work: what bars its next stage, its steps, its progress, facts, money by year and source, contracts."""
    lang = language(request)
    found = overview(who.actor, work_id, today())
    work = found.work
    mark_illustrative(request, [work])
    sources = {code: names[lang == "en"] for code, names in found.names.sources.items()}
    return table_answer(
        request, money_table(work, found.lines, sources), "works/show.html", title=work.name, place="works",
        work=work, may=who.actor.may, bar=work_bar(work), lines=found.lines, contracts=found.contracts,
        contracts_table=contracts_table(work, found.contracts), stage=stage_tag(work),
        hamlets=[hamlet.name for hamlet in found.hamlets if hamlet.serves], land=found.clearance,
        picture=small_picture(work, [h.place for h in found.hamlets if h.place is not None]), shape_of=shape_of,
        obstacles=short_items(found.obstacles, lang, of=work.name), photos=found.photos,
        voices=found.voices,
        **_procedure(found, lang), **standing(work, found.course, lang),
    )  # fmt: skip


def _procedure(found: Overview, lang: str) -> dict[str, Any]:
    """What is missing, the steps, and what was let pass."""
    work, main, on, kinds = found.work, found.steps, today(), found.names.kinds
    gate = readiness.NEXT.get(work.stage, "")
    return {
        "missing": missing_items(work, work.missing, on, kinds, lang),
        "missing_title": missing_title(work, gate, len(work.missing)) if work.missing else "",
        "timeline": timeline(main, on, kinds, lang),
        "needs_land": any(s.code == steps.CLEARANCE and s.status != steps.WAIVED for s in main),
        "procedure": main[0].procedure if main else None,
        "overrides": found.overrides,
    }
