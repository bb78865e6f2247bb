"""Security headers of every answer, set in one place."""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.areas import is_api

Raw = tuple[bytes, bytes]

PAGE_CSP: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
        "worker-src 'self'",
    )
)
# A page that shows files of its own (PDF) in itself.
FRAMING_CSP: Final = f"{PAGE_CSP}; object-src 'self'; frame-src 'self'"
API_CSP: Final = "default-src 'none'; frame-ancestors 'none'"
HSTS_SECONDS: Final = 365 * 24 * 3600

_COMMON: Final[tuple[Raw, ...]] = (
    (b"x-content-type-options", b"nosniff"),
    # Not no-referrer: that would make browsers send `Origin: null` with our own forms.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
# Progress photos carry the place where they were taken; nothing else of the device is ours to ask for.
_PERMISSIONS: Final = b"camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
_NO_STORE: Final = (b"cache-control", b"no-store")
_REVALIDATE: Final = (b"cache-control", b"no-cache")
_IMMUTABLE: Final = (b"cache-control", b"public, max-age=31536000, immutable")


class SecurityHeaders:
    """Adds the headers; keeps those that the answer already has."""

    def __init__(self, app: ASGIApp, *, hsts: bool) -> None:
        self.app = app
        strict: tuple[Raw, ...] = (
            ((b"strict-transport-security", f"max-age={HSTS_SECONDS}; includeSubDomains".encode()),)
            if hsts
            else ()
        )
        self.api: tuple[Raw, ...] = (*_COMMON, *strict, (b"content-security-policy", API_CSP.encode()))
        self.page: tuple[Raw, ...] = (
            *_COMMON,
            *strict,
            (b"content-security-policy", PAGE_CSP.encode()),
            (b"x-frame-options", b"DENY"),
            (b"permissions-policy", _PERMISSIONS),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        extra = self.api if is_api(path) else self.page

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers: list[Raw] = list(message.get("headers", ()))
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append(_caching(scope, path, message["status"]))
                # A document's own page and files may say more exactly what may be framed.
                said = {name for name, _ in headers}
                headers.extend(header for header in extra if header[0] not in said)
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, with_headers)


def _caching(scope: Scope, path: str, status: int) -> Raw:
    """A static file asked for by its content's hash never changes; what people and clients read is not kept."""
    if not path.startswith("/static/") or status not in {200, 206, 304}:
        return _NO_STORE
    return _IMMUTABLE if scope["query_string"].startswith(b"v=") else _REVALIDATE
