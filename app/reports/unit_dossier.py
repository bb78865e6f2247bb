"""The dossier of a unit in a reader's words, and as one ZIP: tables, papers, attached files, an index, checksums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import urlencode

from app.clock import today
from app.domain.access import Actor
from app.domain.boards import CommitteeView
from app.domain.documents import DocumentView, FileView
from app.domain.inspections import Counts, InspectionView
from app.domain.plans import PlanView
from app.domain.unit_dossier import MOST_BYTES, Contents, Lack, Overview
from app.domain.works import WorkView
from app.i18n import N_, Message, format_date, say, translate
from app.money import format_number
from app.reports import archive, xlsx
from app.reports.archive import MEDIA_TYPE
from app.reports.boards import ROLES
from app.reports.criteria import scorecard_table
from app.reports.directives import directives_table
from app.reports.disbursement import disbursement_table
from app.reports.inspections import STATES as INSPECTION_STATES
from app.reports.inspections import inspections_table
from app.reports.labels import PLAN_STATES
from app.reports.lines import Filters
from app.reports.meetings import STATES as MEETING_STATES
from app.reports.meetings import meetings_table
from app.reports.obstacles import obstacles_table
from app.reports.papers import pdf
from app.reports.papers.gathered import (
    inspection_conclusion,
    inspection_minutes,
    meeting_minutes,
    report_of_unit,
)
from app.reports.papers.paper import Paper
from app.reports.plans import plans_table
from app.reports.table import Column, Row, Table, Tag
from app.reports.works import works_table
from app.settings import settings

__all__ = ["MEDIA_TYPE"]

Item = dict[str, Any]
MOST_PAPERS: Final = 60  # that are made for a section; tables name the rest, the index says how many
LACKS: Final = {
    "lines": N_("Chưa có dòng vốn nào của năm {year}"),
    "criteria": N_("Không có bộ tiêu chí nông thôn mới áp dụng"),
    "assessments": N_("Chưa đánh giá tiêu chí nông thôn mới nào"),
    "plans": N_("Chưa có kế hoạch năm {year} được phê duyệt của chương trình {names}"),
    "unready": N_("{n:number} công trình chưa đủ điều kiện khởi công"),
    "steering": N_("Chưa có Ban chỉ đạo"),
    "management": N_("Chưa có Ban quản lý"),
    "members": N_("Ban chưa có thành viên: {names}"),
    "meetings": N_("{n:number} tháng không họp theo định kỳ"),
    "minutes": N_("{n:number} cuộc họp đã đến ngày chưa có biên bản"),
    "overdue": N_("{n:number} nhiệm vụ được giao đã quá hạn"),
    "conclusion": N_("{n:number} cuộc kiểm tra chưa có kết luận"),
    "files": N_("{n:number} văn bản chưa có tệp"),
    "plans_below": N_("{n:number} xã chưa có kế hoạch năm {year} được phê duyệt"),
    "steering_below": N_("{n:number} xã chưa có Ban chỉ đạo"),
    "management_below": N_("{n:number} xã chưa có Ban quản lý"),
}  # fmt: skip
SECTIONS: Final = {
    "money": N_("Vốn, giải ngân"),
    "works": N_("Công trình"),
    "criteria": N_("Tiêu chí nông thôn mới"),
    "plans": N_("Các kế hoạch"),
    "directives": N_("Nhiệm vụ được giao"),
    "boards": N_("Ban chỉ đạo, Ban quản lý"),
    "meetings": N_("Họp"),
    "inspections": N_("Các cuộc kiểm tra"),
    "obstacles": N_("Vướng mắc"),
    "documents": N_("Văn bản kèm theo"),
}
# What is on record on a page, whose day has come.
TAGS: Final = {
    "meeting": {
        "held": Tag("done", MEETING_STATES["held"]), "planned": Tag("late", N_("chưa ghi biên bản")),
    },
    "inspection": {
        "held": Tag("risk", INSPECTION_STATES["held"]), "concluded": Tag("done", INSPECTION_STATES["concluded"]),
    },
    "plan": {
        state: Tag("done" if state in ("approved", "recognised") else "risk", said) for state, said in PLAN_STATES.items()
    },
}  # fmt: skip
NOT_OF_THE_DAY: Final = N_(
    "Bảng công trình, kế hoạch, vướng mắc là hiện trạng lúc lập; vốn, tiêu chí, nhiệm vụ, ban, những điều còn thiếu là của ngày đã chọn."
)


def lack_items(found: Overview, lang: str) -> list[Item]:
    """Items of `ui.missing`: what is not there, each leading to where it is put right."""
    return [{"name": say(lang, lack_said(found, lack)), "href": _where(found, lack)} for lack in found.lacks]


def lack_said(found: Overview, lack: Lack) -> Message:
    facts = {"n": lack.number, "names": ", ".join(lack.names), "year": str(found.year)}
    return Message(LACKS[lack.what], facts)


def _where(found: Overview, lack: Lack) -> str:
    unit: dict[str, str] = {"unit": found.unit.exact_code}
    match lack.what:
        case "lines":
            return _to("/ledger", unit | {"year": str(found.year)})
        case "criteria" | "assessments":
            return _to("/criteria", unit | {"as_of": found.as_of.isoformat()})
        case "plans" | "plans_below":
            return _to("/plans", unit | {"year": str(found.year)})
        case "unready":
            return _to("/works", unit | {"question": "unready"})
        case "steering" | "management" | "members" | "steering_below" | "management_below":
            return _to("/committees", unit)
        case "meetings" | "minutes":
            return _to("/meetings", unit)
        case "overdue":
            return _to("/directives", unit | {"overdue": "true"})
        case "conclusion":
            return _to("/inspections", unit)
    return _to("/documents", unit)


def _to(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}"


# The ZIP


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the dossier: its table, the papers that were made for it, pages (name, address) that say more."""

    key: str
    table: Table | None
    papers: tuple[Paper, ...] = ()
    left: int = 0  # papers past MOST_PAPERS
    online: tuple[tuple[str, str], ...] = ()


