"""The picture of a flow between two years: a bar for each status, bands for the households that went from one to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.households import Moves
from app.domain.households.flow import FROM, TO
from app.reports.svg import scale

WIDTH: Final = 380
TOP: Final = 26
GAP: Final = 16  # between bars, so that words beside the thinnest still stand apart
TALL: Final = 220  # all households together
BAR: Final = 10
LEFT: Final = 112  # where the bars of last year begin; words stand before them
RIGHT: Final = WIDTH - LEFT - BAR
_ROOM: Final = 11  # a band thinner than this holds no figure


@dataclass(frozen=True, slots=True)
class Block:
    """A bar: a status of a year, and how many households have it."""

    status: str
    households: int
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Band:
    """The households that went from one status to another; `y` is where its figure stands, None without room."""

    before: str
    after: str
    households: int
    path: str
    y: int | None


@dataclass(frozen=True, slots=True)
class Picture:
    """Whole coordinates in a box of WIDTH by `height`."""

    before: tuple[Block, ...]
    after: tuple[Block, ...]
    bands: tuple[Band, ...]
    height: int
    width: int = WIDTH
    bar: int = BAR
    top: int = TOP


def picture(moves: Moves) -> Picture:
    """The geometry of a flow. Both columns hold the same households, so that bands fill them to the last."""
    whole = moves.between()
    before = _column([(s, moves.between(s)) for s in FROM], LEFT, whole)
    after = _column([(s, moves.between(None, s)) for s in TO], RIGHT, whole)
    given, taken = {b.status: 0 for b in before}, {b.status: 0 for b in after}
    bands = []
    for source in before:
        for target in after:
            n = moves.between(source.status, target.status)
            if not n:
                continue
            a = _part(source, given[source.status], n)
            b = _part(target, taken[target.status], n)
            given[source.status] += n
            taken[target.status] += n
            figure = (a[0] + a[1]) // 2 + 4 if a[1] - a[0] >= _ROOM else None
            bands.append(Band(source.status, target.status, n, _path(a, b), figure))
    height = max((block.y + block.height for block in (*before, *after)), default=TOP) + 8
    return Picture(before, after, tuple(bands), height)


def _column(counts: Sequence[tuple[str, int]], x: int, whole: int) -> tuple[Block, ...]:
    """The bars of a year from the top down, without empty ones; edges are rounded, so that they add up."""
    blocks: list[Block] = []
    done = 0
    for status, n in counts:
        if n:
            y, end = scale(done, whole, TALL), scale(done + n, whole, TALL)
            blocks.append(Block(status, n, x, TOP + y + GAP * len(blocks), end - y))
            done += n
    return tuple(blocks)


def _part(block: Block, done: int, n: int) -> tuple[int, int]:
    """From where to where on a bar `n` households stand, behind `done` of them."""
    return (
        block.y + scale(done, block.households, block.height),
        block.y + scale(done + n, block.households, block.height),
    )


def _path(a: tuple[int, int], b: tuple[int, int]) -> str:
    x, end = LEFT + BAR, RIGHT
    middle = (x + end) // 2
    return (
        f"M{x} {a[0]}C{middle} {a[0]} {middle} {b[0]} {end} {b[0]}"
        f"L{end} {b[1]}C{middle} {b[1]} {middle} {a[1]} {x} {a[1]}Z"
    )
