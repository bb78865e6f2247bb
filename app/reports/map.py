"""A map drawn here: from degrees to a fitted picture, north up, with what tells distance and place; no ground below.

Equirectangular, scaled by the cosine of the middle latitude: within a province no reader sees the difference.
Pure functions; a template draws what they give.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

Corner = tuple[float, float]  # lon, lat in degrees of WGS 84
Spot = tuple[float, float]  # x, y in a picture
Box = tuple[float, float, float, float]  # left, top, right, bottom
Cell = tuple[int, int]

METRES_IN_DEGREE: Final = 111_195
"""Of latitude, on a sphere of the earth's mean radius."""
LEAST_METRES: Final = 600
"""What a picture shows at least across, so that a single point stands in some surroundings."""
TAP: Final = 44
"""As large as a thumb asks; a marker takes as much as its neighbours leave."""
_PACE: Final = 10  # side of the cells that stand for a line where names look for room
_LEAST_PACE: Final = 1.5  # between corners that are drawn
_NUMBER: Final = 10  # what a number stands out beside its marker
_HIDDEN: Final = 0.1  # how much of a name may be covered
_LETTER: Final = 6.8  # mean width of a letter of a name, on the safe side


@dataclass(frozen=True, slots=True)
class Size:
    """A picture in its own units: pixels, where it is as wide as it was meant for. `step` is the room of a marker."""

    width: int
    height: int
    step: int = 30
    left: int = 44  # beside and below the drawing stand the degrees, the distance, the north
    right: int = 34
    top: int = 34
    bottom: int = 58


WIDE: Final = Size(640, 520, step=34)
NARROW: Final = Size(296, 360)
SMALL: Final = Size(320, 240)


@dataclass(frozen=True, slots=True)
class Feature:
    """What is drawn under a number: one corner is a point, more are a line."""

    number: int
    state: str
    corners: Sequence[Corner]


@dataclass(frozen=True, slots=True)
class Place:
    """A name that stands on the map; it does not stretch the picture unless `within`."""

    name: str
    code: str
    at: Corner
    within: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """How degrees become points of a picture."""

    size: Size
    lon: float
    lat: float
    per_lon: float
    per_lat: float

    def spot(self, corner: Corner) -> Spot:
        """Where a corner stands; north is up."""
        x = (self.size.left + self.size.width - self.size.right) / 2 + (corner[0] - self.lon) * self.per_lon
        y = (self.size.top + self.size.height - self.size.bottom) / 2 - (corner[1] - self.lat) * self.per_lat
        return round(x, 1), round(y, 1)

    @property
    def metres(self) -> float:
        """Of one unit of the picture."""
        return METRES_IN_DEGREE / self.per_lat


def fit(corners: Sequence[Corner], size: Size) -> Frame:
    """The frame in which all corners stand, as large as they allow, at the least LEAST_METRES across."""
    lons, lats = [lon for lon, _ in corners], [lat for _, lat in corners]
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    shrink = max(math.cos(math.radians(lat)), 0.01)  # at the poles all longitudes meet
    least = LEAST_METRES / METRES_IN_DEGREE
    wide, high = max((max(lons) - min(lons)) * shrink, least), max(max(lats) - min(lats), least)
    per_lat = min((size.width - size.left - size.right) / wide, (size.height - size.top - size.bottom) / high)
    return Frame(size, lon, lat, per_lat * shrink, per_lat)


@dataclass(frozen=True, slots=True)
class Mark:
    """A work's marker at x, y; `at` is the place that it stands for, from which neighbours may have pushed it.

    `hit` is the side of the square that may be pressed; no two overlap unless there was no room at all.
    """

    number: int
    state: str
    x: float
    y: float
    at: Spot
    hit: float
    line: str = ""

    @property
    def moved(self) -> bool:
        return (self.x, self.y) != self.at


