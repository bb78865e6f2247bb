"""Đồng: written, read, said in words, and set in proportion.

Amounts are whole đồng (`int`). Nothing here is a float: what is shown in thousands, millions or billions is
divided exactly and rounded half up, and only for the eye.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

MAX_DIGITS: Final = 15
"""Longest amount that can be typed; 999.999 tỷ đồng leaves room to sum thousands of them in 64 bits."""

Reason = Literal["empty", "not_a_number", "negative", "ambiguous", "grouping", "not_whole", "too_large"]


class BadAmount(ValueError):
    """What was typed is not one amount of whole đồng; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in which amounts are shown: `size` đồng each."""

    code: str
    size: int
    vi: str
    en: str

    def name(self, lang: str) -> str:
        return self.en if lang == "en" else self.vi


DONG = Unit("dong", 1, "đồng", "đồng")
THOUSAND = Unit("thousand", 10**3, "nghìn đồng", "thousand đồng")
MILLION = Unit("million", 10**6, "triệu đồng", "million đồng")
BILLION = Unit("billion", 10**9, "tỷ đồng", "billion đồng")
UNITS: Final = {unit.code: unit for unit in (DONG, THOUSAND, MILLION, BILLION)}

_SWAP = str.maketrans(",.", ".,")


def format_number(value: int | Decimal, lang: str = "vi") -> str:
    """1234.5 as 1.234,5 (vi) or 1,234.5 (en); every digit given is kept."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,f}"
    return text if lang == "en" else text.translate(_SWAP)


class BadFigure(ValueError):
    """No number as people write one."""


_GROUPED_FIGURE = re.compile(r"[1-9][0-9]{0,2}(?:([. ])[0-9]{3})(?:\1[0-9]{3})*(?:,[0-9]+)?")
_ENGLISH_FIGURE = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+")
_PLAIN_FIGURE = re.compile(r"[0-9]{1,12}(?:[.,][0-9]+)?")


def parse_figure(text: str) -> Decimal:
    """What people type for a figure that is no money: `125`, `125,5`, `125.50`, `1.250`, `1.250,5`, `1,250.5`.

    One point before three digits groups, as Vietnamese does. BadFigure for anything else.
    """
    clean = " ".join(text.split())
    if _GROUPED_FIGURE.fullmatch(clean):
        return Decimal(re.sub(r"[. ]", "", clean).replace(",", "."))
    if _ENGLISH_FIGURE.fullmatch(clean):
        return Decimal(clean.replace(",", ""))
    if _PLAIN_FIGURE.fullmatch(clean):
        return Decimal(clean.replace(",", "."))
    raise BadFigure(text)


def format_dong(amount: int, lang: str = "vi") -> str:
    """420000000 as 420.000.000, without the unit."""
    return format_number(amount, lang)


def round_half_up(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def in_unit(amount: int, unit: Unit, lang: str = "vi", places: int | None = None) -> str:
    """The amount in `unit`, rounded half up to `places`; without `places` whole, or one place if it is not whole."""
    if places is None:
        places = places_for((amount,), unit)
    return format_number(round_half_up(Decimal(amount) / unit.size, places), lang)


def in_millions(amount: int, lang: str = "vi") -> str:
    """86400000 as 86,4."""
    return in_unit(amount, MILLION, lang)


def places_for(amounts: tuple[int, ...] | list[int], unit: Unit) -> int:
    """Decimal places that a column of these amounts wants: none while all are whole in `unit`, else one."""
    return int(any(amount % unit.size for amount in amounts))


def compact(amount: int, lang: str = "vi") -> tuple[str, str]:
    """The amount as one says it: (8,35, tỷ đồng), (86,4, triệu đồng), (950.000, đồng); two places at most."""
    for unit in (BILLION, MILLION):
        shown = round_half_up(Decimal(amount) / unit.size, 2)
        if abs(shown) >= 1:
            plain = shown.to_integral_value() if shown == shown.to_integral_value() else shown.normalize()
            return format_number(plain, lang), unit.name(lang)
    return format_dong(amount, lang), DONG.name(lang)


_FACTORS: Final = {
    "": 1, "đ": 1, "d": 1, "đồng": 1, "dong": 1, "vnd": 1, "vnđ": 1,
    "nghìn": 10**3, "nghin": 10**3, "ngàn": 10**3, "ngan": 10**3, "k": 10**3,
    "triệu": 10**6, "trieu": 10**6, "tr": 10**6,
    "tỷ": 10**9, "tỉ": 10**9, "ty": 10**9, "ti": 10**9,
}  # fmt: skip
_TYPED = re.compile(
    r"(?P<sign>[-\u2212+]?)\s*(?P<number>[0-9][0-9., ]*?)\s*(?P<unit>[^\W0-9_]*)(?P<tail> [^\W0-9_]+)?"
)
_PLAIN = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*")
_GROUPED_AND_DECIMAL = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+,[0-9]+|(?:,[0-9]{3})+\.[0-9]+)")
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]+")


