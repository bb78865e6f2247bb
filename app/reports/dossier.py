"""The dossier of a work as one ZIP: its files in folders by step, an index page, and their checksums."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.clock import today
from app.domain.works.dossier import Dossier, DossierDocument, DossierFile, Section
from app.i18n import N_, Message, format_date, translate
from app.reports.labels import STEP_STATES
from app.text import fold

MEDIA_TYPE: Final = "application/zip"
INDEX: Final = "MUC-LUC.html"
CHECKSUMS: Final = "SHA256SUMS.txt"  # as `sha256sum --check` reads it
_TEMPLATES: Final = Path(__file__).parent / "templates"
_STORED: Final = ("image/", "application/pdf", "application/vnd.", "application/zip")  # packed already


def file_name(dossier: Dossier) -> str:
    """`ho-so-CT-2023-004.zip`."""
    return f"ho-so-{_plain(dossier.work.code)}.zip"


def write(dossier: Dossier, paths: Mapping[str, Path], target: IO[bytes], lang: str) -> None:
    """Write the ZIP. `paths`: where each file that is brought stands, by its checksum."""
    places = _places(dossier)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        sums = []
        for (document_id, sha256), place in places.items():
            file = next(
                f for d in dossier.documents if d.id == document_id for f in d.files if f.sha256 == sha256
            )
            how = zipfile.ZIP_STORED if file.media_type.startswith(_STORED) else zipfile.ZIP_DEFLATED
            archive.write(paths[sha256], place, compress_type=how)
            sums.append(f"{sha256}  {place}\n")
        archive.writestr(INDEX, index(dossier, places, lang))
        archive.write(_TEMPLATES / "muc-luc.css", "muc-luc.css")
        archive.writestr(CHECKSUMS, "".join(sums))


def index(dossier: Dossier, places: Mapping[tuple[Any, str], str], lang: str) -> str:
    """The index page: what is missing first, then each step with its documents, their files and checksums."""
    files = dossier.files
    return (
        _environment()
        .get_template("dossier.html")
        .render(
            lang=lang,
            _=lambda text, **facts: translate(lang, text, **facts),
            work=dossier.work,
            made_on=today(),
            missing=[m.said(lang) for m in dossier.missing],
            documents=len(dossier.documents),
            files=files,
            damaged=sum(f.damaged for f in files),
            withheld=sum(f.withheld for f in files),
            sections=[_section(section, places, lang) for section in dossier.sections],
        )
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def _section(section: Section, places: Mapping[tuple[Any, str], str], lang: str) -> dict[str, Any]:
    step = section.step
    state = None
    if step is not None:
        state = translate(lang, STEP_STATES[step.status])
        when = step.done_on or step.due_on
        if when is not None and step.status != "waived":
            state += " " + (
                format_date(when, lang) if step.done_on else translate(lang, N_("hạn {day:date}"), day=when)
            )
    return {
        "title": title(section, lang),
        "state": state,
        "lacks": [name_en if lang == "en" else name for name, name_en in section.lacks],
        "documents": [_document(d, places, lang) for d in section.documents],
    }


def title(section: Section, lang: str) -> str:
    """A section's heading in the reader's language."""
    if isinstance(section.title, Message):
        return translate(lang, section.title.text, **section.title.facts)
    return section.title_en if lang == "en" and section.title_en else section.title


def _document(d: DossierDocument, places: Mapping[tuple[Any, str], str], lang: str) -> dict[str, Any]:
    return {
        "kind": d.kind_name_en if lang == "en" else d.kind_name,
        "summary": d.summary,
        "issuer": d.issuer,
        "number": d.number,
        "date": format_date(d.date, lang),
        "files": [
            {
                "name": f.name, "sha256": f.sha256, "size": f"{f.size / 1024:,.0f} KB",
                "path": places.get((d.id, f.sha256)), "why": _why(f, lang),
            }
            for f in d.files
        ],
    }  # fmt: skip


def _why(file: DossierFile, lang: str) -> str:
    if file.withheld:
        return translate(lang, N_("không kèm: có dữ liệu cá nhân"))
    return translate(lang, N_("tệp hỏng hoặc mất trên đĩa")) if file.damaged else ""


def _places(dossier: Dossier) -> dict[tuple[Any, str], str]:
    """Where each file that is brought stands in the ZIP: `04-tham-dinh/2023-05-10_12-BC-TTD_scan.pdf`, each name once."""
    places: dict[tuple[Any, str], str] = {}
    taken: set[str] = set()
    for number, section in enumerate(dossier.sections, start=1):
        folder = f"{number:02d}-{_plain(title(section, 'vi'))[:48].strip('-')}"
        for document in section.documents:
            for file in document.files:
                if file.brought:
                    place = _free(folder, _name(document, file), taken)
                    taken.add(place.casefold())
                    places[document.id, file.sha256] = place
    return places


def _name(document: DossierDocument, file: DossierFile) -> str:
    stem, dot, extension = file.name.rpartition(".")
    parts = [document.date.isoformat(), _plain(document.number), _plain(stem if dot else file.name)[:60]]
    return "_".join(part for part in parts if part) + (f".{_plain(extension)}" if dot else "")


def _free(folder: str, name: str, taken: set[str]) -> str:
    place, number = f"{folder}/{name}", 1
    while place.casefold() in taken:
        number += 1
        stem, dot, extension = name.rpartition(".")
        place = f"{folder}/{stem if dot else name}-{number}{dot}{extension if dot else ''}"
    return place


def _plain(text: str) -> str:
    """ASCII letters, figures and hyphens: safe as a name on every disk."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
