"""Files that wait for a second word: sent, shown as a preview, then confirmed by the same person within a day.

They stand in the data directory under a name that only the sender's own id leads to, and are read by nobody else.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
import uuid
from pathlib import Path
from typing import Final

from uuid_utils.compat import uuid7

from app.domain.access import Actor
from app.errors import NotFound
from app.i18n import N_
from app.settings import settings

KEPT_SECONDS: Final = 24 * 3600


def hold(actor: Actor, about: str, content: bytes) -> uuid.UUID:
    """Keep a file of an actor's about something; its id. What others left for more than a day is dropped."""
    _drop_old()
    id_ = uuid7()
    path = _path(actor, about, id_)
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return id_


def held(actor: Actor, about: str, id_: uuid.UUID) -> bytes:
    """A file that the same actor sent about the same thing. NotFound for any other, and after a day."""
    _drop_old()
    try:
        return _path(actor, about, id_).read_bytes()
    except FileNotFoundError:
        raise NotFound(N_("Không còn giữ tệp này: đã dùng rồi, hoặc quá một ngày. Gửi lại tệp.")) from None


def let_go(actor: Actor, about: str, id_: uuid.UUID) -> None:
    """Drop a file that served its purpose."""
    _path(actor, about, id_).unlink(missing_ok=True)


def _folder() -> Path:
    return settings().data_dir / "held"


def _path(actor: Actor, about: str, id_: uuid.UUID) -> Path:
    return _folder() / hashlib.sha256(f"{actor.ref}\n{about}\n{id_}".encode()).hexdigest()


def _drop_old() -> None:
    oldest = time.time() - KEPT_SECONDS
    for path in _folder().glob("*"):
        with contextlib.suppress(FileNotFoundError):  # somebody else drops it too
            if path.stat().st_mtime < oldest:
                path.unlink()
