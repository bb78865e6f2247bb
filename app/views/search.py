"""One box for everything: the page of what was found, and the same as a fragment under the box."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain.search import LONGEST, search
from app.i18n import N_
from app.views.access import Reader
from app.views.ledger.common import source_names
from app.views.ledger.lines import label
from app.views.templating import mark_illustrative, render

router = APIRouter(include_in_schema=False)


@router.get("/search")
def show(request: Request, who: Reader, q: str = "") -> Response:
    """What the words find, in groups; htmx takes the part under the box."""
    words = " ".join(q.split())[:LONGEST]
    found = search(who.actor, words)
    mark_illustrative(
        request,
        [
            *found.lines,
            *found.works,
            *found.documents,
            *found.households,
            *(x.entry for x in found.entries),
        ],
    )
    sources = source_names(request, who.actor) if found.lines or found.entries else {}
    return render(
        request, "search/show.html", title=N_("Tìm"), place="search", q=words, found=found, sources=sources,
        label={line.id: label(line, sources) for line in found.lines},
        may_people=who.actor.may("user.manage"),
    )  # fmt: skip
