"""A work's site clearance: what is still missing, its plan, the households, handing over in one tap."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import works
from app.domain.access import Actor, require
from app.domain.works import WorkView, clearance, clearance_editing, clearance_households, steps
from app.domain.works.areas import square_metres
from app.domain.works.clearance import ClearanceView
from app.domain.works.clearance_households import AT_RISK, STATES, WAITING, HouseholdFilter, HouseholdView
from app.errors import Fault, Stale
from app.i18n import N_
from app.money import format_number
from app.reports.clearance import HOUSEHOLD_STATES, clearance_bar, file_table, households_table
from app.reports.steps import timeline
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import named, pager, query_form, take, window
from app.views.templating import language, mark_illustrative, redirect_after_post, table_answer
from app.views.works.common import noted
from app.views.works.steps import kind_names

router = APIRouter(include_in_schema=False)
TAPS = 20  # households shown with a button each


def _asked(request: Request) -> HouseholdFilter:
    asked = {k: v.strip() for k, v in request.query_params.items() if v.strip()}
    return HouseholdFilter(
        q=asked.get("q", "")[:100] or None,
        state=asked["state"] if asked.get("state") in STATES else None,
        hamlet_code=asked.get("hamlet", "")[:40] or None,
    )


@router.get("/works/{work_id:uuid}/clearance")
def show(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """Totals in a sentence, then who has not handed over, then every household; page, Excel and CSV."""
    work = works.head(who.actor, work_id)
    return _show(request, who.actor, work)


def _show(
    request: Request,
    actor: Actor,
    work: WorkView,
    plan_form: Form | None = None,
    *,
    status: int = 200,
    stale: bool = False,
) -> Response:
    """The page, with the form of the plan as it stands or as it was refused."""
    wanted, (offset, limit) = _asked(request), window(request)
    as_file = request.query_params.get("format") in ("xlsx", "csv")
    shown = clearance_households.page(
        actor, work.id, wanted, purpose="export" if as_file else "page", offset=offset, limit=limit
    )
    found, rows, together = shown.clearance, shown.households, shown.together
    mark_illustrative(request, [work, *rows])
    filters = _named(wanted, dict(shown.hamlets))
    build = file_table if as_file else households_table
    first = not filters and offset == 0 and not as_file
    return table_answer(
        request, build(work, rows, together, filters=filters), "works/clearance.html", status=status,
        title=N_("Giải phóng mặt bằng"), place="works", work=work, c=found, f=found.figures,
        bar=clearance_bar(found.figures),
        area=format_number(square_metres(found.figures.area_dm2), language(request)),
        waiting=_of_state(actor, found, WAITING, rows) if first else [],
        at_risk=_of_state(actor, found, AT_RISK, rows) if first else [], taps=TAPS,
        form=query_form(request), plan_form=plan_form or _plan_form(found), stale=stale, states=named(request, HOUSEHOLD_STATES),
        hamlets=shown.hamlets, pager=pager(request, together.count), filtered=bool(filters),
        may_edit=actor.may("clearance.edit"), may_record=actor.may("ledger.propose"),
        **({} if as_file else _steps(request, actor, work.id)),
    )  # fmt: skip


def _plan_form(found: ClearanceView) -> Form:
    return Form(version=found.version, plan_amount=found.figures.plan_amount, note=found.note)


def _named(wanted: HouseholdFilter, hamlets: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was asked for, in words."""
    return [
        *([(N_("Tình trạng"), HOUSEHOLD_STATES[wanted.state])] if wanted.state else []),
        *([(N_("Thôn"), hamlets.get(wanted.hamlet_code, ""))] if wanted.hamlet_code else []),
        *([(N_("Tìm"), wanted.q)] if wanted.q else []),
    ]


def _of_state(
    actor: Actor, found: ClearanceView, state: str, rows: Sequence[HouseholdView]
) -> list[HouseholdView]:
    """The work's households of a state, one more than are shown at most; `rows` are those of its first page."""
    if len(rows) < found.figures.households:
        return clearance_households.households(
            actor, found.work_id, HouseholdFilter(state=state), purpose="page", by_code=True, limit=TAPS + 1,
            shown=TAPS,
        )  # fmt: skip
    return [h for h in rows if (h.at_risk if state == AT_RISK else h.handed_over_on is None)]


def _steps(request: Request, actor: Actor, work_id: uuid.UUID) -> dict[str, Any]:
    """The steps of the clearance, and the version of the template that they were copied from."""
    of_track = [s for s in steps.steps(actor, work_id) if s.track == steps.CLEARANCE]
    names = kind_names(actor) if of_track else {}
    return {
        "timeline": timeline(of_track, today(), names, language(request)),
        "procedure": of_track[0].procedure if of_track else None,
    }


@router.post("/works/{work_id:uuid}/clearance/begin")
def begin(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
    """Begins the clearance with its steps."""
    clearance.begin(who.actor, work_id)
    return redirect_after_post(
        request, f"/works/{work_id}/clearance", flash=N_("Đã bắt đầu giải phóng mặt bằng")
    )


@router.post("/works/{work_id:uuid}/clearance")
def set_plan(request: Request, who: Reader, form: Typed, work_id: uuid.UUID) -> Response:
    """Sets the compensation plan that bounds what households are due."""
    require(who.actor, "clearance.edit")
    work = works.head(who.actor, work_id)
    version = form.whole("version")
    amount = form.amount("plan_amount", required=False, positive=False)
    note = form.text("note", required=False, longest=1000) or ""
    status, stale = 422, False
    if form.ok and version is not None:
        try:
            clearance.update(who.actor, work_id, version, {"plan_amount": amount, "note": note})
            return redirect_after_post(
                request, f"/works/{work_id}/clearance", flash=N_("Đã ghi phương án bồi thường")
            )
        except Stale as fault:
            noted(form, fault, lambda: clearance.get(who.actor, work_id))
            status, stale = 409, True
        except Fault as fault:
            status = take(form, fault, {"compensation_due": "plan_amount"}, ("plan_amount", "note"))
    return _show(request, who.actor, work, form, status=status, stale=stale)


@router.post("/works/{work_id:uuid}/clearance/households/{household_id:uuid}/hand-over")
def hand_over(
    request: Request, who: Reader, form: Typed, work_id: uuid.UUID, household_id: uuid.UUID
) -> Response:
    """Marks the household's land as handed over today."""
    clearance_editing.hand_over(who.actor, work_id, household_id)
    one = f"/works/{work_id}/clearance/households/{household_id}"
    back = one if form.get("next") == "household" else f"/works/{work_id}/clearance"
    return redirect_after_post(request, back, flash=N_("Đã ghi bàn giao mặt bằng hôm nay"))
