"""Papers: minutes, conclusions and reports as DOCX and PDF in the layout of Vietnamese administrative documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Final, Literal, Protocol

from app.reports.papers import docx, pdf
from app.reports.papers.paper import Paper

Form = Literal["docx", "pdf"]


class _Renderer(Protocol):
    MEDIA_TYPE: str

    def write(self, paper: Paper) -> bytes: ...


_RENDERERS: Final[Mapping[Form, _Renderer]] = {"docx": docx, "pdf": pdf}


def media_type(form: Form) -> str:
    return _RENDERERS[form].MEDIA_TYPE


def file_name(paper: Paper, form: Form) -> str:
    """`bien-ban-hop-song-tra-2023-09-14.docx`."""
    return f"{paper.name}.{form}"


def write(paper: Paper, form: Form, target: IO[bytes]) -> None:
    """Write the file."""
    target.write(_RENDERERS[form].write(paper))
