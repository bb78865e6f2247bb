"""The dossier of a work as one ZIP: its files in folders by step, an index page, and their checksums."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from app.clock import today
from app.domain.documents import DocumentView, FileView
from app.domain.works.dossier import AFTER_STEPS, Dossier, Section
from app.i18n import N_, format_date, translate
from app.money import format_number
from app.reports import archive
from app.reports.archive import MEDIA_TYPE
from app.reports.labels import STEP_STATES

__all__ = ["MEDIA_TYPE"]

Places = Mapping[tuple[uuid.UUID, str], str]  # of a document's file, by its checksum, in the ZIP


def file_name(dossier: Dossier) -> str:
    """`ho-so-ct-2023-004.zip`."""
    return f"ho-so-{archive.plain(dossier.work.code)}.zip"


def write(dossier: Dossier, paths: Mapping[str, Path], target: IO[bytes], lang: str) -> None:
    """Write the ZIP. `paths`: where each content that is brought stands, by its checksum."""
    places = _places(dossier)
    with archive.Archive(target) as into:
        for document, file in dossier.files:
            place = places.get((document.id, file.sha256))
            if place is not None:
                into.add_file(place, paths[file.sha256], file.sha256, file.media_type)
        into.finish(index(dossier, places, lang))


def index(dossier: Dossier, places: Places, lang: str) -> str:
    """The index page: what is missing first, then each step with its documents, their files and checksums."""
    files = dossier.files
    return archive.page(
        "dossier.html",
        lang,
        work=dossier.work,
        made_on=today(),
        missing=[m.said(lang) for m in dossier.work.missing],
        documents=len(dossier.documents),
        files=len(files),
        damaged=sum(file.sha256 in dossier.damaged for _, file in files),
        withheld=sum(document.id in dossier.withheld for document, _ in files),
        sections=[_section(dossier, section, places, lang) for section in dossier.sections],
    )  # fmt: skip


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
    names = archive.Places()
    for number, section in enumerate(dossier.sections, start=1):
        folder = archive.folder_of(number, title(section, "vi"))
        for document in section.documents:
            for file in document.files:
                key = document.id, file.sha256
                if key not in places and dossier.brings(document, file):
                    places[key] = names.free(folder, archive.name_of(document, file))
    return places
