"""The dossier of a work as one ZIP: its files in folders by step, an index page, and their checksums."""

from __future__ import annotations

import re
import uuid
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.clock import today
from app.domain.documents import DocumentView, FileView
from app.domain.works.dossier import AFTER_STEPS, Dossier, Section
from app.i18n import N_, format_date, translate
from app.money import format_number
from app.reports.labels import STEP_STATES
from app.text import fold

MEDIA_TYPE: Final = "application/zip"
INDEX: Final = "MUC-LUC.html"
CHECKSUMS: Final = "SHA256SUMS.txt"  # as `sha256sum --check` reads it
_STYLES: Final = "muc-luc.css"
_TEMPLATES: Final = Path(__file__).parent / "templates"
_PACKED: Final = ("image/", "application/pdf", "application/vnd.", "application/zip")  # no smaller once more

Places = Mapping[tuple[uuid.UUID, str], str]  # of a document's file, by its checksum, in the ZIP


def file_name(dossier: Dossier) -> str:
    """`ho-so-ct-2023-004.zip`."""
    return f"ho-so-{_plain(dossier.work.code)}.zip"


def write(dossier: Dossier, paths: Mapping[str, Path], target: IO[bytes], lang: str) -> None:
    """Write the ZIP. `paths`: where each content that is brought stands, by its checksum."""
    places = _places(dossier)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        sums = []
        for document, file in dossier.files:
            place = places.get((document.id, file.sha256))
            if place is not None:
                how = zipfile.ZIP_STORED if file.media_type.startswith(_PACKED) else zipfile.ZIP_DEFLATED
                archive.write(paths[file.sha256], place, compress_type=how)
                sums.append(f"{file.sha256}  {place}\n")
        archive.writestr(INDEX, index(dossier, places, lang))
        archive.write(_TEMPLATES / _STYLES, _STYLES)
        archive.writestr(CHECKSUMS, "".join(sums))


def index(dossier: Dossier, places: Places, lang: str) -> str:
    """The index page: what is missing first, then each step with its documents, their files and checksums."""
    files = dossier.files
    return _environment().get_template("dossier.html").render(
        lang=lang,
        _=lambda text, **facts: translate(lang, text, **facts),
        work=dossier.work,
        made_on=today(),
        missing=[m.said(lang) for m in dossier.work.missing],
        documents=len(dossier.documents),
        files=len(files),
        damaged=sum(file.sha256 in dossier.damaged for _, file in files),
        withheld=sum(document.id in dossier.withheld for document, _ in files),
        sections=[_section(dossier, section, places, lang) for section in dossier.sections],
    )  # fmt: skip


@lru_cache(maxsize=1)
def _environment() -> Environment:
    loader = FileSystemLoader(_TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def title(section: Section, lang: str) -> str:
    """A section's heading in the reader's language."""
    return (
        section.step.named(lang) if section.step is not None else translate(lang, AFTER_STEPS[section.kind])
    )


def state(section: Section, lang: str) -> str:
    """Where a step stands: done with its day, or open with the day that it is due."""
    step = section.step
    if step is None:
        return ""
    said = translate(lang, STEP_STATES[step.status])
    if step.done_on is not None:
        return f"{said} {format_date(step.done_on, lang)}"
    if step.due_on is not None and not step.settled:
        return f"{said}, {translate(lang, N_('hạn {day:date}'), day=step.due_on)}"
    return said


def lacking(dossier: Dossier, section: Section, lang: str) -> list[str]:
    """Kinds of documents that a step requires and does not have, by name."""
    return [dossier.kinds[kind][lang == "en"] for kind in section.lacks if kind in dossier.kinds]


def _section(dossier: Dossier, section: Section, places: Places, lang: str) -> dict[str, Any]:
    return {
        "title": title(section, lang),
        "state": state(section, lang),
        "lacks": lacking(dossier, section, lang),
        "documents": [_document(dossier, d, places, lang) for d in section.documents],
    }


def _document(dossier: Dossier, d: DocumentView, places: Places, lang: str) -> dict[str, Any]:
    return {
        "kind": d.kind_name_en if lang == "en" else d.kind_name,
        "summary": d.summary,
        "issuer": d.issuer,
        "number": d.number,
        "date": format_date(d.date, lang),
        "files": [
            {
                "name": f.name, "sha256": f.sha256, "size": f"{format_number(-(-f.size // 1024), lang)} KB",
                "path": places.get((d.id, f.sha256)), "why": why_not(dossier, d, f, lang),
            }
            for f in d.files
        ],
    }  # fmt: skip


def why_not(dossier: Dossier, document: DocumentView, file: FileView, lang: str) -> str:
    """Why a file does not come with the dossier; nothing where it does."""
    if document.id in dossier.withheld:
        return translate(lang, N_("không kèm: có dữ liệu cá nhân"))
    return translate(lang, N_("tệp hỏng hoặc mất trên đĩa")) if file.sha256 in dossier.damaged else ""


def _places(dossier: Dossier) -> dict[tuple[uuid.UUID, str], str]:
    """Where each file that is brought stands: `04-tham-dinh/2023-05-10_12-bc-ttd_scan.pdf`, each name once."""
    places: dict[tuple[uuid.UUID, str], str] = {}
    taken: set[str] = set()
    for number, section in enumerate(dossier.sections, start=1):
        folder = f"{number:02d}-{_plain(title(section, 'vi'))[:48].strip('-')}"
        for document in section.documents:
            for file in document.files:
                key = document.id, file.sha256
                if key not in places and dossier.brings(document, file):
                    places[key] = _free(folder, _name(document, file), taken)
                    taken.add(places[key])
    return places


def _name(document: DocumentView, file: FileView) -> str:
    stem, dot, extension = file.name.rpartition(".")
    parts = [document.date.isoformat(), _plain(document.number), _plain(stem if dot else file.name)[:60]]
    return "_".join(part for part in parts if part) + (f".{_plain(extension)}" if dot else "")


def _free(folder: str, name: str, taken: set[str]) -> str:
    stem, dot, extension = name.rpartition(".")
    place, number = f"{folder}/{name}", 1
    while place in taken:
        number += 1
        place = f"{folder}/{stem}-{number}{dot}{extension}"
    return place


def _plain(text: str) -> str:
    """ASCII letters, figures and hyphens: safe as a name on every disk."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
