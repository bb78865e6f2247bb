"""Boards, meetings, directives and inspections of a unit's dossier as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from app.domain.boards import CommitteeView
from app.domain.directives import DirectiveView
from app.domain.inspections import InspectionView
from app.domain.meetings import MeetingView
from app.i18n import N_, Message
from app.reports.lines import Filters
from app.reports.table import Cell, Column, Row, Table, Tag

BOARD_KINDS: Final = {"steering": N_("Ban chỉ đạo"), "management": N_("Ban quản lý")}
_ROLES: Final = {
    "head": N_("Trưởng ban"), "deputy": N_("Phó Trưởng ban"), "secretary": N_("Thư ký"), "member": N_("Thành viên"),
}  # fmt: skip
_DIRECTIVES: Final = {
    "open": Tag("plain", N_("Chưa báo cáo")), "reported": Tag("risk", N_("Đã báo cáo, chờ chấp nhận")),
    "accepted": Tag("done", N_("Đã chấp nhận")), "returned": Tag("risk", N_("Bị trả lại để làm tiếp")),
}  # fmt: skip
MEETINGS: Final = {
    "planned": Tag("plain", N_("Chưa có biên bản")), "held": Tag("done", N_("Đã họp")),
    "cancelled": Tag("plain", N_("Đã hủy")),
}  # fmt: skip
INSPECTIONS: Final = {
    "planned": Tag("plain", N_("Trong kế hoạch")), "held": Tag("risk", N_("Chưa kết luận")),
    "concluded": Tag("done", N_("Đã kết luận")),
}  # fmt: skip


def directives_table(found: Sequence[DirectiveView], filters: Filters, as_of: date, name: str) -> Table:
    """What the unit has to do, from which source, and how far it is on a day."""
    return Table(
        title=N_("Nhiệm vụ được giao"),
        columns=[
            Column("text", N_("Nhiệm vụ"), width=60), Column("source", N_("Nguồn"), width=40),
            Column("who", N_("Giao cho"), width=30), Column("given", N_("Ngày giao"), "date"),
            Column("due", N_("Hạn"), "date"), Column("state", N_("Tình trạng"), "tag", width=24),
            Column("late", N_("Quá hạn (ngày)"), "number"),
        ],
        rows=[
            Row({
                "text": Cell(d.text, f"/directives/{d.id}"), "source": d.source_title or d.document_number,
                "who": d.assignee_name, "given": d.given_on, "due": d.due_on, "state": _DIRECTIVES[d.state],
                "late": d.late_days or None,
            })
            for d in found
        ],
        filters=filters, as_of=as_of, name=name,
    )  # fmt: skip


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
                "person": member.person, "title": member.title, "role": Message(_ROLES[member.role]),
                "from": member.from_on, "tasks": "; ".join(a.name for a in member.assignments),
            },
            depth=1,
        )  # fmt: skip


def meetings_table(found: Sequence[MeetingView], filters: Filters, name: str) -> Table:
    return Table(
        title=N_("Họp"),
        columns=[
            Column("title", N_("Cuộc họp"), width=60), Column("date", N_("Ngày"), "date"),
            Column("number", N_("Số biên bản"), width=20), Column("state", N_("Tình trạng"), "tag", width=20),
            Column("present", N_("Có mặt"), "number"), Column("concluded", N_("Kết luận đã giao"), "number"),
        ],
        rows=[
            Row({
                "title": Cell(m.title, f"/meetings/{m.id}"), "date": m.date, "number": m.minutes_number,
                "state": MEETINGS[m.state], "present": m.present, "concluded": m.concluded,
            })
            for m in found
        ],
        filters=filters, name=name,
    )  # fmt: skip


def inspections_table(found: Sequence[InspectionView], filters: Filters, name: str) -> Table:
    return Table(
        title=N_("Kiểm tra"),
        columns=[
            Column("title", N_("Cuộc kiểm tra"), width=60), Column("date", N_("Ngày"), "date"),
            Column("by", N_("Đơn vị kiểm tra"), width=30), Column("lead", N_("Trưởng đoàn"), width=24),
            Column("state", N_("Tình trạng"), "tag", width=20), Column("wanting", N_("Tồn tại, hạn chế"), "number"),
            Column("number", N_("Số kết luận"), width=20),
        ],
        rows=[
            Row({
                "title": Cell(i.title, f"/inspections/{i.id}"), "date": i.held_on, "by": i.by_name,
                "lead": i.lead.person if i.lead else "", "state": INSPECTIONS[i.state], "wanting": len(i.shortcomings),
                "number": i.conclusion_number,
            })
            for i in found
        ],
        filters=filters, name=name,
    )  # fmt: skip
