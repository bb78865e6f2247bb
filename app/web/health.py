"""Is the process up, is it ready for work, and what has it done: for supervisors, not for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from app.errors import NotFound
from app.web.answers import answer
from app.web.metrics import Metrics

Readiness = Callable[[], str | None]
STOPPING: Final = "stopping"


def router(readiness: Readiness, metrics: Metrics | None) -> APIRouter:
    """`readiness` gives None when ready, else the reason in a word; `metrics` None switches /metrics off."""
    health = APIRouter(include_in_schema=False)

    @health.get("/healthz")
    async def healthz() -> Response:
        return answer({"status": "ok"})

    @health.get("/readyz")
    def readyz(request: Request) -> Response:
        reason = STOPPING if getattr(request.app.state, "stopping", False) else readiness()
        if reason is None:
            return answer({"status": "ready"})
        return answer({"status": "unready", "reason": reason}, 503)

    @health.get("/metrics")
    async def shown() -> Response:
        if metrics is None:
            raise NotFound
        return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return health
