"""Areas of land: square metres with two decimals for people, whole dm² (hundredths of a m²) in the books."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

DM2: Final = 100  # in a square metre
MAX_AREA_DM2: Final = 100_000_000_000  # 1.000 km²: more than any work takes

_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([. ])[0-9]{3})(?:\1[0-9]{3})*(?:,[0-9]{1,2})?")
_ENGLISH = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]{1,2}")
_PLAIN = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,2})?")


class BadArea(ValueError):
    """No area of land in m² with at most two decimals."""


def to_dm2(area: Decimal) -> int:
    """Square metres as dm², exactly; BadArea for what is negative, too large or has more than two decimals."""
    if not area.is_finite() or not 0 <= area <= MAX_AREA_DM2 // DM2:
        raise BadArea(str(area))
    exact = area.scaleb(2)
    if exact != exact.to_integral_value():
        raise BadArea(str(area))
    return int(exact)


def parse_area(text: str) -> int:
    """What an officer types for an area in m², as dm²: `125`, `125,5`, `125.50`, `1.250`, `1.250,5`, `1,250.5`.

    One point before three digits groups, as Vietnamese does. BadArea for anything else.
    """
    clean = " ".join(text.lower().replace("m²", "").replace("m2", "").split())
    if _PLAIN.fullmatch(clean):
        return to_dm2(Decimal(clean.replace(",", ".")))
    if _GROUPED.fullmatch(clean):
        return to_dm2(Decimal(re.sub(r"[. ]", "", clean).replace(",", ".")))
    if _ENGLISH.fullmatch(clean):
        return to_dm2(Decimal(clean.replace(",", "")))
    raise BadArea(text)


def square_metres(area_dm2: int) -> Decimal:
    """dm² as square metres with two decimals."""
    return Decimal(area_dm2).scaleb(-2)
