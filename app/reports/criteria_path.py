"""How many criteria were met over time, as whole coordinates of one picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.domain.criteria.scorecard import Scorecard
from app.reports.curve import line, months, steps
from app.reports.svg import scale

WIDTH: Final = 388
HEIGHT: Final = 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 26, WIDTH - 12, 14, HEIGHT - 24


@dataclass(frozen=True, slots=True)
class PathChart:
    """A line that steps up and down; `last` is where it ends, `met` how many were met there."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    y_ticks: list[tuple[int, str]]
    x_ticks: list[tuple[int, str]]
    real: str
    last: tuple[int, int]
    met: int


def path_chart(card: Scorecard, lang: str) -> PathChart | None:
    """The picture, from the first assessment to the day asked for; None while nothing was assessed before it."""
    if not card.path or card.path[0][0] == card.as_of:
        return None
    first = card.path[0][0]
    length = (card.as_of - first).days

    def y(number: int) -> int:
        return _BOTTOM - scale(number, card.total, _BOTTOM - _TOP)

    points = [(_LEFT + scale((day - first).days, length, _RIGHT - _LEFT), y(met)) for day, met in card.path]
    drawn = steps(points, _RIGHT, _BOTTOM)
    return PathChart(
        width=WIDTH, height=HEIGHT, left=_LEFT, right=_RIGHT, bottom=_BOTTOM,
        y_ticks=[(y(n), str(n)) for n in sorted({0, card.total // 2, card.total})],
        x_ticks=[
            (_LEFT + scale((day - first).days, length, _RIGHT - _LEFT), text)
            for day, text in months(first, card.as_of, lang)
            if day >= first
        ],
        real=line(drawn), last=drawn[-1], met=card.path[-1][1],
    )  # fmt: skip
