"""The table of routes, found by the first words of a path.

FastAPI tries its routes one after the other, twice for included routers; with two hundred routes that costs
more than the answer. Here only the routes of one resource are tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.datastructures import URLPath
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from app.errors import FieldError, Invalid
from app.i18n import N_
from app.web.areas import is_api
from app.web.faults import MOST_ERRORS, clean

_UNKNOWN: Final = N_("Không có tham số này trong giao diện")
_API_WORDS: Final = 3


class RouteTable(BaseRoute):
    """All routes of the routers given, in their order within each resource."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        self.routes: list[APIRoute] = []
        for router in routers:
            for route in router.routes:
                if not isinstance(route, APIRoute):
                    raise TypeError(f"{route!r} is no plain route; include no router in another")
                self.routes.append(route)
        # Routes cannot be hashed, but live as long as the table.
        self._known = {id(route): query_names(route) for route in self.routes}
        keys = [_key(route.path) for route in self.routes]
        self._open = [route for key, route in zip(keys, self.routes, strict=True) if "{" in key]
        self._by_key: dict[str, list[APIRoute]] = {key: [] for key in keys}
        for key, route in zip(keys, self.routes, strict=True):
            for tried in self._by_key.values() if "{" in key else [self._by_key[key]]:
                tried.append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http":
            return Match.NONE, {}
        asked = scope
        if scope["method"] == "HEAD":
            # HEAD is GET whose body the server leaves out.
            asked = {**scope, "method": "GET"}
        allowed: set[str] = set()
        for route in self._by_key.get(_key(scope["path"]), self._open):
            match, child = route.matches(asked)
            if match is Match.FULL:
                return match, child
            if match is Match.PARTIAL:
                allowed |= route.methods or set()
        if allowed:
            if "GET" in allowed:
                allowed.add("HEAD")
            return Match.FULL, {"mtqg.allowed": ", ".join(sorted(allowed))}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if "mtqg.allowed" in scope:
            raise HTTPException(405, headers={"Allow": scope["mtqg.allowed"]})
        route: APIRoute = scope["route"]
        if scope["query_string"] and is_api(scope["path"]):
            _refuse_unknown(self._known[id(route)], scope["query_string"])
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await route.app(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        for route in self.routes:
            try:
                return route.url_path_for(name, **path_params)
            except NoMatchFound:
                continue
        raise NoMatchFound(name, path_params)


def _key(path: str) -> str:
    """`api/v1/works` of an API path, `works` of a page's."""
    words = path[1:].split("/", _API_WORDS)
    return "/".join(words[:_API_WORDS]) if words[0] == "api" else words[0]


def _refuse_unknown(known: frozenset[str], query: bytes) -> None:
    sent: Mapping[str, str] = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    unknown = [clean(name)[:100] for name in sent if name not in known]
    if unknown:
        raise Invalid(*(FieldError(name, _UNKNOWN) for name in unknown[:MOST_ERRORS]))


def query_names(route: APIRoute) -> frozenset[str]:
    """Every query parameter that the route or what it depends on reads."""
    return frozenset(_query_names(route.dependant))


def _query_names(dependant: Dependant) -> Iterator[str]:
    for parameter in dependant.query_params:
        kind = parameter.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from (field.alias or name for name, field in kind.model_fields.items())
        else:
            yield parameter.alias
    for below in dependant.dependencies:
        yield from _query_names(below)
