"""Mending what is said of an inspection, and concluding it."""

from __future__ import annotations

import uuid
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import inspections
from app.domain.access import require
from app.domain.inspections import Conclusion, InspectionView, NewPerson
from app.domain.ledger.entries import Document
from app.domain.ledger.lines import FIRST_YEAR, LAST_YEAR
from app.errors import Fault, Stale
from app.i18n import N_, translate
from app.reports.inspections import href
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.inspections.common import crumbs, people_text, read_people
from app.views.ledger.common import take
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import noted, refused

router = APIRouter(include_in_schema=False)
_LABELS: Final = {
    "title": N_("Tên cuộc kiểm tra"),
    "year": N_("Kế hoạch năm"),
    "date": N_("Ngày kiểm tra"),
    "team_name": N_("Đoàn kiểm tra"),
    "number": N_("Quyết định thành lập đoàn: số"),
    "decided_on": N_("Ngày quyết định"),
    "issuer": N_("Nơi ban hành"),
    "lead": N_("Trưởng đoàn"),
    "lead_title": N_("Chức vụ trưởng đoàn"),
    "team": N_("Thành viên đoàn"),
    "unit_people": N_("Bên được kiểm tra"),
    "checked": N_("Nội dung, hồ sơ, hiện trường kiểm tra"),
    "summary": N_("Nhận xét chung"),
    "conclusion": N_("Kết luận"),
    "conclusion_number": N_("Số thông báo kết luận"),
    "concluded_on": N_("Ngày kết luận"),
}
FIELDS: Final = tuple(_LABELS)
_NAMES: Final = {
    "decision.number": "number", "decision.date": "decided_on", "decision.issuer": "issuer", "lead.person": "lead",
    "lead.title": "lead_title",
}  # fmt: skip


@router.get("/inspections/{inspection_id:uuid}/edit")
def edit_inspection(request: Request, who: Reader, inspection_id: uuid.UUID) -> Response:
    """The form of an inspection as it stands."""
    require(who.actor, "inspection.edit")
    found = inspections.whole(who.actor, inspection_id, evidence=False)
    return _page(request, _filled(found, language(request)), found)


def _filled(found: InspectionView, lang: str) -> Form:
    decision, lead = found.decision, found.lead
    return Form(
        version=found.version, title=found.title, year=str(found.year), date=found.day, team_name=found.team_name,
        number=decision.number if decision else "", decided_on=decision.date if decision else None,
        issuer=decision.issuer if decision else "", lead=lead.person if lead else "",
        lead_title=lead.title if lead else "", team=people_text(found.team, lang),
        unit_people=people_text(found.unit_people, lang), checked=found.checked, summary=found.summary,
        conclusion=found.conclusion, conclusion_number=found.conclusion_number, concluded_on=found.concluded_on,
    )  # fmt: skip


@router.post("/inspections/{inspection_id:uuid}/edit")
def change_inspection(request: Request, who: Reader, form: Typed, inspection_id: uuid.UUID) -> Response:
    """Saves; when somebody changed it since, both versions are shown and nothing typed is lost."""
    actor = who.actor
    require(actor, "inspection.edit")
    standing = inspections.whole(actor, inspection_id, evidence=False)
    version, changes = form.whole("version"), _changes(form, standing)
    current, status = None, 422
    if form.ok and version is not None:
        try:
            inspections.update(actor, inspection_id, version, changes)
            return redirect_after_post(request, href(standing), flash=N_("Đã sửa cuộc kiểm tra"))
        except Stale as fault:
            look = noted(form, fault, lambda: inspections.whole(actor, inspection_id, evidence=False))
            current, status = look, 409
        except Fault as fault:
            names = _NAMES | {e.field: e.field.partition(".")[0] for e in fault.errors if "." in e.field and e.field not in _NAMES}  # fmt: skip
            status = take(form, fault, names, FIELDS)
            status = 422 if status == 404 else status
    return _page(request, form, standing, current=current, status=status)


