"""A work's progress: how it stands against its plan, its reports with their photos, its milestones."""

from __future__ import annotations

import uuid
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import works
from app.domain.access import require
from app.domain.identity import people
from app.domain.works import WorkView, pace, progress, progress_editing
from app.domain.works.pace import Course
from app.domain.works.progress import MilestoneView
from app.errors import Fault
from app.i18n import N_
from app.reports.progress import curve_of, curve_table, held_words, reports_table, said
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import pager, take, window
from app.views.templating import language, mark_illustrative, redirect_after_post, render, table_answer

router = APIRouter(include_in_schema=False)
ON_A_PAGE: Final = 30
SPARE_ROWS: Final = 4  # empty milestones that the form offers


def standing(work: WorkView, course: Course, lang: str) -> dict[str, Any]:
    """What every page that shows a work's progress says: the sentence, the picture with its table, what holds it."""
    return {
        "pace": course.pace,
        "said": said(work, course.pace, lang),
        "held": held_words(course.pace, lang),
        "curve": curve_of(work, course, lang),
        "curve_table": curve_table(work, course),
        "milestones": course.milestones,
    }


@router.get("/works/{work_id:uuid}/progress")
def show(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """The sentence, the S-curve, the reports newest first with their photos; the reports as Excel and CSV."""
    actor, work = who.actor, works.head(who.actor, work_id)
    offset, limit = window(request, ON_A_PAGE)
    reports = progress.reports(actor, work_id, newest_first=True, offset=offset, limit=limit)
    mark_illustrative(request, [work, *reports])
    names = people.names_of(r.created_by for r in reports)
    return table_answer(
        request, reports_table(work, reports, names), "works/progress.html", title=N_("Tiến độ"), place="works",
        work=work, reports=reports, people=names, may=actor.may,
        pager=pager(request, progress.count(actor, work_id), ON_A_PAGE), **standing(work, pace.course(actor, work, today()), language(request)),
    )  # fmt: skip


@router.get("/works/{work_id:uuid}/progress/milestones")
def ask_milestones(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """The milestones as they stand, with rows for more."""
    require(who.actor, "work.edit")
    work = works.head(who.actor, work_id)
    form = Form()
    for i, mark in enumerate(progress.milestones(who.actor, work_id)):
        form.values |= Form(**{f"day_{i}": mark.planned_on, f"percent_{i}": mark.percent}).values
    return _milestones_form(request, work, form)


def _rows(form: Form) -> int:
    """How many rows of the form hold something."""
    held = [
        int(name.rpartition("_")[2]) + 1 for name, value in form.values.items() if _is_row(name) and value
    ]
    return max(held, default=0)


def _is_row(name: str) -> bool:
    kind, _, number = name.rpartition("_")
    return (
        kind in ("day", "percent") and number.isdecimal() and int(number) < progress_editing.MOST_MILESTONES
    )


def _milestones_form(request: Request, work: WorkView, form: Form, *, status: int = 200) -> Response:
    mark_illustrative(request, [work])
    rows = min(_rows(form) + SPARE_ROWS, progress_editing.MOST_MILESTONES)
    return render(
        request, "works/milestones.html", status=status, title=N_("Mốc kế hoạch"), place="works", work=work,
        form=form, rows=rows,
    )  # fmt: skip


@router.post("/works/{work_id:uuid}/progress/milestones")
def set_milestones(request: Request, who: Reader, form: Typed, work_id: uuid.UUID) -> Response:
    """Saves the whole list; a row left empty is none."""
    require(who.actor, "work.edit")
    work = works.head(who.actor, work_id)
    wanted, status = _wanted(form), 422
    names: dict[str, str] = {}
    for i, (row, _) in enumerate(wanted):
        names |= {f"milestones.{i}.planned_on": f"day_{row}", f"milestones.{i}.percent": f"percent_{row}"}
    if form.ok:
        try:
            progress_editing.set_milestones(who.actor, work_id, [mark for _, mark in wanted])
            return redirect_after_post(request, f"/works/{work_id}/progress", flash=N_("Đã ghi mốc kế hoạch"))
        except Fault as fault:
            status = take(form, fault, names, tuple(names.values()))
    return _milestones_form(request, work, form, status=status)


def _wanted(form: Form) -> list[tuple[int, MilestoneView]]:
    """(row, milestone) of each row that says something."""
    found = []
    for row in range(_rows(form)):
        if not (form.get(f"day_{row}").strip() or form.get(f"percent_{row}").strip()):
            continue
        day, percent = form.day(f"day_{row}"), form.whole(f"percent_{row}", most=100)
        if day is not None and percent is not None:
            found.append((row, MilestoneView(day, percent)))
    return found