@dataclass(frozen=True, slots=True)
class Label:
    """A place's dot and name: `shown` where it can be read, `free` where nothing else can be pressed below it."""

    name: str
    code: str
    dot: Spot
    x: float
    y: float
    anchor: str
    box: Box
    shown: bool
    free: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the graticule: degrees, and where it runs."""

    degrees: Decimal
    at: float


@dataclass(frozen=True, slots=True)
class Picture:
    """All that a template needs to draw the map."""

    size: Size
    marks: list[Mark]
    labels: list[Label]
    meridians: list[Tick]
    parallels: list[Tick]
    bar: float
    bar_metres: int


def draw(features: Sequence[Feature], places: Sequence[Place], size: Size) -> Picture:
    """The picture of features that have corners; of places only those that stand within it."""
    held = [corner for feature in features for corner in feature.corners]
    frame = fit(held + [place.at for place in places if place.within], size)
    marks = _marks(features, frame)
    bar_metres = nice_length(frame.metres * size.width * 0.3)
    return Picture(
        size=size,
        marks=marks,
        labels=_labels(
            [(place, frame.spot(place.at)) for place in places], marks, size, _ways(features, frame)
        ),
        meridians=[Tick(d, frame.spot((float(d), frame.lat))[0]) for d in _degrees(frame, across=True)],
        parallels=[Tick(d, frame.spot((frame.lon, float(d)))[1]) for d in _degrees(frame, across=False)],
        bar=round(bar_metres / frame.metres, 1),
        bar_metres=bar_metres,
    )


def nice_length(most: float) -> int:
    """The largest of 1, 2, 5 x 10^k metres that is no longer than `most`, and at least one."""
    digits = (d * 10**k for k in range(8) for d in (1, 2, 5))
    return max((length for length in digits if length <= most), default=1)


def _degrees(frame: Frame, *, across: bool) -> list[Decimal]:
    """Whole steps of degrees that cross the drawing, at most four: between its edges, clear of the texts beside it."""
    size = frame.size
    middle, scale = (frame.lon, frame.per_lon) if across else (frame.lat, frame.per_lat)
    room = size.width - size.left - size.right if across else size.height - size.top - size.bottom
    low, high = middle - room / 2 / scale, middle + room / 2 / scale
    steps = (Decimal(d).scaleb(k) for k in range(-6, 3) for d in (1, 2, 5))
    step = next(s for s in steps if (high - low) / float(s) <= 4 or s >= 100)
    first, last = math.ceil(low / float(step)), math.floor(high / float(step))
    return [step * n for n in range(first, last + 1)]


# --- markers -----------------------------------------------------------------------------------------------


def _marks(features: Sequence[Feature], frame: Frame) -> list[Mark]:
    """Each marker at its point or the middle of its line, or as near to that as those before it leave room."""
    taken: dict[Cell, list[Spot]] = {}
    placed: list[tuple[Feature, Spot, Spot, str]] = []
    for feature in features:
        spots = _thinned(frame, feature)
        at = middle_of(spots)
        line = " ".join(f"{x},{y}" for x, y in spots) if len(spots) > 1 else ""
        placed.append((feature, _free(at, taken, frame.size), at, line))
    hits = _hits([spot for _, spot, _, _ in placed], frame.size.step)
    return [
        Mark(feature.number, feature.state, x, y, at, hit, line)
        for (feature, (x, y), at, line), hit in zip(placed, hits, strict=True)
    ]


def _thinned(frame: Frame, feature: Feature) -> list[Spot]:
    """A feature's corners in the picture, without those that nobody could tell from the one before."""
    first, *others = [frame.spot(corner) for corner in feature.corners]
    kept = [first]
    for spot in others:
        if math.dist(kept[-1], spot) >= _LEAST_PACE:
            kept.append(spot)
    return kept if len(kept) > 1 or not others else [first, others[-1]]


def middle_of(spots: Sequence[Spot]) -> Spot:
    """The point half way along a line."""
    lengths = [math.dist(a, b) for a, b in itertools.pairwise(spots)]
    left = sum(lengths) / 2
    for ((ax, ay), (bx, by)), length in zip(itertools.pairwise(spots), lengths, strict=True):
        if length >= left and length > 0:
            share = left / length
            return round(ax + (bx - ax) * share, 1), round(ay + (by - ay) * share, 1)
        left -= length
    return spots[0]


