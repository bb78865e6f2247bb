"""Which answers a path speaks: machines read JSON, people read pages."""

from __future__ import annotations

from typing import Final

from starlette.types import Scope

# What follows is a secret by which somebody comes in without logging in.
_SECRET: Final = ("/calendar/", "/password/set/")


def is_api(path: str) -> bool:
    """Whether errors under this path are problem+json."""
    return path.startswith(("/api/", "/oauth/")) or path in {"/api", "/oauth"}


def route_template(scope: Scope) -> str:
    """`/api/v1/works/{id}` of a request that was routed; `unmatched` keeps labels few when it was not."""
    path = getattr(scope.get("route"), "path", None)
    if isinstance(path, str):
        return path
    return "/static" if scope["path"].startswith("/static/") else "unmatched"


def loggable(path: str) -> str:
    """A path that was not routed, as the log may have it: without a secret, and not endless."""
    hidden = next((area for area in _SECRET if path.startswith(area)), None)
    return f"{hidden}…" if hidden else path[:200]
