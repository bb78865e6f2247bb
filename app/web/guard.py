"""What no handler should ever see: bodies past the limit, NUL and broken UTF-8 in addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import unquote_to_bytes

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Fault, Invalid, NotFound, TooLarge
from app.i18n import N_
from app.web.faults import Told

Render = Callable[[Request, Exception], Response]

_MEGABYTE: Final = 1024 * 1024
_FILES: Final = 2 * _MEGABYTE  # a limit from here on is one of files
_ANY_FILE: Final = 1 << 50  # a length past this was never a file's
_BROKEN: Final = N_("Chứa ký tự không hợp lệ")


class Guard:
    """Refuses early, in the language and form of the path.

    `larger` names path prefixes that may take bigger bodies (uploads), in bytes.
    """

    def __init__(
        self, app: ASGIApp, *, render: Render, max_body_bytes: int, larger: Mapping[str, int] | None = None
    ) -> None:
        self.app = app
        self.render = render
        self.max_body_bytes = max_body_bytes
        self.larger = dict(larger or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length, has_body = _announced(scope)
        limit = self._limit(scope["path"]) if has_body else 0
        fault = _address_fault(scope) or (too_large(limit, length) if length > limit else None)
        if fault is not None:
            request = Request(scope, receive)
            await self.render(request, fault)(scope, receive, send)
            return
        await self.app(scope, _counted(receive, limit) if has_body else receive, send)

    def _limit(self, path: str) -> int:
        for prefix, limit in self.larger.items():
            if path.startswith(prefix):
                return limit
        return self.max_body_bytes


def _announced(scope: Scope) -> tuple[int, bool]:
    """The Content-Length (0 when chunked) and whether a body may follow at all."""
    has_body = False
    for name, value in scope["headers"]:
        if name == b"content-length":
            # The server has refused what is no number; anything else here counts as too long.
            return (int(value) if value.isdigit() else 1 << 62), True
        if name == b"transfer-encoding":
            has_body = True
    return 0, has_body


def too_large(limit: int, length: int | None = None) -> TooLarge:
    """What is said of a body past the limit, in megabytes where it is about files."""
    if limit < _FILES:
        return TooLarge()
    held = limit // _MEGABYTE
    if length is None or length > _ANY_FILE:
        return TooLarge(
            N_("Gửi lên quá {held:number} MB là mức tối đa một lần. Gửi từng tệp, nén hoặc chia nhỏ."),
            held=held,
        )
    return TooLarge(
        N_(
            "Gửi lên {asked:number} MB, một lần nhận tối đa {held:number} MB. Gửi từng tệp, nén hoặc chia nhỏ."
        ),
        asked=-(-length // _MEGABYTE),
        held=held,
    )


def _counted(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > limit:
                # FastAPI lets HTTPException pass while it reads a body and turns all else into a 400.
                raise Told(too_large(limit))
        return message

    return counting


def _address_fault(scope: Scope) -> Fault | None:
    path: str = scope["path"]
    if "\x00" in path or "\ufffd" in path:
        return NotFound()
    query: bytes = scope["query_string"]
    if not query or (b"%" not in query and query.isascii()):
        return None
    for pair in query.split(b"&"):
        plain = unquote_to_bytes(pair)
        try:
            text = plain.decode()
        except UnicodeDecodeError:
            return Invalid.field(_name(pair), _BROKEN)
        if "\x00" in text:
            return Invalid.field(_name(pair), _BROKEN)
    return None


def _name(pair: bytes) -> str:
    name = unquote_to_bytes(pair.partition(b"=")[0]).decode(errors="replace")
    return name.replace("\x00", "\ufffd")