def _free(at: Spot, taken: dict[Cell, list[Spot]], size: Size) -> Spot:
    """The nearest free room for a marker, which it takes; its own place where all is full."""
    step = size.step

    def cell(spot: Spot) -> Cell:
        return int(spot[0] // step), int(spot[1] // step)

    def is_free(spot: Spot) -> bool:
        column, row = cell(spot)
        near = (taken.get((column + i, row + j), ()) for i in (-1, 0, 1) for j in (-1, 0, 1))
        return all(max(abs(x - spot[0]), abs(y - spot[1])) >= step for spots in near for x, y in spots)

    found = next((spot for spot in _around(at, size) if is_free(spot)), at)
    taken.setdefault(cell(found), []).append(found)
    return found


def _around(at: Spot, size: Size) -> Iterator[Spot]:
    """A place, then the places about it that lie within the drawing, the nearest first."""
    yield at
    pace = half = size.step / 2
    for i, j in _steps(int(max(size.width, size.height) / pace)):
        x, y = at[0] + i * pace, at[1] + j * pace
        if half <= x <= size.width - half - _NUMBER and half <= y <= size.height - size.bottom + half:
            yield round(x, 1), round(y, 1)


@lru_cache(maxsize=8)
def _steps(most: int) -> list[Cell]:
    """Steps right and down of at most `most`, the shortest first."""
    sides = range(-most, most + 1)
    return sorted(itertools.product(sides, sides), key=lambda s: (s[0] ** 2 + s[1] ** 2, s))[1:]


def _hits(spots: Sequence[Spot], step: int) -> list[float]:
    """The side of each marker's square: up to TAP, as far as the nearest neighbour leaves."""
    return [
        min(
            (
                max(step, min(TAP, max(abs(x - ox), abs(y - oy))))
                for j, (ox, oy) in enumerate(spots)
                if j != i
            ),
            default=TAP,
        )
        for i, (x, y) in enumerate(spots)
    ]


# --- names -------------------------------------------------------------------------------------------------


def _ways(features: Sequence[Feature], frame: Frame) -> set[Cell]:
    """The cells of a grid that lines run through."""
    found = set()
    for feature in features:
        for a, b in itertools.pairwise(_thinned(frame, feature)):
            pieces = max(math.ceil(math.dist(a, b) / _PACE), 1)
            for n in range(pieces + 1):
                x, y = a[0] + (b[0] - a[0]) * n / pieces, a[1] + (b[1] - a[1]) * n / pieces
                found.add((int(x // _PACE), int(y // _PACE)))
    return found


def _labels(
    places: Sequence[tuple[Place, Spot]], marks: Sequence[Mark], size: Size, ways: Set[Cell]
) -> list[Label]:
    """Each name right, left, above or below its dot, where it covers least of what stands already; a name that
    would lie under markers or other names is left out.
    """
    drawn = [_square(mark.x, mark.y, size.step) for mark in marks]
    taken = [_square(mark.x, mark.y, mark.hit) for mark in marks]
    found = []
    for place, (x, y) in places:
        if not (0 <= x <= size.width and 0 <= y <= size.height - size.bottom / 2):
            continue
        width = len(place.name) * _LETTER
        sides: list[tuple[float, float, str, Box]] = [
            (x + 8, y + 4, "start", (x + 6, y - 12, x + 10 + width, y + 12)),
            (x - 8, y + 4, "end", (x - 10 - width, y - 12, x - 6, y + 12)),
            (x, y - 14, "middle", (x - width / 2, y - 30, x + width / 2, y - 6)),
            (x, y + 22, "middle", (x - width / 2, y + 6, x + width / 2, y + 30)),
        ]
        about = (x - width - 10, y - 30, x + width + 10, y + 30)
        near = [other for other in taken if _shared(about, other)]
        costs = [(_covered(side[3], near, size), _crossed(side[3], ways)) for side in sides]
        best = min(range(len(sides)), key=lambda i: sum(costs[i]))
        tx, ty, anchor, box = sides[best]
        shown = _covered(box, drawn, size) <= _HIDDEN * (box[2] - box[0]) * (box[3] - box[1])
        if shown:
            taken.append(box)
            drawn.append(box)
        free = shown and costs[best][0] == 0
        found.append(
            Label(place.name, place.code, (x, y), round(tx, 1), round(ty, 1), anchor, box, shown, free)
        )
    return found


def _square(x: float, y: float, side: float) -> Box:
    return x - side / 2, y - side / 2, x + side / 2, y + side / 2


def _covered(box: Box, taken: Sequence[Box], size: Size) -> float:
    """How much of what is taken a box covers, and how much of it falls outside."""
    left, top, right, bottom = box
    whole = (right - left) * (bottom - top)
    return whole - _shared(box, (0, 0, size.width, size.height)) + sum(_shared(box, other) for other in taken)


def _crossed(box: Box, ways: Set[Cell]) -> int:
    """How much of a box lines cross."""
    left, top, right, bottom = (int(edge // _PACE) for edge in box)
    cells = itertools.product(range(left, right + 1), range(top, bottom + 1))
    return sum(_PACE**2 for cell in cells if cell in ways)


def _shared(a: Box, b: Box) -> float:
    if a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]:
        return 0.0
    return (min(a[2], b[2]) - max(a[0], b[0])) * (min(a[3], b[3]) - max(a[1], b[1]))
