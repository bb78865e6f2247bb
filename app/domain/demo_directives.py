"""The demonstration's directives from documents: given by the district and the commune, and how far each has come."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from app.domain import directives
from app.domain.demo_base import actor, id_of, rows
from app.domain.directives import DirectiveView, NewDirective


def load_directives() -> None:
    """Give what the file has and take each as far as the steps stand; what has happened already is left alone."""
    for row in rows("directives"):
        new = NewDirective(
            id_of("directive", row["key"]), row["text"], "document", date.fromisoformat(row["due_on"]), "unit",
            unit_code=row["assignee"], document_number=row["document_number"],
            source_on=date.fromisoformat(row["source_on"]), quote=row["quote"], priority=row["priority"],
        )  # fmt: skip
        giver = actor(row["giver"])
        directives.create(giver, new, illustrative=True)
    take_on("directive-steps", {row["key"] for row in rows("directives")})


def take_on(steps: str, keys: Collection[str]) -> None:
    """Take directives as far as the steps of a file stand; what has happened already is left alone."""
    district = actor("lanhdaohuyen")
    happened = {key: len(directives.history(district, id_of("directive", key))) - 1 for key in keys}
    for row in rows(steps):
        if happened[row["key"]] > 0:
            happened[row["key"]] -= 1
        else:
            _move(row)


def _move(row: dict[str, str]) -> None:
    who, id_, text = actor(row["who"]), id_of("directive", row["key"]), row["text"]
    on: dict[str, Any] = {"on": date.fromisoformat(row["on"])}
    moves: dict[str, Callable[[], DirectiveView]] = {
        "progress": lambda: directives.progress(who, id_, text, int(row["percent"]), **on),
        "reported": lambda: directives.report(who, id_, text, **on),
        "returned": lambda: directives.send_back(who, id_, text, **on),
        "extended": lambda: directives.extend(who, id_, date.fromisoformat(row["due_on"]), text, **on),
        "accepted": lambda: directives.accept(who, id_, text, **on),
    }
    moves[row["what"]]()
