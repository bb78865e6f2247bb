"""One household: its years, its people, what happened to it; its numbers by asking; its own data to give to it."""

from __future__ import annotations

import uuid
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import utcnow
from app.domain import households
from app.domain.access import Actor, require
from app.domain.households import STATUSES, NewStatus
from app.domain.households.register import Numbers
from app.domain.identity import people
from app.domain.support import received
from app.errors import Fault, Forbidden
from app.i18n import N_, Message
from app.reports.households import gone_tag, history, named, status_tag, years
from app.reports.personal import PURPOSES
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.households.common import (
    DECISION,
    FIRST_YEAR,
    LAST_YEAR,
    NAMES,
    decision_of,
    review_year,
    status_options,
)
from app.views.ledger.common import take
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import gone_back

router = APIRouter(include_in_schema=False)
FIELDS: Final = ("year", "status", *DECISION)


@router.get("/households/{household_id:uuid}")
def show(request: Request, who: Reader, household_id: uuid.UUID) -> Response:
    """A household; whoever sees its names is put on record. Its numbers stay sealed."""
    return _show(request, who.actor, household_id)


def _show(
    request: Request,
    actor: Actor,
    household_id: uuid.UUID,
    *,
    form: Form | None = None,
    numbers: Numbers | None = None,
    status: int = 200,
) -> Response:
    whole, lang = households.whole(actor, household_id, purpose="page"), language(request)
    h = whole.household
    mark_illustrative(request, [h])
    last = h.statuses[-1] if h.statuses else None
    return render(
        request, "households/show.html", status=status, title=named(h), place="households", h=h,
        this=f"/households/{h.id}", whole=whole, numbers=numbers, years_=years(h, lang), gone=gone_tag(h),
        now=status_tag(last.status if last else None), now_year=last.year if last else None,
        timeline=history(whole.events, lang), form=form or Form(year=review_year()),
        statuses=status_options(request), gifts=received.of_household(actor, h.id), sees=actor.sees_people,
        may_edit=actor.may("household.edit") and h.merged_into_id is None,
    )  # fmt: skip


@router.post("/households/{household_id:uuid}/numbers")
def show_numbers(request: Request, who: Reader, household_id: uuid.UUID) -> Response:
    """The page with what was sealed, for who sees persons; this view has a purpose of its own on record."""
    return _show(request, who.actor, household_id, numbers=households.numbers(who.actor, household_id))


@router.post("/households/{household_id:uuid}/status")
def set_status(request: Request, who: Reader, form: Typed, household_id: uuid.UUID) -> Response:
    """Lets the household count as something in a year."""
    require(who.actor, "household.edit")
    year = form.whole("year", least=FIRST_YEAR, most=LAST_YEAR)
    chosen, decision = form.choice("status", STATUSES), decision_of(form)
    status = 422
    if form.ok and year is not None and chosen is not None:
        try:
            households.set_status(who.actor, household_id, NewStatus(year, chosen, decision))
            return redirect_after_post(
                request,
                f"/households/{household_id}",
                flash=Message(N_("Đã ghi diện năm {year}"), {"year": year}),
            )
        except Forbidden:
            raise
        except Fault as fault:
            if fault.status == 404:
                raise
            status = take(form, fault, NAMES, FIELDS)
    return _show(request, who.actor, household_id, form=form, status=status)


@router.post("/households/{household_id:uuid}/merge")
def merge(request: Request, who: Reader, form: Typed, household_id: uuid.UUID) -> Response:
    """Merges the household into the one that is kept, and opens that."""
    require(who.actor, "household.edit")
    into = form.id("into")
    here = f"/households/{household_id}"
    if into is None:
        return redirect_after_post(request, here, flash=N_("Chọn một hộ khác để gộp vào."), kind="late")
    return gone_back(
        request, lambda: f"/households/{households.merge(who.actor, household_id, into).id}", here,
        N_("Đã gộp hai hộ"),
    )  # fmt: skip


@router.get("/households/{household_id:uuid}/own-data")
def own_data(request: Request, who: Reader, household_id: uuid.UUID) -> Response:
    """Everything that is kept about the household, to print and give to it; on record as its own request."""
    data, lang = households.own_data(who.actor, household_id), language(request)
    h = data.household
    mark_illustrative(request, [h])
    return render(
        request, "households/own_data.html", title=N_("Dữ liệu đang giữ về hộ"), place="households", h=h, d=data,
        this=f"/households/{h.id}", years_=years(h, lang), timeline=history(data.events, lang),
        purposes=PURPOSES, at=utcnow(), names=people.names_of(s.actor for s in data.shown),
    )  # fmt: skip
