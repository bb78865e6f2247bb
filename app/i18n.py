"""Two languages. The Vietnamese text is the message id; its English stands in `locale/en.po`.

Placeholders are named, with formats of our own: `{asked:money}`, `{n:number}`, `{on:date}`, `{at:moment}`,
`{share:percent}`. Domain code marks a text that is translated later with `N_`.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from babel.messages.pofile import read_po

from app.clock import local
from app.money import format_dong, format_number, percent

LANGUAGES: Final = ("vi", "en")
DEFAULT: Final = LANGUAGES[0]
COOKIE: Final = "lang"
_PO = Path(__file__).parent / "locale" / "en.po"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def N_(text: str) -> str:
    """Marks a message id that is stored now and translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A message id with the facts that fill it, translated where it is shown."""

    text: str
    facts: Mapping[str, object] = field(default_factory=dict)


def format_date(day: date, lang: str = DEFAULT) -> str:
    """14/09/2023, or 14 Sep 2023. A moment is shown by its day in Vietnam."""
    if isinstance(day, datetime):
        day = local(day).date()
    if lang == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def format_moment(moment: datetime, lang: str = DEFAULT) -> str:
    """9:41 14/09/2023, by Vietnam's clock."""
    here = local(moment)
    return f"{here.hour}:{here.minute:02d} {format_date(here.date(), lang)}"


class _Formatter(string.Formatter):
    """str.format with our formats; only plain names, so that no template reaches into an object."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:  # noqa: ARG002 - the parent's signature
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        match format_spec:
            case "money":
                return f"{format_dong(int(value), self.lang)} đ"
            case "number":
                return format_number(value if isinstance(value, int) else Decimal(str(value)), self.lang)
            case "percent":
                return percent(None if value is None else Decimal(str(value)), self.lang)
            case "date":
                return format_date(value, self.lang)
            case "moment":
                return format_moment(value, self.lang)
        return str(value)


_FORMATTERS: Final = {lang: _Formatter(lang) for lang in LANGUAGES}


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, str]:
    """Message id to English, without fuzzy or empty entries."""
    with _PO.open("rb") as file:
        entries = read_po(file, locale="en")
    return {
        message.id: message.string
        for message in entries
        if isinstance(message.id, str)
        and isinstance(message.string, str)
        and message.string
        and not message.fuzzy
    }


def translate(lang: str, text: str, /, **facts: object) -> str:
    """The text in `lang`, its placeholders filled.

    Never raises: a text without English is shown in Vietnamese, and one whose facts do not fit it as it
    stands, since a page that reports a fault must not fail over its wording.
    """
    if not text:
        return text
    said = catalogue().get(text, text) if lang == "en" else text
    if not facts:
        return said
    try:
        return _FORMATTERS["en" if lang == "en" else "vi"].vformat(said, (), facts)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError):
        return said


def say(lang: str, text: str | Message) -> str:
    """A stored message, or a text that may be one, in `lang`."""
    return translate(lang, text.text, **text.facts) if isinstance(text, Message) else translate(lang, text)


def negotiate(cookie: str | None, accept_language: str | None) -> str:
    """The language of a request: what its reader chose, else what their browser prefers, else Vietnamese."""
    if cookie in LANGUAGES:
        return cookie
    best, best_weight = DEFAULT, 0.0
    for part in (accept_language or "").split(",")[:20]:
        tag, _, parameter = part.strip().partition(";")
        language = tag.strip().lower().split("-")[0]
        weight = _weight(parameter)
        if language in LANGUAGES and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
