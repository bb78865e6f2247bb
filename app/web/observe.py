"""Every request gets an id, one access line, its place in the metrics, and an answer even when code breaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from secrets import token_hex
from time import perf_counter
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import logs
from app.web.areas import loggable, route_template
from app.web.guard import Render
from app.web.metrics import Metrics

_SANE: Final = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# The status that the web server world uses for a client that went away before its answer.
CLIENT_GONE: Final = 499


class Observe:
    """The outermost layer. `render` makes the answer to an exception that nobody foresaw."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        render: Render,
        metrics: Metrics | None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self.app = app
        self.render = render
        self.metrics = metrics
        self.clock = clock
        self.log = logs.get("access")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        identity = _request_id(scope)
        logs.request_id.set(identity)
        header = (b"x-request-id", identity.encode())
        status = CLIENT_GONE

        async def with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        if self.metrics is not None:
            self.metrics.in_flight.inc()
        began = self.clock()
        try:
            await self.app(scope, receive, with_id)
        except Exception as error:
            started = status != CLIENT_GONE
            logs.get("web").exception("unexpected", route=route_template(scope))
            status = 500
            if started:
                # Half an answer is out: only breaking the connection tells the client.
                raise
            await self._last_resort(Request(scope, receive), error, identity)(scope, receive, with_id)
        finally:
            self._record(scope, status, self.clock() - began)

    def _last_resort(self, request: Request, error: Exception, identity: str) -> Response:
        """The page that reports an error may be what is broken."""
        try:
            return self.render(request, error)
        except Exception:
            logs.get("web").exception("error page broken")
            return PlainTextResponse(f"Lỗi máy chủ · Server error ({identity})", 500)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = route_template(scope)
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        if self.metrics is not None:
            self.metrics.in_flight.dec()
            self.metrics.record(method, route, status, seconds)
        facts: dict[str, object] = {
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 2),
        }
        if route == "unmatched":
            facts["path"] = loggable(scope["path"])
        actor = scope.get("state", {}).get("actor")
        if actor is not None:
            facts["actor"] = str(getattr(actor, "user_id", None) or getattr(actor, "ref", "unknown"))
        self.log.info("request", **facts)


def _request_id(scope: Scope) -> str:
    """The caller's own id when it is harmless, so that a trace can be followed through; else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _SANE.fullmatch(value):
            return str(value, "ascii")
    return token_hex(8)
