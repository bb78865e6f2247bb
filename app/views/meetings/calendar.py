"""The calendar of a person: secret addresses that their phone reads, made, told once, revoked; and what they give."""

from __future__ import annotations

import hashlib
import uuid
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.domain.access import Actor
from app.domain.meetings import feeds
from app.errors import Fault, NotFound
from app.i18n import N_, translate
from app.reports import calendar
from app.settings import settings
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.templating import redirect_after_post, render
from app.web.throttle import address_key, secrets

router = APIRouter(include_in_schema=False)
_SUFFIX: Final = ".ics"


def _base() -> str:
    return settings().public_url.rstrip("/")


@router.get("/calendar")
def show_calendar(request: Request, who: Reader) -> Response:
    """The reader's own addresses, by name and last use: what they are is told once alone."""
    return _page(request, who.actor, Form(name=""))


def _page(request: Request, actor: Actor, form: Form, *, status: int = 200) -> Response:
    return render(
        request, "meetings/calendar.html", status=status, title=N_("Lịch của tôi"), place="account", form=form,
        feeds=feeds.mine(actor), most=feeds.MOST, address=None,
    )  # fmt: skip


@router.post("/calendar")
def make_feed(request: Request, who: Reader, form: Typed) -> Response:
    """A new address, shown on the page that answers and never again."""
    name = form.text("name", required=False, longest=feeds.NAME_LONGEST) or ""
    if form.ok:
        try:
            _, token = feeds.make(who.actor, name)
            return render(
                request, "meetings/calendar.html", status=201, title=N_("Lịch của tôi"), place="account",
                form=Form(name=""), feeds=feeds.mine(who.actor), most=feeds.MOST,
                address=f"{_base()}/calendar/{token}{_SUFFIX}",
            )  # fmt: skip
        except Fault as fault:
            form.take(fault)
    return _page(request, who.actor, form, status=422)


@router.post("/calendar/{feed_id:uuid}/revoke")
def revoke_feed(request: Request, who: Reader, feed_id: uuid.UUID) -> Response:
    """Ends an address at once."""
    feeds.revoke(who.actor, feed_id)
    return redirect_after_post(request, "/calendar", flash=N_("Đã thu hồi địa chỉ lịch."))


# Last, and for every path below, so that no secret goes to the log as an address that nobody knows.
@router.get("/calendar/{secret:path}")
def read_feed(request: Request, secret: str) -> Response:
    """The calendar behind a secret, without logging in; 404 for an unknown one, 410 for one that was revoked. Wrong ones
    are counted by address, as log-ins are."""
    counted, who = secrets(request), address_key(request.scope)
    counted.attempt(who)
    try:
        found = feeds.read(secret.removesuffix(_SUFFIX))
    except NotFound as fault:
        both = "\n".join(translate(lang, fault.message, **fault.facts) for lang in ("vi", "en"))
        return PlainTextResponse(f"{both}\n", fault.status)
    counted.take_back(who)
    content = calendar.write(found, _base())
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": etag, "content-disposition": 'inline; filename="so-mtqg.ics"'}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=calendar.MEDIA_TYPE, headers=headers)
