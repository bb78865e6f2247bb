"""The floor: a bare ASGI application that says the same to the database through the raw driver.

    python -m bench.floor URL STATEMENTS PORT ENTRY

No framework, no ORM, no permission, no rendering: it runs captured statements and encodes rows with orjson.
ENTRY is the id in the captured statements that each request replaces by a new one (or `-`).
"""

from __future__ import annotations

import sqlite3
import sys
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import psycopg
import uvicorn
from psycopg.rows import dict_row
from sqlalchemy import make_url

from bench.capture import COMMIT, Statement, load

Message = dict[str, Any]


def connect(url: str) -> Any:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        connection = sqlite3.connect(parsed.database or "", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.row_factory = lambda cursor, row: {
            c[0]: v for c, v in zip(cursor.description, row, strict=True)
        }
        return connection
    host = parsed.query["host"]
    return psycopg.connect(host=str(host), user=parsed.username, dbname=parsed.database, row_factory=dict_row)


class Replay:
    """Runs the captured statements again, with a new entry's id and place in the chain where one is recorded."""

    def __init__(self, connection: Any, statements: list[Statement], entry: str) -> None:
        self.connection = connection
        self.statements = statements
        self.entry = uuid.UUID(entry) if entry != "-" else None
        self.number = 10_000_000  # beyond any real link of the chain

    def run(self) -> list[dict[str, Any]]:
        """The rows of the longest answer."""
        longest: list[dict[str, Any]] = []
        made = uuid.uuid4()
        self.number += 1
        for statement in self.statements:
            if statement.text == COMMIT:
                self.connection.commit()
                continue
            if statement.text.startswith("BEGIN"):
                self.connection.rollback()  # a read before it ended without a commit
            parameters = statement.parameters if self.entry is None else self._renewed(statement, made)
            cursor = self.connection.execute(statement.text, parameters)
            rows = list(cursor.fetchall()) if cursor.description else []
            longest = max(longest, rows, key=len)
        self.connection.rollback()
        return longest

    def _renewed(self, statement: Statement, made: uuid.UUID) -> Any:
        assert self.entry is not None
        new = {self.entry: made, self.entry.hex: made.hex, str(self.entry): str(made)}
        given = statement.parameters
        if isinstance(given, dict):
            values = {k: new.get(v, v) if isinstance(v, str | uuid.UUID) else v for k, v in given.items()}
            if statement.text.startswith("INSERT INTO chain_links"):
                values["number"] = self.number
            return values
        row = [new.get(v, v) if isinstance(v, str | uuid.UUID) else v for v in given]
        if statement.text.startswith("INSERT INTO chain_links"):
            row[1] = self.number  # unit_id, number, entry_id, hash
        return tuple(row)


def application(replay: Replay) -> Callable[..., Awaitable[None]]:
    async def app(
        scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            return await send({"type": "lifespan.shutdown.complete"})
        while (await receive()).get("more_body"):
            pass
        body = orjson.dumps({"items": replay.run(), "next": None}, default=str)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def main() -> None:
    url, statements, port, entry = sys.argv[1:5]
    replay = Replay(connect(url), load(Path(statements)), entry)
    uvicorn.run(application(replay), host="127.0.0.1", port=int(port), log_level="error", access_log=False)


if __name__ == "__main__":
    main()
