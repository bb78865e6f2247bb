"""A paper as plain data: what stands on it, whoever sets it.

Papers are Vietnamese whatever language their reader chose: they are official documents. Nothing in them is markup.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

from app.text import nfc

NATION: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"
INVENTED: Final = "Số liệu minh họa, không phải số liệu thật."
BLANK: Final = "………"  # to be filled in by hand

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its own number in the text ("I. …"); `level` 1 is the highest of three."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text of the body; each line of it is set as a paragraph of its own. `lead` stands before it in bold."""

    text: str
    lead: str = ""
    italic: bool = False

    @property
    def lines(self) -> list[str]:
        return lines(self.text) or ([""] if self.lead else [])


@dataclass(frozen=True, slots=True)
class Items:
    """Things one after another: numbered "1." … or each behind a hyphen."""

    items: Sequence[str]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Col:
    """A column of a grid; `share` of the width beside the others'."""

    label: str
    share: int
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: texts as they are to be read. `caption` above at the right (the unit of the figures), `totals` in bold."""

    columns: Sequence[Col]
    rows: Sequence[Sequence[str]]
    totals: Sequence[str] = ()
    caption: str = ""


Block = Heading | Paragraph | Items | Grid


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: in whose name or by which authority, one line each, and the name below the space for the hand ("": not
    known yet, to be filled in)."""

    authority: Sequence[str]
    person: str = ""

    @property
    def name(self) -> str:
        return clean(self.person) or BLANK


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper in the layout of Vietnamese administrative documents: Nghị định 30/2020/NĐ-CP, Phụ lục I.

    `issuer` and the body above it (`superior`, may be empty) stand left on top, one line each entry; `number` is
    the number without "Số:" ("" leaves room for it), `sign` what stands behind it where it has none of its own: kind and
    issuer in short (BC-UBND). `to`: whom a paper sent upward addresses. `signatures`: the last at the right, one before it at
    the left. `name` is the file's, without its ending: letters, figures, hyphens.
    """

    name: str
    kind: str
    abstract: str
    issuer: Sequence[str]
    place: str
    day: date | None
    superior: Sequence[str] = ()
    number: str = ""
    sign: str = ""
    to: str = ""
    bases: Sequence[str] = ()
    blocks: Sequence[Block] = ()
    signatures: Sequence[Signature] = ()
    recipients: Sequence[str] = ()
    illustrative: bool = False

    @property
    def number_line(self) -> str:
        number = self.number or BLANK
        return f"Số: {number}/{self.sign}" if self.sign and "/" not in number else f"Số: {number}"

    @property
    def to_line(self) -> str:
        return f"Kính gửi: {self.to}." if self.to else ""

    @property
    def place_line(self) -> str:
        return ", ".join(part for part in (self.place, long_date(self.day)) if part)

    @property
    def signed(self) -> tuple[Signature | None, Signature | None]:
        """Who signs at the left and at the right."""
        last = self.signatures[-1] if self.signatures else None
        return (self.signatures[-2] if len(self.signatures) > 1 else None), last


def long_date(day: date | None) -> str:
    """`ngày 14 tháng 9 năm 2023`: days below 10 and months 1 and 2 are written with a nought before them."""
    if day is None:
        return f"ngày {BLANK} tháng {BLANK} năm {BLANK}"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


_LINES: Final = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# Letters which are no text: controls, halves of pairs, what is no character, what is private, what turns the direction
# of what follows. Joiners (U+200C, U+200D) are a part of words.
_NO_TEXT: Final = frozenset({"Cc", "Cs", "Cn", "Co"})
_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def clean(text: str) -> str:
    """Text as it can stand on paper: composed, lines parted by a line feed, nothing that is no character."""
    kept = _LINES.sub("\n", text).replace("\t", " ")
    return nfc(
        "".join(
            c for c in kept if c == "\n" or (unicodedata.category(c) not in _NO_TEXT and c not in _TURNING)
        )
    ).strip()


def lines(text: str) -> list[str]:
    """The paragraphs of a text: its lines that say something."""
    return [line.strip() for line in clean(text).split("\n") if line.strip()]


def upper(text: str) -> str:
    return clean(text).upper()


# Kinds of units, the long ones first.
_KINDS: Final = ("thành phố ", "thị trấn ", "thị xã ", "phường ", "huyện ", "quận ", "tỉnh ", "xã ")
_NAMES: Final = Path(__file__).resolve().parents[2] / "reference" / "place-names.csv"


@cache
def _called_after() -> frozenset[str]:
    """Names of persons and events by which units are called."""
    with _NAMES.open(encoding="utf-8", newline="") as file:
        return frozenset(nfc(row["name"]).lower() for row in csv.DictReader(file))


def place_of(unit_name: str) -> str:
    """The place by which a unit dates its papers: `Xã Sông Trà` is in `Sông Trà`.

    A unit that is called by a number, a person or an event keeps its whole name (`Phường 7`): Nghị định 30/2020/NĐ-CP,
    Phụ lục I.
    """
    name = clean(unit_name)
    kind = next((kind for kind in _KINDS if name.lower().startswith(kind)), "")
    rest = name[len(kind) :].strip()
    return name if rest.isdecimal() or rest.lower() in _called_after() else rest


def people_of(unit_name: str) -> tuple[str, str]:
    """A unit's people's committee (Ủy ban nhân dân) as an issuer: two lines."""
    return "ỦY BAN NHÂN DÂN", upper(unit_name)


def in_sentence(unit_name: str) -> str:
    """A unit's name within a sentence: `xã Sông Trà`; whole names of places keep their capital (`Phường 7`)."""
    name = clean(unit_name)
    return name[:1].lower() + name[1:] if place_of(name) != name else name


def committee_of(unit_name: str) -> str:
    """A unit's people's committee within a sentence."""
    return f"UBND {in_sentence(unit_name)}"


def full_committee_of(unit_name: str) -> str:
    """`committee_of` in full, as a paper addresses it."""
    return f"Ủy ban nhân dân {in_sentence(unit_name)}"