def file_name(whole: Contents) -> str:
    """`ho-so-don-vi-song-tra-2023-09-14.zip`."""
    seen = whole.overview
    return f"ho-so-don-vi-{archive.plain(seen.unit.name)}-{seen.as_of.isoformat()}.zip"


def write(actor: Actor, whole: Contents, paths: Mapping[str, Path], target: IO[bytes], lang: str) -> None:
    """Write the ZIP. `paths`: where each content that is brought stands, by its checksum."""
    made = list(_parts(actor, whole, lang))
    names = archive.Places()
    with archive.Archive(target) as into:
        sections = []
        for number, part in enumerate(made, start=1):
            folder = archive.folder_of(number, SECTIONS[part.key])
            links = []
            if part.table is not None:
                place = names.free(folder, f"{part.table.name}.xlsx")
                into.add(place, xlsx.write(part.table, lang))
                links.append((say(lang, part.table.title), place))
            for paper in part.papers:
                place = names.free(folder, f"{paper.name}.pdf")
                into.add(place, pdf.write(paper))
                links.append((f"{paper.kind}: {' '.join(paper.abstract.split())}", place))
            sections.append({
                "title": translate(lang, SECTIONS[part.key]), "links": links, "cut": part.key in whole.cut,
                "left": part.left, "online": part.online,
            })  # fmt: skip
        folder = archive.folder_of(len(made) + 1, SECTIONS["documents"])
        documents = []
        for _, document in whole.documents:
            places = {}
            for file in document.files:
                if whole.brings(document, file):
                    places[file.sha256] = names.free(folder, archive.name_of(document, file))
                    into.add_file(places[file.sha256], paths[file.sha256], file.sha256, file.media_type)
            documents.append(_document(whole, document, places, lang))
        into.finish(_index(whole, sections, documents, lang))


def _index(whole: Contents, sections: Sequence[Item], documents: Sequence[Item], lang: str) -> str:
    seen = whole.overview
    return archive.page(
        "unit_dossier.html", lang, unit=seen.unit, as_of=seen.as_of, made_on=today(), illustrative=seen.illustrative,
        missing=[item["name"] for item in lack_items(seen, lang)], sections=sections, documents=documents,
        documents_title=say(lang, SECTIONS["documents"]), documents_cut="documents" in whole.cut, note=translate(lang, NOT_OF_THE_DAY),
        withheld=len(whole.withheld), damaged=len(whole.damaged), beyond=len(whole.beyond), most=MOST_BYTES // 1024**2, most_papers=MOST_PAPERS,
    )  # fmt: skip


def _document(whole: Contents, d: DocumentView, places: Mapping[str, str], lang: str) -> Item:
    return {
        "kind": d.kind_name_en if lang == "en" else d.kind_name, "summary": d.summary, "issuer": d.issuer,
        "number": d.number, "date": format_date(d.date, lang),
        "files": [
            {
                "name": f.name, "sha256": f.sha256, "size": f"{format_number(-(-f.size // 1024), lang)} KB",
                "path": places.get(f.sha256), "why": _why_not(whole, d, f, lang),
            }
            for f in d.files
        ],
    }  # fmt: skip


def _why_not(whole: Contents, document: DocumentView, file: FileView, lang: str) -> str:
    """Why a file does not come with the dossier; nothing where it does."""
    if document.id in whole.withheld:
        return translate(lang, N_("không kèm: có dữ liệu cá nhân"))
    if document.id in whole.beyond:
        return translate(lang, N_("không kèm: hồ sơ quá lớn"))
    return translate(lang, N_("tệp hỏng hoặc mất trên đĩa")) if file.sha256 in whole.damaged else ""


