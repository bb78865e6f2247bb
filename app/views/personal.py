"""Who saw whose personal data: the record, for those who watch over it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import personal_history
from app.domain.access import require
from app.domain.identity import people
from app.domain.personal_history import ViewFilter
from app.i18n import N_
from app.reports.personal import PURPOSES, SUBJECTS, views_table
from app.views.access import Reader
from app.views.ledger.common import EXPORT, named, query_form, whole
from app.views.templating import table_answer

router = APIRouter(include_in_schema=False)


@router.get("/admin/views")
def show(request: Request, who: Reader) -> Response:
    """Newest first under filters; page, Excel and CSV. `before` is the id of the last row seen."""
    require(who.actor, "audit.read")
    asked = {k: v.strip() for k, v in request.query_params.items() if v.strip()}
    form = query_form(request)
    wanted = ViewFilter(
        who=asked.get("who"),
        subject_kind=asked["kind"] if asked.get("kind") in SUBJECTS else None,
        purpose=asked["purpose"] if asked.get("purpose") in PURPOSES else None,
        date_from=form.day("from", required=False),
        date_to=form.day("to", required=False),
    )
    before = whole(asked.get("before"), 10**18)
    as_file = asked.get("format") in ("xlsx", "csv")
    size = EXPORT if as_file else personal_history.PAGE
    found = personal_history.history(who.actor, wanted, before_id=before, limit=size + 1)
    rows = found[:size]
    table = views_table(
        rows,
        people.names_of(view.actor for view in rows),
        as_file=as_file,
        filters=[
            (N_("Đơn vị"), who.actor.unit_name),
            *([(N_("Người xem"), wanted.who)] if wanted.who else []),
            *([(N_("Xem gì"), SUBJECTS[wanted.subject_kind])] if wanted.subject_kind else []),
            *([(N_("Cách xem"), PURPOSES[wanted.purpose])] if wanted.purpose else []),
            *([(N_("Từ ngày"), form.get("from"))] if wanted.date_from else []),
            *([(N_("Đến ngày"), form.get("to"))] if wanted.date_to else []),
        ],
    )
    return table_answer(
        request, table, "admin/views.html", place="admin", title=table.title, form=form, before=before,
        more=rows[-1].id if len(found) > size else None, kinds=named(request, SUBJECTS),
        purposes=named(request, PURPOSES),
    )  # fmt: skip
