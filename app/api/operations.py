"""What every operation has in common: its description, its pages, the row as it stands when a change comes late."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, Generic, Protocol, TypeVar, cast
from uuid import UUID

from pydantic import ConfigDict, with_config
from starlette.responses import Response
from typing_extensions import TypedDict

from app.errors import Stale
from app.web.answers import page
from app.web.cursor import Key, Order
from app.web.schema import Body, ListQuery

Row = TypeVar("Row")
Kwargs = dict[str, Any]  # what FastAPI's route decorators take
closed: Final = with_config(ConfigDict(extra="forbid"))
"""Marks a shape that has no field but those described."""


@closed
class Page(TypedDict, Generic[Row]):
    """One page of a list; `next` is the cursor of the page after it, null on the last."""

    items: list[Row]
    next: str | None


_ETAG: Final = {
    "ETag": {
        "description": "Gửi lại ở If-Match khi sửa · send back in If-Match",
        "schema": {"type": "string"},
    }
}
_LOCATION: Final = {
    "Location": {"description": "Địa chỉ của dòng · address of the row", "schema": {"type": "string"}}
}


def _response(description: str, example: object, headers: object = None) -> Kwargs:
    described: Kwargs = {"description": description, "content": {"application/json": {"example": example}}}
    return described | ({"headers": headers} if headers else {})


def _body(example: object) -> Kwargs:
    return {"openapi_extra": {"requestBody": {"content": {"application/json": {"example": example}}}}}


def lists(shape: object, example: object, *, page: object = None, **beside: object) -> Kwargs:
    """A list of rows of one shape; `page` where more than rows stands on it, `beside` its example."""
    body = {"items": [example], "next": None, **beside}
    model = page or Page[shape]  # type: ignore[valid-type]  # a shape given at run time
    return {"response_model": model, "responses": {200: _response("Một trang · one page", body)}}


def shows(shape: object, example: object, *, etag: bool = False) -> Kwargs:
    """One row."""
    return {"response_model": shape, "responses": {200: _response("Dòng · the row", example, etag and _ETAG)}}


def creates(shape: object, sent: object, example: object, *, etag: bool = False) -> Kwargs:
    """What a client makes under an id of its own: 201, and 200 when the same is sent again."""
    headers = _LOCATION | (_ETAG if etag else {})
    return {
        "response_model": shape,
        "status_code": 201,
        "responses": {
            201: _response("Đã ghi · recorded", example, headers),
            200: {"model": shape} | _response("Đã ghi từ trước · recorded before", example, headers),
        },
    } | _body(sent)


def changes(shape: object, sent: object, example: object) -> Kwargs:
    """A change of a row, under If-Match."""
    return shows(shape, example, etag=True) | _body(sent)


def acts(shape: object, example: object, sent: object = None) -> Kwargs:
    """Something done to a row."""
    return shows(shape, example) | (_body(sent) if sent is not None else {})


class Change(Body):
    """What a PATCH may change; only what is sent counts, so that defaults below stand for nothing."""

    @staticmethod
    def _without_defaults(schema: Kwargs) -> None:
        for described in schema["properties"].values():
            described.pop("default", None)

    model_config = ConfigDict(json_schema_extra=_without_defaults)

    def sent(self) -> Kwargs:
        """The fields that were sent, by name."""
        return {
            name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set
        }


Seen = TypeVar("Seen")


def paged(
    found: Sequence[Seen], query: ListQuery, shape: Callable[[Seen], object], cursor: Callable[[Seen], str]
) -> Response:
    """The answer to a list for which one row more than asked was looked up."""
    more = len(found) > query.limit
    shown = found[: query.limit]
    return page([shape(row) for row in shown], cursor(shown[-1]) if more else None)


def after(order: Order, query: ListQuery) -> tuple[datetime, UUID] | None:
    """Where a list in the order of (moment, id) goes on."""
    return cast("tuple[datetime, UUID] | None", order.decode(query.cursor))


def by_moment(name: str) -> Order:
    """The order of rows that change: when they did last, then their id."""
    return Order(name, (datetime, UUID))


def slice_after(
    rows: Sequence[Seen], key: Callable[[Seen], Key], order: Order, query: ListQuery
) -> Sequence[Seen]:
    """A short catalogue from where a cursor points; a row that is gone meanwhile ends the list."""
    seen = order.decode(query.cursor)
    if seen is None:
        return rows
    keys = [key(row) for row in rows]
    return rows[keys.index(seen[0]) + 1 :] if seen[0] in keys else ()


class Round(Protocol):
    """One of a contract's numbered papers."""

    @property
    def round(self) -> int: ...
    @property
    def updated_at(self) -> datetime: ...


Numbered = TypeVar("Numbered", bound=Round)


def by_round(
    found: Sequence[Numbered], query: ListQuery, order: Order, shape: Callable[[Numbered], object]
) -> Response:
    """The answer to a list of all rounds of a contract, which are few, in the order of their numbers."""
    seen = order.decode(query.cursor)
    rest = [
        row
        for row in found
        if (seen is None or row.round > cast("int", seen[0]))
        and (query.updated_since is None or row.updated_at >= query.updated_since)
    ]
    return paged(rest, query, shape, lambda last: order.encode(last.round))


@contextmanager
def current_as(shape: Callable[[Any], object]) -> Iterator[None]:
    """Shows the current row of a Stale as the interface shows it."""
    try:
        yield
    except Stale as stale:
        raise Stale(shape(stale.current)) from None
