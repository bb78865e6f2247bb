"""What every part of the demonstration leans on: its rows, ids that never change, its people as actors."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Final

from app import db
from app.domain import reference
from app.domain.access import Actor
from app.domain.identity import common
from app.domain.territory import today_or_legacy

COMMUNE: Final = "20770@legacy"
YEAR: Final = 2023
DATA: Final = reference.DATA / "demo"
_NAMESPACE: Final = uuid.UUID("5a0f3c1e-0d4b-5d8e-9a57-20770202309d")


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a file of the demonstration."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def id_of(kind: str, key: str) -> uuid.UUID:
    """The id of a row, the same at every loading."""
    return uuid.uuid5(_NAMESPACE, f"{kind}:{key}")


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def actor(username: str) -> Actor:
    """A person of the demonstration as its file has them, whatever became of their account since."""
    row = next(row for row in rows("users") if row["username"] == username)
    with db.transaction() as session:
        unit = today_or_legacy(session, row["unit_code"])
    return common.make_actor(username, row["full_name"], row["role"], unit, id_of("user", username))
