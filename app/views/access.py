"""Who is reading: the session behind a page, and the forms that it posts.

A page and a form, whole:

    router = APIRouter(include_in_schema=False)

    @router.get("/works/{work_id}")
    def show(request: Request, who: Reader, work_id: uuid.UUID) -> Response:
        work = works.get(who.actor, work_id)
        return render(request, "works/show.html", title=work.name, place="works", work=work)

    @router.post("/works/{work_id}/note")
    def note(request: Request, who: Reader, form: Typed, work_id: uuid.UUID) -> Response:
        text = form.text("note")
        if text is not None:
            try:
                works.add_note(who.actor, work_id, text)
                return redirect_after_post(request, f"/works/{work_id}", flash=N_("Đã ghi"))
            except Fault as fault:
                form.take(fault)
        return render(request, "works/note.html", status=422, title=…, form=form)

`Reader` sends whoever has no session to the log-in page and back again, puts `actor`, `csrf` and `lang` into
`request.state` for the templates, and on every method but GET and HEAD reads the form and refuses it without the
session's CSRF token: a handler cannot forget that. `Typed` is the form as it was posted. Handlers are plain `def`:
they run in threads. Permission and scope are the domain's to check; `who.actor.may("ledger.post")` decides only
what a page offers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Final
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.domain.identity.login import LoggedIn, authenticate_session
from app.errors import Unauthenticated
from app.views.forms import Form
from app.views.templating import is_htmx, is_local, language
from app.web import cookies, csrf

LOGIN: Final = "/login"
_READING: Final = frozenset({"GET", "HEAD"})
_FIELDS: Final = 5000  # of one form: that of a support model holds 500 households, inputs and lines
_FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class LoginNeeded(Unauthenticated):
    """No session stands behind this page: `app.views.errors` answers with the way to the log-in page."""


async def signed_in(request: Request) -> AsyncIterator[LoggedIn]:
    """Who reads this page. Raises LoginNeeded without a session, Forbidden for a form that is not ours."""
    try:
        yield await _signed_in(request)
    finally:
        await request.close()  # files that came with a form


async def _signed_in(request: Request) -> LoggedIn:
    token = cookies.read(request, cookies.SESSION)
    who = await run_in_threadpool(authenticate_session, token) if token else None
    if who is None:
        raise LoginNeeded
    request.state.actor = who.actor
    request.state.unread = who.unread
    request.state.csrf = csrf.token(who.csrf)
    request.state.lang = language(request)
    if request.method not in _READING:
        csrf.check(request, who.csrf, await _token_in_form(request))
    return who


async def _token_in_form(request: Request) -> str | None:
    """The form's own token; what is no form (a piece of a file) carries its token in the header instead."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _FORMS:
        return None
    sent = (await request.form(max_fields=_FIELDS)).get(csrf.FIELD)
    return sent if isinstance(sent, str) else None


Reader = Annotated[LoggedIn, Depends(signed_in)]


async def typed(request: Request, _who: Reader) -> Form:
    """The form that was posted."""
    return Form(dict(await request.form(max_fields=_FIELDS)))


Typed = Annotated[Form, Depends(typed)]


def to_login(request: Request) -> Response:
    """On to the log-in page, which leads back here (or, after a post, to the page that posted)."""
    url = f"{LOGIN}?{urlencode({'next': _way_back(request)})}"
    if is_htmx(request):
        return Response(status_code=204, headers={"HX-Redirect": quote(url, safe=":/%#?=@[]!$&'()*+,;")})
    return RedirectResponse(url, status_code=303)


def _way_back(request: Request) -> str:
    if request.method in _READING and not is_htmx(request):
        return _local(str(request.url))
    return _local(request.headers.get("hx-current-url") or request.headers.get("referer") or "/")


def _local(url: str) -> str:
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return path if is_local(path) else "/"
