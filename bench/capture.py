"""What a request says to its database, written down at the driver, so that a floor can say the same."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from sqlalchemy import event

from app import db
from app.main import create_app

COMMIT = "COMMIT"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as the driver got it; COMMIT ends a transaction."""

    text: str
    parameters: Any


@dataclass(frozen=True, slots=True)
class Captured:
    statements: list[Statement]
    status: int
    body: bytes

    def save(self, file: Path) -> None:
        file.write_bytes(pickle.dumps(self.statements))

    @property
    def queries(self) -> int:
        """Statements that a reader of the page's code would count: no BEGIN, no COMMIT."""
        return sum(not s.text.startswith(("BEGIN", COMMIT)) for s in self.statements)


def load(file: Path) -> list[Statement]:
    """What `Captured.save` wrote; the file is this run's own."""
    statements: list[Statement] = pickle.loads(file.read_bytes())  # noqa: S301
    return statements


@contextmanager
def _listening() -> Iterator[list[Statement]]:
    found: list[Statement] = []

    def executed(_c: Any, _cursor: Any, text: str, parameters: Any, *_rest: Any) -> None:
        found.append(Statement(text, parameters))

    def committed(_connection: sa.Connection) -> None:
        found.append(Statement(COMMIT, None))

    engine = db.engine()
    event.listen(engine, "before_cursor_execute", executed)
    event.listen(engine, "commit", committed)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", executed)
        event.remove(engine, "commit", committed)


def capture(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Captured:
    """Send one request to the application in this process and keep its statements.

    It is sent twice: what only a first request does (an idle session's stamp, caches) is not what it costs.
    """

    async def send() -> Captured:
        transport = httpx.ASGITransport(app=create_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            if method == "GET":
                await client.request(method, path, headers=headers)
            with _listening() as found:
                answer = await client.request(method, path, headers=headers, content=body)
        return Captured(found, answer.status_code, answer.content)

    result = asyncio.run(send())
    if result.status >= 400 or result.status in (301, 302, 303):
        raise RuntimeError(f"{method} {path}: {result.status} {result.body[:300]!r}")
    return result
