"""Forms come from our own pages, or not at all.

Two walls, for pages only (the JSON interface takes no cookies): the browser's own word on where a request
comes from (Sec-Fetch-Site, Origin), and a token in the form that only a page of the same session can hold.
A token is a fresh salt and a MAC of it under the session's secret, so that no two pages carry the same bytes
and compressing pages gives nothing away.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from app.errors import Forbidden
from app.i18n import N_

FIELD: Final = "csrf"
HEADER: Final = "x-csrf-token"

_SALT_BYTES: Final = 12
_FOREIGN: Final = N_("Yêu cầu này đến từ một trang khác nên không được nhận.")
_EXPIRED: Final = N_("Trang này đã cũ hoặc phiên đã hết. Tải lại trang rồi gửi lại.")


def token(session: str) -> str:
    """A token for a form; `session` is the secret in the session's (or log-in form's) cookie."""
    salt = token_urlsafe(_SALT_BYTES)
    return f"{salt}.{_mac(session, salt)}"


def check(request: Request, session: str | None, sent: str | None) -> None:
    """Raises Forbidden unless the request comes from our own page of this session.

    `sent` is the form's field; htmx may send it as the header X-CSRF-Token instead.
    """
    check_origin(request)
    given = sent or request.headers.get(HEADER) or ""
    salt, _, mac = given.partition(".")
    if (
        not session
        or not salt
        or not hmac.compare_digest(_mac(session, salt).encode(), mac.encode("utf-8", "replace"))
    ):
        raise Forbidden(_EXPIRED)


def check_origin(request: Request) -> None:
    """Raises Forbidden when the browser says that another site sent the request."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Forbidden(_FOREIGN)
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise Forbidden(_FOREIGN)


def _mac(session: str, salt: str) -> str:
    return hmac.new(
        session.encode("utf-8", "replace"), f"csrf:{salt}".encode("utf-8", "replace"), sha256
    ).hexdigest()
