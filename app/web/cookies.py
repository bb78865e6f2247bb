"""The cookies we set: the session, and before there is one, the log-in form's.

Never readable by scripts, never sent along from other sites, and over HTTPS bound to this very host.
"""

from __future__ import annotations

from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import Response

from app.settings import settings

Name = Literal["mtqg", "mtqg_form"]
SESSION: Final[Name] = "mtqg"
FORM: Final[Name] = "mtqg_form"


def _full_name(name: Name) -> str:
    return f"__Host-{name}" if settings().secure_cookies else name


def read(request: Request, name: Name) -> str | None:
    return request.cookies.get(_full_name(name))


def put(response: Response, name: Name, value: str, *, seconds: int | None = None) -> None:
    """Without `seconds` the cookie goes when the browser closes."""
    response.set_cookie(
        _full_name(name),
        value,
        max_age=seconds,
        path="/",
        secure=settings().secure_cookies,
        httponly=True,
        samesite="lax",
    )


def drop(response: Response, name: Name) -> None:
    response.delete_cookie(
        _full_name(name), path="/", secure=settings().secure_cookies, httponly=True, samesite="lax"
    )
