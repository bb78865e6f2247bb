"""What is said to the database while a page is made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from app import db


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that run in the block; SQLite says BEGIN as one, which is not counted."""
    said: list[str] = []

    def hear(_c: object, _k: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            said.append(statement)

    sa.event.listen(db.engine(), "before_cursor_execute", hear)
    yield said
    sa.event.remove(db.engine(), "before_cursor_execute", hear)
