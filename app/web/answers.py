"""JSON answers: plain objects in, bytes out, nothing validated twice.

orjson writes dataclasses, UUIDs, dates and integers itself. Moments go out as RFC 3339 in UTC with `Z`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Final

import orjson
from fastapi import Depends, Header
from starlette.responses import Response

from app.errors import PreconditionRequired
from app.i18n import N_

_OPTIONS: Final = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC
_ETAG: Final = re.compile(r'(?:W/)?"(\d{1,18})"')
NO_VERSION: Final = 0


def dumps(value: object) -> bytes:
    """JSON of dataclasses, mappings, sequences and what they hold; aware moments must be in UTC."""
    return orjson.dumps(value, option=_OPTIONS)


def answer(
    value: object, status: int = 200, *, etag: str | None = None, location: str | None = None
) -> Response:
    """One object. `location` goes with 201."""
    response = Response(dumps(value), status, media_type="application/json")
    if etag is not None:
        response.headers["ETag"] = etag
    if location is not None:
        response.headers["Location"] = location
    return response


def created(value: object, *, new: bool, etag: str | None = None, location: str | None = None) -> Response:
    """What POST with a client-made id answers: 201 the first time, 200 when the same is sent again."""
    return answer(value, 201 if new else 200, etag=etag, location=location)


def page(items: Sequence[object], next_cursor: str | None) -> Response:
    """One page of a list; `next` is null on the last."""
    return Response(dumps({"items": items, "next": next_cursor}), media_type="application/json")


def etag(version: int) -> str:
    return f'"{version}"'


def if_match(header: str | None) -> int:
    """The version that the caller has seen.

    A tag that is none of ours matches nothing (`NO_VERSION`), so that the caller is shown the current row;
    `W/` is taken too, for proxies that compress put it there. Raises PreconditionRequired without a header, and
    for `*`, which would overwrite what the caller has not seen.
    """
    if header is None or not header.strip() or header.strip() == "*":
        raise PreconditionRequired(
            N_("Gửi kèm If-Match với ETag của bản đã đọc, để không ghi đè sửa đổi của người khác.")
        )
    found = _ETAG.fullmatch(header.strip())
    return int(found.group(1)) if found else NO_VERSION


async def _version(
    if_match_header: Annotated[
        str | None, Header(alias="If-Match", description="ETag của bản đã đọc · ETag of the row as read")
    ] = None,
) -> int:
    return if_match(if_match_header)


async def _seen(
    if_match_header: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="ETag của bản đã đọc, khi sửa · ETag of the row as read, to put right",
        ),
    ] = None,
) -> int | None:
    return None if if_match_header is None else if_match(if_match_header)


Version = Annotated[int, Depends(_version)]
"""Parameter of a PATCH route: the version named by If-Match."""
Seen = Annotated[int | None, Depends(_seen)]
"""Parameter of a route that records at first and puts right later: the version named by If-Match, None without one."""
