"""The review of a year, hamlet by hamlet: one row a household, last year's status chosen until somebody says otherwise."""

from __future__ import annotations

import uuid
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import households
from app.domain.access import Actor, require
from app.domain.households import STATUSES, HouseholdView, Reviewed, StatusView
from app.domain.households.statuses import Review
from app.errors import Fault, Forbidden, NotFound, Stale
from app.i18n import N_, Message
from app.reports.households import href, named, status_tag
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
    where,
)
from app.views.ledger.common import query_form, take
from app.views.templating import mark_illustrative, redirect_after_post, render

router = APIRouter(include_in_schema=False)
_PLACE: Final = "/households/review"


@router.get("/households/review")
def show(request: Request, who: Reader) -> Response:
    """The hamlet's households of the year that the address names; by default the commune's first hamlet, and the
    year that is decided now."""
    require(who.actor, "household.edit")
    here = where(request, who.actor)
    year = here.year or review_year()
    hamlets = households.hamlets(who.actor, here.unit.exact_code)
    hamlet = query_form(request).get("hamlet").strip()[:40] or (hamlets[0][0] if hamlets else "")
    if not hamlet:
        return _page(request, None, hamlets, year, "", Form())
    found = households.review(who.actor, hamlet, year, purpose="page")
    return _page(request, found, hamlets, year, hamlet, Form(seen=_seen(found), **_chosen(found)))


def _before(household: HouseholdView, year: int) -> StatusView | None:
    """The latest status before a year: where its review starts from."""
    return next((s for s in reversed(household.statuses) if s.year < year), None)


def _chosen(found: Review) -> dict[str, object]:
    """What is chosen at first: this year's status, else the last one before."""
    starts = {h.id: h.status_in(found.year) or _before(h, found.year) for h in found.households}
    return {f"status-{id_}": status.status for id_, status in starts.items() if status}


def _seen(found: Review) -> str:
    """Which households and which versions of this year's statuses the form shows."""
    versions = {h.id: h.status_in(found.year) for h in found.households}
    return " ".join(f"{id_}:{status.version if status else 0}" for id_, status in versions.items())


def _page(
    request: Request,
    found: Review | None,
    hamlets: list[tuple[str, str]],
    year: int,
    hamlet: str,
    form: Form,
    *,
    status: int = 200,
    stale: bool = False,
) -> Response:
    rows = []
    for h in found.households if found else ():
        before, now = _before(h, year), h.status_in(year)
        rows.append(
            {
                "id": h.id, "name": named(h), "href": href(h), "field": f"status-{h.id}", "before": before,
                "tag": status_tag(before.status if before else None), "now": now and status_tag(now.status),
                "newer": stale and now is not None and now.status != form.get(f"status-{h.id}"),
            }
        )  # fmt: skip
    mark_illustrative(request, found.households if found else ())
    return render(
        request, "households/review.html", status=status, title=N_("Rà soát hộ"), place="households", found=found,
        rows=rows, hamlets=hamlets, hamlet=hamlet, year=year, form=form, statuses=status_options(request),
        asked=Form(hamlet=hamlet.partition("@")[0], year=year), stale=stale,
    )  # fmt: skip


@router.post("/households/review")
def save(request: Request, who: Reader, form: Typed) -> Response:
    """Stores the hamlet's statuses, all or none; when somebody has decided otherwise since, both are shown."""
    actor = who.actor
    require(actor, "household.edit")
    hamlet = form.get("hamlet").strip()[:40]
    year = form.whole("year", least=FIRST_YEAR, most=LAST_YEAR)
    words, decision = _words(form), decision_of(form)
    status, stale = 422, False
    if form.ok and year is not None:
        try:
            changed = households.save_review(actor, hamlet, year, words, decision)
            said = Message(N_("Đã ghi diện năm {year}: {n:number} hộ"), {"year": year, "n": changed})
            return redirect_after_post(request, f"{_PLACE}?hamlet={hamlet}&year={year}", flash=said)
        except (Forbidden, NotFound):
            raise
        except Stale as fault:
            form.general.append(Message(fault.message))
            status, stale = 409, True
        except Fault as fault:
            status = take(form, fault, NAMES, DECISION)
    return _again(request, actor, form, hamlet, year or review_year(), status, stale=stale)


def _again(
    request: Request, actor: Actor, form: Form, hamlet: str, year: int, status: int, *, stale: bool
) -> Response:
    """The form as it was typed over what stands now; sent again it replaces that knowingly."""
    found = households.review(actor, hamlet, year, purpose="page")
    if stale:
        form.values["seen"] = _seen(found)
    hamlets = households.hamlets(actor, where(request, actor).unit.exact_code)
    return _page(request, found, hamlets, year, hamlet, form, status=status, stale=stale)


def _words(form: Form) -> dict[uuid.UUID, Reviewed]:
    """The statuses that were chosen; a household without a choice is left as it is."""
    words = {}
    for part in form.get("seen").split():
        text, _, version = part.partition(":")
        try:
            id_, seen = uuid.UUID(text), int(version)
        except ValueError:
            continue
        if form.get(f"status-{id_}"):
            chosen = form.choice(f"status-{id_}", STATUSES)
            words[id_] = Reviewed(chosen or "", seen)
    return words
