"""ZIPs that are taken out: an index page, files under plain names, and their checksums."""

from __future__ import annotations

import hashlib
import re
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Final, Self

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.documents import DocumentView, FileView
from app.i18n import translate
from app.text import fold

MEDIA_TYPE: Final = "application/zip"
INDEX: Final = "MUC-LUC.html"
CHECKSUMS: Final = "SHA256SUMS.txt"  # as `sha256sum --check` reads it
_STYLES: Final = "muc-luc.css"
_TEMPLATES: Final = Path(__file__).parent / "templates"
_PACKED: Final = ("image/", "application/pdf", "application/vnd.", "application/zip")  # no smaller once more


class Archive:
    """A ZIP under way. Whoever fills it ends with `finish`, which writes the index and the checksums."""

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self._sums: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def add_file(self, place: str, path: Path, sha256: str, media_type: str) -> None:
        """A stored file, whose checksum is known."""
        how = zipfile.ZIP_STORED if media_type.startswith(_PACKED) else zipfile.ZIP_DEFLATED
        self._zip.write(path, place, compress_type=how)
        self._sums.append(f"{sha256}  {place}\n")

    def add(self, place: str, content: bytes) -> None:
        """A file that was made for it."""
        self._zip.writestr(place, content)
        self._sums.append(f"{hashlib.sha256(content).hexdigest()}  {place}\n")

    def finish(self, index: str) -> None:
        self._zip.writestr(INDEX, index)
        self._zip.write(_TEMPLATES / _STYLES, _STYLES)
        self._zip.writestr(CHECKSUMS, "".join(self._sums))


class Places:
    """Names in a ZIP, each given once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, folder: str, name: str) -> str:
        """`folder/name.pdf`, or `folder/name-2.pdf` where that is taken."""
        stem, dot, extension = name.rpartition(".")
        place, number = f"{folder}/{name}", 1
        while place in self._taken:
            number += 1
            place = f"{folder}/{stem}-{number}{dot}{extension}"
        self._taken.add(place)
        return place


def page(template: str, lang: str, **context: Any) -> str:
    """An index page in a reader's language."""
    return (
        _environment()
        .get_template(template)
        .render(lang=lang, _=lambda text, **facts: translate(lang, text, **facts), **context)
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    loader = FileSystemLoader(_TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def name_of(document: DocumentView, file: FileView) -> str:
    """`2023-05-10_12-bc-ttd_scan.pdf`: by date, with its number and the name of the file."""
    stem, dot, extension = file.name.rpartition(".")
    parts = [document.date.isoformat(), plain(document.number), plain(stem if dot else file.name)[:60]]
    return "_".join(part for part in parts if part) + (f".{plain(extension)}" if dot else "")


def folder_of(number: int, title: str) -> str:
    """`04-tham-dinh`."""
    return f"{number:02d}-{plain(title)[:48].strip('-')}"


def plain(text: str) -> str:
    """ASCII letters, figures and hyphens: safe as a name on every disk."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
