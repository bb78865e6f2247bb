"""The dossier of a work: what is there and what is missing in the order of its procedure; all of it in one file."""

from __future__ import annotations

import uuid

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain.works import dossier, readiness
from app.reports import dossier as packed
from app.reports.steps import missing_items, missing_title
from app.views.access import Reader
from app.views.templating import language, mark_illustrative, render
from app.web.files import made_answer

router = APIRouter(include_in_schema=False)


@router.get("/works/{work_id:uuid}/dossier")
def show(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """Each step with its documents and what it lacks, then what follows the steps."""
    whole, lang = dossier.dossier(who.actor, work_id), language(request)
    work = whole.work
    mark_illustrative(request, [work, *whole.documents])
    gate = readiness.NEXT.get(work.stage, "")
    return render(
        request, "works/dossier.html", title=work.name, place="works", work=work, whole=whole,
        sections=[
            {
                "title": packed.title(s, lang), "state": packed.state(s, lang), "step": s.step,
                "lacks": packed.lacking(whole, s, lang), "documents": s.documents,
            }
            for s in whole.sections
        ],
        lacks=sum(len(s.lacks) for s in whole.sections), size=sum(f.size for d, f in whole.files if whole.brings(d, f)),
        missing=missing_items(work, work.missing, today(), whole.kinds, lang),
        missing_title=missing_title(work, gate, len(work.missing)) if work.missing else "",
    )  # fmt: skip


@router.get("/works/{work_id:uuid}/dossier.zip")
def download(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """Everything in one ZIP with an index; taking it out is on record."""
    whole, paths = dossier.to_download(who.actor, work_id)
    lang = language(request)
    return made_answer(
        lambda target: packed.write(whole, paths, target, lang), packed.file_name(whole), packed.MEDIA_TYPE
    )
