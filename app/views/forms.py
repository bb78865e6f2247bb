"""A posted form: read, checked, and kept as it was typed, so that a refused one comes back whole."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from app.errors import Fact, Fault, FieldError, Invalid
from app.i18n import N_, Message, format_date
from app.money import BadAmount, BadFigure, Reason, format_dong, format_number, parse_dong, parse_figure
from app.text import nfc
from app.web.schema import FIRST_YEAR, LAST_YEAR

REQUIRED: Final = N_("Chưa điền")
AMOUNT_REASONS: Final[Mapping[Reason, str]] = {
    "empty": REQUIRED,
    "not_a_number": N_("Không phải số tiền. Ví dụ: 420.000.000 hoặc 420 triệu"),
    "negative": N_("Số tiền không được âm"),
    "ambiguous": N_("Có thể hiểu hai cách. Ghi đủ số đồng (1.500.000) hoặc kèm đơn vị (1,5 triệu)"),
    "grouping": N_("Dấu ngăn cách chưa đúng. Ví dụ: 420.000.000"),
    "not_whole": N_("Phải là số đồng nguyên, không có phần lẻ"),
    "too_large": N_("Quá 15 chữ số"),
}
_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def parse_day(text: str) -> date:
    """dd/mm/yyyy (or with dots, hyphens) or yyyy-mm-dd; ValueError for anything else."""
    clean = text.strip()
    if match := _DAY.fullmatch(clean):
        day, month, year = (int(part) for part in match.groups())
    elif match := _ISO_DAY.fullmatch(clean):
        year, month, day = (int(part) for part in match.groups())
    else:
        raise ValueError(text)
    return date(year, month, day)


class Form:
    """What was typed (`values`), what is wrong with it (`errors` by field, `general` for the whole).

    Each reader returns the value, or None after noting an error. Before anything is saved, ask `ok`.
    """

    prefix = ""
    """Set where two forms with fields of the same name stand on one page: it sets their ids apart."""

    def __init__(self, typed: Mapping[str, object] | None = None, /, **initial: object) -> None:
        self.values: dict[str, str] = {name: _shown(value) for name, value in initial.items()}
        for name, value in (typed or {}).items():
            if isinstance(value, str):
                self.values[name] = nfc(value).replace("\x00", "")
        self.errors: dict[str, Message] = {}
        self.labels: dict[str, str] = {}
        self.general: list[Message] = []

    @property
    def ok(self) -> bool:
        return not self.errors and not self.general

    @property
    def refused(self) -> bool:
        return not self.ok

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def key(self, name: str) -> str:
        """The name by which a field's ids are made."""
        return f"{self.prefix}{name}"

    def call(self, name: str, label: str) -> str:
        """Told by the macro that draws a field; the summary of errors then names it. Draws nothing."""
        self.labels[name] = label
        return ""

    def fail(self, name: str, message: str, **facts: Fact) -> None:
        """Notes an error beside a field; the first one of a field stands."""
        self.errors.setdefault(name, Message(message, facts))

    def take(self, fault: Fault, known: Collection[str] = ()) -> None:
        """Notes a refusal of the domain: beside its fields where the form has them, else above the form.

        `known` are the form's fields under the names that the domain uses; without it, those in `values`.
        """
        fields = set(known) or set(self.values)
        errors: tuple[FieldError, ...] = fault.errors
        for error in errors:
            if error.field in fields:
                self.fail(error.field, error.message, **error.facts)
            else:
                self.general.append(Message(error.message, error.facts))
        if not errors:
            self.general.append(Message(fault.message, fault.facts))

    def check(self) -> None:
        """Raises `Invalid` with what has been noted."""
        if self.refused:
            raise Invalid(*(FieldError(name, m.text, dict(m.facts)) for name, m in self.errors.items()))  # type: ignore[arg-type]

    # Readers

    def text(self, name: str, *, required: bool = True, longest: int = 2000) -> str | None:
        value = self.get(name).strip()
        if not value:
            if required:
                self.fail(name, REQUIRED)
            return None
        if len(value) > longest:
            self.fail(name, N_("Dài quá {longest:number} ký tự"), longest=longest)
            return None
        return value

    def amount(self, name: str, *, required: bool = True, positive: bool = True) -> int | None:
        """Whole đồng, as typed with or without separators."""
        typed = self.get(name)
        if not typed.strip():
            if required:
                self.fail(name, REQUIRED)
            return None
        try:
            value = parse_dong(typed)
        except BadAmount as bad:
            self.fail(name, AMOUNT_REASONS[bad.reason])
            return None
        if positive and value == 0:
            self.fail(name, N_("Số tiền phải lớn hơn 0"))
            return None
        return value

    def day(self, name: str, *, required: bool = True) -> date | None:
        typed = self.get(name)
        if not typed.strip():
            if required:
                self.fail(name, REQUIRED)
            return None
        try:
            day = parse_day(typed)
        except ValueError:
            self.fail(name, N_("Không phải ngày. Ví dụ: 14/09/2023"))
            return None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail(name, N_("Năm phải từ {first} đến {last}"), first=FIRST_YEAR, last=LAST_YEAR)
            return None
        return day

    def whole(self, name: str, *, required: bool = True, least: int = 0, most: int = 10**9) -> int | None:
        """A whole number without a unit."""
        typed = self.get(name).strip()
        if not typed:
            if required:
                self.fail(name, REQUIRED)
            return None
        if not re.fullmatch(r"-?[0-9]{1,18}", typed) or not least <= int(typed) <= most:
            self.fail(
                name, N_("Phải là số nguyên từ {least:number} đến {most:number}"), least=least, most=most
            )
            return None
        return int(typed)

    def figure(self, name: str, *, required: bool = True) -> Decimal | None:
        """A figure that is no money, with a comma or a point before its decimals."""
        typed = self.get(name)
        if not typed.strip():
            if required:
                self.fail(name, REQUIRED)
            return None
        try:
            return parse_figure(typed)
        except BadFigure:
            self.fail(name, N_("Không phải số. Ví dụ: 95,5"))
            return None

    def choice(self, name: str, allowed: Collection[str], *, required: bool = True) -> str | None:
        value = self.get(name)
        if not value and not required:
            return None
        if value not in allowed:
            self.fail(name, N_("Chưa chọn") if not value else N_("Không có trong danh sách"))
            return None
        return value

    def flag(self, name: str) -> bool:
        return self.get(name) in {"1", "on", "true"}

    def id(self, name: str, *, required: bool = True) -> uuid.UUID | None:
        value = self.get(name)
        if not value and not required:
            return None
        try:
            return uuid.UUID(value)
        except ValueError:
            self.fail(name, N_("Chưa chọn") if not value else N_("Không có trong danh sách"))
            return None


def _shown(value: object) -> str:
    """A stored value as it stands in a field."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else ""
        case int():
            return format_dong(value) if abs(value) >= 10_000 else str(value)
        case Decimal():
            return format_number(value)
        case date():
            return format_date(value)
    return str(value)
