"""Files: what they are by their content, how they are named, where they stand, and what the disk has spoiled."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.domain.documents import FileDamaged, files, sniffing
from app.domain.documents.naming import LONGEST_BYTES, safe_name
from app.errors import Invalid
from app.settings import settings
from app.web.files import disposition
from tests.support.papers import PDF, image, office, packed, photo


def on_disk() -> list[Path]:
    return [p for p in settings().data_dir.rglob("*") if p.is_file()]


@pytest.mark.parametrize(
    ("content", "media_type", "ending"),
    [
        (image("JPEG"), sniffing.JPEG, "jpg"), (image("PNG"), sniffing.PNG, "png"),
        (image("WEBP"), sniffing.WEBP, "webp"), (PDF, sniffing.PDF, "pdf"), (office(), sniffing.DOCX, "docx"),
        (office("spreadsheetml.sheet"), sniffing.XLSX, "xlsx"),
        (packed(mimetype=sniffing.ODT.encode()), sniffing.ODT, "odt"),
        (packed(mimetype=sniffing.ODS.encode()), sniffing.ODS, "ods"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_content_says_and_is_named_so(
    content: bytes, media_type: str, ending: str
) -> None:
    stored = files.take(content, "hoá đơn.exe")
    assert (stored.media_type, stored.name, stored.size) == (
        media_type,
        f"hoá đơn.exe.{ending}",
        len(content),
    )
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert on_disk() == [files.path_of(stored.sha256)] == [files.verified(stored.sha256)]
    assert files.path_of(stored.sha256).read_bytes() == content
    assert files.take(content, "lần nữa").sha256 == stored.sha256
    assert len(on_disk()) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"", b"MZ\x90\x00 a program", b"<html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a\x01\x00\x01\x00", b"RIFF\x00\x00\x00\x00WAVEfmt ", packed(readme=b"an archive"),
        packed(mimetype=b"application/epub+zip"), b"PK\x03\x04 cut off", image("JPEG")[:2000], image("PNG")[:2000],
        image("WEBP")[:1000], b"\xff\xd8\xff nothing more",
        packed(types=b"application/vnd.ms-word.document.macroEnabled.main+xml"),
    ],
)  # fmt: skip
def test_whatever_else_is_refused_and_leaves_nothing(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        files.take(content, "../../quyết định.pdf")
    [error] = refused.value.errors
    assert error.field == "files"
    assert error.facts["file"] == "quyết định.pdf"
    assert on_disk() == []


def test_a_sound_is_of_another_kind_and_not_a_broken_image() -> None:
    with pytest.raises(Invalid) as refused:
        files.take(b"RIFF\x00\x00\x00\x00WAVEfmt ", "ghi âm.wav")
    assert refused.value.errors == sniffing.refuse("ghi âm.wav").errors


def test_too_many_bytes_or_points_are_refused_with_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTQG_MAX_FILE_BYTES", str(2 * 1024 * 1024))
    settings.cache_clear()
    with pytest.raises(Invalid) as refused:
        files.take(io.BytesIO(PDF + b"\n" * 2 * 1024 * 1024), "lớn.pdf")
    assert refused.value.errors[0].facts == {"file": "lớn.pdf", "held": 2}
    monkeypatch.setattr(sniffing, "MOST_PIXELS", 1000)
    with pytest.raises(Invalid) as refused:
        files.take(image("PNG"), "bom.png")
    assert refused.value.errors[0].facts["file"] == "bom.png"
    assert on_disk() == []


def test_a_photo_says_when_and_where() -> None:
    stored = files.take(photo(), "anh.jpg")
    assert stored.taken_at == datetime(2023, 3, 15, 1, 30, tzinfo=UTC)
    assert (stored.lat, stored.lon) == (15.5, 108.11)
    assert files.take(photo(south=True), "anh.jpg").lat == -15.5
    assert files.take(photo("0000:00:00 00:00:00"), "anh.jpg").taken_at is None
    small, media_type = files.preview(files.verified(stored.sha256), stored.media_type)
    assert media_type == sniffing.JPEG
    with Image.open(io.BytesIO(small)) as seen:
        assert seen.size == (200, 320)  # upright
        assert not seen.getexif()  # and it tells nobody where it was


def test_a_large_image_is_shown_small() -> None:
    stored = files.take(image("PNG", (2600, 1300)), "ban-do.png")
    small, _ = files.preview(files.verified(stored.sha256), stored.media_type)
    with Image.open(io.BytesIO(small)) as seen:
        assert seen.size == (1200, 600)


@pytest.mark.parametrize("spoil", [lambda p: p.write_bytes(PDF[:-1] + b"!"), lambda p: p.unlink()])
def test_what_the_disk_spoiled_is_found_named_and_mended(
    spoil: Callable[[Path], object], capfd: pytest.CaptureFixture[str]
) -> None:
    stored = files.take(PDF, "quyết định.pdf")
    spoil(files.path_of(stored.sha256))
    with pytest.raises(FileDamaged) as damaged:
        files.verified(stored.sha256, "quyết định.pdf")
    assert damaged.value.facts == {"file": "quyết định.pdf", "sha256": stored.sha256}
    logged = capfd.readouterr()
    assert stored.sha256 in logged.out + logged.err
    files.take(PDF, "lại.pdf")
    assert files.verified(stored.sha256).read_bytes() == PDF


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 63, "A" * 64, "0" * 65, "..", "0" * 62 + "/."])
def test_no_name_leads_out_of_the_store(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        files.path_of(name)


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("../../etc/passwd", "passwd.pdf"), ("C:\\Windows\\Quyết định.PDF", "Quyết định.pdf"),
        ("ảnh\u202egpj.exe", "ảnhgpj.exe.pdf"), (".pdf", "tep.pdf"), ("", "tep.pdf"), ("CON.pdf", "_CON.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"), ('x"; filename="y.html', "x-; filename=-y.html.pdf"),
        ("ảnh.jpg", "ảnh.pdf"), ("CV 12.2023", "CV 12.2023.pdf"), ("...", "tep.pdf"), ("a?.pdf ", "a-.pdf"),
    ],
)  # fmt: skip
def test_names_are_made_safe(given_name: str, safe: str) -> None:
    assert safe_name(given_name, sniffing.PDF) == safe


@given(st.text())
def test_any_name_is_made_safe(name: str) -> None:
    safe = safe_name(name, sniffing.JPEG)
    assert safe.endswith((".jpg", ".jpeg"))
    assert not set(safe) & set('/\\<>:"|?*\x00\r\n\u202e')
    assert len(safe.encode()) <= LONGEST_BYTES
    assert not safe.startswith(".")
    assert safe_name(safe, sniffing.JPEG) == safe
    sent = disposition(safe)
    assert sent.isascii()
    assert sent.count('"') == 2
