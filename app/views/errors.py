"""Errors for people: a page in their language that says what happened and what to do next."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from app import logs
from app.errors import TooMany
from app.views.access import LoginNeeded, to_login
from app.views.templating import render as render_page
from app.web.faults import as_fault


def render(request: Request, error: Exception) -> Response:
    """The page for any exception, foreseen or not; without a session the way to the log-in page."""
    if isinstance(error, LoginNeeded):
        return to_login(request)
    request_id = logs.request_id.get()
    fault = as_fault(error, request_id)
    response = render_page(request, "error.html", status=fault.status, fault=fault, request_id=request_id)
    allow = (getattr(error, "headers", None) or {}).get("Allow")
    if allow:
        response.headers["Allow"] = allow
    if isinstance(fault, TooMany):
        response.headers["Retry-After"] = str(fault.retry_after)
    return response
