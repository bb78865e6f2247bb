"""Who calls: a bearer token on every route of the interface.

A route of an `ApiRouter` takes `actor: Actor` first. Nobody can forget it: a route without it is refused when it
is declared, and the one way to have an actor is a token that holds. The token is looked up in the thread that
serves the route, so that it costs one query and no further hop between threads.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Final, get_args, get_type_hints
from urllib.parse import parse_qsl

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.domain.access import Actor
from app.domain.identity import clients
from app.errors import Invalid, PreconditionRequired, Unauthenticated
from app.i18n import N_
from app.settings import settings

_NEEDED: Final = N_("Gửi kèm token ở tiêu đề Authorization: Bearer …; xin token ở /oauth/token.")
Endpoint = Callable[..., Response]
_QUICK: Final[set[Endpoint]] = set()


def bearer(request: Request) -> str:
    """The token that a request carries; raises Unauthenticated."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Unauthenticated(_NEEDED)
    return token.strip()


def authenticate(request: Request) -> Actor:
    """The client behind a request's token, which from then on is the request's actor."""
    actor = clients.authenticate_token(bearer(request))
    request.state.actor = actor
    return actor


def _query(request: Request, model: type[BaseModel]) -> BaseModel:
    """What is asked for. FastAPI looks at every field's type anew in each request: that costs more than
    the database, so it only describes the parameters and pydantic alone reads them.
    """
    given = parse_qsl(request.scope["query_string"].decode(), keep_blank_values=True)
    asked = dict(given)
    if len(asked) < len(given):
        names = [name for name, _ in given]
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid.field(twice, N_("Tham số này ghi hai lần."))
    try:
        return model.model_validate(asked)
    except ValidationError as error:
        wrong = [{**one, "loc": ("query", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(wrong) from None


def quick(endpoint: Endpoint) -> Endpoint:
    """Marks a short read, which waits for no lock. On SQLite the event loop serves it itself: the way to a thread
    and back costs more than the answer, and threads that read at once only wait for the interpreter.
    """
    _QUICK.add(endpoint)
    return endpoint


def _at_once(serve: Endpoint) -> Callable[..., Coroutine[Any, Any, Response]]:
    @functools.wraps(serve)
    async def served(request: Request, **given: Any) -> Response:
        if settings().embedded:
            return serve(request, **given)
        return await run_in_threadpool(serve, request, **given)

    return served


def _secured(endpoint: Endpoint, hints: dict[str, Any]) -> Callable[..., Any]:
    """The endpoint as FastAPI calls it: with the request in the place of its actor and its query."""
    first, *others = inspect.signature(endpoint).parameters.values()
    if first.name != "actor" or hints.get("actor") is not Actor:
        raise TypeError(f"{endpoint.__name__} must take `actor: Actor` first")
    model = _model_of(hints)

    @functools.wraps(endpoint)
    def serve(request: Request, **given: Any) -> Response:
        actor = authenticate(request)
        if model is not None:
            given["query"] = _query(request, model)
        return endpoint(actor, **given)

    served: Any = _at_once(serve) if endpoint in _QUICK else serve
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [p.replace(annotation=hints[p.name], kind=keyword) for p in others]
    asked = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
    served.__signature__ = inspect.Signature([asked, *parameters])  # what FastAPI reads
    secured: Callable[..., Any] = served
    return secured


def _model_of(hints: dict[str, Any]) -> type[BaseModel] | None:
    if "query" not in hints:
        return None
    model: type[BaseModel] = get_args(hints["query"])[0]
    return model


class SecuredRoute(APIRoute):
    """A route that only a client with a token reaches; who has none is not told what else was wrong."""

    def __init__(self, path: str, endpoint: Endpoint, **wiring: Any) -> None:
        super().__init__(path, _secured(endpoint, get_type_hints(endpoint, include_extras=True)), **wiring)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        described = self.dependant
        if any(p.name == "query" for p in described.query_params):
            self.dependant = replace(described, query_params=[])
        handle = super().get_route_handler()
        self.dependant = described

        async def secured(request: Request) -> Response:
            bearer(request)
            try:
                return await handle(request)
            except (RequestValidationError, PreconditionRequired):
                if not hasattr(request.state, "actor"):  # refused before the endpoint looked at the token
                    await run_in_threadpool(authenticate, request)
                raise

        return secured


def api_router(tag: str) -> APIRouter:
    """A router under /api/v1 whose every route needs a token."""
    return APIRouter(
        prefix="/api/v1",
        tags=[tag],
        route_class=SecuredRoute,
        generate_unique_id_function=lambda route: route.name,
    )
