"""Cursors: where a list goes on, as an opaque word.

They are checked, not signed: a cursor holds only the sort key of a row that its reader has just been given, it
is bound to queries as parameters, and the reader's scope is applied afresh on every page. Signing would hide
nothing and would break every open list when the process restarts with another key.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

import orjson

from app.errors import Invalid
from app.i18n import N_

Key = int | str | date | datetime | UUID

_LONGEST: Final = 1000
_BIGGEST: Final = 2**63 - 1
_WRONG: Final = N_("Con trỏ trang không hợp lệ; bắt đầu lại danh sách từ đầu")


@dataclass(frozen=True, slots=True)
class Order:
    """The order of one list: its name and the types of its sort key, unique id last."""

    name: str
    kinds: tuple[type[Key], ...]

    def encode(self, *key: Key) -> str:
        """The cursor that goes on after the row with this key."""
        if tuple(type(part) for part in key) != self.kinds:
            raise TypeError(f"{self.name} is not sorted by {key!r}")
        plain = [part.isoformat() if isinstance(part, date) else part for part in key]
        return urlsafe_b64encode(orjson.dumps([self.name, *plain])).rstrip(b"=").decode()

    def decode(self, cursor: str | None) -> tuple[Key, ...] | None:
        """The key after which to go on; None at the beginning. Raises Invalid for any other cursor."""
        if cursor is None:
            return None
        try:
            return self._read(cursor)
        except (ValueError, TypeError, Base64Error) as error:
            raise Invalid.field("cursor", _WRONG) from error

    def _read(self, cursor: str) -> tuple[Key, ...]:
        if not cursor.isascii() or len(cursor) > _LONGEST:
            raise ValueError(cursor)
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        if urlsafe_b64encode(raw).rstrip(b"=").decode() != cursor:
            raise ValueError(cursor)
        parts = orjson.loads(raw)
        if not isinstance(parts, list) or parts[:1] != [self.name] or len(parts) != len(self.kinds) + 1:
            raise ValueError(cursor)
        return tuple(_key(part, kind) for part, kind in zip(parts[1:], self.kinds, strict=True))


def _key(part: object, kind: type[Key]) -> Key:
    if kind is int:
        if type(part) is int and -_BIGGEST <= part <= _BIGGEST:
            return part
        raise ValueError(part)
    if not isinstance(part, str) or "\x00" in part:
        raise ValueError(part)
    if kind is UUID:
        return UUID(part)
    if kind is datetime:
        moment = datetime.fromisoformat(part)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return date.fromisoformat(part) if kind is date else part
