"""The filters of works, which their list and their map share."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from app.domain import territory
from app.domain.access import Actor
from app.domain.works import WorkFilter
from app.i18n import N_
from app.reports.labels import QUESTIONS, STAGES
from app.reports.lines import Filters
from app.views.ledger.common import Where, named, project_options, query_form


def wanted_of(request: Request, here: Where) -> WorkFilter:
    """What the address asks of the works of a page: its list and its map take the same."""
    asked = {k: v.strip() for k, v in request.query_params.items() if v.strip()}
    return WorkFilter(
        unit=here.unit,
        stage=asked["stage"] if asked.get("stage") in STAGES else None,
        project_code=asked.get("project"),
        hamlet=asked.get("hamlet"),
        year=here.year if "year" in asked else None,
        question=asked["question"] if asked.get("question") in QUESTIONS else None,
        q=asked.get("q"),
    )


def said_of(actor: Actor, wanted: WorkFilter, here: Where) -> Filters:
    """A filter in the words that stand on every form of the table."""
    hamlet = territory.find(actor, wanted.hamlet).name if wanted.hamlet else None
    return [
        (N_("Đơn vị"), here.unit.name),
        *([(N_("Thôn"), hamlet)] if hamlet else []),
        *([(N_("Năm có vốn"), str(wanted.year))] if wanted.year else []),
        *([(N_("Câu hỏi"), QUESTIONS[wanted.question])] if wanted.question else []),
        *([(N_("Giai đoạn"), STAGES[wanted.stage])] if wanted.stage else []),
        *([(N_("Dự án"), wanted.project_code)] if wanted.project_code else []),
        *([(N_("Tìm"), wanted.q)] if wanted.q else []),
    ]


def choices(request: Request, actor: Actor, here: Where) -> dict[str, Any]:
    """What the filters above the works offer."""
    asked = {k for k, v in request.query_params.items() if v.strip()}
    return {
        "form": query_form(request), "projects": project_options(actor, leaves=False),
        "stages": named(request, STAGES), "year_options": [(str(y), str(y)) for y in here.years],
        "unit_options": [(u.exact_code, u.name) for u in here.units],
        "filtered": bool(asked - {"money", "page", "unit"}),
    }  # fmt: skip
