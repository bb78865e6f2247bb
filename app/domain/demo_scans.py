"""Pictures for the demonstration: a page that says what it stands for, and a sketch of a site.

They say on their face that they are invented (minh họa); nothing of them is a real document or photograph.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

_FONTS: Final = Path(__file__).resolve().parent.parent / "views" / "static" / "vendor" / "fonts"
_PAGE: Final = (496, 702)  # A4 at 60 dots an inch
_MADE: Final = datetime(2023, 9, 14, tzinfo=UTC).timetuple()  # the same picture gives the same bytes


def scan(lines: list[str]) -> bytes:
    """A page of text as PDF, under a note that it is invented."""
    page = Image.new("L", _PAGE, 255)
    draw = ImageDraw.Draw(page)
    draw.rectangle((12, 12, _PAGE[0] - 13, _PAGE[1] - 13), outline=170)
    _write(draw, 40, "VĂN BẢN MINH HỌA", 20, 90)
    _write(draw, 66, "không phải văn bản thật của xã", 13, 120)
    for i, line in enumerate(line for text in lines for line in _wrapped(text, 17)):
        _write(draw, 130 + 28 * i, line, 17, 20)
    file = io.BytesIO()
    page.save(file, "PDF", resolution=60, quality=55, creationDate=_MADE, modDate=_MADE)
    return file.getvalue()


def photo(title: str, percent: int) -> bytes:
    """A sketch of a site so far done, as JPEG."""
    picture = Image.new("RGB", (800, 600), (206, 222, 230))
    draw = ImageDraw.Draw(picture)
    draw.polygon(
        [(0, 330), (180, 190), (340, 300), (520, 160), (800, 320), (800, 600), (0, 600)], (92, 128, 96)
    )
    draw.rectangle((0, 430, 800, 600), (150, 132, 104))
    draw.rectangle((60, 470, 60 + 680 * percent // 100, 530), (214, 212, 206))
    draw.rectangle((60, 470, 740, 530), outline=(90, 84, 74), width=2)
    _write(draw, 40, "ẢNH MINH HỌA", 30, (60, 70, 80), width=800)
    _write(draw, 86, f"{title} · {percent} %", 22, (40, 50, 60), width=800)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=70)
    return file.getvalue()


@lru_cache(maxsize=16)
def _font(subset: str, size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(_FONTS / f"source-sans-3-{subset}-wght-normal.woff2", size)
    font.set_variation_by_axes([500])
    return font


def _runs(text: str) -> list[tuple[str, str]]:
    """(subset, run): the typeface comes in two files, Vietnamese letters stand in the second."""
    return [
        ("vietnamese" if marked else "latin", "".join(run))
        for marked, run in groupby(text, key=lambda c: c in "ĂăĐđĨĩŨũƠơƯư₫" or "\u1ea0" <= c <= "\u1ef9")
    ]


def _length(text: str, size: int) -> float:
    return sum(_font(subset, size).getlength(run) for subset, run in _runs(text))


def _wrapped(text: str, size: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and _length(longer, size) > _PAGE[0] - 80:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]


def _write(
    draw: ImageDraw.ImageDraw,
    top: int,
    text: str,
    size: int,
    fill: int | tuple[int, int, int],
    *,
    width: int = _PAGE[0],
) -> None:
    left = (width - _length(text, size)) / 2
    for subset, run in _runs(text):
        font = _font(subset, size)
        draw.text((left, top), run, font=font, fill=fill, anchor="ls")
        left += font.getlength(run)
