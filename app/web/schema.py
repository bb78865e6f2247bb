"""Types of what clients send: bodies and queries that take nothing they do not know.

Money, counts and flags are strict: `"5"`, `5.0` and `true` are no amounts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

from app.errors import Fact
from app.text import nfc

MOST_MONEY: Final = 999_999_999_999_999
"""đồng; a year of the whole nation's programs is a thousandth of it."""
MOST_FIGURE: Final = Decimal(10**12)
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200

_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Marks that turn the direction of the text after them can make one number look like another.
_DIRECTION: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")


def refuse(message: str, **facts: Fact) -> PydanticCustomError:
    """What a validator of a schema raises; `message` is a msgid (mark it with N_)."""
    return PydanticCustomError("refused", "{msgid}", {"msgid": message, **facts})


def clean_text(value: str, *, most: int, least: int = 1, lines: bool = False) -> str:
    """NFC, stripped, with `least` to `most` characters; `lines` allows line ends and tabs."""
    if len(value) > 4 * most:
        raise PydanticKnownError("string_too_long", {"max_length": most})
    if lines:
        value = value.replace("\r\n", "\n")
    if not _harmless(value, lines):
        raise PydanticCustomError("text_characters", "control characters")
    value = nfc(value).strip()
    if len(value) > most:
        raise PydanticKnownError("string_too_long", {"max_length": most})
    if len(value) < least:
        raise PydanticKnownError("string_too_short", {"min_length": least})
    return value


def _harmless(value: str, lines: bool) -> bool:
    if value.isprintable():
        return True
    return not any(
        character in _DIRECTION
        or (unicodedata.category(character) in {"Cc", "Cs", "Cn"} and not (lines and character in "\n\t"))
        for character in value
    )


@dataclass(frozen=True, slots=True)
class Text:
    """`name: Annotated[str, Text(200)]`: text as people write it, at most `most` characters."""

    most: int
    least: int = 1
    lines: bool = False

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            lambda value: clean_text(value, most=self.most, least=self.least, lines=self.lines),
            core_schema.str_schema(strict=True),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "minLength": self.least, "maxLength": self.most}


def _iso_date(value: object) -> date:
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        raise PydanticKnownError("date_type")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise PydanticKnownError("date_type") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise PydanticCustomError("date_years", "year", {"first": FIRST_YEAR, "last": LAST_YEAR})
    return day


def _iso_moment(value: object) -> datetime:
    # A plus that a client forgot to encode arrives as a space.
    text = value.replace(" ", "+") if isinstance(value, str) else ""
    if not _ISO_MOMENT.fullmatch(text):
        raise PydanticKnownError("datetime_type")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise PydanticKnownError("datetime_type") from None


def _figure(value: object) -> Decimal:
    """A JSON number as it was written; a figure has at most three decimal places."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticKnownError("decimal_type")
    found = Decimal(repr(value))
    if not found.is_finite() or abs(found) >= MOST_FIGURE:
        raise PydanticKnownError("decimal_type")
    if found != round(found, 3):
        raise PydanticKnownError("decimal_max_places", {"decimal_places": 3})
    return found


def _uuid(value: object) -> UUID:
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise PydanticKnownError("uuid_type")
    return UUID(value)


Whole = Annotated[int, Strict()]
YesNo = Annotated[bool, Strict()]
Amount = Annotated[int, Strict(), Field(gt=0, le=MOST_MONEY, description="đồng", examples=[420_000_000])]
"""Money that moves, in whole đồng."""
Figure = Annotated[Decimal, BeforeValidator(_figure), WithJsonSchema({"type": "number", "examples": [95.5]})]
"""A figure that is no money: a percentage, a number of households; at most three decimal places, exact once read."""
Year = Annotated[int, Strict(), Field(ge=FIRST_YEAR, le=LAST_YEAR, examples=[2025])]
IsoDate = Annotated[
    date,
    BeforeValidator(_iso_date),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2025-06-30"]}),
]
Moment = Annotated[
    datetime,
    BeforeValidator(_iso_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2025-06-30T01:00:00Z"]}),
]
"""A moment with its zone; in UTC once read."""
ClientId = Annotated[UUID, BeforeValidator(_uuid), WithJsonSchema({"type": "string", "format": "uuid"})]


class Body(BaseModel):
    """What a request's body holds; fields that nobody knows are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ListQuery(BaseModel):
    """What every list takes; lists with filters derive from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=500, description="Số dòng một trang · rows in a page")] = 50
    cursor: Annotated[
        str | None,
        Field(max_length=1000, description="Giá trị `next` của trang trước · `next` of the page before"),
    ] = None
    updated_since: Annotated[
        Moment | None, Field(description="Chỉ dòng đổi từ lúc này · only rows changed since")
    ] = None