def _parts(actor: Actor, whole: Contents, lang: str) -> Iterator[Part]:
    seen = whole.overview
    code, wide = seen.unit.code, seen.unit.level not in ("commune", "hamlet")
    filters = [(N_("Đơn vị"), f"{seen.unit.name} ({code})")]
    yield Part("money", disbursement_table(whole.money, whole.names, lang))
    yield Part(
        "works",
        works_table(
            whole.works, whole.works_total, filters=filters, show_unit=wide, name=f"cong-trinh-{code}", lang=lang, whole=True
        ),
        online=_online("/works/{id}/dossier", whole.works),
    )  # fmt: skip
    yield Part("criteria", scorecard_table(whole.scorecard, lang) if whole.scorecard else None)
    yield Part(
        "plans",
        plans_table(whole.plans, filters=filters, show_unit=wide, name=f"ke-hoach-{code}-{seen.year}"),
        online=_online("/plans/{id}", whole.plans),
    )
    yield Part(
        "directives",
        directives_table(
            whole.directives, whole.directives_total, lang, filters=filters, show_unit=wide, name=f"nhiem-vu-{code}"
        ),
    )  # fmt: skip
    yield Part("boards", boards_table(whole.boards, filters, seen.as_of, f"ban-{code}"))
    yield _with_papers(
        "meetings",
        meetings_table(
            whole.meetings, len(whole.meetings), filters=filters, show_unit=wide, name=f"hop-{code}-{seen.year}"
        ),
        (partial(meeting_minutes, actor, m.id) for m in whole.meetings if m.state == "held"),
    )  # fmt: skip
    yield _with_papers(
        "inspections",
        inspections_table(
            whole.inspections, counted(whole.inspections), filters=filters, show_unit=wide, name=f"kiem-tra-{code}"
        ),
        _of_inspections(actor, whole),
    )  # fmt: skip
    yield Part(
        "obstacles",
        obstacles_table(
            whole.obstacles, whole.obstacles_total, lang, filters=filters, show_unit=wide, name=f"vuong-mac-{code}"
        ),
    )  # fmt: skip


def _of_inspections(actor: Actor, whole: Contents) -> Iterator[Callable[[], Paper]]:
    for inspection in whole.inspections:
        yield partial(inspection_minutes, actor, inspection.id)
        if inspection.state == "concluded":
            yield partial(inspection_conclusion, actor, inspection.id)
    for report in whole.reports:
        yield partial(report_of_unit, actor, report.inspection_id, report.id)


def _with_papers(key: str, table: Table, papers: Iterable[Callable[[], Paper]]) -> Part:
    wanted = list(papers)
    return Part(key, table, tuple(make() for make in wanted[:MOST_PAPERS]), max(0, len(wanted) - MOST_PAPERS))


def _online(place: str, things: Iterable[WorkView | PlanView]) -> tuple[tuple[str, str], ...]:
    """Pages that say more of each thing than the dossier brings: names and addresses."""
    base = settings().public_url.rstrip("/")
    return tuple(
        (thing.name if isinstance(thing, WorkView) else thing.title, f"{base}{place.format(id=thing.id)}")
        for thing in things
    )


def counted(found: Sequence[InspectionView]) -> Counts:
    """Inspections that were held, by whether they were concluded."""
    concluded = sum(i.state == "concluded" for i in found)
    return Counts(0, len(found) - concluded, concluded, cancelled=0, overdue=0)


def boards_table(found: Sequence[CommitteeView], filters: Filters, as_of: date, name: str) -> Table:
    """Each board with its members in term, and what each answers for."""
    return Table(
        title=N_("Ban chỉ đạo, Ban quản lý"),
        columns=[
            Column("person", N_("Họ tên"), width=40), Column("title", N_("Chức vụ, nơi công tác"), width=40),
            Column("role", N_("Vai trò trong ban"), width=18), Column("from", N_("Từ ngày"), "date"),
            Column("tasks", N_("Được phân công"), width=60),
        ],
        rows=[row for board in found for row in _board(board)], filters=filters, as_of=as_of, name=name,
    )  # fmt: skip


def _board(board: CommitteeView) -> Iterator[Row]:
    decision = Message(N_("Quyết định {number}, {day:date}"), {"number": board.decision.number, "day": board.decision.date})  # fmt: skip
    yield Row({"person": board.name, "title": decision, "from": board.from_on}, "group")
    for member in board.members:
        yield Row(
            {
                "person": member.person, "title": member.title, "role": Message(ROLES[member.role]),
                "from": member.from_on, "tasks": "; ".join(a.name for a in member.assignments),
            },
            depth=1,
        )  # fmt: skip
