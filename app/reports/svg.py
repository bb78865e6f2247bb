"""The geometry of pictures: pure functions from figures to whole coordinates; templates draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from app.money import BILLION, DONG, MILLION, Unit, format_number, rate

SCALE = 1000
"""Width of every bar in its own units."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A plan's money by pocket (đồng), where the year stands (ratio), and what may be lost (đồng).

    `gone` was carried to another year or lapsed: of the plan, but in no pocket any more.
    """

    settled: int = 0
    paid: int = 0
    advanced: int = 0
    available: int = 0
    year_gone: Decimal | None = None
    at_risk: int = 0
    gone: int = 0

    @property
    def plan(self) -> int:
        return self.settled + self.paid + self.advanced + self.available + self.gone

    @property
    def disbursed(self) -> int:
        return self.settled + self.paid + self.advanced

    @property
    def rate(self) -> Decimal | None:
        return rate(self.disbursed, self.plan)

    def segments(self) -> list[tuple[str, int, int]]:
        """(pocket, x, width) of what is disbursed; edges are rounded, so that segments touch."""
        found: list[tuple[str, int, int]] = []
        done = 0
        for name, amount in (("settled", self.settled), ("paid", self.paid), ("advanced", self.advanced)):
            left, right = scale(done, self.plan), scale(done + amount, self.plan)
            done += amount
            if right > left:
                found.append((name, left, right - left))
        return found

    @property
    def now(self) -> int | None:
        if self.year_gone is None:
            return None
        share = min(max(self.year_gone, Decimal(0)), Decimal(1))
        return int((share * SCALE).to_integral_value(ROUND_HALF_UP))

    @property
    def gone_width(self) -> int:
        return scale(self.gone, self.plan)

    @property
    def risk_width(self) -> int:
        return scale(min(self.at_risk, self.available), self.plan)


def scale(part: int, whole: int, width: int = SCALE) -> int:
    """`part` of `whole` on a line of `width`, half up; 0 where there is no whole."""
    return (2 * part * width + whole) // (2 * whole) if whole > 0 else 0


@dataclass(frozen=True, slots=True)
class LineChart:
    """Coordinates of money over a year in a box of `width` by `height`."""

    width: int
    height: int
    unit: Unit
    left: int
    right: int
    bottom: int
    y_ticks: list[tuple[int, str]]
    x_ticks: list[tuple[int, str]]
    real: str
    area: str
    last: tuple[int, int] | None
    plan_y: int


def line_chart(
    points: Sequence[tuple[date, int]],
    plan: int,
    year: int,
    lang: str = "vi",
    *,
    width: int = 380,
    height: int = 230,
) -> LineChart:
    """Cumulative disbursement (đồng, on days of `year`) against an even way to `plan` at the year's end.

    The line begins at nothing on the first of January unless the first point says otherwise.
    """
    left, right, top, bottom = 34, width - 8, 14, height - 24
    highest = max([plan, 1, *(amount for _, amount in points)])
    unit = BILLION if highest >= 2 * BILLION.size else MILLION if highest >= 2 * MILLION.size else DONG
    step = nice_step(highest, 4)
    ceiling = -(-highest // step) * step

    first, days = date(year, 1, 1), date(year, 12, 31).toordinal() - date(year, 1, 1).toordinal()

    def x(day: date) -> int:
        return left + scale(min(max(day.toordinal() - first.toordinal(), 0), days), days, right - left)

    def y(amount: int) -> int:
        return bottom - scale(max(amount, 0), ceiling, bottom - top)

    drawn = [(x(day), y(amount)) for day, amount in sorted(points)]
    if drawn and drawn[0][0] > left:
        drawn.insert(0, (left, y(0)))
    line = " ".join(f"{px},{py}" for px, py in drawn)
    return LineChart(
        width=width,
        height=height,
        unit=unit,
        left=left,
        right=right,
        bottom=bottom,
        y_ticks=[
            (y(v), format_number((Decimal(v) / unit.size).normalize() + 0, lang))
            for v in range(0, ceiling + 1, step)
        ],
        x_ticks=[((x(date(year, m, 1)) + x(date(year, m, 28))) // 2, str(m)) for m in range(1, 13)],
        real=line,
        area=f"{drawn[0][0]},{bottom} {line} {drawn[-1][0]},{bottom}" if drawn else "",
        last=drawn[-1] if drawn else None,
        plan_y=y(plan),
    )


def nice_step(highest: int, parts: int) -> int:
    """The smallest of 1, 2, 3, 5 x 10^k of which `parts` reach `highest`."""
    magnitude = 1
    while True:
        for digit in (1, 2, 3, 5):
            if digit * magnitude * parts >= highest:
                return digit * magnitude
        magnitude *= 10
