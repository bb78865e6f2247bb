"""Names of files made safe: for this disk, for whoever downloads them, for the archive that holds them."""

from __future__ import annotations

import unicodedata
from typing import Final

from app.domain.documents.sniffing import ENDINGS
from app.text import nfc

LONGEST_BYTES: Final = 180  # in UTF-8, with the ending: disks take 255
_DROPPED: Final = frozenset(
    {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
)  # controls, direction marks, non-characters
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys('<>:"|?*', "-"))
_DEVICES: Final = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}
)
_KNOWN: Final = frozenset(ending for endings in ENDINGS.values() for ending in endings)


def safe_name(name: str, media_type: str) -> str:
    """The last part of a name, without what could mislead or harm, its ending made to fit the content."""
    bare = nfc(name.replace("\\", "/")).rsplit("/", 1)[-1]
    bare = "".join(c for c in bare if unicodedata.category(c) not in _DROPPED).translate(_NOT_IN_NAMES)
    bare = " ".join(bare.split()).strip(". ")
    stem, _, ending = bare.rpartition(".")
    if ending.lower() in _KNOWN and stem.strip(". "):
        stem = stem.strip(". ")
    else:
        stem, ending = (bare if ending.lower() not in _KNOWN or stem else ""), ""
    if stem.split(".")[0].strip().upper() in _DEVICES:
        stem = f"_{stem}"
    allowed = ENDINGS[media_type]
    ending = ending.lower() if ending.lower() in allowed else allowed[0]
    room = LONGEST_BYTES - len(ending) - 1
    stem = stem.encode("utf-8")[:room].decode("utf-8", "ignore").strip(". ") or "tep"
    return f"{stem}.{ending}"


def shown_name(name: str) -> str:
    """A name as its sender gave it, for words about it: one line, not too long."""
    bare = nfc(name.replace("\\", "/")).rsplit("/", 1)[-1]
    bare = "".join(c for c in bare if unicodedata.category(c) not in _DROPPED)
    return " ".join(bare.split())[:120] or "?"
