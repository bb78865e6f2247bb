"""What was sent of a plan: each version whole, and what two texts of it say otherwise."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import plans
from app.domain.identity import people
from app.domain.plans import Change, Comparison
from app.i18n import N_, translate
from app.reports.labels import CAPITAL_KINDS, TASK_KINDS
from app.reports.plans import href
from app.reports.table import Tag
from app.views.access import Reader
from app.views.ledger.common import query_form, source_names, whole
from app.views.plans.common import crumbs, tabs
from app.views.templating import language, mark_illustrative, render

router = APIRouter(include_in_schema=False)
Json = Mapping[str, Any]
_TAGS: Final = {
    "added": Tag("done", N_("thêm")),
    "removed": Tag("late", N_("bỏ")),
    "changed": Tag("risk", N_("đổi")),
}
FIELDS: Final = {
    "title": N_("Tên kế hoạch"), "responsible": N_("Người phụ trách"), "year": N_("Năm"), "kind": N_("Loại"),
    "text": N_("Nội dung"), "measure": N_("Đơn vị tính"), "quantity": N_("Phải đạt"), "due_on": N_("Hạn"),
    "work_id": N_("Công trình"), "budget_line_id": N_("Dòng vốn"), "project_code": N_("Dự án"),
    "source": N_("Nguồn vốn"), "capital_kind": N_("Loại vốn"), "amount": N_("Số tiền"), "note": N_("Ghi chú"),
}  # fmt: skip


@router.get("/plans/{plan_id:uuid}/versions")
def show_versions(request: Request, who: Reader, plan_id: uuid.UUID) -> Response:
    """Every version, and what one says otherwise than another."""
    actor, form = who.actor, query_form(request)
    plan, sent = plans.get(actor, plan_id), plans.versions(actor, plan_id)
    mark_illustrative(request, [plan])
    found = None
    if sent:
        found = plans.compare(actor, plan_id, before=whole(form.get("from")), after=whole(form.get("to")))
        form.values |= {"from": str(found.before.number), "to": str(found.after.number or "")}
    names = people.names_of(v.by for v in sent)
    sources = source_names(request, actor)
    return render(
        request, "plans/versions.html", title=plan.title, place="plans", plan=plan, this=href(plan), form=form,
        crumbs=crumbs(plan, request)[:1], tabs=tabs(plan, request), versions=sent, names=names, found=found,
        numbers=[(str(v.number), str(v.number)) for v in sent], changes=_changes(found, sources, request),
    )  # fmt: skip


@router.get("/plans/{plan_id:uuid}/versions/{number:int}")
def show_version(request: Request, who: Reader, plan_id: uuid.UUID, number: int) -> Response:
    """A plan's text as it was sent then."""
    actor, lang = who.actor, language(request)
    plan, found = plans.get(actor, plan_id), plans.version(actor, plan_id, number)
    mark_illustrative(request, [plan])
    sources = source_names(request, actor)
    rows = {
        name: [(_named(row, sources, lang), _said(row, fields, sources, lang)) for row in found.content[name]]
        for name, fields in (("items", OF_TASK), ("funds", OF_FUND))
    }
    return render(
        request, "plans/version.html", title=plan.title, place="plans", plan=plan, this=href(plan),
        crumbs=crumbs(plan, request), found=found, rows=rows,
    )  # fmt: skip


OF_TASK: Final = ("kind", "quantity", "measure", "due_on", "responsible", "work_id", "budget_line_id")
OF_FUND: Final = ("source", "capital_kind", "amount", "budget_line_id", "note")


def _changes(
    found: Comparison | None, sources: Mapping[str, str], request: Request
) -> list[dict[str, object]]:
    """What is said otherwise: each thing by name, with what it was and what it is, field by field."""
    if found is None:
        return []
    lang = language(request)
    head = Change("changed", found.before.content, found.after.content, found.fields)
    rows = [(translate(lang, N_("Thông tin chung")), head)] if found.fields else []
    rows += [(_named(_of(c), sources, lang), c) for c in (*found.items, *found.funds)]
    return [
        {
            "name": name,
            "tag": _TAGS[change.what],
            "fields": [
                (
                    translate(lang, FIELDS[field]),
                    _value(change.before or {}, field, sources, lang),
                    _value(change.after or {}, field, sources, lang),
                )
                for field in change.fields
            ],
            "said": _whole(change, sources, lang),
        }
        for name, change in rows
    ]


def _whole(change: Change, sources: Mapping[str, str], lang: str) -> list[tuple[str, str]]:
    """All that a row says which is in one of the texts only."""
    if change.what == "changed":
        return []
    row = _of(change)
    return _said(row, OF_TASK if "text" in row else OF_FUND, sources, lang)


def _of(change: Change) -> Json:
    return change.after or change.before or {}


def _named(row: Json, sources: Mapping[str, str], lang: str) -> str:
    """A task by its text, a row of money by what it is of."""
    if "text" in row:
        return str(row["text"])
    what = row["project_code"] or row["line_name"] or translate(lang, N_("Không theo dự án"))
    return f"{what} · {sources.get(row['source'], row['source'])}"


def _said(row: Json, fields: tuple[str, ...], sources: Mapping[str, str], lang: str) -> list[tuple[str, str]]:
    """What a row says, without what it leaves open."""
    said = ((translate(lang, FIELDS[field]), _value(row, field, sources, lang)) for field in fields)
    return [(label, value) for label, value in said if value != "–"]


def _value(row: Json, field: str, sources: Mapping[str, str], lang: str) -> str:
    """A value of a version in a reader's words; what it leads to by the name that it had."""
    value = row.get(field)
    if value in (None, ""):
        return "–"
    match field:
        case "work_id":
            return str(row["work_name"] or value)
        case "budget_line_id":
            return str(row["line_name"] or value)
        case "source":
            return sources.get(value, value)
        case "kind":
            return translate(lang, TASK_KINDS[value])
        case "capital_kind":
            return translate(lang, CAPITAL_KINDS[value])
        case "amount":
            return translate(lang, "{value:money}", value=value)
        case "quantity":
            return translate(lang, "{value:number}", value=Decimal(value))
        case "due_on":
            return translate(lang, "{value:date}", value=date.fromisoformat(value))
    return str(value)
