"""Whatever went wrong, as a `Fault`: the one thing that both renderers (problem+json, pages) understand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.errors import Fact, Fault, FieldError, Invalid, NotFound, TooLarge
from app.i18n import N_
from app.web.messages import MESSAGES, OTHER

# More would make a big answer out of a small request (a batch of thousands, each entry wrong).
MOST_ERRORS: Final = 50
_LONGEST_FIELD: Final = 100


class BadRequest(Fault):
    status = 400
    code = "bad_request"
    title = N_("Không đọc được yêu cầu")


class MethodNotAllowed(Fault):
    status = 405
    code = "method_not_allowed"
    title = N_("Địa chỉ này không nhận cách gọi đó")


class Unexpected(Fault):
    """Our mistake: tells nothing of the inside, only the id under which the log has it."""

    status = 500
    code = "unexpected"
    title = N_("Máy chủ gặp lỗi")

    def __init__(self, request_id: str) -> None:
        super().__init__(
            N_("Máy chủ gặp lỗi ngoài dự kiến. Khi báo lỗi, xin kèm mã {code}."), code=request_id
        )


class Told(HTTPException):
    """A fault raised where frameworks let nothing but HTTPException pass: while a body is read."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.status)
        self.fault = fault


_BY_STATUS: Final[dict[int, type[Fault]]] = {404: NotFound, 405: MethodNotAllowed, 413: TooLarge}


def as_fault(error: Exception, request_id: str) -> Fault:
    match error:
        case Fault():
            return error
        case RequestValidationError():
            return from_validation(error.errors())
        case Told():
            return error.fault
        case HTTPException() if error.status_code in _BY_STATUS:
            return _BY_STATUS[error.status_code]()
        case HTTPException() if error.status_code < 500:
            return BadRequest()
        case _:
            return Unexpected(request_id)


def from_validation(errors: Iterable[Mapping[str, object]]) -> Fault:
    """pydantic's errors in our words, field by field.

    An address whose own parts cannot be read (`/works/not-a-uuid`) leads nowhere: NotFound.
    """
    found: list[FieldError] = []
    for error in errors:
        where = error.get("loc", ())
        place = [str(part) for part in where] if isinstance(where, tuple | list) else []
        if place[:1] == ["path"]:
            return NotFound()
        if len(found) < MOST_ERRORS:
            found.append(_field_error(str(error.get("type", "")), place, error.get("ctx")))
    return Invalid(*found)


def _field_error(kind: str, place: list[str], context: object) -> FieldError:
    facts = {key: _fact(value) for key, value in context.items()} if isinstance(context, dict) else {}
    if kind == "json_invalid":
        return FieldError("body", MESSAGES[kind], {"position": int(place[-1]) if place[-1:] else 0})
    for key in ("expected", "expected_tags"):
        if key in facts:
            facts[key] = str(facts[key]).replace("' or '", "', '").replace("'", "")
    message = MESSAGES.get(kind)
    if message is None:
        # A rule of one field, refused by `schema.refuse`.
        message = str(facts.get("msgid") or OTHER)
    return FieldError(field_path(place), message, facts)


def field_path(place: list[str]) -> str:
    """`entries.0.amount`; a query parameter goes by its bare name, the whole body by `body`."""
    parts = place[1:] if place[:1] in (["body"], ["query"], ["header"], ["cookie"]) else place
    return clean(".".join(parts))[:_LONGEST_FIELD] or "body"


def clean(text: str) -> str:
    """Client's words on their way back: lone surrogates cannot be sent, control characters need not be."""
    text = text.encode("utf-8", "replace").decode()
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _fact(value: object) -> Fact:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | str | date | datetime) else str(value)
