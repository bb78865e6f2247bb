"""Works on a map: the same filters as their list, the same works below it by number; page, Excel and CSV."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain.works import questions
from app.domain.works.mapped import works_map
from app.i18n import N_
from app.reports.works_map import STATES, legend, map_table, pictures, shape_of
from app.views.access import Reader
from app.views.ledger.common import pager, where, window
from app.views.templating import mark_illustrative, table_answer
from app.views.works.filters import choices, said_of, wanted_of

router = APIRouter(include_in_schema=False)


@router.get("/works/map")
def show_map(request: Request, who: Reader) -> Response:
    """The works under the filters where they stand; those without a place first, by name."""
    actor, here = who.actor, where(request, who.actor)
    wanted = wanted_of(request, here)
    offset, limit = window(request)
    found = works_map(actor, here.unit, wanted, offset=offset, limit=limit)
    mark_illustrative(request, [*found.placed, *found.unplaced])
    table = map_table(
        found.placed,
        show_unit=here.wide,
        filters=said_of(actor, wanted, here),
        name=f"ban-do-cong-trinh-{here.unit.code}",
    )
    return table_answer(
        request, table, "works/map.html", title=N_("Bản đồ công trình"), place="works", at=here, found=found,
        pictures=pictures(found.placed, found.units, wanted.hamlet) if found.placed else [],
        legend=legend(found.placed), states=STATES, shape_of=shape_of, hamlet=wanted.hamlet,
        late=sum(work.late for work in found.placed), pager=pager(request, found.count),
        may_edit=actor.may("work.edit"), question=wanted.question,
        answers=questions.answers(actor, here.unit.id, today()), **choices(request, actor, here),
    )  # fmt: skip
