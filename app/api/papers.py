"""/api/v1: minutes, conclusions and reports of units as DOCX or PDF, the same as the pages give out."""

from __future__ import annotations

from typing import Any, Final, get_args

from starlette.responses import Response

from app.api.security import api_router
from app.domain.access import Actor
from app.reports import papers
from app.reports.papers import Form, gathered
from app.reports.papers.paper import Paper
from app.web.files import made_answer
from app.web.schema import ClientId

router = api_router("steering")
_FILE: Final[dict[str, Any]] = {
    "response_class": Response,
    "responses": {
        200: {
            "description": "Tệp DOCX hoặc PDF · the file",
            "content": {
                papers.media_type(form): {
                    "schema": {"type": "string", "format": "binary"}, "example": "(DOCX, PDF)"
                }
                for form in get_args(Form)
            },
        }
    },
}  # fmt: skip


@router.get("/meetings/{id}/minutes.{form}", summary="Biên bản họp · minutes of a meeting", **_FILE)
def get_meeting_minutes(actor: Actor, id: ClientId, form: Form) -> Response:
    """The minutes in the layout of administrative documents, in Vietnamese. 404 while none were recorded."""
    return _answer(gathered.meeting_minutes(actor, id), form)


@router.get(
    "/inspections/{id}/minutes.{form}", summary="Biên bản kiểm tra · minutes of an inspection", **_FILE
)
def get_inspection_minutes(actor: Actor, id: ClientId, form: Form) -> Response:
    """Who took part, what was looked at and found. 404 before the inspection was held."""
    return _answer(gathered.inspection_minutes(actor, id), form)


@router.get(
    "/inspections/{id}/conclusion.{form}", summary="Thông báo kết luận kiểm tra · its conclusion", **_FILE
)
def get_inspection_conclusion(actor: Actor, id: ClientId, form: Form) -> Response:
    """What the team concluded and demands of whom, by when. 404 before it was concluded."""
    return _answer(gathered.inspection_conclusion(actor, id), form)


@router.get(
    "/inspections/{id}/reports/{report_id}/paper.{form}",
    summary="Báo cáo của đơn vị được kiểm tra · a report of the inspected unit",
    **_FILE,
)
def get_report_of_unit(actor: Actor, id: ClientId, report_id: ClientId, form: Form) -> Response:
    """A report as it was frozen when it was sent: figures and words of then."""
    return _answer(gathered.report_of_unit(actor, id, report_id), form)


def _answer(paper: Paper, form: Form) -> Response:
    name, media_type = papers.file_name(paper, form), papers.media_type(form)
    return made_answer(lambda target: papers.write(paper, form, target), name, media_type)
