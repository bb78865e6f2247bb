"""POST /oauth/token: a client's credentials for a bearer token (RFC 6749, section 4.4)."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from typing import Annotated, Any, Final
from urllib.parse import unquote_plus

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from app import logs
from app.domain.identity import clients
from app.errors import Fault, Unauthenticated
from app.i18n import N_, negotiate, translate
from app.settings import settings
from app.web import openapi, problems
from app.web.answers import answer, dumps
from app.web.faults import BadRequest
from app.web.throttle import Throttle, address_key

_GRANT: Final = "client_credentials"
_WRONG: Final = N_("Sai client_id hoặc client_secret.")
router = APIRouter(tags=["identity"], generate_unique_id_function=lambda route: route.name)


class Token(TypedDict):
    access_token: str
    token_type: str
    expires_in: int
    scope: str


class _Refused(Exception):
    """A fault with the name that RFC 6749, section 5.2 gives it."""

    def __init__(self, error: str, fault: Fault) -> None:
        self.error = error
        self.fault = fault


def _wording(status: int, error: str, title: str) -> dict[str, Any]:
    example = {
        "type": "/problems/unauthenticated" if status == 401 else "/problems/bad-request", "title": title,
        "status": status, "detail": title, "error": error, "error_description": error.replace("_", " "),
        "request_id": "9f2c4b7a1d3e5f60",
    }  # fmt: skip
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": "`error`, `error_description`: RFC 6749, 5.2",
        "content": {problems.MEDIA_TYPE: {"schema": schema, "example": example}},
    }


@router.post(
    openapi.TOKEN_PATH,
    response_model=Token,
    summary="Xin token · get a token",
    responses={
        200: {
            "description": "Token, dùng được trong `expires_in` giây · a token that holds for `expires_in` seconds",
            "content": {
                "application/json": {
                    "example": {
                        "access_token": "6wLQ0mJ8…", "token_type": "Bearer", "expires_in": 3600,
                        "scope": "write",
                    }
                }
            },
        },
        400: _wording(400, "unsupported_grant_type", BadRequest.title),
        401: _wording(401, "invalid_client", Unauthenticated.title),
    },
)  # fmt: skip
def get_token(
    request: Request,
    grant_type: Annotated[str | None, Form(examples=[_GRANT])] = None,
    client_id: Annotated[str | None, Form(examples=["mtqg-0f3a5c7e9b1d2f46"])] = None,
    client_secret: Annotated[str | None, Form(examples=["pN5s…"])] = None,
) -> Response:
    """Send `client_id` and `client_secret` by HTTP Basic, or as fields of the form; never both.

    Wrong attempts are counted for each address: after too many of them, 429 with `Retry-After`.
    """
    throttle = _throttle(request)
    key = address_key(request.scope)
    try:
        identity, secret = _credentials(request, grant_type, client_id, client_secret)
        throttle.attempt(key)
        token, scope, seconds = _issue(identity, secret)
    except _Refused as refused:
        return _refusal(request, refused)
    throttle.take_back(key)
    given: Token = {"access_token": token, "token_type": "Bearer", "expires_in": seconds, "scope": scope}
    response = answer(given)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response


def _issue(identity: str, secret: str) -> tuple[str, str, int]:
    try:
        return clients.issue_token(identity, secret)
    except Unauthenticated as fault:
        raise _Refused("invalid_client", fault) from None


def _credentials(
    request: Request, grant_type: str | None, client_id: str | None, client_secret: str | None
) -> tuple[str, str]:
    if not grant_type:
        raise _Refused("invalid_request", BadRequest(N_("Thiếu grant_type=client_credentials.")))
    if grant_type != _GRANT:
        raise _Refused("unsupported_grant_type", BadRequest(N_("Chỉ nhận grant_type=client_credentials.")))
    header = request.headers.get("authorization")
    if header is not None:
        if client_secret is not None:
            raise _Refused(
                "invalid_request", BadRequest(N_("Gửi client_secret một cách: HTTP Basic hoặc biểu mẫu."))
            )
        client_id, client_secret = _basic(header)
    # A client's id is plain ASCII; anything else need not reach the database.
    if not client_id or not client_secret or not (client_id.isascii() and client_id.isprintable()):
        raise _Refused("invalid_client", Unauthenticated(_WRONG))
    return client_id, client_secret


def _basic(header: str) -> tuple[str, str]:
    kind, _, word = header.partition(" ")
    try:
        identity, colon, secret = b64decode(word.strip(), validate=True).decode().partition(":")
    except (Base64Error, UnicodeDecodeError, ValueError):
        identity = colon = secret = ""
    if kind.lower() != "basic" or not colon:
        raise _Refused("invalid_client", Unauthenticated(_WRONG))
    return unquote_plus(identity), unquote_plus(secret)


def _throttle(request: Request) -> Throttle:
    """One for each application."""
    state = request.app.state
    if not hasattr(state, "token_throttle"):
        state.token_throttle = Throttle(settings().login_per_minute)
    throttle: Throttle = state.token_throttle
    return throttle


def _refusal(request: Request, refused: _Refused) -> Response:
    fault = refused.fault
    language = negotiate(None, request.headers.get("accept-language"))
    members = problems.members(fault, language, logs.request_id.get())
    # The RFC allows ASCII alone in the description, so it is said in English.
    members |= {"error": refused.error, "error_description": translate("en", fault.message)}
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache", "Content-Language": language}
    if fault.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="so-mtqg", charset="UTF-8"'
    return Response(dumps(members), fault.status, headers=headers, media_type=problems.MEDIA_TYPE)