def parse_dong(text: str) -> int:
    """What an officer types for an amount, in whole đồng.

    Taken: `420.000.000`, `420 000 000`, `420,000,000`, `420000000 đ`, `420 triệu`, `1,5 tỷ`.
    Refused with `BadAmount` is what could mean two things (`1.5` without a unit, `1,500 triệu`), what is
    grouped wrongly (`12.34.5`), what is no whole number of đồng, what is negative or beyond `MAX_DIGITS`.
    """
    clean = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    if not clean:
        raise BadAmount("empty")
    match = _TYPED.fullmatch(clean)
    if match is None:
        raise BadAmount("not_a_number")
    factor = _FACTORS.get(match["unit"])
    tail = (match["tail"] or "").strip()
    if factor is None or (tail and (factor == 1 or _FACTORS.get(tail) != 1)):
        raise BadAmount("not_a_number")
    if match["sign"] in ("-", "\u2212"):
        raise BadAmount("negative")
    value = _read_number(match["number"], whole=factor == 1) * factor
    if value != value.to_integral_value():
        raise BadAmount("not_whole")
    if value >= 10**MAX_DIGITS:
        raise BadAmount("too_large")
    return int(value)


def _read_number(number: str, *, whole: bool) -> Decimal:
    if len(number) > 40:
        raise BadAmount("too_large")
    if _PLAIN.fullmatch(number):
        return Decimal(number)
    if grouped := _GROUPED.fullmatch(number):
        # "1,500 triệu" is 1,5 million to a Vietnamese reader and 1500 million to an English one.
        if not whole and grouped[1] == "," and number.count(",") == 1:
            raise BadAmount("ambiguous")
        return Decimal(re.sub(r"[., ]", "", number))
    if _GROUPED_AND_DECIMAL.fullmatch(number):
        cut = max(number.rfind("."), number.rfind(","))
        value = Decimal(re.sub(r"[.,]", "", number[:cut]) + "." + number[cut + 1 :])
        if whole and value != value.to_integral_value():
            raise BadAmount("not_whole")
        return value
    if _DECIMAL.fullmatch(number):
        if whole:
            raise BadAmount("ambiguous")
        return Decimal(number.replace(",", "."))
    raise BadAmount("grouping")


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def words(amount: int, lang: str = "vi") -> str:
    """The amount as a voucher says it: Bốn trăm hai mươi triệu đồng."""
    if lang == "en":
        # Loading num2words brings in every language it knows: only those who read English pay for it.
        from num2words import num2words

        said = str(num2words(amount, lang="en"))
    elif amount == 0:
        said = _DIGITS[0]
    else:
        said = ("âm " if amount < 0 else "") + _read(abs(amount))
    return f"{said[0].upper()}{said[1:]} đồng"


def _read(number: int) -> str:
    """Above a tỷ the reading starts again: mười nghìn năm trăm tỷ."""
    parts: list[str] = []
    for size, name in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        count, number = divmod(number, size)
        if count:
            said = _read(count) if count > 999 else _read_three(count, full=bool(parts))
            parts.append(f"{said} {name}".strip())
    return " ".join(parts)


def _read_three(number: int, *, full: bool) -> str:
    """One group of three digits; `full` where something stands before it, so that its zeros are said."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said: list[str] = []
    if hundreds or full:
        said += [_DIGITS[hundreds], "trăm"]
    if tens > 1:
        said += [_DIGITS[tens], "mươi"]
        said += [{1: "mốt", 4: "tư", 5: "lăm"}.get(ones, _DIGITS[ones])] if ones else []
    elif tens == 1:
        said += ["mười"]
        said += ["lăm" if ones == 5 else _DIGITS[ones]] if ones else []
    elif ones:
        said += ["linh", _DIGITS[ones]] if said else [_DIGITS[ones]]
    return " ".join(said)


def rate(part: int, whole: int) -> Decimal | None:
    """`part / whole` with four places, half up (1 = all); None where there is nothing to divide by."""
    return round_half_up(Decimal(part) / whole, 4) if whole else None


def percent(ratio: Decimal | None, lang: str = "vi", places: int = 1) -> str:
    """0.5653 as 56,5 % (vi) or 56.5% (en); an en dash for None."""
    if ratio is None:
        return "–"
    shown = format_number(round_half_up(ratio * 100, places), lang)
    return f"{shown}%" if lang == "en" else f"{shown} %"
