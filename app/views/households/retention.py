"""Numbers of households that left: the rule, whose are past it, and erasing those that were chosen."""

from __future__ import annotations

import uuid

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import households
from app.domain.access import Actor, require
from app.errors import RuleBroken
from app.i18n import N_, Message
from app.reports.households import href, named
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.households.common import where
from app.views.templating import mark_illustrative, redirect_after_post, render

router = APIRouter(include_in_schema=False)
_PLACE = "/households/retention"


@router.get("/households/retention")
def show(request: Request, who: Reader) -> Response:
    """Whose numbers are kept past the rule; without a rule only how many are kept."""
    require(who.actor, "household.edit")
    return _page(request, who.actor, Form())


def _page(request: Request, actor: Actor, form: Form, *, status: int = 200) -> Response:
    here = where(request, actor)
    found = households.retention(actor, here.unit.exact_code, purpose="page")
    mark_illustrative(request, found.due)
    rows = [(f"erase-{h.id}", named(h), href(h), h.left_on) for h in found.due]
    return render(
        request, "households/retention.html", status=status, title=N_("Lưu số giấy tờ, điện thoại"),
        place="households", at=here, found=found, rows=rows, form=form,
    )  # fmt: skip


@router.post("/households/retention")
def erase(request: Request, who: Reader, form: Typed) -> Response:
    """Erases the numbers of the households that were ticked, for good."""
    require(who.actor, "household.edit")
    chosen = [
        uuid.UUID(name.removeprefix("erase-"))
        for name in form.values
        if name.startswith("erase-") and form.flag(name) and len(name) == len("erase-") + 36
    ]
    unit = form.get("unit").strip()
    if not chosen:
        form.general.append(Message(N_("Chưa chọn hộ nào.")))
        return _page(request, who.actor, form, status=422)
    try:
        n = households.erase(who.actor, unit, chosen)
    except RuleBroken as fault:
        form.take(fault)
        return _page(request, who.actor, form, status=409)
    said = Message(N_("Đã xóa số giấy tờ, điện thoại của {n:number} hộ"), {"n": n})
    return redirect_after_post(request, f"{_PLACE}?unit={unit}", flash=said)