def _changes(form: Form, standing: InspectionView) -> dict[str, Any]:
    """What the form says, under the names of the domain."""
    lead, title = (
        form.text("lead", required=False, longest=120),
        form.text("lead_title", required=False, longest=200),
    )
    changes: dict[str, Any] = {
        "title": form.text("title", longest=300) or "",
        "year": form.whole("year", least=FIRST_YEAR, most=LAST_YEAR),
        "date": form.day("date", required=standing.state != "planned"),
        "team_name": form.text("team_name", required=False, longest=200) or "",
        "decision": _decision(form),
        "lead": NewPerson(lead, title or "") if lead else None,
        "team": read_people(form, "team", roles=True),
        "unit_people": read_people(form, "unit_people", roles=False),
        "checked": form.text("checked", required=False, longest=4000) or "",
        "summary": form.text("summary", required=False, longest=8000) or "",
    }
    if standing.state == "concluded":
        changes |= {
            "conclusion": form.text("conclusion", longest=8000) or "",
            "conclusion_number": form.text("conclusion_number", required=False, longest=120) or "",
            "concluded_on": form.day("concluded_on"),
        }
    return changes


def _decision(form: Form) -> Document | None:
    """The decision that set the team up; none where nothing of it was typed."""
    if not any(form.get(name).strip() for name in ("number", "decided_on", "issuer")):
        return None
    number, issuer, on = (
        form.text("number", longest=120),
        form.text("issuer", longest=200),
        form.day("decided_on"),
    )
    return Document(number, on, issuer) if number and issuer and on else None


def _page(
    request: Request,
    form: Form,
    found: InspectionView,
    *,
    current: InspectionView | None = None,
    status: int = 200,
) -> Response:
    mark_illustrative(request, [found])
    return render(
        request, "inspections/edit.html", status=status, title=N_("Sửa cuộc kiểm tra"), place="inspections",
        form=form, i=found, this=href(found), crumbs=crumbs(found, request),
        newer=_newer(form, current, language(request)) if current else None,
    )  # fmt: skip


def _newer(form: Form, current: InspectionView, lang: str) -> list[tuple[str, str]]:
    """What stands in the book now where other things were typed."""
    now = _filled(current, lang)
    return [
        (translate(lang, label), now.get(name))
        for name, label in _LABELS.items()
        if now.get(name).split() != form.get(name).split()
    ]


@router.get("/inspections/{inspection_id:uuid}/conclude")
def new_conclusion(request: Request, who: Reader, inspection_id: uuid.UUID) -> Response:
    """The form of the conclusion."""
    require(who.actor, "inspection.edit")
    found = inspections.whole(who.actor, inspection_id, evidence=False)
    return _concluding(request, Form(on=today()), found)


@router.post("/inspections/{inspection_id:uuid}/conclude")
def conclude(request: Request, who: Reader, form: Typed, inspection_id: uuid.UUID) -> Response:
    """Concludes it; on to its demands."""
    actor = who.actor
    require(actor, "inspection.edit")
    found = inspections.whole(actor, inspection_id, evidence=False)
    text, on = form.text("text", longest=8000), form.day("on")
    number, status = form.text("number", required=False, longest=120) or "", 422
    if form.ok and text is not None:
        try:
            inspections.conclude(actor, inspection_id, Conclusion(text, number, on))
            flash = N_("Đã kết luận. Giao từng yêu cầu của kết luận thành nhiệm vụ.")
            return redirect_after_post(request, href(found), flash=flash)
        except Fault as fault:
            status = refused(form, fault, ("text", "number", "on"))
    return _concluding(request, form, found, status=status)


def _concluding(request: Request, form: Form, found: InspectionView, *, status: int = 200) -> Response:
    mark_illustrative(request, [found])
    return render(
        request, "inspections/conclude.html", status=status, title=N_("Kết luận kiểm tra"), place="inspections",
        form=form, i=found, this=href(found), crumbs=crumbs(found, request),
    )  # fmt: skip
