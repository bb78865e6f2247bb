"""Sending a stored file: under a safe name, never kept by what stands between, shown in the page only when asked."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from app.text import fold, nfc

_CHUNK: Final = 1 << 18
# What a browser opens itself, from our own pages only; everything else it saves.
SHOWN: Final = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})
# Of an image's own page nothing may run; its styles are the browser's.
_SHOWN_CSP: Final = (
    "sandbox; script-src 'none'; connect-src 'none'; object-src 'none'; frame-ancestors 'self'"
)
_PDF_CSP: Final = "default-src 'none'; object-src 'self'; frame-ancestors 'self'"  # a sandbox has no viewer


def disposition(name: str, *, inline: bool = False) -> str:
    """A Content-Disposition (RFC 6266): the name in ASCII for old clients, whole in UTF-8 for the others."""
    name = "".join(c for c in nfc(name) if c.isprintable() and c not in '/\\"')
    plain = "".join(c for c in fold(name) if c.isascii() and c not in "%;") or "file"
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _headers(name: str, media_type: str, tag: str, inline: bool) -> dict[str, str]:
    headers = {
        "content-disposition": disposition(name, inline=inline),
        "cache-control": "private, no-cache",
        "etag": f'"{tag}"',
    }
    if inline:
        headers["content-security-policy"] = _PDF_CSP if media_type == "application/pdf" else _SHOWN_CSP
        headers["x-frame-options"] = "SAMEORIGIN"
    return headers


def file_answer(path: Path, name: str, media_type: str, sha256: str, *, inline: bool = False) -> Response:
    """A file that was verified a moment ago; ranges of it may be asked for."""
    inline = inline and media_type in SHOWN
    return FileResponse(path, media_type=media_type, headers=_headers(name, media_type, sha256, inline))


def bytes_answer(content: bytes, name: str, media_type: str, tag: str) -> Response:
    """What was made of a file, shown in the page."""
    return Response(content, media_type=media_type, headers=_headers(name, media_type, tag, True))


def made_answer(make: Callable[[IO[bytes]], None], name: str, media_type: str) -> Response:
    """A file made for this answer alone, on disk, however large: `make` writes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the last of it was sent
    try:
        make(file)
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)

    def chunks() -> Iterator[bytes]:
        with file:
            while chunk := file.read(_CHUNK):
                yield chunk

    headers = {"content-disposition": disposition(name), "cache-control": "private, no-store"}
    return StreamingResponse(
        chunks(), media_type=media_type, headers={**headers, "content-length": str(size)}
    )


def seen(request: Request, tag: str) -> Response | None:
    """304 for whoever has this content already."""
    if f'"{tag}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"etag": f'"{tag}"', "cache-control": "private, no-cache"})
    return None
