"""What a file is, told from its content alone: neither its name nor its sender's word counts."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final

from PIL import Image

from app.clock import VIETNAM, utcnow
from app.errors import Invalid
from app.i18n import N_

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT: Final = "application/vnd.oasis.opendocument.text"
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
# Kinds that are taken, each with the endings that its names may have; the first is given where none fits.
ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    JPEG: ("jpg", "jpeg"), PNG: ("png",), WEBP: ("webp",), PDF: ("pdf",), DOCX: ("docx",), XLSX: ("xlsx",),
    ODT: ("odt",), ODS: ("ods",),
}  # fmt: skip
IMAGES: Final = frozenset({JPEG, PNG, WEBP})

MOST_PIXELS: Final = 64_000_000  # twice what good phones take; more would be a decompression bomb
_FORMATS: Final = {"JPEG": JPEG, "PNG": PNG, "WEBP": WEBP}
_SIGNATURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"%PDF-", b"PK\x03\x04")
_MAIN_PARTS: Final = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
}
_MEMBER_BYTES: Final = 1_000_000  # of a list of parts, unpacked
_OTHER: Final = N_(
    "Tệp {file} không phải loại được nhận. Chỉ nhận ảnh JPEG, PNG, WebP; PDF; Word (docx), Excel (xlsx), ODT, ODS."
)
_BROKEN: Final = N_("Tệp {file} bị hỏng hoặc chưa đủ. Mở thử trên máy, lưu lại rồi gửi lại.")
_PIXELS: Final = N_("Ảnh {file} quá lớn: nhiều nhất {held:number} triệu điểm ảnh. Thu nhỏ ảnh rồi gửi lại.")
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_TAKEN, _CHANGED = 0x9003, 0x0132


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A file's kind; of a photo also when (UTC) and where (WGS 84, degrees) its camera says it was taken."""

    media_type: str
    taken_at: datetime | None = None
    lat: float | None = None
    lon: float | None = None


def begins_well(head: bytes) -> bool:
    """Whether a file that begins so can be of a kind that is taken: asked before the rest is sent."""
    return head.startswith(_SIGNATURES) and (not head.startswith(b"RIFF") or head[8:12] == b"WEBP")


def refuse(name: str, field: str = "files") -> Invalid:
    """What is said of a file of another kind."""
    return Invalid.field(field, _OTHER, file=name)


def sniff(path: Path, name: str, field: str = "files") -> Sniffed:
    """The kind of a file on disk; `name` is for words only. Raises Invalid for every other kind, and for what is broken."""
    with path.open("rb") as file:
        head = file.read(16)
        file.seek(0)
        if head.startswith(b"%PDF-"):
            return Sniffed(PDF)
        if head.startswith(b"PK\x03\x04"):
            return Sniffed(_packed(file, name, field))
        if begins_well(head):
            return _image(file, name, field)
    raise refuse(name, field)


def _packed(file: IO[bytes], name: str, field: str) -> str:
    """Word, Excel and OpenDocument are archives that say what they are; macros make another kind of them."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = set(archive.namelist())
            if "mimetype" in members:
                said = archive.open("mimetype").read(200).decode("ascii", "replace").strip()
                if said in (ODT, ODS):
                    return said
            elif "[Content_Types].xml" in members:
                parts = archive.open("[Content_Types].xml").read(_MEMBER_BYTES)
                for part, media_type in _MAIN_PARTS.items():
                    if part in parts:
                        return media_type
    except Exception as error:  # packers of broken archives raise whatever they meet
        raise Invalid.field(field, _BROKEN, file=name) from error
    raise refuse(name, field)


def _image(file: IO[bytes], name: str, field: str) -> Sniffed:
    try:
        with Image.open(file, formats=tuple(_FORMATS)) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise Invalid.field(field, _PIXELS, file=name, held=MOST_PIXELS // 1_000_000)
            media_type = _FORMATS[image.format or ""]
            if media_type == PNG:  # no camera's format: nothing but its pieces' checksums to look at
                image.verify()
                return Sniffed(PNG)
            sniffed = Sniffed(media_type, *_camera(image))
            if media_type == JPEG:
                image.draft("RGB", (max(1, width // 8), max(1, height // 8)))
                image.load()  # at an eighth of its size: enough to see that nothing is cut off
            return sniffed
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid.field(field, _PIXELS, file=name, held=MOST_PIXELS // 1_000_000) from None
    except Exception as error:  # decoders of broken files raise whatever they meet
        raise Invalid.field(field, _BROKEN, file=name) from error


def _camera(image: Image.Image) -> tuple[datetime | None, float | None, float | None]:
    """What a camera wrote into a photo; anything that cannot be is left out."""
    try:
        exif = image.getexif()
        when = exif.get_ifd(_EXIF_IFD).get(_TAKEN) or exif.get(_CHANGED)
        place = exif.get_ifd(_GPS_IFD)
        lat, lon = _degrees(place.get(2), place.get(1), 90), _degrees(place.get(4), place.get(3), 180)
    except Exception:  # an odd block of a maker must not keep its photo out
        return None, None, None
    if lat is None or lon is None:
        lat = lon = None
    return _moment(when), lat, lon


def _moment(when: object) -> datetime | None:
    """A camera's clock shows Vietnam's time."""
    try:
        local = datetime.strptime(str(when).strip("\x00 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=VIETNAM)
    except ValueError:
        return None
    moment = local.astimezone(UTC)
    return moment if moment.year >= 1990 and moment <= utcnow() + timedelta(days=1) else None


def _degrees(parts: Any, side: Any, most: int) -> float | None:
    if not parts or len(parts) != 3:
        return None
    value = float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
    if str(side).strip("\x00 ").upper() in ("S", "W"):
        value = -value
    return round(value, 6) if -most <= value <= most else None
