"""The S-curve of a work: what is planned, built and paid over time, as whole coordinates of one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from app.i18n import N_, format_date, translate
from app.money import percent, rate
from app.reports.svg import scale

Kind = Literal["today", "plan", "real", "spent"]
Anchor = Literal["start", "middle", "end"]
Points = Sequence[tuple[date, int]]

_LINE: Final = 14  # height of a label
_LETTER: Final = 6  # width of a letter, generously
_WORDS: Final = 104  # room for words beside the lines that end at the right
_TICKS: Final = 5  # most of them under the picture
_SHIFTS: Final = tuple(sign * n * _LINE for n in range(8) for sign in (1, -1))
_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 600, 2400, 12_000, 24_000)


@dataclass(frozen=True, slots=True)
class Label:
    """Words at the end of a line; `y` is the line they stand on."""

    kind: Kind
    text: str
    x: int
    y: int
    anchor: Anchor

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the room that it takes."""
        width = _LETTER * len(self.text)
        left = self.x - {"start": 0, "middle": width // 2, "end": width}[self.anchor]
        return left, self.y - _LINE + 3, left + width, self.y + 3

    def meets(self, other: Label) -> bool:
        a, b = self.box, other.box
        return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@dataclass(frozen=True, slots=True)
class Curve:
    """Coordinates of the picture in a box of `width` by `height`; a line of which nothing is known is empty.

    `today` is where the day stands that the figures are of, None when it lies far beside what is drawn.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    y_ticks: list[tuple[int, str]]
    x_ticks: list[tuple[int, str]]
    plan: str
    real: str
    spent: str
    dots: list[tuple[int, int]]
    square: tuple[int, int] | None
    today: int | None
    labels: list[Label]


def s_curve(
    plan: Points,
    real: Points,
    spent: Points,
    of_money: int | None,
    on: date,
    lang: str = "vi",
    *,
    width: int = 388,
    height: int = 240,
) -> Curve | None:
    """Percent planned, percent built (as reported), đồng spent of `of_money`, by day; None where nothing is known.

    Money is spent on a day and not in between: its line goes in steps, to `on` where that is drawn.
    """
    money = spent if of_money else ()
    days = [day for points in (plan, real, money) for day, _ in points]
    if not days:
        return None
    first, last = _span(min(days), max(days), on)
    left, right, top, bottom = 40, width - _WORDS, 26, height - 24
    length = max(1, (last - first).days)

    def x(day: date) -> int:
        return left + scale((min(max(day, first), last) - first).days, length, right - left)

    def y(part: int, whole: int = 100) -> int:
        return bottom - scale(min(part, whole), whole, bottom - top)

    planned = [(x(day), y(part)) for day, part in plan]
    built = [(x(day), y(part)) for day, part in real]
    paid = steps([(x(day), y(amount, of_money or 1)) for day, amount in money], x(max(on, first)), bottom)
    here = x(on) if first <= on <= last else None
    ends: list[tuple[Kind, str, tuple[int, int]]] = []
    if here is not None:
        ends.append(("today", translate(lang, N_("hôm nay")), (here, top)))
    if planned:
        ends.append(("plan", translate(lang, N_("kế hoạch")), planned[-1]))
    if built:
        ends.append(("real", translate(lang, N_("khối lượng {done:number} %"), done=real[-1][1]), built[-1]))
    if paid:
        share = rate(money[-1][1], of_money or 1)
        ends.append(("spent", translate(lang, N_("tiền {share:percent}"), share=share), paid[-1]))
    return Curve(
        width=width, height=height, left=left, right=right, top=top, bottom=bottom,
        y_ticks=[(y(n), percent(Decimal(n) / 100, lang, 0)) for n in (0, 25, 50, 75, 100)],
        x_ticks=[(x(day), text) for day, text in months(first, last, lang)],
        plan=line(planned), real=line(built), spent=line(paid), dots=built, square=paid[-1] if paid else None,
        today=here, labels=_placed(ends, bottom),
    )  # fmt: skip


def line(points: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{px},{py}" for px, py in points)


def _span(first: date, last: date, on: date) -> tuple[date, date]:
    """The days that are drawn: all that is known, and the day asked for when it is no more than a quarter beside."""
    beside = max(14, (last - first).days // 4)
    if (first - on).days <= beside and (on - last).days <= beside:
        return min(first, on), max(last, on)
    return first, last


def steps(points: Sequence[tuple[int, int]], until: int, ground: int) -> list[tuple[int, int]]:
    """A line that rises where something happens and is flat in between, from the ground, at least to `until`."""
    found: list[tuple[int, int]] = []
    height = ground
    for px, py in points:
        found += [(px, height), (px, py)]
        height = py
    if found and until > found[-1][0]:
        found.append((until, height))
    return found


def months(first: date, last: date, lang: str) -> list[tuple[date, str]]:
    """Beginnings of months (or years) to write under the picture, few enough to be read."""
    begin = first.year * 12 + first.month - 1 + (first.day > 1)
    end = last.year * 12 + last.month - 1
    step = next((n for n in _MONTHS if (end - begin) // n < _TICKS), _MONTHS[-1])
    found = [divmod(n, 12) for n in range(-(-begin // step) * step, end + 1, step)]
    if not found:
        return [(first, format_date(first, lang))]
    return [(date(year, m + 1, 1), f"{year}" if step >= 12 else f"{m + 1}/{year}") for year, m in found]


def _placed(ends: Sequence[tuple[Kind, str, tuple[int, int]]], bottom: int) -> list[Label]:
    """Words beside the ends of lines, moved up or down until no two of them meet."""
    found: list[Label] = []
    for kind, text, (px, py) in ends:
        label = (
            Label(kind, text, px, py - 12, "middle")
            if kind == "today"
            else Label(kind, text, px + 9, py + 4, "start")
        )
        tried = (replace(label, y=label.y + shift) for shift in _SHIFTS)
        free = (
            one for one in tried if _LINE <= one.y < bottom and not any(one.meets(other) for other in found)
        )
        found.append(next(free, label))
    return found
