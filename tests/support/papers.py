"""Files as people send them, made on the spot, and documents to attach."""

from __future__ import annotations

import io
import struct
import uuid
import zipfile
import zlib
from datetime import date
from typing import Any

from PIL import Image

from app.domain import documents
from app.domain.access import Actor
from app.domain.documents import DocumentView, NewDocument, files, uploads
from tests.support.world import actor

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def image(kind: str = "JPEG", size: tuple[int, int] = (320, 200), **saved: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind, **saved)
    return out.getvalue()


def drained() -> bytes:
    """A PNG whose pieces are whole, and whose picture is none."""
    out = b"\x89PNG\r\n\x1a\n"
    for name, piece in (
        (b"IHDR", struct.pack(">IIBBBBB", 100, 100, 8, 2, 0, 0, 0)), (b"IDAT", b"no picture" * 9), (b"IEND", b""),
    ):  # fmt: skip
        out += struct.pack(">I", len(piece)) + name + piece + struct.pack(">I", zlib.crc32(name + piece))
    return out


def photo(taken: str = "2023:03:15 08:30:00", *, south: bool = False) -> bytes:
    """A photo lying on its side, taken in Sông Trà by Vietnam's clock."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9003] = taken
    place = {1: "S" if south else "N", 2: (15.0, 30.0, 0.0), 3: "E", 4: (108.0, 6.0, 36.0)}
    exif.get_ifd(0x8825).update(place)
    return image(exif=exif)


def packed(**members: bytes) -> bytes:
    """An archive of these members; `types` is the list of parts of an Office file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr({"types": "[Content_Types].xml"}.get(name, name), content)
    return out.getvalue()


def office(main: str = "wordprocessingml.document") -> bytes:
    part = f"application/vnd.openxmlformats-officedocument.{main}.main+xml"
    return packed(types=f'<Types><Override ContentType="{part}"/></Types>'.encode(), other=b"x")


def document(
    who: Actor | None = None,
    content: bytes | None = PDF,
    *,
    subject: tuple[str, uuid.UUID] | None = None,
    **values: Any,
) -> DocumentView:
    """A decision of Sông Trà with one file."""
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "number": "15/QĐ-UBND", "date": date(2023, 2, 20), "issuer": "UBND xã Sông Trà",
        "kind": "approval_decision", "summary": "Phê duyệt đường bê tông thôn Trà Huỳnh",
    }  # fmt: skip
    stored = [files.take(content, "quyết định.pdf")] if content is not None else []
    return documents.create(who or actor(), NewDocument(**(defaults | values)), stored, subject)[0]


def photo_sent(who: Actor, number: int = 1) -> uuid.UUID:
    """A photo that somebody's phone has sent already; another picture for each number."""
    form = uuid.uuid4()
    return uploads.whole(who, f"anh-{number}.jpg", io.BytesIO(image(size=(40 + number, 30))), form).id
