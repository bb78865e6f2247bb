"""What every page leans on: the language switch, the page of all places, amounts said in words."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from app import i18n, money
from app.errors import NotFound
from app.i18n import N_
from app.settings import settings
from app.views import nav
from app.views.access import Reader
from app.views.forms import AMOUNT_REASONS
from app.views.templating import is_local, language, render

router = APIRouter(include_in_schema=False)
_YEAR = 365 * 24 * 3600


@router.get("/language/{lang}")
def choose_language(lang: str, next: str = "/") -> Response:
    """Remembers the language on this device and goes back to the page."""
    if lang not in i18n.LANGUAGES:
        raise NotFound
    answer = RedirectResponse(next if is_local(next) else "/", 303)
    answer.set_cookie(
        i18n.COOKIE,
        lang,
        max_age=_YEAR,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings().secure_cookies,
    )
    return answer


@router.get("/more")
def more(request: Request, _who: Reader) -> Response:
    """Every place of the product with what is found there; the fifth place of a phone's bar."""
    return render(
        request,
        "more.html",
        title=i18n.translate(language(request), N_("Mọi mục")),
        place="more",
        places=(*nav.PLACES, *nav.ELSEWHERE),
    )


@router.get("/parts/words")
def words(request: Request) -> Response:
    """The amount typed in whichever field asks, in words, or why it is none."""
    typed = next(iter(request.query_params.values()), "")
    lang = language(request)
    try:
        said = money.words(money.parse_dong(typed), lang)
    except money.BadAmount as bad:
        said = "" if bad.reason == "empty" else i18n.translate(lang, AMOUNT_REASONS[bad.reason])
    return PlainTextResponse(said)
