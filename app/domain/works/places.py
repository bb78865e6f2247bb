"""Where a work stands: a point, or the corners of a line, in degrees of WGS 84.

The books keep a corner as [lon, lat], as RFC 7946 has it; people write the latitude first, as their maps do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from app.errors import FieldError
from app.i18n import N_

Corner = tuple[float, float]
Path = tuple[Corner, ...]

MOST_CORNERS: Final = 500
MOST_LAT: Final = 90
MOST_LON: Final = 180

_OUT_OF_BOUNDS: Final = {
    "lat": N_("Vĩ độ từ -90 đến 90. Có lẽ đã đổi chỗ với kinh độ."),
    "lon": N_("Kinh độ từ -180 đến 180."),
}
_NUMBER: Final = r"[+-]?[0-9]{1,3}(?:[.,][0-9]{1,17})?"
_DEGREE: Final = re.compile(_NUMBER)
# Between the two stands a space, a semicolon or a tab, with or without a comma; a comma alone only after points.
_PAIR: Final = re.compile(rf"({_NUMBER})(?:\s*[;,]\s+|\s*;\s*|\s+)({_NUMBER})")
_ENGLISH_PAIR: Final = re.compile(r"([+-]?[0-9]{1,3}\.[0-9]{1,17}),([+-]?[0-9]{1,3}\.[0-9]{1,17})")


class BadPlace(ValueError):
    """A text that says no place; `line` is the line of the text at fault, from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def parse_degree(text: str) -> float:
    """Degrees as `15,5269` or `15.5269`; BadPlace for anything else. Bounds are not looked at here."""
    clean = text.strip().removesuffix("°")
    if not _DEGREE.fullmatch(clean):
        raise BadPlace(1)
    return float(clean.replace(",", "."))


def parse_path(text: str) -> Path:
    """Corners, one a line, latitude first: `15,5269 108,0291` or `15.5269, 108.0291`; empty lines count for nothing."""
    corners = []
    for number, line in enumerate(text.splitlines(), start=1):
        clean = line.replace("°", "").strip()
        if not clean:
            continue
        found = _ENGLISH_PAIR.fullmatch(clean) or _PAIR.fullmatch(clean)
        if found is None:
            raise BadPlace(number)
        lat, lon = (float(part.replace(",", ".")) for part in found.groups())
        corners.append((lon, lat))
    return tuple(corners)


def say_degree(value: float | None) -> str:
    """Degrees as `parse_degree` reads them: the same number, not a digit less."""
    return "" if value is None else format(Decimal(repr(value)).normalize(), "f")


def say_path(path: Sequence[Sequence[float]] | None) -> str:
    """A path as `parse_path` reads it."""
    return "\n".join(f"{say_degree(lat)}, {say_degree(lon)}" for lon, lat in path or ())


def place_faults(values: Mapping[str, Any]) -> list[FieldError]:
    """What is wrong with `lat`, `lon` and `path`: half a point, degrees that cannot be, a line that is none."""
    faults: list[FieldError] = []
    lat, lon, path = values.get("lat"), values.get("lon"), values.get("path")
    for field, value, other, most in (("lat", lat, lon, MOST_LAT), ("lon", lon, lat, MOST_LON)):
        if value is None and other is not None:
            faults.append(FieldError(field, N_("Một điểm cần cả vĩ độ và kinh độ.")))
        elif value is not None and not abs(value) <= most:
            faults.append(FieldError(field, _OUT_OF_BOUNDS[field]))
    if path is None:
        return faults
    if not 2 <= len(path) <= MOST_CORNERS:
        message = N_("Một tuyến có từ 2 đến {most:number} điểm.")
        faults.append(FieldError("path", message, {"most": MOST_CORNERS}))
    elif wrong := [n for n, corner in enumerate(path, start=1) if not _possible(corner)]:
        message = N_("Điểm thứ {n:number}: vĩ độ từ -90 đến 90 đứng trước, kinh độ từ -180 đến 180 đứng sau.")
        faults.append(FieldError("path", message, {"n": wrong[0]}))
    elif len({tuple(corner) for corner in path}) == 1:
        faults.append(FieldError("path", N_("Các điểm của tuyến trùng nhau: không thành tuyến.")))
    return faults


def _possible(corner: Sequence[float]) -> bool:
    lon, lat = corner
    return abs(lon) <= MOST_LON and abs(lat) <= MOST_LAT  # false for what is no number, too


def audited(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes of a work as its audit row keeps them: of a path, how many corners it has."""
    path = changes.get("path")
    return {**changes, "path": len(path)} if path else dict(changes)
