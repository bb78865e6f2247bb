"""Areas of land: square metres with two decimals for people, whole dm² (hundredths of a m²) in the books."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from app.money import BadFigure, parse_figure

DM2: Final = 100  # in a square metre
MAX_AREA_DM2: Final = 100_000_000_000  # 1.000 km²: more than any work takes


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
    """What an officer types for an area in m², as dm²: see `parse_figure`. BadArea for what is none."""
    try:
        return to_dm2(parse_figure(text.lower().replace("m²", "").replace("m2", "")))
    except BadFigure:
        raise BadArea(text) from None


def square_metres(area_dm2: int) -> Decimal:
    """dm² as square metres with two decimals."""
    return Decimal(area_dm2).scaleb(-2)
