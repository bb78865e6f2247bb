"""The HTTP server as `serve` runs it, and how it stops."""

from __future__ import annotations

import time
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI

from app.settings import settings

# Longest wait for answers under way when stopping; container platforms commonly kill after 30 s.
GRACE_SECONDS: Final = 25


class Server(uvicorn.Server):
    """Goes on answering for a moment after a stop signal, so that /readyz can send traffic elsewhere."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app
        self._leave_at = 0.0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            self._leave_at = time.monotonic() + settings().drain_seconds
        self._app.state.stopping = True
        super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        leaving = await super().on_tick(counter)
        return leaving and (self.force_exit or time.monotonic() >= self._leave_at)


def run(app: FastAPI, host: str, port: int) -> None:
    """Serve until a signal says stop. Log lines and access lines are ours (`app.logs`, `app.web.observe`)."""
    config = uvicorn.Config(
        app, host=host, port=port, log_config=None, access_log=False, ws="none", lifespan="on",
        server_header=False, timeout_graceful_shutdown=GRACE_SECONDS,
    )  # fmt: skip
    try:
        Server(config, app).run()
    except KeyboardInterrupt:  # it has stopped in order and hands the signal on
        return
