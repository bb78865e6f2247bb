"""Papers to take away: minutes of meetings and inspections, conclusions, reports of units, as DOCX or PDF."""

from __future__ import annotations

import uuid

from fastapi import APIRouter
from starlette.responses import Response

from app.reports import papers
from app.reports.papers import Form, gathered
from app.reports.papers.paper import Paper
from app.views.access import Reader
from app.web.files import made_answer

router = APIRouter(include_in_schema=False)


@router.get("/meetings/{meeting_id:uuid}/minutes.{form}")
def meeting_minutes(who: Reader, meeting_id: uuid.UUID, form: Form) -> Response:
    return _answer(gathered.meeting_minutes(who.actor, meeting_id), form)


@router.get("/inspections/{inspection_id:uuid}/minutes.{form}")
def inspection_minutes(who: Reader, inspection_id: uuid.UUID, form: Form) -> Response:
    return _answer(gathered.inspection_minutes(who.actor, inspection_id), form)


@router.get("/inspections/{inspection_id:uuid}/conclusion.{form}")
def inspection_conclusion(who: Reader, inspection_id: uuid.UUID, form: Form) -> Response:
    return _answer(gathered.inspection_conclusion(who.actor, inspection_id), form)


@router.get("/inspections/{inspection_id:uuid}/reports/{report_id:uuid}/paper.{form}")
def report_of_unit(who: Reader, inspection_id: uuid.UUID, report_id: uuid.UUID, form: Form) -> Response:
    return _answer(gathered.report_of_unit(who.actor, inspection_id, report_id), form)


def _answer(paper: Paper, form: Form) -> Response:
    name, media_type = papers.file_name(paper, form), papers.media_type(form)
    return made_answer(lambda target: papers.write(paper, form, target), name, media_type)
