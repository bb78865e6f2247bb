"""Today's work of the person who has logged in."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain.today import Today, work_of
from app.i18n import N_, Message
from app.reports.obstacles import short_items
from app.views import duties
from app.views.access import Reader
from app.views.templating import language, render

router = APIRouter(include_in_schema=False)


@router.get("/")
def show(request: Request, who: Reader) -> Response:
    """What waits for this person in order of consequence, and the lists that it comes from; quick ways to record."""
    found, lang = work_of(who.actor), language(request)
    request.state.demo = found.illustrative
    own_unit = who.actor.unit_name
    return render(
        request, "today/show.html", place="today", found=found, may=who.actor.may, day=today(),
        duties=[duties.row(d, lang, own_unit) for d in found.duties], lists=_lists(found),
        own=[duties.slip_row(s, lang) for s in (*found.waiting, *found.went)],
        obstacles=short_items(found.obstacles, lang),
    )  # fmt: skip


def _lists(found: Today) -> list[tuple[Message, int, str, int | None]]:
    """(what, how many, where the whole list is, đồng) of each kind of thing that waits."""
    lists = (
        (N_("Dòng vốn có nguy cơ mất"), "lines", f"/ledger?rest=1&year={found.lost.year}", found.lost.amount),
        (N_("Phiếu"), "slips", "/ledger/proposals", found.to_check.amount or None),
        (N_("Nhiệm vụ được giao"), "directives", "/directives?which=standing", None),
        (N_("Kế hoạch"), "plan", "/plans", None),
        (N_("Mô hình hỗ trợ"), "support_model", "/support", None),
        (N_("Vướng mắc chờ trả lời"), "obstacles", "/obstacles?waiting=mine", None),
        (N_("Giám sát cộng đồng"), "observations", "/observations", None),
        (N_("Họp"), "meetings", "/meetings", None),
        (N_("Các cuộc kiểm tra"), "inspections", "/inspections", None),
        (N_("Quyết toán chờ phê duyệt"), "settlement", "/works?question=unsettled", None),
        (N_("Đánh giá chờ thẩm tra"), "assessments", "/assessments?verdict=none", None),
        (N_("Việc của kế hoạch đến hạn"), "plan_task", "/plans", None),
        (N_("Việc của chỉ tiêu đến hạn"), "target_task", "/targets", None),
        (N_("Bước thủ tục đến hạn"), "step", "/works?question=behind", None),
        (N_("Nhiệm vụ đã giao quá hạn"), "gave", "/directives?overdue=true", None),
        (N_("Công trình chậm"), "works", "/works", None),
    )
    return [
        (Message(text), found.numbers[key], href, amount)
        for text, key, href, amount in lists
        if found.numbers[key]
    ]
