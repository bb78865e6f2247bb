"""The application: wiring only."""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import anyio.to_thread
import sqlalchemy as sa
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from app import __version__, api, db, logs, migrate, views
from app.errors import Fault
from app.settings import Settings, settings
from app.views import errors as page_errors
from app.web import health, openapi, problems
from app.web.answers import dumps
from app.web.areas import is_api
from app.web.compress import Compress
from app.web.guard import Guard
from app.web.headers import SecurityHeaders
from app.web.metrics import Metrics
from app.web.observe import Observe
from app.web.routing import RouteTable

STATIC: Final = Path(__file__).parent / "views" / "static"
# Below these paths whole files may be posted; those sent in pieces need no more room than anything else.
_WITH_FILES: Final = ("/documents/", "/api/v1/documents/")
# SQLite answers fewer requests the more threads ask it; PostgreSQL waits for the network in each.
THREADS: Final = {"sqlite": 2, "postgresql": 16}
# A thread that waits for the interpreter asks for it after this long; Python's own 5 ms is several answers' time.
SWITCH_SECONDS: Final = 0.0005


class Application(FastAPI):
    """FastAPI over one table of routes; knows its version and whether it is stopping."""

    def __init__(self, table: RouteTable, **wiring: Any) -> None:
        super().__init__(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, **wiring)
        self.table = table
        self.router.routes.append(table)
        self.router.routes.append(Mount("/static", StaticFiles(directory=STATIC), name="static"))

    def openapi(self) -> dict[str, Any]:
        """The description of the JSON interface (OpenAPI 3.1)."""
        if self.openapi_schema is None:
            self.openapi_schema = openapi.describe(self.table.routes, self.version)
        return self.openapi_schema


def create_app() -> FastAPI:
    knobs = settings()
    logs.configure(knobs)
    metrics = Metrics(__version__) if knobs.metrics else None
    routers = [*api.routers, *views.routers, health.router(_unready, metrics), _openapi_router()]
    return Application(
        RouteTable(routers),
        title="Sổ MTQG",
        version=__version__,
        lifespan=_lifespan,
        middleware=_middleware(knobs, metrics),
        exception_handlers=dict.fromkeys((Fault, HTTPException, RequestValidationError), _handle),
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )


def _middleware(knobs: Settings, metrics: Metrics | None) -> list[Middleware]:
    """Outermost first: what refuses or breaks further in still gets its headers, its id and its log line."""
    return [
        Middleware(SecurityHeaders, hsts=knobs.hsts),
        Middleware(Observe, render=_render, metrics=metrics),
        Middleware(Compress),
        Middleware(
            Guard,
            render=_render,
            max_body_bytes=knobs.max_body_bytes,
            larger=dict.fromkeys(_WITH_FILES, knobs.max_file_bytes + knobs.max_body_bytes),
        ),
    ]


def _render(request: Request, error: Exception) -> Response:
    render = problems.render if is_api(request.url.path) else page_errors.render
    return render(request, error)


async def _handle(request: Request, error: Exception) -> Response:
    return _render(request, error)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    knobs = settings()
    db.configure(knobs.database_url)
    threads = knobs.threads or THREADS.get(sa.make_url(knobs.database_url).get_backend_name(), 8)
    anyio.to_thread.current_default_thread_limiter().total_tokens = threads
    _settle_down()
    app.state.stopping = False
    try:
        yield
    finally:
        app.state.stopping = True
        db.dispose()


def _settle_down() -> None:
    """What was loaded at start stays for good: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    sys.setswitchinterval(SWITCH_SECONDS)


def _unready() -> str | None:
    try:
        current = migrate.current()
    except sa.exc.SQLAlchemyError:
        logs.get("health").exception("database unreachable")
        return "database"
    return None if current == _head() else "migrations"


@lru_cache(maxsize=1)
def _head() -> str | None:
    return migrate.head()


@lru_cache(maxsize=1)
def _openapi_router() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get(openapi.PATH)
    async def description(request: Request) -> Response:
        """Public: it describes, and holds nothing of anyone's."""
        return Response(dumps(request.app.openapi()), media_type="application/json")

    return router
