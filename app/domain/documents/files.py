"""Files' contents, each under its own SHA-256 in the data directory, checked whenever it is read.

A content is written whole and flushed to disk before any row names it. A file that no row names is harmless; the
reverse never happens, and what the disk has spoiled since is found when it is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from PIL import Image, ImageOps

from app import logs
from app.domain.documents.naming import safe_name, shown_name
from app.domain.documents.sniffing import IMAGES, JPEG, PNG, sniff
from app.errors import Fault, Invalid
from app.i18n import N_
from app.settings import settings

MEGABYTE: Final = 1024 * 1024
PREVIEW_PIXELS: Final = 1200  # the longer side of what a page shows of a photo
_PIECE: Final = 256 * 1024
_log = logs.get("files")


class FileDamaged(Fault):
    """The content on disk is not what was stored, or is gone."""

    status = 409
    code = "file_damaged"
    title = N_("Tệp bị hỏng trên máy chủ")


@dataclass(frozen=True, slots=True)
class Stored:
    """A content that stands on disk; size in bytes. A photo's moment is UTC, its place WGS 84 in degrees."""

    sha256: str
    size: int
    media_type: str
    name: str
    taken_at: datetime | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a document; size in bytes."""

    name: str
    size: int
    sha256: str
    media_type: str
    taken_at: datetime | None
    lat: float | None
    lon: float | None

    @property
    def is_image(self) -> bool:
        return self.media_type in IMAGES


def path_of(sha256: str) -> Path:
    """Where a content stands. Raises ValueError for what is no checksum, so that no name can lead elsewhere."""
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise ValueError(sha256)
    return settings().data_dir / sha256[:2] / sha256[2:4] / sha256


def too_large(name: str, size: int | None, field: str = "files") -> Invalid:
    """What is said of a file past the limit; sizes in megabytes, `size` None where it is not known."""
    held = settings().max_file_bytes // MEGABYTE
    if size is None:
        message = N_("Tệp {file} lớn hơn {held:number} MB là mức tối đa. Nén hoặc chia nhỏ rồi gửi lại.")
        return Invalid.field(field, message, file=name, held=held)
    message = N_(
        "Tệp {file} nặng {asked:number} MB, nhiều nhất {held:number} MB. Nén hoặc chia nhỏ rồi gửi lại."
    )
    return Invalid.field(field, message, file=name, asked=-(-size // MEGABYTE), held=held)


def take(source: IO[bytes] | bytes, name: str, *, field: str = "files") -> Stored:
    """Store a content; the same again is the same file, and mends one that was damaged.

    Raises Invalid for a file past the size limit, an empty one, one of a kind that is not taken; nothing is left
    on disk then.
    """
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    shown = shown_name(name)
    with _temporary() as temporary:
        with temporary.open("wb") as out:
            sha256, size = _copy(stream, out, shown, field)
        sniffed = sniff(temporary, shown, field)
        target = path_of(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(temporary, target)
        _flush_folders(target)
    return Stored(
        sha256, size, sniffed.media_type, safe_name(name, sniffed.media_type), sniffed.taken_at, sniffed.lat,
        sniffed.lon,
    )  # fmt: skip


@contextlib.contextmanager
def _temporary() -> Iterator[Path]:
    """A file of its own in the data directory (one rename away from its place), gone afterwards unless renamed."""
    folder = settings().data_dir / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    path = Path(name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _copy(stream: IO[bytes], out: IO[bytes], name: str, field: str) -> tuple[str, int]:
    digest, size, most = hashlib.sha256(), 0, settings().max_file_bytes
    while piece := stream.read(_PIECE):
        size += len(piece)
        if size > most:
            raise too_large(name, None, field)
        digest.update(piece)
        out.write(piece)
    if size == 0:
        raise Invalid.field(field, N_("Tệp {file} rỗng."), file=name)
    out.flush()
    os.fsync(out.fileno())
    return digest.hexdigest(), size


def _flush_folders(target: Path) -> None:
    """A rename is on disk once the folders that it is written in are."""
    for folder in (target.parent, target.parent.parent, settings().data_dir):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def verified(sha256: str, name: str = "") -> Path:
    """Where a content stands, its checksum just verified. Raises FileDamaged, and logs it, otherwise."""
    path = path_of(sha256)
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        found = ""
    if found == sha256:
        return path
    _log.error("file damaged", sha256=sha256, found=found or "missing")
    raise FileDamaged(
        N_(
            "Tệp {file} bị hỏng hoặc không còn trên máy chủ nên không mở được. Gửi lại đúng tệp gốc vào văn bản này, hoặc báo người quản trị khôi phục từ bản sao lưu tệp {sha256}."
        ),
        file=name or sha256[:12],
        sha256=sha256,
    )


def preview(path: Path, media_type: str) -> tuple[bytes, str]:
    """(a photo upright and at most PREVIEW_PIXELS wide and high, its type); what cameras wrote into it is left out."""
    with Image.open(path) as image:
        image.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS))
        upright = ImageOps.exif_transpose(image)
        out = io.BytesIO()
        if media_type == JPEG or upright.mode == "RGB":
            upright.convert("RGB").save(out, "JPEG", quality=80)
            return out.getvalue(), JPEG
        upright.convert("RGBA").save(out, "PNG")
        return out.getvalue(), PNG
