"""Errors for machines: problem+json (RFC 9457).

`type` is `/problems/` and the stable name of what went wrong (`insufficient`, `not-found`); the names stand in
docs/integrator/problems.md. `title` and `detail` are for people, in the language of Accept-Language.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from app import logs
from app.errors import Fact, Fault, FieldError, RuleBroken, Stale, TooMany, Unauthenticated
from app.i18n import negotiate, translate
from app.web.answers import dumps
from app.web.faults import as_fault

MEDIA_TYPE: Final = "application/problem+json"
_RESERVED: Final = frozenset(
    {"type", "title", "status", "detail", "instance", "rule", "errors", "current", "request_id"}
)


def render(request: Request, error: Exception) -> Response:
    """The answer to any exception, foreseen or not."""
    request_id = logs.request_id.get()
    fault = as_fault(error, request_id)
    language = negotiate(None, request.headers.get("accept-language"))
    return Response(
        dumps(members(fault, language, request_id)),
        fault.status,
        headers=_headers(fault, error, language),
        media_type=MEDIA_TYPE,
    )


def type_of(fault: Fault) -> str:
    name = fault.rule if isinstance(fault, RuleBroken) else fault.code
    return "/problems/" + name.replace("_", "-")


def members(fault: Fault, language: str, request_id: str) -> dict[str, object]:
    problem: dict[str, object] = {
        "type": type_of(fault),
        "title": translate(language, fault.title),
        "status": fault.status,
        "detail": _detail(fault, language),
    }
    if isinstance(fault, RuleBroken):
        problem["rule"] = fault.rule
    problem.update((key, value) for key, value in fault.facts.items() if key not in _RESERVED)
    if isinstance(fault, RuleBroken):
        problem.update(fault.listed)
    if fault.errors:
        problem["errors"] = [_field(error, language) for error in fault.errors]
    if isinstance(fault, Stale):
        problem["current"] = fault.current
    problem["request_id"] = request_id
    return problem


def _detail(fault: Fault, language: str) -> str:
    text = translate(language, fault.message, **fault.facts)
    if fault.errors and fault.message == fault.title:
        # The title alone would say nothing: lead with the first field at fault.
        first = _field(fault.errors[0], language)
        return f"{first['field']}: {first['message']}"
    return text


def _field(error: FieldError, language: str) -> dict[str, str]:
    facts: dict[str, Fact] = dict(error.facts)
    return {"field": error.field, "message": translate(language, error.message, **facts)}


def _headers(fault: Fault, error: Exception, language: str) -> dict[str, str]:
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    allow = (getattr(error, "headers", None) or {}).get("Allow")
    if allow:
        headers["Allow"] = allow
    if isinstance(fault, TooMany):
        headers["Retry-After"] = str(fault.retry_after)
    if isinstance(fault, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="so-mtqg"'
    return headers
