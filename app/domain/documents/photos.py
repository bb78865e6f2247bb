"""Photos that come with something recorded in the field: one document of it, in the transaction that records it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.documents import register
from app.domain.documents.register import NewDocument


def put(
    session: Session,
    actor: Actor,
    about: tuple[str, uuid.UUID],
    day: date,
    uploads: Sequence[uuid.UUID],
    *,
    name: str = "photos",
    illustrative: bool = False,
) -> None:
    """Keep finished uploads of the actor's as photos of a thing. Whoever calls has looked at the rights and lets the
    uploads go afterwards; `name` sets apart what came later."""
    if uploads:
        new = NewDocument(uuid.uuid5(about[1], name), "", day, "", "photo", uploads=tuple(uploads))
        register.put(session, actor, new, (), about, illustrative=illustrative)
