"""The demonstration's inspection of 2023-09-14 as the district reported it, its demands, and one planned later.

Who led it, on which decision, what was found and every sentence that demands something are facts, kept word for word in
`inspection-source.txt`. The source states no due dates: those of the demands are invented, as is how far each has come,
the commune's report and the later inspection; their rows are marked.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

from app.domain import agencies, demo_directives, inspections
from app.domain.access import Actor
from app.domain.agencies import NewAgency
from app.domain.demo_base import COMMUNE, DATA, YEAR, actor, id_of, rows
from app.domain.inspections import (
    Conclusion,
    Demand,
    NewCheck,
    NewFinding,
    NewInspection,
    NewPerson,
    NewReport,
)
from app.domain.ledger.entries import Document

HELD: Final = date(2023, 9, 14)
INSPECTION: Final = id_of("inspection", "2023-09-14")
_DECISION: Final = Document("596/QĐ-UBND", date(2023, 8, 17), "UBND huyện Hiệp Đức")
_LEAD: Final = NewPerson("Hoàng Văn Hùng", "UV BTV - Phó Chủ tịch UBND huyện")
_PROGRAMS: Final = "các Chương trình mục tiêu Quốc gia xã Sông Trà"
_UNIT_PEOPLE: Final = tuple(
    NewPerson(f"các đồng chí thành viên {board} {_PROGRAMS}") for board in ("Ban chỉ đạo", "Ban quản lý")
)
_CHECKED: Final = ("Kiểm tra cơ sở", "Các văn bản chỉ đạo", "Hồ sơ liên quan")
_BOARDS: Final = {"steering": "bcd", "management": "bql"}
_AGENCIES: Final = (
    ("party", COMMUNE, "Đảng ủy xã Sông Trà", "Đảng ủy xã"),
    ("assigned-534", "512@legacy", "Các ngành, đoàn thể được phân công tại Quyết định 534/QĐ-UBND", ""),
)
# What the report says was found, each in its own words; then what still is wanting, with the criterion that it names.
# Of works, and of the eleven criteria that are met, it names none.
_RESULTS: Final = (
    "Ban chỉ đạo, Ban quản lý các Chương trình mục tiêu Quốc gia xã được củng cố, kiện toàn kịp thời",
    "đầu tư và duy trì khá tốt 11/19 tiêu chí NTM",
    "đã triển khai thực hiện các nguồn vốn thuộc Chương trình mục tiêu Quốc gia phát triển kinh tế xã hội vùng đồng bào dân tộc thiểu số và miền núi; các Dự án, tiểu dự án thuộc Chương trình mục tiêu Quốc gia giảm nghèo bền vững",
)
_WANTING: Final = {
    "các công trình còn chậm về hồ sơ, thủ tục chưa đủ điều kiện khởi công": "",
    "6. Cơ sở vật chất văn hóa": "6",
    "17. Môi trường và an toàn thực phẩm": "17",
}
_REPORT: Final = {
    "results": "Số liệu và lời báo cáo này là minh họa. Ban chỉ đạo, Ban quản lý đã được kiện toàn; giữ 11/19 tiêu chí.",
    "difficulties": "Một số công trình chậm hồ sơ đất đai (minh họa).",
    "proposals": "Đề nghị các phòng của huyện hướng dẫn hồ sơ công trình chưa khởi công (minh họa).",
}


def source() -> str:
    """The district's own report of the inspection, word for word."""
    return (DATA / "inspection-source.txt").read_text(encoding="utf-8")


def conclusion() -> str:
    """What the inspection was concluded with: the report from there on, without who wrote it."""
    text = source()
    return text[text.index("Kết luận buổi làm việc") : text.index("Hửu Hải")].strip()


def load_inspections(officer: Actor) -> None:
    """Hold, conclude and demand as the source says, and plan the next one; what stands already is left alone."""
    inspector, leader = actor("thanhtra"), actor("lanhdaohuyen")
    _load_agencies(officer, leader)
    title, *paragraphs = (line.strip() for line in source().splitlines() if line.strip())
    present = next(p for p in paragraphs if "Cùng dự buổi kiểm tra" in p)
    new = NewInspection(
        INSPECTION, COMMUNE, HELD, YEAR, title, "Đoàn kiểm tra số 2", _DECISION, _LEAD,
        unit_people=_UNIT_PEOPLE, checked="; ".join(_CHECKED),
    )  # fmt: skip
    inspections.create(inspector, new)
    inspections.send(officer, INSPECTION, NewReport(id_of("unit-report", "1"), date(2023, 9, 10), **_REPORT))
    standing = inspections.hold(inspector, INSPECTION, HELD)
    if not standing.checklist:
        checks = [NewCheck(text, result="checked") for text in _CHECKED]
        standing = inspections.set_checklist(inspector, INSPECTION, standing.version, checks)
    if not standing.summary:
        inspections.update(inspector, INSPECTION, standing.version, {"summary": present})
    for wanting, texts in ((False, dict.fromkeys(_RESULTS, "")), (True, _WANTING)):
        for text, number in texts.items():
            about = ("criterion", number) if number else ("", "")
            inspections.find(inspector, INSPECTION, NewFinding(id_of("finding", text), text, wanting, *about))
    inspections.conclude(leader, INSPECTION, Conclusion(conclusion(), on=HELD))
    _load_demands(leader)
    _load_next(inspector)


def _load_agencies(officer: Actor, leader: Actor) -> None:
    for key, unit, name, short_name in _AGENCIES:
        who = officer if unit == COMMUNE else leader
        agencies.create(who, NewAgency(id_of("agency", key), unit, name, short_name))


def _load_demands(leader: Actor) -> None:
    """Every demand of the report as a directive; their due days are invented, so their rows are marked."""
    demands = [_demand(row) for row in rows("inspection-demands")]
    inspections.demand(leader, INSPECTION, demands, illustrative=True)
    demo_directives.take_on("inspection-demand-steps", {row["key"] for row in rows("inspection-demands")})


def _demand(row: dict[str, str]) -> Demand:
    kind, to = row["assignee_kind"], row["assignee"]
    id_: uuid.UUID | None = None
    if kind != "unit":
        id_ = id_of(kind, _BOARDS.get(to, to))
    return Demand(
        id_of("directive", row["key"]), row["text"], date.fromisoformat(row["due_on"]), kind, id_,
        to if kind == "unit" else None, row["quote"], row["priority"],
    )  # fmt: skip


def _load_next(inspector: Actor) -> None:
    """The next one, planned for the year after, opens with what was demanded and what the books say."""
    new = NewInspection(
        id_of("inspection", "2024"), COMMUNE, date(2024, 6, 18), 2024,
        "Kiểm tra việc thực hiện kết luận kiểm tra ngày 14/9/2023 tại xã Sông Trà (minh họa)", "Đoàn kiểm tra (minh họa)",
    )  # fmt: skip
    made, fresh = inspections.create(inspector, new, illustrative=True)
    if fresh:
        inspections.prepare(inspector, made.id)
